/* Arithmetic, comparison and hashing of numbers: int within 62 bits, bool, float, complex, and instances of subclasses.
 * Constructors and methods are in number_types.c, what is special to floats and complex numbers in floats.c.
 */
#include "value.h"

wcv wcb_int(wcb_ctx *ctx, int64_t n) {
    if (n < WCB_INT_MIN || n > WCB_INT_MAX) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    return wcb_from_small(n);
}

wcv wcb_new_float(wcb_ctx *ctx, double d) {
    wcb_float *result = wcb_alloc(ctx, sizeof *result);
    if (!result) return 0;
    result->type = WCB_TYPE(float);
    result->value = d;
    result->attributes = 0;
    return (wcv)result;
}

wcv wcb_new_complex(wcb_ctx *ctx, double real, double imag) {
    wcb_complex *result = wcb_alloc(ctx, sizeof *result);
    if (!result) return 0;
    result->type = WCB_TYPE(complex);
    result->real = real;
    result->imag = imag;
    return (wcv)result;
}

bool wcb_as_int(wcv v, int64_t *out) {
    if (wcb_is_small(v)) {
        *out = wcb_small(v);
        return true;
    }
    if (v == WCB_TRUE || v == WCB_FALSE) {
        *out = v == WCB_TRUE;
        return true;
    }
    if (!wcb_is_kind(v, WCB_KIND_INT)) return false;
    *out = WCB_AS(wcb_boxed_int, v)->value;
    return true;
}

bool wcb_as_double(wcv v, double *out) {
    int64_t n;
    if (wcb_is_kind(v, WCB_KIND_FLOAT)) {
        *out = WCB_AS(wcb_float, v)->value;
        return true;
    }
    if (!wcb_as_int(v, &n)) return false;
    *out = (double)n;
    return true;
}

int wcb_index(wcb_ctx *ctx, wcv v, int64_t *out) {
    if (wcb_as_int(v, out)) return 0;
    wcv function = wcb_lookup_special(ctx, v, WCB_N___index__);
    if (ctx->exception) return -1;
    if (!function) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object cannot be interpreted as an integer", v);
        return -1;
    }
    wcv result = wcb_call_special(ctx, v, function, 0, NULL);
    if (!result) return -1;
    if (wcb_as_int(result, out)) return 0;
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "__index__ returned non-int (type %V)", result);
    return -1;
}

/* ---- ints ---- */

