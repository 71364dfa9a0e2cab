/* copy.deepcopy: what copies are shared with, the memo, and the containers; reconstruction.c has the rest.
 *
 * The usual case is a set or list of entities as a model's state gives them, which are pristine: all their attributes
 * are immutable and their hashes are known. Their copies are their bytes, and a set of such copies needs neither
 * hashes nor comparisons: its elements were told apart before.
 */
#include "copying.h"

#define COPYING_BIT(kind) (1ull << WCB_KIND_##kind)
static const uint64_t copying_atomic_kinds =
    COPYING_BIT(INT) | COPYING_BIT(BOOL) | COPYING_BIT(NONE) | COPYING_BIT(ELLIPSIS) | COPYING_BIT(NOT_IMPLEMENTED) |
    COPYING_BIT(FLOAT) | COPYING_BIT(COMPLEX) | COPYING_BIT(STR) | COPYING_BIT(RANGE) | COPYING_BIT(FUNCTION) |
    COPYING_BIT(BUILTIN) | COPYING_BIT(BUILTIN_METHOD) | COPYING_BIT(PROPERTY) | COPYING_BIT(REGEX) | COPYING_BIT(MATCH);

static inline bool copying_shares(wcv v) {
    if (!wcb_is_object(v)) return true;
    const wcb_type *type = ((wcb_object *)v)->type;
    if (type->index >= 0) return ((copying_atomic_kinds | COPYING_BIT(TYPE)) >> type->kind) & 1;
    return type->kind == WCB_KIND_TYPE || type->flags & WCB_TYPE_IS_ENUM;
}

bool copying_is_atomic(wcv v) { return copying_shares(v); }

bool copying_is_plain(wcb_ctx *ctx, const wcb_type *type) {
    static const int32_t names[] = {
        WCB_N___deepcopy__, WCB_N___reduce_ex__, WCB_N___reduce__, WCB_N___getstate__, WCB_N___setstate__,
        WCB_N___new__, WCB_N___getnewargs__, WCB_N___getnewargs_ex__, WCB_N___getattr__, WCB_N___getattribute__,
    };
    if (type->index >= 0 || type->kind != WCB_KIND_INSTANCE || type->flags & WCB_TYPE_HAS_MEMBERS) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (operators_find(ctx, type, names[i])) return false;
    }
    return true;
}

static inline bool copying_plain(wcb_ctx *ctx, copying_run *run, const wcb_type *type) {
    if (type == run->plain) return true;
    if (!copying_is_plain(ctx, type)) return false;
    run->plain = type;
    return true;
}

/* ---- the memo ---- */

static inline uint32_t copying_place(const copying_run *run, wcv original) {
    return (uint32_t)((original >> 3) * 0x9e3779b97f4a7c15u >> 32) & (run->size - 1);
}

static int copying_grow(wcb_ctx *ctx, copying_run *run) {
    copying_run grown = *run;
    grown.size = run->size ? run->size * 4 : 16;
    grown.slots = wcb_alloc(ctx, sizeof(copying_slot) * grown.size);
    if (!grown.slots) return -1;
    memset(grown.slots, 0, sizeof(copying_slot) * grown.size);
    for (uint32_t i = 0; i < run->size; i++) {
        if (!run->slots[i].original) continue;
        uint32_t place = copying_place(&grown, run->slots[i].original);
        while (grown.slots[place].original) place = (place + 1) & (grown.size - 1);
        grown.slots[place] = run->slots[i];
    }
    *run = grown;
    return 0;
}

int copying_put(wcb_ctx *ctx, copying_run *run, wcv original, wcv copy) {
    if (run->exports && wcb_dict_set(ctx, run->memo, wcb_hash_value(original), copy) < 0) return -1;
    if (run->forwards && ((wcb_object *)original)->type->kind == WCB_KIND_INSTANCE) {
        /* No wcb_touch: it means nothing once this deepcopy is over. */
        WCB_AS(wcb_instance, original)->copy = copy;
        WCB_AS(wcb_instance, original)->copy_epoch = run->epoch;
        return 0;
    }
    if (run->used * 2 >= run->size && copying_grow(ctx, run) < 0) return -1;
    uint32_t place = copying_place(run, original);
    while (run->slots[place].original && run->slots[place].original != original) place = (place + 1) & (run->size - 1);
    run->used += !run->slots[place].original;
    run->slots[place] = (copying_slot){original, copy};
    return 0;
}

