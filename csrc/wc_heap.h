/* An open list: a binary heap of states by priority, ties by the lower index, so that its order is total. */
#ifndef WC_HEAP_H
#define WC_HEAP_H

#include <stdint.h>

#include "wc_memory.h"

typedef struct wc_heap_entry {
    uint64_t priority; /* the least comes first */
    uint32_t index;
} wc_heap_entry;

typedef struct wc_heap {
    wc_heap_entry *entries;
    wc_array array;
    size_t count;
    size_t capacity;
} wc_heap;

enum { WC_HEAP_FIRST_CAPACITY = 16 };

static inline void wc_heap_free(wc_heap *heap) {
    wc_array_free(&heap->array);
    *heap = (wc_heap){NULL, {NULL, 0}, 0, 0};
}

static inline int wc_heap_before(wc_heap_entry left, wc_heap_entry right) {
    return left.priority != right.priority ? left.priority < right.priority : left.index < right.index;
}

/* Adds an entry. Returns 0 where it would take more than `memory_limit` bytes: the heap is then as it was. */
static inline int wc_heap_push(wc_heap *heap, uint64_t priority, uint32_t index, size_t memory_limit) {
    if (heap->count == heap->capacity) {
        const size_t more = heap->capacity < (1u << 16) ? heap->capacity : heap->capacity / 4;
        const size_t capacity = heap->capacity == 0 ? WC_HEAP_FIRST_CAPACITY : heap->capacity + more;
        if (capacity * sizeof(wc_heap_entry) > memory_limit) return 0;
        if (!wc_array_enlarge(&heap->array, capacity * sizeof(wc_heap_entry))) return 0;
        heap->entries = heap->array.memory;
        heap->capacity = capacity;
    }
    const wc_heap_entry entry = {priority, index};
    size_t place = heap->count++;
    while (place > 0 && wc_heap_before(entry, heap->entries[(place - 1) / 2])) {
        heap->entries[place] = heap->entries[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap->entries[place] = entry;
    return 1;
}

/* Takes the first entry off a heap that has one. */
static inline wc_heap_entry wc_heap_pop(wc_heap *heap) {
    const wc_heap_entry first = heap->entries[0];
    const wc_heap_entry last = heap->entries[--heap->count];
    size_t place = 0;
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= heap->count) break;
        if (child + 1 < heap->count && wc_heap_before(heap->entries[child + 1], heap->entries[child])) child++;
        if (!wc_heap_before(heap->entries[child], last)) break;
        heap->entries[place] = heap->entries[child];
        place = child;
    }
    heap->entries[place] = last;
    return first;
}

#endif /* WC_HEAP_H */
