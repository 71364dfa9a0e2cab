/* A transition system given as arrays, behind the C contract. A state is its number, spread over W words. */
#include <stdint.h>
#include <string.h>

#include "wc_abi.h"

typedef struct system_tables {
    int32_t num_words;
    int32_t num_actions;
    const int32_t *next;     /* [S][A] */
    const double *rewards;   /* [S][A] */
    const uint8_t *dones;    /* [S][A] */
    const int32_t *statuses; /* [S][A] */
} system_tables;

/* The last word is the number; those before it depend on it, so that canonical words stay canonical. */
void system_encode(int32_t num_words, int32_t number, uint64_t *words) {
    for (int32_t word_index = 0; word_index < num_words; word_index++) {
        words[word_index] = (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(word_index + 1);
    }
    words[num_words - 1] = (uint64_t)number;
}

static int32_t step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                    uint8_t *done, void *scratch) {
    const system_tables *tables = problem;
    const size_t row = state[tables->num_words - 1] * (size_t)tables->num_actions + (size_t)action;
    memset(scratch, 0xff, 64);
    if (tables->statuses[row] != WC_STATUS_OK) return tables->statuses[row];
    system_encode(tables->num_words, tables->next[row], next);
    *reward = tables->rewards[row];
    *done = tables->dones[row];
    return WC_STATUS_OK;
}

static int32_t expand(const void *problem, const uint64_t *state, uint64_t *next, double *rewards, uint8_t *dones,
                      int32_t *statuses, void *scratch) {
    const system_tables *tables = problem;
    for (int32_t action = 0; action < tables->num_actions; action++) {
        statuses[action] = step(problem, state, action, next + (size_t)action * tables->num_words, rewards + action,
                                dones + action, scratch);
    }
    return WC_STATUS_OK;
}

void system_bind(system_tables *tables, wc_model *model, int32_t num_words, int32_t num_actions, const int32_t *next,
                 const double *rewards, const uint8_t *dones, const int32_t *statuses, int32_t with_expand) {
    *tables = (system_tables){num_words, num_actions, next, rewards, dones, statuses};
    *model = (wc_model){WC_ABI_VERSION, 0,    num_words, num_actions, 64, tables, step, with_expand ? expand : NULL,
                        NULL,           NULL};
}
