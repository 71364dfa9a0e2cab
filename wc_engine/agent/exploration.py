"""Exploring: the shortest way, in the model, to something never tried."""

from __future__ import annotations

from collections.abc import Sequence

from wc_engine.agent.remembered import RememberedModel
from wc_engine.models.dataset import Transition
from wc_engine.models.requests import StepRequest
from wc_engine.state.entities import State
from wc_engine.synthesis.proposers.inductive.novelty import ContextIndex

__all__ = ["Explorer"]


class Explorer:
    """Seeks the (state, action) whose context was never tried with the least way and price.

    Args:
        actions: the actions of the environment.
        max_explored: states that one search may expand.
    """

    def __init__(self, actions: Sequence[str], max_explored: int) -> None:
        self._actions = tuple(actions)
        self._max_explored = max_explored
        self._contexts = ContextIndex()

    def update(self, transitions: Sequence[Transition]) -> None:
        """Take in what was tried: the transitions of the last call, and perhaps more behind them."""
        self._contexts.update(transitions)

    @property
    def dull(self) -> int:
        """How many transitions ago something new last happened."""
        return self._contexts.dull

    def path_to_novelty(
        self,
        model: RememberedModel | None,
        state: State,
        mission: str,
        limit: int | None = None,
        besides: str | None = None,
        *,
        disputed: bool = False,
    ) -> tuple[str, ...] | None:
        """Return actions of which the last one shows something new, as few as its price allows, or None.

        Args:
            model: where the way is sought, breadth first; None to look at ``state`` alone.
            state: the state to begin with.
            mission: its mission.
            limit: the most that way and price may come to, or None.
            besides: an action that will be tried in ``state`` anyway.
            disputed: seek only what rules that explain all data disagree about.
        """
        least_price = self._contexts.least_price
        if disputed and not least_price:
            return None
        layer: list[tuple[State, tuple[str, ...]]] = [(state, ())]
        seen = {state}
        explored = 0
        best: tuple[str, ...] | None = None
        least = float("inf") if limit is None else limit + 1
        prices = self._contexts.disputed if disputed else self._contexts.prices
        while layer and len(layer[0][1]) + 1 + least_price < least:
            for reached, path in layer:
                for action, price in prices(reached, self._actions).items():
                    if len(path) + 1 + price < least and (path or action != besides):
                        least, best = len(path) + 1 + price, (*path, action)
            explored += len(layer)
            if model is None or explored > self._max_explored:
                break
            layer = self._next_layer(model, mission, layer, seen)
        return best

    def _next_layer(
        self,
        model: RememberedModel,
        mission: str,
        layer: Sequence[tuple[State, tuple[str, ...]]],
        seen: set[State],
    ) -> list[tuple[State, tuple[str, ...]]]:
        steps = [(state, path, action) for state, path in layer for action in self._actions]
        outcomes = model.step_many([StepRequest(state, action, mission) for state, _, action in steps])
        following: list[tuple[State, tuple[str, ...]]] = []
        for (_, path, action), outcome in zip(steps, outcomes, strict=True):
            if outcome.next_state is not None and not outcome.done and outcome.next_state not in seen:
                seen.add(outcome.next_state)
                following.append((outcome.next_state, (*path, action)))
        return following
