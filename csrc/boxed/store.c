/* The entity store of a program: canonical entities by number, added by any thread, read without a lock. */
#include "model.h"

#include <stdlib.h>

#include "../wc_hash.h"

#define STORE_BLOCK ((size_t)1 << 16)
#define STORE_MOST_BYTES ((size_t)1 << 31)
#define STORE_MOST_ENTITIES ((uint32_t)1 << 30)
#define STORE_LEAST_TABLE 1024
#define STORE_DEEPEST 200

struct wcb_key_table {
    wcb_key_table *before; /* readers may still look into smaller ones */
    uint64_t mask;
    _Atomic uint64_t slots[]; /* upper half of the key's hash, then the entity's id; 0: empty */
};

/* ---- memory ---- */

void *wcb_heap_take(wcb_heap *heap, size_t bytes) {
    bytes = (bytes + 7) & ~(size_t)7;
    if ((size_t)(heap->end - heap->top) < bytes) {
        size_t size = bytes + sizeof(wcb_block) > STORE_BLOCK ? bytes + sizeof(wcb_block) : STORE_BLOCK;
        wcb_block *block = heap->bytes > STORE_MOST_BYTES ? NULL : malloc(size);
        if (!block) return NULL;
        block->next = heap->blocks;
        heap->blocks = block;
        heap->bytes += size;
        heap->top = (char *)(block + 1);
        heap->end = (char *)block + size;
    }
    void *result = heap->top;
    heap->top += bytes;
    return result;
}

void wcb_heap_free(wcb_heap *heap) {
    while (heap->blocks) {
        wcb_block *next = heap->blocks->next;
        free(heap->blocks);
        heap->blocks = next;
    }
    memset(heap, 0, sizeof *heap);
}

/* ---- keys ---- */

static uint64_t store_hash(const uint8_t *key, uint32_t length) {
    uint64_t hash = WC_HASH_SEED ^ length, word;
    for (; length >= 8; length -= 8, key += 8) {
        memcpy(&word, key, 8);
        hash = wc_multiply_fold((hash + WC_HASH_SEED) ^ word, WC_HASH_MULTIPLIER);
    }
    word = 0;
    memcpy(&word, key, length);
    return wc_multiply_fold((hash + WC_HASH_SEED) ^ word, WC_HASH_MULTIPLIER);
}

int wcb_key_order(const wcb_entity *a, const wcb_entity *b) {
    const uint32_t length = a->key_length < b->key_length ? a->key_length : b->key_length;
    return memcmp(a->key, b->key, length); /* no key is the beginning of another */
}

static const wcb_entity *store_probe(const wcb_store *store, const wcb_key_table *table, const uint8_t *key,
                                     uint32_t length, uint64_t hash) {
    for (uint64_t at = hash & table->mask;; at = (at + 1) & table->mask) {
        const uint64_t slot = atomic_load_explicit(&table->slots[at], memory_order_acquire);
        if (slot == 0) return NULL;
        if (slot >> 32 != hash >> 32) continue;
        const wcb_entity *entity = wcb_store_get(store, (uint32_t)slot);
        if (entity->key_length == length && memcmp(entity->key, key, length) == 0) return entity;
    }
}

const wcb_entity *wcb_store_find(const wcb_program *program, const uint8_t *key, uint32_t length) {
    const wcb_store *store = program->store;
    return store_probe(store, atomic_load_explicit(&store->table, memory_order_acquire), key, length,
                       store_hash(key, length));
}

static void store_place(wcb_key_table *table, uint64_t hash, uint32_t id) {
    uint64_t at = hash & table->mask;
    while (atomic_load_explicit(&table->slots[at], memory_order_relaxed) != 0) at = (at + 1) & table->mask;
    atomic_store_explicit(&table->slots[at], (hash >> 32 << 32) | id, memory_order_release);
}

