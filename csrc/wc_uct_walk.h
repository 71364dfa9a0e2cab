/* One simulation of wc_uct.h: down the tree, a step to a new state, a rollout, and back up.
 *
 * A walker is what one thread needs for it. With several threads in one tree (`shared`) all of the tree is behind one
 * lock, which a walker gives back for the steps of the model and for rollouts: those are where the time goes when
 * threads are worth having. On its way down it takes `virtual_loss` off each action and counts itself as one more
 * visit, so that the others turn elsewhere, and undoes both on the way back (Chaslot, Winands and van den Herik 2008).
 */
#ifndef WC_UCT_WALK_H
#define WC_UCT_WALK_H

#include "wc_uct_tree.h"

#define WC_UCT_GOES_ON ((wc_search_status)-1) /* among these functions: nothing ends the search */
#define WC_UCT_SLOW_LOOK 1e-3                 /* seconds between two looks at the clock, at most */
#define WC_UCT_MAX_LOOK 256                   /* steps of the model or the tree between two looks, at most */
#define WC_UCT_SPINS 200
#define WC_UCT_FETCHED 192 /* bytes of a block that are asked for on the way down: all, with four actions */

typedef enum wc_uct_phase { WC_WALK_DOWN, WC_WALK_ROLLOUT, WC_WALK_UP } wc_uct_phase;

/* One action that the present simulation takes. */
typedef struct wc_uct_visit {
    uint32_t block;
    int32_t action;
} wc_uct_visit;

typedef struct wc_uct_walker {
    wc_rng rng;
    uint64_t generated;   /* steps that succeeded, rollouts included */
    void *scratch;
    uint64_t *state;      /* [W] where the present step begins */
    uint64_t *next;       /* [W] where it ends */
    double *values;       /* [A] priors on their way into a block */
    wc_uct_visit *path;   /* [depth_limit] */
    uint32_t path_length;
    uint32_t leaf;        /* the node in which the tree ends on this path, or WC_NO_STATE at the end of the episode */
    int closing;          /* nothing is left to learn behind the path's last action */
    int32_t *rollout;     /* [rollout_depth] */
    uint32_t rollout_length;
    double value;         /* of the rollout so far */
    double weight;        /* of its next reward */
    wc_uct_phase phase;   /* a long rollout is left for a look at the signals, and taken up again */
    uint32_t fuel;        /* steps until the next look at the clock */
    uint32_t look_every;
    double looked;
    wc_search_status status;
} wc_uct_walker;

typedef struct wc_uct {
    wc_uct_tree tree;
    wc_uct_walker *walkers; /* [num_walkers] */
    int32_t num_walkers;
    uint32_t root_block;
    uint32_t simulations;   /* begun and not broken off */
    uint32_t stamp;         /* of the present one; never used again */
    int32_t *plan;          /* [depth_limit + rollout_depth], the best so far */
    uint32_t plan_length;   /* 0: none */
    double plan_return;     /* its discounted return */
    wc_halt halt;
    int hook_failed;        /* it halted in a hook */
    pthread_mutex_t lock;   /* of all above, where it is shared */
} wc_uct;

static inline void wc_uct_lock(wc_uct *search) {
    for (int spin = 0; spin < WC_UCT_SPINS; spin++) {
        if (pthread_mutex_trylock(&search->lock) == 0) return;
    }
    pthread_mutex_lock(&search->lock);
}

static inline void wc_uct_unlock(wc_uct *search) { pthread_mutex_unlock(&search->lock); }

/* ---- the clock ---- */

