"""Breadth-first search over packed states: the door to csrc/wc_breadth_first.h."""

from libc.stdint cimport int32_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc

from wc_engine.models._core.abi cimport model_of, wc_clock_seconds, wc_model
from wc_engine.planners._core.abi cimport (
    WC_MAX_EXPLORERS, WC_SEARCH_MEMORY, WC_SEARCH_SOLVED, wc_bfs, wc_bfs_bytes, wc_bfs_free, wc_bfs_init, wc_bfs_plan,
    wc_bfs_plan_length, wc_bfs_run, wc_exploration_expanded, wc_exploration_generated, wc_limits, wc_search_status,
)

import numpy as np

MAX_THREADS = <int>WC_MAX_EXPLORERS


cdef class BreadthFirstSearch:
    """One search, in ``num_threads`` threads (1 where the model is in Python, 64 at most).

    It borrows the model: ``capsule`` is kept alive, its problem must be by the caller.
    """

    cdef wc_bfs _search
    cdef const wc_model *_model
    cdef object _capsule
    cdef bint _has_memory
    cdef wc_search_status _status

    def __cinit__(self, object capsule, const uint64_t[::1] initial_words, size_t memory_limit, int num_threads=1):
        self._model = model_of(capsule)
        self._capsule = capsule
        if initial_words.shape[0] != self._model.num_words:
            raise ValueError(f"expected {self._model.num_words} initial words, got {initial_words.shape[0]}")
        self._has_memory = wc_bfs_init(&self._search, self._model, &initial_words[0], memory_limit, num_threads)

    def __dealloc__(self):
        wc_bfs_free(&self._search)

    def run(self, double slice_seconds, double seconds_left, uint64_t budget):
        """Run for a slice without the GIL; return the status as a number of ``wc_search_status``.

        ``budget`` counts from the start of the search.
        """
        cdef double now = wc_clock_seconds()
        cdef wc_limits limits = wc_limits(now + slice_seconds, now + seconds_left, budget)
        if not self._has_memory:
            return <int>WC_SEARCH_MEMORY
        with nogil:
            self._status = wc_bfs_run(&self._search, &limits)
        return <int>self._status

    def plan(self):
        """Return the indices of the plan's actions, or None where there is none or the model contradicts itself."""
        cdef uint32_t length, position
        cdef int32_t *actions
        cdef int consistent
        if self._status != WC_SEARCH_SOLVED:
            return None
        length = wc_bfs_plan_length(&self._search)
        actions = <int32_t *>malloc(length * sizeof(int32_t))
        if actions == NULL:
            raise MemoryError
        try:
            with nogil:
                consistent = wc_bfs_plan(&self._search, actions)
            return [actions[position] for position in range(length)] if consistent else None
        finally:
            free(actions)

    def halt(self):
        """Return the words, action and status of the step on which the search halted."""
        cdef int word_index
        words = np.empty(self._model.num_words, dtype=np.uint64)
        for word_index in range(self._model.num_words):
            words[word_index] = self._search.halt.state[word_index]
        return words, self._search.halt.action, self._search.halt.status

    @property
    def expanded(self):
        return wc_exploration_expanded(&self._search.exploration)

    @property
    def generated(self):
        return wc_exploration_generated(&self._search.exploration)

    @property
    def bytes(self):
        return wc_bfs_bytes(&self._search) if self._has_memory else 0

    @property
    def stored(self):
        return self._search.exploration.space.table.count
