/* A part of a model, exhausted: every state that can be reached from some roots, and how far each is from a goal.
 *
 * The model is one that was bound to a part of the real state (most entities deleted), so that its space is small.
 * Steps are explored forward and kept; distances are measured backward from the states that are said to be goals, and
 * from those that a step with done and a positive reward leads to. Such a step does not end the exploration: what is a
 * goal of the part may lie on the way of the whole. A step costs 1, or 0 where it changes *free* bits alone.
 */
#ifndef WC_PROJECTION_H
#define WC_PROJECTION_H

#include "wc_estimate.h"
#include "wc_children.h"

#define WC_PROJECTION_NO_CHILD UINT32_MAX
enum { WC_PROJECTION_CHECK = 256 };

typedef struct wc_projection {
    wc_children successors;
    wc_table table;
    wc_array children_array;
    uint32_t *children;  /* [count][A]: a state or WC_PROJECTION_NO_CHILD */
    uint32_t capacity;
    uint32_t cursor;     /* the next state to expand */
    wc_array goals_array;
    uint8_t *goals;      /* [table.capacity]: states that a step with done and a positive reward leads to */
    uint32_t goals_capacity;
    uint64_t goal_steps; /* such steps */
    uint64_t generated;
    wc_array distances_array;
    uint32_t *distances; /* [count] once measured */
    size_t memory_limit;
} wc_projection;

static inline void wc_projection_free(wc_projection *projection) {
    wc_children_free(&projection->successors);
    wc_table_free(&projection->table);
    wc_array_free(&projection->children_array);
    wc_array_free(&projection->goals_array);
    wc_array_free(&projection->distances_array);
    memset(projection, 0, sizeof *projection);
}

static inline size_t wc_projection_bytes(const wc_projection *projection) {
    return projection->successors.bytes + projection->table.bytes + projection->children_array.bytes +
           projection->goals_array.bytes + projection->distances_array.bytes;
}

/* Returns 0 where memory or the limit forbids it; call wc_projection_free either way. */
static inline int wc_projection_init(wc_projection *projection, const wc_model *model, size_t memory_limit) {
    memset(projection, 0, sizeof *projection);
    projection->memory_limit = memory_limit;
    return wc_children_init(&projection->successors, model, memory_limit) &&
           wc_table_init(&projection->table, (uint32_t)model->num_words, 0,
                         memory_limit - projection->successors.bytes);
}

/* Stores a state. Returns 0 where there is no room. */
static inline int wc_projection_store(wc_projection *projection, const uint64_t *words, uint32_t *index) {
    const uint32_t num_words = projection->table.num_words;
    return wc_table_insert(&projection->table, words, wc_hash_words(words, num_words), WC_NO_STATE, index) !=
           WC_TABLE_FULL;
}

/* Makes room for the children of all states stored. */
static inline int wc_projection_grow(wc_projection *projection) {
    if (projection->cursor < projection->capacity) return 1;
    const uint32_t capacity = projection->capacity == 0 ? 256 : 2 * projection->capacity;
    const size_t bytes = (size_t)capacity * (size_t)projection->successors.model->num_actions * sizeof(uint32_t);
    if (wc_projection_bytes(projection) - projection->children_array.bytes + bytes > projection->memory_limit) return 0;
    if (!wc_array_enlarge(&projection->children_array, bytes)) return 0;
    projection->children = projection->children_array.memory;
    projection->capacity = capacity;
    return 1;
}

/* Notes that a state is a goal. Returns 0 where there is no memory. */
static inline int wc_projection_mark_goal(wc_projection *projection, uint32_t state) {
    if (projection->goals_capacity < projection->table.capacity) {
        const uint32_t capacity = projection->table.capacity;
        const size_t others = wc_projection_bytes(projection) - projection->goals_array.bytes;
        if (others + capacity > projection->memory_limit) return 0;
        if (!wc_array_enlarge(&projection->goals_array, capacity)) return 0;
        projection->goals = projection->goals_array.memory;
        memset(projection->goals + projection->goals_capacity, 0, capacity - projection->goals_capacity);
        projection->goals_capacity = capacity;
    }
    projection->goals[state] = 1;
    projection->goal_steps++;
    return 1;
}

static inline int wc_projection_expand(wc_projection *projection, double deadline) {
    wc_children *successors = &projection->successors;
    const int32_t num_actions = successors->model->num_actions;
    const uint32_t state = projection->cursor;
    if (!wc_projection_grow(projection)) return 0;
    if (!wc_children_make(successors, wc_table_words(&projection->table, state), deadline)) return 0;
    uint32_t *children = projection->children + (size_t)state * (size_t)num_actions;
    for (int32_t action = 0; action < num_actions; action++) {
        children[action] = WC_PROJECTION_NO_CHILD;
        if (successors->statuses[action] == WC_STATUS_FAILED) continue;
        if (successors->statuses[action] != WC_STATUS_OK) return 0;
        projection->generated++;
        const int is_goal = wc_is_goal(successors->rewards[action], successors->dones[action]);
        if (successors->dones[action] && !is_goal) continue;
        if (!wc_projection_store(projection, wc_child(successors, action), &children[action])) return 0;
        if (is_goal && !wc_projection_mark_goal(projection, children[action])) return 0;
    }
    projection->cursor++;
    return 1;
}

/* Explores all that can be reached, until the slice is over. EXHAUSTED: that was everything; PAUSED: call it again;
 * BUDGET: there are more than `max_states` states, no memory, no time, or a step without an answer. */
