/* The attributes, other than methods, of objects of built-in types. */
#include "objects.h"

static wcv native_flag(wcb_ctx *ctx, wcv function) {
    return wcb_is_object(function) ? wcb_getattr_or(ctx, function, WCB_N___isabstractmethod__, WCB_FALSE) : WCB_FALSE;
}

static wcv native_of_function(wcb_ctx *ctx, const wcb_function *function, int32_t name_id) {
    switch (name_id) {
    case WCB_N___name__: return ctx->program->names[function->info->name];
    case WCB_N___qualname__: return ctx->constants[function->info->qualified_name];
    case WCB_N___defaults__: return function->defaults ? function->defaults : WCB_NONE;
    case WCB_N___kwdefaults__: return function->keyword_defaults ? function->keyword_defaults : WCB_NONE;
    case WCB_N___annotations__: return wcb_new_dict(ctx, 0, NULL);
    case WCB_N___closure__: return function->num_cells ? wcb_new_tuple(ctx, function->num_cells, function->cells) : WCB_NONE;
    default: return 0;
    }
}

/* "math.sqrt": what stands behind the last dot, or before it. */
static wcv native_of_builtin(wcb_ctx *ctx, const wcb_builtin *builtin, int32_t name_id) {
    const char *name = wcb_builtins[builtin->builtin].name;
    const char *dot = strrchr(name, '.');
    switch (name_id) {
    case WCB_N___name__:
    case WCB_N___qualname__: return wcb_str_of_c(ctx, dot ? dot + 1 : name);
    case WCB_N___module__: return dot ? wcb_new_str(ctx, dot - name, name) : wcb_str_of_c(ctx, "builtins");
    default: return 0;
    }
}

static wcv native_of_builtin_method(wcb_ctx *ctx, const wcb_builtin_method *method, int32_t name_id) {
    switch (name_id) {
    case WCB_N___name__: return ctx->program->names[method->name_id];
    case WCB_N___self__: return method->self;
    case WCB_N___qualname__: {
        wcb_type *type = wcb_is_kind(method->self, WCB_KIND_TYPE) ? (wcb_type *)method->self : wcb_type_of(method->self);
        wcv parts[3] = {type->name, wcb_str_of_c(ctx, "."), ctx->program->names[method->name_id]};
        return parts[1] ? wcb_join(ctx, 3, parts) : 0;
    }
    default: return 0;
    }
}

static wcv native_of_property(wcb_ctx *ctx, const wcb_property *property, int32_t name_id) {
    if (property->type == WCB_TYPE(member_descriptor)) {
        if (name_id != WCB_N___name__ || wcb_small(property->get) < 0) return 0;
        return ctx->program->names[wcb_small(property->get)];
    }
    switch (name_id) {
    case WCB_N_fget: return property->get;
    case WCB_N_fset: return property->set;
    case WCB_N_fdel: return property->del;
    case WCB_N___doc__:
        if (property->doc != WCB_NONE || property->get == WCB_NONE) return property->doc;
        return wcb_getattr_or(ctx, property->get, WCB_N___doc__, WCB_NONE);
    case WCB_N___isabstractmethod__: {
        const wcv functions[3] = {property->get, property->set, property->del};
        for (int i = 0; i < 3; i++) {
            wcv flag = native_flag(ctx, functions[i]);
            if (flag != WCB_FALSE) return flag;
        }
        return WCB_FALSE;
    }
    default: return 0;
    }
}

static wcv native_of_wrapped(wcb_ctx *ctx, const wcb_wrapped *wrapped, int32_t name_id) {
    switch (name_id) {
    case WCB_N___func__:
    case WCB_N___wrapped__: return wrapped->function;
    case WCB_N___isabstractmethod__: return native_flag(ctx, wrapped->function);
    case WCB_N___name__:
    case WCB_N___qualname__:
    case WCB_N___doc__:
    case WCB_N___module__:
    case WCB_N___annotations__: return wcb_getattr_or(ctx, wrapped->function, name_id, 0);
    default: return 0;
    }
}

static wcv native_of_method(wcb_ctx *ctx, const wcb_method *method, int32_t name_id) {
    if (name_id == WCB_N___self__) return method->self;
    if (name_id == WCB_N___func__) return method->function;
    if (name_id == WCB_N___call__ || name_id == WCB_N___class__ || name_id == WCB_N___dict__) return 0;
    if (wcb_kind_has(WCB_KIND_INSTANCE, name_id)) return 0; /* the method's own __eq__, __hash__, ... */
    return wcb_getattr_or(ctx, method->function, name_id, 0);
}

