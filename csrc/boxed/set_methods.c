/* The methods of set and frozenset. */
#include "tables.h"

/* ---- with any number of other sets ---- */

static wcv set_methods_union(wcb_ctx *ctx, wcb_table *self, const wcb_args *args) {
    wcb_table *result = sets_clone(ctx, self);
    if (result == NULL) return 0;
    for (int32_t i = 0; i < args->count; i++)
        if (args->values[i] != (wcv)self && sets_merge(ctx, result, args->values[i]) < 0) return 0;
    return (wcv)result;
}

static wcb_table *set_methods_intersection(wcb_ctx *ctx, wcb_table *self, const wcb_args *args) {
    if (args->count == 0) return sets_clone(ctx, self);
    wcb_table *result = self;
    for (int32_t i = 0; i < args->count && result != NULL; i++) result = sets_intersection(ctx, result, args->values[i]);
    return result;
}

static wcv set_methods_difference(wcb_ctx *ctx, wcb_table *self, const wcb_args *args) {
    wcb_table *result = args->count > 0 ? sets_difference(ctx, self, args->values[0]) : sets_clone(ctx, self);
    for (int32_t i = 1; i < args->count && result != NULL; i++)
        if (sets_subtract(ctx, result, args->values[i]) < 0) return 0;
    return (wcv)result;
}

static wcv set_methods_update(wcb_ctx *ctx, wcb_table *self, int32_t name_id, const wcb_args *args) {
    if (name_id == WCB_N_intersection_update) {
        wcb_table *kept = set_methods_intersection(ctx, self, args);
        if (kept == NULL) return 0;
        sets_replace(ctx, self, kept);
        return WCB_NONE;
    }
    for (int32_t i = 0; i < args->count; i++) {
        wcv other = args->values[i];
        int failed = name_id == WCB_N_update ? sets_merge(ctx, self, other) : sets_subtract(ctx, self, other);
        if (failed < 0) return 0;
    }
    return WCB_NONE;
}

/* ---- questions ---- */

/* Whether all (or none) of what `other` gives is in the set. */
static wcv set_methods_has(wcb_ctx *ctx, wcb_table *self, wcv other, bool all) {
    wcv iterator = wcb_iter(ctx, other);
    if (iterator == 0) return 0;
    for (wcv item; (item = wcb_next(ctx, iterator)) != 0;) {
        uint64_t hash;
        if (tables_hash(ctx, item, &hash) < 0 || tables_tick(ctx) < 0) return 0;
        bool found = wcb_table_find(ctx, self, item, hash) != NULL;
        if (ctx->exception != 0) return 0;
        if (found != all) return WCB_FALSE;
    }
    return ctx->exception != 0 ? 0 : WCB_TRUE;
}

static wcv set_methods_issubset(wcb_ctx *ctx, wcb_table *self, wcv other) {
    wcb_table *table = WCB_AS(wcb_table, other);
    if (!tables_is_set(other)) {
        table = wcb_table_new(ctx, WCB_TYPE(set), 0);
        if (table == NULL || sets_merge(ctx, table, other) < 0) return 0;
    }
    int result = sets_is_subset(ctx, self, table);
    return result < 0 ? 0 : wcb_from_bool(result);
}

static wcv set_methods_issuperset(wcb_ctx *ctx, wcb_table *self, wcv other) {
    if (!tables_is_set(other)) return set_methods_has(ctx, self, other, true);
    int result = sets_is_subset(ctx, WCB_AS(wcb_table, other), self);
    return result < 0 ? 0 : wcb_from_bool(result);
}

