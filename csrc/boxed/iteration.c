/* iter() and next() for every kind of value, unpacking. The iterators of zip, map and the like are in
 * iterator_types.c, generators in generators.c. */
#include "tables.h"

wcb_iterator *wcb_new_iterator(wcb_ctx *ctx, int type_index, wcv (*next)(wcb_ctx *, wcb_iterator *), wcv source) {
    wcb_iterator *it = wcb_alloc(ctx, sizeof *it);
    if (it == NULL) return NULL;
    *it = (wcb_iterator){.type = &wcb_types[type_index], .next = next, .source = source};
    return it;
}

/* ---- iter ---- */

/* Runs over an object that has only __getitem__. */
static wcv iteration_next_index(wcb_ctx *ctx, wcb_iterator *self) {
    if (self->source == 0) return 0;
    wcv index = wcb_int(ctx, self->position);
    wcv item = index == 0 ? 0 : wcb_subscript(ctx, self->source, index);
    wcb_touch(ctx, self);
    if (item != 0) {
        self->position++;
        return item;
    }
    if (tables_pending(ctx, WCB_TYPE(IndexError)) || tables_pending(ctx, WCB_TYPE(StopIteration))) {
        ctx->exception = 0;
        self->source = 0;
    }
    return 0;
}

static bool iteration_is_iterator(wcb_ctx *ctx, wcv v) {
    if (wcb_is_kind(v, WCB_KIND_ITERATOR) || wcb_is_kind(v, WCB_KIND_GENERATOR)) return true;
    wcv next = wcb_lookup_special(ctx, v, WCB_N___next__);
    return next != 0 && next != WCB_NONE;
}

/* What a class of the program does under __iter__; 0 without an exception: it has nothing of the sort. */
static wcv iteration_ask_class(wcb_ctx *ctx, wcv v, const wcb_type *type) {
    wcv method = wcb_lookup(ctx, type, WCB_N___iter__);
    if (method == 0) return 0;
    if (method == WCB_NONE) return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not iterable", v);
    wcv iterator = wcb_call_special(ctx, v, method, 0, NULL);
    if (iterator == 0 || iteration_is_iterator(ctx, iterator)) return iterator;
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "iter() returned non-iterator of type '%V'", iterator);
}

/* Iterates over a class, as over an enum. */
static wcv iteration_of_class(wcb_ctx *ctx, wcv cls) {
    wcv function = wcb_lookup(ctx, WCB_AS(wcb_type, cls), WCB_N___wc_class_iter__);
    if (function == 0) return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not iterable", cls);
    return wcb_call_values(ctx, function, 1, &cls);
}

wcv wcb_iter(wcb_ctx *ctx, wcv v) {
    const wcb_type *type = wcb_type_of(v);
    if (type == WCB_TYPE(list)) return wcb_sequence_iter(ctx, v, false);
    if (type->index < 0) {
        wcv iterator = iteration_ask_class(ctx, v, type);
        if (iterator != 0 || ctx->exception != 0) return iterator;
    }
    switch ((wcb_kind_t)type->kind) {
    case WCB_KIND_LIST: case WCB_KIND_TUPLE: case WCB_KIND_RANGE: case WCB_KIND_DEQUE: return wcb_sequence_iter(ctx, v, false);
    case WCB_KIND_STR: return wcb_str_iter(ctx, v, false);
    case WCB_KIND_DICT: case WCB_KIND_DICT_VIEW: return wcb_dict_iter(ctx, v, false);
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: return wcb_set_iter(ctx, v);
    case WCB_KIND_ITERATOR: case WCB_KIND_GENERATOR:
        wcb_touch(ctx, (const void *)(uintptr_t)v); /* generated loops move iterators on without a word */
        return v;
    case WCB_KIND_TYPE: return iteration_of_class(ctx, v);
    default: break;
    }
    if (type->index < 0 && wcb_lookup(ctx, type, WCB_N___getitem__) != 0)
        return (wcv)wcb_new_iterator(ctx, WCB_TYPE_sequence_iterator, iteration_next_index, v);
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not iterable", v);
}

/* ---- next ---- */

/* The __next__ of a class of the program. */
static wcv iteration_ask_next(wcb_ctx *ctx, wcv iterator) {
    wcv method = wcb_lookup_special(ctx, iterator, WCB_N___next__);
    if (method == 0 || method == WCB_NONE)
        return ctx->exception != 0 ? 0 : wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not an iterator", iterator);
    return wcb_call_special(ctx, iterator, method, 0, NULL);
}

static inline bool iteration_is_native(const wcb_type *type) {
    return type->kind == WCB_KIND_ITERATOR && type->index >= 0;
}

wcv wcb_next(wcb_ctx *ctx, wcv iterator) {
    const wcb_type *type = wcb_type_of(iterator);
    wcv item;
    if (iteration_is_native(type)) item = WCB_AS(wcb_iterator, iterator)->next(ctx, WCB_AS(wcb_iterator, iterator));
    else if (type->kind == WCB_KIND_GENERATOR) return generators_next(ctx, WCB_AS(wcb_generator, iterator));
    else item = iteration_ask_next(ctx, iterator);
    if (item == 0 && ctx->exception != 0 && tables_pending(ctx, WCB_TYPE(StopIteration))) ctx->exception = 0;
    return item;
}