wcv copying_get(wcb_ctx *ctx, copying_run *run, wcv original) {
    if (run->forwards && ((wcb_object *)original)->type->kind == WCB_KIND_INSTANCE) {
        if (WCB_AS(wcb_instance, original)->copy_epoch == run->epoch) return WCB_AS(wcb_instance, original)->copy;
    } else if (run->size) {
        uint32_t place = copying_place(run, original);
        for (; run->slots[place].original; place = (place + 1) & (run->size - 1)) {
            if (run->slots[place].original == original) return run->slots[place].copy;
        }
    }
    /* A __deepcopy__ method may have written into the memo. */
    bool asks = run->memo && WCB_AS(wcb_table, run->memo)->used;
    return asks ? wcb_dict_get(ctx, run->memo, wcb_hash_value(original)) : 0;
}

wcv copying_memo(wcb_ctx *ctx, copying_run *run) {
    if (!run->memo) run->memo = wcb_new_dict(ctx, 0, NULL);
    return run->memo;
}

/* ---- instances ---- */

static inline size_t copying_instance_words(const wcb_ctx *ctx) {
    size_t num_slots = (size_t)ctx->program->num_slots;
    return (WCB_SLOTS_OFFSET + sizeof(wcv) * num_slots + num_slots + 7) / 8;
}

static inline void copying_words(wcb_instance *to, const wcb_instance *from, size_t words) {
    memcpy(to, from, 8 * words);
    to->copy_epoch = 0;
    to->mark = 0;
}

wcb_instance *copying_duplicate(wcb_ctx *ctx, const wcb_instance *original) {
    size_t words = copying_instance_words(ctx);
    wcb_instance *copy = wcb_alloc(ctx, words * 8);
    if (copy) copying_words(copy, original, words);
    return copy;
}

static bool copying_has_atomic_slots(const wcb_ctx *ctx, const wcb_instance *object) {
    if (object->flags & WCB_PRISTINE) return true;
    for (int32_t i = 0; i < ctx->program->num_slots; i++) {
        if (object->slots[i] && !copying_shares(object->slots[i])) return false;
    }
    return true;
}

/* The attributes are copied in order and set when all are: until then the copy, which they may refer to, has none. */
static int copying_attributes(wcb_ctx *ctx, copying_run *run, wcb_instance *from, wcb_instance *to) {
    int32_t num_slots = ctx->program->num_slots, count = from->num_order;
    wcv *values = wcb_alloc(ctx, sizeof(wcv) * (size_t)(count + 1) + (size_t)count);
    if (!values) return -1;
    uint8_t *order = (uint8_t *)(values + count);
    memcpy(order, wcb_order(from, num_slots), (size_t)count);
    for (int32_t i = 0; i < count; i++) {
        wcv value = from->slots[order[i]];
        if (from->num_order != count || !value) {
            wcb_raise(ctx, WCB_TYPE_RuntimeError, "dictionary changed size during iteration");
            return -1;
        }
        values[i] = copying_deep(ctx, run, value);
        if (!values[i]) return -1;
    }
    for (int32_t i = 0; i < count; i++) to->slots[order[i]] = values[i];
    memcpy(wcb_order(to, num_slots), order, (size_t)count);
    to->num_order = (uint16_t)count;
    return 0;
}

static wcv copying_plain_instance(wcb_ctx *ctx, copying_run *run, wcb_instance *object) {
    if (copying_has_atomic_slots(ctx, object)) {
        wcb_instance *copy = copying_duplicate(ctx, object);
        return copy && copying_put(ctx, run, (wcv)object, (wcv)copy) == 0 ? (wcv)copy : 0;
    }
    wcb_instance *copy = wcb_new_instance(ctx, object->type);
    if (!copy || copying_put(ctx, run, (wcv)object, (wcv)copy) < 0) return 0;
    if (!copying_enter(ctx, COPYING_INSTANCE_LEVELS)) return 0;
    int failed = copying_attributes(ctx, run, object, copy);
    ctx->depth -= COPYING_INSTANCE_LEVELS;
    return failed ? 0 : (wcv)copy;
}

