/* Exploring a space breadth-first: window after window, layer after layer, in one thread or in several.
 *
 * The table keeps states in the order of insertion, which is the order of expansion, so the queue is a cursor into it.
 * A layer is the states that are equally far from the initial one. No window reaches over the end of its layer.
 *
 * Where the rest of a layer is large and there are threads, a *round* gives its windows to them. They share the table:
 * a state is written under a number that its thread has in reserve, and belongs to the table once a slot refers to it,
 * by one compare-and-swap. Room for all that a round can find is made before it. After it the numbers that were left
 * over are filled with the states of the highest numbers, so that between rounds the table is what it always is. The
 * order within a layer then depends on the threads; which states are in it does not, nor do the lengths of paths.
 *
 * A round in which the codes of the edges' rewards overflow is repeated with wider ones: its states are known by then,
 * so that it changes nothing else.
 */
#ifndef WC_EXPLORE_H
#define WC_EXPLORE_H

#include <math.h>

#include "wc_threads.h"
#include "wc_window.h"

enum {
    WC_ROUND_ROWS = 1 << 16,   /* children of a round at most */
    WC_ROUND_WINDOWS = 8,      /* windows that a round is worth while for */
    WC_CHUNK_WINDOWS = 4,      /* windows that a thread takes at once, where they are quick */
    WC_GROWTH_CHUNK = 1 << 13, /* states that a thread puts into new slots at once */
    WC_TOUCHED_CHUNK = 1 << 19 /* bytes of new slots that it gives their memory */
};
#define WC_SLOW_WINDOW 1e-3 /* seconds; windows that take longer are halved, so that pauses are met */

typedef struct wc_exploration {
    wc_space space;
    wc_edges edges;           /* where edges are kept */
    wc_explorer *explorers;   /* [num_threads] */
    wc_pool *pool;            /* NULL: one thread */
    int32_t num_threads;
    uint64_t busy;            /* atomic bits: explorers in use; with num_threads <= 64 */
    int stopped;              /* atomic: an explorer's status says why */
    uint32_t cursor;          /* the next state to expand */
    uint32_t layer_end;       /* the first state of the next layer */
    uint32_t depth;           /* of the states that are being expanded */
    uint32_t window;          /* parents in the next window */
    uint32_t max_window;
    uint32_t depth_limit;     /* states this deep are not expanded */
    size_t memory_limit;
    size_t buffer_bytes;
} wc_exploration;

#define WC_MAX_EXPLORERS 64

static inline void wc_exploration_free(wc_exploration *exploration) {
    wc_table_free(&exploration->space.table);
    wc_edges_free(&exploration->edges);
    for (int32_t thread = 0; exploration->explorers != NULL && thread < exploration->num_threads; thread++) {
        wc_explorer_free(&exploration->explorers[thread]);
    }
    free(exploration->explorers);
    if (exploration->pool != NULL) wc_pool_end(exploration->pool);
    free(exploration->pool);
    memset(exploration, 0, sizeof *exploration);
}

/* Bytes held. */
static inline size_t wc_exploration_bytes(const wc_exploration *exploration) {
    return exploration->space.table.bytes + exploration->edges.bytes + exploration->buffer_bytes;
}

/* How many parents a window has, given the actions and the memory: buffers may take a quarter of a small limit. */
static inline uint32_t wc_choose_window(const wc_model *model, int keeps_edges, size_t memory_limit) {
    size_t window = WC_WINDOW_ROWS / (size_t)model->num_actions;
    if (window > WC_WINDOW) window = WC_WINDOW;
    /* Python runs for so long inside a step that windows win nothing, and they would delay the end of a slice. */
    if (window < 1 || model->flags & WC_MODEL_NEEDS_GIL) window = 1;
    while (window > 1 &&
           wc_explorer_bytes(model, window * (size_t)model->num_actions, keeps_edges) > memory_limit / 4) {
        window /= 2;
    }
    return (uint32_t)window;
}

