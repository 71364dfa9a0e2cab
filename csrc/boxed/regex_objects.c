/* Regular expressions: patterns and matches as objects; templates. */
#include "objects.h"
#include "regex.h"

/* ---- templates ---- */

typedef struct {
    text_builder *b;
    const wcb_str *text;
    int64_t at;
    const wcb_regex *regex;
    const wcb_str *string;
    const int64_t *marks; /* NULL: there is no match, the template is only checked */
} template_state;

static uint32_t template_peek(const template_state *t) {
    return t->at < t->text->length ? wcb_char_at(t->text, t->at) : 0;
}

static int template_add_group(template_state *t, int64_t group) {
    if (group > t->regex->num_groups) return regex_error(t->b->ctx, "invalid group reference");
    if (t->marks && t->marks[2 * group] >= 0)
        text_add_slice(t->b, t->string, t->marks[2 * group], t->marks[2 * group + 1]);
    return 0;
}

/* \g<name> or \g<number> */
static int template_add_named(template_state *t) {
    wcb_ctx *ctx = t->b->ctx;
    int64_t start = t->at + 1, group = 0;
    if (template_peek(t) != '<') return regex_error(ctx, "missing <");
    while (t->at < t->text->length && template_peek(t) != '>') t->at++;
    if (t->at >= t->text->length) return regex_error(ctx, "missing >, unterminated name");
    wcv name = text_slice(ctx, t->text, start, t->at++);
    if (!name) return -1;
    const wcb_str *s = WCB_AS(wcb_str, name);
    if (s->length == 0) return regex_error(ctx, "missing group name");
    wcv identifier = text_case_method(ctx, s, WCB_N_isidentifier);
    if (!identifier) return -1;
    if (identifier == WCB_TRUE) {
        wcv found = wcb_dict_get(ctx, t->regex->group_index, name);
        if (found) return template_add_group(t, wcb_small(found));
        if (!ctx->exception) wcb_raise(ctx, WCB_TYPE_IndexError, "unknown group name");
        return -1;
    }
    for (int32_t i = 0; i < s->length; i++) {
        int digit = regex_digit_value(wcb_char_at(s, i), 10);
        if (digit < 0) return regex_error(ctx, "bad character in group name");
        if (group < REGEX_FOREVER) group = group * 10 + digit;
    }
    return template_add_group(t, group);
}

/* \1, \12, and the octal \0, \012, \123. The first digit was read. */
static int template_add_number(template_state *t, int first) {
    int value = first, second = -1;
    if (first == 0) {
        for (int i = 0; i < 2 && regex_digit_value(template_peek(t), 8) >= 0; i++, t->at++)
            value = value * 8 + regex_digit_value(template_peek(t), 8);
        text_add_point(t->b, (uint32_t)value & 0xff);
        return 0;
    }
    if ((second = regex_digit_value(template_peek(t), 10)) < 0) return template_add_group(t, value);
    t->at++;
    int third = regex_digit_value(template_peek(t), 8);
    if (first > 7 || second > 7 || third < 0) return template_add_group(t, value * 10 + second);
    t->at++;
    value = value * 64 + second * 8 + third;
    if (value > 0377) return regex_error(t->b->ctx, "octal escape value outside of range 0-0o377");
    text_add_point(t->b, (uint32_t)value);
    return 0;
}

static int template_add_escape(template_state *t) {
    static const char letters[] = "abfnrtv\\", meanings[] = "\a\b\f\n\r\t\v\\";
    if (t->at >= t->text->length) return regex_error(t->b->ctx, "bad escape (end of pattern)");
    uint32_t c = wcb_char_at(t->text, t->at++);
    const char *found = c && c < 128 ? strchr(letters, (int)c) : NULL;
    if (c == 'g') return template_add_named(t);
    if (c >= '0' && c <= '9') return template_add_number(t, (int)c - '0');
    if (found) {
        text_add_point(t->b, (uint8_t)meanings[found - letters]);
        return 0;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return regex_error(t->b->ctx, "bad escape");
    text_add_c(t->b, "\\");
    text_add_point(t->b, c);
    return 0;
}

int regex_add_template(text_builder *b, const wcb_str *template, const wcb_regex *regex, const wcb_str *string,
                       const int64_t *marks) {
    template_state t = {b, template, 0, regex, string, marks};
    while (t.at < template->length) {
        uint32_t c = wcb_char_at(template, t.at++);
        if (c != '\\') text_add_point(b, c);
        else if (template_add_escape(&t) < 0) return -1;
    }
    return b->text ? 0 : -1;
}

/* ---- patterns ---- */

/* (string, pos, endpos) of a pattern's method. */
static bool objects_subject(wcb_ctx *ctx, wcv self, const wcb_args *args, const char *name, regex_subject *s) {
    wcv out[3] = {0};
    int64_t end = INT64_MAX;
    if (wcb_parse(ctx, args, name, "string|pos endpos", out) < 0) return false;
    if (!text_is_str(out[0])) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "expected string or bytes-like object, got '%V'", out[0]);
        return false;
    }
    int64_t length = WCB_AS(wcb_str, out[0])->length;
    *s = (regex_subject){WCB_AS(wcb_regex, self), out[0], 0, length};
    if (out[1] && wcb_index(ctx, out[1], &s->position) < 0) return false;
    if (out[2] && wcb_index(ctx, out[2], &end) < 0) return false;
    if (s->position < 0) s->position = 0;
    if (s->position > length) s->position = length;
    if (end < length) s->end = end < 0 ? 0 : end;
    return true;
}