static wcv set_methods_isdisjoint(wcb_ctx *ctx, wcb_table *self, wcv other) {
    if (other == (wcv)self) return wcb_from_bool(self->used == 0);
    /* The elements of a subclass's instance are hashed anew, as in CPython. */
    if (!tables_is_exact(other, WCB_TYPE(set)) && !tables_is_exact(other, WCB_TYPE(frozenset)))
        return set_methods_has(ctx, self, other, false);
    wcb_table *larger = WCB_AS(wcb_table, other), *smaller = self;
    if (larger->used <= self->used) {
        smaller = larger;
        larger = self;
    }
    for (int32_t i = 0; i < smaller->filled; i++) {
        wcb_entry entry = smaller->entries[i];
        if (entry.key == 0) continue;
        if (wcb_table_find(ctx, larger, entry.key, entry.hash) != NULL) return WCB_FALSE;
        if (ctx->exception != 0) return 0;
    }
    return WCB_TRUE;
}

/* ---- dispatch ---- */

/* What changes a set: no method of a frozenset. */
static wcv set_methods_change(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    wcb_table *table = WCB_AS(wcb_table, self);
    switch (name_id) {
    case WCB_N_pop: return tables_arguments(ctx, args, "pop", 0, 0) < 0 ? 0 : sets_pop(ctx, table);
    case WCB_N_clear:
        if (tables_arguments(ctx, args, "clear", 0, 0) < 0) return 0;
        wcb_table_clear(ctx, table);
        return WCB_NONE;
    case WCB_N___init__:
        if (tables_arguments(ctx, args, "set", 0, 1) < 0) return 0;
        if (table->used > 0) wcb_table_clear(ctx, table);
        return args->count == 1 && sets_merge(ctx, table, args->values[0]) < 0 ? 0 : WCB_NONE;
    case WCB_N_update: case WCB_N_intersection_update: case WCB_N_difference_update:
        if (tables_arguments(ctx, args, "update", 0, INT32_MAX) < 0) return 0;
        return set_methods_update(ctx, table, name_id, args);
    }
    if (tables_arguments(ctx, args, "method", 1, 1) < 0) return 0;
    wcv argument = args->values[0];
    switch (name_id) {
    case WCB_N_add: return wcb_set_add(ctx, self, argument) < 0 ? 0 : WCB_NONE;
    case WCB_N_discard: return sets_discard(ctx, self, argument, false);
    case WCB_N_remove: return sets_discard(ctx, self, argument, true);
    case WCB_N_symmetric_difference_update: return sets_toggle(ctx, table, argument) < 0 ? 0 : WCB_NONE;
    case WCB_N___ior__: return wcb_set_binary(ctx, WCB_OR, self, argument, true);
    case WCB_N___iand__: return wcb_set_binary(ctx, WCB_AND, self, argument, true);
    case WCB_N___isub__: return wcb_set_binary(ctx, WCB_SUB, self, argument, true);
    default: return wcb_set_binary(ctx, WCB_XOR, self, argument, true);
    }
}

/* The methods with one argument that change nothing. */
static wcv set_methods_ask(wcb_ctx *ctx, wcv self, int32_t name_id, wcv argument) {
    wcb_table *table = WCB_AS(wcb_table, self);
    int found;
    switch (name_id) {
    case WCB_N_issubset: return set_methods_issubset(ctx, table, argument);
    case WCB_N_issuperset: return set_methods_issuperset(ctx, table, argument);
    case WCB_N_isdisjoint: return set_methods_isdisjoint(ctx, table, argument);
    case WCB_N_symmetric_difference: return sets_symmetric_difference(ctx, table, argument);
    case WCB_N___contains__:
        found = wcb_set_contains(ctx, self, argument);
        return found < 0 ? 0 : wcb_from_bool(found);
    case WCB_N___eq__: return wcb_set_compare(ctx, WCB_EQ, self, argument);
    case WCB_N___ne__: return wcb_set_compare(ctx, WCB_NE, self, argument);
    case WCB_N___lt__: return wcb_set_compare(ctx, WCB_LT, self, argument);
    case WCB_N___le__: return wcb_set_compare(ctx, WCB_LE, self, argument);
    case WCB_N___gt__: return wcb_set_compare(ctx, WCB_GT, self, argument);
    case WCB_N___ge__: return wcb_set_compare(ctx, WCB_GE, self, argument);
    case WCB_N___or__: return wcb_set_binary(ctx, WCB_OR, self, argument, false);
    case WCB_N___and__: return wcb_set_binary(ctx, WCB_AND, self, argument, false);
    case WCB_N___sub__: return wcb_set_binary(ctx, WCB_SUB, self, argument, false);
    case WCB_N___xor__: return wcb_set_binary(ctx, WCB_XOR, self, argument, false);
    case WCB_N___ror__: return wcb_set_binary(ctx, WCB_OR, argument, self, false);
    case WCB_N___rand__: return wcb_set_binary(ctx, WCB_AND, argument, self, false);
    case WCB_N___rsub__: return wcb_set_binary(ctx, WCB_SUB, argument, self, false);
    default: return wcb_set_binary(ctx, WCB_XOR, argument, self, false);
    }
}