static inline int wc_exploration_threads(wc_exploration *exploration, const wc_model *model, int keeps_edges,
                                         int32_t num_threads) {
    const size_t rows = exploration->max_window * (size_t)model->num_actions;
    const size_t bytes = wc_explorer_bytes(model, rows, keeps_edges);
    /* Helpers are had for what memory there is in plenty; a single thread is always tried. */
    if (model->flags & WC_MODEL_NEEDS_GIL || num_threads < 1) num_threads = 1;
    if (num_threads > WC_MAX_EXPLORERS) num_threads = WC_MAX_EXPLORERS;
    while (num_threads > 1 && (size_t)num_threads * bytes > exploration->memory_limit / 4) num_threads--;
    exploration->buffer_bytes = (size_t)num_threads * bytes;
    if (exploration->buffer_bytes > exploration->memory_limit) return 0;
    exploration->explorers = calloc((size_t)num_threads, sizeof *exploration->explorers);
    if (exploration->explorers == NULL) return 0;
    exploration->num_threads = num_threads;
    for (int32_t thread = 0; thread < num_threads; thread++) {
        if (!wc_explorer_init(&exploration->explorers[thread], model, rows, keeps_edges)) return 0;
    }
    if (num_threads == 1) return 1;
    exploration->pool = calloc(1, sizeof *exploration->pool);
    if (exploration->pool == NULL) return 0;
    wc_pool_prepare(exploration->pool);
    return 1;
}

/* Returns 0 where there is not even memory for the root; call wc_exploration_free either way. */
static inline int wc_exploration_init(wc_exploration *exploration, const wc_model *model, const uint64_t *initial,
                                      size_t memory_limit, int32_t num_threads, int keeps_edges) {
    memset(exploration, 0, sizeof *exploration);
    exploration->space.model = model;
    exploration->memory_limit = memory_limit;
    exploration->max_window = wc_choose_window(model, keeps_edges, memory_limit);
    exploration->window = 1;
    exploration->layer_end = 1;
    exploration->depth_limit = UINT32_MAX;
    if (!wc_exploration_threads(exploration, model, keeps_edges, num_threads)) return 0;
    if (keeps_edges) {
        if (!wc_edges_init(&exploration->edges, (uint32_t)model->num_actions)) return 0;
        exploration->space.edges = &exploration->edges;
        if (exploration->buffer_bytes + exploration->edges.bytes > memory_limit) return 0;
    }
    wc_table *table = &exploration->space.table;
    const uint32_t num_words = (uint32_t)model->num_words;
    uint32_t root;
    return wc_table_init(table, num_words, 1, memory_limit - exploration->buffer_bytes - exploration->edges.bytes) &&
           wc_table_insert(table, initial, WC_TABLE_HASH(initial, num_words), WC_NO_STATE, &root) == WC_TABLE_NEW;
}

static inline uint64_t wc_exploration_expanded(const wc_exploration *exploration) {
    uint64_t sum = 0;
    for (int32_t thread = 0; thread < exploration->num_threads; thread++) {
        sum += exploration->explorers[thread].expanded;
    }
    return sum;
}

static inline uint64_t wc_exploration_generated(const wc_exploration *exploration) {
    uint64_t sum = 0;
    for (int32_t thread = 0; thread < exploration->num_threads; thread++) {
        sum += exploration->explorers[thread].generated;
    }
    return sum;
}

/* The windows from `begin` to `end`, by an explorer that is this thread's meanwhile. */
static inline void wc_explore_windows(wc_exploration *exploration, wc_explorer *explorer, uint32_t begin,
                                      uint32_t end) {
    /* Looked at once the explorer is had: else one that found the goal could be taken, and forget it. */
    if (__atomic_load_n(&exploration->stopped, __ATOMIC_RELAXED)) return;
    explorer->status = WC_SEARCH_PAUSED;
    while (begin < end && explorer->status == WC_SEARCH_PAUSED) {
        const uint32_t size = end - begin < exploration->window ? end - begin : exploration->window;
        explorer->status = wc_window_run(&exploration->space, explorer, begin, begin + size, 1);
        begin += size;
    }
    if (explorer->status != WC_SEARCH_PAUSED) __atomic_store_n(&exploration->stopped, 1, __ATOMIC_RELAXED);
}

