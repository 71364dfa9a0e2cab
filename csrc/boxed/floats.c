/* Arithmetic of floats and complex numbers, and rounding to decimal places, bit for bit as CPython does it. */
#include "value.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- floats ---- */

static double floats_modulo(double x, double y) {
    double remainder = fmod(x, y);
    if (remainder == 0.0) return copysign(0.0, y);
    return (y < 0) != (remainder < 0) ? remainder + y : remainder;
}

/* Computed from the remainder, not as floor(x / y), which could round up to the next integer. */
static double floats_floor_divide(double x, double y) {
    double remainder = fmod(x, y);
    double quotient = (x - remainder) / y;
    if (remainder != 0.0 && (y < 0) != (remainder < 0)) quotient -= 1.0;
    if (quotient == 0.0) return copysign(0.0, x / y);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

static bool floats_is_odd(double y) { return fmod(fabs(y), 2.0) == 1.0; }

/* Powers that libm may answer in another way than CPython does. */
static bool floats_special_power(double x, double y, double *result) {
    if (y == 0.0 || x == 1.0) {
        *result = 1.0;
    } else if (isnan(x) || isnan(y)) {
        *result = isnan(x) ? x : y;
    } else if (isinf(y)) {
        double magnitude = fabs(x);
        *result = magnitude == 1.0 ? 1.0 : (y > 0.0) == (magnitude > 1.0) ? fabs(y) : 0.0;
    } else if (isinf(x)) {
        bool odd = floats_is_odd(y);
        *result = y > 0.0 ? (odd ? x : fabs(x)) : odd ? copysign(0.0, x) : 0.0;
    } else if (x == 0.0 && y > 0.0) {
        *result = floats_is_odd(y) ? x : 0.0;
    } else {
        return false;
    }
    return true;
}

wcv wcb_float_power(wcb_ctx *ctx, double x, double y) {
    double result;
    if (floats_special_power(x, y, &result)) return wcb_new_float(ctx, result);
    if (x == 0.0) return wcb_raise(ctx, WCB_TYPE_ZeroDivisionError, "0.0 cannot be raised to a negative power");
    bool negate = false;
    if (x < 0.0) {
        if (y != floor(y)) {
            return wcb_complex_binary(ctx, WCB_POW, (wcb_complex){NULL, x, 0.0}, (wcb_complex){NULL, y, 0.0});
        }
        negate = floats_is_odd(y);
        x = -x;
    }
    result = x == 1.0 ? 1.0 : pow(x, y);
    if (isinf(result)) {
        wcv arguments[2] = {wcb_from_small(34), wcb_str_of_c(ctx, "Numerical result out of range")};
        wcb_args args = {arguments, NULL, 2, 0};
        wcv error = arguments[1] ? wcb_exception_new(ctx, WCB_TYPE(OverflowError), &args) : 0;
        return error ? wcb_raise_value(ctx, error, 0) : 0;
    }
    return wcb_new_float(ctx, negate ? -result : result);
}

static const char *floats_zero_message(int op) {
    switch (op) {
    case WCB_TRUEDIV: return "float division by zero";
    case WCB_FLOORDIV: return "float floor division by zero";
    case WCB_MOD: return "float modulo";
    default: return "float divmod()";
    }
}

wcv wcb_float_binary(wcb_ctx *ctx, int op, double x, double y) {
    if (y == 0.0 && (op == WCB_TRUEDIV || op == WCB_FLOORDIV || op == WCB_MOD || op == WCB_DIVMOD)) {
        return wcb_raise(ctx, WCB_TYPE_ZeroDivisionError, floats_zero_message(op));
    }
    switch (op) {
    case WCB_ADD: return wcb_new_float(ctx, x + y);
    case WCB_SUB: return wcb_new_float(ctx, x - y);
    case WCB_MUL: return wcb_new_float(ctx, x * y);
    case WCB_TRUEDIV: return wcb_new_float(ctx, x / y);
    case WCB_FLOORDIV: return wcb_new_float(ctx, floats_floor_divide(x, y));
    case WCB_MOD: return wcb_new_float(ctx, floats_modulo(x, y));
    case WCB_POW: return wcb_float_power(ctx, x, y);
    case WCB_DIVMOD: {
        wcv pair[2] = {wcb_new_float(ctx, floats_floor_divide(x, y)), wcb_new_float(ctx, floats_modulo(x, y))};
        return pair[0] && pair[1] ? wcb_new_tuple(ctx, 2, pair) : 0;
    }
    default: return WCB_NOT_IMPLEMENTED;
    }
}

/* ---- complex numbers ---- */

static wcb_complex floats_complex_product(wcb_complex a, wcb_complex b) {
    return (wcb_complex){NULL, a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
}

/* a / b, b not zero: scaled by the larger part of b, so that nothing overflows on the way. */
static wcb_complex floats_complex_quotient(wcb_complex a, wcb_complex b) {
    if (fabs(b.real) >= fabs(b.imag)) {
        double ratio = b.imag / b.real, denominator = b.real + b.imag * ratio;
        return (wcb_complex){NULL, (a.real + a.imag * ratio) / denominator, (a.imag - a.real * ratio) / denominator};
    }
    if (fabs(b.imag) >= fabs(b.real)) {
        double ratio = b.real / b.imag, denominator = b.real * ratio + b.imag;
        return (wcb_complex){NULL, (a.real * ratio + a.imag) / denominator, (a.imag * ratio - a.real) / denominator};
    }
    return (wcb_complex){NULL, NAN, NAN};
}

/* *failed: the reciprocal of what became zero. */
static wcb_complex floats_complex_whole_power(wcb_complex base, int64_t exponent, bool *failed) {
    wcb_complex result = {NULL, 1.0, 0.0};
    for (uint64_t rest = exponent < 0 ? -(uint64_t)exponent : (uint64_t)exponent; rest; rest >>= 1) {
        if (rest & 1) result = floats_complex_product(result, base);
        base = floats_complex_product(base, base);
    }
    *failed = exponent < 0 && result.real == 0.0 && result.imag == 0.0;
    return exponent > 0 ? result : floats_complex_quotient((wcb_complex){NULL, 1.0, 0.0}, result);
}

/* Nothing (nan) where the angle is infinite. */
static wcb_complex floats_complex_polar_power(wcb_complex a, wcb_complex b, bool *failed) {
    double magnitude = hypot(a.real, a.imag), angle = atan2(a.imag, a.real);
    double length = pow(magnitude, b.real), phase = angle * b.real;
    if (b.imag != 0.0) {
        length /= exp(angle * b.imag);
        phase += b.imag * log(magnitude);
    }
    *failed = isinf(phase);
    return (wcb_complex){NULL, length * cos(phase), length * sin(phase)};
}

static wcv floats_complex_power(wcb_ctx *ctx, wcb_complex a, wcb_complex b) {
    wcb_complex result = {NULL, 0.0, 0.0};
    bool failed = false, whole = b.imag == 0.0 && b.real == floor(b.real) && fabs(b.real) <= 100.0;
    if (b.real == 0.0 && b.imag == 0.0) return wcb_new_complex(ctx, 1.0, 0.0);
    if (a.real == 0.0 && a.imag == 0.0) failed = b.imag != 0.0 || b.real < 0.0;
    else if (whole) result = floats_complex_whole_power(a, (int64_t)b.real, &failed);
    else result = floats_complex_polar_power(a, b, &failed);
    if (failed) return wcb_raise(ctx, WCB_TYPE_ZeroDivisionError, "0.0 to a negative or complex power");
    if (isinf(result.real) || isinf(result.imag)) {
        return wcb_raise(ctx, WCB_TYPE_OverflowError, "complex exponentiation");
    }
    return wcb_new_complex(ctx, result.real, result.imag);
}

wcv wcb_complex_binary(wcb_ctx *ctx, int op, wcb_complex a, wcb_complex b) {
    wcb_complex result;
    switch (op) {
    case WCB_ADD: return wcb_new_complex(ctx, a.real + b.real, a.imag + b.imag);
    case WCB_SUB: return wcb_new_complex(ctx, a.real - b.real, a.imag - b.imag);
    case WCB_MUL: result = floats_complex_product(a, b); break;
    case WCB_TRUEDIV:
        if (b.real == 0.0 && b.imag == 0.0) {
            return wcb_raise(ctx, WCB_TYPE_ZeroDivisionError, "complex division by zero");
        }
        result = floats_complex_quotient(a, b);
        break;
    case WCB_POW: return floats_complex_power(ctx, a, b);
    default: return WCB_NOT_IMPLEMENTED;
    }
    return wcb_new_complex(ctx, result.real, result.imag);
}

/* ---- rounding to decimal places ---- */

enum { FLOATS_BUFFER = 1500 }; /* a double has up to 309 digits before the point and 1,074 behind it */

/* Rounds the decimal digits of |x| at 10**places, places > 0; an exact half goes to the even digit. */
static double floats_round_left(double x, int places) {
    char digits[FLOATS_BUFFER];
    snprintf(digits, sizeof digits, "%.1080f", fabs(x));
    int whole = (int)strcspn(digits, ".");
    int kept = whole - places; /* digits that stay */
    if (kept < 0) return copysign(0.0, x);
    int order = kept < whole ? digits[kept] - '5' : -1; /* of the rest compared with a half */
    for (int i = kept + 1; order == 0 && digits[i]; i++) {
        if (digits[i] != '0' && digits[i] != '.') order = 1;
    }
    bool odd = kept > 0 && (digits[kept - 1] - '0') % 2 == 1;
    char rounded[FLOATS_BUFFER];
    rounded[0] = '0';
    memcpy(rounded + 1, digits, (size_t)kept);
    if (order > 0 || (order == 0 && odd)) {
        int i = kept;
        while (rounded[i] == '9') rounded[i--] = '0';
        rounded[i]++;
    }
    snprintf(rounded + 1 + kept, sizeof rounded - 1 - (size_t)kept, "e%d", places);
    return copysign(strtod(rounded, NULL), x);
}

wcv wcb_round_float(wcb_ctx *ctx, double x, int64_t places) {
    if (!isfinite(x) || x == 0.0 || places > 323) return wcb_new_float(ctx, x);
    if (places < -308) return wcb_new_float(ctx, copysign(0.0, x));
    double result;
    if (places < 0) {
        result = floats_round_left(x, (int)-places);
    } else {
        char text[FLOATS_BUFFER];
        snprintf(text, sizeof text, "%.*f", (int)places, x); /* exact, halves to even */
        result = strtod(text, NULL);
    }
    if (isinf(result)) return wcb_raise(ctx, WCB_TYPE_OverflowError, "rounded value too large to represent");
    return wcb_new_float(ctx, result);
}

wcv wcb_int_of_float(wcb_ctx *ctx, double whole) {
    if (isinf(whole)) return wcb_raise(ctx, WCB_TYPE_OverflowError, "cannot convert float infinity to integer");
    if (isnan(whole)) return wcb_raise(ctx, WCB_TYPE_ValueError, "cannot convert float NaN to integer");
    if (fabs(whole) > 0x1p62) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    return wcb_int(ctx, (int64_t)whole);
}
