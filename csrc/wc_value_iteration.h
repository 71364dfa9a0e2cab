/* Value iteration over the states that can be reached: explore them into edges, then sweep.
 *
 * A run goes through stages, each in slices:
 *
 *     EXPLORE   until the space is exhausted or a limit on states, memory or (half of the) time is reached
 *     PREPARE   once: the table's slots go, values come
 *     COUNT, LIST   prioritised only: which blocks read which
 *     SWEEP     until a sweep changes no value by more than the tolerance
 *     CHECK     the Bellman residual of the values; if it is too large, back to SWEEP
 *     END
 *
 * With a depth limit H values are those of the steps that are left, as a search of that depth sees them:
 * value_k(s) = max over a of reward + discount * value_{k-1}(target), value_0 = 0. A state that is first reached after d
 * steps needs value_k for k <= H - d only, and states are in the order of d, so step k updates the states before the end
 * of layer H - k. The best actions of each step are kept for the plan.
 *
 * The plan follows the best actions from the initial state to a step with done and a positive reward. Where they lead to
 * none, since staying pays more or the values are not good enough yet, but such a step was seen, the plan is a shortest
 * way to one.
 */
#ifndef WC_VALUE_ITERATION_H
#define WC_VALUE_ITERATION_H

#include "wc_explore.h"
#include "wc_value_blocks.h"

typedef enum wc_vi_method {
    WC_VI_SYNCHRONOUS = 0,
    WC_VI_GAUSS_SEIDEL = 1, /* in place, one sweep from the last state to the first, the next back */
    WC_VI_PRIORITISED = 2,
    WC_VI_DEPTH_LIMITED = 3
} wc_vi_method;

typedef enum wc_vi_stage {
    WC_VI_EXPLORE, WC_VI_PREPARE, WC_VI_COUNT, WC_VI_LIST, WC_VI_SWEEP, WC_VI_CHECK, WC_VI_END
} wc_vi_stage;

typedef struct wc_vi_config {
    double discount;
    double tolerance;
    uint32_t depth_limit; /* WC_VI_DEPTH_LIMITED only */
    uint32_t max_sweeps;
    int32_t num_threads;
    wc_vi_method method;
    size_t memory_limit;
} wc_vi_config;

enum { WC_SWEEP_EDGES = 1 << 14 }; /* edges of a piece of a sweep */

typedef struct wc_vi {
    wc_exploration exploration;
    wc_vi_config config;
    wc_halt halt;
    wc_vi_stage stage;
    wc_search_status explored; /* why exploring ended */
    wc_search_status swept;    /* why sweeping ended: SOLVED where the tolerance is met */
    double explore_deadline;
    wc_sweep sweep;
    wc_blocks blocks;
    wc_array values_array;
    wc_array following_array;
    uint16_t **policies;       /* [depth_limit + 1], by the steps that are left; depth-limited only */
    uint32_t *layers;          /* [num_layers] the first state behind each layer; depth-limited only */
    uint32_t num_layers;
    size_t bytes;              /* of all that sweeping holds */
    int64_t position;          /* in the present sweep or stage */
    uint32_t num_sweeps;
    double *residuals;         /* [num_sweeps] the largest change of each, or priority left by each pass */
    uint32_t residuals_capacity;
    double residual;           /* Bellman residual of the values; not a number before it is known */
    int32_t *plan;
    uint32_t plan_length;
    int plan_is_greedy;
} wc_vi;

static inline void wc_vi_free(wc_vi *search) {
    wc_exploration_free(&search->exploration);
    wc_blocks_free(&search->blocks);
    wc_array_free(&search->values_array);
    wc_array_free(&search->following_array);
    for (uint32_t left = 0; search->policies != NULL && left <= search->config.depth_limit; left++) {
        free(search->policies[left]);
    }
    free(search->policies);
    free(search->layers);
    free(search->residuals);
    free(search->plan);
    memset(search, 0, sizeof *search);
}

static inline size_t wc_vi_bytes(const wc_vi *search) {
    return wc_exploration_bytes(&search->exploration) + search->bytes + search->blocks.bytes;
}

/* What exploring may take so that sweeping has room: values take about the place of the slots, a second array more. */
static inline size_t wc_vi_explore_limit(const wc_model *model, const wc_vi_config *config) {
    if (config->method == WC_VI_GAUSS_SEIDEL || config->method == WC_VI_PRIORITISED) return config->memory_limit;
    const double state = 8.0 * model->num_words + 9.3 + 5.0 * model->num_actions;
    return (size_t)((double)config->memory_limit * state / (state + 11.0));
}

