/* Making classes, and looking names up in them. */
#include "objects.h"

enum { CLASSES_MOST_BASES = 64 };

wcv wcb_lookup(wcb_ctx *ctx, const wcb_type *type, int32_t name_id) {
    if (type->index >= 0) return 0;
    wcv known = type->cache[name_id];
    if (known) return known == WCB_NOT_IMPLEMENTED ? 0 : known;
    wcv found = 0;
    for (int32_t i = 0; i < type->num_mro && !found; i++)
        if (type->mro[i]->members) found = wcb_dict_get(ctx, type->mro[i]->members, ctx->program->names[name_id]);
    if (found != WCB_NOT_IMPLEMENTED) type->cache[name_id] = found ? found : WCB_NOT_IMPLEMENTED;
    return found;
}

wcv wcb_lookup_special(wcb_ctx *ctx, wcv v, int32_t name_id) { return wcb_lookup(ctx, wcb_type_of(v), name_id); }

static wcv classes_member(wcb_ctx *ctx, const wcb_type *cls, int32_t name_id) {
    return wcb_dict_get(ctx, cls->members, ctx->program->names[name_id]);
}

static int classes_fail(wcb_ctx *ctx, const char *message) {
    wcb_raise(ctx, WCB_TYPE_TypeError, message);
    return -1;
}

/* ---- bases ---- */
/* Replaces bases that are no classes by what their __mro_entries__ says. */
static wcv classes_resolve_bases(wcb_ctx *ctx, wcv bases) {
    wcv resolved = 0;
    for (int64_t i = 0; i < WCB_AS(wcb_tuple, bases)->length; i++) {
        wcv base = WCB_AS(wcb_tuple, bases)->items[i];
        bool is_class = wcb_is_kind(base, WCB_KIND_TYPE);
        if (!resolved && is_class) continue;
        if (!resolved) resolved = wcb_new_list(ctx, i, WCB_AS(wcb_tuple, bases)->items);
        if (!resolved) return 0;
        if (is_class) {
            if (wcb_list_append(ctx, resolved, base)) return 0;
            continue;
        }
        wcv entries = wcb_getattr_or(ctx, base, WCB_N___mro_entries__, 0);
        if (!entries && !ctx->exception) classes_fail(ctx, "bases must be types");
        entries = entries ? wcb_call_values(ctx, entries, 1, &bases) : 0;
        if (!entries || wcb_list_extend(ctx, resolved, entries)) return 0;
    }
    return resolved ? wcb_tuple_of(ctx, resolved) : bases;
}

static bool classes_can_be_base(const wcb_type *type) {
    switch (type->kind) {
    case WCB_KIND_BOOL: case WCB_KIND_NONE: case WCB_KIND_ELLIPSIS: case WCB_KIND_NOT_IMPLEMENTED: case WCB_KIND_RANGE:
    case WCB_KIND_SLICE: case WCB_KIND_FUNCTION: case WCB_KIND_METHOD: case WCB_KIND_BUILTIN: case WCB_KIND_DICT_VIEW:
    case WCB_KIND_BUILTIN_METHOD: case WCB_KIND_GENERATOR: case WCB_KIND_CELL: case WCB_KIND_REGEX: case WCB_KIND_MATCH:
        return false;
    default: return true;
    }
}

/* The layout of instances, from the first base that is more than an object. */
static int classes_choose_kind(wcb_ctx *ctx, wcb_type *cls) {
    const wcb_tuple *bases = WCB_AS(wcb_tuple, cls->bases);
    cls->kind = WCB_KIND_INSTANCE;
    for (int64_t i = 0; i < bases->length; i++) {
        const wcb_type *base = (wcb_type *)bases->items[i];
        if (!classes_can_be_base(base)) {
            wcb_raise_format(ctx, WCB_TYPE_TypeError, "type '%S' is not an acceptable base type", base->name);
            return -1;
        }
        if (base->kind == WCB_KIND_INSTANCE || base->kind == cls->kind) continue;
        if (cls->kind != WCB_KIND_INSTANCE) return classes_fail(ctx, "multiple bases have instance lay-out conflict");
        cls->kind = base->kind;
    }
    return 0;
}