/* ---- lists, tuples, dicts ---- */

static wcv copying_list(wcb_ctx *ctx, copying_run *run, wcb_list *list) {
    wcv result = wcb_new_list(ctx, list->length, NULL);
    if (!result) return 0;
    wcb_list *copy = WCB_AS(wcb_list, result);
    copy->length = 0;
    if (copying_put(ctx, run, (wcv)list, result) < 0 || !copying_enter(ctx, COPYING_LIST_LEVELS)) return 0;
    for (int64_t i = 0; result && i < list->length; i++) {
        wcv item = copying_deep(ctx, run, list->items[i]);
        if (!item || wcb_list_append(ctx, (wcv)copy, item) < 0) result = 0;
    }
    ctx->depth -= COPYING_LIST_LEVELS;
    return result;
}

/* The tuple itself where none of its items has a copy of its own. */
static wcv copying_tuple(wcb_ctx *ctx, copying_run *run, wcb_tuple *tuple) {
    int64_t i = 0;
    while (i < tuple->length && copying_shares(tuple->items[i])) i++;
    if (i == tuple->length) return (wcv)tuple;
    wcv result = wcb_new_tuple(ctx, tuple->length, tuple->items);
    if (!result || !copying_enter(ctx, COPYING_TUPLE_LEVELS)) return 0;
    bool differs = false;
    for (; result && i < tuple->length; i++) {
        wcv item = copying_deep(ctx, run, tuple->items[i]);
        differs |= item != tuple->items[i];
        WCB_AS(wcb_tuple, result)->items[i] = item;
        if (!item) result = 0;
    }
    ctx->depth -= COPYING_TUPLE_LEVELS;
    if (!result) return 0;
    wcv inner = copying_get(ctx, run, (wcv)tuple); /* an item that contains the tuple came first */
    if (inner || ctx->exception) return inner;
    if (!differs) return (wcv)tuple;
    return copying_put(ctx, run, (wcv)tuple, result) < 0 ? 0 : result;
}

/* Whether a key that is its own copy keeps the hash it is stored under: no method of the program is asked for it. */
static inline bool copying_keeps_hash(wcv key, wcv copy) {
    return key == copy && (!wcb_is_object(key) || ((wcb_object *)key)->type->index >= 0);
}

static int copying_entry(wcb_ctx *ctx, copying_run *run, wcb_table *copy, const wcb_entry *entry) {
    uint64_t hash = entry->hash;
    wcv key = entry->key, value = copying_deep(ctx, run, entry->value); /* the value first, as `y[...] = ...` does */
    wcv key_copy = value ? copying_deep(ctx, run, key) : 0;
    if (!key_copy) return -1;
    if (!copying_keeps_hash(key, key_copy)) return wcb_dict_set(ctx, (wcv)copy, key_copy, value);
    wcb_table_append(ctx, copy, key_copy, value, hash);
    return ctx->exception ? -1 : 0;
}

static wcv copying_dict(wcb_ctx *ctx, copying_run *run, wcb_table *dict) {
    wcb_table *copy = wcb_table_new(ctx, dict->type, dict->used);
    if (!copy) return 0;
    if (dict->extra) {
        copy->extra = copying_deep(ctx, run, dict->extra);
        if (!copy->extra) return 0;
    }
    if (copying_put(ctx, run, (wcv)dict, (wcv)copy) < 0 || !copying_enter(ctx, COPYING_LIST_LEVELS)) return 0;
    int32_t used = dict->used;
    int failed = 0;
    for (int32_t i = 0; !failed && i < dict->filled; i++) {
        if (!dict->entries[i].key) continue;
        failed = copying_entry(ctx, run, copy, &dict->entries[i]);
        if (!failed && dict->used != used) {
            wcb_raise(ctx, WCB_TYPE_RuntimeError, "dictionary changed size during iteration");
            failed = -1;
        }
    }
    ctx->depth -= COPYING_LIST_LEVELS;
    return failed ? 0 : (wcv)copy;
}

/* ---- sets ---- */

static inline bool copying_has_entity_hash(wcb_ctx *ctx, const wcb_type *type) {
    wcv function = operators_find(ctx, type, WCB_N___hash__);
    return function && operators_is_entity_hash(function);
}

