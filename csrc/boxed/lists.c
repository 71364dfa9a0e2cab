/* Lists. Whatever calls the program's code (==, iterators, __index__) may change the list: lengths are read anew. */
#include "operators.h"
#include "sequences.h"

wcv wcb_new_list(wcb_ctx *ctx, int64_t count, const wcv *items) {
    wcb_list *list = wcb_alloc(ctx, sizeof *list + sizeof(wcv) * (size_t)count);
    if (!list) return 0;
    *list = (wcb_list){WCB_TYPE(list), count, count, (wcv *)(list + 1), 0};
    if (items) memcpy(list->items, items, sizeof(wcv) * (size_t)count);
    else memset(list->items, 0, sizeof(wcv) * (size_t)count);
    return (wcv)list;
}

int lists_reserve(wcb_ctx *ctx, wcb_list *list, int64_t count) {
    if (count <= list->capacity) return 0;
    int64_t capacity = list->capacity * 2 < 8 ? 8 : list->capacity * 2;
    if (capacity < count) capacity = count;
    size_t more = sizeof(wcv) * (size_t)(capacity - list->capacity);
    if (list->capacity && (char *)(list->items + list->capacity) == ctx->top && (size_t)(ctx->end - ctx->top) >= more) {
        ctx->top += more; /* nothing was allocated behind the items: they grow in place */
        list->capacity = capacity;
        return 0;
    }
    wcv *items = wcb_alloc(ctx, sizeof(wcv) * (size_t)capacity);
    if (!items) return -1;
    if (list->length) memcpy(items, list->items, sizeof(wcv) * (size_t)list->length);
    list->items = items;
    list->capacity = capacity;
    return 0;
}

int wcb_list_append(wcb_ctx *ctx, wcv v, wcv item) {
    wcb_list *list = WCB_AS(wcb_list, v);
    wcb_touch(ctx, list);
    if (list->length == list->capacity && lists_reserve(ctx, list, list->length + 1) < 0) return -1;
    list->items[list->length++] = item;
    return 0;
}

static int lists_extend_items(wcb_ctx *ctx, wcb_list *list, const wcv *items, int64_t count) {
    wcb_touch(ctx, list);
    bool itself = items == list->items;
    if (lists_reserve(ctx, list, list->length + count) < 0) return -1;
    if (count) memcpy(list->items + list->length, itself ? list->items : items, sizeof(wcv) * (size_t)count);
    list->length += count;
    return 0;
}

static int lists_extend_keys(wcb_ctx *ctx, wcb_list *list, const wcb_table *table) {
    wcb_touch(ctx, list);
    if (lists_reserve(ctx, list, list->length + table->used) < 0) return -1;
    wcv *out = list->items + list->length;
    for (int32_t i = 0; i < table->filled; i++) {
        if (table->entries[i].key) *out++ = table->entries[i].key;
    }
    list->length = out - list->items;
    return 0;
}

static int lists_extend_range(wcb_ctx *ctx, wcb_list *list, const wcb_range *range) {
    wcb_touch(ctx, list);
    if (range->length > 1ll << 40) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
        return -1;
    }
    if (lists_reserve(ctx, list, list->length + range->length) < 0) return -1;
    for (int64_t i = 0; i < range->length; i++) {
        list->items[list->length++] = wcb_from_small(range->start + i * range->step);
    }
    return 0;
}

int wcb_list_extend(wcb_ctx *ctx, wcv v, wcv iterable) {
    wcb_list *list = WCB_AS(wcb_list, v);
    wcb_type *type = wcb_type_of(iterable);
    if (type == WCB_TYPE(list) || iterable == v) {
        return lists_extend_items(ctx, list, WCB_AS(wcb_list, iterable)->items, WCB_AS(wcb_list, iterable)->length);
    }
    if (type == WCB_TYPE(tuple)) {
        return lists_extend_items(ctx, list, WCB_AS(wcb_tuple, iterable)->items, WCB_AS(wcb_tuple, iterable)->length);
    }
    if (type == WCB_TYPE(set) || type == WCB_TYPE(frozenset) || type == WCB_TYPE(dict) || type == WCB_TYPE(defaultdict)) {
        return lists_extend_keys(ctx, list, WCB_AS(wcb_table, iterable));
    }
    if (type == WCB_TYPE(range)) return lists_extend_range(ctx, list, WCB_AS(wcb_range, iterable));
    wcv iterator = wcb_iter(ctx, iterable);
    if (!iterator) return -1;
    for (;;) {
        wcv item = wcb_next(ctx, iterator);
        if (!item) return ctx->exception ? -1 : 0;
        if (sequences_tick(ctx) < 0 || wcb_list_append(ctx, v, item) < 0) return -1;
    }
}