/* ---- method resolution order ---- */
typedef struct { wcb_type **items; int32_t length, at; } classes_row;

static bool classes_in_tail(const classes_row *rows, int32_t count, const wcb_type *type) {
    for (int32_t i = 0; i < count; i++)
        for (int32_t j = rows[i].at + 1; j < rows[i].length; j++)
            if (rows[i].items[j] == type) return true;
    return false;
}

/* The first head of a row that is in no tail; NULL: none. */
static wcb_type *classes_next_head(const classes_row *rows, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (rows[i].at >= rows[i].length) continue;
        wcb_type *head = rows[i].items[rows[i].at];
        if (!classes_in_tail(rows, count, head)) return head;
    }
    return NULL;
}

static int classes_linearize(wcb_ctx *ctx, wcb_type *cls) {
    wcb_tuple *bases = WCB_AS(wcb_tuple, cls->bases);
    classes_row rows[CLASSES_MOST_BASES + 1];
    int32_t count = (int32_t)bases->length + 1;
    size_t room = 1;
    for (int32_t i = 0; i < count - 1; i++) {
        wcb_type *base = (wcb_type *)bases->items[i];
        for (int32_t j = 0; j < i; j++)
            if (bases->items[j] == (wcv)base) {
                wcb_raise_format(ctx, WCB_TYPE_TypeError, "duplicate base class %S", base->name);
                return -1;
            }
        rows[i] = (classes_row){base->mro, base->num_mro, 0};
        room += (size_t)base->num_mro;
    }
    rows[count - 1] = (classes_row){(wcb_type **)bases->items, (int32_t)bases->length, 0};
    cls->mro = wcb_alloc(ctx, sizeof(wcb_type *) * room);
    if (!cls->mro) return -1;
    cls->mro[0] = cls;
    cls->num_mro = 1;
    for (wcb_type *head; (head = classes_next_head(rows, count));) {
        cls->mro[cls->num_mro++] = head;
        for (int32_t i = 0; i < count; i++)
            if (rows[i].at < rows[i].length && rows[i].items[rows[i].at] == head) rows[i].at++;
    }
    for (int32_t i = 0; i < count; i++)
        if (rows[i].at < rows[i].length)
            return classes_fail(ctx, "Cannot create a consistent method resolution order (MRO) for bases");
    return 0;
}

/* ---- __slots__ ---- */
static wcv classes_slot_name(wcb_ctx *ctx, const wcb_type *cls, wcv name) {
    const wcb_str *s = WCB_AS(wcb_str, name);
    int32_t n = s->length;
    bool private = n > 2 && wcb_char_at(s, 0) == '_' && wcb_char_at(s, 1) == '_' &&
                   !(wcb_char_at(s, n - 1) == '_' && wcb_char_at(s, n - 2) == '_');
    if (!private) return name;
    wcv stripped = cls->name;
    while (WCB_AS(wcb_str, stripped)->length && wcb_char_at(WCB_AS(wcb_str, stripped), 0) == '_') {
        wcv rest = wcb_new_slice(ctx, wcb_from_small(1), WCB_NONE, WCB_NONE);
        stripped = rest ? wcb_str_subscript(ctx, stripped, rest) : 0;
        if (!stripped) return 0;
    }
    wcv parts[3] = {wcb_str_of_c(ctx, "_"), stripped, name};
    return parts[0] ? wcb_join(ctx, 3, parts) : 0;
}

