/* Memory of a context: one stretch of address space for what the module made, and chunks for one step. */
#include "objects.h"

#include <stdlib.h>
#include <sys/mman.h>

#ifdef WCB_GUARDED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, bytes) ((void)(address), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) ((void)(address), (void)(bytes))
#endif

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

#define ARENA_FIRST_CHUNK ((size_t)1 << 17)
#define ARENA_LARGEST_CHUNK ((size_t)1 << 23)
#define ARENA_LEAST_MODULE ((size_t)1 << 24)
#define ARENA_LARGEST_MODULE ((size_t)1 << 30)
#define ARENA_GUARD ((size_t)16)
#define ARENA_PAGE ((size_t)1 << 16) /* a multiple of any page size in use */

struct wcb_chunk {
    wcb_chunk *next;
    size_t bytes; /* of data */
    char data[] __attribute__((aligned(16)));
};

static size_t arena_round(size_t bytes, size_t to) { return (bytes + to - 1) & ~(to - 1); }

static void arena_use(wcb_ctx *ctx, wcb_chunk *chunk) {
    ctx->current = chunk;
    ctx->top = chunk->data;
    ctx->end = chunk->data + chunk->bytes;
    ctx->used_bytes += chunk->bytes;
    ASAN_POISON_MEMORY_REGION(chunk->data, chunk->bytes);
}

/* A further chunk with room for `bytes`, behind the current one. */
static wcb_chunk *arena_new_chunk(wcb_ctx *ctx, size_t bytes) {
    size_t size = ctx->current ? ctx->current->bytes * 2 : ARENA_FIRST_CHUNK;
    if (size > ARENA_LARGEST_CHUNK) size = ARENA_LARGEST_CHUNK;
    if (size < bytes) size = bytes;
    wcb_chunk *chunk = malloc(sizeof(wcb_chunk) + size);
    if (!chunk) return NULL;
    chunk->bytes = size;
    wcb_chunk **link = ctx->current ? &ctx->current->next : &ctx->chunks;
    chunk->next = *link;
    *link = chunk;
    return chunk;
}

void *wcb_alloc_slow(wcb_ctx *ctx, size_t bytes) {
    if (ctx->loading || bytes > ctx->program->memory_limit || ctx->used_bytes > ctx->program->memory_limit - bytes) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
        return NULL;
    }
    wcb_chunk *next = ctx->current ? ctx->current->next : ctx->chunks;
    if (!next || next->bytes < bytes) next = arena_new_chunk(ctx, bytes);
    if (!next) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
        return NULL;
    }
    arena_use(ctx, next);
    ctx->top += bytes;
    return next->data;
}

/* Only in builds with the address sanitizer: objects are set apart, and what was not asked for is out of bounds. */
void *wcb_alloc_guarded(wcb_ctx *ctx, size_t bytes) {
    bytes = arena_round(bytes, 8);
    size_t taken = bytes + ARENA_GUARD;
    char *result = ctx->top;
    if ((size_t)(ctx->end - ctx->top) < taken) result = wcb_alloc_slow(ctx, taken);
    else ctx->top += taken;
    if (result) ASAN_UNPOISON_MEMORY_REGION(result, bytes);
    return result;
}

/* Objects with the gaps between them, which the sanitizer would object to. */
#ifdef WCB_GUARDED
__attribute__((no_sanitize("address"))) static void arena_copy(char *to, const char *from, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) ((volatile char *)to)[i] = from[i];
}
#else
static void arena_copy(char *to, const char *from, size_t bytes) { memcpy(to, from, bytes); }
#endif

static void arena_clear_state(wcb_ctx *ctx) {
    ctx->fuel = ctx->program->fuel;
    ctx->exception = ctx->handled = ctx->recursion = 0;
    ctx->depth = 0;
    ctx->status = 0;
    ctx->used_bytes = 0;
}

