/* One window: expanding some states of a table and storing their children, in one thread.
 *
 * Almost every child costs a visit to a random place in memory, so a window works in three passes over its rows: make
 * the children, hash them and ask for their slots; find each one's slot and ask for the words it refers to; compare
 * and store. By the time of each visit the memory is there. Windows do not change the order of anything.
 *
 * Two kinds of children cost no visit: those equal to their parent (a step that changed nothing) and those equal to
 * their parent's parent (a step back). Both are known, and where steps can be undone they are about half of all.
 *
 * A step with done ends the episode: its state is not stored. A failed step is no step.
 */
#ifndef WC_WINDOW_H
#define WC_WINDOW_H

#include "wc_edges.h"
#include "wc_expand.h"
#include "wc_search.h"
#include "wc_table.h"

#define WC_ALWAYS_INLINE inline __attribute__((always_inline))

enum {
    WC_APART = 128,          /* bytes: what threads write at once lies so far apart, two cache lines */
    WC_WINDOW = 48,          /* parents; 32 to 64 do equally well */
    WC_WINDOW_ROWS = 1024,   /* children at most, where there are many actions */
    WC_FRESH_NUMBERS = 64    /* numbers of new states that a thread takes at once */
};

/* A child that is looked for in the table. */
typedef struct wc_row {
    uint64_t state_hash;
    size_t place;    /* of the slot, once located */
    uint32_t parent;
    int32_t action;
} wc_row;

/* What one thread writes into. */
typedef struct wc_explorer {
    void *scratch;
    uint64_t *next;      /* [rows][W], the children of a window, compacted */
    wc_row *rows;        /* [rows] */
    double *rewards;     /* [A] */
    uint8_t *dones;      /* [A] */
    int32_t *statuses;   /* [A] */
    wc_reward_cache *reward_cache; /* where edges are kept */
    uint32_t num_rows;   /* of the present window */
    uint32_t fresh;      /* numbers fresh .. fresh_end - 1 are this thread's to give, where there are several */
    uint32_t fresh_end;
    uint64_t expanded;
    uint64_t generated;
    wc_search_status status; /* SOLVED, HALTED or TIME once the search ends in this thread, else PAUSED */
    uint32_t goal_parent;    /* where solved: the state from which goal_action reaches the goal */
    int32_t goal_action;
    wc_halt halt;
    char apart[WC_APART];
} wc_explorer;

/* What the threads of a search share. */
typedef struct wc_space {
    const wc_model *model;
    wc_table table;
    wc_edges *edges;        /* NULL: the search ends at the first goal and keeps no edges */
    double deadline;
    /* Atomic: numbers handed out, where there are several threads. On lines of its own: all else is only read. */
    char before[WC_APART];
    uint32_t num_numbers;
    char behind[WC_APART];
} wc_space;

static inline void wc_explorer_free(wc_explorer *explorer) {
    free(explorer->scratch);
    free(explorer->next);
    free(explorer->rows);
    free(explorer->rewards);
    free(explorer->dones);
    free(explorer->statuses);
    free(explorer->reward_cache);
    *explorer = (wc_explorer){0};
}

/* Bytes of an explorer for windows of so many rows. */
static inline size_t wc_explorer_bytes(const wc_model *model, size_t rows, int keeps_edges) {
    const size_t row_bytes = (size_t)model->num_words * sizeof(uint64_t) + sizeof(wc_row);
    const size_t action_bytes = sizeof(double) + sizeof(uint8_t) + sizeof(int32_t);
    return rows * row_bytes + (size_t)model->num_actions * action_bytes + model->scratch_bytes +
           (keeps_edges ? sizeof(wc_reward_cache) : 0);
}

/* Returns 0 where there is no memory; call wc_explorer_free either way. */
static inline int wc_explorer_init(wc_explorer *explorer, const wc_model *model, size_t rows, int keeps_edges) {
    const size_t num_actions = (size_t)model->num_actions;
    *explorer = (wc_explorer){0};
    explorer->scratch = wc_scratch_new(model);
    explorer->next = malloc(rows * (size_t)model->num_words * sizeof(uint64_t));
    explorer->rows = malloc(rows * sizeof(wc_row));
    explorer->rewards = malloc(num_actions * sizeof(double));
    explorer->dones = malloc(num_actions * sizeof(uint8_t));
    explorer->statuses = malloc(num_actions * sizeof(int32_t));
    if (keeps_edges) explorer->reward_cache = calloc(1, sizeof(wc_reward_cache));
    return explorer->scratch && explorer->next && explorer->rows && explorer->rewards && explorer->dones &&
           explorer->statuses && (!keeps_edges || explorer->reward_cache);
}

