/* Copies of what is no plain container or instance, deep and shallow, as the functions of Python's copy module make
 * them: __deepcopy__ and __copy__, __new__, __getstate__ and __setstate__, subclasses of built-in types.
 */
#include "copying.h"
#include "sequences.h"

static wcv reconstruction_refuse(wcb_ctx *ctx, wcv v) {
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "cannot pickle '%V' object", v);
}

/* ---- the new object ---- */

/* cls.__new__(cls, *arguments) */
static wcv reconstruction_call_new(wcb_ctx *ctx, wcb_type *type, const wcb_tuple *arguments) {
    wcv values = wcb_new_list(ctx, 0, NULL), tuple = (wcv)arguments;
    if (!values || wcb_list_append(ctx, values, (wcv)type) < 0) return 0;
    if (tuple && wcb_list_extend(ctx, values, tuple) < 0) return 0;
    wcv callee = wcb_getattr(ctx, (wcv)type, WCB_N___new__);
    if (!callee) return 0;
    return wcb_call_values(ctx, callee, (int32_t)WCB_AS(wcb_list, values)->length, WCB_AS(wcb_list, values)->items);
}

static wcv reconstruction_copied_tuple(wcb_ctx *ctx, copying_run *run, const wcb_tuple *tuple) {
    wcv result = wcb_new_tuple(ctx, tuple->length, tuple->items);
    for (int64_t i = 0; result && i < tuple->length; i++) {
        wcv item = copying_part(ctx, run, tuple->items[i]);
        if (!item) return 0;
        WCB_AS(wcb_tuple, result)->items[i] = item;
    }
    return result;
}

/* The value of an instance of a subclass of int, float or str as one of that type itself. */
static wcv reconstruction_base_value(wcb_ctx *ctx, wcv v) {
    switch (wcb_kind(v)) {
    case WCB_KIND_INT: return wcb_int(ctx, WCB_AS(wcb_boxed_int, v)->value);
    case WCB_KIND_FLOAT: return wcb_new_float(ctx, WCB_AS(wcb_float, v)->value);
    default: break;
    }
    const wcb_str *text = WCB_AS(wcb_str, v);
    size_t bytes = offsetof(wcb_str, data) + (size_t)text->length * text->width;
    wcb_str *copy = wcb_alloc(ctx, bytes);
    if (!copy) return 0;
    memcpy(copy, text, bytes);
    copy->type = WCB_TYPE(str);
    copy->attributes = 0;
    copy->interned = 0;
    return (wcv)copy;
}

/* Instances of a program's classes: through __new__, with what __getnewargs__ or the built-in type below gives it. */
static wcv reconstruction_by_new(wcb_ctx *ctx, copying_run *run, wcv v) {
    wcb_type *type = wcb_type_of(v);
    wcv arguments = 0, getter = operators_find(ctx, type, WCB_N___getnewargs__);
    bool named_tuple = type->kind == WCB_KIND_TUPLE && wcb_lookup(ctx, type, WCB_N__fields);
    if (getter && !named_tuple) {
        wcv given = wcb_call_special(ctx, v, getter, 0, NULL);
        if (!given) return 0;
        if (!wcb_is_kind(given, WCB_KIND_TUPLE)) {
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "__getnewargs__ should return a tuple, not '%V'", given);
        }
        arguments = reconstruction_copied_tuple(ctx, run, WCB_AS(wcb_tuple, given));
        return arguments ? reconstruction_call_new(ctx, type, WCB_AS(wcb_tuple, arguments)) : 0;
    }
    if (type->kind == WCB_KIND_TUPLE) {
        wcv items = reconstruction_copied_tuple(ctx, run, WCB_AS(wcb_tuple, v));
        if (items && (named_tuple || !operators_find(ctx, type, WCB_N___new__))) {
            WCB_AS(wcb_tuple, items)->type = type;
            return items;
        }
        arguments = items ? wcb_new_tuple(ctx, 1, &items) : 0;
    } else if (type->kind == WCB_KIND_INT || type->kind == WCB_KIND_FLOAT || type->kind == WCB_KIND_STR) {
        wcv value = reconstruction_base_value(ctx, v);
        arguments = value ? wcb_new_tuple(ctx, 1, &value) : 0;
    } else {
        arguments = wcb_new_tuple(ctx, 0, NULL);
    }
    return arguments ? reconstruction_call_new(ctx, type, WCB_AS(wcb_tuple, arguments)) : 0;
}

