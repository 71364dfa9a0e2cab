/* Best-first search: A*, greedy best-first search and best-first width search.
 *
 * Each distinct state is stored once, with the step that led to it. What is expanded next is what has the least
 * priority, ties by the order of generation:
 *
 *     A*       (g + h, h)                   g steps so far, h the estimate (Hart, Nilsson and Raphael 1968); a state
 *                                           that is met again on a shorter way is opened again. An h of 0 counts as 1
 *                                           in the sum: a state that is stored is no goal. So the first goal that is
 *                                           generated ends a shortest plan, if h never exceeds the distance
 *     greedy   (h, g)
 *     width    (novelty, remaining, h, g)   best-first width search (Lipovetzky and Geffner 2017): novelty within the
 *                                           partition of equal progress and equally many unmet patterns;
 *                                           remaining = unmet patterns less the progress in whole rewards
 *
 * Progress is what the rewards on the way add up to beyond the usual one (the most frequent of the root's steps).
 *
 * An estimate that says *dead end* is not believed, only put off: such states come after all others, so that a search
 * which ends without a plan has seen the whole space whatever its estimates are worth.
 *
 * Macro closure: where a mask of *free* bits is given (those of the agent), a step that changes no other bits is
 * expanded at once, whatever its priority, in the order of generation: one choice from the open list expands the
 * whole region that the agent can walk without changing anything else, and estimates are made only where something
 * else changes.
 *
 * A goal is a step with done and a positive reward, tested when it is generated.
 */
#ifndef WC_BEST_FIRST_H
#define WC_BEST_FIRST_H

#include <math.h>

#include "wc_estimate.h"
#include "wc_heap.h"
#include "wc_novelty.h"
#include "wc_children.h"

enum { WC_BEST_ASTAR = 0, WC_BEST_GREEDY = 1, WC_BEST_WIDTH = 2 };
enum { WC_NODE_CLOSED = 1, WC_NODE_WALKED = 2 /* waits in the region */ };
enum { WC_BEST_CHECK = 64 /* expansions between two looks at the clock, at most */ };
#define WC_BEST_SLOW_CHECK 1e-3 /* seconds between two looks at the clock, at most */

#define WC_PROGRESS_UNIT 1024
#define WC_PROGRESS_STEP_LIMIT (1 << 20)
#define WC_PROGRESS_LIMIT (1 << 30)
#define WC_PRIORITY_DEAD (UINT64_C(1) << 63)
#define WC_REMAINING_ZERO (1 << 15)

typedef struct wc_best_config {
    int evaluation;                /* WC_BEST_... */
    const wc_estimator *estimator; /* NULL: all estimates are 0 */
    const wc_field *fields;        /* for novelty */
    uint32_t num_fields;
    uint32_t novelty_width;        /* 1 or 2 */
    uint32_t nearest_turns;        /* with width and an estimator: every so-manieth choice is by (h, g); 0: none */
    const uint64_t *free_bits;     /* [W], or NULL: no macro closure */
    size_t memory_limit;
} wc_best_config;

typedef struct wc_best_node {
    uint32_t steps;    /* g */
    uint32_t distance; /* h */
    int32_t progress;  /* in units of 1 / WC_PROGRESS_UNIT */
    uint16_t unmet;
    uint16_t flags;
} wc_best_node;

typedef struct wc_best {
    wc_best_config config;
    wc_children successors;
    wc_table table;
    wc_array nodes_array;
    wc_best_node *nodes;  /* [capacity] */
    uint32_t capacity;
    wc_heap open;
    wc_heap near;         /* the same states by (h, g), where the two take turns */
    uint32_t turn;        /* choices since the last one from `near` */
    wc_array region_array;
    uint32_t *region;     /* a queue of states that the agent walks to */
    uint32_t region_head;
    uint32_t region_count;
    uint32_t region_capacity;
    wc_novelty novelty;
    double usual_reward;
    uint64_t expanded;
    uint64_t generated;
    uint32_t goal_parent;
    int32_t goal_action;
    wc_halt halt;
} wc_best;

