/* Estimates of the distance to a goal: the sum or the maximum over patterns.
 *
 * A *pattern* is a part of the state, some of its bit fields, with the distances of all values that the part can take:
 * a pattern database (Culberson and Schaeffer 1998). wc_projection.h finds them by exhausting the model on the part.
 */
#ifndef WC_ESTIMATE_H
#define WC_ESTIMATE_H

#include "wc_fields.h"
#include "wc_table.h"

#define WC_DEAD_END UINT32_MAX

enum { WC_PATTERN_MAX_WORDS = 16 };

/* Bits that are copied from the state into the part. */
typedef struct wc_copy {
    uint32_t from_word;
    uint32_t from_shift;
    uint32_t to_word;
    uint32_t to_shift;
    uint32_t width;
    uint32_t has_absent; /* where these bits are all ones, the part is absent: distance 0 */
} wc_copy;

typedef struct wc_pattern {
    const wc_copy *copies;
    uint32_t num_copies;
    const uint64_t *base;      /* [table->num_words]: the part's other bits */
    const wc_table *table;     /* the values of the part */
    const uint32_t *distances; /* their distances, WC_DEAD_END where a goal is out of reach */
    uint32_t unknown;          /* the distance of a value that is not in the table */
} wc_pattern;

typedef struct wc_estimator {
    const wc_pattern *patterns;
    uint32_t num_patterns;
    int takes_maximum; /* else the sum */
} wc_estimator;

typedef struct wc_estimate {
    uint32_t distance; /* WC_DEAD_END: no goal can be reached, as far as a part tells */
    uint32_t unmet;    /* patterns whose distance is not 0 */
} wc_estimate;

static inline void wc_copy_bits(const wc_copy *copy, const uint64_t *from, uint64_t *to) {
    const uint64_t mask = wc_field_mask(copy->width);
    const uint64_t value = (wc_load_word(from + copy->from_word) >> copy->from_shift) & mask;
    to[copy->to_word] = (to[copy->to_word] & ~(mask << copy->to_shift)) | value << copy->to_shift;
}

static inline uint32_t wc_pattern_distance(const wc_pattern *pattern, const uint64_t *state) {
    uint64_t words[WC_PATTERN_MAX_WORDS];
    const uint32_t num_words = pattern->table->num_words;
    memcpy(words, pattern->base, num_words * sizeof(uint64_t));
    for (uint32_t index = 0; index < pattern->num_copies; index++) {
        const wc_copy *copy = &pattern->copies[index];
        const uint64_t mask = wc_field_mask(copy->width);
        if (copy->has_absent && ((wc_load_word(state + copy->from_word) >> copy->from_shift) & mask) == mask) return 0;
        wc_copy_bits(copy, state, words);
    }
    const uint32_t index = wc_table_find(pattern->table, words, wc_hash_words(words, num_words));
    return index == WC_NO_STATE ? pattern->unknown : pattern->distances[index];
}

/* The estimate for a state; zeros where there is no estimator. */
static inline wc_estimate wc_estimate_state(const wc_estimator *estimator, const uint64_t *state) {
    wc_estimate estimate = {0, 0};
    if (estimator == NULL) return estimate;
    for (uint32_t index = 0; index < estimator->num_patterns; index++) {
        const uint32_t distance = wc_pattern_distance(&estimator->patterns[index], state);
        if (distance == WC_DEAD_END) return (wc_estimate){WC_DEAD_END, estimator->num_patterns};
        estimate.unmet += distance != 0;
        if (estimator->takes_maximum) {
            if (distance > estimate.distance) estimate.distance = distance;
        } else {
            estimate.distance += distance;
        }
    }
    return estimate;
}

#endif /* WC_ESTIMATE_H */
