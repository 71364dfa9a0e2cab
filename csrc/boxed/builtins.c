/* The table of functions that are written in C, how they read their arguments, and those that loop over iterables. */
#include "builtins.h"

#define BUILTINS_ENTRY(name, function) {name, function},
const wcb_builtin_entry wcb_builtins[] = {WCB_BUILTIN_FUNCTIONS(BUILTINS_ENTRY){NULL, NULL}};
#undef BUILTINS_ENTRY

#define BUILTINS_NUMBER(name, function) BUILTINS_NUMBER_##function,
enum { WCB_BUILTIN_FUNCTIONS(BUILTINS_NUMBER) BUILTINS_COUNT };
#undef BUILTINS_NUMBER
const int32_t wcb_num_builtins = BUILTINS_COUNT;

#define BUILTINS_OBJECT(name, function) {WCB_TYPE(builtin_function_or_method), BUILTINS_NUMBER_##function},
wcb_builtin wcb_builtin_objects[] = {WCB_BUILTIN_FUNCTIONS(BUILTINS_OBJECT)};
#undef BUILTINS_OBJECT

/* ---- arguments ---- */

typedef struct { const char *name; int length; bool optional, keyword_only, positional_only; } builtins_parameter;
enum { BUILTINS_MOST_PARAMETERS = 16 };

static int builtins_read_parameters(const char *names, builtins_parameter *out) {
    int count = 0;
    bool optional = false, keyword_only = false;
    while (*names) {
        if (*names == ' ') {
            names++;
        } else if (*names == '|') {
            optional = true;
            names++;
        } else if (*names == '*') {
            keyword_only = true;
            names++;
        } else if (*names == '/') {
            for (int i = 0; i < count; i++) out[i].positional_only = true;
            names++;
        } else {
            int length = (int)strcspn(names, " |*/");
            out[count++] = (builtins_parameter){names, length, optional, keyword_only, false};
            names += length;
        }
    }
    return count;
}

static bool builtins_is_name(wcv keyword, const builtins_parameter *parameter) {
    const wcb_str *text = WCB_AS(wcb_str, keyword);
    if (text->length != parameter->length) return false;
    for (int i = 0; i < parameter->length; i++) {
        if (wcb_char_at(text, i) != (uint32_t)parameter->name[i]) return false;
    }
    return true;
}

static int builtins_take_keyword(wcb_ctx *ctx, const char *function, const builtins_parameter *parameters, int count,
                                 wcv keyword, wcv value, wcv *out) {
    for (int i = 0; i < count; i++) {
        if (parameters[i].positional_only || !builtins_is_name(keyword, &parameters[i])) continue;
        if (!out[i]) {
            out[i] = value;
            return 0;
        }
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s() got multiple values for argument '%S'", function, keyword);
        return -1;
    }
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%S' is an invalid keyword argument for %s()", keyword, function);
    return -1;
}

typedef struct { const char *names; int16_t count, required, positional; } builtins_signature;
enum { BUILTINS_SIGNATURES = 64 };

/* How many parameters a text of names tells of: all, those that must be given, and those that may be given by position. */
static builtins_signature builtins_read_signature(const char *names) {
    builtins_signature found = {names, 0, -1, -1};
    for (bool inside = false; *names; names++) {
        const bool letter = *names != ' ' && *names != '|' && *names != '*';
        if (letter && !inside) found.count++;
        inside = letter;
        if (*names == '|') found.required = found.count;
        if (*names == '*') found.positional = found.count;
    }
    if (found.positional < 0) found.positional = found.count;
    if (found.required < 0) found.required = found.count; /* keyword-only ones that are not optional are none of these */
    return found;
}

/* The number of parameters, where `given` positional arguments and no keywords are all right; else -1. */
static int builtins_plain_count(const char *names, int given) {
    static _Thread_local builtins_signature known[BUILTINS_SIGNATURES]; /* the names are constants of this library */
    builtins_signature *signature = &known[((uintptr_t)names >> 2) % BUILTINS_SIGNATURES];
    if (signature->names != names) *signature = builtins_read_signature(names);
    return signature->required <= given && given <= signature->positional ? signature->count : -1;
}

