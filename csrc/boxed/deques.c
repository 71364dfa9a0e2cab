/* collections.deque: a ring buffer. */
#include "sequences.h"

static int64_t deques_place(const wcb_deque *deque, int64_t i) { return (deque->first + i) & (deque->capacity - 1); }

wcb_deque *deques_empty(wcb_ctx *ctx, wcb_type *type, int64_t maxlen) {
    wcb_deque *deque = wcb_alloc(ctx, sizeof *deque);
    if (!deque) return NULL;
    *deque = (wcb_deque){type, 0, 0, 0, NULL, maxlen, 0, 0};
    return deque;
}

/* Room for one more item, and a change that iterators notice. */
static int deques_change(wcb_ctx *ctx, wcb_deque *deque) {
    wcb_touch(ctx, deque);
    deque->version++;
    if (deque->length < deque->capacity) return 0;
    int64_t capacity = deque->capacity ? deque->capacity * 2 : 8;
    wcv *items = wcb_alloc(ctx, sizeof(wcv) * (size_t)capacity);
    if (!items) return -1;
    for (int64_t i = 0; i < deque->length; i++) items[i] = wcb_deque_item(deque, i);
    deque->items = items;
    deque->capacity = capacity;
    deque->first = 0;
    return 0;
}

static wcv deques_take_first(wcb_deque *deque) {
    wcv item = deque->items[deque->first];
    deque->first = deques_place(deque, 1);
    deque->length--;
    return item;
}

int deques_append(wcb_ctx *ctx, wcb_deque *deque, wcv item) {
    if (deques_change(ctx, deque) < 0) return -1;
    deque->items[deques_place(deque, deque->length++)] = item;
    if (deque->maxlen >= 0 && deque->length > deque->maxlen) deques_take_first(deque);
    return 0;
}

static int deques_append_left(wcb_ctx *ctx, wcb_deque *deque, wcv item) {
    if (deques_change(ctx, deque) < 0) return -1;
    deque->first = deques_place(deque, -1);
    deque->items[deque->first] = item;
    deque->length++;
    if (deque->maxlen >= 0 && deque->length > deque->maxlen) deque->length--;
    return 0;
}

static int deques_extend(wcb_ctx *ctx, wcb_deque *deque, wcv iterable, bool left) {
    if (iterable == (wcv)deque && !(iterable = wcb_list_of(ctx, iterable))) return -1;
    wcv iterator = wcb_iter(ctx, iterable);
    if (!iterator) return -1;
    for (;;) {
        wcv item = wcb_next(ctx, iterator);
        if (!item) return ctx->exception ? -1 : 0;
        if (sequences_tick(ctx) < 0) return -1;
        if ((left ? deques_append_left(ctx, deque, item) : deques_append(ctx, deque, item)) < 0) return -1;
    }
}

wcv deques_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    wcv given[2];
    int64_t maxlen = -1;
    if (wcb_parse(ctx, args, "deque", "|iterable maxlen", given) < 0) return 0;
    if (given[1] && given[1] != WCB_NONE) {
        if (wcb_index(ctx, given[1], &maxlen) < 0) return 0;
        if (maxlen < 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "maxlen must be non-negative");
    }
    wcb_deque *deque = deques_empty(ctx, type, maxlen);
    if (!deque || (given[0] && deques_extend(ctx, deque, given[0], false) < 0)) return 0;
    return (wcv)deque;
}

static wcb_deque *deques_copy(wcb_ctx *ctx, const wcb_deque *deque) {
    wcb_deque *result = deques_empty(ctx, deque->type, deque->maxlen);
    for (int64_t i = 0; result && i < deque->length; i++) {
        if (deques_append(ctx, result, wcb_deque_item(deque, i)) < 0) return NULL;
    }
    return result;
}

/* ---- subscripts ---- */

static int deques_index_of_key(wcb_ctx *ctx, wcb_deque *deque, wcv key, int64_t *index) {
    if (!wcb_as_int(key, index) && !wcb_lookup_special(ctx, key, WCB_N___index__)) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "sequence index must be integer, not '%V'", key);
        return -1;
    }
    if (wcb_index(ctx, key, index) < 0) return -1;
    if (*index < 0) *index += deque->length;
    if (*index >= 0 && *index < deque->length) return 0;
    wcb_raise(ctx, WCB_TYPE_IndexError, "deque index out of range");
    return -1;
}

