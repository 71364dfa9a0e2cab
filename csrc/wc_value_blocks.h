/* Prioritised sweeps: update where values may still change, and nowhere else.
 *
 * Priorities are kept for blocks of neighbouring states, in place of states (Wingate and Seppi 2005): states found one
 * after the other lead to states found one after the other, so a block depends on few others, its values stay in the
 * cache while it is swept until it is at rest, and no list of predecessors is needed, which would cost more memory than
 * the edges. The priority of a block is about the Bellman residual of its states: discount times what its own last sweep
 * changed, or what a block that it reads changed since, whichever is most. Several small changes can add up to more, so
 * the residual is measured before anything is called finished.
 *
 *     readers [first[b] .. first[b + 1]]   the blocks with an edge into block b, b itself left out
 *
 * A pass updates the blocks whose priority is above a threshold, a share of the largest priority.
 */
#ifndef WC_VALUE_BLOCKS_H
#define WC_VALUE_BLOCKS_H

#include "wc_value_sweeps.h"

enum {
    WC_BLOCK = 512,           /* states */
    WC_BLOCK_SWEEPS = 32,     /* sweeps of a block in a row, at most */
    WC_BLOCK_EDGES = 1 << 20  /* edges that these visit, at most, so that pauses are met */
};
#define WC_BLOCK_REST 0.1     /* a block is at rest when a sweep changes it by less than this share of its first one */
#define WC_PASS_SHARE 0.1

typedef struct wc_blocks {
    uint32_t count;
    uint64_t *priorities;   /* [count] atomic: bits */
    uint32_t *first;        /* [count + 1] */
    uint32_t *readers;
    uint32_t *stamps;       /* [count], while they are made */
    size_t bytes;
    double threshold;       /* of the present pass */
    double tolerance;
    wc_sweep *sweep;
} wc_blocks;

static inline void wc_blocks_free(wc_blocks *blocks) {
    free(blocks->priorities);
    free(blocks->first);
    free(blocks->readers);
    free(blocks->stamps);
    *blocks = (wc_blocks){0};
}

/* Counts readers; wc_blocks_list_readers comes after it. Returns 0 where there is no memory. */
static inline int wc_blocks_init(wc_blocks *blocks, wc_sweep *sweep, double tolerance, size_t limit) {
    const uint32_t count = (sweep->count + WC_BLOCK - 1) / WC_BLOCK;
    *blocks = (wc_blocks){.count = count, .tolerance = tolerance, .sweep = sweep};
    blocks->bytes = count * (sizeof(uint64_t) + 2 * sizeof(uint32_t)) + sizeof(uint32_t);
    if (blocks->bytes > limit) return 0;
    blocks->priorities = malloc(count * sizeof(uint64_t) + 1);
    blocks->first = calloc(count + 1, sizeof(uint32_t));
    blocks->stamps = calloc(count + 1, sizeof(uint32_t));
    if (blocks->priorities == NULL || blocks->first == NULL || blocks->stamps == NULL) return 0;
    for (uint32_t block = 0; block < count; block++) blocks->priorities[block] = wc_reward_bits(INFINITY);
    return 1;
}

/* Visits the blocks that `block` reads, each once: counts it as their reader, or lists it. */
static inline void wc_blocks_read(wc_blocks *blocks, uint32_t block, int lists) {
    const wc_sweep *sweep = blocks->sweep;
    const size_t num_actions = sweep->edges->num_actions;
    const uint32_t end = sweep->count - block * WC_BLOCK > WC_BLOCK ? (block + 1) * WC_BLOCK : sweep->count;
    const uint32_t stamp = block + 1;
    for (size_t place = (size_t)block * WC_BLOCK * num_actions; place < end * num_actions; place++) {
        const uint32_t target = sweep->edges->targets[place];
        if (target == 0 || target > sweep->count) continue;
        const uint32_t read = (target - 1) / WC_BLOCK;
        if (read == block || blocks->stamps[read] == stamp) continue;
        blocks->stamps[read] = stamp;
        if (lists) {
            blocks->readers[--blocks->first[read]] = block;
        } else {
            blocks->first[read]++;
        }
    }
}

