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

/* The prelude's Entity.__hash__: what it returns for a pristine entity is known. */
static inline bool operators_is_entity_hash(wcv function) {
    return wcb_is_kind(function, WCB_KIND_FUNCTION) && WCB_AS(wcb_function, function)->info->entry == wcb_entity_hash;
}

#endif /* WCB_OPERATORS_H */
