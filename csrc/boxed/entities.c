/* The methods of the API prelude's Entity in C, and those of the classes that stand in where a program has no Entity.
 *
 * The prelude's text, which the compiler recognises:
 *
 *     def __init__(self, x, y, **kwargs): name, x, y, then the keywords by setattr
 *     def __eq__(self, other): all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
 *     def __hash__(self): hash(tuple(sorted(self.__dict__.items())))
 */
#include "model.h"

/* ---- the hash of a tuple, as CPython computes it ---- */
#define ENTITIES_PRIME_1 11400714785074694791ull
#define ENTITIES_PRIME_2 14029467366897019727ull
#define ENTITIES_PRIME_5 2870177450012600261ull

static inline uint64_t entities_mix(uint64_t total, uint64_t lane) {
    total += lane * ENTITIES_PRIME_2;
    return (total << 31 | total >> 33) * ENTITIES_PRIME_1;
}

static inline uint64_t entities_finish(uint64_t total, uint64_t length) {
    total += length ^ (ENTITIES_PRIME_5 ^ 3527539ull);
    return total == (uint64_t)-1 ? 1546275796 : total;
}

/* ---- attributes ---- */

/* Attributes of such an object can be taken from its slots. */
static inline bool entities_is_simple(wcv v) {
    return wcb_is_object(v) && ((wcb_object *)v)->type->kind == WCB_KIND_INSTANCE && ((wcb_object *)v)->type->index < 0 &&
           !(((wcb_object *)v)->type->flags & (WCB_TYPE_HAS_DATA_NAMES | WCB_TYPE_HAS_MEMBERS));
}

/* Is the attribute kept in a slot, and yet not in __dict__? */
static bool entities_is_member(wcb_ctx *ctx, const wcb_type *type, int32_t name_id) {
    if (!(type->flags & WCB_TYPE_HAS_MEMBERS)) return false;
    const wcv member = wcb_lookup(ctx, type, name_id);
    return member && wcb_type_of(member) == WCB_TYPE(member_descriptor);
}

/* ---- __eq__ ---- */

/* 1: equal attributes of this name; 0: not; -1 */
static int entities_same_attribute(wcb_ctx *ctx, wcv self, wcv other, int32_t slot) {
    const int32_t name_id = ctx->program->name_of_slot[slot];
    const wcv mine = entities_is_simple(self) ? WCB_AS(wcb_instance, self)->slots[slot] : wcb_getattr(ctx, self, name_id);
    if (!mine) return -1;
    wcv theirs = entities_is_simple(other) ? WCB_AS(wcb_instance, other)->slots[slot] : 0;
    if (!theirs) theirs = wcb_getattr_or(ctx, other, name_id, WCB_NONE);
    if (!theirs) return -1;
    if (mine == theirs && !wcb_is_object(mine)) return 1;
    if (wcb_is_small(mine) && wcb_is_small(theirs)) return 0;
    return wcb_eq(ctx, mine, theirs);
}

static int entities_equal(wcb_ctx *ctx, wcv self, wcv other) {
    const wcb_instance *bag = wcb_bag(ctx, self, false);
    const int32_t num_slots = ctx->program->num_slots, count = bag ? bag->num_order : 0;
    for (int32_t i = 0; i < count; i++) {
        const int32_t slot = wcb_order((wcb_instance *)bag, num_slots)[i];
        if (entities_is_member(ctx, wcb_type_of(self), ctx->program->name_of_slot[slot])) continue;
        const int same = entities_same_attribute(ctx, self, other, slot);
        if (same <= 0) return same;
        if (bag->num_order == count) continue;
        wcb_raise(ctx, WCB_TYPE_RuntimeError, "dictionary changed size during iteration");
        return -1;
    }
    return 1;
}

