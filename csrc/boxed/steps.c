/* The functions of the C contract: one step, the reward alone, all children of a state. */
#include "model.h"

#include <stdlib.h>

static int steps_failure(const wcb_ctx *ctx) { return ctx->status ? ctx->status : WC_STATUS_FAILED; }

/* REWARD_FUNCS[mission] where there is one, else reward_func; 0: there is none (an exception), or looking it up failed. */
static wcv steps_reward_function(wcb_context *context) {
    wcb_ctx *ctx = &context->ctx;
    const wcb_program *program = ctx->program;
    if (context->reward_function) return context->reward_function;
    const wcv by_mission = program->reward_funcs_global >= 0 ? ctx->globals[program->reward_funcs_global] : 0;
    if (program->mission != WCB_NONE && by_mission && by_mission != WCB_NONE) {
        const int known = wcb_contains(ctx, by_mission, program->mission);
        if (known < 0) return 0;
        if (known) return wcb_subscript(ctx, by_mission, program->mission);
    }
    const wcv function = program->reward_global >= 0 ? ctx->globals[program->reward_global] : 0;
    return function ? function : wcb_raise(ctx, WCB_TYPE_NameError, "the program has no reward function");
}

/* reward, done = returned; float(reward), bool(done) */
static int steps_read_reward(wcb_ctx *ctx, wcv returned, double *reward, uint8_t *done) {
    wcv both[2];
    if (wcb_is_object(returned) && ((wcb_object *)returned)->type == WCB_TYPE(tuple)) {
        if (WCB_AS(wcb_tuple, returned)->length != 2) return WC_STATUS_FAILED;
        memcpy(both, WCB_AS(wcb_tuple, returned)->items, sizeof both);
    } else if (wcb_unpack(ctx, returned, 2, -1, both) < 0) {
        return steps_failure(ctx);
    }
    if (wcb_is_small(both[0])) {
        *reward = (double)wcb_small(both[0]);
    } else {
        const wcb_args args = {both, NULL, 1, 0};
        const wcv number = wcb_is_object(both[0]) && ((wcb_object *)both[0])->type == WCB_TYPE(float)
                               ? both[0]
                               : wcb_call(ctx, (wcv)WCB_TYPE(float), &args);
        if (!number) return steps_failure(ctx);
        *reward = WCB_AS(wcb_float, number)->value;
    }
    const int truth = wcb_truth(ctx, both[1]);
    if (truth < 0) return steps_failure(ctx);
    *done = (uint8_t)truth;
    return WC_STATUS_OK;
}

/* The state before a step for a reward function; None for one that never looks at it. */
static wcv steps_state_before(wcb_context *context, const wcb_problem *problem, const uint64_t *state) {
    const wcv function = context->reward_function;
    const bool unread = function && wcb_is_kind(function, WCB_KIND_FUNCTION) && WCB_AS(wcb_function, function)->info->unread & 1;
    return unread && wcb_state_is_copied(context, problem, state) ? WCB_NONE : wcb_state_unpack(context, problem, state, 0);
}

static int steps_score(wcb_context *context, const wcb_problem *problem, const uint64_t *state, int32_t action,
                       const uint64_t *next, double *reward, uint8_t *done) {
    wcb_ctx *ctx = &context->ctx;
    const uint64_t *const states[2] = {state, next};
    const int status = wcb_states_prepare(context, problem, states, 2);
    if (status != WC_STATUS_OK) return status;
    wcv arguments[3] = {steps_state_before(context, problem, state), problem->actions[action], 0};
    if (!arguments[0] || !(arguments[2] = wcb_state_unpack(context, problem, next, 1))) return steps_failure(ctx);
    const wcv function = steps_reward_function(context);
    const wcv returned = function ? wcb_call_values(ctx, function, 3, arguments) : 0;
    return returned ? steps_read_reward(ctx, returned, reward, done) : steps_failure(ctx);
}

static int steps_predict(wcb_context *context, const wcb_problem *problem, const uint64_t *state, int32_t action) {
    wcb_ctx *ctx = &context->ctx;
    const int status = wcb_states_prepare(context, problem, &state, 1);
    if (status != WC_STATUS_OK) return status;
    const wcv arguments[2] = {wcb_state_unpack(context, problem, state, 0), problem->actions[action]};
    if (!arguments[0]) return steps_failure(ctx);
    const wcv returned = wcb_call_values(ctx, ctx->globals[ctx->program->transition_global], 2, arguments);
    return returned ? wcb_state_pack(context, problem, returned, context->made) : steps_failure(ctx);
}

/* Room for the words that a step makes: its caller gets them only if all goes well. */
static int steps_reserve(wcb_context *context, const wcb_problem *problem) {
    if (context->made_words >= problem->num_words) return 0;
    uint64_t *made = realloc(context->made, sizeof(uint64_t) * (size_t)problem->num_words);
    if (!made) return -1;
    context->made = made;
    context->made_words = problem->num_words;
    return 0;
}

static int32_t steps_step(wcb_context *context, const wcb_problem *problem, const uint64_t *state, int32_t action,
                          uint64_t *next, double *reward, uint8_t *done) {
    double made_reward = 0.0;
    uint8_t made_done = 0;
    int status = steps_reserve(context, problem) < 0 ? WC_STATUS_OUT_OF_SCRATCH : WC_STATUS_OK;
    if (status == WC_STATUS_OK) status = steps_predict(context, problem, state, action);
    if (status == WC_STATUS_OK)
        status = steps_score(context, problem, state, action, context->made, &made_reward, &made_done);
    if (status != WC_STATUS_OK) return status;
    memcpy(next, context->made, sizeof(uint64_t) * (size_t)problem->num_words);
    *reward = made_reward;
    *done = made_done;
    return WC_STATUS_OK;
}

int32_t wcb_model_step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                       uint8_t *done, void *scratch) {
    (void)scratch;
    wcb_context *context = wcb_context_take(((const wcb_problem *)problem)->host);
    return context ? steps_step(context, problem, state, action, next, reward, done) : WC_STATUS_OUT_OF_SCRATCH;
}

int32_t wcb_model_reward(const void *problem, const uint64_t *state, int32_t action, const uint64_t *next,
                         double *reward, uint8_t *done, void *scratch) {
    (void)scratch;
    wcb_context *context = wcb_context_take(((const wcb_problem *)problem)->host);
    double made_reward = 0.0;
    uint8_t made_done = 0;
    if (!context) return WC_STATUS_OUT_OF_SCRATCH;
    const int status = steps_score(context, problem, state, action, next, &made_reward, &made_done);
    if (status != WC_STATUS_OK) return status;
    *reward = made_reward;
    *done = made_done;
    return WC_STATUS_OK;
}

int32_t wcb_model_expand(const void *problem, const uint64_t *state, uint64_t *next, double *rewards, uint8_t *dones,
                         int32_t *statuses, void *scratch) {
    (void)scratch;
    const wcb_problem *whole = problem;
    wcb_context *context = wcb_context_take(whole->host);
    for (int32_t action = 0; action < whole->num_actions; action++)
        statuses[action] = context ? steps_step(context, whole, state, action, next + (size_t)action * (size_t)whole->num_words,
                                                rewards + action, dones + action)
                                   : WC_STATUS_OUT_OF_SCRATCH;
    return WC_STATUS_OK;
}
