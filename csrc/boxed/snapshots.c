/* Objects for entities: constructed by the program's class, or copied from what it constructed before.
 *
 * The same class makes the same object of the same entity, as long as making it has no effect: before each call the
 * module is as it was after loading. So an object is constructed once in each context, in a fresh arena, and what came
 * out is taken down; later ones are copies. An object with parts that cannot be taken down (a dict, a function) or
 * whose making changed the module is constructed each time. */
#include "model.h"

#include <stdlib.h>

#define SNAPSHOTS_MOST_SHARED 32
#define SNAPSHOTS_MOST_PARTS 64
#define SNAPSHOTS_MOST_LIKENESSES ((uint32_t)1 << 16)

/* ---- constructing ---- */

static wcv snapshots_value(wcb_context *context, wcv stored, bool positioned);

/* cls(*position, **attributes), with the attributes in order of name. */
static wcv snapshots_call(wcb_context *context, const wcb_entity *entity, const wcv *position, bool positioned) {
    wcb_ctx *ctx = &context->ctx;
    const wcb_program *program = ctx->program;
    wcv values[258], keywords[256];
    int32_t count = 0, num_keywords = 0;
    if (position) {
        values[count++] = position[0];
        values[count++] = position[1];
    }
    const int32_t x = program->slot_of_name[WCB_N_x], y = program->slot_of_name[WCB_N_y];
    for (int32_t i = 0; i < entity->num_attributes; i++) {
        const int32_t slot = entity->attributes[i].slot;
        if (entity->flags & WCB_ENTITY_POSITIONED && (slot == x || slot == y)) continue;
        keywords[num_keywords] = program->names[program->name_of_slot[slot]];
        values[count + num_keywords] = snapshots_value(context, entity->attributes[i].value, positioned);
        if (!values[count + num_keywords++]) return 0;
    }
    const wcv cls = entity->type < context->num_types ? ctx->type_table[entity->type] : 0;
    if (!cls) return wcb_raise(ctx, WCB_TYPE_TypeError, "the class of an entity could not be made");
    const wcb_args args = {values, keywords, count, num_keywords};
    return wcb_call(ctx, cls, &args);
}

/* A value of an entity, with objects for the entities in it. */
static wcv snapshots_value(wcb_context *context, wcv stored, bool positioned) {
    static const wcv nowhere[2] = {WCB_NONE, WCB_NONE};
    if ((stored & 7) == WCB_TAG_ENTITY) {
        const wcb_entity *inner = wcb_store_get(&context->host->store, (uint32_t)(stored >> 3));
        if (!wcb_descend(&context->ctx)) return 0;
        const wcv object = snapshots_call(context, inner, positioned ? nowhere : NULL, positioned);
        context->ctx.depth--;
        return object;
    }
    if (!wcb_is_object(stored) || ((wcb_object *)stored)->type != WCB_TYPE(tuple)) return stored;
    const wcb_tuple *tuple = WCB_AS(wcb_tuple, stored);
    if (tuple->hash) return stored; /* only tuples without entities have theirs computed */
    const wcv copy = wcb_new_tuple(&context->ctx, tuple->length, NULL);
    for (int64_t i = 0; copy && i < tuple->length; i++) {
        const wcv item = snapshots_value(context, tuple->items[i], positioned);
        if (!item) return 0;
        WCB_AS(wcb_tuple, copy)->items[i] = item;
    }
    return copy;
}

wcv wcb_construct_entity(wcb_context *context, const wcb_entity *entity) {
    const wcb_program *program = context->ctx.program;
    if (!(entity->flags & WCB_ENTITY_POSITIONED)) return snapshots_call(context, entity, NULL, false);
    wcv position[2] = {0, 0};
    for (int32_t i = 0; i < entity->num_attributes; i++) {
        const int32_t slot = entity->attributes[i].slot;
        if (slot != program->slot_of_name[WCB_N_x] && slot != program->slot_of_name[WCB_N_y]) continue;
        const wcv value = snapshots_value(context, entity->attributes[i].value, true);
        if (!value) return 0;
        position[slot == program->slot_of_name[WCB_N_y]] = value;
    }
    return snapshots_call(context, entity, position, true);
}

/* ---- taking down ---- */

