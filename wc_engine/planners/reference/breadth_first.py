"""Breadth-first search in plain Python: the twin of ``csrc/wc_breadth_first.h``."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from wc_engine.planners.result import SearchStatus

__all__ = ["FAILED", "OK", "ReferenceOutcome", "Step", "breadth_first_search"]

StateT = TypeVar("StateT", bound=Hashable)
Step: TypeAlias = Callable[[StateT, int], tuple[int, StateT, float, bool]]
"""A step: (state, action) to (status of ``csrc/wc_abi.h``, next state, reward, done)."""

OK = 1
FAILED = 2


@dataclass(frozen=True, slots=True)
class ReferenceOutcome:
    """How a search ended.

    Attributes:
        status: why; None where a step was neither OK nor failed.
        plan: indices of the actions, or None.
        expanded: states whose successors were generated.
        generated: successors generated, duplicates included.
        stored: distinct states met and stored.
    """

    status: SearchStatus | None
    plan: list[int] | None
    expanded: int
    generated: int
    stored: int


def breadth_first_search(
    step: Step[StateT], initial: StateT, num_actions: int, *, max_expanded: int | None = None
) -> ReferenceOutcome:
    """Find a shortest plan from ``initial``, or prove that none exists."""
    arrivals: dict[StateT, tuple[StateT, int] | None] = {initial: None}
    queue = deque([initial])
    expanded = generated = 0
    while queue:
        if expanded == max_expanded:
            return ReferenceOutcome(SearchStatus.BUDGET, None, expanded, generated, len(arrivals))
        state = queue.popleft()
        expanded += 1
        for action in range(num_actions):
            status, next_state, reward, done = step(state, action)
            if status == FAILED:
                continue
            if status != OK:
                return ReferenceOutcome(None, None, expanded, generated, len(arrivals))
            generated += 1
            if done and reward > 0:
                plan = [*_path(arrivals, state), action]
                return ReferenceOutcome(SearchStatus.SOLVED, plan, expanded, generated, len(arrivals))
            if not done and next_state not in arrivals:
                arrivals[next_state] = (state, action)
                queue.append(next_state)
    return ReferenceOutcome(SearchStatus.EXHAUSTED, None, expanded, generated, len(arrivals))


def _path(arrivals: dict[StateT, tuple[StateT, int] | None], state: StateT) -> list[int]:
    """Return the actions that led to a state."""
    actions = []
    arrival = arrivals[state]
    while arrival is not None:
        state, action = arrival
        actions.append(action)
        arrival = arrivals[state]
    return actions[::-1]
