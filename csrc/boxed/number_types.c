/* int(), float(), bool(), complex(), and the methods and attributes of numbers. */
#include "value.h"

/* ---- constructors ---- */

static wcv number_types_make_int(wcb_ctx *ctx, wcb_type *type, wcv value) {
    int64_t n;
    if (!value || type == WCB_TYPE(int)) return value;
    wcb_boxed_int *result = wcb_alloc(ctx, sizeof *result);
    if (!result) return 0;
    wcb_as_int(value, &n);
    result->type = type;
    result->value = n;
    result->attributes = 0;
    return (wcv)result;
}

/* v.__name__() where v has such a method; 0 without an exception: it has none. */
static wcv number_types_convert(wcb_ctx *ctx, wcv v, int32_t name_id) {
    wcv function = wcb_lookup_special(ctx, v, name_id);
    return function ? wcb_call_special(ctx, v, function, 0, NULL) : 0;
}

static wcv number_types_int_of(wcb_ctx *ctx, wcv v) {
    static const int32_t names[3] = {WCB_N___int__, WCB_N___index__, WCB_N___trunc__};
    int64_t n;
    for (int i = 0; i < 3 && wcb_type_of(v)->index < 0; i++) {
        wcv result = number_types_convert(ctx, v, names[i]);
        if (!result && ctx->exception) return 0;
        if (!result) continue;
        if (wcb_as_int(result, &n)) return wcb_from_small(n);
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "__int__ returned non-int (type %V)", result);
    }
    if (wcb_as_int(v, &n)) return wcb_from_small(n);
    if (wcb_is_kind(v, WCB_KIND_FLOAT)) return wcb_int_of_float(ctx, WCB_AS(wcb_float, v)->value);
    if (wcb_is_kind(v, WCB_KIND_STR)) return wcb_parse_int(ctx, v, 10, &n) < 0 ? 0 : wcb_int(ctx, n);
    return wcb_raise_format(ctx, WCB_TYPE_TypeError,
                            "int() argument must be a string, a bytes-like object or a real number, not '%V'", v);
}

static wcv number_types_new_int(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    wcv given[2];
    int64_t base;
    if (wcb_parse(ctx, args, "int", "|x/ base", given) < 0) return 0;
    if (!given[1]) return number_types_make_int(ctx, type, given[0] ? number_types_int_of(ctx, given[0]) : wcb_from_small(0));
    if (wcb_index(ctx, given[1], &base) < 0) return 0;
    if (!given[0] || !wcb_is_kind(given[0], WCB_KIND_STR)) {
        return wcb_raise(ctx, WCB_TYPE_TypeError, given[0] ? "int() can't convert non-string with explicit base"
                                                           : "int() missing string argument");
    }
    if (base != 0 && (base < 2 || base > 36)) {
        return wcb_raise(ctx, WCB_TYPE_ValueError, "int() base must be >= 2 and <= 36, or 0");
    }
    int64_t value;
    if (wcb_parse_int(ctx, given[0], base, &value) < 0) return 0;
    return number_types_make_int(ctx, type, wcb_int(ctx, value));
}

int wcb_float_of(wcb_ctx *ctx, wcv v, double *out) {
    if (wcb_type_of(v)->index < 0) {
        wcv result = number_types_convert(ctx, v, WCB_N___float__);
        if (!result && ctx->exception) return -1;
        if (result && !wcb_is_kind(result, WCB_KIND_FLOAT)) {
            wcb_raise_format(ctx, WCB_TYPE_TypeError, "%V.__float__ returned non-float (type %V)", v, result);
            return -1;
        }
        if (result) v = result;
    }
    if (wcb_as_double(v, out)) return 0;
    int64_t n;
    wcv index = wcb_type_of(v)->index < 0 ? number_types_convert(ctx, v, WCB_N___index__) : 0;
    if (!index) {
        if (!ctx->exception) wcb_raise_format(ctx, WCB_TYPE_TypeError, "must be real number, not %V", v);
        return -1;
    }
    if (wcb_index(ctx, index, &n) < 0) return -1;
    *out = (double)n;
    return 0;
}

static wcv number_types_new_float(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    wcv given;
    double value = 0.0;
    if (wcb_parse(ctx, args, "float", "|x/", &given) < 0) return 0;
    if (given && wcb_is_kind(given, WCB_KIND_STR)) {
        if (wcb_parse_double(ctx, given, &value) < 0) return 0;
    } else if (given) {
        if (type == WCB_TYPE(float) && wcb_type_of(given) == type) return given;
        wcb_type *from = wcb_type_of(given);
        if (from->index >= 0 && !wcb_as_double(given, &value)) {
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "float() argument must be a string or a real number, not '%V'",
                                    given);
        }
        if (from->index < 0 && wcb_float_of(ctx, given, &value) < 0) return 0;
    }
    wcv result = wcb_new_float(ctx, value);
    if (result) WCB_AS(wcb_float, result)->type = type;
    return result;
}

/* One argument of complex(): 1 a complex number, 0 a real one, -1. */
static int number_types_part(wcb_ctx *ctx, wcv v, bool is_real_part, wcb_complex *out) {
    if (wcb_type_of(v)->index < 0 && is_real_part) {
        wcv converted = number_types_convert(ctx, v, WCB_N___complex__);
        if (!converted && ctx->exception) return -1;
        if (converted) v = converted;
    }
    if (!wcb_is_kind(v, WCB_KIND_COMPLEX)) return wcb_float_of(ctx, v, &out->real);
    *out = *WCB_AS(wcb_complex, v);
    return 1;
}

