/* Numbers as text and text as numbers, digit for digit as Python's. The C library's decimal point, which a locale may
 * have changed, is never relied on. */
#include <stdio.h>
#include <stdlib.h>

#include "text.h"

/* The decimal digits of a finite number that is not negative: 0.d1d2d3... * 10**point. */
typedef struct { char *digits; int64_t count, point; char local[64]; } number_digits;

void text_add_int(text_builder *b, int64_t value) {
    char buffer[24];
    char *at = buffer + sizeof buffer;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) *--at = '-';
    text_add_ascii(b, at, buffer + sizeof buffer - at);
}

/* Reads "d.ddde+dd" as printf writes it; false: no memory. */
static bool number_round(wcb_ctx *ctx, double value, int64_t count, number_digits *out) {
    char *buffer = out->local;
    if (count > INT32_MAX / 4) return wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
    if ((size_t)count + 16 > sizeof out->local && !(buffer = wcb_alloc(ctx, (size_t)count + 16))) return false;
    snprintf(buffer, (size_t)count + 16, "%.*e", (int)count - 1, value);
    const char *read = buffer;
    out->digits = buffer;
    out->count = 0;
    for (; *read != 'e'; read++)
        if (*read >= '0' && *read <= '9') buffer[out->count++] = *read;
    out->point = strtol(read + 1, NULL, 10) + 1;
    return true;
}

static double number_read(const number_digits *digits) {
    char buffer[96];
    snprintf(buffer, sizeof buffer, "%.*se%lld", (int)digits->count, digits->digits,
             (long long)(digits->point - digits->count));
    return strtod(buffer, NULL);
}

static void number_trim(number_digits *digits) {
    while (digits->count > 1 && digits->digits[digits->count - 1] == '0') digits->count--;
}

/* The digits increased by one in the last place. */
static void number_increase(number_digits *digits) {
    int64_t i = digits->count - 1;
    while (i >= 0 && digits->digits[i] == '9') digits->digits[i--] = '0';
    if (i >= 0) digits->digits[i]++;
    else {
        digits->digits[0] = '1';
        digits->point++;
    }
}

/* The shortest digits that read back as the value. Any 15 digits survive the way there and back (but not below the
 * normal numbers); at a power of two the gap below is the smaller one, so the nearest 16 digits may lie outside while
 * the next ones do not. */
static bool number_shortest(wcb_ctx *ctx, double value, number_digits *out) {
    for (int64_t count = value < 2.3e-308 ? 1 : 15; count <= 17; count++) {
        if (!number_round(ctx, value, count, out)) return false;
        if (count == 17 || number_read(out) == value) break;
        if (count == 16) {
            number_increase(out);
            if (number_read(out) == value) break;
        }
    }
    number_trim(out);
    return true;
}

static void number_add_exponent(text_builder *b, int64_t exponent, bool upper) {
    char buffer[16];
    snprintf(buffer, sizeof buffer, "%c%+.2d", upper ? 'E' : 'e', (int)exponent);
    text_add_c(b, buffer);
}

/* Digits first..last of the number, with zeros where it has none; the point stands before digit `point`. */
static void number_add_digits(text_builder *b, const number_digits *d, int64_t point, int64_t last, bool dot) {
    if (point <= 0) text_add_c(b, "0");
    else {
        int64_t have = point < d->count ? point : d->count;
        text_add_ascii(b, d->digits, have);
        text_fill(b, '0', point - have);
    }
    if (last <= point) {
        if (dot) text_add_c(b, ".");
        return;
    }
    text_add_c(b, ".");
    int64_t at = point;
    if (at < 0) {
        int64_t zeros = -at < last - point ? -at : last - point;
        text_fill(b, '0', zeros);
        at = 0;
    }
    int64_t stop = last < d->count ? last : d->count;
    if (stop > at) text_add_ascii(b, d->digits + at, stop - at);
    text_fill(b, '0', last - (stop > at ? stop : at));
}

static void number_add_fixed(text_builder *b, double value, int64_t precision, bool dot) {
    char local[400];
    char *buffer = local;
    size_t size = 330 + (size_t)precision;
    if (precision > INT32_MAX / 4) {
        b->text = (wcb_str *)wcb_limit(b->ctx, WC_STATUS_OUT_OF_SCRATCH);
        return;
    }
    if (size > sizeof local && !(buffer = wcb_alloc(b->ctx, size))) {
        b->text = NULL;
        return;
    }
    int length = snprintf(buffer, size, "%.*f", (int)precision, value);
    if (precision > 0) buffer[length - precision - 1] = '.';
    text_add_ascii(b, buffer, length);
    if (precision == 0 && dot) text_add_c(b, ".");
}

