/* Sequences of any kind: what is common, and which file does the rest. */
#include "sequences.h"

/* ---- slices as indices ---- */

/* One of start and stop: the end where it is None; held within the bounds that the sign of the step sets. */
static int sequences_slice_end(wcb_ctx *ctx, wcv v, int64_t length, bool backwards, int64_t otherwise, int64_t *out) {
    if (v == WCB_NONE) {
        *out = otherwise;
        return 0;
    }
    if (wcb_index(ctx, v, out) < 0) return -1;
    int64_t lowest = backwards ? -1 : 0, highest = backwards ? length - 1 : length;
    if (*out < 0) *out += length;
    if (*out < lowest) *out = lowest;
    if (*out > highest) *out = highest;
    return 0;
}

int sequences_slice_ends(wcb_ctx *ctx, wcv v, int64_t length, int64_t *start, int64_t *stop, int64_t *step) {
    const wcb_slice *slice = WCB_AS(wcb_slice, v);
    *step = 1;
    if (slice->step != WCB_NONE && wcb_index(ctx, slice->step, step) < 0) return -1;
    if (*step == 0) {
        wcb_raise(ctx, WCB_TYPE_ValueError, "slice step cannot be zero");
        return -1;
    }
    bool backwards = *step < 0;
    if (sequences_slice_end(ctx, slice->start, length, backwards, backwards ? length - 1 : 0, start) < 0) return -1;
    return sequences_slice_end(ctx, slice->stop, length, backwards, backwards ? -1 : length, stop);
}

int wcb_slice_indices(wcb_ctx *ctx, wcv slice, int64_t length, int64_t *start, int64_t *step, int64_t *count) {
    int64_t stop;
    if (sequences_slice_ends(ctx, slice, length, start, &stop, step) < 0) return -1;
    int64_t distance = *step < 0 ? *start - stop : stop - *start;
    int64_t stride = *step < 0 ? -*step : *step;
    *count = distance <= 0 ? 0 : (distance - 1) / stride + 1;
    return 0;
}

static wcv sequences_slice_triple(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    int64_t length, start, stop, step;
    if (sequences_arguments(ctx, args, "indices", 1, 1) < 0 || wcb_index(ctx, args->values[0], &length) < 0) return 0;
    if (length < 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "length should not be negative");
    if (sequences_slice_ends(ctx, self, length, &start, &stop, &step) < 0) return 0;
    wcv items[3] = {wcb_from_small(start), wcb_from_small(stop), wcb_from_small(step)};
    return wcb_new_tuple(ctx, 3, items);
}

wcv wcb_slice_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    return name_id == WCB_N_indices ? sequences_slice_triple(ctx, self, args) : wcb_no_attribute(ctx, self, name_id);
}

wcv wcb_new_slice(wcb_ctx *ctx, wcv start, wcv stop, wcv step) {
    wcb_slice *slice = wcb_alloc(ctx, sizeof *slice);
    if (!slice) return 0;
    *slice = (wcb_slice){WCB_TYPE(slice), start, stop, step};
    return (wcv)slice;
}

/* ---- shared by lists, tuples and deques ---- */

int64_t sequences_repetitions(wcb_ctx *ctx, wcv v, int64_t length) {
    int64_t times;
    if (!wcb_as_int(v, &times)) {
        wcv function = wcb_lookup_special(ctx, v, WCB_N___index__);
        if (!function) return ctx->exception ? -1 : -2;
        if (wcb_index(ctx, v, &times) < 0) return -1;
    }
    if (times < 0) return 0;
    if (length > 0 && times > (1ll << 40) / length) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
        return -1;
    }
    return times;
}

wcv sequences_not_in(wcb_ctx *ctx, wcv item, const char *text) {
    wcv parts[2] = {wcb_repr(ctx, item), 0};
    if (!parts[0] || !(parts[1] = wcb_str_of_c(ctx, text))) return 0;
    wcv message = wcb_join(ctx, 2, parts);
    return message ? wcb_raise_with(ctx, WCB_TYPE_ValueError, message) : 0;
}

/* Where the items of a list or tuple are now: comparing them may change a list. */
static inline const wcv *sequences_items(wcv v, int64_t *length) {
    if (((wcb_object *)v)->type->kind == WCB_KIND_LIST) {
        *length = WCB_AS(wcb_list, v)->length;
        return WCB_AS(wcb_list, v)->items;
    }
    *length = WCB_AS(wcb_tuple, v)->length;
    return WCB_AS(wcb_tuple, v)->items;
}

