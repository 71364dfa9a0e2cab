/* The boxed runtime: Python values as 64-bit words, for programs that the specialising compiler does not take.
 *
 * A value (wcv) is an immediate or the address of an object:
 *
 *     ...1      a small int, n << 1 | 1, -2**62 <= n < 2**62
 *     ..10      None, False, True, Ellipsis, NotImplemented
 *     .000      an object; its first word is its type, whose `kind` says which struct it is
 *     0         no value: an empty slot; as a result, an exception is pending (or an iterator is exhausted)
 *
 * Objects live in an arena that is emptied before each step, so nothing is ever freed one by one. Ints beyond 62 bits,
 * an empty arena or fuel tank, unknown attribute names: a *limit* (wcb_limit), which unwinds everything, which no
 * handler catches, and which ends the step in a status. It is never a wrong answer.
 *
 * Error convention. A function that returns wcv returns 0 after setting ctx->exception; one that returns int returns
 * -1. Callers pass it on at once. Nothing here calls longjmp, malloc (but for arena chunks) or Python.
 */
#ifndef WCB_VALUE_H
#define WCB_VALUE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../wc_abi.h"
#include "names.h"

typedef uint64_t wcv;

/* ---- immediates ---- */
#define WCB_NONE ((wcv)0x02)
#define WCB_FALSE ((wcv)0x0a)
#define WCB_TRUE ((wcv)0x12)
#define WCB_ELLIPSIS ((wcv)0x1a)
#define WCB_NOT_IMPLEMENTED ((wcv)0x22)
#define WCB_INT_MIN (-(1ll << 62))
#define WCB_INT_MAX ((1ll << 62) - 1)

static inline bool wcb_is_small(wcv v) { return v & 1; }
static inline bool wcb_is_object(wcv v) { return (v & 7) == 0 && v != 0; }
static inline int64_t wcb_small(wcv v) { return (int64_t)v >> 1; }
static inline wcv wcb_from_small(int64_t n) { return ((uint64_t)n << 1) | 1; }
static inline wcv wcb_from_bool(bool b) { return b ? WCB_TRUE : WCB_FALSE; }

/* ---- kinds: the struct of an object ---- */
typedef enum {
    WCB_KIND_INT, WCB_KIND_BOOL, WCB_KIND_NONE, WCB_KIND_ELLIPSIS, WCB_KIND_NOT_IMPLEMENTED, /* immediates (INT: wcb_boxed_int too) */
    WCB_KIND_FLOAT, WCB_KIND_COMPLEX, WCB_KIND_STR, WCB_KIND_TUPLE, WCB_KIND_LIST,
    WCB_KIND_DICT, WCB_KIND_SET, WCB_KIND_FROZENSET, WCB_KIND_DICT_VIEW, WCB_KIND_RANGE, WCB_KIND_SLICE,
    WCB_KIND_FUNCTION, WCB_KIND_METHOD, WCB_KIND_BUILTIN, WCB_KIND_BUILTIN_METHOD, WCB_KIND_TYPE,
    WCB_KIND_INSTANCE,  /* of a program's class, or object() */
    WCB_KIND_EXCEPTION, WCB_KIND_ITERATOR, WCB_KIND_GENERATOR, WCB_KIND_CELL, WCB_KIND_MODULE,
    WCB_KIND_PROPERTY, WCB_KIND_STATICMETHOD, WCB_KIND_CLASSMETHOD, WCB_KIND_SUPER,
    WCB_KIND_REGEX, WCB_KIND_MATCH, WCB_KIND_DEQUE,
    WCB_NUM_KINDS
} wcb_kind_t;

typedef struct wcb_type wcb_type;
typedef struct wcb_ctx wcb_ctx;
typedef struct wcb_program wcb_program;

/* Every object starts with its type. */
typedef struct { wcb_type *type; } wcb_object;

/* ---- classes ---- */
enum {
    WCB_TYPE_IS_PROGRAM = 1,     /* made by the program (its __module__ is the program's), not built in */
    WCB_TYPE_HAS_SETATTR = 2,     /* it or a base defines __setattr__ or __delattr__: no short cut for stores */
    WCB_TYPE_HAS_DATA_NAMES = 4,  /* it or a base has data descriptors (properties) or __getattribute__: no short cut for
                                     loads or stores, whatever the slot holds */
    WCB_TYPE_IS_ABSTRACT = 8,    /* has abstract methods left: cannot be instantiated */
    WCB_TYPE_HAS_SLOTS = 16,      /* defines __slots__ without __dict__: other attributes raise AttributeError */
    WCB_TYPE_IS_ENUM = 32,
    WCB_TYPE_HAS_MEMBERS = 64     /* it or a base defines __slots__: these names are not in __dict__ */
};
struct wcb_type {
    wcb_type *type;      /* &wcb_types[WCB_TYPE_type] */
    uint8_t kind;        /* layout of its instances */
    uint8_t flags;
    int16_t index;       /* in wcb_types, -1 for a class of the program */
    int32_t num_mro;
    wcb_type **mro;      /* itself first, object last */
    const char *c_name;  /* built-in types: NUL-terminated */
    wcv name;            /* str */
    wcv bases;           /* tuple */
    wcv members;         /* dict: str -> value; built-in types: 0 */
    wcv *cache;          /* [program->num_names] what `members` along the mro say of a name: 0 not looked up yet,
                            WCB_NOT_IMPLEMENTED nothing. Emptied in every class when a class is changed */
    wcv subclasses_next; /* list of the context's classes */
    wcv qualified_name;  /* str, or 0: as name */
};

