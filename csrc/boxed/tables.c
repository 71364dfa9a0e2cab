/* The hash table below dict, set and frozenset: entries in insertion order, each under the hash it was inserted with,
 * and an index of them where it pays.
 *
 * Removing leaves a hole, so that places stay what they are. Holes go when the table has to grow, which counts in
 * `version`. An iterator over a set keeps to the row of entries that it began with; so a set that was ever iterated
 * never reuses a row, and an entry of an old row holds the address it moved to in its value, which sets do not use.
 *
 * A table of up to TABLES_SCANNED entries is searched entry by entry. A larger one gets an index once it was searched
 * TABLES_PATIENCE times, since states are often copied and then asked little.
 *
 * Comparing keys can run the program's code, which may change the table: a search starts over when the entry that it
 * looked at is gone. */
#include "tables.h"

enum { TABLES_SCANNED = 8, TABLES_PATIENCE = 4, TABLES_ASK = 2 };

/* ---- comparing keys ---- */

/* Whether two different words are equal keys: 0, 1, or TABLES_ASK where only the general comparison can tell. */
static inline int tables_quick_equal(wcv a, wcv b) {
    if (wcb_is_small(a) && wcb_is_small(b)) return 0;
    if (!wcb_is_object(a) || !wcb_is_object(b)) return TABLES_ASK;
    const wcb_type *type = ((wcb_object *)a)->type;
    if (type != ((wcb_object *)b)->type) return TABLES_ASK;
    if (type == WCB_TYPE(str)) {
        const wcb_str *left = WCB_AS(wcb_str, a), *right = WCB_AS(wcb_str, b);
        return left->interned && right->interned ? 0 : wcb_str_equal(left, right);
    }
    if (type != WCB_TYPE(tuple)) return TABLES_ASK;
    const wcb_tuple *left = WCB_AS(wcb_tuple, a), *right = WCB_AS(wcb_tuple, b);
    if (left->length != right->length) return 0;
    for (int64_t i = 0; i < left->length; i++) {
        wcv x = left->items[i], y = right->items[i];
        if (x == y) continue;
        return wcb_is_small(x) && wcb_is_small(y) ? 0 : TABLES_ASK;
    }
    return 1;
}

/* Compares the key of entry i: 0 or 1, -1 failed, TABLES_ASK if the table changed meanwhile. */
static int tables_compare(wcb_ctx *ctx, const wcb_table *table, int32_t i, wcv key) {
    wcv stored = table->entries[i].key;
    int equal = tables_quick_equal(stored, key);
    if (equal != TABLES_ASK) return equal;
    uint32_t version = table->version;
    equal = wcb_eq(ctx, stored, key);
    if (equal < 0) return -1;
    if (version != table->version || table->entries[i].key != stored) return TABLES_ASK;
    return equal;
}

/* ---- the index ---- */

static inline uint32_t tables_place(uint64_t hash, int32_t index_size) {
    return (uint32_t)((hash * 0x9E3779B97F4A7C15u) >> 32) >> (__builtin_clz((uint32_t)index_size) + 1);
}

static inline void tables_link(wcb_table *table, int32_t number) {
    uint32_t mask = (uint32_t)table->index_size - 1, place = tables_place(table->entries[number].hash, table->index_size);
    while (table->index[place] >= 0) place = (place + 1) & mask;
    table->index[place] = number;
}

/* Holes are in the index too: it holds all numbers below `filled`, so it never fills up. */
static int tables_build_index(wcb_ctx *ctx, wcb_table *table) {
    int32_t size = 16;
    while (size < 3 * (int64_t)table->capacity) size *= 2; /* so that it lasts when the table grows once */
    if (table->index == NULL || table->index_size != size) {
        int32_t *index = wcb_alloc(ctx, sizeof(int32_t) * (size_t)size);
        if (index == NULL) return -1;
        table->index = index;
        table->index_size = size;
    }
    memset(table->index, 0xff, sizeof(int32_t) * (size_t)size);
    for (int32_t i = 0; i < table->filled; i++) tables_link(table, i);
    return 0;
}

/* Takes the last entry out of the index, and closes the gap. */
static void tables_unlink(wcb_table *table, int32_t number) {
    uint32_t mask = (uint32_t)table->index_size - 1, place = tables_place(table->entries[number].hash, table->index_size);
    while (table->index[place] != number) place = (place + 1) & mask;
    for (uint32_t next = (place + 1) & mask; table->index[next] >= 0; next = (next + 1) & mask) {
        uint32_t home = tables_place(table->entries[table->index[next]].hash, table->index_size);
        if (((next - home) & mask) < ((next - place) & mask)) continue; /* it is at home behind the gap */
        table->index[place] = table->index[next];
        place = next;
    }
    table->index[place] = -1;
}