static wcb_key_table *store_new_table(uint64_t size, wcb_key_table *before) {
    wcb_key_table *table = calloc(1, sizeof(wcb_key_table) + size * sizeof(uint64_t));
    if (!table) return NULL;
    table->before = before;
    table->mask = size - 1;
    return table;
}

/* ---- interned strings; the mutex is held, or the program is being loaded ---- */

static wcb_str *store_new_str(wcb_ctx *ctx, const uint32_t *points, int64_t length) {
    uint32_t all = 0;
    for (int64_t i = 0; i < length; i++) all |= points[i];
    const uint8_t width = all < 256 ? 1 : 4;
    wcb_str *s = wcb_alloc(ctx, offsetof(wcb_str, data) + (size_t)length * width + 8);
    if (!s) return NULL;
    memset(s, 0, offsetof(wcb_str, data));
    s->type = WCB_TYPE(str);
    s->length = (int32_t)length;
    s->name_id = -1;
    s->width = width;
    s->interned = 1;
    for (int64_t i = 0; i < length; i++) {
        if (width == 1) s->data[i] = (uint8_t)points[i];
        else ((uint32_t *)s->data)[i] = points[i];
    }
    wcb_str_hash(s);
    return s;
}

static int store_grow_strings(wcb_store *store) {
    const uint32_t size = store->strings_size ? store->strings_size * 2 : 1024;
    wcv *strings = calloc(size, sizeof(wcv));
    if (!strings) return -1;
    for (uint32_t i = 0; i < store->strings_size; i++) {
        if (!store->strings[i]) continue;
        uint32_t at = (uint32_t)WCB_AS(wcb_str, store->strings[i])->hash & (size - 1);
        while (strings[at]) at = (at + 1) & (size - 1);
        strings[at] = store->strings[i];
    }
    free(store->strings);
    store->strings = strings;
    store->strings_size = size;
    return 0;
}

static wcv store_intern(wcb_store *store, const uint32_t *points, int64_t length) {
    if (2 * store->num_strings >= store->strings_size && store_grow_strings(store) < 0) return 0;
    wcb_ctx *ctx = store->values;
    char *top = ctx->top;
    wcb_chunk *current = ctx->current;
    wcb_str *s = store_new_str(ctx, points, length);
    if (!s) {
        ctx->exception = 0;
        ctx->status = 0;
        return 0;
    }
    s->interned = 0; /* two interned ones would be taken to differ */
    const uint32_t mask = store->strings_size - 1;
    uint32_t at = (uint32_t)s->hash & mask;
    for (; store->strings[at]; at = (at + 1) & mask) {
        if (!wcb_str_equal(WCB_AS(wcb_str, store->strings[at]), s)) continue;
        if (ctx->current == current) ctx->top = top;
        return store->strings[at];
    }
    s->interned = 1;
    store->num_strings++;
    return store->strings[at] = (wcv)s;
}

wcv wcb_store_string(const wcb_program *program, const uint32_t *points, int64_t length) {
    wcb_store *store = program->store;
    pthread_mutex_lock(&store->mutex);
    const wcv result = store_intern(store, points, length);
    pthread_mutex_unlock(&store->mutex);
    return result;
}

/* ---- from a key to an entity; the mutex is held ---- */

typedef struct { const wcb_program *program; const uint8_t *at, *end; int depth; } store_reader;

static const wcb_entity *store_insert(const wcb_program *program, const uint8_t *key, uint32_t length, int depth);

static bool store_skip_string(store_reader *in) {
    const uint8_t *zero = memchr(in->at, 0, (size_t)(in->end - in->at));
    if (!zero) return false;
    in->at = zero + 1;
    return true;
}

static bool store_skip_value(store_reader *in);

static bool store_skip_entity(store_reader *in) {
    if (!store_skip_string(in)) return false;
    while (in->at < in->end && *in->at) {
        in->at++;
        if (!store_skip_value(in)) return false;
    }
    return in->at++ < in->end;
}

