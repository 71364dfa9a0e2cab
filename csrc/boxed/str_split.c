/* str: split, partition, strip, justify. */
#include "text.h"

static int split_append(wcb_ctx *ctx, wcv list, const wcb_str *s, int64_t start, int64_t stop) {
    wcv part = text_slice(ctx, s, start, stop);
    return part ? wcb_list_append(ctx, list, part) : -1;
}

static int split_at_spaces(wcb_ctx *ctx, wcv list, const wcb_str *s, int64_t most) {
    int64_t at = 0, length = s->length;
    for (;;) {
        while (at < length && text_is_space(wcb_char_at(s, at))) at++;
        if (at >= length) return 0;
        int64_t start = at;
        if (most-- <= 0) return split_append(ctx, list, s, start, length);
        while (at < length && !text_is_space(wcb_char_at(s, at))) at++;
        if (split_append(ctx, list, s, start, at) < 0) return -1;
    }
}

/* Appends from the last part to the first. */
static int split_at_spaces_from_right(wcb_ctx *ctx, wcv list, const wcb_str *s, int64_t most) {
    int64_t at = s->length;
    for (;;) {
        while (at > 0 && text_is_space(wcb_char_at(s, at - 1))) at--;
        if (at <= 0) return 0;
        int64_t stop = at;
        if (most-- <= 0) return split_append(ctx, list, s, 0, stop);
        while (at > 0 && !text_is_space(wcb_char_at(s, at - 1))) at--;
        if (split_append(ctx, list, s, at, stop) < 0) return -1;
    }
}

static int split_at(wcb_ctx *ctx, wcv list, const wcb_str *s, const wcb_str *separator, int64_t most) {
    int64_t start = 0;
    while (most-- > 0) {
        int64_t hit = text_find(s, separator, start, s->length);
        if (hit < 0) break;
        if (split_append(ctx, list, s, start, hit) < 0) return -1;
        start = hit + separator->length;
    }
    return split_append(ctx, list, s, start, s->length);
}

static int split_at_from_right(wcb_ctx *ctx, wcv list, const wcb_str *s, const wcb_str *separator, int64_t most) {
    int64_t stop = s->length;
    while (most-- > 0) {
        int64_t hit = text_find_last(s, separator, 0, stop);
        if (hit < 0) break;
        if (split_append(ctx, list, s, hit + separator->length, stop) < 0) return -1;
        stop = hit;
    }
    return split_append(ctx, list, s, 0, stop);
}

static wcv split_method(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args, bool right) {
    wcv out[2] = {0};
    int64_t most = -1;
    if (wcb_parse(ctx, args, right ? "rsplit" : "split", "|sep maxsplit", out) < 0) return 0;
    if (out[1] && wcb_index(ctx, out[1], &most) < 0) return 0;
    if (most < 0) most = INT64_MAX;
    wcv list = wcb_new_list(ctx, 0, NULL);
    if (!list) return 0;
    int status;
    if (!out[0] || out[0] == WCB_NONE) {
        status = right ? split_at_spaces_from_right(ctx, list, s, most) : split_at_spaces(ctx, list, s, most);
    } else if (!text_is_str(out[0])) {
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "must be str or None, not %V", out[0]);
    } else {
        const wcb_str *separator = WCB_AS(wcb_str, out[0]);
        if (separator->length == 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "empty separator");
        status = (right ? split_at_from_right : split_at)(ctx, list, s, separator, most);
    }
    if (status < 0) return 0;
    if (right) {
        wcb_list *parts = WCB_AS(wcb_list, list);
        for (int64_t i = 0, j = parts->length - 1; i < j; i++, j--) {
            wcv swapped = parts->items[i];
            parts->items[i] = parts->items[j];
            parts->items[j] = swapped;
        }
    }
    return list;
}

static bool split_is_line_end(uint32_t c) {
    return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static wcv split_lines(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args) {
    wcv out[1] = {0}, list = wcb_new_list(ctx, 0, NULL);
    int keep = 0;
    if (!list || wcb_parse(ctx, args, "splitlines", "|keepends", out) < 0) return 0;
    if (out[0] && (keep = wcb_truth(ctx, out[0])) < 0) return 0;
    for (int64_t start = 0, at = 0; at < s->length; start = at) {
        while (at < s->length && !split_is_line_end(wcb_char_at(s, at))) at++;
        int64_t stop = at;
        if (at < s->length)
            at += wcb_char_at(s, at) == '\r' && at + 1 < s->length && wcb_char_at(s, at + 1) == '\n' ? 2 : 1;
        if (split_append(ctx, list, s, start, keep ? at : stop) < 0) return 0;
    }
    return list;
}

static wcv split_partition(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args, bool right) {
    if (text_arity(ctx, args, right ? "rpartition" : "partition", 1, 1) < 0) return 0;
    if (!text_is_str(args->values[0]))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "must be str, not %V", args->values[0]);
    const wcb_str *separator = WCB_AS(wcb_str, args->values[0]);
    if (separator->length == 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "empty separator");
    int64_t hit = right ? text_find_last(s, separator, 0, s->length) : text_find(s, separator, 0, s->length);
    wcv parts[3];
    if (hit >= 0) {
        parts[0] = text_slice(ctx, s, 0, hit);
        parts[1] = (wcv)separator;
        parts[2] = text_slice(ctx, s, hit + separator->length, s->length);
    } else {
        parts[0] = parts[1] = parts[2] = wcb_new_str(ctx, 0, "");
        parts[right ? 2 : 0] = text_slice(ctx, s, 0, s->length);
    }
    return parts[0] && parts[1] && parts[2] ? wcb_new_tuple(ctx, 3, parts) : 0;
}

