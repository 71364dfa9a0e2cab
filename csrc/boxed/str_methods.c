/* str: finding, replacing, joining, translating, and the dispatch over all methods. */
#include "objects.h"
#include "text.h"

/* An index argument, None for the default; clipped as slices clip. */
static int methods_bound(wcb_ctx *ctx, wcv v, int64_t length, int64_t *out) {
    if (v == WCB_NONE) return 0;
    if (wcb_index(ctx, v, out) < 0) {
        if (!ctx->status && wcb_match_exception(ctx, ctx->exception, (wcv)WCB_TYPE(TypeError)) == 1)
            wcb_raise(ctx, WCB_TYPE_TypeError, "slice indices must be integers or None or have an __index__ method");
        return -1;
    }
    if (*out < 0) *out = *out + length < 0 ? 0 : *out + length;
    return 0;
}

/* The arguments (sub[, start[, end]]). `end` is clipped to the length, `start` may lie behind it. */
static int methods_range(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args, const char *name, int64_t *start,
                         int64_t *stop) {
    if (text_arity(ctx, args, name, 1, 3) < 0) return -1;
    *start = 0;
    *stop = s->length;
    if (args->count > 1 && methods_bound(ctx, args->values[1], s->length, start) < 0) return -1;
    if (args->count > 2 && methods_bound(ctx, args->values[2], s->length, stop) < 0) return -1;
    if (*stop > s->length) *stop = s->length;
    return 0;
}

/* find, rfind, index, rindex */
static wcv methods_find(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args, const char *name, bool last,
                        bool raises) {
    int64_t start, stop;
    if (methods_range(ctx, s, args, name, &start, &stop) < 0) return 0;
    if (!text_is_str(args->values[0]))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "must be str, not %V", args->values[0]);
    const wcb_str *needle = WCB_AS(wcb_str, args->values[0]);
    int64_t hit = -1;
    if (start <= s->length) hit = (last ? text_find_last : text_find)(s, needle, start, stop);
    if (hit < 0 && raises) return wcb_raise(ctx, WCB_TYPE_ValueError, "substring not found");
    return wcb_from_small(hit);
}

static wcv methods_count(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args) {
    int64_t start, stop, count = 0;
    if (methods_range(ctx, s, args, "count", &start, &stop) < 0) return 0;
    if (!text_is_str(args->values[0]))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "must be str, not %V", args->values[0]);
    const wcb_str *needle = WCB_AS(wcb_str, args->values[0]);
    if (start > stop) return wcb_from_small(0);
    if (needle->length == 0) return wcb_from_small(stop - start + 1);
    while ((start = text_find(s, needle, start, stop)) >= 0) {
        count++;
        start += needle->length;
    }
    return wcb_from_small(count);
}

/* startswith, endswith: a str or a tuple of them */
static wcv methods_affix(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args, bool end) {
    int64_t start, stop;
    const char *name = end ? "endswith" : "startswith";
    if (methods_range(ctx, s, args, name, &start, &stop) < 0) return 0;
    wcv given = args->values[0];
    bool many = wcb_is_kind(given, WCB_KIND_TUPLE);
    int64_t count = many ? WCB_AS(wcb_tuple, given)->length : 1;
    for (int64_t i = 0; i < count; i++) {
        wcv part = many ? WCB_AS(wcb_tuple, given)->items[i] : given;
        if (!text_is_str(part))
            return many ? wcb_raise_format(ctx, WCB_TYPE_TypeError, "tuple for %s must only contain str, not %V", name,
                                           part)
                        : wcb_raise_format(ctx, WCB_TYPE_TypeError,
                                           "%s first arg must be str or a tuple of str, not %V", name, part);
        const wcb_str *affix = WCB_AS(wcb_str, part);
        if (stop - start < affix->length) continue;
        if (text_matches(s, affix, end ? stop - affix->length : start)) return WCB_TRUE;
    }
    return WCB_FALSE;
}

static wcv methods_remove_affix(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args, bool end) {
    if (text_arity(ctx, args, end ? "removesuffix" : "removeprefix", 1, 1) < 0) return 0;
    if (!text_is_str(args->values[0]))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s() argument must be str, not %V",
                                end ? "removesuffix" : "removeprefix", args->values[0]);
    const wcb_str *affix = WCB_AS(wcb_str, args->values[0]);
    int64_t rest = s->length - affix->length;
    if (!text_matches(s, affix, end ? rest : 0)) return text_slice(ctx, s, 0, s->length);
    return end ? text_slice(ctx, s, 0, rest) : text_slice(ctx, s, affix->length, s->length);
}

