/* The functions of the runtime, by the file that defines them. Included by value.h, whose types they need. */
#ifndef WCB_FUNCTIONS_H
#define WCB_FUNCTIONS_H

#include "value.h"

/* types.c: once in a process, before anything else */
void wcb_init_runtime(void);
bool wcb_is_type_name(const wcb_str *s);               /* the name of a built-in type: shared by all programs */
bool wcb_kind_has(int kind, int32_t name_id);          /* do built-in objects of the kind have the method (object's included)? */

/* arena.c. A context: calloc, program set, then enter_module, module_body, leave_module; wcb_reset before each step;
 * wcb_release in the end, which frees all memory but the context itself. */
int wcb_enter_module(wcb_ctx *ctx);  /* room for the module's objects, globals made in it (all 0); fuel; -1: no memory */
int wcb_leave_module(wcb_ctx *ctx);  /* module objects stay as they are now; -1: no memory */
void wcb_reset(wcb_ctx *ctx);        /* empty arena, full fuel, no exception; module objects put back where a step wrote */
void wcb_release(wcb_ctx *ctx);

/* exceptions.c */
wcv wcb_raise(wcb_ctx *ctx, int type_index, const char *message);                  /* always 0 */
wcv wcb_raise_format(wcb_ctx *ctx, int type_index, const char *format, ...);        /* %s %d %lld %ld %c %zu as in printf, %V a value's type name, %N a name id, %S a str; always 0 */
wcv wcb_raise_with(wcb_ctx *ctx, int type_index, wcv argument);                    /* KeyError(key), StopIteration(value); always 0 */
wcv wcb_limit(wcb_ctx *ctx, int status);                                           /* always 0 */
wcv wcb_raise_value(wcb_ctx *ctx, wcv exception, wcv cause);                       /* raise exception from cause (0: none); always 0 */
wcv wcb_reraise(wcb_ctx *ctx);                                                     /* bare raise; always 0 */
int wcb_match_exception(wcb_ctx *ctx, wcv exception, wcv types);                   /* except types: -1, 0, 1; 0 while unwinding a limit */
wcv wcb_raise_unbound(wcb_ctx *ctx, int32_t name_id);                              /* UnboundLocalError */
wcv wcb_raise_name(wcb_ctx *ctx, int32_t name_id);                                 /* NameError */
wcv wcb_assertion(wcb_ctx *ctx, wcv message);                                      /* AssertionError; message 0: none; always 0 */
wcv wcb_exception_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);

/* numbers.c */
wcv wcb_int(wcb_ctx *ctx, int64_t n);                  /* boxes; a limit beyond 62 bits */
wcv wcb_new_float(wcb_ctx *ctx, double d);
wcv wcb_new_complex(wcb_ctx *ctx, double real, double imag);
bool wcb_as_int(wcv v, int64_t *out);                  /* int or bool, or an instance of a subclass; no __index__ */
bool wcb_as_double(wcv v, double *out);                /* int, bool, float */
int wcb_index(wcb_ctx *ctx, wcv v, int64_t *out);      /* as operator.index: -1 and TypeError */
wcv wcb_number_binary(wcb_ctx *ctx, int op, wcv a, wcv b);   /* both numbers, else WCB_NOT_IMPLEMENTED */
wcv wcb_number_unary(wcb_ctx *ctx, int op, wcv a);           /* ditto */
int wcb_number_compare(wcv a, wcv b);                  /* both real numbers: -1, 0, 1, and 2 where one is nan; exact for int with float */
wcv wcb_number_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);            /* int(), float(), bool(), complex() */
wcv wcb_number_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_number_attribute(wcb_ctx *ctx, wcv self, int32_t name_id);                 /* real, imag, numerator...; WCB_NOT_IMPLEMENTED: none */
uint64_t wcb_hash_double(double d);                    /* equal to the hash of an equal int */
uint64_t wcb_hash_int(int64_t n);
int wcb_float_of(wcb_ctx *ctx, wcv v, double *out);     /* as math functions take their arguments: -1 and TypeError */
int wcb_number_test(int op, wcv a, wcv b);             /* truth of a op b (WCB_LT...); -1: not defined for these */
wcv wcb_float_binary(wcb_ctx *ctx, int op, double x, double y);
wcv wcb_float_power(wcb_ctx *ctx, double x, double y);
wcv wcb_complex_binary(wcb_ctx *ctx, int op, wcb_complex a, wcb_complex b);
wcv wcb_round_float(wcb_ctx *ctx, double x, int64_t places);  /* round(x, places) */
wcv wcb_int_of_float(wcb_ctx *ctx, double whole);      /* truncates; OverflowError, ValueError for inf, nan */

