/* Comparisons, truth and hashes of any values. */
#include "operators.h"

static const int32_t comparisons_names[] = {
    [WCB_LT] = WCB_N___lt__, [WCB_LE] = WCB_N___le__, [WCB_EQ] = WCB_N___eq__,
    [WCB_NE] = WCB_N___ne__, [WCB_GT] = WCB_N___gt__, [WCB_GE] = WCB_N___ge__,
};
static const char *const comparisons_symbols[] = {
    [WCB_LT] = "<", [WCB_LE] = "<=", [WCB_EQ] = "==", [WCB_NE] = "!=", [WCB_GT] = ">", [WCB_GE] = ">=",
};
static const int comparisons_swapped[] = {
    [WCB_LT] = WCB_GT, [WCB_LE] = WCB_GE, [WCB_EQ] = WCB_EQ, [WCB_NE] = WCB_NE, [WCB_GT] = WCB_LT, [WCB_GE] = WCB_LE,
};

/* ---- what built-in types do ---- */

static wcv comparisons_strings(int op, const wcb_str *a, const wcb_str *b) {
    if (op == WCB_EQ) return wcb_from_bool(a == b || wcb_str_equal(a, b));
    if (op == WCB_NE) return wcb_from_bool(a != b && !wcb_str_equal(a, b));
    int order = wcb_str_order(a, b);
    switch (op) {
    case WCB_LT: return wcb_from_bool(order < 0);
    case WCB_LE: return wcb_from_bool(order <= 0);
    case WCB_GT: return wcb_from_bool(order > 0);
    default: return wcb_from_bool(order >= 0);
    }
}

/* Methods are equal where function and object are the same; everything else equals itself. */
static wcv comparisons_identity(wcb_kind_t kind, int op, wcv a, wcv b) {
    bool same = a == b;
    if (op != WCB_EQ && op != WCB_NE) return WCB_NOT_IMPLEMENTED;
    if (!same && kind == wcb_kind(b)) {
        if (kind == WCB_KIND_METHOD) {
            const wcb_method *x = WCB_AS(wcb_method, a), *y = WCB_AS(wcb_method, b);
            return wcb_from_bool((x->self == y->self && x->function == y->function) == (op == WCB_EQ));
        }
        if (kind == WCB_KIND_BUILTIN_METHOD) {
            const wcb_builtin_method *x = WCB_AS(wcb_builtin_method, a), *y = WCB_AS(wcb_builtin_method, b);
            return wcb_from_bool((x->self == y->self && x->name_id == y->name_id) == (op == WCB_EQ));
        }
        if (kind == WCB_KIND_REGEX) same = wcb_regex_equal(a, b);
    }
    return same ? wcb_from_bool(op == WCB_EQ) : WCB_NOT_IMPLEMENTED;
}

wcv wcb_builtin_compare(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_kind_t kind = wcb_kind(a), other = wcb_kind(b);
    switch (kind) {
    case WCB_KIND_INT: case WCB_KIND_BOOL: case WCB_KIND_FLOAT: case WCB_KIND_COMPLEX: {
        int truth = wcb_number_test(op, a, b);
        return truth < 0 ? WCB_NOT_IMPLEMENTED : wcb_from_bool(truth);
    }
    case WCB_KIND_STR:
        return other == kind ? comparisons_strings(op, WCB_AS(wcb_str, a), WCB_AS(wcb_str, b)) : WCB_NOT_IMPLEMENTED;
    case WCB_KIND_LIST: case WCB_KIND_TUPLE: case WCB_KIND_RANGE: case WCB_KIND_DEQUE: case WCB_KIND_SLICE:
        return other == kind ? wcb_sequence_compare(ctx, op, a, b) : WCB_NOT_IMPLEMENTED;
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: return wcb_set_compare(ctx, op, a, b);
    case WCB_KIND_DICT_VIEW:
        if (WCB_AS(wcb_dict_view, a)->what == 1) return comparisons_identity(kind, op, a, b);
        return wcb_set_compare(ctx, op, a, b);
    case WCB_KIND_DICT: return other == kind ? wcb_dict_compare(ctx, op, a, b) : WCB_NOT_IMPLEMENTED;
    default: return comparisons_identity(kind, op, a, b);
    }
}

/* ---- comparison through the program's methods ---- */