/* type(list of the copied elements) */
static wcv reconstruction_set(wcb_ctx *ctx, copying_run *run, wcv v) {
    wcv list = wcb_new_list(ctx, 0, NULL);
    if (!list) return 0;
    const wcb_table *set = WCB_AS(wcb_table, v);
    for (int32_t i = 0; i < set->filled; i++) {
        if (!set->entries[i].key) continue;
        wcv item = copying_part(ctx, run, set->entries[i].key);
        if (!item || wcb_list_append(ctx, list, item) < 0) return 0;
    }
    return wcb_call_values(ctx, (wcv)wcb_type_of(v), 1, &list);
}

static wcv reconstruction_dict(wcb_ctx *ctx, copying_run *run, wcv v) {
    wcb_type *type = wcb_type_of(v);
    if (!wcb_is_subtype(type, WCB_TYPE(defaultdict))) return reconstruction_by_new(ctx, run, v);
    wcv factory = WCB_AS(wcb_table, v)->extra;
    if (!factory) return wcb_call_values(ctx, (wcv)type, 0, NULL);
    factory = copying_part(ctx, run, factory);
    return factory ? wcb_call_values(ctx, (wcv)type, 1, &factory) : 0;
}

static wcv reconstruction_deque(wcb_ctx *ctx, wcv v) {
    wcb_type *type = wcb_type_of(v);
    int64_t maxlen = WCB_AS(wcb_deque, v)->maxlen;
    if (type->index >= 0) return (wcv)deques_empty(ctx, type, maxlen);
    wcv values[2] = {wcb_new_tuple(ctx, 0, NULL), wcb_from_small(maxlen)};
    return values[0] ? wcb_call_values(ctx, (wcv)type, maxlen < 0 ? 0 : 2, values) : 0;
}

static wcv reconstruction_exception(wcb_ctx *ctx, copying_run *run, wcv v) {
    wcv arguments = reconstruction_copied_tuple(ctx, run, WCB_AS(wcb_tuple, WCB_AS(wcb_exception, v)->arguments));
    if (!arguments) return 0;
    const wcb_tuple *tuple = WCB_AS(wcb_tuple, arguments);
    return wcb_call_values(ctx, (wcv)wcb_type_of(v), (int32_t)tuple->length, tuple->items);
}

static wcv reconstruction_method(wcb_ctx *ctx, copying_run *run, const wcb_method *method) {
    wcv self = copying_part(ctx, run, method->self);
    return self ? wcb_new_method(ctx, self, method->function) : 0;
}

static wcv reconstruction_slice(wcb_ctx *ctx, copying_run *run, const wcb_slice *slice) {
    wcv start = copying_part(ctx, run, slice->start), stop = start ? copying_part(ctx, run, slice->stop) : 0;
    wcv step = stop ? copying_part(ctx, run, slice->step) : 0;
    return step ? wcb_new_slice(ctx, start, stop, step) : 0;
}

static wcv reconstruction_new(wcb_ctx *ctx, copying_run *run, wcv v) {
    wcb_type *type = wcb_type_of(v);
    switch (type->kind) {
    case WCB_KIND_INSTANCE:
        if (operators_find(ctx, type, WCB_N___new__)) return reconstruction_by_new(ctx, run, v);
        return (wcv)wcb_new_instance(ctx, type);
    case WCB_KIND_INT: case WCB_KIND_FLOAT: case WCB_KIND_STR: case WCB_KIND_TUPLE: case WCB_KIND_LIST:
        return reconstruction_by_new(ctx, run, v);
    case WCB_KIND_DICT: return reconstruction_dict(ctx, run, v);
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: return reconstruction_set(ctx, run, v);
    case WCB_KIND_DEQUE: return reconstruction_deque(ctx, v);
    case WCB_KIND_EXCEPTION: return reconstruction_exception(ctx, run, v);
    case WCB_KIND_METHOD: return reconstruction_method(ctx, run, WCB_AS(wcb_method, v));
    case WCB_KIND_SLICE: return reconstruction_slice(ctx, run, WCB_AS(wcb_slice, v));
    case WCB_KIND_ITERATOR: return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE); /* some can be copied, few ever are */
    default: return reconstruction_refuse(ctx, v);
    }
}

