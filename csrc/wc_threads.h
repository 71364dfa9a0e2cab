/* Threads that share a loop: a pool that waits between loops.
 *
 * The caller takes part. Indices are handed out in chunks, in order, by an atomic counter, so that a thread that wakes
 * late, or never, costs nothing but its help. The first chunk is measured, and a loop too short to wake anybody for
 * is finished alone, as is one that finds the pool busy with another. Threads are started when the first loop asks
 * for them; in a child process after fork there are none, and the pool starts anew.
 *
 * Everything in wc_pool is guarded by its mutex, but for the atomics.
 */
#ifndef WC_THREADS_H
#define WC_THREADS_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "wc_clock.h"
#include "wc_scratch.h"

#define WC_MAX_THREADS 256
#define WC_WORTH_SHARING 30e-6 /* seconds of work left: about what waking a thread takes */
#define WC_AWAKE_SECONDS 1e-4  /* how long threads stay awake for the next loop, or for others to end this one */

enum {
    WC_CACHE_LINE = 64,
    WC_LOOKS = 64, /* looks at a counter between two at the clock */
    WC_THREAD_STACK = 16 << 20, /* bytes, of which the system gives only the touched ones */
};

/* What a loop does with indices begin <= index < end. `scratch` belongs to the thread. */
typedef void (*wc_loop_fn)(void *context, int64_t begin, int64_t end, void *scratch);

typedef struct wc_loop {
    wc_loop_fn run;
    void *context;
    int64_t count;        /* indices 0 .. count - 1 */
    int64_t chunk;        /* indices handed out at once */
    double slice_end;     /* no chunk is begun after this time of wc_clock_seconds; infinity: all are */
    size_t scratch_bytes; /* of each thread, aligned to 64 */
} wc_loop;

typedef struct wc_worker {
    pthread_t thread;
    void *scratch;
    size_t scratch_bytes;
    struct wc_pool *pool;
} wc_worker;

typedef struct wc_pool {
    pthread_mutex_t mutex;
    pthread_cond_t wake;     /* for workers: a loop has begun, or the pool ends */
    pthread_cond_t finished; /* for the caller: no worker is in the loop any more */
    wc_worker workers[WC_MAX_THREADS];
    int32_t num_workers;
    int32_t wanted;  /* workers that may join the loop */
    int open;        /* workers may join */
    int busy;        /* a caller has the pool */
    int ends;
    pid_t process;   /* whose threads the workers are; 0: not made yet */
    wc_loop loop;
    atomic_uint generation; /* counts loops; workers watch it before they sleep */
    atomic_int inside;      /* workers in the loop; the caller watches it before it sleeps */
    atomic_llong next_index;
} wc_pool;

static inline void wc_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

/* Whether a thread that has looked at a counter `look` times should look again before it goes to sleep. */
static inline int wc_stay_awake(int look, double end) {
    return look % WC_LOOKS != WC_LOOKS - 1 || wc_clock_seconds() < end;
}

/* Runs one chunk. Returns where the next one begins. */
static inline int64_t wc_loop_chunk(const wc_loop *loop, int64_t begin, void *scratch) {
    const int64_t end = begin + loop->chunk < loop->count ? begin + loop->chunk : loop->count;
    loop->run(loop->context, begin, end, scratch);
    return end;
}

/* Runs chunks from `begin` in this thread alone. Returns the first index that is left. */
static inline int64_t wc_loop_alone(const wc_loop *loop, int64_t begin, void *scratch) {
    while (begin < loop->count && wc_clock_seconds() < loop->slice_end) begin = wc_loop_chunk(loop, begin, scratch);
    return begin;
}

/* Runs chunks until none is left or the slice is over. */
static inline void wc_loop_share(wc_pool *pool, const wc_loop *loop, void *scratch) {
    while (wc_clock_seconds() < loop->slice_end) {
        const int64_t begin = atomic_fetch_add_explicit(&pool->next_index, loop->chunk, memory_order_relaxed);
        if (begin >= loop->count) return;
        wc_loop_chunk(loop, begin, scratch);
    }
}

/* Makes a worker's scratch memory large enough. */
static inline int wc_worker_scratch(wc_worker *worker, size_t bytes) {
    if (worker->scratch != NULL && worker->scratch_bytes >= bytes) return 1;
    free(worker->scratch);
    worker->scratch = wc_scratch_bytes_new(bytes);
    worker->scratch_bytes = worker->scratch == NULL ? 0 : bytes;
    return worker->scratch != NULL;
}

