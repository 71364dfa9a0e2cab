/* Breadth-first search on Sokoban by hand, for levels of one word: the yardstick for csrc/wc_breadth_first.h.
 *
 * The model is compiled in, tables have their final size from the start, nothing can fail and no clock is looked at.
 * Parents are kept, as a plan needs them. The search also ends when its table is three quarters full. Children of a window of states are made first and looked up then, so that
 * their slots are on their way from memory meanwhile.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "c_sokoban.c"

#include "wc_hash.h"
#include "wc_memory.h"

enum { WINDOW = 64 };

typedef struct child {
    uint64_t words;
    uint64_t hash;
    uint32_t parent;
} child;

typedef struct bfs {
    uint64_t *states;
    uint32_t *parents;
    uint32_t *slots; /* index + 1, 0: empty */
    uint64_t slot_mask;
    uint32_t count;
} bfs;

static inline void insert(bfs *search, const child *one) {
    uint64_t place = one->hash & search->slot_mask;
    for (; search->slots[place] != 0; place = (place + 1) & search->slot_mask) {
        if (search->states[search->slots[place] - 1] == one->words) return;
    }
    search->states[search->count] = one->words;
    search->parents[search->count] = one->parent;
    search->slots[place] = ++search->count;
}

/* Returns the length of a shortest plan, 0 where there is none within `max_expanded` states, -1 without memory. Writes
 * the children that were made. */
int32_t sokoban_bfs(const void *problem, uint64_t initial, uint32_t max_expanded, uint64_t *generated) {
    const uint64_t capacity = (uint64_t)max_expanded * NUM_ACTIONS + 1;
    uint64_t slot_count = 2;
    while (slot_count < 2 * (uint64_t)max_expanded) slot_count *= 2;
    wc_array states = {0}, parents = {0}, slots = {0};
    int32_t length = -1;
    *generated = 0;
    if (wc_array_zeros(&states, capacity * sizeof(uint64_t)) && wc_array_zeros(&parents, capacity * sizeof(uint32_t)) &&
        wc_array_zeros(&slots, slot_count * sizeof(uint32_t))) {
        bfs search = {states.memory, parents.memory, slots.memory, slot_count - 1, 0};
        child children[WINDOW * NUM_ACTIONS];
        const child root = {initial, wc_hash_words(&initial, 1), 0};
        uint32_t cursor = 0, layer_end = 1, depth = 0;
        length = 0;
        insert(&search, &root);
        while (length == 0 && cursor < search.count && cursor < max_expanded && search.count < slot_count / 4 * 3) {
            if (cursor == layer_end) {
                layer_end = search.count;
                depth++;
            }
            uint32_t end = cursor + WINDOW, made = 0;
            if (end > layer_end) end = layer_end;
            if (end > max_expanded) end = max_expanded;
            for (; cursor < end && length == 0; cursor++) {
                for (int32_t action = 0; action < NUM_ACTIONS; action++) {
                    uint64_t next = search.states[cursor];
                    uint8_t done;
                    const double reward = move(problem, &next, action, &done);
                    ++*generated;
                    if (done && reward > 0.0) length = (int32_t)depth + 1;
                    if (done || next == search.states[cursor]) continue;
                    const child one = {next, wc_hash_words(&next, 1), cursor};
                    __builtin_prefetch(search.slots + (one.hash & search.slot_mask), 0, 3);
                    children[made++] = one;
                }
            }
            for (uint32_t place = 0; place < made; place++) insert(&search, &children[place]);
        }
    }
    wc_array_free(&states);
    wc_array_free(&parents);
    wc_array_free(&slots);
    return length;
}