/* Returns 0 where there is not even memory for the root; call wc_vi_free either way. */
static inline int wc_vi_init(wc_vi *search, const wc_model *model, const uint64_t *initial,
                             const wc_vi_config *config) {
    memset(search, 0, sizeof *search);
    search->config = *config;
    search->residual = NAN;
    search->explore_deadline = -1.0;
    if (!wc_exploration_init(&search->exploration, model, initial, wc_vi_explore_limit(model, config),
                             config->num_threads, 1)) {
        return 0;
    }
    if (config->method == WC_VI_DEPTH_LIMITED) search->exploration.depth_limit = config->depth_limit;
    return 1;
}

/* Runs a loop over pieces from search->position on. Returns whether it is done. */
static inline int wc_vi_loop(wc_vi *search, wc_loop_fn run, void *context, int64_t count, int64_t chunk,
                             double slice_end) {
    const wc_loop loop = {.run = run, .context = context, .count = count, .chunk = chunk, .slice_end = slice_end};
    search->position = search->exploration.pool != NULL
                           ? wc_pool_run(search->exploration.pool, &loop, search->position,
                                         search->exploration.num_threads, NULL)
                           : wc_loop_alone(&loop, search->position, NULL);
    if (search->position < count) return 0;
    search->position = 0;
    return 1;
}

static inline int64_t wc_vi_chunk(const wc_vi *search) {
    const int64_t states = WC_SWEEP_EDGES / (int64_t)search->exploration.edges.num_actions;
    return states < 1 ? 1 : states;
}

/* Values from which sweeps in place rise: no return is lower. */
static inline double wc_vi_lower_bound(const wc_vi *search) {
    const wc_edges *edges = &search->exploration.edges;
    double least = 0.0;
    if (search->config.discount >= 1.0) return 0.0;
    if (edges->code_bytes < 8) {
        for (uint32_t code = 1; code < edges->num_rewards; code++) least = fmin(least, edges->rewards[code]);
    } else {
        const size_t count = (size_t)search->sweep.count * edges->num_actions;
        for (size_t place = 0; place < count; place++) {
            const double reward = ((const double *)edges->codes)[place];
            if (reward != -INFINITY) least = fmin(least, reward);
        }
    }
    return least / (1.0 - search->config.discount);
}

/* Where each layer ends, up to the depth limit. */
static inline int wc_vi_find_layers(wc_vi *search) {
    const wc_table *table = &search->exploration.space.table;
    const uint32_t limit = search->config.depth_limit;
    search->layers = malloc((limit + 1) * sizeof(uint32_t));
    search->policies = calloc(limit + 1, sizeof *search->policies);
    search->bytes += (limit + 1) * (sizeof(uint32_t) + sizeof *search->policies);
    if (search->layers == NULL || search->policies == NULL) return 0;
    uint32_t end = 1;
    search->layers[search->num_layers++] = end;
    for (uint32_t depth = 1; depth <= limit; depth++) {
        const uint32_t before = depth == 1 ? 0 : search->layers[depth - 2];
        while (end < table->count && table->parents[end] >= before && table->parents[end] < search->layers[depth - 1]) {
            end++;
        }
        search->layers[search->num_layers++] = end;
    }
    return 1;
}

/* Gives the slots back and makes the values. Returns 0 where there is no memory for them. */
static inline int wc_vi_prepare(wc_vi *search) {
    wc_table *table = &search->exploration.space.table;
    const wc_vi_config *config = &search->config;
    table->bytes -= table->slots_array.bytes;
    wc_array_free(&table->slots_array);
    table->slots = NULL;
    const size_t bytes = ((size_t)table->count + 1) * sizeof(double);
    const int is_in_place = config->method == WC_VI_GAUSS_SEIDEL || config->method == WC_VI_PRIORITISED;
    search->bytes = bytes * (is_in_place ? 1 : 2);
    if (wc_vi_bytes(search) > config->memory_limit) {
        search->bytes = 0;
        return 0;
    }
    if (!wc_array_zeros(&search->values_array, bytes)) return 0;
    if (!is_in_place && !wc_array_zeros(&search->following_array, bytes)) return 0;
    search->sweep = (wc_sweep){
        .edges = &search->exploration.edges,
        .values = search->values_array.memory,
        .following = search->following_array.memory,
        .discount = config->discount,
        .staying = is_in_place && config->discount < 1.0 ? 1.0 / (1.0 - config->discount) : 0.0,
        .count = search->exploration.cursor,
        .descending = is_in_place,
    };
    if (config->method == WC_VI_DEPTH_LIMITED) return wc_vi_find_layers(search);
    if (is_in_place) {
        const double least = wc_vi_lower_bound(search);
        for (uint32_t state = 0; state < search->sweep.count; state++) search->sweep.values[state + 1] = least;
    }
    return 1;
}