/* real + imag * i, where either may be complex. Zeros are not added, so that they keep their sign. */
static wcv number_types_new_complex(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    if (wcb_parse(ctx, args, "complex", "|real imag", given) < 0) return 0;
    wcb_complex real = {NULL, 0.0, 0.0}, imag = {NULL, 0.0, 0.0};
    if (given[0] && wcb_is_kind(given[0], WCB_KIND_STR)) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    int real_is_complex = given[0] ? number_types_part(ctx, given[0], true, &real) : 0;
    if (real_is_complex < 0) return 0;
    if (!given[1]) return wcb_new_complex(ctx, real.real, real.imag);
    int imag_is_complex = number_types_part(ctx, given[1], false, &imag);
    if (imag_is_complex < 0) return 0;
    return wcb_new_complex(ctx, imag_is_complex ? real.real - imag.imag : real.real,
                           real_is_complex ? imag.real + real.imag : imag.real);
}

wcv wcb_number_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    if (type == WCB_TYPE(bool)) {
        wcv given;
        if (wcb_parse(ctx, args, "bool", "|x/", &given) < 0) return 0;
        int truth = given ? wcb_truth(ctx, given) : 0;
        return truth < 0 ? 0 : wcb_from_bool(truth);
    }
    switch (type->kind) {
    case WCB_KIND_INT: return number_types_new_int(ctx, type, args);
    case WCB_KIND_FLOAT: return number_types_new_float(ctx, type, args);
    default: return number_types_new_complex(ctx, args);
    }
}

/* ---- attributes and methods ---- */

wcv wcb_number_attribute(wcb_ctx *ctx, wcv self, int32_t name_id) {
    int64_t n;
    if (wcb_as_int(self, &n)) {
        switch (name_id) {
        case WCB_N_real: case WCB_N_numerator: return wcb_from_small(n);
        case WCB_N_imag: return wcb_from_small(0);
        case WCB_N_denominator: return wcb_from_small(1);
        default: return WCB_NOT_IMPLEMENTED;
        }
    }
    if (name_id != WCB_N_real && name_id != WCB_N_imag) return WCB_NOT_IMPLEMENTED;
    if (wcb_is_kind(self, WCB_KIND_COMPLEX)) {
        const wcb_complex *z = WCB_AS(wcb_complex, self);
        return wcb_new_float(ctx, name_id == WCB_N_real ? z->real : z->imag);
    }
    if (!wcb_is_kind(self, WCB_KIND_FLOAT)) return WCB_NOT_IMPLEMENTED;
    return wcb_new_float(ctx, name_id == WCB_N_real ? WCB_AS(wcb_float, self)->value : 0.0);
}

static wcv number_types_pair(wcb_ctx *ctx, int64_t a, int64_t b) {
    wcv pair[2] = {wcb_int(ctx, a), wcb_int(ctx, b)};
    return pair[0] && pair[1] ? wcb_new_tuple(ctx, 2, pair) : 0;
}

static wcv number_types_float_ratio(wcb_ctx *ctx, double d) {
    if (isinf(d)) return wcb_raise(ctx, WCB_TYPE_OverflowError, "cannot convert Infinity to integer ratio");
    if (isnan(d)) return wcb_raise(ctx, WCB_TYPE_ValueError, "cannot convert NaN to integer ratio");
    int exponent;
    double rest = frexp(d, &exponent);
    while (rest != floor(rest)) {
        rest *= 2.0;
        exponent--;
    }
    if (exponent > 61 || exponent < -61) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    double whole = exponent > 0 ? ldexp(rest, exponent) : rest;
    if (fabs(whole) >= 0x1p62) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    return number_types_pair(ctx, (int64_t)whole, exponent < 0 ? 1ll << -exponent : 1);
}

static wcv number_types_float_method(wcb_ctx *ctx, wcv self, int32_t name_id) {
    double d = WCB_AS(wcb_float, self)->value;
    switch (name_id) {
    case WCB_N_is_integer: return wcb_from_bool(isfinite(d) && d == floor(d));
    case WCB_N_as_integer_ratio: return number_types_float_ratio(ctx, d);
    case WCB_N_conjugate: return wcb_new_float(ctx, d);
    case WCB_N_hex: return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    default: return WCB_NOT_IMPLEMENTED;
    }
}

static wcv number_types_int_method(wcb_ctx *ctx, wcv self, int32_t name_id) {
    int64_t n = 0;
    wcb_as_int(self, &n);
    uint64_t magnitude = n < 0 ? -(uint64_t)n : (uint64_t)n;
    switch (name_id) {
    case WCB_N_bit_length: return wcb_from_small(magnitude ? 64 - __builtin_clzll(magnitude) : 0);
    case WCB_N_bit_count: return wcb_from_small(__builtin_popcountll(magnitude));
    case WCB_N_conjugate: return wcb_from_small(n);
    case WCB_N_as_integer_ratio: return number_types_pair(ctx, n, 1);
    case WCB_N_to_bytes: return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE); /* there are no bytes here */
    default: return WCB_NOT_IMPLEMENTED;
    }
}

wcv wcb_number_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    wcv result;
    if (name_id != WCB_N_to_bytes && wcb_parse(ctx, args, "method", "", NULL) < 0) return 0;
    if (wcb_is_kind(self, WCB_KIND_FLOAT)) {
        result = number_types_float_method(ctx, self, name_id);
    } else if (wcb_is_kind(self, WCB_KIND_COMPLEX)) {
        const wcb_complex *z = WCB_AS(wcb_complex, self);
        result = name_id == WCB_N_conjugate ? wcb_new_complex(ctx, z->real, -z->imag) : WCB_NOT_IMPLEMENTED;
    } else {
        result = number_types_int_method(ctx, self, name_id);
    }
    if (result != WCB_NOT_IMPLEMENTED) return result;
    return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "'%V' object has no such attribute", self);
}
