/* Arguments of a call to the parameters of a function, with the complaints of CPython. */
#include "objects.h"

#include <stdio.h>

static wcv binding_name(wcb_ctx *ctx, const wcb_function *function) {
    return ctx->constants[function->info->qualified_name];
}

static wcv binding_parameter(wcb_ctx *ctx, const wcb_code_info *info, int32_t i) {
    const int32_t name = info->parameters[i]; /* methods that stand in for the program's own may have no names */
    return ctx->program->names[name < 0 ? WCB_N__ : name];
}

/* The message "f() missing 2 required positional arguments: 'x' and 'y'". */
static int binding_missing(wcb_ctx *ctx, const wcb_function *function, const wcv *arguments, int32_t from, int32_t to) {
    const wcb_code_info *info = function->info;
    int32_t count = 0, seen = 0;
    for (int32_t i = from; i < to; i++) count += !arguments[i];
    wcv text = wcb_str_of_c(ctx, "");
    for (int32_t i = from; text && i < to; i++) {
        if (arguments[i]) continue;
        const char *between = seen == 0 ? "'" : seen < count - 1 ? ", '" : count == 2 ? " and '" : ", and '";
        wcv parts[4] = {text, wcb_str_of_c(ctx, between), binding_parameter(ctx, info, i), wcb_str_of_c(ctx, "'")};
        text = parts[1] && parts[3] ? wcb_join(ctx, 4, parts) : 0;
        seen++;
    }
    if (!text) return -1;
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S() missing %d required %s argument%s: %S", binding_name(ctx, function), count,
                     from < info->num_positional ? "positional" : "keyword-only", count == 1 ? "" : "s", text);
    return -1;
}

static int binding_too_many(wcb_ctx *ctx, const wcb_function *function, int32_t given, const wcv *arguments) {
    const wcb_code_info *info = function->info;
    int32_t takes = info->num_positional, keywords = 0;
    int32_t num_defaults = function->defaults ? (int32_t)WCB_AS(wcb_tuple, function->defaults)->length : 0;
    for (int32_t i = 0; i < info->num_keyword_only; i++) keywords += arguments[takes + i] != 0;
    wcv name = binding_name(ctx, function);
    const char *were = given == 1 && !keywords ? "was" : "were";
    char range[48] = "", besides[96] = "";
    if (num_defaults) snprintf(range, sizeof range, "from %d to ", takes - num_defaults);
    if (keywords)
        snprintf(besides, sizeof besides, " positional argument%s (and %d keyword-only argument%s)", given == 1 ? "" : "s",
                 keywords, keywords == 1 ? "" : "s");
    bool plural = num_defaults ? true : takes != 1;
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S() takes %s%d positional argument%s but %d%s %s given", name, range, takes,
                     plural ? "s" : "", given, besides, were);
    return -1;
}

/* The parameter that a keyword names; -1: none. */
static int32_t binding_find(wcb_ctx *ctx, const wcb_code_info *info, wcv keyword) {
    int32_t end = info->num_positional + info->num_keyword_only;
    for (int32_t i = info->num_positional_only; i < end; i++)
        if (binding_parameter(ctx, info, i) == keyword) return i;
    for (int32_t i = info->num_positional_only; i < end; i++)
        if (wcb_str_equal(WCB_AS(wcb_str, binding_parameter(ctx, info, i)), WCB_AS(wcb_str, keyword))) return i;
    return -1;
}

static int binding_unexpected(wcb_ctx *ctx, const wcb_function *function, wcv keyword) {
    const wcb_code_info *info = function->info;
    for (int32_t i = 0; i < info->num_positional_only; i++) {
        if (!wcb_str_equal(WCB_AS(wcb_str, binding_parameter(ctx, info, i)), WCB_AS(wcb_str, keyword))) continue;
        wcb_raise_format(ctx, WCB_TYPE_TypeError,
                         "%S() got some positional-only arguments passed as keyword arguments: '%S'",
                         binding_name(ctx, function), keyword);
        return -1;
    }
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S() got an unexpected keyword argument '%S'", binding_name(ctx, function),
                     keyword);
    return -1;
}

static int binding_keywords(wcb_ctx *ctx, const wcb_function *function, const wcb_args *args, wcv *arguments) {
    const wcb_code_info *info = function->info;
    wcv rest = info->var_keyword ? arguments[wcb_num_arguments(info) - 1] : 0;
    for (int32_t k = 0; k < args->num_keywords; k++) {
        wcv keyword = args->keywords[k], value = args->values[args->count + k];
        int32_t i = binding_find(ctx, info, keyword);
        if (i >= 0 && !arguments[i]) {
            arguments[i] = value;
            continue;
        }
        if (i < 0 && !rest) return binding_unexpected(ctx, function, keyword);
        wcv known = i < 0 ? wcb_dict_get(ctx, rest, keyword) : arguments[i];
        if (known) {
            wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S() got multiple values for argument '%S'",
                             binding_name(ctx, function), keyword);
            return -1;
        }
        if (wcb_dict_set(ctx, rest, keyword, value)) return -1;
    }
    return 0;
}

static int binding_defaults(wcb_ctx *ctx, const wcb_function *function, wcv *arguments) {
    const wcb_code_info *info = function->info;
    const wcb_tuple *defaults = function->defaults ? WCB_AS(wcb_tuple, function->defaults) : NULL;
    int32_t first = info->num_positional - (defaults ? (int32_t)defaults->length : 0);
    for (int32_t i = 0; i < info->num_positional; i++) {
        if (arguments[i]) continue;
        if (i < first) return binding_missing(ctx, function, arguments, 0, first);
        arguments[i] = defaults->items[i - first];
    }
    int32_t end = info->num_positional + info->num_keyword_only;
    bool complete = true;
    for (int32_t i = info->num_positional; i < end; i++) {
        if (!arguments[i] && function->keyword_defaults)
            arguments[i] = wcb_dict_get(ctx, function->keyword_defaults, binding_parameter(ctx, info, i));
        complete &= arguments[i] != 0;
    }
    return complete ? 0 : binding_missing(ctx, function, arguments, info->num_positional, end);
}

int wcb_bind_arguments(wcb_ctx *ctx, wcb_function *function, wcv self, const wcb_args *args, wcv *arguments) {
    const wcb_code_info *info = function->info;
    int32_t extra = self != 0, given = args->count + extra;
    int32_t taken = given < info->num_positional ? given : info->num_positional;
    int32_t named = info->num_positional + info->num_keyword_only;
    int32_t place = 0;
    if (self && taken) arguments[place++] = self;
    for (; place < taken; place++) arguments[place] = args->values[place - extra];
    for (; place < named; place++) arguments[place] = 0;
    if (info->var_positional) {
        bool all = self && !taken; /* def f(*args), called as a method */
        wcv rest = wcb_new_tuple(ctx, given - taken, all ? NULL : args->values + (taken - extra));
        if (!rest) return -1;
        if (all) {
            WCB_AS(wcb_tuple, rest)->items[0] = self;
            memcpy(WCB_AS(wcb_tuple, rest)->items + 1, args->values, sizeof(wcv) * (size_t)args->count);
        }
        arguments[place++] = rest;
    }
    if (info->var_keyword && !(arguments[place] = wcb_new_dict(ctx, 0, NULL))) return -1;
    if (args->num_keywords && binding_keywords(ctx, function, args, arguments)) return -1;
    if (given > taken && !info->var_positional) return binding_too_many(ctx, function, given, arguments);
    return binding_defaults(ctx, function, arguments);
}