static int64_t numbers_floor_divide(int64_t a, int64_t b) {
    int64_t quotient = a / b;
    return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

static int64_t numbers_modulo(int64_t a, int64_t b) {
    int64_t remainder = a % b;
    return (remainder != 0 && (remainder < 0) != (b < 0)) ? remainder + b : remainder;
}

/* The double nearest to a / b. Beyond 2**53 the operands would be rounded first, so the quotient is made of ints: at
 * least 55 bits of it, the last of which is set if anything is left. */
static double numbers_true_divide(int64_t a, int64_t b) {
    const int64_t exact = 1ll << 53;
    if (a >= -exact && a <= exact && b >= -exact && b <= exact) return (double)a / (double)b;
    uint64_t x = a < 0 ? -(uint64_t)a : (uint64_t)a, y = b < 0 ? -(uint64_t)b : (uint64_t)b;
    if (x == 0) return b < 0 ? -0.0 : 0.0;
    int shift = 55 + (64 - __builtin_clzll(y)) - (64 - __builtin_clzll(x));
    if (shift < 0) shift = 0;
    unsigned __int128 scaled = (unsigned __int128)x << shift;
    uint64_t quotient = (uint64_t)(scaled / y) | (scaled % y != 0);
    double result = ldexp((double)quotient, -shift);
    return (a < 0) != (b < 0) ? -result : result;
}

static wcv numbers_int_power(wcb_ctx *ctx, int64_t base, int64_t exponent) {
    if (exponent < 0) {
        if (base == 0) {
            return wcb_raise(ctx, WCB_TYPE_ZeroDivisionError, "0.0 cannot be raised to a negative power");
        }
        return wcb_float_power(ctx, (double)base, (double)exponent);
    }
    int64_t result = 1;
    bool overflow = false;
    while (exponent) {
        if (exponent & 1) overflow |= __builtin_mul_overflow(result, base, &result);
        exponent >>= 1;
        if (exponent) overflow |= __builtin_mul_overflow(base, base, &base);
        /* Bases 0, 1 and -1 never get here; with others an overflow is final. */
        if (overflow) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    }
    return wcb_int(ctx, result);
}

static wcv numbers_shift(wcb_ctx *ctx, bool left, int64_t a, int64_t count) {
    if (count < 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "negative shift count");
    if (!left) return wcb_from_small(a >> (count > 63 ? 63 : count));
    if (a == 0) return wcb_from_small(0);
    if (count > 62) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    int64_t result = (int64_t)((uint64_t)a << count);
    return (result >> count) == a ? wcb_int(ctx, result) : wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
}

static wcv numbers_divmod_int(wcb_ctx *ctx, int64_t a, int64_t b) {
    wcv pair[2] = {wcb_int(ctx, numbers_floor_divide(a, b)), wcb_from_small(numbers_modulo(a, b))};
    return pair[0] ? wcb_new_tuple(ctx, 2, pair) : 0;
}

static const char *numbers_int_zero_message(int op) {
    if (op == WCB_TRUEDIV) return "division by zero";
    return op == WCB_MOD ? "integer modulo by zero" : "integer division or modulo by zero";
}

static wcv numbers_int_binary(wcb_ctx *ctx, int op, int64_t a, int64_t b) {
    int64_t product;
    if (b == 0 && (op == WCB_TRUEDIV || op == WCB_FLOORDIV || op == WCB_MOD || op == WCB_DIVMOD)) {
        return wcb_raise(ctx, WCB_TYPE_ZeroDivisionError, numbers_int_zero_message(op));
    }
    switch (op) {
    case WCB_ADD: return wcb_int(ctx, a + b); /* 63 bits: no overflow */
    case WCB_SUB: return wcb_int(ctx, a - b);
    case WCB_MUL:
        if (__builtin_mul_overflow(a, b, &product)) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        return wcb_int(ctx, product);
    case WCB_TRUEDIV: return wcb_new_float(ctx, numbers_true_divide(a, b));
    case WCB_FLOORDIV: return wcb_int(ctx, numbers_floor_divide(a, b));
    case WCB_MOD: return wcb_from_small(numbers_modulo(a, b));
    case WCB_DIVMOD: return numbers_divmod_int(ctx, a, b);
    case WCB_POW: return numbers_int_power(ctx, a, b);
    case WCB_LSHIFT: return numbers_shift(ctx, true, a, b);
    case WCB_RSHIFT: return numbers_shift(ctx, false, a, b);
    case WCB_AND: return wcb_from_small(a & b);
    case WCB_OR: return wcb_from_small(a | b);
    case WCB_XOR: return wcb_from_small(a ^ b);
    default: return WCB_NOT_IMPLEMENTED;
    }
}

/* ---- any two numbers ---- */

static bool numbers_as_complex(wcv v, double *real, double *imag) {
    if (wcb_is_kind(v, WCB_KIND_COMPLEX)) {
        *real = WCB_AS(wcb_complex, v)->real;
        *imag = WCB_AS(wcb_complex, v)->imag;
        return true;
    }
    *imag = 0.0;
    return wcb_as_double(v, real);
}

static bool numbers_is_bool(wcv v) { return v == WCB_TRUE || v == WCB_FALSE; }

wcv wcb_number_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    int64_t m, n;
    bool int_a = wcb_as_int(a, &m), int_b = wcb_as_int(b, &n);
    if (int_a && int_b) {
        if (numbers_is_bool(a) && numbers_is_bool(b)) {
            if (op == WCB_AND) return wcb_from_bool(m & n);
            if (op == WCB_OR) return wcb_from_bool(m | n);
            if (op == WCB_XOR) return wcb_from_bool(m ^ n);
        }
        return numbers_int_binary(ctx, op, m, n);
    }
    double x, y, x_imag, y_imag;
    if (wcb_as_double(a, &x) && wcb_as_double(b, &y)) return wcb_float_binary(ctx, op, x, y);
    if (!numbers_as_complex(a, &x, &x_imag) || !numbers_as_complex(b, &y, &y_imag)) return WCB_NOT_IMPLEMENTED;
    return wcb_complex_binary(ctx, op, (wcb_complex){NULL, x, x_imag}, (wcb_complex){NULL, y, y_imag});
}

wcv wcb_number_unary(wcb_ctx *ctx, int op, wcv a) {
    int64_t n;
    if (wcb_as_int(a, &n)) {
        if (op == WCB_NEGATIVE) return wcb_int(ctx, -n);
        return wcb_from_small(op == WCB_INVERT ? ~n : n);
    }
    if (op == WCB_INVERT) return WCB_NOT_IMPLEMENTED;
    double sign = op == WCB_NEGATIVE ? -1.0 : 1.0;
    if (wcb_is_kind(a, WCB_KIND_FLOAT)) {
        if (op == WCB_POSITIVE && WCB_AS(wcb_float, a)->type == WCB_TYPE(float)) return a;
        return wcb_new_float(ctx, sign * WCB_AS(wcb_float, a)->value);
    }
    if (!wcb_is_kind(a, WCB_KIND_COMPLEX)) return WCB_NOT_IMPLEMENTED;
    const wcb_complex *z = WCB_AS(wcb_complex, a);
    return wcb_new_complex(ctx, sign * z->real, sign * z->imag);
}

