/* Monte-Carlo tree search with UCT over a transposition table, for deterministic models and goals.
 *
 * A node is a distinct state, numbered by the table, so equal states share their statistics however they are reached.
 * The statistics of an action are kept in its parent's block of edges, so that a choice reads one stretch of memory:
 *
 *     nodes [count]            visits, block, stamp
 *     edges [num_blocks][A]    child, visits, q_value, reward; a node gets its block when it is first expanded
 *
 * One simulation walks from the root. In each node it tries an untried action, drawn at random, if there is one, else
 * takes the best alive edge by
 *
 *     q_value + exploration * sqrt(ln(visits of the node) / visits of the edge)          (Kocsis and Szepesvari 2006)
 *
 * with ties to the lower action, until it meets a new state, the end of the episode or the depth limit; there the
 * return of one random rollout is the estimate, and the discounted return is averaged into the q_value of each edge
 * walked. Where it departs from the textbook, because the model is deterministic and a plan is what is wanted:
 *
 *   - An edge to a state that the simulation has visited is passed over: a cycle never shortens a plan. If nothing
 *     else is left, the simulation ends there with a rollout.
 *   - With `expand_once` an action that leads to a state already stored is dead: the graph becomes a tree, in which
 *     every simulation adds a state or closes a branch. Without it, the way goes on from that state, and what is
 *     learned below it counts for every path to it.
 *   - A failed step is a dead edge and costs no simulation. An end of the episode that is no goal counts once and is
 *     dead then, and so is an edge to a node all of whose edges are dead.
 *   - Once no stored node has an untried action, all reachable states are known: without a plan that is a proof.
 */
#ifndef WC_UCT_H
#define WC_UCT_H

#include <math.h>

#include "wc_rng.h"
#include "wc_search.h"
#include "wc_table.h"

#define WC_UCT_NO_BLOCK UINT32_MAX
#define WC_UCT_NO_ACTION (-1)
#define WC_UCT_ROOT 0u
/* Values of `child` that are no node. */
#define WC_EDGE_UNTRIED UINT32_MAX
#define WC_EDGE_DEAD (UINT32_MAX - 1)
#define WC_EDGE_GOAL (UINT32_MAX - 2)
#define WC_UCT_MAX_NODES (UINT32_MAX - 3)
#define WC_UCT_SLOW_CHECK 1e-3 /* seconds between two looks at the clock, at most */
#define WC_UCT_MAX_CHECK 64    /* simulations between two looks at the clock, at most */

typedef struct wc_uct_node {
    uint32_t visits; /* simulations through or to this node */
    uint32_t block;  /* of its edges, or WC_UCT_NO_BLOCK */
    uint32_t stamp;  /* the last simulation that visited it */
} wc_uct_node;

typedef struct wc_uct_edge {
    uint32_t child; /* a node, or WC_EDGE_... */
    uint32_t visits;
    double q_value; /* mean discounted return of the simulations through it */
    double reward;
} wc_uct_edge;

typedef struct wc_uct_config {
    double exploration; /* c, in reward units */
    double discount;
    uint32_t depth_limit;
    uint32_t rollout_depth;
    int stop_at_first_plan;
    int expand_once;
    uint64_t seed;
    size_t memory_limit;
} wc_uct_config;

/* One edge that the present simulation walked. */
typedef struct wc_uct_visit {
    uint32_t node;
    int32_t action;
    double reward;
} wc_uct_visit;

typedef struct wc_uct {
    const wc_model *model;
    wc_uct_config config;
    wc_rng rng;
    wc_table table;
    wc_uct_node *nodes;   /* the two arrays as their elements */
    wc_uct_edge *edges;
    wc_array nodes_array; /* and as memory */
    wc_array edges_array;
    uint32_t node_capacity;
    uint32_t num_blocks;
    uint32_t block_capacity;
    uint64_t open_edges;  /* untried actions of all stored nodes */
    uint32_t simulations;
    uint32_t check_every; /* simulations between two looks at the clock */
    uint64_t generated;   /* steps that succeeded, rollouts included */
    size_t bytes;         /* held apart from the table */
    void *scratch;
    uint64_t *next;       /* [2][W] */
    wc_uct_visit *path;   /* [depth_limit] */
    uint32_t path_length;
    int32_t *rollout;     /* [rollout_depth], the actions of the present rollout */
    int32_t *plan;        /* [depth_limit + rollout_depth], the best so far */
    uint32_t plan_length; /* 0: none */
    double plan_return;   /* its discounted return */
    wc_halt halt;
} wc_uct;

