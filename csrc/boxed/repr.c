/* repr() and str(): text, numbers, containers. What other objects look like is in repr_objects.c. */
#include "text.h"

/* Containers that are being printed: a list on the C stack, from ctx->recursion. */
typedef struct repr_frame { struct repr_frame *outer; wcv container; } repr_frame;

static bool repr_enter(wcb_ctx *ctx, repr_frame *frame, wcv container) {
    repr_frame *outer = (repr_frame *)(uintptr_t)ctx->recursion;
    for (repr_frame *at = outer; at; at = at->outer)
        if (at->container == container) return false;
    *frame = (repr_frame){outer, container};
    ctx->recursion = (wcv)(uintptr_t)frame;
    return true;
}

static void repr_leave(wcb_ctx *ctx, const repr_frame *frame) { ctx->recursion = (wcv)(uintptr_t)frame->outer; }

/* ---- text ---- */

static void repr_add_hex(text_builder *b, char letter, uint32_t point, int digits) {
    text_add_c(b, "\\");
    text_add_point(b, (uint8_t)letter);
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        text_add_point(b, (uint8_t)"0123456789abcdef"[point >> shift & 15]);
}

static void repr_add_escaped(text_builder *b, uint32_t c) {
    if (c == '\n') text_add_c(b, "\\n");
    else if (c == '\r') text_add_c(b, "\\r");
    else if (c == '\t') text_add_c(b, "\\t");
    else if (c < 256) repr_add_hex(b, 'x', c, 2);
    else if (c < 0x10000) repr_add_hex(b, 'u', c, 4);
    else repr_add_hex(b, 'U', c, 8);
}

static void repr_add_str(text_builder *b, const wcb_str *s) {
    bool single = false, twice = false;
    for (int32_t i = 0; i < s->length; i++) {
        uint32_t c = wcb_char_at(s, i);
        single |= c == '\'';
        twice |= c == '"';
    }
    uint32_t quote = single && !twice ? '"' : '\'';
    text_add_point(b, quote);
    for (int32_t i = 0; i < s->length; i++) {
        uint32_t c = wcb_char_at(s, i);
        int class = text_class(c);
        if (class & TEXT_UNKNOWN) {
            wcb_limit(b->ctx, WC_STATUS_OUT_OF_RANGE);
            b->text = NULL;
            return;
        }
        if (c == quote || c == '\\') text_add_c(b, "\\");
        if (class & TEXT_PRINTABLE) text_add_point(b, c);
        else repr_add_escaped(b, c);
    }
    text_add_point(b, quote);
}

wcv wcb_ascii(wcb_ctx *ctx, wcv v) {
    wcv text = wcb_repr(ctx, v);
    if (!text) return 0;
    const wcb_str *s = WCB_AS(wcb_str, text);
    text_builder b;
    text_begin(&b, ctx, s->length);
    for (int32_t i = 0; i < s->length; i++) {
        if (wcb_char_at(s, i) < 128) text_add_point(&b, wcb_char_at(s, i));
        else repr_add_escaped(&b, wcb_char_at(s, i));
    }
    return text_end(&b);
}

/* ---- numbers ---- */

static void repr_add_complex(text_builder *b, const wcb_complex *z) {
    bool real = z->real != 0.0 || signbit(z->real);
    if (real) {
        text_add_c(b, "(");
        text_add_double(b, z->real, 'r', 0, 0);
        if (isnan(z->imag) || !signbit(z->imag)) text_add_c(b, "+");
    }
    text_add_double(b, z->imag, 'r', 0, 0);
    text_add_c(b, real ? "j)" : "j");
}

/* ---- containers ---- */

/* Item i of a list, tuple or deque; 0: it has no more. */
static wcv repr_item(wcv v, int64_t i) {
    switch (wcb_kind(v)) {
    case WCB_KIND_LIST: return i < WCB_AS(wcb_list, v)->length ? WCB_AS(wcb_list, v)->items[i] : 0;
    case WCB_KIND_TUPLE: return i < WCB_AS(wcb_tuple, v)->length ? WCB_AS(wcb_tuple, v)->items[i] : 0;
    default: return i < WCB_AS(wcb_deque, v)->length ? wcb_deque_item(WCB_AS(wcb_deque, v), i) : 0;
    }
}

/* Adds the items, separated; the sequence may change while they are printed. */
static void repr_add_items(text_builder *b, wcv v) {
    for (int64_t i = 0; b->text; i++) {
        wcv item = repr_item(v, i);
        if (!item) break;
        if (i) text_add_c(b, ", ");
        text_add_value(b, wcb_repr(b->ctx, item));
    }
}

