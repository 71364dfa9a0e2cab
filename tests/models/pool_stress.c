/* Three callers share one pool for many batches: run it with the thread sanitizer. Prints "fine" where all is right. */
#include <stdio.h>
#include <stdlib.h>

#include "wc_batch.h"

enum { ROWS = 3000, ROUNDS = 60, CALLERS = 3, THREADS = 3 };

static wc_pool pool;

static uint64_t expected(uint64_t state, int32_t action) {
    for (int round = 0; round < 40; round++) state = state * UINT64_C(6364136223846793005) + (uint64_t)action;
    return state;
}

/* Writes to its scratch memory and reads that back, so that threads with one piece between them are noticed. */
static int32_t step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                    uint8_t *done, void *scratch) {
    uint64_t *own = scratch;
    (void)problem;
    *own = expected(*state, action);
    *next = *own;
    *reward = *own == expected(*state, action) ? 1.0 : 0.0;
    *done = 0;
    return WC_STATUS_OK;
}

static const wc_model model = {WC_ABI_VERSION, 0, 1, 4, sizeof(uint64_t), NULL, step, NULL, NULL, NULL};

static void *caller(void *argument) {
    static uint64_t states[CALLERS][ROWS], next[CALLERS][ROWS];
    static double rewards[CALLERS][ROWS];
    static uint8_t dones[CALLERS][ROWS];
    static int32_t actions[CALLERS][ROWS], statuses[CALLERS][ROWS];
    const int number = *(const int *)argument;
    const wc_model *models[1] = {&model};
    wc_batch batch = {
        .models = models,
        .count = ROWS,
        .width = 1,
        .states = states[number],
        .actions = actions[number],
        .next = next[number],
        .rewards = rewards[number],
        .dones = dones[number],
        .statuses = statuses[number],
    };
    void *scratch = wc_scratch_new(&model);
    for (int row = 0; row < ROWS; row++) {
        states[number][row] = (uint64_t)(row + 77 * number);
        actions[number][row] = row % 4;
    }
    for (int round = 0; round < ROUNDS; round++) {
        memset(next[number], 0, sizeof next[number]);
        memset(rewards[number], 0, sizeof rewards[number]);
        for (int64_t finished = 0; finished < ROWS;) { /* some rounds in slices */
            const double slice_end = wc_clock_seconds() + (round % 5 != 0 ? 1.0 : 1e-5);
            finished = wc_batch_run(&batch, &pool, finished, THREADS, slice_end, model.scratch_bytes, scratch);
        }
        for (int row = 0; row < ROWS; row++) {
            if (next[number][row] != expected(states[number][row], actions[number][row]) ||
                rewards[number][row] != 1.0 || statuses[number][row] != WC_STATUS_OK) {
                printf("row %d of caller %d is wrong\n", row, number);
                exit(1);
            }
        }
    }
    free(scratch);
    return NULL;
}

int main(void) {
    static const int numbers[CALLERS] = {0, 1, 2};
    pthread_t threads[CALLERS];
    for (int life = 0; life < 2; life++) { /* a pool that has ended can begin anew */
        wc_pool_prepare(&pool);
        for (int number = 0; number < CALLERS; number++) {
            pthread_create(&threads[number], NULL, caller, (void *)&numbers[number]);
        }
        for (int number = 0; number < CALLERS; number++) pthread_join(threads[number], NULL);
        wc_pool_end(&pool);
    }
    puts("fine");
    return 0;
}
