/* str.format, format_map, format() and the values of f-strings. */
#include "text.h"

typedef struct {
    wcb_ctx *ctx;
    const wcb_args *args; /* NULL: format_map */
    wcv mapping;
    int64_t next;         /* field of automatic numbering */
    int numbering;        /* 0: not known yet, 1: automatic, 2: manual */
} braces_state;

/* A replacement field: {name!conversion:spec} */
typedef struct { int64_t name, name_end, spec, spec_end; uint32_t conversion; bool nested; } braces_field;

static wcv braces_expand(braces_state *p, const wcb_str *s, int64_t at, int64_t end, int depth);

static int braces_refuse(braces_state *p, const char *message) {
    wcb_raise(p->ctx, WCB_TYPE_ValueError, message);
    return -1;
}

/* Where the name ends: the place behind '}', ':' or '!', which goes to *terminator (0: the end of the string). */
static int64_t braces_name_end(braces_state *p, const wcb_str *s, int64_t at, int64_t end, uint32_t *terminator) {
    *terminator = 0;
    while (at < end) {
        uint32_t c = wcb_char_at(s, at++);
        if (c == '{') return braces_refuse(p, "unexpected '{' in field name");
        if (c == '[')
            while (at < end && wcb_char_at(s, at) != ']') at++;
        if (c == '}' || c == ':' || c == '!') {
            *terminator = c;
            break;
        }
    }
    return at;
}

/* Reads a field from behind its '{'; gives the place behind its '}'. */
static int64_t braces_read_field(braces_state *p, const wcb_str *s, int64_t at, int64_t end, braces_field *f) {
    uint32_t c;
    *f = (braces_field){.name = at};
    at = braces_name_end(p, s, at, end, &c);
    if (at < 0) return -1;
    f->name_end = at - 1;
    if (c == 0) return braces_refuse(p, "expected '}' before end of string");
    if (c == '}') return at;
    if (c == '!') {
        if (at >= end) return braces_refuse(p, "end of string while looking for conversion specifier");
        f->conversion = wcb_char_at(s, at++);
        if (at < end) {
            c = wcb_char_at(s, at++);
            if (c == '}') return at;
            if (c != ':') return braces_refuse(p, "expected ':' after conversion specifier");
        }
    }
    f->spec = at;
    for (int open = 1; at < end;) {
        c = wcb_char_at(s, at++);
        if (c == '{') {
            f->nested = true;
            open++;
        } else if (c == '}' && --open == 0) {
            f->spec_end = at - 1;
            return at;
        }
    }
    return braces_refuse(p, "unmatched '{' in format spec");
}

/* The number that the text is, -1: none. */
static int64_t braces_integer(const wcb_str *s, int64_t at, int64_t end) {
    int64_t value = 0;
    if (at >= end) return -1;
    for (; at < end; at++) {
        uint32_t c = wcb_char_at(s, at);
        if (c < '0' || c > '9') return -1;
        if (value < INT32_MAX) value = value * 10 + (c - '0');
    }
    return value;
}

static wcv braces_keyword(braces_state *p, wcv name) {
    if (!p->args) return wcb_subscript(p->ctx, p->mapping, name);
    for (int32_t i = 0; i < p->args->num_keywords; i++)
        if (wcb_str_equal(WCB_AS(wcb_str, p->args->keywords[i]), WCB_AS(wcb_str, name)))
            return p->args->values[p->args->count + i];
    return wcb_raise_with(p->ctx, WCB_TYPE_KeyError, name);
}

static wcv braces_first_object(braces_state *p, const wcb_str *s, int64_t at, int64_t end) {
    int64_t index = braces_integer(s, at, end);
    if (index < 0 && at < end) {
        wcv name = text_slice(p->ctx, s, at, end);
        return name ? braces_keyword(p, name) : 0;
    }
    int numbering = at >= end ? 1 : 2;
    if (!p->numbering) p->numbering = numbering;
    if (p->numbering != numbering) {
        braces_refuse(p, numbering == 1 ? "cannot switch from manual field specification to automatic field numbering"
                                        : "cannot switch from automatic field numbering to manual field specification");
        return 0;
    }
    if (numbering == 1) index = p->next++;
    if (!p->args) return wcb_raise(p->ctx, WCB_TYPE_ValueError, "Format string contains positional fields");
    if (index < p->args->count) return p->args->values[index];
    return wcb_raise_format(p->ctx, WCB_TYPE_IndexError,
                            "Replacement index %lld out of range for positional args tuple",
                            (long long)index);
}