/* A chunk of a round, in whichever thread. */
static inline void wc_round_chunk(void *context, int64_t begin, int64_t end, void *scratch) {
    wc_exploration *exploration = context;
    (void)scratch;
    uint64_t busy = __atomic_load_n(&exploration->busy, __ATOMIC_RELAXED);
    int32_t thread;
    do {
        thread = __builtin_ctzll(~busy); /* there are as many explorers as threads: one is free */
    } while (!__atomic_compare_exchange_n(&exploration->busy, &busy, busy | UINT64_C(1) << thread, 0, __ATOMIC_ACQUIRE,
                                          __ATOMIC_RELAXED));
    wc_explore_windows(exploration, &exploration->explorers[thread], (uint32_t)begin, (uint32_t)end);
    __atomic_fetch_and(&exploration->busy, ~(UINT64_C(1) << thread), __ATOMIC_RELEASE);
}

/* Whether a number is one that was handed out and not given. */
static inline int wc_is_left_over(const wc_exploration *exploration, uint32_t number) {
    for (int32_t thread = 0; thread < exploration->num_threads; thread++) {
        const wc_explorer *explorer = &exploration->explorers[thread];
        if (number >= explorer->fresh && number < explorer->fresh_end) return 1;
    }
    return 0;
}

/* Gives state `from` the number `to`, which nobody has. */
static inline void wc_renumber(wc_table *table, uint32_t from, uint32_t to) {
    const uint32_t num_words = table->num_words;
    const size_t last = ((size_t)1 << table->slot_bits) - 1;
    const uint64_t state_hash = WC_TABLE_HASH(wc_table_words(table, from), num_words);
    size_t place = wc_table_home(table, state_hash);
    while ((table->slots[place] & wc_table_index_mask(table)) != from + 1) place = (place + 1) & last;
    memcpy(table->words + (size_t)to * num_words, wc_table_words(table, from), num_words * sizeof(uint64_t));
    table->parents[to] = table->parents[from];
    table->slots[place] = wc_table_tag(table, state_hash) | (to + 1);
}

/* After a round over states begin .. end - 1: fills the numbers left over, in the table and in the round's edges. */
static inline void wc_close_numbers(wc_exploration *exploration, uint32_t begin, uint32_t end) {
    wc_table *table = &exploration->space.table;
    uint32_t moved[WC_MAX_EXPLORERS * WC_FRESH_NUMBERS]; /* where state count + i went */
    const uint32_t numbers = exploration->space.num_numbers;
    uint32_t count = numbers;
    for (int32_t thread = 0; thread < exploration->num_threads; thread++) {
        count -= exploration->explorers[thread].fresh_end - exploration->explorers[thread].fresh;
    }
    uint32_t to = table->count;
    for (uint32_t from = count; from < numbers; from++) {
        if (wc_is_left_over(exploration, from)) continue;
        while (!wc_is_left_over(exploration, to)) to++;
        wc_renumber(table, from, to);
        moved[from - count] = to++;
    }
    table->count = count;
    for (int32_t thread = 0; thread < exploration->num_threads; thread++) {
        exploration->explorers[thread].fresh = exploration->explorers[thread].fresh_end = 0;
    }
    if (exploration->space.edges == NULL || numbers == count) return;
    uint32_t *targets = exploration->edges.targets;
    const size_t last = wc_edges_place(&exploration->edges, end, 0);
    for (size_t place = wc_edges_place(&exploration->edges, begin, 0); place < last; place++) {
        if (targets[place] > count) targets[place] = moved[targets[place] - 1 - count] + 1;
    }
}

/* Room for the edges of states below `end`, which the table then has no more. */
static inline int wc_explore_edges(wc_exploration *exploration, uint32_t end) {
    if (exploration->space.edges == NULL) return 1;
    wc_table *table = &exploration->space.table;
    const size_t rest = exploration->memory_limit - exploration->buffer_bytes;
    if (!wc_edges_ensure(&exploration->edges, end, rest - table->bytes)) return 0;
    table->memory_limit = rest - exploration->edges.bytes;
    return 1;
}