wcv deques_subscript(wcb_ctx *ctx, wcb_deque *deque, wcv key) {
    int64_t index;
    return deques_index_of_key(ctx, deque, key, &index) < 0 ? 0 : wcb_deque_item(deque, index);
}

static void deques_drop(wcb_ctx *ctx, wcb_deque *deque, int64_t index) {
    wcb_touch(ctx, deque);
    deque->version++;
    for (int64_t i = index; i + 1 < deque->length; i++) {
        deque->items[deques_place(deque, i)] = wcb_deque_item(deque, i + 1);
    }
    deque->length--;
}

int deques_store(wcb_ctx *ctx, wcb_deque *deque, wcv key, wcv value) {
    int64_t index;
    if (deques_index_of_key(ctx, deque, key, &index) < 0) return -1;
    wcb_touch(ctx, deque);
    if (value) deque->items[deques_place(deque, index)] = value;
    else deques_drop(ctx, deque, index);
    return 0;
}

/* ---- search, comparison ---- */

static int deques_mutated(wcb_ctx *ctx, int type) {
    wcb_raise(ctx, type, type == WCB_TYPE_IndexError ? "deque mutated during remove()." : "deque mutated during iteration");
    return -2;
}

/* The index of an item between start and stop; -1: none, -2: error. */
static int64_t deques_find(wcb_ctx *ctx, wcb_deque *deque, wcv item, int64_t start, int64_t stop, int mutated) {
    uint32_t version = deque->version;
    if (stop > deque->length) stop = deque->length;
    for (int64_t i = start; i < stop; i++) {
        int same = wcb_same(ctx, wcb_deque_item(deque, i), item);
        if (same < 0) return -2;
        if (version != deque->version) return deques_mutated(ctx, mutated);
        if (same) return i;
    }
    return -1;
}

int deques_contains(wcb_ctx *ctx, wcb_deque *deque, wcv item) {
    int64_t index = deques_find(ctx, deque, item, 0, deque->length, WCB_TYPE_RuntimeError);
    return index == -2 ? -1 : index >= 0;
}

wcv deques_compare(wcb_ctx *ctx, int op, wcb_deque *a, wcb_deque *b) {
    if ((op == WCB_EQ || op == WCB_NE) && (a == b || a->length != b->length)) {
        return wcb_from_bool((a == b) == (op == WCB_EQ));
    }
    if (!wcb_descend(ctx)) return 0;
    uint32_t version_a = a->version, version_b = b->version;
    wcv result = 0;
    for (int64_t i = 0;; i++) {
        if (a->version != version_a || b->version != version_b) {
            deques_mutated(ctx, WCB_TYPE_RuntimeError);
            break;
        }
        if (i >= a->length || i >= b->length) {
            result = wcb_from_bool(sequences_order_matches(op, a->length, b->length));
            break;
        }
        wcv x = wcb_deque_item(a, i), y = wcb_deque_item(b, i);
        int same = wcb_same(ctx, x, y);
        if (same < 0) break;
        if (!same) {
            wcv compared = wcb_compare(ctx, op, x, y);
            int truth = compared ? wcb_truth(ctx, compared) : -1;
            if (truth >= 0) result = wcb_from_bool(truth);
            break;
        }
    }
    ctx->depth--;
    return result;
}

/* ---- operators ---- */

static wcv deques_repeat(wcb_ctx *ctx, wcb_deque *target, wcb_deque *deque, int64_t times) {
    wcv items = wcb_list_of(ctx, (wcv)deque);
    if (!items) return 0;
    if (times == 0) target->length = 0;
    for (int64_t i = target == deque; i < times; i++) {
        if (sequences_tick(ctx) < 0 || deques_extend(ctx, target, items, false) < 0) return 0;
    }
    return (wcv)target;
}

wcv deques_binary(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_deque *deque = WCB_AS(wcb_deque, a);
    if (op == WCB_ADD && wcb_is_kind(b, WCB_KIND_DEQUE)) {
        wcb_deque *result = deques_copy(ctx, deque);
        return result && deques_extend(ctx, result, b, false) == 0 ? (wcv)result : 0;
    }
    if (op != WCB_MUL) return WCB_NOT_IMPLEMENTED;
    int64_t times = sequences_repetitions(ctx, b, deque->length);
    if (times < 0) return times == -2 ? WCB_NOT_IMPLEMENTED : 0;
    wcb_deque *result = deques_empty(ctx, deque->type, deque->maxlen);
    return result ? deques_repeat(ctx, result, deque, times) : 0;
}

