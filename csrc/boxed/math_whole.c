/* The functions of math on whole numbers, and exact sums. */
#include "builtins.h"

/* ---- to whole numbers ---- */

static wcv math_round_with(wcb_ctx *ctx, const wcb_args *args, const char *name, int32_t method, double (*function)(double)) {
    wcv v;
    int64_t n;
    double x;
    if (wcb_parse(ctx, args, name, "x/", &v) < 0) return 0;
    wcv own = wcb_type_of(v)->index < 0 ? wcb_lookup_special(ctx, v, method) : 0;
    if (own) return wcb_call_special(ctx, v, own, 0, NULL);
    if (wcb_as_int(v, &n)) return wcb_from_small(n);
    if (method == WCB_N___trunc__ && !wcb_is_kind(v, WCB_KIND_FLOAT)) {
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "type %V doesn't define __trunc__ method", v);
    }
    return wcb_float_of(ctx, v, &x) < 0 ? 0 : wcb_int_of_float(ctx, function(x));
}

wcv math_floor(wcb_ctx *ctx, const wcb_args *args) { return math_round_with(ctx, args, "floor", WCB_N___floor__, floor); }

wcv math_ceil(wcb_ctx *ctx, const wcb_args *args) { return math_round_with(ctx, args, "ceil", WCB_N___ceil__, ceil); }

wcv math_trunc(wcb_ctx *ctx, const wcb_args *args) { return math_round_with(ctx, args, "trunc", WCB_N___trunc__, trunc); }

/* ---- divisors and roots ---- */

static int64_t math_greatest_divisor(int64_t a, int64_t b) {
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

wcv math_gcd(wcb_ctx *ctx, const wcb_args *args) {
    int64_t result = 0, n;
    for (int32_t i = 0; i < args->count; i++) {
        if (wcb_index(ctx, args->values[i], &n) < 0) return 0;
        result = math_greatest_divisor(result, n);
    }
    return wcb_int(ctx, result);
}

wcv math_lcm(wcb_ctx *ctx, const wcb_args *args) {
    int64_t result = 1, n;
    for (int32_t i = 0; i < args->count; i++) {
        if (wcb_index(ctx, args->values[i], &n) < 0) return 0;
        if (n == 0) {
            result = 0;
        } else if (result) {
            n = (n < 0 ? -n : n) / math_greatest_divisor(result, n);
            if (__builtin_mul_overflow(result, n, &result)) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        }
    }
    return wcb_int(ctx, result);
}

wcv math_isqrt(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    int64_t n;
    if (wcb_parse(ctx, args, "isqrt", "n/", &v) < 0 || wcb_index(ctx, v, &n) < 0) return 0;
    if (n < 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "isqrt() argument must be nonnegative");
    int64_t root = (int64_t)sqrt((double)n);
    while (root * root > n) root--;
    while ((root + 1) * (root + 1) <= n) root++;
    return wcb_from_small(root);
}

/* ---- counting ---- */

/* n * (n - 1) * ... of `count` factors. */
static wcv math_falling(wcb_ctx *ctx, int64_t n, int64_t count) {
    int64_t result = 1;
    for (; count > 0; count--, n--) {
        if (__builtin_mul_overflow(result, n, &result)) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    }
    return wcb_int(ctx, result);
}

wcv math_factorial(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    int64_t n;
    if (wcb_parse(ctx, args, "factorial", "n/", &v) < 0 || wcb_index(ctx, v, &n) < 0) return 0;
    if (n < 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "factorial() not defined for negative values");
    return math_falling(ctx, n, n);
}

static int math_two_counts(wcb_ctx *ctx, wcv a, wcv b, int64_t *n, int64_t *k) {
    if (wcb_index(ctx, a, n) < 0 || wcb_index(ctx, b, k) < 0) return -1;
    if (*n >= 0 && *k >= 0) return 0;
    wcb_raise(ctx, WCB_TYPE_ValueError, *n < 0 ? "n must be a non-negative integer" : "k must be a non-negative integer");
    return -1;
}

wcv math_perm(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    int64_t n, k;
    if (wcb_parse(ctx, args, "perm", "n|k/", given) < 0) return 0;
    if (!given[1] || given[1] == WCB_NONE) {
        wcb_args one = {given, NULL, 1, 0};
        return math_factorial(ctx, &one);
    }
    if (math_two_counts(ctx, given[0], given[1], &n, &k) < 0) return 0;
    return k > n ? wcb_from_small(0) : math_falling(ctx, n, k);
}

wcv math_comb(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    int64_t n, k, result = 1;
    if (wcb_parse(ctx, args, "comb", "n k/", given) < 0) return 0;
    if (math_two_counts(ctx, given[0], given[1], &n, &k) < 0) return 0;
    if (k > n) return wcb_from_small(0);
    if (k > n - k) k = n - k;
    for (int64_t i = 0; i < k; i++) { /* the result at least doubles each time: soon over, or a limit */
        __int128 next = (__int128)result * (n - i) / (i + 1);
        if (next > WCB_INT_MAX) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        result = (int64_t)next;
    }
    return wcb_from_small(result);
}

/* ---- over iterables ---- */

wcv math_prod(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2], item;
    builtins_cursor cursor;
    if (wcb_parse(ctx, args, "prod", "iterable/|*start", given) < 0 || builtins_open(ctx, given[0], &cursor) < 0) return 0;
    wcv product = given[1] ? given[1] : wcb_from_small(1);
    while ((item = builtins_step(ctx, &cursor))) {
        product = wcb_binary(ctx, WCB_MUL, product, item);
        if (!product) return 0;
    }
    return ctx->exception ? 0 : product;
}