void text_add_double(text_builder *b, double value, char type, int64_t precision, int flags) {
    bool upper = flags & TEXT_FLOAT_UPPER, alternate = flags & TEXT_FLOAT_ALTERNATE;
    bool dot_zero = flags & TEXT_FLOAT_DOT_ZERO;
    if (isnan(value)) return text_add_c(b, upper ? "NAN" : "nan");
    if (signbit(value)) text_add_c(b, "-");
    value = fabs(value);
    if (isinf(value)) return text_add_c(b, upper ? "INF" : "inf");
    if (type == 'f') return number_add_fixed(b, value, precision, alternate);
    if (type == 'r' && value < 1e15 && value == (double)(int64_t)value) {
        text_add_int(b, (int64_t)value);
        if (dot_zero || alternate) text_add_c(b, dot_zero ? ".0" : ".");
        return;
    }
    if (type == 'g' && precision == 0) precision = 1;
    number_digits d;
    bool fine = type == 'r' ? number_shortest(b->ctx, value, &d)
                            : number_round(b->ctx, value, precision + (type == 'e'), &d);
    if (!fine) {
        b->text = NULL;
        return;
    }
    if (type == 'g' && !alternate) number_trim(&d);
    bool exponent = type == 'e' || d.point <= -4 || d.point > (type == 'r' ? 16 : precision - dot_zero);
    int64_t point = exponent ? 1 : d.point, last = type == 'g' && alternate ? precision : d.count;
    if (last < point) last = point;
    if (!exponent && dot_zero && last < point + 1) last = point + 1;
    number_add_digits(b, &d, point, last, alternate);
    if (exponent) number_add_exponent(b, d.point - 1, upper);
}

/* ---- parsing ---- */

/* Narrows [start, stop) to what is between the spaces. -1: a character whose meaning is not known here. */
static int number_strip(wcb_ctx *ctx, const wcb_str *s, int64_t *start, int64_t *stop) {
    *start = 0;
    *stop = s->length;
    while (*start < *stop && text_is_space(wcb_char_at(s, *start))) ++*start;
    while (*stop > *start && text_is_space(wcb_char_at(s, *stop - 1))) --*stop;
    for (int64_t i = *start; s->width == 4 && i < *stop; i++)
        if (text_class(wcb_char_at(s, i)) & TEXT_UNKNOWN) {
            wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
            return -1;
        }
    return 0;
}

static int number_refuse(wcb_ctx *ctx, wcv str, const char *start) {
    text_builder b;
    text_begin(&b, ctx, 64);
    text_add_c(&b, start);
    text_add_value(&b, wcb_builtin_repr(ctx, str));
    wcv message = text_end(&b);
    if (message) wcb_raise_with(ctx, WCB_TYPE_ValueError, message);
    return -1;
}

static int number_digit(uint32_t c) {
    if (c >= '0' && c <= '9') return (int)c - '0';
    c |= 32;
    return c >= 'a' && c <= 'z' ? (int)c - 'a' + 10 : 99;
}

static int number_base_of_prefix(uint32_t c) {
    c |= 32;
    return c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
}

/* Digits with single underscores between them. 1: read, 0: no such number, -1: too large. */
static int number_read_int(const wcb_str *s, int64_t at, int64_t stop, int64_t base, bool after_prefix, uint64_t *out) {
    bool gap = !after_prefix, overflow = false; /* gap: no underscore may come now */
    uint64_t value = 0;
    if (at >= stop) return 0;
    for (; at < stop; at++) {
        uint32_t c = wcb_char_at(s, at);
        if (c == '_') {
            if (gap) return 0;
            gap = true;
            continue;
        }
        int digit = number_digit(c);
        if (digit >= base) return 0;
        gap = false;
        overflow |= __builtin_mul_overflow(value, (uint64_t)base, &value);
        overflow |= __builtin_add_overflow(value, (uint64_t)digit, &value);
    }
    *out = value;
    return gap ? 0 : overflow ? -1 : 1;
}

