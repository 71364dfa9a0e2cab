/* Iteration over dicts; keys(), values() and items(), which act as sets where CPython's do. */
#include "tables.h"

/* ---- iteration ---- */

static wcv dict_views_item(wcb_ctx *ctx, const wcb_entry *entry, int what) {
    if (what == 0) return entry->key;
    return what == 1 ? entry->value : wcb_new_tuple(ctx, 2, (wcv[2]){entry->key, entry->value});
}

/* Iterators hold the dict's size in `end`, what is left in `version`, and what they give (see wcb_dict_view) in `a`. */
static bool dict_views_changed(wcb_ctx *ctx, wcb_iterator *self) {
    if (WCB_AS(wcb_table, self->source)->used == self->end) return false;
    self->end = -1; /* it fails again from now on */
    wcb_raise(ctx, WCB_TYPE_RuntimeError, "dictionary changed size during iteration");
    return true;
}

static wcv dict_views_next(wcb_ctx *ctx, wcb_iterator *self) {
    if (self->source == 0) return 0;
    wcb_touch(ctx, self);
    if (dict_views_changed(ctx, self)) return 0;
    const wcb_table *table = WCB_AS(wcb_table, self->source);
    int64_t i = self->position;
    while (i < table->filled && table->entries[i].key == 0) i++;
    if (i >= table->filled || self->version == 0) {
        self->source = 0;
        if (i < table->filled) wcb_raise(ctx, WCB_TYPE_RuntimeError, "dictionary keys changed during iteration");
        return 0;
    }
    self->position = i + 1;
    self->version--;
    return dict_views_item(ctx, &table->entries[i], (int)self->a);
}

/* The next key and value without a tuple: 1, 0 at the end, -1. */
int dict_views_next_pair(wcb_ctx *ctx, wcb_iterator *self, wcv *row) {
    self->a = 0; /* as if over keys */
    row[0] = dict_views_next(ctx, self);
    self->a = 2;
    if (row[0] == 0) return ctx->exception != 0 ? -1 : 0;
    row[1] = WCB_AS(wcb_table, self->source)->entries[self->position - 1].value;
    return 1;
}

bool dict_views_gives_pairs(const wcb_iterator *it) { return it->next == dict_views_next && it->a == 2; }

static wcv dict_views_previous(wcb_ctx *ctx, wcb_iterator *self) {
    if (self->source == 0) return 0;
    wcb_touch(ctx, self);
    if (dict_views_changed(ctx, self)) return 0;
    const wcb_table *table = WCB_AS(wcb_table, self->source);
    int64_t i = self->position < table->filled ? self->position : table->filled - 1;
    while (i >= 0 && table->entries[i].key == 0) i--;
    if (i < 0) {
        self->source = 0;
        return 0;
    }
    self->position = i - 1;
    return dict_views_item(ctx, &table->entries[i], (int)self->a);
}

wcv wcb_dict_iter(wcb_ctx *ctx, wcv self, bool reversed) {
    bool is_view = wcb_is_kind(self, WCB_KIND_DICT_VIEW);
    int what = is_view ? WCB_AS(wcb_dict_view, self)->what : 0;
    wcb_table *table = is_view ? WCB_AS(wcb_dict_view, self)->dict : WCB_AS(wcb_table, self);
    static const int types[3] = {WCB_TYPE_dict_keyiterator, WCB_TYPE_dict_valueiterator, WCB_TYPE_dict_itemiterator};
    wcb_iterator *it = wcb_new_iterator(ctx, types[what], reversed ? dict_views_previous : dict_views_next, (wcv)table);
    if (it == NULL) return 0;
    it->a = (wcv)what;
    it->end = table->used;
    it->version = (uint32_t)table->used;
    it->position = reversed ? table->filled - 1 : 0;
    return (wcv)it;
}

/* ---- membership, comparison ---- */

int wcb_dict_view_contains(wcb_ctx *ctx, wcv view, wcv item) {
    wcb_table *table = WCB_AS(wcb_dict_view, view)->dict;
    int what = WCB_AS(wcb_dict_view, view)->what;
    if (what == 0) return wcb_dict_get(ctx, (wcv)table, item) != 0 ? 1 : ctx->exception != 0 ? -1 : 0;
    if (what == 2) {
        if (!wcb_is_kind(item, WCB_KIND_TUPLE) || WCB_AS(wcb_tuple, item)->length != 2) return 0;
        wcv found = wcb_dict_get(ctx, (wcv)table, WCB_AS(wcb_tuple, item)->items[0]);
        if (found == 0) return ctx->exception != 0 ? -1 : 0;
        return wcb_same(ctx, found, WCB_AS(wcb_tuple, item)->items[1]);
    }
    wcv iterator = wcb_dict_iter(ctx, view, false);
    if (iterator == 0) return -1;
    for (wcv value; (value = wcb_next(ctx, iterator)) != 0;) {
        int equal = wcb_same(ctx, value, item);
        if (equal != 0) return equal;
    }
    return ctx->exception != 0 ? -1 : 0;
}