/* The attribute or item that follows; moves *at behind it. */
static wcv braces_follow(braces_state *p, const wcb_str *s, wcv object, int64_t *at, int64_t end) {
    bool item = wcb_char_at(s, (*at)++) == '[';
    int64_t start = *at, stop;
    while (*at < end && (item ? wcb_char_at(s, *at) != ']' : wcb_char_at(s, *at) != '.' && wcb_char_at(s, *at) != '['))
        ++*at;
    stop = *at;
    if (item) {
        if (*at >= end) return braces_refuse(p, "Missing ']' in format string"), 0;
        ++*at;
    }
    if (start == stop) return braces_refuse(p, "Empty attribute in format string"), 0;
    int64_t index = item ? braces_integer(s, start, stop) : -1;
    if (index >= 0) return wcb_subscript(p->ctx, object, wcb_from_small(index));
    wcv name = text_slice(p->ctx, s, start, stop);
    if (!name) return 0;
    if (item) return wcb_subscript(p->ctx, object, name);
    int32_t name_id = wcb_name_id(p->ctx, name);
    return name_id < 0 ? wcb_limit(p->ctx, WC_STATUS_OUT_OF_RANGE) : wcb_getattr(p->ctx, object, name_id);
}

static wcv braces_object(braces_state *p, const wcb_str *s, const braces_field *f) {
    int64_t at = f->name;
    while (at < f->name_end && wcb_char_at(s, at) != '.' && wcb_char_at(s, at) != '[') at++;
    wcv object = braces_first_object(p, s, f->name, at);
    while (object && at < f->name_end) {
        uint32_t c = wcb_char_at(s, at);
        if (c != '.' && c != '[')
            return braces_refuse(p, "Only '.' or '[' may follow ']' in format field specifier"), 0;
        object = braces_follow(p, s, object, &at, f->name_end);
    }
    return object;
}

static wcv braces_field_text(braces_state *p, const wcb_str *s, const braces_field *f, int depth) {
    wcv object = braces_object(p, s, f), spec = 0;
    if (!object) return 0;
    if (f->conversion && f->conversion != 's' && f->conversion != 'r' && f->conversion != 'a')
        return wcb_raise_format(p->ctx, WCB_TYPE_ValueError, "Unknown conversion specifier %c",
                                f->conversion < 127 ? (int)f->conversion : '?');
    if (f->conversion) object = wcb_format_value(p->ctx, object, (int)f->conversion, 0);
    if (!object) return 0;
    if (f->nested) spec = braces_expand(p, s, f->spec, f->spec_end, depth - 1);
    else spec = text_slice(p->ctx, s, f->spec, f->spec_end);
    return spec ? wcb_format(p->ctx, object, spec) : 0;
}

static wcv braces_expand(braces_state *p, const wcb_str *s, int64_t at, int64_t end, int depth) {
    text_builder b;
    braces_field f;
    if (depth < 0) return braces_refuse(p, "Max string recursion exceeded"), 0;
    text_begin(&b, p->ctx, end - at + 32);
    while (at < end) {
        int64_t start = at;
        while (at < end && wcb_char_at(s, at) != '{' && wcb_char_at(s, at) != '}') at++;
        text_add_slice(&b, s, start, at);
        if (at >= end) break;
        uint32_t brace = wcb_char_at(s, at++);
        if (at < end && wcb_char_at(s, at) == brace) {
            text_add_point(&b, brace);
            at++;
            continue;
        }
        if (brace == '}') return braces_refuse(p, "Single '}' encountered in format string"), 0;
        if (at >= end) return braces_refuse(p, "Single '{' encountered in format string"), 0;
        if ((at = braces_read_field(p, s, at, end, &f)) < 0) return 0;
        wcv text = braces_field_text(p, s, &f, depth);
        if (!text) return 0;
        text_add_value(&b, text);
    }
    return text_end(&b);
}

wcv wcb_str_format(wcb_ctx *ctx, wcv format, const wcb_args *args, wcv mapping) {
    braces_state p = {.ctx = ctx, .args = args, .mapping = mapping};
    const wcb_str *s = WCB_AS(wcb_str, format);
    return braces_expand(&p, s, 0, s->length, 1);
}

wcv wcb_builtin_format(wcb_ctx *ctx, wcv v, wcv spec) {
    if (!spec) return wcb_str_of(ctx, v);
    if (!text_is_str(spec))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "__format__() argument must be str, not %V", spec);
    return WCB_AS(wcb_str, spec)->length == 0 ? wcb_str_of(ctx, v) : text_format_builtin(ctx, v, WCB_AS(wcb_str, spec));
}

wcv wcb_format(wcb_ctx *ctx, wcv v, wcv spec) {
    if (wcb_type_of(v)->flags & WCB_TYPE_IS_PROGRAM) {
        wcv function = wcb_lookup_special(ctx, v, WCB_N___format__);
        if (!function && ctx->exception) return 0;
        if (function) {
            if (!spec && !(spec = wcb_new_str(ctx, 0, ""))) return 0;
            wcv text = wcb_call_special(ctx, v, function, 1, &spec);
            if (text && !text_is_str(text))
                return wcb_raise_format(ctx, WCB_TYPE_TypeError, "__format__ must return a str, not %V", text);
            return text;
        }
    }
    return wcb_builtin_format(ctx, v, spec);
}

wcv wcb_format_value(wcb_ctx *ctx, wcv v, int conversion, wcv spec) {
    if (conversion == 's') v = wcb_str_of(ctx, v);
    else if (conversion == 'r') v = wcb_repr(ctx, v);
    else if (conversion == 'a') v = wcb_ascii(ctx, v);
    return v ? wcb_format(ctx, v, spec) : 0;
}
