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

int32_t wcb_num_extras(const wcb_problem *problem, const uint64_t *words) {
    int32_t count = 0;
    while (count < problem->capacity && wcb_extra(problem, words, count)) count++;
    return count;
}

/* How many entities known by bit come before this one in canonical order. */
int32_t wcb_place_of(const wcb_problem *problem, uint32_t id) {
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
    const int32_t num_extras = wcb_num_extras(problem, words);
    int32_t count = 0, extra = 0;
    for (int32_t i = 0; i <= problem->num_universe; i++) {
        while (extra < num_extras) {
            const uint32_t id = wcb_extra(problem, words, extra);
            if (i < problem->num_universe && wcb_place_of(problem, id) > i) break;
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
        const int32_t place = wcb_place_of(problem, ids[i]);
        const bool known = place < problem->num_universe && problem->universe[place] == ids[i];
        fits = states_add(&state, ids[i], known ? place : -1);
    }
    if (fits) states_put_extras(problem, extras, state.num_extras, words);
    free(extras);
    return fits ? WC_STATUS_OK : WC_STATUS_OUT_OF_RANGE;
}

/* ---- packing ---- */

static int states_failure(const wcb_ctx *ctx) { return ctx->status ? ctx->status : WC_STATUS_FAILED; }

/* Where elements of a collection lie: every `stride` words. */
typedef struct { const wcv *first; int32_t stride, count; } states_row;

/* The bit of a standing object that is still what it was, or -1. */
static inline int32_t states_standing(const wcb_stage *stage, wcv object) {
    const uint64_t offset = object - (wcv)stage->standing[0].objects;
    if (offset >= (uint64_t)stage->count * stage->bytes) return -1;
    return WCB_AS(wcb_instance, object)->flags & WCB_PRISTINE ? (int32_t)(offset / stage->bytes) : -1;
}

/* Set bits that are all clear; false: one was set. */
static bool states_set_bits(uint64_t *words, int32_t first, int32_t count) {
    const int32_t last = first + count - 1;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t w = first >> 6; w <= last >> 6; w++) {
            uint64_t mask = ~(uint64_t)0;
            if (w == first >> 6) mask <<= first & 63;
            if (w == last >> 6) mask &= ~(uint64_t)0 >> (63 - (last & 63));
            if (pass) words[w] |= mask;
            else if (words[w] & mask) return false;
        }
    }
    return true;
}

/* The bit of the first of the standing objects from one on that was changed, or `end`. */
static int32_t states_first_changed(const wcb_context *context, int32_t bit, int32_t end) {
    const wcb_stage *stage = &context->stage;
    const wcb_standing_objects *standing = &context->ctx.standing[0];
    if (standing->num_changed > WCB_MOST_CHANGED) {
        while (bit < end && ((wcb_instance *)(standing->begin + (size_t)bit * stage->bytes))->flags & WCB_PRISTINE) bit++;
        return bit;
    }
    for (int32_t i = 0; i < standing->num_changed; i++) {
        const int32_t changed = (int32_t)((size_t)((char *)standing->changed[i] - standing->begin) / stage->bytes);
        if (changed >= bit && changed < end) end = changed;
    }
    return end;
}

/* Take in elements that are standing objects in their order, which most are; return how many. */
static int32_t states_add_run(const wcb_context *context, states_builder *state, const states_row *row, int32_t from) {
    const wcb_stage *stage = &context->stage;
    const wcv *at = row->first + (size_t)from * (size_t)row->stride;
    const int32_t bit = *at ? states_standing(stage, *at) : -1;
    if (bit < 0) return 0;
    const size_t bytes = stage->bytes;
    wcv expected = *at;
    int32_t count = 0;
    const int32_t left = row->count - from, end = left < stage->count - bit ? bit + left : stage->count;
    const int32_t most = states_first_changed(context, bit, end) - bit;
    for (; count < most && *at == expected; count++) {
        at += row->stride;
        expected += bytes;
    }
    return states_set_bits(state->words, bit, count) ? count : 0;
}

static int states_add_object(wcb_context *context, states_builder *state, wcv object) {
    uint32_t id = 0;
    if (!wcb_is_object(object)) return WC_STATUS_FAILED;
    if (((wcb_object *)object)->type->kind == WCB_KIND_INSTANCE && ((wcb_object *)object)->type->index < 0) {
        const wcb_instance *instance = WCB_AS(wcb_instance, object);
        const wcb_snapshot *likeness = instance->flags & WCB_PRISTINE ? NULL : wcb_find_likeness(context, instance);
        id = likeness ? likeness->image : instance->flags & WCB_PRISTINE ? instance->entity : 0;
    }
    if (!id) {
        const wcb_entity *entity = wcb_read_entity(context, object, NULL);
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

/* The elements of a set or list as they lie now. */
static void states_look_at(wcv collection, states_row *row) {
    const wcb_table *table = WCB_AS(wcb_table, collection);
    const wcb_list *list = WCB_AS(wcb_list, collection);
    if (((wcb_object *)collection)->type == WCB_TYPE(list))
        *row = (states_row){list->items, 1, (int32_t)list->length};
    else
        *row = (states_row){table->entries ? &table->entries->key : NULL, sizeof(wcb_entry) / sizeof(wcv), table->filled};
}

static int states_add_all(wcb_context *context, states_builder *state, wcv returned) {
    if (!wcb_is_object(returned)) return WC_STATUS_FAILED;
    const wcb_type *type = ((wcb_object *)returned)->type;
    if (type->kind == WCB_KIND_STR) return WC_STATUS_FAILED;
    if (type != WCB_TYPE(set) && type != WCB_TYPE(frozenset) && type != WCB_TYPE(list))
        return states_add_iterated(context, state, returned);
    int status = WC_STATUS_OK;
    states_row row;
    for (int32_t i = 0; status == WC_STATUS_OK;) { /* reading an object can run code that changes the collection */
        states_look_at(returned, &row);
        if (i >= row.count) break;
        const int32_t run = states_add_run(context, state, &row, i);
        const wcv object = row.first[(size_t)i * (size_t)row.stride];
        if (!run && object) status = states_add_object(context, state, object);
        i += run ? run : 1;
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