/* operators.c: what the syntax of expressions does, for any types; user-defined methods included */
enum { WCB_ADD, WCB_SUB, WCB_MUL, WCB_TRUEDIV, WCB_FLOORDIV, WCB_MOD, WCB_POW, WCB_LSHIFT, WCB_RSHIFT, WCB_AND, WCB_OR, WCB_XOR, WCB_MATMUL, WCB_DIVMOD };
enum { WCB_NEGATIVE, WCB_POSITIVE, WCB_INVERT };
enum { WCB_LT, WCB_LE, WCB_EQ, WCB_NE, WCB_GT, WCB_GE };
wcv wcb_binary(wcb_ctx *ctx, int op, wcv a, wcv b);
wcv wcb_inplace(wcb_ctx *ctx, int op, wcv a, wcv b);
wcv wcb_unary(wcb_ctx *ctx, int op, wcv a);
wcv wcb_compare(wcb_ctx *ctx, int op, wcv a, wcv b);   /* the value that the expression has */
int wcb_eq(wcb_ctx *ctx, wcv a, wcv b);                /* truth of a == b; -1 error. Not: identity first */
int wcb_same(wcb_ctx *ctx, wcv a, wcv b);              /* a is b or a == b, as containers compare */
int wcb_less(wcb_ctx *ctx, wcv a, wcv b);              /* truth of a < b */
int wcb_truth(wcb_ctx *ctx, wcv v);
int wcb_contains(wcb_ctx *ctx, wcv container, wcv item);
int wcb_hash(wcb_ctx *ctx, wcv v, uint64_t *out);      /* -1: unhashable */
int64_t wcb_length(wcb_ctx *ctx, wcv v);               /* -1: error */
wcv wcb_subscript(wcb_ctx *ctx, wcv container, wcv key);
int wcb_store_subscript(wcb_ctx *ctx, wcv container, wcv key, wcv value);
int wcb_delete_subscript(wcb_ctx *ctx, wcv container, wcv key);
/* The same past the methods of the program's classes: what the built-in type below each operand does. Results may be
 * WCB_NOT_IMPLEMENTED where they are values. For dunder methods of built-in types, and for super(). */
wcv wcb_builtin_binary(wcb_ctx *ctx, int op, wcv a, wcv b);
wcv wcb_builtin_inplace(wcb_ctx *ctx, int op, wcv a, wcv b);          /* WCB_NOT_IMPLEMENTED: has none, take the plain operator */
wcv wcb_builtin_compare(wcb_ctx *ctx, int op, wcv a, wcv b);
int wcb_builtin_truth(wcb_ctx *ctx, wcv v);
int wcb_builtin_contains(wcb_ctx *ctx, wcv container, wcv item);
int wcb_builtin_hash(wcb_ctx *ctx, wcv v, uint64_t *out);
int64_t wcb_builtin_length(wcb_ctx *ctx, wcv v);
wcv wcb_builtin_subscript(wcb_ctx *ctx, wcv container, wcv key);
int wcb_builtin_store(wcb_ctx *ctx, wcv container, wcv key, wcv value); /* value 0: delete */
uint64_t wcb_hash_identity(wcv v);
/* What hash(v) is as an int: 63 bits of the hash, which keeps the hashes of numbers; and the hash of an object whose
 * __hash__ returned that int. The hash of an entity, whose __hash__ returns hash(a tuple), passes through both. */
