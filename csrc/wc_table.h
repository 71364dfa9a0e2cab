/* A table of packed states: each distinct state once, numbered in the order of insertion.
 *
 * The words lie in one array in that order, so breadth-first search needs no queue: it reads the array. Beside them
 * are the state's parent (optional, 4 bytes) and an open-addressing index of 32-bit slots with linear probing:
 *
 *     words    [count][num_words]   uint64
 *     parents  [count]              uint32
 *     slots    [1 << slot_bits]     uint32    0: empty; else  tag << index_bits | (index + 1)
 *
 * An index needs only as many bits as there are slots; the bits above it hold a tag, high bits of the hash, so that a
 * probe reads the words of another state only where the tags agree. Emptiness is the slot's, never the key's: every
 * key is legal, zero words among them.
 *
 * Slots double at three quarters full (5.3 to 10.7 bytes a state) and are filled anew from the words, in turns where
 * there are so many that a search would look at no signal for too long. The arrays grow
 * by doubling while small, by 1/16 once they are large, so that what is reserved stays close to what is used. With
 * parents the table takes at most 16 bytes a state beyond two packed words. A table never holds more than
 * memory_limit bytes, nor more than 2^32 - 2 states: insertion then says WC_TABLE_FULL and the table stays valid.
 */
#ifndef WC_TABLE_H
#define WC_TABLE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wc_hash.h"
#include "wc_memory.h"

#define WC_NO_STATE UINT32_MAX     /* no index: absent, or the parent of the root */
#define WC_TABLE_MAX_STATES (UINT32_MAX - 1)

enum { WC_TABLE_FULL = -1, WC_TABLE_FOUND = 0, WC_TABLE_NEW = 1 };

typedef struct wc_table {
    uint64_t *words;        /* the three arrays as their elements; parents is NULL where none are kept */
    uint32_t *parents;
    uint32_t *slots;
    wc_array words_array;   /* and as memory */
    wc_array parents_array;
    wc_array slots_array;
    uint32_t num_words;     /* W, words per state */
    uint32_t count;         /* states held */
    uint32_t capacity;      /* states that words and parents have room for */
    uint32_t slot_bits;
    uint32_t index_bits;    /* min(slot_bits, 32) */
    int keeps_parents;
    uint32_t indexed;       /* while is_growing: states that the slots know, */
    size_t touched;         /* and bytes of the slots that have memory by now */
    int is_growing;         /* only wc_table_prepare may be called */
    size_t bytes;           /* held by the three arrays */
    size_t memory_limit;
} wc_table;

enum { WC_TABLE_FIRST_CAPACITY = 16, WC_TABLE_FIRST_SLOT_BITS = 5 };

static inline const uint64_t *wc_table_words(const wc_table *table, uint32_t index) {
    return table->words + (size_t)index * table->num_words;
}

static inline void wc_table_free(wc_table *table) {
    wc_array_free(&table->words_array);
    wc_array_free(&table->parents_array);
    wc_array_free(&table->slots_array);
    memset(table, 0, sizeof *table);
}

/* Makes room for `capacity` states. Returns 0 where memory or the limit forbids it; the table is then as it was. */
static inline int wc_table_reserve(wc_table *table, uint32_t capacity) {
    const size_t words_bytes = (size_t)capacity * table->num_words * sizeof(uint64_t);
    const size_t parents_bytes = table->keeps_parents ? (size_t)capacity * sizeof(uint32_t) : 0;
    const size_t bytes = words_bytes + parents_bytes + table->slots_array.bytes;
    if (bytes > table->memory_limit) return 0;
    if (table->keeps_parents) {
        if (!wc_array_enlarge(&table->parents_array, parents_bytes)) return 0;
        table->parents = table->parents_array.memory;
    }
    if (!wc_array_enlarge(&table->words_array, words_bytes)) return 0;
    table->words = table->words_array.memory;
    table->capacity = capacity;
    table->bytes = bytes;
    return 1;
}

/* Returns 0 where memory or the limit forbids even a small table; wc_table_free is then still allowed. */
static inline int wc_table_init(wc_table *table, uint32_t num_words, int keeps_parents, size_t memory_limit) {
    memset(table, 0, sizeof *table);
    table->num_words = num_words;
    table->keeps_parents = keeps_parents;
    table->memory_limit = memory_limit;
    table->slot_bits = table->index_bits = WC_TABLE_FIRST_SLOT_BITS;
    const size_t slot_bytes = sizeof(uint32_t) << WC_TABLE_FIRST_SLOT_BITS;
    if (slot_bytes > memory_limit) return 0;
    if (!wc_array_zeros(&table->slots_array, slot_bytes)) return 0;
    table->slots = table->slots_array.memory;
    table->bytes = slot_bytes;
    return wc_table_reserve(table, WC_TABLE_FIRST_CAPACITY);
}

