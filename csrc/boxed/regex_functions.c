/* Regular expressions: the functions of the module re and the methods of patterns. */
#include "regex.h"

#define FUNCTIONS_SLOTS(ctx, regex, name) \
    int64_t name##_local[40], *name = name##_local; \
    if ((regex)->num_slots > 40) name = wcb_alloc(ctx, (size_t)(regex)->num_slots * 8); \
    if (!name) return 0

static const regex_mode functions_search = {false, false, false};

/* ---- what is done with a subject ---- */

wcv regex_match_one(wcb_ctx *ctx, const regex_subject *s, bool anchored, bool whole) {
    FUNCTIONS_SLOTS(ctx, s->regex, slots);
    regex_mode mode = {.whole = whole, .anchored = anchored};
    int found = regex_find(ctx, s->regex, WCB_AS(wcb_str, s->string), s->position, s->end, mode, slots);
    if (found < 0) return 0;
    return found ? regex_new_match(ctx, s->regex, s->string, s->position, s->end, slots) : WCB_NONE;
}

/* One element of findall: the match, its only group, or a tuple of the groups. */
static wcv functions_found(wcb_ctx *ctx, const regex_subject *s, const int64_t *slots) {
    wcv empty = wcb_new_str(ctx, 0, "");
    int32_t groups = s->regex->num_groups;
    if (!empty) return 0;
    if (groups <= 1) return regex_group_text(ctx, s->string, slots, groups, empty);
    wcv tuple = wcb_new_tuple(ctx, groups, NULL);
    for (int32_t i = 0; tuple && i < groups; i++) {
        wcv text = regex_group_text(ctx, s->string, slots, i + 1, empty);
        if (!text) return 0;
        WCB_AS(wcb_tuple, tuple)->items[i] = text;
    }
    return tuple;
}

/* Moves on behind a match. */
static void functions_advance(const int64_t *slots, int64_t *at, regex_mode *mode) {
    mode->must_advance = slots[0] == slots[1];
    *at = slots[1];
}

wcv regex_find_all(wcb_ctx *ctx, const regex_subject *s) {
    FUNCTIONS_SLOTS(ctx, s->regex, slots);
    wcv list = wcb_new_list(ctx, 0, NULL);
    regex_mode mode = functions_search;
    int found = list ? 1 : -1;
    for (int64_t at = s->position; found > 0 && at <= s->end;) {
        found = regex_find(ctx, s->regex, WCB_AS(wcb_str, s->string), at, s->end, mode, slots);
        if (found <= 0) break;
        wcv item = functions_found(ctx, s, slots);
        if (!item || wcb_list_append(ctx, list, item) < 0) return 0;
        functions_advance(slots, &at, &mode);
    }
    return found < 0 ? 0 : list;
}

/* The iterator of finditer: source the string, a the pattern, b where the search began, version whether the next match
 * must advance. */
static wcv functions_next(wcb_ctx *ctx, wcb_iterator *self) {
    if (!self->source || self->position > self->end) return 0;
    const wcb_regex *regex = WCB_AS(wcb_regex, self->a);
    FUNCTIONS_SLOTS(ctx, regex, slots);
    regex_mode mode = {.must_advance = self->version != 0};
    int found = regex_find(ctx, regex, WCB_AS(wcb_str, self->source), self->position, self->end, mode, slots);
    if (found < 0) return 0;
    wcb_touch(ctx, self);
    if (!found) {
        self->position = self->end + 1;
        return 0;
    }
    functions_advance(slots, &self->position, &mode);
    self->version = mode.must_advance;
    return regex_new_match(ctx, regex, self->source, wcb_small(self->b), self->end, slots);
}

wcv regex_iterate(wcb_ctx *ctx, const regex_subject *s) {
    wcb_iterator *it = wcb_new_iterator(ctx, WCB_TYPE_match_iterator, functions_next, s->string);
    if (!it) return 0;
    it->a = (wcv)s->regex;
    it->b = wcb_from_small(s->position);
    it->position = s->position;
    it->end = s->end;
    it->version = 0;
    return (wcv)it;
}

