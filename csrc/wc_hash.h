/* Hashing of packed states: multiply and fold, one multiplication a word.
 *
 * The hash is a hint: a hit always compares the words. Words are loaded with memcpy, so that callers may pass memory
 * that holds another type without breaking the aliasing rules.
 */
#ifndef WC_HASH_H
#define WC_HASH_H

#include <stdint.h>
#include <string.h>

#ifndef __SIZEOF_INT128__
#error "wc_hash.h needs a compiler with 128-bit integers (gcc or clang on a 64-bit target)"
#endif

#define WC_HASH_SEED UINT64_C(0x9e3779b97f4a7c15)
#define WC_HASH_MULTIPLIER UINT64_C(0xd6e8feb86659fd93)

static inline uint64_t wc_load_word(const uint64_t *word) {
    uint64_t value;
    memcpy(&value, word, sizeof value);
    return value;
}

/* The product's halves folded together: every bit of both factors reaches every bit of the result. */
static inline uint64_t wc_multiply_fold(uint64_t left, uint64_t right) {
    const __uint128_t product = (__uint128_t)left * right;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The 64-bit hash of words[num_words]. */
static inline uint64_t wc_hash_words(const uint64_t *words, uint32_t num_words) {
    uint64_t state_hash = wc_multiply_fold(wc_load_word(words) ^ WC_HASH_SEED, WC_HASH_MULTIPLIER);
    for (uint32_t word_index = 1; word_index < num_words; word_index++) {
        state_hash = wc_multiply_fold((state_hash + WC_HASH_SEED) ^ wc_load_word(words + word_index),
                                      WC_HASH_MULTIPLIER);
    }
    return state_hash;
}

#endif /* WC_HASH_H */
