/* Contexts: a program's module loaded for one thread, and put back before each call. */
#include "model.h"

#include <stdlib.h>

/* ---- classes of entity types ---- */

/* class type_name(Entity): pass, or a class with the methods of entities.c where the program has no Entity. */
static wcv contexts_make_class(wcb_context *context, wcv type_name) {
    wcb_ctx *ctx = &context->ctx;
    const wcb_program *program = ctx->program;
    static const int32_t methods[] = {WCB_N___init__, WCB_N___repr__, WCB_N___eq__, WCB_N___hash__};
    wcv base = program->entity_global >= 0 ? ctx->globals[program->entity_global] : 0;
    const wcv members = wcb_new_dict(ctx, 0, NULL);
    if (!members) return 0;
    const wcv module_name = wcb_str_of_c(ctx, "__world_model__");
    if (!module_name || wcb_dict_set(ctx, members, program->names[WCB_N___module__], module_name) < 0) return 0;
    if (!base || !wcb_is_kind(base, WCB_KIND_TYPE)) {
        base = (wcv)WCB_TYPE(object);
        for (int i = 0; i < 4; i++) {
            const wcv method = wcb_new_function(ctx, context->host->plain_info + i, 0, 0, 0, NULL);
            if (!method || wcb_dict_set(ctx, members, program->names[methods[i]], method) < 0) return 0;
        }
    }
    const wcv bases = wcb_new_tuple(ctx, 1, &base);
    return bases ? wcb_new_class(ctx, type_name, bases, members, 0) : 0;
}

/* The program's class of each type. One that cannot be made stays 0: steps that need it fail. */
static int contexts_make_classes(wcb_context *context) {
    wcb_ctx *ctx = &context->ctx;
    const wcb_store *store = context->host->program.store;
    const int32_t count = atomic_load_explicit(&store->num_types, memory_order_acquire);
    const wcb_entity_type *types = atomic_load_explicit(&store->types, memory_order_acquire);
    ctx->type_table = calloc((size_t)count + 1, sizeof(wcv));
    if (!ctx->type_table) return -1;
    for (int32_t i = 0; i < count; i++) {
        wcv cls = types[i].global >= 0 ? ctx->globals[types[i].global] : 0;
        if (!cls || !wcb_is_kind(cls, WCB_KIND_TYPE)) cls = contexts_make_class(context, types[i].name);
        ctx->type_table[i] = cls;
        ctx->exception = ctx->handled = 0;
        ctx->status = 0;
        ctx->depth = 0;
    }
    context->num_types = count;
    return 0;
}

/* ---- loading ---- */

/* REWARD_FUNCS[mission] or reward_func, where looking it up runs none of the program's code. */
static wcv contexts_reward_function(const wcb_context *context) {
    wcb_ctx *ctx = (wcb_ctx *)&context->ctx;
    const wcb_program *program = ctx->program;
    const wcv by_mission = program->reward_funcs_global >= 0 ? ctx->globals[program->reward_funcs_global] : 0;
    if (by_mission && by_mission != WCB_NONE && program->mission != WCB_NONE) {
        if (wcb_type_of(by_mission) != WCB_TYPE(dict)) return 0;
        const wcb_table *table = WCB_AS(wcb_table, by_mission);
        for (int32_t i = 0; i < table->filled; i++)
            if (table->entries[i].key && wcb_type_of(table->entries[i].key) != WCB_TYPE(str)) return 0;
        const wcv function = wcb_dict_get(ctx, by_mission, program->mission);
        if (function) return function;
    }
    return program->reward_global >= 0 ? ctx->globals[program->reward_global] : 0;
}

static bool contexts_has_transition(wcb_ctx *ctx) {
    const int32_t global = ctx->program->transition_global;
    return global >= 0 && ctx->globals[global] && wcb_is_callable(ctx, ctx->globals[global]);
}

static int contexts_load(wcb_context *context) {
    wcb_ctx *ctx = &context->ctx;
    const wcb_program *program = &context->host->program;
    memset(ctx, 0, sizeof *ctx);
    ctx->program = program;
    if (wcb_enter_module(ctx) < 0) return WC_STATUS_OUT_OF_SCRATCH;
    if (!program->module_body(ctx)) return ctx->status ? ctx->status : WC_STATUS_FAILED;
    ctx->depth = 0;
    if (!contexts_has_transition(ctx)) return WC_STATUS_FAILED;
    if (contexts_make_classes(context) < 0) return WC_STATUS_OUT_OF_SCRATCH;
    context->reward_function = contexts_reward_function(context);
    return wcb_leave_module(ctx) < 0 ? WC_STATUS_OUT_OF_SCRATCH : WC_STATUS_OK;
}

/* ---- the life of a context ---- */

void wcb_forget_snapshots(wcb_context *context) {
    if (context->num_snapshots) memset(context->snapshots, 0, sizeof(wcb_snapshot *) * context->num_snapshots);
    if (context->twins_size) memset(context->twins, 0, sizeof(wcb_twin) * context->twins_size);
    if (context->likenesses_size) memset(context->likenesses, 0, sizeof(wcb_snapshot *) * context->likenesses_size);
    context->num_twins = context->num_likenesses = 0;
    wcb_heap_free(&context->heap);
    context->stage.problem = 0;
}

static void contexts_unload(wcb_context *context) {
    wcb_forget_snapshots(context);
    free(context->ctx.type_table);
    context->ctx.type_table = NULL;
    if (context->ctx.program) wcb_release(&context->ctx);
}

int wcb_context_ready(wcb_context *context) {
    const int32_t num_types = atomic_load_explicit(&context->host->store.num_types, memory_order_acquire);
    if (context->state == WC_STATUS_OK && context->num_types == num_types) {
        wcb_reset(&context->ctx);
        return WC_STATUS_OK;
    }
    if (context->state != 0 && context->state != WC_STATUS_OK) return context->state;
    contexts_unload(context);
    context->state = contexts_load(context);
    return context->state;
}

void wcb_context_free(wcb_context *context) {
    contexts_unload(context);
    free(context->snapshots);
    free(context->twins);
    free(context->likenesses);
    free(context->key);
    wcb_stage_free(&context->stage);
    free(context->made);
    free(context);
}

/* ---- what Python asks ---- */

wcv wcb_clear_exception(wcb_ctx *ctx) {
    const wcv exception = ctx->exception;
    ctx->exception = 0;
    ctx->depth = 0;
    return exception;
}

uint32_t wcb_snapshot_image(wcb_context *context, uint32_t id) {
    const bool known = context->state == WC_STATUS_OK && id < context->num_snapshots && context->snapshots[id];
    if (!known && (wcb_context_ready(context) != WC_STATUS_OK || wcb_prepare(context, &id, 1) < 0)) return 0;
    return context->snapshots[id]->image;
}
