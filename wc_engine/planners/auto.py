"""One door to every planner, by name."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from wc_engine.errors import UserInputError
from wc_engine.models.problem import Problem
from wc_engine.planners.graph_search import BreadthFirstConfig, breadth_first_search
from wc_engine.planners.mcts import mcts_plan
from wc_engine.planners.mcts_config import MctsConfig
from wc_engine.planners.result import PlanResult, SearchStatus
from wc_engine.planners.running import DEFAULT_MEMORY_LIMIT_BYTES, Progress
from wc_engine.planners.value_iteration import ValueIterationConfig, value_iteration_plan

__all__ = ["PLANNERS", "plan"]

Planner: TypeAlias = Callable[[Problem, float | None, int, int | None, int, Progress | None], PlanResult]

_BREADTH_FIRST_SHARE = 0.7
"""Share of the time that ``auto`` gives to breadth-first search before it turns to simulations."""


def plan(
    problem: Problem,
    planner: str = "auto",
    *,
    time_limit_seconds: float | None = None,
    memory_limit_bytes: int | None = None,
    max_expanded: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> PlanResult:
    """Plan with the planner of that name.

    Args:
        problem: what to search.
        planner: ``"bfs"``, ``"mcts"``, ``"vi"`` or ``"auto"``; ``PLANNERS`` lists them.
        time_limit_seconds: wall-clock limit, or None.
        memory_limit_bytes: limit on the memory of the search; None for the default of 2 GiB.
        max_expanded: states to expand (bfs, vi) or simulations to run (mcts) at most, or None.
        seed: seed of planners that draw at random.
        progress: called about every 10 ms with the states expanded and generated.

    Raises:
        UserInputError: there is no planner of that name.
    """
    if planner not in PLANNERS:
        raise UserInputError(f"unknown planner {planner!r}: expected one of {', '.join(sorted(PLANNERS))}")
    memory = DEFAULT_MEMORY_LIMIT_BYTES if memory_limit_bytes is None else memory_limit_bytes
    return PLANNERS[planner](problem, time_limit_seconds, memory, max_expanded, seed, progress)


def _plan_auto(
    problem: Problem, seconds: float | None, memory: int, budget: int | None, seed: int, progress: Progress | None
) -> PlanResult:
    """Breadth-first search first: its plans are shortest and its *no* is a proof. Simulations with what is left."""
    begin = time.monotonic()
    share = None if seconds is None else seconds * _BREADTH_FIRST_SHARE
    first = _plan_breadth_first(problem, share, memory, budget, seed, progress)
    if first.status not in (SearchStatus.TIME, SearchStatus.MEMORY):
        return first
    left = None if seconds is None else max(0.0, seconds - (time.monotonic() - begin))
    second = _plan_mcts(problem, left, memory, budget, seed, progress)
    return replace(
        second,
        expanded=first.expanded + second.expanded,
        generated=first.generated + second.generated,
        seconds=time.monotonic() - begin,
        bytes=max(first.bytes, second.bytes),
    )


def _plan_breadth_first(
    problem: Problem, seconds: float | None, memory: int, budget: int | None, seed: int, progress: Progress | None
) -> PlanResult:
    config = BreadthFirstConfig(time_limit_seconds=seconds, memory_limit_bytes=memory, max_expanded=budget)
    return breadth_first_search(problem, config, progress=progress)


def _plan_mcts(
    problem: Problem, seconds: float | None, memory: int, budget: int | None, seed: int, progress: Progress | None
) -> PlanResult:
    config = MctsConfig(time_limit_seconds=seconds, memory_limit_bytes=memory, max_simulations=budget, seed=seed)
    return mcts_plan(problem, config, progress=progress)


def _plan_values(
    problem: Problem, seconds: float | None, memory: int, budget: int | None, seed: int, progress: Progress | None
) -> PlanResult:
    config = ValueIterationConfig(time_limit_seconds=seconds, memory_limit_bytes=memory, max_states=budget)
    return value_iteration_plan(problem, config, progress=progress)


PLANNERS: dict[str, Planner] = {
    "auto": _plan_auto,
    "bfs": _plan_breadth_first,
    "mcts": _plan_mcts,
    "vi": _plan_values,
}
"""Every planner by name."""