static bool store_skip_bytes(store_reader *in, ptrdiff_t count) {
    if (in->end - in->at < count) return false;
    in->at += count;
    return true;
}

static bool store_skip_value(store_reader *in) {
    if (in->at >= in->end || in->depth > STORE_DEEPEST) return false;
    bool result = false;
    in->depth++;
    switch (*in->at++) {
    case 1: result = true; break;
    case 2: result = store_skip_bytes(in, 1); break;
    case 3: result = store_skip_bytes(in, 8); break;
    case 4: result = in->at < in->end && store_skip_bytes(in, *in->at ? 9 : 1); break;
    case 5: result = store_skip_string(in); break;
    case 6:
        result = true;
        while (result && in->at < in->end && *in->at) result = store_skip_value(in);
        result = result && in->at++ < in->end;
        break;
    case 7: result = store_skip_entity(in); break;
    }
    in->depth--;
    return result;
}

/* One code point of UTF-8, surrogates included; a key has no malformed ones. */
static uint32_t store_read_point(store_reader *in) {
    uint32_t first = *in->at++;
    if (first == 1) return *in->at++ - 1u;
    if (first < 0x80) return first;
    const int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    uint32_t point = first & (0x3fu >> more);
    for (int i = 0; i < more && *in->at; i++) point = point << 6 | (*in->at++ & 0x3f);
    return point;
}

static wcv store_read_string(store_reader *in) {
    const uint8_t *zero = memchr(in->at, 0, (size_t)(in->end - in->at));
    if (!zero) return 0;
    uint32_t small[64] = {0};
    uint32_t *points = small;
    const size_t most = (size_t)(zero - in->at);
    if (most > 64 && !(points = malloc(most * sizeof(uint32_t)))) return 0;
    int64_t length = 0;
    while (in->at < zero) points[length++] = store_read_point(in);
    in->at = zero + 1;
    const wcv result = store_intern(in->program->store, points, length);
    if (points != small) free(points);
    return result;
}

static uint64_t store_read_word(store_reader *in) {
    uint64_t word;
    memcpy(&word, in->at, 8);
    in->at += 8;
    return __builtin_bswap64(word);
}

static wcv store_read_float(store_reader *in, uint16_t *flags) {
    double value = NAN;
    if (*in->at++) {
        uint64_t bits = store_read_word(in);
        bits ^= bits >> 63 ? (uint64_t)1 << 63 : ~(uint64_t)0;
        memcpy(&value, &bits, 8);
    } else {
        *flags |= WCB_ENTITY_NAN;
    }
    return wcb_new_float(in->program->store->values, value);
}

static wcv store_read_value(store_reader *in, uint16_t *flags);

static wcv store_read_tuple(store_reader *in, uint16_t *flags) {
    store_reader count_from = *in;
    int64_t count = 0;
    while (*count_from.at) {
        store_skip_value(&count_from);
        count++;
    }
    wcb_ctx *ctx = in->program->store->values;
    wcv tuple = wcb_new_tuple(ctx, count, NULL);
    uint16_t inner = 0;
    for (int64_t i = 0; tuple && i < count; i++) {
        const wcv item = store_read_value(in, &inner);
        if (!item) return 0;
        WCB_AS(wcb_tuple, tuple)->items[i] = item;
    }
    in->at++;
    *flags |= inner;
    /* The hash is computed while nobody else sees the tuple. Where entities are in it, it has none. */
    uint64_t hash;
    if (tuple && !(inner & WCB_ENTITY_NESTED) && wcb_hash(ctx, tuple, &hash) == 0) WCB_AS(wcb_tuple, tuple)->hash = hash;
    return tuple;
}