static inline size_t wc_uct_bytes(const wc_uct *search) { return search->table.bytes + search->bytes; }

static inline void wc_uct_free(wc_uct *search) {
    wc_table_free(&search->table);
    wc_array_free(&search->nodes_array);
    wc_array_free(&search->edges_array);
    free(search->scratch);
    free(search->next);
    free(search->path);
    free(search->rollout);
    free(search->plan);
    memset(search, 0, sizeof *search);
}

/* ---- one simulation, in the order in which it calls ---- */

/* Makes room for one more of an array. Returns 0 where memory or the limit forbids it. */
static inline int wc_uct_grow(wc_uct *search, wc_array *array, uint32_t *capacity, size_t item_bytes) {
    const uint64_t wanted = *capacity < 16 ? 16 : *capacity + (uint64_t)*capacity / 2;
    const size_t more = (size_t)(wanted - *capacity) * item_bytes;
    if (wanted >= UINT32_MAX || more > search->config.memory_limit - wc_uct_bytes(search)) return 0;
    if (!wc_array_enlarge(array, (size_t)wanted * item_bytes)) return 0;
    *capacity = (uint32_t)wanted;
    search->bytes += more;
    search->table.memory_limit = search->config.memory_limit - search->bytes;
    search->nodes = search->nodes_array.memory;
    search->edges = search->edges_array.memory;
    return 1;
}

/* The node of a state, made if it is new. Returns a WC_TABLE_... status. */
static inline int wc_uct_intern(wc_uct *search, const uint64_t *words, uint32_t *node) {
    if (search->table.count == search->node_capacity &&
        !wc_uct_grow(search, &search->nodes_array, &search->node_capacity, sizeof(wc_uct_node))) {
        return WC_TABLE_FULL;
    }
    if (search->table.count >= WC_UCT_MAX_NODES) return WC_TABLE_FULL;
    const int status = wc_table_insert(&search->table, words, wc_hash_words(words, search->table.num_words),
                                       WC_NO_STATE, node);
    if (status == WC_TABLE_NEW) {
        search->nodes[*node] = (wc_uct_node){0, WC_UCT_NO_BLOCK, 0};
        search->open_edges += (uint64_t)search->model->num_actions;
    }
    return status;
}

/* Gives a node its edges, all untried. Returns 0 where memory or the limit forbids it. */
static inline int wc_uct_open(wc_uct *search, uint32_t node) {
    const size_t num_actions = (size_t)search->model->num_actions;
    if (search->num_blocks == search->block_capacity &&
        !wc_uct_grow(search, &search->edges_array, &search->block_capacity, num_actions * sizeof(wc_uct_edge))) {
        return 0;
    }
    wc_uct_edge *edges = search->edges + search->num_blocks * num_actions;
    for (size_t action = 0; action < num_actions; action++) edges[action] = (wc_uct_edge){WC_EDGE_UNTRIED, 0, 0, 0};
    search->nodes[node].block = search->num_blocks++;
    return 1;
}

static inline wc_uct_edge *wc_uct_edges(const wc_uct *search, uint32_t node) {
    return search->edges + (size_t)search->nodes[node].block * (size_t)search->model->num_actions;
}

/* An untried action, each with equal chance, or WC_UCT_NO_ACTION. */
static inline int32_t wc_uct_draw_untried(wc_uct *search, const wc_uct_edge *edges) {
    const int32_t num_actions = search->model->num_actions;
    uint32_t num_untried = 0;
    for (int32_t action = 0; action < num_actions; action++) num_untried += edges[action].child == WC_EDGE_UNTRIED;
    if (num_untried == 0) return WC_UCT_NO_ACTION;
    uint32_t left = wc_rng_below(&search->rng, num_untried);
    for (int32_t action = 0;; action++) {
        if (edges[action].child == WC_EDGE_UNTRIED && left-- == 0) return action;
    }
}

