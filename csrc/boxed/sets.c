/* set and frozenset: elements, construction, iteration, operators. Methods are in set_methods.c. */
#include "tables.h"

/* ---- elements ---- */

static wcv sets_of_items(wcb_ctx *ctx, wcb_type *type, int64_t count, const wcv *items) {
    wcb_table *table = wcb_table_new(ctx, type, (int32_t)count);
    if (table == NULL) return 0;
    for (int64_t i = 0; i < count; i++)
        if (wcb_set_add(ctx, (wcv)table, items[i]) < 0) return 0;
    return (wcv)table;
}

wcv wcb_new_set(wcb_ctx *ctx, int64_t count, const wcv *items) { return sets_of_items(ctx, WCB_TYPE(set), count, items); }

wcv wcb_new_frozenset(wcb_ctx *ctx, int64_t count, const wcv *items) {
    return sets_of_items(ctx, WCB_TYPE(frozenset), count, items);
}

int wcb_set_add(wcb_ctx *ctx, wcv set, wcv item) {
    uint64_t hash;
    if (tables_hash(ctx, item, &hash) < 0) return -1;
    return wcb_table_insert(ctx, WCB_AS(wcb_table, set), item, hash) == NULL ? -1 : 0;
}

int wcb_set_update(wcb_ctx *ctx, wcv set, wcv iterable) { return sets_merge(ctx, WCB_AS(wcb_table, set), iterable); }

int wcb_set_contains(wcb_ctx *ctx, wcv self, wcv item) {
    uint64_t hash;
    if (sets_hash_item(ctx, item, &hash, &item) < 0) return -1;
    if (wcb_table_find(ctx, WCB_AS(wcb_table, self), item, hash) != NULL) return 1;
    return ctx->exception != 0 ? -1 : 0;
}

wcv sets_discard(wcb_ctx *ctx, wcv self, wcv item, bool must_be_there) {
    uint64_t hash;
    wcv looked_up;
    if (sets_hash_item(ctx, item, &hash, &looked_up) < 0) return 0;
    int removed = wcb_table_remove(ctx, WCB_AS(wcb_table, self), looked_up, hash);
    if (removed == 0 && must_be_there) return wcb_raise_with(ctx, WCB_TYPE_KeyError, item);
    return removed < 0 ? 0 : WCB_NONE;
}

/* The first element. A hole in front holds in its value how many entries behind it are known to be holes. */
wcv sets_pop(wcb_ctx *ctx, wcb_table *table) {
    if (table->used == 0) return wcb_raise(ctx, WCB_TYPE_KeyError, "pop from an empty set");
    int64_t i = table->entries[0].key == 0 ? (int64_t)table->entries[0].value : 0;
    while (table->entries[i].key == 0) i++;
    wcv element = table->entries[i].key;
    wcb_table_drop(ctx, table, &table->entries[i]);
    table->entries[0].value = (wcv)(i + 1);
    return element;
}

/* As CPython computes it, from the stored hashes. */
int wcb_set_hash(wcb_ctx *ctx, wcv self, uint64_t *out) {
    wcb_table *table = WCB_AS(wcb_table, self);
    if (table->hash == 0) {
        uint64_t total = 0;
        for (int32_t i = 0; i < table->filled; i++) {
            uint64_t hash = table->entries[i].hash;
            if (table->entries[i].key != 0) total ^= (hash ^ 89869747u ^ (hash << 16)) * 3644798167u;
        }
        total ^= ((uint64_t)table->used + 1) * 1927868237u;
        total ^= (total >> 11) ^ (total >> 25);
        total = total * 69069u + 907133923u;
        wcb_touch(ctx, table);
        table->hash = wcb_hash_through_int(total == UINT64_MAX ? 590923713u : total);
    }
    *out = table->hash;
    return 0;
}

/* ---- construction, iteration ---- */

wcv wcb_set_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    if (tables_arguments(ctx, args, type->kind == WCB_KIND_SET ? "set" : "frozenset", 0, 1) < 0) return 0;
    if (args->count == 1 && tables_is_set(args->values[0])) {
        if (type == WCB_TYPE(frozenset) && tables_is_exact(args->values[0], type)) return args->values[0];
        return (wcv)wcb_table_copy(ctx, WCB_AS(wcb_table, args->values[0]), type);
    }
    wcb_table *table = wcb_table_new(ctx, type, 0);
    if (table == NULL || (args->count == 1 && sets_merge(ctx, table, args->values[0]) < 0)) return 0;
    return (wcv)table;
}

/* Where an entry of the row that an iterator runs over went: its key, or 0 if it was removed. */
static wcv sets_follow(const wcb_table *table, const wcb_entry *entry) {
    while (entry < table->entries || entry >= table->entries + table->capacity) {
        if (entry->key == 0) return 0;
        entry = (const wcb_entry *)entry->value;
    }
    return entry->key;
}

/* Iterators hold the row in `a`, where it ended at first in `end`, and the set's size in `version`. Elements that are
 * added later are not visited, removed ones are not either; a changed size is an error, once. */