/* Windows by all threads from the cursor to `end` at most, until the slice is over. Returns the first state left. */
static inline uint32_t wc_explore_round(wc_exploration *exploration, uint32_t end, double slice_end) {
    const uint32_t windows = exploration->window == exploration->max_window ? WC_CHUNK_WINDOWS : 1;
    wc_loop loop = {.run = wc_round_chunk, .context = exploration, .count = end, .slice_end = slice_end,
                    .chunk = windows * exploration->window, .scratch_bytes = 0};
    const uint32_t begin = exploration->cursor;
    exploration->space.num_numbers = exploration->space.table.count;
    const uint32_t done = (uint32_t)wc_pool_run(exploration->pool, &loop, begin, exploration->num_threads, NULL);
    wc_close_numbers(exploration, begin, done);
    return done;
}

/* The explorer that ended the search: a goal comes before anything else, then the lowest state. */
static inline const wc_explorer *wc_exploration_end(const wc_exploration *exploration) {
    const wc_explorer *best = NULL;
    for (int32_t thread = 0; thread < exploration->num_threads; thread++) {
        const wc_explorer *explorer = &exploration->explorers[thread];
        if (explorer->status == WC_SEARCH_PAUSED) continue;
        if (best == NULL || (explorer->status == WC_SEARCH_SOLVED && best->status != WC_SEARCH_SOLVED) ||
            (explorer->status == WC_SEARCH_SOLVED && explorer->goal_parent < best->goal_parent)) {
            best = explorer;
        }
    }
    return best;
}

/* After states up to `done` were expanded: goes on from there, unless their edges need wider codes. */
static inline wc_search_status wc_explore_advance(wc_exploration *exploration, uint32_t done, uint64_t expanded,
                                                  uint64_t generated) {
    wc_edges *edges = &exploration->edges;
    if (!edges->overflow) {
        exploration->cursor = done;
        return WC_SEARCH_PAUSED;
    }
    const size_t rest = exploration->memory_limit - exploration->buffer_bytes - exploration->space.table.bytes;
    if (!wc_edges_widen(edges, exploration->cursor, rest)) return WC_SEARCH_MEMORY;
    exploration->explorers[0].expanded -= wc_exploration_expanded(exploration) - expanded;
    exploration->explorers[0].generated -= wc_exploration_generated(exploration) - generated;
    return WC_SEARCH_PAUSED;
}

/* Shortens windows of slow models, and lengthens them again. */
static inline void wc_adapt_window(wc_exploration *exploration, double window_seconds) {
    if (window_seconds > WC_SLOW_WINDOW) {
        exploration->window = exploration->window > 1 ? exploration->window / 2 : 1;
    } else if (exploration->window < exploration->max_window) {
        const uint32_t longer = 2 * exploration->window;
        exploration->window = longer < exploration->max_window ? longer : exploration->max_window;
    }
}

/* How many states the next round has; 0: it is not worth while, or there is no room for all that it might find. */
static inline uint32_t wc_round_size(wc_exploration *exploration, uint32_t parents) {
    wc_table *table = &exploration->space.table;
    const uint32_t num_actions = (uint32_t)exploration->space.model->num_actions;
    const uint32_t rows = table->count < WC_ROUND_ROWS ? table->count : WC_ROUND_ROWS;
    const uint32_t size = rows / num_actions < parents ? rows / num_actions : parents;
    if (exploration->pool == NULL || size < WC_ROUND_WINDOWS * exploration->window) return 0;
    const uint32_t spare = (uint32_t)exploration->num_threads * WC_FRESH_NUMBERS;
    if (!wc_explore_edges(exploration, exploration->cursor + size)) return 0;
    return wc_table_ensure(table, size * num_actions + spare) ? size : 0;
}

/* Expands the next window, or round, of a layer that has states left, `most` states at most.
 * PAUSED: go on; else why the search ends. */
