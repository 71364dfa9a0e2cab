/* Breadth-first search: shortest plans, and a proof where there is none.
 *
 * The table keeps states in the order of insertion, which is the order of expansion, so the queue is a cursor into it.
 * A goal is a step with done and a positive reward, tested when the step is generated: the first one found ends a
 * shortest plan. A step with done that is no goal ends the episode: its state is not stored. A failed step is no step.
 *
 * Almost every generated state costs a visit to a random place in memory, so the search works on windows of parents:
 * generate all children of the window and prefetch their slots, then prefetch the words that the slots point to, then
 * insert. By the time of the insertion the memory is there. Windows do not change the order of anything.
 *
 * Actions are not stored: where the plan is read off the parents, the action is the first one that leads from the
 * parent to the child, which is the one that generated it.
 */
#ifndef WC_BREADTH_FIRST_H
#define WC_BREADTH_FIRST_H

#include <math.h>

#include "wc_expand.h"
#include "wc_search.h"
#include "wc_table.h"

enum {
    WC_BFS_WINDOW = 40,       /* parents; 32 to 48 do equally well */
    WC_BFS_WINDOW_ROWS = 1024 /* children at most, where there are many actions */
};
#define WC_BFS_SLOW_WINDOW 1e-3 /* seconds; a window that takes longer is halved, so that pauses are met */

typedef struct wc_bfs {
    const wc_model *model;
    wc_table table;
    void *scratch;
    uint64_t *next;      /* [rows][W], the children of a window, compacted */
    uint64_t *hashes;    /* [rows] */
    uint32_t *parents;   /* [rows] */
    double *rewards;     /* [A] */
    uint8_t *dones;      /* [A] */
    int32_t *statuses;   /* [A] */
    uint32_t cursor;     /* the next state to expand */
    uint32_t window;     /* parents in the next window */
    uint32_t max_window;
    size_t buffer_bytes;
    uint64_t expanded;
    uint64_t generated;
    uint32_t goal_parent; /* where solved: the state from which goal_action reaches the goal */
    int32_t goal_action;
    wc_halt halt;
} wc_bfs;

static inline void wc_bfs_free(wc_bfs *search) {
    wc_table_free(&search->table);
    free(search->scratch);
    free(search->next);
    free(search->hashes);
    free(search->parents);
    free(search->rewards);
    free(search->dones);
    free(search->statuses);
    memset(search, 0, sizeof *search);
}

/* Bytes held by the search. */
static inline size_t wc_bfs_bytes(const wc_bfs *search) { return search->table.bytes + search->buffer_bytes; }

/* Returns 0 where there is not even memory for the root; call wc_bfs_free either way. */
static inline int wc_bfs_init(wc_bfs *search, const wc_model *model, const uint64_t *initial, size_t memory_limit) {
    memset(search, 0, sizeof *search);
    search->model = model;
    const size_t num_words = (size_t)model->num_words, num_actions = (size_t)model->num_actions;
    size_t window = WC_BFS_WINDOW_ROWS / num_actions;
    if (window > WC_BFS_WINDOW) window = WC_BFS_WINDOW;
    /* Python runs for so long inside a step that windows win nothing, and they would delay the end of a slice. */
    if (window < 1 || model->flags & WC_MODEL_NEEDS_GIL) window = 1;
    size_t rows = window * num_actions;
    const size_t row_bytes = num_words * sizeof(uint64_t) + sizeof(uint64_t) + sizeof(uint32_t);
    const size_t action_bytes = sizeof(double) + sizeof(uint8_t) + sizeof(int32_t);
    /* Buffers may take a quarter of a small memory limit. */
    while (window > 1 && rows * row_bytes > memory_limit / 4) {
        window /= 2;
        rows = window * num_actions;
    }
    search->buffer_bytes = rows * row_bytes + num_actions * action_bytes + model->scratch_bytes;
    if (search->buffer_bytes > memory_limit) return 0;
    search->max_window = (uint32_t)window;
    search->window = 1;
    search->scratch = wc_scratch_new(model);
    search->next = malloc(rows * num_words * sizeof(uint64_t));
    search->hashes = malloc(rows * sizeof(uint64_t));
    search->parents = malloc(rows * sizeof(uint32_t));
    search->rewards = malloc(num_actions * sizeof(double));
    search->dones = malloc(num_actions * sizeof(uint8_t));
    search->statuses = malloc(num_actions * sizeof(int32_t));
    uint32_t root;
    return search->scratch && search->next && search->hashes && search->parents && search->rewards && search->dones &&
           search->statuses &&
           wc_table_init(&search->table, (uint32_t)num_words, 1, memory_limit - search->buffer_bytes) &&
           wc_table_insert(&search->table, initial, wc_hash_words(initial, (uint32_t)num_words), WC_NO_STATE, &root) ==
               WC_TABLE_NEW;
}

/* All successors of one state into next[A][W] and the search's rewards, dones and statuses.
 * Returns 0 where the deadline came between two steps of a slow model. */
static inline int wc_bfs_successors(wc_bfs *search, const uint64_t *state, uint64_t *next, double deadline) {
    const wc_model *model = search->model;
    if (!(model->flags & WC_MODEL_NEEDS_GIL)) {
        wc_expand(model, state, next, search->rewards, search->dones, search->statuses, search->scratch);
        return 1;
    }
    for (int32_t action = 0; action < model->num_actions; action++) {
        if (wc_clock_seconds() > deadline) return 0;
        search->statuses[action] = model->step(model->problem, state, action, next + (size_t)action * model->num_words,
                                               &search->rewards[action], &search->dones[action], search->scratch);
    }
    return 1;
}