static inline void wc_best_free(wc_best *search) {
    wc_children_free(&search->successors);
    wc_table_free(&search->table);
    wc_array_free(&search->nodes_array);
    wc_array_free(&search->region_array);
    wc_heap_free(&search->open);
    wc_heap_free(&search->near);
    wc_novelty_free(&search->novelty);
    memset(search, 0, sizeof *search);
}

/* Bytes held by the search, but for the table. */
static inline size_t wc_best_other_bytes(const wc_best *search) {
    return search->successors.bytes + search->nodes_array.bytes + search->region_array.bytes +
           search->open.array.bytes + search->near.array.bytes + wc_novelty_bytes(&search->novelty);
}

static inline size_t wc_best_bytes(const wc_best *search) {
    return search->table.bytes + wc_best_other_bytes(search);
}

static inline size_t wc_best_room(const wc_best *search) {
    const size_t bytes = wc_best_bytes(search);
    return bytes < search->config.memory_limit ? search->config.memory_limit - bytes : 0;
}

/* The priority of a state on an open list that looks at estimates alone. */
static inline uint64_t wc_best_nearness(const wc_best_node *node) {
    if (node->distance == WC_DEAD_END) return WC_PRIORITY_DEAD | node->steps;
    return (uint64_t)node->distance << 32 | node->steps;
}

/* The priority of a state; measures its novelty where that is asked for. */
static inline uint64_t wc_best_priority(wc_best *search, const uint64_t *state, const wc_best_node *node) {
    if (node->distance == WC_DEAD_END || search->config.evaluation == WC_BEST_GREEDY) return wc_best_nearness(node);
    const uint64_t distance = node->distance;
    if (search->config.evaluation == WC_BEST_ASTAR) {
        return (node->steps + (distance == 0 ? 1 : distance)) << 32 | distance;
    }
    const uint64_t low = (1 << 20) - 1;
    const int32_t remaining = WC_REMAINING_ZERO + node->unmet - (node->progress >> 10);
    const uint64_t bounded = remaining < 0 ? 0 : remaining > 0xffff ? 0xffff : (uint64_t)remaining;
    const uint64_t rank = wc_novelty_rank(&search->novelty, state, (uint64_t)(uint32_t)node->progress, node->unmet);
    return rank << 56 | bounded << 40 | (distance < low ? distance : low) << 20 |
           (node->steps < low ? node->steps : low);
}

static inline void wc_best_estimate(const wc_best *search, const uint64_t *state, wc_best_node *node) {
    const wc_estimate estimate = wc_estimate_state(search->config.estimator, state);
    node->distance = estimate.distance < INT32_MAX || estimate.distance == WC_DEAD_END ? estimate.distance : INT32_MAX;
    node->unmet = estimate.unmet < UINT16_MAX ? (uint16_t)estimate.unmet : UINT16_MAX;
}

/* Makes room for a node more, and tells the table what memory is left to it. Returns 0 where there is none. */
static inline int wc_best_ensure(wc_best *search) {
    if (search->table.count == search->capacity) {
        const uint32_t more = search->capacity < (1u << 16) ? search->capacity : search->capacity / 8;
        const size_t capacity = search->capacity == 0 ? WC_TABLE_FIRST_CAPACITY : (size_t)search->capacity + more;
        const size_t bytes = capacity * sizeof(wc_best_node);
        if (bytes - search->nodes_array.bytes > wc_best_room(search)) return 0;
        if (capacity > UINT32_MAX || !wc_array_enlarge(&search->nodes_array, bytes)) return 0;
        search->nodes = search->nodes_array.memory;
        search->capacity = (uint32_t)capacity;
    }
    const size_t others = wc_best_other_bytes(search);
    if (others > search->config.memory_limit) return 0;
    search->table.memory_limit = search->config.memory_limit - others;
    return 1;
}

/* Stores a state that may be new. Returns what wc_table_insert does. */
static inline int wc_best_store(wc_best *search, const uint64_t *words, uint32_t parent, uint32_t *index) {
    wc_table *table = &search->table;
    const uint32_t num_words = table->num_words;
    const uint64_t state_hash = wc_hash_words(words, num_words);
    wc_table_end end = wc_table_probe(table, words, state_hash);
    if (end.slot != 0) {
        *index = (end.slot & wc_table_index_mask(table)) - 1;
        return WC_TABLE_FOUND;
    }
    const uint32_t slot_bits = table->slot_bits;
    if (!wc_best_ensure(search) || !wc_table_ensure(table, 1)) return WC_TABLE_FULL;
    if (table->slot_bits != slot_bits) end = wc_table_probe(table, words, state_hash);
    *index = wc_table_store(table, words, state_hash, end.place, parent, num_words);
    return WC_TABLE_NEW;
}

