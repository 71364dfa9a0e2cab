/* Loops that look for some elements: those that a condition certainly leaves out are passed over here.
 *
 * Generated code describes the beginning of the condition as clauses, which all have to hold, of literals, one of which
 * has to. A row has a word that describes each literal, followed by the words that the element is compared with. What the
 * literals ask of an element has no effect and cannot fail where the answer is yes or no; elsewhere it is `maybe`, and the
 * loop goes on with the element as if nobody had asked. */
#include "objects.h"

/* The lower 16 bits of a word that describes a literal; above them a slot, another slot, and the number of keys. */
enum {
    SIEVES_EQUAL,     /* slot == key */
    SIEVES_PAIR,      /* (slot, other slot) == (key, other key) */
    SIEVES_PAIR_OF,   /* (slot, other slot) == key, a tuple */
    SIEVES_AMONG,     /* slot in key, a container */
    SIEVES_IS,        /* the element is the key */
    SIEVES_INSTANCE,  /* isinstance(the element, keys) */
    SIEVES_CLASS_NAME, /* type(the element).__name__ == key */
    SIEVES_KINDS = 0xff,
    SIEVES_NEGATED = 0x100,
    SIEVES_ENDS_CLAUSE = 0x200
};
enum { SIEVES_MOST_COMPARED = 8 };
typedef enum { SIEVES_NO, SIEVES_YES, SIEVES_MAYBE } sieves_answer;

/* What the first clause, which is one literal, leaves out is mostly seen at one look. */
typedef enum {
    SIEVES_BY_NUMBERS, /* slots hold other small ints than the two that are wanted */
    SIEVES_BY_TEXT,    /* the slot holds another string */
    SIEVES_BY_VALUE,   /* the slot holds what it held in the element that was left out last */
    SIEVES_BY_CLASS,   /* the class is the one of that element */
    SIEVES_NOT_AT_ALL
} sieves_look;

typedef struct {
    wcb_ctx *ctx;
    const wcv *row, *end;
    sieves_look look;
    size_t slot, other;
    wcv wanted, other_wanted;
    wcv left_out;             /* value or class of the element that the first clause left out last */
} sieves_sieve;

static inline bool sieves_is_plain_str(wcv v) {
    return wcb_is_object(v) && ((wcb_object *)v)->type == WCB_TYPE(str) && WCB_AS(wcb_str, v)->interned;
}

/* a == b for values of which at least `b` is known well. */
static inline sieves_answer sieves_equal(wcv a, wcv b) {
    if (!a || !b) return SIEVES_MAYBE;
    if (wcb_is_small(b)) return wcb_is_small(a) ? (a == b ? SIEVES_YES : SIEVES_NO) : sieves_is_plain_str(a) ? SIEVES_NO : SIEVES_MAYBE;
    if (wcb_is_object(b)) {
        if (!sieves_is_plain_str(b)) return SIEVES_MAYBE;
        if (a == b) return SIEVES_YES;
        return !wcb_is_object(a) || sieves_is_plain_str(a) ? SIEVES_NO : SIEVES_MAYBE;
    }
    if (a == b) return SIEVES_YES;
    return wcb_is_object(a) ? (sieves_is_plain_str(a) ? SIEVES_NO : SIEVES_MAYBE)
           : b == WCB_NONE || a == WCB_NONE ? SIEVES_NO : SIEVES_MAYBE;
}

static sieves_answer sieves_both(sieves_answer first, sieves_answer second) {
    if (first == SIEVES_MAYBE || second == SIEVES_MAYBE) return SIEVES_MAYBE;
    return first == SIEVES_YES && second == SIEVES_YES ? SIEVES_YES : SIEVES_NO;
}

static sieves_answer sieves_pair_of(wcv first, wcv second, wcv key) {
    if (!wcb_is_object(key) || ((wcb_object *)key)->type != WCB_TYPE(tuple)) return SIEVES_MAYBE;
    const wcb_tuple *tuple = WCB_AS(wcb_tuple, key);
    if (!first || !second || tuple->length != 2) return SIEVES_MAYBE;
    return sieves_both(sieves_equal(first, tuple->items[0]), sieves_equal(second, tuple->items[1]));
}

