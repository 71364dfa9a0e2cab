/* Operators of expressions: quick answers for small ints and built-in types, then the methods of the program's classes
 * in the order in which CPython asks them. comparisons.c and containers.c hold the rest of what syntax does.
 */
#include "operators.h"

typedef struct { int32_t plain, reflected, inplace; const char *symbol; } operators_names;
static const operators_names operators_table[] = {
    [WCB_ADD] = {WCB_N___add__, WCB_N___radd__, WCB_N___iadd__, "+"},
    [WCB_SUB] = {WCB_N___sub__, WCB_N___rsub__, WCB_N___isub__, "-"},
    [WCB_MUL] = {WCB_N___mul__, WCB_N___rmul__, WCB_N___imul__, "*"},
    [WCB_TRUEDIV] = {WCB_N___truediv__, WCB_N___rtruediv__, WCB_N___itruediv__, "/"},
    [WCB_FLOORDIV] = {WCB_N___floordiv__, WCB_N___rfloordiv__, WCB_N___ifloordiv__, "//"},
    [WCB_MOD] = {WCB_N___mod__, WCB_N___rmod__, WCB_N___imod__, "%"},
    [WCB_POW] = {WCB_N___pow__, WCB_N___rpow__, WCB_N___ipow__, "** or pow()"},
    [WCB_LSHIFT] = {WCB_N___lshift__, WCB_N___rlshift__, WCB_N___ilshift__, "<<"},
    [WCB_RSHIFT] = {WCB_N___rshift__, WCB_N___rrshift__, WCB_N___irshift__, ">>"},
    [WCB_AND] = {WCB_N___and__, WCB_N___rand__, WCB_N___iand__, "&"},
    [WCB_OR] = {WCB_N___or__, WCB_N___ror__, WCB_N___ior__, "|"},
    [WCB_XOR] = {WCB_N___xor__, WCB_N___rxor__, WCB_N___ixor__, "^"},
    [WCB_MATMUL] = {WCB_N___matmul__, WCB_N___rmatmul__, WCB_N___imatmul__, "@"},
    [WCB_DIVMOD] = {WCB_N___divmod__, WCB_N___rdivmod__, -1, "divmod()"},
};

/* ---- what built-in types do ---- */

static bool operators_is_union(wcv v) {
    if (v == WCB_NONE || wcb_is_kind(v, WCB_KIND_TYPE)) return true;
    if (!wcb_is_object(v) || WCB_AS(wcb_object, v)->type != WCB_TYPE(tuple) || !WCB_AS(wcb_tuple, v)->length) return false;
    const wcb_tuple *tuple = WCB_AS(wcb_tuple, v);
    for (int64_t i = 0; i < tuple->length; i++) {
        if (!wcb_is_kind(tuple->items[i], WCB_KIND_TYPE)) return false;
    }
    return true;
}

/* int | None: a tuple of types, which is what isinstance takes and all that a program does with it. */
static wcv operators_union(wcb_ctx *ctx, wcv a, wcv b) {
    if (!operators_is_union(a) || !operators_is_union(b) || (a == WCB_NONE && b == WCB_NONE)) return WCB_NOT_IMPLEMENTED;
    wcv operands[2] = {a, b};
    wcv result = wcb_new_list(ctx, 0, NULL);
    if (!result) return 0;
    for (int i = 0; i < 2; i++) {
        wcv type = operands[i] == WCB_NONE ? (wcv)WCB_TYPE(NoneType) : operands[i];
        int failed = wcb_is_kind(type, WCB_KIND_TUPLE) ? wcb_list_extend(ctx, result, type)
                                                       : wcb_list_append(ctx, result, type);
        if (failed < 0) return 0;
    }
    return wcb_tuple_of(ctx, result);
}

static bool operators_is_table(wcb_kind_t kind) {
    return kind == WCB_KIND_SET || kind == WCB_KIND_FROZENSET || kind == WCB_KIND_DICT_VIEW;
}

