/* dict and defaultdict: construction, lookup, methods. Views and iteration are in dict_views.c, merging in dict_merging.c. */
#include "tables.h"

/* ---- single keys ---- */

wcv wcb_new_dict(wcb_ctx *ctx, int64_t count, const wcv *keys_and_values) {
    wcb_table *table = wcb_table_new(ctx, WCB_TYPE(dict), (int32_t)count);
    if (table == NULL) return 0;
    for (int64_t i = 0; i < count; i++)
        if (wcb_dict_set(ctx, (wcv)table, keys_and_values[2 * i], keys_and_values[2 * i + 1]) < 0) return 0;
    return (wcv)table;
}

wcv wcb_dict_get(wcb_ctx *ctx, wcv dict, wcv key) {
    uint64_t hash;
    if (tables_hash(ctx, key, &hash) < 0) return 0;
    const wcb_entry *entry = wcb_table_find(ctx, WCB_AS(wcb_table, dict), key, hash);
    return entry == NULL ? 0 : entry->value;
}

int wcb_dict_set(wcb_ctx *ctx, wcv dict, wcv key, wcv value) {
    uint64_t hash;
    if (tables_hash(ctx, key, &hash) < 0) return -1;
    wcb_entry *entry = wcb_table_insert(ctx, WCB_AS(wcb_table, dict), key, hash);
    if (entry == NULL) return -1;
    entry->value = value;
    return 0;
}

int wcb_dict_delete(wcb_ctx *ctx, wcv dict, wcv key) {
    uint64_t hash;
    if (tables_hash(ctx, key, &hash) < 0) return -1;
    return wcb_table_remove(ctx, WCB_AS(wcb_table, dict), key, hash);
}

/* What a defaultdict does where a key is missing. */
static wcv dicts_make_default(wcb_ctx *ctx, wcv self, wcv key) {
    wcv factory = WCB_AS(wcb_table, self)->extra;
    if (factory == 0 || factory == WCB_NONE) return wcb_raise_with(ctx, WCB_TYPE_KeyError, key);
    wcv value = wcb_call_values(ctx, factory, 0, NULL);
    if (value == 0) return 0;
    bool plain = tables_is_exact(self, WCB_TYPE(defaultdict));
    int failed = plain ? wcb_dict_set(ctx, self, key, value) : wcb_store_subscript(ctx, self, key, value);
    return failed < 0 ? 0 : value;
}

wcv wcb_dict_subscript(wcb_ctx *ctx, wcv self, wcv key) {
    uint64_t hash;
    if (tables_hash(ctx, key, &hash) < 0) return 0;
    const wcb_entry *entry = wcb_table_find(ctx, WCB_AS(wcb_table, self), key, hash);
    if (entry != NULL) return entry->value;
    if (ctx->exception != 0) return 0;
    const wcb_type *type = WCB_AS(wcb_table, self)->type;
    if (type == WCB_TYPE(defaultdict) && WCB_AS(wcb_table, self)->extra == (wcv)WCB_TYPE(list)) {
        const wcv list = wcb_new_list(ctx, 0, NULL);
        if (list != 0) wcb_table_append(ctx, WCB_AS(wcb_table, self), key, list, hash);
        return ctx->exception != 0 ? 0 : list;
    }
    if (type != WCB_TYPE(dict)) {
        wcv missing = type->index < 0 ? wcb_lookup(ctx, type, WCB_N___missing__) : 0;
        if (missing != 0) return wcb_call_special(ctx, self, missing, 1, &key);
        if (wcb_is_subtype(type, WCB_TYPE(defaultdict))) return dicts_make_default(ctx, self, key);
    }
    return wcb_raise_with(ctx, WCB_TYPE_KeyError, key);
}

/* ---- construction ---- */

/* dict.__init__ and defaultdict.__init__. */
static int dicts_init(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcb_table *table = WCB_AS(wcb_table, self);
    int32_t first = 0;
    if (wcb_is_subtype(table->type, WCB_TYPE(defaultdict))) {
        wcv factory = args->count > 0 ? args->values[0] : WCB_NONE;
        if (factory != WCB_NONE && !wcb_is_callable(ctx, factory)) {
            wcb_raise(ctx, WCB_TYPE_TypeError, "first argument must be callable or None");
            return -1;
        }
        wcb_touch(ctx, table);
        table->extra = factory;
        first = 1;
    }
    if (args->count > first + 1) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "dict expected at most 1 argument, got %d", args->count - first);
        return -1;
    }
    if (args->count > first && wcb_dict_update(ctx, self, args->values[first]) < 0) return -1;
    return dicts_update_keywords(ctx, self, args);
}

