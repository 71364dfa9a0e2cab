/* Generators: resuming them, sending into them, ending them; `yield from`. */
#include "tables.h"

wcv wcb_new_generator(wcb_ctx *ctx, wcb_function *function, wcb_resume resume, int32_t num_slots) {
    wcb_generator *generator = wcb_alloc(ctx, sizeof *generator + sizeof(wcv) * (size_t)num_slots);
    if (generator == NULL) return 0;
    *generator = (wcb_generator){.type = WCB_TYPE(generator), .resume = resume, .function = function, .num_slots = num_slots};
    memset(generator->slots, 0, sizeof(wcv) * (size_t)num_slots);
    return (wcv)generator;
}

/* Turns the StopIteration that ended a generator's body into a RuntimeError. */
static void generators_hide_stop(wcb_ctx *ctx) {
    if (!tables_pending(ctx, WCB_TYPE(StopIteration))) return;
    wcv stop = ctx->exception;
    ctx->exception = 0;
    wcb_raise(ctx, WCB_TYPE_RuntimeError, "generator raised StopIteration");
    if (ctx->status != 0) return;
    WCB_AS(wcb_exception, ctx->exception)->cause = stop;
    WCB_AS(wcb_exception, ctx->exception)->context = stop;
}

/* Runs a generator until its next yield. 0: it ended (its result is left in `result`) or failed. With `sent` 0, the
 * pending exception is raised inside. What the generator is handling is its own business, and the caller's its own. */
wcv generators_resume(wcb_ctx *ctx, wcb_generator *generator, wcv sent) {
    if (generator->running) {
        if (sent != 0) wcb_raise(ctx, WCB_TYPE_ValueError, "generator already executing");
        return 0;
    }
    if (generator->state == 0 && sent != WCB_NONE) {
        if (sent != 0) return wcb_raise(ctx, WCB_TYPE_TypeError, "can't send non-None value to a just-started generator");
        wcb_touch(ctx, generator);
        generator->state = -1;
        generators_hide_stop(ctx);
    }
    if (generator->state < 0) return 0;
    wcb_touch(ctx, generator);
    wcv handled = ctx->handled;
    if (generator->handled != 0) ctx->handled = generator->handled;
    generator->running = 1;
    wcv value = generator->resume(ctx, generator, sent);
    generator->running = 0;
    generator->handled = value != 0 && ctx->handled != handled ? ctx->handled : 0;
    ctx->handled = handled;
    if (value == 0) {
        generator->state = -1;
        if (ctx->exception != 0) generators_hide_stop(ctx);
    }
    return value;
}

/* The same where nobody asks for the result. */
wcv generators_next(wcb_ctx *ctx, wcb_generator *generator) {
    wcv value = generators_resume(ctx, generator, WCB_NONE);
    if (value == 0 && generator->result != 0) {
        wcb_touch(ctx, generator);
        generator->result = 0;
    }
    return value;
}

/* What a generator returned, once. */
static wcv generators_take_result(wcb_ctx *ctx, wcb_generator *generator) {
    wcv result = generator->result;
    if (result == 0) return WCB_NONE;
    wcb_touch(ctx, generator);
    generator->result = 0;
    return result;
}

/* generator.send(value): as resuming, with a StopIteration at the end. */
wcv generators_send(wcb_ctx *ctx, wcb_generator *generator, wcv value) {
    wcv result = generators_resume(ctx, generator, value);
    if (result != 0 || ctx->exception != 0) return result;
    wcv returned = generators_take_result(ctx, generator);
    return wcb_raise_with(ctx, WCB_TYPE_StopIteration, returned == WCB_NONE ? 0 : returned);
}

static int generators_close(wcb_ctx *ctx, wcb_generator *generator) {
    if (generator->running) {
        wcb_raise(ctx, WCB_TYPE_ValueError, "generator already executing");
        return -1;
    }
    if (generator->state < 0) return 0;
    wcb_raise_with(ctx, WCB_TYPE_GeneratorExit, 0);
    if (generators_resume(ctx, generator, 0) != 0) {
        wcb_raise(ctx, WCB_TYPE_RuntimeError, "generator ignored GeneratorExit");
        return -1;
    }
    generator->result = 0;
    if (tables_pending(ctx, WCB_TYPE(GeneratorExit))) ctx->exception = 0;
    return ctx->exception != 0 ? -1 : 0;
}

