/* A model of the C contract, from its problem to its struct. See jugs.h for the puzzle.
 *
 * A packed state is one word: what the left jug holds in the low byte, what the right one holds in the next. Both jugs
 * empty are the word 0. Equal states have equal words, as the contract asks.
 */
#include "jugs.h"

#include <stdlib.h>

const char *const jugs_action_names[JUGS_ACTIONS] = {
    "fill left", "fill right", "empty left", "empty right", "pour right", "pour left",
};

/* What stays the same from state to state. Planners hand it back to every function as `problem`. */
typedef struct jugs {
    wc_model model;
    int32_t left, right, goal;
} jugs;

/* One step. It writes to its results only, so any number of threads may call it at once. */
static int32_t step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                    uint8_t *done, void *scratch) {
    const jugs *puzzle = problem;
    int32_t left = (int32_t)(state[0] & 0xff), right = (int32_t)(state[0] >> 8 & 0xff);
    (void)scratch; /* scratch_bytes is 0: there is none */
    const int32_t room_right = puzzle->right - right, room_left = puzzle->left - left;
    const int32_t to_right = left < room_right ? left : room_right;
    const int32_t to_left = right < room_left ? right : room_left;
    switch (action) {
    case 0: left = puzzle->left; break;
    case 1: right = puzzle->right; break;
    case 2: left = 0; break;
    case 3: right = 0; break;
    case 4: left -= to_right, right += to_right; break;
    default: left += to_left, right -= to_left; break;
    }
    next[0] = (uint64_t)left | (uint64_t)right << 8;
    *done = left == puzzle->goal || right == puzzle->goal;
    *reward = *done ? 1.0 : -0.01; /* a plan ends with done and a reward above 0 */
    return WC_STATUS_OK;
}

wc_model *jugs_new(int32_t left, int32_t right, int32_t goal) {
    jugs *puzzle = malloc(sizeof *puzzle);
    if (puzzle == NULL) return NULL;
    *puzzle = (jugs){
        .model = {
            .abi_version = WC_ABI_VERSION,
            .num_words = 1,
            .num_actions = JUGS_ACTIONS,
            .problem = puzzle,
            .step = step, /* expand, reward and batch may be NULL: planners do without */
        },
        .left = left,
        .right = right,
        .goal = goal,
    };
    return &puzzle->model;
}

void jugs_free(wc_model *model) { free((void *)model->problem); }