/* The first index at which two lists or tuples differ, or where the shorter one ends; -1: error. */
static int64_t sequences_first_difference(wcb_ctx *ctx, wcv a, wcv b) {
    for (int64_t i = 0;; i++) {
        int64_t length_a, length_b;
        const wcv *items_a = sequences_items(a, &length_a), *items_b = sequences_items(b, &length_b);
        if (i >= length_a || i >= length_b) return i;
        if (items_a[i] == items_b[i]) continue;
        int equal = wcb_eq(ctx, items_a[i], items_b[i]);
        if (equal <= 0) return equal < 0 ? -1 : i;
    }
}

static wcv sequences_compare_items(wcb_ctx *ctx, int op, wcv a, wcv b) {
    bool equality = op == WCB_EQ || op == WCB_NE;
    int64_t length_a, length_b;
    sequences_items(a, &length_a);
    sequences_items(b, &length_b);
    if (equality && length_a != length_b && wcb_kind(a) == WCB_KIND_LIST) return wcb_from_bool(op == WCB_NE);
    if (!wcb_descend(ctx)) return 0;
    int64_t at = sequences_first_difference(ctx, a, b);
    const wcv *items_a = sequences_items(a, &length_a), *items_b = sequences_items(b, &length_b);
    wcv result;
    if (at < 0) {
        result = 0;
    } else if (at >= length_a || at >= length_b) {
        result = wcb_from_bool(sequences_order_matches(op, length_a, length_b));
    } else {
        result = equality ? wcb_from_bool(op == WCB_NE) : wcb_compare(ctx, op, items_a[at], items_b[at]);
    }
    ctx->depth--;
    return result;
}

/* Slices compare as (start, stop, step). */
static wcv sequences_compare_slices(wcb_ctx *ctx, int op, const wcb_slice *a, const wcb_slice *b) {
    wcv x = wcb_new_tuple(ctx, 3, &a->start), y = wcb_new_tuple(ctx, 3, &b->start);
    return x && y ? sequences_compare_items(ctx, op, x, y) : 0;
}

/* ---- which file does it ---- */

wcv wcb_sequence_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    wcv iterable;
    switch (type->kind) {
    case WCB_KIND_RANGE: return ranges_new(ctx, args);
    case WCB_KIND_SLICE: return ranges_new_slice(ctx, args);
    case WCB_KIND_DEQUE: return deques_new(ctx, type, args);
    default: break;
    }
    bool is_list = type->kind == WCB_KIND_LIST;
    if (sequences_arguments(ctx, args, is_list ? "list" : "tuple", 0, 1) < 0) return 0;
    iterable = args->count ? args->values[0] : 0;
    if (is_list) {
        wcv list = iterable ? wcb_list_of(ctx, iterable) : wcb_new_list(ctx, 0, NULL);
        if (list) WCB_AS(wcb_list, list)->type = type;
        return list;
    }
    wcv tuple = iterable ? wcb_tuple_of(ctx, iterable) : wcb_new_tuple(ctx, 0, NULL);
    if (!tuple || type == WCB_TYPE(tuple)) return tuple;
    tuple = wcb_new_tuple(ctx, WCB_AS(wcb_tuple, tuple)->length, WCB_AS(wcb_tuple, tuple)->items);
    if (tuple) WCB_AS(wcb_tuple, tuple)->type = type;
    return tuple;
}

wcv wcb_sequence_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_kind_t kind_a = wcb_kind(a), kind_b = wcb_kind(b);
    if (kind_a == WCB_KIND_LIST) return lists_binary(ctx, op, a, b);
    if (kind_a == WCB_KIND_TUPLE) return tuples_binary(ctx, op, a, b);
    if (kind_a == WCB_KIND_DEQUE) return deques_binary(ctx, op, a, b);
    if (op != WCB_MUL) return WCB_NOT_IMPLEMENTED;
    if (kind_b == WCB_KIND_LIST) return lists_binary(ctx, op, b, a);
    if (kind_b == WCB_KIND_TUPLE) return tuples_binary(ctx, op, b, a);
    return kind_b == WCB_KIND_DEQUE ? deques_binary(ctx, op, b, a) : WCB_NOT_IMPLEMENTED;
}

wcv wcb_sequence_inplace(wcb_ctx *ctx, int op, wcv a, wcv b) {
    switch (wcb_kind(a)) {
    case WCB_KIND_LIST: return lists_inplace(ctx, op, a, b);
    case WCB_KIND_DEQUE: return deques_inplace(ctx, op, a, b);
    default: return WCB_NOT_IMPLEMENTED;
    }
}