wcv wcb_dict_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    if (type == WCB_TYPE(dict) && args->count == 1 && args->num_keywords == 0 && tables_is_exact(args->values[0], type))
        return (wcv)wcb_table_copy(ctx, WCB_AS(wcb_table, args->values[0]), type);
    wcb_table *table = wcb_table_new(ctx, type, 0);
    if (table == NULL || dicts_init(ctx, (wcv)table, args) < 0) return 0;
    return (wcv)table;
}

/* dict.fromkeys: `cls` is the class that it was asked of, or an instance. */
static wcv dicts_fromkeys(wcb_ctx *ctx, wcv cls, const wcb_args *args) {
    if (tables_arguments(ctx, args, "fromkeys", 1, 2) < 0) return 0;
    wcb_type *type = wcb_is_kind(cls, WCB_KIND_TYPE) ? WCB_AS(wcb_type, cls) : wcb_type_of(cls);
    wcv keys = args->values[0], value = args->count > 1 ? args->values[1] : WCB_NONE;
    wcv dict = type == WCB_TYPE(dict) ? wcb_new_dict(ctx, 0, NULL) : wcb_call_values(ctx, (wcv)type, 0, NULL);
    if (dict == 0) return 0;
    bool plain = tables_is_exact(dict, WCB_TYPE(dict));
    if (plain && tables_is_exact(keys, WCB_TYPE(dict))) { /* hashes of sets are computed anew, as in the reference */
        const wcb_table *source = WCB_AS(wcb_table, keys);
        for (int32_t i = 0; i < source->filled; i++) {
            if (source->entries[i].key == 0) continue;
            wcb_entry *entry = wcb_table_insert(ctx, WCB_AS(wcb_table, dict), source->entries[i].key, source->entries[i].hash);
            if (entry == NULL) return 0;
            entry->value = value;
        }
        return dict;
    }
    wcv iterator = wcb_iter(ctx, keys);
    if (iterator == 0) return 0;
    for (wcv key; (key = wcb_next(ctx, iterator)) != 0;) {
        int failed = plain ? wcb_dict_set(ctx, dict, key, value) : wcb_store_subscript(ctx, dict, key, value);
        if (failed < 0 || tables_tick(ctx) < 0) return 0;
    }
    return ctx->exception != 0 ? 0 : dict;
}

static wcv dicts_copy(wcb_ctx *ctx, wcv self) {
    wcb_table *table = WCB_AS(wcb_table, self);
    if (!wcb_is_subtype(table->type, WCB_TYPE(defaultdict))) return (wcv)wcb_table_copy(ctx, table, WCB_TYPE(dict));
    if (table->type == WCB_TYPE(defaultdict)) return (wcv)wcb_table_copy(ctx, table, table->type);
    wcv values[2] = {table->extra != 0 ? table->extra : WCB_NONE, self};
    return wcb_call_values(ctx, (wcv)table->type, 2, values);
}

wcv wcb_dict_binary(wcb_ctx *ctx, int op, wcv a, wcv b, bool inplace) {
    if (op != WCB_OR) return WCB_NOT_IMPLEMENTED;
    if (inplace && wcb_is_kind(a, WCB_KIND_DICT)) return wcb_dict_update(ctx, a, b) < 0 ? 0 : a;
    if (!wcb_is_kind(a, WCB_KIND_DICT) || !wcb_is_kind(b, WCB_KIND_DICT)) return WCB_NOT_IMPLEMENTED;
    wcv result;
    const wcb_table *right = WCB_AS(wcb_table, b);
    bool defaults = !wcb_is_subtype(WCB_AS(wcb_table, a)->type, WCB_TYPE(defaultdict)) && wcb_is_subtype(right->type, WCB_TYPE(defaultdict));
    if (defaults) { /* the defaultdict on the right decides */
        wcv values[2] = {right->extra != 0 ? right->extra : WCB_NONE, a};
        result = wcb_call_values(ctx, (wcv)right->type, 2, values);
    } else {
        result = dicts_copy(ctx, a);
    }
    return result == 0 || wcb_dict_update(ctx, result, b) < 0 ? 0 : result;
}

