"""What a search leaves behind for the next one: the way of its plan, or the values of all states."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wc_engine.errors import EncodingError
from wc_engine.models.problem import Problem, U64Array
from wc_engine.planners._core.stepping import Stepper
from wc_engine.planners.result import PlanResult, SearchStatus
from wc_engine.planners.value_iteration import ValueIterationResult
from wc_engine.state.entities import State

__all__ = ["PlanMemory", "ValueMemory"]

_OK = 1
_END = -1


@dataclass(frozen=True, slots=True)
class PlanMemory:
    """A plan with the states on its way.

    Attributes:
        problem: what was searched.
        result: the result.
        places: which action of the plan is taken in a state, by its words.
    """

    problem: Problem
    result: PlanResult
    places: dict[tuple[int, ...], int]

    @classmethod
    def of(cls, problem: Problem, result: PlanResult) -> PlanMemory | None:
        """Follow a plan; None where there is none, or this form of the problem has no answer to one of its steps."""
        if result.plan is None:
            return None
        stepper = Stepper(problem.capsule)
        numbers = {name: index for index, name in enumerate(problem.actions)}
        words = tuple(map(int, problem.initial_words))
        places: dict[tuple[int, ...], int] = {}
        for place, action in enumerate(result.plan):
            places[words] = place
            status, words, _, _ = stepper.step(words, numbers[action])
            if status != _OK:
                return None
        return cls(problem, result, places)

    def answer(self, state: State) -> PlanResult | None:
        """Return the rest of the plan from a state on its way; None from any other."""
        place = self.places.get(_words(self.problem, state))
        if place is None:
            return None
        assert self.result.plan is not None
        return _without_search(
            self.result, self.result.plan[place:], f"the rest of the plan of {self.result.planner} that is known"
        )


@dataclass(frozen=True, slots=True)
class ValueMemory:
    """The values of all states that were reached, with their greedy policy.

    Attributes:
        found: the result; a search that converged.
        words: the states. Shape ``[S, W]``.
        policy: the best action of each. Shape ``[S]``.
        targets: the row that each action leads to. Shape ``[E, A]``.
        rewards: and its reward. Shape ``[E, A]``.
    """

    found: ValueIterationResult
    words: U64Array
    policy: NDArray[np.int32]
    targets: NDArray[np.int64]
    rewards: NDArray[np.float64]

    @classmethod
    def of(cls, found: ValueIterationResult) -> ValueMemory | None:
        """Take what a search found; None where its policy is of no use."""
        if not (found.converged and found.plan_is_greedy):
            return None
        targets, rewards = found.edges
        return cls(found, found.state_words, found.policy, targets, rewards)

    def answer(self, state: State) -> PlanResult | None:
        """Return the plan that follows the policy; None where the state was not reached, or the policy does not win."""
        words = _words(self.found.problem, state)
        if not words:
            return None
        rows = np.flatnonzero((self.words == np.array(words, dtype=np.uint64)).all(axis=1))
        row = int(rows[0]) if len(rows) else -1
        plan: list[str] = []
        while 0 <= row < len(self.targets) and len(plan) <= len(self.words):
            action = int(self.policy[row])
            if action < 0:
                return None
            plan.append(self.found.problem.actions[action])
            target = int(self.targets[row, action])
            if target == _END:
                wins = self.rewards[row, action] > 0
                return _without_search(self.found.plan_result, tuple(plan), "values that are known") if wins else None
            row = target
        return None


def _words(problem: Problem, state: State) -> tuple[int, ...]:
    """A state's words; empty, which no state has, where it does not fit."""
    try:
        return tuple(map(int, problem.encode(state)))
    except (EncodingError, ValueError, TypeError):
        return ()


def _without_search(found: PlanResult, plan: tuple[str, ...], reason: str) -> PlanResult:
    return PlanResult(
        plan=plan,
        status=SearchStatus.SOLVED,
        expanded=0,
        generated=0,
        seconds=0.0,
        bytes=0,
        planner=found.planner,
        seed=found.seed,
        reason=reason,
    )