static int classes_add_slot(wcb_ctx *ctx, wcb_type *cls, wcv name) {
    if (!wcb_is_kind(name, WCB_KIND_STR)) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "__slots__ items must be strings, not '%V'", name);
        return -1;
    }
    name = classes_slot_name(ctx, cls, name);
    wcv taken = name ? wcb_dict_get(ctx, cls->members, name) : 0;
    if (taken)
        wcb_raise_format(ctx, WCB_TYPE_ValueError, "'%S' in __slots__ conflicts with class variable", name);
    if (ctx->exception) return -1;
    wcb_property *marker = wcb_alloc(ctx, sizeof *marker);
    if (!marker) return -1;
    *marker = (wcb_property){WCB_TYPE(member_descriptor), wcb_from_small(wcb_name_id(ctx, name)), WCB_NONE, WCB_NONE, WCB_NONE};
    return wcb_dict_set(ctx, cls->members, name, (wcv)marker);
}

static bool classes_bases_have_no_dict(const wcb_type *cls) {
    const wcb_tuple *bases = WCB_AS(wcb_tuple, cls->bases);
    for (int64_t i = 0; i < bases->length; i++) {
        const wcb_type *base = (wcb_type *)bases->items[i];
        if (base->index >= 0 ? base->kind == WCB_KIND_EXCEPTION : !(base->flags & WCB_TYPE_HAS_SLOTS)) return false;
    }
    return true;
}

static int classes_read_slots(wcb_ctx *ctx, wcb_type *cls) {
    wcv slots = classes_member(ctx, cls, WCB_N___slots__);
    if (!slots) return 0;
    wcv names = wcb_is_kind(slots, WCB_KIND_STR) ? wcb_new_list(ctx, 1, &slots) : wcb_list_of(ctx, slots);
    if (!names) return -1;
    bool has_dict = !classes_bases_have_no_dict(cls);
    cls->flags |= WCB_TYPE_HAS_MEMBERS;
    for (int64_t i = 0; i < WCB_AS(wcb_list, names)->length; i++) {
        wcv name = WCB_AS(wcb_list, names)->items[i];
        if (wcb_is_kind(name, WCB_KIND_STR)) {
            int is_dict = wcb_eq(ctx, name, ctx->program->names[WCB_N___dict__]);
            if (is_dict) has_dict = true;
            if (is_dict || wcb_eq(ctx, name, ctx->program->names[WCB_N___weakref__])) continue;
        }
        if (cls->kind == WCB_KIND_TUPLE || cls->kind == WCB_KIND_INT) {
            wcb_raise_format(ctx, WCB_TYPE_TypeError, "nonempty __slots__ not supported for subtype of '%S'",
                             ((wcb_type *)WCB_AS(wcb_tuple, cls->bases)->items[0])->name);
            return -1;
        }
        if (classes_add_slot(ctx, cls, name)) return -1;
    }
    if (!has_dict) cls->flags |= WCB_TYPE_HAS_SLOTS;
    return 0;
}

/* ---- members ---- */
static void classes_set_owner(wcb_ctx *ctx, wcv member, wcv owner) {
    if (!wcb_is_object(member)) return;
    switch (wcb_kind(member)) {
    case WCB_KIND_FUNCTION:
        if (WCB_AS(wcb_function, member)->owner) return;
        wcb_touch(ctx, (void *)member);
        WCB_AS(wcb_function, member)->owner = owner;
        return;
    case WCB_KIND_STATICMETHOD:
    case WCB_KIND_CLASSMETHOD: classes_set_owner(ctx, WCB_AS(wcb_wrapped, member)->function, owner); return;
    case WCB_KIND_PROPERTY:
        classes_set_owner(ctx, WCB_AS(wcb_property, member)->get, owner);
        classes_set_owner(ctx, WCB_AS(wcb_property, member)->set, owner);
        classes_set_owner(ctx, WCB_AS(wcb_property, member)->del, owner);
        return;
    default: return;
    }
}

/* A function that is a static or class method although nothing says so: __new__, __init_subclass__. */
static int classes_wrap(wcb_ctx *ctx, wcb_type *cls, int32_t name_id, wcb_type *wrapper) {
    wcv member = classes_member(ctx, cls, name_id);
    if (!member || !wcb_is_kind(member, WCB_KIND_FUNCTION)) return ctx->exception ? -1 : 0;
    wcb_wrapped *wrapped = wcb_alloc(ctx, sizeof *wrapped);
    if (!wrapped) return -1;
    *wrapped = (wcb_wrapped){wrapper, member};
    return wcb_dict_set(ctx, cls->members, ctx->program->names[name_id], (wcv)wrapped);
}

