/* range and slice objects. */
#include "sequences.h"

wcv wcb_new_range(wcb_ctx *ctx, int64_t start, int64_t stop, int64_t step) {
    wcb_range *range = wcb_alloc(ctx, sizeof *range);
    if (!range) return 0;
    int64_t distance = step > 0 ? stop - start : start - stop;
    int64_t stride = step > 0 ? step : -step;
    *range = (wcb_range){WCB_TYPE(range), start, stop, step, distance <= 0 ? 0 : (distance - 1) / stride + 1};
    return (wcv)range;
}

wcv ranges_new(wcb_ctx *ctx, const wcb_args *args) {
    int64_t start = 0, stop, step = 1;
    if (sequences_arguments(ctx, args, "range", 1, 3) < 0) return 0;
    const wcv *values = args->values;
    if (args->count > 1 && wcb_index(ctx, values[0], &start) < 0) return 0;
    if (wcb_index(ctx, values[args->count > 1], &stop) < 0) return 0;
    if (args->count > 2 && wcb_index(ctx, values[2], &step) < 0) return 0;
    if (step == 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "range() arg 3 must not be zero");
    return wcb_new_range(ctx, start, stop, step);
}

wcv ranges_new_slice(wcb_ctx *ctx, const wcb_args *args) {
    if (sequences_arguments(ctx, args, "slice", 1, 3) < 0) return 0;
    const wcv *values = args->values;
    if (args->count == 1) return wcb_new_slice(ctx, WCB_NONE, values[0], WCB_NONE);
    return wcb_new_slice(ctx, values[0], values[1], args->count == 3 ? values[2] : WCB_NONE);
}

wcv ranges_subscript(wcb_ctx *ctx, wcb_range *range, wcv key) {
    int64_t index, start, stop, step, own_step;
    if (wcb_is_kind(key, WCB_KIND_SLICE)) {
        if (sequences_slice_ends(ctx, key, range->length, &start, &stop, &step) < 0) return 0;
        if (__builtin_mul_overflow(step, range->step, &own_step)) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        return wcb_new_range(ctx, range->start + start * range->step, range->start + stop * range->step, own_step);
    }
    if (!wcb_as_int(key, &index) && !wcb_lookup_special(ctx, key, WCB_N___index__)) {
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "range indices must be integers or slices, not %V", key);
    }
    if (wcb_index(ctx, key, &index) < 0) return 0;
    if (index < 0) index += range->length;
    if (index < 0 || index >= range->length) return wcb_raise(ctx, WCB_TYPE_IndexError, "range object index out of range");
    return wcb_from_small(range->start + index * range->step);
}

static bool ranges_position(const wcb_range *range, int64_t n, int64_t *position) {
    int64_t distance = n - range->start;
    if (distance % range->step != 0) return false;
    *position = distance / range->step;
    return *position >= 0 && *position < range->length;
}

/* The position of the first item that equals v; -1: none, -2: error. */
static int64_t ranges_find(wcb_ctx *ctx, const wcb_range *range, wcv v) {
    int64_t n, position;
    if (wcb_is_small(v) || v == WCB_TRUE || v == WCB_FALSE) {
        wcb_as_int(v, &n);
        return ranges_position(range, n, &position) ? position : -1;
    }
    if (sequences_is_exact(v, WCB_TYPE(float))) {
        double d = WCB_AS(wcb_float, v)->value;
        bool whole = d > -0x1p62 && d < 0x1p62 && d == floor(d);
        return whole && ranges_position(range, (int64_t)d, &position) ? position : -1;
    }
    for (position = 0; position < range->length; position++) {
        int same = sequences_tick(ctx) < 0 ? -1 : wcb_same(ctx, wcb_from_small(range->start + position * range->step), v);
        if (same) return same < 0 ? -2 : position;
    }
    return -1;
}

int ranges_contains(wcb_ctx *ctx, wcv self, wcv item) {
    int64_t position = ranges_find(ctx, WCB_AS(wcb_range, self), item);
    return position == -2 ? -1 : position >= 0;
}

bool ranges_equal(const wcb_range *a, const wcb_range *b) {
    if (a->length != b->length) return false;
    if (a->length == 0) return true;
    return a->start == b->start && (a->length == 1 || a->step == b->step);
}

/* The hash of (length, start, step), with None for what does not count. */
int ranges_hash(wcb_ctx *ctx, const wcb_range *range, uint64_t *out) {
    wcv items[3] = {wcb_from_small(range->length), WCB_NONE, WCB_NONE};
    if (range->length > 0) items[1] = wcb_from_small(range->start);
    if (range->length > 1) items[2] = wcb_from_small(range->step);
    wcv tuple = wcb_new_tuple(ctx, 3, items);
    return tuple ? tuples_hash(ctx, WCB_AS(wcb_tuple, tuple), out) : -1;
}

/* ---- iteration ---- */

static wcv ranges_next(wcb_ctx *ctx, wcb_iterator *self) {
    const wcb_range *range = WCB_AS(wcb_range, self->source);
    if (self->position >= range->length) return 0;
    wcb_touch(ctx, self);
    return wcb_from_small(range->start + self->position++ * range->step);
}

wcv ranges_iter(wcb_ctx *ctx, wcv self, bool reversed) {
    const wcb_range *range = WCB_AS(wcb_range, self);
    if (reversed) {
        int64_t last = range->start + (range->length - 1) * range->step;
        self = wcb_new_range(ctx, last, last - range->length * range->step, -range->step);
        if (!self) return 0;
    }
    return (wcv)wcb_new_iterator(ctx, WCB_TYPE_range_iterator, ranges_next, self);
}

wcv wcb_range_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    if (name_id != WCB_N_index && name_id != WCB_N_count) return wcb_no_attribute(ctx, self, name_id);
    if (sequences_arguments(ctx, args, name_id == WCB_N_index ? "index" : "count", 1, 1) < 0) return 0;
    int64_t position = ranges_find(ctx, WCB_AS(wcb_range, self), args->values[0]);
    if (position == -2) return 0;
    if (name_id == WCB_N_count) return wcb_from_small(position >= 0);
    if (position >= 0) return wcb_from_small(position);
    if (wcb_is_small(args->values[0])) return sequences_not_in(ctx, args->values[0], " is not in range");
    return wcb_raise(ctx, WCB_TYPE_ValueError, "sequence.index(x): x not in sequence");
}
