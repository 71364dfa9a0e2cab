/* A full binary tree behind the C contract: 1 at the end of the way that always goes right (action 1), else 0. The
 * state is the depth above 32 bits that hold the way. */
#include <stdint.h>

#include "wc_abi.h"

static int32_t step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                    uint8_t *done, void *scratch) {
    const uint64_t limit = *(const uint64_t *)problem, depth = (*state >> 32) + 1;
    const uint64_t way = (*state & UINT32_MAX) * 2 + (uint64_t)action;
    (void)scratch;
    *next = depth << 32 | way;
    *done = depth == limit;
    *reward = *done && way == (UINT64_C(1) << limit) - 1 ? 1.0 : 0.0;
    return WC_STATUS_OK;
}

void binary_tree_bind(const uint64_t *depth, wc_model *model) {
    *model = (wc_model){WC_ABI_VERSION, 0, 1, 2, 0, depth, step, NULL, NULL, NULL};
}