/* Called now and then: WC_SEARCH_TIME, WC_SEARCH_PAUSED or WC_UCT_GOES_ON. */
static inline wc_search_status wc_uct_look(const wc_uct *search, wc_uct_walker *walker, const wc_limits *limits) {
    const double now = wc_clock_seconds();
    if (now - walker->looked > WC_UCT_SLOW_LOOK || search->tree.model->flags & WC_MODEL_NEEDS_GIL) {
        walker->look_every = walker->look_every > 1 ? walker->look_every / 2 : 1;
    } else if (walker->look_every < WC_UCT_MAX_LOOK) {
        walker->look_every *= 2;
    }
    walker->looked = now;
    walker->fuel = walker->look_every;
    if (now > limits->deadline) return WC_SEARCH_TIME;
    return now > limits->slice_end ? WC_SEARCH_PAUSED : WC_UCT_GOES_ON;
}

static inline wc_search_status wc_uct_burn(const wc_uct *search, wc_uct_walker *walker, uint32_t steps,
                                           const wc_limits *limits) {
    if (walker->fuel > steps) {
        walker->fuel -= steps;
        return WC_UCT_GOES_ON;
    }
    return wc_uct_look(search, walker, limits);
}

/* ---- the model and the hooks ---- */

static inline wc_search_status wc_uct_hook_failed(wc_uct *search, wc_uct_walker *walker, int32_t action) {
    search->hook_failed = 1;
    search->halt = (wc_halt){walker->state, action, WC_STATUS_INTERNAL};
    return WC_SEARCH_HALTED;
}

/* A step from walker->state to walker->next. */
static inline wc_search_status wc_uct_step(wc_uct *search, wc_uct_walker *walker, int32_t action, double *reward,
                                           uint8_t *done, int32_t *status, double deadline) {
    const wc_model *model = search->tree.model;
    if (model->flags & WC_MODEL_NEEDS_GIL && wc_clock_seconds() > deadline) return WC_SEARCH_TIME;
    *status = model->step(model->problem, walker->state, action, walker->next, reward, done, walker->scratch);
    walker->generated += *status == WC_STATUS_OK;
    if (wc_is_answer(*status)) return WC_UCT_GOES_ON;
    if (search->tree.config.shared) wc_uct_lock(search);
    search->halt = (wc_halt){walker->state, action, *status};
    if (search->tree.config.shared) wc_uct_unlock(search);
    return WC_SEARCH_HALTED;
}

static inline void wc_uct_take_state(wc_uct *search, wc_uct_walker *walker, uint32_t node) {
    const size_t num_words = search->tree.table.num_words;
    memcpy(walker->state, wc_table_words(&search->tree.table, node), num_words * sizeof(uint64_t));
}

/* ---- plans ---- */

/* Keeps the path and the rollout's actions as the plan, if their return is the best, or equal and shorter. */
static inline void wc_uct_offer_plan(wc_uct *search, const wc_uct_walker *walker, double rollout_return) {
    const wc_uct_tree *tree = &search->tree;
    const uint32_t length = walker->path_length + walker->rollout_length;
    double total = rollout_return;
    for (uint32_t depth = walker->path_length; depth-- > 0;) {
        wc_uct_block *block = wc_uct_block_at(tree, walker->path[depth].block);
        total = wc_uct_doubles(block, tree->layout.raw)[walker->path[depth].action] + tree->config.discount * total;
    }
    const int better = total > search->plan_return || (total == search->plan_return && length < search->plan_length);
    if (search->plan_length != 0 && !better) return;
    for (uint32_t depth = 0; depth < walker->path_length; depth++) search->plan[depth] = walker->path[depth].action;
    memcpy(search->plan + walker->path_length, walker->rollout, walker->rollout_length * sizeof(int32_t));
    search->plan_length = length;
    search->plan_return = total;
}

/* ---- down ---- */

/* An untried action, each with equal chance; there is one. */
static inline int32_t wc_uct_draw_untried(const wc_uct_tree *tree, wc_uct_walker *walker, wc_uct_block *block) {
    const uint32_t *children = wc_uct_children(block);
    uint32_t left = wc_rng_below(&walker->rng, (uint32_t)block->num_untried);
    for (int32_t action = 0; action < tree->model->num_actions; action++) {
        if (children[action] == WC_EDGE_UNTRIED && left-- == 0) return action;
    }
    return WC_UCT_NO_ACTION;
}

