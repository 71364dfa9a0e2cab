/* format % values. */
#include "text.h"

enum { PERCENT_LEFT = 1, PERCENT_SIGN = 2, PERCENT_BLANK = 4, PERCENT_ALTERNATE = 8, PERCENT_ZERO = 16 };

typedef struct {
    wcb_ctx *ctx;
    const wcb_str *format;
    int64_t at;
    wcv mapping;           /* 0: none */
    wcv single;            /* the one value, where there is no tuple */
    const wcb_tuple *many; /* NULL: one value */
    int64_t next;
    text_builder out;
} percent_state;

typedef struct {
    int flags;
    int64_t width, precision; /* precision -1: not given */
    uint32_t type;
} percent_field;

static wcv percent_next_value(percent_state *p) {
    if (p->next < (p->many ? p->many->length : 1)) {
        int64_t index = p->next++;
        return p->many ? p->many->items[index] : p->single;
    }
    return wcb_raise(p->ctx, WCB_TYPE_TypeError, "not enough arguments for format string");
}

static int percent_incomplete(percent_state *p) {
    wcb_raise(p->ctx, WCB_TYPE_ValueError, "incomplete format");
    return -1;
}

/* %(key)...: the value under the key becomes the only one. */
static int percent_read_key(percent_state *p) {
    if (!p->mapping) {
        wcb_raise(p->ctx, WCB_TYPE_TypeError, "format requires a mapping");
        return -1;
    }
    int64_t start = ++p->at, open = 1;
    for (; p->at < p->format->length && open; p->at++) {
        uint32_t c = wcb_char_at(p->format, p->at);
        open += (c == '(') - (c == ')');
    }
    if (open || p->at >= p->format->length) {
        wcb_raise(p->ctx, WCB_TYPE_ValueError, "incomplete format key");
        return -1;
    }
    wcv key = text_slice(p->ctx, p->format, start, p->at - 1);
    p->single = key ? wcb_subscript(p->ctx, p->mapping, key) : 0;
    p->many = NULL;
    p->next = 0;
    return p->single ? 0 : -1;
}

static uint32_t percent_peek(const percent_state *p) {
    return p->at < p->format->length ? wcb_char_at(p->format, p->at) : 0;
}

/* A number or *; -1 where there is none. */
static int percent_read_number(percent_state *p, int64_t *out) {
    if (percent_peek(p) == '*') {
        wcv v = percent_next_value(p);
        p->at++;
        if (!v) return -1;
        if (!wcb_as_int(v, out)) {
            wcb_raise(p->ctx, WCB_TYPE_TypeError, "* wants int");
            return -1;
        }
        return 0;
    }
    for (uint32_t c; (c = percent_peek(p)) >= '0' && c <= '9'; p->at++) {
        *out = (*out < 0 ? 0 : *out) * 10 + (c - '0');
        if (*out > INT32_MAX) {
            wcb_raise(p->ctx, WCB_TYPE_ValueError, "width too big");
            return -1;
        }
    }
    return 0;
}

static int percent_flag(uint32_t c) {
    switch (c) {
    case '-': return PERCENT_LEFT;
    case '+': return PERCENT_SIGN;
    case ' ': return PERCENT_BLANK;
    case '#': return PERCENT_ALTERNATE;
    case '0': return PERCENT_ZERO;
    default: return 0;
    }
}

static int percent_read_field(percent_state *p, percent_field *f) {
    *f = (percent_field){.precision = -1};
    if (percent_peek(p) == '(' && percent_read_key(p) < 0) return -1;
    for (int flag; (flag = percent_flag(percent_peek(p))) != 0; p->at++) f->flags |= flag;
    if (percent_read_number(p, &f->width) < 0) return -1;
    if (f->width < 0) {
        f->flags |= PERCENT_LEFT;
        f->width = -f->width;
    }
    if (percent_peek(p) == '.') {
        p->at++;
        f->precision = 0;
        if (percent_read_number(p, &f->precision) < 0) return -1;
        if (f->precision < 0) f->precision = 0;
        if (f->precision > INT32_MAX) {
            wcb_raise(p->ctx, WCB_TYPE_OverflowError, "Python int too large to convert to C int");
            return -1;
        }
    }
    if (percent_peek(p) == 'h' || percent_peek(p) == 'l' || percent_peek(p) == 'L') p->at++;
    if (p->at >= p->format->length) return percent_incomplete(p);
    f->type = wcb_char_at(p->format, p->at++);
    return 0;
}

static int percent_wrong_number(wcb_ctx *ctx, uint32_t type, wcv v, const char *what) {
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "%%%c format: %s is required, not %V", (int)type, what, v);
    return -1;
}

