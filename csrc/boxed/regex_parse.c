/* Regular expressions: from text to a tree, with Python's rules for what is an error. */
#include "regex.h"

enum { PARSE_DEEPEST = 200 };

static int parse_alternatives(regex_parser *p, int32_t flags, bool first, regex_node **out);

int regex_error(wcb_ctx *ctx, const char *message) {
    wcb_raise(ctx, WCB_TYPE_error, message);
    return -1;
}

regex_node *regex_new_node(regex_parser *p, regex_kind_t kind, int32_t flags) {
    regex_node *node = wcb_alloc(p->ctx, sizeof *node);
    if (node) *node = (regex_node){.kind = kind, .flags = flags};
    return node;
}

/* ---- widths, for lookbehind ---- */

static int64_t parse_add(int64_t a, int64_t b) { return a + b < REGEX_FOREVER ? a + b : REGEX_FOREVER; }
static int64_t parse_times(int64_t a, int64_t b) { return b && a > REGEX_FOREVER / b ? REGEX_FOREVER : a * b; }

static regex_width parse_width_of_one(const regex_parser *p, const regex_node *node) {
    regex_width w = {0, 0}, other;
    switch (node->kind) {
    case REGEX_CHAR: case REGEX_ANY: case REGEX_SET: return (regex_width){1, 1};
    case REGEX_BACKREFERENCE: return p->widths[node->low];
    case REGEX_GROUP: case REGEX_ATOMIC: return regex_width_of(p, node->body);
    case REGEX_REPEAT:
        w = regex_width_of(p, node->body);
        return (regex_width){parse_times(w.low, node->low), parse_times(w.high, node->high)};
    case REGEX_CONDITION:
        w = regex_width_of(p, node->body);
        other = node->other ? regex_width_of(p, node->other) : (regex_width){0, 0};
        return (regex_width){other.low < w.low ? other.low : w.low, other.high > w.high ? other.high : w.high};
    case REGEX_ALTERNATIVES:
        w = regex_width_of(p, node->body);
        for (const regex_node *branch = node->other; branch; branch = branch->other) {
            other = regex_width_of(p, branch->body);
            if (other.low < w.low) w.low = other.low;
            if (other.high > w.high) w.high = other.high;
        }
        return w;
    default: return w;
    }
}

regex_width regex_width_of(const regex_parser *p, const regex_node *node) {
    regex_width total = {0, 0};
    for (; node; node = node->next) {
        regex_width w = parse_width_of_one(p, node);
        total.low = parse_add(total.low, w.low);
        total.high = parse_add(total.high, w.high);
    }
    return total;
}

/* ---- groups ---- */

static int parse_open_group(regex_parser *p, wcv name) {
    int32_t group = ++p->num_groups;
    if (group >= p->capacity) {
        int32_t capacity = 2 * p->capacity;
        regex_width *widths = wcb_alloc(p->ctx, (size_t)capacity * sizeof *widths);
        uint8_t *open = widths ? wcb_alloc(p->ctx, (size_t)capacity) : NULL;
        if (!open) return -1;
        memcpy(widths, p->widths, (size_t)p->capacity * sizeof *widths);
        memcpy(open, p->open, (size_t)p->capacity);
        p->widths = widths;
        p->open = open;
        p->capacity = capacity;
    }
    p->open[group] = 1;
    p->widths[group] = (regex_width){0, 0};
    if (!name) return group;
    if (wcb_dict_get(p->ctx, p->group_index, name)) return regex_error(p->ctx, "redefinition of group name");
    return p->ctx->exception || wcb_dict_set(p->ctx, p->group_index, name, wcb_from_small(group)) < 0 ? -1 : group;
}

/* A group's name up to the terminator; 0: an exception. */
static wcv parse_name(regex_parser *p, uint32_t terminator) {
    int64_t start = p->at;
    while (regex_peek(p) != REGEX_END && regex_peek(p) != terminator) p->at++;
    if (regex_peek(p) == REGEX_END)
        return regex_error(p->ctx, p->at == start ? "missing group name" : "missing terminator, unterminated name"), 0;
    if (p->at == start) return regex_error(p->ctx, "missing group name"), 0;
    return text_slice(p->ctx, p->text, start, p->at++);
}

static wcv parse_identifier(regex_parser *p, uint32_t terminator) {
    wcv name = parse_name(p, terminator);
    wcv fine = name ? text_case_method(p->ctx, WCB_AS(wcb_str, name), WCB_N_isidentifier) : 0;
    if (fine == WCB_FALSE) return regex_error(p->ctx, "bad character in group name"), 0;
    return fine ? name : 0;
}

