/* Scratch memory: what the functions of a model write into, one piece for each thread. */
#ifndef WC_SCRATCH_H
#define WC_SCRATCH_H

#include <stddef.h>
#include <stdlib.h>

#include "wc_abi.h"

enum { WC_SCRATCH_ALIGNMENT = 64 };

/* At least `bytes` bytes, aligned as the contract says; NULL where there is no memory. */
static inline void *wc_scratch_bytes_new(size_t bytes) {
    bytes = (bytes + WC_SCRATCH_ALIGNMENT - 1) / WC_SCRATCH_ALIGNMENT * WC_SCRATCH_ALIGNMENT;
    return aligned_alloc(WC_SCRATCH_ALIGNMENT, bytes == 0 ? WC_SCRATCH_ALIGNMENT : bytes);
}

/* Scratch memory for one thread that steps a model; NULL where there is no memory. */
static inline void *wc_scratch_new(const wc_model *model) { return wc_scratch_bytes_new(model->scratch_bytes); }

#endif /* WC_SCRATCH_H */