static wcv sets_next(wcb_ctx *ctx, wcb_iterator *self) {
    if (self->source == 0) return 0;
    wcb_touch(ctx, self);
    const wcb_table *table = WCB_AS(wcb_table, self->source);
    if ((uint32_t)table->used != self->version) {
        self->source = 0;
        return wcb_raise(ctx, WCB_TYPE_RuntimeError, "Set changed size during iteration");
    }
    const wcb_entry *row = (const wcb_entry *)self->a;
    while (self->position < self->end) {
        const wcb_entry *entry = &row[self->position++];
        wcv key = row == table->entries ? entry->key : sets_follow(table, entry);
        if (key != 0) return key;
    }
    self->source = 0;
    return 0;
}

wcv wcb_set_iter(wcb_ctx *ctx, wcv self) {
    wcb_table *table = WCB_AS(wcb_table, self);
    wcb_iterator *it = wcb_new_iterator(ctx, WCB_TYPE_set_iterator, sets_next, self);
    if (it == NULL) return 0;
    table->iterated = 1; /* no change that a step has to undo */
    it->a = (wcv)table->entries;
    it->end = table->filled;
    it->version = (uint32_t)table->used;
    return (wcv)it;
}

/* ---- operators ---- */

static int sets_equal(wcb_ctx *ctx, wcb_table *a, wcb_table *b) {
    if (a->used != b->used) return 0;
    if (a->hash != 0 && b->hash != 0 && a->hash != b->hash) return 0; /* frozensets whose hashes were asked for */
    return sets_is_subset(ctx, a, b);
}

static const int sets_reflected[] = {
    [WCB_LT] = WCB_GT, [WCB_LE] = WCB_GE, [WCB_EQ] = WCB_EQ, [WCB_NE] = WCB_NE, [WCB_GT] = WCB_LT, [WCB_GE] = WCB_LE,
};

wcv wcb_set_compare(wcb_ctx *ctx, int op, wcv a, wcv b) {
    if (tables_is_set_view(a)) return tables_view_compare(ctx, op, a, b);
    if (!tables_is_set(a)) return WCB_NOT_IMPLEMENTED;
    if (tables_is_set_view(b)) return tables_view_compare(ctx, sets_reflected[op], b, a);
    if (!tables_is_set(b)) return WCB_NOT_IMPLEMENTED;
    wcb_table *left = WCB_AS(wcb_table, a), *right = WCB_AS(wcb_table, b);
    int result;
    if (!wcb_descend(ctx)) return 0;
    switch (op) {
    case WCB_EQ: case WCB_NE: result = sets_equal(ctx, left, right); break;
    case WCB_LE: result = sets_is_subset(ctx, left, right); break;
    case WCB_LT: result = left->used < right->used ? sets_is_subset(ctx, left, right) : 0; break;
    case WCB_GE: result = sets_is_subset(ctx, right, left); break;
    default: result = left->used > right->used ? sets_is_subset(ctx, right, left) : 0; break;
    }
    ctx->depth--;
    return result < 0 ? 0 : wcb_from_bool((result != 0) != (op == WCB_NE));
}

wcb_table *sets_clone(wcb_ctx *ctx, wcb_table *self) {
    return wcb_table_copy(ctx, self, self->type->kind == WCB_KIND_SET ? WCB_TYPE(set) : WCB_TYPE(frozenset));
}

wcv sets_symmetric_difference(wcb_ctx *ctx, wcb_table *self, wcv other) {
    wcb_table *result = wcb_table_new(ctx, self->type->kind == WCB_KIND_SET ? WCB_TYPE(set) : WCB_TYPE(frozenset), 0);
    if (result == NULL || sets_merge(ctx, result, other) < 0 || sets_toggle(ctx, result, (wcv)self) < 0) return 0;
    return (wcv)result;
}

wcv sets_union(wcb_ctx *ctx, wcb_table *self, wcv other) {
    wcb_table *result = sets_clone(ctx, self);
    if (result == NULL || (other != (wcv)self && sets_merge(ctx, result, other) < 0)) return 0;
    return (wcv)result;
}

static int sets_inplace(wcb_ctx *ctx, int op, wcb_table *self, wcv other) {
    wcb_table *kept;
    switch (op) {
    case WCB_OR: return sets_merge(ctx, self, other);
    case WCB_SUB: return sets_subtract(ctx, self, other);
    case WCB_XOR: return sets_toggle(ctx, self, other);
    default:
        kept = sets_intersection(ctx, self, other);
        if (kept == NULL) return -1;
        sets_replace(ctx, self, kept);
        return 0;
    }
}

wcv wcb_set_binary(wcb_ctx *ctx, int op, wcv a, wcv b, bool inplace) {
    if (op != WCB_OR && op != WCB_AND && op != WCB_SUB && op != WCB_XOR) return WCB_NOT_IMPLEMENTED;
    if (!tables_is_set(a) || !tables_is_set(b))
        return tables_is_set_view(a) || tables_is_set_view(b) ? tables_view_binary(ctx, op, a, b) : WCB_NOT_IMPLEMENTED;
    wcb_table *left = WCB_AS(wcb_table, a);
    if (inplace && left->type->kind == WCB_KIND_SET) return sets_inplace(ctx, op, left, b) < 0 ? 0 : a;
    switch (op) {
    case WCB_OR: return sets_union(ctx, left, b);
    case WCB_AND: return (wcv)sets_intersection(ctx, left, b);
    case WCB_SUB: return (wcv)sets_difference(ctx, left, b);
    default: return sets_symmetric_difference(ctx, left, b);
    }
}
