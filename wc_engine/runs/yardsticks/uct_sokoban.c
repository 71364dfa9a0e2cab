/* UCT on Sokoban by hand, for one level and one setting: the yardstick for the general search of csrc/wc_uct.h.
 *
 * The same algorithm to the last bit (states expanded once, untried actions first, solved subtrees pruned), so that the
 * trees must be equal, and all that a program for one purpose can spare: the model is compiled into the search, a state
 * is one word, there are four actions, arrays have their final size from the start, nothing can fail, no clock is
 * looked at, no plan is kept, and the index of states is as large as it needs to be.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "c_sokoban.c"

#include "wc_hash.h"
#include "wc_memory.h"
#include "wc_rng.h"

enum { TABLED = 1 << 16 };
#define NO_NODE UINT32_MAX
#define UNTRIED UINT32_MAX
#define CLOSED (UINT32_MAX - 1)

/* A state with all that is known of its actions: 168 bytes. */
typedef struct node {
    uint64_t words;
    double factor;       /* sqrt(ln visits) */
    uint32_t visits;
    int32_t num_untried;
    int32_t num_open;
    uint32_t child[NUM_ACTIONS];
    uint32_t child_visits[NUM_ACTIONS];
    double q_value[NUM_ACTIONS]; /* minus infinity: closed */
    double bonus[NUM_ACTIONS];   /* c / sqrt(visits) */
    double reward[NUM_ACTIONS];
} node;

typedef struct visit {
    uint32_t node;
    int32_t action;
} visit;

typedef struct uct {
    const sokoban *problem;
    double exploration, discount;
    uint32_t depth_limit, rollout_depth;
    node *nodes;
    uint32_t count;
    uint32_t *slots; /* index + 1, 0: empty */
    uint32_t slot_mask;
    double factors[TABLED], bonuses[TABLED]; /* those below num_tabled: it grows with the visits of the root */
    uint32_t num_tabled;
    wc_rng rng;
    visit *path;
    uint32_t length;
} uct;

static inline double log_root(uint32_t visits) { return visits < 2 ? 0.0 : sqrt(log((double)visits)); }

static inline double factor_of(uct *search, uint32_t visits) {
    if (visits < search->num_tabled) return search->factors[visits];
    const double factor = log_root(visits);
    if (visits == search->num_tabled && visits < TABLED) {
        search->factors[visits] = factor;
        search->bonuses[visits] = visits == 0 ? 0.0 : search->exploration / sqrt((double)visits);
        search->num_tabled++;
    }
    return factor;
}

static inline double bonus_of(const uct *search, uint32_t visits) {
    return visits < search->num_tabled ? search->bonuses[visits] : search->exploration / sqrt((double)visits);
}

/* The node of a state, made if it is new; NO_NODE where it was known. */
static inline uint32_t add(uct *search, uint64_t words) {
    uint32_t place = (uint32_t)wc_hash_words(&words, 1) & search->slot_mask;
    while (search->slots[place] != 0) {
        if (search->nodes[search->slots[place] - 1].words == words) return NO_NODE;
        place = (place + 1) & search->slot_mask;
    }
    const uint32_t index = search->count++;
    search->slots[place] = index + 1;
    node *new_node = search->nodes + index;
    *new_node = (node){.words = words, .num_untried = NUM_ACTIONS, .num_open = NUM_ACTIONS};
    for (int32_t action = 0; action < NUM_ACTIONS; action++) new_node->child[action] = UNTRIED;
    return index;
}

static inline int32_t draw_untried(uct *search, const node *here) {
    uint32_t left = wc_rng_below(&search->rng, (uint32_t)here->num_untried);
    for (int32_t action = 0;; action++) {
        if (here->child[action] == UNTRIED && left-- == 0) return action;
    }
}

static inline int32_t best_action(const node *here) {
    double best_score = here->q_value[0] + here->factor * here->bonus[0];
    int32_t best = 0;
    for (int32_t action = 1; action < NUM_ACTIONS; action++) {
        const double score = here->q_value[action] + here->factor * here->bonus[action];
        best = score > best_score ? action : best;
        best_score = score > best_score ? score : best_score;
    }
    return best;
}

