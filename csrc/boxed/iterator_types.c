/* zip, map, filter, enumerate, reversed, and iter() of a callable. */
#include "tables.h"

enum { ITERATOR_TYPES_DEEPEST = 2000 };

/* The next item of an iterator inside. Iterators wrapped around each other in a loop must not use up the C stack. */
static wcv iterator_types_inner(wcb_ctx *ctx, wcv iterator) {
    if (ctx->nested_iterators >= ITERATOR_TYPES_DEEPEST) return wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
    ctx->nested_iterators++;
    wcv item = wcb_next(ctx, iterator);
    ctx->nested_iterators--;
    return item;
}

/* ---- zip: `a` is a tuple of iterators, `position` says whether it is strict ---- */

/* A strict zip in which iterator i, counted from 0, gave out before the ones in front of it, or after. */
static wcv iterator_types_uneven(wcb_ctx *ctx, int64_t i, const char *how) {
    if (i == 1) return wcb_raise_format(ctx, WCB_TYPE_ValueError, "zip() argument 2 is %s than argument 1", how);
    return wcb_raise_format(ctx, WCB_TYPE_ValueError, "zip() argument %lld is %s than arguments 1-%lld", (long long)i + 1, how, (long long)i);
}

static wcv iterator_types_zip_ended(wcb_ctx *ctx, const wcb_iterator *self, int64_t ended) {
    const wcb_tuple *iterators = WCB_AS(wcb_tuple, self->a);
    if (ctx->exception != 0 || !self->position) return 0;
    if (ended > 0) return iterator_types_uneven(ctx, ended, "shorter");
    for (int64_t i = 1; i < iterators->length; i++) {
        if (iterator_types_inner(ctx, iterators->items[i]) != 0) return iterator_types_uneven(ctx, i, "longer");
        if (ctx->exception != 0) return 0;
    }
    return 0;
}

static wcv iterator_types_next_zip(wcb_ctx *ctx, wcb_iterator *self) {
    const wcb_tuple *iterators = WCB_AS(wcb_tuple, self->a);
    if (iterators->length == 0) return 0;
    wcv result = wcb_new_tuple(ctx, iterators->length, NULL);
    if (result == 0) return 0;
    for (int64_t i = 0; i < iterators->length; i++) {
        wcv item = iterator_types_inner(ctx, iterators->items[i]);
        if (item == 0) return iterator_types_zip_ended(ctx, self, i);
        WCB_AS(wcb_tuple, result)->items[i] = item;
    }
    return result;
}

/* Iterators over the values, as a tuple. */
static wcv iterator_types_iterators(wcb_ctx *ctx, int32_t count, const wcv *values) {
    wcv iterators = wcb_new_tuple(ctx, count, NULL);
    for (int32_t i = 0; iterators != 0 && i < count; i++) {
        wcv iterator = wcb_iter(ctx, values[i]);
        if (iterator == 0) return 0;
        WCB_AS(wcb_tuple, iterators)->items[i] = iterator;
    }
    return iterators;
}

static wcv iterator_types_zip(wcb_ctx *ctx, const wcb_args *args) {
    int strict = 0;
    for (int32_t i = 0; i < args->num_keywords; i++) {
        wcv name = args->keywords[i], strict_name = wcb_str_of_c(ctx, "strict");
        if (strict_name == 0) return 0;
        if (!wcb_str_equal(WCB_AS(wcb_str, name), WCB_AS(wcb_str, strict_name)))
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%S' is an invalid keyword argument for zip()", name);
        strict = wcb_truth(ctx, args->values[args->count + i]);
        if (strict < 0) return 0;
    }
    wcv iterators = iterator_types_iterators(ctx, args->count, args->values);
    wcb_iterator *it = iterators == 0 ? NULL : wcb_new_iterator(ctx, WCB_TYPE_zip, iterator_types_next_zip, iterators);
    if (it == NULL) return 0;
    it->a = iterators;
    it->position = strict;
    return (wcv)it;
}

/* ---- map: `a` is the function, `b` a tuple of iterators ---- */

static wcv iterator_types_next_map(wcb_ctx *ctx, wcb_iterator *self) {
    enum { FEW = 8 };
    const wcb_tuple *iterators = WCB_AS(wcb_tuple, self->b);
    wcv few[FEW], *values = few;
    if (iterators->length > FEW) {
        values = wcb_alloc(ctx, sizeof(wcv) * (size_t)iterators->length);
        if (values == NULL) return 0;
    }
    for (int64_t i = 0; i < iterators->length; i++) {
        values[i] = iterator_types_inner(ctx, iterators->items[i]);
        if (values[i] == 0) return 0;
    }
    return wcb_call_values(ctx, self->a, (int32_t)iterators->length, values);
}

