"""Value iteration over the states that can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from wc_engine.models.problem import Problem, U64Array
from wc_engine.planners._core.breadth_first import MAX_THREADS
from wc_engine.planners._core.value_iteration import ValueIteration
from wc_engine.planners.result import PlanResult
from wc_engine.planners.running import DEFAULT_MEMORY_LIMIT_BYTES, Progress, check_limits, run_search

__all__ = [
    "SweepMethod",
    "ValueIterationConfig",
    "ValueIterationResult",
    "value_iteration_plan",
    "value_iteration_search",
]

_MAX_COUNT = 2**32 - 2
_MAX_LIMITED_ACTIONS = 2**16 - 2


class SweepMethod(StrEnum):
    """In which order values are updated."""

    SYNCHRONOUS = "synchronous"
    """All from the values of the sweep before, which began as zeros: the textbook's."""
    GAUSS_SEIDEL = "gauss-seidel"
    """In place, from the last state that was found to the first, then back, and so on; from a lower bound upwards."""
    PRIORITISED = "prioritised"
    """In place, blocks of states in the order of what may still change; from a lower bound upwards."""


_METHODS = {SweepMethod.SYNCHRONOUS: 0, SweepMethod.GAUSS_SEIDEL: 1, SweepMethod.PRIORITISED: 2}
_DEPTH_LIMITED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueIterationConfig:
    """Settings and limits of value iteration.

    Attributes:
        discount: 0 to 1. With 1 values may grow for ever; ``max_sweeps`` then ends the run.
        method: the order of the updates.
        tolerance: sweeps end when the Bellman residual, the largest difference between a value and what the successors
            say, is no larger. Values are then within ``tolerance / (1 - discount)`` of the exact ones.
        depth_limit: None, or the number of steps that are looked ahead from the initial state; values are then those of
            the steps that are left when a state is first reached, and method and tolerance mean nothing.
        max_states: states to expand at most, or None. Others keep the value 0.
        max_sweeps: sweeps at most.
        time_limit_seconds: wall-clock limit, or None. Exploring gets half of it at most.
        memory_limit_bytes: limit on states, edges and values.
        num_threads: threads that explore and sweep, 1 to 64. With several, sweeps in place read values in no fixed
            order, so that the last digits, within the tolerance, differ from run to run.
    """

    discount: float = 0.95
    method: SweepMethod = SweepMethod.PRIORITISED
    tolerance: float = 1e-6
    depth_limit: int | None = None
    max_states: int | None = None
    max_sweeps: int = 100_000
    time_limit_seconds: float | None = None
    memory_limit_bytes: int = DEFAULT_MEMORY_LIMIT_BYTES
    num_threads: int = 1

    def __post_init__(self) -> None:
        check_limits(self.time_limit_seconds, self.memory_limit_bytes, self.max_states)
        if not 0 <= self.discount <= 1:
            raise ValueError(f"discount is {self.discount}: expected 0 to 1")
        if not self.tolerance >= 0:
            raise ValueError(f"tolerance is {self.tolerance}: expected a number from 0")
        if self.depth_limit is not None and not 0 <= self.depth_limit <= _MAX_COUNT:
            raise ValueError(f"depth_limit is {self.depth_limit}: expected None or 0 to {_MAX_COUNT}")
        if not 0 <= self.max_sweeps <= _MAX_COUNT:
            raise ValueError(f"max_sweeps is {self.max_sweeps}: expected 0 to {_MAX_COUNT}")
        if not 1 <= self.num_threads <= MAX_THREADS:
            raise ValueError(f"num_threads is {self.num_threads}: expected 1 to {MAX_THREADS}")
        SweepMethod(self.method)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueIterationResult:
    """Values and what follows from them.

    States are in the order in which they were found, the initial one first. Arrays are made when they are asked for.

    Attributes:
        plan_result: the plan and the counts. *Exhausted* means that all states that can be reached are known and none
            has a step with done and a positive reward.
        converged: whether the tolerance was met.
        residual: the Bellman residual of the values; NaN where it was not measured, since a limit came before.
        residuals: the largest change of each sweep, which is the Bellman residual that it met; of prioritised
            sweeps the largest priority that each pass left.
        plan_is_greedy: whether the plan follows the policy. Where the policy does not lead to a goal, since staying
            pays more, or values beyond the tolerance would tell, the plan is a shortest one.
        updates: updates of a state's value.
        problem: what was searched: the resolved problem, where a step had no answer at first.
    """

    plan_result: PlanResult
    converged: bool
    residual: float
    residuals: tuple[float, ...]
    plan_is_greedy: bool
    updates: int
    problem: Problem
    _core: ValueIteration

    @property
    def values(self) -> NDArray[np.float64]:
        """The value of each state. Shape ``[S]``; zeros where a limit came before there were values."""
        return self._core.values()

    @property
    def policy(self) -> NDArray[np.int32]:
        """The index of each state's best action, the first of equal ones, by the values; -1 where there is none.

        With a depth limit the plan does not follow it but the policy of the steps that are left. Shape ``[S]``.
        """
        return self._core.policy()

    @property
    def state_words(self) -> U64Array:
        """The packed states; ``problem.decode`` takes a row. Shape ``[S, W]``."""
        return self._core.words()

    @property
    def edges(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Target and reward of each expanded state and action: -1 an end, -2 a failed step. Shapes ``[E, A]``."""
        return self._core.edges()


def value_iteration_search(
    problem: Problem, config: ValueIterationConfig | None = None, *, progress: Progress | None = None
) -> ValueIterationResult:
    """Explore the states that can be reached, compute their values, and plan by them.

    Args:
        problem: what to search.
        config: settings and limits.
        progress: called about every 10 ms with the states expanded and generated.

    Raises:
        ValueError: a depth limit, and more actions than 65,534.
        InternalError: the model broke the C contract.
        ModelExecutionError: a step has no answer (out of range, fuel or scratch) and the problem cannot resolve it.
    """
    config = config or ValueIterationConfig()
    if config.depth_limit is not None and len(problem.actions) > _MAX_LIMITED_ACTIONS:
        raise ValueError(f"a depth limit goes with {_MAX_LIMITED_ACTIONS} actions at most, not {len(problem.actions)}")
    searched = [problem]

    def start(problem: Problem) -> ValueIteration:
        searched[0] = problem
        return ValueIteration(
            problem.capsule,
            problem.initial_words,
            method=_METHODS[SweepMethod(config.method)] if config.depth_limit is None else _DEPTH_LIMITED,
            discount=config.discount,
            tolerance=config.tolerance,
            depth_limit=config.depth_limit or 0,
            max_sweeps=config.max_sweeps,
            num_threads=config.num_threads,
            memory_limit=config.memory_limit_bytes,
        )

    run = run_search(
        problem,
        start,
        planner="vi",
        time_limit_seconds=config.time_limit_seconds,
        budget=config.max_states,
        progress=progress,
    )
    core = run.search
    return ValueIterationResult(
        plan_result=run.result,
        converged=core.converged,
        residual=core.residual,
        residuals=core.residuals,
        plan_is_greedy=core.plan_is_greedy,
        updates=core.updates,
        problem=searched[0],
        _core=core,
    )


def value_iteration_plan(
    problem: Problem, config: ValueIterationConfig | None = None, *, progress: Progress | None = None
) -> PlanResult:
    """Return the plan of :func:`value_iteration_search` alone."""
    return value_iteration_search(problem, config, progress=progress).plan_result
