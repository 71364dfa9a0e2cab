/* The edges of an explored space: for each expanded state and action, where it leads and what it pays.
 *
 *     targets  [count][A]  uint32   0: nowhere, for a failed step or the end of an episode; else the state's index + 1
 *     codes    [count][A]  1, 2 or 8 bytes: what the step pays, as a number in a list, or the reward's bits themselves
 *     rewards  [2^8 or 2^16] double the list; code 0 is a failed step and pays minus infinity
 *
 * Worlds pay few different rewards, so a byte an edge is mostly enough. Codes begin as bytes; where the list outgrows
 * them, `overflow` is set and codes are to be made wider (wc_edges_widen): what was coded meanwhile means nothing.
 *
 * Threads may set the edges of different states at once. Each has a cache of the list; what it lacks is looked for under
 * the lock.
 */
#ifndef WC_EDGES_H
#define WC_EDGES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "wc_hash.h"
#include "wc_memory.h"
#include "wc_table.h"

enum { WC_REWARD_CACHE_BITS = 6 };
#define WC_CODE_FAILED 0u

/* What one thread remembers of the list; code 0: nothing there. */
typedef struct wc_reward_cache {
    uint64_t bits[1 << WC_REWARD_CACHE_BITS];
    uint32_t codes[1 << WC_REWARD_CACHE_BITS];
} wc_reward_cache;

typedef struct wc_edges {
    uint32_t *targets;
    void *codes;
    wc_array targets_array;
    wc_array codes_array;
    double *rewards;          /* the list */
    uint32_t *slots;          /* [2 * most rewards] codes by the hash of the reward's bits; 0: empty */
    uint32_t num_rewards;     /* the list's length, code 0 included */
    uint32_t num_actions;
    uint32_t capacity;        /* states that there is room for */
    uint32_t code_bytes;      /* 1, 2 or 8 */
    int overflow;             /* atomic */
    uint32_t goal_state;      /* atomic: the first state with an edge to a goal, WC_NO_STATE where there is none */
    int lock;                 /* atomic */
    size_t bytes;
} wc_edges;

/* How long the list may be. */
static inline uint32_t wc_edges_most_rewards(const wc_edges *edges) {
    return edges->code_bytes == 1 ? UINT32_C(1) << 8 : UINT32_C(1) << 16;
}

static inline size_t wc_edges_list_bytes(const wc_edges *edges) {
    return wc_edges_most_rewards(edges) * (sizeof(double) + 2 * sizeof(uint32_t));
}

static inline void wc_edges_free(wc_edges *edges) {
    wc_array_free(&edges->targets_array);
    wc_array_free(&edges->codes_array);
    free(edges->rewards);
    free(edges->slots);
    *edges = (wc_edges){0};
}

/* Makes an empty list. Returns 0 where there is no memory. */
static inline int wc_edges_new_list(wc_edges *edges) {
    const uint32_t most = wc_edges_most_rewards(edges);
    edges->num_rewards = 1;
    edges->rewards = malloc(most * sizeof(double));
    edges->slots = calloc(2 * (size_t)most, sizeof(uint32_t));
    if (edges->rewards == NULL || edges->slots == NULL) return 0;
    edges->rewards[WC_CODE_FAILED] = -INFINITY;
    return 1;
}

/* Returns 0 where there is no memory; call wc_edges_free either way. */
static inline int wc_edges_init(wc_edges *edges, uint32_t num_actions) {
    *edges = (wc_edges){.num_actions = num_actions, .code_bytes = 1, .goal_state = WC_NO_STATE};
    edges->bytes = wc_edges_list_bytes(edges);
    return wc_edges_new_list(edges);
}

/* Makes room for the edges of `count` states within `limit` bytes. Returns 0 where there is none. */
static inline int wc_edges_ensure(wc_edges *edges, uint32_t count, size_t limit) {
    if (count <= edges->capacity) return 1;
    const uint64_t more = edges->capacity < 1024 ? 64 : edges->capacity / 16;
    uint64_t capacity = edges->capacity + more > count ? edges->capacity + more : count;
    const size_t state_bytes = edges->num_actions * (sizeof(uint32_t) + edges->code_bytes);
    const size_t list_bytes = wc_edges_list_bytes(edges);
    if (list_bytes + capacity * state_bytes > limit) capacity = count;
    if (capacity > WC_TABLE_MAX_STATES || list_bytes + capacity * state_bytes > limit) return 0;
    const size_t num_edges = (size_t)capacity * edges->num_actions;
    if (!wc_array_enlarge(&edges->targets_array, num_edges * sizeof(uint32_t))) return 0;
    edges->targets = edges->targets_array.memory;
    if (!wc_array_enlarge(&edges->codes_array, num_edges * edges->code_bytes)) return 0;
    edges->codes = edges->codes_array.memory;
    edges->capacity = (uint32_t)capacity;
    edges->bytes = list_bytes + (size_t)capacity * state_bytes;
    return 1;
}

static inline size_t wc_edges_place(const wc_edges *edges, uint32_t state, int32_t action) {
    return (size_t)state * edges->num_actions + (size_t)action;
}

static inline double wc_bits_reward(uint64_t bits) {
    double reward;
    memcpy(&reward, &bits, sizeof reward);
    return reward;
}

static inline uint64_t wc_reward_bits(double reward) {
    uint64_t bits;
    memcpy(&bits, &reward, sizeof bits);
    return bits;
}