/* ---- comparison ---- */

static int numbers_order_int_double(int64_t n, double d) {
    if (isnan(d)) return 2;
    if (d >= 0x1p63) return -1;
    if (d < -0x1p63) return 1;
    int64_t whole = (int64_t)d;
    if (n != whole) return n < whole ? -1 : 1;
    double rest = d - (double)whole; /* exact: with a fraction, |d| < 2**53 */
    return rest > 0 ? -1 : rest < 0 ? 1 : 0;
}

int wcb_number_compare(wcv a, wcv b) {
    int64_t m = 0, n = 0;
    bool int_a = wcb_as_int(a, &m), int_b = wcb_as_int(b, &n);
    if (int_a && int_b) return m < n ? -1 : m > n;
    if (int_a) return numbers_order_int_double(m, WCB_AS(wcb_float, b)->value);
    double x = WCB_AS(wcb_float, a)->value;
    if (int_b) {
        int order = numbers_order_int_double(n, x);
        return order == 2 ? 2 : -order;
    }
    double y = WCB_AS(wcb_float, b)->value;
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
}

static bool numbers_order_matches(int op, int order) {
    if (order == 2) return op == WCB_NE;
    switch (op) {
    case WCB_LT: return order < 0;
    case WCB_LE: return order <= 0;
    case WCB_EQ: return order == 0;
    case WCB_NE: return order != 0;
    case WCB_GT: return order > 0;
    default: return order >= 0;
    }
}

int wcb_number_test(int op, wcv a, wcv b) {
    wcb_kind_t kind_a = wcb_kind(a), kind_b = wcb_kind(b);
    bool real_a = kind_a == WCB_KIND_INT || kind_a == WCB_KIND_BOOL || kind_a == WCB_KIND_FLOAT;
    bool real_b = kind_b == WCB_KIND_INT || kind_b == WCB_KIND_BOOL || kind_b == WCB_KIND_FLOAT;
    if (real_a && real_b) return numbers_order_matches(op, wcb_number_compare(a, b));
    if (op != WCB_EQ && op != WCB_NE) return -1;
    if ((kind_a != WCB_KIND_COMPLEX && !real_a) || (kind_b != WCB_KIND_COMPLEX && !real_b)) return -1;
    if (!real_a && !real_b) {
        const wcb_complex *x = WCB_AS(wcb_complex, a), *y = WCB_AS(wcb_complex, b);
        return (x->real == y->real && x->imag == y->imag) == (op == WCB_EQ);
    }
    const wcb_complex *z = WCB_AS(wcb_complex, real_a ? b : a);
    wcb_float real_part = {WCB_TYPE(float), z->real, 0};
    bool equal = z->imag == 0.0 && wcb_number_compare(real_a ? a : b, (wcv)&real_part) == 0;
    return equal == (op == WCB_EQ);
}

/* ---- hashes, as CPython computes them: modulo 2**61 - 1 ---- */

#define NUMBERS_MODULUS ((1ull << 61) - 1)

uint64_t wcb_hash_int(int64_t n) {
    uint64_t magnitude = n < 0 ? -(uint64_t)n : (uint64_t)n;
    if (magnitude >= NUMBERS_MODULUS) magnitude %= NUMBERS_MODULUS;
    uint64_t hash = n < 0 ? -magnitude : magnitude;
    return hash == UINT64_MAX ? UINT64_MAX - 1 : hash;
}

uint64_t wcb_hash_double(double d) {
    if (d >= -0x1p53 && d <= 0x1p53 && d == (double)(int64_t)d) return wcb_hash_int((int64_t)d);
    if (isinf(d)) return d > 0 ? 314159 : (uint64_t)-314159;
    if (isnan(d)) return 0; /* wcb_hash gives a nan the hash of its identity */
    int exponent;
    double rest = fabs(frexp(d, &exponent));
    uint64_t hash = 0;
    while (rest != 0.0) {
        hash = ((hash << 28) & NUMBERS_MODULUS) | hash >> (61 - 28);
        rest *= 0x1p28;
        exponent -= 28;
        uint64_t digit = (uint64_t)rest;
        rest -= (double)digit;
        hash += digit;
        if (hash >= NUMBERS_MODULUS) hash -= NUMBERS_MODULUS;
    }
    exponent = exponent >= 0 ? exponent % 61 : 60 - (-1 - exponent) % 61;
    hash = ((hash << exponent) & NUMBERS_MODULUS) | hash >> (61 - exponent);
    if (d < 0) hash = -hash;
    return hash == UINT64_MAX ? UINT64_MAX - 1 : hash;
}

uint64_t wcb_hash_identity(wcv v) {
    /* Objects are 8-aligned: the low bits, which say nothing, go to the top. */
    return v >> 4 | v << 60;
}
