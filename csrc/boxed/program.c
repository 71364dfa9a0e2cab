/* Programs of this process, and the contexts that threads run them in.
 *
 * A thread keeps a few contexts at hand; when it ends they go back to their programs, if these still live. */
#include "model.h"

#include <stdlib.h>

#define PROGRAM_NUM_HELD 4

typedef struct { uint64_t serial; wcb_context *context; } program_held;

static __thread program_held program_contexts[PROGRAM_NUM_HELD]; /* the one used last comes first */
static pthread_mutex_t program_registry = PTHREAD_MUTEX_INITIALIZER;
static wcb_host *program_hosts;
static pthread_key_t program_thread_end;
static pthread_once_t program_once = PTHREAD_ONCE_INIT;

/* ---- programs ---- */

wcb_host *wcb_host_new(int64_t fuel, size_t memory_limit) {
    static _Atomic uint64_t serials;
    wcb_host *host = calloc(1, sizeof *host);
    if (!host) return NULL;
    wcb_init_runtime();
    host->program.fuel = fuel;
    host->program.memory_limit = memory_limit;
    host->program.serial = atomic_fetch_add(&serials, 1) + 1;
    host->program.store = &host->store;
    if (pthread_mutex_init(&host->mutex, NULL) || wcb_store_init(&host->store, &host->program) < 0) {
        wcb_store_release(&host->store);
        free(host);
        return NULL;
    }
    pthread_mutex_lock(&program_registry);
    host->next = program_hosts;
    program_hosts = host;
    pthread_mutex_unlock(&program_registry);
    return host;
}

int wcb_host_intern_names(wcb_host *host) {
    wcb_ctx *ctx = host->store.values;
    const wcv dict = wcb_new_dict(ctx, 0, NULL);
    for (int32_t i = 0; dict && i < host->program.num_names; i++)
        if (wcb_dict_set(ctx, dict, host->program.names[i], host->program.names[i]) < 0) return -1;
    if (!dict) return -1;
    /* The table makes itself an index after some searches. Later it is shared, so this is done now. */
    for (int i = 0; i < 16; i++) wcb_dict_get(ctx, dict, host->program.names[0]);
    host->program.interned = WCB_AS(wcb_table, dict);
    return 0;
}

void wcb_host_free(wcb_host *host) {
    pthread_mutex_lock(&program_registry);
    wcb_host **link = &program_hosts;
    while (*link != host) link = &(*link)->next;
    *link = host->next;
    pthread_mutex_unlock(&program_registry);
    while (host->contexts) {
        wcb_context *next = host->contexts->next;
        wcb_context_free(host->contexts);
        host->contexts = next;
    }
    wcb_store_release(&host->store);
    wcb_heap_free(&host->heap);
    pthread_mutex_destroy(&host->mutex);
    free(host);
}

/* ---- contexts ---- */

/* Give a context back; its program may be gone, and the context with it. */
static void program_give_back(program_held held) {
    if (!held.serial) return;
    pthread_mutex_lock(&program_registry);
    for (wcb_host *host = program_hosts; host; host = host->next) {
        if (host->program.serial != held.serial) continue;
        pthread_mutex_lock(&host->mutex);
        held.context->next_idle = host->idle;
        host->idle = held.context;
        pthread_mutex_unlock(&host->mutex);
        break;
    }
    pthread_mutex_unlock(&program_registry);
}

static void program_on_thread_end(void *contexts) {
    for (int i = 0; i < PROGRAM_NUM_HELD; i++) program_give_back(((program_held *)contexts)[i]);
    memset(contexts, 0, sizeof program_contexts);
}

static void program_make_key(void) { pthread_key_create(&program_thread_end, program_on_thread_end); }

static wcb_context *program_new_context(wcb_host *host) {
    pthread_mutex_lock(&host->mutex);
    wcb_context *context = host->idle;
    if (context) {
        host->idle = context->next_idle;
    } else if ((context = calloc(1, sizeof *context))) {
        context->host = host;
        context->next = host->contexts;
        host->contexts = context;
    }
    pthread_mutex_unlock(&host->mutex);
    return context;
}

static wcb_context *program_fetch(wcb_host *host) {
    const uint64_t serial = host->program.serial;
    program_held held = {0, NULL};
    int place = 1;
    while (place < PROGRAM_NUM_HELD && program_contexts[place].serial != serial) place++;
    if (place < PROGRAM_NUM_HELD) {
        held = program_contexts[place];
    } else {
        pthread_once(&program_once, program_make_key);
        held = (program_held){serial, program_new_context(host)};
        if (!held.context) return NULL;
        place = PROGRAM_NUM_HELD - 1;
        program_give_back(program_contexts[place]);
        pthread_setspecific(program_thread_end, program_contexts);
    }
    memmove(program_contexts + 1, program_contexts, sizeof(program_held) * (size_t)place);
    program_contexts[0] = held;
    return held.context;
}

wcb_context *wcb_context_take(wcb_host *host) {
    return program_contexts[0].serial == host->program.serial ? program_contexts[0].context : program_fetch(host);
}