/* The alive edge with the best score whose child is not on the path, or WC_UCT_NO_ACTION. *dead: none is alive. */
static inline int32_t wc_uct_best(const wc_uct *search, uint32_t node, const wc_uct_edge *edges, int *dead) {
    const int32_t num_actions = search->model->num_actions;
    const double log_visits = log((double)search->nodes[node].visits);
    double ceiling = INFINITY;  /* the score of the edge passed over last */
    int32_t floor_action = WC_UCT_NO_ACTION;
    *dead = 1;
    for (;;) {
        double best_score = -INFINITY;
        int32_t best = WC_UCT_NO_ACTION;
        for (int32_t action = 0; action < num_actions; action++) {
            const wc_uct_edge *edge = edges + action;
            if (edge->child == WC_EDGE_DEAD) continue;
            *dead = 0;
            const double score =
                edge->visits == 0 ? INFINITY
                                  : edge->q_value + search->config.exploration * sqrt(log_visits / edge->visits);
            if (score > ceiling || (score == ceiling && action <= floor_action)) continue;
            if (score > best_score) {
                best_score = score;
                best = action;
            }
        }
        if (best == WC_UCT_NO_ACTION || edges[best].child == WC_EDGE_GOAL) return best;
        /* The child's stamp is a visit to far memory: look at it for the best edge only, then for the next best. */
        if (search->nodes[edges[best].child].stamp != search->simulations) return best;
        ceiling = best_score;
        floor_action = best;
    }
}

static inline void wc_uct_push(wc_uct *search, uint32_t node, int32_t action, double reward) {
    search->path[search->path_length++] = (wc_uct_visit){node, action, reward};
}

/* Keeps the path and the rollout's first actions as the plan, if their return is the best, or equal and shorter. */
static inline void wc_uct_offer_plan(wc_uct *search, uint32_t rollout_length, double rollout_return) {
    const uint32_t length = search->path_length + rollout_length;
    double total = rollout_return;
    for (uint32_t depth = search->path_length; depth-- > 0;) {
        total = search->path[depth].reward + search->config.discount * total;
    }
    const int better = total > search->plan_return || (total == search->plan_return && length < search->plan_length);
    if (search->plan_length != 0 && !better) return;
    for (uint32_t depth = 0; depth < search->path_length; depth++) search->plan[depth] = search->path[depth].action;
    memcpy(search->plan + search->path_length, search->rollout, rollout_length * sizeof(int32_t));
    search->plan_length = length;
    search->plan_return = total;
}

/* One step with its outcome checked. Returns WC_SEARCH_PAUSED where the search goes on. */
static inline wc_search_status wc_uct_step(wc_uct *search, const uint64_t *state, int32_t action, uint64_t *next,
                                           double *reward, uint8_t *done, int32_t *status, double deadline) {
    const wc_model *model = search->model;
    if (model->flags & WC_MODEL_NEEDS_GIL && wc_clock_seconds() > deadline) return WC_SEARCH_TIME;
    *status = model->step(model->problem, state, action, next, reward, done, search->scratch);
    if (!wc_is_answer(*status)) {
        search->halt = (wc_halt){state, action, *status};
        return WC_SEARCH_HALTED;
    }
    search->generated += *status == WC_STATUS_OK;
    return WC_SEARCH_PAUSED;
}

/* Tries an action for the first time. *child becomes the next node, WC_EDGE_GOAL or WC_EDGE_DEAD where the episode
 * ends, or WC_EDGE_UNTRIED where another action must be chosen. */