/* Notes what a sweep changed. Returns 0 where there is no memory for it. */
static inline int wc_vi_note(wc_vi *search, double residual) {
    if (search->num_sweeps == search->residuals_capacity) {
        const uint32_t capacity = search->residuals_capacity == 0 ? 64 : 2 * search->residuals_capacity;
        double *larger = realloc(search->residuals, capacity * sizeof(double));
        if (larger == NULL) return 0;
        search->residuals = larger;
        search->residuals_capacity = capacity;
    }
    search->residuals[search->num_sweeps++] = residual;
    return 1;
}

static inline wc_vi_stage wc_vi_stop(wc_vi *search, wc_search_status status) {
    search->swept = status;
    return WC_VI_END;
}

static inline void wc_vi_swap(wc_vi *search) {
    double *values = search->sweep.values;
    search->sweep.values = search->sweep.following;
    search->sweep.following = values;
}

/* One slice of a sweep of all states. */
static inline wc_vi_stage wc_vi_sweep(wc_vi *search, double slice_end) {
    wc_sweep *sweep = &search->sweep;
    if (search->position == 0) {
        if (search->num_sweeps >= search->config.max_sweeps) return wc_vi_stop(search, WC_SEARCH_BUDGET);
        sweep->change = 0;
        sweep->descending = sweep->following == NULL && search->num_sweeps % 2 == 0;
    }
    if (!wc_vi_loop(search, wc_sweep_chunk, sweep, sweep->count, wc_vi_chunk(search), slice_end)) return WC_VI_SWEEP;
    if (sweep->following != NULL) wc_vi_swap(search);
    const double change = wc_bits_reward(sweep->change);
    if (!wc_vi_note(search, change)) return wc_vi_stop(search, WC_SEARCH_MEMORY);
    return change <= search->config.tolerance ? WC_VI_CHECK : WC_VI_SWEEP;
}

/* One slice of a pass over the blocks. */
static inline wc_vi_stage wc_vi_pass(wc_vi *search, double slice_end) {
    wc_blocks *blocks = &search->blocks;
    if (search->position == 0) {
        const double most = wc_blocks_most(blocks);
        if (most <= search->config.tolerance / 2 && search->num_sweeps > 0) return WC_VI_CHECK;
        if (search->num_sweeps >= search->config.max_sweeps) return wc_vi_stop(search, WC_SEARCH_BUDGET);
        blocks->threshold = isinf(most) ? 0.0 : fmax(most * WC_PASS_SHARE, search->config.tolerance / 2);
    }
    if (!wc_vi_loop(search, wc_blocks_chunk, blocks, blocks->count, 1, slice_end)) return WC_VI_SWEEP;
    return wc_vi_note(search, wc_blocks_most(blocks)) ? WC_VI_SWEEP : wc_vi_stop(search, WC_SEARCH_MEMORY);
}

/* One slice of step k of a depth-limited run; k = num_sweeps + 1 steps are left in the states that it updates. */
static inline wc_vi_stage wc_vi_deepen(wc_vi *search, double slice_end) {
    wc_sweep *sweep = &search->sweep;
    const uint32_t left = search->num_sweeps + 1;
    if (search->position == 0) {
        if (left > search->config.depth_limit) {
            search->residual = 0.0;
            return wc_vi_stop(search, WC_SEARCH_SOLVED);
        }
        const uint32_t end = search->layers[search->config.depth_limit - left];
        sweep->count = end < search->exploration.cursor ? end : search->exploration.cursor;
        sweep->change = 0;
        const size_t bytes = (size_t)sweep->count * sizeof(uint16_t);
        if (search->policies[left] == NULL) { /* else the last slice ended here */
            if (wc_vi_bytes(search) + bytes > search->config.memory_limit) return wc_vi_stop(search, WC_SEARCH_MEMORY);
            search->policies[left] = malloc(bytes + 1);
            if (search->policies[left] == NULL) return wc_vi_stop(search, WC_SEARCH_MEMORY);
            search->bytes += bytes;
        }
        sweep->policy = search->policies[left];
    }
    if (!wc_vi_loop(search, wc_sweep_chunk, sweep, sweep->count, wc_vi_chunk(search), slice_end)) return WC_VI_SWEEP;
    /* The layer that step k updates last has its value now; both arrays keep it, so that either has them all. */
    const uint32_t depth = search->config.depth_limit - left;
    const uint32_t first = depth == 0 ? 0 : search->layers[depth - 1];
    wc_vi_swap(search);
    if (sweep->count > first) {
        memcpy(sweep->following + first + 1, sweep->values + first + 1, (sweep->count - first) * sizeof(double));
    }
    return wc_vi_note(search, wc_bits_reward(sweep->change)) ? WC_VI_SWEEP : wc_vi_stop(search, WC_SEARCH_MEMORY);
}

