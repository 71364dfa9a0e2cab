/* Dicts that take over the keys of others: update(), {**mapping}, f(**mapping). */
#include "tables.h"

/* Takes over another dict's entries, with their stored hashes. */
static int dicts_merge_table(wcb_ctx *ctx, wcb_table *target, wcb_table *source) {
    if (source == target || source->used == 0) return 0;
    if (target->used == 0) {
        if (tables_reserve(ctx, target, source->used) < 0) return -1;
        for (int32_t i = 0; i < source->filled; i++) {
            const wcb_entry *entry = &source->entries[i];
            if (entry->key != 0) wcb_table_append(ctx, target, entry->key, entry->value, entry->hash);
        }
        return ctx->exception != 0 ? -1 : 0;
    }
    int32_t used = source->used;
    for (int32_t i = 0; i < source->filled; i++) {
        wcb_entry entry = source->entries[i];
        if (entry.key == 0) continue;
        wcb_entry *own = wcb_table_insert(ctx, target, entry.key, entry.hash);
        if (own == NULL) return -1;
        own->value = entry.value;
        if (source->used != used) {
            wcb_raise(ctx, WCB_TYPE_RuntimeError, "dict mutated during update");
            return -1;
        }
    }
    return 0;
}

/* Takes over what anything with keys() and __getitem__ holds. */
static int dicts_merge_mapping(wcb_ctx *ctx, wcv dict, wcv mapping) {
    wcb_args none = {0};
    wcv keys = wcb_call_method(ctx, mapping, WCB_N_keys, &none);
    if (keys == 0) return -1;
    wcv iterator = wcb_iter(ctx, keys);
    if (iterator == 0) return -1;
    for (wcv key; (key = wcb_next(ctx, iterator)) != 0;) {
        wcv value = wcb_subscript(ctx, mapping, key);
        if (value == 0 || wcb_dict_set(ctx, dict, key, value) < 0 || tables_tick(ctx) < 0) return -1;
    }
    return ctx->exception != 0 ? -1 : 0;
}

/* The two items of an element of a row of pairs. */
static int dicts_pair(wcb_ctx *ctx, wcv item, int64_t position, wcv *pair) {
    wcv row = item;
    if (!wcb_is_kind(item, WCB_KIND_TUPLE) && !wcb_is_kind(item, WCB_KIND_LIST)) {
        row = wcb_tuple_of(ctx, item);
        if (row == 0) {
            if (!tables_pending(ctx, WCB_TYPE(TypeError))) return -1;
            ctx->exception = 0;
            wcb_raise_format(ctx, WCB_TYPE_TypeError, "cannot convert dictionary update sequence element #%lld to a sequence",
                             (long long)position);
            return -1;
        }
    }
    bool is_list = wcb_is_kind(row, WCB_KIND_LIST);
    int64_t length = is_list ? WCB_AS(wcb_list, row)->length : WCB_AS(wcb_tuple, row)->length;
    if (length != 2) {
        wcb_raise_format(ctx, WCB_TYPE_ValueError, "dictionary update sequence element #%lld has length %lld; 2 is required",
                         (long long)position, (long long)length);
        return -1;
    }
    const wcv *items = is_list ? WCB_AS(wcb_list, row)->items : WCB_AS(wcb_tuple, row)->items;
    pair[0] = items[0];
    pair[1] = items[1];
    return 0;
}

static int dicts_merge_pairs(wcb_ctx *ctx, wcv dict, wcv pairs) {
    wcv iterator = wcb_iter(ctx, pairs), pair[2], item;
    if (iterator == 0) return -1;
    for (int64_t position = 0; (item = wcb_next(ctx, iterator)) != 0; position++) {
        if (dicts_pair(ctx, item, position, pair) < 0 || wcb_dict_set(ctx, dict, pair[0], pair[1]) < 0) return -1;
        if (tables_tick(ctx) < 0) return -1;
    }
    return ctx->exception != 0 ? -1 : 0;
}

int wcb_dict_update(wcb_ctx *ctx, wcv dict, wcv other) {
    if (wcb_is_kind(other, WCB_KIND_DICT) && !tables_has_own_iter(ctx, other))
        return dicts_merge_table(ctx, WCB_AS(wcb_table, dict), WCB_AS(wcb_table, other));
    if (wcb_is_kind(other, WCB_KIND_LIST) || wcb_is_kind(other, WCB_KIND_TUPLE)) return dicts_merge_pairs(ctx, dict, other);
    wcv keys = wcb_getattr_or(ctx, other, WCB_N_keys, 0);
    if (keys == 0 && ctx->exception != 0) return -1;
    return keys != 0 ? dicts_merge_mapping(ctx, dict, other) : dicts_merge_pairs(ctx, dict, other);
}

int wcb_dict_merge_mapping(wcb_ctx *ctx, wcv dict, wcv mapping) {
    if (wcb_is_kind(mapping, WCB_KIND_DICT)) return wcb_dict_update(ctx, dict, mapping);
    if (wcb_getattr_or(ctx, mapping, WCB_N_keys, 0) != 0) return dicts_merge_mapping(ctx, dict, mapping);
    if (ctx->exception == 0) wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not a mapping", mapping);
    return -1;
}

/* The keywords of a call. */
int dicts_update_keywords(wcb_ctx *ctx, wcv dict, const wcb_args *args) {
    for (int32_t i = 0; i < args->num_keywords; i++)
        if (wcb_dict_set(ctx, dict, args->keywords[i], args->values[args->count + i]) < 0) return -1;
    return 0;
}

/* A keyword of f(**mapping) that is no str, or was given already. */
static int dicts_bad_keyword(wcb_ctx *ctx, wcv key) {
    if (!wcb_is_kind(key, WCB_KIND_STR)) {
        wcb_raise(ctx, WCB_TYPE_TypeError, "keywords must be strings");
        return -1;
    }
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "got multiple values for keyword argument '%S'", key);
    return -1;
}

int wcb_dict_merge_keywords(wcb_ctx *ctx, wcv dict, wcv mapping) {
    wcb_table *source = WCB_AS(wcb_table, mapping);
    if (!wcb_is_kind(mapping, WCB_KIND_DICT)) {
        wcv keys = wcb_getattr_or(ctx, mapping, WCB_N_keys, 0);
        if (keys == 0 && ctx->exception != 0) return -1;
        if (keys == 0) {
            wcb_raise_format(ctx, WCB_TYPE_TypeError, "argument after ** must be a mapping, not %V", mapping);
            return -1;
        }
        source = wcb_table_new(ctx, WCB_TYPE(dict), 0);
        if (source == NULL || dicts_merge_mapping(ctx, (wcv)source, mapping) < 0) return -1;
    }
    wcb_table *target = WCB_AS(wcb_table, dict);
    for (int32_t i = 0; i < source->filled; i++) {
        wcb_entry entry = source->entries[i];
        if (entry.key == 0) continue;
        if (!wcb_is_kind(entry.key, WCB_KIND_STR)) return dicts_bad_keyword(ctx, entry.key);
        wcb_entry *own = wcb_table_insert(ctx, target, entry.key, entry.hash);
        if (own == NULL) return -1;
        if (own->value != 0) return dicts_bad_keyword(ctx, entry.key);
        own->value = entry.value;
    }
    return 0;
}
