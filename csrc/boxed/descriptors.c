/* Descriptors: what a member of a class turns into when it is read, and the objects that are descriptors. */
#include "objects.h"

wcv wcb_new_method(wcb_ctx *ctx, wcv self, wcv function) {
    wcb_method *method = wcb_alloc(ctx, sizeof *method);
    if (!method) return 0;
    *method = (wcb_method){WCB_TYPE(method), self, function};
    return (wcv)method;
}

wcv wcb_new_builtin_method(wcb_ctx *ctx, wcv self, int32_t name_id) {
    wcb_builtin_method *method = wcb_alloc(ctx, sizeof *method);
    if (!method) return 0;
    *method = (wcb_builtin_method){WCB_TYPE(builtin_method), self, name_id};
    return (wcv)method;
}

wcv wcb_new_super(wcb_ctx *ctx, wcv cls, wcv self) {
    bool fits = wcb_is_subtype(wcb_type_of(self), (wcb_type *)cls) ||
                (wcb_is_kind(self, WCB_KIND_TYPE) && wcb_is_subtype((wcb_type *)self, (wcb_type *)cls));
    if (!fits)
        return wcb_raise(ctx, WCB_TYPE_TypeError, "super(type, obj): obj must be an instance or subtype of type");
    wcb_super *super = wcb_alloc(ctx, sizeof *super);
    if (!super) return 0;
    *super = (wcb_super){WCB_TYPE(super), cls, self};
    return (wcv)super;
}

wcv wcb_super_of(wcb_ctx *ctx, wcb_function *self, wcv first_argument) {
    wcv owner = self->owner;
    if (owner && wcb_is_kind(owner, WCB_KIND_CELL)) owner = WCB_AS(wcb_cell, owner)->value;
    if (!owner) return wcb_raise(ctx, WCB_TYPE_RuntimeError, "super(): __class__ cell not found");
    return wcb_new_super(ctx, owner, first_argument);
}

/* A method of a built-in type that was taken from the type: list.append. */
static bool descriptors_is_unbound(wcv member) {
    const wcb_builtin_method *method = WCB_AS(wcb_builtin_method, member);
    return wcb_is_kind(method->self, WCB_KIND_TYPE) && !wcb_is_class_level(method->name_id);
}

wcb_descriptor_t wcb_descriptor_sort(wcb_ctx *ctx, wcv member) {
    if (!wcb_is_object(member)) return WCB_NO_DESCRIPTOR;
    const wcb_type *type = wcb_type_of(member);
    if (type->index < 0) {
        if (wcb_lookup(ctx, type, WCB_N___set__) || wcb_lookup(ctx, type, WCB_N___delete__)) return WCB_DATA_DESCRIPTOR;
        if (wcb_lookup(ctx, type, WCB_N___get__)) return WCB_GETS_ONLY;
    }
    switch (type->kind) {
    case WCB_KIND_PROPERTY: return WCB_DATA_DESCRIPTOR;
    case WCB_KIND_FUNCTION:
    case WCB_KIND_STATICMETHOD:
    case WCB_KIND_CLASSMETHOD: return WCB_GETS_ONLY;
    case WCB_KIND_BUILTIN_METHOD: return descriptors_is_unbound(member) ? WCB_GETS_ONLY : WCB_NO_DESCRIPTOR;
    default: return WCB_NO_DESCRIPTOR;
    }
}

static wcv descriptors_lacks(wcb_ctx *ctx, wcv instance, int32_t name_id, const char *what) {
    return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "property '%N' of '%S' object has no %s", name_id,
                            wcb_qualified_name(wcb_type_of(instance)), what);
}

static wcv descriptors_read_property(wcb_ctx *ctx, wcv member, wcv instance, int32_t name_id) {
    if (!instance) return member;
    wcv get = WCB_AS(wcb_property, member)->get;
    if (wcb_type_of(member) == WCB_TYPE(member_descriptor)) {
        wcb_instance *bag = wcb_bag(ctx, instance, false);
        return bag ? wcb_slot_get(ctx, bag, name_id) : 0; /* 0: there is no such attribute */
    }
    if (get == WCB_NONE) return descriptors_lacks(ctx, instance, name_id, "getter");
    return wcb_call_values(ctx, get, 1, &instance);
}