static int classes_prepare_members(wcb_ctx *ctx, wcb_type *cls) {
    wcv cell = classes_member(ctx, cls, WCB_N___classcell__);
    if (cell) {
        wcb_touch(ctx, (void *)cell);
        WCB_AS(wcb_cell, cell)->value = (wcv)cls;
        if (wcb_dict_delete(ctx, cls->members, ctx->program->names[WCB_N___classcell__]) < 0) return -1;
    }
    cls->qualified_name = classes_member(ctx, cls, WCB_N___qualname__);
    if (wcb_dict_delete(ctx, cls->members, ctx->program->names[WCB_N___qualname__]) < 0) return -1;
    const wcb_table *table = WCB_AS(wcb_table, cls->members);
    for (int32_t i = 0; i < table->filled; i++)
        if (table->entries[i].key) classes_set_owner(ctx, table->entries[i].value, (wcv)cls);
    if (classes_wrap(ctx, cls, WCB_N___new__, WCB_TYPE(staticmethod)) ||
        classes_wrap(ctx, cls, WCB_N___init_subclass__, WCB_TYPE(classmethod)) ||
        classes_wrap(ctx, cls, WCB_N___class_getitem__, WCB_TYPE(classmethod)))
        return -1;
    if (classes_member(ctx, cls, WCB_N___eq__) && !classes_member(ctx, cls, WCB_N___hash__))
        return wcb_dict_set(ctx, cls->members, ctx->program->names[WCB_N___hash__], WCB_NONE);
    return 0;
}

void wcb_refresh_flags(wcb_ctx *ctx, wcb_type *cls) {
    int flags = cls->flags | WCB_TYPE_IS_PROGRAM;
    if (wcb_lookup(ctx, cls, WCB_N___setattr__) || wcb_lookup(ctx, cls, WCB_N___delattr__)) flags |= WCB_TYPE_HAS_SETATTR;
    if (wcb_lookup(ctx, cls, WCB_N___getattribute__)) flags |= WCB_TYPE_HAS_DATA_NAMES;
    if (wcb_lookup(ctx, cls, WCB_N___wc_class_call__)) flags |= WCB_TYPE_IS_ENUM;
    for (int32_t i = 0; i < cls->num_mro; i++) {
        const wcb_type *base = cls->mro[i];
        if (base->index >= 0) continue;
        flags |= base->flags & (WCB_TYPE_HAS_MEMBERS | WCB_TYPE_HAS_DATA_NAMES);
        const wcb_table *table = WCB_AS(wcb_table, base->members);
        for (int32_t j = 0; j < table->filled && !(flags & WCB_TYPE_HAS_DATA_NAMES); j++) {
            wcv member = table->entries[j].key ? table->entries[j].value : 0;
            if (!member || wcb_type_of(member) == WCB_TYPE(member_descriptor)) continue;
            if (wcb_descriptor_sort(ctx, member) == WCB_DATA_DESCRIPTOR) flags |= WCB_TYPE_HAS_DATA_NAMES;
        }
    }
    cls->flags = (uint8_t)flags;
}

/* ---- abstract methods ---- */
static int classes_note_abstract(wcb_ctx *ctx, wcb_type *cls, wcv name, wcv value, wcv abstract) {
    if (!value || !wcb_is_object(value)) return 0;
    wcv flag = wcb_getattr_or(ctx, value, WCB_N___isabstractmethod__, WCB_FALSE);
    int truth = flag ? wcb_truth(ctx, flag) : -1;
    if (truth <= 0) return truth;
    cls->flags |= WCB_TYPE_IS_ABSTRACT;
    return wcb_set_add(ctx, abstract, name);
}