static inline uint32_t wc_uct_block_of(const wc_uct_tree *tree, uint32_t child) {
    return child & WC_EDGE_BLOCK ? child & ~WC_EDGE_BLOCK : tree->nodes[child];
}

/* Whether a child is on the walker's path, or where it stands. */
static inline int wc_uct_on_path(const wc_uct *search, const wc_uct_walker *walker, uint32_t here, uint32_t child) {
    const wc_uct_tree *tree = &search->tree;
    if (child >= WC_EDGE_FIRST) return 0;
    const uint32_t index = wc_uct_block_of(tree, child);
    if (index == WC_UCT_NO_BLOCK) return 0;
    if (!tree->config.shared) return wc_uct_block_at(tree, index)->stamp == search->stamp;
    for (uint32_t depth = 0; depth < walker->path_length; depth++) {
        if (walker->path[depth].block == index) return 1;
    }
    return index == here;
}

/* The action of the largest score whose child is not on the path, or WC_UCT_NO_ACTION. */
static inline int32_t wc_uct_choose(const wc_uct *search, wc_uct_walker *walker, uint32_t here) {
    const wc_uct_tree *tree = &search->tree;
    wc_uct_block *block = wc_uct_block_at(tree, here);
    if (block->num_untried > 0 && tree->config.first_play_urgency == INFINITY) {
        return wc_uct_draw_untried(tree, walker, block);
    }
    int32_t best = wc_uct_best(tree, block);
    /* A tree has no cycles. In a graph they are rare: look at the best child first, then at all. */
    if (tree->config.expand_once || best == WC_UCT_NO_ACTION) return best;
    const uint32_t *children = wc_uct_children(block);
    if (!wc_uct_on_path(search, walker, here, children[best])) return best;
    const double *q_values = wc_uct_doubles(block, tree->layout.q_value);
    const double *bonuses = wc_uct_doubles(block, tree->layout.bonus);
    double best_score = -INFINITY;
    best = WC_UCT_NO_ACTION;
    for (int32_t action = 0; action < tree->model->num_actions; action++) {
        const double score = q_values[action] + block->factor * bonuses[action];
        if (!(score > best_score) || wc_uct_on_path(search, walker, here, children[action])) continue;
        best_score = score;
        best = action;
    }
    return best;
}

/* With threads: the score of an action as it is while some are on their way through it. */
static inline void wc_uct_rescore(const wc_uct_tree *tree, wc_uct_block *block, int32_t action) {
    const uint32_t visits = wc_uct_counts(block, tree->layout.visits)[action];
    const uint32_t pending = wc_uct_counts(block, tree->layout.pending)[action];
    if (wc_uct_is_closed(tree, block, action)) return;
    wc_uct_doubles(block, tree->layout.bonus)[action] = wc_uct_bonus(tree, block, action, visits + pending);
    if (visits + pending == 0) {
        wc_uct_make_urgent(tree, block, action);
    } else {
        wc_uct_doubles(block, tree->layout.q_value)[action] =
            wc_uct_doubles(block, tree->layout.mean)[action] - tree->config.virtual_loss * (double)pending;
    }
}

static inline void wc_uct_push(wc_uct_tree *tree, wc_uct_walker *walker, uint32_t here, int32_t action) {
    walker->path[walker->path_length++] = (wc_uct_visit){here, action};
    if (!tree->config.shared) return;
    wc_uct_block *block = wc_uct_block_at(tree, here);
    wc_uct_counts(block, tree->layout.pending)[action]++;
    wc_uct_rescore(tree, block, action);
}

