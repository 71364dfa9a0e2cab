/* What generated code calls besides the functions that value.h lists: calls with their arguments in one row, and the
 * rare cases of control flow. */
#include "objects.h"
#include "operators.h"

enum { SUPPORT_MOST_ARGUMENTS = 8 }; /* of a method that is entered at once */

static inline bool support_is_plain(const wcb_code_info *info, int32_t count) {
    return info->num_positional == count && !info->num_keyword_only && !info->var_positional && !info->var_keyword;
}

/* values[0..count) positional, then num_keywords values, then as many keywords (str). */
wcv wcb_call_row(wcb_ctx *ctx, wcv callee, int32_t count, int32_t num_keywords, const wcv *row) {
    if (wcb_is_object(callee) && WCB_AS(wcb_object, callee)->type == WCB_TYPE(function)) {
        wcb_function *function = WCB_AS(wcb_function, callee);
        if (!num_keywords && support_is_plain(function->info, count))
            return function->info->entry(ctx, function, (wcv *)row);
    }
    wcb_args args = {row, row + count + num_keywords, count, num_keywords};
    if (wcb_is_object(callee) && WCB_AS(wcb_object, callee)->type == WCB_TYPE(type))
        return wcb_construct(ctx, WCB_AS(wcb_type, callee), &args);
    return wcb_call(ctx, callee, &args);
}

wcv wcb_call_method_row(wcb_ctx *ctx, wcv self, int32_t name_id, int32_t count, int32_t num_keywords, const wcv *row) {
    wcb_args args = {row, row + count + num_keywords, count, num_keywords};
    if (!wcb_is_object(self)) return wcb_call_method(ctx, self, name_id, &args);
    const wcb_type *type = ((wcb_object *)self)->type;
    if (type == WCB_TYPE(dict) && name_id == WCB_N_get && count == 2 && !num_keywords) {
        const wcv value = wcb_dict_get(ctx, self, row[0]);
        return value || ctx->exception ? value : row[1];
    }
    if (type == WCB_TYPE(set) && name_id == WCB_N_add && count == 1 && !num_keywords)
        return wcb_set_add(ctx, self, row[0]) < 0 ? 0 : WCB_NONE;
    if (count >= SUPPORT_MOST_ARGUMENTS || type->index >= 0 || type->kind != WCB_KIND_INSTANCE || num_keywords ||
        type->flags & WCB_TYPE_HAS_DATA_NAMES)
        return wcb_call_method(ctx, self, name_id, &args);
    const wcv method = type->cache[name_id];
    const int16_t slot = ctx->program->slot_of_name[name_id];
    if (!wcb_is_kind(method, WCB_KIND_FUNCTION) || (slot >= 0 && WCB_AS(wcb_instance, self)->slots[slot]) ||
        !support_is_plain(WCB_AS(wcb_function, method)->info, count + 1))
        return wcb_call_method(ctx, self, name_id, &args);
    wcv arguments[SUPPORT_MOST_ARGUMENTS] = {self};
    for (int32_t i = 0; i < count; i++) arguments[i + 1] = row[i];
    return WCB_AS(wcb_function, method)->info->entry(ctx, WCB_AS(wcb_function, method), arguments);
}

wcv wcb_call_builtin_row(wcb_ctx *ctx, int32_t builtin, int32_t count, int32_t num_keywords, const wcv *row) {
    wcb_args args = {row, row + count + num_keywords, count, num_keywords};
    return wcb_builtins[builtin].call(ctx, &args);
}

wcv wcb_type_value(wcb_ctx *ctx, wcv v) {
    (void)ctx;
    return (wcv)(uintptr_t)wcb_type_of(v);
}

/* A generator ended with an exception: StopIteration becomes RuntimeError. Returns 0. */
wcv wcb_generator_failed(wcb_ctx *ctx) {
    if (ctx->status == 0 && ctx->exception != 0 && wcb_is_subtype(wcb_type_of(ctx->exception), WCB_TYPE(StopIteration))) {
        wcv cause = ctx->exception;
        ctx->exception = 0;
        wcb_raise(ctx, WCB_TYPE_RuntimeError, "generator raised StopIteration");
        if (ctx->exception != 0 && wcb_is_kind(ctx->exception, WCB_KIND_EXCEPTION))
            WCB_AS(wcb_exception, ctx->exception)->cause = cause;
    }
    return 0;
}