/* Is it a pristine instance of a plain class with the prelude's hash, stored under that? */
static inline bool copying_is_pristine_entry(wcb_ctx *ctx, copying_run *run, const wcb_entry *entry, const wcb_type **known) {
    if (!wcb_is_object(entry->key)) return false;
    const wcb_instance *object = WCB_AS(wcb_instance, entry->key);
    if (object->type != *known) {
        if (!copying_plain(ctx, run, object->type) || !copying_has_entity_hash(ctx, object->type)) return false;
        *known = object->type;
    }
    return object->flags & WCB_PRISTINE && object->hash == entry->hash && object->copy_epoch != run->epoch;
}

/* The copy of a set of pristine entities; 0 without an exception: there is something else among them. What was copied
 * until then stays so. */
static wcv copying_pristine_set(wcb_ctx *ctx, copying_run *run, const wcb_table *set) {
    const size_t words = copying_instance_words(ctx);
    const uint32_t epoch = run->epoch;
    const wcb_type *known = NULL;
    int32_t first = 0;
    while (first < set->filled && !set->entries[first].key) first++;
    /* Nothing is allocated in vain for sets of other things. */
    if (first < set->filled && !copying_is_pristine_entry(ctx, run, &set->entries[first], &known)) return 0;
    wcb_table *copy = wcb_table_new(ctx, set->type, set->used);
    uint64_t *memory = wcb_alloc(ctx, 8 * words * (size_t)set->used);
    if (!copy || !memory) return 0;
    wcb_entry *out = copy->entries;
    for (const wcb_entry *entry = set->entries, *end = entry + set->filled; entry < end; entry++) {
        if (!entry->key) continue;
        if (!copying_is_pristine_entry(ctx, run, entry, &known)) return 0;
        wcb_instance *object = WCB_AS(wcb_instance, entry->key), *made = (wcb_instance *)memory;
        copying_words(made, object, words);
        object->copy = (wcv)made;
        object->copy_epoch = epoch;
        *out++ = (wcb_entry){entry->hash, (wcv)made, 0};
        memory += words;
    }
    copy->used = copy->filled = set->used;
    return (wcv)copy;
}

enum { COPYING_FEW = 8 };

/* A set of copies under hashes computed anew. Elements that keep a known hash were told apart before; while the others
 * are few, those are looked for among all by hash, without building an index. */
typedef struct { wcb_table *set; wcb_entry others[COPYING_FEW]; int num_others; } copying_set_builder;

static bool copying_is_known(wcb_ctx *ctx, wcv original, wcv copy, uint64_t *hash) {
    if (copying_keeps_hash(original, copy)) return wcb_hash(ctx, copy, hash) == 0;
    if (!wcb_is_kind(copy, WCB_KIND_INSTANCE) || !(WCB_AS(wcb_instance, copy)->flags & WCB_PRISTINE)) return false;
    if (!copying_has_entity_hash(ctx, WCB_AS(wcb_instance, copy)->type)) return false;
    *hash = WCB_AS(wcb_instance, copy)->hash;
    return true;
}

static int copying_add(wcb_ctx *ctx, copying_set_builder *builder, wcv original, wcv copy) {
    uint64_t hash;
    wcb_table *set = builder->set;
    bool known = copying_is_known(ctx, original, copy, &hash), insert = builder->num_others == COPYING_FEW;
    if (ctx->exception || (!known && wcb_hash(ctx, copy, &hash) < 0)) return -1;
    if (known && !insert) {
        for (int i = 0; i < builder->num_others; i++) insert |= builder->others[i].hash == hash;
    } else if (!insert) {
        for (int32_t i = 0; i < set->filled; i++) insert |= set->entries[i].hash == hash;
        builder->others[builder->num_others++].hash = hash;
    }
    if (insert) return wcb_table_insert(ctx, set, copy, hash) ? 0 : -1;
    wcb_table_append(ctx, set, copy, 0, hash);
    return ctx->exception ? -1 : 0;
}

