/* Calling anything. */
#include "objects.h"

enum { CALLS_ON_STACK = 32 };

int wcb_enter(wcb_ctx *ctx) {
    if (--ctx->fuel < 0) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_FUEL);
        return -1;
    }
    if (ctx->depth >= WCB_MAX_DEPTH) {
        wcb_raise(ctx, WCB_TYPE_RecursionError, "maximum recursion depth exceeded");
        return -1;
    }
    ctx->depth++;
    return 0;
}

wcv wcb_new_function(wcb_ctx *ctx, int32_t info, wcv defaults, wcv keyword_defaults, int32_t num_cells, const wcv *cells) {
    wcb_function *function = wcb_alloc(ctx, sizeof *function + sizeof(wcv) * (size_t)num_cells);
    if (!function) return 0;
    *function = (wcb_function){.type = WCB_TYPE(function), .info = &ctx->program->infos[info], .defaults = defaults,
                               .keyword_defaults = keyword_defaults, .num_cells = num_cells};
    if (num_cells) memcpy(function->cells, cells, sizeof(wcv) * (size_t)num_cells);
    return (wcv)function;
}

wcv wcb_new_cell(wcb_ctx *ctx, wcv value) {
    wcb_cell *cell = wcb_alloc(ctx, sizeof *cell);
    if (!cell) return 0;
    *cell = (wcb_cell){WCB_TYPE(cell), value};
    return (wcv)cell;
}

/* ---- functions of the program ---- */
wcv wcb_call_function(wcb_ctx *ctx, wcb_function *function, wcv self, const wcb_args *args) {
    const wcb_code_info *info = function->info;
    int32_t count = wcb_num_arguments(info);
    wcv arguments[count + 1];
    bool plain = !args->num_keywords && count == info->num_positional && count == args->count + (self != 0);
    if (plain) {
        arguments[0] = self;
        wcv *rest = arguments + (self != 0);
        for (int32_t i = 0; i < args->count; i++) rest[i] = args->values[i];
    } else if (wcb_bind_arguments(ctx, function, self, args, arguments)) {
        return 0;
    }
    return info->entry(ctx, function, arguments);
}

/* ---- built-in methods that are values ---- */
static wcv calls_unbound(wcb_ctx *ctx, wcb_type *type, int32_t name_id, const wcb_args *args) {
    if (!args->count)
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "unbound method %S.%N() needs an argument", type->name, name_id);
    wcv self = args->values[0];
    if (!wcb_is_subtype(wcb_type_of(self), type))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "descriptor '%N' for '%S' objects doesn't apply to a '%V' object",
                                name_id, type->name, self);
    wcb_args rest = {args->values + 1, args->keywords, args->count - 1, args->num_keywords};
    return wcb_native_call(ctx, type->kind, self, name_id, &rest);
}

/* A method taken from a type: of the type itself (dict.fromkeys, C.mro), or of its objects (list.append). */
static wcv calls_from_type(wcb_ctx *ctx, wcb_type *type, int32_t name_id, const wcb_args *args) {
    if (wcb_is_class_level(name_id)) return wcb_class_level_call(ctx, type, name_id, args);
    if (wcb_kind_has(type->kind, name_id)) return calls_unbound(ctx, type, name_id, args);
    return wcb_native_call(ctx, WCB_KIND_TYPE, (wcv)type, name_id, args);
}

static wcv calls_builtin_method(wcb_ctx *ctx, const wcb_builtin_method *method, const wcb_args *args) {
    wcv self = method->self;
    wcb_kind_t kind = wcb_kind(self);
    if (kind == WCB_KIND_TYPE) return calls_from_type(ctx, (wcb_type *)self, method->name_id, args);
    return wcb_native_call(ctx, kind, self, method->name_id, args);
}

/* ---- anything ---- */
static wcv calls_class(wcb_ctx *ctx, wcb_type *cls, const wcb_args *args) {
    wcv hook = wcb_lookup(ctx, cls->type, WCB_N___call__);
    return hook ? wcb_call_bound(ctx, hook, (wcv)cls, args) : wcb_construct(ctx, cls, args);
}