/* The exact sum so far, as floats that do not overlap, in order of size (Shewchuk 1997). */
typedef struct { double *parts; int32_t count, capacity; double infinities, specials; } math_exact;

static int math_exact_add(wcb_ctx *ctx, math_exact *sum, double x) {
    double given = x;
    int32_t kept = 0;
    for (int32_t i = 0; i < sum->count; i++) {
        double y = sum->parts[i];
        if (fabs(x) < fabs(y)) {
            double swapped = x;
            x = y;
            y = swapped;
        }
        double high = x + y, low = y - (high - x);
        if (low != 0.0) sum->parts[kept++] = low;
        x = high;
    }
    sum->count = kept;
    if (x == 0.0) return 0;
    if (!isfinite(x)) {
        if (isfinite(given)) {
            wcb_raise(ctx, WCB_TYPE_OverflowError, "intermediate overflow in fsum");
            return -1;
        }
        if (isinf(given)) sum->infinities += given;
        sum->specials += given;
        sum->count = 0;
        return 0;
    }
    if (kept == sum->capacity) {
        double *parts = wcb_alloc(ctx, sizeof(double) * 2 * (size_t)(kept + 16));
        if (!parts) return -1;
        if (kept) memcpy(parts, sum->parts, sizeof(double) * (size_t)kept);
        sum->parts = parts;
        sum->capacity = 2 * (kept + 16);
    }
    sum->parts[sum->count++] = x;
    return 0;
}

/* The float nearest to the sum: a half is decided by the parts below. */
static double math_exact_rounded(const math_exact *sum) {
    int32_t left = sum->count;
    if (!left) return 0.0;
    double high = sum->parts[--left], low = 0.0;
    while (left > 0) {
        double x = high, y = sum->parts[--left];
        high = x + y;
        low = y - (high - x);
        if (low != 0.0) break;
    }
    if (left > 0 && ((low < 0.0 && sum->parts[left - 1] < 0.0) || (low > 0.0 && sum->parts[left - 1] > 0.0))) {
        double twice = low * 2.0, rounded = high + twice;
        if (twice == rounded - high) high = rounded;
    }
    return high;
}

wcv math_fsum(wcb_ctx *ctx, const wcb_args *args) {
    wcv iterable, item;
    double x;
    builtins_cursor cursor;
    math_exact sum = {NULL, 0, 0, 0.0, 0.0};
    if (wcb_parse(ctx, args, "fsum", "seq/", &iterable) < 0 || builtins_open(ctx, iterable, &cursor) < 0) return 0;
    while ((item = builtins_step(ctx, &cursor))) {
        if (wcb_float_of(ctx, item, &x) < 0 || math_exact_add(ctx, &sum, x) < 0) return 0;
    }
    if (ctx->exception) return 0;
    if (sum.specials == 0.0) return wcb_new_float(ctx, math_exact_rounded(&sum));
    if (isnan(sum.infinities)) return wcb_raise(ctx, WCB_TYPE_ValueError, "-inf + inf in fsum");
    return wcb_new_float(ctx, sum.specials);
}
