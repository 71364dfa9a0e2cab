/* isinstance, issubclass, and what classes say of each other. */
#include "objects.h"

/* A hook that the class itself has, not one that it inherits: a class derived from collections.abc.Mapping is an ordinary
 * one. 0: none. */
static wcv typechecks_hook(wcb_ctx *ctx, wcb_type *cls, int32_t name_id) {
    wcv hook = wcb_lookup(ctx, cls, name_id);
    if (!hook) return 0;
    hook = wcb_dict_get(ctx, cls->members, ctx->program->names[name_id]);
    if (!hook || wcb_is_kind(hook, WCB_KIND_FUNCTION)) return hook;
    return WCB_AS(wcb_wrapped, hook)->function;
}

static int typechecks_answer(wcb_ctx *ctx, wcv result) { return result ? wcb_truth(ctx, result) : -1; }

/* Is v (an object, or with `of_class` a class) among what `cls` stands for? */
static int typechecks_one(wcb_ctx *ctx, wcv v, wcb_type *cls, bool of_class) {
    const wcb_type *type = of_class ? (wcb_type *)v : wcb_type_of(v);
    if (type == cls) return 1;
    wcv meta = wcb_lookup(ctx, cls->type, of_class ? WCB_N___subclasscheck__ : WCB_N___instancecheck__);
    if (meta) return typechecks_answer(ctx, wcb_call_special(ctx, (wcv)cls, meta, 1, &v));
    if (wcb_is_subtype(type, cls)) return 1;
    wcv hook = typechecks_hook(ctx, cls, of_class ? WCB_N___wc_subclasscheck__ : WCB_N___wc_instancecheck__);
    wcv arguments[2] = {(wcv)cls, v};
    return hook ? typechecks_answer(ctx, wcb_call_values(ctx, hook, 2, arguments)) : 0;
}

static int typechecks_any(wcb_ctx *ctx, wcv v, wcv types, bool of_class, int depth) {
    if (wcb_is_kind(types, WCB_KIND_TYPE)) return typechecks_one(ctx, v, (wcb_type *)types, of_class);
    if (wcb_is_kind(types, WCB_KIND_TUPLE) && depth < WCB_MAX_DEPTH) {
        for (int64_t i = 0; i < WCB_AS(wcb_tuple, types)->length; i++) {
            int found = typechecks_any(ctx, v, WCB_AS(wcb_tuple, types)->items[i], of_class, depth + 1);
            if (found) return found;
        }
        return 0;
    }
    wcv hook = wcb_lookup_special(ctx, types, of_class ? WCB_N___subclasscheck__ : WCB_N___instancecheck__);
    if (hook) return typechecks_answer(ctx, wcb_call_special(ctx, types, hook, 1, &v));
    wcb_raise(ctx, WCB_TYPE_TypeError, of_class ? "issubclass() arg 2 must be a class, a tuple of classes, or a union"
                                                : "isinstance() arg 2 must be a type, a tuple of types, or a union");
    return -1;
}

int wcb_isinstance(wcb_ctx *ctx, wcv v, wcv types) { return typechecks_any(ctx, v, types, false, 0); }

int wcb_issubclass(wcb_ctx *ctx, wcv cls, wcv types) {
    if (wcb_is_kind(cls, WCB_KIND_TYPE)) return typechecks_any(ctx, cls, types, true, 0);
    wcb_raise(ctx, WCB_TYPE_TypeError, "issubclass() arg 1 must be a class");
    return -1;
}

/* C.mro(), and C.__subclasses__() in the order of creation. */
wcv wcb_type_bases_list(wcb_ctx *ctx, wcb_type *cls, bool derived) {
    if (!derived) return wcb_new_list(ctx, cls->num_mro, (const wcv *)cls->mro);
    wcv list = wcb_new_list(ctx, 0, NULL);
    for (wcb_type *type = ctx->classes; list && type; type = (wcb_type *)type->subclasses_next) {
        const wcb_tuple *bases = WCB_AS(wcb_tuple, type->bases);
        for (int64_t i = 0; i < bases->length; i++)
            if (bases->items[i] == (wcv)cls && wcb_list_append(ctx, list, (wcv)type)) return 0;
    }
    if (!list) return 0;
    wcb_list *made = WCB_AS(wcb_list, list);
    for (int64_t i = 0, j = made->length - 1; i < j; i++, j--) {
        wcv other = made->items[i];
        made->items[i] = made->items[j];
        made->items[j] = other;
    }
    return list;
}