/* Whether `container` has all that `iterable` gives. */
static int dict_views_has_all(wcb_ctx *ctx, wcv iterable, wcv container) {
    wcv iterator = wcb_iter(ctx, iterable);
    if (iterator == 0) return -1;
    for (wcv item; (item = wcb_next(ctx, iterator)) != 0;) {
        int found = wcb_contains(ctx, container, item);
        if (found <= 0) return found;
        if (tables_tick(ctx) < 0) return -1;
    }
    return ctx->exception != 0 ? -1 : 1;
}

/* A comparison with a view of keys or items on its left. */
wcv tables_view_compare(wcb_ctx *ctx, int op, wcv view, wcv other) {
    if (!tables_is_set(other) && !tables_is_set_view(other)) return WCB_NOT_IMPLEMENTED;
    int64_t own_length = WCB_AS(wcb_dict_view, view)->dict->used, other_length = wcb_length(ctx, other);
    if (other_length < 0) return 0;
    bool fits;
    switch (op) {
    case WCB_EQ: case WCB_NE: fits = own_length == other_length; break;
    case WCB_LT: fits = own_length < other_length; break;
    case WCB_LE: fits = own_length <= other_length; break;
    case WCB_GT: fits = own_length > other_length; break;
    default: fits = own_length >= other_length; break;
    }
    int result = 0;
    if (fits) result = op == WCB_GT || op == WCB_GE ? dict_views_has_all(ctx, other, view) : dict_views_has_all(ctx, view, other);
    return result < 0 ? 0 : wcb_from_bool((result != 0) != (op == WCB_NE));
}

static wcv dict_views_isdisjoint(wcb_ctx *ctx, wcv self, wcv other) {
    if (self == other) return wcb_from_bool(WCB_AS(wcb_dict_view, self)->dict->used == 0);
    if (tables_is_exact(other, WCB_TYPE(set)) || tables_is_exact(other, WCB_TYPE(frozenset)) || tables_is_set_view(other)) {
        int64_t length = wcb_length(ctx, other);
        if (length < 0) return 0;
        if (length > WCB_AS(wcb_dict_view, self)->dict->used) { /* the shorter one is gone through */
            wcv swapped = other;
            other = self;
            self = swapped;
        }
    }
    wcv iterator = wcb_iter(ctx, other);
    if (iterator == 0) return 0;
    for (wcv item; (item = wcb_next(ctx, iterator)) != 0;) {
        int found = wcb_contains(ctx, self, item);
        if (found != 0) return found < 0 ? 0 : WCB_FALSE;
        if (tables_tick(ctx) < 0) return 0;
    }
    return ctx->exception != 0 ? 0 : WCB_TRUE;
}

/* ---- operators ---- */

/* A new set of what an operand holds: of a view of keys, with the hashes that its dict has stored. */
static wcb_table *dict_views_to_set(wcb_ctx *ctx, wcv operand) {
    wcb_table *result = wcb_table_new(ctx, WCB_TYPE(set), 0);
    if (wcb_is_kind(operand, WCB_KIND_DICT_VIEW) && WCB_AS(wcb_dict_view, operand)->what == 0)
        operand = (wcv)WCB_AS(wcb_dict_view, operand)->dict;
    return result == NULL || sets_merge(ctx, result, operand) < 0 ? NULL : result;
}

static wcv dict_views_and(wcb_ctx *ctx, wcv self, wcv other) {
    if (!tables_is_set_view(self)) {
        wcv swapped = other;
        other = self;
        self = swapped;
    }
    int32_t length = WCB_AS(wcb_dict_view, self)->dict->used;
    if (tables_is_exact(other, WCB_TYPE(set)) && length <= WCB_AS(wcb_table, other)->used)
        return (wcv)sets_intersection(ctx, WCB_AS(wcb_table, other), self);
    if (tables_is_set_view(other) && WCB_AS(wcb_dict_view, other)->dict->used > length) {
        wcv swapped = other;
        other = self;
        self = swapped;
    }
    wcb_table *result = wcb_table_new(ctx, WCB_TYPE(set), 0);
    wcv iterator = result == NULL ? 0 : wcb_iter(ctx, other);
    if (iterator == 0) return 0;
    for (wcv item; (item = wcb_next(ctx, iterator)) != 0;) {
        int found = wcb_dict_view_contains(ctx, self, item);
        if (found < 0 || (found && wcb_set_add(ctx, (wcv)result, item) < 0) || tables_tick(ctx) < 0) return 0;
    }
    return ctx->exception != 0 ? 0 : (wcv)result;
}

