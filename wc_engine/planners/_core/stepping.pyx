"""Single steps of a model of the C contract, from Python."""

from libc.stdint cimport int32_t, uint8_t, uint64_t
from libc.stdlib cimport free, malloc

from wc_engine.models._core.abi cimport model_of, wc_model, wc_scratch_new


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
