"""Best-first search over packed states: the door to csrc/wc_best_first.h."""

from libc.stddef cimport size_t
from libc.stdint cimport int32_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from wc_engine.models._core.abi cimport model_of, wc_clock_seconds, wc_model
from wc_engine.planners._core.abi cimport (
    WC_SEARCH_MEMORY, WC_SEARCH_SOLVED, wc_best, wc_best_bytes, wc_best_config, wc_best_free, wc_best_init,
    wc_best_plan, wc_best_plan_length, wc_best_run, wc_field, wc_limits, wc_search_status,
)
from wc_engine.planners._core.estimates cimport Estimator

import numpy as np


cdef class BestFirstSearch:
    """One search. It borrows the model: ``capsule`` is kept alive, its problem must be by the caller.

    Args:
        capsule: the model.
        initial_words: the root. Shape ``[W]``.
        memory_limit: bytes that the search may hold.
        evaluation: ``WC_BEST_...``: 0 A*, 1 greedy, 2 width.
        estimator: estimates of the distance, or None.
        fields: (word, shift, width, group, absent, whether there is an absent value) of each field, for novelty.
            Shape ``[F, 6]``.
        novelty_width: 1 or 2.
        nearest_turns: with width and an estimator, every so-manieth choice is of the least distance; 0: none.
        free_bits: the bits of the agent, for macro closure, or None. Shape ``[W]``.
    """

    cdef wc_best _search
    cdef const wc_model *_model
    cdef object _capsule
    cdef Estimator _estimator
    cdef wc_field *_fields
    cdef uint64_t *_free_bits
    cdef bint _has_memory
    cdef wc_search_status _status

    def __cinit__(self, object capsule, const uint64_t[::1] initial_words, size_t memory_limit, *, int evaluation,
                  Estimator estimator, const uint64_t[:, ::1] fields, uint32_t novelty_width,
                  const uint64_t[::1] free_bits, uint32_t nearest_turns=0):
        cdef wc_best_config config
        cdef Py_ssize_t row
        self._model = model_of(capsule)
        self._capsule = capsule
        self._estimator = estimator
        if initial_words.shape[0] != self._model.num_words:
            raise ValueError(f"expected {self._model.num_words} initial words, got {initial_words.shape[0]}")
        if estimator is not None and estimator._num_words != self._model.num_words:
            raise ValueError(f"the estimator is for states of {estimator._num_words} words")
        memset(&config, 0, sizeof(config))
        config.evaluation = evaluation
        config.estimator = NULL if estimator is None else &estimator._estimator
        config.novelty_width = novelty_width
        config.nearest_turns = nearest_turns
        config.memory_limit = memory_limit
        self._fields = <wc_field *>calloc(fields.shape[0] + 1, sizeof(wc_field))
        if self._fields == NULL:
            raise MemoryError
        for row in range(fields.shape[0]):
            if (fields[row, 0] >= <uint64_t>self._model.num_words or fields[row, 2] < 1
                    or fields[row, 1] + fields[row, 2] > 64):
                raise ValueError("a field lies outside the words")
            self._fields[row] = wc_field(
                <uint32_t>fields[row, 0], <uint32_t>fields[row, 1], <uint32_t>fields[row, 2], <uint32_t>fields[row, 3],
                fields[row, 4], <uint32_t>fields[row, 5])
        config.fields = self._fields
        config.num_fields = <uint32_t>fields.shape[0]
        if free_bits is not None:
            if free_bits.shape[0] != self._model.num_words:
                raise ValueError(f"expected {self._model.num_words} words of free bits, got {free_bits.shape[0]}")
            self._free_bits = <uint64_t *>malloc(free_bits.shape[0] * sizeof(uint64_t))
            if self._free_bits == NULL:
                raise MemoryError
            for row in range(free_bits.shape[0]):
                self._free_bits[row] = free_bits[row]
            config.free_bits = self._free_bits
        self._has_memory = wc_best_init(&self._search, self._model, &initial_words[0], &config)

    def __dealloc__(self):
        wc_best_free(&self._search)
        free(self._fields)
        free(self._free_bits)

    def run(self, double slice_seconds, double seconds_left, uint64_t budget):
        """Run for a slice without the GIL; return the status as a number of ``wc_search_status``.

        ``budget`` counts from the start of the search.
        """
        cdef double now = wc_clock_seconds()
        cdef wc_limits limits = wc_limits(now + slice_seconds, now + seconds_left, budget)
        if not self._has_memory:
            return <int>WC_SEARCH_MEMORY
        with nogil:
            self._status = wc_best_run(&self._search, &limits)
        return <int>self._status

    def plan(self):
        """Return the indices of the plan's actions, or None where there is none or the model contradicts itself."""
        cdef uint32_t length, position
        cdef int32_t *actions
        cdef int consistent
        if self._status != WC_SEARCH_SOLVED:
            return None
        length = wc_best_plan_length(&self._search)
        actions = <int32_t *>malloc(length * sizeof(int32_t))
        if actions == NULL:
            raise MemoryError
        try:
            with nogil:
                consistent = wc_best_plan(&self._search, actions)
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
        return self._search.expanded

    @property
    def generated(self):
        return self._search.generated

    @property
    def bytes(self):
        own = wc_best_bytes(&self._search) if self._has_memory else 0
        return own + (0 if self._estimator is None else self._estimator.bytes)

    @property
    def stored(self):
        return self._search.table.count
