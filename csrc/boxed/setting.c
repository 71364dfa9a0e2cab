/* Setting and deleting attributes. Everywhere here, a value of 0 means: delete. */
#include "objects.h"

/* ---- classes ---- */
/* A class changed: what the caches say of the name is forgotten, now and, for classes of the module, after the step. */
static void setting_forget(wcb_ctx *ctx, wcb_type *cls, int32_t name_id) {
    for (wcb_type *type = ctx->classes; type; type = (wcb_type *)type->subclasses_next) type->cache[name_id] = 0;
    if ((const char *)cls < ctx->module_begin || (const char *)cls >= ctx->module_end) return;
    for (int32_t i = 0; i < ctx->num_changed_names && i < 8; i++)
        if (ctx->changed_names[i] == name_id) return;
    if (ctx->num_changed_names < 8) ctx->changed_names[ctx->num_changed_names] = name_id;
    if (ctx->num_changed_names <= 8) ctx->num_changed_names++;
}

static void setting_refresh(wcb_ctx *ctx, int32_t name_id, wcv value) {
    bool setter = name_id == WCB_N___setattr__ || name_id == WCB_N___delattr__ || name_id == WCB_N___getattribute__;
    if (!setter && (!value || wcb_descriptor_sort(ctx, value) != WCB_DATA_DESCRIPTOR)) return;
    for (wcb_type *type = ctx->classes; type; type = (wcb_type *)type->subclasses_next) {
        wcb_touch(ctx, type);
        wcb_refresh_flags(ctx, type);
    }
}

int wcb_type_setattr(wcb_ctx *ctx, wcb_type *cls, int32_t name_id, wcv value) {
    wcv meta = wcb_lookup(ctx, cls->type, name_id);
    if (meta && wcb_descriptor_sort(ctx, meta) == WCB_DATA_DESCRIPTOR)
        return wcb_descriptor_store(ctx, meta, (wcv)cls, name_id, value);
    if (cls->index >= 0) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "cannot set '%N' attribute of immutable type '%S'", name_id, cls->name);
        return -1;
    }
    if (name_id == WCB_N___bases__ || name_id == WCB_N___class__ || name_id == WCB_N___dict__ || name_id == WCB_N___mro__) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        return -1;
    }
    wcb_touch(ctx, cls);
    if (name_id == WCB_N___name__ && value && wcb_is_kind(value, WCB_KIND_STR)) {
        cls->name = value;
        return 0;
    }
    wcv name = ctx->program->names[name_id];
    if (value) {
        if (wcb_dict_set(ctx, cls->members, name, value)) return -1;
    } else {
        int deleted = wcb_dict_delete(ctx, cls->members, name);
        if (deleted == 0) wcb_no_attribute(ctx, (wcv)cls, name_id);
        if (deleted <= 0) return -1;
    }
    setting_forget(ctx, cls, name_id);
    setting_refresh(ctx, name_id, value);
    return 0;
}

/* ---- other objects ---- */
static int setting_class(wcb_ctx *ctx, wcb_instance *object, wcv cls) {
    bool fits = cls && wcb_is_kind(cls, WCB_KIND_TYPE) && ((wcb_type *)cls)->kind == WCB_KIND_INSTANCE &&
                ((wcb_type *)cls)->index < 0;
    if (!fits) {
        wcb_raise(ctx, WCB_TYPE_TypeError, "__class__ must be set to a class with the same layout");
        return -1;
    }
    wcb_touch(ctx, object);
    object->type = (wcb_type *)cls;
    wcb_lose_pristine(ctx, object);
    return 0;
}

/* object.__dict__ = dict: later changes of the dict do not show in the object. */
static int setting_dict(wcb_ctx *ctx, wcb_instance *object, wcv dict) {
    if (!dict || !wcb_is_kind(dict, WCB_KIND_DICT)) {
        wcb_raise(ctx, WCB_TYPE_TypeError, "__dict__ must be set to a dictionary");
        return -1;
    }
    wcb_touch(ctx, object);
    object->num_order = 0;
    wcb_lose_pristine(ctx, object);
    memset(object->slots, 0, sizeof(wcv) * (size_t)ctx->program->num_slots);
    const wcb_table *table = WCB_AS(wcb_table, dict);
    for (int32_t i = 0; i < table->filled; i++) {
        if (!table->entries[i].key) continue;
        int32_t name_id = wcb_is_kind(table->entries[i].key, WCB_KIND_STR) ? wcb_name_id(ctx, table->entries[i].key) : -1;
        if (name_id < 0) wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        if (name_id < 0 || wcb_slot_set(ctx, object, name_id, table->entries[i].value)) return -1;
    }
    return 0;
}