static wcv objects_split(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcv out[2] = {0};
    int64_t most = 0;
    if (wcb_parse(ctx, args, "split", "string|maxsplit", out) < 0 || (out[1] && wcb_index(ctx, out[1], &most) < 0))
        return 0;
    if (!text_is_str(out[0]))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "expected string or bytes-like object, got '%V'", out[0]);
    regex_subject s = {WCB_AS(wcb_regex, self), out[0], 0, WCB_AS(wcb_str, out[0])->length};
    return most < 0 ? wcb_new_list(ctx, 1, &s.string) : regex_split(ctx, &s, most);
}

static wcv objects_sub(wcb_ctx *ctx, wcv self, const wcb_args *args, const char *name, bool with_count) {
    wcv out[3] = {0};
    int64_t most = 0;
    if (wcb_parse(ctx, args, name, "repl string|count", out) < 0 || (out[2] && wcb_index(ctx, out[2], &most) < 0))
        return 0;
    if (!text_is_str(out[1]))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "expected string or bytes-like object, got '%V'", out[1]);
    regex_subject s = {WCB_AS(wcb_regex, self), out[1], 0, WCB_AS(wcb_str, out[1])->length};
    return regex_substitute(ctx, &s, out[0], most, with_count);
}

wcv wcb_regex_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    regex_subject s;
    switch (name_id) {
    case WCB_N_split: return objects_split(ctx, self, args);
    case WCB_N_sub: return objects_sub(ctx, self, args, "sub", false);
    case WCB_N_subn: return objects_sub(ctx, self, args, "subn", true);
    case WCB_N_match: case WCB_N_fullmatch: case WCB_N_search: case WCB_N_findall: case WCB_N_finditer: break;
    default: return wcb_no_attribute(ctx, self, name_id);
    }
    if (!objects_subject(ctx, self, args, text_c_name(name_id), &s)) return 0;
    if (name_id == WCB_N_findall) return regex_find_all(ctx, &s);
    if (name_id == WCB_N_finditer) return regex_iterate(ctx, &s);
    /* CPython can still match nothing at pos then. */
    if (s.position > s.end) return name_id == WCB_N_search ? WCB_NONE : wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    return regex_match_one(ctx, &s, name_id != WCB_N_search, name_id == WCB_N_fullmatch);
}

static wcv objects_copy_of_dict(wcb_ctx *ctx, wcv dict) {
    return (wcv)wcb_table_copy(ctx, WCB_AS(wcb_table, dict), WCB_TYPE(dict));
}

wcv wcb_regex_attribute(wcb_ctx *ctx, wcv self, int32_t name_id) {
    const wcb_regex *regex = WCB_AS(wcb_regex, self);
    switch (name_id) {
    case WCB_N_flags: return wcb_from_small(regex->flags);
    case WCB_N_groups: return wcb_from_small(regex->num_groups);
    case WCB_N_groupindex: return objects_copy_of_dict(ctx, regex->group_index);
    case WCB_N_pattern: return regex->pattern;
    default: return WCB_NOT_IMPLEMENTED;
    }
}

int wcb_regex_equal(wcv a, wcv b) {
    const wcb_regex *left = WCB_AS(wcb_regex, a), *right = WCB_AS(wcb_regex, b);
    if (left->flags != right->flags) return 0;
    return wcb_str_equal(WCB_AS(wcb_str, left->pattern), WCB_AS(wcb_str, right->pattern));
}

int wcb_regex_hash(wcb_ctx *ctx, wcv self, uint64_t *out) {
    (void)ctx;
    const wcb_regex *regex = WCB_AS(wcb_regex, self);
    *out = wcb_str_hash(WCB_AS(wcb_str, regex->pattern)) ^ (uint64_t)regex->flags;
    return 0;
}

