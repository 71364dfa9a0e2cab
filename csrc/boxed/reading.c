/* From a program's object to an entity: its key is written from the object's attributes, then looked up or added.
 *
 * What is an entity is decided as in wc_engine/models/objects.py: an instance of one of the program's own classes that
 * derives from no type of values. Everything else raises, so that the step fails. */
#include "model.h"

#include <stdlib.h>

#define READING_LONGEST ((size_t)1 << 24)

typedef struct {
    wcb_context *context;
    uint8_t *at;
    bool special; /* reading ran code of the program, or may have */
} reading;

/* ---- bytes ---- */

static bool reading_grow(reading *out, size_t bytes) {
    wcb_context *context = out->context;
    const size_t used = context->key ? (size_t)(out->at - context->key) : 0, size = 2 * (used + bytes) + 512;
    uint8_t *key = size > READING_LONGEST ? NULL : realloc(context->key, size);
    if (!key) {
        wcb_limit(&context->ctx, WC_STATUS_OUT_OF_SCRATCH);
        return false;
    }
    context->key = key;
    context->key_size = size;
    out->at = key + used;
    return true;
}

static inline bool reading_room(reading *out, size_t bytes) {
    const wcb_context *context = out->context;
    return (size_t)(context->key + context->key_size - out->at) >= bytes || reading_grow(out, bytes);
}

static inline void reading_put_word(reading *out, uint64_t word) {
    word = __builtin_bswap64(word);
    memcpy(out->at, &word, 8);
    out->at += 8;
}

static bool reading_put_int(reading *out, int64_t n) {
    if (!reading_room(out, 9)) return false;
    *out->at++ = 3;
    reading_put_word(out, (uint64_t)n ^ (uint64_t)1 << 63);
    return true;
}

static bool reading_put_float(reading *out, double d) {
    if (!reading_room(out, 10)) return false;
    *out->at++ = 4;
    *out->at++ = d == d;
    if (d != d) return true;
    uint64_t bits;
    memcpy(&bits, &d, 8);
    reading_put_word(out, bits ^ (bits >> 63 ? ~(uint64_t)0 : (uint64_t)1 << 63));
    return true;
}

static inline void reading_put_point(reading *out, uint32_t point) {
    if (point < 2) {
        *out->at++ = 1;
        *out->at++ = (uint8_t)(point + 1);
    } else if (point < 0x80) {
        *out->at++ = (uint8_t)point;
    } else if (point < 0x800) {
        *out->at++ = (uint8_t)(0xc0 | point >> 6);
        *out->at++ = (uint8_t)(0x80 | (point & 0x3f));
    } else {
        if (point < 0x10000) {
            *out->at++ = (uint8_t)(0xe0 | point >> 12);
        } else {
            *out->at++ = (uint8_t)(0xf0 | point >> 18);
            *out->at++ = (uint8_t)(0x80 | (point >> 12 & 0x3f));
        }
        *out->at++ = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        *out->at++ = (uint8_t)(0x80 | (point & 0x3f));
    }
}

static bool reading_put_str(reading *out, const wcb_str *s) {
    if (!reading_room(out, (size_t)s->length * 4 + 1)) return false;
    if (s->width == 1)
        for (int32_t i = 0; i < s->length; i++) reading_put_point(out, s->data[i]);
    else
        for (int32_t i = 0; i < s->length; i++) reading_put_point(out, ((const uint32_t *)s->data)[i]);
    *out->at++ = 0;
    return true;
}

/* ---- values ---- */

static bool reading_entity(reading *out, wcv object, bool carried);
static bool reading_value(reading *out, wcv v);

static bool reading_refuse(reading *out, wcv v) {
    wcb_raise_format(&out->context->ctx, WCB_TYPE_TypeError, "a state cannot hold a %V", v);
    return false;
}

/* The items as the program's own __iter__ gives them. */
static bool reading_iterated(reading *out, wcv v) {
    wcb_ctx *ctx = &out->context->ctx;
    out->special = true;
    const wcv iterator = wcb_iter(ctx, v);
    if (!iterator) return false;
    wcv item;
    while ((item = wcb_next(ctx, iterator)))
        if (!reading_value(out, item)) return false;
    return !ctx->exception;
}

