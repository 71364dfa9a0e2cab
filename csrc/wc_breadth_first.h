/* Breadth-first search: shortest plans, and a proof where there is none.
 *
 * A goal is a step with done and a positive reward, tested when the step is generated: the first one found ends a
 * shortest plan. With several threads another plan may be found on another run, of the same length.
 *
 * Actions are not stored: where the plan is read off the parents, the action is the first one that leads from the
 * parent to the child, which is the one that generated it.
 */
#ifndef WC_BREADTH_FIRST_H
#define WC_BREADTH_FIRST_H

#include "wc_explore.h"

typedef struct wc_bfs {
    wc_exploration exploration;
    wc_halt halt;         /* where halted */
    uint32_t goal_parent; /* where solved: the state from which goal_action reaches the goal */
    int32_t goal_action;
} wc_bfs;

static inline void wc_bfs_free(wc_bfs *search) { wc_exploration_free(&search->exploration); }

static inline size_t wc_bfs_bytes(const wc_bfs *search) { return wc_exploration_bytes(&search->exploration); }

/* Returns 0 where there is not even memory for the root; call wc_bfs_free either way. */
static inline int wc_bfs_init(wc_bfs *search, const wc_model *model, const uint64_t *initial, size_t memory_limit,
                              int32_t num_threads) {
    memset(search, 0, sizeof *search);
    return wc_exploration_init(&search->exploration, model, initial, memory_limit, num_threads, 0);
}

/* Runs until the slice is over or the search ends. After WC_SEARCH_PAUSED call it again. */
static inline wc_search_status wc_bfs_run(wc_bfs *search, const wc_limits *limits) {
    const wc_search_status status = wc_explore_run(&search->exploration, limits);
    if (status == WC_SEARCH_SOLVED || status == WC_SEARCH_HALTED) {
        const wc_explorer *explorer = wc_exploration_end(&search->exploration);
        search->goal_parent = explorer->goal_parent;
        search->goal_action = explorer->goal_action;
        search->halt = explorer->halt;
    }
    return status;
}

/* The number of actions of the plan, the last one included. Only where solved. */
static inline uint32_t wc_bfs_plan_length(const wc_bfs *search) {
    const uint32_t *parents = search->exploration.space.table.parents;
    uint32_t length = 1;
    for (uint32_t index = search->goal_parent; parents[index] != WC_NO_STATE; length++) index = parents[index];
    return length;
}

/* Writes the plan to actions[wc_bfs_plan_length]. Returns 0 where the model contradicts itself: a step that led from
 * a parent to its child no longer does. */
static inline int wc_bfs_plan(wc_bfs *search, int32_t *actions) {
    const wc_model *model = search->exploration.space.model;
    const wc_table *table = &search->exploration.space.table;
    wc_explorer *explorer = search->exploration.explorers;
    uint32_t position = wc_bfs_plan_length(search);
    actions[--position] = search->goal_action;
    for (uint32_t child = search->goal_parent; position > 0; child = table->parents[child]) {
        int32_t action = 0;
        const uint64_t *parent = wc_table_words(table, table->parents[child]);
        if (!wc_successors(model, explorer, parent, explorer->next, INFINITY)) return 0;
        for (;; action++) {
            if (action == model->num_actions) return 0;
            if (explorer->statuses[action] == WC_STATUS_OK && !explorer->dones[action] &&
                wc_words_equal(explorer->next + (size_t)action * table->num_words, wc_table_words(table, child),
                               table->num_words)) {
                break;
            }
        }
        actions[--position] = action;
    }
    return 1;
}

#endif /* WC_BREADTH_FIRST_H */
