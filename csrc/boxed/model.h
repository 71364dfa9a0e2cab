/* Compiled boxed programs as models of the C contract (wc_abi.h): entities, packed states, contexts and steps.
 *
 * A *key* is an entity in canonical form as bytes: equal entities have equal keys, and memcmp orders keys as the
 * canonical order of wc_engine/state/entities.py orders entities.
 *
 *     entity    = string of the type, attribute ..., 00
 *     attribute = slot + 1 (slots are sorted by name), value
 *     value     = 01 None | 02 bool (0, 1) | 03 int (8 bytes, biased, high first) | 04 00 nan
 *               | 04 01 float (8 bytes, ordered) | 05 string | 06 value ... 00 a tuple | 07 entity
 *     string    = its UTF-8 with 00 as 01 01 and 01 as 01 02, then 00
 *
 * Every key has a number from 1, its entity id, for as long as the program lives: the *store*. A packed state of a
 * *problem* is a mask of the entities that the problem knows by bit, in canonical order, then the ids of the others,
 * in canonical order, zero padded.
 *
 * A thread runs a program in a *context*: an arena and the module, loaded once. A *snapshot* is what the program's
 * class makes of an entity, kept by a context to be copied: objects are constructed by the program's own code once,
 * and then only where that code has effects.
 */
#ifndef WCB_MODEL_H
#define WCB_MODEL_H

#include <pthread.h>
#include <stdatomic.h>

#include "value.h"

/* ---- memory that is kept: blocks that are freed together ---- */
typedef struct wcb_block wcb_block;
struct wcb_block { wcb_block *next; };
typedef struct { wcb_block *blocks; char *top, *end; size_t bytes; } wcb_heap;
void *wcb_heap_take(wcb_heap *heap, size_t bytes); /* 8-aligned; NULL: no memory */
void wcb_heap_free(wcb_heap *heap);

/* ---- the store: store.c ---- */
enum { WCB_TAG_ENTITY = 6 }; /* low bits of a value of a stored entity that stands for an entity: id << 3 | 6 */
enum {
    WCB_ENTITY_POSITIONED = 1, /* has both x and y */
    WCB_ENTITY_NESTED = 2,     /* an attribute holds an entity */
    WCB_ENTITY_NAN = 4         /* an attribute holds a nan */
};
typedef struct { int32_t slot; wcv value; } wcb_attribute;
typedef struct wcb_entity {
    const uint8_t *key;
    uint64_t key_hash;
    uint32_t key_length, id;
    int32_t type;           /* number of its type in the store */
    uint16_t num_attributes;
    uint16_t flags;
    wcb_attribute attributes[]; /* by slot */
} wcb_entity;

typedef struct { wcv name; int32_t global; /* the global of that name, or -1 */ } wcb_entity_type;
typedef struct wcb_key_table wcb_key_table;
#define WCB_STORE_SEGMENTS 24
#define WCB_STORE_FIRST 256 /* entities of the first segment; each one doubles the room */

struct wcb_store {
    pthread_mutex_t mutex; /* held to add something */
    _Atomic(wcb_key_table *) table;
    _Atomic(const wcb_entity **) segments[WCB_STORE_SEGMENTS];
    _Atomic uint32_t num_entities;
    _Atomic(const wcb_entity_type *) types; /* grows by copying; earlier arrays stay */
    _Atomic int32_t num_types;
    int32_t types_capacity;
    wcb_ctx *values;       /* its arena holds constants, strings, and the floats and tuples of entities */
    wcb_heap heap;         /* keys and entities */
    wcv *strings;          /* open addressing: every interned str */
    uint32_t num_strings, strings_size;
};

int wcb_store_init(wcb_store *store, const wcb_program *program); /* -1: no memory */
void wcb_store_release(wcb_store *store);
const wcb_entity *wcb_store_find(const wcb_program *program, const uint8_t *key, uint32_t length); /* NULL: not in it */
/* Found or added; NULL: no memory, or no key (what a key must be is checked only while it is added). */
const wcb_entity *wcb_store_add(const wcb_program *program, const uint8_t *key, uint32_t length);
wcv wcb_store_string(const wcb_program *program, const uint32_t *points, int64_t length); /* the interned str; 0: no memory */
static inline const wcb_entity *wcb_store_get(const wcb_store *store, uint32_t id) {
    const uint32_t place = id - 1 + WCB_STORE_FIRST;
    const int segment = 31 - __builtin_clz(place / WCB_STORE_FIRST);
    return atomic_load_explicit(&store->segments[segment], memory_order_acquire)[place - (WCB_STORE_FIRST << segment)];
}
int wcb_key_order(const wcb_entity *a, const wcb_entity *b); /* <0, 0, >0 in canonical order */

