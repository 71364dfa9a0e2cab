/* format(): the mini-language [[fill]align][sign][z][#][0][width][grouping][.precision][type] on built-in values. */
#include "text.h"

typedef struct {
    uint32_t fill, align, sign, grouping, type; /* 0: not given */
    bool alternate, coerce_zero;
    int64_t width, precision; /* -1: not given */
} spec_fields;

/* What a number has around and between its digits. */
typedef struct {
    const wcb_str *digits; /* of the integer part */
    const wcb_str *rest;   /* point, fraction, exponent; or inf, nan */
    const char *prefix;    /* "0x" */
    uint32_t sign;         /* 0: none */
} spec_number;

static bool spec_is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

static int spec_refuse(wcb_ctx *ctx, const char *message) {
    wcb_raise(ctx, WCB_TYPE_ValueError, message);
    return -1;
}

static int spec_read_number(wcb_ctx *ctx, const wcb_str *s, int64_t *at, int64_t *out) {
    for (; *at < s->length; ++*at) {
        uint32_t c = wcb_char_at(s, *at);
        if (c < '0' || c > '9') break;
        *out = (*out < 0 ? 0 : *out) * 10 + (c - '0');
        if (*out > INT32_MAX) return spec_refuse(ctx, "Too many decimal digits in format string");
    }
    return 0;
}

static int spec_parse_grouping(wcb_ctx *ctx, const wcb_str *s, int64_t *at, spec_fields *f) {
    if (*at < s->length && wcb_char_at(s, *at) == ',') {
        f->grouping = ',';
        ++*at;
    }
    if (*at < s->length && wcb_char_at(s, *at) == '_') {
        if (f->grouping) return spec_refuse(ctx, "Cannot specify both ',' and '_'.");
        f->grouping = '_';
        ++*at;
    }
    if (*at < s->length && wcb_char_at(s, *at) == ',' && f->grouping)
        return spec_refuse(ctx,
                           f->grouping == '_' ? "Cannot specify both ',' and '_'." : "Cannot specify ',' with ','.");
    return 0;
}

static int spec_check_grouping(wcb_ctx *ctx, const spec_fields *f, uint32_t type) {
    if (!f->grouping) return 0;
    switch (type) {
    case 0: case 'd': case 'e': case 'f': case 'g': case 'E': case 'F': case 'G': case '%': return 0;
    case 'b': case 'o': case 'x': case 'X':
        if (f->grouping == '_') return 0;
    }
    wcb_raise_format(ctx, WCB_TYPE_ValueError, "Cannot specify '%c' with '%c'.", (int)f->grouping, (int)(type & 127));
    return -1;
}

/* `fallback` is the alignment of the type: '<' for str, '>' for numbers. */
static int spec_parse(wcb_ctx *ctx, wcv v, const wcb_str *s, uint32_t fallback, spec_fields *f) {
    int64_t at = 0, length = s->length;
    *f = (spec_fields){.width = -1, .precision = -1};
    if (length >= 2 && spec_is_align(wcb_char_at(s, 1))) {
        f->fill = wcb_char_at(s, 0);
        f->align = wcb_char_at(s, 1);
        at = 2;
    } else if (length >= 1 && spec_is_align(wcb_char_at(s, 0)))
        f->align = wcb_char_at(s, at++);
    bool has_fill = at == 2;
#define SPEC_AT(c) (at < length && wcb_char_at(s, at) == (c))
    if (SPEC_AT('+') || SPEC_AT('-') || SPEC_AT(' ')) f->sign = wcb_char_at(s, at++);
    f->coerce_zero = SPEC_AT('z');
    at += f->coerce_zero;
    f->alternate = SPEC_AT('#');
    at += f->alternate;
    if (!has_fill && SPEC_AT('0')) {
        f->fill = '0';
        has_fill = true;
        if (!f->align && fallback == '>') f->align = '=';
        at++;
    }
    if (spec_read_number(ctx, s, &at, &f->width) < 0 || spec_parse_grouping(ctx, s, &at, f) < 0) return -1;
    if (SPEC_AT('.')) {
        at++;
        if (spec_read_number(ctx, s, &at, &f->precision) < 0) return -1;
        if (f->precision < 0) return spec_refuse(ctx, "Format specifier missing precision");
    }
#undef SPEC_AT
    if (length - at > 1) {
        wcb_raise_format(ctx, WCB_TYPE_ValueError, "Invalid format specifier '%S' for object of type '%V'", (wcv)s, v);
        return -1;
    }
    if (length - at == 1) f->type = wcb_char_at(s, at);
    if (!has_fill) f->fill = ' ';
    if (!f->align) f->align = fallback;
    return spec_check_grouping(ctx, f, f->type ? f->type : fallback == '<' ? 's' : 0);
}