static inline wc_search_status wc_uct_try(wc_uct *search, uint32_t node, int32_t action, uint32_t *child, int *is_new,
                                          double deadline) {
    double reward = 0.0;
    uint8_t done = 0;
    int32_t step_status;
    wc_uct_edge *edge = wc_uct_edges(search, node) + action;
    const wc_search_status status = wc_uct_step(search, wc_table_words(&search->table, node), action, search->next,
                                                &reward, &done, &step_status, deadline);
    if (status != WC_SEARCH_PAUSED) return status;
    *is_new = 0;
    if (step_status == WC_STATUS_FAILED) {
        *child = WC_EDGE_UNTRIED;
        edge->child = WC_EDGE_DEAD;
    } else if (done) {
        *child = edge->child = wc_is_goal(reward, done) ? WC_EDGE_GOAL : WC_EDGE_DEAD;
    } else {
        const int interned = wc_uct_intern(search, search->next, child);
        if (interned == WC_TABLE_FULL) return WC_SEARCH_MEMORY;
        *is_new = interned == WC_TABLE_NEW;
        if (!*is_new && search->config.expand_once) *child = WC_EDGE_UNTRIED;
        edge->child = *child == WC_EDGE_UNTRIED ? WC_EDGE_DEAD : *child;
    }
    edge->reward = reward;
    search->open_edges--;
    return WC_SEARCH_PAUSED;
}

typedef enum wc_uct_end { WC_END_TERMINAL, WC_END_LEAF } wc_uct_end;

/* Walks from the root to the simulation's last node, *leaf, filling the path. */
static inline wc_search_status wc_uct_descend(wc_uct *search, uint32_t *leaf, wc_uct_end *end, double deadline) {
    uint32_t node = WC_UCT_ROOT;
    search->path_length = 0;
    *end = WC_END_LEAF;
    for (;;) {
        *leaf = node;
        search->nodes[node].stamp = search->simulations;
        if (search->path_length == search->config.depth_limit) return WC_SEARCH_PAUSED;
        if (search->nodes[node].block == WC_UCT_NO_BLOCK && !wc_uct_open(search, node)) return WC_SEARCH_MEMORY;
        int32_t action = wc_uct_draw_untried(search, wc_uct_edges(search, node));
        uint32_t child;
        int is_new = 0;
        if (action != WC_UCT_NO_ACTION) {
            const wc_search_status status = wc_uct_try(search, node, action, &child, &is_new, deadline);
            if (status != WC_SEARCH_PAUSED) return status;
            /* Nowhere to go, or back to the path: choose again in the same node. */
            if (child == WC_EDGE_UNTRIED) continue;
            if (child < WC_EDGE_GOAL && !is_new && search->nodes[child].stamp == search->simulations) continue;
        } else {
            int dead;
            action = wc_uct_best(search, node, wc_uct_edges(search, node), &dead);
            if (dead && search->path_length > 0) {
                const wc_uct_visit *last = search->path + search->path_length - 1;
                wc_uct_edges(search, last->node)[last->action].child = WC_EDGE_DEAD;
            }
            if (action == WC_UCT_NO_ACTION) return WC_SEARCH_PAUSED;
            child = wc_uct_edges(search, node)[action].child;
        }
        wc_uct_push(search, node, action, wc_uct_edges(search, node)[action].reward);
        if (child >= WC_EDGE_GOAL) {
            *end = WC_END_TERMINAL;
            if (child == WC_EDGE_GOAL) wc_uct_offer_plan(search, 0, 0.0);
            return WC_SEARCH_PAUSED;
        }
        node = child;
        if (is_new) {
            *leaf = node;
            search->nodes[node].stamp = search->simulations;
            return WC_SEARCH_PAUSED;
        }
    }
}

/* Plays random actions from a node; *value is the discounted return. A goal on the way is offered as a plan. */
static inline wc_search_status wc_uct_rollout(wc_uct *search, uint32_t node, double *value, double deadline) {
    const uint32_t num_words = search->table.num_words;
    const uint64_t *state = wc_table_words(&search->table, node);
    double weight = 1.0;
    *value = 0.0;
    for (uint32_t depth = 0; depth < search->config.rollout_depth; depth++) {
        uint64_t *next = search->next + (depth & 1) * num_words;
        double reward = 0.0;
        uint8_t done = 0;
        int32_t step_status;
        const int32_t action = (int32_t)wc_rng_below(&search->rng, (uint32_t)search->model->num_actions);
        const wc_search_status status = wc_uct_step(search, state, action, next, &reward, &done, &step_status, deadline);
        if (status != WC_SEARCH_PAUSED) return status;
        if (step_status == WC_STATUS_FAILED) break;
        search->rollout[depth] = action;
        *value += weight * reward;
        weight *= search->config.discount;
        if (wc_is_goal(reward, done)) wc_uct_offer_plan(search, depth + 1, *value);
        if (done) break;
        state = next;
    }
    return WC_SEARCH_PAUSED;
}

