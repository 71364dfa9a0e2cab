/* What the files on tables share: quick hashes and comparisons, checks of arguments, sets as tables. */
#ifndef WCB_TABLES_H
#define WCB_TABLES_H

#include "sequences.h"

/* As wcb_hash, without a call for the usual keys. */
static inline int tables_hash(wcb_ctx *ctx, wcv v, uint64_t *out) {
    if (wcb_is_small(v)) {
        int64_t n = wcb_small(v);
        const int64_t modulus = (1ll << 61) - 1;
        if (n > -modulus && n < modulus && n != -1) {
            *out = (uint64_t)n;
            return 0;
        }
    } else if (wcb_is_object(v)) {
        const wcb_type *type = ((wcb_object *)v)->type;
        if (type == WCB_TYPE(tuple)) return tuples_hash(ctx, WCB_AS(wcb_tuple, v), out);
        if (type == WCB_TYPE(str)) {
            uint64_t hash = WCB_AS(wcb_str, v)->hash;
            *out = hash != 0 ? hash : wcb_str_hash(WCB_AS(wcb_str, v));
            return 0;
        }
    }
    return wcb_hash(ctx, v, out);
}

/* A loop over an iterable that allocates nothing still has an end. */
static inline int tables_tick(wcb_ctx *ctx) {
    if (--ctx->fuel >= 0) return 0;
    wcb_limit(ctx, WC_STATUS_OUT_OF_FUEL);
    return -1;
}

/* Checks for `least` to `most` positional arguments and no keywords. */
static inline int tables_arguments(wcb_ctx *ctx, const wcb_args *args, const char *function, int least, int most) {
    if (args->num_keywords > 0) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s() takes no keyword arguments", function);
        return -1;
    }
    if (args->count >= least && args->count <= most) return 0;
    if (least == most)
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s() takes %s (%d given)", function,
                         least == 0 ? "no arguments" : least == 1 ? "exactly one argument" : "exactly two arguments", args->count);
    else
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s expected %s %d argument%s, got %d", function,
                         args->count < least ? "at least" : "at most", args->count < least ? least : most,
                         (args->count < least ? least : most) == 1 ? "" : "s", args->count);
    return -1;
}

/* AttributeError for a method that the type lacks; always 0. */
static inline wcv tables_no_method(wcb_ctx *ctx, wcv self, int32_t name_id) {
    return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "'%V' object has no attribute '%N'", self, name_id);
}

static inline bool tables_is_set(wcv v) {
    return wcb_is_object(v) && (((wcb_object *)v)->type->kind == WCB_KIND_SET || ((wcb_object *)v)->type->kind == WCB_KIND_FROZENSET);
}
/* keys() or items(): the views that act as sets. */
static inline bool tables_is_set_view(wcv v) {
    return wcb_is_kind(v, WCB_KIND_DICT_VIEW) && WCB_AS(wcb_dict_view, v)->what != 1;
}
static inline bool tables_is_exact(wcv v, const wcb_type *type) {
    return wcb_is_object(v) && ((wcb_object *)v)->type == type;
}
/* Whether a class of the program gives its objects an __iter__ of its own. */
static inline bool tables_has_own_iter(wcb_ctx *ctx, wcv v) {
    const wcb_type *type = ((wcb_object *)v)->type;
    return type->index < 0 && wcb_lookup(ctx, type, WCB_N___iter__) != 0;
}
/* A pending exception of this type, which is no limit. */
static inline bool tables_pending(wcb_ctx *ctx, const wcb_type *type) {
    return ctx->status == 0 && ctx->exception != 0 && wcb_is_subtype(wcb_type_of(ctx->exception), type);
}

/* tables.c, dict_merging.c, dict_views.c, set_operations.c, sets.c: used by their neighbours only */
int dicts_update_keywords(wcb_ctx *ctx, wcv dict, const wcb_args *args);
int tables_reserve(wcb_ctx *ctx, wcb_table *table, int64_t count);  /* room for so many more */
wcb_entry *tables_find_same(const wcb_table *table, wcv key, uint64_t hash); /* no key is compared but by identity */
wcb_entry *tables_pop_last(wcb_ctx *ctx, wcb_table *table);         /* of a dict that is not empty; takes the place away too */
wcv tables_view_binary(wcb_ctx *ctx, int op, wcv a, wcv b);
wcv tables_view_compare(wcb_ctx *ctx, int op, wcv view, wcv other);
int sets_hash_item(wcb_ctx *ctx, wcv item, uint64_t *hash, wcv *looked_up);
int sets_merge(wcb_ctx *ctx, wcb_table *target, wcv other);
int sets_subtract(wcb_ctx *ctx, wcb_table *target, wcv other);
int sets_toggle(wcb_ctx *ctx, wcb_table *target, wcv other);
void sets_replace(wcb_ctx *ctx, wcb_table *target, wcb_table *other);
wcb_table *sets_intersection(wcb_ctx *ctx, wcb_table *self, wcv other);
wcb_table *sets_difference(wcb_ctx *ctx, wcb_table *self, wcv other);
int sets_is_subset(wcb_ctx *ctx, wcb_table *self, wcb_table *other);
wcb_table *sets_clone(wcb_ctx *ctx, wcb_table *self);
wcv sets_union(wcb_ctx *ctx, wcb_table *self, wcv other);
wcv sets_symmetric_difference(wcb_ctx *ctx, wcb_table *self, wcv other);
wcv sets_discard(wcb_ctx *ctx, wcv self, wcv item, bool must_be_there);
wcv sets_pop(wcb_ctx *ctx, wcb_table *table);

/* dict_views.c, iterator_types.c: for wcb_next_pair */
bool dict_views_gives_pairs(const wcb_iterator *it);
int dict_views_next_pair(wcb_ctx *ctx, wcb_iterator *self, wcv *row);
int iterator_types_next_pair(wcb_ctx *ctx, wcb_iterator *self, wcv *row);

/* generators.c */
wcv generators_resume(wcb_ctx *ctx, wcb_generator *generator, wcv sent);
wcv generators_next(wcb_ctx *ctx, wcb_generator *generator);
wcv generators_send(wcb_ctx *ctx, wcb_generator *generator, wcv value);

#endif /* WCB_TABLES_H */
