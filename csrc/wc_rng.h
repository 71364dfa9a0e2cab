/* A seeded generator: splitmix64 (Steele, Lea and Flood 2014). Its state is one word, so a copy is a fork.
 *
 * wc_engine/planners/reference/rng.py is the same generator in Python: keep the two equal.
 */
#ifndef WC_RNG_H
#define WC_RNG_H

#include <stdint.h>

typedef struct wc_rng {
    uint64_t state;
} wc_rng;

static inline void wc_rng_seed(wc_rng *rng, uint64_t seed) { rng->state = seed; }

/* The next 64 random bits. */
static inline uint64_t wc_rng_next(wc_rng *rng) {
    uint64_t bits = (rng->state += UINT64_C(0x9e3779b97f4a7c15));
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bits ^ (bits >> 31);
}

/* A number in 0 .. bound - 1; bound >= 1. The bias is below bound / 2^32. */
static inline uint32_t wc_rng_below(wc_rng *rng, uint32_t bound) {
    return (uint32_t)(((wc_rng_next(rng) >> 32) * bound) >> 32);
}

#endif /* WC_RNG_H */
