/* What generated code calls besides the functions that value.h lists: calls with their arguments in one row, and the
 * rare cases of control flow. */
#include "value.h"

/* values[0..count) positional, then num_keywords values, then as many keywords (str). */
wcv wcb_call_row(wcb_ctx *ctx, wcv callee, int32_t count, int32_t num_keywords, const wcv *row) {
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
