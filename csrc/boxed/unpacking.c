/* From packed states to the objects that a program is called with.
 *
 * Most entities of a state are in nearly all states of its problem. Their objects *stand ready*: a call gets the same
 * ones as the call before, after those that it changed were made good. Storing into an object clears WCB_PRISTINE, so
 * one look at each object finds them. All others are copied from their snapshots, or constructed. */
#include "model.h"

#include <stdlib.h>

#define UNPACKING_WANTED (WCB_SNAPSHOT_COPIED | WCB_SNAPSHOT_HASHED)

static inline bool unpacking_is_simple(const wcb_snapshot *snapshot) {
    return (snapshot->flags & (UNPACKING_WANTED | WCB_SNAPSHOT_TWIN)) == UNPACKING_WANTED;
}

/* ---- the problem that a context works on ---- */

void wcb_stage_free(wcb_stage *stage) {
    void *fields[] = {stage->images, stage->snapshots, stage->plain, stage->universe, stage->bits, stage->extras,
                      stage->standing[0].objects, stage->standing[0].entries,
                      stage->standing[1].objects, stage->standing[1].entries};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) free(fields[i]);
    memset(stage, 0, sizeof *stage);
}

static int unpacking_allocate(wcb_stage *stage, const wcb_problem *problem, size_t bytes) {
    const size_t n = (size_t)problem->num_universe + 1;
    stage->count = problem->num_universe;
    stage->bytes = bytes;
    stage->images = malloc(n * bytes);
    stage->snapshots = malloc(n * sizeof(wcb_snapshot *));
    stage->universe = malloc(n * sizeof(uint32_t));
    stage->plain = calloc((size_t)problem->num_mask_words + 1, sizeof(uint64_t));
    stage->extras = malloc(((size_t)problem->capacity + 1) * sizeof(uint32_t));
    bool done = stage->images && stage->snapshots && stage->universe && stage->plain && stage->extras;
    for (int which = 0; which < 2; which++) {
        stage->standing[which].objects = calloc(n, bytes);
        stage->standing[which].entries = malloc(n * sizeof(wcb_entry));
        done = done && stage->standing[which].objects && stage->standing[which].entries;
    }
    stage->bits_size = 1;
    for (int32_t i = 0; i < problem->num_universe; i++)
        if (problem->universe[i] >= stage->bits_size) stage->bits_size = problem->universe[i] + 1;
    stage->bits = calloc(stage->bits_size, sizeof *stage->bits);
    return done && stage->bits ? 0 : -1;
}

static int unpacking_set_stage(wcb_context *context, const wcb_problem *problem) {
    wcb_stage *stage = &context->stage;
    const size_t bytes = wcb_instance_bytes(context->ctx.program);
    wcb_stage_free(stage);
    if (wcb_prepare(context, problem->universe, problem->num_universe) < 0) return -1;
    if (unpacking_allocate(stage, problem, bytes) < 0) return -1;
    stage->copied = true;
    for (int32_t i = 0; i < problem->num_universe; i++) {
        const uint32_t id = stage->universe[i] = problem->universe[i];
        const wcb_snapshot *snapshot = stage->snapshots[i] = context->snapshots[id];
        stage->bits[id] = (uint16_t)(i + 1);
        stage->copied = stage->copied && unpacking_is_simple(snapshot);
        if (!snapshot->object) continue;
        memcpy(stage->images + (size_t)i * bytes, snapshot->object, bytes);
        for (int which = 0; which < 2; which++) /* the objects are not pristine yet: they are made when first used */
            stage->standing[which].entries[i] =
                (wcb_entry){snapshot->hash, (wcv)(stage->standing[which].objects + (size_t)i * bytes), 0};
        if (unpacking_is_simple(snapshot) && snapshot->image == id && snapshot->object->flags & WCB_PRISTINE)
            stage->plain[i >> 6] |= (uint64_t)1 << (i & 63);
    }
    stage->problem = problem->serial;
    return 0;
}

/* Make the snapshots that a state lacks: 1 some were made, 0 none, -1 no memory. */
static int unpacking_make_snapshots(wcb_context *context, const wcb_problem *problem, const uint64_t *words) {
    const int32_t num_extras = wcb_num_extras(problem, words);
    int made = 0;
    for (int32_t i = 0; i < num_extras; i++) {
        const uint32_t id = wcb_extra(problem, words, i);
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
        if (context->stage.problem != problem->serial) made = unpacking_set_stage(context, problem) < 0 ? -1 : 1;
        for (int s = 0; s < count && made >= 0; s++) {
            const int more = unpacking_make_snapshots(context, problem, states[s]);
            made = more ? more : made;
        }
        if (made < 0) return WC_STATUS_OUT_OF_SCRATCH;
        if (!made) return WC_STATUS_OK;
    }
}