/* Expands one state; its children that go on are compacted to search->next[rows...], *rows grows. */
static inline wc_search_status wc_bfs_expand(wc_bfs *search, uint32_t parent, uint32_t *rows, double deadline) {
    const int32_t num_actions = search->model->num_actions;
    const uint32_t num_words = search->table.num_words;
    uint64_t *children = search->next + (size_t)*rows * num_words;
    uint64_t *kept = children;
    const uint64_t *state = wc_table_words(&search->table, parent);
    if (!wc_bfs_successors(search, state, children, deadline)) return WC_SEARCH_TIME;
    search->expanded++;
    for (int32_t action = 0; action < num_actions; action++, children += num_words) {
        const int32_t status = search->statuses[action];
        if (status != WC_STATUS_OK) {
            if (status == WC_STATUS_FAILED) continue;
            search->halt = (wc_halt){state, action, status};
            return WC_SEARCH_HALTED;
        }
        search->generated++;
        if (search->dones[action]) {
            if (!wc_is_goal(search->rewards[action], 1)) continue;
            search->goal_parent = parent;
            search->goal_action = action;
            return WC_SEARCH_SOLVED;
        }
        if (kept != children) memcpy(kept, children, num_words * sizeof(uint64_t));
        const uint64_t state_hash = wc_hash_words(kept, num_words);
        wc_table_prefetch_slot(&search->table, state_hash);
        search->hashes[*rows] = state_hash;
        search->parents[*rows] = parent;
        kept += num_words;
        ++*rows;
    }
    return WC_SEARCH_PAUSED;
}

/* Stores the window's children. Returns 0 where the table is full. */
static inline int wc_bfs_insert(wc_bfs *search, uint32_t rows) {
    const uint32_t num_words = search->table.num_words;
    for (uint32_t row = 0; row < rows; row++) wc_table_prefetch_words(&search->table, search->hashes[row]);
    for (uint32_t row = 0; row < rows; row++) {
        uint32_t index;
        if (wc_table_insert(&search->table, search->next + (size_t)row * num_words, search->hashes[row],
                            search->parents[row], &index) == WC_TABLE_FULL) {
            return 0;
        }
    }
    return 1;
}

/* Runs until the slice is over or the search ends. After WC_SEARCH_PAUSED call it again. */
static inline wc_search_status wc_bfs_run(wc_bfs *search, const wc_limits *limits) {
    double now = wc_clock_seconds();
    while (search->cursor < search->table.count) {
        if (search->expanded >= limits->budget) return WC_SEARCH_BUDGET;
        if (now > limits->deadline) return WC_SEARCH_TIME;
        if (now > limits->slice_end) return WC_SEARCH_PAUSED;
        uint64_t size = search->table.count - search->cursor;
        if (size > search->window) size = search->window;
        if (size > limits->budget - search->expanded) size = limits->budget - search->expanded;
        uint32_t rows = 0;
        for (uint64_t offset = 0; offset < size; offset++) {
            const wc_search_status status = wc_bfs_expand(search, search->cursor + (uint32_t)offset, &rows,
                                                          limits->deadline);
            if (status != WC_SEARCH_PAUSED) return status;
        }
        if (!wc_bfs_insert(search, rows)) return WC_SEARCH_MEMORY;
        search->cursor += (uint32_t)size;
        const double start = now;
        now = wc_clock_seconds();
        if (now - start > WC_BFS_SLOW_WINDOW) {
            search->window = search->window > 1 ? search->window / 2 : 1;
        } else if (search->window < search->max_window) {
            search->window = 2 * search->window < search->max_window ? 2 * search->window : search->max_window;
        }
    }
    return WC_SEARCH_EXHAUSTED;
}

/* The number of actions of the plan, the last one included. Only where solved. */
static inline uint32_t wc_bfs_plan_length(const wc_bfs *search) {
    uint32_t length = 1;
    for (uint32_t index = search->goal_parent; search->table.parents[index] != WC_NO_STATE; length++) {
        index = search->table.parents[index];
    }
    return length;
}

/* Writes the plan to actions[wc_bfs_plan_length]. Returns 0 where the model contradicts itself: a step that led from
 * a parent to its child no longer does. */
static inline int wc_bfs_plan(wc_bfs *search, int32_t *actions) {
    const wc_table *table = &search->table;
    uint32_t position = wc_bfs_plan_length(search);
    actions[--position] = search->goal_action;
    for (uint32_t child = search->goal_parent; position > 0; child = table->parents[child]) {
        int32_t action = 0;
        if (!wc_bfs_successors(search, wc_table_words(table, table->parents[child]), search->next, INFINITY)) return 0;
        for (;; action++) {
            if (action == search->model->num_actions) return 0;
            if (search->statuses[action] == WC_STATUS_OK && !search->dones[action] &&
                wc_words_equal(search->next + (size_t)action * table->num_words, wc_table_words(table, child),
                               table->num_words)) {
                break;
            }
        }
        actions[--position] = action;
    }
    return 1;
}

#endif /* WC_BREADTH_FIRST_H */