/* All successors of one state into next[A][W] and the explorer's rewards, dones and statuses.
 * Returns 0 where the deadline came between two steps of a slow model. */
static inline int wc_successors(const wc_model *model, wc_explorer *explorer, const uint64_t *state, uint64_t *next,
                                double deadline) {
    if (!(model->flags & WC_MODEL_NEEDS_GIL)) {
        wc_expand(model, state, next, explorer->rewards, explorer->dones, explorer->statuses, explorer->scratch);
        return 1;
    }
    for (int32_t action = 0; action < model->num_actions; action++) {
        if (wc_clock_seconds() > deadline) return 0;
        explorer->statuses[action] =
            model->step(model->problem, state, action, next + (size_t)action * (size_t)model->num_words,
                        &explorer->rewards[action], &explorer->dones[action], explorer->scratch);
    }
    return 1;
}

/* The number of a state equal to the child that is no further away than its parent, or WC_NO_STATE. */
static WC_ALWAYS_INLINE uint32_t wc_known_child(const wc_table *table, const uint64_t *child, uint32_t parent,
                                                uint32_t before, uint32_t num_words) {
    if (wc_words_equal(child, table->words + (size_t)parent * num_words, num_words)) return parent;
    if (wc_words_equal(child, table->words + (size_t)before * num_words, num_words)) return before;
    return WC_NO_STATE;
}

/* Expands one state; children that have to be looked for become rows. */
static WC_ALWAYS_INLINE wc_search_status wc_window_expand(const wc_space *space, wc_explorer *explorer, uint32_t parent,
                                                          uint32_t num_words) {
    const wc_table *table = &space->table;
    wc_edges *edges = space->edges;
    const int32_t num_actions = space->model->num_actions;
    const uint64_t *state = table->words + (size_t)parent * num_words;
    uint64_t *kept = explorer->next + (size_t)explorer->num_rows * num_words;
    const uint64_t *child = kept;
    if (!wc_successors(space->model, explorer, state, kept, space->deadline)) return WC_SEARCH_TIME;
    explorer->expanded++;
    const uint32_t before = table->parents[parent] == WC_NO_STATE ? parent : table->parents[parent];
    for (int32_t action = 0; action < num_actions; action++, child += num_words) {
        const int32_t status = explorer->statuses[action];
        if (status != WC_STATUS_OK) {
            if (status != WC_STATUS_FAILED) {
                explorer->halt = (wc_halt){state, action, status};
                return WC_SEARCH_HALTED;
            }
            if (edges != NULL) wc_edges_set_failed(edges, parent, action);
            continue;
        }
        explorer->generated++;
        const double reward = explorer->rewards[action];
        const uint8_t done = explorer->dones[action];
        if (edges != NULL) {
            wc_edges_set_reward(edges, explorer->reward_cache, parent, action, reward);
            if (done) {
                wc_edges_set_end(edges, parent, action, wc_is_goal(reward, done));
                continue;
            }
        } else if (done) {
            if (!wc_is_goal(reward, done)) continue;
            explorer->goal_parent = parent;
            explorer->goal_action = action;
            return WC_SEARCH_SOLVED;
        }
        const uint32_t known = wc_known_child(table, child, parent, before, num_words);
        if (known != WC_NO_STATE) {
            if (edges != NULL) wc_edges_set_next(edges, parent, action, known);
            continue;
        }
        for (uint32_t word_index = 0; word_index < num_words; word_index++) kept[word_index] = child[word_index];
        const uint64_t state_hash = WC_TABLE_HASH(kept, num_words);
        wc_table_prefetch_slot(table, state_hash);
        explorer->rows[explorer->num_rows++] = (wc_row){state_hash, 0, parent, action};
        kept += num_words;
    }
    return WC_SEARCH_PAUSED;
}

/* Stores a row's state at a place that was empty, or behind it, unless another thread did so first.
 * Returns its number. */
