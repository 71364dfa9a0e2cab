/* Exceptions and limits: making, raising, matching, and what attributes exceptions have. */
#include "objects.h"

#include <stdarg.h>
#include <stdio.h>

static wcb_tuple exceptions_no_arguments = {.type = WCB_TYPE(tuple)};
wcb_exception wcb_limit_exception = {.type = WCB_TYPE(MemoryError), .arguments = (wcv)&exceptions_no_arguments};

wcv wcb_limit(wcb_ctx *ctx, int status) {
    if (!ctx->status) ctx->status = status;
    ctx->exception = (wcv)&wcb_limit_exception;
    return 0;
}

static wcb_exception *exceptions_alloc(wcb_ctx *ctx, wcb_type *type, wcv arguments) {
    wcb_exception *exception = wcb_alloc(ctx, sizeof *exception);
    if (!exception) return NULL;
    *exception = (wcb_exception){.type = type, .arguments = arguments};
    return exception;
}

/* `exception` becomes pending; the one being handled becomes its context, without making a ring of contexts. */
static wcv exceptions_set(wcb_ctx *ctx, wcv exception) {
    if (ctx->status) return 0;
    wcv handled = ctx->handled;
    if (handled && handled != exception && WCB_AS(wcb_exception, exception)->context != handled) {
        int32_t steps = 0; /* a program can still make a ring by storing __context__ */
        for (wcv at = handled; at && steps < WCB_MAX_DEPTH; at = WCB_AS(wcb_exception, at)->context, steps++) {
            if (WCB_AS(wcb_exception, at)->context != exception) continue;
            wcb_touch(ctx, (void *)at);
            WCB_AS(wcb_exception, at)->context = 0;
        }
        wcb_touch(ctx, (void *)exception);
        WCB_AS(wcb_exception, exception)->context = handled;
    }
    ctx->exception = exception;
    return 0;
}

wcv wcb_raise_with(wcb_ctx *ctx, int type_index, wcv argument) {
    if (ctx->status) return 0;
    wcv arguments = argument ? wcb_new_tuple(ctx, 1, &argument) : (wcv)&exceptions_no_arguments;
    if (!arguments) return 0;
    wcb_exception *exception = exceptions_alloc(ctx, &wcb_types[type_index], arguments);
    return exception ? exceptions_set(ctx, (wcv)exception) : 0;
}

wcv wcb_raise(wcb_ctx *ctx, int type_index, const char *message) {
    if (ctx->status) return 0;
    wcv text = wcb_str_of_c(ctx, message);
    return text ? wcb_raise_with(ctx, type_index, text) : 0;
}

/* ---- messages ---- */
enum { EXCEPTIONS_LONGEST = 2000 };
typedef struct { int32_t length; uint32_t points[EXCEPTIONS_LONGEST]; } exceptions_text;

static void exceptions_add_c(exceptions_text *text, const char *s) {
    for (; *s && text->length < EXCEPTIONS_LONGEST; s++) text->points[text->length++] = (unsigned char)*s;
}

static void exceptions_add_str(exceptions_text *text, wcv str) {
    const wcb_str *s = WCB_AS(wcb_str, str);
    for (int32_t i = 0; i < s->length && text->length < EXCEPTIONS_LONGEST; i++)
        text->points[text->length++] = wcb_char_at(s, i);
}

/* One conversion, with the flags and lengths between the per cent sign and `letter` in `spec`. */
static void exceptions_convert(wcb_ctx *ctx, exceptions_text *text, const char *spec, char letter, va_list *list) {
    char buffer[64];
    switch (letter) {
    case 's': exceptions_add_c(text, va_arg(*list, const char *)); return;
    case 'V': exceptions_add_str(text, wcb_type_name(va_arg(*list, wcv))); return;
    case 'S': exceptions_add_str(text, va_arg(*list, wcv)); return;
    case 'N': exceptions_add_str(text, ctx->program->names[va_arg(*list, int32_t)]); return;
    case '%': exceptions_add_c(text, "%"); return;
    case 'c': buffer[0] = (char)va_arg(*list, int), buffer[1] = 0; break;
    case 'f': case 'g': snprintf(buffer, sizeof buffer, spec, va_arg(*list, double)); break;
    default:
        if (strstr(spec, "ll")) snprintf(buffer, sizeof buffer, spec, va_arg(*list, long long));
        else if (strchr(spec, 'l') || strchr(spec, 'z')) snprintf(buffer, sizeof buffer, spec, va_arg(*list, long));
        else snprintf(buffer, sizeof buffer, spec, va_arg(*list, int));
    }
    exceptions_add_c(text, buffer);
}