/* Types whose != is object's: the opposite of ==, also of a program's. */
static bool comparisons_negates(wcb_kind_t kind) {
    switch (kind) {
    case WCB_KIND_INT: case WCB_KIND_BOOL: case WCB_KIND_FLOAT: case WCB_KIND_COMPLEX: case WCB_KIND_STR:
    case WCB_KIND_LIST: case WCB_KIND_TUPLE: case WCB_KIND_RANGE: case WCB_KIND_DEQUE: case WCB_KIND_SLICE:
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: case WCB_KIND_DICT_VIEW: case WCB_KIND_DICT: return false;
    default: return true;
    }
}

static wcv comparisons_one_side(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_type *type = wcb_type_of(a);
    if (type->index < 0) {
        wcv function = operators_find(ctx, type, comparisons_names[op]);
        if (function) return operators_ask(ctx, a, function, b);
        if (op == WCB_NE && comparisons_negates(type->kind)) {
            function = operators_find(ctx, type, WCB_N___eq__);
            if (function) {
                wcv equal = operators_ask(ctx, a, function, b);
                if (!equal || equal == WCB_NOT_IMPLEMENTED) return equal;
                int truth = wcb_truth(ctx, equal);
                return truth < 0 ? 0 : wcb_from_bool(!truth);
            }
        }
    }
    return wcb_builtin_compare(ctx, op, a, b);
}

static wcv comparisons_default(wcb_ctx *ctx, int op, wcv a, wcv b) {
    if (op == WCB_EQ) return wcb_from_bool(a == b);
    if (op == WCB_NE) return wcb_from_bool(a != b);
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%s' not supported between instances of '%V' and '%V'",
                            comparisons_symbols[op], a, b);
}

static wcv comparisons_by_methods(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_type *type_a = wcb_type_of(a), *type_b = wcb_type_of(b);
    bool reflected_first = type_a != type_b && wcb_is_subtype(type_b, type_a);
    wcv result;
    if (reflected_first) {
        result = comparisons_one_side(ctx, comparisons_swapped[op], b, a);
        if (result != WCB_NOT_IMPLEMENTED) return result;
    }
    result = comparisons_one_side(ctx, op, a, b);
    if (result == WCB_NOT_IMPLEMENTED && !reflected_first) {
        result = comparisons_one_side(ctx, comparisons_swapped[op], b, a);
    }
    return result == WCB_NOT_IMPLEMENTED ? comparisons_default(ctx, op, a, b) : result;
}

static inline bool comparisons_small(int op, wcv a, wcv b) {
    int64_t m = (int64_t)a, n = (int64_t)b; /* small ints are in the order of their words */
    switch (op) {
    case WCB_LT: return m < n;
    case WCB_LE: return m <= n;
    case WCB_EQ: return m == n;
    case WCB_NE: return m != n;
    case WCB_GT: return m > n;
    default: return m >= n;
    }
}

wcv wcb_compare(wcb_ctx *ctx, int op, wcv a, wcv b) {
    if (wcb_is_small(a) && wcb_is_small(b)) return wcb_from_bool(comparisons_small(op, a, b));
    if (op == WCB_EQ && a == b && operators_is_exact(a, WCB_TYPE(str))) return WCB_TRUE;
    if (wcb_type_of(a)->index < 0 || wcb_type_of(b)->index < 0) return comparisons_by_methods(ctx, op, a, b);
    wcv result = wcb_builtin_compare(ctx, op, a, b);
    if (result != WCB_NOT_IMPLEMENTED) return result;
    if (wcb_is_kind(b, WCB_KIND_DICT_VIEW)) result = wcb_builtin_compare(ctx, comparisons_swapped[op], b, a);
    return result == WCB_NOT_IMPLEMENTED ? comparisons_default(ctx, op, a, b) : result;
}

static inline int comparisons_truth(wcb_ctx *ctx, wcv result) {
    if (result == WCB_TRUE) return 1;
    if (result == WCB_FALSE) return 0;
    return result ? wcb_truth(ctx, result) : -1;
}

/* The first index at which two tuples differ, or where the shorter one ends; -1: that takes more than ints and strs. */
static inline int64_t comparisons_quick_difference(const wcb_tuple *a, const wcb_tuple *b) {
    int64_t length = a->length < b->length ? a->length : b->length;
    for (int64_t i = 0; i < length; i++) {
        int same = operators_quick_same(a->items[i], b->items[i]);
        if (same <= 0) return same < 0 ? -1 : i;
    }
    return length;
}