static inline wcv wcb_hash_value(uint64_t hash) { return hash << 1 | 1; }
static inline uint64_t wcb_hash_of_value(int64_t value) { return value == -1 ? (uint64_t)-2 : (uint64_t)value; }
static inline uint64_t wcb_hash_through_int(uint64_t hash) { return wcb_hash_of_value((int64_t)(hash << 1) >> 1); }
/* Recursion in C over nested values: counts a level, or raises RecursionError and returns false. Then ctx->depth--. */
static inline bool wcb_descend(wcb_ctx *ctx) {
    if (ctx->depth >= WCB_MAX_DEPTH) {
        wcb_raise(ctx, WCB_TYPE_RecursionError, "maximum recursion depth exceeded");
        return false;
    }
    ctx->depth++;
    return true;
}

/* iteration.c */
wcv wcb_iter(wcb_ctx *ctx, wcv v);
wcv wcb_next(wcb_ctx *ctx, wcv iterator);              /* 0 and no exception: exhausted. A StopIteration raised by a __next__ ends it too */
wcv wcb_next_or_raise(wcb_ctx *ctx, wcv iterator);     /* the builtin next(it): StopIteration (with a generator's result) at the end */
wcb_iterator *wcb_new_iterator(wcb_ctx *ctx, int type_index, wcv (*next)(wcb_ctx *, wcb_iterator *), wcv source);
int wcb_unpack(wcb_ctx *ctx, wcv v, int32_t before, int32_t after, wcv *out); /* a, b, *c, d = v; after -1: no star */
wcv wcb_iterator_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);     /* zip(), map(), filter(), enumerate(), reversed(); iter(f, sentinel) with callable_iterator */
wcv wcb_iterator_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);  /* of kind ITERATOR: __next__, __iter__ */
wcv wcb_new_generator(wcb_ctx *ctx, wcb_function *function, wcb_resume resume, int32_t num_slots); /* slots cleared */
wcv wcb_generator_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args); /* send, close, throw, __next__ */
/* One step of `yield from`: *result gets what the expression is worth once 0 is returned without an exception. */
wcv wcb_yield_from(wcb_ctx *ctx, wcv iterator, wcv sent, wcv *result);

/* sequences.c: list, tuple, range, slice, deque */
wcv wcb_new_tuple(wcb_ctx *ctx, int64_t count, const wcv *items);   /* items NULL: cleared */
wcv wcb_new_list(wcb_ctx *ctx, int64_t count, const wcv *items);
wcv wcb_new_slice(wcb_ctx *ctx, wcv start, wcv stop, wcv step);
int wcb_list_append(wcb_ctx *ctx, wcv list, wcv item);
int wcb_list_extend(wcb_ctx *ctx, wcv list, wcv iterable);
wcv wcb_list_of(wcb_ctx *ctx, wcv iterable);           /* always a new list */
wcv wcb_tuple_of(wcb_ctx *ctx, wcv iterable);          /* an exact tuple is returned as it is */
wcv wcb_sequence_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);   /* list(), tuple(), range(), slice(), deque() */
wcv wcb_list_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_tuple_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_range_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_deque_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_sequence_binary(wcb_ctx *ctx, int op, wcv a, wcv b);          /* list, tuple: + *; else WCB_NOT_IMPLEMENTED */
wcv wcb_sequence_inplace(wcb_ctx *ctx, int op, wcv a, wcv b);
wcv wcb_sequence_compare(wcb_ctx *ctx, int op, wcv a, wcv b);         /* list, tuple, range, deque */
wcv wcb_sequence_subscript(wcb_ctx *ctx, wcv self, wcv key);
int wcb_sequence_store(wcb_ctx *ctx, wcv self, wcv key, wcv value);
int wcb_sequence_delete(wcb_ctx *ctx, wcv self, wcv key);
int wcb_sequence_contains(wcb_ctx *ctx, wcv self, wcv item);
wcv wcb_sequence_iter(wcb_ctx *ctx, wcv self, bool reversed);         /* list, tuple, range, deque */
wcv wcb_sequence_attribute(wcb_ctx *ctx, wcv self, int32_t name_id);  /* range, slice: start...; deque: maxlen; WCB_NOT_IMPLEMENTED: none */
wcv wcb_slice_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_new_range(wcb_ctx *ctx, int64_t start, int64_t stop, int64_t step);
int wcb_sequence_hash(wcb_ctx *ctx, wcv self, uint64_t *out);         /* tuple, range */
int wcb_slice_indices(wcb_ctx *ctx, wcv slice, int64_t length, int64_t *start, int64_t *step, int64_t *count);
wcv wcb_sorted(wcb_ctx *ctx, wcv iterable, wcv key, bool reverse);    /* a new list; stable; key None: none */
int wcb_sort_list(wcb_ctx *ctx, wcv list, wcv key, bool reverse);