wcv deques_inplace(wcb_ctx *ctx, int op, wcv a, wcv b) {
    wcb_deque *deque = WCB_AS(wcb_deque, a);
    if (op == WCB_ADD) return deques_extend(ctx, deque, b, false) == 0 ? a : 0;
    if (op != WCB_MUL) return WCB_NOT_IMPLEMENTED;
    int64_t times = sequences_repetitions(ctx, b, deque->length);
    if (times < 0) return times == -2 ? WCB_NOT_IMPLEMENTED : 0;
    wcb_touch(ctx, deque);
    deque->version++;
    return deques_repeat(ctx, deque, deque, times);
}

/* ---- iteration: position counts the items that are left ---- */

static wcv deques_next_in(wcb_ctx *ctx, wcb_iterator *self, bool reversed) {
    const wcb_deque *deque = WCB_AS(wcb_deque, self->source);
    wcb_touch(ctx, self);
    if (self->version != deque->version) {
        self->position = 0;
        return wcb_raise(ctx, WCB_TYPE_RuntimeError, "deque mutated during iteration");
    }
    if (self->position == 0) return 0;
    self->position--;
    return wcb_deque_item(deque, reversed ? self->position : deque->length - 1 - self->position);
}

static wcv deques_next(wcb_ctx *ctx, wcb_iterator *self) { return deques_next_in(ctx, self, false); }

static wcv deques_next_reversed(wcb_ctx *ctx, wcb_iterator *self) { return deques_next_in(ctx, self, true); }

wcv deques_iter(wcb_ctx *ctx, wcv self, bool reversed) {
    wcb_iterator *iterator = wcb_new_iterator(ctx, reversed ? WCB_TYPE_reversed : WCB_TYPE_sequence_iterator,
                                              reversed ? deques_next_reversed : deques_next, self);
    if (!iterator) return 0;
    iterator->position = WCB_AS(wcb_deque, self)->length;
    iterator->version = WCB_AS(wcb_deque, self)->version;
    return (wcv)iterator;
}

/* ---- methods ---- */

static wcv deques_pop(wcb_ctx *ctx, wcb_deque *deque, bool left) {
    if (!deque->length) return wcb_raise(ctx, WCB_TYPE_IndexError, "pop from an empty deque");
    wcb_touch(ctx, deque);
    deque->version++;
    if (left) return deques_take_first(deque);
    deque->length--;
    return deque->items[deques_place(deque, deque->length)];
}

static wcv deques_remove(wcb_ctx *ctx, wcb_deque *deque, wcv item) {
    int64_t index = deques_find(ctx, deque, item, 0, deque->length, WCB_TYPE_IndexError);
    if (index < 0) return index == -2 ? 0 : sequences_not_in(ctx, item, " is not in deque");
    deques_drop(ctx, deque, index);
    return WCB_NONE;
}

static wcv deques_index(wcb_ctx *ctx, wcb_deque *deque, const wcb_args *args) {
    int64_t start = 0, stop = deque->length;
    if (args->count > 1 && sequences_bound(ctx, args->values[1], deque->length, &start) < 0) return 0;
    if (args->count > 2 && sequences_bound(ctx, args->values[2], deque->length, &stop) < 0) return 0;
    int64_t index = deques_find(ctx, deque, args->values[0], start, stop, WCB_TYPE_RuntimeError);
    if (index >= 0) return wcb_from_small(index);
    return index == -2 ? 0 : sequences_not_in(ctx, args->values[0], " is not in deque");
}

static wcv deques_count(wcb_ctx *ctx, wcb_deque *deque, wcv item) {
    int64_t count = 0;
    uint32_t version = deque->version;
    for (int64_t i = 0; i < deque->length; i++) {
        int same = wcb_same(ctx, wcb_deque_item(deque, i), item);
        if (same < 0) return 0;
        count += same;
        if (version != deque->version) {
            deques_mutated(ctx, WCB_TYPE_RuntimeError);
            return 0;
        }
    }
    return wcb_from_small(count);
}

static wcv deques_insert(wcb_ctx *ctx, wcb_deque *deque, const wcb_args *args) {
    int64_t index;
    if (wcb_index(ctx, args->values[0], &index) < 0) return 0;
    if (deque->length == deque->maxlen) return wcb_raise(ctx, WCB_TYPE_IndexError, "deque already at its maximum size");
    if (index < 0) index += deque->length;
    if (index < 0) index = 0;
    if (index > deque->length) index = deque->length;
    if (deques_append(ctx, deque, args->values[1]) < 0) return 0;
    for (int64_t i = deque->length - 1; i > index; i--) {
        deque->items[deques_place(deque, i)] = wcb_deque_item(deque, i - 1);
    }
    deque->items[deques_place(deque, index)] = args->values[1];
    return WCB_NONE;
}

