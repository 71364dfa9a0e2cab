/* What sets do with each other, step by step as CPython's setobject.c: which hashes are kept or computed anew, which
 * elements are compared, whose element ends up in a result. The order is that of insertion; see
 * wc_engine/state/ordered_set.py, the reference, for what follows from that. */
#include "tables.h"

/* The hash of an element that is looked up; a set stands for the frozenset of its elements. */
int sets_hash_item(wcb_ctx *ctx, wcv item, uint64_t *hash, wcv *looked_up) {
    *looked_up = item;
    if (!wcb_is_kind(item, WCB_KIND_SET)) return tables_hash(ctx, item, hash);
    if (!tables_is_exact(item, WCB_TYPE(set))) { /* a subclass may have a hash */
        if (wcb_hash(ctx, item, hash) == 0) return 0;
        if (!tables_pending(ctx, WCB_TYPE(TypeError))) return -1;
        ctx->exception = 0;
    }
    *looked_up = (wcv)wcb_table_copy(ctx, WCB_AS(wcb_table, item), WCB_TYPE(frozenset));
    return *looked_up == 0 ? -1 : wcb_set_hash(ctx, *looked_up, hash);
}

static wcb_table *sets_new_like(wcb_ctx *ctx, const wcb_table *self) {
    return wcb_table_new(ctx, self->type->kind == WCB_KIND_SET ? WCB_TYPE(set) : WCB_TYPE(frozenset), 0);
}

/* Inserts the entries of a set or dict under their stored hashes. */
static int sets_merge_table(wcb_ctx *ctx, wcb_table *target, const wcb_table *source) {
    if (source == target || source->used == 0) return 0;
    if (target->used == 0) { /* an empty set takes the entries as they are: not even equal ones collapse */
        if (tables_reserve(ctx, target, source->used) < 0) return -1;
        for (int32_t i = 0; i < source->filled; i++)
            if (source->entries[i].key != 0) wcb_table_append(ctx, target, source->entries[i].key, 0, source->entries[i].hash);
        return ctx->exception != 0 ? -1 : 0;
    }
    for (int32_t i = 0; i < source->filled; i++) {
        wcb_entry entry = source->entries[i];
        if (entry.key != 0 && wcb_table_insert(ctx, target, entry.key, entry.hash) == NULL) return -1;
    }
    return 0;
}

static inline int sets_insert(wcb_ctx *ctx, wcb_table *target, wcv item) {
    uint64_t hash;
    if (tables_hash(ctx, item, &hash) < 0) return -1;
    return wcb_table_insert(ctx, target, item, hash) == NULL ? -1 : 0;
}

static int sets_merge_list(wcb_ctx *ctx, wcb_table *target, const wcb_list *list) {
    if (list->length > 8 && tables_reserve(ctx, target, list->length) < 0) return -1;
    for (int64_t i = 0; i < list->length; i++)
        if (sets_insert(ctx, target, list->items[i]) < 0) return -1;
    return 0;
}

/* Inserts the elements of anything, with their stored hashes where it is a set or a dict. */
int sets_merge(wcb_ctx *ctx, wcb_table *target, wcv other) {
    if (tables_is_set(other) || tables_is_exact(other, WCB_TYPE(dict))) return sets_merge_table(ctx, target, WCB_AS(wcb_table, other));
    if (tables_is_exact(other, WCB_TYPE(list))) return sets_merge_list(ctx, target, WCB_AS(wcb_list, other));
    wcv iterator = wcb_iter(ctx, other);
    if (iterator == 0) return -1;
    for (wcv item; (item = wcb_next(ctx, iterator)) != 0;)
        if (sets_insert(ctx, target, item) < 0 || tables_tick(ctx) < 0) return -1;
    return ctx->exception != 0 ? -1 : 0;
}

/* Inserts into `result` what both have: elements and order of the smaller, at equal sizes of `other`. */
static int sets_intersect_into(wcb_ctx *ctx, wcb_table *result, wcb_table *table, wcb_table *other) {
    if (other->used > table->used) {
        wcb_table *swapped = other;
        other = table;
        table = swapped;
    }
    for (int32_t i = 0; i < other->filled; i++) {
        wcb_entry entry = other->entries[i];
        if (entry.key == 0) continue;
        if (wcb_table_find(ctx, table, entry.key, entry.hash) == NULL) {
            if (ctx->exception != 0) return -1;
        } else if (wcb_table_insert(ctx, result, entry.key, entry.hash) == NULL) {
            return -1;
        }
    }
    return 0;
}

