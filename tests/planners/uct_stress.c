/* UCT on several threads, in one tree and in one each: run it with a sanitizer. Prints "fine" where all is right. */
#include <stdio.h>
#include <stdlib.h>

/* Few hashes: the table's probing is in it too. */
#include "wc_hash.h"
static inline uint64_t weak_hash(const uint64_t *words, uint32_t num_words) { return wc_hash_words(words, num_words) & 7; }
#define WC_TABLE_HASH weak_hash
#include "wc_uct_parallel.h"
#include "wc_uct_reuse.h"

enum { STATES = 600, ACTIONS = 3, THREADS = 3 };

static wc_pool pool;

/* A graph with cycles, failing steps and ends, and one goal far off. Writes to its scratch memory and reads it back. */
static int32_t step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                    uint8_t *done, void *scratch) {
    uint64_t *own = scratch;
    const uint64_t mixed = *state * UINT64_C(2654435761) + (uint64_t)action * 40503 + *(const uint64_t *)problem;
    *own = mixed;
    if (mixed % 11 == 0) return WC_STATUS_FAILED;
    *next = action == 0 ? (*state + 1) % STATES : mixed % STATES / (1 + mixed % 7);
    *done = mixed % 13 == 0 || (*state == STATES - 1 && action == 0);
    *reward = *own != mixed || (*state == STATES - 1 && action == 0) ? 1.0 : -0.1;
    return WC_STATUS_OK;
}

static void check(int right, const char *what) {
    if (right) return;
    printf("%s\n", what);
    exit(1);
}

/* The visits of a state are those of its actions and those that ended there; with `at_rest`, no thread is on its way. */
static void check_tree(const wc_uct *search, int at_rest) {
    const wc_uct_tree *tree = &search->tree;
    for (uint32_t index = 0; index < tree->num_blocks; index++) {
        wc_uct_block *block = wc_uct_block_at(tree, index);
        uint64_t visits = 0;
        for (int32_t action = 0; action < ACTIONS; action++) {
            visits += wc_uct_counts(block, tree->layout.visits)[action];
            if (!tree->config.shared || !at_rest) continue;
            check(wc_uct_counts(block, tree->layout.pending)[action] == 0, "an action is still on its way");
        }
        check(visits <= block->visits, "an action has visits that its state has not");
    }
    check(wc_uct_bytes(search) <= tree->config.memory_limit, "more memory than allowed");
}

static void run(const wc_model *model, wc_uct_config config, int share_tree) {
    wc_uct searches[THREADS];
    wc_search_status statuses[THREADS], status;
    wc_uct_team team = {.searches = searches, .num_searches = share_tree ? 1 : THREADS, .num_threads = THREADS,
                        .statuses = statuses};
    const uint64_t initial = 0, moved = 1;
    config.shared = share_tree;
    for (int32_t number = 0; number < team.num_searches; number++) {
        config.seed++;
        check(wc_uct_init(searches + number, model, &initial, &config, share_tree ? THREADS : 1), "no memory");
    }
    for (uint64_t budget = 1500; budget <= 3000; budget += 1500) {
        wc_uct_team_begin(&team);
        do {
            const double now = wc_clock_seconds();
            const wc_limits limits = {now + 0.002, now + 60, budget};
            status = wc_uct_team_run(&team, &pool, &limits);
        } while (status == WC_SEARCH_PAUSED);
        check(status != WC_SEARCH_HALTED && status != WC_SEARCH_TIME, "ended otherwise than expected");
        for (int32_t number = 0; number < team.num_searches; number++) {
            check_tree(searches + number, 0);
            check(wc_uct_advance(searches + number, &moved), "no memory for the next move");
            check_tree(searches + number, 1);
        }
    }
    for (int32_t number = 0; number < team.num_searches; number++) wc_uct_free(searches + number);
}

int main(void) {
    wc_pool_prepare(&pool);
    for (uint64_t world = 0; world < 2; world++) {
        const wc_model model = {WC_ABI_VERSION, 0, 1, ACTIONS, 64, &world, step, NULL, NULL, NULL};
        for (int kind = 0; kind < 16; kind++) {
            run(&model,
                (wc_uct_config){.exploration = 1.0,
                                .discount = 0.99,
                                .first_play_urgency = kind & 4 ? 0.0 : INFINITY,
                                .virtual_loss = 1.0,
                                .depth_limit = 40,
                                .rollout_depth = 8,
                                .puct = kind & 4 ? 1 : 0,
                                .expand_once = kind & 1,
                                .prune_solved = 1,
                                .memory_limit = kind & 8 ? 40000 : 64 << 20},
                kind >> 1 & 1);
        }
    }
    wc_pool_end(&pool);
    puts("fine");
    return 0;
}
