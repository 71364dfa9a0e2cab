/* Strings under construction, and what the files on text share. */
#ifndef WCB_TEXT_H
#define WCB_TEXT_H

#include "value.h"

/* Grows a str in the arena. Failure sticks: `text` is NULL then, and text_end returns 0. */
typedef struct {
    wcb_ctx *ctx;
    wcb_str *text; /* of width 1 until a wider code point comes */
    int64_t capacity;
} text_builder;

void text_begin(text_builder *b, wcb_ctx *ctx, int64_t capacity);
bool text_reserve(text_builder *b, int64_t more, bool wide); /* room for `more`; false: failed */
void text_add_slice(text_builder *b, const wcb_str *s, int64_t start, int64_t stop);
void text_add_ascii(text_builder *b, const char *text, int64_t length);
void text_fill(text_builder *b, uint32_t point, int64_t count);
wcv text_end(text_builder *b);

static inline void text_add_point(text_builder *b, uint32_t point) {
    if (!text_reserve(b, 1, point > 255)) return;
    if (b->text->width == 1) b->text->data[b->text->length++] = (uint8_t)point;
    else ((uint32_t *)b->text->data)[b->text->length++] = point;
}
static inline void text_add_str(text_builder *b, const wcb_str *s) { text_add_slice(b, s, 0, s->length); }
static inline void text_add_c(text_builder *b, const char *text) { text_add_ascii(b, text, (int64_t)strlen(text)); }
/* Adds a str value; 0 is the failure that made it. */
static inline void text_add_value(text_builder *b, wcv str) {
    if (str) text_add_str(b, WCB_AS(wcb_str, str));
    else b->text = NULL;
}

static inline bool text_is_str(wcv v) { return wcb_is_kind(v, WCB_KIND_STR); }

/* A str of that length whose data the caller fills in; NULL: failed. */
wcb_str *text_new(wcb_ctx *ctx, int64_t length, uint8_t width);
wcv text_slice(wcb_ctx *ctx, const wcb_str *s, int64_t start, int64_t stop);
/* The first (or last) place of needle in text[start:stop], -1: none. */
int64_t text_find(const wcb_str *text, const wcb_str *needle, int64_t start, int64_t stop);
int64_t text_find_last(const wcb_str *text, const wcb_str *needle, int64_t start, int64_t stop);
bool text_matches(const wcb_str *text, const wcb_str *part, int64_t at);
bool text_equals_c(const wcb_str *text, const char *other);
/* The groups of str's methods, by file. */
wcv text_split_method(wcb_ctx *ctx, const wcb_str *s, int32_t name_id, const wcb_args *args);
wcv text_case_method(wcb_ctx *ctx, const wcb_str *s, int32_t name_id);
const char *text_c_name(int32_t name_id); /* of a name in names.h */
/* TypeError unless the call has from `least` to `most` arguments, all positional. */
int text_arity(wcb_ctx *ctx, const wcb_args *args, const char *function, int32_t least, int32_t most);

/* What is known of a code point. TEXT_UNKNOWN: it would take a table of Unicode that is not here. */
enum {
    TEXT_ALPHA = 1, TEXT_LOWER = 2, TEXT_UPPER = 4, TEXT_DECIMAL = 8, TEXT_DIGIT = 16, TEXT_NUMERIC = 32,
    TEXT_SPACE = 64, TEXT_PRINTABLE = 128, TEXT_UNKNOWN = 256
};
int text_class(uint32_t point);
static inline bool text_is_space(uint32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31) || c == 0x85 || c == 0xa0;
}

/* numbers as text */
enum { TEXT_FLOAT_ALTERNATE = 1, TEXT_FLOAT_DOT_ZERO = 2, TEXT_FLOAT_UPPER = 4 };
/* type 'e', 'f', 'g' or 'r' (shortest that reads back); adds no plus sign. */
void text_add_double(text_builder *b, double value, char type, int64_t precision, int flags);
void text_add_int(text_builder *b, int64_t value);

/* The format mini-language on a value of a built-in type. */
wcv text_format_builtin(wcb_ctx *ctx, wcv v, const wcb_str *spec);

/* repr, by file */
wcv text_repr_of_object(wcb_ctx *ctx, wcv v);
void text_add_regex(text_builder *b, wcv regex);
void text_add_match(text_builder *b, wcv match);

#endif /* WCB_TEXT_H */
