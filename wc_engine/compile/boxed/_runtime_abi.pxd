# The boxed runtime of csrc/boxed as Cython sees it: see value.h and model.h. Nothing here raises a Python exception.

from libc.stddef cimport size_t
from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t


cdef extern from "wc_abi.h" nogil:
    const uint32_t WC_ABI_VERSION
    const char *WC_MODEL_CAPSULE
    enum:
        WC_STATUS_OK

    ctypedef int32_t (*wc_step_fn)(const void *problem, const uint64_t *state, int32_t action, uint64_t *next,
                                   double *reward, uint8_t *done, void *scratch) noexcept nogil
    ctypedef int32_t (*wc_expand_fn)(const void *problem, const uint64_t *state, uint64_t *next, double *rewards,
                                     uint8_t *dones, int32_t *statuses, void *scratch) noexcept nogil
    ctypedef int32_t (*wc_reward_fn)(const void *problem, const uint64_t *state, int32_t action, const uint64_t *next,
                                     double *reward, uint8_t *done, void *scratch) noexcept nogil

    ctypedef struct wc_model:
        uint32_t abi_version
        uint32_t flags
        int32_t num_words
        int32_t num_actions
        size_t scratch_bytes
        const void *problem
        wc_step_fn step
        wc_expand_fn expand
        wc_reward_fn reward


cdef extern from "boxed/value.h" nogil:
    ctypedef uint64_t wcv
    const wcv WCB_NONE, WCB_FALSE, WCB_TRUE, WCB_ELLIPSIS, WCB_NOT_IMPLEMENTED
    const int64_t WCB_INT_MIN, WCB_INT_MAX
    enum:
        WCB_NUM_NAMES
        WCB_NUM_TYPES
        WCB_KIND_INT
        WCB_KIND_FLOAT
        WCB_KIND_COMPLEX
        WCB_KIND_STR
        WCB_KIND_TUPLE
        WCB_KIND_LIST
        WCB_KIND_DICT
        WCB_KIND_SET
        WCB_KIND_FROZENSET

    ctypedef struct wcb_function
    ctypedef struct wcb_ctx:
        wcv exception
        wcv *globals
        int32_t status

    ctypedef struct wcb_type:
        int16_t index
        const char *c_name
        wcv name

    ctypedef struct wcb_str:
        int32_t length
        int32_t name_id
        uint8_t width
        const uint8_t *data

    ctypedef struct wcb_float:
        double value

    ctypedef struct wcb_complex:
        double real
        double imag

    ctypedef struct wcb_boxed_int:
        int64_t value

    ctypedef struct wcb_tuple:
        int64_t length
        const wcv *items

    ctypedef struct wcb_list:
        int64_t length
        const wcv *items

    ctypedef struct wcb_entry:
        wcv key
        wcv value

    ctypedef struct wcb_table:
        int32_t filled
        wcb_entry *entries

    ctypedef wcv (*wcb_code)(wcb_ctx *ctx, wcb_function *self, wcv *arguments) noexcept nogil

    ctypedef struct wcb_code_info:
        wcb_code entry
        int32_t name
        int16_t num_positional
        int16_t num_positional_only
        int16_t num_keyword_only
        uint8_t var_positional
        uint8_t var_keyword
        uint32_t unread
        const int32_t *parameters
        int32_t qualified_name

    ctypedef struct wcb_program:
        int32_t num_names
        int32_t num_slots
        int32_t num_globals
        int32_t num_constants
        int32_t num_infos
        const wcv *names
        const int16_t *slot_of_name
        const int32_t *name_of_slot
        const wcv *constants
        const wcb_code_info *infos
        wcv (*module_body)(wcb_ctx *ctx) noexcept nogil
        const int32_t *global_names
        int32_t transition_global
        int32_t reward_global
        int32_t reward_funcs_global
        int32_t entity_global
        wcv mission

    ctypedef struct wcb_builtin_entry:
        const char *name

    const wcb_builtin_entry wcb_builtins[1]
    const int32_t wcb_num_builtins
    wcb_type wcb_types[1]

    void wcb_init_runtime()
    bint wcb_is_small(wcv v)
    bint wcb_is_object(wcv v)
    int64_t wcb_small(wcv v)
    wcv wcb_from_small(int64_t n)
    int wcb_kind(wcv v)
    wcb_type *wcb_type_of(wcv v)
    int wcb_hash(wcb_ctx *ctx, wcv v, uint64_t *out)
    wcv wcb_new_float(wcb_ctx *ctx, double d)
    wcv wcb_new_complex(wcb_ctx *ctx, double real, double imag)
    wcv wcb_new_tuple(wcb_ctx *ctx, int64_t count, const wcv *items)
    wcv wcb_new_list(wcb_ctx *ctx, int64_t count, const wcv *items)
    wcv wcb_new_dict(wcb_ctx *ctx, int64_t count, const wcv *keys_and_values)
    wcv wcb_new_set(wcb_ctx *ctx, int64_t count, const wcv *items)
    wcv wcb_new_frozenset(wcb_ctx *ctx, int64_t count, const wcv *items)
    int wcb_set_contains(wcb_ctx *ctx, wcv self, wcv item)
    wcv wcb_call_values(wcb_ctx *ctx, wcv callee, int32_t count, const wcv *values)
    wcv wcb_str_of(wcb_ctx *ctx, wcv v)
    wcv wcb_entity_eq(wcb_ctx *ctx, wcb_function *self, wcv *arguments)
    wcv wcb_entity_hash(wcb_ctx *ctx, wcb_function *self, wcv *arguments)


