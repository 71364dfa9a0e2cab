"""Graph search: breadth-first."""

from __future__ import annotations

from dataclasses import dataclass

from wc_engine.models.problem import Problem
from wc_engine.planners._core.breadth_first import BreadthFirstSearch
from wc_engine.planners.result import PlanResult
from wc_engine.planners.running import DEFAULT_MEMORY_LIMIT_BYTES, Progress, check_limits, run_search

__all__ = ["BreadthFirstConfig", "breadth_first_search"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreadthFirstConfig:
    """Limits of a breadth-first search.

    Attributes:
        max_expanded: states to expand at most, or None.
        time_limit_seconds: wall-clock limit, or None.
        memory_limit_bytes: limit on the state table and the buffers.
    """

    max_expanded: int | None = None
    time_limit_seconds: float | None = None
    memory_limit_bytes: int = DEFAULT_MEMORY_LIMIT_BYTES

    def __post_init__(self) -> None:
        check_limits(self.time_limit_seconds, self.memory_limit_bytes, self.max_expanded)


def breadth_first_search(
    problem: Problem, config: BreadthFirstConfig | None = None, *, progress: Progress | None = None
) -> PlanResult:
    """Find a shortest plan, or prove that none exists.

    A goal is a step with done and a positive reward, tested when it is generated. States are expanded in the order in
    which they were generated, actions in the order of the problem, so the plan is the same on every run.

    Args:
        problem: what to search.
        config: limits.
        progress: called about every 10 ms with the states expanded and generated.

    Raises:
        InternalError: the model broke the C contract.
        ModelExecutionError: a step has no answer (out of range, fuel or scratch) and the problem cannot resolve it.
    """
    config = config or BreadthFirstConfig()

    def start(problem: Problem) -> BreadthFirstSearch:
        return BreadthFirstSearch(problem.capsule, problem.initial_words, config.memory_limit_bytes)

    return run_search(
        problem,
        start,
        planner="bfs",
        time_limit_seconds=config.time_limit_seconds,
        budget=config.max_expanded,
        progress=progress,
    ).result