static wcv set_methods_copy(wcb_ctx *ctx, wcv self) {
    return tables_is_exact(self, WCB_TYPE(frozenset)) ? self : (wcv)sets_clone(ctx, WCB_AS(wcb_table, self));
}

wcv wcb_set_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    uint64_t hash;
    wcb_table *table = WCB_AS(wcb_table, self);
    switch (name_id) {
    case WCB_N_add: case WCB_N_discard: case WCB_N_remove: case WCB_N_pop: case WCB_N_clear: case WCB_N_update:
    case WCB_N_intersection_update: case WCB_N_difference_update: case WCB_N_symmetric_difference_update:
    case WCB_N___ior__: case WCB_N___iand__: case WCB_N___isub__: case WCB_N___ixor__:
        return table->type->kind == WCB_KIND_SET ? set_methods_change(ctx, self, name_id, args) : tables_no_method(ctx, self, name_id);
    case WCB_N___init__: return table->type->kind == WCB_KIND_SET ? set_methods_change(ctx, self, name_id, args) : WCB_NONE;
    case WCB_N_union: case WCB_N_intersection: case WCB_N_difference:
        if (tables_arguments(ctx, args, "method", 0, INT32_MAX) < 0) return 0;
        if (name_id == WCB_N_union) return set_methods_union(ctx, table, args);
        return name_id == WCB_N_difference ? set_methods_difference(ctx, table, args) : (wcv)set_methods_intersection(ctx, table, args);
    case WCB_N_issubset: case WCB_N_issuperset: case WCB_N_isdisjoint: case WCB_N_symmetric_difference:
    case WCB_N___contains__: case WCB_N___eq__: case WCB_N___ne__: case WCB_N___lt__: case WCB_N___le__: case WCB_N___gt__:
    case WCB_N___ge__: case WCB_N___or__: case WCB_N___and__: case WCB_N___sub__: case WCB_N___xor__:
    case WCB_N___ror__: case WCB_N___rand__: case WCB_N___rsub__: case WCB_N___rxor__:
        if (tables_arguments(ctx, args, "method", 1, 1) < 0) return 0;
        return set_methods_ask(ctx, self, name_id, args->values[0]);
    case WCB_N_copy: case WCB_N___copy__: case WCB_N___len__: case WCB_N___iter__: case WCB_N___hash__:
        if (tables_arguments(ctx, args, "method", 0, 0) < 0) return 0;
        if (name_id == WCB_N___len__) return wcb_from_small(table->used);
        if (name_id == WCB_N___iter__) return wcb_set_iter(ctx, self);
        if (name_id != WCB_N___hash__) return set_methods_copy(ctx, self);
        if (table->type->kind == WCB_KIND_SET) return wcb_raise_format(ctx, WCB_TYPE_TypeError, "unhashable type: '%V'", self);
        return wcb_set_hash(ctx, self, &hash) < 0 ? 0 : wcb_int(ctx, (int64_t)hash);
    default: return tables_no_method(ctx, self, name_id);
    }
}