wcv wcb_bind(wcb_ctx *ctx, wcv member, wcv instance, wcb_type *owner, int32_t name_id) {
    if (!wcb_is_object(member)) return member;
    const wcb_type *type = wcb_type_of(member);
    if (type->index < 0) {
        wcv get = wcb_lookup(ctx, type, WCB_N___get__);
        wcv arguments[2] = {instance ? instance : WCB_NONE, (wcv)owner};
        if (get) return wcb_call_special(ctx, member, get, 2, arguments);
    }
    switch (type->kind) {
    case WCB_KIND_FUNCTION: return instance ? wcb_new_method(ctx, instance, member) : member;
    case WCB_KIND_STATICMETHOD: return WCB_AS(wcb_wrapped, member)->function;
    case WCB_KIND_CLASSMETHOD: {
        wcv function = WCB_AS(wcb_wrapped, member)->function;
        if (wcb_descriptor_sort(ctx, function) == WCB_NO_DESCRIPTOR) return wcb_new_method(ctx, (wcv)owner, function);
        return wcb_bind(ctx, function, (wcv)owner, wcb_type_of((wcv)owner), name_id);
    }
    case WCB_KIND_PROPERTY: return descriptors_read_property(ctx, member, instance, name_id);
    case WCB_KIND_BUILTIN_METHOD:
        return instance && descriptors_is_unbound(member) ? wcb_new_method(ctx, instance, member) : member;
    default: return member;
    }
}

static int descriptors_store_property(wcb_ctx *ctx, wcv member, wcv instance, int32_t name_id, wcv value) {
    const wcb_property *property = WCB_AS(wcb_property, member);
    if (property->type == WCB_TYPE(member_descriptor)) {
        wcb_instance *bag = wcb_bag(ctx, instance, value != 0);
        if (bag && value) return wcb_slot_set(ctx, bag, name_id, value);
        if (bag && wcb_slot_delete(ctx, bag, name_id)) return 0;
        if (!ctx->exception) wcb_raise_with(ctx, WCB_TYPE_AttributeError, ctx->program->names[name_id]);
        return -1;
    }
    wcv function = value ? property->set : property->del;
    if (function == WCB_NONE) {
        descriptors_lacks(ctx, instance, name_id, value ? "setter" : "deleter");
        return -1;
    }
    wcv arguments[2] = {instance, value};
    return wcb_call_values(ctx, function, value ? 2 : 1, arguments) ? 0 : -1;
}

int wcb_descriptor_store(wcb_ctx *ctx, wcv member, wcv instance, int32_t name_id, wcv value) {
    const wcb_type *type = wcb_type_of(member);
    if (type->index < 0) {
        wcv function = wcb_lookup(ctx, type, value ? WCB_N___set__ : WCB_N___delete__);
        wcv arguments[2] = {instance, value};
        if (function) return wcb_call_special(ctx, member, function, value ? 2 : 1, arguments) ? 0 : -1;
    }
    if (type->kind == WCB_KIND_PROPERTY) return descriptors_store_property(ctx, member, instance, name_id, value);
    wcb_raise(ctx, WCB_TYPE_AttributeError, value ? "__set__" : "__delete__");
    return -1;
}

/* ---- property(), staticmethod(), classmethod(), super() ---- */
static wcv descriptors_or_none(wcv v) { return v ? v : WCB_NONE; }

static wcv descriptors_new_property(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    wcv given[4];
    if (wcb_parse(ctx, args, "property", "|fget fset fdel doc", given)) return 0;
    wcb_property *property = wcb_alloc(ctx, sizeof *property);
    if (!property) return 0;
    *property = (wcb_property){type, descriptors_or_none(given[0]), descriptors_or_none(given[1]),
                               descriptors_or_none(given[2]), descriptors_or_none(given[3])};
    return (wcv)property;
}

wcv wcb_descriptor_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    if (type->kind == WCB_KIND_PROPERTY) return descriptors_new_property(ctx, type, args);
    if (type->kind == WCB_KIND_SUPER) {
        if (args->count != 2 || args->num_keywords || !wcb_is_kind(args->values[0], WCB_KIND_TYPE))
            return wcb_raise(ctx, WCB_TYPE_TypeError, "super() takes a type and an object");
        return wcb_new_super(ctx, args->values[0], args->values[1]);
    }
    if (args->count != 1 || args->num_keywords)
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S expected 1 argument, got %d", type->name, args->count);
    wcb_wrapped *wrapped = wcb_alloc(ctx, sizeof *wrapped);
    if (!wrapped) return 0;
    *wrapped = (wcb_wrapped){type, args->values[0]};
    return (wcv)wrapped;
}

wcv wcb_property_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    if (args->count != 1 || args->num_keywords)
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "property.%N() takes exactly one argument (%d given)", name_id,
                                args->count);
    wcb_property *property = wcb_alloc(ctx, sizeof *property);
    if (!property) return 0;
    *property = *WCB_AS(wcb_property, self);
    if (name_id == WCB_N_getter) property->get = args->values[0];
    if (name_id == WCB_N_setter) property->set = args->values[0];
    if (name_id == WCB_N_deleter) property->del = args->values[0];
    return (wcv)property;
}