/* Whether states are on two open lists, which take turns. */
static inline int wc_best_takes_turns(const wc_best *search) {
    return search->config.nearest_turns != 0 && search->config.evaluation == WC_BEST_WIDTH &&
           search->config.estimator != NULL;
}

/* Puts a state on the open lists. */
static inline int wc_best_open(wc_best *search, const uint64_t *state, uint32_t index) {
    const wc_best_node *node = &search->nodes[index];
    const uint64_t priority = wc_best_priority(search, state, node);
    if (!wc_heap_push(&search->open, priority, index, search->open.array.bytes + wc_best_room(search))) return 0;
    if (!wc_best_takes_turns(search)) return 1;
    return wc_heap_push(&search->near, wc_best_nearness(node), index, search->near.array.bytes + wc_best_room(search));
}

/* Puts a state into the region that is being walked. */
static inline int wc_best_walk(wc_best *search, uint32_t index) {
    if (search->region_count == search->region_capacity) {
        const uint32_t capacity = search->region_capacity == 0 ? WC_TABLE_FIRST_CAPACITY : 2 * search->region_capacity;
        const size_t bytes = (size_t)capacity * sizeof(uint32_t);
        if (bytes - search->region_array.bytes > wc_best_room(search)) return 0;
        if (!wc_array_enlarge(&search->region_array, bytes)) return 0;
        search->region = search->region_array.memory;
        search->region_capacity = capacity;
    }
    search->region[search->region_count++] = index;
    search->nodes[index].flags |= WC_NODE_WALKED;
    return 1;
}

/* Returns 0 where there is not even memory for the root; call wc_best_free either way. */
static inline int wc_best_init(wc_best *search, const wc_model *model, const uint64_t *initial,
                               const wc_best_config *config) {
    memset(search, 0, sizeof *search);
    search->config = *config;
    search->goal_parent = WC_NO_STATE;
    if (!wc_children_init(&search->successors, model, config->memory_limit)) return 0;
    const size_t left = config->memory_limit - search->successors.bytes;
    if (config->evaluation == WC_BEST_WIDTH &&
        !wc_novelty_init(&search->novelty, config->fields, config->num_fields, config->novelty_width, left / 4)) {
        return 0;
    }
    if (wc_best_other_bytes(search) > config->memory_limit) return 0;
    if (!wc_table_init(&search->table, (uint32_t)model->num_words, 1,
                       config->memory_limit - wc_best_other_bytes(search))) {
        return 0;
    }
    uint32_t root;
    if (wc_best_store(search, initial, WC_NO_STATE, &root) != WC_TABLE_NEW) return 0;
    wc_best_node *node = &search->nodes[root];
    *node = (wc_best_node){0, 0, 0, 0, 0};
    wc_best_estimate(search, initial, node);
    return wc_best_open(search, initial, root);
}

/* The most frequent reward of the steps just made that do not end the episode; the least of them where they tie. */
static inline double wc_best_usual_reward(const wc_children *successors) {
    const int32_t num_actions = successors->model->num_actions;
    double usual = 0.0;
    int32_t most = 0;
    for (int32_t action = 0; action < num_actions; action++) {
        if (successors->statuses[action] != WC_STATUS_OK || successors->dones[action]) continue;
        int32_t times = 0;
        for (int32_t other = 0; other < num_actions; other++) {
            times += successors->statuses[other] == WC_STATUS_OK && !successors->dones[other] &&
                     successors->rewards[other] == successors->rewards[action];
        }
        if (times > most || (times == most && successors->rewards[action] < usual)) {
            most = times;
            usual = successors->rewards[action];
        }
    }
    return usual;
}

