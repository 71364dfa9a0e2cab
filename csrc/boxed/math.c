/* The functions of math on floats. What libm answers, CPython answers; only errors are told by its rules. */
#include "builtins.h"

static wcv math_domain_error(wcb_ctx *ctx) { return wcb_raise(ctx, WCB_TYPE_ValueError, "math domain error"); }

static wcv math_range_error(wcb_ctx *ctx) { return wcb_raise(ctx, WCB_TYPE_OverflowError, "math range error"); }

static int math_one(wcb_ctx *ctx, const wcb_args *args, const char *name, double *x) {
    wcv v;
    return wcb_parse(ctx, args, name, "x/", &v) < 0 || wcb_float_of(ctx, v, x) < 0 ? -1 : 0;
}

static int math_two(wcb_ctx *ctx, const wcb_args *args, const char *name, double *x, double *y) {
    wcv v[2];
    if (wcb_parse(ctx, args, name, "x y/", v) < 0 || wcb_float_of(ctx, v[0], x) < 0) return -1;
    return wcb_float_of(ctx, v[1], y);
}

static wcv math_apply(wcb_ctx *ctx, const wcb_args *args, const char *name, double (*function)(double), bool overflows) {
    double x;
    if (math_one(ctx, args, name, &x) < 0) return 0;
    double result = function(x);
    if (isnan(result) && !isnan(x)) return math_domain_error(ctx);
    if (isinf(result) && isfinite(x)) return overflows ? math_range_error(ctx) : math_domain_error(ctx);
    return wcb_new_float(ctx, result);
}

#define MATH_FUNCTION(name, overflows) \
    wcv math_##name(wcb_ctx *ctx, const wcb_args *args) { return math_apply(ctx, args, #name, name, overflows); }
MATH_FUNCTION(sqrt, false)
MATH_FUNCTION(cbrt, false)
MATH_FUNCTION(exp, true)
MATH_FUNCTION(exp2, true)
MATH_FUNCTION(expm1, true)
MATH_FUNCTION(log1p, false)
MATH_FUNCTION(sin, false)
MATH_FUNCTION(cos, false)
MATH_FUNCTION(tan, false)
MATH_FUNCTION(asin, false)
MATH_FUNCTION(acos, false)
MATH_FUNCTION(atan, false)
MATH_FUNCTION(sinh, true)
MATH_FUNCTION(cosh, true)
MATH_FUNCTION(tanh, false)
MATH_FUNCTION(asinh, false)
MATH_FUNCTION(acosh, false)
MATH_FUNCTION(atanh, false)
MATH_FUNCTION(fabs, false)
MATH_FUNCTION(erf, false)
MATH_FUNCTION(erfc, false)
#undef MATH_FUNCTION

static double math_to_degrees(double x) { return x * (180.0 / M_PI); }

static double math_to_radians(double x) { return x * (M_PI / 180.0); }

wcv math_degrees(wcb_ctx *ctx, const wcb_args *args) {
    double x;
    return math_one(ctx, args, "degrees", &x) < 0 ? 0 : wcb_new_float(ctx, math_to_degrees(x));
}

wcv math_radians(wcb_ctx *ctx, const wcb_args *args) {
    double x;
    return math_one(ctx, args, "radians", &x) < 0 ? 0 : wcb_new_float(ctx, math_to_radians(x));
}

/* ---- two floats ---- */

wcv math_power(wcb_ctx *ctx, const wcb_args *args) {
    double x, y;
    if (math_two(ctx, args, "pow", &x, &y) < 0) return 0;
    double result = pow(x, y);
    if (isfinite(x) && isfinite(y) && !isfinite(result)) {
        return isnan(result) || x == 0.0 ? math_domain_error(ctx) : math_range_error(ctx);
    }
    return wcb_new_float(ctx, result);
}

wcv math_fmod(wcb_ctx *ctx, const wcb_args *args) {
    double x, y;
    if (math_two(ctx, args, "fmod", &x, &y) < 0) return 0;
    double result = fmod(x, y);
    return isnan(result) && !isnan(x) && !isnan(y) ? math_domain_error(ctx) : wcb_new_float(ctx, result);
}

wcv math_remainder(wcb_ctx *ctx, const wcb_args *args) {
    double x, y;
    if (math_two(ctx, args, "remainder", &x, &y) < 0) return 0;
    double result = remainder(x, y);
    return isnan(result) && !isnan(x) && !isnan(y) ? math_domain_error(ctx) : wcb_new_float(ctx, result);
}

wcv math_copysign(wcb_ctx *ctx, const wcb_args *args) {
    double x, y;
    return math_two(ctx, args, "copysign", &x, &y) < 0 ? 0 : wcb_new_float(ctx, copysign(x, y));
}

wcv math_atan2(wcb_ctx *ctx, const wcb_args *args) {
    double y, x;
    return math_two(ctx, args, "atan2", &y, &x) < 0 ? 0 : wcb_new_float(ctx, atan2(y, x));
}

