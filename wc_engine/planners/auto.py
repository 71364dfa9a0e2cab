"""One door to every planner, by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from wc_engine.compile.boxed.problem import BoxedProblem
from wc_engine.compile.compiled import CompiledProblem
from wc_engine.errors import UserInputError
from wc_engine.models.problem import Problem
from wc_engine.planners.best_first import (
    BestFirstConfig,
    WidthConfig,
    a_star_search,
    best_first_width_search,
    greedy_search,
)
from wc_engine.planners.deepening import iterative_deepening_search
from wc_engine.planners.graph_search import BreadthFirstConfig, breadth_first_search
from wc_engine.planners.guidance import has_estimates
from wc_engine.planners.mcts import mcts_plan
from wc_engine.planners.mcts_config import MctsConfig
from wc_engine.planners.result import PlanResult, SearchStatus
from wc_engine.planners.running import DEFAULT_MEMORY_LIMIT_BYTES, Progress, interrupted
from wc_engine.planners.value_iteration import ValueIterationConfig, value_iteration_plan

__all__ = ["GUIDED_PLANNERS", "PLANNERS", "plan"]

Planner: TypeAlias = Callable[[Problem, float | None, int, int | None, int, Progress | None], PlanResult]


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
        planner: ``"auto"``, ``"bfs"``, ``"astar"``, ``"idastar"``, ``"greedy"``, ``"bfws"``, ``"mcts"`` or
            ``"vi"``; ``PLANNERS`` lists them. ``auto`` says in the result's ``planner`` and ``reason`` what it chose.
        time_limit_seconds: wall-clock limit, or None.
        memory_limit_bytes: limit on the memory of the search; None for the default of 2 GiB.
        max_expanded: states to expand, or simulations to run (mcts), at most; or None.
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
    """Try what suits the problem, one planner after another, until one has an answer.

    A small space is searched whole. Then, where the entities of a compiled model are known, comes best-first width
    search, which finds plans far away; where code is specialised it goes over projections, and searches that trust
    estimates less, or more, come after it. In other models comes breadth-first search, whose plans are shortest. What
    is left of the time goes to the other one, and to simulations. Every *exhausted* is a proof.
    """
    begin = time.monotonic()
    found: PlanResult | None = None
    try:
        for stage in _stages(problem):
            found = _after(found, stage, begin, problem, seconds, memory, budget, seed, progress)
            if found.status not in _UNDECIDED or (budget is not None and found.expanded >= budget):
                break
    except KeyboardInterrupt:  # between two stages
        found = interrupted("auto", begin) if found is None else replace(found, status=SearchStatus.INTERRUPTED)
    assert found is not None
    return found


def _after(
    before: PlanResult | None,
    stage: _Stage,
    begin: float,
    problem: Problem,
    seconds: float | None,
    memory: int,
    budget: int | None,
    seed: int,
    progress: Progress | None,
) -> PlanResult:
    """Run a stage; counts, seconds and memory of its result are those of all stages so far."""
    expanded, generated, held = (0, 0, 0) if before is None else (before.expanded, before.generated, before.bytes)
    left = None if seconds is None else max(0.0, seconds - (time.monotonic() - begin)) * stage.share
    budget_left = None if budget is None else budget - expanded
    limit = min((bound for bound in (stage.limit, budget_left) if bound is not None), default=None)
    found = (stage.run or PLANNERS[stage.planner])(problem, left, memory, limit, seed, progress)
    return replace(
        found,
        expanded=expanded + found.expanded,
        generated=generated + found.generated,
        seconds=time.monotonic() - begin,
        bytes=max(held, found.bytes),
        reason=stage.reason,
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """One planner that ``auto`` tries.

    Attributes:
        planner: its name.
        reason: why, in words.
        share: its part of the time that is left.
        limit: states that it may expand, or None.
        run: the planner, where it is not the one of that name with its usual settings.
    """

    planner: str
    reason: str
    share: float = 1.0
    limit: int | None = None
    run: Planner | None = None


_UNDECIDED = (SearchStatus.TIME, SearchStatus.MEMORY, SearchStatus.BUDGET)
_SMALL_STEPS = 1000
"""Steps that are made to see whether the space is small."""
_GUIDED_STEPS = 20_000_000
"""Steps of the first search with guidance; those after it have twice as many."""
_BOXED_STEPS = 10_000
"""The same where entities are known by number only, so that nothing better than novelty guides what comes then."""


def _stages(problem: Problem) -> Iterator[_Stage]:
    """What ``auto`` tries, in turn. What the first stages decide without is not found out before they were tried."""
    simulations = _Stage("mcts", "simulations, since the searches before came to the end of their time or memory")
    if isinstance(problem, BoxedProblem):
        limit = max(1, _BOXED_STEPS // len(problem.actions))
        yield _Stage("bfs", f"breadth-first search, since {limit} expansions are enough", 0.5, limit)
        yield _Stage("bfws", f"width search over entities, since there are more than {limit} states", 0.6)
        yield _Stage("bfs", "breadth-first search, since width search came to the end of its time or memory", 0.8)
    elif isinstance(problem, CompiledProblem):
        limit = max(1, _SMALL_STEPS // len(problem.actions))
        yield _Stage("bfs", f"breadth-first search, since {limit} expansions are enough", 0.5, limit)
        if has_estimates(problem):
            yield from _guided_stages(limit, len(problem.actions))
        else:
            yield _Stage("bfws", f"width search over entities, since there are more than {limit} states", 0.5)
        yield _Stage("bfs", "breadth-first search, since width search came to the end of its time or memory", 0.8)
    else:
        yield _Stage("bfs", "breadth-first search, since nothing is known of the model but its steps", 0.7)
        yield _Stage("bfws", "width search, since breadth-first search came to the end of its time or memory", 0.5)
    yield simulations


def _guided_stages(small: int, num_actions: int) -> Iterator[_Stage]:
    """Searches by estimates and novelty.

    What one of them misses for ever another often finds at once, so none may go on until the memory is full, even where
    there is time without end.
    """
    limit = _GUIDED_STEPS // num_actions
    early = f"width search over projections, since there are more than {small} states"
    yield _Stage("bfws", early, 0.35, limit)
    alone = "width search by novelty alone, since estimates led it nowhere"
    yield _Stage("bfws", alone, 0.55, 2 * limit, _plan_novelty)
    yield _Stage("greedy", "greedy search over projections, since width search came to no end", 0.6, 2 * limit)


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


def _plan_best_first(search: Callable[..., PlanResult], config_type: Callable[..., BestFirstConfig]) -> Planner:
    """The planner of a search that takes such a config."""

    def run(
        problem: Problem, seconds: float | None, memory: int, budget: int | None, seed: int, progress: Progress | None
    ) -> PlanResult:
        config = config_type(time_limit_seconds=seconds, memory_limit_bytes=memory, max_expanded=budget)
        return search(problem, config, progress=progress)

    return run


_plan_novelty = _plan_best_first(best_first_width_search, partial(WidthConfig, nearest_turns=0))

PLANNERS: dict[str, Planner] = {
    "auto": _plan_auto,
    "bfs": _plan_breadth_first,
    "astar": _plan_best_first(a_star_search, BestFirstConfig),
    "idastar": _plan_best_first(iterative_deepening_search, BestFirstConfig),
    "greedy": _plan_best_first(greedy_search, BestFirstConfig),
    "bfws": _plan_best_first(best_first_width_search, WidthConfig),
    "mcts": _plan_mcts,
    "vi": _plan_values,
}
"""Every planner by name."""

GUIDED_PLANNERS = frozenset({"auto", "astar", "idastar", "greedy", "bfws"})
"""Those that take a compiled problem apart; ``prepare`` does beforehand what does not depend on the level."""