/* Adds the entries: keys, values, "key: value" (colon), or "(key, value)" (pair). */
static void repr_add_entries(text_builder *b, const wcb_table *table, bool keys, bool values, bool pair) {
    bool first = true;
    for (int32_t i = 0; b->text && i < table->filled; i++) {
        wcb_entry entry = table->entries[i];
        if (!entry.key) continue;
        if (!first) text_add_c(b, ", ");
        first = false;
        if (pair) text_add_c(b, "(");
        if (keys) text_add_value(b, wcb_repr(b->ctx, entry.key));
        if (keys && values && b->text) text_add_c(b, pair ? ", " : ": ");
        if (values && b->text) text_add_value(b, wcb_repr(b->ctx, entry.value));
        if (pair) text_add_c(b, ")");
    }
}

/* The elements as they were when printing began, as a set's repr takes a list of them first. */
static void repr_add_set(text_builder *b, wcv v) {
    const wcb_table *table = WCB_AS(wcb_table, v);
    bool bare = table->type == WCB_TYPE(set);
    if (!bare || table->used == 0) {
        text_add_value(b, table->type->name);
        text_add_c(b, "(");
    }
    if (table->used) {
        wcv items = wcb_new_list(b->ctx, 0, NULL);
        for (int32_t i = 0; items && i < table->filled; i++)
            if (table->entries[i].key && wcb_list_append(b->ctx, items, table->entries[i].key) < 0) items = 0;
        text_add_c(b, "{");
        if (items) repr_add_items(b, items);
        else b->text = NULL;
        text_add_c(b, "}");
    }
    if (!bare || table->used == 0) text_add_c(b, ")");
}

static void repr_add_tuple(text_builder *b, wcv v) {
    text_add_c(b, "(");
    repr_add_items(b, v);
    text_add_c(b, WCB_AS(wcb_tuple, v)->length == 1 ? ",)" : ")");
}

static void repr_add_dict(text_builder *b, wcv v) {
    text_add_c(b, "{");
    repr_add_entries(b, WCB_AS(wcb_table, v), true, true, false);
    text_add_c(b, "}");
}

static void repr_add_deque(text_builder *b, wcv v) {
    text_add_value(b, wcb_type_of(v)->name);
    text_add_c(b, "([");
    repr_add_items(b, v);
    text_add_c(b, "]");
    if (WCB_AS(wcb_deque, v)->maxlen >= 0) {
        text_add_c(b, ", maxlen=");
        text_add_int(b, WCB_AS(wcb_deque, v)->maxlen);
    }
    text_add_c(b, ")");
}

static void repr_add_view(text_builder *b, wcv v) {
    const wcb_dict_view *view = WCB_AS(wcb_dict_view, v);
    text_add_value(b, view->type->name);
    text_add_c(b, "([");
    repr_add_entries(b, view->dict, view->what != 1, view->what != 0, view->what == 2);
    text_add_c(b, "])");
}

static void repr_add_container(text_builder *b, wcv v) {
    switch (wcb_kind(v)) {
    case WCB_KIND_TUPLE: repr_add_tuple(b, v); break;
    case WCB_KIND_LIST:
        text_add_c(b, "[");
        repr_add_items(b, v);
        text_add_c(b, "]");
        break;
    case WCB_KIND_DEQUE: repr_add_deque(b, v); break;
    case WCB_KIND_DICT_VIEW: repr_add_view(b, v); break;
    case WCB_KIND_DICT: repr_add_dict(b, v); break;
    default: repr_add_set(b, v);
    }
}

static const char *repr_of_cycle(wcv v) {
    switch (wcb_kind(v)) {
    case WCB_KIND_TUPLE: return "(...)";
    case WCB_KIND_LIST: case WCB_KIND_DEQUE: return "[...]";
    case WCB_KIND_DICT: return "{...}";
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: return "set(...)";
    default: return "...";
    }
}

static wcv repr_of_container(wcb_ctx *ctx, wcv v) {
    repr_frame frame;
    text_builder b;
    if (!repr_enter(ctx, &frame, v)) return wcb_str_of_c(ctx, repr_of_cycle(v));
    wcv result = 0;
    if (wcb_enter(ctx) == 0) {
        text_begin(&b, ctx, 48);
        repr_add_container(&b, v);
        result = text_end(&b);
        ctx->depth--;
    }
    repr_leave(ctx, &frame);
    return result;
}

/* Only the dict inside is cut off where it contains itself. */
static wcv repr_of_default_dict(wcb_ctx *ctx, wcv v) {
    wcv factory = WCB_AS(wcb_table, v)->extra;
    text_builder b;
    text_begin(&b, ctx, 48);
    text_add_value(&b, wcb_type_of(v)->name);
    text_add_c(&b, "(");
    text_add_value(&b, wcb_repr(ctx, factory ? factory : WCB_NONE));
    text_add_c(&b, ", ");
    if (b.text) text_add_value(&b, repr_of_container(ctx, v));
    text_add_c(&b, ")");
    return text_end(&b);
}

/* ---- all ---- */