static wcv iterator_types_map(wcb_ctx *ctx, const wcb_args *args) {
    if (args->num_keywords > 0) return wcb_raise(ctx, WCB_TYPE_TypeError, "map() takes no keyword arguments");
    if (args->count < 2) return wcb_raise(ctx, WCB_TYPE_TypeError, "map() must have at least two arguments.");
    wcv iterators = iterator_types_iterators(ctx, args->count - 1, args->values + 1);
    wcb_iterator *it = iterators == 0 ? NULL : wcb_new_iterator(ctx, WCB_TYPE_map, iterator_types_next_map, iterators);
    if (it == NULL) return 0;
    it->a = args->values[0];
    it->b = iterators;
    return (wcv)it;
}

/* ---- filter: `source` is the iterator, `a` the function or None ---- */

static wcv iterator_types_next_filter(wcb_ctx *ctx, wcb_iterator *self) {
    bool by_truth = self->a == WCB_NONE || self->a == (wcv)WCB_TYPE(bool);
    for (wcv item; (item = iterator_types_inner(ctx, self->source)) != 0;) {
        wcv verdict = by_truth ? item : wcb_call_values(ctx, self->a, 1, &item);
        int good = verdict == 0 ? -1 : wcb_truth(ctx, verdict);
        if (good < 0 || tables_tick(ctx) < 0) return 0;
        if (good) return item;
    }
    return 0;
}

static wcv iterator_types_filter(wcb_ctx *ctx, const wcb_args *args) {
    if (tables_arguments(ctx, args, "filter", 2, 2) < 0) return 0;
    wcv iterator = wcb_iter(ctx, args->values[1]);
    wcb_iterator *it = iterator == 0 ? NULL : wcb_new_iterator(ctx, WCB_TYPE_filter, iterator_types_next_filter, iterator);
    if (it == NULL) return 0;
    it->a = args->values[0];
    return (wcv)it;
}

/* ---- enumerate: `source` is the iterator, `position` the next number ---- */

static wcv iterator_types_next_enumerate(wcb_ctx *ctx, wcb_iterator *self) {
    wcv item = iterator_types_inner(ctx, self->source);
    if (item == 0) return 0;
    wcv number = wcb_int(ctx, self->position);
    if (number == 0) return 0;
    wcb_touch(ctx, self);
    self->position++;
    return wcb_new_tuple(ctx, 2, (wcv[2]){number, item});
}

/* The next two of enumerate() and of zip() of two, without a tuple: 1, 0 at the end, -1; -2: it is another iterator. */
int iterator_types_next_pair(wcb_ctx *ctx, wcb_iterator *self, wcv *row) {
    if (self->next == iterator_types_next_enumerate) {
        row[1] = iterator_types_inner(ctx, self->source);
        if (row[1] == 0) return ctx->exception != 0 ? -1 : 0;
        row[0] = wcb_int(ctx, self->position);
        if (row[0] == 0) return -1;
        wcb_touch(ctx, self);
        self->position++;
        return 1;
    }
    if (self->next != iterator_types_next_zip || WCB_AS(wcb_tuple, self->a)->length != 2) return -2;
    for (int i = 0; i < 2; i++) {
        row[i] = iterator_types_inner(ctx, WCB_AS(wcb_tuple, self->a)->items[i]);
        if (row[i] != 0) continue;
        iterator_types_zip_ended(ctx, self, i);
        return ctx->exception != 0 ? -1 : 0;
    }
    return 1;
}

static wcv iterator_types_enumerate(wcb_ctx *ctx, const wcb_args *args) {
    wcv values[2];
    int64_t start = 0;
    if (wcb_parse(ctx, args, "enumerate", "iterable|start", values) < 0) return 0;
    if (values[1] != 0 && wcb_index(ctx, values[1], &start) < 0) return 0;
    wcv iterator = wcb_iter(ctx, values[0]);
    wcb_iterator *it = iterator == 0 ? NULL : wcb_new_iterator(ctx, WCB_TYPE_enumerate, iterator_types_next_enumerate, iterator);
    if (it == NULL) return 0;
    it->position = start;
    return (wcv)it;
}