static inline int32_t wc_best_progress(const wc_best *search, int32_t progress, double reward) {
    const double scaled = floor((reward - search->usual_reward) * WC_PROGRESS_UNIT + 0.5);
    const int32_t gain = scaled > WC_PROGRESS_STEP_LIMIT    ? WC_PROGRESS_STEP_LIMIT
                         : scaled < -WC_PROGRESS_STEP_LIMIT ? -WC_PROGRESS_STEP_LIMIT
                         : scaled == scaled                 ? (int32_t)scaled
                                                            : 0;
    const int32_t sum = progress + gain;
    return sum > WC_PROGRESS_LIMIT ? WC_PROGRESS_LIMIT : sum < -WC_PROGRESS_LIMIT ? -WC_PROGRESS_LIMIT : sum;
}

/* Whether a step changed free bits alone. */
static inline int wc_best_is_free(const wc_best *search, const uint64_t *next) {
    if (search->config.free_bits == NULL) return 0;
    for (uint32_t word = 0; word < search->table.num_words; word++) {
        if ((search->successors.state[word] ^ wc_load_word(next + word)) & ~search->config.free_bits[word]) return 0;
    }
    return 1;
}

/* Takes in one successor of `parent` that goes on. Returns 0 where memory is short. */
static inline int wc_best_take(wc_best *search, uint32_t parent, int32_t action) {
    const uint64_t *words = wc_child(&search->successors, action);
    const wc_best_node from = search->nodes[parent];
    uint32_t index;
    const int stored = wc_best_store(search, words, parent, &index);
    if (stored == WC_TABLE_FULL) return 0;
    const int is_free = wc_best_is_free(search, words);
    wc_best_node *node = &search->nodes[index];
    const uint32_t steps = from.steps + 1;
    if (stored == WC_TABLE_FOUND) {
        if (search->config.evaluation == WC_BEST_ASTAR && steps < node->steps) {
            node->steps = steps;
            node->flags = 0;
            search->table.parents[index] = parent;
            return wc_best_open(search, words, index);
        }
        return !is_free || node->flags != 0 || wc_best_walk(search, index);
    }
    const int32_t progress = wc_best_progress(search, from.progress, search->successors.rewards[action]);
    *node = (wc_best_node){steps, from.distance, progress, from.unmet, 0};
    if (is_free) return wc_best_walk(search, index);
    wc_best_estimate(search, words, node);
    return wc_best_open(search, words, index);
}

/* Whether a successor is the state itself, or the one that it was first reached from: both are closed, and no further
 * from the root, so that there is nothing to take in. */
static inline int wc_best_leads_back(const wc_best *search, uint32_t index, const uint64_t *words) {
    const wc_table *table = &search->table;
    if (wc_words_equal(words, search->successors.state, table->num_words)) return 1;
    const uint32_t before = table->parents[index];
    return before != WC_NO_STATE && wc_words_equal(words, wc_table_words(table, before), table->num_words);
}

static inline wc_search_status wc_best_expand(wc_best *search, uint32_t index, double deadline) {
    wc_children *successors = &search->successors;
    if (!wc_children_make(successors, wc_table_words(&search->table, index), deadline)) return WC_SEARCH_TIME;
    if (search->expanded++ == 0) search->usual_reward = wc_best_usual_reward(successors);
    search->nodes[index].flags |= WC_NODE_CLOSED;
    for (int32_t action = 0; action < successors->model->num_actions; action++) {
        const int32_t status = successors->statuses[action];
        if (status != WC_STATUS_OK) {
            if (status == WC_STATUS_FAILED) continue;
            search->halt = (wc_halt){successors->state, action, status};
            return WC_SEARCH_HALTED;
        }
        search->generated++;
        if (successors->dones[action]) {
            if (!wc_is_goal(successors->rewards[action], 1)) continue;
            search->goal_parent = index;
            search->goal_action = action;
            return WC_SEARCH_SOLVED;
        }
        if (wc_best_leads_back(search, index, wc_child(successors, action))) continue;
        if (!wc_best_take(search, index, action)) return WC_SEARCH_MEMORY;
    }
    return WC_SEARCH_PAUSED;
}

/* Whether an open list has a state left; drops what was expanded meanwhile off its head. */
static inline int wc_best_is_open(const wc_best *search, wc_heap *list) {
    while (list->count > 0) {
        if (!(search->nodes[list->entries[0].index].flags & WC_NODE_CLOSED)) return 1;
        wc_heap_pop(list);
    }
    return 0;
}