static wcv repr_of_scalar(wcb_ctx *ctx, wcv v) {
    text_builder b;
    int64_t integer;
    switch (wcb_kind(v)) {
    case WCB_KIND_NONE: return wcb_str_of_c(ctx, "None");
    case WCB_KIND_BOOL: return wcb_str_of_c(ctx, v == WCB_TRUE ? "True" : "False");
    case WCB_KIND_ELLIPSIS: return wcb_str_of_c(ctx, "Ellipsis");
    case WCB_KIND_NOT_IMPLEMENTED: return wcb_str_of_c(ctx, "NotImplemented");
    default: break;
    }
    text_begin(&b, ctx, 24);
    switch (wcb_kind(v)) {
    case WCB_KIND_INT:
        wcb_as_int(v, &integer);
        text_add_int(&b, integer);
        break;
    case WCB_KIND_FLOAT: text_add_double(&b, WCB_AS(wcb_float, v)->value, 'r', 0, TEXT_FLOAT_DOT_ZERO); break;
    case WCB_KIND_COMPLEX: repr_add_complex(&b, WCB_AS(wcb_complex, v)); break;
    default: repr_add_str(&b, WCB_AS(wcb_str, v));
    }
    return text_end(&b);
}

wcv wcb_builtin_repr(wcb_ctx *ctx, wcv v) {
    switch (wcb_kind(v)) {
    case WCB_KIND_INT: case WCB_KIND_BOOL: case WCB_KIND_NONE: case WCB_KIND_ELLIPSIS: case WCB_KIND_NOT_IMPLEMENTED:
    case WCB_KIND_FLOAT: case WCB_KIND_COMPLEX: case WCB_KIND_STR:
        return repr_of_scalar(ctx, v);
    case WCB_KIND_DICT:
        if (wcb_is_subtype(wcb_type_of(v), WCB_TYPE(defaultdict))) return repr_of_default_dict(ctx, v);
        return repr_of_container(ctx, v);
    case WCB_KIND_TUPLE: case WCB_KIND_LIST: case WCB_KIND_SET: case WCB_KIND_FROZENSET: case WCB_KIND_DICT_VIEW:
    case WCB_KIND_DEQUE:
        return repr_of_container(ctx, v);
    default: return text_repr_of_object(ctx, v);
    }
}

/* [Errno 2] message */
static wcv repr_of_os_error(wcb_ctx *ctx, const wcv *arguments) {
    text_builder b;
    text_begin(&b, ctx, 48);
    text_add_c(&b, "[Errno ");
    text_add_value(&b, wcb_str_of(ctx, arguments[0]));
    text_add_c(&b, "] ");
    if (b.text) text_add_value(&b, wcb_str_of(ctx, arguments[1]));
    return text_end(&b);
}

wcv wcb_builtin_str(wcb_ctx *ctx, wcv v) {
    if (text_is_str(v)) return text_slice(ctx, WCB_AS(wcb_str, v), 0, WCB_AS(wcb_str, v)->length);
    if (!wcb_is_kind(v, WCB_KIND_EXCEPTION)) return wcb_repr(ctx, v);
    const wcb_tuple *arguments = WCB_AS(wcb_tuple, WCB_AS(wcb_exception, v)->arguments);
    if (arguments->length == 0) return wcb_new_str(ctx, 0, "");
    if (arguments->length == 2 && wcb_is_subtype(wcb_type_of(v), WCB_TYPE(OSError)))
        return repr_of_os_error(ctx, arguments->items);
    if (arguments->length != 1) return wcb_repr(ctx, (wcv)arguments);
    bool key_error = wcb_is_subtype(wcb_type_of(v), WCB_TYPE(KeyError));
    return key_error ? wcb_repr(ctx, arguments->items[0]) : wcb_str_of(ctx, arguments->items[0]);
}

/* What the program's own __repr__ or __str__ gives; 0 without an exception: it has none. */
static wcv repr_by_program(wcb_ctx *ctx, wcv v, int32_t name_id) {
    if (!(wcb_type_of(v)->flags & WCB_TYPE_IS_PROGRAM)) return 0;
    wcv function = wcb_lookup_special(ctx, v, name_id);
    if (!function) return 0;
    wcv text = wcb_call_special(ctx, v, function, 0, NULL);
    if (text && !text_is_str(text))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s returned non-string (type %V)", text_c_name(name_id),
                                text);
    return text;
}

wcv wcb_repr(wcb_ctx *ctx, wcv v) {
    wcv text = repr_by_program(ctx, v, WCB_N___repr__);
    return text || ctx->exception ? text : wcb_builtin_repr(ctx, v);
}

wcv wcb_str_of(wcb_ctx *ctx, wcv v) {
    if (wcb_is_object(v) && ((wcb_object *)v)->type == WCB_TYPE(str)) return v;
    wcv text = repr_by_program(ctx, v, WCB_N___str__);
    return text || ctx->exception ? text : wcb_builtin_str(ctx, v);
}