/* A class whose metaclass or mro has the member __abstractmethods__ keeps the set of its abstract methods there. */
static int classes_collect_abstract(wcb_ctx *ctx, wcb_type *cls) {
    if (!wcb_lookup(ctx, cls, WCB_N___abstractmethods__) && !wcb_lookup(ctx, cls->type, WCB_N___abstractmethods__)) return 0;
    wcv abstract = wcb_new_set(ctx, 0, NULL);
    if (!abstract) return -1;
    wcb_table *table = WCB_AS(wcb_table, cls->members);
    for (int32_t i = 0; i < table->filled; i++) {
        if (!table->entries[i].key) continue;
        if (classes_note_abstract(ctx, cls, table->entries[i].key, table->entries[i].value, abstract)) return -1;
    }
    for (int32_t i = 1; i < cls->num_mro; i++) {
        const wcb_type *base = cls->mro[i];
        wcv inherited = base->members ? classes_member(ctx, base, WCB_N___abstractmethods__) : 0;
        wcv names = inherited ? wcb_list_of(ctx, inherited) : 0;
        for (int64_t j = 0; names && j < WCB_AS(wcb_list, names)->length; j++) {
            wcv name = WCB_AS(wcb_list, names)->items[j];
            wcv value = wcb_lookup(ctx, cls, wcb_name_id(ctx, name));
            if (classes_note_abstract(ctx, cls, name, value, abstract)) return -1;
        }
        if (ctx->exception) return -1;
    }
    wcv frozen = wcb_set_new(ctx, WCB_TYPE(frozenset), &(wcb_args){.values = &abstract, .count = 1});
    if (!frozen) return -1;
    cls->cache[WCB_N___abstractmethods__] = 0;
    return wcb_dict_set(ctx, cls->members, ctx->program->names[WCB_N___abstractmethods__], frozen);
}

/* ---- hooks ---- */
static int classes_call_set_name(wcb_ctx *ctx, wcb_type *cls, wcv members) {
    const wcb_table *table = WCB_AS(wcb_table, members);
    for (int32_t i = 0; i < table->filled; i++) {
        if (!table->entries[i].key || !wcb_is_object(table->entries[i].value)) continue;
        wcv value = table->entries[i].value;
        wcv hook = wcb_lookup_special(ctx, value, WCB_N___set_name__);
        wcv arguments[2] = {(wcv)cls, table->entries[i].key};
        if (hook && !wcb_call_special(ctx, value, hook, 2, arguments)) return -1;
    }
    return 0;
}

static int classes_call_created(wcb_ctx *ctx, wcb_type *cls, wcv members) {
    wcb_type *native;
    wcb_super above = {WCB_TYPE(super), (wcv)cls, (wcv)cls};
    wcv hook = wcb_super_find(ctx, &above, WCB_N___wc_created__, &native);
    if (!hook) return ctx->exception ? -1 : 0;
    if (!wcb_is_kind(hook, WCB_KIND_FUNCTION)) hook = WCB_AS(wcb_wrapped, hook)->function;
    wcv arguments[2] = {(wcv)cls, members};
    return wcb_call_values(ctx, hook, 2, arguments) ? 0 : -1;
}

static int classes_call_init_subclass(wcb_ctx *ctx, wcb_type *cls, wcv keywords) {
    wcb_type *native;
    wcb_super above = {WCB_TYPE(super), (wcv)cls, (wcv)cls};
    wcv hook = wcb_super_find(ctx, &above, WCB_N___init_subclass__, &native);
    if (ctx->exception) return -1;
    if (!hook) {
        if (!keywords || !WCB_AS(wcb_table, keywords)->used) return 0;
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S.__init_subclass__() takes no keyword arguments", cls->name);
        return -1;
    }
    hook = wcb_bind(ctx, hook, 0, cls, WCB_N___init_subclass__);
    return hook && wcb_call_spread(ctx, hook, 0, keywords) ? 0 : -1;
}