/* ---- programs: program.c ---- */
typedef struct wcb_context wcb_context;
typedef struct wcb_host wcb_host;
struct wcb_host {
    wcb_program program;   /* first: the two are cast to each other */
    wcb_store store;
    wcb_heap heap;         /* the program's tables */
    int32_t plain_info;    /* infos of __init__, __repr__, __eq__, __hash__ of classes for programs without Entity */
    pthread_mutex_t mutex; /* held to take or give back a context */
    wcb_context *contexts; /* all of them */
    wcb_context *idle;
    wcb_host *next;        /* of all programs in the process */
};

wcb_host *wcb_host_new(int64_t fuel, size_t memory_limit); /* tables are filled by the caller; NULL: no memory */
int wcb_host_intern_names(wcb_host *host);                 /* program.interned, once the names are there; -1: no memory */
void wcb_host_free(wcb_host *host);                        /* no thread runs it */
wcv wcb_plain_init(wcb_ctx *ctx, wcb_function *self, wcv *arguments);
wcv wcb_plain_repr(wcb_ctx *ctx, wcb_function *self, wcv *arguments);

/* ---- snapshots: snapshots.c ---- */
typedef struct wcb_snapshot wcb_snapshot;
typedef enum { WCB_PART_VALUE, WCB_PART_INSTANCE, WCB_PART_LIST, WCB_PART_TUPLE } wcb_part_kind;
/* How to make a value anew. */
typedef struct wcb_part {
    wcb_part_kind kind;
    int32_t slot;            /* of the instance that it is a part of */
    int64_t length;          /* of the list or tuple */
    wcv value;               /* itself, where it is immutable */
    struct wcb_part *items;
    wcb_snapshot *instance;
} wcb_part;
enum {
    WCB_SNAPSHOT_COPIED = 1, /* objects can be copied; else they are constructed each time */
    WCB_SNAPSHOT_HASHED = 2, /* `hash` is the hash of a fresh object */
    WCB_SNAPSHOT_TWIN = 4,   /* another entity has that hash: only comparing tells whether both can be in a set */
    WCB_SNAPSHOT_IDENTITY = 8, /* the hash is that of the object's address, and no two objects are equal */
    WCB_SNAPSHOT_SOURCE = 16 /* objects read as another entity: constructing added or changed something */
};
struct wcb_snapshot {
    uint32_t id;             /* of the entity that it was made from; 0: an inner one */
    uint32_t image;          /* entity that a fresh object reads as; 0: it cannot be read */
    uint64_t hash;
    int32_t flags;
    int32_t num_parts;       /* attributes that are not shared by the copies */
    wcb_part *parts;
    wcb_instance *object;    /* what is copied: wcb_instance_bytes() */
};
static inline size_t wcb_instance_bytes(const wcb_program *program) {
    return (WCB_SLOTS_OFFSET + (size_t)program->num_slots * (sizeof(wcv) + 1) + 7) & ~(size_t)7;
}

/* ---- contexts: contexts.c ---- */
struct wcb_problem;
typedef struct { uint32_t id; int32_t place; } wcb_place;
#define WCB_NUM_PLACES 256
/* Objects of the entities known by bit that stand ready, side by side, and their entries in a set. What a call changed
 * is made good before the next one. */
typedef struct { char *objects; wcb_entry *entries; } wcb_standing;
/* What a context keeps of the problem that it worked on last. */
typedef struct {
    uint64_t problem;        /* serial, 0: none */
    int32_t count;           /* entities known by bit */
    size_t bytes;            /* of an object */
    uint32_t *universe;      /* their ids */
    wcb_snapshot **snapshots;
    char *images;            /* what the standing objects are */
    wcb_standing standing[2]; /* of the state before a step, and of the one after it */
    uint64_t *plain;         /* masks: those that have a standing object, */
    uint64_t *twins;         /* those with WCB_SNAPSHOT_TWIN, */
    uint64_t *sources;       /* those with WCB_SNAPSHOT_SOURCE */
    bool copied;             /* all of them are copied, and their hashes are known */
    uint16_t *bits;          /* by entity id: 1 + bit; 0: none */
    uint32_t bits_size;
    uint32_t *extras;        /* room for those of a state that is being packed */
    wcb_place places[WCB_NUM_PLACES]; /* of other entities: how many of those known by bit come before them */
} wcb_stage;
typedef struct { uint64_t hash; wcb_snapshot *snapshot; } wcb_twin;
struct wcb_context {
    wcb_ctx ctx;             /* first: the two are cast to each other */
    wcb_host *host;
    wcb_context *next, *next_idle;
    int32_t state;           /* 0: not loaded yet; WC_STATUS_OK: loaded; else why the module cannot be loaded */
    int32_t num_types;       /* entity types whose class is in ctx.type_table */
    wcv reward_function;     /* what the mission is scored with, if that is sure; 0: looked up in each step */
    wcb_snapshot **snapshots; /* by entity id */
    uint32_t num_snapshots;  /* room */
    wcb_twin *twins;         /* open addressing by hash */
    uint32_t num_twins, twins_size;
    wcb_snapshot **likenesses; /* pristine ones by what is in their slots: see wcb_find_likeness */
    uint32_t likenesses_size, num_likenesses;
    wcb_heap heap;           /* snapshots */
    uint8_t *key;            /* room for the key of an entity that is read */
    size_t key_size;
    wcb_stage stage;
    uint64_t *made;          /* the next state of a step */
    int32_t made_words;
};