wcv regex_split(wcb_ctx *ctx, const regex_subject *s, int64_t most) {
    FUNCTIONS_SLOTS(ctx, s->regex, slots);
    const wcb_str *text = WCB_AS(wcb_str, s->string);
    wcv list = wcb_new_list(ctx, 0, NULL), part;
    regex_mode mode = functions_search;
    int64_t at = 0, last = 0;
    for (int64_t count = 0; list && (most <= 0 || count < most); count++) {
        int found = regex_find(ctx, s->regex, text, at, text->length, mode, slots);
        if (found < 0) return 0;
        if (!found) break;
        part = text_slice(ctx, text, last, slots[0]);
        if (!part || wcb_list_append(ctx, list, part) < 0) return 0;
        for (int32_t group = 1; group <= s->regex->num_groups; group++) {
            part = regex_group_text(ctx, s->string, slots, group, WCB_NONE);
            if (!part || wcb_list_append(ctx, list, part) < 0) return 0;
        }
        functions_advance(slots, &at, &mode);
        last = at;
    }
    part = text_slice(ctx, text, last, text->length);
    return list && part && wcb_list_append(ctx, list, part) == 0 ? list : 0;
}

/* Adds what takes the place of a match. */
static int functions_add_replacement(text_builder *b, const regex_subject *s, wcv replacement, bool literal,
                                     const int64_t *slots) {
    const wcb_str *text = WCB_AS(wcb_str, s->string);
    if (literal) {
        text_add_str(b, WCB_AS(wcb_str, replacement));
        return b->text ? 0 : -1;
    }
    if (text_is_str(replacement)) return regex_add_template(b, WCB_AS(wcb_str, replacement), s->regex, text, slots);
    wcv match = regex_new_match(b->ctx, s->regex, s->string, 0, text->length, slots);
    wcv result = match ? wcb_call_values(b->ctx, replacement, 1, &match) : 0;
    if (!result) return -1;
    if (text_is_str(result)) text_add_str(b, WCB_AS(wcb_str, result));
    else if (result != WCB_NONE) {
        wcb_raise_format(b->ctx, WCB_TYPE_TypeError, "expected str instance, %V found", result);
        return -1;
    }
    return b->text ? 0 : -1;
}

/* Whether the replacement is used as it is. -1: an exception: it is a template with an error. */
static int functions_is_literal(wcb_ctx *ctx, const regex_subject *s, wcv replacement) {
    if (!text_is_str(replacement)) {
        if (wcb_is_callable(ctx, replacement)) return 0;
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "expected str instance, %V found", replacement);
        return -1;
    }
    const wcb_str *text = WCB_AS(wcb_str, replacement);
    int32_t i = 0;
    while (i < text->length && wcb_char_at(text, i) != '\\') i++;
    if (i == text->length) return 1;
    text_builder b;
    text_begin(&b, ctx, text->length);
    return regex_add_template(&b, text, s->regex, NULL, NULL);
}

wcv regex_substitute(wcb_ctx *ctx, const regex_subject *s, wcv replacement, int64_t most, bool with_count) {
    FUNCTIONS_SLOTS(ctx, s->regex, slots);
    const wcb_str *text = WCB_AS(wcb_str, s->string);
    int literal = functions_is_literal(ctx, s, replacement);
    if (literal < 0) return 0;
    regex_mode mode = functions_search;
    int64_t at = 0, last = 0, count = 0;
    text_builder b;
    text_begin(&b, ctx, text->length);
    while (most == 0 || count < most) {
        int found = regex_find(ctx, s->regex, text, at, text->length, mode, slots);
        if (found < 0) return 0;
        if (!found) break;
        text_add_slice(&b, text, last, slots[0]);
        functions_advance(slots, &at, &mode);
        if (functions_add_replacement(&b, s, replacement, literal, slots) < 0) return 0;
        last = at;
        count++;
    }
    text_add_slice(&b, text, last, text->length);
    wcv result = count ? text_end(&b) : text_slice(ctx, text, 0, text->length);
    if (!result || !with_count) return result;
    return wcb_new_tuple(ctx, 2, (const wcv[]){result, wcb_from_small(count)});
}

/* ---- the module's functions ---- */

wcv wcb_regex_compile(wcb_ctx *ctx, wcv pattern, wcv flags) {
    int64_t value = 0;
    if (flags && flags != WCB_NONE && wcb_index(ctx, flags, &value) < 0) return 0;
    if (wcb_is_kind(pattern, WCB_KIND_REGEX)) {
        if (!value) return pattern;
        return wcb_raise(ctx, WCB_TYPE_ValueError, "cannot process flags argument with a compiled pattern");
    }
    if (!text_is_str(pattern))
        return wcb_raise(ctx, WCB_TYPE_TypeError, "first argument must be string or compiled pattern");
    if (value & REGEX_LOCALE) return wcb_raise(ctx, WCB_TYPE_ValueError, "cannot use LOCALE flag with a str pattern");
    return (wcv)regex_build(ctx, pattern, (int32_t)value);
}

