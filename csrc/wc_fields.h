/* What a state's words are made of, as far as a search may know: bit fields, and groups of interchangeable ones.
 *
 * A field's value and its group are an *atom*: "some field of this group has this value". Fields of one group stand
 * for entities of one type, sorted in the state, so that atoms do not change when two of them swap places. A field
 * with its `absent` value has no atom.
 */
#ifndef WC_FIELDS_H
#define WC_FIELDS_H

#include <stdint.h>

#include "wc_hash.h"

typedef struct wc_field {
    uint32_t word;
    uint32_t shift;
    uint32_t width; /* 1 to 64 */
    uint32_t group;
    uint64_t absent;
    uint32_t has_absent;
} wc_field;

static inline uint64_t wc_field_mask(uint32_t width) {
    return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

static inline uint64_t wc_field_value(const wc_field *field, const uint64_t *state) {
    return (wc_load_word(state + field->word) >> field->shift) & wc_field_mask(field->width);
}

static inline int wc_field_is_absent(const wc_field *field, uint64_t value) {
    return field->has_absent && value == field->absent;
}

#endif /* WC_FIELDS_H */
