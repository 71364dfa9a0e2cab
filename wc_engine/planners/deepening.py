"""Iterative deepening A*."""

from __future__ import annotations

import time
from math import inf

from wc_engine.models.problem import Problem
from wc_engine.planners._core.deepening import DeepeningSearch
from wc_engine.planners.best_first import BestFirstConfig
from wc_engine.planners.guidance import NO_GUIDANCE, find_guidance
from wc_engine.planners.result import PlanResult
from wc_engine.planners.running import Progress, run_guided

__all__ = ["iterative_deepening_search"]


def iterative_deepening_search(
    problem: Problem, config: BestFirstConfig | None = None, *, progress: Progress | None = None
) -> PlanResult:
    """Find a plan by depth-first searches up to growing limits on steps and estimate (IDA*).

    It holds no more than one path, and pays by expanding states again: for deep problems of little memory. Plans are
    shortest where those of ``a_star_search`` are. ``expanded`` counts every expansion, in all iterations.

    Args:
        problem: what to search.
        config: settings.
        progress: called about every 10 ms with the states expanded and generated.

    Raises:
        InternalError: the model broke the C contract.
        ModelExecutionError: a step has no answer (out of range, fuel or scratch) and the problem cannot resolve it.
    """
    config = config or BestFirstConfig()
    end = inf if config.time_limit_seconds is None else time.monotonic() + config.time_limit_seconds

    def start(problem: Problem) -> DeepeningSearch:
        guidance = NO_GUIDANCE
        if config.projections:
            guidance = find_guidance(
                problem,
                admissible=True,
                memory_limit_bytes=config.memory_limit_bytes,
                seconds=max(0.0, end - time.monotonic()),
            )
        held = 0 if guidance.estimator is None else guidance.estimator.bytes
        return DeepeningSearch(
            problem.capsule,
            problem.initial_words,
            max(0, config.memory_limit_bytes - held),
            estimator=guidance.estimator,
        )

    return run_guided(
        problem,
        start,
        planner="idastar",
        time_limit_seconds=config.time_limit_seconds,
        budget=config.max_expanded,
        progress=progress,
    )