static WC_ALWAYS_INLINE uint32_t wc_window_store_shared(wc_space *space, wc_explorer *explorer, const wc_row *row,
                                                        const uint64_t *words, size_t place, uint32_t num_words) {
    wc_table *table = &space->table;
    if (explorer->fresh == explorer->fresh_end) {
        explorer->fresh = __atomic_fetch_add(&space->num_numbers, WC_FRESH_NUMBERS, __ATOMIC_RELAXED);
        explorer->fresh_end = explorer->fresh + WC_FRESH_NUMBERS;
    }
    const uint32_t index = explorer->fresh;
    uint64_t *stored = table->words + (size_t)index * num_words;
    for (uint32_t word_index = 0; word_index < num_words; word_index++) stored[word_index] = words[word_index];
    table->parents[index] = row->parent;
    const uint32_t slot = wc_table_tag(table, row->state_hash) | (index + 1);
    for (;;) {
        uint32_t found = 0;
        if (__atomic_compare_exchange_n(&table->slots[place], &found, slot, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
            explorer->fresh++;
            return index;
        }
        const wc_table_end end = wc_table_settle(wc_table_look(table), words, row->state_hash, place, num_words);
        if (end.slot != 0) return (end.slot & wc_table_index_mask(table)) - 1;
        place = end.place;
    }
}

/* Looks the window's children up and stores the new ones. Returns 0 where the table is full. */
static WC_ALWAYS_INLINE int wc_window_insert(wc_space *space, wc_explorer *explorer, int is_shared, int has_room,
                                             uint32_t num_words) {
    wc_table *table = &space->table;
    const wc_table_view view = wc_table_look(table);
    wc_row *rows = explorer->rows;
    const uint32_t num_rows = explorer->num_rows;
    for (uint32_t number = 0; number < num_rows; number++) {
        rows[number].place = wc_table_locate(view, rows[number].state_hash, num_words);
    }
    for (uint32_t number = 0; number < num_rows; number++) {
        const wc_row *row = &rows[number];
        const uint64_t *words = explorer->next + (size_t)number * num_words;
        uint32_t index;
        if (!has_room) {
            if (wc_table_insert(table, words, row->state_hash, row->parent, &index) == WC_TABLE_FULL) return 0;
        } else {
            const wc_table_end end = wc_table_settle(view, words, row->state_hash, row->place, num_words);
            if (end.slot != 0) {
                index = (end.slot & view.index_mask) - 1;
            } else if (is_shared) {
                index = wc_window_store_shared(space, explorer, row, words, end.place, num_words);
            } else {
                index = wc_table_store(table, words, row->state_hash, end.place, row->parent, num_words);
            }
        }
        if (space->edges != NULL) wc_edges_set_next(space->edges, row->parent, row->action, index);
    }
    return 1;
}

static WC_ALWAYS_INLINE wc_search_status wc_window_of_words(wc_space *space, wc_explorer *explorer, uint32_t begin,
                                                            uint32_t end, int is_shared, uint32_t num_words) {
    explorer->num_rows = 0;
    for (uint32_t parent = begin; parent < end; parent++) {
        const wc_search_status status = wc_window_expand(space, explorer, parent, num_words);
        if (status != WC_SEARCH_PAUSED) return status;
    }
    const int has_room = is_shared || wc_table_ensure(&space->table, explorer->num_rows);
    return wc_window_insert(space, explorer, is_shared, has_room, num_words) ? WC_SEARCH_PAUSED : WC_SEARCH_MEMORY;
}

/* Expands states begin .. end - 1 and stores their children. PAUSED: done; else why the search ends.
 *
 * is_shared: other threads work on other windows; there is room for all that they can store, and num_numbers counts. */
static inline wc_search_status wc_window_run(wc_space *space, wc_explorer *explorer, uint32_t begin, uint32_t end,
                                             int is_shared) {
    switch (space->table.num_words * 2 + (uint32_t)is_shared) {
        case 2: return wc_window_of_words(space, explorer, begin, end, 0, 1);
        case 3: return wc_window_of_words(space, explorer, begin, end, 1, 1);
        case 4: return wc_window_of_words(space, explorer, begin, end, 0, 2);
        case 5: return wc_window_of_words(space, explorer, begin, end, 1, 2);
        default: return wc_window_of_words(space, explorer, begin, end, is_shared, space->table.num_words);
    }
}

#endif /* WC_WINDOW_H */
