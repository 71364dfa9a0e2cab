"""Monte-Carlo tree search over packed states: the door to csrc/wc_uct.h."""

from libc.stdint cimport int32_t, uint32_t, uint64_t

from wc_engine.models._core.abi cimport model_of, wc_clock_seconds, wc_model
from wc_engine.planners._core.abi cimport (
    WC_SEARCH_MEMORY, WC_UCT_NO_BLOCK, WC_UCT_ROOT, wc_limits, wc_search_status, wc_uct, wc_uct_bytes, wc_uct_config,
    wc_uct_edge, wc_uct_edges, wc_uct_free, wc_uct_init, wc_uct_run,
)

import numpy as np


cdef class MctsSearch:
    """One search. It borrows the model: ``capsule`` is kept alive, its problem must be by the caller."""

    cdef wc_uct _search
    cdef const wc_model *_model
    cdef object _capsule
    cdef bint _has_memory

    def __cinit__(
        self, object capsule, const uint64_t[::1] initial_words, size_t memory_limit, *, double exploration,
        double discount, uint32_t depth_limit, uint32_t rollout_depth, bint stop_at_first_plan,
        bint expand_once, uint64_t seed,
    ):
        cdef wc_uct_config config = wc_uct_config(
            exploration, discount, depth_limit, rollout_depth, stop_at_first_plan, expand_once, seed, memory_limit)
        self._model = model_of(capsule)
        self._capsule = capsule
        if initial_words.shape[0] != self._model.num_words:
            raise ValueError(f"expected {self._model.num_words} initial words, got {initial_words.shape[0]}")
        self._has_memory = wc_uct_init(&self._search, self._model, &initial_words[0], &config)

    def __dealloc__(self):
        wc_uct_free(&self._search)

    def run(self, double slice_seconds, double seconds_left, uint64_t budget):
        """Run for a slice without the GIL; return the status as a number of ``wc_search_status``.

        ``budget`` counts from the start of the search.
        """
        cdef double now = wc_clock_seconds()
        cdef wc_limits limits = wc_limits(now + slice_seconds, now + seconds_left, budget)
        cdef wc_search_status status
        if not self._has_memory:
            return <int>WC_SEARCH_MEMORY
        with nogil:
            status = wc_uct_run(&self._search, &limits)
        return <int>status

    def plan(self):
        """Return the indices of the best plan's actions so far, or None."""
        cdef uint32_t position
        if self._search.plan_length == 0:
            return None
        return [self._search.plan[position] for position in range(self._search.plan_length)]

    def halt(self):
        """Return the words, action and status of the step on which the search halted."""
        cdef int word_index
        words = np.empty(self._model.num_words, dtype=np.uint64)
        for word_index in range(self._model.num_words):
            words[word_index] = self._search.halt.state[word_index]
        return words, self._search.halt.action, self._search.halt.status

    def root_statistics(self):
        """Return visit counts and mean returns of the initial state's actions. Shapes ``[A]``, int64 and float64."""
        cdef int32_t action
        cdef wc_uct_edge *edges
        visit_counts = np.zeros(self._model.num_actions, dtype=np.int64)
        q_values = np.zeros(self._model.num_actions, dtype=np.float64)
        if self._has_memory and self._search.nodes[WC_UCT_ROOT].block != WC_UCT_NO_BLOCK:
            edges = wc_uct_edges(&self._search, WC_UCT_ROOT)
            for action in range(self._model.num_actions):
                visit_counts[action] = edges[action].visits
                q_values[action] = edges[action].q_value
        return visit_counts, q_values

    @property
    def expanded(self):
        return self._search.num_blocks

    @property
    def generated(self):
        return self._search.generated

    @property
    def bytes(self):
        return wc_uct_bytes(&self._search) if self._has_memory else 0

    @property
    def stored(self):
        return self._search.table.count

    @property
    def simulations(self):
        return self._search.simulations
