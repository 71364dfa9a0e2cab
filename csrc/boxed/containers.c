/* len(x), x[key], x[key] = value, del x[key] and `item in x` for any values. */
#include "operators.h"

/* A hook that a class offers for itself, such as an enum's Direction['N']; 0: none. */
static wcv containers_class_hook(wcb_ctx *ctx, wcv v, int32_t name_id) {
    return wcb_is_kind(v, WCB_KIND_TYPE) ? wcb_lookup(ctx, (wcb_type *)v, name_id) : 0;
}

/* ---- length ---- */

static int64_t containers_checked_length(wcb_ctx *ctx, wcv result) {
    int64_t length;
    if (!result || wcb_index(ctx, result, &length) < 0) return -1;
    if (length >= 0) return length;
    wcb_raise(ctx, WCB_TYPE_ValueError, "__len__() should return >= 0");
    return -1;
}

int64_t wcb_builtin_length(wcb_ctx *ctx, wcv v) {
    switch (wcb_kind(v)) {
    case WCB_KIND_LIST: return WCB_AS(wcb_list, v)->length;
    case WCB_KIND_TUPLE: return WCB_AS(wcb_tuple, v)->length;
    case WCB_KIND_STR: return WCB_AS(wcb_str, v)->length;
    case WCB_KIND_DICT: case WCB_KIND_SET: case WCB_KIND_FROZENSET: return WCB_AS(wcb_table, v)->used;
    case WCB_KIND_DICT_VIEW: return WCB_AS(wcb_dict_view, v)->dict->used;
    case WCB_KIND_RANGE: return WCB_AS(wcb_range, v)->length;
    case WCB_KIND_DEQUE: return WCB_AS(wcb_deque, v)->length;
    default: break;
    }
    wcv hook = containers_class_hook(ctx, v, WCB_N___wc_class_len__);
    if (hook) return containers_checked_length(ctx, wcb_call_special(ctx, v, hook, 0, NULL));
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "object of type '%V' has no len()", v);
    return -1;
}

int64_t wcb_length(wcb_ctx *ctx, wcv v) {
    wcv function = operators_find(ctx, wcb_type_of(v), WCB_N___len__);
    if (function) return containers_checked_length(ctx, wcb_call_special(ctx, v, function, 0, NULL));
    return wcb_builtin_length(ctx, v);
}

/* ---- membership ---- */

static int containers_search(wcb_ctx *ctx, wcv container, wcv item) {
    wcv iterator = wcb_iter(ctx, container);
    if (!iterator) {
        /* "argument of type 'int' is not iterable": TypeError in any case, with the message of iter(). */
        return -1;
    }
    for (;;) {
        if (--ctx->fuel < 0) {
            wcb_limit(ctx, WC_STATUS_OUT_OF_FUEL);
            return -1;
        }
        wcv next = wcb_next(ctx, iterator);
        if (!next) return ctx->exception ? -1 : 0;
        int same = wcb_same(ctx, next, item);
        if (same) return same;
    }
}

int wcb_builtin_contains(wcb_ctx *ctx, wcv container, wcv item) {
    switch (wcb_kind(container)) {
    case WCB_KIND_LIST: case WCB_KIND_TUPLE: case WCB_KIND_DEQUE: case WCB_KIND_RANGE:
        return wcb_sequence_contains(ctx, container, item);
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: return wcb_set_contains(ctx, container, item);
    case WCB_KIND_STR: return wcb_str_contains(ctx, container, item);
    case WCB_KIND_DICT: {
        uint64_t hash;
        if (wcb_hash(ctx, item, &hash) < 0) return -1;
        if (wcb_table_find(ctx, WCB_AS(wcb_table, container), item, hash)) return 1;
        return ctx->exception ? -1 : 0;
    }
    case WCB_KIND_DICT_VIEW: return wcb_dict_view_contains(ctx, container, item);
    default: return containers_search(ctx, container, item);
    }
}

enum { CONTAINERS_SHORT = 16 };

int wcb_contains(wcb_ctx *ctx, wcv container, wcv item) {
    wcb_type *type = wcb_type_of(container);
    if (type == WCB_TYPE(str) && operators_is_exact(item, type)) {
        const wcb_str *text = WCB_AS(wcb_str, container), *one = WCB_AS(wcb_str, item);
        if (one->length == 1 && one->width == 1 && text->width == 1 && text->length < CONTAINERS_SHORT) {
            for (int32_t i = 0; i < text->length; i++)
                if (text->data[i] == one->data[0]) return 1;
            return 0;
        }
    }
    if (type->index >= 0 && type->kind != WCB_KIND_TYPE) return wcb_builtin_contains(ctx, container, item);
    wcv function = operators_find(ctx, type, WCB_N___contains__);
    if (function == WCB_NONE) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not a container", container);
        return -1;
    }
    if (!function) function = containers_class_hook(ctx, container, WCB_N___wc_class_contains__);
    if (!function) return wcb_builtin_contains(ctx, container, item);
    wcv result = operators_ask(ctx, container, function, item);
    return result ? wcb_truth(ctx, result) : -1;
}

/* ---- subscripts ---- */

