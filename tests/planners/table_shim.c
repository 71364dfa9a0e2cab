/* The state table behind plain functions; WC_TABLE_HASH may be one that collides. */
#include <stdint.h>

static inline uint64_t constant_hash(const uint64_t *words, uint32_t num_words) {
    (void)words, (void)num_words;
    return 0;
}

/* Same home slot for all, different tags. */
static inline uint64_t same_home_hash(const uint64_t *words, uint32_t num_words) {
    (void)num_words;
    return words[0] << 40;
}

#include "wc_table.h"

wc_table *shim_new(uint32_t num_words, size_t memory_limit) {
    wc_table *table = malloc(sizeof *table);
    if (!wc_table_init(table, num_words, 1, memory_limit)) {
        wc_table_free(table);
        free(table);
        return NULL;
    }
    return table;
}

void shim_free(wc_table *table) {
    wc_table_free(table);
    free(table);
}

int32_t shim_insert(wc_table *table, const uint64_t *words, uint32_t parent, uint32_t *index) {
    const uint64_t state_hash = WC_TABLE_HASH(words, table->num_words);
    while (!wc_table_prepare(table, 1)) continue;
    wc_table_prefetch_slot(table, state_hash);
    wc_table_locate(wc_table_look(table), state_hash, table->num_words);
    return wc_table_insert(table, words, state_hash, parent, index);
}

/* Inserts states that are their own number in every word; WC_TABLE_NEW where all were new. */
int32_t shim_insert_range(wc_table *table, uint32_t count) {
    uint64_t words[8];
    uint32_t index;
    for (uint32_t left = count; left > 0; left--) {
        for (uint32_t word_index = 0; word_index < table->num_words; word_index++) words[word_index] = table->count;
        const int32_t status = shim_insert(table, words, 0, &index);
        if (status != WC_TABLE_NEW) return status;
    }
    return WC_TABLE_NEW;
}

uint32_t shim_find(const wc_table *table, const uint64_t *words) {
    return wc_table_find(table, words, WC_TABLE_HASH(words, table->num_words));
}

uint32_t shim_count(const wc_table *table) { return table->count; }
uint32_t shim_parent(const wc_table *table, uint32_t index) { return table->parents[index]; }
uint64_t shim_word(const wc_table *table, uint32_t index, uint32_t word_index) {
    return wc_table_words(table, index)[word_index];
}
size_t shim_bytes(const wc_table *table) { return table->bytes; }