int32_t wcb_set_global(wcb_ctx *ctx, int32_t index, wcv value) {
    if (!ctx->loading) ctx->dirty = 1;
    ctx->globals[index] = value;
    return 0;
}

/* object.__setattr__(v, name, value) */
int32_t wcb_object_setattr(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value) {
    const wcv values[2] = {ctx->program->names[name_id], value};
    const wcb_args args = {values, NULL, 2, 0};
    return wcb_native_call(ctx, WCB_KIND_INSTANCE, v, WCB_N___setattr__, &args) ? 0 : -1;
}

int32_t wcb_set_cell(wcb_ctx *ctx, wcv cell, wcv value) {
    wcb_touch(ctx, WCB_AS(wcb_cell, cell));
    WCB_AS(wcb_cell, cell)->value = value;
    return 0;
}

wcv wcb_too_deep(wcb_ctx *ctx) {
    return wcb_raise(ctx, WCB_TYPE_RecursionError, "maximum recursion depth exceeded");
}

wcv wcb_out_of_fuel(wcb_ctx *ctx) {
    return wcb_limit(ctx, WC_STATUS_OUT_OF_FUEL);
}

wcv wcb_append(wcb_ctx *ctx, wcv target, wcv item) {
    if (wcb_is_object(target) && WCB_AS(wcb_object, target)->type == WCB_TYPE(list))
        return wcb_list_append(ctx, target, item) < 0 ? 0 : WCB_NONE;
    return wcb_call_method_row(ctx, target, WCB_N_append, 1, 0, &item);
}

wcv wcb_len(wcb_ctx *ctx, wcv v) {
    int64_t length = wcb_length(ctx, v);
    return length < 0 ? 0 : wcb_from_small(length);
}

wcv wcb_raise_stop(wcb_ctx *ctx) {
    return wcb_raise_with(ctx, WCB_TYPE_StopIteration, 0);
}

/* Truth of a comparison. */
int32_t wcb_test(wcb_ctx *ctx, int32_t op, wcv a, wcv b) {
    wcv value = wcb_compare(ctx, op, a, b);
    return value == 0 ? -1 : wcb_truth(ctx, value);
}

int32_t wcb_ne(wcb_ctx *ctx, wcv a, wcv b) {
    if (a == b && (wcb_is_small(a) || wcb_is_kind(a, WCB_KIND_STR))) return 0;
    return wcb_test(ctx, WCB_NE, a, b);
}

/* isinstance(v, types), where the type of v is not `types` itself. */
int32_t wcb_is_other_instance(wcb_ctx *ctx, wcv v, wcv types) {
    if (wcb_is_kind(types, WCB_KIND_TYPE)) {
        const wcb_type *cls = (const wcb_type *)types;
        if (cls->type->index >= 0) { /* no metaclass of the program */
            if (wcb_is_subtype(wcb_type_of(v), cls)) return 1;
            if (cls->index >= 0 || cls->cache[WCB_N___wc_instancecheck__] == WCB_NOT_IMPLEMENTED) return 0;
        }
    }
    if (wcb_is_object(types) && ((wcb_object *)types)->type == WCB_TYPE(tuple)) {
        const wcb_tuple *tuple = WCB_AS(wcb_tuple, types);
        int64_t i = 0;
        for (; i < tuple->length; i++) {
            const wcb_type *cls = (const wcb_type *)tuple->items[i];
            if (!wcb_is_kind((wcv)cls, WCB_KIND_TYPE) || cls->type->index < 0) break;
            if (wcb_is_subtype(wcb_type_of(v), cls)) return 1;
            if (cls->index < 0 && cls->cache[WCB_N___wc_instancecheck__] != WCB_NOT_IMPLEMENTED) break;
        }
        if (i == tuple->length) return 0;
    }
    return wcb_isinstance(ctx, v, types);
}

static int32_t support_compares_pair(wcb_ctx *ctx, wcv first, wcv second, wcv other, bool pair_first, int op) {
    if (wcb_is_object(other) && ((wcb_object *)other)->type == WCB_TYPE(tuple)) {
        const wcb_tuple *tuple = WCB_AS(wcb_tuple, other);
        if (tuple->length != 2) return op == WCB_NE;
        const int same = operators_quick_same(first, tuple->items[0]);
        if (!same) return op == WCB_NE;
        const int both = same < 0 ? -1 : operators_quick_same(second, tuple->items[1]);
        if (both >= 0) return both == (op == WCB_EQ);
    }
    const wcv pair = wcb_pair(ctx, first, second);
    return pair ? wcb_test(ctx, op, pair_first ? pair : other, pair_first ? other : pair) : -1;
}