static bool functions_subject(wcb_ctx *ctx, wcv pattern, wcv flags, wcv string, regex_subject *s) {
    wcv regex = wcb_regex_compile(ctx, pattern, flags);
    if (!regex) return false;
    if (!text_is_str(string)) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "expected string or bytes-like object, got '%V'", string);
        return false;
    }
    *s = (regex_subject){WCB_AS(wcb_regex, regex), string, 0, WCB_AS(wcb_str, string)->length};
    return true;
}

wcv wcb_re_compile(wcb_ctx *ctx, const wcb_args *args) {
    wcv out[2] = {0};
    return wcb_parse(ctx, args, "compile", "pattern|flags", out) < 0 ? 0 : wcb_regex_compile(ctx, out[0], out[1]);
}

#define FUNCTIONS_OF_SUBJECT(name, names, result) \
    wcv wcb_re_##name(wcb_ctx *ctx, const wcb_args *args) { \
        wcv out[5] = {0}; \
        regex_subject s; \
        if (wcb_parse(ctx, args, #name, names, out) < 0) return 0; \
        if (!functions_subject(ctx, out[0], out[2], out[1], &s)) return 0; \
        return result; \
    }
FUNCTIONS_OF_SUBJECT(match, "pattern string|flags", regex_match_one(ctx, &s, true, false))
FUNCTIONS_OF_SUBJECT(fullmatch, "pattern string|flags", regex_match_one(ctx, &s, true, true))
FUNCTIONS_OF_SUBJECT(search, "pattern string|flags", regex_match_one(ctx, &s, false, false))
FUNCTIONS_OF_SUBJECT(findall, "pattern string|flags", regex_find_all(ctx, &s))
FUNCTIONS_OF_SUBJECT(finditer, "pattern string|flags", regex_iterate(ctx, &s))
#undef FUNCTIONS_OF_SUBJECT

wcv wcb_re_split(wcb_ctx *ctx, const wcb_args *args) {
    wcv out[4] = {0};
    regex_subject s;
    int64_t most = 0;
    if (wcb_parse(ctx, args, "split", "pattern string|maxsplit flags", out) < 0) return 0;
    if (out[2] && wcb_index(ctx, out[2], &most) < 0) return 0;
    if (!functions_subject(ctx, out[0], out[3], out[1], &s)) return 0;
    return most < 0 ? wcb_new_list(ctx, 1, &s.string) : regex_split(ctx, &s, most);
}

static wcv functions_sub(wcb_ctx *ctx, const wcb_args *args, const char *name, bool with_count) {
    wcv out[5] = {0};
    regex_subject s;
    int64_t most = 0;
    if (wcb_parse(ctx, args, name, "pattern repl string|count flags", out) < 0) return 0;
    if (out[3] && wcb_index(ctx, out[3], &most) < 0) return 0;
    if (!functions_subject(ctx, out[0], out[4], out[2], &s)) return 0;
    return regex_substitute(ctx, &s, out[1], most, with_count);
}

wcv wcb_re_sub(wcb_ctx *ctx, const wcb_args *args) { return functions_sub(ctx, args, "sub", false); }
wcv wcb_re_subn(wcb_ctx *ctx, const wcb_args *args) { return functions_sub(ctx, args, "subn", true); }

wcv wcb_re_escape(wcb_ctx *ctx, const wcb_args *args) {
    wcv out[1] = {0};
    if (wcb_parse(ctx, args, "escape", "pattern", out) < 0) return 0;
    if (!text_is_str(out[0])) return wcb_raise_format(ctx, WCB_TYPE_TypeError, "expected str, got %V", out[0]);
    const wcb_str *s = WCB_AS(wcb_str, out[0]);
    text_builder b;
    text_begin(&b, ctx, 2 * (int64_t)s->length);
    for (int32_t i = 0; i < s->length; i++) {
        uint32_t c = wcb_char_at(s, i);
        if (c && c < 128 && strchr("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", (int)c)) text_add_c(&b, "\\");
        text_add_point(&b, c);
    }
    return text_end(&b);
}

wcv wcb_re_purge(wcb_ctx *ctx, const wcb_args *args) { return text_arity(ctx, args, "purge", 0, 0) < 0 ? 0 : WCB_NONE; }
