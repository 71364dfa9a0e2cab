/* str: what is known of code points; upper and lower case; the is... methods. Exact for Latin-1 and common symbols. */
#include "text.h"

/* Printable symbols: no letters, digits, spaces or parts of identifiers, and without case. */
static const struct { uint32_t first, last; } case_symbols[] = {
    {0x2010, 0x2027}, {0x2030, 0x203e}, {0x20a0, 0x20c0}, {0x2140, 0x2144}, {0x214a, 0x214d}, {0x2190, 0x2426},
    {0x2440, 0x244a}, {0x2500, 0x2775}, {0x2794, 0x2b73}, {0x2b76, 0x2b95}, {0x2b97, 0x2bff}, {0x1f000, 0x1f02b},
    {0x1f030, 0x1f093}, {0x1f300, 0x1f6d7}, {0x1f6dd, 0x1f6ec}, {0x1f6f0, 0x1f6fc}, {0x1f7e0, 0x1f7eb},
    {0x1f900, 0x1fa53}, {0x1fa70, 0x1fa74}, {0x1fa78, 0x1fa7c}, {0x1fa80, 0x1fa86}, {0x1fa90, 0x1faac},
};

static int case_class_of_latin1(uint32_t c) {
    if (c == 0xaa || c == 0xba || c == 0xb5 || c == 0xdf) return TEXT_ALPHA | TEXT_LOWER | TEXT_PRINTABLE;
    if (c == 0xb2 || c == 0xb3 || c == 0xb9) return TEXT_DIGIT | TEXT_NUMERIC | TEXT_PRINTABLE;
    if (c >= 0xbc && c <= 0xbe) return TEXT_NUMERIC | TEXT_PRINTABLE;
    if (c >= 0xc0 && c != 0xd7 && c != 0xf7) return TEXT_ALPHA | TEXT_PRINTABLE | (c < 0xdf ? TEXT_UPPER : TEXT_LOWER);
    return c > 0xa0 && c != 0xad ? TEXT_PRINTABLE : 0;
}

int text_class(uint32_t c) {
    if (c < 128) {
        if (c >= 'a' && c <= 'z') return TEXT_ALPHA | TEXT_LOWER | TEXT_PRINTABLE;
        if (c >= 'A' && c <= 'Z') return TEXT_ALPHA | TEXT_UPPER | TEXT_PRINTABLE;
        if (c >= '0' && c <= '9') return TEXT_DECIMAL | TEXT_DIGIT | TEXT_NUMERIC | TEXT_PRINTABLE;
        return (text_is_space(c) ? TEXT_SPACE : 0) | (c >= 32 && c < 127 ? TEXT_PRINTABLE : 0);
    }
    if (c < 256) return text_is_space(c) ? TEXT_SPACE : case_class_of_latin1(c);
    for (size_t i = 0; i < sizeof case_symbols / sizeof *case_symbols; i++)
        if (c >= case_symbols[i].first && c <= case_symbols[i].last) return TEXT_PRINTABLE;
    return TEXT_UNKNOWN;
}

/* Adds the upper case; that of 'ß' is two letters, of which a title takes only the first as a capital. */
static void case_add_upper(text_builder *b, uint32_t c, int class, bool title) {
    if (!(class & TEXT_LOWER) || c == 0xaa || c == 0xba) text_add_point(b, c);
    else if (c == 0xdf) text_add_c(b, title ? "Ss" : "SS");
    else text_add_point(b, c == 0xff ? 0x178 : c == 0xb5 ? 0x39c : c - 32);
}

static void case_add_lower(text_builder *b, uint32_t c, int class) {
    text_add_point(b, class & TEXT_UPPER ? c + 32 : c);
}

static void case_add_folded(text_builder *b, uint32_t c, int class) {
    if (c == 0xdf) text_add_c(b, "ss");
    else if (c == 0xb5) text_add_point(b, 0x3bc);
    else case_add_lower(b, c, class);
}