void text_add_regex(text_builder *b, wcv v) {
    static const struct { int32_t flag; const char *name; } names[] = {
        {REGEX_IGNORECASE, "re.IGNORECASE"}, {REGEX_MULTILINE, "re.MULTILINE"}, {REGEX_DOTALL, "re.DOTALL"},
        {REGEX_VERBOSE, "re.VERBOSE"}, {REGEX_ASCII, "re.ASCII"}};
    const wcb_regex *regex = WCB_AS(wcb_regex, v);
    const char *before = ", ";
    text_add_c(b, "re.compile(");
    wcv pattern = wcb_builtin_repr(b->ctx, regex->pattern);
    int64_t length = pattern ? WCB_AS(wcb_str, pattern)->length : 0;
    if (pattern) text_add_slice(b, WCB_AS(wcb_str, pattern), 0, length > 200 ? 200 : length);
    else b->text = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(regex->flags & names[i].flag)) continue;
        text_add_c(b, before);
        text_add_c(b, names[i].name);
        before = "|";
    }
    text_add_c(b, ")");
}

/* ---- matches ---- */

wcv regex_new_match(wcb_ctx *ctx, const wcb_regex *regex, wcv string, int64_t position, int64_t end,
                    const int64_t *slots) {
    int32_t marks = regex_last_slot(regex);
    wcb_match *match = wcb_alloc(ctx, sizeof *match + (size_t)marks * sizeof *match->marks);
    if (!match) return 0;
    match->type = WCB_TYPE(Match);
    match->regex = (wcv)regex;
    match->string = string;
    match->position = position;
    match->end_position = end;
    match->last = slots[marks];
    memcpy(match->marks, slots, (size_t)marks * sizeof *slots);
    for (int32_t group = 1; group <= regex->num_groups; group++)
        if (match->marks[2 * group + 1] < 0) match->marks[2 * group] = -1;
    return (wcv)match;
}

wcv regex_group_text(wcb_ctx *ctx, wcv string, const int64_t *marks, int32_t group, wcv otherwise) {
    if (marks[2 * group] < 0 || marks[2 * group + 1] < 0) return otherwise;
    return text_slice(ctx, WCB_AS(wcb_str, string), marks[2 * group], marks[2 * group + 1]);
}

/* The number of the group that a program names; -1: IndexError. */
static int64_t objects_group(wcb_ctx *ctx, const wcb_match *match, wcv key) {
    const wcb_regex *regex = WCB_AS(wcb_regex, match->regex);
    int64_t group = -1;
    if (text_is_str(key)) {
        wcv found = wcb_dict_get(ctx, regex->group_index, key);
        if (!found && ctx->exception) return -1;
        if (found) group = wcb_small(found);
    } else if (wcb_as_int(key, &group) || wcb_lookup_special(ctx, key, WCB_N___index__)) {
        if (wcb_index(ctx, key, &group) < 0) return -1;
    }
    if (group >= 0 && group <= regex->num_groups) return group;
    if (!ctx->exception) wcb_raise(ctx, WCB_TYPE_IndexError, "no such group");
    return -1;
}

wcv wcb_match_subscript(wcb_ctx *ctx, wcv self, wcv key) {
    const wcb_match *match = WCB_AS(wcb_match, self);
    int64_t group = objects_group(ctx, match, key);
    return group < 0 ? 0 : regex_group_text(ctx, match->string, match->marks, (int32_t)group, WCB_NONE);
}

static wcv objects_group_method(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    if (text_arity(ctx, args, "group", 0, INT32_MAX) < 0) return 0;
    if (args->count == 0) return wcb_match_subscript(ctx, self, wcb_from_small(0));
    if (args->count == 1) return wcb_match_subscript(ctx, self, args->values[0]);
    wcv tuple = wcb_new_tuple(ctx, args->count, NULL);
    for (int32_t i = 0; tuple && i < args->count; i++) {
        wcv text = wcb_match_subscript(ctx, self, args->values[i]);
        if (!text) return 0;
        WCB_AS(wcb_tuple, tuple)->items[i] = text;
    }
    return tuple;
}

static wcv objects_groups(wcb_ctx *ctx, const wcb_match *match, const wcb_args *args) {
    wcv out[1] = {0};
    int32_t groups = WCB_AS(wcb_regex, match->regex)->num_groups;
    if (wcb_parse(ctx, args, "groups", "|default", out) < 0) return 0;
    wcv tuple = wcb_new_tuple(ctx, groups, NULL);
    for (int32_t i = 0; tuple && i < groups; i++) {
        wcv text = regex_group_text(ctx, match->string, match->marks, i + 1, out[0] ? out[0] : WCB_NONE);
        if (!text) return 0;
        WCB_AS(wcb_tuple, tuple)->items[i] = text;
    }
    return tuple;
}

