/* Calling classes: __new__ and __init__, those of the program and those of the built-in types. */
#include "objects.h"

static const wcb_args construction_none = {.values = NULL};

static bool construction_has_arguments(const wcb_args *args) { return args->count || args->num_keywords; }

/* ---- type() ---- */
static wcv construction_type(wcb_ctx *ctx, wcb_type *metatype, const wcb_args *args) {
    if (metatype == WCB_TYPE(type) && args->count == 1 && !args->num_keywords) return (wcv)wcb_type_of(args->values[0]);
    if (args->count != 3) return wcb_raise(ctx, WCB_TYPE_TypeError, "type() takes 1 or 3 arguments");
    wcv name = args->values[0], bases = args->values[1];
    bool fits = wcb_is_kind(name, WCB_KIND_STR) && wcb_is_kind(bases, WCB_KIND_TUPLE) && wcb_is_kind(args->values[2], WCB_KIND_DICT);
    if (!fits) return wcb_raise(ctx, WCB_TYPE_TypeError, "type.__new__() takes a str, a tuple and a dict");
    wcv members = wcb_new_dict(ctx, 0, NULL);
    wcv keywords = args->num_keywords ? wcb_new_dict(ctx, 0, NULL) : 0;
    if (!members || wcb_dict_update(ctx, members, args->values[2]) || ctx->exception) return 0;
    for (int32_t i = 0; i < args->num_keywords; i++)
        if (wcb_dict_set(ctx, keywords, args->keywords[i], args->values[args->count + i])) return 0;
    if (metatype == WCB_TYPE(type)) return wcb_new_class(ctx, name, bases, members, keywords);
    return wcb_make_class(ctx, metatype, name, bases, members, keywords);
}

/* ---- built-in types ---- */
static wcv construction_of_kind(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    switch (type->kind) {
    case WCB_KIND_INT: case WCB_KIND_BOOL: case WCB_KIND_FLOAT: case WCB_KIND_COMPLEX:
        return wcb_number_new(ctx, type, args);
    case WCB_KIND_STR: return wcb_str_new(ctx, type, args);
    case WCB_KIND_TUPLE: case WCB_KIND_LIST: case WCB_KIND_RANGE: case WCB_KIND_SLICE: case WCB_KIND_DEQUE:
        return wcb_sequence_new(ctx, type, args);
    case WCB_KIND_DICT: return wcb_dict_new(ctx, type, args);
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: return wcb_set_new(ctx, type, args);
    case WCB_KIND_EXCEPTION: return wcb_exception_new(ctx, type, args);
    case WCB_KIND_ITERATOR: return wcb_iterator_new(ctx, type, args);
    case WCB_KIND_TYPE: return construction_type(ctx, type, args);
    case WCB_KIND_PROPERTY: case WCB_KIND_STATICMETHOD: case WCB_KIND_CLASSMETHOD: case WCB_KIND_SUPER:
        if (type != WCB_TYPE(member_descriptor)) return wcb_descriptor_new(ctx, type, args);
        break;
    case WCB_KIND_NONE: case WCB_KIND_ELLIPSIS: case WCB_KIND_NOT_IMPLEMENTED:
        if (construction_has_arguments(args))
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S takes no arguments", type->name);
        if (type->kind == WCB_KIND_NONE) return WCB_NONE;
        return type->kind == WCB_KIND_ELLIPSIS ? WCB_ELLIPSIS : WCB_NOT_IMPLEMENTED;
    default: break;
    }
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "cannot create '%S' instances", type->name);
}

/* ---- what `object` does ---- */
static wcv construction_refuse_arguments(wcb_ctx *ctx, const wcb_type *type) {
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S() takes no arguments", type->name);
}

static wcv construction_refuse_abstract(wcb_ctx *ctx, wcb_type *type) {
    wcv names = wcb_sorted(ctx, wcb_lookup(ctx, type, WCB_N___abstractmethods__), WCB_NONE, false);
    if (!names) return 0;
    const wcb_list *list = WCB_AS(wcb_list, names);
    wcv text = wcb_str_of_c(ctx, "");
    for (int64_t i = 0; text && i < list->length; i++) {
        wcv parts[3] = {text, wcb_str_of_c(ctx, i ? ", " : ""), list->items[i]};
        text = parts[1] ? wcb_join(ctx, 3, parts) : 0;
    }
    if (!text) return 0;
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "Can't instantiate abstract class %S with abstract method%s %S", type->name,
                            list->length == 1 ? "" : "s", text);
}

