/* Reading attributes. */
#include "objects.h"

wcv wcb_no_attribute(wcb_ctx *ctx, wcv v, int32_t name_id) {
    if (wcb_is_kind(v, WCB_KIND_TYPE))
        return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "type object '%S' has no attribute '%N'",
                                ((wcb_type *)v)->name, name_id);
    if (wcb_is_kind(v, WCB_KIND_MODULE))
        return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "module '%S' has no attribute '%N'",
                                WCB_AS(wcb_module, v)->name, name_id);
    return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "'%V' object has no attribute '%N'", v, name_id);
}

/* A value that a built-in object has under the name of a method: "abc".upper. */
static wcv attributes_method(wcb_ctx *ctx, wcv v, wcb_type *type, int32_t name_id) {
    if (!wcb_kind_has(type->kind, name_id)) return 0;
    return wcb_new_builtin_method(ctx, wcb_is_class_level(name_id) ? (wcv)type : v, name_id);
}

wcv wcb_generic_getattr(wcb_ctx *ctx, wcv v, int32_t name_id) {
    wcb_type *type = wcb_type_of(v);
    if (type->kind == WCB_KIND_TYPE) return wcb_type_getattr(ctx, (wcb_type *)v, name_id);
    if (type->kind == WCB_KIND_SUPER) return wcb_super_getattr(ctx, WCB_AS(wcb_super, v), name_id);
    wcv member = wcb_lookup(ctx, type, name_id);
    wcb_descriptor_t sort = member ? wcb_descriptor_sort(ctx, member) : WCB_NO_DESCRIPTOR;
    if (sort == WCB_DATA_DESCRIPTOR) return wcb_bind(ctx, member, v, type, name_id);
    wcb_instance *bag = wcb_bag(ctx, v, false);
    wcv value = bag ? wcb_slot_get(ctx, bag, name_id) : 0;
    if (value) return value;
    if (member && name_id != WCB_N___class__ && name_id != WCB_N___dict__)
        return sort == WCB_NO_DESCRIPTOR ? member : wcb_bind(ctx, member, v, type, name_id);
    value = wcb_native_attribute(ctx, v, name_id);
    if (value || ctx->exception) return value;
    return attributes_method(ctx, v, type, name_id);
}

static bool attributes_clear_error(wcb_ctx *ctx) {
    if (!ctx->exception) return true;
    if (ctx->status || !wcb_is_subtype(wcb_type_of(ctx->exception), WCB_TYPE(AttributeError))) return false;
    ctx->exception = 0;
    return true;
}

/* With the program's __getattribute__ and __getattr__; 0 without an exception: absent. */
static wcv attributes_find(wcb_ctx *ctx, wcv v, wcb_type *type, int32_t name_id) {
    if (type->index >= 0) return wcb_generic_getattr(ctx, v, name_id);
    wcv hook = type->flags & WCB_TYPE_HAS_DATA_NAMES ? wcb_lookup(ctx, type, WCB_N___getattribute__) : 0;
    const wcv *name = &ctx->program->names[name_id];
    wcv value = hook ? wcb_call_special(ctx, v, hook, 1, name) : wcb_generic_getattr(ctx, v, name_id);
    if (value) return value;
    wcv fallback = wcb_lookup(ctx, type, WCB_N___getattr__);
    if (!fallback || !attributes_clear_error(ctx)) return 0;
    return wcb_call_special(ctx, v, fallback, 1, name);
}

/* The attribute of an instance where its slot decides: 0 elsewhere. */
static inline wcv attributes_in_slot(wcb_ctx *ctx, wcv v, const wcb_type *type, int32_t name_id) {
    if (type->kind != WCB_KIND_INSTANCE || type->index >= 0) return 0;
    if (type->flags & WCB_TYPE_HAS_DATA_NAMES &&
        (wcb_lookup(ctx, type, name_id) || wcb_lookup(ctx, type, WCB_N___getattribute__)))
        return 0;
    return wcb_slot_get(ctx, WCB_AS(wcb_instance, v), name_id);
}

wcv wcb_getattr(wcb_ctx *ctx, wcv v, int32_t name_id) {
    wcb_type *type = wcb_type_of(v);
    wcv value = attributes_in_slot(ctx, v, type, name_id);
    if (value) return value;
    value = attributes_find(ctx, v, type, name_id);
    if (!value && !ctx->exception) wcb_no_attribute(ctx, v, name_id);
    return value;
}

wcv wcb_getattr_or(wcb_ctx *ctx, wcv v, int32_t name_id, wcv otherwise) {
    wcb_type *type = wcb_type_of(v);
    wcv value = attributes_in_slot(ctx, v, type, name_id);
    if (value) return value;
    value = attributes_find(ctx, v, type, name_id);
    if (value) return value;
    return attributes_clear_error(ctx) ? otherwise : 0;
}

