/* Large arrays that grow: in place where the system can, never copied, and on huge pages.
 *
 * A search visits its arrays at random places, so that with pages of 4 KiB nearly every visit misses the translation
 * buffer too. On Linux large arrays are mappings of their own, aligned to huge pages, which they ask for. A mapping is
 * several times as long as its array, since addresses cost nothing and memory comes with the first touch: an array grows
 * by using more of it, and seldom has to move, which moves page tables and not what it holds. Elsewhere arrays are on the
 * heap.
 */
#ifndef WC_MEMORY_H
#define WC_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__linux__) && defined(_GNU_SOURCE)
#include <sys/mman.h>
#define WC_MAPS_LARGE_ARRAYS 1
#else
#define WC_MAPS_LARGE_ARRAYS 0
#endif

#define WC_LARGE_ARRAY ((size_t)4 << 20) /* bytes from which an array is a mapping of its own */
#define WC_HUGE_PAGE ((size_t)2 << 20)   /* bytes; only an alignment: other sizes are as right, and slower */

enum { WC_MAPPING_GROWTH = 4 }; /* how many times as long as an array its mapping is */

static inline int wc_is_mapped(size_t bytes) { return WC_MAPS_LARGE_ARRAYS && bytes >= WC_LARGE_ARRAY; }

/* An array in memory of its own; all zero is an empty one. */
typedef struct wc_array {
    void *memory;
    size_t bytes;
    size_t mapped; /* bytes of the mapping; 0: on the heap */
} wc_array;

static inline void wc_array_free(wc_array *array) {
#if WC_MAPS_LARGE_ARRAYS
    if (array->mapped != 0) {
        munmap(array->memory, array->mapped);
        array->memory = NULL;
    }
#endif
    free(array->memory);
    *array = (wc_array){NULL, 0, 0};
}

#if WC_MAPS_LARGE_ARRAYS
/* An aligned mapping of zeros, whole huge pages; NULL where there is none. */
static inline void *wc_map_zeros(size_t bytes) {
    char *memory = mmap(NULL, bytes + WC_HUGE_PAGE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    const size_t before = (WC_HUGE_PAGE - (uintptr_t)memory % WC_HUGE_PAGE) % WC_HUGE_PAGE;
    if (before != 0) munmap(memory, before);
    if (before != WC_HUGE_PAGE) munmap(memory + before + bytes, WC_HUGE_PAGE - before);
    madvise(memory + before, bytes, MADV_HUGEPAGE); /* advice: without it all is as right, and slower */
    return memory + before;
}

/* A mapping for an array of so many bytes: with addresses to grow into, or else of just that length. */
static inline wc_array wc_map_array(size_t bytes, size_t growth) {
    const size_t least = (bytes + WC_HUGE_PAGE - 1) / WC_HUGE_PAGE * WC_HUGE_PAGE;
    wc_array array = {wc_map_zeros(least * growth), bytes, least * growth};
    if (array.memory == NULL && growth > 1) array = (wc_array){wc_map_zeros(least), bytes, least};
    return array;
}
#endif

/* Makes an empty array one of zeros. Returns 0 where there is no memory. */
static inline int wc_array_zeros(wc_array *array, size_t bytes) {
#if WC_MAPS_LARGE_ARRAYS
    if (wc_is_mapped(bytes)) {
        const wc_array made = wc_map_array(bytes, 1);
        if (made.memory == NULL) return 0;
        *array = made;
        return 1;
    }
#endif
    void *memory = calloc(1, bytes);
    if (memory == NULL) return 0;
    *array = (wc_array){memory, bytes, 0};
    return 1;
}

/* Enlarges an array and keeps what it holds. Returns 0 where there is no memory: it is then as it was. */
static inline int wc_array_enlarge(wc_array *array, size_t bytes) {
    if (bytes <= array->mapped) {
        array->bytes = bytes;
        return 1;
    }
    if (!wc_is_mapped(bytes)) {
        void *memory = realloc(array->memory, bytes);
        if (memory == NULL) return 0;
        *array = (wc_array){memory, bytes, 0};
        return 1;
    }
#if WC_MAPS_LARGE_ARRAYS
    const wc_array larger = wc_map_array(bytes, WC_MAPPING_GROWTH);
    if (larger.memory == NULL) return 0;
    if (array->mapped != 0) {
        /* The pages move to the beginning of the new mapping, whose own ones go: none was touched. */
        if (mremap(array->memory, array->mapped, array->mapped, MREMAP_MAYMOVE | MREMAP_FIXED, larger.memory) ==
            MAP_FAILED) {
            munmap(larger.memory, larger.mapped);
            return 0;
        }
    } else {
        if (array->bytes != 0) memcpy(larger.memory, array->memory, array->bytes);
        free(array->memory);
    }
    *array = larger;
    return 1;
#else
    return 0;
#endif
}

#endif /* WC_MEMORY_H */
