/* The tree of wc_uct.h: its arena, its statistics, and the formulas by which an action is chosen.
 *
 *     table  [count][W]      the distinct states, numbered (wc_table.h): the transposition table
 *     nodes  [count]         the state's block, or WC_UCT_NO_BLOCK: four bytes for a state that was met once
 *     ways   [num_blocks]    the best action of a block, where it was looked for and leads to another block
 *     blocks [num_blocks]    a state that was met again: what is known of it and of all its actions, in one piece
 *
 * A block is a header and an array for each statistic, so that a choice runs along q_values and bonuses and nothing
 * else, and with four actions reads two or three cache lines:
 *
 *     header | child u32[A] | visits u32[A] | q_value f64[A] | bonus f64[A] | reward f64[A] | what the settings ask for
 *
 * A choice is the largest  q_value[a] + factor * bonus[a],  ties to the lower action, where with N visits of the state
 * and n of the action
 *
 *     UCT   factor = sqrt(ln N)   bonus = c / sqrt(n)           Kocsis and Szepesvari 2006, c = 2 C_p
 *     PUCT  factor = sqrt(N)      bonus = c P(a) / (1 + n)      Silver et al. 2017, "Mastering the game of Go without
 *                                                               human knowledge"
 *
 * Both are kept up at backup, one root and one division for an edge walked. So is the choice itself, in a tree that one
 * thread has: ways[block] says which action is best and what it leads to. Going down then reads eight bytes a block,
 * which stay in a near cache; the block itself is wanted on the way up only, and is on its way until then.
 *
 * What may not be chosen has the q_value minus infinity: a closed action keeps its mean in `bonus`. An action never visited
 * has the urgency of the settings (Gelly and Wang 2006), infinite where untried actions come first.
 */
#ifndef WC_UCT_TREE_H
#define WC_UCT_TREE_H

#include <math.h>
#include <pthread.h>

#include "wc_rng.h"
#include "wc_search.h"
#include "wc_table.h"

#define WC_UCT_NO_BLOCK UINT32_MAX
#define WC_UCT_NO_ACTION (-1)
#define WC_UCT_ROOT 0u
/* What leads to no node; from WC_EDGE_FIRST on. A node's number has WC_EDGE_BLOCK set where it is that of its block. */
#define WC_EDGE_BLOCK 0x80000000u
#define WC_EDGE_FIRST 0xfffffff0u
#define WC_EDGE_PENDING 0xfffffffau /* another thread tries it */
#define WC_EDGE_FAILED 0xfffffffbu
#define WC_EDGE_KNOWN 0xfffffffcu   /* to a state that has its place elsewhere in the tree */
#define WC_EDGE_END 0xfffffffdu     /* the end of the episode, no goal */
#define WC_EDGE_GOAL 0xfffffffeu
#define WC_EDGE_UNTRIED 0xffffffffu
#define WC_UCT_MAX_NODES (WC_EDGE_BLOCK - 16)
#define WC_UCT_TABLED (1u << 16)    /* visits up to which roots are looked up */
#define WC_UCT_TABLE_SHARE 64       /* the table of roots takes at most this part of the memory */

/* What the caller may add; each is NULL or returns 0 where it failed, which halts the search. */
typedef struct wc_uct_hooks {
    void *context;
    int (*prior)(void *context, const uint64_t *state, double *priors);                   /* P, of all actions */
    int (*value)(void *context, const uint64_t *state, double *value);                    /* instead of a rollout */
    int (*shape)(void *context, const uint64_t *state, int32_t action, const uint64_t *next, double *more);
} wc_uct_hooks;

typedef struct wc_uct_config {
    double exploration;        /* c, in reward units */
    double discount;
    double first_play_urgency; /* the q_value of an untried action; infinite: these first, drawn at random */
    double virtual_loss;       /* off the q_value of an action for each thread on its way through it */
    uint32_t depth_limit;
    uint32_t rollout_depth;
    int puct;
    int stop_at_first_plan;
    int expand_once;
    int prune_solved;
    int shared;                /* several threads in one tree */
    uint64_t seed;
    size_t memory_limit;
    wc_uct_hooks hooks;
} wc_uct_config;

typedef struct wc_uct_block {
    double factor;
    uint32_t node;
    uint32_t visits;     /* N: simulations through or to the state, the one that met it first among them */
    uint32_t stamp;      /* the last simulation that came by, where paths may meet themselves */
    int32_t num_untried;
    int32_t num_open;    /* actions that are not closed */
    uint32_t unused;
} wc_uct_block;