static bool reading_sequence(reading *out, wcv v) {
    const wcb_type *type = wcb_type_of(v);
    if (!reading_room(out, 1)) return false;
    *out->at++ = 6;
    if (type->index < 0 && wcb_lookup(&out->context->ctx, type, WCB_N___iter__)) {
        if (!reading_iterated(out, v)) return false;
    } else {
        const bool list = type->kind == WCB_KIND_LIST;
        for (int64_t i = 0; i < (list ? WCB_AS(wcb_list, v)->length : WCB_AS(wcb_tuple, v)->length); i++)
            if (!reading_value(out, list ? WCB_AS(wcb_list, v)->items[i] : WCB_AS(wcb_tuple, v)->items[i])) return false;
    }
    if (!reading_room(out, 1)) return false;
    *out->at++ = 0;
    return true;
}

static bool reading_object(reading *out, wcv v) {
    bool done;
    switch (((wcb_object *)v)->type->kind) {
    case WCB_KIND_INT: return reading_put_int(out, WCB_AS(wcb_boxed_int, v)->value);
    case WCB_KIND_FLOAT: return reading_put_float(out, WCB_AS(wcb_float, v)->value);
    case WCB_KIND_STR:
        if (!reading_room(out, 1)) return false;
        *out->at++ = 5;
        return reading_put_str(out, WCB_AS(wcb_str, v));
    case WCB_KIND_TUPLE:
    case WCB_KIND_LIST:
        if (!wcb_descend(&out->context->ctx)) return false;
        done = reading_sequence(out, v);
        break;
    default:
        if (!wcb_descend(&out->context->ctx) || !reading_room(out, 1)) return false;
        *out->at++ = 7;
        done = reading_entity(out, v, true);
    }
    out->context->ctx.depth--;
    return done;
}

static bool reading_value(reading *out, wcv v) {
    if (wcb_is_small(v)) return reading_put_int(out, wcb_small(v));
    if (wcb_is_object(v)) return reading_object(out, v);
    if (!reading_room(out, 2)) return false;
    switch (v) {
    case WCB_NONE: *out->at++ = 1; return true;
    case WCB_FALSE:
    case WCB_TRUE:
        *out->at++ = 2;
        *out->at++ = v == WCB_TRUE;
        return true;
    default: return reading_refuse(out, v);
    }
}

/* ---- attributes that are not in __dict__ ---- */

/* The name under which a class keeps `name`: names with two underscores in front are mangled. -1: nobody has it. */
static int32_t reading_mangled(wcb_ctx *ctx, const wcb_type *type, wcv name) {
    const wcb_str *s = WCB_AS(wcb_str, name), *cls = WCB_AS(wcb_str, type->name);
    const bool is_private = s->length > 2 && wcb_char_at(s, 0) == '_' && wcb_char_at(s, 1) == '_' &&
                            !(wcb_char_at(s, s->length - 1) == '_' && wcb_char_at(s, s->length - 2) == '_');
    if (!is_private) return wcb_name_id(ctx, name);
    uint32_t *points = wcb_alloc(ctx, sizeof(uint32_t) * ((size_t)s->length + (size_t)cls->length + 1));
    if (!points) return -1;
    int32_t count = 0, from = 0;
    points[count++] = '_';
    while (from < cls->length && wcb_char_at(cls, from) == '_') from++;
    while (from < cls->length) points[count++] = wcb_char_at(cls, from++);
    for (int32_t i = 0; i < s->length; i++) points[count++] = wcb_char_at(s, i);
    const wcv mangled = wcb_str_from_points(ctx, count, points);
    return mangled ? wcb_name_id(ctx, mangled) : -1;
}

static bool reading_add_name(reading *out, wcv object, const wcb_type *type, wcv name, wcv *values) {
    wcb_ctx *ctx = &out->context->ctx;
    if (!wcb_is_kind(name, WCB_KIND_STR)) return true;
    const int32_t name_id = reading_mangled(ctx, type, name);
    if (name_id < 0 || name_id == WCB_N___dict__ || name_id == WCB_N___weakref__) return !ctx->exception;
    const int32_t slot = ctx->program->slot_of_name[name_id];
    if (slot >= 0 && values[slot]) return true;
    out->special = true;
    const wcv value = wcb_getattr_or(ctx, object, name_id, 0);
    if (!value) return !ctx->exception;
    if (slot < 0) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        return false;
    }
    values[slot] = value;
    return true;
}