typedef struct {
    wcb_context *context;
    const void *shared[SNAPSHOTS_MOST_SHARED]; /* mutable objects met so far: none may be met twice */
    int32_t num_shared;
    bool mutable;
} taking;

static bool snapshots_take(taking *t, wcv v, wcb_part *part);

static bool snapshots_of_module(const wcb_ctx *ctx, wcv v) {
    return (const char *)v >= ctx->module_begin && (const char *)v < ctx->module_end;
}

static bool snapshots_met(taking *t, wcv v) {
    for (int32_t i = 0; i < t->num_shared; i++)
        if (t->shared[i] == (const void *)v) return true;
    if (t->num_shared == SNAPSHOTS_MOST_SHARED) return true;
    t->shared[t->num_shared++] = (const void *)v;
    t->mutable = true;
    return false;
}

static wcv snapshots_keep(taking *t, wcv v, size_t bytes) {
    void *copy = wcb_heap_take(&t->context->heap, bytes);
    return copy ? (wcv)memcpy(copy, (const void *)v, bytes) : 0;
}

static bool snapshots_take_items(taking *t, wcv v, wcb_part *part, const wcv *items, int64_t length) {
    part->length = length;
    part->items = wcb_heap_take(&t->context->heap, sizeof(wcb_part) * (size_t)length);
    if (!part->items) return false;
    bool fresh = false;
    for (int64_t i = 0; i < length; i++) {
        if (!snapshots_take(t, items[i], &part->items[i])) return false;
        fresh = fresh || part->items[i].kind != WCB_PART_VALUE;
    }
    if (part->kind == WCB_PART_LIST || fresh) return true;
    part->kind = WCB_PART_VALUE;
    part->value = snapshots_keep(t, v, offsetof(wcb_tuple, items) + sizeof(wcv) * (size_t)length);
    for (int64_t i = 0; part->value && i < length; i++)
        WCB_AS(wcb_tuple, part->value)->items[i] = part->items[i].value;
    return part->value != 0;
}

static wcb_snapshot *snapshots_take_instance(taking *t, wcb_instance *object);

static bool snapshots_take_object(taking *t, wcv v, wcb_part *part) {
    const wcb_type *type = ((wcb_object *)v)->type;
    if (type == WCB_TYPE(str)) {
        const wcb_str *s = WCB_AS(wcb_str, v);
        part->value = s->interned ? v : snapshots_keep(t, v, offsetof(wcb_str, data) + (size_t)s->length * s->width);
        return part->value != 0;
    }
    if (type == WCB_TYPE(float)) return (part->value = snapshots_keep(t, v, sizeof(wcb_float))) != 0;
    if (type == WCB_TYPE(tuple)) {
        part->kind = WCB_PART_TUPLE;
        return snapshots_take_items(t, v, part, WCB_AS(wcb_tuple, v)->items, WCB_AS(wcb_tuple, v)->length);
    }
    if (type == WCB_TYPE(list)) {
        part->kind = WCB_PART_LIST;
        return !snapshots_met(t, v) &&
               snapshots_take_items(t, v, part, WCB_AS(wcb_list, v)->items, WCB_AS(wcb_list, v)->length);
    }
    if (type->kind != WCB_KIND_INSTANCE || type->index >= 0 || snapshots_met(t, v)) return false;
    part->kind = WCB_PART_INSTANCE;
    part->instance = snapshots_take_instance(t, WCB_AS(wcb_instance, v));
    return part->instance != NULL;
}

static bool snapshots_is_immutable(wcv v) {
    if (!wcb_is_object(v)) return true;
    const wcb_type *type = ((wcb_object *)v)->type;
    if (type != WCB_TYPE(tuple)) return type == WCB_TYPE(str) || type == WCB_TYPE(float);
    for (int64_t i = 0; i < WCB_AS(wcb_tuple, v)->length; i++)
        if (!snapshots_is_immutable(WCB_AS(wcb_tuple, v)->items[i])) return false;
    return true;
}