static bool operators_is_sequence(wcb_kind_t kind) {
    return kind == WCB_KIND_LIST || kind == WCB_KIND_TUPLE || kind == WCB_KIND_DEQUE;
}

static bool operators_is_number(wcb_kind_t kind) {
    return kind == WCB_KIND_INT || kind == WCB_KIND_BOOL || kind == WCB_KIND_FLOAT || kind == WCB_KIND_COMPLEX;
}

wcv wcb_builtin_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_kind_t kind_a = wcb_kind(a), kind_b = wcb_kind(b);
    if (operators_is_number(kind_a) && operators_is_number(kind_b)) return wcb_number_binary(ctx, op, a, b);
    if (kind_a == WCB_KIND_STR) return wcb_str_binary(ctx, op, a, b);
    if (kind_b == WCB_KIND_STR && op == WCB_MUL && !operators_is_sequence(kind_a)) return wcb_str_binary(ctx, op, b, a);
    if (operators_is_sequence(kind_a) || (operators_is_sequence(kind_b) && op == WCB_MUL)) {
        wcv result = wcb_sequence_binary(ctx, op, a, b);
        if (result != WCB_NOT_IMPLEMENTED) return result;
    }
    if (operators_is_table(kind_a) || operators_is_table(kind_b)) return wcb_set_binary(ctx, op, a, b, false);
    if (kind_a == WCB_KIND_DICT && kind_b == WCB_KIND_DICT) return wcb_dict_binary(ctx, op, a, b, false);
    return op == WCB_OR ? operators_union(ctx, a, b) : WCB_NOT_IMPLEMENTED;
}

wcv wcb_builtin_inplace(wcb_ctx *ctx, int op, wcv a, wcv b) {
    switch (wcb_kind(a)) {
    case WCB_KIND_LIST:
    case WCB_KIND_DEQUE: return wcb_sequence_inplace(ctx, op, a, b);
    case WCB_KIND_SET: return wcb_set_binary(ctx, op, a, b, true);
    case WCB_KIND_DICT: return wcb_dict_binary(ctx, op, a, b, true);
    default: return WCB_NOT_IMPLEMENTED;
    }
}

/* ---- binary operators ---- */

static bool operators_repeats(wcb_kind_t kind) { return kind == WCB_KIND_STR || operators_is_sequence(kind); }

static wcv operators_binary_error(wcb_ctx *ctx, int op, wcv a, wcv b, bool inplace) {
    wcb_kind_t kind_a = wcb_kind(a), kind_b = wcb_kind(b);
    if (op == WCB_ADD && operators_repeats(kind_a)) {
        const char *name = kind_a == WCB_KIND_STR ? "str" : kind_a == WCB_KIND_LIST ? "list"
                           : kind_a == WCB_KIND_TUPLE ? "tuple" : "deque";
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "can only concatenate %s (not \"%V\") to %s", name, b, name);
    }
    if (op == WCB_MUL && (operators_repeats(kind_a) || operators_repeats(kind_b))) {
        wcv other = operators_repeats(kind_a) ? b : a;
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "can't multiply sequence by non-int of type '%V'", other);
    }
    const char *format = inplace ? "unsupported operand type(s) for %s=: '%V' and '%V'"
                                 : "unsupported operand type(s) for %s: '%V' and '%V'";
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, format, operators_table[op].symbol, a, b);
}

