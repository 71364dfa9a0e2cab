/* list.sort and sorted: stable, by < alone.
 *
 * Up to 64 items the comparisons are those of CPython, one by one: the run at the start is found, then items are
 * inserted by binary search. So keys that have no order (sets, nan) end up where they do there. Longer lists are sorted
 * in such pieces, which are merged.
 */
#include "sequences.h"

typedef enum { SORTING_ANY, SORTING_INTS, SORTING_STRINGS } sorting_keys;
/* Keys and, where they were computed, the values that go with them (else NULL). */
typedef struct { wcv *keys, *values; } sorting_rows;
enum { SORTING_PIECE = 64 };

static sorting_keys sorting_keys_of(const wcv *keys, int64_t count) {
    int64_t i = 0;
    while (i < count && wcb_is_small(keys[i])) i++;
    if (i == count) return SORTING_INTS;
    i = 0;
    while (i < count && sequences_is_exact(keys[i], WCB_TYPE(str))) i++;
    return i == count ? SORTING_STRINGS : SORTING_ANY;
}

static inline int sorting_less(wcb_ctx *ctx, sorting_keys sort, wcv a, wcv b) {
    if (sort == SORTING_INTS) return (int64_t)a < (int64_t)b;
    if (sort == SORTING_STRINGS) return wcb_str_order(WCB_AS(wcb_str, a), WCB_AS(wcb_str, b)) < 0;
    return wcb_less(ctx, a, b);
}

static void sorting_reverse(wcv *items, int64_t begin, int64_t end) {
    for (end--; begin < end; begin++, end--) {
        wcv item = items[begin];
        items[begin] = items[end];
        items[end] = item;
    }
}

static void sorting_reverse_rows(sorting_rows rows, int64_t begin, int64_t end) {
    sorting_reverse(rows.keys, begin, end);
    if (rows.values) sorting_reverse(rows.values, begin, end);
}

/* The end of the run at `begin`: never descending, or strictly descending, which is then reversed; -1: error. */
static int64_t sorting_run(wcb_ctx *ctx, sorting_keys sort, sorting_rows rows, int64_t begin, int64_t end) {
    if (begin + 1 >= end) return end;
    int64_t at = begin + 2;
    int descending = sorting_less(ctx, sort, rows.keys[begin + 1], rows.keys[begin]);
    if (descending < 0) return -1;
    for (; at < end; at++) {
        int less = sorting_less(ctx, sort, rows.keys[at], rows.keys[at - 1]);
        if (less < 0) return -1;
        if (less != descending) break;
    }
    if (descending) sorting_reverse_rows(rows, begin, at);
    return at;
}

/* Sorts begin..end, of which begin..sorted is a run. */
static int sorting_insert(wcb_ctx *ctx, sorting_keys sort, sorting_rows rows, int64_t begin, int64_t sorted, int64_t end) {
    for (; sorted < end; sorted++) {
        wcv pivot = rows.keys[sorted];
        int64_t left = begin, right = sorted;
        while (left < right) {
            int64_t middle = left + (right - left) / 2;
            int less = sorting_less(ctx, sort, pivot, rows.keys[middle]);
            if (less < 0) return -1;
            if (less) right = middle;
            else left = middle + 1;
        }
        memmove(rows.keys + left + 1, rows.keys + left, sizeof(wcv) * (size_t)(sorted - left));
        rows.keys[left] = pivot;
        if (rows.values) {
            wcv value = rows.values[sorted];
            memmove(rows.values + left + 1, rows.values + left, sizeof(wcv) * (size_t)(sorted - left));
            rows.values[left] = value;
        }
    }
    return 0;
}

/* Merges from[begin..middle) and from[middle..end) into `to`. */
static int sorting_merge(wcb_ctx *ctx, sorting_keys sort, sorting_rows from, sorting_rows to, int64_t begin,
                         int64_t middle, int64_t end) {
    int64_t left = begin, right = middle;
    for (int64_t at = begin; at < end; at++) {
        int take_right = left == middle;
        if (left < middle && right < end) take_right = sorting_less(ctx, sort, from.keys[right], from.keys[left]);
        if (take_right < 0) return -1;
        int64_t source = take_right ? right++ : left++;
        to.keys[at] = from.keys[source];
        if (to.values) to.values[at] = from.values[source];
    }
    return 0;
}