wcv wcb_raise_format(wcb_ctx *ctx, int type_index, const char *format, ...) {
    if (ctx->status) return 0;
    exceptions_text text;
    text.length = 0;
    va_list list;
    va_start(list, format);
    while (*format) {
        char spec[16];
        size_t n = 0;
        if (*format != '%') {
            spec[0] = *format++, spec[1] = 0;
            exceptions_add_c(&text, spec);
            continue;
        }
        do spec[n++] = *format++;
        while (n < sizeof spec - 2 && *format && strchr("0123456789.-+ #lzh", *format));
        char letter = *format;
        if (!letter) break;
        spec[n++] = *format++, spec[n] = 0;
        exceptions_convert(ctx, &text, spec, letter, &list);
    }
    va_end(list);
    wcv message = wcb_str_from_points(ctx, text.length, text.points);
    return message ? wcb_raise_with(ctx, type_index, message) : 0;
}

wcv wcb_raise_unbound(wcb_ctx *ctx, int32_t name_id) {
    return wcb_raise_format(ctx, WCB_TYPE_UnboundLocalError,
                            "cannot access local variable '%N' where it is not associated with a value", name_id);
}

wcv wcb_raise_name(wcb_ctx *ctx, int32_t name_id) {
    return wcb_raise_format(ctx, WCB_TYPE_NameError, "name '%N' is not defined", name_id);
}

wcv wcb_assertion(wcb_ctx *ctx, wcv message) { return wcb_raise_with(ctx, WCB_TYPE_AssertionError, message); }

/* ---- raise ---- */
static bool exceptions_is_class(wcv v) {
    return wcb_is_kind(v, WCB_KIND_TYPE) && ((wcb_type *)v)->kind == WCB_KIND_EXCEPTION;
}

/* What `raise v` raises: v, or an instance of it; 0 with a TypeError that says `otherwise`. */
static wcv exceptions_instance(wcb_ctx *ctx, wcv v, const char *otherwise) {
    if (wcb_is_kind(v, WCB_KIND_EXCEPTION)) return v;
    if (!exceptions_is_class(v)) return wcb_raise(ctx, WCB_TYPE_TypeError, otherwise);
    wcv made = wcb_call_values(ctx, v, 0, NULL);
    if (!made || wcb_is_kind(made, WCB_KIND_EXCEPTION)) return made;
    return wcb_raise_format(ctx, WCB_TYPE_TypeError,
                            "calling %S should have returned an instance of BaseException, not %V",
                            ((wcb_type *)v)->name, made);
}

wcv wcb_raise_value(wcb_ctx *ctx, wcv exception, wcv cause) {
    exception = exceptions_instance(ctx, exception, "exceptions must derive from BaseException");
    if (!exception) return 0;
    if (cause) {
        if (cause != WCB_NONE)
            cause = exceptions_instance(ctx, cause, "exception causes must derive from BaseException");
        if (!cause) return 0;
        wcb_touch(ctx, (void *)exception);
        WCB_AS(wcb_exception, exception)->cause = cause;
    }
    return exceptions_set(ctx, exception);
}

wcv wcb_reraise(wcb_ctx *ctx) {
    if (!ctx->handled) return wcb_raise(ctx, WCB_TYPE_RuntimeError, "No active exception to reraise");
    if (!ctx->status) ctx->exception = ctx->handled;
    return 0;
}

