"""What is asked of a running model, and what it answers beyond one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, runtime_checkable

from wc_engine.models.base import StepOutcome
from wc_engine.state.entities import State

__all__ = ["Half", "ModelEvaluation", "Recorded", "RunningModel", "StepRequest", "TimedOutcome", "joined"]

_T = TypeVar("_T")


class Recorded(Protocol):
    """A step to be predicted: a ``StepRequest``, or a recorded transition."""

    @property
    def state(self) -> State: ...

    @property
    def action(self) -> str: ...

    @property
    def mission(self) -> str | None: ...

    @property
    def next_state(self) -> State | None: ...


@dataclass(frozen=True, slots=True)
class StepRequest:
    """One step to be predicted.

    Attributes:
        state: the state before the action.
        action: the action.
        mission: the mission whose reward function answers, or None for ``reward_func``.
        next_state: the state that the reward function is given; None for the predicted one.
    """

    state: State
    action: str
    mission: str | None = None
    next_state: State | None = None


@dataclass(frozen=True, slots=True)
class Half(Generic[_T]):
    """What one of the two functions of a program gave for one call.

    Attributes:
        value: the next state, or (reward, done); None where the function failed or was not reached.
        error: why it failed, or None.
        out_of_limits: a limit on time or memory ended it.
        seconds: the whole call: fresh objects, the function, the canonical result.
        seconds_in_program: inside the function alone.
    """

    value: _T | None = None
    error: str | None = None
    out_of_limits: bool = False
    seconds: float = 0.0
    seconds_in_program: float = 0.0


@dataclass(frozen=True, slots=True)
class TimedOutcome:
    """A step's outcome and what it took.

    Attributes:
        outcome: the outcome.
        seconds: the whole call: fresh objects, both functions, canonical result.
        seconds_in_program: inside the program's two functions alone.
    """

    outcome: StepOutcome
    seconds: float
    seconds_in_program: float


def joined(predicted: Half[State], scored: Half[tuple[float, bool]]) -> TimedOutcome:
    """Return the outcome of a step from its two halves."""
    outcome = StepOutcome(
        next_state=predicted.value,
        reward=None if scored.value is None else scored.value[0],
        done=None if scored.value is None else scored.value[1],
        transition_error=predicted.error,
        reward_error=scored.error,
        out_of_limits=predicted.out_of_limits or scored.out_of_limits,
    )
    seconds_in_program = predicted.seconds_in_program + scored.seconds_in_program
    return TimedOutcome(outcome, predicted.seconds + scored.seconds, seconds_in_program)


@dataclass(frozen=True, slots=True)
class ModelEvaluation:
    """The outcomes of a program on recorded transitions, rewards given for the recorded next states.

    Attributes:
        outcomes: one per transition, in order.
        us_per_transition: mean microseconds of the whole interpreted call, over the steps that no limit ended.
        us_in_program: mean microseconds inside the program's two functions alone, likewise.
    """

    outcomes: tuple[StepOutcome, ...]
    us_per_transition: float
    us_in_program: float

    @classmethod
    def of(cls, timed: Sequence[TimedOutcome]) -> ModelEvaluation:
        """Summarise timed outcomes."""
        counted = [one for one in timed if not one.outcome.out_of_limits]
        scale = 1e6 / max(1, len(counted))
        return cls(
            tuple(one.outcome for one in timed),
            scale * sum(one.seconds for one in counted),
            scale * sum(one.seconds_in_program for one in counted),
        )


@runtime_checkable
class RunningModel(Protocol):
    """A loaded program that answers until it is closed: in a sandbox, or in this process where it is trusted."""

    def step(
        self, state: State, action: str, *, mission: str | None = None, next_state: State | None = None
    ) -> StepOutcome:
        """Predict one step; a failing program gives a failed outcome, not an exception."""
        ...

    def step_many(self, requests: Iterable[Recorded], *, rewards: bool = True) -> list[StepOutcome]:
        """Predict many steps, in order; without ``rewards`` next states alone, and the reward function is not run."""
        ...

    def predict(self, state: State, action: str) -> Half[State]:
        """Run ``transition`` alone."""
        ...

    def score(
        self, state: State, action: str, next_state: State, mission: str | None = None
    ) -> Half[tuple[float, bool]]:
        """Run the reward function alone."""
        ...

    def evaluate(self, transitions: Iterable[Recorded]) -> ModelEvaluation:
        """Predict recorded transitions and measure what a step takes."""
        ...

    def close(self) -> None:
        """Give back what the model holds; closing twice is allowed."""
        ...
