/* What the files on sequences share. */
#ifndef WCB_SEQUENCES_H
#define WCB_SEQUENCES_H

#include "objects.h"

/* Checks for `least` to `most` positional arguments and no keywords. */
static inline int sequences_arguments(wcb_ctx *ctx, const wcb_args *args, const char *name, int least, int most) {
    if (args->num_keywords > 0) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s() takes no keyword arguments", name);
        return -1;
    }
    if (args->count >= least && args->count <= most) return 0;
    const char *format = least == most ? "%s() takes %s%d argument(s) (%d given)" : "%s expected %s %d argument(s), got %d";
    const char *how = least == most ? "exactly " : args->count < least ? "at least" : "at most";
    wcb_raise_format(ctx, WCB_TYPE_TypeError, format, name, how, args->count < least ? least : most, args->count);
    return -1;
}

static inline bool sequences_is_exact(wcv v, const wcb_type *type) {
    return wcb_is_object(v) && WCB_AS(wcb_object, v)->type == type;
}

/* A loop that allocates nothing still has an end. */
static inline int sequences_tick(wcb_ctx *ctx) {
    if (--ctx->fuel >= 0) return 0;
    wcb_limit(ctx, WC_STATUS_OUT_OF_FUEL);
    return -1;
}

/* A start or stop argument of index(): counted from the end below 0, and held within 0 and the length. */
static inline int sequences_bound(wcb_ctx *ctx, wcv v, int64_t length, int64_t *out) {
    if (wcb_index(ctx, v, out) < 0) return -1;
    if (*out < 0) *out += length;
    if (*out < 0) *out = 0;
    return 0;
}

static inline bool sequences_order_matches(int op, int64_t a, int64_t b) {
    switch (op) {
    case WCB_LT: return a < b;
    case WCB_LE: return a <= b;
    case WCB_EQ: return a == b;
    case WCB_NE: return a != b;
    case WCB_GT: return a > b;
    default: return a >= b;
    }
}

/* start, stop and step of a slice as they apply to a length. */
int sequences_slice_ends(wcb_ctx *ctx, wcv slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step);
/* The number of repetitions in `sequence * v`; -1: none, an exception; -2: v is no integer. */
int64_t sequences_repetitions(wcb_ctx *ctx, wcv v, int64_t length);
/* ValueError: repr(item), then the text. */
wcv sequences_not_in(wcb_ctx *ctx, wcv item, const char *text);

/* lists.c */
int lists_reserve(wcb_ctx *ctx, wcb_list *list, int64_t count); /* room for `count` items in all */
wcv lists_subscript(wcb_ctx *ctx, wcb_list *list, wcv key);
int lists_store(wcb_ctx *ctx, wcb_list *list, wcv key, wcv value); /* value 0: delete */
wcv lists_binary(wcb_ctx *ctx, int op, wcv a, wcv b);
wcv lists_inplace(wcb_ctx *ctx, int op, wcv a, wcv b);
int lists_contains(wcb_ctx *ctx, wcb_list *list, wcv item);
wcv lists_iter(wcb_ctx *ctx, wcv self, bool reversed);

/* tuples.c */
wcv tuples_subscript(wcb_ctx *ctx, wcb_tuple *tuple, wcv key);
wcv tuples_binary(wcb_ctx *ctx, int op, wcv a, wcv b);
int tuples_contains(wcb_ctx *ctx, wcb_tuple *tuple, wcv item);
wcv tuples_iter(wcb_ctx *ctx, wcv self, bool reversed);
int tuples_hash(wcb_ctx *ctx, wcb_tuple *tuple, uint64_t *out);

/* ranges.c: range and slice */
wcv ranges_new(wcb_ctx *ctx, const wcb_args *args);
wcv ranges_new_slice(wcb_ctx *ctx, const wcb_args *args);
wcv ranges_subscript(wcb_ctx *ctx, wcb_range *range, wcv key);
int ranges_contains(wcb_ctx *ctx, wcv self, wcv item);
wcv ranges_iter(wcb_ctx *ctx, wcv self, bool reversed);
bool ranges_equal(const wcb_range *a, const wcb_range *b);
int ranges_hash(wcb_ctx *ctx, const wcb_range *range, uint64_t *out);

/* deques.c */
wcv deques_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);
wcv deques_subscript(wcb_ctx *ctx, wcb_deque *deque, wcv key);
int deques_store(wcb_ctx *ctx, wcb_deque *deque, wcv key, wcv value); /* value 0: delete */
wcv deques_binary(wcb_ctx *ctx, int op, wcv a, wcv b);
wcv deques_inplace(wcb_ctx *ctx, int op, wcv a, wcv b);
int deques_contains(wcb_ctx *ctx, wcb_deque *deque, wcv item);
wcv deques_compare(wcb_ctx *ctx, int op, wcb_deque *a, wcb_deque *b);
wcv deques_iter(wcb_ctx *ctx, wcv self, bool reversed);
wcb_deque *deques_empty(wcb_ctx *ctx, wcb_type *type, int64_t maxlen);
int deques_append(wcb_ctx *ctx, wcb_deque *deque, wcv item);

#endif /* WCB_SEQUENCES_H */