wcb_context *wcb_context_take(wcb_host *host); /* this thread's; NULL: no memory */
void wcb_context_free(wcb_context *context);
int wcb_context_ready(wcb_context *context);   /* empty arena, module as loaded, classes for all types: a status */
void wcb_forget_snapshots(wcb_context *context);
void wcb_stage_free(wcb_stage *stage);

/* Make snapshots of the entities; afterwards the context has to be made ready again where this returns 1; -1: a limit. */
int wcb_prepare(wcb_context *context, const uint32_t *ids, int32_t count);
wcv wcb_construct_entity(wcb_context *context, const wcb_entity *entity); /* calls its class; 0: it raised, or a limit */
wcb_instance *wcb_copy_snapshot(wcb_ctx *ctx, const wcb_snapshot *snapshot); /* NULL: no memory */
/* A snapshot whose objects have these very attributes, so that this one reads as they do; NULL: none is known. */
const wcb_snapshot *wcb_find_likeness(const wcb_context *context, const wcb_instance *object);

/* ---- problems and packed states: states.c, unpacking.c ---- */
typedef struct wcb_problem {
    wcb_host *host;
    uint64_t serial;        /* never used twice in a process */
    int32_t num_universe;   /* entities known by bit */
    int32_t num_mask_words;
    int32_t capacity;       /* room for others, even */
    int32_t num_words;
    int32_t num_actions;
    uint32_t *universe;     /* ids in canonical order */
    wcv *actions;           /* str */
} wcb_problem;

wcb_problem *wcb_problem_new(wcb_host *host, const uint32_t *universe, int32_t num_universe, int32_t capacity,
                             const wcv *actions, int32_t num_actions);
void wcb_problem_free(wcb_problem *problem);
/* The context is ready for states of these words: loaded, its arena empty. A status. */
int wcb_states_prepare(wcb_context *context, const wcb_problem *problem, const uint64_t *const *states, int count);
/* Fresh objects for a packed state as the set that a program is called with; 0: the program raised, or a limit. `which`
 * tells the two states of a call apart: the second may not be the first one's. */
wcv wcb_state_unpack(wcb_context *context, const wcb_problem *problem, const uint64_t *words, int which);
/* Whether unpacking a state cannot raise: no object is constructed. */
bool wcb_state_is_copied(const wcb_context *context, const wcb_problem *problem, const uint64_t *words);
/* What transition returned as words. A status. */
int wcb_state_pack(wcb_context *context, const wcb_problem *problem, wcv returned, uint64_t *words);
static inline uint32_t wcb_extra(const wcb_problem *problem, const uint64_t *words, int32_t i) {
    return (uint32_t)(words[problem->num_mask_words + i / 2] >> 32 * (i & 1));
}
int32_t wcb_num_extras(const wcb_problem *problem, const uint64_t *words);
int32_t wcb_place_of(const wcb_problem *problem, uint32_t id); /* how many entities known by bit come before it */
int wcb_words_of_ids(const wcb_problem *problem, const uint32_t *ids, int32_t count, uint64_t *words); /* a status */
int32_t wcb_ids_of_words(const wcb_problem *problem, const uint64_t *words, uint32_t *ids); /* in canonical order; room for all */

/* ---- reading objects: reading.c ---- */
/* The entity that an object reads as; NULL: it is none (an exception), or a limit. `special`: reading ran code. */
const wcb_entity *wcb_read_entity(wcb_context *context, wcv object, bool *special);

/* ---- what Python asks: for_generators.c, contexts.c; symbols.c is made by setup.py ---- */
typedef struct { const char *name; const void *address; } wcb_symbol;
extern const wcb_symbol wcb_symbols[];                /* the runtime's functions and tables; ended by a NULL name */
typedef struct { const char *name; size_t value; } wcb_offset;
extern const wcb_offset wcb_offsets[];                /* "struct.field"; ended by a NULL name */
extern const char *const wcb_well_known_names[];      /* [WCB_NUM_NAMES] */
extern const size_t wcb_type_bytes, wcb_builtin_bytes;
wcv wcb_clear_exception(wcb_ctx *ctx);                /* the pending exception, which is none any more */
uint32_t wcb_snapshot_image(wcb_context *context, uint32_t id); /* what a fresh object reads as; 0: it cannot be told */

/* ---- the model: steps.c ---- */
int32_t wcb_model_step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                       uint8_t *done, void *scratch);
int32_t wcb_model_reward(const void *problem, const uint64_t *state, int32_t action, const uint64_t *next,
                         double *reward, uint8_t *done, void *scratch);
int32_t wcb_model_expand(const void *problem, const uint64_t *state, uint64_t *next, double *rewards, uint8_t *dones,
                         int32_t *statuses, void *scratch);

#endif /* WCB_MODEL_H */