static inline size_t wc_table_home(const wc_table *table, uint64_t state_hash) {
    return (size_t)(state_hash & ((UINT64_C(1) << table->slot_bits) - 1));
}

static inline uint32_t wc_table_index_mask(const wc_table *table) {
    return (uint32_t)((UINT64_C(1) << table->index_bits) - 1);
}

/* The part of a slot's value above the index: 0 bits wide once there are 2^32 slots. */
static inline uint32_t wc_table_tag(const wc_table *table, uint64_t state_hash) {
    return (uint32_t)(state_hash >> 32) & ~wc_table_index_mask(table);
}

static inline int wc_words_equal(const uint64_t *left, const uint64_t *right, uint32_t num_words) {
    for (uint32_t word_index = 0; word_index < num_words; word_index++) {
        if (wc_load_word(left + word_index) != wc_load_word(right + word_index)) return 0;
    }
    return 1;
}

/* First touch of a lookup, some hundred nanoseconds ahead: brings the slot's cache line. */
static inline void wc_table_prefetch_slot(const wc_table *table, uint64_t state_hash) {
    __builtin_prefetch(table->slots + wc_table_home(table, state_hash), 0, 3);
}

/* What a lookup reads of a table: a copy, which no store of the caller can change. Invalid once the table grows. */
typedef struct wc_table_view {
    uint32_t *slots;
    const uint64_t *words;
    size_t last;         /* place */
    uint32_t index_mask;
} wc_table_view;

static inline wc_table_view wc_table_look(const wc_table *table) {
    return (wc_table_view){table->slots, table->words, ((size_t)1 << table->slot_bits) - 1, wc_table_index_mask(table)};
}

/* Second touch, once the slot is there: the place of the first slot that may be this state's or is empty. Brings the
 * words that wc_table_settle will compare. States that are inserted meanwhile do no harm. */
static inline size_t wc_table_locate(const wc_table_view view, uint64_t state_hash, uint32_t num_words) {
    const uint32_t tag = (uint32_t)(state_hash >> 32) & ~view.index_mask;
    size_t place = (size_t)state_hash & view.last;
    for (;; place = (place + 1) & view.last) {
        const uint32_t slot = __atomic_load_n(&view.slots[place], __ATOMIC_RELAXED);
        if (slot == 0) return place;
        if (((slot ^ tag) & ~view.index_mask) != 0) continue;
        __builtin_prefetch(view.words + (size_t)((slot & view.index_mask) - 1) * num_words, 0, 3);
        return place;
    }
}

/* Where a lookup ended: the place of the state, or the empty one where it belongs, and what its slot held then. Where
 * other threads insert, an empty slot may hold another state by the time that it is looked at again. */
typedef struct wc_table_end {
    size_t place;
    uint32_t slot; /* 0: the state is not there */
} wc_table_end;

/* Looks from `place` on, which wc_table_locate returned or which is the state's home. Other threads may insert
 * meanwhile: what a slot refers to is written before the slot. */
static inline wc_table_end wc_table_settle(const wc_table_view view, const uint64_t *words, uint64_t state_hash,
                                           size_t place, uint32_t num_words) {
    const uint32_t tag = (uint32_t)(state_hash >> 32) & ~view.index_mask;
    for (;; place = (place + 1) & view.last) {
        const uint32_t slot = __atomic_load_n(&view.slots[place], __ATOMIC_ACQUIRE);
        if (slot == 0) return (wc_table_end){place, 0};
        if (((slot ^ tag) & ~view.index_mask) != 0) continue;
        if (wc_words_equal(view.words + (size_t)((slot & view.index_mask) - 1) * num_words, words, num_words)) {
            return (wc_table_end){place, slot};
        }
    }
}

static inline wc_table_end wc_table_probe(const wc_table *table, const uint64_t *words, uint64_t state_hash) {
    return wc_table_settle(wc_table_look(table), words, state_hash, wc_table_home(table, state_hash), table->num_words);
}

/* The index of a state, or WC_NO_STATE. state_hash is wc_hash_words of it (or any function that all calls share). */
static inline uint32_t wc_table_find(const wc_table *table, const uint64_t *words, uint64_t state_hash) {
    const uint32_t slot = wc_table_probe(table, words, state_hash).slot;
    return slot == 0 ? WC_NO_STATE : (slot & wc_table_index_mask(table)) - 1;
}