wcv math_nextafter(wcb_ctx *ctx, const wcb_args *args) {
    double x, y;
    return math_two(ctx, args, "nextafter", &x, &y) < 0 ? 0 : wcb_new_float(ctx, nextafter(x, y));
}

wcv math_ulp(wcb_ctx *ctx, const wcb_args *args) {
    double x;
    if (math_one(ctx, args, "ulp", &x) < 0) return 0;
    x = fabs(x);
    if (!isfinite(x)) return wcb_new_float(ctx, x);
    double above = nextafter(x, INFINITY);
    return wcb_new_float(ctx, isinf(above) ? x - nextafter(x, 0.0) : above - x);
}

wcv math_isclose(wcb_ctx *ctx, const wcb_args *args) {
    wcv v[4];
    double a, b, relative = 1e-9, absolute = 0.0;
    if (wcb_parse(ctx, args, "isclose", "a b|*rel_tol abs_tol", v) < 0) return 0;
    if (wcb_float_of(ctx, v[0], &a) < 0 || wcb_float_of(ctx, v[1], &b) < 0) return 0;
    if (v[2] && wcb_float_of(ctx, v[2], &relative) < 0) return 0;
    if (v[3] && wcb_float_of(ctx, v[3], &absolute) < 0) return 0;
    if (relative < 0.0 || absolute < 0.0) {
        return wcb_raise(ctx, WCB_TYPE_ValueError, "tolerances must be non-negative");
    }
    if (a == b) return WCB_TRUE;
    if (isinf(a) || isinf(b)) return WCB_FALSE;
    double distance = fabs(b - a);
    return wcb_from_bool(distance <= fabs(relative * b) || distance <= fabs(relative * a) || distance <= absolute);
}

/* ---- parts of a float ---- */

wcv math_isnan(wcb_ctx *ctx, const wcb_args *args) {
    double x;
    return math_one(ctx, args, "isnan", &x) < 0 ? 0 : wcb_from_bool(isnan(x));
}

wcv math_isinf(wcb_ctx *ctx, const wcb_args *args) {
    double x;
    return math_one(ctx, args, "isinf", &x) < 0 ? 0 : wcb_from_bool(isinf(x));
}

wcv math_isfinite(wcb_ctx *ctx, const wcb_args *args) {
    double x;
    return math_one(ctx, args, "isfinite", &x) < 0 ? 0 : wcb_from_bool(isfinite(x));
}

static wcv math_pair(wcb_ctx *ctx, wcv first, wcv second) {
    wcv pair[2] = {first, second};
    return first && second ? wcb_new_tuple(ctx, 2, pair) : 0;
}

wcv math_frexp(wcb_ctx *ctx, const wcb_args *args) {
    double x;
    int exponent = 0;
    if (math_one(ctx, args, "frexp", &x) < 0) return 0;
    double rest = isfinite(x) ? frexp(x, &exponent) : x;
    return math_pair(ctx, wcb_new_float(ctx, rest), wcb_from_small(exponent));
}

wcv math_modf(wcb_ctx *ctx, const wcb_args *args) {
    double x, whole;
    if (math_one(ctx, args, "modf", &x) < 0) return 0;
    double fraction = modf(x, &whole);
    wcv first = wcb_new_float(ctx, fraction);
    return math_pair(ctx, first, wcb_new_float(ctx, whole));
}

wcv math_ldexp(wcb_ctx *ctx, const wcb_args *args) {
    wcv v[2];
    double x;
    int64_t exponent;
    if (wcb_parse(ctx, args, "ldexp", "x i/", v) < 0 || wcb_float_of(ctx, v[0], &x) < 0) return 0;
    if (!wcb_as_int(v[1], &exponent)) {
        return wcb_raise(ctx, WCB_TYPE_TypeError, "Expected an int as second argument to ldexp.");
    }
    const int64_t most = 10000;
    double result = ldexp(x, (int)(exponent > most ? most : exponent < -most ? -most : exponent));
    return isinf(result) && isfinite(x) ? math_range_error(ctx) : wcb_new_float(ctx, result);
}

/* ---- logarithms ---- */

static int math_logarithm(wcb_ctx *ctx, wcv v, double (*function)(double), double *out) {
    double x;
    if (wcb_float_of(ctx, v, &x) < 0) return -1;
    if (x <= 0.0) {
        math_domain_error(ctx);
        return -1;
    }
    *out = function(x);
    return 0;
}

wcv math_log(wcb_ctx *ctx, const wcb_args *args) {
    wcv v[2];
    double x, base;
    if (wcb_parse(ctx, args, "log", "x|base/", v) < 0 || math_logarithm(ctx, v[0], log, &x) < 0) return 0;
    if (!v[1]) return wcb_new_float(ctx, x);
    return math_logarithm(ctx, v[1], log, &base) < 0 ? 0 : wcb_float_binary(ctx, WCB_TRUEDIV, x, base);
}