/* Averages the return into every edge of the path. */
static inline void wc_uct_backup(wc_uct *search, uint32_t leaf, wc_uct_end end, double value) {
    if (end == WC_END_LEAF) search->nodes[leaf].visits++;
    for (uint32_t depth = search->path_length; depth-- > 0;) {
        const wc_uct_visit *visit = search->path + depth;
        wc_uct_edge *edge = wc_uct_edges(search, visit->node) + visit->action;
        value = visit->reward + search->config.discount * value;
        edge->visits++;
        edge->q_value += (value - edge->q_value) / edge->visits;
        search->nodes[visit->node].visits++;
    }
}

static inline wc_search_status wc_uct_simulate(wc_uct *search, double deadline) {
    uint32_t leaf;
    wc_uct_end end;
    double value = 0.0;
    search->simulations++;
    wc_search_status status = wc_uct_descend(search, &leaf, &end, deadline);
    if (status == WC_SEARCH_PAUSED && end == WC_END_LEAF) status = wc_uct_rollout(search, leaf, &value, deadline);
    if (status == WC_SEARCH_PAUSED) wc_uct_backup(search, leaf, end, value);
    return status;
}

/* ---- the search ---- */

/* Returns 0 where there is not even memory for the root; call wc_uct_free either way. */
static inline int wc_uct_init(wc_uct *search, const wc_model *model, const uint64_t *initial,
                              const wc_uct_config *config) {
    memset(search, 0, sizeof *search);
    search->model = model;
    search->config = *config;
    search->check_every = 1;
    wc_rng_seed(&search->rng, config->seed);
    const size_t state_bytes = (size_t)model->num_words * sizeof(uint64_t);
    const size_t plan_bytes = ((size_t)config->depth_limit + config->rollout_depth) * sizeof(int32_t);
    search->bytes = model->scratch_bytes + 2 * state_bytes + config->depth_limit * sizeof(wc_uct_visit) + plan_bytes +
                    config->rollout_depth * sizeof(int32_t);
    if (search->bytes > config->memory_limit) return 0;
    search->scratch = wc_scratch_new(model);
    search->next = malloc(2 * state_bytes);
    search->path = malloc(config->depth_limit * sizeof(wc_uct_visit));
    search->plan = malloc(plan_bytes);
    search->rollout = malloc(config->rollout_depth * sizeof(int32_t) + 1);
    uint32_t root;
    return search->scratch && search->next && search->path && search->plan && search->rollout &&
           wc_table_init(&search->table, (uint32_t)model->num_words, 0, config->memory_limit - search->bytes) &&
           wc_uct_intern(search, initial, &root) == WC_TABLE_NEW;
}

/* Runs until the slice is over or the search ends. After WC_SEARCH_PAUSED call it again. */
static inline wc_search_status wc_uct_run(wc_uct *search, const wc_limits *limits) {
    double now = wc_clock_seconds();
    for (;;) {
        for (uint32_t count = 0; count < search->check_every; count++) {
            if (search->plan_length != 0 && search->config.stop_at_first_plan) return WC_SEARCH_SOLVED;
            if (search->plan_length == 0 && search->open_edges == 0) return WC_SEARCH_EXHAUSTED;
            if (search->simulations >= limits->budget || search->simulations == UINT32_MAX) return WC_SEARCH_BUDGET;
            const wc_search_status status = wc_uct_simulate(search, limits->deadline);
            if (status != WC_SEARCH_PAUSED) return status;
        }
        const double start = now;
        now = wc_clock_seconds();
        if (now > limits->deadline) return WC_SEARCH_TIME;
        if (now > limits->slice_end) return WC_SEARCH_PAUSED;
        if (now - start > WC_UCT_SLOW_CHECK || search->model->flags & WC_MODEL_NEEDS_GIL) {
            search->check_every = search->check_every > 1 ? search->check_every / 2 : 1;
        } else if (search->check_every < WC_UCT_MAX_CHECK) {
            search->check_every *= 2;
        }
    }
}

#endif /* WC_UCT_H */