static wcv store_read_entity(store_reader *in, uint16_t *flags) {
    const uint8_t *key = in->at;
    store_skip_entity(in);
    const wcb_entity *entity = store_insert(in->program, key, (uint32_t)(in->at - key), in->depth + 1);
    if (!entity) return 0;
    *flags |= WCB_ENTITY_NESTED | (entity->flags & WCB_ENTITY_NAN);
    return (wcv)entity->id << 3 | WCB_TAG_ENTITY;
}

/* The bytes were checked by store_skip_entity. */
static wcv store_read_value(store_reader *in, uint16_t *flags) {
    switch (*in->at++) {
    case 1: return WCB_NONE;
    case 2: return wcb_from_bool(*in->at++);
    case 3: return wcb_from_small((int64_t)(store_read_word(in) ^ (uint64_t)1 << 63));
    case 4: return store_read_float(in, flags);
    case 5: return store_read_string(in);
    case 6: return store_read_tuple(in, flags);
    default: return store_read_entity(in, flags);
    }
}

/* ---- types ---- */

static int32_t store_global_of(const wcb_program *program, wcv name) {
    for (int32_t i = 0; i < program->num_globals; i++)
        if (program->global_names[i] >= 0 && program->names[program->global_names[i]] == name) return i;
    return -1;
}

/* The number of a type; -1: no memory. */
static int32_t store_type(const wcb_program *program, wcv name) {
    wcb_store *store = program->store;
    const int32_t count = atomic_load_explicit(&store->num_types, memory_order_relaxed);
    const wcb_entity_type *types = atomic_load_explicit(&store->types, memory_order_relaxed);
    for (int32_t i = 0; i < count; i++)
        if (types[i].name == name) return i;
    if (count == store->types_capacity) {
        const int32_t capacity = count ? 2 * count : 16;
        wcb_entity_type *more = wcb_heap_take(&store->heap, sizeof(wcb_entity_type) * (size_t)capacity);
        if (!more) return -1;
        if (count) memcpy(more, types, sizeof(wcb_entity_type) * (size_t)count);
        atomic_store_explicit(&store->types, more, memory_order_release);
        store->types_capacity = capacity;
        types = more;
    }
    ((wcb_entity_type *)types)[count] = (wcb_entity_type){name, store_global_of(program, name)};
    atomic_store_explicit(&store->num_types, count + 1, memory_order_release);
    return count;
}

/* ---- adding ---- */

static int32_t store_slot_of_name(const wcb_program *program, int32_t name_id) {
    return program->slot_of_name[name_id];
}

static bool store_read_attributes(store_reader *in, wcb_entity *entity) {
    const wcb_program *program = in->program;
    const int32_t x = store_slot_of_name(program, WCB_N_x), y = store_slot_of_name(program, WCB_N_y);
    int positions = 0;
    for (int32_t i = 0; i < entity->num_attributes; i++) {
        const int32_t slot = *in->at++ - 1;
        const wcv value = slot < program->num_slots ? store_read_value(in, &entity->flags) : 0;
        if (!value) return false;
        entity->attributes[i] = (wcb_attribute){slot, value};
        positions += slot == x || slot == y;
    }
    if (positions == 2) entity->flags |= WCB_ENTITY_POSITIONED;
    return true;
}

static wcb_entity *store_parse(const wcb_program *program, const uint8_t *key, uint32_t length, int depth) {
    wcb_store *store = program->store;
    store_reader whole = {program, key, key + length, depth}, in = whole;
    if (!store_skip_entity(&whole) || whole.at != whole.end) return NULL;
    whole = in;
    store_skip_string(&whole);
    int32_t count = 0;
    for (; *whole.at; count++) {
        whole.at++;
        store_skip_value(&whole);
    }
    wcb_entity *entity = wcb_heap_take(&store->heap, sizeof(wcb_entity) + sizeof(wcb_attribute) * (size_t)count);
    uint8_t *copy = wcb_heap_take(&store->heap, length);
    if (!entity || !copy) return NULL;
    memset(entity, 0, sizeof *entity);
    entity->key = memcpy(copy, key, length);
    entity->key_length = length;
    entity->num_attributes = (uint16_t)count;
    const wcv name = store_read_string(&in);
    entity->type = name ? store_type(program, name) : -1;
    return entity->type >= 0 && store_read_attributes(&in, entity) ? entity : NULL;
}