/* The way on from a block. */
typedef struct wc_uct_way {
    int32_t action; /* WC_UCT_NO_ACTION: see the block */
    uint32_t block; /* the one that it leads to */
} wc_uct_way;

/* Where the arrays of a block begin, in bytes. */
typedef struct wc_uct_layout {
    size_t visits, q_value, bonus, reward;
    size_t raw;           /* rewards before shaping; those themselves where there is no shaping */
    size_t prior;         /* c P(a), with PUCT */
    size_t mean, pending; /* with several threads: q_value without virtual loss, f64 and u32 */
    size_t bytes;
} wc_uct_layout;

/* Of a number of visits, with UCT. */
typedef struct wc_uct_roots {
    double factor; /* sqrt(ln N) */
    double bonus;  /* c / sqrt(n) */
} wc_uct_roots;

typedef struct wc_uct_tree {
    const wc_model *model;
    wc_uct_config config;
    wc_uct_layout layout;
    wc_table table;
    uint32_t *nodes;     /* the arrays as their elements */
    char *blocks;
    wc_uct_way *ways;
    wc_uct_roots *roots;
    wc_array nodes_array; /* and as memory */
    wc_array blocks_array;
    wc_array ways_array;
    wc_array roots_array;
    uint32_t node_capacity;
    uint32_t num_blocks;
    uint32_t block_capacity;
    uint32_t way_capacity;
    uint32_t num_roots;
    uint32_t root_capacity;
    uint64_t open_edges; /* untried actions of all stored states */
    size_t bytes;        /* held apart from the table */
} wc_uct_tree;

static inline size_t wc_uct_tree_bytes(const wc_uct_tree *tree) { return tree->table.bytes + tree->bytes; }

/* ---- a block and its arrays ---- */

static inline wc_uct_block *wc_uct_block_at(const wc_uct_tree *tree, uint32_t index) {
    return (wc_uct_block *)(tree->blocks + index * tree->layout.bytes);
}

static inline uint32_t *wc_uct_children(wc_uct_block *block) { return (uint32_t *)(block + 1); }

static inline double *wc_uct_doubles(wc_uct_block *block, size_t offset) { return (double *)((char *)block + offset); }

static inline uint32_t *wc_uct_counts(wc_uct_block *block, size_t offset) {
    return (uint32_t *)((char *)block + offset);
}

static inline wc_uct_layout wc_uct_layout_of(const wc_model *model, const wc_uct_config *config) {
    const size_t num_actions = (size_t)model->num_actions, doubles = num_actions * sizeof(double);
    wc_uct_layout layout = {.visits = sizeof(wc_uct_block) + num_actions * sizeof(uint32_t)};
    layout.q_value = layout.visits + num_actions * sizeof(uint32_t);
    layout.bonus = layout.q_value + doubles;
    layout.reward = layout.raw = layout.bonus + doubles;
    layout.bytes = layout.reward + doubles;
    if (config->hooks.shape != NULL) {
        layout.raw = layout.bytes;
        layout.bytes += doubles;
    }
    if (config->puct) {
        layout.prior = layout.bytes;
        layout.bytes += doubles;
    }
    if (config->shared) {
        layout.mean = layout.bytes;
        layout.pending = layout.mean + doubles;
        layout.bytes = layout.pending + (num_actions + num_actions % 2) * sizeof(uint32_t);
    }
    return layout;
}

/* ---- formulas ---- */

static inline double wc_uct_log_root(double visits) { return visits < 2 ? 0.0 : sqrt(log(visits)); }

/* Makes room for one more of an array. Returns 0 where memory or the limit forbids it. */
static inline int wc_uct_grow(wc_uct_tree *tree, wc_array *array, uint32_t *capacity, size_t item_bytes) {
    const uint64_t wanted = *capacity < 16 ? 16 : *capacity + (uint64_t)*capacity / 2;
    const size_t more = (size_t)(wanted - *capacity) * item_bytes;
    if (wanted >= UINT32_MAX || more > tree->config.memory_limit - wc_uct_tree_bytes(tree)) return 0;
    if (!wc_array_enlarge(array, (size_t)wanted * item_bytes)) return 0;
    *capacity = (uint32_t)wanted;
    tree->bytes += more;
    tree->table.memory_limit = tree->config.memory_limit - tree->bytes;
    tree->nodes = tree->nodes_array.memory;
    tree->blocks = tree->blocks_array.memory;
    tree->ways = tree->ways_array.memory;
    tree->roots = tree->roots_array.memory;
    return 1;
}

