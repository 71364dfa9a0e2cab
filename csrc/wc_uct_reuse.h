/* Keeping a tree of wc_uct.h from one move to the next.
 *
 * What can be reached from the new root is copied, breadth first, into a fresh tree, so that the memory of the rest
 * comes free and indices are dense again. Statistics stay as they are. What was closed because of the old root is open
 * again: actions to states that had their place elsewhere in the old tree are untried, for those states may be gone, and
 * what the depth limit closed lies less deep now. Then closing is done anew from the leaves up.
 */
#ifndef WC_UCT_REUSE_H
#define WC_UCT_REUSE_H

#include "wc_uct.h"

/* Copies what is known of one action of an opened state. Returns 0 where memory or the limit forbids it. */
static inline int wc_uct_copy_action(const wc_uct_tree *old, wc_uct_block *old_block, wc_uct_tree *tree,
                                     uint32_t index, int32_t action) {
    uint32_t child = wc_uct_children(old_block)[action];
    wc_uct_block *block = wc_uct_block_at(tree, index);
    if (child == WC_EDGE_UNTRIED) return 1;
    if (child == WC_EDGE_KNOWN) {
        wc_uct_children(block)[action] = WC_EDGE_UNTRIED;
        wc_uct_make_urgent(tree, block, action);
        block->num_untried++;
        block->num_open++;
        return 1;
    }
    tree->open_edges--;
    if (child >= WC_EDGE_FIRST) return 1;
    if (child & WC_EDGE_BLOCK) child = wc_uct_block_at(old, child & ~WC_EDGE_BLOCK)->node;
    uint32_t node;
    if (wc_uct_intern(tree, wc_table_words(&old->table, child), &node) == WC_TABLE_FULL) return 0;
    wc_uct_children(block)[action] = node;
    if (wc_uct_is_closed(tree, block, action)) {
        const double mean = wc_uct_mean(tree, block, action);
        const uint32_t visits = wc_uct_counts(block, tree->layout.visits)[action];
        wc_uct_doubles(block, tree->layout.q_value)[action] = mean;
        wc_uct_doubles(block, tree->layout.bonus)[action] = wc_uct_bonus(tree, block, action, visits);
        block->num_open++;
    }
    return 1;
}

/* Copies a state's block with the nodes that it leads to. */
static inline int wc_uct_copy_block(const wc_uct_tree *old, uint32_t old_index, wc_uct_tree *tree, uint32_t node) {
    wc_uct_block *old_block = wc_uct_block_at(old, old_index);
    if (!wc_uct_open(tree, node, old_block->visits)) return 0;
    const uint32_t index = tree->nodes[node];
    wc_uct_block *block = wc_uct_block_at(tree, index);
    memcpy(block, old_block, tree->layout.bytes);
    block->node = node;
    for (int32_t action = 0; action < tree->model->num_actions; action++) {
        if (!wc_uct_copy_action(old, old_block, tree, index, action)) return 0;
    }
    return 1;
}

/* Closes actions behind which nothing is left, the last states first. */
static inline void wc_uct_close_again(wc_uct_tree *tree) {
    for (uint32_t index = tree->num_blocks; tree->config.prune_solved && index-- > 0;) {
        wc_uct_block *block = wc_uct_block_at(tree, index);
        for (int32_t action = 0; action < tree->model->num_actions; action++) {
            const uint32_t child = wc_uct_children(block)[action];
            if (child >= WC_EDGE_FIRST) continue;
            const uint32_t behind = wc_uct_block_of(tree, child);
            if (behind == WC_UCT_NO_BLOCK || wc_uct_block_at(tree, behind)->num_open != 0) continue;
            wc_uct_close(tree, block, action, wc_uct_mean(tree, block, action));
        }
    }
}

