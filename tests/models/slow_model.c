/* A counter behind the C contract, with a batch function of its own. State: one word; action a adds a + 1.
 *
 * A step spins as long as it is told, so that work can be made slow; steps from a state divisible by `failing` fail.
 * Rewards for given next states are others than those of steps, so that tests can tell them apart.
 */
#include <stdint.h>

#include "wc_abi.h"

typedef struct counter {
    int64_t spins;
    uint64_t failing;
    int32_t batch_status;
    int64_t batches; /* calls of the batch function; threads may miscount, tests only look whether there were any */
} counter;

static int32_t step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                    uint8_t *done, void *scratch) {
    const counter *self = problem;
    volatile uint64_t *place = scratch;
    for (int64_t spin = 0; spin < self->spins; spin++) *place = *place + 1;
    if (state[0] % self->failing == 0) return WC_STATUS_FAILED;
    next[0] = state[0] + (uint64_t)action + 1;
    *reward = 0.5 * (double)next[0];
    *done = next[0] % 3 == 0 ? 255 : 0;
    return WC_STATUS_OK;
}

static int32_t reward_of(const void *problem, const uint64_t *state, int32_t action, const uint64_t *next,
                         double *reward, uint8_t *done, void *scratch) {
    const counter *self = problem;
    (void)scratch;
    if (next[0] % self->failing == 0) return WC_STATUS_FAILED;
    *reward = 100.0 * (double)state[0] + 10.0 * (double)next[0] + (double)action;
    *done = next[0] > state[0];
    return WC_STATUS_OK;
}

static int32_t batch(const void *problem, int64_t count, const uint64_t *states, const int32_t *actions,
                     uint64_t *next, double *rewards, uint8_t *dones, int32_t *statuses, void *scratch) {
    counter *self = (counter *)problem;
    self->batches++;
    for (int64_t row = 0; row < count; row++) {
        statuses[row] = step(problem, states + row, actions[row], next + row, rewards + row, dones + row, scratch);
    }
    return self->batch_status;
}

void counter_bind(counter *self, wc_model *model, int64_t spins, uint64_t failing, int32_t with_batch,
                  int32_t batch_status) {
    *self = (counter){spins, failing, batch_status, 0};
    *model = (wc_model){WC_ABI_VERSION, 0, 1, 4, 64, self, step, NULL, reward_of, with_batch ? batch : NULL};
}