/* Give an entity its number and make it visible: the segment first, the table last. */
static int store_publish(wcb_store *store, wcb_entity *entity) {
    const uint32_t count = atomic_load_explicit(&store->num_entities, memory_order_relaxed);
    wcb_key_table *table = atomic_load_explicit(&store->table, memory_order_relaxed);
    if (count >= STORE_MOST_ENTITIES) return -1;
    if (2 * ((uint64_t)count + 1) > table->mask) {
        wcb_key_table *larger = store_new_table(2 * (table->mask + 1), table);
        if (!larger) return -1;
        for (uint32_t id = 1; id <= count; id++) store_place(larger, wcb_store_get(store, id)->key_hash, id);
        atomic_store_explicit(&store->table, larger, memory_order_release);
        table = larger;
    }
    const uint32_t place = count + WCB_STORE_FIRST;
    const int segment = 31 - __builtin_clz(place / WCB_STORE_FIRST);
    const wcb_entity **entities = atomic_load_explicit(&store->segments[segment], memory_order_relaxed);
    if (!entities) {
        entities = calloc((size_t)WCB_STORE_FIRST << segment, sizeof *entities);
        if (!entities) return -1;
        atomic_store_explicit(&store->segments[segment], entities, memory_order_release);
    }
    entity->id = count + 1;
    entities[place - ((uint32_t)WCB_STORE_FIRST << segment)] = entity;
    atomic_store_explicit(&store->num_entities, count + 1, memory_order_release);
    store_place(table, entity->key_hash, entity->id);
    return 0;
}

static const wcb_entity *store_insert(const wcb_program *program, const uint8_t *key, uint32_t length, int depth) {
    wcb_store *store = program->store;
    const uint64_t hash = store_hash(key, length);
    const wcb_key_table *table = atomic_load_explicit(&store->table, memory_order_relaxed);
    const wcb_entity *known = store_probe(store, table, key, length, hash);
    if (known) return known;
    wcb_entity *entity = store_parse(program, key, length, depth);
    store->values->exception = 0;
    store->values->status = 0;
    if (!entity) return NULL;
    entity->key_hash = hash;
    return store_publish(store, entity) < 0 ? NULL : entity;
}

const wcb_entity *wcb_store_add(const wcb_program *program, const uint8_t *key, uint32_t length) {
    const wcb_entity *known = wcb_store_find(program, key, length);
    if (known) return known;
    pthread_mutex_lock(&program->store->mutex);
    known = store_insert(program, key, length, 0);
    pthread_mutex_unlock(&program->store->mutex);
    return known;
}

int wcb_store_init(wcb_store *store, const wcb_program *program) {
    wcb_key_table *table = store_new_table(STORE_LEAST_TABLE, NULL);
    store->values = calloc(1, sizeof(wcb_ctx));
    if (!table || !store->values) return -1;
    atomic_store_explicit(&store->table, table, memory_order_release);
    store->values->program = program;
    return pthread_mutex_init(&store->mutex, NULL) ? -1 : 0;
}

void wcb_store_release(wcb_store *store) {
    wcb_key_table *table = atomic_load_explicit(&store->table, memory_order_relaxed);
    while (table) {
        wcb_key_table *before = table->before;
        free(table);
        table = before;
    }
    for (int i = 0; i < WCB_STORE_SEGMENTS; i++) free((void *)atomic_load(&store->segments[i]));
    if (store->values) wcb_release(store->values);
    free(store->values);
    free(store->strings);
    wcb_heap_free(&store->heap);
    pthread_mutex_destroy(&store->mutex);
}