cdef extern from "boxed/model.h" nogil:
    ctypedef struct wcb_heap:
        pass

    ctypedef struct wcb_entity:
        const uint8_t *key
        uint32_t key_length
        uint32_t id

    ctypedef struct wcb_store:
        wcb_ctx *values
        uint32_t num_entities

    ctypedef struct wcb_host:
        wcb_program program
        wcb_store store
        wcb_heap heap
        int32_t plain_info

    ctypedef struct wcb_context:
        wcb_ctx ctx

    ctypedef struct wcb_problem:
        int32_t num_universe
        int32_t capacity
        int32_t num_words
        int32_t num_actions

    ctypedef struct wcb_symbol:
        const char *name
        const void *address

    ctypedef struct wcb_offset:
        const char *name
        size_t value

    const wcb_symbol wcb_symbols[1]
    const wcb_offset wcb_offsets[1]
    const char *const wcb_well_known_names[1]
    const size_t wcb_type_bytes
    const size_t wcb_builtin_bytes

    void *wcb_heap_take(wcb_heap *heap, size_t bytes)
    const wcb_entity *wcb_store_add(const wcb_program *program, const uint8_t *key, uint32_t length)
    const wcb_entity *wcb_store_get(const wcb_store *store, uint32_t id)
    wcv wcb_store_string(const wcb_program *program, const uint32_t *points, int64_t length)
    wcb_host *wcb_host_new(int64_t fuel, size_t memory_limit)
    int wcb_host_intern_names(wcb_host *host)
    void wcb_host_free(wcb_host *host)
    wcv wcb_plain_init(wcb_ctx *ctx, wcb_function *self, wcv *arguments)
    wcv wcb_plain_repr(wcb_ctx *ctx, wcb_function *self, wcv *arguments)
    wcb_context *wcb_context_take(wcb_host *host)
    int wcb_context_ready(wcb_context *context)
    wcv wcb_clear_exception(wcb_ctx *ctx)
    uint32_t wcb_snapshot_image(wcb_context *context, uint32_t id)
    wcb_problem *wcb_problem_new(wcb_host *host, const uint32_t *universe, int32_t num_universe, int32_t capacity,
                                 const wcv *actions, int32_t num_actions)
    void wcb_problem_free(wcb_problem *problem)
    int wcb_words_of_ids(const wcb_problem *problem, const uint32_t *ids, int32_t count, uint64_t *words)
    int32_t wcb_ids_of_words(const wcb_problem *problem, const uint64_t *words, uint32_t *ids)
    int32_t wcb_model_step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                           uint8_t *done, void *scratch)
    int32_t wcb_model_reward(const void *problem, const uint64_t *state, int32_t action, const uint64_t *next,
                             double *reward, uint8_t *done, void *scratch)
    int32_t wcb_model_expand(const void *problem, const uint64_t *state, uint64_t *next, double *rewards,
                             uint8_t *dones, int32_t *statuses, void *scratch)
