"""Settings of Monte-Carlo tree search, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wc_engine.planners.result import PlanResult
from wc_engine.planners.running import DEFAULT_MEMORY_LIMIT_BYTES, check_limits
from wc_engine.state.entities import State

__all__ = ["LeafValue", "MctsConfig", "MctsResult", "Prior", "Shaping"]

_MAX_DEPTH = 2**20
_MAX_THREADS = 256

Prior: TypeAlias = Callable[[State], Sequence[float]]
"""The prior of every action in a state: ``A`` numbers from 0, in the order of the problem's actions."""

LeafValue: TypeAlias = Callable[[State], float]
"""The discounted return to be expected from a state on."""

Shaping: TypeAlias = Callable[[State, str, State], float]
"""What the search adds to the reward of a step: called with state, action and next state, once for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MctsConfig:
    """Settings of UCT and PUCT.

    Attributes:
        selection: ``"uct"``, or ``"puct"``, which weighs the exploration of an action by its prior.
        exploration: the constant ``c``, in reward units.
        discount: weight of a reward one step later, in (0, 1].
        first_play_urgency: the mean return that an action is taken to have before its first visit. None: with UCT
            every action of a state is tried once, in random order, before one is tried twice; with PUCT it is 0.
        depth_limit: steps of a simulation inside the tree, at most.
        rollout_depth: random steps from a new state, at most; 0 for none.
        max_simulations: simulations at most, or None.
        stop_at_first_plan: end with the first plan found; else use up the limits and return the plan of best return.
        expand_once: an action that leads to a state already in the tree is not followed, so that every simulation
            adds a state or closes a branch; else such states share their statistics between all paths to them.
        prune_solved: simulations keep away from what cannot lead to anything new: ends of the episode that are no
            goal, and states all of whose actions lead only to such.
        seed: seed of the random draws.
        num_threads: threads; with more than one the same seed may give another plan.
        parallel: ``"tree"``: the threads share one tree, which pays where steps or rollouts take the time;
            ``"root"``: a tree for each thread, whose statistics are added up. Simulations and memory are divided.
        virtual_loss: what is taken off an action's mean for each thread that is on its way through it, in reward units.
        time_limit_seconds: wall-clock limit, or None.
        memory_limit_bytes: limit on the tree and the state table.
    """

    selection: Literal["uct", "puct"] = "uct"
    exploration: float = 1.0
    discount: float = 0.99
    first_play_urgency: float | None = None
    depth_limit: int = 200
    rollout_depth: int = 30
    max_simulations: int | None = 1_000_000
    stop_at_first_plan: bool = True
    expand_once: bool = True
    prune_solved: bool = True
    seed: int = 0
    num_threads: int = 1
    parallel: Literal["tree", "root"] = "tree"
    virtual_loss: float = 1.0
    time_limit_seconds: float | None = None
    memory_limit_bytes: int = DEFAULT_MEMORY_LIMIT_BYTES

    def __post_init__(self) -> None:
        check_limits(self.time_limit_seconds, self.memory_limit_bytes, self.max_simulations)
        if self.selection not in ("uct", "puct"):
            raise ValueError(f"selection is {self.selection!r}: expected 'uct' or 'puct'")
        if self.parallel not in ("tree", "root"):
            raise ValueError(f"parallel is {self.parallel!r}: expected 'tree' or 'root'")
        if self.first_play_urgency is not None and not isfinite(self.first_play_urgency):
            raise ValueError(f"first_play_urgency is {self.first_play_urgency}: expected None or a number")
        if not 0 < self.discount <= 1:
            raise ValueError(f"discount is {self.discount}: expected a number above 0 and up to 1")
        for name in ("exploration", "virtual_loss"):
            if not (isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise ValueError(f"{name} is {getattr(self, name)}: expected a number from 0")
        bounds = {"depth_limit": (1, _MAX_DEPTH), "rollout_depth": (0, _MAX_DEPTH), "num_threads": (1, _MAX_THREADS)}
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} is {getattr(self, name)}: expected {least} to {most}")
        if not 0 <= self.seed < 2**64:
            raise ValueError(f"seed is {self.seed}: expected 0 to 2^64 - 1")

    @property
    def urgency(self) -> float:
        """The ``first_play_urgency`` that is meant: infinite where untried actions come first."""
        if self.first_play_urgency is not None:
            return self.first_play_urgency
        return float("inf") if self.selection == "uct" else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MctsResult:
    """A plan and the statistics of the state from which it starts.

    Attributes:
        plan_result: the plan; ``expanded`` counts states in which an action was tried, ``generated`` all steps,
            rollouts included.
        simulations: simulations run.
        stored: distinct states held, over all trees.
        visit_counts: visits of each action of the state. Shape ``[A]``, int64.
        q_values: their mean discounted returns. Shape ``[A]``, float64.
    """

    plan_result: PlanResult
    simulations: int
    stored: int
    visit_counts: NDArray[np.int64]
    q_values: NDArray[np.float64]