static wcv spec_unknown_type(wcb_ctx *ctx, wcv v, uint32_t type) {
    if (type > 32 && type < 128)
        return wcb_raise_format(ctx, WCB_TYPE_ValueError, "Unknown format code '%c' for object of type '%V'",
                                (int)type, v);
    return wcb_raise_format(ctx, WCB_TYPE_ValueError, "Unknown format code '\\x%x' for object of type '%V'", (int)type,
                            v);
}

static wcv spec_format_str(wcb_ctx *ctx, wcv v, const wcb_str *spec) {
    const wcb_str *s = WCB_AS(wcb_str, v);
    spec_fields f;
    if (spec_parse(ctx, v, spec, '<', &f) < 0) return 0;
    if (f.type && f.type != 's') return spec_unknown_type(ctx, v, f.type);
    if (f.sign)
        return wcb_raise(ctx, WCB_TYPE_ValueError, f.sign == ' ' ? "Space not allowed in string format specifier"
                                                                 : "Sign not allowed in string format specifier");
    if (f.coerce_zero)
        return wcb_raise(ctx, WCB_TYPE_ValueError, "Negative zero coercion (z) not allowed in string format specifier");
    if (f.alternate)
        return wcb_raise(ctx, WCB_TYPE_ValueError, "Alternate form (#) not allowed in string format specifier");
    if (f.align == '=')
        return wcb_raise(ctx, WCB_TYPE_ValueError, "'=' alignment not allowed in string format specifier");
    int64_t length = f.precision >= 0 && f.precision < s->length ? f.precision : s->length;
    int64_t room = f.width > length ? f.width - length : 0;
    int64_t left = f.align == '<' ? 0 : f.align == '>' ? room : room / 2;
    text_builder b;
    text_begin(&b, ctx, length + room);
    text_fill(&b, f.fill, left);
    text_add_slice(&b, s, 0, length);
    text_fill(&b, f.fill, room - left);
    return text_end(&b);
}

/* Digits with separators, from the right in groups; as many zeros in front as `least` characters take. */
static wcv spec_group(wcb_ctx *ctx, const wcb_str *digits, int64_t least, uint32_t separator, int64_t group) {
    int64_t remaining = digits->length, count = 0;
    int64_t size = (digits->length > least ? digits->length : least) * 2 + 2;
    if (size > INT32_MAX / 4) return wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
    wcb_str *text = text_new(ctx, size, 1);
    if (!text) return 0;
    uint8_t *end = text->data + size, *to = end;
    for (bool more = remaining > 0; more;) {
        int64_t length = remaining > least ? remaining : least;
        if (length < 1) length = 1;
        if (separator && length > group) length = group;
        for (int64_t i = 0; i < length; i++) *--to = remaining > 0 ? digits->data[--remaining] : '0';
        least -= length;
        more = remaining > 0 || least > 0;
        if (!more) break;
        *--to = (uint8_t)separator;
        least--;
    }
    count = end - to;
    memmove(text->data, to, (size_t)count);
    text->length = (int32_t)count;
    return (wcv)text;
}

/* Lays a number out: padding, sign, prefix, digits in groups, rest. */
static wcv spec_lay_out(wcb_ctx *ctx, const spec_fields *f, const spec_number *n) {
    int64_t prefix = (int64_t)strlen(n->prefix), around = (n->sign != 0) + prefix + n->rest->length;
    int64_t least = f->fill == '0' && f->align == '=' ? f->width - around : 0;
    const wcb_str *digits = n->digits;
    if (f->grouping && digits->length) {
        int64_t group = f->type == 'b' || f->type == 'o' || f->type == 'x' || f->type == 'X' ? 4 : 3;
        wcv grouped = spec_group(ctx, digits, least, f->grouping, group);
        if (!grouped) return 0;
        digits = WCB_AS(wcb_str, grouped);
    }
    int64_t room = f->width - around - digits->length;
    if (room < 0) room = 0;
    int64_t left = f->align == '>' ? room : f->align == '^' ? room / 2 : 0, inside = f->align == '=' ? room : 0;
    text_builder b;
    text_begin(&b, ctx, around + digits->length + room);
    text_fill(&b, f->fill, left);
    if (n->sign) text_add_point(&b, n->sign);
    text_add_c(&b, n->prefix);
    text_fill(&b, f->fill, inside);
    text_add_str(&b, digits);
    text_add_str(&b, n->rest);
    text_fill(&b, f->fill, room - left - inside);
    return text_end(&b);
}