/* Objects of the module stay what they are: it is put back before each call. */
static bool snapshots_take(taking *t, wcv v, wcb_part *part) {
    memset(part, 0, sizeof *part);
    part->value = v;
    if (!wcb_is_object(v)) return true;
    const wcb_type *type = ((wcb_object *)v)->type;
    const bool lasts = snapshots_of_module(&t->context->ctx, v) || type->kind == WCB_KIND_BUILTIN ||
                       (type->kind == WCB_KIND_TYPE && ((wcb_type *)v)->index >= 0);
    if (!lasts) return snapshots_take_object(t, v, part);
    t->mutable = t->mutable || !snapshots_is_immutable(v);
    return true;
}

static wcb_snapshot *snapshots_take_instance(taking *t, wcb_instance *object) {
    wcb_context *context = t->context;
    const wcb_program *program = context->ctx.program;
    if (!snapshots_of_module(&context->ctx, (wcv)object->type)) return NULL;
    wcb_snapshot *snapshot = wcb_heap_take(&context->heap, sizeof *snapshot);
    wcb_instance *copy = wcb_heap_take(&context->heap, wcb_instance_bytes(program));
    wcb_part parts[SNAPSHOTS_MOST_PARTS];
    if (!snapshot || !copy) return NULL;
    memset(snapshot, 0, sizeof *snapshot);
    memcpy(copy, object, wcb_instance_bytes(program));
    copy->entity = 0;
    copy->flags = 0;
    copy->hash = copy->copy = 0;
    copy->copy_epoch = copy->mark = 0;
    snapshot->object = copy;
    for (int32_t slot = 0; slot < program->num_slots; slot++) {
        if (!object->slots[slot]) continue;
        wcb_part part;
        if (!snapshots_take(t, object->slots[slot], &part)) return NULL;
        copy->slots[slot] = part.value;
        if (part.kind == WCB_PART_VALUE) continue;
        if (snapshot->num_parts == SNAPSHOTS_MOST_PARTS) return NULL;
        part.slot = slot;
        parts[snapshot->num_parts++] = part;
    }
    if (!snapshot->num_parts) return snapshot;
    snapshot->parts = wcb_heap_take(&context->heap, sizeof(wcb_part) * (size_t)snapshot->num_parts);
    if (!snapshot->parts) return NULL;
    memcpy(snapshot->parts, parts, sizeof(wcb_part) * (size_t)snapshot->num_parts);
    return snapshot;
}

/* ---- copying ---- */

static wcv snapshots_make(wcb_ctx *ctx, const wcb_part *part) {
    if (part->kind == WCB_PART_VALUE) return part->value;
    if (part->kind == WCB_PART_INSTANCE) return (wcv)wcb_copy_snapshot(ctx, part->instance);
    const bool list = part->kind == WCB_PART_LIST;
    const wcv made = list ? wcb_new_list(ctx, part->length, NULL) : wcb_new_tuple(ctx, part->length, NULL);
    if (!made) return 0;
    wcv *items = list ? WCB_AS(wcb_list, made)->items : WCB_AS(wcb_tuple, made)->items;
    for (int64_t i = 0; i < part->length; i++)
        if (!(items[i] = snapshots_make(ctx, &part->items[i]))) return 0;
    return made;
}

wcb_instance *wcb_copy_snapshot(wcb_ctx *ctx, const wcb_snapshot *snapshot) {
    const size_t bytes = wcb_instance_bytes(ctx->program);
    wcb_instance *object = wcb_alloc(ctx, bytes);
    if (!object) return NULL;
    memcpy(object, snapshot->object, bytes);
    for (int32_t i = 0; i < snapshot->num_parts; i++) {
        const wcv value = snapshots_make(ctx, &snapshot->parts[i]);
        if (!value) return NULL;
        object->slots[snapshot->parts[i].slot] = value;
    }
    return object;
}

/* ---- hashes of fresh objects ---- */

static int snapshots_grow_twins(wcb_context *context) {
    const uint32_t size = context->twins_size ? 2 * context->twins_size : 256;
    wcb_twin *twins = calloc(size, sizeof *twins);
    if (!twins) return -1;
    for (uint32_t i = 0; i < context->twins_size; i++) {
        if (!context->twins[i].snapshot) continue;
        uint64_t at = context->twins[i].hash & (size - 1);
        while (twins[at].snapshot) at = (at + 1) & (size - 1);
        twins[at] = context->twins[i];
    }
    free(context->twins);
    context->twins = twins;
    context->twins_size = size;
    return 0;
}