/* ---- its attributes ---- */

static bool reconstruction_is_member(wcb_ctx *ctx, const wcb_type *type, int32_t name_id) {
    if (!(type->flags & WCB_TYPE_HAS_MEMBERS)) return false;
    wcv member = wcb_lookup(ctx, type, name_id);
    return member && wcb_type_of(member) == WCB_TYPE(member_descriptor);
}

/* object.__getstate__: None, the dict of the attributes, or (that or None, the dict of those in __slots__). */
static wcv reconstruction_default_state(wcb_ctx *ctx, wcv v) {
    wcb_instance *bag = wcb_bag(ctx, v, false);
    wcv dicts[2] = {wcb_new_dict(ctx, 0, NULL), wcb_new_dict(ctx, 0, NULL)};
    if (!dicts[0] || !dicts[1]) return 0;
    for (int32_t i = 0; bag && i < bag->num_order; i++) {
        uint8_t slot = wcb_order(bag, ctx->program->num_slots)[i];
        int32_t name_id = ctx->program->name_of_slot[slot];
        bool member = reconstruction_is_member(ctx, wcb_type_of(v), name_id);
        if (wcb_dict_set(ctx, dicts[member], ctx->program->names[name_id], bag->slots[slot]) < 0) return 0;
    }
    if (!WCB_AS(wcb_table, dicts[0])->used) dicts[0] = WCB_NONE;
    return WCB_AS(wcb_table, dicts[1])->used ? wcb_new_tuple(ctx, 2, dicts) : dicts[0];
}

/* copy.__dict__.update(state), or setattr for each item. */
static int reconstruction_store_all(wcb_ctx *ctx, wcv copy, wcv state, bool by_setattr) {
    if (state == WCB_NONE) return 0;
    if (!wcb_is_kind(state, WCB_KIND_DICT)) {
        wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        return -1;
    }
    const wcb_table *table = WCB_AS(wcb_table, state);
    for (int32_t i = 0; i < table->filled; i++) {
        wcv key = table->entries[i].key, value = table->entries[i].value;
        if (!key) continue;
        int32_t name_id = wcb_is_kind(key, WCB_KIND_STR) ? wcb_name_id(ctx, key) : -1;
        if (name_id < 0) {
            wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
            return -1;
        }
        int failed = by_setattr ? wcb_setattr(ctx, copy, name_id, value) : wcb_dict_store(ctx, copy, name_id, value);
        if (failed < 0) return -1;
    }
    return 0;
}

static int reconstruction_set_state(wcb_ctx *ctx, copying_run *run, wcv v, wcv copy) {
    wcv getter = operators_find(ctx, wcb_type_of(v), WCB_N___getstate__);
    wcv state = getter ? wcb_call_special(ctx, v, getter, 0, NULL) : reconstruction_default_state(ctx, v);
    if (!state) return -1;
    if (state == WCB_NONE) return 0;
    if (!(state = copying_part(ctx, run, state))) return -1;
    wcv setter = wcb_getattr_or(ctx, copy, WCB_N___setstate__, 0);
    if (setter) return wcb_call_values(ctx, setter, 1, &state) ? 0 : -1;
    if (ctx->exception) return -1;
    if (wcb_is_kind(state, WCB_KIND_TUPLE) && WCB_AS(wcb_tuple, state)->length == 2) {
        const wcv *parts = WCB_AS(wcb_tuple, state)->items;
        if (reconstruction_store_all(ctx, copy, parts[0], false) < 0) return -1;
        return reconstruction_store_all(ctx, copy, parts[1], true);
    }
    return reconstruction_store_all(ctx, copy, state, false);
}

/* ---- its items ---- */

static int reconstruction_append(wcb_ctx *ctx, copying_run *run, wcv copy, wcv item) {
    if (!(item = copying_part(ctx, run, item))) return -1;
    if (((wcb_object *)copy)->type == WCB_TYPE(deque)) return deques_append(ctx, WCB_AS(wcb_deque, copy), item);
    wcb_args args = {&item, NULL, 1, 0};
    return wcb_call_method(ctx, copy, WCB_N_append, &args) ? 0 : -1;
}

