/* Packed states: words to the objects that a program is called with, and what it returns to words. */
#include "model.h"

#include <stdlib.h>

/* ---- problems ---- */

wcb_problem *wcb_problem_new(wcb_host *host, const uint32_t *universe, int32_t num_universe, int32_t capacity,
                             const wcv *actions, int32_t num_actions) {
    static _Atomic uint64_t serials;
    wcb_problem *problem = calloc(1, sizeof *problem);
    if (!problem) return NULL;
    problem->universe = malloc(sizeof(uint32_t) * ((size_t)num_universe + 1));
    problem->actions = malloc(sizeof(wcv) * ((size_t)num_actions + 1));
    if (!problem->universe || !problem->actions) {
        wcb_problem_free(problem);
        return NULL;
    }
    problem->host = host;
    problem->serial = atomic_fetch_add(&serials, 1) + 1;
    problem->num_universe = num_universe;
    problem->num_mask_words = (num_universe + 63) / 64;
    problem->capacity = (capacity + 1) & ~1;
    problem->num_words = problem->num_mask_words + problem->capacity / 2;
    problem->num_actions = num_actions;
    memcpy(problem->universe, universe, sizeof(uint32_t) * (size_t)num_universe);
    memcpy(problem->actions, actions, sizeof(wcv) * (size_t)num_actions);
    return problem;
}

void wcb_problem_free(wcb_problem *problem) {
    free(problem->universe);
    free(problem->actions);
    free(problem);
}

/* ---- words and ids ---- */

static inline uint32_t states_extra(const wcb_problem *problem, const uint64_t *words, int32_t i) {
    return (uint32_t)(words[problem->num_mask_words + i / 2] >> 32 * (i & 1));
}

static int32_t states_num_extras(const wcb_problem *problem, const uint64_t *words) {
    int32_t count = 0;
    while (count < problem->capacity && states_extra(problem, words, count)) count++;
    return count;
}