/* Truth of (first, second) == other, or of other == (first, second), without making the tuple where it can be told. */
int32_t wcb_equals_pair(wcb_ctx *ctx, wcv first, wcv second, wcv other, int32_t pair_first) {
    return support_compares_pair(ctx, first, second, other, pair_first, WCB_EQ);
}

int32_t wcb_differs_pair(wcb_ctx *ctx, wcv first, wcv second, wcv other, int32_t pair_first) {
    return support_compares_pair(ctx, first, second, other, pair_first, WCB_NE);
}

/* type(v) of a built-in type that takes one value. */
wcv wcb_convert(wcb_ctx *ctx, int32_t type, wcv v) {
    const wcb_args args = {&v, NULL, 1, 0};
    switch (type) {
    case WCB_TYPE_int:
        if (wcb_is_small(v)) return v;
        if (v == WCB_TRUE || v == WCB_FALSE) return wcb_from_small(v == WCB_TRUE);
        break;
    case WCB_TYPE_str:
        if (wcb_is_object(v) && ((wcb_object *)v)->type == WCB_TYPE(str)) return v;
        break;
    case WCB_TYPE_list: return wcb_list_of(ctx, v);
    case WCB_TYPE_tuple: return wcb_tuple_of(ctx, v);
    default: break;
    }
    return wcb_construct(ctx, &wcb_types[type], &args);
}

/* hasattr(v, name) */
int32_t wcb_has_attribute(wcb_ctx *ctx, wcv v, int32_t name_id) {
    if (wcb_getattr_or(ctx, v, name_id, 0)) return 1;
    return ctx->exception ? -1 : 0;
}

wcv wcb_pair(wcb_ctx *ctx, wcv first, wcv second) {
    wcb_tuple *tuple = wcb_alloc(ctx, sizeof *tuple + 2 * sizeof(wcv));
    if (!tuple) return 0;
    *tuple = (wcb_tuple){.type = WCB_TYPE(tuple), .length = 2};
    tuple->items[0] = first;
    tuple->items[1] = second;
    return (wcv)tuple;
}

wcv wcb_triple(wcb_ctx *ctx, wcv first, wcv second, wcv third) {
    wcb_tuple *tuple = wcb_alloc(ctx, sizeof *tuple + 3 * sizeof(wcv));
    if (!tuple) return 0;
    *tuple = (wcb_tuple){.type = WCB_TYPE(tuple), .length = 3};
    tuple->items[0] = first;
    tuple->items[1] = second;
    tuple->items[2] = third;
    return (wcv)tuple;
}

/* An empty list with room for what a comprehension over an iterable gives; None: for a few. */
wcv wcb_new_list_for(wcb_ctx *ctx, wcv iterable) {
    int64_t room = 8;
    switch (wcb_kind(iterable)) {
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: case WCB_KIND_DICT: room = WCB_AS(wcb_table, iterable)->used; break;
    case WCB_KIND_LIST: room = WCB_AS(wcb_list, iterable)->length; break;
    case WCB_KIND_TUPLE: room = WCB_AS(wcb_tuple, iterable)->length; break;
    default: break;
    }
    if (room > 1024) room = 1024;
    wcb_list *list = wcb_alloc(ctx, sizeof *list + sizeof(wcv) * (size_t)room);
    if (!list) return 0;
    *list = (wcb_list){WCB_TYPE(list), 0, room, (wcv *)(list + 1), 0};
    return (wcv)list;
}

/* An empty set with room for as many elements as an iterable has, where that is known. */
wcv wcb_new_set_for(wcb_ctx *ctx, wcv iterable) {
    int32_t room = 0;
    switch (wcb_kind(iterable)) {
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: case WCB_KIND_DICT: room = WCB_AS(wcb_table, iterable)->used; break;
    case WCB_KIND_LIST: room = (int32_t)WCB_AS(wcb_list, iterable)->length; break;
    default: break;
    }
    return (wcv)wcb_table_new(ctx, WCB_TYPE(set), room < 1024 ? room : 1024);
}