int wcb_eq(wcb_ctx *ctx, wcv a, wcv b) {
    if (!wcb_is_object(a) && !wcb_is_object(b)) {
        if (a == b) return 1;
        if (wcb_is_small(a) == wcb_is_small(b)) return 0; /* two ints, or two of None, False, True, ... */
    } else if (operators_is_exact(a, WCB_TYPE(str))) {
        if (a == b) return 1;
        if (!wcb_is_object(b)) return 0;
        if (((wcb_object *)b)->type == WCB_TYPE(str)) {
            const wcb_str *x = WCB_AS(wcb_str, a), *y = WCB_AS(wcb_str, b);
            return x->interned && y->interned ? 0 : wcb_str_equal(x, y);
        }
    } else if (operators_is_exact(a, WCB_TYPE(tuple)) && operators_is_exact(b, WCB_TYPE(tuple))) {
        const wcb_tuple *x = WCB_AS(wcb_tuple, a), *y = WCB_AS(wcb_tuple, b);
        int64_t at = comparisons_quick_difference(x, y);
        if (at >= 0) return at == x->length && at == y->length;
    }
    return comparisons_truth(ctx, wcb_compare(ctx, WCB_EQ, a, b));
}

int wcb_same(wcb_ctx *ctx, wcv a, wcv b) { return a == b ? 1 : wcb_eq(ctx, a, b); }

int wcb_less(wcb_ctx *ctx, wcv a, wcv b) {
    if (wcb_is_small(a) && wcb_is_small(b)) return (int64_t)a < (int64_t)b;
    if (operators_is_exact(a, WCB_TYPE(tuple)) && operators_is_exact(b, WCB_TYPE(tuple))) {
        const wcb_tuple *x = WCB_AS(wcb_tuple, a), *y = WCB_AS(wcb_tuple, b);
        int64_t at = comparisons_quick_difference(x, y);
        if (at == x->length || at == y->length) return x->length < y->length;
        if (at >= 0 && wcb_is_small(x->items[at]) && wcb_is_small(y->items[at])) {
            return (int64_t)x->items[at] < (int64_t)y->items[at];
        }
    }
    return comparisons_truth(ctx, wcb_compare(ctx, WCB_LT, a, b));
}

/* ---- truth ---- */

int wcb_builtin_truth(wcb_ctx *ctx, wcv v) {
    (void)ctx;
    if (wcb_is_small(v)) return v != wcb_from_small(0);
    if (!wcb_is_object(v)) return v != WCB_NONE && v != WCB_FALSE;
    switch (((wcb_object *)v)->type->kind) {
    case WCB_KIND_INT: return WCB_AS(wcb_boxed_int, v)->value != 0;
    case WCB_KIND_FLOAT: return WCB_AS(wcb_float, v)->value != 0.0;
    case WCB_KIND_COMPLEX: return WCB_AS(wcb_complex, v)->real != 0.0 || WCB_AS(wcb_complex, v)->imag != 0.0;
    case WCB_KIND_STR: return WCB_AS(wcb_str, v)->length != 0;
    case WCB_KIND_TUPLE: return WCB_AS(wcb_tuple, v)->length != 0;
    case WCB_KIND_LIST: return WCB_AS(wcb_list, v)->length != 0;
    case WCB_KIND_DEQUE: return WCB_AS(wcb_deque, v)->length != 0;
    case WCB_KIND_RANGE: return WCB_AS(wcb_range, v)->length != 0;
    case WCB_KIND_DICT: case WCB_KIND_SET: case WCB_KIND_FROZENSET: return WCB_AS(wcb_table, v)->used != 0;
    case WCB_KIND_DICT_VIEW: return WCB_AS(wcb_dict_view, v)->dict->used != 0;
    default: return 1;
    }
}

int wcb_truth(wcb_ctx *ctx, wcv v) {
    if (wcb_is_object(v) && ((wcb_object *)v)->type->index < 0) {
        wcb_type *type = ((wcb_object *)v)->type;
        wcv function = operators_find(ctx, type, WCB_N___bool__);
        if (function) {
            wcv result = wcb_call_special(ctx, v, function, 0, NULL);
            if (result == WCB_TRUE || result == WCB_FALSE) return result == WCB_TRUE;
            if (result) wcb_raise_format(ctx, WCB_TYPE_TypeError, "__bool__ should return bool, returned %V", result);
            return -1;
        }
        if (operators_find(ctx, type, WCB_N___len__)) {
            int64_t length = wcb_length(ctx, v);
            return length < 0 ? -1 : length > 0;
        }
    }
    return wcb_builtin_truth(ctx, v);
}

