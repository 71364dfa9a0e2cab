"""Mixed models: one of a program's two functions native, the other interpreted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wc_engine.compile.boxed.model import BoxedModel, compile_boxed
from wc_engine.compile.compiled import StepStatus
from wc_engine.compile.halves import Part, half_of
from wc_engine.compile.tiers import NativeModel, NativeProblem, compile_program
from wc_engine.errors import EncodingError, InternalError, TranslationError
from wc_engine.models.base import StepOutcome
from wc_engine.models.problem import U64Array
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.models.requests import Half, RunningModel, joined
from wc_engine.state.entities import State

__all__ = ["MixedModel", "NativeHalf", "compile_half"]


@dataclass(frozen=True)
class NativeHalf:
    """The half of a program that compiles where the whole does not.

    Attributes:
        program: the whole program.
        part: which half it is.
        model: the native code; its other function is a stub.
        stubs: the functions that are not in it.
    """

    program: Program
    part: Part
    model: NativeModel = field(repr=False)
    stubs: frozenset[str]


def compile_half(
    program: Program, states: Iterable[State], actions: Sequence[str], mission: str | None = None
) -> NativeHalf | None:
    """Compile half of a program that ``compile_program`` has refused: transition, else the reward function.

    Args:
        program: the program.
        states: examples of states.
        actions: all actions of the problem.
        mission: which of the program's ``REWARD_FUNCS`` to use, where it has them.

    Returns:
        The half, or None where neither compiles.
    """
    states = list(states)
    for part in Part:
        # The specialiser leaves out of states what no transition changes: a stub would change nothing at all.
        compiler = compile_program if part is Part.TRANSITION else compile_boxed
        try:
            half = half_of(program, part)
            if half is not None:
                return NativeHalf(program, part, compiler(half[0], states, actions, mission), half[1])
        except (TranslationError, EncodingError, InternalError, RecursionError):
            continue
    return None


class MixedModel:
    """A world model that runs half natively; what native code does not answer, or fails on, is interpreted.

    Args:
        half: the native half.
        reference: the whole program, loaded. It is not closed with the model.
    """

    def __init__(self, half: NativeHalf, reference: RunningModel) -> None:
        self._half = half
        self._reference = reference
        self._problem: NativeProblem | None = None

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        """Predict one step."""
        if self._half.part is Part.REWARD:
            return self._scored(state, action, mission)
        following = self._predicted(state, action)
        if following is None:
            return self._reference.step(state, action, mission=mission)
        return joined(Half(following), self._reference.score(state, action, following, mission)).outcome

    def _predicted(self, state: State, action: str) -> State | None:
        """Return what the native transition gives, or None where that is no state."""
        model = self._half.model
        if action not in model.actions:
            return None
        try:
            problem, words = self._packed(state)
            status, following, _, _ = problem.step_words(words, model.actions.index(action))
            return problem.decode(following) if status == StepStatus.OK else None
        except EncodingError:
            return None

    def _scored(self, state: State, action: str, mission: str | None) -> StepOutcome:
        predicted = self._reference.predict(state, action)
        if predicted.value is None:
            return joined(predicted, Half()).outcome
        scored = self._native_score(state, action, predicted.value, mission)
        if scored is None:
            scored = self._reference.score(state, action, predicted.value, mission)
        return joined(predicted, scored).outcome

    def _native_score(
        self, state: State, action: str, following: State, mission: str | None
    ) -> Half[tuple[float, bool]] | None:
        """Return what the native reward function gives, or None where that is nothing."""
        model = self._half.model
        other = mission != model.mission and REWARD_FUNCS in self._half.program.defines
        if other or action not in model.actions:
            return None
        try:
            problem, words = self._packed(state)
            index = model.actions.index(action)
            status, reward, done = problem.reward_words(words, index, problem.encode(following))
        except EncodingError:
            return None
        return Half((reward, done)) if status == StepStatus.OK else None

    def _packed(self, state: State) -> tuple[NativeProblem, U64Array]:
        """Return a problem that has a place for a state, and the state in it."""
        model = self._half.model
        problem: NativeProblem
        if isinstance(model, BoxedModel):
            problem = model.problem_for(state)
            return problem, problem.encode(state)
        if self._problem is not None:
            try:
                return self._problem, self._problem.encode(state)
            except EncodingError:
                pass  # another level: its walls are elsewhere
        self._problem = problem = model.bind(state)
        return problem, problem.encode(state)
