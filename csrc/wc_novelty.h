/* Novelty: how small a set of atoms a state has that no state before it had (Lipovetzky and Geffner 2012).
 *
 * Rank 0: an atom that is new in the state's partition; 1: a pair of atoms that is; 2: neither. Measuring a state adds
 * its atoms and pairs. Partitions part states that are not to be compared, by progress towards the goal (best-first
 * width search, Lipovetzky and Geffner 2017).
 *
 * Three tables of words: atoms (group, value), partitions (progress, unmet), and what was seen, one word each:
 * partition in 16 bits, two atoms in 24 bits each; a single atom is paired with the number that no atom has. What
 * outnumbers these bits, or the memory, is never new.
 */
#ifndef WC_NOVELTY_H
#define WC_NOVELTY_H

#include "wc_fields.h"
#include "wc_table.h"

enum {
    WC_NOVELTY_RANKS = 3,
    WC_NOVELTY_ATOM_BITS = 24,
    WC_NOVELTY_NO_ATOM = (1 << WC_NOVELTY_ATOM_BITS) - 1,
    WC_NOVELTY_MAX_PARTITIONS = 1 << 16
};

typedef struct wc_novelty {
    const wc_field *fields;
    uint32_t num_fields;
    uint32_t width;      /* 1: atoms alone, 2: pairs as well */
    uint32_t *atoms;     /* [num_fields]: those of the state in hand */
    wc_table atom_table; /* (group, value) */
    wc_table partitions; /* (progress, unmet) */
    wc_table seen;
} wc_novelty;

static inline void wc_novelty_free(wc_novelty *novelty) {
    free(novelty->atoms);
    wc_table_free(&novelty->atom_table);
    wc_table_free(&novelty->partitions);
    wc_table_free(&novelty->seen);
    memset(novelty, 0, sizeof *novelty);
}

static inline size_t wc_novelty_bytes(const wc_novelty *novelty) {
    return novelty->num_fields * sizeof(uint32_t) + novelty->atom_table.bytes + novelty->partitions.bytes +
           novelty->seen.bytes;
}

/* Returns 0 where there is not even memory for small tables; call wc_novelty_free either way. */
static inline int wc_novelty_init(wc_novelty *novelty, const wc_field *fields, uint32_t num_fields, uint32_t width,
                                  size_t memory_limit) {
    memset(novelty, 0, sizeof *novelty);
    novelty->fields = fields;
    novelty->num_fields = num_fields;
    novelty->width = width;
    novelty->atoms = malloc((num_fields + 1) * sizeof(uint32_t));
    return novelty->atoms && num_fields * sizeof(uint32_t) <= memory_limit / 4 &&
           wc_table_init(&novelty->atom_table, 2, 0, memory_limit / 4) &&
           wc_table_init(&novelty->partitions, 2, 0, memory_limit / 4) &&
           wc_table_init(&novelty->seen, 1, 0, memory_limit / 4);
}

/* The number of two words in a table, or `otherwise` where there is no room for them. */
static inline uint32_t wc_novelty_number(wc_table *table, uint64_t first, uint64_t second, uint32_t limit,
                                         uint32_t otherwise) {
    const uint64_t words[2] = {first, second};
    const uint64_t state_hash = wc_hash_words(words, 2);
    uint32_t index;
    if (table->count >= limit) {
        index = wc_table_find(table, words, state_hash);
        return index == WC_NO_STATE ? otherwise : index;
    }
    return wc_table_insert(table, words, state_hash, WC_NO_STATE, &index) == WC_TABLE_FULL ? otherwise : index;
}

/* Marks a pair as seen; returns whether it was not before. */
static inline int wc_novelty_mark(wc_novelty *novelty, uint32_t partition, uint32_t first, uint32_t second) {
    const uint64_t key = (uint64_t)partition << (2 * WC_NOVELTY_ATOM_BITS) | (uint64_t)first << WC_NOVELTY_ATOM_BITS |
                         second;
    uint32_t index;
    return wc_table_insert(&novelty->seen, &key, wc_hash_words(&key, 1), WC_NO_STATE, &index) == WC_TABLE_NEW;
}

/* Measures a state and adds it; returns its rank. */
static inline uint32_t wc_novelty_rank(wc_novelty *novelty, const uint64_t *state, uint64_t progress, uint64_t unmet) {
    const uint32_t partition =
        wc_novelty_number(&novelty->partitions, progress, unmet, WC_NOVELTY_MAX_PARTITIONS - 1,
                          WC_NOVELTY_MAX_PARTITIONS - 1);
    uint32_t num_atoms = 0, rank = WC_NOVELTY_RANKS - 1;
    for (uint32_t index = 0; index < novelty->num_fields; index++) {
        const wc_field *field = &novelty->fields[index];
        const uint64_t value = wc_field_value(field, state);
        if (wc_field_is_absent(field, value)) continue;
        const uint32_t atom = wc_novelty_number(&novelty->atom_table, field->group, value, WC_NOVELTY_NO_ATOM - 1,
                                                WC_NOVELTY_NO_ATOM);
        if (atom == WC_NOVELTY_NO_ATOM) continue;
        novelty->atoms[num_atoms++] = atom;
        if (wc_novelty_mark(novelty, partition, atom, WC_NOVELTY_NO_ATOM)) rank = 0;
    }
    if (novelty->width < 2) return rank;
    for (uint32_t first = 0; first < num_atoms; first++) {
        for (uint32_t second = 0; second < first; second++) {
            const uint32_t low = novelty->atoms[first] < novelty->atoms[second] ? novelty->atoms[first]
                                                                                : novelty->atoms[second];
            const uint32_t high = novelty->atoms[first] ^ novelty->atoms[second] ^ low;
            if (wc_novelty_mark(novelty, partition, low, high) && rank > 1) rank = 1;
        }
    }
    return rank;
}

#endif /* WC_NOVELTY_H */