/* ---- reversed ---- */

/* Of an object that has a length and __getitem__. */
static wcv iterator_types_next_reversed(wcb_ctx *ctx, wcb_iterator *self) {
    if (self->source == 0) return 0;
    wcv item = 0;
    wcb_touch(ctx, self);
    if (self->position >= 0) item = wcb_subscript(ctx, self->source, wcb_from_small(self->position--));
    if (item != 0) return item;
    if (ctx->exception == 0 || tables_pending(ctx, WCB_TYPE(IndexError)) || tables_pending(ctx, WCB_TYPE(StopIteration))) {
        if (ctx->status == 0) ctx->exception = 0;
        self->source = 0;
    }
    return 0;
}

static wcv iterator_types_not_reversible(wcb_ctx *ctx, wcv v) {
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not reversible", v);
}

static wcv iterator_types_reversed(wcb_ctx *ctx, const wcb_args *args) {
    if (tables_arguments(ctx, args, "reversed", 1, 1) < 0) return 0;
    wcv v = args->values[0];
    const wcb_type *type = wcb_type_of(v);
    wcv method = type->index < 0 ? wcb_lookup(ctx, type, WCB_N___reversed__) : 0;
    if (method == WCB_NONE) return iterator_types_not_reversible(ctx, v);
    if (method != 0) return wcb_call_special(ctx, v, method, 0, NULL);
    switch ((wcb_kind_t)type->kind) {
    case WCB_KIND_LIST: case WCB_KIND_TUPLE: case WCB_KIND_RANGE: case WCB_KIND_DEQUE: return wcb_sequence_iter(ctx, v, true);
    case WCB_KIND_STR: return wcb_str_iter(ctx, v, true);
    case WCB_KIND_DICT: case WCB_KIND_DICT_VIEW: return wcb_dict_iter(ctx, v, true);
    default: break;
    }
    if (type->index >= 0 || wcb_lookup(ctx, type, WCB_N___getitem__) == 0) return iterator_types_not_reversible(ctx, v);
    int64_t length = wcb_length(ctx, v);
    if (length < 0) return 0;
    wcb_iterator *it = wcb_new_iterator(ctx, WCB_TYPE_reversed, iterator_types_next_reversed, v);
    if (it == NULL) return 0;
    it->position = length - 1;
    return (wcv)it;
}

/* ---- iter(callable, sentinel): `source` is the callable, `a` the sentinel ---- */

static wcv iterator_types_next_call(wcb_ctx *ctx, wcb_iterator *self) {
    if (self->source == 0) return 0;
    wcv item = wcb_call_values(ctx, self->source, 0, NULL);
    if (item == 0 && !tables_pending(ctx, WCB_TYPE(StopIteration))) return 0;
    int ended = item == 0 ? 1 : wcb_same(ctx, self->a, item);
    if (ended < 0 || tables_tick(ctx) < 0) return 0;
    if (!ended) return item;
    ctx->exception = 0;
    wcb_touch(ctx, self);
    self->source = 0;
    return 0;
}

static wcv iterator_types_of_callable(wcb_ctx *ctx, const wcb_args *args) {
    if (tables_arguments(ctx, args, "iter", 2, 2) < 0) return 0;
    if (!wcb_is_callable(ctx, args->values[0])) return wcb_raise(ctx, WCB_TYPE_TypeError, "iter(v, w): v must be callable");
    wcb_iterator *it = wcb_new_iterator(ctx, WCB_TYPE_callable_iterator, iterator_types_next_call, args->values[0]);
    if (it == NULL) return 0;
    it->a = args->values[1];
    return (wcv)it;
}

wcv wcb_iterator_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    while (type->index < 0) type = type->mro[1]; /* of a subclass: what it is derived from */
    switch (type->index) {
    case WCB_TYPE_zip: return iterator_types_zip(ctx, args);
    case WCB_TYPE_map: return iterator_types_map(ctx, args);
    case WCB_TYPE_filter: return iterator_types_filter(ctx, args);
    case WCB_TYPE_enumerate: return iterator_types_enumerate(ctx, args);
    case WCB_TYPE_reversed: return iterator_types_reversed(ctx, args);
    case WCB_TYPE_callable_iterator: return iterator_types_of_callable(ctx, args);
    default: return wcb_raise_format(ctx, WCB_TYPE_TypeError, "cannot create '%s' instances", type->c_name);
    }
}