/* The operator through methods of the program's classes; WCB_NOT_IMPLEMENTED where no side knows. */
static wcv operators_by_methods(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_type *type_a = wcb_type_of(a), *type_b = wcb_type_of(b);
    wcv forward = operators_find(ctx, type_a, operators_table[op].plain);
    wcv reflected = type_a == type_b ? 0 : operators_find(ctx, type_b, operators_table[op].reflected);
    if (forward && WCB_IS_NONE_METHOD(forward)) return WCB_NOT_IMPLEMENTED;
    bool overrides = reflected && wcb_is_subtype(type_b, type_a) &&
                     reflected != operators_find(ctx, type_a, operators_table[op].reflected);
    /* The + and * of sequences come after the methods of both sides. */
    bool repeats_a = operators_repeats((wcb_kind_t)type_a->kind), repeats_b = operators_repeats((wcb_kind_t)type_b->kind);
    bool sequence = !forward && (op == WCB_ADD ? repeats_a : op == WCB_MUL && (repeats_a || repeats_b));
    if (reflected && (overrides || sequence)) {
        wcv result = operators_ask(ctx, b, reflected, a);
        if (result != WCB_NOT_IMPLEMENTED) return result;
        reflected = 0;
    }
    wcv result = forward ? operators_ask(ctx, a, forward, b) : wcb_builtin_binary(ctx, op, a, b);
    if (result != WCB_NOT_IMPLEMENTED) return result;
    if (reflected) return operators_ask(ctx, b, reflected, a);
    /* What a built-in type on the right says where the left one's own method gives up. */
    return forward && type_a != type_b && type_b->index >= 0 ? wcb_builtin_binary(ctx, op, a, b) : WCB_NOT_IMPLEMENTED;
}

static wcv operators_binary(wcb_ctx *ctx, int op, wcv a, wcv b, bool inplace) {
    bool plain = wcb_type_of(a)->index >= 0 && wcb_type_of(b)->index >= 0;
    wcv result = plain ? wcb_builtin_binary(ctx, op, a, b) : operators_by_methods(ctx, op, a, b);
    return result == WCB_NOT_IMPLEMENTED ? operators_binary_error(ctx, op, a, b, inplace) : result;
}

/* The value of an int or float as a float, of no other type. */
static inline bool operators_as_float(wcv v, double *out) {
    if (wcb_is_small(v)) *out = (double)wcb_small(v);
    else if (operators_is_exact(v, WCB_TYPE(float))) *out = WCB_AS(wcb_float, v)->value;
    else return false;
    return true;
}

wcv wcb_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    double x, y;
    if (wcb_is_small(a) && wcb_is_small(b)) {
        int64_t m = wcb_small(a), n = wcb_small(b);
        if (op == WCB_ADD) return wcb_int(ctx, m + n);
        if (op == WCB_SUB) return wcb_int(ctx, m - n);
        if (op != WCB_MATMUL) return wcb_number_binary(ctx, op, a, b);
    } else if (op <= WCB_MOD && operators_as_float(a, &x) && operators_as_float(b, &y)) {
        return wcb_float_binary(ctx, op, x, y);
    }
    return operators_binary(ctx, op, a, b, false);
}

wcv wcb_inplace(wcb_ctx *ctx, int op, wcv a, wcv b) {
    if (wcb_is_small(a)) return wcb_binary(ctx, op, a, b);
    wcv function = operators_find(ctx, wcb_type_of(a), operators_table[op].inplace);
    wcv result = function ? operators_ask(ctx, a, function, b) : wcb_builtin_inplace(ctx, op, a, b);
    return result == WCB_NOT_IMPLEMENTED ? operators_binary(ctx, op, a, b, true) : result;
}

/* ---- unary operators ---- */

wcv wcb_unary(wcb_ctx *ctx, int op, wcv a) {
    static const int32_t names[] = {WCB_N___neg__, WCB_N___pos__, WCB_N___invert__};
    static const char *const symbols[] = {"-", "+", "~"};
    wcv function = operators_find(ctx, wcb_type_of(a), names[op]);
    if (function) return wcb_call_special(ctx, a, function, 0, NULL);
    wcv result = wcb_number_unary(ctx, op, a);
    if (result != WCB_NOT_IMPLEMENTED) return result;
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "bad operand type for unary %s: '%V'", symbols[op], a);
}
