/* Instances and bags of attributes: a slot for each name that any attribute of the program has. */
#include "builtins.h"
#include "objects.h"

static wcb_instance *instances_new(wcb_ctx *ctx, wcb_type *type) {
    int32_t num_slots = ctx->program->num_slots;
    wcb_instance *object = wcb_alloc(ctx, WCB_SLOTS_OFFSET + sizeof(wcv) * (size_t)num_slots + (size_t)num_slots);
    if (!object) return NULL;
    memset(object, 0, WCB_SLOTS_OFFSET + sizeof(wcv) * (size_t)num_slots);
    object->type = type;
    return object;
}

wcb_instance *wcb_new_instance(wcb_ctx *ctx, wcb_type *type) { return instances_new(ctx, type); }

wcv wcb_slot_get(wcb_ctx *ctx, wcb_instance *object, int32_t name_id) {
    int16_t slot = ctx->program->slot_of_name[name_id];
    return slot < 0 ? 0 : object->slots[slot];
}

void wcb_lose_pristine_slow(wcb_ctx *ctx, wcb_instance *object) {
    object->flags &= (uint16_t)~WCB_PRISTINE;
    for (int which = 0; which < 2; which++) {
        wcb_standing_objects *standing = &ctx->standing[which];
        if ((char *)object < standing->begin || (char *)object >= standing->end) continue;
        if (standing->num_changed < WCB_MOST_CHANGED) standing->changed[standing->num_changed] = object;
        if (standing->num_changed <= WCB_MOST_CHANGED) standing->num_changed++;
    }
}

int wcb_slot_set(wcb_ctx *ctx, wcb_instance *object, int32_t name_id, wcv value) {
    int16_t slot = ctx->program->slot_of_name[name_id];
    if (slot < 0) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        return -1;
    }
    wcb_touch(ctx, object);
    if (!object->slots[slot]) wcb_order(object, ctx->program->num_slots)[object->num_order++] = (uint8_t)slot;
    object->slots[slot] = value;
    wcb_lose_pristine(ctx, object);
    return 0;
}

int wcb_slot_delete(wcb_ctx *ctx, wcb_instance *object, int32_t name_id) {
    int16_t slot = ctx->program->slot_of_name[name_id];
    if (slot < 0 || !object->slots[slot]) return 0;
    wcb_touch(ctx, object);
    uint8_t *order = wcb_order(object, ctx->program->num_slots);
    int32_t at = 0;
    while (order[at] != slot) at++;
    memmove(order + at, order + at + 1, (size_t)(object->num_order - at - 1));
    object->num_order--;
    object->slots[slot] = 0;
    wcb_lose_pristine(ctx, object);
    return 1;
}

wcv *wcb_bag_place(wcv v) {
    wcb_type *type = wcb_type_of(v);
    if (!wcb_is_object(v)) return NULL;
    if (type->index >= 0 && type->kind != WCB_KIND_FUNCTION && type->kind != WCB_KIND_EXCEPTION) return NULL;
    switch (type->kind) {
    case WCB_KIND_INT: return &WCB_AS(wcb_boxed_int, v)->attributes;
    case WCB_KIND_FLOAT: return &WCB_AS(wcb_float, v)->attributes;
    case WCB_KIND_STR: return &WCB_AS(wcb_str, v)->attributes;
    case WCB_KIND_TUPLE: return &WCB_AS(wcb_tuple, v)->attributes;
    case WCB_KIND_LIST: return &WCB_AS(wcb_list, v)->attributes;
    case WCB_KIND_DEQUE: return &WCB_AS(wcb_deque, v)->attributes;
    case WCB_KIND_DICT:
    case WCB_KIND_SET:
    case WCB_KIND_FROZENSET: return &WCB_AS(wcb_table, v)->attributes;
    case WCB_KIND_FUNCTION: return &WCB_AS(wcb_function, v)->attributes;
    case WCB_KIND_EXCEPTION: return &WCB_AS(wcb_exception, v)->attributes;
    default: return NULL;
    }
}

