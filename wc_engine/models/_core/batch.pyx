"""Many steps at once, on all cores and without the GIL: the door to csrc/wc_batch.h."""

import atexit

from cpython.exc cimport PyErr_CheckSignals
from libc.stddef cimport size_t
from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.stdlib cimport free, malloc

from wc_engine.models._core.abi cimport (
    WC_MAX_THREADS, WC_MODEL_NEEDS_GIL, model_of, wc_batch, wc_batch_run, wc_clock_seconds, wc_expand, wc_model,
    wc_pool, wc_pool_end, wc_pool_prepare, wc_scratch_bytes_new,
)

import numpy as np

cdef double SLICE_SECONDS = 0.05  # between looks at signals
cdef wc_pool pool  # the process's one pool of threads: see csrc/wc_threads.h for who may touch it when


@atexit.register
def _end_threads():
    wc_pool_end(&pool)


cdef class Batch:
    """Steps rows of states through models; a row is as wide as the widest model's states and ends in zeros.

    It borrows the models: ``capsules`` are kept alive, their problems must be by the caller.
    """

    cdef const wc_model **_models  # [M]
    cdef int32_t _num_models
    cdef int32_t _width  # W
    cdef tuple _capsules
    cdef bint _needs_gil
    cdef bint _has_reward
    cdef size_t _scratch_bytes
    cdef void *_scratch  # of the thread that calls; NULL while a call has it

    def __cinit__(self, capsules):
        cdef int32_t index
        cdef const wc_model *model
        self._capsules = tuple(capsules)
        self._num_models = len(self._capsules)
        self._has_reward = True
        if self._num_models == 0:
            raise ValueError("expected at least one model")
        self._models = <const wc_model **>malloc(self._num_models * sizeof(wc_model *))
        if self._models == NULL:
            raise MemoryError
        for index in range(self._num_models):
            model = model_of(self._capsules[index])
            self._models[index] = model
            if model.num_actions != self._models[0].num_actions:
                raise ValueError("expected models with the same number of actions")
            self._width = max(self._width, model.num_words)
            self._scratch_bytes = max(self._scratch_bytes, model.scratch_bytes)
            self._has_reward = self._has_reward and model.reward != NULL
            self._needs_gil = self._needs_gil or model.flags & WC_MODEL_NEEDS_GIL != 0

    def __dealloc__(self):
        free(self._models)
        free(self._scratch)

    @property
    def num_words(self):
        return self._width

    @property
    def num_actions(self):
        return self._models[0].num_actions

    @property
    def has_reward(self):
        """Whether every model has a reward function of its own."""
        return self._has_reward

    def step(
        self, const uint64_t[:, ::1] states, const int32_t[::1] actions, const int32_t[::1] which, int32_t threads
    ):
        """Return next [B, W], rewards [B], dones [B] and statuses [B] of one step of each row.

        ``which`` [B] says which model a row belongs to; None: all belong to the first.
        """
        self._check(states, actions, which)
        count, words = states.shape[0], self._width
        results = (
            np.empty((count, words), np.uint64), np.empty(count), np.empty(count, np.uint8), np.empty(count, np.int32),
        )
        if count:
            self._run(states, &actions[0], None, which, results, threads)
        return results[0], results[1], results[2] != 0, results[3]

    def reward(
        self, const uint64_t[:, ::1] states, const int32_t[::1] actions, const uint64_t[:, ::1] given,
        const int32_t[::1] which, int32_t threads,
    ):
        """Return rewards [B], dones [B] and statuses [B] of each row for the next states given, shape [B, W]."""
        self._check(states, actions, which)
        if given.shape[0] != states.shape[0] or given.shape[1] != states.shape[1]:
            raise ValueError(f"expected a next state of {states.shape[1]} words for each of {states.shape[0]} states")
        if not self._has_reward:
            raise ValueError("a model has no reward function of its own")
        count = states.shape[0]
        results = None, np.empty(count), np.empty(count, np.uint8), np.empty(count, np.int32)
        if count:
            self._run(states, &actions[0], given, which, results, threads)
        return results[1], results[2] != 0, results[3]

    def expand(self, const uint64_t[:, ::1] states, const int32_t[::1] which, int32_t threads):
        """Return next [B, A, W], rewards [B, A], dones [B, A] and statuses [B, A]: all children of each row."""
        self._check(states, None, which)
        shape = states.shape[0], self._models[0].num_actions
        results = (
            np.empty((*shape, self._width), np.uint64), np.empty(shape), np.empty(shape, np.uint8),
            np.empty(shape, np.int32),
        )
        if states.shape[0]:
            self._run(states, NULL, None, which, results, threads)
        return results[0], results[1], results[2] != 0, results[3]

    def step_seconds(
        self, const uint64_t[:, ::1] states, const int32_t[::1] actions, const int32_t[::1] which, int64_t repeats
    ):
        """Return the seconds that ``repeats`` passes of one step per row take in this thread alone."""
        cdef double reward = 0.0, begin = 0.0, end = 0.0
        cdef uint8_t done = 0
        cdef Py_ssize_t row
        cdef Py_ssize_t count = states.shape[0]
        cdef const wc_model *model = self._models[0]
        cdef const int32_t *models_of_rows = NULL
        cdef void *scratch
        cdef uint64_t *following = NULL
        cdef int64_t _repeat
        self._check(states, actions, which)
        if which is not None and count:
            models_of_rows = &which[0]
        scratch = self._take_scratch()
        following = <uint64_t *>malloc(<size_t>self._width * sizeof(uint64_t))
        try:
            if following == NULL:
                raise MemoryError
            with nogil:
                begin = wc_clock_seconds()
                for _repeat in range(repeats):
                    for row in range(count):
                        if models_of_rows != NULL:
                            model = self._models[models_of_rows[row]]
                        model.step(model.problem, &states[row, 0], actions[row], following, &reward, &done, scratch)
                end = wc_clock_seconds()
        finally:
            free(following)
            self._give_scratch(scratch)
        return end - begin

    def expand_seconds(self, const uint64_t[:, ::1] states, const int32_t[::1] which, int64_t repeats):
        """Return the seconds that ``repeats`` passes of all children of each row take in this thread alone."""
        cdef double begin = 0.0, end = 0.0
        cdef Py_ssize_t row
        cdef Py_ssize_t count = states.shape[0]
        cdef const wc_model *model = self._models[0]
        cdef const int32_t *models_of_rows = NULL
        cdef size_t actions = <size_t>model.num_actions
        cdef void *scratch
        cdef uint64_t *children = NULL
        cdef double *rewards = NULL
        cdef uint8_t *dones = NULL
        cdef int32_t *statuses = NULL
        cdef int64_t _repeat
        self._check(states, None, which)
        if which is not None and count:
            models_of_rows = &which[0]
        scratch = self._take_scratch()
        children = <uint64_t *>malloc(actions * <size_t>self._width * sizeof(uint64_t))
        rewards = <double *>malloc(actions * sizeof(double))
        dones = <uint8_t *>malloc(actions * sizeof(uint8_t))
        statuses = <int32_t *>malloc(actions * sizeof(int32_t))
        try:
            if children == NULL or rewards == NULL or dones == NULL or statuses == NULL:
                raise MemoryError
            with nogil:
                begin = wc_clock_seconds()
                for _repeat in range(repeats):
                    for row in range(count):
                        if models_of_rows != NULL:
                            model = self._models[models_of_rows[row]]
                        wc_expand(model, &states[row, 0], children, rewards, dones, statuses, scratch)
                end = wc_clock_seconds()
        finally:
            free(children)
            free(rewards)
            free(dones)
            free(statuses)
            self._give_scratch(scratch)
        return end - begin

    cdef int _check(
        self, const uint64_t[:, ::1] states, const int32_t[::1] actions, const int32_t[::1] which
    ) except -1:
        """Refuse rows that are not the models': a model trusts its caller."""
        cdef Py_ssize_t row
        cdef Py_ssize_t count = states.shape[0]
        if states.shape[1] != self._width:
            raise ValueError(f"expected states of {self._width} words, got {states.shape[1]}")
        if actions is not None:
            if actions.shape[0] != count:
                raise ValueError(f"expected {count} actions, one for each state, got {actions.shape[0]}")
            for row in range(count):
                if not 0 <= actions[row] < self._models[0].num_actions:
                    raise ValueError(f"expected actions below {self._models[0].num_actions}, got {actions[row]}")
        if which is not None:
            if which.shape[0] != count:
                raise ValueError(f"expected the model of each of {count} rows, got {which.shape[0]}")
            for row in range(count):
                if not 0 <= which[row] < self._num_models:
                    raise ValueError(f"expected models below {self._num_models}, got {which[row]}")
        return 0

    cdef int _run(
        self, const uint64_t[:, ::1] states, const int32_t *actions, const uint64_t[:, ::1] given,
        const int32_t[::1] which, tuple results, int32_t threads,
    ) except -1:
        cdef uint64_t[::1] following
        cdef double[::1] rewards = results[1].reshape(-1)
        cdef uint8_t[::1] dones = results[2].reshape(-1)
        cdef int32_t[::1] statuses = results[3].reshape(-1)
        cdef int64_t finished = 0
        cdef wc_batch batch
        cdef void *scratch
        batch.models = self._models
        batch.which = NULL
        if which is not None:
            batch.which = &which[0]
        batch.count = states.shape[0]
        batch.width = <size_t>self._width
        batch.states = &states[0, 0]
        batch.actions = actions
        batch.given = NULL
        batch.next = NULL
        if given is not None:
            batch.given = &given[0, 0]
        else:
            following = results[0].reshape(-1)
            batch.next = &following[0]
        batch.rewards = &rewards[0]
        batch.dones = &dones[0]
        batch.statuses = &statuses[0]
        threads = 1 if self._needs_gil else min(threads, WC_MAX_THREADS)
        scratch = self._take_scratch()
        try:
            wc_pool_prepare(&pool)
            while finished < batch.count:
                with nogil:
                    finished = wc_batch_run(
                        &batch, &pool, finished, threads, wc_clock_seconds() + SLICE_SECONDS, self._scratch_bytes,
                        scratch)
                PyErr_CheckSignals()
        finally:
            self._give_scratch(scratch)
        return 0

    cdef void *_take_scratch(self) except NULL:
        """Scratch memory for one call; a call that comes while another runs gets a piece of its own."""
        cdef void *scratch = self._scratch
        self._scratch = NULL
        if scratch == NULL:
            scratch = wc_scratch_bytes_new(self._scratch_bytes)
        if scratch == NULL:
            raise MemoryError
        return scratch

    cdef void _give_scratch(self, void *scratch) noexcept:
        if self._scratch == NULL:
            self._scratch = scratch
        else:
            free(scratch)