/* One slice of what prioritised sweeps need to know. Without memory for it sweeps go over all states. */
static inline wc_vi_stage wc_vi_find_readers(wc_vi *search, double slice_end) {
    wc_blocks *blocks = &search->blocks;
    const int lists = search->stage == WC_VI_LIST;
    const size_t limit = search->config.memory_limit - wc_exploration_bytes(&search->exploration) - search->bytes;
    int has_memory = 1;
    if (blocks->sweep == NULL) has_memory = wc_blocks_init(blocks, &search->sweep, search->config.tolerance, limit);
    for (; has_memory && search->position < blocks->count; search->position++) {
        if (wc_clock_seconds() > slice_end) return search->stage;
        wc_blocks_read(blocks, (uint32_t)search->position, lists);
    }
    search->position = 0;
    if (has_memory && lists) {
        free(blocks->stamps);
        blocks->stamps = NULL;
        return WC_VI_SWEEP;
    }
    if (has_memory && wc_blocks_make_lists(blocks, limit)) return WC_VI_LIST;
    wc_blocks_free(blocks);
    search->config.method = WC_VI_GAUSS_SEIDEL;
    return WC_VI_SWEEP;
}

/* One slice of the Bellman residual of the values. */
static inline wc_vi_stage wc_vi_check(wc_vi *search, double slice_end) {
    wc_sweep *sweep = &search->sweep;
    if (search->position == 0) sweep->change = 0;
    if (!wc_vi_loop(search, wc_residual_chunk, sweep, sweep->count, wc_vi_chunk(search), slice_end)) return WC_VI_CHECK;
    search->residual = wc_bits_reward(sweep->change);
    if (search->residual <= search->config.tolerance) return wc_vi_stop(search, WC_SEARCH_SOLVED);
    if (search->config.method != WC_VI_PRIORITISED) return WC_VI_SWEEP;
    /* Small changes added up: all blocks once more. */
    for (uint32_t block = 0; block < search->blocks.count; block++) {
        search->blocks.priorities[block] = wc_reward_bits(INFINITY);
    }
    return WC_VI_SWEEP;
}

/* One slice of exploring. Returns HALTED where a step had no answer, else PAUSED. */
static inline wc_search_status wc_vi_explore(wc_vi *search, const wc_limits *limits) {
    wc_limits own = *limits;
    if (search->explore_deadline < 0.0) {
        const double now = wc_clock_seconds();
        search->explore_deadline = isinf(limits->deadline) ? INFINITY : now + (limits->deadline - now) / 2;
    }
    own.deadline = search->explore_deadline;
    const wc_search_status status = wc_explore_run(&search->exploration, &own);
    if (status == WC_SEARCH_PAUSED) return status;
    if (status == WC_SEARCH_HALTED) {
        search->halt = wc_exploration_end(&search->exploration)->halt;
        return status;
    }
    search->explored = status;
    search->stage = WC_VI_PREPARE;
    return WC_SEARCH_PAUSED;
}

/* Runs until the slice is over or all is done; then the status is that of wc_vi_status. */
static inline wc_search_status wc_vi_run(wc_vi *search, const wc_limits *limits) {
    while (search->stage != WC_VI_END) {
        const double now = wc_clock_seconds();
        if (search->stage == WC_VI_EXPLORE) {
            if (wc_vi_explore(search, limits) == WC_SEARCH_HALTED) return WC_SEARCH_HALTED;
        } else if (now > limits->deadline) {
            search->stage = wc_vi_stop(search, WC_SEARCH_TIME);
        } else if (search->stage == WC_VI_PREPARE) {
            const int has_memory = wc_vi_prepare(search);
            search->stage = !has_memory ? wc_vi_stop(search, WC_SEARCH_MEMORY)
                            : search->config.method == WC_VI_PRIORITISED ? WC_VI_COUNT
                                                                        : WC_VI_SWEEP;
        } else if (search->stage == WC_VI_COUNT || search->stage == WC_VI_LIST) {
            search->stage = wc_vi_find_readers(search, limits->slice_end);
        } else if (search->stage == WC_VI_CHECK) {
            search->stage = wc_vi_check(search, limits->slice_end);
        } else if (search->config.method == WC_VI_DEPTH_LIMITED) {
            search->stage = wc_vi_deepen(search, limits->slice_end);
        } else if (search->config.method == WC_VI_PRIORITISED) {
            search->stage = wc_vi_pass(search, limits->slice_end);
        } else {
            search->stage = wc_vi_sweep(search, limits->slice_end);
        }
        if (search->stage != WC_VI_END && wc_clock_seconds() > limits->slice_end) return WC_SEARCH_PAUSED;
    }
    return WC_SEARCH_SOLVED;
}

#endif /* WC_VALUE_ITERATION_H */
