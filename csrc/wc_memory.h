/* Large arrays that grow: moved by page tables where the system can, never copied, and on huge pages.
 *
 * A search visits its arrays at random places, so that with pages of 4 KiB nearly every visit misses the translation
 * buffer too. On Linux large arrays are mappings of their own that ask for huge pages; elsewhere they are on the heap.
 */
#ifndef WC_MEMORY_H
#define WC_MEMORY_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__linux__) && defined(_GNU_SOURCE)
#include <sys/mman.h>
#define WC_MAPS_LARGE_ARRAYS 1
#else
#define WC_MAPS_LARGE_ARRAYS 0
#endif

#define WC_LARGE_ARRAY ((size_t)4 << 20) /* bytes from which an array is a mapping of its own */

static inline int wc_is_mapped(size_t bytes) { return WC_MAPS_LARGE_ARRAYS && bytes >= WC_LARGE_ARRAY; }

/* An array in memory of its own; all zero is an empty one. */
typedef struct wc_array {
    void *memory;
    size_t bytes;
} wc_array;

static inline void wc_array_free(wc_array *array) {
#if WC_MAPS_LARGE_ARRAYS
    if (wc_is_mapped(array->bytes)) {
        munmap(array->memory, array->bytes);
        array->memory = NULL;
    }
#endif
    free(array->memory);
    *array = (wc_array){NULL, 0};
}

/* Makes an empty array one of zeros. Returns 0 where there is no memory. */
static inline int wc_array_zeros(wc_array *array, size_t bytes) {
    void *memory;
#if WC_MAPS_LARGE_ARRAYS
    if (wc_is_mapped(bytes)) {
        memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return 0;
        madvise(memory, bytes, MADV_HUGEPAGE); /* advice: without it all is as right, and slower */
        *array = (wc_array){memory, bytes};
        return 1;
    }
#endif
    memory = calloc(1, bytes);
    if (memory == NULL) return 0;
    *array = (wc_array){memory, bytes};
    return 1;
}

/* Enlarges an array and keeps what it holds. Returns 0 where there is no memory: it is then as it was. */
static inline int wc_array_enlarge(wc_array *array, size_t bytes) {
    if (!wc_is_mapped(bytes)) {
        void *memory = realloc(array->memory, bytes);
        if (memory == NULL) return 0;
        *array = (wc_array){memory, bytes};
        return 1;
    }
#if WC_MAPS_LARGE_ARRAYS
    if (wc_is_mapped(array->bytes)) {
        void *memory = mremap(array->memory, array->bytes, bytes, MREMAP_MAYMOVE);
        if (memory == MAP_FAILED) return 0;
        madvise(memory, bytes, MADV_HUGEPAGE);
        *array = (wc_array){memory, bytes};
        return 1;
    }
#endif
    wc_array larger;
    if (!wc_array_zeros(&larger, bytes)) return 0;
    if (array->bytes != 0) memcpy(larger.memory, array->memory, array->bytes);
    wc_array_free(array);
    *array = larger;
    return 1;
}

#endif /* WC_MEMORY_H */