wcb_table *sets_intersection(wcb_ctx *ctx, wcb_table *self, wcv other) {
    wcb_table *result = sets_new_like(ctx, self);
    if (result == NULL) return NULL;
    if (other == (wcv)self) return sets_merge_table(ctx, result, self) < 0 ? NULL : result;
    if (tables_is_set(other)) return sets_intersect_into(ctx, result, self, WCB_AS(wcb_table, other)) < 0 ? NULL : result;
    wcv iterator = wcb_iter(ctx, other);
    if (iterator == 0) return NULL;
    for (wcv item; (item = wcb_next(ctx, iterator)) != 0;) {
        uint64_t hash;
        if (tables_hash(ctx, item, &hash) < 0 || tables_tick(ctx) < 0) return NULL;
        if (wcb_table_find(ctx, self, item, hash) != NULL) {
            if (wcb_table_insert(ctx, result, item, hash) == NULL) return NULL;
            if (result->used >= self->used) break;
        } else if (ctx->exception != 0) {
            return NULL;
        }
    }
    return ctx->exception != 0 ? NULL : result;
}

/* Removes the elements of `other`. */
int sets_subtract(wcb_ctx *ctx, wcb_table *target, wcv other) {
    if (other == (wcv)target) {
        wcb_table_clear(ctx, target);
        return 0;
    }
    if (!tables_is_set(other)) {
        wcv iterator = wcb_iter(ctx, other);
        if (iterator == 0) return -1;
        for (wcv item; (item = wcb_next(ctx, iterator)) != 0;) {
            uint64_t hash;
            if (tables_hash(ctx, item, &hash) < 0 || wcb_table_remove(ctx, target, item, hash) < 0) return -1;
            if (tables_tick(ctx) < 0) return -1;
        }
        return ctx->exception != 0 ? -1 : 0;
    }
    wcb_table *source = WCB_AS(wcb_table, other);
    if (source->used >> 3 > target->used) {
        wcb_table *common = wcb_table_new(ctx, WCB_TYPE(set), 0);
        if (common == NULL || sets_intersect_into(ctx, common, target, source) < 0) return -1;
        source = common;
    }
    for (int32_t i = 0; i < source->filled; i++) {
        wcb_entry entry = source->entries[i];
        if (entry.key != 0 && wcb_table_remove(ctx, target, entry.key, entry.hash) < 0) return -1;
    }
    return 0;
}

/* Removes the elements of `other` that are here, and inserts the others. */
int sets_toggle(wcb_ctx *ctx, wcb_table *target, wcv other) {
    if (other == (wcv)target) {
        wcb_table_clear(ctx, target);
        return 0;
    }
    wcb_table *source = WCB_AS(wcb_table, other);
    if (!tables_is_set(other) && !tables_is_exact(other, WCB_TYPE(dict))) {
        source = wcb_table_new(ctx, WCB_TYPE(set), 0);
        if (source == NULL || sets_merge(ctx, source, other) < 0) return -1;
    }
    for (int32_t i = 0; i < source->filled; i++) {
        wcb_entry entry = source->entries[i];
        if (entry.key == 0) continue;
        int removed = wcb_table_remove(ctx, target, entry.key, entry.hash);
        if (removed == 0) wcb_table_append(ctx, target, entry.key, 0, entry.hash);
        if (ctx->exception != 0) return -1;
    }
    return 0;
}

wcb_table *sets_difference(wcb_ctx *ctx, wcb_table *self, wcv other) {
    wcb_table *result = sets_new_like(ctx, self);
    if (result == NULL) return NULL;
    bool is_table = tables_is_set(other) || tables_is_exact(other, WCB_TYPE(dict));
    wcb_table *table = WCB_AS(wcb_table, other);
    if (!is_table || self->used >> 2 > table->used) {
        if (sets_merge_table(ctx, result, self) < 0 || sets_subtract(ctx, result, other) < 0) return NULL;
        return result;
    }
    for (int32_t i = 0; i < self->filled; i++) {
        wcb_entry entry = self->entries[i];
        if (entry.key == 0 || wcb_table_find(ctx, table, entry.key, entry.hash) != NULL) continue;
        if (ctx->exception != 0 || wcb_table_insert(ctx, result, entry.key, entry.hash) == NULL) return NULL;
    }
    return result;
}

int sets_is_subset(wcb_ctx *ctx, wcb_table *self, wcb_table *other) {
    if (self->used > other->used) return 0;
    for (int32_t i = 0; i < self->filled; i++) {
        wcb_entry entry = self->entries[i];
        if (entry.key != 0 && wcb_table_find(ctx, other, entry.key, entry.hash) == NULL) return ctx->exception != 0 ? -1 : 0;
    }
    return 1;
}

/* Takes over the row of another set, which is not used again. To iterators over `target`, an entry that is the same in
 * both was never removed. */
void sets_replace(wcb_ctx *ctx, wcb_table *target, wcb_table *other) {
    wcb_touch(ctx, target);
    for (int32_t i = 0; target->iterated && i < target->filled; i++) {
        wcb_entry *old = &target->entries[i];
        wcb_entry *kept = old->key != 0 ? tables_find_same(other, old->key, old->hash) : NULL;
        if (kept == NULL) old->key = 0;
        else old->value = (wcv)kept;
    }
    target->entries = other->entries;
    target->used = other->used;
    target->filled = other->filled;
    target->capacity = other->capacity;
    target->index = other->index;
    target->index_size = other->index_size;
    target->version++;
}
