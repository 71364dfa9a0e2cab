/* Monte-Carlo tree search with UCT or PUCT over a transposition table, for deterministic models and goals.
 *
 * A node is a distinct state, so equal states share their statistics however they are reached (wc_uct_tree.h). One
 * simulation (wc_uct_walk.h) walks from the root by the best score until it meets a new state, the end of the episode
 * or the depth limit; there the return of one random rollout, or a hook, is the estimate, and the discounted return is
 * averaged into the q_value of each action walked. Where it departs from the textbook, because the model is
 * deterministic and a plan is what is wanted:
 *
 *   - An action to a state on the simulation's own path is passed over: a cycle never shortens a plan. If nothing else
 *     is left, the simulation ends there with a rollout.
 *   - With `expand_once` an action that leads to a state already stored is closed: the graph becomes a tree, in which
 *     every simulation adds a state or closes an action. Without it, the way goes on from that state, and what is
 *     learned below it counts for every path to it.
 *   - A failed step is closed and costs no simulation. With `prune_solved` so is, once it was counted, what cannot lead
 *     to anything new: an end of the episode that is no goal, a state at the depth limit of a tree, and a state all of
 *     whose actions are closed (Winands, Bjornsson and Saito 2008, for one player).
 *   - Once no stored state has an untried action, all reachable states are known: without a plan that is a proof.
 *
 * One thread with the same seed and limits on counts gives the same tree each time.
 * wc_engine/planners/reference/mcts.py is the same search in Python: keep the two equal.
 */
#ifndef WC_UCT_H
#define WC_UCT_H

#include "wc_threads.h"
#include "wc_uct_walk.h"

static inline size_t wc_uct_bytes(const wc_uct *search) { return wc_uct_tree_bytes(&search->tree); }

static inline void wc_uct_walker_free(wc_uct_walker *walker) {
    free(walker->scratch);
    free(walker->state);
    free(walker->next);
    free(walker->values);
    free(walker->path);
    free(walker->rollout);
}

static inline void wc_uct_free(wc_uct *search) {
    for (int32_t number = 0; search->walkers != NULL && number < search->num_walkers; number++) {
        wc_uct_walker_free(search->walkers + number);
    }
    if (search->num_walkers > 0) pthread_mutex_destroy(&search->lock);
    wc_uct_tree_free(&search->tree);
    free(search->walkers);
    free(search->plan);
    memset(search, 0, sizeof *search);
}

static inline int wc_uct_walker_init(wc_uct_walker *walker, const wc_model *model, const wc_uct_config *config) {
    const size_t state_bytes = (size_t)model->num_words * sizeof(uint64_t);
    walker->look_every = walker->fuel = 1;
    walker->scratch = wc_scratch_new(model);
    walker->state = malloc(state_bytes);
    walker->next = malloc(state_bytes);
    walker->values = malloc((size_t)model->num_actions * sizeof(double));
    walker->path = malloc(config->depth_limit * sizeof(wc_uct_visit));
    walker->rollout = malloc(config->rollout_depth * sizeof(int32_t) + 1);
    return walker->scratch && walker->state && walker->next && walker->values && walker->path && walker->rollout;
}

/* What the walkers and the plan take. */
static inline size_t wc_uct_fixed_bytes(const wc_model *model, const wc_uct_config *config, int32_t num_walkers) {
    const size_t lengths = (size_t)config->depth_limit + config->rollout_depth;
    const size_t states = 2 * (size_t)model->num_words * sizeof(uint64_t);
    const size_t walker = sizeof(wc_uct_walker) + model->scratch_bytes + states +
                          (size_t)model->num_actions * sizeof(double) + config->depth_limit * sizeof(wc_uct_visit) +
                          config->rollout_depth * sizeof(int32_t);
    return (size_t)num_walkers * walker + lengths * sizeof(int32_t);
}

/* `num_walkers` is the number of threads that the search will have; config->shared says whether it is above one.
 * Returns 0 where there is not even memory for the root; call wc_uct_free either way. */
static inline int wc_uct_init(wc_uct *search, const wc_model *model, const uint64_t *initial,
                              const wc_uct_config *config, int32_t num_walkers) {
    memset(search, 0, sizeof *search);
    search->root_block = WC_UCT_NO_BLOCK;
    search->plan_return = -INFINITY;
    const size_t bytes = wc_uct_fixed_bytes(model, config, num_walkers);
    if (bytes > config->memory_limit) return 0;
    search->walkers = calloc((size_t)num_walkers, sizeof(wc_uct_walker));
    search->plan = malloc(((size_t)config->depth_limit + config->rollout_depth) * sizeof(int32_t));
    if (search->walkers == NULL || search->plan == NULL || pthread_mutex_init(&search->lock, NULL) != 0) return 0;
    search->num_walkers = num_walkers;
    wc_rng seeds;
    wc_rng_seed(&seeds, config->seed);
    for (int32_t number = 0; number < num_walkers; number++) {
        if (!wc_uct_walker_init(search->walkers + number, model, config)) return 0;
        wc_rng_seed(&search->walkers[number].rng, number == 0 ? config->seed : wc_rng_next(&seeds));
    }
    wc_uct_config rest = *config;
    rest.memory_limit -= bytes;
    if (!wc_uct_tree_init(&search->tree, model, initial, &rest)) return 0;
    search->tree.config.memory_limit += bytes;
    search->tree.bytes += bytes;
    return 1;
}

static inline uint64_t wc_uct_generated(const wc_uct *search) {
    uint64_t generated = 0;
    for (int32_t number = 0; number < search->num_walkers; number++) generated += search->walkers[number].generated;
    return generated;
}

/* Why the search ends before the next simulation, or WC_UCT_GOES_ON. */
static inline wc_search_status wc_uct_verdict(const wc_uct *search, uint64_t budget) {
    const int has_plan = search->plan_length != 0;
    if (has_plan && search->tree.config.stop_at_first_plan) return WC_SEARCH_SOLVED;
    if (!has_plan && search->tree.open_edges == 0) return WC_SEARCH_EXHAUSTED;
    if (search->simulations >= budget || search->stamp == UINT32_MAX) return WC_SEARCH_BUDGET;
    /* All is closed, and not all is known: the depth limit did it. */
    if (search->root_block != WC_UCT_NO_BLOCK && search->tree.config.prune_solved &&
        wc_uct_block_at(&search->tree, search->root_block)->num_open == 0) {
        return WC_SEARCH_BUDGET;
    }
    return WC_UCT_GOES_ON;
}

/* Runs one walker until the slice is over or the search ends. */
static inline wc_search_status wc_uct_run_walker(wc_uct *search, wc_uct_walker *walker, const wc_limits *limits) {
    walker->looked = wc_clock_seconds();
    for (;;) {
        wc_search_status status = WC_UCT_GOES_ON;
        if (walker->phase == WC_WALK_DOWN) status = wc_uct_verdict(search, limits->budget);
        if (status == WC_UCT_GOES_ON) status = wc_uct_simulate(search, walker, limits);
        if (status != WC_UCT_GOES_ON) return status;
    }
}

/* Runs until the slice is over or the search ends, in this thread. After WC_SEARCH_PAUSED call it again; after another
 * end too, with other limits. limits->budget counts all simulations since the search was made. */
static inline wc_search_status wc_uct_run(wc_uct *search, const wc_limits *limits) {
    return wc_uct_run_walker(search, search->walkers, limits);
}

#endif /* WC_UCT_H */