/* Whether a state is left to expand. Both open lists have the same ones. */
static inline int wc_best_has_next(wc_best *search) {
    if (search->region_head < search->region_count) return 1;
    search->region_head = search->region_count = 0;
    return wc_best_is_open(search, &search->open) &&
           (!wc_best_takes_turns(search) || wc_best_is_open(search, &search->near));
}

/* The state to expand next, where there is one. */
static inline uint32_t wc_best_next(wc_best *search) {
    if (search->region_head < search->region_count) return search->region[search->region_head++];
    if (!wc_best_takes_turns(search)) return wc_heap_pop(&search->open).index;
    wc_heap *list = ++search->turn < search->config.nearest_turns ? &search->open : &search->near;
    if (list == &search->near) search->turn = 0;
    return wc_heap_pop(list).index;
}

/* Makes room in large tables turn by turn. Returns 0 where it is to be called again before the next expansion. */
static inline int wc_best_prepare(wc_best *search) {
    wc_novelty *novelty = &search->novelty;
    if (search->table.count < WC_TABLE_LARGE && novelty->seen.count < WC_TABLE_LARGE) return 1;
    const uint32_t num_actions = (uint32_t)search->successors.model->num_actions;
    if (search->table.is_growing || (wc_table_is_short(&search->table, num_actions) && wc_best_ensure(search))) {
        if (!wc_table_prepare(&search->table, num_actions)) return 0;
    }
    return novelty->seen.slots == NULL || wc_table_prepare(&novelty->seen, WC_TABLE_TURN);
}

/* Runs until the slice is over or the search ends. After WC_SEARCH_PAUSED call it again. */
static inline wc_search_status wc_best_run(wc_best *search, const wc_limits *limits) {
    double now = wc_clock_seconds();
    uint32_t left = 0, interval = 1;
    for (;;) {
        if (!wc_best_has_next(search)) return WC_SEARCH_EXHAUSTED;
        if (search->expanded >= limits->budget) return WC_SEARCH_BUDGET;
        if (left == 0) {
            const double start = now;
            now = wc_clock_seconds();
            if (now > limits->deadline) return WC_SEARCH_TIME;
            if (now > limits->slice_end) return WC_SEARCH_PAUSED;
            if (now - start > WC_BEST_SLOW_CHECK) {
                interval = 1;
            } else if (interval < WC_BEST_CHECK) {
                interval *= 2;
            }
            left = interval;
        }
        if (!wc_best_prepare(search)) {
            left = 0;
            continue;
        }
        left--;
        const wc_search_status status = wc_best_expand(search, wc_best_next(search), limits->deadline);
        if (status != WC_SEARCH_PAUSED) return status;
    }
}

/* The number of actions of the plan, the last one included. Only where solved. */
static inline uint32_t wc_best_plan_length(const wc_best *search) {
    uint32_t length = 1;
    for (uint32_t index = search->goal_parent; search->table.parents[index] != WC_NO_STATE; length++) {
        index = search->table.parents[index];
    }
    return length;
}

/* Writes the plan to actions[wc_best_plan_length]: between a parent and its child, the first action that leads there.
 * Returns 0 where the model contradicts itself: a step that led from a parent to its child no longer does. */
static inline int wc_best_plan(wc_best *search, int32_t *actions) {
    const wc_table *table = &search->table;
    const wc_children *successors = &search->successors;
    uint32_t position = wc_best_plan_length(search);
    actions[--position] = search->goal_action;
    for (uint32_t child = search->goal_parent; position > 0; child = table->parents[child]) {
        int32_t action = 0;
        wc_children_make(&search->successors, wc_table_words(table, table->parents[child]), INFINITY);
        for (;; action++) {
            if (action == successors->model->num_actions) return 0;
            if (successors->statuses[action] == WC_STATUS_OK && !successors->dones[action] &&
                wc_words_equal(wc_child(successors, action), wc_table_words(table, child), table->num_words)) {
                break;
            }
        }
        actions[--position] = action;
    }
    return 1;
}

#endif /* WC_BEST_FIRST_H */
