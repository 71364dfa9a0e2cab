"""A model of the C contract in Cython: from a number to zero, by taking one or halving.

Build it against the package: `wc_engine.get_include()` is the folder of the headers.
"""

from cpython.pycapsule cimport PyCapsule_New
from libc.stdint cimport int32_t, uint8_t, uint64_t
from libc.string cimport memset

from wc_engine.models.abi cimport (
    WC_ABI_VERSION, WC_MODEL_CAPSULE, WC_STATUS_FAILED, WC_STATUS_OK, model_of, wc_model,
)


cdef int32_t step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                  uint8_t *done, void *scratch) noexcept nogil:
    if action == 1 and state[0] % 2 == 1:
        return WC_STATUS_FAILED  # an odd number has no half: a dead end
    next[0] = state[0] - 1 if action == 0 else state[0] // 2
    done[0] = next[0] == 0
    reward[0] = 1.0 if done[0] else 0.0
    return WC_STATUS_OK


cdef class Countdown:
    """The model; keep it alive as long as its capsule is used."""

    actions = ("take one", "halve")

    cdef wc_model _model

    def __cinit__(self):
        memset(&self._model, 0, sizeof(wc_model))
        self._model.abi_version = WC_ABI_VERSION
        self._model.num_words = 1
        self._model.num_actions = 2
        self._model.step = step

    @property
    def capsule(self):
        return PyCapsule_New(&self._model, WC_MODEL_CAPSULE, NULL)


def walk(capsule, uint64_t number, actions):
    """Step any model of one word from Cython, without a call of Python between the steps; return where it ends."""
    cdef const wc_model *model = model_of(capsule)
    cdef int32_t[64] indices
    cdef int32_t count = len(actions), place, status = WC_STATUS_OK
    cdef uint64_t following
    cdef double reward
    cdef uint8_t done = 0
    if count > 64 or model.num_words != 1 or model.scratch_bytes != 0:
        raise ValueError("expected at most 64 actions, and a model of one word without scratch memory")
    for place in range(count):
        indices[place] = actions[place]
    with nogil:
        for place in range(count):
            status = model.step(model.problem, &number, indices[place], &following, &reward, &done, NULL)
            if status != WC_STATUS_OK:
                break
            number = following
    return number, status, bool(done)