/* ---- numbers, strings ---- */
typedef struct { wcb_type *type; double value; wcv attributes; } wcb_float;
typedef struct { wcb_type *type; int64_t value; wcv attributes; } wcb_boxed_int; /* instance of a subclass of int */
typedef struct { wcb_type *type; double real, imag; } wcb_complex;
/* Code points, one byte each where all are below 256, else four. Immutable. */
typedef struct {
    wcb_type *type;
    uint64_t hash;     /* 0: not computed yet */
    int32_t length;    /* in code points */
    int32_t name_id;   /* index in program->names, -1 where it is none or not looked up */
    wcv attributes;
    uint8_t width;     /* 1 or 4 bytes a code point */
    uint8_t interned;  /* the one string of its content among the interned ones: two interned ones differ if their addresses do */
    uint8_t data[] __attribute__((aligned(4)));
} wcb_str;

/* ---- sequences ---- */
typedef struct { wcb_type *type; int64_t length; uint64_t hash; wcv attributes; wcv items[]; } wcb_tuple;
typedef struct { wcb_type *type; int64_t length, capacity; wcv *items; wcv attributes; } wcb_list;
typedef struct { wcb_type *type; int64_t start, stop, step, length; } wcb_range;
typedef struct { wcb_type *type; wcv start, stop, step; } wcb_slice;
/* A ring: item i is items[(first + i) & (capacity - 1)]; capacity is 0 or a power of two. */
typedef struct {
    wcb_type *type;
    int64_t length, capacity, first;
    wcv *items;
    int64_t maxlen;    /* -1: none */
    wcv attributes;
    uint32_t version;  /* counts changes, for iterators */
} wcb_deque;
static inline wcv wcb_deque_item(const wcb_deque *d, int64_t i) { return d->items[(d->first + i) & (d->capacity - 1)]; }

/* ---- hash tables: dict, set and frozenset. Insertion order; an entry keeps the hash it was inserted with ---- */
typedef struct { uint64_t hash; wcv key, value; } wcb_entry; /* key 0: removed (the rest means nothing then); sets leave value 0 */
typedef struct {
    wcb_type *type;
    int32_t used;       /* live entries */
    int32_t filled;     /* entries in use, removed ones included */
    int32_t capacity;   /* room in `entries` */
    int32_t index_size; /* power of two, or no index yet: minus the number of lookups without one (see tables.c) */
    wcb_entry *entries;
    int32_t *index;     /* open addressing: entry number (of a removed entry too), -1 empty */
    uint64_t hash;      /* frozenset: 0 not computed */
    wcv attributes;
    wcv extra;          /* dict: default_factory of a defaultdict, or 0 */
    uint32_t version;   /* counts the times that entries got other places */
    uint32_t iterated;  /* set, frozenset: an iterator was made: entries that move leave their new address behind */
} wcb_table;
typedef struct { wcb_type *type; wcb_table *dict; uint8_t what; } wcb_dict_view; /* what: 0 keys, 1 values, 2 items */

/* ---- functions ---- */
struct wcb_function;
struct wcb_generator;
/* A compiled function. `arguments` holds one value for each parameter: positional ones, keyword-only ones, then the
 * tuple of *args and the dict of **kwargs where there are such. */
typedef wcv (*wcb_code)(wcb_ctx *ctx, struct wcb_function *self, wcv *arguments);
/* A compiled generator runs from generator->state until the next yield. It returns the yielded value, or 0: finished
 * (no exception pending; generator->result holds what it returned, 0 is None) or failed. `sent` is what send() gave,
 * or None, or 0: ctx->exception is pending (throw, close) and is raised at the yield. Depth, `running`, `handled` and
 * state -1 after the end are seen to by iteration.c; `state` 0 is never resumed with 0. */