static int reconstruction_store(wcb_ctx *ctx, copying_run *run, wcv copy, wcv pair) {
    wcv items[2];
    if (wcb_unpack(ctx, pair, 2, -1, items) < 0) return -1;
    wcv key = copying_part(ctx, run, items[0]), value = key ? copying_part(ctx, run, items[1]) : 0;
    return value ? wcb_store_subscript(ctx, copy, key, value) : -1;
}

static int reconstruction_fill(wcb_ctx *ctx, copying_run *run, wcv v, wcv copy) {
    static const wcb_args none = {NULL, NULL, 0, 0};
    wcb_kind_t kind = wcb_kind(v);
    if (kind != WCB_KIND_LIST && kind != WCB_KIND_DEQUE && kind != WCB_KIND_DICT) return 0;
    wcv items = kind == WCB_KIND_DICT ? wcb_call_method(ctx, v, WCB_N_items, &none) : v;
    wcv iterator = items ? wcb_iter(ctx, items) : 0;
    if (!iterator) return -1;
    for (;;) {
        wcv item = wcb_next(ctx, iterator);
        if (!item) return ctx->exception ? -1 : 0;
        int failed = kind == WCB_KIND_DICT ? reconstruction_store(ctx, run, copy, item)
                                           : reconstruction_append(ctx, run, copy, item);
        if (failed) return -1;
    }
}

/* ---- copies ---- */

/* __deepcopy__ or __copy__ of a program's class; 0 without an exception: it has none. */
static wcv reconstruction_by_method(wcb_ctx *ctx, copying_run *run, wcv v) {
    wcv holder = run ? v : (wcv)wcb_type_of(v);
    wcv method = wcb_getattr_or(ctx, holder, run ? WCB_N___deepcopy__ : WCB_N___copy__, 0);
    if (!method || method == WCB_NONE) return 0;
    wcv argument = run ? copying_memo(ctx, run) : v;
    return argument ? wcb_call_values(ctx, method, 1, &argument) : 0;
}

static bool reconstruction_is_reduced(wcb_ctx *ctx, const wcb_type *type) {
    return operators_find(ctx, type, WCB_N___reduce_ex__) || operators_find(ctx, type, WCB_N___reduce__) ||
           operators_find(ctx, type, WCB_N___getnewargs_ex__);
}

wcv reconstruction_copy(wcb_ctx *ctx, copying_run *run, wcv v) {
    wcb_type *type = wcb_type_of(v);
    wcv copy = 0;
    if (!copying_enter(ctx, COPYING_INSTANCE_LEVELS)) return 0;
    if (type->index < 0) copy = reconstruction_by_method(ctx, run, v);
    bool made = copy || ctx->exception;
    if (!made && reconstruction_is_reduced(ctx, type)) wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    if (!copy && !ctx->exception) copy = reconstruction_new(ctx, run, v);
    if (copy && run && copy != v && copying_put(ctx, run, v, copy) < 0) copy = 0;
    if (copy && !made) {
        bool has_state = type->index < 0 || type->kind == WCB_KIND_EXCEPTION;
        if (has_state && reconstruction_set_state(ctx, run, v, copy) < 0) copy = 0;
        if (copy && reconstruction_fill(ctx, run, v, copy) < 0) copy = 0;
    }
    ctx->depth -= COPYING_INSTANCE_LEVELS;
    return copy;
}

wcv wcb_copy(wcb_ctx *ctx, wcv v) {
    static const wcb_args none = {NULL, NULL, 0, 0};
    if (copying_is_atomic(v)) return v;
    wcb_type *type = ((wcb_object *)v)->type;
    switch (type->index) {
    case WCB_TYPE_tuple: case WCB_TYPE_frozenset: case WCB_TYPE_slice: return v;
    case WCB_TYPE_list: return wcb_new_list(ctx, WCB_AS(wcb_list, v)->length, WCB_AS(wcb_list, v)->items);
    case WCB_TYPE_dict: case WCB_TYPE_defaultdict: case WCB_TYPE_set:
        return (wcv)wcb_table_copy(ctx, WCB_AS(wcb_table, v), type);
    case WCB_TYPE_deque: return wcb_deque_method(ctx, v, WCB_N_copy, &none);
    default: break;
    }
    if (copying_is_plain(ctx, type) && !operators_find(ctx, type, WCB_N___copy__)) {
        return (wcv)copying_duplicate(ctx, WCB_AS(wcb_instance, v));
    }
    return reconstruction_copy(ctx, NULL, v);
}