/* Computes the roots of a number of visits, and keeps them where it is the next one that the table lacks: no state is
 * visited more often than the root of the tree, so that the table grows with the simulations, a logarithm for each. */
static __attribute__((noinline)) wc_uct_roots wc_uct_new_roots(wc_uct_tree *tree, uint32_t visits) {
    const wc_uct_roots roots = {wc_uct_log_root((double)visits),
                                visits == 0 ? 0.0 : tree->config.exploration / sqrt((double)visits)};
    if (visits != tree->num_roots || visits >= WC_UCT_TABLED) return roots;
    if (tree->num_roots == tree->root_capacity) {
        const size_t bytes = tree->roots_array.bytes;
        if (bytes + bytes / 2 > tree->config.memory_limit / WC_UCT_TABLE_SHARE) return roots;
        if (!wc_uct_grow(tree, &tree->roots_array, &tree->root_capacity, sizeof(wc_uct_roots))) return roots;
    }
    tree->roots[tree->num_roots++] = roots;
    return roots;
}

static inline double wc_uct_factor(wc_uct_tree *tree, uint32_t visits) {
    if (tree->config.puct) return sqrt(visits < 1 ? 1.0 : (double)visits);
    return visits < tree->num_roots ? tree->roots[visits].factor : wc_uct_new_roots(tree, visits).factor;
}

static inline double wc_uct_bonus(const wc_uct_tree *tree, wc_uct_block *block, int32_t action, uint32_t visits) {
    if (tree->config.puct) return wc_uct_doubles(block, tree->layout.prior)[action] / (1.0 + (double)visits);
    if (visits < tree->num_roots) return tree->roots[visits].bonus;
    return visits == 0 ? 0.0 : tree->config.exploration / sqrt((double)visits);
}

/* The action of the largest score of four, without a branch: which one it is nobody can foresee. */
static inline int32_t wc_uct_largest_of_four(const double *q_values, const double *bonuses, double factor) {
    const double first = q_values[0] + factor * bonuses[0], second = q_values[1] + factor * bonuses[1];
    const double third = q_values[2] + factor * bonuses[2], fourth = q_values[3] + factor * bonuses[3];
    const int32_t low = second > first, high = 2 + (fourth > third);
    const double low_score = second > first ? second : first, high_score = fourth > third ? fourth : third;
    const int32_t is_high = high_score > low_score;
    const int32_t best = low + (high - low) * is_high;
    const double best_score = is_high ? high_score : low_score;
    return best_score == -INFINITY ? WC_UCT_NO_ACTION : best;
}

/* The action of the largest score, or WC_UCT_NO_ACTION where all are closed. */
static inline int32_t wc_uct_best(const wc_uct_tree *tree, wc_uct_block *block) {
    const double *q_values = wc_uct_doubles(block, tree->layout.q_value);
    const double *bonuses = wc_uct_doubles(block, tree->layout.bonus);
    const int32_t num_actions = tree->model->num_actions;
    if (num_actions == 4) return wc_uct_largest_of_four(q_values, bonuses, block->factor);
    double best_score = -INFINITY;
    int32_t best = WC_UCT_NO_ACTION;
    for (int32_t action = 0; action < num_actions; action++) {
        const double score = q_values[action] + block->factor * bonuses[action];
        best = score > best_score ? action : best;
        best_score = score > best_score ? score : best_score;
    }
    return best;
}

/* ---- opening and closing ---- */

/* An action that was never visited: its score is its urgency. */
static inline void wc_uct_make_urgent(const wc_uct_tree *tree, wc_uct_block *block, int32_t action) {
    wc_uct_doubles(block, tree->layout.q_value)[action] = tree->config.first_play_urgency;
    wc_uct_doubles(block, tree->layout.bonus)[action] = wc_uct_bonus(tree, block, action, 0);
}

/* Shuts an action that leads nowhere new; its mean, if it has one, goes to `bonus`. */
static inline void wc_uct_close(const wc_uct_tree *tree, wc_uct_block *block, int32_t action, double mean) {
    wc_uct_doubles(block, tree->layout.q_value)[action] = -INFINITY;
    wc_uct_doubles(block, tree->layout.bonus)[action] = mean;
    block->num_open--;
}