/* An entity and what its objects read as have one hash, and are never in a state together but by a program's effort. */
static bool snapshots_are_kin(const wcb_snapshot *a, const wcb_snapshot *b) {
    return (a->image && a->image == b->id) || (b->image && b->image == a->id);
}

/* Fresh objects of two entities can be equal (True == 1): those of one hash know of each other. */
static int snapshots_note_hash(wcb_context *context, wcb_snapshot *snapshot) {
    if (2 * context->num_twins >= context->twins_size && snapshots_grow_twins(context) < 0) return -1;
    const uint64_t mask = context->twins_size - 1;
    uint64_t at = snapshot->hash & mask;
    for (; context->twins[at].snapshot; at = (at + 1) & mask) {
        wcb_snapshot *other = context->twins[at].snapshot;
        if (other->hash != snapshot->hash || snapshots_are_kin(other, snapshot)) continue;
        if (!(other->flags & WCB_SNAPSHOT_TWIN)) context->stage.problem = 0; /* it took the other one for unique */
        other->flags |= WCB_SNAPSHOT_TWIN;
        snapshot->flags |= WCB_SNAPSHOT_TWIN;
    }
    context->twins[at] = (wcb_twin){snapshot->hash, snapshot};
    context->num_twins++;
    return 0;
}

/* The hash, if it is that of every fresh object: not one that depends on where the object is. */
static void snapshots_find_hash(wcb_context *context, wcb_snapshot *snapshot, wcv object) {
    wcb_ctx *ctx = &context->ctx;
    uint64_t hash, hash_of_copy;
    const wcb_type *type = wcb_type_of(object);
    if (!wcb_lookup(ctx, type, WCB_N___hash__) && !wcb_lookup(ctx, type, WCB_N___eq__)) {
        snapshot->flags |= WCB_SNAPSHOT_HASHED | WCB_SNAPSHOT_IDENTITY;
        return;
    }
    wcb_instance *copy = wcb_copy_snapshot(ctx, snapshot);
    if (copy && wcb_hash(ctx, object, &hash) == 0 && wcb_hash(ctx, (wcv)copy, &hash_of_copy) == 0 &&
        hash == hash_of_copy && !ctx->dirty && !ctx->num_changed_names) {
        snapshot->hash = hash;
        snapshot->flags |= WCB_SNAPSHOT_HASHED;
    }
}

/* ---- likenesses ---- */

static uint64_t snapshots_slots_hash(const wcb_program *program, const wcb_instance *object) {
    uint64_t hash = (uint64_t)object->type, factor = 0x9e3779b97f4a7c15u;
    for (int32_t i = 0; i < program->num_slots; i++, factor += 0x7f4a7c159e3779b8u) hash += object->slots[i] * factor;
    hash ^= hash >> 32;
    return hash * 0xd6e8feb86659fd93u >> 32;
}

const wcb_snapshot *wcb_find_likeness(const wcb_context *context, const wcb_instance *object) {
    const wcb_program *program = context->ctx.program;
    if (!context->likenesses_size) return NULL;
    const uint64_t place = snapshots_slots_hash(program, object) & (context->likenesses_size - 1);
    const wcb_snapshot *found = context->likenesses[place];
    if (!found || found->object->type != object->type) return NULL;
    return memcmp(found->object->slots, object->slots, sizeof(wcv) * (size_t)program->num_slots) ? NULL : found;
}

/* The latest in a place stays there: those that are lost are read the long way. */
static void snapshots_note_likeness(wcb_context *context, wcb_snapshot *snapshot) {
    const wcb_program *program = context->ctx.program;
    const uint32_t size = context->likenesses_size ? 2 * context->likenesses_size : 1024;
    context->num_likenesses++;
    if (2 * context->num_likenesses > context->likenesses_size && size <= SNAPSHOTS_MOST_LIKENESSES) {
        wcb_snapshot **likenesses = calloc(size, sizeof *likenesses);
        for (uint32_t i = 0; likenesses && i < context->likenesses_size; i++)
            if (context->likenesses[i])
                likenesses[snapshots_slots_hash(program, context->likenesses[i]->object) & (size - 1)] = context->likenesses[i];
        if (likenesses) {
            free(context->likenesses);
            context->likenesses = likenesses;
            context->likenesses_size = size;
        }
    }
    if (context->likenesses_size)
        context->likenesses[snapshots_slots_hash(program, snapshot->object) & (context->likenesses_size - 1)] = snapshot;
}