/* Opens a node's block, priors included. */
static inline wc_search_status wc_uct_enter(wc_uct *search, wc_uct_walker *walker, uint32_t node, uint32_t visits,
                                            uint32_t *index) {
    wc_uct_tree *tree = &search->tree;
    const int32_t num_actions = tree->model->num_actions;
    if (tree->config.puct) {
        /* Before the block is there: a hook that fails leaves none behind. With threads the lock is kept. */
        wc_uct_take_state(search, walker, node);
        for (int32_t action = 0; action < num_actions; action++) walker->values[action] = 1.0 / (double)num_actions;
        const wc_uct_hooks *hooks = &tree->config.hooks;
        if (hooks->prior != NULL && !hooks->prior(hooks->context, walker->state, walker->values)) {
            return wc_uct_hook_failed(search, walker, 0);
        }
    }
    if (!wc_uct_open(tree, node, visits)) return WC_SEARCH_MEMORY;
    *index = tree->nodes[node];
    if (tree->config.puct) {
        wc_uct_block *block = wc_uct_block_at(tree, *index);
        double *priors = wc_uct_doubles(block, tree->layout.prior);
        for (int32_t action = 0; action < num_actions; action++) {
            priors[action] = tree->config.exploration * walker->values[action];
            wc_uct_make_urgent(tree, block, action);
        }
    }
    return WC_UCT_GOES_ON;
}

/* Writes down what a step led to: a node, or one of WC_EDGE_...; closed where nothing comes of it. */
static inline void wc_uct_settle(wc_uct_tree *tree, uint32_t here, int32_t action, uint32_t child, double raw,
                                 double reward) {
    wc_uct_block *block = wc_uct_block_at(tree, here);
    if (!tree->config.shared) block->num_untried--;
    tree->open_edges--;
    wc_uct_children(block)[action] = child;
    wc_uct_doubles(block, tree->layout.raw)[action] = raw;
    wc_uct_doubles(block, tree->layout.reward)[action] = reward;
    if (child == WC_EDGE_FAILED || child == WC_EDGE_KNOWN) {
        wc_uct_close(tree, block, action, 0.0);
    } else {
        wc_uct_make_urgent(tree, block, action);
    }
}

/* With threads: nobody else tries the action meanwhile, and it is as before if the step comes to nothing. */
static inline void wc_uct_set_aside(wc_uct_tree *tree, uint32_t here, int32_t action, int aside) {
    wc_uct_block *block = wc_uct_block_at(tree, here);
    wc_uct_children(block)[action] = aside ? WC_EDGE_PENDING : WC_EDGE_UNTRIED;
    block->num_untried += aside ? -1 : 1;
    wc_uct_make_urgent(tree, block, action);
    if (aside) wc_uct_doubles(block, tree->layout.q_value)[action] = -INFINITY;
}

/* Steps an untried action and says what it leads to in *child. */
static inline wc_search_status wc_uct_try(wc_uct *search, wc_uct_walker *walker, uint32_t here, int32_t action,
                                          uint32_t *child, int *is_new, double deadline) {
    wc_uct_tree *tree = &search->tree;
    const wc_uct_hooks *hooks = &tree->config.hooks;
    const int shared = tree->config.shared;
    double reward = 0.0, more = 0.0;
    uint8_t done = 0;
    int32_t step_status = WC_STATUS_FAILED;
    wc_uct_take_state(search, walker, wc_uct_block_at(tree, here)->node);
    if (shared) {
        wc_uct_set_aside(tree, here, action, 1);
        wc_uct_unlock(search);
    }
    wc_search_status status = wc_uct_step(search, walker, action, &reward, &done, &step_status, deadline);
    if (shared) wc_uct_lock(search);
    *is_new = 0;
    if (status == WC_UCT_GOES_ON && step_status == WC_STATUS_OK) {
        if (hooks->shape != NULL && !hooks->shape(hooks->context, walker->state, action, walker->next, &more)) {
            status = wc_uct_hook_failed(search, walker, action);
        } else if (done) {
            *child = wc_is_goal(reward, done) ? WC_EDGE_GOAL : WC_EDGE_END;
        } else {
            const int interned = wc_uct_intern(tree, walker->next, child);
            if (interned == WC_TABLE_FULL) status = WC_SEARCH_MEMORY;
            *is_new = interned == WC_TABLE_NEW;
            if (interned == WC_TABLE_FOUND && tree->config.expand_once) *child = WC_EDGE_KNOWN;
        }
    } else {
        *child = WC_EDGE_FAILED;
    }
    if (status != WC_UCT_GOES_ON) {
        if (shared) wc_uct_set_aside(tree, here, action, 0);
        return status;
    }
    wc_uct_settle(tree, here, action, *child, reward, hooks->shape == NULL ? reward : reward + more);
    return WC_UCT_GOES_ON;
}