static wcv construction_new_object(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    if (type == WCB_TYPE(bag)) return wcb_raise(ctx, WCB_TYPE_TypeError, "cannot create 'bag' instances");
    if (construction_has_arguments(args)) {
        if (wcb_lookup(ctx, type, WCB_N___new__))
            return wcb_raise(ctx, WCB_TYPE_TypeError,
                             "object.__new__() takes exactly one argument (the type to instantiate)");
        if (!wcb_lookup(ctx, type, WCB_N___init__)) return construction_refuse_arguments(ctx, type);
    }
    if (type->flags & WCB_TYPE_IS_ABSTRACT) return construction_refuse_abstract(ctx, type);
    return (wcv)wcb_new_instance(ctx, type);
}

/* __new__ of the built-in type below `type`. The mutable ones are filled by __init__, if one follows. */
wcv wcb_default_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args, bool init_follows) {
    switch (type->kind) {
    case WCB_KIND_INSTANCE: return construction_new_object(ctx, type, args);
    case WCB_KIND_LIST: case WCB_KIND_DICT: case WCB_KIND_SET: case WCB_KIND_DEQUE: case WCB_KIND_PROPERTY:
        return construction_of_kind(ctx, type, init_follows ? &construction_none : args);
    case WCB_KIND_EXCEPTION: {
        wcb_args positional = {args->values, NULL, args->count, 0};
        return wcb_exception_new(ctx, type, init_follows ? &positional : args);
    }
    default: return construction_of_kind(ctx, type, args);
    }
}

static int construction_fill_list(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcv iterable;
    if (wcb_parse(ctx, args, "list", "|iterable", &iterable)) return -1;
    wcb_touch(ctx, (void *)self);
    WCB_AS(wcb_list, self)->length = 0;
    return iterable ? wcb_list_extend(ctx, self, iterable) : 0;
}

static int construction_fill_set(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcv iterable;
    if (wcb_parse(ctx, args, "set", "|iterable", &iterable)) return -1;
    wcb_table_clear(ctx, WCB_AS(wcb_table, self));
    return iterable ? wcb_set_update(ctx, self, iterable) : 0;
}

static int construction_fill_deque(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcb_deque *deque = WCB_AS(wcb_deque, self);
    wcv made = wcb_sequence_new(ctx, WCB_TYPE(deque), args);
    if (!made) return -1;
    wcb_touch(ctx, deque);
    const wcb_deque *other = WCB_AS(wcb_deque, made);
    deque->length = other->length;
    deque->capacity = other->capacity;
    deque->first = other->first;
    deque->items = other->items;
    deque->maxlen = other->maxlen;
    deque->version++;
    return 0;
}

static int construction_fill_property(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcv made = wcb_descriptor_new(ctx, WCB_TYPE(property), args);
    if (!made) return -1;
    wcb_touch(ctx, (void *)self);
    wcb_type *type = wcb_type_of(self);
    *WCB_AS(wcb_property, self) = *WCB_AS(wcb_property, made);
    WCB_AS(wcb_property, self)->type = type;
    return 0;
}

int wcb_default_init(wcb_ctx *ctx, int kind, wcv self, const wcb_args *args) {
    const wcb_type *type = wcb_type_of(self);
    switch (kind) {
    case WCB_KIND_DICT: return wcb_dict_method(ctx, self, WCB_N___init__, args) ? 0 : -1;
    case WCB_KIND_LIST: return construction_fill_list(ctx, self, args);
    case WCB_KIND_SET: return construction_fill_set(ctx, self, args);
    case WCB_KIND_DEQUE: return construction_fill_deque(ctx, self, args);
    case WCB_KIND_PROPERTY: return construction_fill_property(ctx, self, args);
    case WCB_KIND_EXCEPTION:
        if (args->num_keywords && wcb_lookup(ctx, type, WCB_N___init__)) {
            wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S() takes no keyword arguments", type->name);
            return -1;
        }
        return wcb_set_exception_arguments(ctx, self, args);
    case WCB_KIND_TYPE: return 0;
    default: break;
    }
    if (!construction_has_arguments(args)) return 0;
    if (wcb_lookup(ctx, type, WCB_N___init__)) {
        wcb_raise(ctx, WCB_TYPE_TypeError, "object.__init__() takes exactly one argument (the instance to initialize)");
        return -1;
    }
    if (type->kind == WCB_KIND_INSTANCE && !wcb_lookup(ctx, type, WCB_N___new__)) {
        construction_refuse_arguments(ctx, type);
        return -1;
    }
    return 0;
}