wcv wcb_entity_eq(wcb_ctx *ctx, wcb_function *self, wcv *arguments) {
    (void)self;
    const wcv mine = arguments[0], theirs = arguments[1];
    if (entities_is_simple(mine) && entities_is_simple(theirs)) {
        const wcb_instance *a = WCB_AS(wcb_instance, mine), *b = WCB_AS(wcb_instance, theirs);
        if (a->flags & b->flags & WCB_PRISTINE && a->entity == b->entity) return WCB_TRUE;
    }
    if (wcb_enter(ctx) < 0) return 0;
    const int equal = entities_equal(ctx, mine, theirs);
    ctx->depth--;
    return equal < 0 ? 0 : wcb_from_bool(equal);
}

/* ---- __hash__ ---- */

static int entities_hash(wcb_ctx *ctx, wcv self, uint64_t *out) {
    const wcb_instance *bag = wcb_bag(ctx, self, false);
    uint64_t total = ENTITIES_PRIME_5, count = 0, hash;
    for (int32_t slot = 0; bag && slot < ctx->program->num_slots; slot++) { /* slots are sorted by name */
        const int32_t name_id = ctx->program->name_of_slot[slot];
        const wcv value = bag->slots[slot];
        if (!value || entities_is_member(ctx, wcb_type_of(self), name_id)) continue;
        if (wcb_hash(ctx, value, &hash) < 0) return -1;
        const uint64_t item = entities_mix(ENTITIES_PRIME_5, WCB_AS(wcb_str, ctx->program->names[name_id])->hash);
        total = entities_mix(total, entities_finish(entities_mix(item, hash), 2));
        count++;
    }
    *out = entities_finish(total, count);
    return 0;
}

wcv wcb_entity_hash(wcb_ctx *ctx, wcb_function *self, wcv *arguments) {
    (void)self;
    uint64_t hash;
    if (wcb_enter(ctx) < 0) return 0;
    const int result = entities_hash(ctx, arguments[0], &hash);
    ctx->depth--;
    return result < 0 ? 0 : wcb_hash_value(hash);
}

/* ---- __init__ ---- */

static int entities_store(wcb_ctx *ctx, wcv self, int32_t name_id, wcv value) {
    const wcb_type *type = wcb_type_of(self);
    if (type->kind != WCB_KIND_INSTANCE || type->index >= 0 ||
        type->flags & (WCB_TYPE_HAS_SETATTR | WCB_TYPE_HAS_DATA_NAMES | WCB_TYPE_HAS_MEMBERS | WCB_TYPE_HAS_SLOTS))
        return wcb_setattr(ctx, self, name_id, value);
    return wcb_slot_set(ctx, WCB_AS(wcb_instance, self), name_id, value);
}

/* self.key = value for each item of a dict of keywords. */
static int entities_store_all(wcb_ctx *ctx, wcv self, wcv keywords) {
    const wcb_table *table = WCB_AS(wcb_table, keywords);
    for (int32_t i = 0; i < table->filled; i++) {
        const wcb_entry *entry = &table->entries[i];
        if (!entry->key) continue;
        const int32_t name_id = wcb_name_id(ctx, entry->key);
        if (name_id < 0) wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        if (name_id < 0 || wcb_setattr(ctx, self, name_id, entry->value) < 0) return -1;
    }
    return 0;
}

wcv wcb_entity_init(wcb_ctx *ctx, wcb_function *self, wcv *arguments) {
    (void)self;
    const wcv object = arguments[0];
    if (wcb_enter(ctx) < 0) return 0;
    const int result = entities_store(ctx, object, WCB_N_name, wcb_type_of(object)->name) < 0 ||
                       entities_store(ctx, object, WCB_N_x, arguments[1]) < 0 ||
                       entities_store(ctx, object, WCB_N_y, arguments[2]) < 0 ||
                       entities_store_all(ctx, object, arguments[3]) < 0;
    ctx->depth--;
    return result ? 0 : WCB_NONE;
}

/* ---- __repr__ ---- */

typedef struct { wcb_ctx *ctx; wcv parts; } entities_text;

static bool entities_say(entities_text *text, const char *constant) {
    const wcv part = text->parts ? wcb_str_of_c(text->ctx, constant) : 0;
    if (!part || wcb_list_append(text->ctx, text->parts, part) < 0) text->parts = 0;
    return text->parts != 0;
}

