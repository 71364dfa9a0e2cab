"""Monte-Carlo tree search: UCT with a transposition table."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from wc_engine.models.problem import Problem
from wc_engine.planners._core.mcts import MctsSearch
from wc_engine.planners.result import PlanResult
from wc_engine.planners.running import DEFAULT_MEMORY_LIMIT_BYTES, Progress, check_limits, run_search

__all__ = ["MctsConfig", "MctsResult", "mcts_plan", "mcts_search"]

_MAX_DEPTH = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class MctsConfig:
    """Settings of UCT.

    Attributes:
        exploration: the constant ``c``, in reward units.
        discount: weight of a reward one step later, in (0, 1].
        depth_limit: steps of a simulation inside the tree, at most.
        rollout_depth: random steps from a new state, at most; 0 for none.
        max_simulations: simulations at most, or None.
        stop_at_first_plan: end with the first plan found; else use up the limits and return the plan of best return.
        expand_once: an action that leads to a state already in the tree is not followed, so that every simulation
            adds a state or closes a branch; else such states share their statistics between all paths to them.
        seed: seed of the random draws.
        time_limit_seconds: wall-clock limit, or None.
        memory_limit_bytes: limit on the tree and the state table.
    """

    exploration: float = 1.0
    discount: float = 0.99
    depth_limit: int = 200
    rollout_depth: int = 30
    max_simulations: int | None = 1_000_000
    stop_at_first_plan: bool = True
    expand_once: bool = True
    seed: int = 0
    time_limit_seconds: float | None = None
    memory_limit_bytes: int = DEFAULT_MEMORY_LIMIT_BYTES

    def __post_init__(self) -> None:
        check_limits(self.time_limit_seconds, self.memory_limit_bytes, self.max_simulations)
        if not (isfinite(self.exploration) and self.exploration >= 0):
            raise ValueError(f"exploration is {self.exploration}: expected a number from 0")
        if not 0 < self.discount <= 1:
            raise ValueError(f"discount is {self.discount}: expected a number above 0 and up to 1")
        if not 1 <= self.depth_limit <= _MAX_DEPTH:
            raise ValueError(f"depth_limit is {self.depth_limit}: expected 1 to {_MAX_DEPTH}")
        if not 0 <= self.rollout_depth <= _MAX_DEPTH:
            raise ValueError(f"rollout_depth is {self.rollout_depth}: expected 0 to {_MAX_DEPTH}")
        if not 0 <= self.seed < 2**64:
            raise ValueError(f"seed is {self.seed}: expected 0 to 2^64 - 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class MctsResult:
    """A plan and the statistics of the initial state.

    Attributes:
        plan_result: the plan; ``expanded`` counts states in which an action was tried, ``generated`` all steps,
            rollouts included.
        simulations: simulations run.
        stored: distinct states held.
        visit_counts: visits of each action of the initial state. Shape ``[A]``, int64.
        q_values: their mean discounted returns. Shape ``[A]``, float64.
    """

    plan_result: PlanResult
    simulations: int
    stored: int
    visit_counts: NDArray[np.int64]
    q_values: NDArray[np.float64]


def mcts_plan(problem: Problem, config: MctsConfig | None = None, *, progress: Progress | None = None) -> PlanResult:
    """Look for a plan by simulations; see ``mcts_search``."""
    return mcts_search(problem, config, progress=progress).plan_result


def mcts_search(problem: Problem, config: MctsConfig | None = None, *, progress: Progress | None = None) -> MctsResult:
    """Look for a plan by simulations, and return the statistics of the initial state with it.

    ``csrc/wc_uct.h`` says what a simulation does. Same seed and limits on counts give the same result on every run.

    Args:
        problem: what to search.
        config: settings.
        progress: called about every 10 ms with the states expanded and generated.

    Raises:
        InternalError: the model broke the C contract.
        ModelExecutionError: a step has no answer (out of range, fuel or scratch) and the problem cannot resolve it.
    """
    config = config or MctsConfig()

    def start(problem: Problem) -> MctsSearch:
        return MctsSearch(
            problem.capsule,
            problem.initial_words,
            config.memory_limit_bytes,
            exploration=config.exploration,
            discount=config.discount,
            depth_limit=config.depth_limit,
            rollout_depth=config.rollout_depth,
            stop_at_first_plan=config.stop_at_first_plan,
            expand_once=config.expand_once,
            seed=config.seed,
        )

    run = run_search(
        problem,
        start,
        planner="mcts",
        time_limit_seconds=config.time_limit_seconds,
        budget=config.max_simulations,
        progress=progress,
        seed=config.seed,
    )
    visit_counts, q_values = run.search.root_statistics()
    return MctsResult(
        plan_result=run.result,
        simulations=run.search.simulations,
        stored=run.search.stored,
        visit_counts=visit_counts,
        q_values=q_values,
    )