/* ---- except ---- */
int wcb_match_exception(wcb_ctx *ctx, wcv exception, wcv types) {
    if (ctx->status) return 0;
    bool many = wcb_is_kind(types, WCB_KIND_TUPLE);
    const wcv *items = many ? WCB_AS(wcb_tuple, types)->items : &types;
    int64_t count = many ? WCB_AS(wcb_tuple, types)->length : 1;
    for (int64_t i = 0; i < count; i++) {
        if (exceptions_is_class(items[i])) continue;
        wcb_raise(ctx, WCB_TYPE_TypeError,
                  "catching classes that do not inherit from BaseException is not allowed");
        return -1;
    }
    const wcb_type *type = wcb_type_of(exception);
    for (int64_t i = 0; i < count; i++)
        if (wcb_is_subtype(type, (wcb_type *)items[i])) return 1;
    return 0;
}

/* ---- instances ---- */
int wcb_set_exception_arguments(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcv arguments = args->count ? wcb_new_tuple(ctx, args->count, args->values) : (wcv)&exceptions_no_arguments;
    if (!arguments) return -1;
    wcb_touch(ctx, (void *)self);
    WCB_AS(wcb_exception, self)->arguments = arguments;
    return 0;
}

/* Keywords are let pass by the types that have some (AttributeError's name and obj); nothing reads them back. */
static bool exceptions_takes_keywords(const wcb_type *type) {
    return wcb_is_subtype(type, WCB_TYPE(AttributeError)) || wcb_is_subtype(type, WCB_TYPE(NameError)) ||
           wcb_is_subtype(type, WCB_TYPE(ImportError));
}

wcv wcb_exception_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    if (args->num_keywords && type->index >= 0 && !exceptions_takes_keywords(type))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S() takes no keyword arguments", type->name);
    wcb_exception *exception = exceptions_alloc(ctx, type, 0);
    if (!exception || wcb_set_exception_arguments(ctx, (wcv)exception, args)) return 0;
    return (wcv)exception;
}

static wcv exceptions_or_none(wcv v) { return v ? v : WCB_NONE; }

wcv wcb_exception_attribute(wcb_ctx *ctx, wcv self, int32_t name_id) {
    (void)ctx;
    const wcb_exception *exception = WCB_AS(wcb_exception, self);
    const wcb_tuple *arguments = WCB_AS(wcb_tuple, exception->arguments);
    switch (name_id) {
    case WCB_N_args: return exception->arguments;
    case WCB_N___cause__: return exceptions_or_none(exception->cause);
    case WCB_N___context__: return exceptions_or_none(exception->context);
    case WCB_N___suppress_context__: return wcb_from_bool(exception->cause != 0);
    case WCB_N___traceback__: return WCB_NONE;
    case WCB_N_value:
        if (!wcb_is_subtype(exception->type, WCB_TYPE(StopIteration))) return 0;
        return arguments->length ? arguments->items[0] : WCB_NONE;
    case WCB_N_code:
        if (!wcb_is_subtype(exception->type, WCB_TYPE(SystemExit))) return 0;
        return arguments->length == 0 ? WCB_NONE : arguments->length == 1 ? arguments->items[0] : exception->arguments;
    default: return 0;
    }
}

/* None, or an exception: what __cause__ and __context__ take. */
static int exceptions_store_link(wcb_ctx *ctx, wcv *place, wcv value) {
    if (value != WCB_NONE && !wcb_is_kind(value, WCB_KIND_EXCEPTION)) {
        wcb_raise(ctx, WCB_TYPE_TypeError, "exception cause must be None or derive from BaseException");
        return -1;
    }
    *place = value;
    return 1;
}

int wcb_exception_store(wcb_ctx *ctx, wcv self, int32_t name_id, wcv value) {
    wcb_exception *exception = WCB_AS(wcb_exception, self);
    wcb_touch(ctx, exception);
    switch (name_id) {
    case WCB_N_args: {
        wcv arguments = wcb_tuple_of(ctx, value);
        if (!arguments) return -1;
        exception->arguments = arguments;
        return 1;
    }
    case WCB_N___cause__: return exceptions_store_link(ctx, &exception->cause, value);
    case WCB_N___context__:
        if (exceptions_store_link(ctx, &exception->context, value) < 0) return -1;
        if (value == WCB_NONE) exception->context = 0;
        return 1;
    case WCB_N___traceback__:
    case WCB_N___suppress_context__: return 1;
    default: return 0;
    }
}