static int dicts_equal(wcb_ctx *ctx, const wcb_table *a, wcb_table *b) {
    if (a->used != b->used) return 0;
    for (int32_t i = 0; i < a->filled; i++) {
        wcb_entry entry = a->entries[i];
        if (entry.key == 0) continue;
        const wcb_entry *other = wcb_table_find(ctx, b, entry.key, entry.hash);
        if (other == NULL) return ctx->exception != 0 ? -1 : 0;
        int equal = other->value == entry.value ? 1 : wcb_same(ctx, entry.value, other->value);
        if (equal <= 0) return equal;
    }
    return 1;
}

wcv wcb_dict_compare(wcb_ctx *ctx, int op, wcv a, wcv b) {
    if ((op != WCB_EQ && op != WCB_NE) || !wcb_is_kind(a, WCB_KIND_DICT) || !wcb_is_kind(b, WCB_KIND_DICT))
        return WCB_NOT_IMPLEMENTED;
    if (!wcb_descend(ctx)) return 0;
    int equal = dicts_equal(ctx, WCB_AS(wcb_table, a), WCB_AS(wcb_table, b));
    ctx->depth--;
    return equal < 0 ? 0 : wcb_from_bool(equal == (op == WCB_EQ));
}

/* ---- methods ---- */

static wcv dicts_view(wcb_ctx *ctx, wcv self, int what) {
    wcb_dict_view *view = wcb_alloc(ctx, sizeof *view);
    if (view == NULL) return 0;
    wcb_type *types[3] = {WCB_TYPE(dict_keys), WCB_TYPE(dict_values), WCB_TYPE(dict_items)};
    *view = (wcb_dict_view){types[what], WCB_AS(wcb_table, self), (uint8_t)what};
    return (wcv)view;
}

static wcv dicts_get(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    if (tables_arguments(ctx, args, "get", 1, 2) < 0) return 0;
    wcv value = wcb_dict_get(ctx, self, args->values[0]);
    if (value != 0 || ctx->exception != 0) return value;
    return args->count > 1 ? args->values[1] : WCB_NONE;
}

static wcv dicts_setdefault(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    uint64_t hash;
    if (tables_arguments(ctx, args, "setdefault", 1, 2) < 0 || tables_hash(ctx, args->values[0], &hash) < 0) return 0;
    wcb_entry *entry = wcb_table_insert(ctx, WCB_AS(wcb_table, self), args->values[0], hash);
    if (entry == NULL) return 0;
    if (entry->value == 0) entry->value = args->count > 1 ? args->values[1] : WCB_NONE;
    return entry->value;
}

static wcv dicts_pop(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    uint64_t hash;
    wcb_table *table = WCB_AS(wcb_table, self);
    if (tables_arguments(ctx, args, "pop", 1, 2) < 0) return 0;
    if (table->used > 0) { /* the key of an empty one is not even hashed */
        if (tables_hash(ctx, args->values[0], &hash) < 0) return 0;
        wcb_entry *entry = wcb_table_find(ctx, table, args->values[0], hash);
        if (entry != NULL) {
            wcv value = entry->value;
            wcb_table_drop(ctx, table, entry);
            return value;
        }
        if (ctx->exception != 0) return 0;
    }
    return args->count > 1 ? args->values[1] : wcb_raise_with(ctx, WCB_TYPE_KeyError, args->values[0]);
}

static wcv dicts_popitem(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    wcb_table *table = WCB_AS(wcb_table, self);
    if (tables_arguments(ctx, args, "popitem", 0, 0) < 0) return 0;
    if (table->used == 0) return wcb_raise(ctx, WCB_TYPE_KeyError, "popitem(): dictionary is empty");
    const wcb_entry *entry = tables_pop_last(ctx, table);
    return wcb_new_tuple(ctx, 2, (wcv[2]){entry->key, entry->value});
}

static wcv dicts_update(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    if (args->count > 1) return wcb_raise_format(ctx, WCB_TYPE_TypeError, "update expected at most 1 argument, got %d", args->count);
    if (args->count == 1 && wcb_dict_update(ctx, self, args->values[0]) < 0) return 0;
    return dicts_update_keywords(ctx, self, args) < 0 ? 0 : WCB_NONE;
}