static inline void *wc_worker_main(void *argument) {
    wc_worker *worker = argument;
    wc_pool *pool = worker->pool;
    const int32_t number = (int32_t)(worker - pool->workers);
    unsigned seen = 0;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        while (!pool->ends && !(pool->open && seen != pool->generation)) {
            const unsigned generation = pool->generation;
            pthread_mutex_unlock(&pool->mutex);
            const double end = wc_clock_seconds() + WC_AWAKE_SECONDS;
            for (int look = 0; pool->generation == generation && wc_stay_awake(look, end); look++) wc_pause();
            pthread_mutex_lock(&pool->mutex);
            if (pool->generation == generation && !pool->ends) pthread_cond_wait(&pool->wake, &pool->mutex);
        }
        if (pool->ends) break;
        seen = pool->generation;
        if (number >= pool->wanted) continue;
        const wc_loop loop = pool->loop;
        atomic_fetch_add(&pool->inside, 1);
        pthread_mutex_unlock(&pool->mutex);
        if (wc_worker_scratch(worker, loop.scratch_bytes)) wc_loop_share(pool, &loop, worker->scratch);
        pthread_mutex_lock(&pool->mutex);
        if (atomic_fetch_sub(&pool->inside, 1) == 1) pthread_cond_signal(&pool->finished);
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

/* Begins anew in a process that has no pool yet, and in a child after fork: the parent's threads are not in it. */
static inline void wc_pool_prepare(wc_pool *pool) {
    if (pool->process == getpid()) return;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->finished, NULL);
    pool->num_workers = 0;
    pool->open = pool->busy = pool->ends = 0;
    atomic_store(&pool->inside, 0);
    pool->process = getpid();
}

/* Starts workers until there are `count`, or the system has no more. The mutex is held. */
static inline void wc_pool_start(wc_pool *pool, int32_t count) {
    if (pool->num_workers >= count) return;
    pthread_attr_t attributes;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0) return;
    pthread_attr_setstacksize(&attributes, WC_THREAD_STACK);
    sigfillset(&all); /* signals are for threads that Python knows */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (; pool->num_workers < count && pool->num_workers < WC_MAX_THREADS; pool->num_workers++) {
        wc_worker *worker = &pool->workers[pool->num_workers];
        worker->pool = pool;
        if (pthread_create(&worker->thread, &attributes, wc_worker_main, worker) != 0) break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

/* Opens a loop to the workers. Returns 0 where another caller has the pool. */
static inline int wc_pool_open(wc_pool *pool, const wc_loop *loop, int64_t begin, int32_t num_threads) {
    pthread_mutex_lock(&pool->mutex);
    const int is_free = !pool->busy;
    if (is_free) {
        wc_pool_start(pool, num_threads - 1);
        pool->busy = pool->open = 1;
        pool->wanted = num_threads - 1;
        pool->loop = *loop;
        atomic_store_explicit(&pool->next_index, begin, memory_order_relaxed);
        atomic_fetch_add(&pool->generation, 1);
        pthread_cond_broadcast(&pool->wake);
    }
    pthread_mutex_unlock(&pool->mutex);
    return is_free;
}

/* Waits until no worker is in the loop. Returns the first index that is left. */
static inline int64_t wc_pool_close(wc_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pool->open = 0;
    pthread_mutex_unlock(&pool->mutex);
    const double end = wc_clock_seconds() + WC_AWAKE_SECONDS;
    for (int look = 0; pool->inside > 0 && wc_stay_awake(look, end); look++) wc_pause();
    pthread_mutex_lock(&pool->mutex);
    while (pool->inside > 0) pthread_cond_wait(&pool->finished, &pool->mutex);
    const int64_t next_index = atomic_load_explicit(&pool->next_index, memory_order_relaxed);
    const int64_t left = next_index < pool->loop.count ? next_index : pool->loop.count;
    pool->busy = 0;
    pthread_mutex_unlock(&pool->mutex);
    return left;
}

/* Runs a loop from index `begin` on up to `num_threads` threads, this one included, whose scratch memory is `scratch`.
 * Returns the first index that is left: all below it are done.
 *
 * Several threads may call it with the same pool at once; wc_pool_prepare, which comes before, only one at a time. */
static inline int64_t wc_pool_run(wc_pool *pool, const wc_loop *loop, int64_t begin, int32_t num_threads,
                                  void *scratch) {
    if (num_threads < 2 || begin >= loop->count) return wc_loop_alone(loop, begin, scratch);
    const double start = wc_clock_seconds();
    const int64_t measured = wc_loop_chunk(loop, begin, scratch);
    const double seconds_left =
        (wc_clock_seconds() - start) / (double)(measured - begin) * (double)(loop->count - measured);
    if (seconds_left < WC_WORTH_SHARING || !wc_pool_open(pool, loop, measured, num_threads)) {
        return wc_loop_alone(loop, measured, scratch);
    }
    wc_loop_share(pool, loop, scratch);
    return wc_pool_close(pool);
}

/* Ends the workers of this process and frees what they have, unless a loop runs: nobody may begin one meanwhile. */
static inline void wc_pool_end(wc_pool *pool) {
    if (pool->process != getpid()) return;
    pthread_mutex_lock(&pool->mutex);
    pool->ends = !pool->busy;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
    if (!pool->ends) return;
    for (int32_t number = 0; number < pool->num_workers; number++) {
        pthread_join(pool->workers[number].thread, NULL);
    }
    for (int32_t number = 0; number < WC_MAX_THREADS; number++) {
        free(pool->workers[number].scratch);
        pool->workers[number].scratch = NULL;
    }
    pthread_cond_destroy(&pool->wake);
    pthread_cond_destroy(&pool->finished);
    pthread_mutex_destroy(&pool->mutex);
    pool->process = 0;
}

#endif /* WC_THREADS_H */