int wcb_parse(wcb_ctx *ctx, const wcb_args *args, const char *function, const char *names, wcv *out) {
    const int plain = args->num_keywords ? -1 : builtins_plain_count(names, args->count);
    if (plain >= 0) {
        for (int i = 0; i < plain; i++) out[i] = i < args->count ? args->values[i] : 0;
        return 0;
    }
    builtins_parameter parameters[BUILTINS_MOST_PARAMETERS];
    int count = builtins_read_parameters(names, parameters), num_positional = 0;
    while (num_positional < count && !parameters[num_positional].keyword_only) num_positional++;
    if (args->count > num_positional) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s() takes at most %d positional argument(s) (%d given)", function,
                         num_positional, (int)args->count);
        return -1;
    }
    for (int i = 0; i < count; i++) out[i] = i < args->count ? args->values[i] : 0;
    for (int i = 0; i < args->num_keywords; i++) {
        wcv value = args->values[args->count + i];
        if (builtins_take_keyword(ctx, function, parameters, count, args->keywords[i], value, out) < 0) return -1;
    }
    for (int i = 0; i < count; i++) {
        if (out[i] || parameters[i].optional) continue;
        char name[64];
        int length = parameters[i].length < 63 ? parameters[i].length : 63;
        memcpy(name, parameters[i].name, (size_t)length);
        name[length] = 0;
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s() missing required argument '%s' (pos %d)", function, name, i + 1);
        return -1;
    }
    return 0;
}

/* ---- loops over iterables ---- */

int builtins_open(wcb_ctx *ctx, wcv iterable, builtins_cursor *cursor) {
    wcb_type *type = wcb_type_of(iterable);
    *cursor = (builtins_cursor){iterable, 0, 0};
    if (type == WCB_TYPE(list) || type == WCB_TYPE(tuple)) return 0;
    cursor->iterator = wcb_iter(ctx, iterable);
    return cursor->iterator ? 0 : -1;
}

wcv builtins_step(wcb_ctx *ctx, builtins_cursor *cursor) {
    if (cursor->iterator) {
        if (--ctx->fuel < 0) return wcb_limit(ctx, WC_STATUS_OUT_OF_FUEL);
        return wcb_next(ctx, cursor->iterator);
    }
    int64_t at = cursor->position++;
    if (((wcb_object *)cursor->source)->type == WCB_TYPE(list)) {
        const wcb_list *list = WCB_AS(wcb_list, cursor->source);
        return at < list->length ? list->items[at] : 0;
    }
    const wcb_tuple *tuple = WCB_AS(wcb_tuple, cursor->source);
    return at < tuple->length ? tuple->items[at] : 0;
}

static wcv builtins_any_or_all(wcb_ctx *ctx, const wcb_args *args, const char *name, int stops_at) {
    wcv iterable, item;
    builtins_cursor cursor;
    if (wcb_parse(ctx, args, name, "iterable/", &iterable) < 0 || builtins_open(ctx, iterable, &cursor) < 0) return 0;
    while ((item = builtins_step(ctx, &cursor))) {
        int truth = wcb_truth(ctx, item);
        if (truth < 0) return 0;
        if (truth == stops_at) return wcb_from_bool(truth);
    }
    return ctx->exception ? 0 : wcb_from_bool(!stops_at);
}

wcv builtins_any(wcb_ctx *ctx, const wcb_args *args) { return builtins_any_or_all(ctx, args, "any", 1); }

wcv builtins_all(wcb_ctx *ctx, const wcb_args *args) { return builtins_any_or_all(ctx, args, "all", 0); }

wcv builtins_sum(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2], item;
    builtins_cursor cursor;
    if (wcb_parse(ctx, args, "sum", "iterable/|start", given) < 0 || builtins_open(ctx, given[0], &cursor) < 0) return 0;
    wcv sum = given[1] ? given[1] : wcb_from_small(0);
    if (wcb_is_kind(sum, WCB_KIND_STR)) {
        return wcb_raise(ctx, WCB_TYPE_TypeError, "sum() can't sum strings [use ''.join(seq) instead]");
    }
    while ((item = builtins_step(ctx, &cursor))) {
        sum = wcb_binary(ctx, WCB_ADD, sum, item);
        if (!sum) return 0;
    }
    return ctx->exception ? 0 : sum;
}