/* The int that v is: floats are cut off for %d, not for %x. */
static int percent_as_int(wcb_ctx *ctx, uint32_t type, wcv v, int64_t *out) {
    if (wcb_as_int(v, out)) return 0;
    bool decimal = type == 'd' || type == 'i' || type == 'u';
    if (decimal && wcb_is_kind(v, WCB_KIND_FLOAT)) {
        double value = WCB_AS(wcb_float, v)->value;
        if (isnan(value)) wcb_raise(ctx, WCB_TYPE_ValueError, "cannot convert float NaN to integer");
        else if (isinf(value)) wcb_raise(ctx, WCB_TYPE_OverflowError, "cannot convert float infinity to integer");
        else if (fabs(value) >= 0x1p62) wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        else {
            *out = (int64_t)value;
            return 0;
        }
        return -1;
    }
    wcv function = decimal ? wcb_lookup_special(ctx, v, WCB_N___int__) : 0;
    if (!function && ctx->exception) return -1;
    if (function) {
        wcv result = wcb_call_special(ctx, v, function, 0, NULL);
        if (result && wcb_as_int(result, out)) return 0;
        return result ? percent_wrong_number(ctx, type, v, "a real number") : -1;
    }
    if (wcb_lookup_special(ctx, v, WCB_N___index__)) return wcb_index(ctx, v, out);
    return ctx->exception ? -1 : percent_wrong_number(ctx, type, v, decimal ? "a real number" : "an integer");
}

static int percent_as_double(wcb_ctx *ctx, wcv v, double *out) {
    if (wcb_as_double(v, out)) return 0;
    if (wcb_is_kind(v, WCB_KIND_FLOAT)) {
        *out = WCB_AS(wcb_float, v)->value;
        return 0;
    }
    int64_t integer;
    wcv function = wcb_lookup_special(ctx, v, WCB_N___float__);
    if (!function && ctx->exception) return -1;
    if (function) {
        wcv result = wcb_call_special(ctx, v, function, 0, NULL);
        if (result && wcb_as_double(result, out)) return 0;
        if (result) wcb_raise_format(ctx, WCB_TYPE_TypeError, "%V.__float__ returned non-float (type %V)", v, result);
        return -1;
    }
    if (wcb_lookup_special(ctx, v, WCB_N___index__)) {
        if (wcb_index(ctx, v, &integer) < 0) return -1;
        *out = (double)integer;
        return 0;
    }
    if (!ctx->exception) wcb_raise_format(ctx, WCB_TYPE_TypeError, "must be real number, not %V", v);
    return -1;
}