/* Attributes that objects of built-in kinds let one set: 1 done, 0 there is no such attribute, -1 failed. */
static int setting_native(wcb_ctx *ctx, wcv v, const wcb_type *type, int32_t name_id, wcv value) {
    if (type->kind == WCB_KIND_INSTANCE && type->index < 0) {
        if (name_id == WCB_N___class__) return setting_class(ctx, WCB_AS(wcb_instance, v), value) ? -1 : 1;
        if (name_id == WCB_N___dict__) return setting_dict(ctx, WCB_AS(wcb_instance, v), value) ? -1 : 1;
    }
    if (type->kind == WCB_KIND_EXCEPTION && value) return wcb_exception_store(ctx, v, name_id, value);
    if (type->kind == WCB_KIND_MODULE && value)
        return wcb_dict_set(ctx, WCB_AS(wcb_module, v)->members, ctx->program->names[name_id], value) ? -1 : 1;
    if (type->kind == WCB_KIND_DICT && name_id == WCB_N_default_factory && wcb_is_subtype(type, WCB_TYPE(defaultdict))) {
        wcb_touch(ctx, (void *)v);
        WCB_AS(wcb_table, v)->extra = value == WCB_NONE ? 0 : value;
        return 1;
    }
    if (type->kind == WCB_KIND_FUNCTION && value && name_id == WCB_N___defaults__) {
        wcb_touch(ctx, (void *)v);
        WCB_AS(wcb_function, v)->defaults = value == WCB_NONE ? 0 : value;
        return 1;
    }
    return 0;
}

static int setting_refused(wcb_ctx *ctx, wcv v, const wcb_type *type, int32_t name_id, wcv member) {
    if (member || wcb_kind_has(type->kind, name_id))
        wcb_raise_format(ctx, WCB_TYPE_AttributeError, "'%V' object attribute '%N' is read-only", v, name_id);
    else wcb_no_attribute(ctx, v, name_id);
    return -1;
}

int wcb_generic_setattr(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value) {
    wcb_type *type = wcb_type_of(v);
    if (type->kind == WCB_KIND_TYPE) return wcb_type_setattr(ctx, (wcb_type *)v, name_id, value);
    wcv member = wcb_lookup(ctx, type, name_id);
    if (member && wcb_descriptor_sort(ctx, member) == WCB_DATA_DESCRIPTOR)
        return wcb_descriptor_store(ctx, member, v, name_id, value);
    int done = setting_native(ctx, v, type, name_id, value);
    if (done) return done < 0 ? -1 : 0;
    if (type->flags & WCB_TYPE_HAS_SLOTS) return setting_refused(ctx, v, type, name_id, member);
    wcb_instance *bag = wcb_bag(ctx, v, value != 0);
    if (!bag) {
        if (ctx->exception) return -1;
        if (!value && wcb_bag_place(v)) wcb_no_attribute(ctx, v, name_id);
        else setting_refused(ctx, v, type, name_id, member);
        return -1;
    }
    if (value) return wcb_slot_set(ctx, bag, name_id, value);
    if (wcb_slot_delete(ctx, bag, name_id)) return 0;
    wcb_no_attribute(ctx, v, name_id);
    return -1;
}

/* Through the program's __setattr__ or __delattr__ where there is one. */
static int setting_through(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value) {
    wcb_type *type = wcb_type_of(v);
    if (type->flags & WCB_TYPE_HAS_SETATTR) {
        wcv hook = wcb_lookup(ctx, type, value ? WCB_N___setattr__ : WCB_N___delattr__);
        wcv arguments[2] = {ctx->program->names[name_id], value};
        if (hook) return wcb_call_special(ctx, v, hook, value ? 2 : 1, arguments) ? 0 : -1;
    }
    return wcb_generic_setattr(ctx, v, name_id, value);
}

int wcb_setattr(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value) {
    const wcb_type *type = wcb_type_of(v);
    const int slow = WCB_TYPE_HAS_SETATTR | WCB_TYPE_HAS_DATA_NAMES | WCB_TYPE_HAS_SLOTS;
    bool plain = type->kind == WCB_KIND_INSTANCE && type->index < 0 && !(type->flags & slow);
    if (plain && name_id != WCB_N___class__ && name_id != WCB_N___dict__)
        return wcb_slot_set(ctx, WCB_AS(wcb_instance, v), name_id, value);
    return setting_through(ctx, v, name_id, value);
}

int wcb_delattr(wcb_ctx *ctx, wcv v, int32_t name_id) { return setting_through(ctx, v, name_id, 0); }