/* partial(function, *fixed)(*args): what it holds comes first. WCB_NOT_IMPLEMENTED: go the long way. */
static wcv calls_partial(wcb_ctx *ctx, wcv callee, const wcb_args *args) {
    const int16_t *slots = ctx->program->slot_of_name;
    const wcb_instance *object = WCB_AS(wcb_instance, callee);
    if (object->type->kind != WCB_KIND_INSTANCE || object->type->flags & WCB_TYPE_HAS_DATA_NAMES) return WCB_NOT_IMPLEMENTED;
    const wcv function = object->slots[slots[WCB_N_func]], fixed = object->slots[slots[WCB_N_args]];
    const wcv keywords = object->slots[slots[WCB_N_keywords]];
    if (!function || !wcb_is_kind(fixed, WCB_KIND_TUPLE) || !wcb_is_kind(keywords, WCB_KIND_DICT)) return WCB_NOT_IMPLEMENTED;
    const int32_t before = (int32_t)WCB_AS(wcb_tuple, fixed)->length, after = args->count + args->num_keywords;
    if (WCB_AS(wcb_table, keywords)->used || before + after > CALLS_ON_STACK) return WCB_NOT_IMPLEMENTED;
    wcv values[CALLS_ON_STACK];
    for (int32_t i = 0; i < before; i++) values[i] = WCB_AS(wcb_tuple, fixed)->items[i];
    for (int32_t i = 0; i < after; i++) values[before + i] = args->values[i];
    const wcb_args all = {values, args->keywords, before + args->count, args->num_keywords};
    if (wcb_enter(ctx) < 0) return 0;
    const wcv result = wcb_is_kind(function, WCB_KIND_FUNCTION)
                           ? wcb_call_function(ctx, WCB_AS(wcb_function, function), 0, &all) : wcb_call(ctx, function, &all);
    ctx->depth--;
    return result;
}

/* functools.partial.__call__(self, /, *args, **keywords) */
wcv wcb_partial_call(wcb_ctx *ctx, wcb_function *self, wcv *arguments) {
    (void)self;
    const wcv function = wcb_getattr(ctx, arguments[0], WCB_N_func);
    const wcv fixed = function ? wcb_getattr(ctx, arguments[0], WCB_N_args) : 0;
    const wcv keywords = fixed ? wcb_getattr(ctx, arguments[0], WCB_N_keywords) : 0;
    const wcv all = keywords ? wcb_new_list(ctx, 0, NULL) : 0, named = all ? wcb_new_dict(ctx, 0, NULL) : 0;
    if (!named || wcb_list_extend(ctx, all, fixed) < 0 || wcb_list_extend(ctx, all, arguments[1]) < 0) return 0;
    if (wcb_dict_merge_mapping(ctx, named, keywords) < 0 || wcb_dict_merge_mapping(ctx, named, arguments[2]) < 0) return 0;
    if (wcb_enter(ctx) < 0) return 0;
    const wcv result = wcb_call_spread(ctx, function, all, named);
    ctx->depth--;
    return result;
}

/* An object with __call__. One may be the __call__ of the next for ever, so levels count. */
static wcv calls_object(wcb_ctx *ctx, wcv callee, const wcb_args *args) {
    wcv function = wcb_lookup_special(ctx, callee, WCB_N___call__);
    if (!function) return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not callable", callee);
    if (wcb_is_kind(function, WCB_KIND_FUNCTION)) {
        const wcv result = WCB_AS(wcb_function, function)->info->entry == wcb_partial_call
                               ? calls_partial(ctx, callee, args) : WCB_NOT_IMPLEMENTED;
        return result != WCB_NOT_IMPLEMENTED ? result : wcb_call_function(ctx, (wcb_function *)function, callee, args);
    }
    if (!wcb_descend(ctx)) return 0;
    wcv result = wcb_call_bound(ctx, function, callee, args);
    ctx->depth--;
    return result;
}