static wcv percent_int_text(percent_state *p, const percent_field *f, wcv v) {
    int64_t value;
    if (percent_as_int(p->ctx, f->type, v, &value) < 0) return 0;
    char buffer[32];
    char *at = buffer + sizeof buffer;
    uint64_t base = f->type == 'o' ? 8 : f->type == 'x' || f->type == 'X' ? 16 : 10;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do *--at = (f->type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[rest % base];
    while (rest /= base);
    int64_t count = buffer + sizeof buffer - at;
    text_builder b;
    text_begin(&b, p->ctx, 32);
    if (value < 0) text_add_c(&b, "-");
    text_fill(&b, '0', f->precision - count);
    text_add_ascii(&b, at, count);
    return text_end(&b);
}

static wcv percent_float_text(percent_state *p, const percent_field *f, wcv v) {
    double value;
    if (percent_as_double(p->ctx, v, &value) < 0) return 0;
    text_builder b;
    text_begin(&b, p->ctx, 32);
    text_add_double(&b, value, (char)(f->type | 32), f->precision < 0 ? 6 : f->precision,
                    (f->flags & PERCENT_ALTERNATE ? TEXT_FLOAT_ALTERNATE : 0) | (f->type < 'a' ? TEXT_FLOAT_UPPER : 0));
    return text_end(&b);
}

static wcv percent_char_text(percent_state *p, wcv v) {
    int64_t point;
    if (text_is_str(v)) {
        if (WCB_AS(wcb_str, v)->length == 1) return v;
    } else if (wcb_as_int(v, &point) || wcb_lookup_special(p->ctx, v, WCB_N___index__)) {
        if (wcb_index(p->ctx, v, &point) < 0) return 0;
        if (point >= 0 && point <= 0x10ffff) return wcb_char(p->ctx, (uint32_t)point);
        return wcb_raise(p->ctx, WCB_TYPE_OverflowError, "%c arg not in range(0x110000)");
    }
    return p->ctx->exception ? 0 : wcb_raise(p->ctx, WCB_TYPE_TypeError, "%c requires int or char");
}

/* Adds a number's text: sign, prefix, padding and digits in the order that the flags ask for. */
static void percent_add_number(percent_state *p, const percent_field *f, const wcb_str *s) {
    bool zero = f->flags & PERCENT_ZERO;
    uint32_t sign = wcb_char_at(s, 0) == '-' ? '-' : f->flags & PERCENT_SIGN ? '+' : f->flags & PERCENT_BLANK ? ' ' : 0;
    int64_t start = wcb_char_at(s, 0) == '-', length = s->length - start;
    const char *prefix = "";
    if (f->flags & PERCENT_ALTERNATE)
        prefix = f->type == 'x' ? "0x" : f->type == 'X' ? "0X" : f->type == 'o' ? "0o" : "";
    int64_t room = f->width - length - (sign != 0) - (int64_t)strlen(prefix);
    if (!zero && !(f->flags & PERCENT_LEFT)) text_fill(&p->out, ' ', room);
    if (sign) text_add_point(&p->out, sign);
    text_add_c(&p->out, prefix);
    if (zero && !(f->flags & PERCENT_LEFT)) text_fill(&p->out, '0', room);
    text_add_slice(&p->out, s, start, s->length);
    if (f->flags & PERCENT_LEFT) text_fill(&p->out, ' ', room);
}

static void percent_add_text(percent_state *p, const percent_field *f, const wcb_str *s, int64_t length) {
    if (!(f->flags & PERCENT_LEFT)) text_fill(&p->out, ' ', f->width - length);
    text_add_slice(&p->out, s, 0, length);
    if (f->flags & PERCENT_LEFT) text_fill(&p->out, ' ', f->width - length);
}

static int percent_add_field(percent_state *p, const percent_field *f) {
    wcb_ctx *ctx = p->ctx;
    wcv v = percent_next_value(p), text;
    if (!v) return -1;
    switch (f->type) {
    case 's': text = wcb_str_of(ctx, v); break;
    case 'r': text = wcb_repr(ctx, v); break;
    case 'a': text = wcb_ascii(ctx, v); break;
    case 'c': text = percent_char_text(p, v); break;
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X': text = percent_int_text(p, f, v); break;
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': text = percent_float_text(p, f, v); break;
    default:
        wcb_raise_format(ctx, WCB_TYPE_ValueError, "unsupported format character '%c' (0x%x) at index %lld",
                         f->type > 31 && f->type < 127 ? (int)f->type : '?', (int)f->type, (long long)p->at - 1);
        return -1;
    }
    if (!text) return -1;
    const wcb_str *s = WCB_AS(wcb_str, text);
    if (f->type == 'c') percent_add_text(p, f, s, 1);
    else if (f->type == 's' || f->type == 'r' || f->type == 'a')
        percent_add_text(p, f, s, f->precision >= 0 && f->precision < s->length ? f->precision : s->length);
    else percent_add_number(p, f, s);
    return 0;
}

static bool percent_is_mapping(wcb_ctx *ctx, wcv v) {
    switch (wcb_kind(v)) {
    case WCB_KIND_DICT: case WCB_KIND_LIST: case WCB_KIND_RANGE: return true;
    case WCB_KIND_INSTANCE: case WCB_KIND_EXCEPTION: return wcb_lookup_special(ctx, v, WCB_N___getitem__) != 0;
    default: return false;
    }
}

wcv wcb_str_percent(wcb_ctx *ctx, wcv format, wcv values) {
    const wcb_str *s = WCB_AS(wcb_str, format);
    percent_state p = {.ctx = ctx, .format = s, .single = values};
    percent_field f;
    if (wcb_is_kind(values, WCB_KIND_TUPLE)) p.many = WCB_AS(wcb_tuple, values);
    else if (percent_is_mapping(ctx, values)) p.mapping = values;
    if (ctx->exception) return 0;
    text_begin(&p.out, ctx, s->length + 32);
    while (p.at < s->length) {
        int64_t start = p.at;
        while (p.at < s->length && wcb_char_at(s, p.at) != '%') p.at++;
        text_add_slice(&p.out, s, start, p.at);
        if (p.at >= s->length) break;
        p.at++;
        if (p.at < s->length && wcb_char_at(s, p.at) == '%') {
            text_add_point(&p.out, '%');
            p.at++;
            continue;
        }
        if (percent_read_field(&p, &f) < 0 || percent_add_field(&p, &f) < 0) return 0;
    }
    if (!p.mapping && p.next < (p.many ? p.many->length : 1))
        return wcb_raise(ctx, WCB_TYPE_TypeError, "not all arguments converted during string formatting");
    return text_end(&p.out);
}
