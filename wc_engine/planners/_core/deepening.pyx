"""Iterative deepening A* over packed states: the door to csrc/wc_deepening.h."""

from libc.stddef cimport size_t
from libc.stdint cimport uint32_t, uint64_t

from wc_engine.models._core.abi cimport model_of, wc_clock_seconds, wc_model
from wc_engine.planners._core.abi cimport (
    WC_SEARCH_MEMORY, WC_SEARCH_SOLVED, wc_deep, wc_deep_bytes, wc_deep_free, wc_deep_init, wc_deep_run, wc_limits,
    wc_search_status,
)
from wc_engine.planners._core.estimates cimport Estimator

import numpy as np


cdef class DeepeningSearch:
    """One search. It borrows the model: ``capsule`` is kept alive, its problem must be by the caller."""

    cdef wc_deep _search
    cdef const wc_model *_model
    cdef object _capsule
    cdef Estimator _estimator
    cdef bint _has_memory
    cdef wc_search_status _status

    def __cinit__(self, object capsule, const uint64_t[::1] initial_words, size_t memory_limit, *,
                  Estimator estimator):
        self._model = model_of(capsule)
        self._capsule = capsule
        self._estimator = estimator
        if initial_words.shape[0] != self._model.num_words:
            raise ValueError(f"expected {self._model.num_words} initial words, got {initial_words.shape[0]}")
        if estimator is not None and estimator._num_words != self._model.num_words:
            raise ValueError(f"the estimator is for states of {estimator._num_words} words")
        self._has_memory = wc_deep_init(
            &self._search, self._model, &initial_words[0], NULL if estimator is None else &estimator._estimator,
            memory_limit)

    def __dealloc__(self):
        wc_deep_free(&self._search)

    def run(self, double slice_seconds, double seconds_left, uint64_t budget):
        """Run for a slice without the GIL; return the status as a number of ``wc_search_status``.

        ``budget`` counts from the start of the search.
        """
        cdef double now = wc_clock_seconds()
        cdef wc_limits limits = wc_limits(now + slice_seconds, now + seconds_left, budget)
        if not self._has_memory:
            return <int>WC_SEARCH_MEMORY
        with nogil:
            self._status = wc_deep_run(&self._search, &limits)
        return <int>self._status

    def plan(self):
        """Return the indices of the plan's actions, or None where there is none."""
        cdef uint32_t place
        if self._status != WC_SEARCH_SOLVED:
            return None
        return [self._search.frames[place].action for place in range(self._search.depth)]

    def halt(self):
        """Return the words, action and status of the step on which the search halted."""
        cdef int word_index
        words = np.empty(self._model.num_words, dtype=np.uint64)
        for word_index in range(self._model.num_words):
            words[word_index] = self._search.halt.state[word_index]
        return words, self._search.halt.action, self._search.halt.status

    @property
    def expanded(self):
        return self._search.expanded

    @property
    def generated(self):
        return self._search.generated

    @property
    def bytes(self):
        own = wc_deep_bytes(&self._search) if self._has_memory else 0
        return own + (0 if self._estimator is None else self._estimator.bytes)

    @property
    def stored(self):
        """States that the path has room for."""
        return self._search.capacity
