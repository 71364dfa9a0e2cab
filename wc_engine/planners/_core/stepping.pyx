"""Single steps of a model of the C contract, from Python."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.stdlib cimport free, malloc

from wc_engine.planners._core.abi cimport model_of, wc_clock_seconds, wc_model, wc_scratch_new


cdef class Stepper:
    """Steps a model one state at a time; states are tuples of words.

    It borrows the model: ``capsule`` is kept alive, its problem must be by the caller.
    """

    cdef const wc_model *_model
    cdef object _capsule
    cdef void *_scratch
    cdef uint64_t *_words  # [2][W]: the state, its successor

    def __cinit__(self, object capsule):
        self._model = model_of(capsule)
        self._capsule = capsule
        self._scratch = wc_scratch_new(self._model)
        self._words = <uint64_t *>malloc(2 * <size_t>self._model.num_words * sizeof(uint64_t))
        if self._scratch == NULL or self._words == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self._scratch)
        free(self._words)

    @property
    def num_actions(self):
        return self._model.num_actions

    def step(self, tuple state, int32_t action):
        """Return (status, next state, reward, done) of one step; the last three mean something where status is 1."""
        cdef int32_t num_words = self._model.num_words
        cdef int32_t word_index, status
        cdef uint64_t *following = self._words + num_words
        cdef double reward = 0.0
        cdef uint8_t done = 0
        if len(state) != num_words or not 0 <= action < self._model.num_actions:
            raise ValueError(f"expected {num_words} words and an action below {self._model.num_actions}")
        for word_index in range(num_words):
            self._words[word_index] = state[word_index]
            following[word_index] = 0
        with nogil:
            status = self._model.step(
                self._model.problem, self._words, action, following, &reward, &done, self._scratch)
        return status, tuple([following[word_index] for word_index in range(num_words)]), reward, bool(done)


def step_seconds(object capsule, const uint64_t[:, ::1] states, const int32_t[::1] actions, int64_t repeats):
    """Return the seconds that ``repeats`` passes of one step per row take: states [B, W], actions [B]."""
    cdef const wc_model *model = model_of(capsule)
    cdef Py_ssize_t count = actions.shape[0]
    cdef Py_ssize_t index
    cdef int64_t _repeat
    cdef double reward = 0.0, begin = 0.0, end = 0.0
    cdef uint8_t done = 0
    if states.shape[0] != count or states.shape[1] != model.num_words:
        raise ValueError(f"expected states of shape [{count}, {model.num_words}]")
    for index in range(count):
        if not 0 <= actions[index] < model.num_actions:
            raise ValueError(f"expected actions below {model.num_actions}")
    cdef void *scratch = wc_scratch_new(model)
    cdef uint64_t *following = <uint64_t *>malloc(<size_t>model.num_words * sizeof(uint64_t))
    try:
        if scratch == NULL or following == NULL:
            raise MemoryError
        with nogil:
            begin = wc_clock_seconds()
            for _repeat in range(repeats):
                for index in range(count):
                    model.step(
                        model.problem, &states[index, 0], actions[index], following, &reward, &done, scratch)
            end = wc_clock_seconds()
    finally:
        free(scratch)
        free(following)
    return end - begin