/* How many entities known by bit come before this one in canonical order. */
static int32_t states_place(const wcb_problem *problem, uint32_t id) {
    const wcb_store *store = &problem->host->store;
    const wcb_entity *entity = wcb_store_get(store, id);
    int32_t low = 0, high = problem->num_universe;
    while (low < high) {
        const int32_t middle = (low + high) / 2;
        if (wcb_key_order(wcb_store_get(store, problem->universe[middle]), entity) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

int32_t wcb_ids_of_words(const wcb_problem *problem, const uint64_t *words, uint32_t *ids) {
    const int32_t num_extras = states_num_extras(problem, words);
    int32_t count = 0, extra = 0;
    for (int32_t i = 0; i <= problem->num_universe; i++) {
        while (extra < num_extras) {
            const uint32_t id = states_extra(problem, words, extra);
            if (i < problem->num_universe && states_place(problem, id) > i) break;
            ids[count++] = id;
            extra++;
        }
        if (i < problem->num_universe && words[i >> 6] >> (i & 63) & 1) ids[count++] = problem->universe[i];
    }
    return count;
}

static void states_put_extras(const wcb_problem *problem, uint32_t *extras, int32_t count, uint64_t *words) {
    const wcb_store *store = &problem->host->store;
    for (int32_t i = 1; i < count; i++) {
        const uint32_t id = extras[i];
        int32_t at = i;
        for (; at > 0 && wcb_key_order(wcb_store_get(store, id), wcb_store_get(store, extras[at - 1])) < 0; at--)
            extras[at] = extras[at - 1];
        extras[at] = id;
    }
    for (int32_t i = 0; i < count; i++)
        words[problem->num_mask_words + i / 2] |= (uint64_t)extras[i] << 32 * (i & 1);
}

/* A packed state that is being put together. */
typedef struct {
    const wcb_problem *problem;
    uint64_t *words;
    uint32_t *extras;
    int32_t num_extras;
} states_builder;

static inline bool states_add(states_builder *state, uint32_t id, int32_t bit) {
    if (bit >= 0) {
        uint64_t *word = &state->words[bit >> 6];
        const uint64_t mask = (uint64_t)1 << (bit & 63);
        if (!(*word & mask)) {
            *word |= mask;
            return true;
        }
    }
    if (state->num_extras == state->problem->capacity) return false;
    state->extras[state->num_extras++] = id;
    return true;
}

int wcb_words_of_ids(const wcb_problem *problem, const uint32_t *ids, int32_t count, uint64_t *words) {
    uint32_t *extras = malloc(sizeof(uint32_t) * ((size_t)problem->capacity + 1));
    if (!extras) return WC_STATUS_OUT_OF_SCRATCH;
    memset(words, 0, sizeof(uint64_t) * (size_t)problem->num_words);
    states_builder state = {problem, words, extras, 0};
    bool fits = true;
    for (int32_t i = 0; i < count && fits; i++) {
        const int32_t place = states_place(problem, ids[i]);
        const bool known = place < problem->num_universe && problem->universe[place] == ids[i];
        fits = states_add(&state, ids[i], known ? place : -1);
    }
    if (fits) states_put_extras(problem, extras, state.num_extras, words);
    free(extras);
    return fits ? WC_STATUS_OK : WC_STATUS_OUT_OF_RANGE;
}

/* ---- the problem that a context works on ---- */

static int states_resize(wcb_stage *stage, const wcb_problem *problem, size_t bytes) {
    const size_t n = (size_t)problem->num_universe + 1;
    void *fields[] = {realloc(stage->images, n * bytes), realloc(stage->hashes, n * sizeof(uint64_t)),
                      realloc(stage->snapshots, n * sizeof(wcb_snapshot *)),
                      realloc(stage->plain, ((size_t)problem->num_mask_words + 1) * sizeof(uint64_t)),
                      realloc(stage->universe, n * sizeof(uint32_t)),
                      realloc(stage->extras, ((size_t)problem->capacity + 1) * sizeof(uint32_t))};
    if (fields[0]) stage->images = fields[0];
    if (fields[1]) stage->hashes = fields[1];
    if (fields[2]) stage->snapshots = fields[2];
    if (fields[3]) stage->plain = fields[3];
    if (fields[4]) stage->universe = fields[4];
    if (fields[5]) stage->extras = fields[5];
    for (int i = 0; i < 6; i++)
        if (!fields[i]) return -1;
    return 0;
}

static int states_set_bits(wcb_stage *stage, const wcb_problem *problem) {
    for (int32_t i = 0; i < stage->count; i++)
        if (stage->universe[i] < stage->bits_size) stage->bits[stage->universe[i]] = 0;
    stage->count = 0;
    uint32_t size = stage->bits_size ? stage->bits_size : 1024;
    for (int32_t i = 0; i < problem->num_universe; i++)
        while (size <= problem->universe[i]) size *= 2;
    if (size != stage->bits_size) {
        uint16_t *bits = realloc(stage->bits, size * sizeof *bits);
        if (!bits) return -1;
        memset(bits + stage->bits_size, 0, (size - stage->bits_size) * sizeof *bits);
        stage->bits = bits;
        stage->bits_size = size;
    }
    for (int32_t i = 0; i < problem->num_universe; i++) {
        stage->universe[i] = problem->universe[i];
        stage->bits[problem->universe[i]] = (uint16_t)(i + 1);
    }
    stage->count = problem->num_universe;
    return 0;
}

static int states_set_stage(wcb_context *context, const wcb_problem *problem) {
    wcb_stage *stage = &context->stage;
    const size_t bytes = wcb_instance_bytes(context->ctx.program);
    stage->problem = 0;
    if (wcb_prepare(context, problem->universe, problem->num_universe) < 0) return -1;
    if (states_resize(stage, problem, bytes) < 0 || states_set_bits(stage, problem) < 0) return -1;
    const int32_t wanted = WCB_SNAPSHOT_COPIED | WCB_SNAPSHOT_HASHED;
    memset(stage->plain, 0, sizeof(uint64_t) * (size_t)problem->num_mask_words);
    memset(stage->places, 0, sizeof stage->places);
    stage->copied = true;
    for (int32_t i = 0; i < problem->num_universe; i++) {
        const wcb_snapshot *snapshot = stage->snapshots[i] = context->snapshots[problem->universe[i]];
        stage->hashes[i] = snapshot->hash;
        if (snapshot->object) memcpy(stage->images + (size_t)i * bytes, snapshot->object, bytes);
        if ((snapshot->flags & (wanted | WCB_SNAPSHOT_TWIN)) != wanted) stage->copied = false;
        else if (!snapshot->num_parts) stage->plain[i >> 6] |= (uint64_t)1 << (i & 63);
    }
    stage->problem = problem->serial;
    return 0;
}

/* Make the snapshots that a state lacks: 1 some were made, 0 none, -1 no memory. */
static int states_make_snapshots(wcb_context *context, const wcb_problem *problem, const uint64_t *words) {
    const int32_t num_extras = states_num_extras(problem, words);
    int made = 0;
    for (int32_t i = 0; i < num_extras; i++) {
        const uint32_t id = states_extra(problem, words, i);
        if (id < context->num_snapshots && context->snapshots[id]) continue;
        if (wcb_prepare(context, &id, 1) < 0) return -1;
        made = 1;
    }
    return made;
}

int wcb_states_prepare(wcb_context *context, const wcb_problem *problem, const uint64_t *const *states, int count) {
    for (;;) { /* again as long as something was missing: getting ready may load the module anew */
        const int status = wcb_context_ready(context);
        if (status != WC_STATUS_OK) return status;
        int made = 0;
        if (context->stage.problem != problem->serial) made = states_set_stage(context, problem) < 0 ? -1 : 1;
        for (int s = 0; s < count && made >= 0; s++) {
            const int more = states_make_snapshots(context, problem, states[s]);
            made = more ? more : made;
        }
        if (made < 0) return WC_STATUS_OUT_OF_SCRATCH;
        if (!made) return WC_STATUS_OK;
    }
}

/* ---- unpacking ---- */

/* By the program's own means: objects in canonical order, then each added to the set. Once an object had to be
 * constructed, the module may be another one than that which copies were made from. */
static wcv states_construct(wcb_context *context, const wcb_problem *problem, const uint64_t *words) {
    wcb_ctx *ctx = &context->ctx;
    const size_t room = (size_t)problem->num_universe + (size_t)problem->capacity + 1;
    uint32_t *ids = wcb_alloc(ctx, sizeof(uint32_t) * room);
    wcv *objects = wcb_alloc(ctx, sizeof(wcv) * room);
    if (!ids || !objects) return 0;
    const int32_t count = wcb_ids_of_words(problem, words, ids);
    bool construct = false;
    for (int32_t i = 0; i < count; i++) {
        const wcb_snapshot *snapshot = context->snapshots[ids[i]];
        construct = construct || !(snapshot->flags & WCB_SNAPSHOT_COPIED);
        objects[i] = construct ? wcb_construct_entity(context, wcb_store_get(&context->host->store, ids[i]))
                               : (wcv)wcb_copy_snapshot(ctx, snapshot);
        if (!objects[i]) return 0;
    }
    const wcv set = wcb_new_set(ctx, 0, NULL);
    for (int32_t i = 0; set && i < count; i++)
        if (wcb_set_add(ctx, set, objects[i]) < 0) return 0;
    return set;
}

typedef struct {
    wcb_ctx *ctx;
    const wcb_stage *stage;
    wcb_entry *entry; /* where the next one goes */
    size_t bytes;
} states_writer;

static inline bool states_copy_one(states_writer *out, const wcb_snapshot *snapshot) {
    wcb_instance *object = wcb_copy_snapshot(out->ctx, snapshot);
    if (!object) return false;
    *out->entry++ = (wcb_entry){snapshot->hash, (wcv)object, 0};
    return true;
}

static inline bool states_copy_run(states_writer *out, int32_t first, int32_t count) {
    char *objects = wcb_alloc(out->ctx, out->bytes * (size_t)count);
    if (!objects) return false;
    memcpy(objects, out->stage->images + (size_t)first * out->bytes, out->bytes * (size_t)count);
    const uint64_t *hashes = out->stage->hashes + first;
    for (int32_t i = 0; i < count; i++, objects += out->bytes) *out->entry++ = (wcb_entry){hashes[i], (wcv)objects, 0};
    return true;
}

/* The extras of a state with their places among the entities known by bit; false: they cannot simply be copied. */
static bool states_simple_extras(wcb_context *context, const wcb_problem *problem, const uint64_t *words, int32_t count,
                                 wcb_place *extras) {
    const int32_t wanted = WCB_SNAPSHOT_COPIED | WCB_SNAPSHOT_HASHED;
    wcb_stage *stage = &context->stage;
    for (int32_t i = 0; i < count; i++) {
        const uint32_t id = states_extra(problem, words, i);
        if ((context->snapshots[id]->flags & (wanted | WCB_SNAPSHOT_TWIN)) != wanted) return false;
        if ((id < stage->bits_size && stage->bits[id]) || (i && extras[i - 1].id == id)) return false;
        wcb_place *known = &stage->places[id % WCB_NUM_PLACES];
        if (known->id != id) *known = (wcb_place){id, states_place(problem, id)};
        extras[i] = *known;
    }
    return true;
}

static bool states_copy(states_writer *out, const wcb_problem *problem, const uint64_t *words, wcb_snapshot **snapshots,
                        const wcb_place *extras, int32_t num_extras) {
    int32_t extra = 0;
    for (int32_t w = 0; w < problem->num_mask_words; w++) {
        for (uint64_t left = words[w]; left;) {
            const int at = __builtin_ctzll(left), first = 64 * w + at;
            for (; extra < num_extras && extras[extra].place <= first; extra++)
                if (!states_copy_one(out, snapshots[extras[extra].id])) return false;
            const uint64_t others = ~((left & out->stage->plain[w]) >> at);
            int run = others ? __builtin_ctzll(others) : 64;
            if (extra < num_extras && extras[extra].place < first + run) run = extras[extra].place - first;
            if (!(run ? states_copy_run(out, first, run) : states_copy_one(out, out->stage->snapshots[first])))
                return false;
            run += !run;
            left = at + run == 64 ? 0 : left & ~(uint64_t)0 << (at + run);
        }
    }
    for (; extra < num_extras; extra++)
        if (!states_copy_one(out, snapshots[extras[extra].id])) return false;
    return true;
}

wcv wcb_state_unpack(wcb_context *context, const wcb_problem *problem, const uint64_t *words) {
    const wcb_stage *stage = &context->stage;
    wcb_ctx *ctx = &context->ctx;
    const int32_t num_extras = states_num_extras(problem, words);
    wcb_place small[64], *extras = small;
    if (num_extras > 64 && !(extras = wcb_alloc(ctx, sizeof(wcb_place) * (size_t)num_extras))) return 0;
    if (!stage->copied || !states_simple_extras(context, problem, words, num_extras, extras))
        return states_construct(context, problem, words);
    int32_t count = num_extras;
    for (int32_t w = 0; w < problem->num_mask_words; w++) count += __builtin_popcountll(words[w]);
    wcb_table *set = wcb_table_new(ctx, WCB_TYPE(set), count + count / 8 + 4);
    if (!set) return 0;
    states_writer out = {ctx, stage, set->entries, wcb_instance_bytes(ctx->program)};
    if (!states_copy(&out, problem, words, context->snapshots, extras, num_extras)) return 0;
    set->used = set->filled = count;
    return (wcv)set;
}

/* ---- packing ---- */

static int states_failure(const wcb_ctx *ctx) { return ctx->status ? ctx->status : WC_STATUS_FAILED; }

static inline int states_add_object(wcb_context *context, states_builder *state, wcv object) {
    uint32_t id = 0;
    if (wcb_is_object(object) && ((wcb_object *)object)->type->kind == WCB_KIND_INSTANCE &&
        WCB_AS(wcb_instance, object)->flags & WCB_PRISTINE)
        id = WCB_AS(wcb_instance, object)->entity;
    if (!id) {
        const wcb_entity *entity = wcb_is_object(object) ? wcb_read_entity(context, object, NULL) : NULL;
        if (!entity) return states_failure(&context->ctx);
        id = entity->id;
    }
    const wcb_stage *stage = &context->stage;
    const int32_t bit = id < stage->bits_size ? (int32_t)stage->bits[id] - 1 : -1;
    return states_add(state, id, bit) ? WC_STATUS_OK : WC_STATUS_OUT_OF_RANGE;
}

static int states_add_iterated(wcb_context *context, states_builder *state, wcv returned) {
    wcb_ctx *ctx = &context->ctx;
    const wcv iterator = wcb_iter(ctx, returned);
    if (!iterator) return states_failure(ctx);
    wcv object;
    while ((object = wcb_next(ctx, iterator))) {
        const int status = states_add_object(context, state, object);
        if (status != WC_STATUS_OK) return status;
    }
    return ctx->exception ? states_failure(ctx) : WC_STATUS_OK;
}

static int states_add_all(wcb_context *context, states_builder *state, wcv returned) {
    if (!wcb_is_object(returned)) return WC_STATUS_FAILED;
    const wcb_type *type = ((wcb_object *)returned)->type;
    int status = WC_STATUS_OK;
    if (type->kind == WCB_KIND_STR) return WC_STATUS_FAILED;
    if (type == WCB_TYPE(set) || type == WCB_TYPE(frozenset)) {
        const wcb_table *table = WCB_AS(wcb_table, returned);
        for (int32_t i = 0; i < table->filled && status == WC_STATUS_OK; i++)
            if (table->entries[i].key) status = states_add_object(context, state, table->entries[i].key);
    } else if (type == WCB_TYPE(list)) {
        const wcb_list *list = WCB_AS(wcb_list, returned);
        for (int64_t i = 0; i < list->length && status == WC_STATUS_OK; i++)
            status = states_add_object(context, state, list->items[i]);
    } else {
        status = states_add_iterated(context, state, returned);
    }
    return status;
}

int wcb_state_pack(wcb_context *context, const wcb_problem *problem, wcv returned, uint64_t *words) {
    states_builder state = {problem, words, context->stage.extras, 0};
    memset(words, 0, sizeof(uint64_t) * (size_t)problem->num_words);
    const int status = states_add_all(context, &state, returned);
    if (status == WC_STATUS_OK) states_put_extras(problem, state.extras, state.num_extras, words);
    return status;
}