/* ---- searching ---- */

static wcb_entry *tables_scan(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash) {
    for (int32_t i = 0; i < table->filled; i++) {
        const wcb_entry *entry = &table->entries[i];
        if (entry->hash != hash || entry->key == 0) continue;
        if (entry->key == key) return &table->entries[i];
        int equal = tables_compare(ctx, table, i, key);
        if (equal == 1) return &table->entries[i];
        if (equal < 0) return NULL;
        if (equal == TABLES_ASK) i = -1;
    }
    return NULL;
}

static wcb_entry *tables_probe(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash) {
    uint32_t mask = (uint32_t)table->index_size - 1, place = tables_place(hash, table->index_size);
    for (;; place = (place + 1) & mask) {
        int32_t i = table->index[place];
        if (i < 0) return NULL;
        wcb_entry *entry = &table->entries[i];
        if (entry->hash != hash || entry->key == 0) continue;
        if (entry->key == key) return entry;
        int equal = tables_compare(ctx, table, i, key);
        if (equal == 1) return &table->entries[i];
        if (equal < 0) return NULL;
        if (equal == TABLES_ASK) return wcb_table_find(ctx, table, key, hash);
    }
}

/* Whether a search without an index is one too many. Counting is no change that a step has to undo. */
static inline bool tables_wants_index(wcb_ctx *ctx, wcb_table *table) {
    if (table->filled <= TABLES_SCANNED) return false;
    return ctx->loading || --table->index_size < -TABLES_PATIENCE;
}

wcb_entry *wcb_table_find(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash) {
    if (table->used == 0) return NULL;
    if (table->index_size <= 0) {
        if (!tables_wants_index(ctx, table)) return tables_scan(ctx, table, key, hash);
        wcb_touch(ctx, table);
        table->index = NULL;
        table->index_size = 0;
        if (tables_build_index(ctx, table) < 0) return NULL;
    }
    return tables_probe(ctx, table, key, hash);
}

/* The entry of this very key, if there is one. */
wcb_entry *tables_find_same(const wcb_table *table, wcv key, uint64_t hash) {
    if (table->index_size <= 0) {
        for (int32_t i = 0; i < table->filled; i++)
            if (table->entries[i].key == key && table->entries[i].hash == hash) return &table->entries[i];
        return NULL;
    }
    uint32_t mask = (uint32_t)table->index_size - 1, place = tables_place(hash, table->index_size);
    for (; table->index[place] >= 0; place = (place + 1) & mask) {
        wcb_entry *entry = &table->entries[table->index[place]];
        if (entry->key == key && entry->hash == hash) return entry;
    }
    return NULL;
}

/* ---- growing ---- */

static inline bool tables_is_dict(const wcb_table *table) { return table->type->kind == WCB_KIND_DICT; }

/* Dicts have the sizes of CPython's: a loop that moves keys while it runs can tell. */
static int32_t tables_dict_capacity(int64_t slots) {
    int64_t size = 8;
    while (size < slots) size *= 2;
    return (int32_t)(size * 2 / 3);
}

/* Moves the entries to a row of their own with room for `capacity`. */
static int tables_move(wcb_ctx *ctx, wcb_table *table, int32_t capacity) {
    wcb_entry *old = table->entries;
    wcb_entry *row = wcb_alloc(ctx, sizeof(wcb_entry) * (size_t)capacity);
    if (row == NULL) return -1;
    int32_t count = 0;
    for (int32_t i = 0; i < table->filled; i++) {
        if (old[i].key == 0) continue;
        row[count] = old[i];
        if (table->iterated) old[i].value = (wcv)&row[count];
        count++;
    }
    table->entries = row;
    table->capacity = capacity;
    table->filled = count;
    table->version++;
    return 0;
}

static void tables_close_holes(wcb_table *table) {
    int32_t count = 0;
    for (int32_t i = 0; i < table->filled; i++)
        if (table->entries[i].key != 0) table->entries[count++] = table->entries[i];
    table->filled = count;
    table->version++;
}