static bool split_strips(const wcb_str *characters, uint32_t c) {
    if (!characters) return text_is_space(c);
    for (int32_t i = 0; i < characters->length; i++)
        if (wcb_char_at(characters, i) == c) return true;
    return false;
}

static wcv split_strip(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args, bool left, bool right) {
    if (text_arity(ctx, args, left && right ? "strip" : left ? "lstrip" : "rstrip", 0, 1) < 0) return 0;
    const wcb_str *characters = NULL;
    if (args->count && args->values[0] != WCB_NONE) {
        if (!text_is_str(args->values[0])) return wcb_raise(ctx, WCB_TYPE_TypeError, "strip arg must be None or str");
        characters = WCB_AS(wcb_str, args->values[0]);
    }
    int64_t start = 0, stop = s->length;
    while (left && start < stop && split_strips(characters, wcb_char_at(s, start))) start++;
    while (right && stop > start && split_strips(characters, wcb_char_at(s, stop - 1))) stop--;
    return text_slice(ctx, s, start, stop);
}

static wcv split_pad(wcb_ctx *ctx, const wcb_str *s, int64_t left, int64_t right, uint32_t fill) {
    if (left <= 0 && right <= 0) return text_slice(ctx, s, 0, s->length);
    if (left + right > INT32_MAX) return wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
    text_builder b;
    text_begin(&b, ctx, s->length + left + right);
    text_fill(&b, fill, left);
    text_add_str(&b, s);
    text_fill(&b, fill, right);
    return text_end(&b);
}

/* center, ljust, rjust */
static wcv split_justify(wcb_ctx *ctx, const wcb_str *s, int32_t how, const wcb_args *args) {
    int64_t width;
    uint32_t fill = ' ';
    const char *name = how == WCB_N_center ? "center" : how == WCB_N_ljust ? "ljust" : "rjust";
    if (text_arity(ctx, args, name, 1, 2) < 0 || wcb_index(ctx, args->values[0], &width) < 0) return 0;
    if (args->count == 2) {
        if (!text_is_str(args->values[1]))
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "The fill character must be a unicode character, not %V",
                                    args->values[1]);
        const wcb_str *filler = WCB_AS(wcb_str, args->values[1]);
        if (filler->length != 1)
            return wcb_raise(ctx, WCB_TYPE_TypeError, "The fill character must be exactly one character long");
        fill = wcb_char_at(filler, 0);
    }
    int64_t room = width > s->length ? width - s->length : 0;
    int64_t left = how == WCB_N_ljust ? 0 : how == WCB_N_rjust ? room : room / 2 + (room & width & 1);
    return split_pad(ctx, s, left, room - left, fill);
}

static wcv split_zfill(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args) {
    int64_t width;
    if (text_arity(ctx, args, "zfill", 1, 1) < 0 || wcb_index(ctx, args->values[0], &width) < 0) return 0;
    if (width <= s->length) return text_slice(ctx, s, 0, s->length);
    if (width > INT32_MAX) return wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
    bool sign = s->length > 0 && (wcb_char_at(s, 0) == '+' || wcb_char_at(s, 0) == '-');
    text_builder b;
    text_begin(&b, ctx, width);
    if (sign) text_add_point(&b, wcb_char_at(s, 0));
    text_fill(&b, '0', width - s->length);
    text_add_slice(&b, s, sign, s->length);
    return text_end(&b);
}

static wcv split_expandtabs(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args) {
    wcv out[1] = {0};
    int64_t size = 8, column = 0;
    if (wcb_parse(ctx, args, "expandtabs", "|tabsize", out) < 0) return 0;
    if (out[0] && wcb_index(ctx, out[0], &size) < 0) return 0;
    text_builder b;
    text_begin(&b, ctx, s->length);
    for (int32_t i = 0; i < s->length; i++) {
        uint32_t c = wcb_char_at(s, i);
        if (c == '\t') {
            int64_t spaces = size > 0 ? size - column % size : 0;
            if (spaces > INT32_MAX / 4) return wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
            text_fill(&b, ' ', spaces);
            column += spaces;
        } else {
            text_add_point(&b, c);
            column = c == '\n' || c == '\r' ? 0 : column + 1;
        }
    }
    return text_end(&b);
}

wcv text_split_method(wcb_ctx *ctx, const wcb_str *s, int32_t name_id, const wcb_args *args) {
    switch (name_id) {
    case WCB_N_split: return split_method(ctx, s, args, false);
    case WCB_N_rsplit: return split_method(ctx, s, args, true);
    case WCB_N_splitlines: return split_lines(ctx, s, args);
    case WCB_N_partition: return split_partition(ctx, s, args, false);
    case WCB_N_rpartition: return split_partition(ctx, s, args, true);
    case WCB_N_strip: return split_strip(ctx, s, args, true, true);
    case WCB_N_lstrip: return split_strip(ctx, s, args, true, false);
    case WCB_N_rstrip: return split_strip(ctx, s, args, false, true);
    case WCB_N_zfill: return split_zfill(ctx, s, args);
    case WCB_N_expandtabs: return split_expandtabs(ctx, s, args);
    default: return split_justify(ctx, s, name_id, args);
    }
}
