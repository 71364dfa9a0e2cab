/* Iterative deepening A* (Korf 1985): depth-first searches, each up to a larger limit on g + h.
 *
 * An estimate counts as 1 where it is 0: a state that is stored is no goal, and the limit is then the length of plans.
 *
 * Memory is one path: a state that is on the path already is passed over, so that every search ends. With estimates
 * that never exceed the true distance the plan is a shortest one. Where no limit is left to raise and an estimate said
 * *dead end* on the way, all is searched once more without estimates before the answer is that there is no plan.
 */
#ifndef WC_DEEPENING_H
#define WC_DEEPENING_H

#include <math.h>

#include "wc_estimate.h"
#include "wc_children.h"

#define WC_DEEP_NO_LIMIT UINT32_MAX
#define WC_DEEP_SLOW_CHECK 1e-3
enum { WC_DEEP_CHECK = 64, WC_DEEP_FIRST_DEPTH = 16 };

typedef struct wc_deep_frame {
    uint64_t state_hash;
    int32_t action; /* the last one tried, -1 before the first */
} wc_deep_frame;

typedef struct wc_deep {
    const wc_model *model;
    const wc_estimator *estimator; /* NULL: all estimates are 0 */
    void *scratch;
    wc_array words_array;  /* [capacity][W] */
    wc_array frames_array; /* [capacity] */
    uint64_t *words;
    wc_deep_frame *frames;
    uint64_t *next;        /* [W] */
    uint32_t capacity;
    uint32_t depth;        /* frames in use; 0: the next search is yet to begin */
    uint32_t limit;        /* on g + h */
    uint32_t next_limit;   /* the least that exceeded it */
    int met_dead_end;
    size_t fixed_bytes;
    size_t memory_limit;
    uint64_t expanded;
    uint64_t generated;
    int is_solved;
    wc_halt halt;
} wc_deep;

static inline size_t wc_deep_bytes(const wc_deep *search) {
    return search->fixed_bytes + search->words_array.bytes + search->frames_array.bytes;
}

static inline void wc_deep_free(wc_deep *search) {
    free(search->scratch);
    free(search->next);
    wc_array_free(&search->words_array);
    wc_array_free(&search->frames_array);
    memset(search, 0, sizeof *search);
}

/* Makes room for `capacity` states on the path. Returns 0 where memory or the limit forbids it. */
static inline int wc_deep_reserve(wc_deep *search, uint32_t capacity) {
    const size_t words_bytes = (size_t)capacity * (size_t)search->model->num_words * sizeof(uint64_t);
    const size_t frames_bytes = (size_t)capacity * sizeof(wc_deep_frame);
    if (search->fixed_bytes + words_bytes + frames_bytes > search->memory_limit) return 0;
    if (!wc_array_enlarge(&search->words_array, words_bytes)) return 0;
    search->words = search->words_array.memory;
    if (!wc_array_enlarge(&search->frames_array, frames_bytes)) return 0;
    search->frames = search->frames_array.memory;
    search->capacity = capacity;
    return 1;
}

/* Returns 0 where there is not even memory for the root; call wc_deep_free either way. */
static inline int wc_deep_init(wc_deep *search, const wc_model *model, const uint64_t *initial,
                               const wc_estimator *estimator, size_t memory_limit) {
    memset(search, 0, sizeof *search);
    search->model = model;
    search->estimator = estimator;
    search->memory_limit = memory_limit;
    const size_t word_bytes = (size_t)model->num_words * sizeof(uint64_t);
    search->fixed_bytes = model->scratch_bytes + word_bytes;
    if (search->fixed_bytes > memory_limit) return 0;
    search->scratch = wc_scratch_new(model);
    search->next = malloc(word_bytes);
    if (!search->scratch || !search->next || !wc_deep_reserve(search, WC_DEEP_FIRST_DEPTH)) return 0;
    memcpy(search->words, initial, word_bytes);
    const uint32_t distance = wc_estimate_state(estimator, initial).distance;
    search->limit = distance == 0 || distance == WC_DEAD_END ? 1 : distance;
    return 1;
}

/* The estimate for a state that is no goal: one step at least. */
static inline uint32_t wc_deep_distance(const wc_deep *search, const uint64_t *state) {
    const uint32_t distance = wc_estimate_state(search->estimator, state).distance;
    return distance == 0 ? 1 : distance;
}