typedef wcv (*wcb_resume)(wcb_ctx *ctx, struct wcb_generator *self, wcv sent);
typedef struct {
    wcb_code entry;
    int32_t name;             /* name id */
    int16_t num_positional, num_positional_only, num_keyword_only;
    uint8_t var_positional, var_keyword;
    const int32_t *parameters; /* name ids: positional, keyword-only */
    int32_t qualified_name;    /* constant index of a str */
} wcb_code_info;
typedef struct wcb_function {
    wcb_type *type;
    const wcb_code_info *info;
    wcv defaults;          /* tuple for the last positional parameters, or 0 */
    wcv keyword_defaults;  /* dict str -> value, or 0 */
    wcv attributes;        /* bag, or 0 */
    wcv owner;             /* class whose body it was defined in, for super(), or a cell that holds it, or 0. Functions among
                              a new class' members that have none get it; a member __classcell__ (a cell) is filled */
    int32_t num_cells;
    wcv cells[];           /* closure */
} wcb_function;
typedef struct { wcb_type *type; wcv value; } wcb_cell;
typedef struct { wcb_type *type; wcv self, function; } wcb_method;
typedef struct { wcb_type *type; int32_t builtin; } wcb_builtin;                       /* index in wcb_builtins */
typedef struct { wcb_type *type; wcv self; int32_t name_id; } wcb_builtin_method;      /* "abc".upper, not called yet */
typedef struct { wcb_type *type; wcv get, set, del, doc; } wcb_property;
typedef struct { wcb_type *type; wcv function; } wcb_wrapped;                           /* staticmethod, classmethod */
typedef struct { wcb_type *type; wcv cls, self; } wcb_super;
typedef struct { wcb_type *type; wcv name, members; } wcb_module; /* str, dict */
typedef struct wcb_generator {
    wcb_type *type;
    wcb_resume resume;
    int32_t state;   /* 0 not started, -1 finished, else where to go on */
    int32_t running;
    wcv result;      /* of return, for StopIteration */
    wcv handled;     /* exception that an except clause of it was handling at the yield, or 0 */
    wcb_function *function;
    int32_t num_slots;
    wcv slots[];     /* locals and temporaries */
} wcb_generator;
/* Arguments of a call: `count` positional values, then one for each of the keywords (str). */
typedef struct { const wcv *values; const wcv *keywords; int32_t count, num_keywords; } wcb_args;

/* ---- instances ---- */
enum {
    WCB_PRISTINE = 1 /* all slots immutable, still what `entity` stands for; `hash` is valid where the class has the
                        prelude's __hash__. Cleared by every store */
};
/* Attributes by slot. program->slot_of_name gives the slot of a name: the same in all classes. Bags of attributes of
 * other objects (functions, exceptions, instances of subclasses of list, ...) are wcb_instances too. */
typedef struct {
    wcb_type *type;
    uint32_t entity;     /* index of the interned entity it was made from, 0: none */
    uint16_t num_order;  /* attributes that are set */
    uint16_t flags;
    uint64_t hash;
    uint64_t copy;       /* while a deepcopy runs: the copy, if copy_epoch is that of the context */
    uint32_t copy_epoch;
    uint32_t mark;       /* free for one function's use, such as "being printed" */
    wcv slots[];         /* [program->num_slots], then the slot numbers in order of insertion, one byte each */
} wcb_instance;
#define WCB_SLOTS_OFFSET offsetof(wcb_instance, slots)
static inline uint8_t *wcb_order(wcb_instance *object, int32_t num_slots) { return (uint8_t *)(object->slots + num_slots); }

typedef struct { wcb_type *type; wcv arguments /* tuple */, attributes, cause, context; } wcb_exception;

/* ---- iterators ---- */
typedef struct wcb_iterator wcb_iterator;
struct wcb_iterator {
    wcb_type *type;
    wcv (*next)(wcb_ctx *ctx, wcb_iterator *self); /* 0 without an exception: exhausted */
    wcv source;      /* what it runs over, or 0 once exhausted */
    int64_t position, end;
    wcv a, b, c;     /* for the kind of iterator */
    uint32_t version;
};

/* ---- a compiled program, shared by all threads, immutable but for the entity store ---- */
typedef struct wcb_store wcb_store; /* entities.h */
struct wcb_program {
    int32_t num_names, num_slots, num_globals, num_constants, num_infos;
    int32_t num_types;               /* entity types known from data */
    const wcv *names;                /* interned str of each name id; the well-known ones of names.h come first */
    const int16_t *slot_of_name;     /* -1: can be no instance attribute */
    const int32_t *name_of_slot;
    const wcv *constants;
    const wcb_code_info *infos;
    wcv (*module_body)(wcb_ctx *ctx); /* runs the program's module; 0: it failed */
    const int32_t *global_names;     /* name id of each global of the program's own module, -1 for internal ones */
    int32_t transition_global, reward_global, reward_funcs_global, entity_global; /* index in globals or -1 */
    wcv mission;                     /* str or None */
    wcb_table *interned;             /* str -> str, read only after loading */
    wcb_store *store;
    int64_t fuel;                    /* of one step */
    size_t memory_limit;             /* bytes of one step */
    uint64_t serial;                 /* never used twice in a process */
};