int wcb_enter_module(wcb_ctx *ctx) {
    size_t bytes = ctx->program->memory_limit;
    if (bytes < ARENA_LEAST_MODULE) bytes = ARENA_LEAST_MODULE;
    if (bytes > ARENA_LARGEST_MODULE) bytes = ARENA_LARGEST_MODULE;
    bytes = arena_round(bytes, ARENA_PAGE);
    void *region = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED) return -1;
    ctx->module_bytes = bytes;
    ctx->module_begin = ctx->module_end = region; /* stores count as ordinary ones while the module body runs */
    ctx->top = region;
    ctx->end = ctx->top + bytes;
    ASAN_POISON_MEMORY_REGION(region, bytes);
    ctx->loading = 1;
    ctx->constants = ctx->program->constants;
    arena_clear_state(ctx);
    size_t globals = sizeof(wcv) * (size_t)(ctx->program->num_globals ? ctx->program->num_globals : 1);
    ctx->globals = wcb_alloc(ctx, globals);
    if (!ctx->globals) return -1;
    memset(ctx->globals, 0, globals);
    return 0;
}

int wcb_leave_module(wcb_ctx *ctx) {
    size_t used = (size_t)(ctx->top - ctx->module_begin);
    size_t kept = arena_round(used, ARENA_PAGE);
    ctx->module_image = malloc(used);
    if (!ctx->module_image) return -1;
    arena_copy(ctx->module_image, ctx->module_begin, used);
    ASAN_UNPOISON_MEMORY_REGION(ctx->module_begin + used, ctx->module_bytes - used);
    if (kept < ctx->module_bytes) munmap(ctx->module_begin + kept, ctx->module_bytes - kept);
    ctx->module_bytes = kept;
    ctx->module_end = ctx->module_begin + used;
    ctx->module_classes = ctx->classes;
    ctx->loading = 0;
    ctx->dirty = 0;
    ctx->top = ctx->end = NULL;
    wcb_reset(ctx);
    return 0;
}

/* The look-up caches lie outside of the image: only what a step changed is forgotten. */
static void arena_restore_caches(wcb_ctx *ctx) {
    for (wcb_type *type = ctx->module_classes; type; type = (wcb_type *)type->subclasses_next) {
        if (ctx->num_changed_names > 8) {
            memset(type->cache, 0, sizeof(wcv) * (size_t)ctx->program->num_names);
            continue;
        }
        for (int32_t i = 0; i < ctx->num_changed_names; i++) type->cache[ctx->changed_names[i]] = 0;
    }
    ctx->num_changed_names = 0;
}

void wcb_reset(wcb_ctx *ctx) {
    if (ctx->dirty) {
        arena_copy(ctx->module_begin, ctx->module_image, (size_t)(ctx->module_end - ctx->module_begin));
        ctx->dirty = 0;
    }
    if (ctx->num_changed_names) arena_restore_caches(ctx);
    ctx->classes = ctx->module_classes;
    arena_clear_state(ctx);
    ctx->current = NULL;
    ctx->top = ctx->end = NULL;
    wcb_chunk *first = ctx->chunks ? ctx->chunks : arena_new_chunk(ctx, 0);
    if (first) arena_use(ctx, first);
}

static void arena_free_chunks(wcb_chunk *chunk) {
    while (chunk) {
        wcb_chunk *next = chunk->next;
        ASAN_UNPOISON_MEMORY_REGION(chunk->data, chunk->bytes);
        free(chunk);
        chunk = next;
    }
}

void wcb_release(wcb_ctx *ctx) {
    arena_free_chunks(ctx->chunks);
    arena_free_chunks(ctx->caches);
    free(ctx->module_image);
    if (ctx->module_bytes) {
        ASAN_UNPOISON_MEMORY_REGION(ctx->module_begin, ctx->module_bytes);
        munmap(ctx->module_begin, ctx->module_bytes);
    }
    ctx->chunks = ctx->current = ctx->caches = NULL;
    ctx->module_image = ctx->module_begin = ctx->module_end = ctx->top = ctx->end = NULL;
    ctx->module_bytes = 0;
}

wcv *wcb_new_cache(wcb_ctx *ctx) {
    size_t bytes = sizeof(wcv) * (size_t)ctx->program->num_names;
    if (!ctx->loading) {
        wcv *cache = wcb_alloc(ctx, bytes);
        if (cache) memset(cache, 0, bytes);
        return cache;
    }
    wcb_chunk *chunk = calloc(1, sizeof(wcb_chunk) + bytes);
    if (!chunk) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
        return NULL;
    }
    chunk->bytes = bytes;
    chunk->next = ctx->caches;
    ctx->caches = chunk;
    return (wcv *)chunk->data;
}
