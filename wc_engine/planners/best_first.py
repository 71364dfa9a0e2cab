"""Best-first searches: A*, greedy best-first search and best-first width search."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf

from wc_engine.models.problem import Problem
from wc_engine.planners._core.best_first import BestFirstSearch
from wc_engine.planners.fields import fields_of
from wc_engine.planners.guidance import NO_GUIDANCE, find_guidance
from wc_engine.planners.result import PlanResult
from wc_engine.planners.running import DEFAULT_MEMORY_LIMIT_BYTES, Progress, check_limits, run_guided

__all__ = ["BestFirstConfig", "WidthConfig", "a_star_search", "best_first_width_search", "greedy_search"]

_ASTAR, _GREEDY, _WIDTH = range(3)
_MAX_PAIRED_FIELDS = 128
"""With more fields the pairs of a state's atoms cost more than its expansion: only single atoms count then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestFirstConfig:
    """Settings of a best-first search.

    Attributes:
        projections: estimate distances in parts of the problem that the engine finds; else all estimates are 0.
        max_expanded: states to expand at most, or None.
        time_limit_seconds: wall-clock limit, or None.
        memory_limit_bytes: limit on the state table, the open list and the projections.
    """

    projections: bool = True
    max_expanded: int | None = None
    time_limit_seconds: float | None = None
    memory_limit_bytes: int = DEFAULT_MEMORY_LIMIT_BYTES

    def __post_init__(self) -> None:
        check_limits(self.time_limit_seconds, self.memory_limit_bytes, self.max_expanded)


@dataclass(frozen=True, slots=True, kw_only=True)
class WidthConfig(BestFirstConfig):
    """Settings of best-first width search.

    Attributes:
        novelty: 1: only new atoms count; 2: new pairs of atoms as well, where a state has no more than 128 fields.
        nearest_turns: where there are estimates, every so-manieth state is chosen by them and not by novelty; 0: none.
    """

    novelty: int = 2
    nearest_turns: int = 5

    def __post_init__(self) -> None:
        BestFirstConfig.__post_init__(self)
        if self.novelty not in (1, 2):
            raise ValueError(f"novelty is {self.novelty}: expected 1 or 2")
        if not 0 <= self.nearest_turns < 2**32:
            raise ValueError(f"nearest_turns is {self.nearest_turns}: expected a number from 0")


def a_star_search(
    problem: Problem, config: BestFirstConfig | None = None, *, progress: Progress | None = None
) -> PlanResult:
    """Find a plan by A*: a shortest one where no estimate exceeds the true distance.

    Without projections estimates are 0. Distances in a projection never exceed the true ones where deleting entities
    only ever helps (others block, say); in other models plans may be longer than they need to be.

    Args:
        problem: what to search.
        config: settings.
        progress: called about every 10 ms with the states expanded and generated.

    Raises:
        InternalError: the model broke the C contract.
        ModelExecutionError: a step has no answer (out of range, fuel or scratch) and the problem cannot resolve it.
    """
    return _search(problem, config or BestFirstConfig(), _ASTAR, "astar", progress)


def greedy_search(
    problem: Problem, config: BestFirstConfig | None = None, *, progress: Progress | None = None
) -> PlanResult:
    """Find a plan by expanding what is estimated nearest to a goal; see ``a_star_search`` for the rest."""
    return _search(problem, config or BestFirstConfig(), _GREEDY, "greedy", progress)


def best_first_width_search(
    problem: Problem, config: WidthConfig | None = None, *, progress: Progress | None = None
) -> PlanResult:
    """Find a plan by expanding what is most novel; ``csrc/wc_best_first.h`` says how states are ordered.

    See ``a_star_search`` for the rest.
    """
    return _search(problem, config or WidthConfig(), _WIDTH, "bfws", progress)


def _search(
    problem: Problem, config: BestFirstConfig, evaluation: int, name: str, progress: Progress | None
) -> PlanResult:
    end = inf if config.time_limit_seconds is None else time.monotonic() + config.time_limit_seconds

    def start(problem: Problem) -> BestFirstSearch:
        guidance = NO_GUIDANCE
        if config.projections:
            guidance = find_guidance(
                problem,
                admissible=evaluation == _ASTAR,
                memory_limit_bytes=config.memory_limit_bytes,
                seconds=max(0.0, end - time.monotonic()),
            )
        fields = fields_of(problem)
        paired = len(fields) <= _MAX_PAIRED_FIELDS
        held = 0 if guidance.estimator is None else guidance.estimator.bytes
        return BestFirstSearch(
            problem.capsule,
            problem.initial_words,
            max(0, config.memory_limit_bytes - held),
            evaluation=evaluation,
            estimator=guidance.estimator,
            fields=fields,
            novelty_width=config.novelty if isinstance(config, WidthConfig) and paired else 1,
            free_bits=guidance.free_bits,
            nearest_turns=config.nearest_turns if isinstance(config, WidthConfig) else 0,
        )

    return run_guided(
        problem,
        start,
        planner=name,
        time_limit_seconds=config.time_limit_seconds,
        budget=config.max_expanded,
        progress=progress,
    )