static inline int wc_uct_is_closed(const wc_uct_tree *tree, wc_uct_block *block, int32_t action) {
    return wc_uct_doubles(block, tree->layout.q_value)[action] == -INFINITY;
}

/* The mean return of an action, 0 where it was never visited. */
static inline double wc_uct_mean(const wc_uct_tree *tree, wc_uct_block *block, int32_t action) {
    if (wc_uct_counts(block, tree->layout.visits)[action] == 0) return 0.0;
    if (tree->config.shared) return wc_uct_doubles(block, tree->layout.mean)[action];
    const size_t where = wc_uct_is_closed(tree, block, action) ? tree->layout.bonus : tree->layout.q_value;
    return wc_uct_doubles(block, where)[action];
}

/* The node of a state, made if it is new. Returns a WC_TABLE_... status. */
static inline int wc_uct_intern(wc_uct_tree *tree, const uint64_t *words, uint32_t *node) {
    if (tree->table.count == tree->node_capacity &&
        !wc_uct_grow(tree, &tree->nodes_array, &tree->node_capacity, sizeof(uint32_t))) {
        return WC_TABLE_FULL;
    }
    if (tree->table.count >= WC_UCT_MAX_NODES) return WC_TABLE_FULL;
    const int status = wc_table_insert(&tree->table, words, WC_TABLE_HASH(words, tree->table.num_words), WC_NO_STATE,
                                       node);
    if (status == WC_TABLE_NEW) {
        tree->nodes[*node] = WC_UCT_NO_BLOCK;
        tree->open_edges += (uint64_t)tree->model->num_actions;
    }
    return status;
}

/* Gives a node its block, all actions untried but for their priors. Returns 0 where memory or the limit forbids it. */
static inline int wc_uct_open(wc_uct_tree *tree, uint32_t node, uint32_t visits) {
    const int32_t num_actions = tree->model->num_actions;
    if (tree->num_blocks == tree->block_capacity &&
        !wc_uct_grow(tree, &tree->blocks_array, &tree->block_capacity, tree->layout.bytes)) {
        return 0;
    }
    if (tree->num_blocks == tree->way_capacity &&
        !wc_uct_grow(tree, &tree->ways_array, &tree->way_capacity, sizeof(wc_uct_way))) {
        return 0;
    }
    const uint32_t index = tree->num_blocks++;
    tree->ways[index] = (wc_uct_way){WC_UCT_NO_ACTION, WC_UCT_NO_BLOCK};
    wc_uct_block *block = wc_uct_block_at(tree, index);
    memset(block, 0, tree->layout.bytes);
    *block = (wc_uct_block){wc_uct_factor(tree, visits), node, visits, 0, num_actions, num_actions, 0};
    memset(wc_uct_children(block), 0xff, (size_t)num_actions * sizeof(uint32_t)); /* WC_EDGE_UNTRIED */
    if (!tree->config.puct) { /* with PUCT, once the priors are there */
        for (int32_t action = 0; action < num_actions; action++) wc_uct_make_urgent(tree, block, action);
    }
    tree->nodes[node] = index;
    return 1;
}

/* ---- the tree as a whole ---- */

static inline void wc_uct_tree_free(wc_uct_tree *tree) {
    wc_table_free(&tree->table);
    wc_array_free(&tree->nodes_array);
    wc_array_free(&tree->blocks_array);
    wc_array_free(&tree->ways_array);
    wc_array_free(&tree->roots_array);
    memset(tree, 0, sizeof *tree);
}

/* Returns 0 where there is not even memory for the root; call wc_uct_tree_free either way. */
static inline int wc_uct_tree_init(wc_uct_tree *tree, const wc_model *model, const uint64_t *initial,
                                   const wc_uct_config *config) {
    memset(tree, 0, sizeof *tree);
    tree->model = model;
    tree->config = *config;
    tree->layout = wc_uct_layout_of(model, config);
    uint32_t root;
    return wc_table_init(&tree->table, (uint32_t)model->num_words, 0, config->memory_limit - tree->bytes) &&
           wc_uct_intern(tree, initial, &root) == WC_TABLE_NEW;
}

#endif /* WC_UCT_TREE_H */