static wcv case_convert(wcb_ctx *ctx, const wcb_str *s, int32_t how) {
    text_builder b;
    bool inside = false; /* a word, or the string after its first character */
    text_begin(&b, ctx, s->length);
    for (int32_t i = 0; i < s->length; i++) {
        uint32_t c = wcb_char_at(s, i);
        int class = text_class(c);
        if (class & TEXT_UNKNOWN) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        switch (how) {
        case WCB_N_upper: case_add_upper(&b, c, class, false); break;
        case WCB_N_lower: case_add_lower(&b, c, class); break;
        case WCB_N_casefold: case_add_folded(&b, c, class); break;
        case WCB_N_swapcase:
            if (class & TEXT_UPPER) case_add_lower(&b, c, class);
            else case_add_upper(&b, c, class, false);
            break;
        default: /* capitalize, title */
            if (inside) case_add_lower(&b, c, class);
            else case_add_upper(&b, c, class, true);
            inside = how == WCB_N_capitalize || class & (TEXT_UPPER | TEXT_LOWER);
        }
    }
    return text_end(&b);
}

static wcv case_is_identifier(wcb_ctx *ctx, const wcb_str *s) {
    for (int32_t i = 0; i < s->length; i++) {
        uint32_t c = wcb_char_at(s, i);
        int class = text_class(c);
        if (class & TEXT_UNKNOWN) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        bool start = class & TEXT_ALPHA || c == '_';
        if (!start && (i == 0 || !(class & TEXT_DECIMAL || c == 0xb7))) return WCB_FALSE;
    }
    return wcb_from_bool(s->length > 0);
}

/* islower, isupper, istitle: whether there is a letter with case, and none is against the rule. */
static wcv case_is_cased(wcb_ctx *ctx, const wcb_str *s, int32_t how) {
    bool found = false, inside = false, result = true;
    for (int32_t i = 0; i < s->length; i++) {
        int class = text_class(wcb_char_at(s, i));
        if (class & TEXT_UNKNOWN) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        bool upper = class & TEXT_UPPER, lower = class & TEXT_LOWER;
        if ((how == WCB_N_islower && upper) || (how == WCB_N_isupper && lower)) result = false;
        if (how == WCB_N_istitle && ((upper && inside) || (lower && !inside))) result = false;
        inside = upper || lower;
        found |= inside;
    }
    return wcb_from_bool(found && result);
}

static wcv case_is_all(wcb_ctx *ctx, const wcb_str *s, int classes) {
    bool result = true;
    for (int32_t i = 0; i < s->length; i++) {
        int class = text_class(wcb_char_at(s, i));
        if (class & TEXT_UNKNOWN) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        result &= (class & classes) != 0;
    }
    return wcb_from_bool(result && (s->length > 0 || classes == TEXT_PRINTABLE));
}

wcv text_case_method(wcb_ctx *ctx, const wcb_str *s, int32_t name_id) {
    switch (name_id) {
    case WCB_N_isalnum: return case_is_all(ctx, s, TEXT_ALPHA | TEXT_DECIMAL | TEXT_DIGIT | TEXT_NUMERIC);
    case WCB_N_isalpha: return case_is_all(ctx, s, TEXT_ALPHA);
    case WCB_N_isdecimal: return case_is_all(ctx, s, TEXT_DECIMAL);
    case WCB_N_isdigit: return case_is_all(ctx, s, TEXT_DIGIT);
    case WCB_N_isnumeric: return case_is_all(ctx, s, TEXT_NUMERIC);
    case WCB_N_isspace: return case_is_all(ctx, s, TEXT_SPACE);
    case WCB_N_isprintable: return case_is_all(ctx, s, TEXT_PRINTABLE);
    case WCB_N_isidentifier: return case_is_identifier(ctx, s);
    case WCB_N_isascii:
        for (int32_t i = 0; i < s->length; i++)
            if (wcb_char_at(s, i) > 127) return WCB_FALSE;
        return WCB_TRUE;
    case WCB_N_islower: case WCB_N_isupper: case WCB_N_istitle: return case_is_cased(ctx, s, name_id);
    default: return case_convert(ctx, s, name_id);
    }
}