/* As set(list of copies): all elements are copied first. */
static wcv copying_set(wcb_ctx *ctx, copying_run *run, wcb_table *set) {
    if (run->forwards && !run->exports && !run->memo) {
        wcv copy = copying_pristine_set(ctx, run, set);
        if (copy) return copying_put(ctx, run, (wcv)set, copy) == 0 ? copy : 0;
        if (ctx->exception) return 0;
    }
    wcv list = wcb_list_of(ctx, (wcv)set), copies = list ? wcb_new_list(ctx, 0, NULL) : 0;
    if (!copies || !copying_enter(ctx, COPYING_SET_LEVELS)) return 0;
    const wcb_list *originals = WCB_AS(wcb_list, list);
    int failed = 0;
    for (int64_t i = 0; !failed && i < originals->length; i++) {
        wcv item = copying_deep(ctx, run, originals->items[i]);
        failed = item ? wcb_list_append(ctx, copies, item) : -1;
    }
    copying_set_builder builder = {.set = failed ? NULL : wcb_table_new(ctx, set->type, (int32_t)originals->length)};
    if (!builder.set) failed = -1;
    for (int64_t i = 0; !failed && i < originals->length; i++) {
        failed = copying_add(ctx, &builder, originals->items[i], WCB_AS(wcb_list, copies)->items[i]);
    }
    ctx->depth -= COPYING_SET_LEVELS;
    return !failed && copying_put(ctx, run, (wcv)set, (wcv)builder.set) == 0 ? (wcv)builder.set : 0;
}

/* ---- anything ---- */

wcv copying_deep(wcb_ctx *ctx, copying_run *run, wcv v) {
    if (copying_shares(v)) return v;
    wcb_type *type = ((wcb_object *)v)->type;
    wcv copy = copying_get(ctx, run, v);
    if (copy || ctx->exception) return copy;
    if (type->index < 0 && type->kind == WCB_KIND_INSTANCE) {
        if (copying_plain(ctx, run, type)) return copying_plain_instance(ctx, run, WCB_AS(wcb_instance, v));
        return reconstruction_copy(ctx, run, v);
    }
    switch (type->index) {
    case WCB_TYPE_list: return copying_list(ctx, run, WCB_AS(wcb_list, v));
    case WCB_TYPE_tuple: return copying_tuple(ctx, run, WCB_AS(wcb_tuple, v));
    case WCB_TYPE_dict: case WCB_TYPE_defaultdict: return copying_dict(ctx, run, WCB_AS(wcb_table, v));
    case WCB_TYPE_set: case WCB_TYPE_frozenset: return copying_set(ctx, run, WCB_AS(wcb_table, v));
    default: return reconstruction_copy(ctx, run, v);
    }
}

static wcv copying_begin(wcb_ctx *ctx, wcv v, wcv memo) {
    copying_run run = {.outer = ctx->copying, .forwards = !ctx->copying, .exports = memo != 0, .memo = memo};
    if (run.forwards && ++ctx->copy_epoch == 0) ctx->copy_epoch = 1; /* 0 is in new instances */
    run.epoch = ctx->copy_epoch;
    ctx->copying = &run;
    wcv result = copying_deep(ctx, &run, v);
    ctx->copying = run.outer;
    return result;
}

wcv wcb_deepcopy(wcb_ctx *ctx, wcv v) {
    if (copying_shares(v)) return v;
    const wcb_type *type = ((wcb_object *)v)->type;
    if (type->kind == WCB_KIND_INSTANCE && type->index < 0 && WCB_AS(wcb_instance, v)->flags & WCB_PRISTINE &&
        !ctx->copying && ctx->depth + COPYING_SET_LEVELS < WCB_MAX_DEPTH && copying_is_plain(ctx, type))
        return (wcv)copying_duplicate(ctx, WCB_AS(wcb_instance, v)); /* nothing that a memo would be asked for */
    return copying_begin(ctx, v, 0);
}

wcv wcb_deepcopy_with(wcb_ctx *ctx, wcv v, wcv memo) {
    if (memo == WCB_NONE) return wcb_deepcopy(ctx, v);
    if (copying_shares(v)) return v;
    for (copying_run *run = ctx->copying; run; run = run->outer) {
        if (run->memo == memo) return copying_deep(ctx, run, v);
    }
    if (wcb_is_kind(memo, WCB_KIND_DICT)) return copying_begin(ctx, v, memo);
    return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "'%V' object has no attribute 'get'", memo);
}