static inline wc_search_status wc_projection_explore(wc_projection *projection, uint32_t max_states, double slice_end,
                                                     double deadline) {
    projection->table.memory_limit = projection->memory_limit / 2;
    for (uint32_t expanded = 0; projection->cursor < projection->table.count; expanded++) {
        if (projection->table.count > max_states) return WC_SEARCH_BUDGET;
        if (expanded % WC_PROJECTION_CHECK == 0) {
            const double now = wc_clock_seconds();
            if (now > deadline) return WC_SEARCH_BUDGET;
            if (now > slice_end) return WC_SEARCH_PAUSED;
        }
        if (!wc_projection_expand(projection, deadline)) return WC_SEARCH_BUDGET;
    }
    return WC_SEARCH_EXHAUSTED;
}

/* Whether two states differ in free bits alone. */
static inline int wc_projection_is_free(const wc_projection *projection, uint32_t left, uint32_t right,
                                        const uint64_t *free_bits) {
    if (free_bits == NULL) return 0;
    const uint64_t *left_words = wc_table_words(&projection->table, left);
    const uint64_t *right_words = wc_table_words(&projection->table, right);
    for (uint32_t word = 0; word < projection->table.num_words; word++) {
        if ((left_words[word] ^ right_words[word]) & ~free_bits[word]) return 0;
    }
    return 1;
}

/* The states that lead to each state: starts[count + 1] into the array after them. NULL where there is no memory. */
static inline uint32_t *wc_projection_parents(const wc_projection *projection) {
    const size_t count = projection->cursor, edges = count * (size_t)projection->successors.model->num_actions;
    uint32_t *starts = calloc(count + 2 + edges, sizeof(uint32_t));
    if (starts == NULL) return NULL;
    uint32_t *parents = starts + count + 2;
    for (size_t edge = 0; edge < edges; edge++) {
        if (projection->children[edge] != WC_PROJECTION_NO_CHILD) starts[projection->children[edge] + 2]++;
    }
    for (size_t state = 0; state < count; state++) starts[state + 2] += starts[state + 1];
    for (size_t edge = 0; edge < edges; edge++) {
        const uint32_t child = projection->children[edge];
        if (child == WC_PROJECTION_NO_CHILD) continue;
        parents[starts[child + 1]++] = (uint32_t)(edge / (size_t)projection->successors.model->num_actions);
    }
    return starts;
}

/* Measures all distances, level by level: within a level, states that a free step leads from join it.
 * Returns 0 where there is no memory. is_goal[count] and free_bits[W] may be NULL. */
static inline int wc_projection_measure(wc_projection *projection, const uint8_t *is_goal, const uint64_t *free_bits) {
    const uint32_t count = projection->cursor;
    const size_t bytes = (size_t)count * sizeof(uint32_t);
    if (!wc_array_enlarge(&projection->distances_array, bytes + sizeof(uint32_t))) return 0;
    uint32_t *distances = projection->distances = projection->distances_array.memory;
    uint32_t *starts = wc_projection_parents(projection);
    uint32_t *queues = malloc(4 * bytes + sizeof(uint32_t)); /* a state joins a queue at most twice */
    if (starts == NULL || queues == NULL) {
        free(starts);
        free(queues);
        return 0;
    }
    const uint32_t *parents = starts + count + 2;
    uint32_t *level = queues, *next = queues + 2 * (size_t)count;
    size_t level_count = 0, next_count = 0;
    for (uint32_t state = 0; state < count; state++) {
        const int is_reached = state < projection->goals_capacity && projection->goals[state];
        distances[state] = is_reached || (is_goal != NULL && is_goal[state]) ? 0 : WC_DEAD_END;
        if (distances[state] == 0) level[level_count++] = state;
    }
    for (uint32_t distance = 0; level_count > 0 || next_count > 0; distance++) {
        for (size_t place = 0; place < level_count; place++) {
            const uint32_t state = level[place];
            if (distances[state] != distance) continue;
            for (uint32_t at = starts[state]; at < starts[state + 1]; at++) {
                const uint32_t parent = parents[at];
                const int is_free = wc_projection_is_free(projection, parent, state, free_bits);
                const uint32_t through = distance + (is_free ? 0 : 1);
                if (through >= distances[parent]) continue;
                distances[parent] = through;
                if (is_free) {
                    level[level_count++] = parent;
                } else {
                    next[next_count++] = parent;
                }
            }
        }
        uint32_t *emptied = level;
        level = next;
        next = emptied;
        level_count = next_count;
        next_count = 0;
    }
    free(starts);
    free(queues);
    return 1;
}

/* Asks another model's reward function about every step that was explored: reached[count] says whether a step into the
 * state would end with done and a positive reward. Returns 0 where that model has no reward function of its own. */
static inline int wc_projection_probe(const wc_projection *projection, const wc_model *other, void *scratch,
                                      uint8_t *reached) {
    const int32_t num_actions = projection->successors.model->num_actions;
    if (other->reward == NULL) return 0;
    memset(reached, 0, projection->cursor);
    for (uint32_t state = 0; state < projection->cursor; state++) {
        for (int32_t action = 0; action < num_actions; action++) {
            const uint32_t child = projection->children[(size_t)state * (size_t)num_actions + (size_t)action];
            if (child == WC_PROJECTION_NO_CHILD || reached[child]) continue;
            double reward = 0.0;
            uint8_t done = 0;
            const int32_t status =
                other->reward(other->problem, wc_table_words(&projection->table, state), action,
                              wc_table_words(&projection->table, child), &reward, &done, scratch);
            reached[child] = status == WC_STATUS_OK && wc_is_goal(reward, done);
        }
    }
    return 1;
}

#endif /* WC_PROJECTION_H */
