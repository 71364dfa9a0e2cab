/* What is read off the values: the greedy policy, and a plan. */
#ifndef WC_VALUE_PLAN_H
#define WC_VALUE_PLAN_H

#include "wc_value_iteration.h"

/* The best action in a state by the values, the first among equal ones; -1 where all steps fail, where the state was not
 * expanded, and before there are values. */
static inline int32_t wc_vi_greedy(const wc_vi *search, uint32_t state) {
    int32_t action;
    wc_sweep sweep = search->sweep;
    sweep.staying = 0.0;
    if (sweep.values == NULL || state >= search->exploration.cursor) return -1;
    wc_backup(&sweep, state, sweep.edges->code_bytes, sweep.edges->num_actions, &action);
    return action;
}

/* The best action in a state when so many steps are left; -1 where there is none. */
static inline int32_t wc_vi_greedy_left(const wc_vi *search, uint32_t state, uint32_t left) {
    const uint32_t limit = search->config.depth_limit;
    if (left == 0 || search->policies == NULL || search->policies[left] == NULL) return -1;
    if (state >= search->layers[limit - left] || state >= search->exploration.cursor) return -1;
    const uint16_t action = search->policies[left][state];
    return action == UINT16_MAX ? -1 : action;
}

static inline int wc_vi_plan_reserve(wc_vi *search, uint32_t length) {
    int32_t *larger = realloc(search->plan, (length == 0 ? 1 : length) * sizeof(int32_t));
    if (larger == NULL) return 0;
    search->plan = larger;
    return 1;
}

/* Follows the best actions. Returns whether they lead to a goal; the plan is then the way. */
static inline int wc_vi_follow(wc_vi *search) {
    const wc_edges *edges = &search->exploration.edges;
    const int is_limited = search->config.method == WC_VI_DEPTH_LIMITED;
    uint32_t state = 0, marked = WC_NO_STATE, capacity = 64, length = 0, next_mark = 1;
    if (!wc_vi_plan_reserve(search, capacity)) return 0;
    for (;;) {
        const int32_t action = is_limited
                                   ? length > search->config.depth_limit
                                         ? -1
                                         : wc_vi_greedy_left(search, state, search->config.depth_limit - length)
                                   : wc_vi_greedy(search, state);
        if (action < 0) return 0;
        if (length == capacity && !wc_vi_plan_reserve(search, capacity *= 2)) return 0;
        search->plan[length++] = action;
        const size_t place = wc_edges_place(edges, state, action);
        if (edges->targets[place] == 0) {
            search->plan_length = length;
            return wc_edges_reward(edges, place) > 0.0;
        }
        state = edges->targets[place] - 1;
        if (is_limited) continue;
        if (state == marked) return 0; /* round and round (Brent 1980) */
        if (length == next_mark) {
            marked = state;
            next_mark *= 2;
        }
    }
}

/* The first action that leads from a state to another, or to a goal where `target` is 0. */
static inline int32_t wc_vi_action_to(const wc_edges *edges, uint32_t state, uint32_t target) {
    for (int32_t action = 0; action < (int32_t)edges->num_actions; action++) {
        const size_t place = wc_edges_place(edges, state, action);
        if (edges->targets[place] == target && (target != 0 || wc_edges_reward(edges, place) > 0.0)) return action;
    }
    return -1;
}

/* Makes the plan a shortest one. Returns 0 where no goal was seen, or there is no memory. */
static inline int wc_vi_shortest(wc_vi *search) {
    const wc_edges *edges = &search->exploration.edges;
    const uint32_t *parents = search->exploration.space.table.parents;
    if (edges->goal_state >= search->exploration.cursor) return 0;
    uint32_t length = 1;
    for (uint32_t state = edges->goal_state; parents[state] != WC_NO_STATE; state = parents[state]) length++;
    if (!wc_vi_plan_reserve(search, length)) return 0;
    search->plan_length = length;
    uint32_t target = 0;
    for (uint32_t state = edges->goal_state; length > 0; state = parents[state]) {
        search->plan[--length] = wc_vi_action_to(edges, state, target);
        target = state + 1;
    }
    return 1;
}

/* Finds the plan. Returns whether there is one. */
static inline int wc_vi_plan(wc_vi *search) {
    search->plan_is_greedy = search->sweep.values != NULL && wc_vi_follow(search);
    if (search->plan_is_greedy) return 1;
    return wc_vi_shortest(search);
}

/* How a finished run ends where it has no plan. EXHAUSTED: all states that can be reached are known, and no goal. */
static inline wc_search_status wc_vi_status(const wc_vi *search) {
    if (search->explored != WC_SEARCH_EXHAUSTED) return search->explored;
    if (search->exploration.cursor < search->exploration.space.table.count) return WC_SEARCH_BUDGET;
    return WC_SEARCH_EXHAUSTED;
}

#endif /* WC_VALUE_PLAN_H */
