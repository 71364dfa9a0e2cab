/* Regular expressions: pattern text -> tree (regex_parse.c) -> code (regex_compile.c) -> matches (regex_match.c). */
#ifndef WCB_REGEX_H
#define WCB_REGEX_H

#include "text.h"

/* As in the module re. */
enum {
    REGEX_IGNORECASE = 2, REGEX_LOCALE = 4, REGEX_MULTILINE = 8, REGEX_DOTALL = 16, REGEX_UNICODE = 32,
    REGEX_VERBOSE = 64, REGEX_ASCII = 256
};
#define REGEX_FOREVER INT32_MAX

typedef enum {
    REGEX_EMPTY, REGEX_CHAR, REGEX_ANY, REGEX_SET, REGEX_AT, REGEX_BACKREFERENCE,
    REGEX_GROUP,     /* number (0: captures nothing), body */
    REGEX_REPEAT,    /* low..high times body; mode */
    REGEX_ALTERNATIVES, /* body, then its `other`s */
    REGEX_LOOK,      /* ahead or behind; negative */
    REGEX_ATOMIC,
    REGEX_CONDITION  /* number, body, other */
} regex_kind_t;
enum {
    REGEX_AT_START, REGEX_AT_LINE_START, REGEX_AT_END, REGEX_AT_LINE_END, REGEX_AT_VERY_END, REGEX_AT_BOUNDARY,
    REGEX_AT_NO_BOUNDARY
};
enum { REGEX_GREEDY, REGEX_LAZY, REGEX_POSSESSIVE };
/* Items of a set: code points low..high, or a category (low: letter of its escape, in lower case; high: negated). */
typedef struct { int32_t category, low, high; } regex_item;

typedef struct regex_node {
    regex_kind_t kind;
    int32_t flags;             /* REGEX_IGNORECASE, ... as they hold here */
    int32_t low, high;         /* by kind: code point, bounds, number, place */
    int32_t mode;              /* REGEX_REPEAT: which; REGEX_LOOK: 1 behind; REGEX_SET: items */
    bool negative;
    regex_item *items;
    struct regex_node *body, *other, *next; /* next: what follows in the sequence */
} regex_node;

typedef struct {
    int64_t low, high;
} regex_width;

/* Code, in words. A place is an index of the code. */
enum {
    REGEX_OP_MATCH,        /* */
    REGEX_OP_CHAR,         /* point */
    REGEX_OP_CHAR_FOLDED,  /* point in lower case, ascii */
    REGEX_OP_ANY,          /* but a newline */
    REGEX_OP_ANY_ALL,
    REGEX_OP_SET,          /* length, 8 words of bits, negative, flags, count, items */
    REGEX_OP_AT,           /* what, ascii */
    REGEX_OP_SPLIT,        /* place to try second */
    REGEX_OP_JUMP,         /* place */
    REGEX_OP_SAVE,         /* mark */
    REGEX_OP_BACKREFERENCE, /* group, flags */
    REGEX_OP_REPEAT_ONE,   /* low, high, mode, place behind; then one instruction that takes one character */
    REGEX_OP_LOOP_BEGIN,   /* slot */
    REGEX_OP_LOOP,         /* slot, low, high, lazy, place behind; the body follows and jumps back here */
    REGEX_OP_LOOP_AGAIN,   /* slot: once more (behind the LOOP of a lazy one) */
    REGEX_OP_LOOK,         /* width behind, negative, place behind; the body follows and ends in MATCH */
    REGEX_OP_ATOMIC,       /* place behind; ditto */
    REGEX_OP_CONDITION     /* group, place of `other` */
};

typedef struct {
    wcb_type *type;
    wcv pattern;         /* str */
    int32_t flags, num_groups, num_slots, code_length;
    int32_t *code;
    wcv group_index;     /* dict: name -> number */
    wcv *group_names;    /* [num_groups + 1]; 0: none */
} wcb_regex;

/* Slots: two marks for each group (0 is the whole match), the last group that was closed, two for each loop. */
static inline int32_t regex_last_slot(const wcb_regex *regex) { return 2 * (regex->num_groups + 1); }

typedef struct {
    wcb_type *type;
    wcv regex, string;
    int64_t position, end_position;
    int64_t last;     /* 0: no group */
    int64_t marks[];  /* start and end of each group, -1: not matched */
} wcb_match;