wcv wcb_call(wcb_ctx *ctx, wcv callee, const wcb_args *args) {
    const wcb_type *type = wcb_type_of(callee);
    if (type->index < 0 && type->kind != WCB_KIND_TYPE) return calls_object(ctx, callee, args);
    switch (type->kind) {
    case WCB_KIND_FUNCTION: return wcb_call_function(ctx, WCB_AS(wcb_function, callee), 0, args);
    case WCB_KIND_METHOD:
        return wcb_call_prepended(ctx, WCB_AS(wcb_method, callee)->function, WCB_AS(wcb_method, callee)->self, args);
    case WCB_KIND_BUILTIN: return wcb_builtins[WCB_AS(wcb_builtin, callee)->builtin].call(ctx, args);
    case WCB_KIND_BUILTIN_METHOD: return calls_builtin_method(ctx, WCB_AS(wcb_builtin_method, callee), args);
    case WCB_KIND_TYPE: return calls_class(ctx, (wcb_type *)callee, args);
    case WCB_KIND_STATICMETHOD: return wcb_call(ctx, WCB_AS(wcb_wrapped, callee)->function, args);
    default: return calls_object(ctx, callee, args);
    }
}

wcv wcb_call_values(wcb_ctx *ctx, wcv callee, int32_t count, const wcv *values) {
    wcb_args args = {.values = values, .count = count};
    return wcb_call(ctx, callee, &args);
}

wcv wcb_call_prepended(wcb_ctx *ctx, wcv callee, wcv first, const wcb_args *args) {
    if (wcb_is_kind(callee, WCB_KIND_FUNCTION)) return wcb_call_function(ctx, WCB_AS(wcb_function, callee), first, args);
    int32_t total = args->count + args->num_keywords;
    wcv room[CALLS_ON_STACK], *values = room;
    if (total >= CALLS_ON_STACK) values = wcb_alloc(ctx, sizeof(wcv) * ((size_t)total + 1));
    if (!values) return 0;
    values[0] = first;
    for (int32_t i = 0; i < total; i++) values[i + 1] = args->values[i];
    wcb_args longer = {values, args->keywords, args->count + 1, args->num_keywords};
    return wcb_call(ctx, callee, &longer);
}

wcv wcb_call_bound(wcb_ctx *ctx, wcv function, wcv self, const wcb_args *args) {
    if (wcb_is_kind(function, WCB_KIND_FUNCTION)) return wcb_call_function(ctx, WCB_AS(wcb_function, function), self, args);
    wcv bound = wcb_bind(ctx, function, self, wcb_type_of(self), WCB_N___call__);
    return bound ? wcb_call(ctx, bound, args) : 0;
}

wcv wcb_call_special(wcb_ctx *ctx, wcv v, wcv function, int32_t count, const wcv *arguments) {
    wcb_args args = {.values = arguments, .count = count};
    return wcb_call_bound(ctx, function, v, &args);
}

bool wcb_is_callable(wcb_ctx *ctx, wcv v) {
    switch (wcb_kind(v)) {
    case WCB_KIND_FUNCTION: case WCB_KIND_METHOD: case WCB_KIND_BUILTIN: case WCB_KIND_BUILTIN_METHOD: case WCB_KIND_TYPE:
    case WCB_KIND_STATICMETHOD:
        return true;
    default: return wcb_lookup_special(ctx, v, WCB_N___call__) != 0;
    }
}

/* f(*positional, **keywords) */
wcv wcb_call_spread(wcb_ctx *ctx, wcv callee, wcv positional, wcv keywords) {
    const wcv *items = NULL;
    int64_t count = 0;
    if (positional && wcb_is_kind(positional, WCB_KIND_TUPLE)) {
        items = WCB_AS(wcb_tuple, positional)->items;
        count = WCB_AS(wcb_tuple, positional)->length;
    } else if (positional) {
        items = WCB_AS(wcb_list, positional)->items;
        count = WCB_AS(wcb_list, positional)->length;
    }
    const wcb_table *table = keywords ? WCB_AS(wcb_table, keywords) : NULL;
    int32_t num_keywords = table ? table->used : 0;
    size_t room_needed = (size_t)count + 2 * (size_t)num_keywords;
    wcv room[CALLS_ON_STACK], *values = room;
    if (room_needed > CALLS_ON_STACK) values = wcb_alloc(ctx, sizeof(wcv) * room_needed);
    if (!values) return 0;
    if (count) memcpy(values, items, sizeof(wcv) * (size_t)count);
    wcv *value = values + count, *names = value + num_keywords, *name = names;
    for (int32_t i = 0; table && i < table->filled; i++) {
        wcv key = table->entries[i].key;
        if (!key) continue;
        if (!wcb_is_kind(key, WCB_KIND_STR)) return wcb_raise(ctx, WCB_TYPE_TypeError, "keywords must be strings");
        *value++ = table->entries[i].value;
        *name++ = key;
    }
    wcb_args args = {values, names, (int32_t)count, num_keywords};
    return wcb_call(ctx, callee, &args);
}

