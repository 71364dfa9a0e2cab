/* What copying.c and reconstruction.c share: the memo of a deepcopy. */
#ifndef WCB_COPYING_H
#define WCB_COPYING_H

#include "operators.h"

typedef struct { wcv original, copy; } copying_slot;
/* A deepcopy that runs. Copies are found by the identity of the original: instances hold theirs while the outermost
 * deepcopy runs, all others are in a hash table. */
typedef struct copying_run {
    struct copying_run *outer;
    uint32_t epoch;
    bool forwards;          /* the outermost one: instances hold their copies */
    bool exports;           /* the memo is the program's: it gets all copies */
    wcv memo;               /* dict id -> copy for __deepcopy__ methods, or 0: none needed it yet */
    copying_slot *slots;
    uint32_t size, used;    /* size: a power of two, or 0 */
    const wcb_type *plain;  /* the last class that copying_is_plain found to be so */
} copying_run;

/* Levels of the interpreter's stack that copy.deepcopy uses where ours recurses once. */
enum { COPYING_LIST_LEVELS = 2, COPYING_TUPLE_LEVELS = 3, COPYING_INSTANCE_LEVELS = 4, COPYING_SET_LEVELS = 5 };

/* Values that copies share with their originals. */
bool copying_is_atomic(wcv v);
/* Instances of the class are copied attribute by attribute: no method of the class has a say in it. */
bool copying_is_plain(wcb_ctx *ctx, const wcb_type *type);
wcv copying_deep(wcb_ctx *ctx, copying_run *run, wcv v);
/* As copying_deep; run NULL: v itself, for copy.copy. */
static inline wcv copying_part(wcb_ctx *ctx, copying_run *run, wcv v) { return run ? copying_deep(ctx, run, v) : v; }
int copying_put(wcb_ctx *ctx, copying_run *run, wcv original, wcv copy);
wcv copying_get(wcb_ctx *ctx, copying_run *run, wcv original); /* 0 without an exception: none */
wcv copying_memo(wcb_ctx *ctx, copying_run *run);
wcb_instance *copying_duplicate(wcb_ctx *ctx, const wcb_instance *original); /* the same attributes */
/* A copy through the methods that decide on it, and of values that are no plain containers or instances. */
wcv reconstruction_copy(wcb_ctx *ctx, copying_run *run, wcv v);

static inline bool copying_enter(wcb_ctx *ctx, int levels) {
    if (ctx->depth + levels <= WCB_MAX_DEPTH) {
        ctx->depth += levels;
        return true;
    }
    wcb_raise(ctx, WCB_TYPE_RecursionError, "maximum recursion depth exceeded");
    return false;
}

#endif /* WCB_COPYING_H */