/* ---- by the program's own means ---- */

/* Objects in canonical order, then each added to the set. Once an object had to be constructed, the module may be
 * another one than that which copies were made from. */
static wcv unpacking_construct(wcb_context *context, const wcb_problem *problem, const uint64_t *words) {
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

/* ---- by copying ---- */

typedef struct {
    wcb_ctx *ctx;
    const wcb_stage *stage;
    const wcb_standing *standing;
    wcb_entry *entry; /* where the next one goes */
} unpacking;

static inline bool unpacking_copy_one(unpacking *out, const wcb_snapshot *snapshot) {
    wcb_instance *object = wcb_copy_snapshot(out->ctx, snapshot);
    if (!object) return false;
    *out->entry++ = (wcb_entry){snapshot->hash, (wcv)object, 0};
    return true;
}

static inline void unpacking_stand(unpacking *out, int32_t first, int32_t count) {
    const size_t bytes = out->stage->bytes;
    char *object = out->standing->objects + (size_t)first * bytes;
    for (int32_t i = first; i < first + count; i++, object += bytes)
        if (!(((wcb_instance *)object)->flags & WCB_PRISTINE)) memcpy(object, out->stage->images + (size_t)i * bytes, bytes);
    memcpy(out->entry, out->standing->entries + first, sizeof(wcb_entry) * (size_t)count);
    out->entry += count;
}

/* The extras of a state with their places among the entities known by bit; false: they cannot simply be copied. */
static bool unpacking_simple_extras(wcb_context *context, const wcb_problem *problem, const uint64_t *words,
                                    int32_t count, wcb_place *extras) {
    wcb_stage *stage = &context->stage;
    for (int32_t i = 0; i < count; i++) {
        const uint32_t id = wcb_extra(problem, words, i);
        if (!unpacking_is_simple(context->snapshots[id])) return false;
        if ((id < stage->bits_size && stage->bits[id]) || (i && extras[i - 1].id == id)) return false;
        wcb_place *known = &stage->places[id % WCB_NUM_PLACES];
        if (known->id != id) *known = (wcb_place){id, wcb_place_of(problem, id)};
        extras[i] = *known;
    }
    return true;
}

static bool unpacking_copy(unpacking *out, const wcb_problem *problem, const uint64_t *words, wcb_snapshot **snapshots,
                           const wcb_place *extras, int32_t num_extras) {
    int32_t extra = 0;
    for (int32_t w = 0; w < problem->num_mask_words; w++) {
        for (uint64_t left = words[w]; left;) {
            const int at = __builtin_ctzll(left), first = 64 * w + at;
            for (; extra < num_extras && extras[extra].place <= first; extra++)
                if (!unpacking_copy_one(out, snapshots[extras[extra].id])) return false;
            const uint64_t others = ~((left & out->stage->plain[w]) >> at);
            int run = others ? __builtin_ctzll(others) : 64;
            if (extra < num_extras && extras[extra].place < first + run) run = extras[extra].place - first;
            if (run) unpacking_stand(out, first, run);
            else if (!unpacking_copy_one(out, out->stage->snapshots[first])) return false;
            run += !run;
            left = at + run == 64 ? 0 : left & ~(uint64_t)0 << (at + run);
        }
    }
    for (; extra < num_extras; extra++)
        if (!unpacking_copy_one(out, snapshots[extras[extra].id])) return false;
    return true;
}

wcv wcb_state_unpack(wcb_context *context, const wcb_problem *problem, const uint64_t *words, int which) {
    const wcb_stage *stage = &context->stage;
    wcb_ctx *ctx = &context->ctx;
    const int32_t num_extras = wcb_num_extras(problem, words);
    wcb_place small[64], *extras = small;
    if (num_extras > 64 && !(extras = wcb_alloc(ctx, sizeof(wcb_place) * (size_t)num_extras))) return 0;
    if (!stage->copied || !unpacking_simple_extras(context, problem, words, num_extras, extras))
        return unpacking_construct(context, problem, words);
    int32_t count = num_extras;
    for (int32_t w = 0; w < problem->num_mask_words; w++) count += __builtin_popcountll(words[w]);
    wcb_table *set = wcb_table_new(ctx, WCB_TYPE(set), count + count / 8 + 4);
    if (!set) return 0;
    unpacking out = {ctx, stage, &stage->standing[which], set->entries};
    if (!unpacking_copy(&out, problem, words, context->snapshots, extras, num_extras)) return 0;
    set->used = set->filled = count;
    return (wcv)set;
}