static wcv objects_groupdict(wcb_ctx *ctx, const wcb_match *match, const wcb_args *args) {
    wcv out[1] = {0};
    const wcb_table *names = WCB_AS(wcb_table, WCB_AS(wcb_regex, match->regex)->group_index);
    if (wcb_parse(ctx, args, "groupdict", "|default", out) < 0) return 0;
    wcv dict = wcb_new_dict(ctx, 0, NULL);
    for (int32_t i = 0; dict && i < names->filled; i++) {
        int32_t group = (int32_t)wcb_small(names->entries[i].value);
        wcv text = regex_group_text(ctx, match->string, match->marks, group, out[0] ? out[0] : WCB_NONE);
        if (!text || wcb_dict_set(ctx, dict, names->entries[i].key, text) < 0) return 0;
    }
    return dict;
}

static wcv objects_span(wcb_ctx *ctx, const wcb_match *match, int64_t group) {
    const wcv span[2] = {wcb_from_small(match->marks[2 * group]), wcb_from_small(match->marks[2 * group + 1])};
    return wcb_new_tuple(ctx, 2, span);
}

static wcv objects_expand(wcb_ctx *ctx, const wcb_match *match, wcv template) {
    if (!text_is_str(template))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "expected str instance, %V found", template);
    text_builder b;
    text_begin(&b, ctx, WCB_AS(wcb_str, template)->length);
    if (regex_add_template(&b, WCB_AS(wcb_str, template), WCB_AS(wcb_regex, match->regex),
                           WCB_AS(wcb_str, match->string), match->marks) < 0)
        return 0;
    return text_end(&b);
}

wcv wcb_match_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    const wcb_match *match = WCB_AS(wcb_match, self);
    int64_t group = 0;
    switch (name_id) {
    case WCB_N_group: return objects_group_method(ctx, self, args);
    case WCB_N_groups: return objects_groups(ctx, match, args);
    case WCB_N_groupdict: return objects_groupdict(ctx, match, args);
    case WCB_N___getitem__: case WCB_N_expand:
        if (text_arity(ctx, args, text_c_name(name_id), 1, 1) < 0) return 0;
        if (name_id == WCB_N_expand) return objects_expand(ctx, match, args->values[0]);
        return wcb_match_subscript(ctx, self, args->values[0]);
    case WCB_N_start: case WCB_N_end: case WCB_N_span:
        if (text_arity(ctx, args, text_c_name(name_id), 0, 1) < 0) return 0;
        if (args->count && (group = objects_group(ctx, match, args->values[0])) < 0) return 0;
        if (name_id == WCB_N_span) return objects_span(ctx, match, group);
        return wcb_from_small(match->marks[2 * group + (name_id == WCB_N_end)]);
    default: return wcb_no_attribute(ctx, self, name_id);
    }
}

static wcv objects_regs(wcb_ctx *ctx, const wcb_match *match) {
    int32_t groups = WCB_AS(wcb_regex, match->regex)->num_groups + 1;
    wcv tuple = wcb_new_tuple(ctx, groups, NULL);
    for (int32_t i = 0; tuple && i < groups; i++) {
        wcv span = objects_span(ctx, match, i);
        if (!span) return 0;
        WCB_AS(wcb_tuple, tuple)->items[i] = span;
    }
    return tuple;
}

wcv wcb_match_attribute(wcb_ctx *ctx, wcv self, int32_t name_id) {
    const wcb_match *match = WCB_AS(wcb_match, self);
    wcv name;
    switch (name_id) {
    case WCB_N_re: return match->regex;
    case WCB_N_string: return match->string;
    case WCB_N_pos: return wcb_from_small(match->position);
    case WCB_N_endpos: return wcb_from_small(match->end_position);
    case WCB_N_lastindex: return match->last ? wcb_from_small(match->last) : WCB_NONE;
    case WCB_N_lastgroup:
        name = match->last ? WCB_AS(wcb_regex, match->regex)->group_names[match->last] : 0;
        return name ? name : WCB_NONE;
    case WCB_N_regs: return objects_regs(ctx, match);
    default: return WCB_NOT_IMPLEMENTED;
    }
}

void text_add_match(text_builder *b, wcv v) {
    const wcb_match *match = WCB_AS(wcb_match, v);
    text_add_c(b, "<re.Match object; span=(");
    text_add_int(b, match->marks[0]);
    text_add_c(b, ", ");
    text_add_int(b, match->marks[1]);
    text_add_c(b, "), match=");
    wcv text = text_slice(b->ctx, WCB_AS(wcb_str, match->string), match->marks[0], match->marks[1]);
    text_add_value(b, text ? wcb_builtin_repr(b->ctx, text) : 0);
    text_add_c(b, ">");
}