/* ---- min, max ---- */

typedef struct { const char *name; int op; wcv key; wcv best, best_key; } builtins_extreme;

static int builtins_consider(wcb_ctx *ctx, builtins_extreme *extreme, wcv item) {
    wcv key = extreme->key ? wcb_call_values(ctx, extreme->key, 1, &item) : item;
    if (!key) return -1;
    if (extreme->best) {
        wcv compared = wcb_compare(ctx, extreme->op, key, extreme->best_key);
        int better = compared ? wcb_truth(ctx, compared) : -1;
        if (better <= 0) return better;
    }
    extreme->best = item;
    extreme->best_key = key;
    return 0;
}

static wcv builtins_min_or_max(wcb_ctx *ctx, const wcb_args *args, const char *name, int op) {
    wcv options[2] = {0}, item;
    wcb_args keywords = {args->values + args->count, args->keywords, 0, args->num_keywords};
    if (args->num_keywords && wcb_parse(ctx, &keywords, name, "|*key default", options) < 0) return 0;
    if (!args->count) return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s expected at least 1 argument, got 0", name);
    builtins_extreme extreme = {name, op, options[0] == WCB_NONE ? 0 : options[0], 0, 0};
    if (args->count > 1) {
        if (options[1]) {
            return wcb_raise_format(ctx, WCB_TYPE_TypeError,
                                    "Cannot specify a default for %s() with multiple positional arguments", name);
        }
        for (int32_t i = 0; i < args->count; i++) {
            if (builtins_consider(ctx, &extreme, args->values[i]) < 0) return 0;
        }
        return extreme.best;
    }
    builtins_cursor cursor;
    if (builtins_open(ctx, args->values[0], &cursor) < 0) return 0;
    while ((item = builtins_step(ctx, &cursor))) {
        if (builtins_consider(ctx, &extreme, item) < 0) return 0;
    }
    if (ctx->exception) return 0;
    if (extreme.best) return extreme.best;
    if (options[1]) return options[1];
    return wcb_raise_format(ctx, WCB_TYPE_ValueError, "%s() arg is an empty sequence", name);
}

wcv builtins_min(wcb_ctx *ctx, const wcb_args *args) { return builtins_min_or_max(ctx, args, "min", WCB_LT); }

wcv builtins_max(wcb_ctx *ctx, const wcb_args *args) { return builtins_min_or_max(ctx, args, "max", WCB_GT); }

wcv builtins_sorted(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[3];
    if (wcb_parse(ctx, args, "sorted", "iterable/|*key reverse", given) < 0) return 0;
    wcv list = wcb_list_of(ctx, given[0]);
    int reverse = list && given[2] ? wcb_truth(ctx, given[2]) : 0;
    if (!list || reverse < 0) return 0;
    return wcb_sort_list(ctx, list, given[1] ? given[1] : WCB_NONE, reverse) < 0 ? 0 : list;
}

wcv builtins_iter(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    if (wcb_parse(ctx, args, "iter", "object|sentinel/", given) < 0) return 0;
    if (!given[1]) return wcb_iter(ctx, given[0]);
    if (!wcb_is_callable(ctx, given[0])) return wcb_raise(ctx, WCB_TYPE_TypeError, "iter(v, w): v must be callable");
    return wcb_iterator_new(ctx, WCB_TYPE(callable_iterator), args);
}

wcv builtins_next(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    if (wcb_parse(ctx, args, "next", "iterator|default/", given) < 0) return 0;
    wcb_kind_t kind = wcb_kind(given[0]);
    if (kind != WCB_KIND_ITERATOR && kind != WCB_KIND_GENERATOR && !wcb_lookup_special(ctx, given[0], WCB_N___next__)) {
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "'%V' object is not an iterator", given[0]);
    }
    if (!given[1]) return wcb_next_or_raise(ctx, given[0]);
    wcv item = wcb_next(ctx, given[0]);
    return item || ctx->exception ? item : given[1];
}
