/* All children of one state, whether a model has `expand` or only `step`. */
#ifndef WC_EXPAND_H
#define WC_EXPAND_H

#include <stddef.h>
#include <stdint.h>

#include "wc_abi.h"

/* Writes next[A][W], rewards[A], dones[A] and statuses[A]. A child's row means something only where its status is
 * WC_STATUS_OK. A model whose `expand` fails as a whole has WC_STATUS_INTERNAL in every status. */
static inline void wc_expand(const wc_model *model, const uint64_t *state, uint64_t *next, double *rewards,
                             uint8_t *dones, int32_t *statuses, void *scratch) {
    if (model->expand != NULL) {
        const int32_t status = model->expand(model->problem, state, next, rewards, dones, statuses, scratch);
        if (status == WC_STATUS_OK) return;
        for (int32_t action = 0; action < model->num_actions; action++) statuses[action] = WC_STATUS_INTERNAL;
        return;
    }
    for (int32_t action = 0; action < model->num_actions; action++) {
        statuses[action] = model->step(model->problem, state, action, next + (size_t)action * model->num_words,
                                       &rewards[action], &dones[action], scratch);
    }
}

#endif /* WC_EXPAND_H */
