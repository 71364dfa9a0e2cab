/* What the files on classes, attributes, calls and exceptions share among themselves. */
#ifndef WCB_OBJECTS_H
#define WCB_OBJECTS_H

#include "value.h"

/* arena.c */
wcv *wcb_new_cache(wcb_ctx *ctx); /* a class' look-up cache, all 0 */

/* exceptions.c */
extern wcb_exception wcb_limit_exception; /* what ctx->exception is while a limit unwinds */
int wcb_set_exception_arguments(wcb_ctx *ctx, wcv self, const wcb_args *args);
wcv wcb_exception_attribute(wcb_ctx *ctx, wcv self, int32_t name_id);           /* 0 without an exception: none */
int wcb_exception_store(wcb_ctx *ctx, wcv self, int32_t name_id, wcv value);    /* 1 done, 0 not such an attribute */

/* instances.c */
wcv *wcb_bag_place(wcv v); /* the field that holds the bag of v; NULL: v has none */

/* descriptors.c */
typedef enum { WCB_NO_DESCRIPTOR, WCB_GETS_ONLY, WCB_DATA_DESCRIPTOR } wcb_descriptor_t;
wcb_descriptor_t wcb_descriptor_sort(wcb_ctx *ctx, wcv member);
/* What reading `member` of a class gives: through an instance, or (instance 0) through the class itself. */
wcv wcb_bind(wcb_ctx *ctx, wcv member, wcv instance, wcb_type *owner, int32_t name_id);
int wcb_descriptor_store(wcb_ctx *ctx, wcv member, wcv instance, int32_t name_id, wcv value); /* value 0: delete */
wcv wcb_new_method(wcb_ctx *ctx, wcv self, wcv function);
wcv wcb_new_builtin_method(wcb_ctx *ctx, wcv self, int32_t name_id);
wcv wcb_new_super(wcb_ctx *ctx, wcv cls, wcv self);
wcv wcb_descriptor_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args); /* property(), staticmethod(), classmethod(), super() */
wcv wcb_property_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);

/* attributes.c */
wcv wcb_no_attribute(wcb_ctx *ctx, wcv v, int32_t name_id); /* AttributeError; always 0 */
wcv wcb_generic_getattr(wcb_ctx *ctx, wcv v, int32_t name_id);  /* object.__getattribute__; 0 without an exception: absent */
int wcb_generic_setattr(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value); /* object.__setattr__; value 0: delete */
wcv wcb_type_getattr(wcb_ctx *ctx, wcb_type *cls, int32_t name_id);  /* 0 without an exception: absent */
wcv wcb_super_getattr(wcb_ctx *ctx, wcb_super *super, int32_t name_id); /* 0 without an exception: absent */
/* What the classes of the program behind super's class have. 0: nothing; *native is the built-in type that has a method
 * of the name, or NULL. */
wcv wcb_super_find(wcb_ctx *ctx, wcb_super *super, int32_t name_id, wcb_type **native);
int wcb_type_setattr(wcb_ctx *ctx, wcb_type *cls, int32_t name_id, wcv value);
wcv wcb_native_attribute(wcb_ctx *ctx, wcv v, int32_t name_id); /* attributes that built-in objects have; 0 without an exception: none */

/* classes.c */
wcv wcb_make_class(wcb_ctx *ctx, wcb_type *metatype, wcv name, wcv bases, wcv members, wcv keywords);
void wcb_refresh_flags(wcb_ctx *ctx, wcb_type *cls);
wcv wcb_type_bases_list(wcb_ctx *ctx, wcb_type *cls, bool derived); /* list of the mro, or of the direct subclasses */

/* calls.c */
wcv wcb_call_bound(wcb_ctx *ctx, wcv function, wcv self, const wcb_args *args); /* a member of type(self), called as a method */
wcv wcb_call_prepended(wcb_ctx *ctx, wcv callee, wcv first, const wcb_args *args); /* callee(first, *args) */
wcv wcb_call_function(wcb_ctx *ctx, wcb_function *function, wcv self, const wcb_args *args); /* self 0: none */

wcv wcb_partial_call(wcb_ctx *ctx, wcb_function *self, wcv *arguments); /* functools.partial.__call__ */

/* binding.c */
int wcb_bind_arguments(wcb_ctx *ctx, wcb_function *function, wcv self, const wcb_args *args, wcv *arguments);
static inline int32_t wcb_num_arguments(const wcb_code_info *info) {
    return info->num_positional + info->num_keyword_only + info->var_positional + info->var_keyword;
}

/* construction.c */
wcv wcb_construct(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);      /* type.__call__(type, ...) */
wcv wcb_default_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args, bool init_follows);
int wcb_default_init(wcb_ctx *ctx, int kind, wcv self, const wcb_args *args);

/* dunders.c: the methods of built-in types, also where a class of the program overrides them. `kind`: whose. */
wcv wcb_native_call(wcb_ctx *ctx, int kind, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_native_dunder(wcb_ctx *ctx, int kind, wcv self, int32_t name_id, const wcb_args *args);
bool wcb_is_class_level(int32_t name_id); /* methods that are taken from the type itself: dict.fromkeys, tuple.__new__ */
wcv wcb_class_level_call(wcb_ctx *ctx, wcb_type *type, int32_t name_id, const wcb_args *args);

#endif /* WCB_OBJECTS_H */
