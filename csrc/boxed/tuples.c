/* Tuples. */
#include "operators.h"
#include "tables.h"

wcv wcb_new_tuple(wcb_ctx *ctx, int64_t count, const wcv *items) {
    wcb_tuple *tuple = wcb_alloc(ctx, sizeof *tuple + sizeof(wcv) * (size_t)count);
    if (!tuple) return 0;
    tuple->type = WCB_TYPE(tuple);
    tuple->length = count;
    tuple->hash = 0;
    tuple->attributes = 0;
    if (items) memcpy(tuple->items, items, sizeof(wcv) * (size_t)count);
    else memset(tuple->items, 0, sizeof(wcv) * (size_t)count);
    return (wcv)tuple;
}

wcv wcb_tuple_of(wcb_ctx *ctx, wcv iterable) {
    if (sequences_is_exact(iterable, WCB_TYPE(tuple))) return iterable;
    wcv list = sequences_is_exact(iterable, WCB_TYPE(list)) ? iterable : wcb_list_of(ctx, iterable);
    return list ? wcb_new_tuple(ctx, WCB_AS(wcb_list, list)->length, WCB_AS(wcb_list, list)->items) : 0;
}

wcv tuples_subscript(wcb_ctx *ctx, wcb_tuple *tuple, wcv key) {
    int64_t index, start, step, count;
    if (wcb_is_kind(key, WCB_KIND_SLICE)) {
        if (wcb_slice_indices(ctx, key, tuple->length, &start, &step, &count) < 0) return 0;
        if (count == tuple->length && step == 1 && tuple->type == WCB_TYPE(tuple)) return (wcv)tuple;
        wcv result = wcb_new_tuple(ctx, count, step == 1 ? tuple->items + start : NULL);
        for (int64_t i = 0; result && step != 1 && i < count; i++) {
            WCB_AS(wcb_tuple, result)->items[i] = tuple->items[start + i * step];
        }
        return result;
    }
    if (wcb_is_small(key)) {
        index = wcb_small(key);
    } else {
        if (!wcb_as_int(key, &index) && !wcb_lookup_special(ctx, key, WCB_N___index__)) {
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "tuple indices must be integers or slices, not %V", key);
        }
        if (wcb_index(ctx, key, &index) < 0) return 0;
    }
    if (index < 0) index += tuple->length;
    if (index < 0 || index >= tuple->length) return wcb_raise(ctx, WCB_TYPE_IndexError, "tuple index out of range");
    return tuple->items[index];
}

static wcv tuples_concatenate(wcb_ctx *ctx, wcb_tuple *a, wcb_tuple *b) {
    if (a->length == 0 && b->type == WCB_TYPE(tuple)) return (wcv)b;
    if (b->length == 0 && a->type == WCB_TYPE(tuple)) return (wcv)a;
    wcv result = wcb_new_tuple(ctx, a->length + b->length, NULL);
    if (!result) return 0;
    memcpy(WCB_AS(wcb_tuple, result)->items, a->items, sizeof(wcv) * (size_t)a->length);
    memcpy(WCB_AS(wcb_tuple, result)->items + a->length, b->items, sizeof(wcv) * (size_t)b->length);
    return result;
}

wcv tuples_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_tuple *tuple = WCB_AS(wcb_tuple, a);
    if (op == WCB_ADD && wcb_is_kind(b, WCB_KIND_TUPLE)) return tuples_concatenate(ctx, tuple, WCB_AS(wcb_tuple, b));
    if (op != WCB_MUL) return WCB_NOT_IMPLEMENTED;
    int64_t times = sequences_repetitions(ctx, b, tuple->length);
    if (times < 0) return times == -2 ? WCB_NOT_IMPLEMENTED : 0;
    if (tuple->type == WCB_TYPE(tuple) && (times == 1 || tuple->length == 0)) return a;
    wcv result = wcb_new_tuple(ctx, tuple->length * times, NULL);
    for (int64_t i = 0; result && tuple->length && i < times; i++) {
        memcpy(WCB_AS(wcb_tuple, result)->items + i * tuple->length, tuple->items, sizeof(wcv) * (size_t)tuple->length);
    }
    return result;
}

int tuples_contains(wcb_ctx *ctx, wcb_tuple *tuple, wcv item) {
    for (int64_t i = 0; i < tuple->length; i++) {
        int same = operators_same(ctx, tuple->items[i], item);
        if (same) return same;
    }
    return 0;
}