static inline wc_search_status wc_explore_some(wc_exploration *exploration, uint64_t most, const wc_limits *limits,
                                               double start) {
    const uint64_t expanded = wc_exploration_expanded(exploration), generated = wc_exploration_generated(exploration);
    const uint32_t cursor = exploration->cursor;
    uint32_t parents = exploration->layer_end - cursor;
    if (parents > most) parents = (uint32_t)most;
    exploration->space.deadline = limits->deadline;
    const uint32_t round_size = wc_round_size(exploration, parents);
    uint32_t done;
    if (round_size != 0) {
        done = wc_explore_round(exploration, cursor + round_size, limits->slice_end);
    } else {
        done = cursor + (parents < exploration->window ? parents : exploration->window);
        if (!wc_explore_edges(exploration, done)) return WC_SEARCH_MEMORY;
        wc_explorer *explorer = exploration->explorers;
        explorer->status = wc_window_run(&exploration->space, explorer, cursor, done, 0);
        exploration->stopped = explorer->status != WC_SEARCH_PAUSED;
    }
    if (exploration->stopped) return wc_exploration_end(exploration)->status;
    const double windows = ceil((double)(done - cursor) / exploration->window);
    const double threads = round_size != 0 ? exploration->num_threads : 1;
    wc_adapt_window(exploration, (wc_clock_seconds() - start) * threads / (windows > 1 ? windows : 1));
    return wc_explore_advance(exploration, done, expanded, generated);
}

/* States that a window, or a round, may find at most. */
static inline uint32_t wc_most_rows(const wc_exploration *exploration) {
    const uint32_t window = exploration->max_window * (uint32_t)exploration->space.model->num_actions;
    if (exploration->pool == NULL) return window;
    return WC_ROUND_ROWS + window + (uint32_t)exploration->num_threads * WC_FRESH_NUMBERS;
}

static inline void wc_growth_chunk(void *context, int64_t begin, int64_t end, void *scratch) {
    (void)scratch;
    wc_table_take_turn(context, (size_t)begin, (size_t)end, 1);
}

/* Room for the next window or round where the table is large: as wc_table_prepare, by all threads. */
static inline int wc_explore_prepare(wc_exploration *exploration) {
    wc_table *table = &exploration->space.table;
    const uint32_t more = wc_most_rows(exploration);
    if (exploration->pool == NULL) return wc_table_prepare(table, more);
    if (!wc_table_grows(table, more)) return 1;
    wc_table_turn turn = wc_table_next_turn(table, (uint32_t)exploration->num_threads);
    wc_loop loop = {.run = wc_growth_chunk, .context = &turn, .count = (int64_t)turn.end, .scratch_bytes = 0,
                    .chunk = turn.touches ? WC_TOUCHED_CHUNK : WC_GROWTH_CHUNK, .slice_end = INFINITY};
    wc_pool_run(exploration->pool, &loop, (int64_t)turn.begin, exploration->num_threads, NULL);
    return wc_table_end_turn(&turn);
}

/* Explores until the slice is over or the search ends. EXHAUSTED: no state is left within the depth limit. */
static inline wc_search_status wc_explore_run(wc_exploration *exploration, const wc_limits *limits) {
    wc_table *table = &exploration->space.table;
    for (;;) {
        if (exploration->cursor == exploration->layer_end) {
            exploration->layer_end = table->count;
            exploration->depth++;
        }
        if (exploration->cursor == table->count || exploration->depth >= exploration->depth_limit) {
            return WC_SEARCH_EXHAUSTED;
        }
        const double now = wc_clock_seconds();
        const uint64_t expanded = wc_exploration_expanded(exploration);
        if (expanded >= limits->budget) return WC_SEARCH_BUDGET;
        if (now > limits->deadline) return WC_SEARCH_TIME;
        if (now > limits->slice_end) return WC_SEARCH_PAUSED;
        if (!wc_explore_prepare(exploration)) continue;
        const wc_search_status status = wc_explore_some(exploration, limits->budget - expanded, limits, now);
        if (status != WC_SEARCH_PAUSED) return status;
    }
}

#endif /* WC_EXPLORE_H */