static sieves_answer sieves_among(wcv value, wcv key) {
    if (!value || !wcb_is_object(key)) return SIEVES_MAYBE;
    const wcb_type *type = ((wcb_object *)key)->type;
    const wcv *items;
    int64_t count, stride = 1;
    if (type == WCB_TYPE(tuple)) {
        items = WCB_AS(wcb_tuple, key)->items;
        count = WCB_AS(wcb_tuple, key)->length;
    } else if (type == WCB_TYPE(list)) {
        items = WCB_AS(wcb_list, key)->items;
        count = WCB_AS(wcb_list, key)->length;
    } else if ((type == WCB_TYPE(set) || type == WCB_TYPE(frozenset)) && sieves_is_plain_str(value)) {
        const wcb_table *table = WCB_AS(wcb_table, key);
        items = table->entries ? &table->entries->key : NULL;
        count = table->filled;
        stride = sizeof(wcb_entry) / sizeof(wcv);
    } else {
        return SIEVES_MAYBE;
    }
    if (count > SIEVES_MOST_COMPARED) return SIEVES_MAYBE;
    for (int64_t i = 0; i < count; i++, items += stride) {
        if (!*items && stride > 1) continue; /* a hole */
        const sieves_answer answer = sieves_equal(value, *items);
        if (answer != SIEVES_NO) return answer;
    }
    return SIEVES_NO;
}

static sieves_answer sieves_instance(sieves_sieve *sieve, const wcb_type *type, const wcv *keys, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (!wcb_is_kind(keys[i], WCB_KIND_TYPE)) return SIEVES_MAYBE;
        wcb_type *cls = WCB_AS(wcb_type, keys[i]);
        if (type == cls) return SIEVES_YES;
        if (cls->type != WCB_TYPE(type)) return SIEVES_MAYBE;
        if (wcb_is_subtype(type, cls)) return SIEVES_YES;
        if (wcb_lookup(sieve->ctx, cls, WCB_N___wc_instancecheck__)) return SIEVES_MAYBE;
    }
    return SIEVES_NO;
}

static sieves_answer sieves_ask(sieves_sieve *sieve, wcv element, uint64_t what, const wcv *keys) {
    const wcb_instance *object = WCB_AS(wcb_instance, element);
    const wcv first = object->slots[what >> 16 & 0xff], second = object->slots[what >> 24 & 0xff];
    switch (what & SIEVES_KINDS) {
    case SIEVES_EQUAL: return sieves_equal(first, keys[0]);
    case SIEVES_PAIR:
        if (!first || !second) return SIEVES_MAYBE;
        return sieves_both(sieves_equal(first, keys[0]), sieves_equal(second, keys[1]));
    case SIEVES_PAIR_OF: return sieves_pair_of(first, second, keys[0]);
    case SIEVES_AMONG: return sieves_among(first, keys[0]);
    case SIEVES_IS: return element == keys[0] ? SIEVES_YES : SIEVES_NO;
    case SIEVES_INSTANCE: return sieves_instance(sieve, object->type, keys, (int32_t)(what >> 32));
    default: return object->type->type == WCB_TYPE(type) ? sieves_equal(object->type->name, keys[0]) : SIEVES_MAYBE;
    }
}

static inline bool sieves_is_plain(const wcb_type *type) {
    return type->kind == WCB_KIND_INSTANCE && !(type->flags & WCB_TYPE_HAS_DATA_NAMES);
}

