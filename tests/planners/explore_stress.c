/* Exploring in several threads, with edges and without, and value iteration: run it with a sanitizer. Prints "fine" where all is right. */
#include <stdio.h>
#include <stdlib.h>

/* Neighbours in the table, and growth in turns from a few thousand states on. */
#include "wc_hash.h"
static inline uint64_t crowded_hash(const uint64_t *words, uint32_t num_words) {
    return wc_hash_words(words, num_words) & ~UINT64_C(7);
}
#define WC_TABLE_HASH crowded_hash
#define WC_TABLE_LARGE (1u << 12)
#define WC_TABLE_TURN (1u << 14)
#include "wc_value_iteration.h"

enum { STATES = 60000, ACTIONS = 3, THREADS = 3 };

typedef struct graph {
    uint64_t salt;
    uint64_t goal; /* STATES: none */
} graph;

/* Cycles, failing steps and ends. Writes to its scratch memory and reads it back. */
static int32_t step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                    uint8_t *done, void *scratch) {
    const graph *is = problem;
    uint64_t *own = scratch;
    const uint64_t mixed = (*state + 1) * UINT64_C(2654435761) + (uint64_t)action * 40503 + is->salt;
    *own = mixed;
    if (mixed % 17 == 0) return WC_STATUS_FAILED;
    *next = action == 0 ? (*state + 1) % STATES : (mixed ^ mixed >> 17) % STATES;
    *done = *next == is->goal || (action == 2 && mixed % 13 == 0);
    *reward = *next == is->goal || *own != mixed ? 1.0 : -0.1;
    return WC_STATUS_OK;
}

static void check(int right, const char *what) {
    if (right) return;
    printf("%s\n", what);
    exit(1);
}

/* Explores to the end in slices. */
static wc_search_status explore(wc_exploration *exploration) {
    wc_search_status status;
    do {
        const double now = wc_clock_seconds();
        const wc_limits limits = {now + 0.002, now + 60, UINT64_MAX};
        status = wc_explore_run(exploration, &limits);
    } while (status == WC_SEARCH_PAUSED);
    return status;
}

/* Each state is where its slot says, once, and was reached by a step from its parent. */
static void check_table(const wc_exploration *exploration, const wc_model *model) {
    const wc_table *table = &exploration->space.table;
    for (uint32_t index = 0; index < table->count; index++) {
        const uint64_t *state = wc_table_words(table, index);
        check(wc_table_find(table, state, WC_TABLE_HASH(state, 1)) == index, "a state is not where it belongs");
        if (index == 0) continue;
        int found = 0;
        for (int32_t action = 0; action < ACTIONS && !found; action++) {
            uint64_t next, scratch;
            double reward;
            uint8_t done;
            const uint64_t *parent = wc_table_words(table, table->parents[index]);
            found = step(model->problem, parent, action, &next, &reward, &done, &scratch) == WC_STATUS_OK &&
                    !done && next == *state;
        }
        check(found, "a state is no child of its parent");
    }
    check(wc_exploration_bytes(exploration) <= exploration->memory_limit, "more memory than allowed");
}

static void run(const wc_model *model, int keeps_edges) {
    wc_exploration alone, together;
    const uint64_t initial = 0;
    check(wc_exploration_init(&alone, model, &initial, 1u << 30, 1, keeps_edges), "no memory");
    check(wc_exploration_init(&together, model, &initial, 1u << 30, THREADS, keeps_edges), "no memory");
    check(together.num_threads == THREADS, "fewer threads than asked for");
    const wc_search_status expected = explore(&alone), status = explore(&together);
    check(status == expected, "ended otherwise than in one thread");
    check(alone.depth == together.depth, "a path of another length");
    if (status == WC_SEARCH_EXHAUSTED) {
        check(alone.space.table.count == together.space.table.count, "other states than in one thread");
        check(wc_exploration_generated(&alone) == wc_exploration_generated(&together), "other steps");
    } else {
        const wc_explorer *end = wc_exploration_end(&together);
        uint64_t next, scratch;
        double reward;
        uint8_t done = 0;
        const uint64_t *parent = wc_table_words(&together.space.table, end->goal_parent);
        step(model->problem, parent, end->goal_action, &next, &reward, &done, &scratch);
        check(done && reward > 0, "the goal is none");
    }
    check_table(&together, model);
    wc_exploration_free(&alone);
    wc_exploration_free(&together);
}

/* The value of the initial state, by a method. */
static double value(const wc_model *model, wc_vi_method method, int32_t num_threads) {
    const wc_vi_config config = {.discount = 0.9, .tolerance = 1e-7, .depth_limit = 12, .max_sweeps = 400,
                                 .num_threads = num_threads, .method = method, .memory_limit = 1u << 30};
    const uint64_t initial = 0;
    wc_vi search;
    check(wc_vi_init(&search, model, &initial, &config), "no memory");
    wc_search_status status;
    do {
        const double now = wc_clock_seconds();
        const wc_limits limits = {now + 0.002, now + 60, UINT64_MAX};
        status = wc_vi_run(&search, &limits);
    } while (status == WC_SEARCH_PAUSED);
    check(status == WC_SEARCH_SOLVED && search.swept == WC_SEARCH_SOLVED, "sweeping ended otherwise than expected");
    const double result = ((const double *)search.values_array.memory)[0];
    wc_vi_free(&search);
    return result;
}

static void run_values(const wc_model *model) {
    static const wc_vi_method methods[] = {WC_VI_SYNCHRONOUS, WC_VI_GAUSS_SEIDEL, WC_VI_PRIORITISED,
                                           WC_VI_DEPTH_LIMITED};
    for (size_t number = 0; number < sizeof methods / sizeof *methods; number++) {
        const double difference = value(model, methods[number], THREADS) - value(model, methods[number], 1);
        check(fabs(difference) < 2e-6, "another value than in one thread");
    }
}

int main(void) {
    const graph graphs[] = {{7, STATES}, {20, STATES - 1}, {33, 12345}};
    for (size_t number = 0; number < sizeof graphs / sizeof *graphs; number++) {
        const wc_model model = {.abi_version = WC_ABI_VERSION, .num_words = 1, .num_actions = ACTIONS,
                                .scratch_bytes = sizeof(uint64_t), .problem = &graphs[number], .step = step};
        run(&model, 0);
        run(&model, 1);
        run_values(&model);
    }
    printf("fine\n");
    return 0;
}