/* regex_parse.c */
typedef struct {
    wcb_ctx *ctx;
    const wcb_str *text;
    int64_t at;
    int32_t flags, num_groups;
    int32_t depth;
    int32_t capacity;       /* of the two arrays */
    regex_width *widths;    /* of groups */
    uint8_t *open;          /* groups that are not closed yet */
    wcv group_index;
    int32_t condition_group;   /* the highest that a condition names */
    int32_t lookbehind_groups; /* inside a lookbehind: the groups there were before it; else -1 */
} regex_parser;
#define REGEX_END 0xffffffffu /* what is read at the end of the pattern */
static inline uint32_t regex_peek(const regex_parser *p) {
    return p->at < p->text->length ? wcb_char_at(p->text, p->at) : REGEX_END;
}

static inline uint32_t regex_get(regex_parser *p) {
    uint32_t c = regex_peek(p);
    if (c != REGEX_END) p->at++;
    return c;
}

static inline bool regex_accept(regex_parser *p, uint32_t c) {
    if (regex_peek(p) != c) return false;
    p->at++;
    return true;
}

/* The tree, through `out` (NULL: empty). -1: an exception. */
int regex_parse(regex_parser *p, regex_node **out);
int regex_error(wcb_ctx *ctx, const char *message);
regex_node *regex_new_node(regex_parser *p, regex_kind_t kind, int32_t flags);
regex_width regex_width_of(const regex_parser *p, const regex_node *node);

/* regex_escapes.c */
regex_node *regex_parse_escape(regex_parser *p, int32_t flags);  /* behind a backslash */
regex_node *regex_parse_set(regex_parser *p, int32_t flags);     /* behind a bracket */
regex_node *regex_parse_char(regex_parser *p, int32_t point, int32_t flags);
regex_node *regex_parse_at(regex_parser *p, int32_t what, int32_t flags);
regex_node *regex_parse_backreference(regex_parser *p, int64_t group, bool exists, int32_t flags);
int regex_parse_check_group(regex_parser *p, int64_t group, bool exists); /* re.error unless it can be referred to */
bool regex_parse_is_digit(uint32_t c);
int regex_digit_value(uint32_t c, int base); /* -1: no digit */

/* regex_compile.c */
wcb_regex *regex_build(wcb_ctx *ctx, wcv pattern, int32_t flags);
uint32_t regex_lower(uint32_t c, bool ascii);
bool regex_item_has(const regex_item *item, uint32_t c, bool ascii);
bool regex_items_have(const regex_item *items, int32_t count, uint32_t c, int32_t flags);
bool regex_is_word(uint32_t c, bool ascii);

/* regex_match.c */
typedef struct {
    bool whole;        /* must reach the end */
    bool anchored;     /* must start at the start */
    bool must_advance; /* may not be empty at the start */
} regex_mode;
/* A match in string[start:end]: 1 and the slots are written, 0 none, -1 a limit. */
int regex_find(wcb_ctx *ctx, const wcb_regex *regex, const wcb_str *string, int64_t start, int64_t end, regex_mode mode,
               int64_t *slots);

/* regex_objects.c */
wcv regex_new_match(wcb_ctx *ctx, const wcb_regex *regex, wcv string, int64_t position, int64_t end,
                    const int64_t *slots);
/* What the group matched, or `otherwise`. */
wcv regex_group_text(wcb_ctx *ctx, wcv string, const int64_t *marks, int32_t group, wcv otherwise);
/* A template of sub and expand: adds it, filled in from the match (NULL: it is only checked). -1: an exception. */
int regex_add_template(text_builder *b, const wcb_str *template, const wcb_regex *regex, const wcb_str *string,
                       const int64_t *marks);

/* regex_functions.c */
typedef struct { const wcb_regex *regex; wcv string; int64_t position, end; } regex_subject;
wcv regex_match_one(wcb_ctx *ctx, const regex_subject *s, bool anchored, bool whole);
wcv regex_find_all(wcb_ctx *ctx, const regex_subject *s);
wcv regex_iterate(wcb_ctx *ctx, const regex_subject *s);
wcv regex_split(wcb_ctx *ctx, const regex_subject *s, int64_t most);
wcv regex_substitute(wcb_ctx *ctx, const regex_subject *s, wcv replacement, int64_t most, bool with_count);

#endif /* WCB_REGEX_H */