static wcv methods_replace(wcb_ctx *ctx, const wcb_str *s, const wcb_args *args) {
    int64_t most = -1, at = 0;
    if (text_arity(ctx, args, "replace", 2, 3) < 0) return 0;
    for (int i = 0; i < 2; i++)
        if (!text_is_str(args->values[i]))
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "replace() argument %d must be str, not %V", i + 1,
                                    args->values[i]);
    if (args->count > 2 && wcb_index(ctx, args->values[2], &most) < 0) return 0;
    if (most < 0) most = INT64_MAX;
    const wcb_str *old = WCB_AS(wcb_str, args->values[0]), *new = WCB_AS(wcb_str, args->values[1]);
    if (most == 0 || text_find(s, old, 0, s->length) < 0) return text_slice(ctx, s, 0, s->length);
    text_builder b;
    text_begin(&b, ctx, s->length);
    while (most-- > 0) {
        int64_t hit = text_find(s, old, at, s->length);
        if (hit < 0) break;
        text_add_slice(&b, s, at, hit);
        text_add_str(&b, new);
        at = hit + old->length;
        if (old->length == 0) {
            if (at >= s->length) break;
            text_add_point(&b, wcb_char_at(s, at++));
        }
        if (!b.text) return 0;
    }
    text_add_slice(&b, s, at, s->length);
    return text_end(&b);
}

static wcv methods_join(wcb_ctx *ctx, wcv self, wcv iterable) {
    const wcb_str *separator = WCB_AS(wcb_str, self);
    wcv parts = iterable;
    if (wcb_type_of(iterable) != WCB_TYPE(list) && wcb_type_of(iterable) != WCB_TYPE(tuple))
        if (!(parts = wcb_list_of(ctx, iterable))) return 0;
    bool is_tuple = wcb_is_kind(parts, WCB_KIND_TUPLE);
    int64_t count = is_tuple ? WCB_AS(wcb_tuple, parts)->length : WCB_AS(wcb_list, parts)->length;
    const wcv *items = is_tuple ? WCB_AS(wcb_tuple, parts)->items : WCB_AS(wcb_list, parts)->items;
    int64_t length = 0;
    for (int64_t i = 0; i < count; i++) {
        if (!text_is_str(items[i]))
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "sequence item %lld: expected str instance, %V found",
                                    (long long)i, items[i]);
        length += WCB_AS(wcb_str, items[i])->length;
    }
    if (count == 0) return wcb_new_str(ctx, 0, "");
    if (count == 1) return text_slice(ctx, WCB_AS(wcb_str, items[0]), 0, length);
    length += (count - 1) * separator->length;
    if (length > INT32_MAX) return wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
    text_builder b;
    text_begin(&b, ctx, length);
    for (int64_t i = 0; i < count; i++) {
        if (i) text_add_str(&b, separator);
        text_add_str(&b, WCB_AS(wcb_str, items[i]));
    }
    return text_end(&b);
}

/* What the table says of a code point: 0 without an exception where it says nothing. */
static wcv methods_translation(wcb_ctx *ctx, wcv table, uint32_t point) {
    if (wcb_type_of(table) == WCB_TYPE(dict)) return wcb_dict_get(ctx, table, wcb_from_small(point));
    wcv found = wcb_subscript(ctx, table, wcb_from_small(point));
    if (!found && !ctx->status && wcb_match_exception(ctx, ctx->exception, (wcv)WCB_TYPE(LookupError)) == 1)
        ctx->exception = 0;
    return found;
}

static wcv methods_translate(wcb_ctx *ctx, const wcb_str *s, wcv table) {
    text_builder b;
    text_begin(&b, ctx, s->length);
    for (int32_t i = 0; i < s->length; i++) {
        uint32_t c = wcb_char_at(s, i);
        wcv to = methods_translation(ctx, table, c);
        int64_t point;
        if (!to && ctx->exception) return 0;
        if (!to) text_add_point(&b, c);
        else if (text_is_str(to)) text_add_str(&b, WCB_AS(wcb_str, to));
        else if (wcb_as_int(to, &point)) {
            if (point < 0 || point > 0x10ffff)
                return wcb_raise(ctx, WCB_TYPE_ValueError, "character mapping must be in range(0x110000)");
            text_add_point(&b, (uint32_t)point);
        } else if (to != WCB_NONE)
            return wcb_raise(ctx, WCB_TYPE_TypeError, "character mapping must return integer, None or str");
    }
    return text_end(&b);
}