/* ---- hashes ---- */

static int comparisons_unhashable(wcb_ctx *ctx, wcv v) {
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "unhashable type: '%V'", v);
    return -1;
}

int wcb_builtin_hash(wcb_ctx *ctx, wcv v, uint64_t *out) {
    if (wcb_is_small(v)) {
        *out = wcb_hash_int(wcb_small(v));
        return 0;
    }
    switch (wcb_kind(v)) {
    case WCB_KIND_BOOL: *out = v == WCB_TRUE; return 0;
    case WCB_KIND_INT: *out = wcb_hash_int(WCB_AS(wcb_boxed_int, v)->value); return 0;
    case WCB_KIND_FLOAT: {
        double d = WCB_AS(wcb_float, v)->value;
        *out = isnan(d) ? wcb_hash_identity(v) : wcb_hash_double(d);
        return 0;
    }
    case WCB_KIND_COMPLEX: {
        uint64_t hash = wcb_hash_double(WCB_AS(wcb_complex, v)->real) + 1000003 * wcb_hash_double(WCB_AS(wcb_complex, v)->imag);
        *out = hash == UINT64_MAX ? UINT64_MAX - 1 : hash;
        return 0;
    }
    case WCB_KIND_STR: *out = wcb_str_hash(WCB_AS(wcb_str, v)); return 0;
    case WCB_KIND_TUPLE: case WCB_KIND_RANGE: return wcb_sequence_hash(ctx, v, out);
    case WCB_KIND_FROZENSET: return wcb_set_hash(ctx, v, out);
    case WCB_KIND_REGEX: return wcb_regex_hash(ctx, v, out);
    case WCB_KIND_METHOD:
        *out = wcb_hash_identity(WCB_AS(wcb_method, v)->self) ^ wcb_hash_identity(WCB_AS(wcb_method, v)->function);
        return 0;
    case WCB_KIND_BUILTIN_METHOD:
        *out = wcb_hash_identity(WCB_AS(wcb_builtin_method, v)->self) ^ (uint64_t)WCB_AS(wcb_builtin_method, v)->name_id;
        return 0;
    case WCB_KIND_LIST: case WCB_KIND_DICT: case WCB_KIND_SET: case WCB_KIND_DEQUE: case WCB_KIND_SLICE:
        return comparisons_unhashable(ctx, v);
    case WCB_KIND_DICT_VIEW:
        if (WCB_AS(wcb_dict_view, v)->what != 1) return comparisons_unhashable(ctx, v);
        break;
    default: break;
    }
    *out = wcb_hash_identity(v);
    return 0;
}

static int comparisons_own_hash(wcb_ctx *ctx, wcv v, wcv function, uint64_t *out) {
    int64_t value;
    if (WCB_IS_NONE_METHOD(function)) return comparisons_unhashable(ctx, v);
    wcv result = wcb_call_special(ctx, v, function, 0, NULL);
    if (!result) return -1;
    if (!wcb_as_int(result, &value)) {
        wcb_raise(ctx, WCB_TYPE_TypeError, "__hash__ method should return an integer");
        return -1;
    }
    *out = wcb_hash_of_value(value);
    return 0;
}

int wcb_hash(wcb_ctx *ctx, wcv v, uint64_t *out) {
    if (!wcb_is_object(v)) return wcb_builtin_hash(ctx, v, out);
    wcb_type *type = ((wcb_object *)v)->type;
    if (type == WCB_TYPE(str)) {
        *out = wcb_str_hash(WCB_AS(wcb_str, v));
        return 0;
    }
    if (type->index >= 0) return wcb_builtin_hash(ctx, v, out);
    wcv function = operators_find(ctx, type, WCB_N___hash__);
    if (!function) return wcb_builtin_hash(ctx, v, out);
    if (type->kind == WCB_KIND_INSTANCE && WCB_AS(wcb_instance, v)->flags & WCB_PRISTINE &&
        operators_is_entity_hash(function)) {
        *out = WCB_AS(wcb_instance, v)->hash;
        return 0;
    }
    return comparisons_own_hash(ctx, v, function, out);
}