wcv wcb_sequence_compare(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_kind_t kind = wcb_kind(a);
    if (kind != wcb_kind(b)) return WCB_NOT_IMPLEMENTED;
    switch (kind) {
    case WCB_KIND_LIST: case WCB_KIND_TUPLE: return sequences_compare_items(ctx, op, a, b);
    case WCB_KIND_RANGE:
        if (op != WCB_EQ && op != WCB_NE) return WCB_NOT_IMPLEMENTED;
        return wcb_from_bool(ranges_equal(WCB_AS(wcb_range, a), WCB_AS(wcb_range, b)) == (op == WCB_EQ));
    case WCB_KIND_DEQUE: return deques_compare(ctx, op, WCB_AS(wcb_deque, a), WCB_AS(wcb_deque, b));
    case WCB_KIND_SLICE: return sequences_compare_slices(ctx, op, WCB_AS(wcb_slice, a), WCB_AS(wcb_slice, b));
    default: return WCB_NOT_IMPLEMENTED;
    }
}

wcv wcb_sequence_subscript(wcb_ctx *ctx, wcv self, wcv key) {
    switch (wcb_kind(self)) {
    case WCB_KIND_LIST: return lists_subscript(ctx, WCB_AS(wcb_list, self), key);
    case WCB_KIND_TUPLE: return tuples_subscript(ctx, WCB_AS(wcb_tuple, self), key);
    case WCB_KIND_RANGE: return ranges_subscript(ctx, WCB_AS(wcb_range, self), key);
    default: return deques_subscript(ctx, WCB_AS(wcb_deque, self), key);
    }
}

int wcb_sequence_store(wcb_ctx *ctx, wcv self, wcv key, wcv value) {
    if (wcb_kind(self) == WCB_KIND_DEQUE) return deques_store(ctx, WCB_AS(wcb_deque, self), key, value);
    return lists_store(ctx, WCB_AS(wcb_list, self), key, value);
}

int wcb_sequence_delete(wcb_ctx *ctx, wcv self, wcv key) { return wcb_sequence_store(ctx, self, key, 0); }

int wcb_sequence_contains(wcb_ctx *ctx, wcv self, wcv item) {
    switch (wcb_kind(self)) {
    case WCB_KIND_LIST: return lists_contains(ctx, WCB_AS(wcb_list, self), item);
    case WCB_KIND_TUPLE: return tuples_contains(ctx, WCB_AS(wcb_tuple, self), item);
    case WCB_KIND_RANGE: return ranges_contains(ctx, self, item);
    default: return deques_contains(ctx, WCB_AS(wcb_deque, self), item);
    }
}

wcv wcb_sequence_iter(wcb_ctx *ctx, wcv self, bool reversed) {
    switch (wcb_kind(self)) {
    case WCB_KIND_LIST: return lists_iter(ctx, self, reversed);
    case WCB_KIND_TUPLE: return tuples_iter(ctx, self, reversed);
    case WCB_KIND_RANGE: return ranges_iter(ctx, self, reversed);
    default: return deques_iter(ctx, self, reversed);
    }
}

int wcb_sequence_hash(wcb_ctx *ctx, wcv self, uint64_t *out) {
    if (wcb_kind(self) == WCB_KIND_RANGE) return ranges_hash(ctx, WCB_AS(wcb_range, self), out);
    return tuples_hash(ctx, WCB_AS(wcb_tuple, self), out);
}

wcv wcb_sequence_attribute(wcb_ctx *ctx, wcv self, int32_t name_id) {
    (void)ctx;
    switch (wcb_kind(self)) {
    case WCB_KIND_RANGE: {
        const wcb_range *range = WCB_AS(wcb_range, self);
        if (name_id == WCB_N_start) return wcb_from_small(range->start);
        if (name_id == WCB_N_stop) return wcb_from_small(range->stop);
        return name_id == WCB_N_step ? wcb_from_small(range->step) : WCB_NOT_IMPLEMENTED;
    }
    case WCB_KIND_SLICE: {
        const wcb_slice *slice = WCB_AS(wcb_slice, self);
        if (name_id == WCB_N_start) return slice->start;
        if (name_id == WCB_N_stop) return slice->stop;
        return name_id == WCB_N_step ? slice->step : WCB_NOT_IMPLEMENTED;
    }
    case WCB_KIND_DEQUE: {
        int64_t maxlen = WCB_AS(wcb_deque, self)->maxlen;
        if (name_id != WCB_N_maxlen) return WCB_NOT_IMPLEMENTED;
        return maxlen < 0 ? WCB_NONE : wcb_from_small(maxlen);
    }
    default: return WCB_NOT_IMPLEMENTED;
    }
}