wcv wcb_next_or_raise(wcb_ctx *ctx, wcv iterator) {
    const wcb_type *type = wcb_type_of(iterator);
    wcv item;
    if (iteration_is_native(type)) item = WCB_AS(wcb_iterator, iterator)->next(ctx, WCB_AS(wcb_iterator, iterator));
    else if (type->kind == WCB_KIND_GENERATOR) return generators_send(ctx, WCB_AS(wcb_generator, iterator), WCB_NONE);
    else return iteration_ask_next(ctx, iterator);
    return item != 0 || ctx->exception != 0 ? item : wcb_raise_with(ctx, WCB_TYPE_StopIteration, 0);
}

wcv wcb_iterator_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    if (name_id != WCB_N___next__ && name_id != WCB_N___iter__) return tables_no_method(ctx, self, name_id);
    if (tables_arguments(ctx, args, "method", 0, 0) < 0) return 0;
    if (name_id == WCB_N___iter__) return self;
    wcv item = WCB_AS(wcb_iterator, self)->next(ctx, WCB_AS(wcb_iterator, self));
    return item != 0 || ctx->exception != 0 ? item : wcb_raise_with(ctx, WCB_TYPE_StopIteration, 0);
}

/* ---- unpacking ---- */

/* The next item unpacked into two: 1, 0 at the end, -1. */
int32_t wcb_next_pair(wcb_ctx *ctx, wcv iterator, wcv *row) {
    if (iteration_is_native(wcb_type_of(iterator))) {
        wcb_iterator *it = WCB_AS(wcb_iterator, iterator);
        const int status = dict_views_gives_pairs(it) ? dict_views_next_pair(ctx, it, row)
                                                      : iterator_types_next_pair(ctx, it, row);
        if (status >= 0) return status;
        if (status == -1) {
            if (tables_pending(ctx, WCB_TYPE(StopIteration))) ctx->exception = 0;
            return ctx->exception != 0 ? -1 : 0;
        }
    }
    const wcv item = wcb_next(ctx, iterator);
    if (item == 0) return ctx->exception != 0 ? -1 : 0;
    return wcb_unpack(ctx, item, 2, -1, row) < 0 ? -1 : 1;
}

static int iteration_too_few(wcb_ctx *ctx, int64_t expected, int64_t got, bool starred) {
    wcb_raise_format(ctx, WCB_TYPE_ValueError, "not enough values to unpack (expected %s%lld, got %lld)",
                     starred ? "at least " : "", (long long)expected, (long long)got);
    return -1;
}

/* Unpacks items that are at hand. */
static int iteration_unpack_row(wcb_ctx *ctx, int64_t length, const wcv *items, int32_t before, int32_t after, wcv *out) {
    int64_t expected = before + (after > 0 ? after : 0);
    if (length < expected) return iteration_too_few(ctx, expected, length, after >= 0);
    for (int32_t i = 0; i < before; i++) out[i] = items[i];
    if (after < 0) {
        if (length == expected) return 0;
        wcb_raise_format(ctx, WCB_TYPE_ValueError, "too many values to unpack (expected %d)", before);
        return -1;
    }
    for (int32_t i = 0; i < after; i++) out[before + 1 + i] = items[length - after + i];
    out[before] = wcb_new_list(ctx, length - expected, items + before);
    return out[before] == 0 ? -1 : 0;
}

/* iter() failed; where the value is not iterable at all, the message is one on unpacking. */
static int iteration_cannot_unpack(wcb_ctx *ctx, wcv v) {
    const wcb_type *type = wcb_type_of(v);
    bool has_method = type->index < 0 && wcb_lookup(ctx, type, WCB_N___iter__) != 0;
    if (has_method || !tables_pending(ctx, WCB_TYPE(TypeError))) return -1;
    ctx->exception = 0;
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "cannot unpack non-iterable %V object", v);
    return -1;
}

int wcb_unpack(wcb_ctx *ctx, wcv v, int32_t before, int32_t after, wcv *out) {
    if (wcb_is_kind(v, WCB_KIND_TUPLE) && !tables_has_own_iter(ctx, v))
        return iteration_unpack_row(ctx, WCB_AS(wcb_tuple, v)->length, WCB_AS(wcb_tuple, v)->items, before, after, out);
    if (tables_is_exact(v, WCB_TYPE(list)))
        return iteration_unpack_row(ctx, WCB_AS(wcb_list, v)->length, WCB_AS(wcb_list, v)->items, before, after, out);
    wcv iterator = wcb_iter(ctx, v);
    if (iterator == 0) return iteration_cannot_unpack(ctx, v);
    for (int32_t i = 0; i < before; i++) {
        out[i] = wcb_next(ctx, iterator);
        if (out[i] == 0) return ctx->exception != 0 ? -1 : iteration_too_few(ctx, before + (after > 0 ? after : 0), i, after >= 0);
    }
    if (after < 0) {
        if (wcb_next(ctx, iterator) != 0)
            wcb_raise_format(ctx, WCB_TYPE_ValueError, "too many values to unpack (expected %d)", before);
        return ctx->exception != 0 ? -1 : 0;
    }
    wcv rest = wcb_list_of(ctx, iterator);
    if (rest == 0) return -1;
    wcb_list *list = WCB_AS(wcb_list, rest);
    if (list->length < after) return iteration_too_few(ctx, before + after, before + list->length, true);
    list->length -= after;
    for (int32_t i = 0; i < after; i++) out[before + 1 + i] = list->items[list->length + i];
    out[before] = rest;
    return 0;
}