/* ---- classes of the program ---- */
static int construction_call_init(wcb_ctx *ctx, wcv self, wcv init, const wcb_args *args) {
    wcv result = wcb_call_bound(ctx, init, self, args);
    if (!result) return -1;
    if (result == WCB_NONE) return 0;
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "__init__() should return None, not '%V'", result);
    return -1;
}

static wcv construction_call_new(wcb_ctx *ctx, wcb_type *type, wcv new, const wcb_args *args) {
    new = wcb_bind(ctx, new, 0, type, WCB_N___new__);
    return new ? wcb_call_prepended(ctx, new, (wcv)type, args) : 0;
}

static wcv construction_of_class(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    wcv new = wcb_lookup(ctx, type, WCB_N___new__), init = wcb_lookup(ctx, type, WCB_N___init__);
    wcv self = new ? construction_call_new(ctx, type, new, args) : wcb_default_new(ctx, type, args, init != 0);
    if (!self || (!new && !init)) return self;
    if (new && !wcb_is_subtype(wcb_type_of(self), type)) return self;
    if (new) { /* of whatever class it is, that class' __init__ */
        init = wcb_lookup(ctx, wcb_type_of(self), WCB_N___init__);
        if (!init) return wcb_default_init(ctx, wcb_type_of(self)->kind, self, args) ? 0 : self;
    }
    return construction_call_init(ctx, self, init, args) ? 0 : self;
}

/* What only the long way sees to. */
enum {
    CONSTRUCTION_SPECIAL = WCB_TYPE_HAS_SETATTR | WCB_TYPE_HAS_DATA_NAMES | WCB_TYPE_IS_ABSTRACT | WCB_TYPE_HAS_SLOTS |
                           WCB_TYPE_IS_ENUM
};

/* An entity of a class whose __init__ is the prelude's: cls(x, y, **attributes). WCB_NOT_IMPLEMENTED: go the long way. */
static wcv construction_of_entity(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    if (type->kind != WCB_KIND_INSTANCE || type->flags & CONSTRUCTION_SPECIAL || args->count != 2) return WCB_NOT_IMPLEMENTED;
    if (ctx->depth + 2 >= WCB_MAX_DEPTH || wcb_lookup(ctx, type, WCB_N___new__)) return WCB_NOT_IMPLEMENTED;
    const wcv init = wcb_lookup(ctx, type, WCB_N___init__);
    if (!init || !wcb_is_kind(init, WCB_KIND_FUNCTION)) return WCB_NOT_IMPLEMENTED;
    if (WCB_AS(wcb_function, init)->info->entry != wcb_entity_init) return WCB_NOT_IMPLEMENTED;
    for (int32_t i = 0; i < args->num_keywords; i++) {
        const int32_t name = wcb_name_id(ctx, args->keywords[i]);
        if (name < 0 || name == WCB_N_x || name == WCB_N_y || ctx->program->slot_of_name[name] < 0) return WCB_NOT_IMPLEMENTED;
        if (wcb_lookup(ctx, type, name)) return WCB_NOT_IMPLEMENTED; /* self, or a descriptor */
    }
    wcb_instance *object = wcb_new_instance(ctx, type);
    if (!object) return 0;
    static const int32_t names[3] = {WCB_N_name, WCB_N_x, WCB_N_y};
    const wcv values[3] = {type->name, args->values[0], args->values[1]};
    for (int i = 0; i < 3; i++) {
        const int16_t slot = ctx->program->slot_of_name[names[i]];
        object->slots[slot] = values[i];
        wcb_order(object, ctx->program->num_slots)[i] = (uint8_t)slot;
    }
    object->num_order = 3;
    for (int32_t i = 0; i < args->num_keywords; i++)
        if (wcb_slot_set(ctx, object, wcb_name_id(ctx, args->keywords[i]), args->values[2 + i]) < 0) return 0;
    return (wcv)object;
}

wcv wcb_construct(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    if (type->index >= 0) {
        if (type->kind == WCB_KIND_INSTANCE) return construction_new_object(ctx, type, args);
        return construction_of_kind(ctx, type, args);
    }
    if (type->flags & WCB_TYPE_IS_ENUM) {
        wcv hook = wcb_lookup(ctx, type, WCB_N___wc_class_call__);
        if (hook && !wcb_is_kind(hook, WCB_KIND_FUNCTION)) hook = WCB_AS(wcb_wrapped, hook)->function;
        if (hook) return wcb_call_prepended(ctx, hook, (wcv)type, args);
    }
    const wcv entity = construction_of_entity(ctx, type, args);
    return entity != WCB_NOT_IMPLEMENTED ? entity : construction_of_class(ctx, type, args);
}