wcv wcb_list_of(wcb_ctx *ctx, wcv iterable) {
    if (sequences_is_exact(iterable, WCB_TYPE(list))) {
        return wcb_new_list(ctx, WCB_AS(wcb_list, iterable)->length, WCB_AS(wcb_list, iterable)->items);
    }
    wcv list = wcb_new_list(ctx, 0, NULL);
    return list && wcb_list_extend(ctx, list, iterable) == 0 ? list : 0;
}

int lists_contains(wcb_ctx *ctx, wcb_list *list, wcv item) {
    for (int64_t i = 0; i < list->length; i++) {
        int same = operators_same(ctx, list->items[i], item);
        if (same) return same;
    }
    return 0;
}

/* ---- subscripts ---- */

/* The index that a key means; -1 and TypeError. Not checked against the length. */
static int lists_index_of_key(wcb_ctx *ctx, wcb_list *list, wcv key, int64_t *out) {
    if (wcb_is_small(key)) {
        *out = wcb_small(key);
    } else {
        if (!wcb_as_int(key, out) && !wcb_lookup_special(ctx, key, WCB_N___index__)) {
            wcb_raise_format(ctx, WCB_TYPE_TypeError, "list indices must be integers or slices, not %V", key);
            return -1;
        }
        if (wcb_index(ctx, key, out) < 0) return -1;
    }
    if (*out < 0) *out += list->length;
    return 0;
}

wcv lists_subscript(wcb_ctx *ctx, wcb_list *list, wcv key) {
    int64_t index, start, step, count;
    if (wcb_is_kind(key, WCB_KIND_SLICE)) {
        if (wcb_slice_indices(ctx, key, list->length, &start, &step, &count) < 0) return 0;
        wcv result = wcb_new_list(ctx, count, step == 1 ? list->items + start : NULL);
        for (int64_t i = 0; result && step != 1 && i < count; i++) {
            WCB_AS(wcb_list, result)->items[i] = list->items[start + i * step];
        }
        return result;
    }
    if (lists_index_of_key(ctx, list, key, &index) < 0) return 0;
    if (index < 0 || index >= list->length) return wcb_raise(ctx, WCB_TYPE_IndexError, "list index out of range");
    return list->items[index];
}

/* list[start:start + count] = the items of a list that is not this one. */
static int lists_replace(wcb_ctx *ctx, wcb_list *list, int64_t start, int64_t count, const wcv *items, int64_t added) {
    wcb_touch(ctx, list);
    if (start > list->length) start = list->length;
    if (count > list->length - start) count = list->length - start;
    if (added > count && lists_reserve(ctx, list, list->length + added - count) < 0) return -1;
    int64_t behind = list->length - start - count;
    if (added != count && behind) {
        memmove(list->items + start + added, list->items + start + count, sizeof(wcv) * (size_t)behind);
    }
    if (added) memcpy(list->items + start, items, sizeof(wcv) * (size_t)added);
    list->length += added - count;
    return 0;
}

static int lists_store_stepped(wcb_ctx *ctx, wcb_list *list, int64_t start, int64_t step, int64_t count, wcb_list *from) {
    if (from->length != count) {
        wcb_raise_format(ctx, WCB_TYPE_ValueError, "attempt to assign sequence of size %lld to extended slice of size %lld",
                         (long long)from->length, (long long)count);
        return -1;
    }
    wcb_touch(ctx, list);
    for (int64_t i = 0; i < count && start + i * step < list->length; i++) list->items[start + i * step] = from->items[i];
    return 0;
}

static void lists_delete_stepped(wcb_ctx *ctx, wcb_list *list, int64_t start, int64_t step, int64_t count) {
    wcb_touch(ctx, list);
    if (step < 0) {
        start += (count - 1) * step;
        step = -step;
    }
    int64_t to = start, next = start;
    for (int64_t i = start, left = count; i < list->length; i++) {
        if (left && i == next) {
            next += step;
            left--;
        } else {
            list->items[to++] = list->items[i];
        }
    }
    list->length = to;
}

static int lists_store_slice(wcb_ctx *ctx, wcb_list *list, wcv key, wcv value) {
    int64_t start, step, count;
    if (wcb_slice_indices(ctx, key, list->length, &start, &step, &count) < 0) return -1;
    if (!value) {
        if (step == 1) return lists_replace(ctx, list, start, count, NULL, 0);
        if (count) lists_delete_stepped(ctx, list, start, step, count);
        return 0;
    }
    wcv from = wcb_list_of(ctx, value);
    if (!from) {
        if (ctx->exception && !ctx->status && wcb_is_subtype(wcb_type_of(ctx->exception), WCB_TYPE(TypeError)) &&
            wcb_type_of(value)->index >= 0) {
            ctx->exception = 0;
            wcb_raise(ctx, WCB_TYPE_TypeError, step == 1 ? "can only assign an iterable"
                                                         : "must assign iterable to extended slice");
        }
        return -1;
    }
    if (step != 1) return lists_store_stepped(ctx, list, start, step, count, WCB_AS(wcb_list, from));
    return lists_replace(ctx, list, start, count, WCB_AS(wcb_list, from)->items, WCB_AS(wcb_list, from)->length);
}

