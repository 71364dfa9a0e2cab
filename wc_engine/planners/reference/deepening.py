"""Iterative deepening A* in plain Python: the twin of ``csrc/wc_deepening.h``."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import inf
from typing import Generic, TypeVar

from wc_engine.planners.reference.breadth_first import FAILED, OK, ReferenceOutcome, Step
from wc_engine.planners.result import SearchStatus

__all__ = ["DeepeningReference"]

StateT = TypeVar("StateT", bound=Hashable)


class _EndError(Exception):
    """The search is over, with this status and plan."""

    def __init__(self, status: SearchStatus | None, plan: list[int] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.plan = plan


@dataclass
class DeepeningReference(Generic[StateT]):
    """One search.

    Attributes:
        step: the model.
        num_actions: ``A``.
        estimate: a state's distance, None for a dead end, and how many patterns are unmet.
        max_expanded: states to expand at most, or None.
    """

    step: Step[StateT]
    num_actions: int
    estimate: Callable[[StateT], tuple[int | None, int]] = lambda state: (0, 0)
    max_expanded: int | None = None
    expanded: int = 0
    generated: int = 0

    def run(self, initial: StateT) -> ReferenceOutcome:
        """Search from ``initial``, up to one limit after another."""
        self._estimates, self._met_dead_end = True, False
        self._next_limit = inf
        limit: float = max(1, self.estimate(initial)[0] or 1)
        try:
            while True:
                self._next_limit = inf
                self._descend([initial], [], limit)
                if self._next_limit < inf:
                    limit = self._next_limit
                elif self._met_dead_end:
                    self._estimates, self._met_dead_end, limit = False, False, 1
                else:
                    return ReferenceOutcome(SearchStatus.EXHAUSTED, None, self.expanded, self.generated, 0)
        except _EndError as end:
            return ReferenceOutcome(end.status, end.plan, self.expanded, self.generated, 0)

    def _descend(self, path: list[StateT], actions: list[int], limit: float) -> None:
        if self.expanded == self.max_expanded:
            raise _EndError(SearchStatus.BUDGET)
        self.expanded += 1
        for action in range(self.num_actions):
            status, state, reward, done = self.step(path[-1], action)
            if status == FAILED:
                continue
            if status != OK:
                raise _EndError(None)
            self.generated += 1
            if done and reward > 0:
                raise _EndError(SearchStatus.SOLVED, [*actions, action])
            if done:
                continue
            distance = self.estimate(state)[0] if self._estimates else 0
            if distance is None:
                self._met_dead_end = True
            elif state not in path:
                total = len(path) + max(1, distance)
                if total > limit:
                    self._next_limit = min(self._next_limit, total)
                else:
                    self._descend([*path, state], [*actions, action], limit)