/* The hash of stored states, for the growth of the slots. A test that forces collisions defines its own. */
#ifndef WC_TABLE_HASH
#define WC_TABLE_HASH wc_hash_words
#endif

enum { WC_TABLE_REBUILD_AHEAD = 64 }; /* a power of two */

/* States from which slots are filled anew in turns, and states of a turn: about a millisecond. */
#ifndef WC_TABLE_LARGE
#define WC_TABLE_LARGE (1u << 20)
#define WC_TABLE_TURN (1u << 17)
#endif
#define WC_TABLE_TOUCHED ((size_t)8 << 20) /* bytes of a turn in which new slots get their memory */

/* Puts a state that is in no slot into the first free one from `place` on; all differ: no comparing. */
static inline void wc_table_fill_slot(uint32_t *slots, size_t place, size_t last, uint32_t value, int is_shared) {
    for (;; place = (place + 1) & last) {
        uint32_t empty = __atomic_load_n(&slots[place], __ATOMIC_RELAXED);
        if (empty != 0) continue;
        if (!is_shared) {
            slots[place] = value;
            return;
        }
        if (__atomic_compare_exchange_n(&slots[place], &empty, value, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) return;
    }
}

/* Fills slots with the states begin .. end - 1; the slots of the states ahead are on their way meanwhile. Several
 * threads may do it at once with different states where is_shared says so. */
static inline void wc_table_rebuild(wc_table *table, uint32_t begin, uint32_t end, int is_shared) {
    const size_t last = ((size_t)1 << table->slot_bits) - 1;
    const uint32_t tag_mask = ~wc_table_index_mask(table), count = end - begin;
    uint32_t *slots = table->slots;
    uint64_t hashes[WC_TABLE_REBUILD_AHEAD];
    for (uint64_t ahead = 0; ahead < (uint64_t)count + WC_TABLE_REBUILD_AHEAD; ahead++) {
        uint64_t *state_hash = &hashes[ahead % WC_TABLE_REBUILD_AHEAD];
        if (ahead >= WC_TABLE_REBUILD_AHEAD) { /* what was hashed so many turns ago */
            const uint32_t index = begin + (uint32_t)(ahead - WC_TABLE_REBUILD_AHEAD);
            const uint32_t value = ((uint32_t)(*state_hash >> 32) & tag_mask) | (index + 1);
            wc_table_fill_slot(slots, (size_t)*state_hash & last, last, value, is_shared);
        }
        if (ahead < count) {
            *state_hash = WC_TABLE_HASH(wc_table_words(table, begin + (uint32_t)ahead), table->num_words);
            __builtin_prefetch(slots + ((size_t)*state_hash & last), 1, 3);
        }
    }
}

/* Twice as many slots, all empty. Returns 0 where memory or the limit forbids it: the table is then as it was. */
static inline int wc_table_new_slots(wc_table *table) {
    const size_t slot_bytes = table->slots_array.bytes;
    wc_array doubled;
    if (slot_bytes > table->memory_limit - table->bytes || !wc_array_zeros(&doubled, 2 * slot_bytes)) return 0;
    /* The words say all that the old slots said: they go before the new ones are touched. */
    wc_array_free(&table->slots_array);
    table->slots_array = doubled;
    table->slots = doubled.memory;
    table->bytes += slot_bytes;
    table->slot_bits++;
    table->index_bits = table->slot_bits < 32 ? table->slot_bits : 32;
    return 1;
}

static inline int wc_table_double_slots(wc_table *table) {
    if (!wc_table_new_slots(table)) return 0;
    wc_table_rebuild(table, 0, table->count, 0);
    return 1;
}

static inline int wc_table_grow_arrays(wc_table *table) {
    const uint32_t capacity = table->capacity;
    const uint32_t more = capacity < (1u << 16) ? capacity : capacity < (1u << 18) ? capacity / 4 : capacity / 16;
    if (capacity == WC_TABLE_MAX_STATES) return 0;
    return wc_table_reserve(table, more < WC_TABLE_MAX_STATES - capacity ? capacity + more : WC_TABLE_MAX_STATES);
}

/* Whether the slots are too few for `more` further states. */
static inline int wc_table_is_short(const wc_table *table, uint32_t more) {
    return (uint64_t)table->count + more > (UINT64_C(3) << table->slot_bits >> 2);
}

/* Makes room for `more` further states, so that they can be stored without a look at the limits.
 * Returns 0 where memory or the limit forbids it; the table is valid then too. */
static inline int wc_table_ensure(wc_table *table, uint32_t more) {
    if (more > WC_TABLE_MAX_STATES - table->count) return 0;
    const uint32_t count = table->count + more;
    while (count > table->capacity) {
        if (!wc_table_grow_arrays(table)) return 0;
    }
    while (wc_table_is_short(table, more)) {
        if (!wc_table_double_slots(table)) return 0;
    }
    return 1;
}

/* A piece of a large table's growth, which several threads may share: bytes of the new slots that get their memory
 * (else the first turn that fills some of them would have all of them zeroed), or states that are put into them. */
typedef struct wc_table_turn {
    wc_table *table;
    size_t begin, end;
    int touches;
} wc_table_turn;

/* Whether the slots of a large table are being doubled, so that there is room for `more` further states. */
static inline int wc_table_grows(wc_table *table, uint32_t more) {
    if (table->is_growing) return 1;
    if (table->count < WC_TABLE_LARGE || !wc_table_is_short(table, more) || !wc_table_new_slots(table)) return 0;
    table->is_growing = 1;
    table->indexed = 0;
    table->touched = 0;
    return 1;
}

/* What a growing table needs next, in a piece for `num_threads`. */
static inline wc_table_turn wc_table_next_turn(wc_table *table, uint32_t num_threads) {
    const int touches = table->touched < table->slots_array.bytes;
    const size_t begin = touches ? table->touched : table->indexed;
    const size_t left = (touches ? table->slots_array.bytes : table->count) - begin;
    const size_t size = (touches ? WC_TABLE_TOUCHED : WC_TABLE_TURN) * num_threads;
    return (wc_table_turn){table, begin, begin + (left < size ? left : size), touches};
}

/* Does a part of a turn. */
static inline void wc_table_take_turn(const wc_table_turn *turn, size_t begin, size_t end, int is_shared) {
    enum { PAGE = 4096 }; /* bytes; others are as right */
    if (!turn->touches) {
        wc_table_rebuild(turn->table, (uint32_t)begin, (uint32_t)end, is_shared);
        return;
    }
    for (; begin < end; begin += PAGE) *((volatile char *)turn->table->slots + begin) = 0;
}

/* Notes that a whole turn is done. Returns 1 once the table has grown. */
static inline int wc_table_end_turn(const wc_table_turn *turn) {
    wc_table *table = turn->table;
    if (turn->touches) {
        table->touched = turn->end;
        return 0;
    }
    table->indexed = (uint32_t)turn->end;
    table->is_growing = table->indexed < table->count;
    return !table->is_growing;
}

/* Makes room for `more` further states in a large table turn by turn, so that a search can look at signals between
 * two. Returns 0 where it is to be called again before anything else; else whatever room there is, is made. */
static inline int wc_table_prepare(wc_table *table, uint32_t more) {
    if (!wc_table_grows(table, more)) return 1;
    const wc_table_turn turn = wc_table_next_turn(table, 1);
    wc_table_take_turn(&turn, turn.begin, turn.end, 0);
    return wc_table_end_turn(&turn);
}

/* Stores a state that is not there, at the empty place that wc_table_settle returned, and for which there is room. */
static inline uint32_t wc_table_store(wc_table *table, const uint64_t *words, uint64_t state_hash, size_t place,
                                      uint32_t parent, uint32_t num_words) {
    const uint32_t index = table->count++;
    uint64_t *stored = table->words + (size_t)index * num_words;
    for (uint32_t word_index = 0; word_index < num_words; word_index++) stored[word_index] = words[word_index];
    if (table->keeps_parents) table->parents[index] = parent;
    table->slots[place] = wc_table_tag(table, state_hash) | (index + 1);
    return index;
}

/* Inserts a state unless it is there; *index is its number either way.
 * Returns WC_TABLE_NEW, WC_TABLE_FOUND, or WC_TABLE_FULL (nothing changed). `words` must not point into the table. */
static inline int wc_table_insert(wc_table *table, const uint64_t *words, uint64_t state_hash, uint32_t parent,
                                  uint32_t *index) {
    wc_table_end end = wc_table_probe(table, words, state_hash);
    if (end.slot != 0) {
        *index = (end.slot & wc_table_index_mask(table)) - 1;
        return WC_TABLE_FOUND;
    }
    const uint32_t slot_bits = table->slot_bits;
    if (!wc_table_ensure(table, 1)) return WC_TABLE_FULL;
    if (table->slot_bits != slot_bits) end = wc_table_probe(table, words, state_hash);
    *index = wc_table_store(table, words, state_hash, end.place, parent, table->num_words);
    return WC_TABLE_NEW;
}

#endif /* WC_TABLE_H */
