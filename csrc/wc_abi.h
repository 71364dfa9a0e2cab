/* The contract between world models and planners.
 *
 * A model bound to a problem (an initial state's statics: walls, targets, tables) is one struct of function pointers over
 * packed states. A state is W words of 64 bits in canonical form: equal states have equal words, so hashing and
 * comparing never look inside. Planners see nothing else.
 *
 * Every function is reentrant: all writable memory is in `next`, the result pointers and `scratch`, which belongs to
 * the calling thread and holds `scratch_bytes` bytes, aligned to 64. No function raises, allocates or takes the GIL,
 * except those of models that say so in `flags`.
 */
#ifndef WC_ABI_H
#define WC_ABI_H

#include <stddef.h>
#include <stdint.h>

#define WC_ABI_VERSION 1

/* Statuses of one step. A numba cfunc that raises returns 0 to its C caller, so 0 must never read as success. */
enum {
    WC_STATUS_INTERNAL = 0,      /* our bug: abort the search and report */
    WC_STATUS_OK = 1,            /* next, reward and done are written */
    WC_STATUS_FAILED = 2,        /* the program failed on this step: a dead end */
    WC_STATUS_OUT_OF_RANGE = 3,  /* a value does not fit its packed range */
    WC_STATUS_OUT_OF_FUEL = 4,   /* a loop outran its limit */
    WC_STATUS_OUT_OF_SCRATCH = 5 /* a collection outgrew its scratch memory */
};

/* Flags of a model. */
enum {
    WC_MODEL_NEEDS_GIL = 1 /* the functions call Python: they take the GIL themselves and may be slow */
};

/* One step: writes next[W], reward and done when it returns WC_STATUS_OK, and only then. */
typedef int32_t (*wc_step_fn)(const void *problem, const uint64_t *state, int32_t action, uint64_t *next,
                              double *reward, uint8_t *done, void *scratch);

/* All children of a state: next[A][W], rewards[A], dones[A], statuses[A]. Returns WC_STATUS_OK, or
 * WC_STATUS_INTERNAL. A child's row is written only where its status is WC_STATUS_OK. */
typedef int32_t (*wc_expand_fn)(const void *problem, const uint64_t *state, uint64_t *next, double *rewards,
                                uint8_t *dones, int32_t *statuses, void *scratch);

/* The reward function alone, on a given next state. */
typedef int32_t (*wc_reward_fn)(const void *problem, const uint64_t *state, int32_t action, const uint64_t *next,
                                double *reward, uint8_t *done, void *scratch);

/* `count` steps at once: states[B][W], actions[B], next[B][W], rewards[B], dones[B], statuses[B]. */
typedef int32_t (*wc_batch_fn)(const void *problem, int64_t count, const uint64_t *states, const int32_t *actions,
                               uint64_t *next, double *rewards, uint8_t *dones, int32_t *statuses, void *scratch);

typedef struct wc_model {
    uint32_t abi_version;  /* WC_ABI_VERSION */
    uint32_t flags;        /* WC_MODEL_... */
    int32_t num_words;     /* W >= 1 */
    int32_t num_actions;   /* A >= 1 */
    size_t scratch_bytes;  /* may be 0 */
    const void *problem;   /* passed to every function; owned by whoever made the struct */
    wc_step_fn step;       /* never NULL */
    wc_expand_fn expand;   /* NULL: planners call step for every action */
    wc_reward_fn reward;   /* NULL where a model cannot */
    wc_batch_fn batch;     /* NULL: callers loop over step */
} wc_model;

/* The name of a PyCapsule that holds a wc_model pointer. */
#define WC_MODEL_CAPSULE "wc_engine.wc_model"

#endif /* WC_ABI_H */