/* ---- what runs: one per thread and program ---- */
typedef struct wcb_chunk wcb_chunk;
struct wcb_ctx {
    /* Offsets known to generated code: keep the first seven in place. */
    int64_t fuel;             /*  0 */
    wcv exception;            /*  8  pending, or 0 */
    wcv *globals;             /* 16 */
    const wcv *constants;     /* 24 */
    int32_t depth;            /* 32  calls that are active */
    int32_t status;           /* 36  0, or the WC_STATUS of the limit that was hit: unwinding */
    wcv handled;              /* 40  exception that an except clause handles now, or 0 */
    char *top;                /* 48  arena: next free byte */
    char *end;                /* 56 */
    const wcb_program *program;
    wcb_chunk *chunks, *current;
    size_t used_bytes;
    char *module_begin, *module_end; /* objects of the module: put back after a step that wrote into them */
    char *module_image;
    uint8_t dirty;            /* a store went to a module object */
    uint8_t loading;          /* the module body runs */
    uint32_t copy_epoch;
    wcb_type *classes;        /* all classes of the program */
    wcv *type_table;          /* class of each entity type of the data */
    wcv recursion;            /* free for repr */
    int32_t nested_iterators; /* zip, map and the like that ask the iterators inside them now */
    void *copying;            /* the deepcopy that runs, or NULL (copying.c) */
    /* arena.c and classes.c */
    size_t module_bytes;      /* reserved for the module's objects */
    wcb_chunk *caches;        /* look-up caches of the module's classes: not put back */
    wcb_type *module_classes; /* `classes` when the module was loaded */
    int32_t changed_names[8]; /* attributes of module classes that the step changed */
    int32_t num_changed_names; /* beyond 8: all caches are emptied */
};

#define WCB_MAX_DEPTH 990 /* RecursionError beyond; CPython's limit is 1,000 with the caller's frames */

/* ---- arena (arena.h) ---- */
void *wcb_alloc_slow(wcb_ctx *ctx, size_t bytes);
#if defined(__SANITIZE_ADDRESS__)
#define WCB_GUARDED 1 /* objects get gaps between them that the sanitizer watches */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WCB_GUARDED 1
#endif
#endif
void *wcb_alloc_guarded(wcb_ctx *ctx, size_t bytes);
/* Memory, 8-aligned, not cleared; NULL after wcb_limit. */
static inline void *wcb_alloc(wcb_ctx *ctx, size_t bytes) {
#ifdef WCB_GUARDED
    return wcb_alloc_guarded(ctx, bytes);
#endif
    bytes = (bytes + 7) & ~(size_t)7;
    if ((size_t)(ctx->end - ctx->top) < bytes) return wcb_alloc_slow(ctx, bytes);
    void *result = ctx->top;
    ctx->top += bytes;
    return result;
}
/* Call before writing into an object that may belong to the module. */
static inline void wcb_touch(wcb_ctx *ctx, const void *object) {
    if ((const char *)object >= ctx->module_begin && (const char *)object < ctx->module_end) ctx->dirty = 1;
}

/* ---- types ---- */
#define WCB_TYPE_INDEX(name, kind, base) WCB_TYPE_##name,
enum { WCB_BUILTIN_TYPES(WCB_TYPE_INDEX) WCB_NUM_TYPES };
#undef WCB_TYPE_INDEX
extern wcb_type wcb_types[WCB_NUM_TYPES];
#define WCB_TYPE(name) (&wcb_types[WCB_TYPE_##name])

static inline wcb_type *wcb_type_of(wcv v) {
    if (v & 1) return WCB_TYPE(int);
    if ((v & 7) == 0) return ((wcb_object *)v)->type;
    switch (v) {
    case WCB_NONE: return WCB_TYPE(NoneType);
    case WCB_ELLIPSIS: return WCB_TYPE(ellipsis);
    case WCB_NOT_IMPLEMENTED: return WCB_TYPE(NotImplementedType);
    default: return WCB_TYPE(bool);
    }
}
static inline wcb_kind_t wcb_kind(wcv v) { return (wcb_kind_t)wcb_type_of(v)->kind; }
static inline bool wcb_is_kind(wcv v, wcb_kind_t kind) { return wcb_is_object(v) && ((wcb_object *)v)->type->kind == kind; }
static inline bool wcb_is_subtype(const wcb_type *type, const wcb_type *base) {
    for (int32_t i = 0; i < type->num_mro; i++)
        if (type->mro[i] == base) return true;
    return false;
}
#define WCB_AS(struct_name, v) ((struct_name *)(v))

/* ==== The functions of the runtime, by the file that defines them ==== */

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

#endif /* WCB_VALUE_H */
