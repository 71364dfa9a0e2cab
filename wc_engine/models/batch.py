"""Many steps at once: rows of packed states through any models of the C contract, on all cores, without the GIL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wc_engine.models._core.batch import Batch
from wc_engine.models.problem import Problem, U64Array

__all__ = ["BatchResult", "BatchStepper", "expand_batch", "num_cores", "step_batch"]

_INTERNAL = 0

_Indices = NDArray[np.int32]


class BatchResult(NamedTuple):
    """What ``B`` steps gave; where all children were asked for, the first axes are ``B`` and ``A``.

    A row whose status is not 1 (OK) has the state before as its next state, reward 0 and done False.

    Attributes:
        next: the next states. Shape ``[B, W]``, uint64.
        rewards: the rewards. Shape ``[B]``, float64.
        dones: whether the episodes ended. Shape ``[B]``, bool.
        statuses: the statuses of ``csrc/wc_abi.h``. Shape ``[B]``, int32.
    """

    next: U64Array
    rewards: NDArray[np.float64]
    dones: NDArray[np.bool_]
    statuses: _Indices


class BatchStepper:
    """Steps rows of states that belong to one problem or to several with the same actions.

    A row is as wide as the widest problem's states; those of the others end in zeros. Threads wait in a pool that the
    process shares; a batch too short to share is stepped by the caller alone.

    Args:
        problems: the problems; they are kept alive.
        threads: how many threads to use at most; None for the cores that this process may use. Models that call Python
            use one.

    Raises:
        ValueError: there are no problems, they differ in their number of actions, or ``threads`` is below 1.
    """

    def __init__(self, problems: Sequence[Problem], threads: int | None = None) -> None:
        if threads is not None and threads < 1:
            raise ValueError(f"expected at least one thread, got {threads}")
        self.problems = tuple(problems)
        self._threads = num_cores() if threads is None else threads
        self._batch = Batch(problem.capsule for problem in self.problems)

    @property
    def num_words(self) -> int:
        """``W``, 64-bit words of a row."""
        return self._batch.num_words

    @property
    def num_actions(self) -> int:
        """``A``, the number of actions."""
        return self._batch.num_actions

    @property
    def has_reward(self) -> bool:
        """Whether ``reward`` works: every problem has a reward function of its own."""
        return self._batch.has_reward

    def step(
        self, states: U64Array, actions: NDArray[np.integer], which: NDArray[np.integer] | None = None
    ) -> BatchResult:
        """Do one step of every row.

        Args:
            states: packed states. Shape ``[B, W]``, uint64.
            actions: the index of each action. Shape ``[B]``, any integers.
            which: the index of each row's problem; None where all belong to the first. Shape ``[B]``, any integers.

        Raises:
            ValueError: shapes differ, or an index is out of range.
        """
        rows = np.ascontiguousarray(states, dtype=np.uint64)
        return self._checked(BatchResult(*self._batch.step(rows, _indices(actions), _which(which), self._threads)))

    def reward(
        self,
        states: U64Array,
        actions: NDArray[np.integer],
        following: U64Array,
        which: NDArray[np.integer] | None = None,
    ) -> BatchResult:
        """Score every row for a next state that is given, which comes back as ``next``.

        Args:
            states: packed states. Shape ``[B, W]``, uint64.
            actions: the index of each action. Shape ``[B]``, any integers.
            following: the next states. Shape ``[B, W]``, uint64.
            which: as for ``step``.

        Raises:
            ValueError: shapes differ, an index is out of range, or a problem has no reward function of its own.
        """
        rows, given = np.ascontiguousarray(states, dtype=np.uint64), np.ascontiguousarray(following, dtype=np.uint64)
        rewards = self._batch.reward(rows, _indices(actions), given, _which(which), self._threads)
        return self._checked(BatchResult(given, *rewards))

    def expand(self, states: U64Array, which: NDArray[np.integer] | None = None) -> BatchResult:
        """Do every action in every row: all children. Results have the shapes ``[B, A, W]`` and ``[B, A]``.

        Args:
            states: packed states. Shape ``[B, W]``, uint64.
            which: as for ``step``.

        Raises:
            ValueError: shapes differ, or an index is out of range.
        """
        rows = np.ascontiguousarray(states, dtype=np.uint64)
        return self._checked(BatchResult(*self._batch.expand(rows, _which(which), self._threads)))

    def step_seconds(
        self, states: U64Array, actions: NDArray[np.integer], which: NDArray[np.integer] | None = None, repeats: int = 1
    ) -> float:
        """Return the seconds that ``repeats`` passes of one step per row take in one thread; results are dropped.

        Takes and raises what ``step`` does.
        """
        rows = np.ascontiguousarray(states, dtype=np.uint64)
        return self._batch.step_seconds(rows, _indices(actions), _which(which), repeats)

    def expand_seconds(self, states: U64Array, which: NDArray[np.integer] | None = None, repeats: int = 1) -> float:
        """Return the seconds that ``repeats`` passes of all children of each row take in one thread; see ``expand``."""
        rows = np.ascontiguousarray(states, dtype=np.uint64)
        return self._batch.expand_seconds(rows, _which(which), repeats)

    def _checked(self, result: BatchResult) -> BatchResult:
        """Raise what a model in Python raised: it can only leave a status behind."""
        if (result.statuses == _INTERNAL).any():
            for problem in self.problems:
                take_error = getattr(problem, "take_error", None)
                error = None if take_error is None else take_error()
                if error is not None:
                    raise error
        return result


def step_batch(
    problem: Problem, states: U64Array, actions: NDArray[np.integer], threads: int | None = None
) -> BatchResult:
    """Do one step of every row of states of one problem; ``BatchStepper`` does so again and again.

    Args:
        problem: the problem.
        states: packed states. Shape ``[B, W]``, uint64.
        actions: the index of each action. Shape ``[B]``, any integers.
        threads: how many threads to use at most; None for the cores that this process may use.

    Raises:
        ValueError: shapes differ, an action is out of range, or ``threads`` is below 1.
    """
    return BatchStepper([problem], threads).step(states, actions)


def expand_batch(problem: Problem, states: U64Array, threads: int | None = None) -> BatchResult:
    """Do every action in every row of states of one problem; takes and raises what ``step_batch`` does."""
    return BatchStepper([problem], threads).expand(states)


def num_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _indices(values: NDArray[np.integer]) -> _Indices:
    return np.ascontiguousarray(values, dtype=np.int32)


def _which(values: NDArray[np.integer] | None) -> _Indices | None:
    return None if values is None else _indices(values)
