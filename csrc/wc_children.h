/* The successors of one state at a time, for searches that expand states singly. */
#ifndef WC_CHILDREN_H
#define WC_CHILDREN_H

#include <string.h>

#include "wc_clock.h"
#include "wc_expand.h"
#include "wc_search.h"

typedef struct wc_children {
    const wc_model *model;
    void *scratch;
    uint64_t *state;   /* [W]: the state that is expanded; a table may move its words while children are stored */
    uint64_t *next;    /* [A][W] */
    double *rewards;   /* [A] */
    uint8_t *dones;    /* [A] */
    int32_t *statuses; /* [A] */
    size_t bytes;
} wc_children;

static inline void wc_children_free(wc_children *successors) {
    free(successors->scratch);
    free(successors->state);
    free(successors->next);
    free(successors->rewards);
    free(successors->dones);
    free(successors->statuses);
    memset(successors, 0, sizeof *successors);
}

/* Returns 0 where memory or the limit forbids the buffers; call wc_children_free either way. */
static inline int wc_children_init(wc_children *successors, const wc_model *model, size_t memory_limit) {
    memset(successors, 0, sizeof *successors);
    const size_t num_words = (size_t)model->num_words, num_actions = (size_t)model->num_actions;
    successors->model = model;
    successors->bytes = (num_actions + 1) * num_words * sizeof(uint64_t) + model->scratch_bytes +
                        num_actions * (sizeof(double) + sizeof(uint8_t) + sizeof(int32_t));
    if (successors->bytes > memory_limit) return 0;
    successors->scratch = wc_scratch_new(model);
    successors->state = malloc(num_words * sizeof(uint64_t));
    successors->next = malloc(num_actions * num_words * sizeof(uint64_t));
    successors->rewards = malloc(num_actions * sizeof(double));
    successors->dones = malloc(num_actions * sizeof(uint8_t));
    successors->statuses = malloc(num_actions * sizeof(int32_t));
    return successors->scratch && successors->state && successors->next && successors->rewards && successors->dones &&
           successors->statuses;
}

static inline const uint64_t *wc_child(const wc_children *successors, int32_t action) {
    return successors->next + (size_t)action * (size_t)successors->model->num_words;
}

/* Makes all successors of a state. Returns 0 where the deadline came between two steps of a slow model. */
static inline int wc_children_make(wc_children *successors, const uint64_t *state, double deadline) {
    const wc_model *model = successors->model;
    memcpy(successors->state, state, (size_t)model->num_words * sizeof(uint64_t));
    if (!(model->flags & WC_MODEL_NEEDS_GIL)) {
        wc_expand(model, successors->state, successors->next, successors->rewards, successors->dones,
                  successors->statuses, successors->scratch);
        return 1;
    }
    for (int32_t action = 0; action < model->num_actions; action++) {
        if (wc_clock_seconds() > deadline) return 0;
        successors->statuses[action] =
            model->step(model->problem, successors->state, action,
                        successors->next + (size_t)action * (size_t)model->num_words, &successors->rewards[action],
                        &successors->dones[action], successors->scratch);
    }
    return 1;
}

#endif /* WC_CHILDREN_H */