/* ---- snapshots of entities ---- */

static bool snapshots_has_entity_hash(wcb_ctx *ctx, wcv object) {
    const wcv function = wcb_lookup(ctx, wcb_type_of(object), WCB_N___hash__);
    return function && wcb_is_kind(function, WCB_KIND_FUNCTION) &&
           WCB_AS(wcb_function, function)->info->entry == wcb_entity_hash;
}

/* Note what a fresh object reads as, and whether that stays so until something is stored into it. */
static void snapshots_find_image(wcb_context *context, wcb_snapshot *snapshot, wcv object, bool mutable) {
    bool special = false;
    const wcb_entity *image = wcb_read_entity(context, object, &special);
    context->ctx.exception = 0;
    context->ctx.status = 0;
    if (!image || special || context->ctx.dirty) return;
    snapshot->image = image->id;
    if (image->id != snapshot->id) snapshot->flags |= WCB_SNAPSHOT_SOURCE;
    if (mutable || image->flags & WCB_ENTITY_NAN) return;
    if (!(snapshot->flags & WCB_SNAPSHOT_HASHED) && snapshots_has_entity_hash(&context->ctx, object)) return;
    snapshot->object->entity = image->id;
    snapshot->object->flags = WCB_PRISTINE;
    snapshot->object->hash = snapshot->hash;
}

static wcb_snapshot *snapshots_new(wcb_context *context, const wcb_entity *entity) {
    wcb_ctx *ctx = &context->ctx;
    const wcv object = wcb_construct_entity(context, entity);
    taking t = {.context = context};
    wcb_snapshot *snapshot = NULL;
    if (object && !ctx->dirty && !ctx->num_changed_names && wcb_is_kind(object, WCB_KIND_INSTANCE) &&
        !snapshots_of_module(ctx, object) && wcb_type_of(object)->index < 0 && !snapshots_met(&t, object)) {
        t.mutable = false;
        snapshot = snapshots_take_instance(&t, WCB_AS(wcb_instance, object));
    }
    if (!snapshot) {
        snapshot = wcb_heap_take(&context->heap, sizeof *snapshot);
        if (snapshot) *snapshot = (wcb_snapshot){.id = entity->id};
        return snapshot;
    }
    snapshot->id = entity->id;
    snapshot->flags = WCB_SNAPSHOT_COPIED;
    snapshots_find_hash(context, snapshot, object);
    ctx->exception = 0;
    ctx->status = 0;
    snapshots_find_image(context, snapshot, object, t.mutable);
    const bool compared = (snapshot->flags & (WCB_SNAPSHOT_HASHED | WCB_SNAPSHOT_IDENTITY)) == WCB_SNAPSHOT_HASHED;
    if (compared && snapshots_note_hash(context, snapshot) < 0) snapshot->flags &= ~WCB_SNAPSHOT_HASHED;
    if (snapshot->object->flags & WCB_PRISTINE) snapshots_note_likeness(context, snapshot);
    return snapshot;
}

static int snapshots_reserve(wcb_context *context, uint32_t id) {
    if (id < context->num_snapshots) return 0;
    uint32_t room = context->num_snapshots ? context->num_snapshots : 256;
    while (room <= id) room *= 2;
    wcb_snapshot **snapshots = realloc(context->snapshots, sizeof *snapshots * room);
    if (!snapshots) return -1;
    memset(snapshots + context->num_snapshots, 0, sizeof *snapshots * (room - context->num_snapshots));
    context->snapshots = snapshots;
    context->num_snapshots = room;
    return 0;
}

int wcb_prepare(wcb_context *context, const uint32_t *ids, int32_t count) {
    int result = 0;
    for (int32_t i = 0; i < count; i++) {
        if (snapshots_reserve(context, ids[i]) < 0) return -1;
        if (context->snapshots[ids[i]]) continue;
        wcb_reset(&context->ctx);
        result = 1;
        wcb_snapshot *snapshot = snapshots_new(context, wcb_store_get(&context->host->store, ids[i]));
        if (!snapshot) return -1;
        context->snapshots[ids[i]] = snapshot;
    }
    return result;
}