/* Ends the path in a node: at its opened block, or at a node without one. */
static inline wc_search_status wc_uct_end_at(wc_uct *search, wc_uct_walker *walker, uint32_t node, int closing) {
    walker->leaf = node;
    walker->closing = closing && search->tree.config.prune_solved;
    return WC_UCT_GOES_ON;
}

/* Whether a tree has ways: in a graph a choice depends on the path too, and threads change scores on their way down. */
static inline int wc_uct_has_ways(const wc_uct_config *config) { return config->expand_once && !config->shared; }

/* Follows the ways as far as they lead. Returns the block that it ends at. */
static inline uint32_t wc_uct_follow(const wc_uct_tree *tree, wc_uct_walker *walker, uint32_t here) {
    const uint32_t limit = tree->config.depth_limit;
    const size_t block_bytes = tree->layout.bytes;
    const wc_uct_way *ways = tree->ways;
    wc_uct_visit *path = walker->path;
    uint32_t length = walker->path_length;
    for (; length < limit && ways[here].action != WC_UCT_NO_ACTION; length++) {
        const char *block = tree->blocks + here * block_bytes;
        for (size_t line = 0; line < WC_UCT_FETCHED; line += 64) __builtin_prefetch(block + line, 1, 3);
        path[length] = (wc_uct_visit){here, ways[here].action};
        here = ways[here].block;
    }
    walker->path_length = length;
    return here;
}

/* Walks from the root to the simulation's last node, filling the path. */
static inline wc_search_status wc_uct_descend(wc_uct *search, wc_uct_walker *walker, const wc_limits *limits) {
    wc_uct_tree *tree = &search->tree;
    const wc_uct_config *config = &tree->config;
    const int is_graph = !config->expand_once, has_ways = wc_uct_has_ways(config);
    wc_search_status status = WC_UCT_GOES_ON;
    uint32_t here = search->root_block;
    walker->path_length = walker->rollout_length = 0;
    if (here == WC_UCT_NO_BLOCK) {
        status = wc_uct_enter(search, walker, WC_UCT_ROOT, 0, &here);
        if (status != WC_UCT_GOES_ON) return status;
        search->root_block = here;
    }
    for (;;) {
        if (has_ways) here = wc_uct_follow(tree, walker, here);
        wc_uct_block *block = wc_uct_block_at(tree, here);
        if (is_graph) block->stamp = search->stamp;
        if (walker->path_length == config->depth_limit) return wc_uct_end_at(search, walker, block->node, 0);
        const int32_t action = wc_uct_choose(search, walker, here);
        if (action == WC_UCT_NO_ACTION) return wc_uct_end_at(search, walker, block->node, block->num_open == 0);
        uint32_t child = wc_uct_children(block)[action];
        int is_new = 0;
        if (child == WC_EDGE_UNTRIED) {
            status = wc_uct_try(search, walker, here, action, &child, &is_new, limits->deadline);
            if (status != WC_UCT_GOES_ON) return status;
            /* Nowhere to go, or back to the path: choose again in the same node. */
            if (child == WC_EDGE_FAILED || child == WC_EDGE_KNOWN) continue;
            if (is_graph && !is_new && wc_uct_on_path(search, walker, here, child)) continue;
        }
        wc_uct_push(tree, walker, here, action);
        if (child >= WC_EDGE_FIRST) {
            if (child == WC_EDGE_GOAL) wc_uct_offer_plan(search, walker, 0.0);
            return wc_uct_end_at(search, walker, WC_NO_STATE, child == WC_EDGE_END);
        }
        const int at_limit = walker->path_length == config->depth_limit;
        if (is_new) return wc_uct_end_at(search, walker, child, at_limit && config->expand_once);
        uint32_t index = wc_uct_block_of(tree, child);
        if (index == WC_UCT_NO_BLOCK) {
            if (at_limit) return wc_uct_end_at(search, walker, child, 0);
            status = wc_uct_enter(search, walker, child, 1, &index);
            if (status != WC_UCT_GOES_ON) return status;
        }
        if (!(child & WC_EDGE_BLOCK)) wc_uct_children(wc_uct_block_at(tree, here))[action] = index | WC_EDGE_BLOCK;
        here = index;
    }
}