/* tables.c: the hash table; dicts.c: dict and its views; sets.c: set, frozenset */
wcb_table *wcb_table_new(wcb_ctx *ctx, wcb_type *type, int32_t capacity);
wcb_entry *wcb_table_find(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash);   /* NULL: none; check ctx->exception */
wcb_entry *wcb_table_insert(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash);  /* found, or added with value 0 */
void wcb_table_append(wcb_ctx *ctx, wcb_table *table, wcv key, wcv value, uint64_t hash); /* known to be new; 0 in ctx->exception unless memory ran out */
int wcb_table_remove(wcb_ctx *ctx, wcb_table *table, wcv key, uint64_t hash);         /* -1, 0 not there, 1 */
void wcb_table_drop(wcb_ctx *ctx, wcb_table *table, wcb_entry *entry);
void wcb_table_clear(wcb_ctx *ctx, wcb_table *table);
wcb_table *wcb_table_copy(wcb_ctx *ctx, wcb_table *table, wcb_type *type);            /* keeps stored hashes; `extra` where the type is the same */
wcv wcb_new_dict(wcb_ctx *ctx, int64_t count, const wcv *keys_and_values);          /* `count` pairs, alternating */
wcv wcb_dict_get(wcb_ctx *ctx, wcv dict, wcv key);     /* 0 without an exception: absent. No __missing__ */
int wcb_dict_set(wcb_ctx *ctx, wcv dict, wcv key, wcv value);
int wcb_dict_delete(wcb_ctx *ctx, wcv dict, wcv key);  /* 0 absent, 1 */
int wcb_dict_update(wcb_ctx *ctx, wcv dict, wcv mapping_or_pairs);
int wcb_dict_merge_mapping(wcb_ctx *ctx, wcv dict, wcv mapping);    /* {**mapping}: TypeError for pairs */
int wcb_dict_merge_keywords(wcb_ctx *ctx, wcv dict, wcv mapping);   /* f(**mapping): TypeError for no str, or twice */
wcv wcb_dict_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);
wcv wcb_dict_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_dict_view_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_dict_subscript(wcb_ctx *ctx, wcv self, wcv key);            /* KeyError, __missing__, default_factory */
wcv wcb_dict_binary(wcb_ctx *ctx, int op, wcv a, wcv b, bool inplace);               /* dict | dict */
wcv wcb_dict_compare(wcb_ctx *ctx, int op, wcv a, wcv b);           /* dicts; else WCB_NOT_IMPLEMENTED */
wcv wcb_dict_iter(wcb_ctx *ctx, wcv self, bool reversed);           /* dict or view */
int wcb_dict_view_contains(wcb_ctx *ctx, wcv view, wcv item);
wcv wcb_new_set(wcb_ctx *ctx, int64_t count, const wcv *items);
wcv wcb_new_frozenset(wcb_ctx *ctx, int64_t count, const wcv *items);
int wcb_set_add(wcb_ctx *ctx, wcv set, wcv item);
int wcb_set_update(wcb_ctx *ctx, wcv set, wcv iterable);
wcv wcb_set_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);  /* set(), frozenset() */
wcv wcb_set_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_set_binary(wcb_ctx *ctx, int op, wcv a, wcv b, bool inplace); /* a set or dict view on either side; else WCB_NOT_IMPLEMENTED. Heeds the reflected half itself */
wcv wcb_set_compare(wcb_ctx *ctx, int op, wcv a, wcv b);              /* ditto */
wcv wcb_set_iter(wcb_ctx *ctx, wcv self);
int wcb_set_contains(wcb_ctx *ctx, wcv self, wcv item);
int wcb_set_hash(wcb_ctx *ctx, wcv self, uint64_t *out);              /* frozenset */

