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
    uint32_t unread;           /* bit i: the body never looks at positional parameter i */
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
/* Objects that stand ready from one call to the next (see unpacking.c), and those of them that lost WCB_PRISTINE. */
enum { WCB_MOST_CHANGED = 24 };
typedef struct {
    char *begin, *end;
    int32_t num_changed; /* beyond WCB_MOST_CHANGED: not all of them are listed */
    wcb_instance *changed[WCB_MOST_CHANGED];
} wcb_standing_objects;
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
    wcb_standing_objects standing[2]; /* of the state before a step, and of the one after it */
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

#include "functions.h"

#endif /* WCB_VALUE_H */
