/* What the files on operators share: how the methods of the program's classes are found and asked. */
#ifndef WCB_OPERATORS_H
#define WCB_OPERATORS_H

#include "value.h"

/* A class that sets a method to None has none, whatever its bases have. */
#define WCB_IS_NONE_METHOD(function) ((function) == WCB_NONE)

/* The method that a program's class gives its instances under a name; 0: none, what the built-in base does counts. */
static inline wcv operators_find(wcb_ctx *ctx, const wcb_type *type, int32_t name_id) {
    if (type->index >= 0) return 0;
    wcv function = type->cache ? type->cache[name_id] : 0;
    if (function) return function == WCB_NOT_IMPLEMENTED ? 0 : function;
    return wcb_lookup(ctx, type, name_id);
}

/* function(self, other); functions of the entity prelude and others of two plain parameters are entered at once. */
static inline wcv operators_ask(wcb_ctx *ctx, wcv self, wcv function, wcv other) {
    if (wcb_is_kind(function, WCB_KIND_FUNCTION)) {
        wcb_function *f = WCB_AS(wcb_function, function);
        const wcb_code_info *info = f->info;
        if (info->num_positional == 2 && !info->num_keyword_only && !info->var_positional && !info->var_keyword) {
            wcv arguments[2] = {self, other};
            return info->entry(ctx, f, arguments);
        }
    }
    return wcb_call_special(ctx, self, function, 1, &other);
}

static inline bool operators_is_exact(wcv v, const wcb_type *type) {
    return wcb_is_object(v) && ((wcb_object *)v)->type == type;
}

/* Are the words the same, or ints or strs equal? -1: they are others. */
static inline int operators_quick_same(wcv a, wcv b) {
    if (a == b) return 1;
    bool object_a = wcb_is_object(a), object_b = wcb_is_object(b);
    if (!object_a && !object_b) return wcb_is_small(a) == wcb_is_small(b) ? 0 : -1; /* 1 == True */
    bool str_a = operators_is_exact(a, WCB_TYPE(str)), str_b = operators_is_exact(b, WCB_TYPE(str));
    if (str_a && str_b) {
        const wcb_str *x = WCB_AS(wcb_str, a), *y = WCB_AS(wcb_str, b);
        return x->interned && y->interned ? 0 : wcb_str_equal(x, y);
    }
    return (str_a && !object_b) || (str_b && !object_a) ? 0 : -1;
}

/* As wcb_same, the usual cases inline. */
static inline int operators_same(wcb_ctx *ctx, wcv a, wcv b) {
    int same = operators_quick_same(a, b);
    return same < 0 ? wcb_eq(ctx, a, b) : same;
}

/* The prelude's Entity.__hash__: what it returns for a pristine entity is known. */
static inline bool operators_is_entity_hash(wcv function) {
    return wcb_is_kind(function, WCB_KIND_FUNCTION) && WCB_AS(wcb_function, function)->info->entry == wcb_entity_hash;
}

#endif /* WCB_OPERATORS_H */