static wcv deques_rotate(wcb_ctx *ctx, wcb_deque *deque, const wcb_args *args) {
    int64_t steps = 1;
    if (args->count && wcb_index(ctx, args->values[0], &steps) < 0) return 0;
    if (deque->length <= 1) return WCB_NONE;
    wcb_touch(ctx, deque);
    deque->version++;
    steps %= deque->length;
    if (steps < 0) steps += deque->length;
    for (; steps > 0; steps--) {
        wcv last = wcb_deque_item(deque, deque->length - 1);
        deque->first = deques_place(deque, -1);
        deque->items[deque->first] = last;
    }
    return WCB_NONE;
}

static wcv deques_reverse(wcb_ctx *ctx, wcb_deque *deque) {
    wcb_touch(ctx, deque);
    for (int64_t i = 0, j = deque->length - 1; i < j; i++, j--) {
        wcv item = wcb_deque_item(deque, i);
        deque->items[deques_place(deque, i)] = wcb_deque_item(deque, j);
        deque->items[deques_place(deque, j)] = item;
    }
    return WCB_NONE;
}

static wcv deques_clear(wcb_ctx *ctx, wcb_deque *deque) {
    wcb_touch(ctx, deque);
    if (deque->length) deque->version++;
    deque->length = 0;
    return WCB_NONE;
}

typedef struct { int32_t name_id; int8_t least, most; const char *name; } deques_signature;
static const deques_signature deques_signatures[] = {
    {WCB_N_append, 1, 1, "append"}, {WCB_N_appendleft, 1, 1, "appendleft"}, {WCB_N_extend, 1, 1, "extend"},
    {WCB_N_extendleft, 1, 1, "extendleft"}, {WCB_N_pop, 0, 0, "pop"}, {WCB_N_popleft, 0, 0, "popleft"},
    {WCB_N_remove, 1, 1, "remove"}, {WCB_N_index, 1, 3, "index"}, {WCB_N_count, 1, 1, "count"},
    {WCB_N_insert, 2, 2, "insert"}, {WCB_N_rotate, 0, 1, "rotate"}, {WCB_N_reverse, 0, 0, "reverse"},
    {WCB_N_clear, 0, 0, "clear"}, {WCB_N_copy, 0, 0, "copy"}, {WCB_N___copy__, 0, 0, "__copy__"},
};

static int deques_check(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    for (size_t i = 0; i < sizeof deques_signatures / sizeof *deques_signatures; i++) {
        const deques_signature *s = &deques_signatures[i];
        if (s->name_id == name_id) return sequences_arguments(ctx, args, s->name, s->least, s->most);
    }
    wcb_no_attribute(ctx, self, name_id);
    return -1;
}

wcv wcb_deque_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    wcb_deque *deque = WCB_AS(wcb_deque, self);
    if (deques_check(ctx, self, name_id, args) < 0) return 0;
    switch (name_id) {
    case WCB_N_append: return deques_append(ctx, deque, args->values[0]) < 0 ? 0 : WCB_NONE;
    case WCB_N_appendleft: return deques_append_left(ctx, deque, args->values[0]) < 0 ? 0 : WCB_NONE;
    case WCB_N_extend: return deques_extend(ctx, deque, args->values[0], false) < 0 ? 0 : WCB_NONE;
    case WCB_N_extendleft: return deques_extend(ctx, deque, args->values[0], true) < 0 ? 0 : WCB_NONE;
    case WCB_N_pop: return deques_pop(ctx, deque, false);
    case WCB_N_popleft: return deques_pop(ctx, deque, true);
    case WCB_N_remove: return deques_remove(ctx, deque, args->values[0]);
    case WCB_N_index: return deques_index(ctx, deque, args);
    case WCB_N_count: return deques_count(ctx, deque, args->values[0]);
    case WCB_N_insert: return deques_insert(ctx, deque, args);
    case WCB_N_rotate: return deques_rotate(ctx, deque, args);
    case WCB_N_reverse: return deques_reverse(ctx, deque);
    case WCB_N_clear: return deques_clear(ctx, deque);
    default: return (wcv)deques_copy(ctx, deque);
    }
}