/* ---- a rollout ---- */

/* Plays random actions from the leaf, or asks the hook for its value. After WC_SEARCH_PAUSED it is to go on later. */
static inline wc_search_status wc_uct_roll_out(wc_uct *search, wc_uct_walker *walker, const wc_limits *limits) {
    const wc_uct_tree *tree = &search->tree;
    const wc_uct_hooks *hooks = &tree->config.hooks;
    if (hooks->value != NULL) {
        return hooks->value(hooks->context, walker->state, &walker->value) ? WC_UCT_GOES_ON
                                                                            : wc_uct_hook_failed(search, walker, 0);
    }
    while (walker->rollout_length < tree->config.rollout_depth) {
        double reward = 0.0;
        uint8_t done = 0;
        int32_t step_status;
        const int32_t action = (int32_t)wc_rng_below(&walker->rng, (uint32_t)tree->model->num_actions);
        wc_search_status status = wc_uct_step(search, walker, action, &reward, &done, &step_status, limits->deadline);
        if (status != WC_UCT_GOES_ON) return status;
        if (step_status == WC_STATUS_FAILED) break;
        walker->rollout[walker->rollout_length++] = action;
        walker->value += walker->weight * reward;
        walker->weight *= tree->config.discount;
        if (done) {
            if (!wc_is_goal(reward, done)) break;
            if (tree->config.shared) wc_uct_lock(search);
            wc_uct_offer_plan(search, walker, walker->value);
            if (tree->config.shared) wc_uct_unlock(search);
            break;
        }
        uint64_t *swapped = walker->state;
        walker->state = walker->next;
        walker->next = swapped;
        status = wc_uct_burn(search, walker, 1, limits);
        if (status != WC_UCT_GOES_ON) return status;
    }
    return WC_UCT_GOES_ON;
}

/* ---- up ---- */

/* Averages the return into one action. */
static inline void wc_uct_learn(wc_uct_tree *tree, wc_uct_block *block, int32_t action, double value) {
    const wc_uct_layout *layout = &tree->layout;
    const uint32_t visits = ++wc_uct_counts(block, layout->visits)[action];
    double *mean = wc_uct_doubles(block, tree->config.shared ? layout->mean : layout->q_value) + action;
    *mean = visits == 1 ? value : *mean + (value - *mean) / (double)visits;
    if (tree->config.shared) {
        wc_uct_counts(block, layout->pending)[action]--;
        wc_uct_rescore(tree, block, action);
    } else {
        wc_uct_doubles(block, layout->bonus)[action] = wc_uct_bonus(tree, block, action, visits);
    }
    block->factor = wc_uct_factor(tree, ++block->visits);
}