/* ---- methods, without making a bound method ---- */
static wcv calls_attribute(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    wcv callee = wcb_getattr(ctx, self, name_id);
    return callee ? wcb_call(ctx, callee, args) : 0;
}

static wcv calls_on_class(wcb_ctx *ctx, wcb_type *cls, int32_t name_id, const wcb_args *args) {
    if (cls->type != WCB_TYPE(type)) return calls_attribute(ctx, (wcv)cls, name_id, args);
    wcv member = wcb_lookup(ctx, cls, name_id);
    if (!member) {
        bool known = wcb_kind_has(cls->kind, name_id) || wcb_kind_has(WCB_KIND_TYPE, name_id);
        return known ? calls_from_type(ctx, cls, name_id, args) : calls_attribute(ctx, (wcv)cls, name_id, args);
    }
    if (wcb_is_kind(member, WCB_KIND_FUNCTION)) return wcb_call_function(ctx, WCB_AS(wcb_function, member), 0, args);
    if (wcb_is_kind(member, WCB_KIND_CLASSMETHOD) && wcb_is_kind(WCB_AS(wcb_wrapped, member)->function, WCB_KIND_FUNCTION))
        return wcb_call_function(ctx, WCB_AS(wcb_function, WCB_AS(wcb_wrapped, member)->function), (wcv)cls, args);
    return calls_attribute(ctx, (wcv)cls, name_id, args);
}

static wcv calls_on_super(wcb_ctx *ctx, wcb_super *super, int32_t name_id, const wcb_args *args) {
    if (wcb_is_kind(super->self, WCB_KIND_TYPE)) return calls_attribute(ctx, (wcv)super, name_id, args);
    wcb_type *native;
    wcv member = wcb_super_find(ctx, super, name_id, &native);
    if (member && wcb_is_kind(member, WCB_KIND_FUNCTION))
        return wcb_call_function(ctx, WCB_AS(wcb_function, member), super->self, args);
    if (native && !wcb_is_class_level(name_id)) return wcb_native_call(ctx, native->kind, super->self, name_id, args);
    return calls_attribute(ctx, (wcv)super, name_id, args);
}

wcv wcb_call_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    wcb_type *type = wcb_type_of(self);
    if (type->kind == WCB_KIND_TYPE) return calls_on_class(ctx, (wcb_type *)self, name_id, args);
    if (type->index >= 0) {
        if (type->kind == WCB_KIND_SUPER) return calls_on_super(ctx, WCB_AS(wcb_super, self), name_id, args);
        bool native = wcb_kind_has(type->kind, name_id) && !wcb_is_class_level(name_id);
        return native ? wcb_native_call(ctx, type->kind, self, name_id, args) : calls_attribute(ctx, self, name_id, args);
    }
    if (type->flags & WCB_TYPE_HAS_DATA_NAMES && wcb_lookup(ctx, type, WCB_N___getattribute__))
        return calls_attribute(ctx, self, name_id, args);
    wcv member = wcb_lookup(ctx, type, name_id);
    bool native = !member && type->kind != WCB_KIND_INSTANCE && wcb_kind_has(type->kind, name_id);
    if (!native && (!member || !wcb_is_kind(member, WCB_KIND_FUNCTION))) return calls_attribute(ctx, self, name_id, args);
    wcb_instance *bag = wcb_bag(ctx, self, false);
    wcv own = bag ? wcb_slot_get(ctx, bag, name_id) : 0;
    if (own) return wcb_call(ctx, own, args);
    if (native && wcb_is_class_level(name_id)) return calls_attribute(ctx, self, name_id, args);
    if (native) return wcb_native_call(ctx, type->kind, self, name_id, args);
    return wcb_call_function(ctx, WCB_AS(wcb_function, member), self, args);
}