/* Whether the condition certainly leaves an element out: the long way. */
static bool sieves_leaves_out(sieves_sieve *sieve, wcv element) {
    if (!wcb_is_object(element) || !sieves_is_plain(((wcb_object *)element)->type)) return false;
    for (const wcv *at = sieve->row; at < sieve->end;) {
        const bool first = at == sieve->row;
        bool holds = false;
        uint64_t what;
        do {
            what = *at++;
            if (!holds) {
                const sieves_answer answer = sieves_ask(sieve, element, what, at);
                if (answer == SIEVES_MAYBE) return false;
                holds = (answer == SIEVES_YES) != !!(what & SIEVES_NEGATED);
            }
            at += what >> 32;
        } while (!(what & SIEVES_ENDS_CLAUSE));
        if (holds) continue;
        if (first) sieve->left_out = sieve->look == SIEVES_BY_CLASS ? *(wcv *)element : WCB_AS(wcb_instance, element)->slots[sieve->slot];
        return true;
    }
    return false;
}

/* ---- the short way ---- */

static void sieves_want_numbers(sieves_sieve *sieve, uint64_t other, wcv wanted, wcv other_wanted) {
    if (!(wanted & other_wanted & 1)) return;
    sieve->look = SIEVES_BY_NUMBERS;
    sieve->other = other & 0xff;
    sieve->wanted = wanted;
    sieve->other_wanted = other_wanted;
}

static void sieves_choose_look(sieves_sieve *sieve) {
    const uint64_t what = sieve->row[0], second = what >> 24;
    const wcv key = sieve->row[1], *next = sieve->row + 2;
    const int kind = what & SIEVES_KINDS;
    sieve->slot = what >> 16 & 0xff;
    sieve->look = SIEVES_NOT_AT_ALL;
    if (!(what & SIEVES_ENDS_CLAUSE)) return;
    if (kind == SIEVES_AMONG) sieve->look = SIEVES_BY_VALUE;
    if (kind == SIEVES_INSTANCE || kind == SIEVES_CLASS_NAME) sieve->look = SIEVES_BY_CLASS;
    if (what & SIEVES_NEGATED) return;
    if (kind == SIEVES_PAIR) sieves_want_numbers(sieve, second, key, sieve->row[2]);
    if (kind == SIEVES_PAIR_OF && wcb_is_object(key) && ((wcb_object *)key)->type == WCB_TYPE(tuple) && WCB_AS(wcb_tuple, key)->length == 2)
        sieves_want_numbers(sieve, second, WCB_AS(wcb_tuple, key)->items[0], WCB_AS(wcb_tuple, key)->items[1]);
    if (kind != SIEVES_EQUAL) return;
    sieves_want_numbers(sieve, sieve->slot, key, key);
    const uint64_t plain = SIEVES_KINDS | SIEVES_NEGATED | SIEVES_ENDS_CLAUSE;
    if (next < sieve->end && (next[0] & plain) == (SIEVES_EQUAL | SIEVES_ENDS_CLAUSE))
        sieves_want_numbers(sieve, next[0] >> 16, key, next[1]);
    if (sieves_is_plain_str(key)) {
        sieve->look = SIEVES_BY_TEXT;
        sieve->wanted = key;
    }
}

/* Whether an instance is seen to be left out. */
static inline bool sieves_sees(const sieves_sieve *sieve, sieves_look look, const wcb_instance *object) {
    const wcv value = object->slots[sieve->slot];
    switch (look) {
    case SIEVES_BY_NUMBERS: {
        const wcv other = object->slots[sieve->other];
        return (value & other & 1) && ((value ^ sieve->wanted) | (other ^ sieve->other_wanted));
    }
    case SIEVES_BY_TEXT: return value != sieve->wanted && (wcb_is_object(value) ? sieves_is_plain_str(value) : value != 0);
    case SIEVES_BY_VALUE: return value && value == sieve->left_out;
    default: return (wcv)object->type == sieve->left_out;
    }
}

/* The first element from `at` on that is not seen to be left out; they lie `stride` words apart. */
static inline const wcv *sieves_look_along(const sieves_sieve *sieve, sieves_look look, const wcv *at, const wcv *end, int64_t stride) {
    const sieves_sieve copy = *sieve;
    for (; at < end && wcb_is_object(*at); at += stride) {
        const wcb_instance *object = WCB_AS(wcb_instance, *at);
        if (!sieves_is_plain(object->type) || !sieves_sees(&copy, look, object)) break;
    }
    return at;
}