/* ---- creation ---- */
static wcb_type *classes_alloc(wcb_ctx *ctx, wcb_type *metatype, wcv name, wcv bases, wcv members) {
    wcb_type *cls = wcb_alloc(ctx, sizeof *cls);
    if (!cls) return NULL;
    *cls = (wcb_type){.type = metatype, .index = -1, .name = name, .bases = bases, .members = members};
    cls->cache = wcb_new_cache(ctx);
    return cls->cache ? cls : NULL;
}

wcv wcb_make_class(wcb_ctx *ctx, wcb_type *metatype, wcv name, wcv bases, wcv members, wcv keywords) {
    wcv object = (wcv)WCB_TYPE(object);
    if (!WCB_AS(wcb_tuple, bases)->length) bases = wcb_new_tuple(ctx, 1, &object);
    if (!bases) return 0;
    if (WCB_AS(wcb_tuple, bases)->length > CLASSES_MOST_BASES) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    wcb_type *cls = classes_alloc(ctx, metatype, name, bases, members);
    if (!cls || classes_choose_kind(ctx, cls) || classes_linearize(ctx, cls)) return 0;
    if (classes_read_slots(ctx, cls) || classes_prepare_members(ctx, cls)) return 0;
    cls->subclasses_next = (wcv)ctx->classes;
    ctx->classes = cls;
    wcb_refresh_flags(ctx, cls);
    if (classes_collect_abstract(ctx, cls)) return 0;
    /* Hooks may change the class' own members while these are gone through. */
    wcb_table *copy = wcb_table_copy(ctx, WCB_AS(wcb_table, members), WCB_TYPE(dict));
    if (!copy || classes_call_set_name(ctx, cls, (wcv)copy) || classes_call_created(ctx, cls, (wcv)copy)) return 0;
    return classes_call_init_subclass(ctx, cls, keywords) ? 0 : (wcv)cls;
}

/* The most derived of the metaclasses of the bases and the one that was asked for. */
static wcb_type *classes_metatype(wcb_ctx *ctx, wcb_type *wanted, wcv bases) {
    for (int64_t i = 0; i < WCB_AS(wcb_tuple, bases)->length; i++) {
        wcb_type *other = ((wcb_type *)WCB_AS(wcb_tuple, bases)->items[i])->type;
        if (wcb_is_subtype(wanted, other)) continue;
        if (!wcb_is_subtype(other, wanted)) {
            classes_fail(ctx, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of "
                              "the metaclasses of all its bases");
            return NULL;
        }
        wanted = other;
    }
    return wanted;
}

wcv wcb_new_class(wcb_ctx *ctx, wcv name, wcv bases, wcv members, wcv keywords) {
    bases = classes_resolve_bases(ctx, bases);
    if (!bases) return 0;
    wcv wanted = keywords ? wcb_dict_get(ctx, keywords, ctx->program->names[WCB_N_metaclass]) : 0;
    if (wanted) {
        keywords = (wcv)wcb_table_copy(ctx, WCB_AS(wcb_table, keywords), WCB_TYPE(dict));
        if (!keywords || wcb_dict_delete(ctx, keywords, ctx->program->names[WCB_N_metaclass]) < 0) return 0;
    }
    if (ctx->exception) return 0;
    wcb_type *metatype = WCB_TYPE(type);
    wcv arguments[3] = {name, bases, members};
    if (wanted && !wcb_is_kind(wanted, WCB_KIND_TYPE)) { /* any callable can stand for a metaclass */
        wcv list = wcb_new_list(ctx, 3, arguments);
        return list ? wcb_call_spread(ctx, wanted, list, keywords) : 0;
    }
    metatype = classes_metatype(ctx, wanted ? (wcb_type *)wanted : metatype, bases);
    if (!metatype) return 0;
    if (metatype == WCB_TYPE(type)) return wcb_make_class(ctx, metatype, name, bases, members, keywords);
    wcv list = wcb_new_list(ctx, 3, arguments);
    return list ? wcb_call_spread(ctx, (wcv)metatype, list, keywords) : 0;
}
