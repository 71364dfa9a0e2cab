"""A Python function as a model of the C contract."""

from cpython.pycapsule cimport PyCapsule_New
from libc.stdint cimport int32_t, uint8_t, uint64_t
from libc.string cimport memset

from wc_engine.models._core.abi cimport (
    WC_ABI_VERSION, WC_MODEL_CAPSULE, WC_MODEL_NEEDS_GIL, WC_STATUS_INTERNAL, WC_STATUS_OK, wc_model, wc_step_fn,
)


cdef int32_t call_step(const void *problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                       uint8_t *done, void *scratch) noexcept with gil:
    cdef CallbackModel model = <CallbackModel>problem
    cdef int32_t status
    try:
        status, next_id, step_reward, step_done = model._step(state[0], action)
        if status == WC_STATUS_OK:
            next[0] = next_id
            reward[0] = step_reward
            done[0] = bool(step_done)
        return status
    except BaseException as error:  # nothing may pass through C: the caller takes it out of `error` afterwards
        model.error = error
        return WC_STATUS_INTERNAL


cdef class CallbackModel:
    """A model whose states are numbers (one word) and whose steps are calls of ``step``.

    Args:
        step: called with a state's number and an action's index; returns (status, next number, reward, done).
        num_actions: ``A``, at least 1.

    Attributes:
        error: the last exception that ``step`` raised; that step's status was "internal".
    """

    cdef wc_model _model
    cdef object _step
    cdef public object error

    def __cinit__(self, object step, int32_t num_actions):
        memset(&self._model, 0, sizeof(wc_model))
        self._model.abi_version = WC_ABI_VERSION
        self._model.flags = WC_MODEL_NEEDS_GIL
        self._model.num_words = 1
        self._model.num_actions = num_actions
        self._model.problem = <const void *>self
        self._model.step = <wc_step_fn>call_step
        self._step = step
        self.error = None

    @property
    def capsule(self):
        """A capsule that points into this object: keep the object alive while it is in use."""
        return PyCapsule_New(&self._model, WC_MODEL_CAPSULE, NULL)