/* Looks for the way on from a block whose statistics are settled again. */
static inline void wc_uct_find_way(wc_uct_tree *tree, uint32_t index) {
    wc_uct_block *block = wc_uct_block_at(tree, index);
    const int32_t action = block->num_untried == 0 ? wc_uct_best(tree, block) : WC_UCT_NO_ACTION;
    const uint32_t child = action == WC_UCT_NO_ACTION ? WC_EDGE_UNTRIED : wc_uct_children(block)[action];
    const int leads_on = child < WC_EDGE_FIRST && child & WC_EDGE_BLOCK;
    tree->ways[index] = leads_on ? (wc_uct_way){action, child & ~WC_EDGE_BLOCK}
                                 : (wc_uct_way){WC_UCT_NO_ACTION, WC_UCT_NO_BLOCK};
}

/* Averages the return into every action of the path, and closes those behind which nothing is left. */
static inline void wc_uct_back_up(wc_uct *search, wc_uct_walker *walker) {
    wc_uct_tree *tree = &search->tree;
    double value = walker->value;
    int closing = walker->closing;
    const int has_ways = wc_uct_has_ways(&tree->config);
    if (walker->leaf != WC_NO_STATE && tree->nodes[walker->leaf] != WC_UCT_NO_BLOCK) {
        wc_uct_block *block = wc_uct_block_at(tree, tree->nodes[walker->leaf]);
        block->factor = wc_uct_factor(tree, ++block->visits);
        if (has_ways) wc_uct_find_way(tree, tree->nodes[walker->leaf]);
    }
    for (uint32_t depth = walker->path_length; depth-- > 0;) {
        wc_uct_block *block = wc_uct_block_at(tree, walker->path[depth].block);
        const int32_t action = walker->path[depth].action;
        value = wc_uct_doubles(block, tree->layout.reward)[action] + tree->config.discount * value;
        wc_uct_learn(tree, block, action, value);
        if (closing) {
            if (!wc_uct_is_closed(tree, block, action)) {
                wc_uct_close(tree, block, action, wc_uct_mean(tree, block, action));
            }
            closing = block->num_open == 0;
        }
        if (has_ways) wc_uct_find_way(tree, walker->path[depth].block);
    }
}

/* With threads: takes back what a simulation that is broken off counted on its way. */
static inline void wc_uct_withdraw(wc_uct_tree *tree, wc_uct_walker *walker) {
    for (uint32_t depth = 0; tree->config.shared && depth < walker->path_length; depth++) {
        wc_uct_block *block = wc_uct_block_at(tree, walker->path[depth].block);
        wc_uct_counts(block, tree->layout.pending)[walker->path[depth].action]--;
        wc_uct_rescore(tree, block, walker->path[depth].action);
    }
    walker->path_length = 0;
}

/* ---- a simulation ---- */

/* Does one simulation, or what is left of one. The lock is held where there is one. */
static inline wc_search_status wc_uct_simulate(wc_uct *search, wc_uct_walker *walker, const wc_limits *limits) {
    const int shared = search->tree.config.shared;
    wc_search_status status = WC_UCT_GOES_ON;
    if (walker->phase == WC_WALK_DOWN) {
        search->simulations++;
        search->stamp++;
        status = wc_uct_descend(search, walker, limits);
        if (status != WC_UCT_GOES_ON) {
            search->simulations--;
            wc_uct_withdraw(&search->tree, walker);
            return status;
        }
        walker->value = 0.0;
        walker->weight = 1.0;
        walker->phase = walker->leaf == WC_NO_STATE ? WC_WALK_UP : WC_WALK_ROLLOUT;
        if (walker->phase == WC_WALK_ROLLOUT) wc_uct_take_state(search, walker, walker->leaf);
    }
    if (walker->phase == WC_WALK_ROLLOUT) {
        if (shared) wc_uct_unlock(search);
        status = wc_uct_roll_out(search, walker, limits);
        if (shared) wc_uct_lock(search);
        if (status != WC_UCT_GOES_ON) return status;
    }
    walker->phase = WC_WALK_DOWN;
    wc_uct_back_up(search, walker);
    return wc_uct_burn(search, walker, 1 + walker->path_length, limits);
}

#endif /* WC_UCT_WALK_H */