int lists_store(wcb_ctx *ctx, wcb_list *list, wcv key, wcv value) {
    int64_t index;
    if (wcb_is_kind(key, WCB_KIND_SLICE)) return lists_store_slice(ctx, list, key, value);
    if (lists_index_of_key(ctx, list, key, &index) < 0) return -1;
    if (index < 0 || index >= list->length) {
        wcb_raise(ctx, WCB_TYPE_IndexError, "list assignment index out of range");
        return -1;
    }
    if (!value) return lists_replace(ctx, list, index, 1, NULL, 0);
    wcb_touch(ctx, list);
    list->items[index] = value;
    return 0;
}

/* ---- operators ---- */

static wcv lists_concatenate(wcb_ctx *ctx, const wcb_list *a, const wcb_list *b) {
    wcv result = wcb_new_list(ctx, a->length + b->length, NULL);
    if (!result) return 0;
    wcv *items = WCB_AS(wcb_list, result)->items;
    if (a->length) memcpy(items, a->items, sizeof(wcv) * (size_t)a->length);
    if (b->length) memcpy(items + a->length, b->items, sizeof(wcv) * (size_t)b->length);
    return result;
}

wcv lists_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    const wcb_list *list = WCB_AS(wcb_list, a);
    if (op == WCB_ADD) {
        return wcb_is_kind(b, WCB_KIND_LIST) ? lists_concatenate(ctx, list, WCB_AS(wcb_list, b)) : WCB_NOT_IMPLEMENTED;
    }
    if (op != WCB_MUL) return WCB_NOT_IMPLEMENTED;
    int64_t times = sequences_repetitions(ctx, b, list->length);
    if (times < 0) return times == -2 ? WCB_NOT_IMPLEMENTED : 0;
    wcv result = wcb_new_list(ctx, list->length * times, NULL);
    if (!result || !list->length) return result;
    wcv *items = WCB_AS(wcb_list, result)->items;
    if (list->length == 1) {
        for (int64_t i = 0; i < times; i++) items[i] = list->items[0];
        return result;
    }
    for (int64_t i = 0; i < times; i++) memcpy(items + i * list->length, list->items, sizeof(wcv) * (size_t)list->length);
    return result;
}

wcv lists_inplace(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_list *list = WCB_AS(wcb_list, a);
    if (op == WCB_ADD) return wcb_list_extend(ctx, a, b) == 0 ? a : 0;
    if (op != WCB_MUL) return WCB_NOT_IMPLEMENTED;
    int64_t times = sequences_repetitions(ctx, b, list->length), length = list->length;
    if (times < 0) return times == -2 ? WCB_NOT_IMPLEMENTED : 0;
    wcb_touch(ctx, list);
    if (lists_reserve(ctx, list, length * times) < 0) return 0;
    for (int64_t i = 1; length && i < times; i++) {
        memcpy(list->items + i * length, list->items, sizeof(wcv) * (size_t)length);
    }
    list->length = length * times;
    return a;
}

/* ---- iteration ---- */

static wcv lists_next(wcb_ctx *ctx, wcb_iterator *self) {
    if (!self->source) return 0;
    const wcb_list *list = WCB_AS(wcb_list, self->source);
    wcb_touch(ctx, self);
    if (self->position < list->length) return list->items[self->position++];
    self->source = 0;
    return 0;
}

static wcv lists_next_reversed(wcb_ctx *ctx, wcb_iterator *self) {
    if (!self->source) return 0;
    const wcb_list *list = WCB_AS(wcb_list, self->source);
    wcb_touch(ctx, self);
    if (self->position >= 0 && self->position < list->length) return list->items[self->position--];
    self->source = 0;
    return 0;
}

wcv lists_iter(wcb_ctx *ctx, wcv self, bool reversed) {
    wcb_iterator *iterator = wcb_new_iterator(ctx, reversed ? WCB_TYPE_reversed : WCB_TYPE_list_iterator,
                                              reversed ? lists_next_reversed : lists_next, self);
    if (iterator) iterator->position = reversed ? WCB_AS(wcb_list, self)->length - 1 : 0;
    return (wcv)iterator;
}