static int64_t parse_group_of_name(regex_parser *p, wcv name) {
    wcv group = wcb_dict_get(p->ctx, p->group_index, name);
    if (!group && !p->ctx->exception) regex_error(p->ctx, "unknown group name");
    return group ? wcb_small(group) : -1;
}

static int parse_close(regex_parser *p) {
    return regex_accept(p, ')') ? 0 : regex_error(p->ctx, "missing ), unterminated subpattern");
}

/* The rest of a group whose opening was read. */
static regex_node *parse_group_body(regex_parser *p, regex_kind_t kind, int32_t group, int32_t flags) {
    regex_node *node = regex_new_node(p, kind, flags);
    if (!node || parse_alternatives(p, flags, false, &node->body) < 0 || parse_close(p) < 0) return NULL;
    node->low = group;
    if (group) {
        p->open[group] = 0;
        p->widths[group] = regex_width_of(p, node->body);
    }
    return node;
}

static regex_node *parse_look(regex_parser *p, bool behind, bool negative, int32_t flags) {
    int32_t before = p->lookbehind_groups;
    if (behind && before < 0) p->lookbehind_groups = p->num_groups;
    regex_node *node = parse_group_body(p, REGEX_LOOK, 0, flags);
    p->lookbehind_groups = before;
    if (!node) return NULL;
    node->mode = behind;
    node->negative = negative;
    if (behind) {
        regex_width w = regex_width_of(p, node->body);
        if (w.low != w.high) return regex_error(p->ctx, "look-behind requires fixed-width pattern"), NULL;
        node->low = (int32_t)w.low;
    }
    return node;
}

/* (?(group)yes|no) */
static regex_node *parse_condition(regex_parser *p, int32_t flags) {
    wcv name = parse_name(p, ')');
    if (!name) return NULL;
    const wcb_str *text = WCB_AS(wcb_str, name);
    int64_t group = 0;
    bool number = true;
    for (int32_t i = 0; i < text->length; i++) number &= regex_parse_is_digit(wcb_char_at(text, i));
    if (number) {
        for (int32_t i = 0; i < text->length && group < 10000; i++) group = group * 10 + (wcb_char_at(text, i) - '0');
        if (group == 0) return regex_error(p->ctx, "bad group number"), NULL;
        if (group > p->condition_group) p->condition_group = (int32_t)group; /* it may still come */
    } else if ((group = parse_group_of_name(p, name)) < 0) return NULL;
    if (p->lookbehind_groups >= 0 && regex_parse_check_group(p, group, true) < 0) return NULL;
    regex_node *node = regex_new_node(p, REGEX_CONDITION, flags), *both;
    if (!node || parse_alternatives(p, flags, false, &both) < 0 || parse_close(p) < 0) return NULL;
    node->low = (int32_t)group;
    node->body = both;
    if (both && both->kind == REGEX_ALTERNATIVES && !both->next) {
        if (both->other->other) return regex_error(p->ctx, "conditional backref with more than two branches"), NULL;
        node->body = both->body;
        node->other = both->other->body;
    }
    return node;
}

static int32_t parse_flag(uint32_t c) {
    switch (c) {
    case 'i': return REGEX_IGNORECASE;
    case 'L': return REGEX_LOCALE;
    case 'm': return REGEX_MULTILINE;
    case 's': return REGEX_DOTALL;
    case 'x': return REGEX_VERBOSE;
    case 'a': return REGEX_ASCII;
    case 'u': return REGEX_UNICODE;
    default: return 0;
    }
}

/* (?ims), for the whole pattern, or (?ims-x:...). The first letter is next. 1: for the whole pattern, *node is NULL. */
static int parse_flags(regex_parser *p, int32_t flags, bool first, regex_node **node) {
    int32_t on = 0, off = 0;
    bool minus = false;
    uint32_t c;
    for (;;) {
        c = regex_get(p);
        if (c == '-' && !minus) minus = true;
        else if (parse_flag(c)) {
            if (parse_flag(c) == REGEX_LOCALE)
                return regex_error(p->ctx, "bad inline flags: cannot use 'L' flag with a str pattern");
            if (minus) off |= parse_flag(c);
            else on |= parse_flag(c);
        } else break;
    }
    if (c != ')' && c != ':') return regex_error(p->ctx, c == REGEX_END ? "missing -, : or )" : "unknown flag");
    if ((on & REGEX_ASCII && on & REGEX_UNICODE) || off & (REGEX_ASCII | REGEX_UNICODE))
        return regex_error(p->ctx, "bad inline flags: flags 'a', 'u' and 'L' are incompatible");
    if (on & off) return regex_error(p->ctx, "bad inline flags: flag turned on and off");
    if (minus && !off) return regex_error(p->ctx, "missing flag");
    if (c == ')') {
        if (minus) return regex_error(p->ctx, "missing :");
        if (!first) return regex_error(p->ctx, "global flags not at the start of the expression");
        p->flags |= on;
        return 1;
    }
    if (on & REGEX_ASCII) flags &= ~REGEX_UNICODE;
    if (on & REGEX_UNICODE) flags &= ~REGEX_ASCII;
    *node = parse_group_body(p, REGEX_GROUP, 0, (flags | on) & ~off);
    return *node ? 0 : -1;
}