wcv math_log2(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    double x;
    return wcb_parse(ctx, args, "log2", "x/", &v) < 0 || math_logarithm(ctx, v, log2, &x) < 0 ? 0 : wcb_new_float(ctx, x);
}

wcv math_log10(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    double x;
    return wcb_parse(ctx, args, "log10", "x/", &v) < 0 || math_logarithm(ctx, v, log10, &x) < 0 ? 0 : wcb_new_float(ctx, x);
}

/* ---- distances ---- */

/* A sum that keeps what rounding takes off it: `total` is at least as large as every summand. */
typedef struct { double total, lost_by_squares, lost_by_cross, rest; } math_sum;

static inline void math_add(math_sum *sum, double x, double *lost) {
    double before = sum->total;
    sum->total += x;
    *lost += (before - sum->total) + x;
}

/* Adds sign * x * x, from the halves of x, whose products are exact. */
static inline void math_add_square(math_sum *sum, double x, double sign) {
    double split = x * 134217729.0; /* 2**27 + 1 */
    double high = split - (split - x), low = x - high;
    math_add(sum, sign * (high * high), &sum->lost_by_squares);
    math_add(sum, sign * (2.0 * high * low), &sum->lost_by_cross);
    if (sign > 0.0) sum->rest += low * low;
    else math_add(sum, -low * low, &sum->rest);
}

static inline double math_summed(const math_sum *sum) {
    return sum->total - 1.0 + (sum->lost_by_squares + sum->lost_by_cross + sum->rest);
}

/* The root of the sum of squares of values >= 0, `largest` among them: scaled, summed and corrected by one step of
 * Newton's method, as CPython 3.11 does, so that all bits agree. */
static double math_norm(int64_t count, const double *values, double largest, bool any_nan) {
    int exponent;
    if (isinf(largest)) return largest;
    if (any_nan) return NAN;
    if (largest == 0.0 || count <= 1) return largest;
    math_sum sum = {1.0, 0.0, 0.0, 0.0};
    frexp(largest, &exponent);
    if (exponent < -1023) { /* the scale would overflow */
        for (int64_t i = 0; i < count; i++) {
            double x = values[i] / largest;
            math_add(&sum, x * x, &sum.lost_by_squares);
        }
        return largest * sqrt(sum.total - 1.0 + sum.lost_by_squares);
    }
    double scale = ldexp(1.0, -exponent);
    for (int64_t i = 0; i < count; i++) math_add_square(&sum, values[i] * scale, 1.0);
    double root = sqrt(math_summed(&sum));
    math_add_square(&sum, root, -1.0);
    return (root + math_summed(&sum) / (2.0 * root)) / scale;
}

typedef struct { double *values, largest; bool any_nan; } math_vector;

static void math_collect(math_vector *vector, int64_t i, double x) {
    x = fabs(x);
    vector->values[i] = x;
    vector->any_nan |= isnan(x);
    if (x > vector->largest) vector->largest = x;
}

wcv math_hypot(wcb_ctx *ctx, const wcb_args *args) {
    if (args->num_keywords) return wcb_raise(ctx, WCB_TYPE_TypeError, "math.hypot() takes no keyword arguments");
    math_vector vector = {wcb_alloc(ctx, sizeof(double) * (size_t)(args->count + 1)), 0.0, false};
    if (!vector.values) return 0;
    for (int32_t i = 0; i < args->count; i++) {
        double x;
        if (wcb_float_of(ctx, args->values[i], &x) < 0) return 0;
        math_collect(&vector, i, x);
    }
    return wcb_new_float(ctx, math_norm(args->count, vector.values, vector.largest, vector.any_nan));
}

wcv math_dist(wcb_ctx *ctx, const wcb_args *args) {
    wcv points[2];
    if (wcb_parse(ctx, args, "dist", "p q/", points) < 0) return 0;
    for (int i = 0; i < 2; i++) {
        if (!wcb_is_kind(points[i], WCB_KIND_TUPLE) && !(points[i] = wcb_tuple_of(ctx, points[i]))) return 0;
    }
    const wcb_tuple *p = WCB_AS(wcb_tuple, points[0]), *q = WCB_AS(wcb_tuple, points[1]);
    if (p->length != q->length) {
        return wcb_raise(ctx, WCB_TYPE_ValueError, "both points must have the same number of dimensions");
    }
    math_vector vector = {wcb_alloc(ctx, sizeof(double) * (size_t)(p->length + 1)), 0.0, false};
    if (!vector.values) return 0;
    for (int64_t i = 0; i < p->length; i++) {
        double x, y;
        if (wcb_float_of(ctx, p->items[i], &x) < 0 || wcb_float_of(ctx, q->items[i], &y) < 0) return 0;
        math_collect(&vector, i, x - y);
    }
    return wcb_new_float(ctx, math_norm(p->length, vector.values, vector.largest, vector.any_nan));
}