static int sorting_long(wcb_ctx *ctx, sorting_keys sort, sorting_rows rows, int64_t count) {
    for (int64_t begin = 0; begin < count; begin += SORTING_PIECE) {
        int64_t end = begin + SORTING_PIECE < count ? begin + SORTING_PIECE : count;
        int64_t run = sorting_run(ctx, sort, rows, begin, end);
        if (run < 0 || sorting_insert(ctx, sort, rows, begin, run, end) < 0) return -1;
    }
    size_t bytes = sizeof(wcv) * (size_t)count;
    sorting_rows from = rows, to = {wcb_alloc(ctx, bytes), rows.values ? wcb_alloc(ctx, bytes) : NULL};
    if (!to.keys || (rows.values && !to.values)) return -1;
    for (int64_t width = SORTING_PIECE; width < count; width *= 2) {
        for (int64_t begin = 0; begin < count; begin += 2 * width) {
            int64_t middle = begin + width < count ? begin + width : count;
            int64_t end = middle + width < count ? middle + width : count;
            if (sorting_merge(ctx, sort, from, to, begin, middle, end) < 0) return -1;
        }
        sorting_rows swapped = from;
        from = to;
        to = swapped;
    }
    if (from.keys != rows.keys) {
        memcpy(rows.keys, from.keys, bytes);
        if (rows.values) memcpy(rows.values, from.values, bytes);
    }
    return 0;
}

static int sorting_rows_in_order(wcb_ctx *ctx, sorting_rows rows, int64_t count, bool reverse) {
    if (count < 2) return 0;
    sorting_keys sort = sorting_keys_of(rows.keys, count);
    if (reverse) sorting_reverse_rows(rows, 0, count); /* so that equal items keep their order */
    int failed;
    if (count < SORTING_PIECE) {
        int64_t run = sorting_run(ctx, sort, rows, 0, count);
        failed = run < 0 ? -1 : sorting_insert(ctx, sort, rows, 0, run, count);
    } else {
        failed = sorting_long(ctx, sort, rows, count);
    }
    if (reverse) sorting_reverse_rows(rows, 0, count);
    return failed;
}

/* Sorts items in place; those behind an error are in some order. */
static int sorting_items(wcb_ctx *ctx, wcv *items, int64_t count, wcv key, bool reverse) {
    if (key == WCB_NONE) return sorting_rows_in_order(ctx, (sorting_rows){items, NULL}, count, reverse);
    wcv *keys = wcb_alloc(ctx, sizeof(wcv) * (size_t)count);
    if (!keys) return -1;
    for (int64_t i = 0; i < count; i++) {
        if (sequences_tick(ctx) < 0) return -1;
        keys[i] = wcb_call_values(ctx, key, 1, &items[i]);
        if (!keys[i]) return -1;
    }
    return sorting_rows_in_order(ctx, (sorting_rows){keys, items}, count, reverse);
}

int wcb_sort_list(wcb_ctx *ctx, wcv v, wcv key, bool reverse) {
    wcb_list *list = WCB_AS(wcb_list, v);
    wcb_touch(ctx, list);
    wcv *items = list->items;
    int64_t count = list->length, capacity = list->capacity;
    /* While it is sorted a list is empty, so that keys and comparisons that look see it so. */
    list->items = NULL;
    list->length = list->capacity = 0;
    int failed = sorting_items(ctx, items, count, key, reverse);
    bool changed = list->items != NULL;
    list->items = items;
    list->length = count;
    list->capacity = capacity;
    if (!failed && changed) {
        wcb_raise(ctx, WCB_TYPE_ValueError, "list modified during sort");
        return -1;
    }
    return failed;
}

wcv wcb_sorted(wcb_ctx *ctx, wcv iterable, wcv key, bool reverse) {
    wcv list = wcb_list_of(ctx, iterable);
    if (!list) return 0;
    wcb_list *sorted = WCB_AS(wcb_list, list);
    return sorting_items(ctx, sorted->items, sorted->length, key, reverse) < 0 ? 0 : list;
}
