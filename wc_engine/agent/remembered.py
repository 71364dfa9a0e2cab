"""Running programs whose steps are made once: searches of one level ask for the same ones again and again."""

from __future__ import annotations

from collections.abc import Sequence

from wc_engine.models.base import StepOutcome, WorldModel
from wc_engine.models.requests import RunningModel, StepRequest
from wc_engine.state.entities import State

__all__ = ["RememberedModel", "StateByState"]

_MAX_REMEMBERED = 100_000
"""Steps of one program that are remembered."""


class RememberedModel:
    """A running program that is asked for each step once.

    Args:
        running: the program. One that takes many requests at once is given them so.
    """

    def __init__(self, running: WorldModel) -> None:
        self._running = running
        self._outcomes: dict[tuple[State, str, str | None], StepOutcome] = {}

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        """Predict one step."""
        return self.step_many([StepRequest(state, action, mission)])[0]

    def step_many(self, requests: Sequence[StepRequest]) -> list[StepOutcome]:
        """Predict many steps, in order; rewards are for the predicted states."""
        keys = [(one.state, one.action, one.mission) for one in requests]
        known = self._outcomes
        missing = dict.fromkeys(key for key in keys if key not in known)
        if missing:
            if len(known) + len(missing) > _MAX_REMEMBERED:
                known.clear()
                missing = dict.fromkeys(keys)
            known.update(zip(missing, self._asked([StepRequest(*key) for key in missing]), strict=True))
        return [known[key] for key in keys]

    def changes_numbers(self) -> bool:
        """Return whether some step that was made changes how many entities there are."""
        return any(
            outcome.next_state is not None and len(outcome.next_state.entities) != len(state.entities)
            for (state, _, _), outcome in self._outcomes.items()
        )

    def _asked(self, requests: Sequence[StepRequest]) -> list[StepOutcome]:
        if isinstance(self._running, RunningModel):
            return self._running.step_many(requests)
        return [self._running.step(one.state, one.action, mission=one.mission) for one in requests]


class StateByState:
    """A model that is asked for all actions of a state together, as a search tries them all.

    Args:
        model: the model.
        actions: the actions that will be asked for.
    """

    def __init__(self, model: RememberedModel, actions: Sequence[str]) -> None:
        self._model = model
        self._indices = {action: index for index, action in enumerate(actions)}
        self._latest: tuple[State, str | None] | None = None
        self._outcomes: list[StepOutcome] = []

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        """Predict one step."""
        if self._latest is None or self._latest[0] is not state or self._latest[1] != mission:
            self._outcomes = self._model.step_many([StepRequest(state, one, mission) for one in self._indices])
            self._latest = (state, mission)
        return self._outcomes[self._indices[action]]