wcb_instance *wcb_bag(wcb_ctx *ctx, wcv v, bool create) {
    if (wcb_is_kind(v, WCB_KIND_INSTANCE)) return WCB_AS(wcb_instance, v)->type->index >= 0 ? NULL : (wcb_instance *)v;
    wcv *place = wcb_bag_place(v);
    if (!place) return NULL;
    if (!*place && create) {
        wcb_instance *bag = instances_new(ctx, WCB_TYPE(bag));
        if (!bag) return NULL;
        wcb_touch(ctx, (void *)v);
        *place = (wcv)bag;
    }
    return (wcb_instance *)*place;
}

/* ---- v.__dict__ ---- */
static wcv instances_dict_of_slots(wcb_ctx *ctx, wcb_type *type, wcb_instance *object) {
    wcv dict = wcb_new_dict(ctx, 0, NULL);
    if (!dict || !object) return dict;
    const wcb_program *program = ctx->program;
    for (int32_t i = 0; i < object->num_order; i++) {
        uint8_t slot = wcb_order(object, program->num_slots)[i];
        int32_t name_id = program->name_of_slot[slot];
        if (type->flags & WCB_TYPE_HAS_MEMBERS) {
            wcv member = wcb_lookup(ctx, type, name_id);
            if (member && wcb_type_of(member) == WCB_TYPE(member_descriptor)) continue;
        }
        if (wcb_dict_set(ctx, dict, program->names[name_id], object->slots[slot])) return 0;
    }
    return dict;
}

wcv wcb_instance_dict(wcb_ctx *ctx, wcv v) {
    wcb_type *type = wcb_type_of(v);
    if (type->kind == WCB_KIND_TYPE || type->kind == WCB_KIND_MODULE) {
        wcv members = type->kind == WCB_KIND_TYPE ? ((wcb_type *)v)->members : WCB_AS(wcb_module, v)->members;
        wcv dict = wcb_new_dict(ctx, 0, NULL);
        if (!dict || (members && wcb_dict_update(ctx, dict, members))) return 0;
        return dict;
    }
    bool has_dict = type->index < 0 ? !(type->flags & WCB_TYPE_HAS_SLOTS) : wcb_bag_place(v) != NULL;
    if (!has_dict) return wcb_no_attribute(ctx, v, WCB_N___dict__);
    return instances_dict_of_slots(ctx, type, wcb_bag(ctx, v, false));
}

int wcb_dict_store(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value) {
    wcb_instance *bag = wcb_bag(ctx, v, value != 0);
    if (bag && value) return wcb_slot_set(ctx, bag, name_id, value);
    if (bag && wcb_slot_delete(ctx, bag, name_id)) return 0;
    if (ctx->exception) return -1;
    if (value) wcb_no_attribute(ctx, v, WCB_N___dict__);
    else wcb_raise_with(ctx, WCB_TYPE_KeyError, ctx->program->names[name_id]);
    return -1;
}

/* v.__dict__[name] = value and del v.__dict__[name] of a program: (v, name, value), (v, name). */
static wcv instances_change_dict(wcb_ctx *ctx, const wcb_args *args, int32_t count) {
    if (args->count != count || args->num_keywords || !wcb_is_kind(args->values[1], WCB_KIND_STR))
        return wcb_raise(ctx, WCB_TYPE_TypeError, "attributes are stored under names");
    wcv v = args->values[0], value = count > 2 ? args->values[2] : 0;
    if (wcb_type_of(v)->flags & WCB_TYPE_HAS_SLOTS) return wcb_no_attribute(ctx, v, WCB_N___dict__);
    int32_t name_id = wcb_name_id(ctx, args->values[1]);
    if (name_id < 0 && !value) return wcb_raise_with(ctx, WCB_TYPE_KeyError, args->values[1]);
    if (name_id < 0) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    return wcb_dict_store(ctx, v, name_id, value) ? 0 : WCB_NONE;
}

wcv instances_store(wcb_ctx *ctx, const wcb_args *args) { return instances_change_dict(ctx, args, 3); }
wcv instances_delete(wcb_ctx *ctx, const wcb_args *args) { return instances_change_dict(ctx, args, 2); }

wcv wcb_new_module(wcb_ctx *ctx, wcv name, wcv members) {
    wcb_module *module = wcb_alloc(ctx, sizeof *module);
    if (!module) return 0;
    *module = (wcb_module){WCB_TYPE(module), name, members};
    return (wcv)module;
}

wcv wcb_type_name(wcv v) { return wcb_type_of(v)->name; }