/* strings.c, str_*.c, repr.c, number_text.c, format_*.c, regex_*.c */
wcv wcb_new_str(wcb_ctx *ctx, int64_t length, const char *ascii_or_latin1);
wcv wcb_str_of_c(wcb_ctx *ctx, const char *nul_terminated_ascii);
wcv wcb_str_from_points(wcb_ctx *ctx, int64_t length, const uint32_t *points);  /* takes the narrowest width */
static inline uint32_t wcb_char_at(const wcb_str *s, int64_t i) {
    return s->width == 1 ? s->data[i] : ((const uint32_t *)s->data)[i];
}
int wcb_str_equal(const wcb_str *a, const wcb_str *b);
int wcb_str_order(const wcb_str *a, const wcb_str *b);                /* <0, 0, >0 by code points */
uint64_t wcb_str_hash(wcb_str *s);
int32_t wcb_name_id(wcb_ctx *ctx, wcv str);                           /* -1: no name of this program */
wcv wcb_str_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args);  /* str() */
wcv wcb_str_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);
wcv wcb_str_binary(wcb_ctx *ctx, int op, wcv a, wcv b);               /* + * % */
wcv wcb_str_subscript(wcb_ctx *ctx, wcv self, wcv key);
int wcb_str_contains(wcb_ctx *ctx, wcv self, wcv item);
wcv wcb_str_iter(wcb_ctx *ctx, wcv self, bool reversed);
wcv wcb_char(wcb_ctx *ctx, uint32_t point);                           /* chr() */
wcv wcb_str_maketrans(wcb_ctx *ctx, const wcb_args *args);            /* str.maketrans */
wcv wcb_str_percent(wcb_ctx *ctx, wcv format, wcv values);            /* format % values */
wcv wcb_str_format(wcb_ctx *ctx, wcv format, const wcb_args *args, wcv mapping); /* str.format (mapping 0), format_map (args NULL) */
int wcb_parse_int(wcb_ctx *ctx, wcv str, int64_t base, int64_t *out);   /* int(str, base): -1 and ValueError */
int wcb_parse_double(wcb_ctx *ctx, wcv str, double *out);               /* float(str) */
wcv wcb_repr(wcb_ctx *ctx, wcv v);                                    /* repr(v), user's __repr__ included */
wcv wcb_str_of(wcb_ctx *ctx, wcv v);                                  /* str(v) */
wcv wcb_ascii(wcb_ctx *ctx, wcv v);
/* What the built-in type below v has: int.__repr__(v), object.__str__(v), str.__format__(v, spec), ...: no program's method of v is called. */
wcv wcb_builtin_repr(wcb_ctx *ctx, wcv v);
wcv wcb_builtin_str(wcb_ctx *ctx, wcv v);
wcv wcb_builtin_format(wcb_ctx *ctx, wcv v, wcv spec);
wcv wcb_object_repr(wcb_ctx *ctx, wcv v);                             /* object.__repr__: <module.Name object at 0x...> */
wcv wcb_format(wcb_ctx *ctx, wcv v, wcv spec);                        /* format(v, spec); spec 0: "" */
wcv wcb_format_value(wcb_ctx *ctx, wcv v, int conversion, wcv spec);  /* of an f-string: conversion 0, 's', 'r' or 'a' */
wcv wcb_join(wcb_ctx *ctx, int64_t count, const wcv *parts);          /* parts are str */
wcv wcb_re_compile(wcb_ctx *ctx, const wcb_args *args);                /* for the table of builtins: "re.compile", ... */
wcv wcb_re_match(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_fullmatch(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_search(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_findall(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_finditer(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_split(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_sub(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_subn(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_escape(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_re_purge(wcb_ctx *ctx, const wcb_args *args);
wcv wcb_regex_compile(wcb_ctx *ctx, wcv pattern, wcv flags);
wcv wcb_regex_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);     /* pattern.match, ... */
wcv wcb_match_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);     /* match.group, ... */
wcv wcb_regex_attribute(wcb_ctx *ctx, wcv self, int32_t name_id);      /* pattern.flags, ...; WCB_NOT_IMPLEMENTED: none, or a method */
wcv wcb_match_attribute(wcb_ctx *ctx, wcv self, int32_t name_id);
wcv wcb_match_subscript(wcb_ctx *ctx, wcv self, wcv key);              /* match[1], match['name'] */
int wcb_regex_equal(wcv a, wcv b);                                    /* patterns: same text and flags */
int wcb_regex_hash(wcb_ctx *ctx, wcv self, uint64_t *out);

/* classes.c: classes, attributes, descriptors */
wcv wcb_new_class(wcb_ctx *ctx, wcv name, wcv bases, wcv members, wcv keywords);    /* tuple, dict, dict or 0 */
wcv wcb_lookup(wcb_ctx *ctx, const wcb_type *type, int32_t name_id);   /* in the mro's members; 0: absent (no exception) */
wcv wcb_lookup_special(wcb_ctx *ctx, wcv v, int32_t name_id);          /* the function that type(v) has under the name, unbound; 0: absent */
wcv wcb_call_special(wcb_ctx *ctx, wcv v, wcv function, int32_t count, const wcv *arguments); /* function(v, *arguments), descriptors heeded */
wcv wcb_getattr(wcb_ctx *ctx, wcv v, int32_t name_id);
wcv wcb_getattr_or(wcb_ctx *ctx, wcv v, int32_t name_id, wcv otherwise);   /* AttributeError gives `otherwise` (may be 0: absent) */
int wcb_setattr(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value);
int wcb_delattr(wcb_ctx *ctx, wcv v, int32_t name_id);
wcb_instance *wcb_new_instance(wcb_ctx *ctx, wcb_type *type);              /* no attributes; __init__ is not called */
wcb_instance *wcb_bag(wcb_ctx *ctx, wcv v, bool create);                  /* where attributes of v live; NULL: it can have none, or has none */
wcv wcb_slot_get(wcb_ctx *ctx, wcb_instance *object, int32_t name_id);     /* 0: absent */
int wcb_slot_set(wcb_ctx *ctx, wcb_instance *object, int32_t name_id, wcv value);
int wcb_slot_delete(wcb_ctx *ctx, wcb_instance *object, int32_t name_id);  /* 0: absent, 1 */
void wcb_lose_pristine_slow(wcb_ctx *ctx, wcb_instance *object);
/* Call when an object changes. */
static inline void wcb_lose_pristine(wcb_ctx *ctx, wcb_instance *object) {
    if (object->flags & WCB_PRISTINE) wcb_lose_pristine_slow(ctx, object);
}
wcv wcb_instance_dict(wcb_ctx *ctx, wcv v);                               /* v.__dict__ and vars(v): a new dict */
int wcb_dict_store(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value);      /* v.__dict__[name] = value: no __setattr__, no descriptors; value 0: del */
wcv wcb_new_module(wcb_ctx *ctx, wcv name, wcv members);
wcv wcb_type_name(wcv v);                                                 /* str: type(v).__name__ */
static inline wcv wcb_qualified_name(const wcb_type *type) { return type->qualified_name ? type->qualified_name : type->name; }
int wcb_isinstance(wcb_ctx *ctx, wcv v, wcv types);
int wcb_issubclass(wcb_ctx *ctx, wcv cls, wcv types);
wcv wcb_super_of(wcb_ctx *ctx, wcb_function *self, wcv first_argument);    /* super() without arguments */

int32_t wcb_next_pair(wcb_ctx *ctx, wcv iterator, wcv *row);              /* iteration.c: 1, 0 at the end, -1 */

/* support.c: what generated code calls besides, among others */
wcv wcb_pair(wcb_ctx *ctx, wcv first, wcv second);                        /* tuples */
wcv wcb_triple(wcb_ctx *ctx, wcv first, wcv second, wcv third);
int32_t wcb_object_setattr(wcb_ctx *ctx, wcv v, int32_t name_id, wcv value); /* object.__setattr__ */

/* calls.c */
wcv wcb_call(wcb_ctx *ctx, wcv callee, const wcb_args *args);
wcv wcb_call_values(wcb_ctx *ctx, wcv callee, int32_t count, const wcv *values);
wcv wcb_call_method(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args);  /* self.name(...), no bound method made */
wcv wcb_call_spread(wcb_ctx *ctx, wcv callee, wcv positional_list, wcv keywords_dict); /* f(*a, **k); either may be 0 */
wcv wcb_new_function(wcb_ctx *ctx, int32_t info, wcv defaults, wcv keyword_defaults, int32_t num_cells, const wcv *cells);
wcv wcb_new_cell(wcb_ctx *ctx, wcv value);
bool wcb_is_callable(wcb_ctx *ctx, wcv v);
int wcb_enter(wcb_ctx *ctx);                                              /* at a function's start: depth, fuel; -1: depth is as before */

/* builtins.c: the functions of builtins and of modules that are written in C */
typedef struct { const char *name; wcv (*call)(wcb_ctx *ctx, const wcb_args *args); } wcb_builtin_entry;
extern const wcb_builtin_entry wcb_builtins[];   /* "len", "math.sqrt", "copy.deepcopy"; ended by a NULL name */
extern const int32_t wcb_num_builtins;
extern wcb_builtin wcb_builtin_objects[];        /* one object for each, static */
/* Argument helper: fill out[0..n) from args by position or name ("a b|c d": after | optional, 0 where not given; a
 * leading * marks keyword-only ones: "iterable|*key reverse", a / behind one ends the positional-only ones). -1 and
 * TypeError. */
int wcb_parse(wcb_ctx *ctx, const wcb_args *args, const char *function, const char *names, wcv *out);

/* copying.c */
wcv wcb_copy(wcb_ctx *ctx, wcv v);
wcv wcb_deepcopy(wcb_ctx *ctx, wcv v);
wcv wcb_deepcopy_with(wcb_ctx *ctx, wcv v, wcv memo);   /* memo: dict, or None */

/* entities.c, states.c, steps.c: see model.h */
wcv wcb_entity_init(wcb_ctx *ctx, wcb_function *self, wcv *arguments);    /* the prelude's Entity.__init__(self, x, y, **kwargs) */
wcv wcb_entity_eq(wcb_ctx *ctx, wcb_function *self, wcv *arguments);
wcv wcb_entity_hash(wcb_ctx *ctx, wcb_function *self, wcv *arguments);
wcv wcb_entity_repr(wcb_ctx *ctx, wcb_function *self, wcv *arguments);

#endif /* WCB_FUNCTIONS_H */