/* ---- classes ---- */
static wcv attributes_own(wcb_ctx *ctx, const wcb_type *cls, int32_t name_id) {
    return cls->members ? wcb_dict_get(ctx, cls->members, ctx->program->names[name_id]) : 0;
}

static const char *attributes_module(const wcb_type *cls) {
    switch (cls->index) {
    case -1: return "__world_model__";
    case WCB_TYPE_deque: case WCB_TYPE_defaultdict: return "collections";
    case WCB_TYPE_Pattern: case WCB_TYPE_Match: case WCB_TYPE_error: return "re";
    case WCB_TYPE_FrozenInstanceError: return "dataclasses";
    default: return "builtins";
    }
}

/* Attributes that every class has; no member hides them. 0 without an exception: none of these. */
static wcv attributes_of_type(wcb_ctx *ctx, wcb_type *cls, int32_t name_id) {
    switch (name_id) {
    case WCB_N___name__: return cls->name;
    case WCB_N___qualname__: return wcb_qualified_name(cls);
    case WCB_N___class__: return (wcv)cls->type;
    case WCB_N___bases__: return cls->bases;
    case WCB_N___base__: return WCB_AS(wcb_tuple, cls->bases)->length ? WCB_AS(wcb_tuple, cls->bases)->items[0] : WCB_NONE;
    case WCB_N___mro__: return wcb_new_tuple(ctx, cls->num_mro, (const wcv *)cls->mro);
    case WCB_N___dict__: return wcb_instance_dict(ctx, (wcv)cls);
    case WCB_N___doc__: {
        wcv own = attributes_own(ctx, cls, name_id);
        return own ? own : WCB_NONE;
    }
    case WCB_N___module__: {
        wcv own = attributes_own(ctx, cls, name_id);
        return own ? own : wcb_str_of_c(ctx, attributes_module(cls));
    }
    case WCB_N___annotations__: {
        wcv own = attributes_own(ctx, cls, name_id);
        return own || cls->index >= 0 ? own : wcb_new_dict(ctx, 0, NULL);
    }
    default: return 0;
    }
}

wcv wcb_type_getattr(wcb_ctx *ctx, wcb_type *cls, int32_t name_id) {
    wcb_type *metatype = cls->type;
    wcv meta = wcb_lookup(ctx, metatype, name_id);
    wcb_descriptor_t sort = meta ? wcb_descriptor_sort(ctx, meta) : WCB_NO_DESCRIPTOR;
    if (sort == WCB_DATA_DESCRIPTOR) return wcb_bind(ctx, meta, (wcv)cls, metatype, name_id);
    wcv value = attributes_of_type(ctx, cls, name_id);
    if (value || ctx->exception) return value;
    value = wcb_lookup(ctx, cls, name_id);
    if (value) return wcb_bind(ctx, value, 0, cls, name_id);
    if (meta) return sort == WCB_NO_DESCRIPTOR ? meta : wcb_bind(ctx, meta, (wcv)cls, metatype, name_id);
    if (!wcb_kind_has(cls->kind, name_id) && !wcb_kind_has(WCB_KIND_TYPE, name_id)) return 0;
    return wcb_new_builtin_method(ctx, (wcv)cls, name_id);
}

/* ---- super() ---- */
static wcb_type *attributes_super_start(const wcb_super *super, bool *of_class) {
    *of_class = wcb_is_kind(super->self, WCB_KIND_TYPE) && wcb_is_subtype((wcb_type *)super->self, (wcb_type *)super->cls);
    return *of_class ? (wcb_type *)super->self : wcb_type_of(super->self);
}

wcv wcb_super_find(wcb_ctx *ctx, wcb_super *super, int32_t name_id, wcb_type **native) {
    bool of_class;
    const wcb_type *start = attributes_super_start(super, &of_class);
    int32_t at = 0;
    while (at < start->num_mro && start->mro[at] != (wcb_type *)super->cls) at++;
    *native = NULL;
    for (at++; at < start->num_mro; at++) {
        wcb_type *type = start->mro[at];
        wcv member = attributes_own(ctx, type, name_id);
        if (member) return member;
        if (type->index < 0 || !wcb_kind_has(type->kind, name_id)) continue;
        *native = type;
        return 0;
    }
    return 0;
}

wcv wcb_super_getattr(wcb_ctx *ctx, wcb_super *super, int32_t name_id) {
    bool of_class;
    wcb_type *native, *start = attributes_super_start(super, &of_class);
    wcv member = wcb_super_find(ctx, super, name_id, &native);
    if (member) return wcb_bind(ctx, member, of_class ? 0 : super->self, start, name_id);
    if (native) {
        wcv method = wcb_new_builtin_method(ctx, (wcv)native, name_id);
        if (!method || of_class || wcb_is_class_level(name_id)) return method;
        return wcb_new_method(ctx, super->self, method);
    }
    if (name_id == WCB_N___self__) return super->self;
    if (name_id == WCB_N___thisclass__) return super->cls;
    return of_class ? 0 : wcb_native_attribute(ctx, super->self, name_id);
}