/* After all were counted: makes room for the lists. Returns 0 where there is none. */
static inline int wc_blocks_make_lists(wc_blocks *blocks, size_t limit) {
    uint64_t sum = 0;
    for (uint32_t block = 0; block <= blocks->count; block++) {
        sum += block < blocks->count ? blocks->first[block] : 0;
        if (sum > UINT32_MAX) return 0;
        blocks->first[block] = (uint32_t)sum; /* the end, from which listing counts down */
    }
    blocks->bytes += sum * sizeof(uint32_t);
    if (blocks->bytes > limit) return 0;
    blocks->readers = malloc(sum * sizeof(uint32_t) + 1);
    memset(blocks->stamps, 0, blocks->count * sizeof(uint32_t));
    return blocks->readers != NULL;
}

static inline double wc_block_priority(const wc_blocks *blocks, uint32_t block) {
    return wc_bits_reward(__atomic_load_n(&blocks->priorities[block], __ATOMIC_RELAXED));
}

/* Sweeps one block until it is at rest and tells its readers. */
static inline void wc_block_update(wc_blocks *blocks, uint32_t block) {
    wc_sweep *sweep = blocks->sweep;
    wc_sweep own = {.edges = sweep->edges, .values = sweep->values, .following = sweep->following,
                    .policy = sweep->policy, .discount = sweep->discount, .staying = sweep->staying,
                    .count = sweep->count}; /* but for what other threads add to */
    const uint32_t begin = block * WC_BLOCK;
    const uint32_t end = sweep->count - begin > WC_BLOCK ? begin + WC_BLOCK : sweep->count;
    double before[WC_BLOCK];
    __atomic_store_n(&blocks->priorities[block], 0, __ATOMIC_RELAXED);
    for (uint32_t state = begin; state < end; state++) before[state - begin] = sweep->values[state + 1];
    double rest = blocks->tolerance / 4, last = 0.0;
    uint32_t sweeps = 0;
    do {
        own.descending = !(sweeps & 1);
        last = wc_sweep_range(&own, begin, end);
        if (sweeps++ == 0 && last * WC_BLOCK_REST > rest) rest = last * WC_BLOCK_REST;
    } while (last > rest && sweeps < WC_BLOCK_SWEEPS &&
             (uint64_t)sweeps * WC_BLOCK * sweep->edges->num_actions < WC_BLOCK_EDGES);
    double change = 0.0;
    for (uint32_t state = begin; state < end; state++) {
        change = fmax(change, fabs(sweep->values[state + 1] - before[state - begin]));
    }
    wc_atomic_max(&blocks->priorities[block], last * sweep->discount);
    if (change > 0.0) {
        for (uint32_t reader = blocks->first[block]; reader < blocks->first[block + 1]; reader++) {
            wc_atomic_max(&blocks->priorities[blocks->readers[reader]], change * sweep->discount);
        }
    }
    __atomic_fetch_add(&sweep->updates, (uint64_t)sweeps * (end - begin), __ATOMIC_RELAXED);
}

/* A piece of a pass, in whichever thread: from the last block to the first. */
static inline void wc_blocks_chunk(void *context, int64_t begin, int64_t end, void *scratch) {
    wc_blocks *blocks = context;
    (void)scratch;
    for (int64_t place = begin; place < end; place++) {
        const uint32_t block = blocks->count - 1 - (uint32_t)place;
        if (wc_block_priority(blocks, block) > blocks->threshold) wc_block_update(blocks, block);
    }
}

/* The largest priority. */
static inline double wc_blocks_most(const wc_blocks *blocks) {
    double most = 0.0;
    for (uint32_t block = 0; block < blocks->count; block++) most = fmax(most, wc_block_priority(blocks, block));
    return most;
}

#endif /* WC_VALUE_BLOCKS_H */