static wcv methods_maketrans_of_dict(wcb_ctx *ctx, wcv given) {
    if (!wcb_is_kind(given, WCB_KIND_DICT))
        return wcb_raise(ctx, WCB_TYPE_TypeError, "if you give only one argument to maketrans it must be a dict");
    wcv result = wcb_new_dict(ctx, 0, NULL);
    wcb_table *table = WCB_AS(wcb_table, given);
    for (int32_t i = 0; result && i < table->filled; i++) {
        wcv key = table->entries[i].key;
        if (!key) continue;
        if (text_is_str(key)) {
            if (WCB_AS(wcb_str, key)->length != 1)
                return wcb_raise(ctx, WCB_TYPE_ValueError, "string keys in translate table must be of length 1");
            key = wcb_from_small(wcb_char_at(WCB_AS(wcb_str, key), 0));
        } else if (wcb_type_of(key)->kind != WCB_KIND_INT && wcb_type_of(key)->kind != WCB_KIND_BOOL)
            return wcb_raise(ctx, WCB_TYPE_TypeError, "keys in translate table must be strings or integers");
        if (wcb_dict_set(ctx, result, key, table->entries[i].value) < 0) return 0;
    }
    return result;
}

wcv wcb_str_maketrans(wcb_ctx *ctx, const wcb_args *args) {
    if (text_arity(ctx, args, "maketrans", 1, 3) < 0) return 0;
    if (args->count == 1) return methods_maketrans_of_dict(ctx, args->values[0]);
    for (int32_t i = 0; i < args->count; i++)
        if (!text_is_str(args->values[i]))
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "maketrans() argument %d must be str, not %V", i + 1,
                                    args->values[i]);
    const wcb_str *from = WCB_AS(wcb_str, args->values[0]), *to = WCB_AS(wcb_str, args->values[1]);
    if (from->length != to->length)
        return wcb_raise(ctx, WCB_TYPE_ValueError, "the first two maketrans arguments must have equal length");
    wcv result = wcb_new_dict(ctx, 0, NULL);
    if (!result) return 0;
    for (int32_t i = 0; i < from->length; i++)
        if (wcb_dict_set(ctx, result, wcb_from_small(wcb_char_at(from, i)), wcb_from_small(wcb_char_at(to, i))) < 0)
            return 0;
    const wcb_str *dropped = args->count == 3 ? WCB_AS(wcb_str, args->values[2]) : NULL;
    for (int32_t i = 0; dropped && i < dropped->length; i++)
        if (wcb_dict_set(ctx, result, wcb_from_small(wcb_char_at(dropped, i)), WCB_NONE) < 0) return 0;
    return result;
}

/* Methods that the syntax usually calls, called by name. */
static wcv methods_special(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    wcb_str *s = WCB_AS(wcb_str, self);
    const char *name = text_c_name(name_id);
    bool alone = name_id == WCB_N___len__ || name_id == WCB_N___iter__ || name_id == WCB_N___str__ ||
                 name_id == WCB_N___repr__ || name_id == WCB_N___hash__;
    if (text_arity(ctx, args, name, !alone, !alone) < 0) return 0;
    wcv other = alone ? 0 : args->values[0];
    switch (name_id) {
    case WCB_N___len__: return wcb_from_small(s->length);
    case WCB_N___iter__: return wcb_str_iter(ctx, self, false);
    case WCB_N___str__: return text_slice(ctx, s, 0, s->length);
    case WCB_N___repr__: return wcb_builtin_repr(ctx, self);
    case WCB_N___hash__: return wcb_hash_value(wcb_str_hash(s));
    case WCB_N___getitem__: return wcb_str_subscript(ctx, self, other);
    case WCB_N___add__: return wcb_str_binary(ctx, WCB_ADD, self, other);
    case WCB_N___mul__:
    case WCB_N___rmul__: return wcb_str_binary(ctx, WCB_MUL, self, other);
    case WCB_N___mod__: return wcb_str_percent(ctx, self, other);
    case WCB_N___format__: return wcb_builtin_format(ctx, self, other);
    case WCB_N___contains__: {
        int found = wcb_str_contains(ctx, self, other);
        return found < 0 ? 0 : wcb_from_bool(found);
    }
    default: break;
    }
    if (!text_is_str(other)) return WCB_NOT_IMPLEMENTED;
    int order = name_id == WCB_N___eq__ || name_id == WCB_N___ne__ ? !wcb_str_equal(s, WCB_AS(wcb_str, other))
                                                                  : wcb_str_order(s, WCB_AS(wcb_str, other));
    switch (name_id) {
    case WCB_N___eq__: return wcb_from_bool(order == 0);
    case WCB_N___ne__: return wcb_from_bool(order != 0);
    case WCB_N___lt__: return wcb_from_bool(order < 0);
    case WCB_N___le__: return wcb_from_bool(order <= 0);
    case WCB_N___gt__: return wcb_from_bool(order > 0);
    default: return wcb_from_bool(order >= 0);
    }
}

