/* Random walks through models of the C contract: the same loop, through the same function pointer, for every model.
 *
 * A walk is chained, each step starts where the last one ended, and goes back to the initial state after every
 * `walk_length` steps, so that boxes do not end up in corners for good. The actions are drawn beforehand: many more than
 * a branch predictor remembers. A step that fails leaves the walk where it is.
 */
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "wc_abi.h"
#include "wc_clock.h"

enum { MAX_WORDS = 32 };

typedef struct walk {
    double seconds;
    double cpu_seconds; /* of this thread: what other work on the machine hardly changes */
    double rewards;     /* their sum, in the order of the steps */
    int64_t dones;      /* steps that end the episode; the walk goes on */
    int64_t failed;     /* steps on which the program failed */
    int64_t no_answer;  /* steps with another status */
} walk;

static double cpu_clock_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Walks `count` steps and measures them. Where `trace` is not NULL, it gets the state after each step: trace[count][W]. */
void walk_run(const wc_model *model, const uint64_t *initial, const uint8_t *actions, int64_t count,
              int64_t walk_length, void *scratch, uint64_t *trace, walk *result) {
    uint64_t buffers[2][MAX_WORDS] = {{0}};
    const size_t state_bytes = (size_t)model->num_words * sizeof(uint64_t);
    uint64_t *state = buffers[0], *next = buffers[1];
    walk sums = {0};
    int64_t left = 0;
    const double begin = wc_clock_seconds(), cpu_begin = cpu_clock_seconds();
    for (int64_t place = 0; place < count; place++) {
        if (left == 0) {
            memcpy(state, initial, state_bytes);
            left = walk_length;
        }
        left--;
        double reward = 0.0;
        uint8_t done = 0;
        const int32_t status = model->step(model->problem, state, actions[place], next, &reward, &done, scratch);
        if (status == WC_STATUS_OK) {
            sums.rewards += reward;
            sums.dones += done;
            uint64_t *const former = state;
            state = next;
            next = former;
        } else if (status == WC_STATUS_FAILED) {
            sums.failed++;
        } else {
            sums.no_answer++;
        }
        if (trace != NULL) memcpy(trace + place * model->num_words, state, state_bytes);
    }
    sums.cpu_seconds = cpu_clock_seconds() - cpu_begin;
    sums.seconds = wc_clock_seconds() - begin;
    *result = sums;
}