/* A group that starts with "(?P". */
static regex_node *parse_python_group(regex_parser *p, int32_t flags) {
    wcv name;
    if (regex_accept(p, '<')) {
        if (!(name = parse_identifier(p, '>'))) return NULL;
        int32_t group = parse_open_group(p, name);
        return group < 0 ? NULL : parse_group_body(p, REGEX_GROUP, group, flags);
    }
    if (!regex_accept(p, '=')) return regex_error(p->ctx, "unknown extension ?P"), NULL;
    if (!(name = parse_identifier(p, ')'))) return NULL;
    int64_t group = parse_group_of_name(p, name);
    return group < 0 ? NULL : regex_parse_backreference(p, group, true, flags);
}

/* Skips up to the terminator: 1, or to the end: 0. A backslash and what follows it are one thing. */
static int parse_skip_comment(regex_parser *p, uint32_t terminator) {
    for (uint32_t c; (c = regex_get(p)) != REGEX_END;) {
        if (c == terminator) return 1;
        if (c == '\\' && regex_get(p) == REGEX_END) return regex_error(p->ctx, "bad escape (end of pattern)");
    }
    return 0;
}

/* What follows a '('. 1: nothing that matches (a comment, flags), *out is NULL. */
static int parse_group(regex_parser *p, int32_t flags, bool first, regex_node **out) {
    int status;
    *out = NULL;
    if (!regex_accept(p, '?')) {
        int32_t group = parse_open_group(p, 0);
        if (group > 0) *out = parse_group_body(p, REGEX_GROUP, group, flags);
        return *out ? 0 : -1;
    }
    uint32_t c = regex_get(p);
    switch (c) {
    case REGEX_END: return regex_error(p->ctx, "unexpected end of pattern");
    case 'P': *out = parse_python_group(p, flags); break;
    case ':': *out = parse_group_body(p, REGEX_GROUP, 0, flags); break;
    case '>': *out = parse_group_body(p, REGEX_ATOMIC, 0, flags); break;
    case '=': case '!': *out = parse_look(p, false, c == '!', flags); break;
    case '(': *out = parse_condition(p, flags); break;
    case '#':
        status = parse_skip_comment(p, ')');
        return status ? status : regex_error(p->ctx, "missing ), unterminated comment");
    case '<':
        c = regex_get(p);
        if (c != '=' && c != '!')
            return regex_error(p->ctx, c == REGEX_END ? "unexpected end of pattern" : "unknown extension ?<");
        *out = parse_look(p, true, c == '!', flags);
        break;
    default:
        if (!parse_flag(c) && c != '-') return regex_error(p->ctx, "unknown extension");
        p->at--;
        return parse_flags(p, flags, first, out);
    }
    return *out ? 0 : -1;
}

/* ---- repetition ---- */

/* {low,high}. 0: it is none, and the brace stands for itself. */
static int parse_bounds(regex_parser *p, int32_t *low, int32_t *high) {
    int64_t start = p->at, values[2] = {-1, -1};
    if (regex_peek(p) == '}') return 0;
    for (int i = 0; i < 2; i++) {
        for (; regex_parse_is_digit(regex_peek(p)); p->at++)
            if (values[i] < REGEX_FOREVER) values[i] = (values[i] < 0 ? 0 : values[i]) * 10 + (regex_peek(p) - '0');
        if (i == 0 && !regex_accept(p, ',')) {
            values[1] = values[0];
            break;
        }
    }
    if (!regex_accept(p, '}')) {
        p->at = start;
        return 0;
    }
    if (values[0] >= REGEX_FOREVER || values[1] >= REGEX_FOREVER) {
        wcb_limit(p->ctx, WC_STATUS_OUT_OF_RANGE);
        return -1;
    }
    *low = values[0] < 0 ? 0 : (int32_t)values[0];
    *high = values[1] < 0 ? REGEX_FOREVER : (int32_t)values[1];
    return *high < *low ? regex_error(p->ctx, "min repeat greater than max repeat") : 1;
}