int wcb_parse_int(wcb_ctx *ctx, wcv str, int64_t base, int64_t *out) {
    const wcb_str *s = WCB_AS(wcb_str, str);
    int64_t at, stop;
    uint64_t value = 0;
    bool negative = false, after_prefix = false;
    char start[64];
    if (base != 0 && (base < 2 || base > 36)) {
        wcb_raise(ctx, WCB_TYPE_ValueError, "int() base must be >= 2 and <= 36, or 0");
        return -1;
    }
    if (number_strip(ctx, s, &at, &stop) < 0) return -1;
    if (at < stop && (wcb_char_at(s, at) == '-' || wcb_char_at(s, at) == '+')) negative = wcb_char_at(s, at++) == '-';
    int64_t used = base == 0 ? 10 : base;
    bool zeros_only = false;
    if (at + 1 < stop && wcb_char_at(s, at) == '0' && (base == 0 || base == 2 || base == 8 || base == 16)) {
        int prefixed = number_base_of_prefix(wcb_char_at(s, at + 1));
        if (prefixed && (base == 0 || base == prefixed)) {
            used = prefixed;
            at += 2;
            after_prefix = true;
        } else
            zeros_only = base == 0;
    }
    int status = number_read_int(s, at, stop, used, after_prefix, &value);
    if (status > 0 && zeros_only && value != 0) status = 0;
    if (status == 0) {
        snprintf(start, sizeof start, "invalid literal for int() with base %d: ", (int)base);
        return number_refuse(ctx, str, start);
    }
    if (status < 0 || value > (uint64_t)WCB_INT_MAX + negative) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        return -1;
    }
    *out = negative ? -(int64_t)value : (int64_t)value;
    return 0;
}

static bool number_is_word(const wcb_str *s, int64_t at, int64_t stop, const char *word) {
    for (; at < stop && *word; at++, word++)
        if ((wcb_char_at(s, at) | 32) != (uint32_t)*word) return false;
    return at == stop && !*word;
}

/* Copies ASCII digits without their underscores to *to; false: an underscore that stands wrong. */
static bool number_copy_digits(const wcb_str *s, int64_t *at, int64_t stop, char **to, int64_t *count) {
    bool digit = false;
    *count = 0;
    for (; *at < stop; ++*at) {
        uint32_t c = wcb_char_at(s, *at);
        if (c == '_') {
            if (!digit || *at + 1 >= stop || number_digit(wcb_char_at(s, *at + 1)) > 9) return false;
            digit = false;
            continue;
        }
        if (c < '0' || c > '9') break;
        digit = true;
        *(*to)++ = (char)c;
        ++*count;
    }
    return true;
}

/* [digits][.digits][e[+-]digits], turned into digits and an exponent, so that no decimal point is left. */
static bool number_read_double(const wcb_str *s, int64_t at, int64_t stop, char *buffer, double *out) {
    char *to = buffer;
    int64_t whole, fraction = 0, exponent = 0, exponent_digits;
    if (!number_copy_digits(s, &at, stop, &to, &whole)) return false;
    if (at < stop && wcb_char_at(s, at) == '.') {
        at++;
        if (!number_copy_digits(s, &at, stop, &to, &fraction)) return false;
    }
    if (whole + fraction == 0) return false;
    if (at < stop && (wcb_char_at(s, at) | 32) == 'e') {
        bool negative = false;
        char *digits = to;
        at++;
        if (at < stop && (wcb_char_at(s, at) == '-' || wcb_char_at(s, at) == '+'))
            negative = wcb_char_at(s, at++) == '-';
        if (!number_copy_digits(s, &at, stop, &to, &exponent_digits) || exponent_digits == 0) return false;
        for (char *digit = digits; digit < to; digit++)
            if (exponent < 1000000000000) exponent = exponent * 10 + (*digit - '0');
        to = digits;
        if (negative) exponent = -exponent;
    }
    if (at != stop) return false;
    snprintf(to, 32, "e%lld", (long long)(exponent - fraction));
    *out = strtod(buffer, NULL);
    return true;
}

int wcb_parse_double(wcb_ctx *ctx, wcv str, double *out) {
    const wcb_str *s = WCB_AS(wcb_str, str);
    int64_t at, stop;
    bool negative = false, fine = true;
    char local[128];
    char *buffer = local;
    if (number_strip(ctx, s, &at, &stop) < 0) return -1;
    if (at < stop && (wcb_char_at(s, at) == '-' || wcb_char_at(s, at) == '+')) negative = wcb_char_at(s, at++) == '-';
    if (number_is_word(s, at, stop, "inf") || number_is_word(s, at, stop, "infinity")) *out = INFINITY;
    else if (number_is_word(s, at, stop, "nan")) *out = NAN;
    else {
        if (stop - at + 40 > (int64_t)sizeof local && !(buffer = wcb_alloc(ctx, (size_t)(stop - at) + 40))) return -1;
        fine = number_read_double(s, at, stop, buffer, out);
    }
    if (!fine) return number_refuse(ctx, str, "could not convert string to float: ");
    if (negative) *out = -*out;
    return 0;
}
