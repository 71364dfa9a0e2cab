/* What generated code calls besides the functions that value.h lists: calls with their arguments in one row, and the
 * rare cases of control flow. */
#include "value.h"

/* values[0..count) positional, then num_keywords values, then as many keywords (str). */
wcv wcb_call_row(wcb_ctx *ctx, wcv callee, int32_t count, int32_t num_keywords, const wcv *row) {
    if (wcb_is_object(callee) && WCB_AS(wcb_object, callee)->type == WCB_TYPE(function)) {
        wcb_function *function = WCB_AS(wcb_function, callee);
        const wcb_code_info *info = function->info;
        const bool plain = !info->num_keyword_only && !info->var_positional && !info->var_keyword;
        if (plain && !num_keywords && info->num_positional == count) return info->entry(ctx, function, (wcv *)row);
    }
    wcb_args args = {row, row + count + num_keywords, count, num_keywords};
    return wcb_call(ctx, callee, &args);
}

wcv wcb_call_method_row(wcb_ctx *ctx, wcv self, int32_t name_id, int32_t count, int32_t num_keywords, const wcv *row) {
    wcb_args args = {row, row + count + num_keywords, count, num_keywords};
    return wcb_call_method(ctx, self, name_id, &args);
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
    return wcb_isinstance(ctx, v, types);
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