/* Puts the last item of a sequence under a repetition that starts with `c`. 0: `c` is a character like others. */
static int parse_repeat(regex_parser *p, uint32_t c, int32_t flags, regex_node **item) {
    int32_t low = c == '+', high = c == '?' ? 1 : REGEX_FOREVER;
    if (c == '{') {
        int status = parse_bounds(p, &low, &high);
        if (status <= 0) return status;
    }
    if (!item || (*item)->kind == REGEX_AT) return regex_error(p->ctx, "nothing to repeat");
    if ((*item)->kind == REGEX_REPEAT) return regex_error(p->ctx, "multiple repeat");
    regex_node *node = regex_new_node(p, REGEX_REPEAT, flags);
    if (!node) return -1;
    node->low = low;
    node->high = high;
    node->body = *item;
    node->mode = regex_accept(p, '?') ? REGEX_LAZY : regex_accept(p, '+') ? REGEX_POSSESSIVE : REGEX_GREEDY;
    *item = node;
    return 1;
}

/* ---- sequences ---- */

/* Whether `c` is space, or the start of a comment, which is skipped. -1: an error. */
static int parse_skip_verbose(regex_parser *p, uint32_t c) {
    if (c == ' ' || (c >= 9 && c <= 13)) return 1;
    if (c != '#') return 0;
    return parse_skip_comment(p, '\n') < 0 ? -1 : 1;
}

static regex_node *parse_single(regex_parser *p, uint32_t c, int32_t flags) {
    switch (c) {
    case '\\': return regex_parse_escape(p, flags);
    case '[': return regex_parse_set(p, flags);
    case '.': return regex_new_node(p, REGEX_ANY, flags);
    case '^': return regex_parse_at(p, flags & REGEX_MULTILINE ? REGEX_AT_LINE_START : REGEX_AT_START, flags);
    case '$': return regex_parse_at(p, flags & REGEX_MULTILINE ? REGEX_AT_LINE_END : REGEX_AT_END, flags);
    default: return regex_parse_char(p, (int32_t)c, flags);
    }
}

/* One alternative. `first`: nothing stands before it, so that flags for the whole pattern may come. */
static int parse_sequence(regex_parser *p, int32_t *flags, bool first, regex_node **out) {
    regex_node **end = out, **last = NULL;
    *out = NULL;
    for (;;) {
        uint32_t c = regex_peek(p);
        if (c == REGEX_END || c == '|' || c == ')') return 0;
        p->at++;
        int skipped = *flags & REGEX_VERBOSE ? parse_skip_verbose(p, c) : 0;
        if (skipped < 0) return -1;
        if (skipped) continue;
        if (c == '*' || c == '+' || c == '?' || c == '{') {
            int status = parse_repeat(p, c, *flags, last);
            if (status < 0) return -1;
            if (status) {
                end = &(*last)->next;
                continue;
            }
        }
        regex_node *node = NULL;
        if (c == '(') {
            int status = parse_group(p, *flags, first && !*out, &node);
            if (status < 0) return -1;
            if (status) {
                if (first) *flags = p->flags;
                continue;
            }
        } else if (!(node = parse_single(p, c, *flags))) return -1;
        last = end;
        *end = node;
        end = &node->next;
    }
}

static int parse_alternatives(regex_parser *p, int32_t flags, bool first, regex_node **out) {
    regex_node *sequence, **end = NULL;
    if (++p->depth > PARSE_DEEPEST) return wcb_limit(p->ctx, WC_STATUS_OUT_OF_RANGE), -1;
    if (parse_sequence(p, &flags, first, &sequence) < 0) return -1;
    *out = sequence;
    while (regex_accept(p, '|')) {
        regex_node *branch = regex_new_node(p, REGEX_ALTERNATIVES, flags);
        if (!branch) return -1;
        if (!end) {
            branch->body = sequence;
            *out = branch;
            end = &branch->other;
            if (!(branch = regex_new_node(p, REGEX_ALTERNATIVES, flags))) return -1;
        }
        if (parse_sequence(p, &flags, false, &branch->body) < 0) return -1;
        *end = branch;
        end = &branch->other;
    }
    p->depth--;
    return 0;
}

int regex_parse(regex_parser *p, regex_node **out) {
    p->capacity = 16;
    p->lookbehind_groups = -1;
    p->widths = wcb_alloc(p->ctx, 16 * sizeof *p->widths);
    p->open = wcb_alloc(p->ctx, 16);
    p->group_index = wcb_new_dict(p->ctx, 0, NULL);
    if (!p->widths || !p->open || !p->group_index) return -1;
    if (parse_alternatives(p, p->flags, true, out) < 0) return -1;
    if (regex_peek(p) != REGEX_END) return regex_error(p->ctx, "unbalanced parenthesis");
    return p->condition_group > p->num_groups ? regex_error(p->ctx, "invalid group reference") : 0;
}
