"""A model that runs in Python, behind the C contract."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wc_engine.errors import EncodingError
from wc_engine.models.base import WorldModel
from wc_engine.models.problem import Problem, U64Array
from wc_engine.planners._core.callback import CallbackModel
from wc_engine.state.entities import State

__all__ = ["InterpretedProblem"]

_OK = 1
_FAILED = 2
_FAILED_STEP = (_FAILED, 0, 0.0, False)


class InterpretedProblem:
    """A problem whose steps are calls of a model in Python, each made once and remembered.

    Packed states are one word, a state's number in the order in which states were met; equal states have equal
    numbers. A step that outran its limits is a failed step: nothing else can answer it. An exception of the model
    itself (not of its program, which is a failed outcome) ends the search and is raised by the planner.

    Args:
        model: the model.
        initial_state: where plans start.
        actions: all actions, at least one.
        mission: the mission that the model is asked about, or None.

    Raises:
        ValueError: there are no actions, or one of them twice.
    """

    def __init__(
        self, model: WorldModel, initial_state: State, actions: Sequence[str], mission: str | None = None
    ) -> None:
        self._actions = tuple(actions)
        if not self._actions or len(set(self._actions)) != len(self._actions):
            raise ValueError(f"expected at least one action and each once, got {list(actions)}")
        self._model = model
        self._mission = mission
        self._states: list[State] = []
        self._numbers: dict[State, int] = {}
        self._steps: dict[tuple[int, int], tuple[int, int, float, bool]] = {}
        self._initial = self._number(initial_state)
        self._callback = CallbackModel(self._step, len(self._actions))
        self._capsule = self._callback.capsule
        self.num_model_steps = 0
        """Steps asked of the model so far; the others were remembered."""

    @property
    def actions(self) -> tuple[str, ...]:
        return self._actions

    @property
    def num_words(self) -> int:
        return 1

    @property
    def initial_words(self) -> U64Array:
        return np.array([self._initial], dtype=np.uint64)

    @property
    def capsule(self) -> object:
        return self._capsule

    def encode(self, state: State) -> U64Array:
        """Return the number of a state; one that was not met before gets a new one."""
        return np.array([self._number(state)], dtype=np.uint64)

    def decode(self, words: U64Array) -> State:
        """Return the state of a number.

        Raises:
            EncodingError: no state has it.
        """
        number = int(words[0])
        if number >= len(self._states):
            raise EncodingError(f"no state has the number {number}: the problem has met {len(self._states)} states")
        return self._states[number]

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        """Return None: the model itself is the last answer."""
        return None

    def take_error(self) -> BaseException | None:
        """Return the exception that ended the last search, and forget it."""
        error, self._callback.error = self._callback.error, None
        return error

    def _number(self, state: State) -> int:
        number = self._numbers.setdefault(state, len(self._states))
        if number == len(self._states):
            self._states.append(state)
        return number

    def _step(self, number: int, action: int) -> tuple[int, int, float, bool]:
        """Return (status, number of the next state, reward, done): what ``csrc/wc_abi.h`` calls a step."""
        step = self._steps.get((number, action))
        if step is None:
            outcome = self._model.step(self._states[number], self._actions[action], mission=self._mission)
            self.num_model_steps += 1
            if outcome.failed or outcome.out_of_limits or outcome.next_state is None:
                step = _FAILED_STEP
            else:
                step = (_OK, self._number(outcome.next_state), float(outcome.reward or 0.0), bool(outcome.done))
            self._steps[number, action] = step
        return step