static bool entities_show(entities_text *text, wcv value, int conversion) {
    const wcv part = text->parts && value ? wcb_format_value(text->ctx, value, conversion, 0) : 0;
    if (!part || wcb_list_append(text->ctx, text->parts, part) < 0) text->parts = 0;
    return text->parts != 0;
}

static wcv entities_joined(entities_text *text) {
    if (!text->parts) return 0;
    const wcb_list *list = WCB_AS(wcb_list, text->parts);
    return wcb_join(text->ctx, list->length, list->items);
}

/* ", key=value" for each attribute; the prelude leaves out name, x and y. */
static bool entities_show_attributes(entities_text *text, wcv self, bool prelude) {
    wcb_ctx *ctx = text->ctx;
    const wcb_instance *bag = wcb_bag(ctx, self, false);
    bool first = !prelude;
    for (int32_t i = 0; bag && i < bag->num_order; i++) {
        const int32_t slot = wcb_order((wcb_instance *)bag, ctx->program->num_slots)[i];
        const int32_t name_id = ctx->program->name_of_slot[slot];
        if (entities_is_member(ctx, wcb_type_of(self), name_id)) continue;
        if (prelude && (name_id == WCB_N_name || name_id == WCB_N_x || name_id == WCB_N_y)) continue;
        const wcv value = bag->slots[slot];
        if (!first && !entities_say(text, ", ")) return false;
        first = false;
        if (!entities_show(text, ctx->program->names[name_id], 0) || !entities_say(text, "=")) return false;
        if (!entities_show(text, value, prelude ? 0 : 'r')) return false;
    }
    return true;
}

wcv wcb_entity_repr(wcb_ctx *ctx, wcb_function *self, wcv *arguments) {
    (void)self;
    const wcv object = arguments[0];
    entities_text attributes = {ctx, wcb_new_list(ctx, 0, NULL)}, text = {ctx, wcb_new_list(ctx, 0, NULL)};
    if (wcb_enter(ctx) < 0) return 0;
    if (!entities_show_attributes(&attributes, object, true)) attributes.parts = 0;
    const wcv rest = entities_joined(&attributes);
    wcv result = 0;
    if (rest && entities_show(&text, wcb_getattr(ctx, object, WCB_N_name), 0) && entities_say(&text, "(") &&
        entities_show(&text, wcb_getattr(ctx, object, WCB_N_x), 0) && entities_say(&text, ", ") &&
        entities_show(&text, wcb_getattr(ctx, object, WCB_N_y), 0) && wcb_list_append(ctx, text.parts, rest) == 0 &&
        entities_say(&text, ")"))
        result = entities_joined(&text);
    ctx->depth--;
    return result;
}

/* ---- where a program has no Entity: __init__(self, *position, **attributes), __repr__ ---- */

wcv wcb_plain_init(wcb_ctx *ctx, wcb_function *self, wcv *arguments) {
    (void)self;
    const wcv object = arguments[0];
    const wcb_tuple *position = WCB_AS(wcb_tuple, arguments[1]);
    if (entities_store(ctx, object, WCB_N_name, wcb_type_of(object)->name) < 0) return 0;
    if (position->length && position->length != 2)
        return wcb_raise(ctx, WCB_TYPE_ValueError, "expected two values to unpack: x and y");
    if (position->length && (entities_store(ctx, object, WCB_N_x, position->items[0]) < 0 ||
                             entities_store(ctx, object, WCB_N_y, position->items[1]) < 0))
        return 0;
    return entities_store_all(ctx, object, arguments[2]) < 0 ? 0 : WCB_NONE;
}

wcv wcb_plain_repr(wcb_ctx *ctx, wcb_function *self, wcv *arguments) {
    (void)self;
    entities_text text = {ctx, wcb_new_list(ctx, 0, NULL)};
    if (wcb_enter(ctx) < 0) return 0;
    wcv result = 0;
    if (entities_show(&text, wcb_type_of(arguments[0])->name, 0) && entities_say(&text, "(") &&
        entities_show_attributes(&text, arguments[0], false) && entities_say(&text, ")"))
        result = entities_joined(&text);
    ctx->depth--;
    return result;
}
