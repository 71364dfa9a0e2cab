"""Value iteration over packed states: the door to csrc/wc_value_iteration.h."""

from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from libc.string cimport memcpy

from wc_engine.models._core.abi cimport model_of, wc_clock_seconds, wc_model
from wc_engine.planners._core.abi cimport (
    WC_SEARCH_HALTED, WC_SEARCH_MEMORY, WC_SEARCH_PAUSED, WC_SEARCH_SOLVED, wc_edges_reward, wc_exploration_expanded,
    wc_exploration_generated, wc_limits, wc_search_status, wc_vi, wc_vi_bytes, wc_vi_config, wc_vi_free, wc_vi_greedy,
    wc_vi_init, wc_vi_method, wc_vi_plan, wc_vi_run, wc_vi_status,
)

import numpy as np


cdef class ValueIteration:
    """One run. It borrows the model: ``capsule`` is kept alive, its problem must be by the caller."""

    cdef wc_vi _search
    cdef const wc_model *_model
    cdef object _capsule
    cdef bint _has_memory

    def __cinit__(self, object capsule, const uint64_t[::1] initial_words, *, int method, double discount,
                  double tolerance, uint32_t depth_limit, uint32_t max_sweeps, int num_threads, size_t memory_limit):
        cdef wc_vi_config config = wc_vi_config(
            discount, tolerance, depth_limit, max_sweeps, num_threads, <wc_vi_method>method, memory_limit
        )
        self._model = model_of(capsule)
        self._capsule = capsule
        if initial_words.shape[0] != self._model.num_words:
            raise ValueError(f"expected {self._model.num_words} initial words, got {initial_words.shape[0]}")
        self._has_memory = wc_vi_init(&self._search, self._model, &initial_words[0], &config)

    def __dealloc__(self):
        wc_vi_free(&self._search)

    def run(self, double slice_seconds, double seconds_left, uint64_t budget):
        """Run for a slice without the GIL; return the status as a number of ``wc_search_status``.

        ``budget`` limits the states that are expanded, from the start of the run.
        """
        cdef double now = wc_clock_seconds()
        cdef wc_limits limits = wc_limits(now + slice_seconds, now + seconds_left, budget)
        cdef wc_search_status status
        if not self._has_memory:
            return <int>WC_SEARCH_MEMORY
        with nogil:
            status = wc_vi_run(&self._search, &limits)
        if status == WC_SEARCH_PAUSED or status == WC_SEARCH_HALTED:
            return <int>status
        return <int>wc_vi_status(&self._search)

    def plan(self):
        """Return the indices of the plan's actions, or None where no goal was seen."""
        cdef int found
        cdef uint32_t position
        if not self._has_memory:
            return None
        with nogil:
            found = wc_vi_plan(&self._search)
        return [self._search.plan[position] for position in range(self._search.plan_length)] if found else None

    def halt(self):
        """Return the words, action and status of the step on which the run halted."""
        cdef int word_index
        words = np.empty(self._model.num_words, dtype=np.uint64)
        for word_index in range(self._model.num_words):
            words[word_index] = self._search.halt.state[word_index]
        return words, self._search.halt.action, self._search.halt.status

    def values(self):
        """Return the value of each state that was met. Shape ``[S]``, float64; zeros before there are values."""
        cdef uint32_t count = self._search.exploration.space.table.count
        values = np.zeros(count)
        cdef double[::1] copy = values
        if self._search.sweep.values != NULL and count > 0:
            memcpy(&copy[0], self._search.sweep.values + 1, count * sizeof(double))
        return values

    def policy(self):
        """Return the best action of each state that was met, -1 where there is none. Shape ``[S]``, int32."""
        cdef uint32_t count = self._search.exploration.space.table.count
        cdef uint32_t state
        actions = np.empty(count, dtype=np.int32)
        cdef int32_t[::1] copy = actions
        with nogil:
            for state in range(count):
                copy[state] = wc_vi_greedy(&self._search, state)
        return actions

    def words(self):
        """Return the packed states in the order of values. Shape ``[S, W]``, uint64."""
        cdef size_t count = self._search.exploration.space.table.count
        cdef size_t width = self._model.num_words
        words = np.zeros((count, width), dtype=np.uint64)
        cdef uint64_t[::1] copy = words.reshape(-1)
        if count > 0:
            memcpy(&copy[0], self._search.exploration.space.table.words, count * width * sizeof(uint64_t))
        return words

    def edges(self):
        """Return where each action of each expanded state leads, and what it pays.

        Targets are -1 where the episode ends, -2 where the step fails (its reward is minus infinity). Shapes
        ``[E, A]``, int64 and float64.
        """
        cdef size_t rows = self._search.exploration.cursor
        cdef size_t num_actions = self._model.num_actions
        cdef size_t place
        targets = np.empty(rows * num_actions, dtype=np.int64)
        rewards = np.empty(rows * num_actions)
        cdef int64_t[::1] targets_copy = targets
        cdef double[::1] rewards_copy = rewards
        for place in range(rows * num_actions):
            rewards_copy[place] = wc_edges_reward(&self._search.exploration.edges, place)
            targets_copy[place] = <int64_t>self._search.exploration.edges.targets[place] - 1
        targets[np.isneginf(rewards)] = -2
        return targets.reshape(-1, num_actions), rewards.reshape(-1, num_actions)

    @property
    def residuals(self):
        cdef uint32_t sweep
        return tuple(self._search.residuals[sweep] for sweep in range(self._search.num_sweeps))

    @property
    def residual(self):
        return self._search.residual

    @property
    def converged(self):
        return self._search.swept == WC_SEARCH_SOLVED

    @property
    def plan_is_greedy(self):
        return bool(self._search.plan_is_greedy)

    @property
    def updates(self):
        return self._search.sweep.updates

    @property
    def expanded(self):
        return wc_exploration_expanded(&self._search.exploration)

    @property
    def generated(self):
        return wc_exploration_generated(&self._search.exploration)

    @property
    def bytes(self):
        return wc_vi_bytes(&self._search) if self._has_memory else 0

    @property
    def stored(self):
        return self._search.exploration.space.table.count
