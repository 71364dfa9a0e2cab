"""The door to a running model: in a sandbox, unless the caller trusts the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from wc_engine.interrupts import remembered_interrupts
from wc_engine.models.base import StepOutcome
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.models.requests import (
    Half,
    ModelEvaluation,
    Recorded,
    RunningModel,
    StepRequest,
    TimedOutcome,
    joined,
)
from wc_engine.models.sandbox.client import (
    DEFAULT_MEMORY_LIMIT_BYTES,
    DEFAULT_TIME_LIMIT_SECONDS,
    Sandbox,
    SandboxedModel,
)
from wc_engine.state.entities import State

__all__ = ["TrustedModel", "open_model"]


def open_model(
    program: Program,
    *,
    trusted: bool = False,
    time_limit_seconds: float = DEFAULT_TIME_LIMIT_SECONDS,
    memory_limit_bytes: int = DEFAULT_MEMORY_LIMIT_BYTES,
    sandbox: Sandbox | None = None,
) -> RunningModel:
    """Load a program and return it as a model; close it after use.

    Args:
        program: the program.
        trusted: run it in this process: no limits, no protection. Only for programs that you would run yourself.
        time_limit_seconds: limit for each call of one of its functions, where it is not trusted.
        memory_limit_bytes: limit on its memory, where it is not trusted.
        sandbox: a sandbox to share with other models, where it is not trusted; None for one of its own.

    Raises:
        InvalidModelError: the program cannot be loaded.
        SynthesisError: the sandbox does not start.
    """
    if trusted:
        return TrustedModel(program)
    return SandboxedModel(
        program, time_limit_seconds=time_limit_seconds, memory_limit_bytes=memory_limit_bytes, sandbox=sandbox
    )


class TrustedModel:
    """A program that runs in this process, without limits and without protection.

    Raises:
        InvalidModelError: the program cannot be loaded.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        with _interruptible():
            self._interpreter = ReferenceInterpreter(program)

    def step(
        self, state: State, action: str, *, mission: str | None = None, next_state: State | None = None
    ) -> StepOutcome:
        """Predict one step, the reward for ``next_state`` where it is given."""
        return self.step_many([StepRequest(state, action, mission, next_state)])[0]

    def step_many(self, requests: Iterable[Recorded], *, rewards: bool = True) -> list[StepOutcome]:
        """Predict many steps, in order; without ``rewards`` next states alone."""
        if not rewards:
            return [joined(self.predict(one.state, one.action), Half()).outcome for one in requests]
        return [timed.outcome for timed in self.timed_steps(requests)]

    def predict(self, state: State, action: str) -> Half[State]:
        """Run ``transition`` alone."""
        with _interruptible():
            return self._interpreter.predict(state, action)

    def score(
        self, state: State, action: str, next_state: State, mission: str | None = None
    ) -> Half[tuple[float, bool]]:
        """Run the reward function alone."""
        with _interruptible():
            return self._interpreter.score(state, action, next_state, mission)

    def evaluate(self, transitions: Iterable[Recorded]) -> ModelEvaluation:
        """Predict recorded transitions and measure what a step takes."""
        return ModelEvaluation.of(self.timed_steps(transitions))

    def timed_steps(self, requests: Iterable[Recorded]) -> list[TimedOutcome]:
        """As ``step_many``, with the time that each step took."""
        timed = []
        for request in requests:
            with _interruptible():
                timed.append(
                    self._interpreter.timed_step(
                        request.state, request.action, mission=request.mission, next_state=request.next_state
                    )
                )
        return timed

    def close(self) -> None:
        """Do nothing: there is nothing to give back."""

    def __enter__(self) -> TrustedModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a person's Ctrl-C through, although a KeyboardInterrupt that a program raises is a failed step."""
    with remembered_interrupts() as raise_if_interrupted:
        yield
    raise_if_interrupted()
