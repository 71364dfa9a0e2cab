/* Regular expressions: characters, escapes and sets of a pattern. */
#include "regex.h"

/* ---- escapes ---- */

int regex_digit_value(uint32_t c, int base) {
    int value = 99;
    if (c >= '0' && c <= '9') value = (int)c - '0';
    else if ((c | 32) >= 'a' && (c | 32) <= 'f') value = (int)(c | 32) - 'a' + 10;
    return value < base ? value : -1;
}

bool regex_parse_is_digit(uint32_t c) { return c >= '0' && c <= '9'; }
static bool escape_is_letter(uint32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* \xhh, \uhhhh, \Uhhhhhhhh: exactly that many digits. */
static int escape_hex(regex_parser *p, int digits, int32_t *out) {
    int64_t value = 0;
    for (int i = 0; i < digits; i++) {
        int digit = regex_digit_value(regex_peek(p), 16);
        if (digit < 0) return regex_error(p->ctx, "incomplete escape");
        value = value * 16 + digit;
        p->at++;
    }
    if (value > 0x10ffff) return regex_error(p->ctx, "bad escape");
    *out = (int32_t)value;
    return 0;
}

/* The escapes for one character. 1: *out is it; 0: `c` starts none of them; -1: an error. */
static int escape_simple(regex_parser *p, uint32_t c, int32_t *out) {
    static const char letters[] = "afnrtv\\", meanings[] = "\a\f\n\r\t\v\\";
    const char *found = c < 128 && c ? strchr(letters, (int)c) : NULL;
    if (found) {
        *out = meanings[found - letters];
        return 1;
    }
    if (c == 'x') return escape_hex(p, 2, out) < 0 ? -1 : 1;
    if (c == 'u') return escape_hex(p, 4, out) < 0 ? -1 : 1;
    if (c == 'U') return escape_hex(p, 8, out) < 0 ? -1 : 1;
    if (c == 'N') {
        wcb_limit(p->ctx, WC_STATUS_OUT_OF_RANGE); /* names of characters */
        return -1;
    }
    return 0;
}

static bool escape_is_category(uint32_t c) { return c < 128 && c && strchr("dDsSwW", (int)c); }

static regex_item escape_category(uint32_t c) { return (regex_item){(int32_t)(c | 32), 0, c < 'a'}; }

regex_node *regex_parse_char(regex_parser *p, int32_t point, int32_t flags) {
    regex_node *node = regex_new_node(p, REGEX_CHAR, flags);
    if (node) node->low = point;
    return node;
}

regex_node *regex_parse_at(regex_parser *p, int32_t what, int32_t flags) {
    regex_node *node = regex_new_node(p, REGEX_AT, flags);
    if (node) node->low = what;
    return node;
}

int regex_parse_check_group(regex_parser *p, int64_t group, bool exists) {
    if (!exists || group > p->num_groups) return regex_error(p->ctx, "invalid group reference");
    if (p->open[group]) return regex_error(p->ctx, "cannot refer to an open group");
    if (p->lookbehind_groups >= 0 && group > p->lookbehind_groups)
        return regex_error(p->ctx, "cannot refer to group defined in the same lookbehind subpattern");
    return 0;
}

regex_node *regex_parse_backreference(regex_parser *p, int64_t group, bool exists, int32_t flags) {
    if (regex_parse_check_group(p, group, exists) < 0) return NULL;
    regex_node *node = regex_new_node(p, REGEX_BACKREFERENCE, flags);
    if (node) node->low = (int32_t)group;
    return node;
}

/* \1 to \99 are groups; \0, and three octal digits, are characters. */
static regex_node *escape_numeric_escape(regex_parser *p, uint32_t c, int32_t flags) {
    int32_t value = (int32_t)c - '0';
    if (c == '0') {
        for (int i = 0; i < 2 && regex_digit_value(regex_peek(p), 8) >= 0; i++)
            value = value * 8 + regex_digit_value(regex_get(p), 8);
        return regex_parse_char(p, value, flags);
    }
    if (regex_parse_is_digit(regex_peek(p))) {
        uint32_t second = regex_get(p);
        if (regex_digit_value(c, 8) >= 0 && regex_digit_value(second, 8) >= 0
            && regex_digit_value(regex_peek(p), 8) >= 0) {
            value = value * 64 + regex_digit_value(second, 8) * 8 + regex_digit_value(regex_get(p), 8);
            if (value <= 0377) return regex_parse_char(p, value, flags);
            regex_error(p->ctx, "octal escape value outside of range 0-0o377");
            return NULL;
        }
        value = value * 10 + (int32_t)second - '0';
    }
    return regex_parse_backreference(p, value, true, flags);
}

regex_node *regex_parse_escape(regex_parser *p, int32_t flags) {
    uint32_t c = regex_get(p);
    int32_t point;
    if (c == REGEX_END) return regex_error(p->ctx, "bad escape (end of pattern)"), NULL;
    switch (c) {
    case 'A': return regex_parse_at(p, REGEX_AT_START, flags);
    case 'Z': return regex_parse_at(p, REGEX_AT_VERY_END, flags);
    case 'b': return regex_parse_at(p, REGEX_AT_BOUNDARY, flags);
    case 'B': return regex_parse_at(p, REGEX_AT_NO_BOUNDARY, flags);
    default: break;
    }
    if (escape_is_category(c)) {
        regex_node *node = regex_new_node(p, REGEX_SET, flags);
        if (!node || !(node->items = wcb_alloc(p->ctx, sizeof *node->items))) return NULL;
        node->items[0] = escape_category(c);
        node->mode = 1;
        return node;
    }
    if (regex_parse_is_digit(c)) return escape_numeric_escape(p, c, flags);
    int simple = escape_simple(p, c, &point);
    if (simple < 0) return NULL;
    if (simple) return regex_parse_char(p, point, flags);
    if (escape_is_letter(c)) {
        wcb_raise_format(p->ctx, WCB_TYPE_error, "bad escape \\%c at position %lld", (int)c, (long long)p->at - 2);
        return NULL;
    }
    return regex_parse_char(p, (int32_t)c, flags);
}

/* ---- sets ---- */

/* One character or category of a set. */
static int escape_set_member(regex_parser *p, regex_item *out) {
    uint32_t c = regex_get(p);
    int32_t point = (int32_t)c;
    if (c == REGEX_END) return regex_error(p->ctx, "unterminated character set");
    if (c == '\\') {
        c = regex_get(p);
        if (c == REGEX_END) return regex_error(p->ctx, "bad escape (end of pattern)");
        if (escape_is_category(c)) {
            *out = escape_category(c);
            return 0;
        }
        int simple = escape_simple(p, c, &point);
        if (simple < 0) return -1;
        if (!simple && c == 'b') point = '\b';
        else if (!simple && regex_digit_value(c, 8) >= 0) {
            point = regex_digit_value(c, 8);
            for (int i = 0; i < 2 && regex_digit_value(regex_peek(p), 8) >= 0; i++)
                point = point * 8 + regex_digit_value(regex_get(p), 8);
            if (point > 0377) return regex_error(p->ctx, "octal escape value outside of range 0-0o377");
        } else if (!simple) {
            if (escape_is_letter(c) || regex_parse_is_digit(c)) return regex_error(p->ctx, "bad escape");
            point = (int32_t)c;
        }
    }
    *out = (regex_item){0, point, point};
    return 0;
}

regex_node *regex_parse_set(regex_parser *p, int32_t flags) {
    regex_node *node = regex_new_node(p, REGEX_SET, flags);
    int32_t capacity = 4;
    if (!node || !(node->items = wcb_alloc(p->ctx, (size_t)capacity * sizeof *node->items))) return NULL;
    node->negative = regex_accept(p, '^');
    for (bool first = true;; first = false) {
        regex_item item, last;
        if (!first && regex_accept(p, ']')) return node;
        if (escape_set_member(p, &item) < 0) return NULL;
        if (regex_peek(p) == '-' && p->at + 1 < p->text->length && wcb_char_at(p->text, p->at + 1) != ']') {
            p->at++;
            if (escape_set_member(p, &last) < 0) return NULL;
            if (item.category || last.category || last.low < item.low)
                return regex_error(p->ctx, "bad character range"), NULL;
            item.high = last.low;
        }
        if (node->mode == capacity) {
            regex_item *items = wcb_alloc(p->ctx, 2 * (size_t)capacity * sizeof *items);
            if (!items) return NULL;
            memcpy(items, node->items, (size_t)capacity * sizeof *items);
            node->items = items;
            capacity *= 2;
        }
        node->items[node->mode++] = item;
    }
}