/* Methods without arguments, or with exactly one. */
static wcv methods_simple(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    const wcb_str *s = WCB_AS(wcb_str, self);
    const char *name = text_c_name(name_id);
    bool one = name_id == WCB_N_join || name_id == WCB_N_translate || name_id == WCB_N_format_map;
    if (text_arity(ctx, args, name, one, one) < 0) return 0;
    switch (name_id) {
    case WCB_N_join: return methods_join(ctx, self, args->values[0]);
    case WCB_N_translate: return methods_translate(ctx, s, args->values[0]);
    case WCB_N_format_map: return wcb_str_format(ctx, self, NULL, args->values[0]);
    default: return text_case_method(ctx, s, name_id);
    }
}

wcv wcb_str_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    const wcb_str *s = WCB_AS(wcb_str, self);
    switch (name_id) {
    case WCB_N_split: case WCB_N_rsplit: case WCB_N_splitlines: case WCB_N_partition: case WCB_N_rpartition:
    case WCB_N_strip: case WCB_N_lstrip: case WCB_N_rstrip: case WCB_N_center: case WCB_N_ljust: case WCB_N_rjust:
    case WCB_N_zfill: case WCB_N_expandtabs:
        return text_split_method(ctx, s, name_id, args);
    case WCB_N_find: return methods_find(ctx, s, args, "find", false, false);
    case WCB_N_rfind: return methods_find(ctx, s, args, "rfind", true, false);
    case WCB_N_index: return methods_find(ctx, s, args, "index", false, true);
    case WCB_N_rindex: return methods_find(ctx, s, args, "rindex", true, true);
    case WCB_N_count: return methods_count(ctx, s, args);
    case WCB_N_startswith: return methods_affix(ctx, s, args, false);
    case WCB_N_endswith: return methods_affix(ctx, s, args, true);
    case WCB_N_removeprefix: return methods_remove_affix(ctx, s, args, false);
    case WCB_N_removesuffix: return methods_remove_affix(ctx, s, args, true);
    case WCB_N_replace: return methods_replace(ctx, s, args);
    case WCB_N_format: return wcb_str_format(ctx, self, args, 0);
    case WCB_N_maketrans: return wcb_str_maketrans(ctx, args);
    case WCB_N_encode: return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE); /* there is no type bytes */
    case WCB_N_join: case WCB_N_translate: case WCB_N_format_map: case WCB_N_upper: case WCB_N_lower: case WCB_N_title:
    case WCB_N_capitalize: case WCB_N_swapcase: case WCB_N_casefold: case WCB_N_isalnum: case WCB_N_isalpha:
    case WCB_N_isascii: case WCB_N_isdecimal: case WCB_N_isdigit: case WCB_N_isidentifier: case WCB_N_islower:
    case WCB_N_isnumeric: case WCB_N_isprintable: case WCB_N_isspace: case WCB_N_istitle: case WCB_N_isupper:
        return methods_simple(ctx, self, name_id, args);
    case WCB_N___len__: case WCB_N___iter__: case WCB_N___str__: case WCB_N___repr__: case WCB_N___hash__:
    case WCB_N___getitem__: case WCB_N___add__: case WCB_N___mul__: case WCB_N___rmul__: case WCB_N___mod__:
    case WCB_N___format__: case WCB_N___contains__: case WCB_N___eq__: case WCB_N___ne__: case WCB_N___lt__:
    case WCB_N___le__: case WCB_N___gt__: case WCB_N___ge__:
        return methods_special(ctx, self, name_id, args);
    default:
        return wcb_no_attribute(ctx, self, name_id);
    }
}
