"""Projections and the estimates made of them: the door to csrc/wc_projection.h and csrc/wc_estimate.h."""

from cpython.exc cimport PyErr_CheckSignals
from libc.stddef cimport size_t
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free

from wc_engine.models._core.abi cimport model_of, wc_clock_seconds, wc_model, wc_scratch_new
from wc_engine.planners._core.abi cimport (
    WC_DEAD_END, WC_PATTERN_MAX_WORDS, WC_SEARCH_EXHAUSTED, WC_SEARCH_PAUSED, wc_copy, wc_estimate, wc_estimate_state,
    wc_pattern, wc_projection, wc_projection_bytes, wc_projection_explore, wc_projection_free, wc_projection_init,
    wc_projection_measure, wc_projection_probe, wc_projection_store, wc_search_status, wc_table_words,
)

import numpy as np

DEAD_END = WC_DEAD_END

cdef double SLICE = 0.01  # seconds


cdef class Projection:
    """The space of a model that was bound to a part of a state, and distances in it.

    It borrows the model: ``capsule`` is kept alive, its problem must be by the caller.

    Args:
        capsule: the model.
        memory_limit: bytes that exploring may take.

    Raises:
        MemoryError: the limit is too low for anything.
    """

    cdef wc_projection _projection
    cdef const wc_model *_model
    cdef object _capsule
    cdef bint _is_measured

    def __cinit__(self, object capsule, size_t memory_limit):
        self._model = model_of(capsule)
        self._capsule = capsule
        if not wc_projection_init(&self._projection, self._model, memory_limit):
            raise MemoryError

    def __dealloc__(self):
        wc_projection_free(&self._projection)

    def explore(self, const uint64_t[:, ::1] roots, uint32_t max_states, double seconds):
        """Explore all that can be reached from ``roots`` (``[R, W]``), without the GIL; return whether it was all.

        Signals are looked at every 10 ms, so that Ctrl-C is raised here.
        """
        cdef uint32_t index
        cdef double deadline = wc_clock_seconds() + seconds
        cdef int complete = 1
        cdef wc_search_status status = WC_SEARCH_PAUSED
        cdef Py_ssize_t row
        if roots.shape[1] != self._model.num_words:
            raise ValueError(f"expected rows of {self._model.num_words} words, got {roots.shape[1]}")
        with nogil:
            for row in range(roots.shape[0]):
                if not wc_projection_store(&self._projection, &roots[row, 0], &index):
                    complete = 0
        while complete and status == WC_SEARCH_PAUSED:
            PyErr_CheckSignals()
            with nogil:
                status = wc_projection_explore(&self._projection, max_states, wc_clock_seconds() + SLICE, deadline)
        return bool(complete) and status == WC_SEARCH_EXHAUSTED

    def measure(self, const uint8_t[::1] is_goal, const uint64_t[::1] free_bits):
        """Measure the distances to the states for which ``is_goal`` (``[N]``, or None) says so, and to goal steps.

        Steps that change bits of ``free_bits`` (``[W]``, or None) alone cost nothing.
        """
        cdef const uint8_t *goals = NULL
        cdef const uint64_t *free_words = NULL
        cdef int measured
        if is_goal is not None:
            if is_goal.shape[0] != self._projection.cursor:
                raise ValueError(f"expected {self._projection.cursor} goals, got {is_goal.shape[0]}")
            if is_goal.shape[0]:
                goals = &is_goal[0]
        if free_bits is not None:
            if free_bits.shape[0] != self._model.num_words:
                raise ValueError(f"expected {self._model.num_words} words of free bits, got {free_bits.shape[0]}")
            free_words = &free_bits[0]
        with nogil:
            measured = wc_projection_measure(&self._projection, goals, free_words)
        if not measured:
            raise MemoryError
        self._is_measured = True

    def matching(self, uint32_t word, uint64_t mask, const uint64_t[::1] wanted):
        """Return for each state whether the bits of ``mask`` in one word have one of the values wanted. Shape ``[N]``.
        """
        cdef Py_ssize_t count = self._projection.cursor, state, index
        cdef uint64_t value
        if word >= <uint32_t>self._model.num_words:
            raise ValueError(f"a state has {self._model.num_words} words, there is no word {word}")
        found = np.zeros(count, dtype=np.uint8)
        cdef uint8_t[::1] matches = found
        with nogil:
            for state in range(count):
                value = wc_table_words(&self._projection.table, <uint32_t>state)[word] & mask
                for index in range(wanted.shape[0]):
                    if value == wanted[index]:
                        matches[state] = 1
                        break
        return found

    def probe(self, object capsule):
        """Return for each state whether a step into it would be a goal by the reward function of another model.

        The other model must have the same words. Shape ``[N]``, uint8; None where it has no reward function.
        """
        cdef const wc_model *other = model_of(capsule)
        cdef void *scratch
        cdef int answered
        if other.num_words != self._model.num_words or other.num_actions != self._model.num_actions:
            raise ValueError("the models differ in their words or actions")
        cdef Py_ssize_t count = self._projection.cursor
        reached = np.zeros(count + 1, dtype=np.uint8)
        cdef uint8_t[::1] reached_view = reached
        scratch = wc_scratch_new(other)
        if scratch == NULL:
            raise MemoryError
        with nogil:
            answered = wc_projection_probe(&self._projection, other, scratch, &reached_view[0])
        free(scratch)
        return reached[:count] if answered else None

    @property
    def count(self):
        return self._projection.cursor

    @property
    def generated(self):
        return self._projection.generated

    @property
    def goal_steps(self):
        return self._projection.goal_steps

    @property
    def bytes(self):
        return wc_projection_bytes(&self._projection)

    @property
    def words(self):
        """The words of all states. Shape ``[N, W]``, uint64, a copy."""
        cdef Py_ssize_t count = self._projection.cursor, num_words = self._model.num_words
        if count == 0:
            return np.zeros((0, num_words), dtype=np.uint64)
        return np.array(<uint64_t[:count, :num_words]>wc_table_words(&self._projection.table, 0))

    def distance(self, uint32_t state):
        """Return the distance of one state, ``DEAD_END`` where no goal can be reached."""
        if not self._is_measured or state >= self._projection.cursor:
            raise ValueError("measure comes first, and states are numbered from 0")
        return self._projection.distances[state]

    @property
    def largest_distance(self):
        """The largest distance that is no dead end; 0 where there is none."""
        cdef uint32_t state, largest = 0
        if not self._is_measured:
            raise ValueError("measure comes first")
        for state in range(self._projection.cursor):
            if self._projection.distances[state] != WC_DEAD_END and self._projection.distances[state] > largest:
                largest = self._projection.distances[state]
        return largest

    @property
    def distances(self):
        """The distance of each state, ``DEAD_END`` where no goal can be reached. Shape ``[N]``, uint32, a copy."""
        cdef Py_ssize_t count = self._projection.cursor
        if not self._is_measured:
            raise ValueError("measure comes first")
        if count == 0:
            return np.zeros(0, dtype=np.uint32)
        return np.array(<uint32_t[:count]>self._projection.distances)


