/* From packed states to the objects that a program is called with.
 *
 * Most entities of a state are in nearly all states of its problem. Their objects *stand ready*: a call gets the same
 * ones as the call before, after those that it changed were made good: the first store into an object lists it. All others
 * are copied from their snapshots, or constructed. */
#include "model.h"

#include <stdlib.h>

#define UNPACKING_MOST_COMPARED 8 /* beyond, all elements are looked up, so that the set gets an index */

static inline bool unpacking_is_copied(const wcb_snapshot *snapshot) {
    const int32_t wanted = WCB_SNAPSHOT_COPIED | WCB_SNAPSHOT_HASHED;
    return (snapshot->flags & wanted) == wanted;
}

static inline uint64_t unpacking_hash(const wcb_snapshot *snapshot, const void *object) {
    return snapshot->flags & WCB_SNAPSHOT_IDENTITY ? wcb_hash_identity((wcv)object) : snapshot->hash;
}

/* ---- the problem that a context works on ---- */

void wcb_stage_free(wcb_stage *stage) {
    void *fields[] = {stage->images, stage->snapshots, stage->plain, stage->twins, stage->sources, stage->universe,
                      stage->bits, stage->extras,
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
    stage->twins = calloc((size_t)problem->num_mask_words + 1, sizeof(uint64_t));
    stage->sources = calloc((size_t)problem->num_mask_words + 1, sizeof(uint64_t));
    stage->extras = malloc(((size_t)problem->capacity + 1) * sizeof(uint32_t));
    bool done = stage->images && stage->snapshots && stage->universe && stage->plain && stage->twins &&
                stage->sources && stage->extras;
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

/* Take in the snapshot of one entity. Its objects are not pristine yet: they are made when first used. */
static void unpacking_set_entity(wcb_stage *stage, int32_t i, uint32_t id, wcb_snapshot *snapshot) {
    const uint64_t bit = (uint64_t)1 << (i & 63);
    stage->universe[i] = id;
    stage->snapshots[i] = snapshot;
    stage->bits[id] = (uint16_t)(i + 1);
    stage->copied = stage->copied && unpacking_is_copied(snapshot);
    if (snapshot->flags & WCB_SNAPSHOT_TWIN) stage->twins[i >> 6] |= bit;
    if (snapshot->flags & WCB_SNAPSHOT_SOURCE) stage->sources[i >> 6] |= bit;
    if (!snapshot->object) return;
    memcpy(stage->images + (size_t)i * stage->bytes, snapshot->object, stage->bytes);
    for (int which = 0; which < 2; which++) {
        const char *object = stage->standing[which].objects + (size_t)i * stage->bytes;
        stage->standing[which].entries[i] = (wcb_entry){unpacking_hash(snapshot, object), (wcv)object, 0};
    }
    const bool read = !(snapshot->flags & (WCB_SNAPSHOT_TWIN | WCB_SNAPSHOT_SOURCE)) && snapshot->object->flags & WCB_PRISTINE;
    if (read && unpacking_is_copied(snapshot)) stage->plain[i >> 6] |= bit;
}

static int unpacking_set_stage(wcb_context *context, const wcb_problem *problem) {
    wcb_stage *stage = &context->stage;
    wcb_stage_free(stage);
    if (wcb_prepare(context, problem->universe, problem->num_universe) < 0) return -1;
    if (unpacking_allocate(stage, problem, wcb_instance_bytes(context->ctx.program)) < 0) return -1;
    stage->copied = true;
    for (int32_t i = 0; i < problem->num_universe; i++)
        unpacking_set_entity(stage, i, problem->universe[i], context->snapshots[problem->universe[i]]);
    for (int which = 0; which < 2; which++) {
        char *objects = stage->standing[which].objects;
        context->ctx.standing[which] = (wcb_standing_objects){
            .begin = objects, .end = objects + (size_t)stage->count * stage->bytes, .num_changed = WCB_MOST_CHANGED + 1};
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

/* Make good what the last call with these standing objects changed. */
static void unpacking_restore(wcb_context *context, int which) {
    const wcb_stage *stage = &context->stage;
    wcb_standing_objects *standing = &context->ctx.standing[which];
    const size_t bytes = stage->bytes;
    if (standing->num_changed <= WCB_MOST_CHANGED) {
        for (int32_t i = 0; i < standing->num_changed; i++) {
            char *object = (char *)standing->changed[i];
            memcpy(object, stage->images + (object - standing->begin), bytes);
        }
    } else {
        for (int32_t i = 0; i < stage->count; i++) {
            char *object = standing->begin + (size_t)i * bytes;
            const bool stands = stage->plain[i >> 6] >> (i & 63) & 1;
            if (stands && !(((wcb_instance *)object)->flags & WCB_PRISTINE))
                memcpy(object, stage->images + (size_t)i * bytes, bytes);
        }
    }
    standing->num_changed = 0;
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
    wcb_context *context;
    const wcb_problem *problem;
    const uint64_t *words;
    const wcb_standing *standing;
    wcb_table *set;
    wcb_entry *entry;   /* where the next one goes */
    bool looks_up;      /* each element is looked up before it goes in */
    wcb_place *extras;  /* with their places among the entities known by bit */
    int32_t num_extras;
} unpacking;

/* Put in an object, unless an equal one is there: only where another has its hash is there anything to compare. */
static bool unpacking_put(unpacking *out, const wcb_snapshot *snapshot, bool again) {
    wcb_ctx *ctx = &out->context->ctx;
    wcb_instance *object = wcb_copy_snapshot(ctx, snapshot);
    if (!object) return false;
    const uint64_t hash = unpacking_hash(snapshot, object);
    if (!out->looks_up && !again && !(snapshot->flags & WCB_SNAPSHOT_TWIN)) {
        *out->entry++ = (wcb_entry){hash, (wcv)object, 0};
        return true;
    }
    wcb_table *set = out->set;
    set->used = set->filled = (int32_t)(out->entry - set->entries);
    if (!out->looks_up) set->index_size = 0; /* it would not know of those put in without it */
    if (!wcb_table_insert(ctx, set, (wcv)object, hash)) return false;
    out->entry = set->entries + set->filled;
    return true;
}

static inline void unpacking_stand(unpacking *out, int32_t first, int32_t count) {
    memcpy(out->entry, out->standing->entries + first, sizeof(wcb_entry) * (size_t)count);
    out->entry += count;
}

/* Find where the extras belong. One that is known by bit is there twice: it comes after the other. 1; 0: some cannot
 * be copied; -1: no memory. */
static int unpacking_place_extras(unpacking *out) {
    wcb_context *context = out->context;
    wcb_stage *stage = &context->stage;
    const int32_t count = out->num_extras;
    if (count > 64 && !(out->extras = wcb_alloc(&context->ctx, sizeof(wcb_place) * (size_t)count))) return -1;
    for (int32_t i = 0; i < count; i++) {
        const uint32_t id = wcb_extra(out->problem, out->words, i);
        if (!unpacking_is_copied(context->snapshots[id])) return 0;
        wcb_place *known = &stage->places[id % WCB_NUM_PLACES];
        if (known->id != id) {
            const bool has_bit = id < stage->bits_size && stage->bits[id];
            *known = (wcb_place){id, has_bit ? stage->bits[id] : wcb_place_of(out->problem, id)};
        }
        out->extras[i] = *known;
    }
    return 1;
}

/* Whether elements are to be looked up before they go in: where entities occur beside what their objects read as, or
 * many share their hash. */
static bool unpacking_must_look_up(const unpacking *out) {
    const wcb_stage *stage = &out->context->stage;
    int32_t compared = 0;
    for (int32_t w = 0; w < out->problem->num_mask_words; w++) {
        if (out->words[w] & stage->sources[w]) return true;
        for (uint64_t left = out->words[w] & stage->twins[w]; left; left &= left - 1) compared++;
    }
    for (int32_t i = 0; i < out->num_extras; i++) {
        const int32_t flags = out->context->snapshots[out->extras[i].id]->flags;
        if (flags & WCB_SNAPSHOT_SOURCE) return true;
        compared += (flags & WCB_SNAPSHOT_TWIN) != 0;
    }
    return compared > UNPACKING_MOST_COMPARED;
}

/* Put in the extras that come before the entity of a bit. */
static bool unpacking_put_extras(unpacking *out, int32_t *extra, int32_t bit) {
    for (; *extra < out->num_extras && out->extras[*extra].place <= bit; ++*extra) {
        const uint32_t id = out->extras[*extra].id;
        const bool known = id < out->context->stage.bits_size && out->context->stage.bits[id];
        const bool again = known || (*extra && out->extras[*extra - 1].id == id);
        if (!unpacking_put(out, out->context->snapshots[id], again)) return false;
    }
    return true;
}

static bool unpacking_put_all(unpacking *out) {
    const wcb_stage *stage = &out->context->stage;
    int32_t extra = 0;
    for (int32_t w = 0; w < out->problem->num_mask_words; w++) {
        for (uint64_t left = out->words[w]; left;) {
            const int at = __builtin_ctzll(left), first = 64 * w + at;
            if (!unpacking_put_extras(out, &extra, first)) return false;
            const uint64_t others = out->looks_up ? ~(uint64_t)0 : ~((left & stage->plain[w]) >> at);
            int run = others ? __builtin_ctzll(others) : 64;
            if (extra < out->num_extras && out->extras[extra].place < first + run) run = out->extras[extra].place - first;
            if (run) unpacking_stand(out, first, run);
            else if (!unpacking_put(out, stage->snapshots[first], false)) return false;
            run += !run;
            left = at + run == 64 ? 0 : left & ~(uint64_t)0 << (at + run);
        }
    }
    return unpacking_put_extras(out, &extra, INT32_MAX);
}

bool wcb_state_is_copied(const wcb_context *context, const wcb_problem *problem, const uint64_t *words) {
    bool copied = context->stage.copied;
    for (int32_t i = 0; copied && i < problem->capacity && wcb_extra(problem, words, i); i++)
        copied = unpacking_is_copied(context->snapshots[wcb_extra(problem, words, i)]);
    return copied;
}

wcv wcb_state_unpack(wcb_context *context, const wcb_problem *problem, const uint64_t *words, int which) {
    const wcb_stage *stage = &context->stage;
    wcb_place few[64];
    unpacking out = {.context = context, .problem = problem, .words = words, .standing = &stage->standing[which],
                     .extras = few, .num_extras = wcb_num_extras(problem, words)};
    const int placed = stage->copied ? unpacking_place_extras(&out) : 0;
    if (placed <= 0) return placed ? 0 : unpacking_construct(context, problem, words);
    unpacking_restore(context, which);
    int32_t count = out.num_extras;
    for (int32_t w = 0; w < problem->num_mask_words; w++) count += __builtin_popcountll(words[w]);
    out.set = wcb_table_new(&context->ctx, WCB_TYPE(set), count + count / 8 + 4);
    if (!out.set) return 0;
    out.entry = out.set->entries;
    out.looks_up = unpacking_must_look_up(&out);
    if (!unpacking_put_all(&out)) return 0;
    if (!out.looks_up) out.set->index_size = 0;
    out.set->used = out.set->filled = (int32_t)(out.entry - out.set->entries);
    return (wcv)out.set;
}
