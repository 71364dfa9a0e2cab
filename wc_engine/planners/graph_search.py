"""Graph search: breadth-first."""

from __future__ import annotations

from dataclasses import dataclass

from wc_engine.models.problem import Problem
from wc_engine.planners._core.breadth_first import MAX_THREADS, BreadthFirstSearch
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
        num_threads: threads that expand states, 1 to 64. With several, which of the shortest plans is found, and how
            much of the last layer is expanded until then, may differ from run to run. Models in Python have one.
    """

    max_expanded: int | None = None
    time_limit_seconds: float | None = None
    memory_limit_bytes: int = DEFAULT_MEMORY_LIMIT_BYTES
    num_threads: int = 1

    def __post_init__(self) -> None:
        check_limits(self.time_limit_seconds, self.memory_limit_bytes, self.max_expanded)
        if not 1 <= self.num_threads <= MAX_THREADS:
            raise ValueError(f"num_threads is {self.num_threads}: expected 1 to {MAX_THREADS}")


def breadth_first_search(
    problem: Problem, config: BreadthFirstConfig | None = None, *, progress: Progress | None = None
) -> PlanResult:
    """Find a shortest plan, or prove that none exists.

    A goal is a step with done and a positive reward, tested when it is generated. States are expanded in the order in
    which they were generated, actions in the order of the problem, so in one thread the plan is the same on every run.

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
        return BreadthFirstSearch(problem.capsule, problem.initial_words, config.memory_limit_bytes, config.num_threads)

    return run_search(
        problem,
        start,
        planner="bfs",
        time_limit_seconds=config.time_limit_seconds,
        budget=config.max_expanded,
        progress=progress,
    ).result