/* How many arguments a method behind an operator takes; -1: there is none. */
static int dicts_special_count(int32_t name_id) {
    switch (name_id) {
    case WCB_N___len__: case WCB_N___iter__: case WCB_N___reversed__: case WCB_N___copy__: return 0;
    case WCB_N___contains__: case WCB_N___getitem__: case WCB_N___delitem__: case WCB_N___missing__:
    case WCB_N___eq__: case WCB_N___ne__: case WCB_N___or__: case WCB_N___ror__: case WCB_N___ior__: return 1;
    case WCB_N___setitem__: return 2;
    default: return -1;
    }
}

/* The methods behind operators, which a subclass calls by super(). */
static wcv dicts_special_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    int count = dicts_special_count(name_id);
    if (count < 0) return tables_no_method(ctx, self, name_id);
    if (tables_arguments(ctx, args, "method", count, count) < 0) return 0;
    wcv argument = count > 0 ? args->values[0] : 0;
    int found;
    switch (name_id) {
    case WCB_N___contains__:
        return wcb_dict_get(ctx, self, argument) != 0 ? WCB_TRUE : ctx->exception != 0 ? 0 : WCB_FALSE;
    case WCB_N___getitem__: return wcb_dict_subscript(ctx, self, argument);
    case WCB_N___setitem__: return wcb_dict_set(ctx, self, argument, args->values[1]) < 0 ? 0 : WCB_NONE;
    case WCB_N___delitem__:
        found = wcb_dict_delete(ctx, self, argument);
        return found < 0 ? 0 : found == 0 ? wcb_raise_with(ctx, WCB_TYPE_KeyError, argument) : WCB_NONE;
    case WCB_N___len__: return wcb_from_small(WCB_AS(wcb_table, self)->used);
    case WCB_N___iter__: return wcb_dict_iter(ctx, self, false);
    case WCB_N___reversed__: return wcb_dict_iter(ctx, self, true);
    case WCB_N___copy__: return dicts_copy(ctx, self);
    case WCB_N___eq__: return wcb_dict_compare(ctx, WCB_EQ, self, argument);
    case WCB_N___ne__: return wcb_dict_compare(ctx, WCB_NE, self, argument);
    case WCB_N___or__: return wcb_dict_binary(ctx, WCB_OR, self, argument, false);
    case WCB_N___ror__: return wcb_dict_binary(ctx, WCB_OR, argument, self, false);
    case WCB_N___ior__: return wcb_dict_binary(ctx, WCB_OR, self, argument, true);
    case WCB_N___missing__:
        if (wcb_is_subtype(WCB_AS(wcb_table, self)->type, WCB_TYPE(defaultdict))) return dicts_make_default(ctx, self, argument);
    }
    return tables_no_method(ctx, self, name_id);
}

wcv wcb_dict_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    switch (name_id) {
    case WCB_N_get: return dicts_get(ctx, self, args);
    case WCB_N_setdefault: return dicts_setdefault(ctx, self, args);
    case WCB_N_pop: return dicts_pop(ctx, self, args);
    case WCB_N_popitem: return dicts_popitem(ctx, self, args);
    case WCB_N_update: return dicts_update(ctx, self, args);
    case WCB_N_keys: return tables_arguments(ctx, args, "keys", 0, 0) < 0 ? 0 : dicts_view(ctx, self, 0);
    case WCB_N_values: return tables_arguments(ctx, args, "values", 0, 0) < 0 ? 0 : dicts_view(ctx, self, 1);
    case WCB_N_items: return tables_arguments(ctx, args, "items", 0, 0) < 0 ? 0 : dicts_view(ctx, self, 2);
    case WCB_N_copy: return tables_arguments(ctx, args, "copy", 0, 0) < 0 ? 0 : dicts_copy(ctx, self);
    case WCB_N_clear:
        if (tables_arguments(ctx, args, "clear", 0, 0) < 0) return 0;
        wcb_table_clear(ctx, WCB_AS(wcb_table, self));
        return WCB_NONE;
    case WCB_N_fromkeys: return dicts_fromkeys(ctx, self, args);
    case WCB_N___init__: return dicts_init(ctx, self, args) < 0 ? 0 : WCB_NONE;
    default: return dicts_special_method(ctx, self, name_id, args);
    }
}
