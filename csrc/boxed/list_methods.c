/* The methods of lists. */
#include "sequences.h"

static wcv list_methods_copy(wcb_ctx *ctx, wcb_list *list) { return wcb_new_list(ctx, list->length, list->items); }

static wcv list_methods_insert(wcb_ctx *ctx, wcb_list *list, const wcb_args *args) {
    int64_t index;
    if (sequences_arguments(ctx, args, "insert", 2, 2) < 0 || wcb_index(ctx, args->values[0], &index) < 0) return 0;
    wcb_touch(ctx, list);
    if (index < 0) index += list->length;
    if (index < 0) index = 0;
    if (index > list->length) index = list->length;
    if (lists_reserve(ctx, list, list->length + 1) < 0) return 0;
    memmove(list->items + index + 1, list->items + index, sizeof(wcv) * (size_t)(list->length - index));
    list->items[index] = args->values[1];
    list->length++;
    return WCB_NONE;
}

static void list_methods_drop(wcb_list *list, int64_t index) {
    list->length--;
    memmove(list->items + index, list->items + index + 1, sizeof(wcv) * (size_t)(list->length - index));
}

static wcv list_methods_pop(wcb_ctx *ctx, wcb_list *list, const wcb_args *args) {
    int64_t index = -1;
    if (sequences_arguments(ctx, args, "pop", 0, 1) < 0) return 0;
    if (args->count && wcb_index(ctx, args->values[0], &index) < 0) return 0;
    if (!list->length) return wcb_raise(ctx, WCB_TYPE_IndexError, "pop from empty list");
    if (index < 0) index += list->length;
    if (index < 0 || index >= list->length) return wcb_raise(ctx, WCB_TYPE_IndexError, "pop index out of range");
    wcb_touch(ctx, list);
    wcv item = list->items[index];
    list_methods_drop(list, index);
    return item;
}

/* The index of an item between start and stop; -1: none, -2: error. */
static int64_t list_methods_find(wcb_ctx *ctx, wcb_list *list, wcv item, int64_t start, int64_t stop) {
    for (int64_t i = start; i < stop && i < list->length; i++) {
        int same = wcb_same(ctx, list->items[i], item);
        if (same) return same < 0 ? -2 : i;
    }
    return -1;
}

static wcv list_methods_remove(wcb_ctx *ctx, wcb_list *list, const wcb_args *args) {
    if (sequences_arguments(ctx, args, "remove", 1, 1) < 0) return 0;
    int64_t index = list_methods_find(ctx, list, args->values[0], 0, INT64_MAX);
    if (index < 0) return index == -2 ? 0 : wcb_raise(ctx, WCB_TYPE_ValueError, "list.remove(x): x not in list");
    wcb_touch(ctx, list);
    if (index < list->length) list_methods_drop(list, index);
    return WCB_NONE;
}

static wcv list_methods_index(wcb_ctx *ctx, wcb_list *list, const wcb_args *args) {
    int64_t start = 0, stop = INT64_MAX;
    if (sequences_arguments(ctx, args, "index", 1, 3) < 0) return 0;
    if (args->count > 1 && sequences_bound(ctx, args->values[1], list->length, &start) < 0) return 0;
    if (args->count > 2 && sequences_bound(ctx, args->values[2], list->length, &stop) < 0) return 0;
    int64_t index = list_methods_find(ctx, list, args->values[0], start, stop);
    if (index >= 0) return wcb_from_small(index);
    return index == -2 ? 0 : sequences_not_in(ctx, args->values[0], " is not in list");
}

static wcv list_methods_count(wcb_ctx *ctx, wcb_list *list, const wcb_args *args) {
    int64_t count = 0;
    if (sequences_arguments(ctx, args, "count", 1, 1) < 0) return 0;
    for (int64_t i = 0; i < list->length; i++) {
        int same = wcb_same(ctx, list->items[i], args->values[0]);
        if (same < 0) return 0;
        count += same;
    }
    return wcb_from_small(count);
}

static wcv list_methods_reverse(wcb_ctx *ctx, wcb_list *list) {
    wcb_touch(ctx, list);
    for (int64_t i = 0, j = list->length - 1; i < j; i++, j--) {
        wcv item = list->items[i];
        list->items[i] = list->items[j];
        list->items[j] = item;
    }
    return WCB_NONE;
}

static wcv list_methods_sort(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcv given[2];
    if (wcb_parse(ctx, args, "sort", "|*key reverse", given) < 0) return 0;
    int reverse = given[1] ? wcb_truth(ctx, given[1]) : 0;
    if (reverse < 0 || wcb_sort_list(ctx, self, given[0] ? given[0] : WCB_NONE, reverse) < 0) return 0;
    return WCB_NONE;
}

wcv wcb_list_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    wcb_list *list = WCB_AS(wcb_list, self);
    switch (name_id) {
    case WCB_N_append:
        if (sequences_arguments(ctx, args, "append", 1, 1) < 0) return 0;
        return wcb_list_append(ctx, self, args->values[0]) < 0 ? 0 : WCB_NONE;
    case WCB_N_extend:
        if (sequences_arguments(ctx, args, "extend", 1, 1) < 0) return 0;
        return wcb_list_extend(ctx, self, args->values[0]) < 0 ? 0 : WCB_NONE;
    case WCB_N_insert: return list_methods_insert(ctx, list, args);
    case WCB_N_pop: return list_methods_pop(ctx, list, args);
    case WCB_N_remove: return list_methods_remove(ctx, list, args);
    case WCB_N_index: return list_methods_index(ctx, list, args);
    case WCB_N_count: return list_methods_count(ctx, list, args);
    case WCB_N_sort: return list_methods_sort(ctx, self, args);
    case WCB_N_copy: return sequences_arguments(ctx, args, "copy", 0, 0) < 0 ? 0 : list_methods_copy(ctx, list);
    case WCB_N_reverse: return sequences_arguments(ctx, args, "reverse", 0, 0) < 0 ? 0 : list_methods_reverse(ctx, list);
    case WCB_N_clear:
        if (sequences_arguments(ctx, args, "clear", 0, 0) < 0) return 0;
        wcb_touch(ctx, list);
        list->length = 0;
        return WCB_NONE;
    default: return wcb_no_attribute(ctx, self, name_id);
    }
}