/* list[int] is list: a program uses it in annotations and calls only. */
static bool containers_is_generic(const wcb_type *type) {
    for (int32_t i = 0; i < type->num_mro; i++) {
        switch (type->mro[i]->index) {
        case WCB_TYPE_list: case WCB_TYPE_tuple: case WCB_TYPE_dict: case WCB_TYPE_set: case WCB_TYPE_frozenset:
        case WCB_TYPE_type: case WCB_TYPE_deque: case WCB_TYPE_defaultdict: case WCB_TYPE_Pattern: case WCB_TYPE_Match:
            return true;
        default: break;
        }
    }
    return false;
}

static wcv containers_subscript_type(wcb_ctx *ctx, wcv cls, wcv key) {
    wcb_type *type = (wcb_type *)cls;
    wcv hook = wcb_lookup(ctx, type, WCB_N___wc_class_getitem__);
    if (hook) return operators_ask(ctx, cls, hook, key);
    hook = wcb_lookup(ctx, type, WCB_N___class_getitem__);
    if (hook) {
        /* A class method without the decorator; with it, the function is inside. */
        if (wcb_is_kind(hook, WCB_KIND_CLASSMETHOD)) hook = WCB_AS(wcb_wrapped, hook)->function;
        wcv arguments[2] = {cls, key};
        return wcb_call_values(ctx, hook, 2, arguments);
    }
    if (containers_is_generic(type)) return cls;
    return wcb_raise(ctx, WCB_TYPE_TypeError, "type is not subscriptable");
}

wcv wcb_builtin_subscript(wcb_ctx *ctx, wcv container, wcv key) {
    switch (wcb_kind(container)) {
    case WCB_KIND_LIST: case WCB_KIND_TUPLE: case WCB_KIND_RANGE: case WCB_KIND_DEQUE:
        return wcb_sequence_subscript(ctx, container, key);
    case WCB_KIND_DICT: return wcb_dict_subscript(ctx, container, key);
    case WCB_KIND_STR: return wcb_str_subscript(ctx, container, key);
    case WCB_KIND_TYPE: return containers_subscript_type(ctx, container, key);
    case WCB_KIND_MATCH: return wcb_match_subscript(ctx, container, key);
    default: return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not subscriptable", container);
    }
}

wcv wcb_subscript(wcb_ctx *ctx, wcv container, wcv key) {
    if (operators_is_exact(container, WCB_TYPE(list)) && wcb_is_small(key)) {
        const wcb_list *list = WCB_AS(wcb_list, container);
        int64_t index = wcb_small(key);
        if (index < 0) index += list->length;
        if (index >= 0 && index < list->length) return list->items[index];
    }
    if (operators_is_exact(container, WCB_TYPE(dict)) || operators_is_exact(container, WCB_TYPE(defaultdict)))
        return wcb_dict_subscript(ctx, container, key);
    wcv function = operators_find(ctx, wcb_type_of(container), WCB_N___getitem__);
    return function ? operators_ask(ctx, container, function, key) : wcb_builtin_subscript(ctx, container, key);
}

int wcb_builtin_store(wcb_ctx *ctx, wcv container, wcv key, wcv value) {
    switch (wcb_kind(container)) {
    case WCB_KIND_LIST: case WCB_KIND_DEQUE:
        return value ? wcb_sequence_store(ctx, container, key, value) : wcb_sequence_delete(ctx, container, key);
    case WCB_KIND_DICT: {
        if (value) return wcb_dict_set(ctx, container, key, value);
        int found = wcb_dict_delete(ctx, container, key);
        if (!found) wcb_raise_with(ctx, WCB_TYPE_KeyError, key);
        return found > 0 ? 0 : -1;
    }
    default: break;
    }
    const char *format = value ? "'%V' object does not support item assignment" : "'%V' object doesn't support item deletion";
    wcb_raise_format(ctx, WCB_TYPE_TypeError, format, container);
    return -1;
}

int wcb_store_subscript(wcb_ctx *ctx, wcv container, wcv key, wcv value) {
    if (operators_is_exact(container, WCB_TYPE(list)) && wcb_is_small(key)) {
        wcb_list *list = WCB_AS(wcb_list, container);
        const int64_t index = wcb_small(key);
        if (index < 0 || index >= list->length) return wcb_sequence_store(ctx, container, key, value);
        wcb_touch(ctx, list);
        list->items[index] = value;
        return 0;
    }
    if (operators_is_exact(container, WCB_TYPE(dict))) return wcb_dict_set(ctx, container, key, value);
    wcv function = operators_find(ctx, wcb_type_of(container), WCB_N___setitem__);
    if (!function) return wcb_builtin_store(ctx, container, key, value);
    wcv arguments[2] = {key, value};
    return wcb_call_special(ctx, container, function, 2, arguments) ? 0 : -1;
}

int wcb_delete_subscript(wcb_ctx *ctx, wcv container, wcv key) {
    wcv function = operators_find(ctx, wcb_type_of(container), WCB_N___delitem__);
    if (!function) return wcb_builtin_store(ctx, container, key, 0);
    return operators_ask(ctx, container, function, key) ? 0 : -1;
}