static inline void wc_edges_set_code(wc_edges *edges, size_t place, uint32_t code) {
    if (edges->code_bytes == 1) {
        ((uint8_t *)edges->codes)[place] = (uint8_t)code;
    } else if (edges->code_bytes == 2) {
        ((uint16_t *)edges->codes)[place] = (uint16_t)code;
    } else {
        ((double *)edges->codes)[place] = edges->rewards[code];
    }
}

static inline uint32_t wc_edges_code(const wc_edges *edges, size_t place) {
    return edges->code_bytes == 1 ? ((uint8_t *)edges->codes)[place] : ((uint16_t *)edges->codes)[place];
}

/* What an edge pays; minus infinity where the step failed. */
static inline double wc_edges_reward(const wc_edges *edges, size_t place) {
    return edges->code_bytes == 8 ? ((double *)edges->codes)[place] : edges->rewards[wc_edges_code(edges, place)];
}

static inline void wc_edges_set_failed(wc_edges *edges, uint32_t state, int32_t action) {
    const size_t place = wc_edges_place(edges, state, action);
    edges->targets[place] = 0;
    wc_edges_set_code(edges, place, WC_CODE_FAILED);
}

static inline void wc_edges_set_next(wc_edges *edges, uint32_t state, int32_t action, uint32_t next) {
    edges->targets[wc_edges_place(edges, state, action)] = next + 1;
}

static inline void wc_edges_set_end(wc_edges *edges, uint32_t state, int32_t action, int is_goal) {
    edges->targets[wc_edges_place(edges, state, action)] = 0;
    uint32_t seen = __atomic_load_n(&edges->goal_state, __ATOMIC_RELAXED);
    while (is_goal && state < seen &&
           !__atomic_compare_exchange_n(&edges->goal_state, &seen, state, 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
}

/* The code of a reward in the list, which it is added to; 0 where codes have to become wider. */
static inline uint32_t wc_edges_list(wc_edges *edges, uint64_t bits) {
    const uint32_t most = wc_edges_most_rewards(edges);
    const uint32_t last = 2 * most - 1;
    uint32_t place = (uint32_t)(wc_hash_words(&bits, 1) >> 32) & last;
    uint32_t code;
    while (__atomic_exchange_n(&edges->lock, 1, __ATOMIC_ACQUIRE)) {
    }
    for (; (code = edges->slots[place]) != 0; place = (place + 1) & last) {
        if (wc_reward_bits(edges->rewards[code]) == bits) break;
    }
    if (code == 0 && edges->num_rewards < most) {
        code = edges->num_rewards++;
        edges->rewards[code] = wc_bits_reward(bits);
        edges->slots[place] = code;
    }
    __atomic_store_n(&edges->lock, 0, __ATOMIC_RELEASE);
    return code;
}

static inline void wc_edges_set_reward(wc_edges *edges, wc_reward_cache *cache, uint32_t state, int32_t action,
                                       double reward) {
    const size_t place = wc_edges_place(edges, state, action);
    if (edges->code_bytes == 8) {
        ((double *)edges->codes)[place] = reward;
        return;
    }
    const uint64_t bits = wc_reward_bits(reward);
    const size_t line = (size_t)(bits * WC_HASH_SEED >> (64 - WC_REWARD_CACHE_BITS));
    if (cache->bits[line] != bits || cache->codes[line] == 0) {
        const uint32_t code = wc_edges_list(edges, bits);
        if (code == 0) {
            __atomic_store_n(&edges->overflow, 1, __ATOMIC_RELAXED);
            return;
        }
        cache->bits[line] = bits;
        cache->codes[line] = code;
    }
    wc_edges_set_code(edges, place, cache->codes[line]);
}

/* Makes the codes of the first `count` states wider and forgets the overflow. Returns 0 where there is no memory. */
static inline int wc_edges_widen(wc_edges *edges, uint32_t count, size_t limit) {
    wc_edges wider = *edges;
    const size_t num_edges = (size_t)edges->capacity * edges->num_actions;
    const size_t used = (size_t)count * edges->num_actions;
    wider.code_bytes = edges->code_bytes == 1 ? 2 : 8;
    wider.codes_array = (wc_array){NULL, 0, 0};
    wider.rewards = NULL;
    wider.slots = NULL;
    wider.bytes = wc_edges_list_bytes(&wider) + num_edges * (sizeof(uint32_t) + wider.code_bytes);
    /* Both widths are there for a moment. */
    if (edges->bytes + wider.bytes - num_edges * sizeof(uint32_t) > limit) return 0;
    if (!wc_edges_new_list(&wider) || !wc_array_enlarge(&wider.codes_array, num_edges * wider.code_bytes)) {
        free(wider.rewards);
        free(wider.slots);
        return 0;
    }
    wider.codes = wider.codes_array.memory;
    for (uint32_t code = 1; code < edges->num_rewards; code++) {
        wc_edges_list(&wider, wc_reward_bits(edges->rewards[code])); /* in their order: codes stay what they are */
    }
    for (size_t place = 0; place < used; place++) wc_edges_set_code(&wider, place, wc_edges_code(edges, place));
    wc_array_free(&edges->codes_array);
    free(edges->rewards);
    free(edges->slots);
    wider.overflow = 0;
    *edges = wider;
    return 1;
}

#endif /* WC_EDGES_H */