/* Whether the state in `next` is on the path. */
static inline int wc_deep_on_path(const wc_deep *search, uint64_t state_hash) {
    const uint32_t num_words = (uint32_t)search->model->num_words;
    for (uint32_t place = search->depth; place-- > 0;) {
        if (search->frames[place].state_hash == state_hash &&
            wc_words_equal(search->words + (size_t)place * num_words, search->next, num_words)) {
            return 1;
        }
    }
    return 0;
}

/* Begins a search with the root alone on the path. */
static inline void wc_deep_begin(wc_deep *search) {
    search->frames[0] = (wc_deep_frame){wc_hash_words(search->words, (uint32_t)search->model->num_words), -1};
    search->depth = 1;
    search->next_limit = WC_DEEP_NO_LIMIT;
    search->expanded++;
}

/* Goes one step from the last state of the path, or back where it has none left. */
static inline wc_search_status wc_deep_step(wc_deep *search, uint64_t budget) {
    const wc_model *model = search->model;
    const uint32_t num_words = (uint32_t)model->num_words;
    wc_deep_frame *frame = &search->frames[search->depth - 1];
    if (++frame->action == model->num_actions) {
        search->depth--;
        return WC_SEARCH_PAUSED;
    }
    const uint64_t *state = search->words + (size_t)(search->depth - 1) * num_words;
    double reward = 0.0;
    uint8_t done = 0;
    const int32_t status =
        model->step(model->problem, state, frame->action, search->next, &reward, &done, search->scratch);
    if (status == WC_STATUS_FAILED) return WC_SEARCH_PAUSED;
    if (status != WC_STATUS_OK) {
        search->halt = (wc_halt){state, frame->action, status};
        return WC_SEARCH_HALTED;
    }
    search->generated++;
    if (done) {
        search->is_solved = wc_is_goal(reward, done);
        return search->is_solved ? WC_SEARCH_SOLVED : WC_SEARCH_PAUSED;
    }
    const uint32_t distance = wc_deep_distance(search, search->next);
    if (distance == WC_DEAD_END) {
        search->met_dead_end = 1;
        return WC_SEARCH_PAUSED;
    }
    const uint64_t total = (uint64_t)search->depth + distance;
    const uint64_t state_hash = wc_hash_words(search->next, num_words);
    if (wc_deep_on_path(search, state_hash)) return WC_SEARCH_PAUSED;
    if (total > search->limit) {
        if (total < search->next_limit) search->next_limit = (uint32_t)total;
        return WC_SEARCH_PAUSED;
    }
    if (search->expanded >= budget) return WC_SEARCH_BUDGET;
    if (search->depth == search->capacity && !wc_deep_reserve(search, 2 * search->capacity)) return WC_SEARCH_MEMORY;
    memcpy(search->words + (size_t)search->depth * num_words, search->next, num_words * sizeof(uint64_t));
    search->frames[search->depth++] = (wc_deep_frame){state_hash, -1};
    search->expanded++;
    return WC_SEARCH_PAUSED;
}

/* Raises the limit, or gives up the estimates. Returns 0 where all was searched. */
static inline int wc_deep_raise(wc_deep *search) {
    if (search->next_limit != WC_DEEP_NO_LIMIT) {
        search->limit = search->next_limit;
        return 1;
    }
    if (!search->met_dead_end) return 0;
    search->estimator = NULL;
    search->met_dead_end = 0;
    search->limit = 1;
    return 1;
}

/* Runs until the slice is over or the search ends. After WC_SEARCH_PAUSED call it again. */
static inline wc_search_status wc_deep_run(wc_deep *search, const wc_limits *limits) {
    double now = wc_clock_seconds();
    uint32_t left = 0, interval = 1;
    for (;;) {
        if (left == 0) {
            const double start = now;
            now = wc_clock_seconds();
            if (now > limits->deadline) return WC_SEARCH_TIME;
            if (now > limits->slice_end) return WC_SEARCH_PAUSED;
            interval = now - start > WC_DEEP_SLOW_CHECK ? 1 : interval < WC_DEEP_CHECK ? 2 * interval : interval;
            left = interval;
        }
        left--;
        if (search->depth == 0) {
            if (search->expanded > 0 && !wc_deep_raise(search)) return WC_SEARCH_EXHAUSTED;
            if (search->expanded >= limits->budget) return WC_SEARCH_BUDGET;
            wc_deep_begin(search);
            continue;
        }
        const wc_search_status status = wc_deep_step(search, limits->budget);
        if (status != WC_SEARCH_PAUSED) return status;
    }
}

#endif /* WC_DEEPENING_H */
