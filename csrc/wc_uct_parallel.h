/* wc_uct.h on several threads: one tree for all of them, or a tree for each.
 *
 *   tree  All walk in one tree behind one lock, with virtual loss. It is worth its while where a simulation's time goes
 *         to the model: rollouts, slow steps. What one thread learns the others know at once.
 *   root  Each has a tree and a seed of its own; the statistics of the roots are added up at the end (Chaslot, Winands
 *         and van den Herik 2008). Nothing is shared, so it scales with the cores, and the memory is divided.
 *
 * The threads are those of a pool (wc_threads.h); the calling thread takes part. If the pool is busy, it works alone.
 */
#ifndef WC_UCT_PARALLEL_H
#define WC_UCT_PARALLEL_H

#include "wc_uct.h"

#define WC_UCT_PATIENCE 5e-4 /* seconds until a tree of its own learns that another has found a plan */

typedef struct wc_uct_team {
    wc_uct *searches;     /* one with a walker for each thread, or one for each thread */
    int32_t num_searches;
    int32_t num_threads;
    wc_limits limits;
    int32_t first;        /* the member with which the present slice begins: each in its turn */
    atomic_int ended;     /* a wc_search_status that ends all, or WC_UCT_GOES_ON */
    wc_search_status *statuses; /* [num_searches] how each of several trees ended, or WC_UCT_GOES_ON */
} wc_uct_team;

/* Whether the end of one tree is the end of all: a plan, a proof, or a step without an answer. */
static inline int wc_uct_ends_all(wc_search_status status) {
    return status == WC_SEARCH_SOLVED || status == WC_SEARCH_EXHAUSTED || status == WC_SEARCH_HALTED;
}

/* One thread's slice in the tree of all. */
static inline void wc_uct_share_tree(wc_uct_team *team, wc_uct_walker *walker) {
    wc_uct *search = team->searches;
    wc_search_status status = WC_UCT_GOES_ON;
    walker->looked = wc_clock_seconds();
    wc_uct_lock(search);
    while (status == WC_UCT_GOES_ON && atomic_load(&team->ended) == (int)WC_UCT_GOES_ON) {
        if (walker->phase == WC_WALK_DOWN) status = wc_uct_verdict(search, team->limits.budget);
        if (status == WC_UCT_GOES_ON) status = wc_uct_simulate(search, walker, &team->limits);
    }
    if (status != WC_SEARCH_PAUSED && status != WC_UCT_GOES_ON) atomic_store(&team->ended, (int)status);
    wc_uct_unlock(search);
}

/* One thread's slice in a tree of its own. */
static inline void wc_uct_own_tree(wc_uct_team *team, int32_t number) {
    wc_uct *search = team->searches + number;
    wc_limits limits = team->limits;
    limits.budget = limits.budget / (uint64_t)team->num_searches +
                    ((uint64_t)number < limits.budget % (uint64_t)team->num_searches);
    wc_search_status status = WC_SEARCH_PAUSED;
    while (status == WC_SEARCH_PAUSED && atomic_load(&team->ended) == (int)WC_UCT_GOES_ON) {
        const double now = wc_clock_seconds(), patience = now + WC_UCT_PATIENCE;
        if (now > team->limits.slice_end) return;
        limits.slice_end = patience < team->limits.slice_end ? patience : team->limits.slice_end;
        status = wc_uct_run(search, &limits);
    }
    if (status == WC_SEARCH_PAUSED) return;
    team->statuses[number] = status;
    if (wc_uct_ends_all(status)) atomic_store(&team->ended, (int)status);
}

static inline void wc_uct_take_part(void *context, int64_t begin, int64_t end, void *scratch) {
    wc_uct_team *team = context;
    (void)scratch;
    for (int64_t index = begin; index < end; index++) {
        const int32_t number = (int32_t)((index + team->first) % team->num_threads);
        if (team->num_searches == 1) {
            wc_uct_share_tree(team, team->searches->walkers + number);
        } else if (team->statuses[number] == WC_UCT_GOES_ON) {
            wc_uct_own_tree(team, number);
        }
    }
}

/* How a slice of several trees ended, where none of them ended all. */
static inline wc_search_status wc_uct_joint_status(const wc_uct_team *team) {
    wc_search_status joint = WC_SEARCH_BUDGET;
    for (int32_t number = 0; number < team->num_searches; number++) {
        const wc_search_status status = team->statuses[number];
        if (status == WC_UCT_GOES_ON) return WC_SEARCH_PAUSED;
        if (status == WC_SEARCH_TIME || joint == WC_SEARCH_BUDGET) joint = status;
    }
    return joint;
}

/* Begins to run with new limits: what ended a run before is forgotten. */
static inline void wc_uct_team_begin(wc_uct_team *team) {
    atomic_store(&team->ended, (int)WC_UCT_GOES_ON);
    for (int32_t number = 0; number < team->num_searches; number++) team->statuses[number] = WC_UCT_GOES_ON;
}

/* Runs a slice on up to num_threads threads. After WC_SEARCH_PAUSED call it again; only one thread may. */
static inline wc_search_status wc_uct_team_run(wc_uct_team *team, wc_pool *pool, const wc_limits *limits) {
    team->limits = *limits;
    const wc_loop loop = {wc_uct_take_part, team, team->num_threads, 1, limits->slice_end, 0};
    if (wc_pool_open(pool, &loop, 0, team->num_threads)) {
        wc_loop_share(pool, &loop, NULL);
        wc_pool_close(pool);
    } else {
        wc_loop_alone(&loop, 0, NULL);
    }
    team->first = (team->first + 1) % team->num_threads;
    const int ended = atomic_load(&team->ended);
    if (ended != (int)WC_UCT_GOES_ON) return (wc_search_status)ended;
    if (team->num_searches > 1) return wc_uct_joint_status(team);
    return wc_clock_seconds() > limits->deadline ? WC_SEARCH_TIME : WC_SEARCH_PAUSED;
}

#endif /* WC_UCT_PARALLEL_H */
