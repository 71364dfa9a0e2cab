/* Many steps at once: rows of states, one step or all children of each, or rewards alone, on all cores.
 *
 * Rows may belong to several models (problems of one program, say). Where their states differ in words, rows are as
 * wide as the widest and end in zeros. A row whose step has no answer or failed keeps its state, with reward 0 and
 * done 0: nothing is left unwritten.
 */
#ifndef WC_BATCH_H
#define WC_BATCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wc_abi.h"
#include "wc_expand.h"
#include "wc_threads.h"

/* Rows of one call, B of them; the memory is the caller's. */
typedef struct wc_batch {
    const wc_model *const *models; /* those that rows belong to; all have A actions */
    const int32_t *which;          /* [B]: the model of each row; NULL: all are of models[0] */
    int64_t count;                 /* B */
    size_t width;                  /* W: at least the words of every model */
    const uint64_t *states;        /* [B][W] */
    const int32_t *actions;        /* [B]; NULL: all children */
    const uint64_t *given;         /* [B][W]: score these next states, no step is made and `next` not written; or NULL */
    uint64_t *next;                /* [B][W], or [B][A][W] */
    double *rewards;               /* [B], or [B][A]; so are the next two */
    uint8_t *dones;
    int32_t *statuses;
} wc_batch;

/* Ends row `row` of the results: zeros behind its words, or its state where it has no answer. */
static inline void wc_batch_finish(const wc_batch *batch, int64_t row, const uint64_t *state, int32_t num_words) {
    uint64_t *next = batch->next + (size_t)row * batch->width;
    if (batch->statuses[row] == WC_STATUS_OK) {
        for (size_t word_index = (size_t)num_words; word_index < batch->width; word_index++) next[word_index] = 0;
        return;
    }
    memcpy(next, state, batch->width * sizeof(uint64_t));
    batch->rewards[row] = 0.0;
    batch->dones[row] = 0;
}

static inline const wc_model *wc_batch_model(const wc_batch *batch, int64_t row) {
    return batch->models[batch->which == NULL ? 0 : batch->which[row]];
}

/* Steps of rows begin <= row < end, all of one model, through its own batch function. */
static inline void wc_batch_native(const wc_batch *batch, const wc_model *model, int64_t begin, int64_t end,
                                   void *scratch) {
    const size_t first = (size_t)begin * batch->width;
    const int32_t status = model->batch(model->problem, end - begin, batch->states + first, batch->actions + begin,
                                        batch->next + first, batch->rewards + begin, batch->dones + begin,
                                        batch->statuses + begin, scratch);
    for (int64_t row = begin; row < end; row++) {
        if (status != WC_STATUS_OK) batch->statuses[row] = WC_STATUS_INTERNAL;
        wc_batch_finish(batch, row, batch->states + (size_t)row * batch->width, model->num_words);
    }
}

/* A wc_loop_fn: one step of each row. */
static inline void wc_batch_step(void *context, int64_t begin, int64_t end, void *scratch) {
    const wc_batch *batch = context;
    const wc_model *model = batch->models[0];
    if (batch->which == NULL && model->batch != NULL && (size_t)model->num_words == batch->width) {
        wc_batch_native(batch, model, begin, end, scratch);
        return;
    }
    for (int64_t row = begin; row < end; row++) {
        model = wc_batch_model(batch, row);
        const uint64_t *state = batch->states + (size_t)row * batch->width;
        batch->statuses[row] = model->step(model->problem, state, batch->actions[row],
                                           batch->next + (size_t)row * batch->width, &batch->rewards[row],
                                           &batch->dones[row], scratch);
        wc_batch_finish(batch, row, state, model->num_words);
    }
}

/* A wc_loop_fn: the reward of each row for its given next state. Every model has `reward`. */
static inline void wc_batch_reward(void *context, int64_t begin, int64_t end, void *scratch) {
    const wc_batch *batch = context;
    for (int64_t row = begin; row < end; row++) {
        const wc_model *model = wc_batch_model(batch, row);
        const size_t first = (size_t)row * batch->width;
        batch->statuses[row] = model->reward(model->problem, batch->states + first, batch->actions[row],
                                             batch->given + first, &batch->rewards[row], &batch->dones[row], scratch);
        if (batch->statuses[row] != WC_STATUS_OK) {
            batch->rewards[row] = 0.0;
            batch->dones[row] = 0;
        }
    }
}

/* A wc_loop_fn: all children of each row. */
static inline void wc_batch_expand(void *context, int64_t begin, int64_t end, void *scratch) {
    const wc_batch *batch = context;
    const int64_t num_actions = batch->models[0]->num_actions;
    for (int64_t row = begin; row < end; row++) {
        const wc_model *model = wc_batch_model(batch, row);
        const size_t num_words = (size_t)model->num_words;
        const uint64_t *state = batch->states + (size_t)row * batch->width;
        const int64_t first = row * num_actions;
        uint64_t *children = batch->next + (size_t)first * batch->width;
        wc_expand(model, state, children, batch->rewards + first, batch->dones + first, batch->statuses + first,
                  scratch);
        /* Children are written side by side: the last one first, move them to where wider rows have them. */
        for (int64_t action = num_actions - 1; action >= 0; action--) {
            if (num_words != batch->width) {
                memmove(children + (size_t)action * batch->width, children + (size_t)action * num_words,
                        num_words * sizeof(uint64_t));
            }
            wc_batch_finish(batch, first + action, state, model->num_words);
        }
    }
}

/* Rows handed out at once: enough to make the counter's cost vanish, few enough that all threads end together, and
 * whole cache lines of every result. */
static inline int64_t wc_batch_chunk(int64_t count, int32_t num_threads) {
    const int64_t lines = count / ((int64_t)num_threads * 8 * WC_CACHE_LINE);
    return (lines < 1 ? 1 : lines > 16 ? 16 : lines) * WC_CACHE_LINE;
}

/* Runs rows from `begin` until all are done or the slice is over. Returns the first row that is left. */
static inline int64_t wc_batch_run(wc_batch *batch, wc_pool *pool, int64_t begin, int32_t num_threads,
                                   double slice_end, size_t scratch_bytes, void *scratch) {
    const wc_loop loop = {
        batch->actions == NULL ? wc_batch_expand : batch->given == NULL ? wc_batch_step : wc_batch_reward,
        batch,
        batch->count,
        wc_batch_chunk(batch->count, num_threads),
        slice_end,
        scratch_bytes,
    };
    return wc_pool_run(pool, &loop, begin, num_threads, scratch);
}

#endif /* WC_BATCH_H */