static inline double rollout(uct *search, uint64_t words) {
    double value = 0.0, weight = 1.0;
    for (uint32_t depth = 0; depth < search->rollout_depth; depth++) {
        uint8_t done;
        value += weight * move(search->problem, &words, (int32_t)wc_rng_below(&search->rng, NUM_ACTIONS), &done);
        weight *= search->discount;
        if (done) break;
    }
    return value;
}

/* One simulation. Returns 0 where nothing is left to search. */
static inline int simulate(uct *search) {
    uint32_t here = 0, leaf = NO_NODE;
    int closing = 0;
    double value = 0.0;
    search->length = 0;
    if (search->nodes[0].num_open == 0) return 0;
    for (;;) {
        node *at = search->nodes + here;
        if (at->num_untried == 0) {
            if (at->num_open == 0) { /* all its actions turned out to lead nowhere */
                at->factor = factor_of(search, ++at->visits);
                value = rollout(search, at->words);
                closing = 1;
                break;
            }
            const int32_t action = best_action(at);
            search->path[search->length++] = (visit){here, action};
            here = at->child[action];
            continue;
        }
        const int32_t action = draw_untried(search, at);
        uint64_t next = at->words;
        uint8_t done;
        at->num_untried--;
        at->reward[action] = move(search->problem, &next, action, &done);
        const uint32_t child = done ? NO_NODE : add(search, next);
        if (child == NO_NODE && !done) { /* known: closed, and another action is chosen */
            at->child[action] = CLOSED;
            at->q_value[action] = -INFINITY;
            at->num_open--;
            continue;
        }
        at->child[action] = child;
        search->path[search->length++] = (visit){here, action};
        closing = done || search->length == search->depth_limit;
        if (!done) {
            leaf = child;
            value = rollout(search, next);
            search->nodes[leaf].visits = 1;
        }
        break;
    }
    for (uint32_t depth = search->length; depth-- > 0;) {
        node *at = search->nodes + search->path[depth].node;
        const int32_t action = search->path[depth].action;
        value = at->reward[action] + search->discount * value;
        const uint32_t visits = ++at->child_visits[action];
        at->q_value[action] = visits == 1 ? value : at->q_value[action] + (value - at->q_value[action]) / visits;
        at->bonus[action] = bonus_of(search, visits);
        at->factor = factor_of(search, ++at->visits);
        if (!closing) continue;
        at->bonus[action] = at->q_value[action];
        at->q_value[action] = -INFINITY;
        closing = --at->num_open == 0;
    }
    return 1;
}

/* Runs `simulations` from a state of one word; writes the visits of its actions. Returns the states stored, 0 where
 * there is no memory. The level must have no reachable goal: none is looked for. */
uint32_t sokoban_uct(const void *problem, uint64_t initial, uint32_t simulations, double exploration, double discount,
                     uint32_t depth_limit, uint32_t rollout_depth, uint64_t seed, uint32_t *visits) {
    uct search = {.problem = problem, .exploration = exploration, .discount = discount, .depth_limit = depth_limit,
                  .rollout_depth = rollout_depth, .rng = {seed}};
    wc_array nodes = {0}, slots = {0};
    uint32_t slot_count = 2;
    while (slot_count < 2 * simulations) slot_count *= 2;
    search.slot_mask = slot_count - 1;
    if (!wc_array_zeros(&nodes, (simulations + 1) * sizeof(node))) return 0;
    if (!wc_array_zeros(&slots, slot_count * sizeof(uint32_t))) return 0;
    search.nodes = nodes.memory;
    search.slots = slots.memory;
    search.path = malloc(depth_limit * sizeof(visit));
    factor_of(&search, 0);
    add(&search, initial);
    for (uint32_t count = 0; count < simulations && simulate(&search); count++) continue;
    memcpy(visits, search.nodes[0].child_visits, sizeof search.nodes[0].child_visits);
    const uint32_t stored = search.count;
    free(search.path);
    wc_array_free(&nodes);
    wc_array_free(&slots);
    return stored;
}