static int tables_grow(wcb_ctx *ctx, wcb_table *table) {
    int64_t used = table->used;
    if (used > (1 << 28)) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
        return -1;
    }
    bool holes = used * 4 <= (int64_t)table->capacity * 3 && table->capacity > 0;
    int32_t capacity = table->capacity;
    if (tables_is_dict(table)) capacity = tables_dict_capacity(used * 3);
    else if (!holes) capacity = capacity < 8 ? 8 : (int32_t)(capacity < 128 ? used * 4 : used * 2);
    const bool same_numbers = table->used == table->filled;
    if (holes && !table->iterated && !tables_is_dict(table)) tables_close_holes(table);
    else if (tables_move(ctx, table, capacity) < 0) return -1;
    if (table->index_size <= 0 || (same_numbers && table->index_size >= table->capacity + table->capacity / 2)) return 0;
    return tables_build_index(ctx, table);
}

static wcb_entry *tables_add(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash) {
    wcb_touch(ctx, table);
    if (table->filled == table->capacity && tables_grow(ctx, table) < 0) return NULL;
    int32_t number = table->filled++;
    wcb_entry *entry = &table->entries[number];
    *entry = (wcb_entry){hash, key, 0};
    table->used++;
    if (table->index_size > 0) tables_link(table, number);
    return entry;
}

/* ---- the interface ---- */

wcb_table *wcb_table_new(wcb_ctx *ctx, wcb_type *type, int32_t capacity) {
    if (type->kind == WCB_KIND_DICT && capacity > 0)
        capacity = tables_dict_capacity(capacity <= 5 ? 8 : ((int64_t)capacity * 3 + 1) / 2);
    wcb_table *table = wcb_alloc(ctx, sizeof(wcb_table) + sizeof(wcb_entry) * (size_t)capacity);
    if (table == NULL) return NULL;
    *table = (wcb_table){.type = type, .capacity = capacity, .entries = (wcb_entry *)(table + 1)};
    return table;
}

wcb_entry *wcb_table_insert(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash) {
    wcb_entry *entry = wcb_table_find(ctx, table, key, hash);
    if (entry != NULL) {
        wcb_touch(ctx, table);
        return entry;
    }
    return ctx->exception != 0 ? NULL : tables_add(ctx, table, key, hash);
}

void wcb_table_append(wcb_ctx *ctx, wcb_table *table, wcv key, wcv value, uint64_t hash) {
    wcb_entry *entry = tables_add(ctx, table, key, hash);
    if (entry != NULL) entry->value = value;
}

void wcb_table_drop(wcb_ctx *ctx, wcb_table *table, wcb_entry *entry) {
    wcb_touch(ctx, table);
    entry->key = 0;
    entry->value = 0;
    table->used--;
}

int wcb_table_remove(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash) {
    wcb_entry *entry = wcb_table_find(ctx, table, key, hash);
    if (entry == NULL) return ctx->exception != 0 ? -1 : 0;
    wcb_table_drop(ctx, table, entry);
    return 1;
}

void wcb_table_clear(wcb_ctx *ctx, wcb_table *table) {
    wcb_touch(ctx, table);
    if (table->iterated) {
        for (int32_t i = 0; i < table->filled; i++) table->entries[i].key = 0;
        table->capacity = 0; /* the row is left to the iterators */
    }
    table->used = table->filled = 0;
    table->index = NULL;
    table->index_size = 0;
    table->version++;
}

wcb_table *wcb_table_copy(wcb_ctx *ctx, wcb_table *table, wcb_type *type) {
    int32_t room = table->used;
    if (type->kind != WCB_KIND_DICT) room += room / 8 + 4;
    wcb_table *copy = wcb_table_new(ctx, type, room);
    if (copy == NULL) return NULL;
    copy->extra = type == table->type ? table->extra : 0;
    copy->used = copy->filled = table->used;
    if (table->used == table->filled) {
        memcpy(copy->entries, table->entries, sizeof(wcb_entry) * (size_t)table->used);
    } else {
        int32_t count = 0;
        for (int32_t i = 0; i < table->filled; i++)
            if (table->entries[i].key != 0) copy->entries[count++] = table->entries[i];
    }
    if (ctx->loading && copy->used > TABLES_SCANNED && tables_build_index(ctx, copy) < 0) return NULL;
    return copy;
}

int tables_reserve(wcb_ctx *ctx, wcb_table *table, int64_t count) {
    if (table->filled + count <= table->capacity || count > (1 << 24)) return 0;
    if (tables_move(ctx, table, (int32_t)(table->used + count)) < 0) return -1;
    return table->index_size > 0 ? tables_build_index(ctx, table) : 0;
}

wcb_entry *tables_pop_last(wcb_ctx *ctx, wcb_table *table) {
    wcb_touch(ctx, table);
    for (;;) {
        int32_t number = --table->filled;
        if (table->index_size > 0) tables_unlink(table, number);
        if (table->entries[number].key == 0) continue;
        table->used--;
        return &table->entries[number];
    }
}
