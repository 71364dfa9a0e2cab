/* str: the constructor, operators, subscripts, iteration. */
#include "text.h"

wcv wcb_str_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    wcv out[3] = {0};
    if (wcb_parse(ctx, args, "str", "|object encoding errors", out) < 0) return 0;
    if (out[1] || out[2]) {
        bool decoded = out[0] && text_is_str(out[0]);
        return wcb_raise(ctx, WCB_TYPE_TypeError,
                         decoded ? "decoding str is not supported" : "decoding to str: need a bytes-like object");
    }
    wcv text = out[0] ? wcb_str_of(ctx, out[0]) : wcb_new_str(ctx, 0, "");
    if (!text || type == WCB_TYPE(str)) return text;
    const wcb_str *content = WCB_AS(wcb_str, text);
    wcb_str *result = text_new(ctx, content->length, content->width);
    if (!result) return 0;
    memcpy(result->data, content->data, (size_t)content->length * content->width);
    result->type = type;
    return (wcv)result;
}

static wcv str_concatenate(wcb_ctx *ctx, wcv a, wcv b) {
    if (!text_is_str(a)) return WCB_NOT_IMPLEMENTED;
    if (!text_is_str(b))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "can only concatenate str (not \"%V\") to str", b);
    const wcb_str *left = WCB_AS(wcb_str, a), *right = WCB_AS(wcb_str, b);
    if (left->length == 0) return text_slice(ctx, right, 0, right->length);
    if (right->length == 0) return text_slice(ctx, left, 0, left->length);
    return wcb_join(ctx, 2, (const wcv[]){a, b});
}

static wcv str_repeat(wcb_ctx *ctx, const wcb_str *text, int64_t times) {
    if (times == 1) return text_slice(ctx, text, 0, text->length);
    if (times <= 0 || text->length == 0) return wcb_new_str(ctx, 0, "");
    if (times > INT32_MAX) return wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
    wcb_str *result = text_new(ctx, text->length * times, text->width);
    if (!result) return 0;
    size_t bytes = (size_t)text->length * text->width;
    if (bytes == 1) memset(result->data, text->data[0], (size_t)times);
    else
        for (int64_t i = 0; i < times; i++) memcpy(result->data + (size_t)i * bytes, text->data, bytes);
    return (wcv)result;
}

wcv wcb_str_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    if (op == WCB_ADD) return str_concatenate(ctx, a, b);
    if (op == WCB_MOD) return text_is_str(a) ? wcb_str_percent(ctx, a, b) : WCB_NOT_IMPLEMENTED;
    if (op != WCB_MUL) return WCB_NOT_IMPLEMENTED;
    wcv text = text_is_str(a) ? a : b, times = text_is_str(a) ? b : a;
    int64_t count;
    if (!text_is_str(text)) return WCB_NOT_IMPLEMENTED;
    if (!wcb_as_int(times, &count)) {
        if (!wcb_lookup_special(ctx, times, WCB_N___index__)) {
            if (ctx->exception) return 0;
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "can't multiply sequence by non-int of type '%V'", times);
        }
        if (wcb_index(ctx, times, &count) < 0) return 0;
    }
    return str_repeat(ctx, WCB_AS(wcb_str, text), count);
}

wcv wcb_str_subscript(wcb_ctx *ctx, wcv self, wcv key) {
    const wcb_str *text = WCB_AS(wcb_str, self);
    int64_t index;
    if (wcb_is_kind(key, WCB_KIND_SLICE)) {
        int64_t start, step, count;
        if (wcb_slice_indices(ctx, key, text->length, &start, &step, &count) < 0) return 0;
        if (step == 1) return text_slice(ctx, text, start, start + count);
        text_builder b;
        text_begin(&b, ctx, count);
        for (int64_t i = 0; i < count; i++) text_add_point(&b, wcb_char_at(text, start + i * step));
        return text_end(&b);
    }
    if (wcb_is_small(key)) index = wcb_small(key);
    else if (wcb_as_int(key, &index)) {
    } else if (!wcb_lookup_special(ctx, key, WCB_N___index__)) {
        if (ctx->exception) return 0;
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "string indices must be integers, not '%V'", key);
    } else if (wcb_index(ctx, key, &index) < 0) return 0;
    if (index < 0) index += text->length;
    if (index < 0 || index >= text->length) return wcb_raise(ctx, WCB_TYPE_IndexError, "string index out of range");
    return wcb_char(ctx, wcb_char_at(text, index));
}

static wcv str_next(wcb_ctx *ctx, wcb_iterator *self) {
    const wcb_str *text = WCB_AS(wcb_str, self->source);
    if (self->position >= self->end) return 0;
    wcb_touch(ctx, self);
    return wcb_char(ctx, wcb_char_at(text, self->position++));
}

static wcv str_next_reversed(wcb_ctx *ctx, wcb_iterator *self) {
    const wcb_str *text = WCB_AS(wcb_str, self->source);
    if (self->position < 0) return 0;
    wcb_touch(ctx, self);
    return wcb_char(ctx, wcb_char_at(text, self->position--));
}

wcv wcb_str_iter(wcb_ctx *ctx, wcv self, bool reversed) {
    wcb_iterator *it = reversed ? wcb_new_iterator(ctx, WCB_TYPE_reversed, str_next_reversed, self)
                                : wcb_new_iterator(ctx, WCB_TYPE_str_iterator, str_next, self);
    if (!it) return 0;
    it->end = WCB_AS(wcb_str, self)->length;
    it->position = reversed ? it->end - 1 : 0;
    return (wcv)it;
}

int text_arity(wcb_ctx *ctx, const wcb_args *args, const char *function, int32_t least, int32_t most) {
    if (args->num_keywords) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s() takes no keyword arguments", function);
        return -1;
    }
    if (args->count >= least && args->count <= most) return 0;
    int32_t bound = args->count < least ? least : most;
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s expected %s %d argument%s, got %d", function,
                     least == most ? "exactly" : args->count < least ? "at least" : "at most", bound,
                     bound == 1 ? "" : "s", args->count);
    return -1;
}