/* All names in a collection: of __slots__, or of dataclass fields. */
static bool reading_add_names(reading *out, wcv object, const wcb_type *type, wcv names, wcv *values) {
    wcb_ctx *ctx = &out->context->ctx;
    if (wcb_is_kind(names, WCB_KIND_STR)) return reading_add_name(out, object, type, names, values);
    const wcv list = wcb_list_of(ctx, names);
    if (!list) return false;
    for (int64_t i = 0; i < WCB_AS(wcb_list, list)->length; i++)
        if (!reading_add_name(out, object, type, WCB_AS(wcb_list, list)->items[i], values)) return false;
    return true;
}

/* Slots of __slots__, and dataclass fields that are attributes of the class. */
static bool reading_add_members(reading *out, wcv object, wcv *values) {
    wcb_ctx *ctx = &out->context->ctx;
    const wcb_type *type = wcb_type_of(object);
    static const int32_t sources[] = {WCB_N___slots__, WCB_N___dataclass_fields__};
    for (int32_t i = type->num_mro - 1; i >= 0; i--) {
        const wcb_type *base = type->mro[i];
        for (int s = 0; s < 2 && base->index < 0; s++) {
            const wcv names = wcb_dict_get(ctx, base->members, ctx->program->names[sources[s]]);
            if (names && !reading_add_names(out, object, base, names, values)) return false;
        }
    }
    return !ctx->exception;
}

/* ---- entities ---- */

static bool reading_is_entity(const wcb_type *type) {
    return type->flags & WCB_TYPE_IS_PROGRAM && !(type->flags & WCB_TYPE_IS_ENUM) && type->index < 0 &&
           (type->kind == WCB_KIND_INSTANCE || type->kind == WCB_KIND_DEQUE);
}

static bool reading_attributes(reading *out, const wcb_type *type, const wcv *values, bool carried) {
    const wcb_program *program = out->context->ctx.program;
    const int32_t name = program->slot_of_name[WCB_N_name];
    const int32_t x = program->slot_of_name[WCB_N_x], y = program->slot_of_name[WCB_N_y];
    for (int32_t slot = 0; slot < program->num_slots; slot++) {
        const wcv value = values[slot];
        if (!value) continue;
        if (slot == name && (value == type->name || (wcb_is_kind(value, WCB_KIND_STR) &&
                                                     wcb_str_equal(WCB_AS(wcb_str, value), WCB_AS(wcb_str, type->name)))))
            continue;
        if (!reading_room(out, 1)) return false;
        const size_t before = (size_t)(out->at - out->context->key);
        *out->at++ = (uint8_t)(slot + 1);
        if (!reading_value(out, value)) return false;
        if (carried && (slot == x || slot == y)) out->at = out->context->key + before; /* read, as it might be no value */
    }
    if (!reading_room(out, 1)) return false;
    *out->at++ = 0;
    return true;
}

static bool reading_entity(reading *out, wcv object, bool carried) {
    wcb_ctx *ctx = &out->context->ctx;
    const wcb_type *type = wcb_type_of(object);
    if (!reading_is_entity(type)) return reading_refuse(out, object);
    if (!reading_put_str(out, WCB_AS(wcb_str, type->name))) return false;
    const wcb_instance *bag = wcb_bag(ctx, object, false);
    if (bag && !(type->flags & WCB_TYPE_HAS_MEMBERS) && !wcb_lookup(ctx, type, WCB_N___dataclass_fields__))
        return reading_attributes(out, type, bag->slots, carried);
    wcv values[256] = {0};
    if (bag) memcpy(values, bag->slots, sizeof(wcv) * (size_t)ctx->program->num_slots);
    return reading_add_members(out, object, values) && reading_attributes(out, type, values, carried);
}

const wcb_entity *wcb_read_entity(wcb_context *context, wcv object, bool *special) {
    reading out = {context, context->key, false};
    const bool done = reading_entity(&out, object, false);
    if (special) *special = out.special;
    if (!done) return NULL;
    const uint32_t length = (uint32_t)(out.at - context->key);
    const wcb_entity *entity = wcb_store_find(context->ctx.program, context->key, length);
    if (!entity) entity = wcb_store_add(context->ctx.program, context->key, length);
    if (!entity) wcb_limit(&context->ctx, WC_STATUS_OUT_OF_SCRATCH);
    return entity;
}
