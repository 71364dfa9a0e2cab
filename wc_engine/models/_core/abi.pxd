# The C contract of csrc/wc_abi.h, and many steps at once, as Cython sees them. Only .pxd files read csrc/.
#
# Ownership: a wc_model belongs to the problem that made it; whoever has its capsule borrows it. Everything here runs
# without the GIL and cannot raise, but for model_of.

from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_IsValid
from libc.stddef cimport size_t
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t


cdef extern from "wc_abi.h" nogil:
    const uint32_t WC_ABI_VERSION
    const char *WC_MODEL_CAPSULE
    enum:
        WC_STATUS_INTERNAL
        WC_STATUS_OK
        WC_STATUS_FAILED
        WC_MODEL_NEEDS_GIL

    ctypedef int32_t (*wc_step_fn)(const void *problem, const uint64_t *state, int32_t action, uint64_t *next,
                                   double *reward, uint8_t *done, void *scratch) noexcept nogil

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
        wc_reward_fn reward


cdef extern from "wc_clock.h" nogil:
    double wc_clock_seconds()


cdef extern from "wc_scratch.h" nogil:
    void *wc_scratch_bytes_new(size_t bytes)
    void *wc_scratch_new(const wc_model *model)


cdef extern from "wc_expand.h" nogil:
    void wc_expand(const wc_model *model, const uint64_t *state, uint64_t *next, double *rewards, uint8_t *dones,
                   int32_t *statuses, void *scratch)


cdef extern from "wc_threads.h" nogil:
    const int32_t WC_MAX_THREADS

    ctypedef struct wc_pool:
        pass

    void wc_pool_prepare(wc_pool *pool)
    void wc_pool_end(wc_pool *pool)


cdef extern from "wc_batch.h" nogil:
    ctypedef struct wc_batch:
        const wc_model **models
        const int32_t *which
        int64_t count
        size_t width
        const uint64_t *states
        const int32_t *actions
        const uint64_t *given
        uint64_t *next
        double *rewards
        uint8_t *dones
        int32_t *statuses

    int64_t wc_batch_run(wc_batch *batch, wc_pool *pool, int64_t begin, int32_t num_threads, double slice_end,
                         size_t scratch_bytes, void *scratch)


cdef inline const wc_model *model_of(object capsule) except NULL:
    """The model that a capsule holds; ValueError where it is no capsule of ours or of another version."""
    if not PyCapsule_IsValid(capsule, WC_MODEL_CAPSULE):
        raise ValueError("expected a PyCapsule named 'wc_engine.wc_model' that holds a wc_model")
    cdef const wc_model *model = <const wc_model *>PyCapsule_GetPointer(capsule, WC_MODEL_CAPSULE)
    if model.abi_version != WC_ABI_VERSION:
        raise ValueError(f"the model follows version {model.abi_version} of wc_abi.h, expected {WC_ABI_VERSION}")
    if model.num_words < 1 or model.num_actions < 1 or model.step == NULL:
        raise ValueError("the model has no words, no actions or no step function")
    return model