/* xxHash, as in CPython: 64 bits of every item go into the result, in order. */
static int tuples_hash_deep(wcb_ctx *ctx, wcb_tuple *tuple, uint64_t *out) {
    const uint64_t prime_1 = 11400714785074694791u, prime_2 = 14029467366897019727u, prime_5 = 2870177450012600261u;
    uint64_t sum = prime_5;
    if (!wcb_descend(ctx)) return -1;
    for (int64_t i = 0; i < tuple->length; i++) {
        uint64_t hash;
        if (tables_hash(ctx, tuple->items[i], &hash) < 0) {
            ctx->depth--;
            return -1;
        }
        sum += hash * prime_2;
        sum = (sum << 31 | sum >> 33) * prime_1;
    }
    ctx->depth--;
    sum += (uint64_t)tuple->length ^ (prime_5 ^ 3527539u);
    *out = wcb_hash_through_int(sum == UINT64_MAX ? 1546275796 : sum); /* what a program's __hash__ can pass on */
    return 0;
}

/* The same of two small ints, which most keys are. */
int tuples_hash(wcb_ctx *ctx, wcb_tuple *tuple, uint64_t *out) {
    const uint64_t prime_1 = 11400714785074694791u, prime_2 = 14029467366897019727u, prime_5 = 2870177450012600261u;
    const int64_t modulus = (1ll << 61) - 1;
    if (tuple->length != 2 || !(tuple->items[0] & tuple->items[1] & 1)) return tuples_hash_deep(ctx, tuple, out);
    uint64_t sum = prime_5;
    for (int i = 0; i < 2; i++) {
        const int64_t n = wcb_small(tuple->items[i]);
        if (n <= -modulus || n >= modulus) return tuples_hash_deep(ctx, tuple, out);
        sum += (uint64_t)(n == -1 ? -2 : n) * prime_2;
        sum = (sum << 31 | sum >> 33) * prime_1;
    }
    sum += 2 ^ (prime_5 ^ 3527539u);
    *out = wcb_hash_through_int(sum == UINT64_MAX ? 1546275796 : sum);
    return 0;
}

/* ---- iteration ---- */

static wcv tuples_next(wcb_ctx *ctx, wcb_iterator *self) {
    if (!self->source) return 0;
    wcb_touch(ctx, self);
    const wcb_tuple *tuple = WCB_AS(wcb_tuple, self->source);
    if (self->position < tuple->length) return tuple->items[self->position++];
    self->source = 0;
    return 0;
}

static wcv tuples_next_reversed(wcb_ctx *ctx, wcb_iterator *self) {
    wcb_touch(ctx, self);
    if (self->source && self->position >= 0) return WCB_AS(wcb_tuple, self->source)->items[self->position--];
    self->source = 0;
    return 0;
}

wcv tuples_iter(wcb_ctx *ctx, wcv self, bool reversed) {
    wcb_iterator *iterator = wcb_new_iterator(ctx, reversed ? WCB_TYPE_reversed : WCB_TYPE_tuple_iterator,
                                              reversed ? tuples_next_reversed : tuples_next, self);
    if (iterator) iterator->position = reversed ? WCB_AS(wcb_tuple, self)->length - 1 : 0;
    return (wcv)iterator;
}

/* ---- methods ---- */

static wcv tuples_index(wcb_ctx *ctx, wcb_tuple *tuple, const wcb_args *args) {
    int64_t start = 0, stop = tuple->length;
    if (sequences_arguments(ctx, args, "index", 1, 3) < 0) return 0;
    if (args->count > 1 && sequences_bound(ctx, args->values[1], tuple->length, &start) < 0) return 0;
    if (args->count > 2 && sequences_bound(ctx, args->values[2], tuple->length, &stop) < 0) return 0;
    for (int64_t i = start; i < stop && i < tuple->length; i++) {
        int same = wcb_same(ctx, tuple->items[i], args->values[0]);
        if (same) return same < 0 ? 0 : wcb_from_small(i);
    }
    return wcb_raise(ctx, WCB_TYPE_ValueError, "tuple.index(x): x not in tuple");
}

static wcv tuples_count(wcb_ctx *ctx, wcb_tuple *tuple, const wcb_args *args) {
    int64_t count = 0;
    if (sequences_arguments(ctx, args, "count", 1, 1) < 0) return 0;
    for (int64_t i = 0; i < tuple->length; i++) {
        int same = wcb_same(ctx, tuple->items[i], args->values[0]);
        if (same < 0) return 0;
        count += same;
    }
    return wcb_from_small(count);
}

wcv wcb_tuple_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    switch (name_id) {
    case WCB_N_index: return tuples_index(ctx, WCB_AS(wcb_tuple, self), args);
    case WCB_N_count: return tuples_count(ctx, WCB_AS(wcb_tuple, self), args);
    default: return wcb_no_attribute(ctx, self, name_id);
    }
}