/* The tree below a state of an old one. Returns 0 where memory or the limit forbids it. */
static inline int wc_uct_copy_tree(const wc_uct_tree *old, uint32_t old_root, wc_uct_tree *tree,
                                   const wc_uct_config *config) {
    if (!wc_uct_tree_init(tree, old->model, wc_table_words(&old->table, old_root), config)) return 0;
    for (uint32_t visits = 0; visits < old->num_roots; visits++) wc_uct_factor(tree, visits);
    for (uint32_t node = 0; node < tree->table.count; node++) {
        const uint64_t *words = wc_table_words(&tree->table, node);
        const uint32_t before = wc_table_find(&old->table, words, WC_TABLE_HASH(words, old->table.num_words));
        if (old->nodes[before] == WC_UCT_NO_BLOCK) continue;
        if (!wc_uct_copy_block(old, old->nodes[before], tree, node)) return 0;
    }
    wc_uct_close_again(tree);
    return 1;
}

/* What is left of the plan, if it begins with a step to the new root. */
static inline void wc_uct_advance_plan(wc_uct *search, uint32_t new_root) {
    const wc_uct_tree *tree = &search->tree;
    if (search->plan_length > 1 && search->root_block != WC_UCT_NO_BLOCK) {
        wc_uct_block *block = wc_uct_block_at(tree, search->root_block);
        uint32_t child = wc_uct_children(block)[search->plan[0]];
        if (child < WC_EDGE_FIRST && child & WC_EDGE_BLOCK) child = wc_uct_block_at(tree, child & ~WC_EDGE_BLOCK)->node;
        if (child == new_root) {
            const double reward = wc_uct_doubles(block, tree->layout.raw)[search->plan[0]];
            search->plan_return = (search->plan_return - reward) / tree->config.discount;
            search->plan_length--;
            memmove(search->plan, search->plan + 1, search->plan_length * sizeof(int32_t));
            return;
        }
    }
    search->plan_length = 0;
    search->plan_return = -INFINITY;
}

/* Forgets a simulation that a pause broke off. */
static inline void wc_uct_break_off(wc_uct *search, wc_uct_walker *walker) {
    if (walker->phase == WC_WALK_DOWN) return;
    wc_uct_withdraw(&search->tree, walker);
    walker->phase = WC_WALK_DOWN;
    search->simulations--;
}

/* Makes `words` the root, with what is known from there on; where that is nothing, or the memory does not hold both
 * trees for the moment, the tree is empty again. Returns 0 where there is not even memory for that. */
static inline int wc_uct_advance(wc_uct *search, const uint64_t *words) {
    wc_uct_tree *old = &search->tree;
    for (int32_t number = 0; number < search->num_walkers; number++) {
        wc_uct_break_off(search, search->walkers + number);
    }
    const wc_model *model = old->model;
    const wc_uct_config config = old->config;
    const size_t fixed = wc_uct_fixed_bytes(model, &config, search->num_walkers); /* in `bytes`, and not the tree's */
    const uint32_t root = wc_table_find(&old->table, words, WC_TABLE_HASH(words, old->table.num_words));
    wc_uct_advance_plan(search, root);
    wc_uct_config rest = config;
    wc_uct_tree tree;
    memset(&tree, 0, sizeof tree);
    rest.memory_limit = config.memory_limit - wc_uct_tree_bytes(old);
    int has_root = root != WC_NO_STATE && wc_uct_copy_tree(old, root, &tree, &rest);
    wc_uct_tree_free(old);
    if (!has_root) {
        wc_uct_tree_free(&tree);
        rest.memory_limit = config.memory_limit - fixed;
        has_root = wc_uct_tree_init(&tree, model, words, &rest);
    }
    tree.config = config;
    tree.bytes += fixed;
    tree.table.memory_limit = config.memory_limit - tree.bytes;
    search->tree = tree;
    search->root_block = has_root ? tree.nodes[WC_UCT_ROOT] : WC_UCT_NO_BLOCK;
    return has_root;
}

#endif /* WC_UCT_REUSE_H */