static inline const wcv *sieves_look_on(const sieves_sieve *sieve, const wcv *at, const wcv *end, int64_t stride) {
    switch (sieve->look) {
    case SIEVES_BY_NUMBERS: return sieves_look_along(sieve, SIEVES_BY_NUMBERS, at, end, stride);
    case SIEVES_BY_TEXT: return sieves_look_along(sieve, SIEVES_BY_TEXT, at, end, stride);
    case SIEVES_BY_VALUE: return sieves_look_along(sieve, SIEVES_BY_VALUE, at, end, stride);
    default: return sieves_look_along(sieve, SIEVES_BY_CLASS, at, end, stride);
    }
}

/* Whether nothing that elements are compared with is missing: an unbound variable, an attribute that is not there. */
static bool sieves_is_complete(const sieves_sieve *sieve) {
    for (const wcv *at = sieve->row; at < sieve->end;) {
        const uint64_t num_keys = *at++ >> 32;
        for (uint64_t i = 0; i < num_keys; i++)
            if (!*at++) return false;
    }
    return true;
}

/* Pass over elements of a row, as far as there is fuel for them; an element 0 is none. Return how many places. */
static inline int64_t sieves_pass_over(sieves_sieve *sieve, const wcv *row, int64_t count, int64_t stride, wcv *last) {
    const int64_t fuel = sieve->ctx->fuel;
    const wcv *at = row, *end = row + stride * (count < fuel ? count : fuel > 0 ? fuel : 0);
    for (;;) {
        const wcv *from = at;
        at = sieves_look_on(sieve, at, end, stride);
        if (at > from) *last = at[-stride];
        if (at >= end || (*at && !sieves_leaves_out(sieve, *at))) break;
        if (*at) *last = *at;
        at += stride;
    }
    sieve->ctx->fuel = fuel - (at - row) / stride;
    return (at - row) / stride;
}

/* The next element of a loop that the condition may hold for; as wcb_next. `row` begins with what becomes the last element
 * that was passed over, or 0. */
wcv wcb_next_sifted(wcb_ctx *ctx, wcv iterator, int32_t num_words, wcv *row) {
    enum { ENTRY = sizeof(wcb_entry) / sizeof(wcv) };
    sieves_sieve sieve = {.ctx = ctx, .row = row + 1, .end = row + num_words};
    wcb_iterator *it = WCB_AS(wcb_iterator, iterator);
    row[0] = 0;
    if (!wcb_is_object(iterator) || !sieves_is_complete(&sieve)) return wcb_next(ctx, iterator);
    sieves_choose_look(&sieve);
    if (sieve.look == SIEVES_NOT_AT_ALL) return wcb_next(ctx, iterator);
    if (it->type == WCB_TYPE(set_iterator)) {
        const wcb_table *table = WCB_AS(wcb_table, it->source);
        if (table && (uint32_t)table->used == it->version && it->a == (wcv)table->entries && it->position < it->end)
            it->position += sieves_pass_over(&sieve, &table->entries[it->position].key, it->end - it->position, ENTRY, row);
    } else if (it->type == WCB_TYPE(list_iterator)) {
        const wcb_list *list = WCB_AS(wcb_list, it->source);
        if (list && it->position < list->length)
            it->position += sieves_pass_over(&sieve, list->items + it->position, list->length - it->position, 1, row);
    } else if (it->type == WCB_TYPE(tuple_iterator)) {
        const wcb_tuple *tuple = WCB_AS(wcb_tuple, it->source);
        if (tuple && it->position < tuple->length)
            it->position += sieves_pass_over(&sieve, tuple->items + it->position, tuple->length - it->position, 1, row);
    }
    return wcb_next(ctx, iterator);
}
