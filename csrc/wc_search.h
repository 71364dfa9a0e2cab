/* What the searches share: how a run ends, and when it must pause. */
#ifndef WC_SEARCH_H
#define WC_SEARCH_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "wc_abi.h"
#include "wc_clock.h"
#include "wc_scratch.h"

typedef enum wc_search_status {
    WC_SEARCH_PAUSED = 0,    /* the slice is over: look at signals, then run on */
    WC_SEARCH_SOLVED = 1,
    WC_SEARCH_EXHAUSTED = 2, /* no plan exists in the model */
    WC_SEARCH_TIME = 3,
    WC_SEARCH_MEMORY = 4,
    WC_SEARCH_BUDGET = 5,
    WC_SEARCH_HALTED = 6     /* a step ended in a status other than OK and FAILED: see wc_halt */
} wc_search_status;

/* The step on which a search halted. The state's words are in the search's table or buffer. */
typedef struct wc_halt {
    const uint64_t *state;
    int32_t action;
    int32_t status;
} wc_halt;

/* Times on wc_clock_seconds; infinity where there is none. */
typedef struct wc_limits {
    double slice_end; /* pause here */
    double deadline;  /* end here; slow models look at it between two steps */
    uint64_t budget;  /* expansions or simulations in all */
} wc_limits;

static inline int wc_is_goal(double reward, uint8_t done) { return done && reward > 0.0; }

/* A step that is an answer: anything else halts the search. */
static inline int wc_is_answer(int32_t status) { return status == WC_STATUS_OK || status == WC_STATUS_FAILED; }

#endif /* WC_SEARCH_H */