static wcv native_of_module(wcb_ctx *ctx, const wcb_module *module, int32_t name_id) {
    wcv value = wcb_dict_get(ctx, module->members, ctx->program->names[name_id]);
    return value || ctx->exception || name_id != WCB_N___name__ ? value : module->name;
}

static wcv native_of_generator(wcb_ctx *ctx, const wcb_generator *generator, int32_t name_id) {
    if (name_id == WCB_N_gi_running) return wcb_from_bool(generator->running);
    if (!generator->function || (name_id != WCB_N___name__ && name_id != WCB_N___qualname__)) return 0;
    return native_of_function(ctx, generator->function, name_id);
}

/* What functions of other files say: WCB_NOT_IMPLEMENTED stands for "no such attribute". */
static wcv native_or_none(wcv value) { return value == WCB_NOT_IMPLEMENTED ? 0 : value; }

static wcv native_of_kind(wcb_ctx *ctx, wcv v, wcb_type *type, int32_t name_id) {
    switch (type->kind) {
    case WCB_KIND_INT:
    case WCB_KIND_BOOL:
    case WCB_KIND_FLOAT:
    case WCB_KIND_COMPLEX: return native_or_none(wcb_number_attribute(ctx, v, name_id));
    case WCB_KIND_RANGE:
    case WCB_KIND_SLICE:
    case WCB_KIND_DEQUE: return native_or_none(wcb_sequence_attribute(ctx, v, name_id));
    case WCB_KIND_REGEX: return native_or_none(wcb_regex_attribute(ctx, v, name_id));
    case WCB_KIND_MATCH: return native_or_none(wcb_match_attribute(ctx, v, name_id));
    case WCB_KIND_DICT:
        if (name_id != WCB_N_default_factory || !wcb_is_subtype(type, WCB_TYPE(defaultdict))) return 0;
        return WCB_AS(wcb_table, v)->extra ? WCB_AS(wcb_table, v)->extra : WCB_NONE;
    case WCB_KIND_FUNCTION: return native_of_function(ctx, WCB_AS(wcb_function, v), name_id);
    case WCB_KIND_METHOD: return native_of_method(ctx, WCB_AS(wcb_method, v), name_id);
    case WCB_KIND_BUILTIN: return native_of_builtin(ctx, WCB_AS(wcb_builtin, v), name_id);
    case WCB_KIND_BUILTIN_METHOD: return native_of_builtin_method(ctx, WCB_AS(wcb_builtin_method, v), name_id);
    case WCB_KIND_MODULE: return native_of_module(ctx, WCB_AS(wcb_module, v), name_id);
    case WCB_KIND_PROPERTY: return native_of_property(ctx, WCB_AS(wcb_property, v), name_id);
    case WCB_KIND_STATICMETHOD:
    case WCB_KIND_CLASSMETHOD: return native_of_wrapped(ctx, WCB_AS(wcb_wrapped, v), name_id);
    case WCB_KIND_GENERATOR: return native_of_generator(ctx, WCB_AS(wcb_generator, v), name_id);
    case WCB_KIND_EXCEPTION: return wcb_exception_attribute(ctx, v, name_id);
    default: return 0;
    }
}

/* A class' __doc__ and __module__, seen from an instance. */
static wcv native_of_class(wcb_ctx *ctx, wcb_type *type, int32_t name_id) {
    for (int32_t i = 0; i < type->num_mro; i++) {
        wcb_type *at = type->mro[i];
        wcv value = at->members ? wcb_dict_get(ctx, at->members, ctx->program->names[name_id]) : 0;
        if (value || ctx->exception) return value;
        if (name_id == WCB_N___doc__ && at->members) return WCB_NONE;
    }
    if (name_id == WCB_N___doc__) return WCB_NONE;
    if (type->index < 0 || type->kind == WCB_KIND_FUNCTION) return wcb_str_of_c(ctx, "__world_model__");
    return 0;
}

wcv wcb_native_attribute(wcb_ctx *ctx, wcv v, int32_t name_id) {
    wcb_type *type = wcb_type_of(v);
    if (name_id == WCB_N___class__) return (wcv)type;
    wcv value = native_of_kind(ctx, v, type, name_id);
    if (value || ctx->exception) return value;
    switch (name_id) {
    case WCB_N___dict__:
        if (type->index < 0 ? type->flags & WCB_TYPE_HAS_SLOTS : !wcb_bag_place(v) && type->kind != WCB_KIND_MODULE) return 0;
        return wcb_instance_dict(ctx, v);
    case WCB_N___doc__:
    case WCB_N___module__: return native_of_class(ctx, type, name_id);
    default: return 0;
    }
}