/* items() ^ items(): pairs that both have are not even hashed. */
static wcv dict_views_items_xor(wcb_ctx *ctx, wcb_table *first, wcb_table *second) {
    if (second->used > first->used) {
        wcb_table *swapped = first;
        first = second;
        second = swapped;
    }
    wcb_table *rest = wcb_table_copy(ctx, first, WCB_TYPE(dict)), *result = wcb_table_new(ctx, WCB_TYPE(set), 0);
    if (rest == NULL || result == NULL) return 0;
    for (int32_t i = 0; i < second->filled; i++) {
        wcb_entry entry = second->entries[i];
        if (entry.key == 0) continue;
        const wcb_entry *found = wcb_table_find(ctx, rest, entry.key, entry.hash);
        if (found == NULL && ctx->exception != 0) return 0;
        int equal = found == NULL ? 0 : wcb_same(ctx, found->value, entry.value);
        if (equal < 0) return 0;
        if (equal > 0) {
            if (wcb_table_remove(ctx, rest, entry.key, entry.hash) < 0) return 0;
            continue;
        }
        wcv pair = dict_views_item(ctx, &entry, 2);
        if (pair == 0 || wcb_set_add(ctx, (wcv)result, pair) < 0) return 0;
    }
    for (int32_t i = 0; i < rest->filled; i++) {
        if (rest->entries[i].key == 0) continue;
        wcv pair = dict_views_item(ctx, &rest->entries[i], 2);
        if (pair == 0 || wcb_set_add(ctx, (wcv)result, pair) < 0) return 0;
    }
    return (wcv)result;
}

/* An operator with a view of keys or items on either side; the other side is anything that can be iterated over. */
wcv tables_view_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    if (op == WCB_AND) return dict_views_and(ctx, a, b);
    if (op == WCB_XOR && wcb_is_kind(a, WCB_KIND_DICT_VIEW) && wcb_is_kind(b, WCB_KIND_DICT_VIEW) &&
        WCB_AS(wcb_dict_view, a)->what == 2 && WCB_AS(wcb_dict_view, b)->what == 2)
        return dict_views_items_xor(ctx, WCB_AS(wcb_dict_view, a)->dict, WCB_AS(wcb_dict_view, b)->dict);
    wcb_table *result = dict_views_to_set(ctx, a);
    if (result == NULL) return 0;
    int failed = op == WCB_OR ? sets_merge(ctx, result, b) : op == WCB_SUB ? sets_subtract(ctx, result, b) : sets_toggle(ctx, result, b);
    return failed < 0 ? 0 : (wcv)result;
}

/* ---- methods ---- */

static const int dict_views_operators[][2] = {
    {WCB_N___and__, WCB_AND}, {WCB_N___or__, WCB_OR}, {WCB_N___sub__, WCB_SUB}, {WCB_N___xor__, WCB_XOR}, {0, -1},
};

wcv wcb_dict_view_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    bool is_set = tables_is_set_view(self);
    if (name_id == WCB_N___len__ || name_id == WCB_N___iter__ || name_id == WCB_N___reversed__) {
        if (tables_arguments(ctx, args, "method", 0, 0) < 0) return 0;
        if (name_id == WCB_N___len__) return wcb_from_small(WCB_AS(wcb_dict_view, self)->dict->used);
        return wcb_dict_iter(ctx, self, name_id == WCB_N___reversed__);
    }
    if (name_id == WCB_N_isdisjoint && is_set)
        return tables_arguments(ctx, args, "isdisjoint", 1, 1) < 0 ? 0 : dict_views_isdisjoint(ctx, self, args->values[0]);
    if (name_id == WCB_N___contains__) {
        if (tables_arguments(ctx, args, "__contains__", 1, 1) < 0) return 0;
        int found = wcb_dict_view_contains(ctx, self, args->values[0]);
        return found < 0 ? 0 : wcb_from_bool(found);
    }
    for (int i = 0; is_set && dict_views_operators[i][1] >= 0; i++) {
        if (dict_views_operators[i][0] != name_id) continue;
        if (tables_arguments(ctx, args, "operator", 1, 1) < 0) return 0;
        return tables_view_binary(ctx, dict_views_operators[i][1], self, args->values[0]);
    }
    return tables_no_method(ctx, self, name_id);
}