static const char *spec_prefix(uint32_t type) {
    return type == 'b' ? "0b" : type == 'o' ? "0o" : type == 'x' ? "0x" : type == 'X' ? "0X" : "";
}

static wcv spec_format_int(wcb_ctx *ctx, wcv v, int64_t value, spec_fields *f) {
    if (f->type && (f->type > 127 || !strchr("bcdnoxX", (int)f->type))) return spec_unknown_type(ctx, v, f->type);
    if (f->precision >= 0)
        return wcb_raise(ctx, WCB_TYPE_ValueError, "Precision not allowed in integer format specifier");
    if (f->coerce_zero)
        return wcb_raise(ctx, WCB_TYPE_ValueError,
                         "Negative zero coercion (z) not allowed in integer format specifier");
    wcv empty = wcb_new_str(ctx, 0, ""), digits;
    if (!empty) return 0;
    spec_number n = {.prefix = "", .rest = WCB_AS(wcb_str, empty)};
    if (f->type == 'c') {
        if (f->sign) return wcb_raise(ctx, WCB_TYPE_ValueError, "Sign not allowed with integer format specifier 'c'");
        if (f->alternate)
            return wcb_raise(ctx, WCB_TYPE_ValueError,
                             "Alternate form (#) not allowed with integer format specifier 'c'");
        if (value < 0 || value > 0x10ffff)
            return wcb_raise(ctx, WCB_TYPE_OverflowError, "%c arg not in range(0x110000)");
        digits = wcb_char(ctx, (uint32_t)value);
    } else {
        char buffer[72];
        char *at = buffer + sizeof buffer;
        uint64_t base = f->type == 'b' ? 2 : f->type == 'o' ? 8 : f->type == 'x' || f->type == 'X' ? 16 : 10;
        uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
        do *--at = (f->type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[rest % base];
        while (rest /= base);
        digits = wcb_new_str(ctx, buffer + sizeof buffer - at, at);
        if (f->alternate) n.prefix = spec_prefix(f->type);
        n.sign = value < 0 ? '-' : f->sign == '+' || f->sign == ' ' ? f->sign : 0;
    }
    if (!digits) return 0;
    n.digits = WCB_AS(wcb_str, digits);
    return spec_lay_out(ctx, f, &n);
}

/* The text of a number as the type, precision and flags have it, sign included. */
static wcv spec_double_text(wcb_ctx *ctx, double value, const spec_fields *f, bool dot_zero) {
    bool upper = f->type == 'E' || f->type == 'F' || f->type == 'G';
    int flags = (f->alternate ? TEXT_FLOAT_ALTERNATE : 0) | (upper ? TEXT_FLOAT_UPPER : 0);
    int64_t precision = f->precision >= 0 ? f->precision : 6;
    char type = f->type == 'n' ? 'g' : f->type == '%' ? 'f' : (char)(f->type | 32);
    if (!f->type) {
        type = f->precision >= 0 ? 'g' : 'r';
        flags |= dot_zero ? TEXT_FLOAT_DOT_ZERO : 0;
    }
    text_builder b;
    text_begin(&b, ctx, 32);
    text_add_double(&b, f->type == '%' ? value * 100 : value, type, precision, flags);
    if (f->type == '%') text_add_c(&b, "%");
    return text_end(&b);
}

static bool spec_is_zero(const wcb_str *text) {
    for (int32_t i = 0; i < text->length; i++) {
        uint32_t c = wcb_char_at(text, i);
        if (c == 'e' || c == 'E') break;
        if (c != '-' && c != '.' && c != '0' && c != '%') return false;
    }
    return true;
}

static wcv spec_lay_out_double(wcb_ctx *ctx, double value, const spec_fields *f, bool dot_zero) {
    wcv text = spec_double_text(ctx, value, f, dot_zero);
    if (!text) return 0;
    const wcb_str *s = WCB_AS(wcb_str, text);
    bool negative = wcb_char_at(s, 0) == '-';
    int64_t start = negative, stop = start;
    if (negative && f->coerce_zero && spec_is_zero(s)) negative = false;
    while (stop < s->length && wcb_char_at(s, stop) >= '0' && wcb_char_at(s, stop) <= '9') stop++;
    wcv digits = text_slice(ctx, s, start, stop), rest = text_slice(ctx, s, stop, s->length);
    if (!digits || !rest) return 0;
    spec_number n = {.prefix = "", .digits = WCB_AS(wcb_str, digits), .rest = WCB_AS(wcb_str, rest)};
    n.sign = negative ? '-' : f->sign == '+' || f->sign == ' ' ? f->sign : 0;
    return spec_lay_out(ctx, f, &n);
}

static wcv spec_format_double(wcb_ctx *ctx, wcv v, double value, const spec_fields *f) {
    if (f->type && (f->type > 127 || !strchr("eEfFgGn%", (int)f->type))) return spec_unknown_type(ctx, v, f->type);
    return spec_lay_out_double(ctx, value, f, true);
}

/* Both parts as floats are; without a type in parentheses, and a real part of 0 is left out. */
static wcv spec_format_complex(wcb_ctx *ctx, wcv v, const wcb_str *spec) {
    const wcb_complex *z = WCB_AS(wcb_complex, v);
    spec_fields f;
    if (spec_parse(ctx, v, spec, '>', &f) < 0) return 0;
    if (f.type && (f.type > 127 || !strchr("eEfFgGn", (int)f.type))) return spec_unknown_type(ctx, v, f.type);
    if (f.fill == '0')
        return wcb_raise(ctx, WCB_TYPE_ValueError, "Zero padding is not allowed in complex format specifier");
    if (f.align == '=')
        return wcb_raise(ctx, WCB_TYPE_ValueError, "'=' alignment flag is not allowed in complex format specifier");
    spec_fields part = f;
    part.width = -1;
    bool real = f.type || z->real != 0.0 || signbit(z->real), parentheses = !f.type && real;
    wcv left = real ? spec_lay_out_double(ctx, z->real, &part, false) : wcb_new_str(ctx, 0, "");
    if (real) part.sign = '+';
    wcv right = spec_lay_out_double(ctx, z->imag, &part, false);
    if (!left || !right) return 0;
    int64_t length = WCB_AS(wcb_str, left)->length + WCB_AS(wcb_str, right)->length + 1 + 2 * parentheses;
    int64_t room = f.width > length ? f.width - length : 0;
    int64_t before = f.align == '<' ? 0 : f.align == '>' ? room : room / 2;
    text_builder b;
    text_begin(&b, ctx, length + room);
    text_fill(&b, f.fill, before);
    if (parentheses) text_add_c(&b, "(");
    text_add_value(&b, left);
    text_add_value(&b, right);
    text_add_c(&b, parentheses ? "j)" : "j");
    text_fill(&b, f.fill, room - before);
    return text_end(&b);
}

wcv text_format_builtin(wcb_ctx *ctx, wcv v, const wcb_str *spec) {
    spec_fields f;
    double real;
    int64_t integer;
    switch (wcb_kind(v)) {
    case WCB_KIND_STR: return spec_format_str(ctx, v, spec);
    case WCB_KIND_COMPLEX: return spec_format_complex(ctx, v, spec);
    case WCB_KIND_FLOAT:
        return spec_parse(ctx, v, spec, '>', &f) < 0 ? 0 : spec_format_double(ctx, v, WCB_AS(wcb_float, v)->value, &f);
    case WCB_KIND_INT: case WCB_KIND_BOOL:
        if (spec_parse(ctx, v, spec, '>', &f) < 0) return 0;
        wcb_as_int(v, &integer);
        if (!f.type || f.type > 127 || !strchr("eEfFgG%", (int)f.type)) return spec_format_int(ctx, v, integer, &f);
        real = (double)integer;
        return spec_format_double(ctx, v, real, &f);
    default:
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "unsupported format string passed to %V.__format__", v);
    }
}