cdef class Estimator:
    """The sum or the maximum of the distances of patterns.

    Args:
        patterns: (projection, copies, base, unknown) of each: a measured ``Projection``; the bit fields that are copied
            from a state into the projection's words, rows of ``wc_copy`` (``[C, 6]``, uint32); the words they are
            copied into (``[W']``); the distance of words that the projection has not met.
        num_words: words of the states that are estimated.
        takes_maximum: else the sum is taken.
    """

    def __cinit__(self, list patterns, int num_words, bint takes_maximum):
        cdef wc_pattern *made
        cdef Projection projection
        cdef const uint32_t[:, ::1] copies
        cdef const uint64_t[::1] base
        self._kept = []
        self._num_words = num_words
        made = <wc_pattern *>calloc(len(patterns) + 1, sizeof(wc_pattern))
        if made == NULL:
            raise MemoryError
        self._estimator.patterns = made
        self._estimator.takes_maximum = takes_maximum
        for projection, given_copies, given_base, unknown in patterns:
            copies = given_copies
            base = given_base
            if not projection._is_measured or base.shape[0] != projection._model.num_words:
                raise ValueError("expected a measured projection and as many words as it has")
            if base.shape[0] > WC_PATTERN_MAX_WORDS or copies.shape[1] != 6:
                raise ValueError(f"expected at most {WC_PATTERN_MAX_WORDS} words, and copies of 6 numbers")
            _check_copies(given_copies, num_words, base.shape[0])
            self._kept.append((projection, given_copies, given_base))
            made.copies = <const wc_copy *>&copies[0, 0] if copies.shape[0] else NULL
            made.num_copies = <uint32_t>copies.shape[0]
            made.base = &base[0]
            made.table = &projection._projection.table
            made.distances = projection._projection.distances
            made.unknown = unknown
            made += 1
            self._estimator.num_patterns += 1

    def __dealloc__(self):
        free(<void *>self._estimator.patterns)

    def estimate(self, const uint64_t[::1] state):
        """Return the distance of a state, or None where it is a dead end, and how many patterns are not at a goal."""
        cdef wc_estimate estimate
        if state.shape[0] != self._num_words:
            raise ValueError(f"expected {self._num_words} words, got {state.shape[0]}")
        estimate = wc_estimate_state(&self._estimator, &state[0])
        return None if estimate.distance == WC_DEAD_END else estimate.distance, estimate.unmet

    @property
    def bytes(self):
        return sum({id(projection): projection.bytes for projection, _, _ in self._kept}.values())


def _check_copies(copies, int num_words, int num_part_words):
    """Raise ValueError where bits lie outside the words."""
    for from_word, from_shift, to_word, to_shift, width, _ in copies.tolist():
        if not (from_word < num_words and to_word < num_part_words and 1 <= width <= 64
                and from_shift + width <= 64 and to_shift + width <= 64):
            raise ValueError("a copied bit field lies outside the words")