/* generator.throw(type or exception[, value[, traceback]]) */
static wcv generators_throw(wcb_ctx *ctx, wcb_generator *generator, const wcb_args *args) {
    if (tables_arguments(ctx, args, "throw", 1, 3) < 0) return 0;
    if (generator->running) return wcb_raise(ctx, WCB_TYPE_ValueError, "generator already executing");
    wcv exception = args->values[0], value = args->count > 1 ? args->values[1] : WCB_NONE;
    if (wcb_is_kind(exception, WCB_KIND_EXCEPTION) && value != WCB_NONE)
        return wcb_raise(ctx, WCB_TYPE_TypeError, "instance exception may not have a separate value");
    if (wcb_is_kind(exception, WCB_KIND_TYPE) && value != WCB_NONE) {
        bool is_tuple = wcb_is_kind(value, WCB_KIND_TUPLE);
        if (wcb_is_kind(value, WCB_KIND_EXCEPTION)) exception = value;
        else if (is_tuple) exception = wcb_call_values(ctx, exception, (int32_t)WCB_AS(wcb_tuple, value)->length, WCB_AS(wcb_tuple, value)->items);
        else exception = wcb_call_values(ctx, exception, 1, &value);
        if (exception == 0) return 0;
    }
    if (!wcb_is_kind(exception, WCB_KIND_EXCEPTION) && !wcb_is_kind(exception, WCB_KIND_TYPE))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "exceptions must be classes or instances deriving from BaseException, not %V", exception);
    wcb_raise_value(ctx, exception, 0);
    if (!tables_pending(ctx, WCB_TYPE(BaseException))) return 0;
    wcv result = generators_resume(ctx, generator, 0);
    if (result != 0 || ctx->exception != 0) return result;
    wcv returned = generators_take_result(ctx, generator);
    return wcb_raise_with(ctx, WCB_TYPE_StopIteration, returned == WCB_NONE ? 0 : returned);
}

wcv wcb_generator_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    wcb_generator *generator = WCB_AS(wcb_generator, self);
    switch (name_id) {
    case WCB_N_throw: return generators_throw(ctx, generator, args);
    case WCB_N_send:
        return tables_arguments(ctx, args, "generator.send", 1, 1) < 0 ? 0 : generators_send(ctx, generator, args->values[0]);
    case WCB_N_close: case WCB_N___next__: case WCB_N___iter__:
        if (tables_arguments(ctx, args, "method", 0, 0) < 0) return 0;
        if (name_id == WCB_N___iter__) return self;
        if (name_id == WCB_N___next__) return generators_send(ctx, generator, WCB_NONE);
        return generators_close(ctx, generator) < 0 ? 0 : WCB_NONE;
    default: return tables_no_method(ctx, self, name_id);
    }
}

/* ---- yield from ---- */

/* Hands a pending exception to the inner iterator. 0 with an exception: it goes on in the outer generator. */
static wcv generators_throw_into(wcb_ctx *ctx, wcv iterator) {
    wcv exception = ctx->exception;
    bool leaves = tables_pending(ctx, WCB_TYPE(GeneratorExit));
    wcb_generator *inner = wcb_is_kind(iterator, WCB_KIND_GENERATOR) ? WCB_AS(wcb_generator, iterator) : NULL;
    if (ctx->status != 0) return 0;
    if (inner != NULL && !leaves) return generators_resume(ctx, inner, 0);
    ctx->exception = 0;
    if (inner != NULL) {
        if (generators_close(ctx, inner) < 0) return 0;
    } else {
        wcv method = wcb_getattr_or(ctx, iterator, leaves ? WCB_N_close : WCB_N_throw, 0);
        if (method == 0 && ctx->exception != 0) return 0;
        wcv result = method == 0 ? 0 : wcb_call_values(ctx, method, leaves ? 0 : 1, &exception);
        if (method != 0 && !leaves) return result;
        if (method != 0 && result == 0) return 0;
    }
    ctx->exception = exception;
    return 0;
}

wcv wcb_yield_from(wcb_ctx *ctx, wcv iterator, wcv sent, wcv *result) {
    wcv value;
    if (ctx->exception != 0) {
        value = generators_throw_into(ctx, iterator);
    } else if (wcb_is_kind(iterator, WCB_KIND_GENERATOR)) {
        value = generators_resume(ctx, WCB_AS(wcb_generator, iterator), sent);
    } else if (sent == WCB_NONE) {
        value = wcb_next_or_raise(ctx, iterator);
    } else {
        wcb_args args = {&sent, NULL, 1, 0};
        value = wcb_call_method(ctx, iterator, WCB_N_send, &args);
    }
    if (value != 0) return value;
    *result = WCB_NONE;
    if (ctx->exception == 0) {
        *result = generators_take_result(ctx, WCB_AS(wcb_generator, iterator));
    } else if (tables_pending(ctx, WCB_TYPE(StopIteration))) {
        const wcb_tuple *arguments = WCB_AS(wcb_tuple, WCB_AS(wcb_exception, ctx->exception)->arguments);
        if (arguments->length > 0) *result = arguments->items[0];
        ctx->exception = 0;
    }
    return 0;
}
