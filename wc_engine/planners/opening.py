"""From whatever a caller calls a model to a problem that planners search."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

from wc_engine.compile.boxed.model import BoxedModel
from wc_engine.compile.boxed.problem import BoxedProblem
from wc_engine.compile.compiled import CompiledModel, CompiledProblem
from wc_engine.compile.tiers import NativeModel, compile_program
from wc_engine.errors import EncodingError, UnsupportedConstructError, UserInputError
from wc_engine.models.base import StepOutcome, WorldModel
from wc_engine.models.capsule import CapsuleProblem, is_capsule
from wc_engine.models.open import open_model
from wc_engine.models.problem import Problem, U64Array
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.models.requests import RunningModel
from wc_engine.planners.interpreted import InterpretedProblem
from wc_engine.state.entities import State

__all__ = ["Dynamics", "Model", "Source", "StateLike", "open_source"]

_MAX_REMEMBERED_STEPS = 1_000_000
"""Steps of a model in Python that are remembered between calls."""


@runtime_checkable
class Dynamics(Protocol):
    """A model as a Python object.

    States may be any values that can be hashed and compared, ``State`` among them. ``transition`` returns the next
    state and leaves the given one alone, or returns None where the action is impossible. An exception is raised to
    whoever plans. An object may have ``actions``, and ``REWARD_FUNCS``: reward functions by mission.
    """

    def transition(self, state: Any, action: str, /) -> Any: ...
    def reward_func(self, state: Any, action: str, next_state: Any, /) -> tuple[float, bool]: ...


Model: TypeAlias = "str | os.PathLike[str] | Program | NativeModel | Problem | WorldModel | Dynamics | object"
"""A program (its text, its file, or read), a compiled model, a problem, a running model, an object with ``transition``
and ``reward_func``, or a capsule with a ``wc_model`` of ``csrc/wc_abi.h``."""

StateLike: TypeAlias = Any
"""A ``State``; packed words, of a capsule; or what the object's own functions take."""


class Source(Protocol):
    """Makes problems of a model."""

    def problem(self, state: StateLike | None, mission: str | None) -> Problem:
        """Return the model bound to a state; None: its own initial state, where it has one.

        Raises:
            EncodingError: the state does not fit.
            ValueError: there is no state.
        """
        ...

    def otherwise(self, state: StateLike | None, mission: str | None) -> Problem | None:
        """Return another form of the problem, for where this one has no answer to a step; None where there is none."""
        ...

    def close(self) -> None: ...


def open_source(model: Model, actions: Sequence[str] | None, *, trusted: bool) -> Source:
    """Find out what a model is.

    Raises:
        UserInputError: nothing says which actions there are, or a file cannot be read.
        InvalidModelError: a text is no world model.
        TypeError: it is no model at all.
    """
    if isinstance(model, (CompiledProblem, BoxedProblem)):
        return _ProgramSource(model.model.program, model.actions, trusted, model.model, model.initial_state)
    if isinstance(model, Problem):
        return _ProblemSource(model)
    if isinstance(model, (CompiledModel, BoxedModel)):
        return _ProgramSource(model.program, model.actions, trusted, model)
    if is_capsule(model):
        return _CapsuleSource(model, actions)
    if isinstance(model, (str, os.PathLike, Program)):
        return _ProgramSource(_program(model), _known(actions), trusted)
    chosen = _known(getattr(model, "actions", None) if actions is None else actions)
    if isinstance(model, WorldModel):
        return _RunningSource(model, chosen)
    if isinstance(model, Dynamics):
        return _RunningSource(_DynamicsModel(model), chosen)
    raise TypeError(
        f"{type(model).__name__} is no model: expected program text, a compiled model, a problem, an object with "
        "transition and reward_func, or a capsule"
    )


def _program(model: str | os.PathLike[str] | Program) -> Program:
    if isinstance(model, Program):
        return model
    if isinstance(model, str) and ("\n" in model or not model.endswith(".py")):
        return Program.from_text(model)
    return Program.from_file(Path(model))


def _known(actions: Iterable[str] | None) -> tuple[str, ...]:
    if actions is None:
        raise UserInputError("nothing says which actions there are: give `actions`")
    return tuple(actions)


class _ProgramSource:
    """A program: native where it compiles, interpreted where it does not and where native code has no answer."""

    def __init__(
        self,
        program: Program,
        actions: tuple[str, ...],
        trusted: bool,
        compiled: NativeModel | None = None,
        initial: State | None = None,
    ) -> None:
        self._program = program
        self._actions = actions
        self._trusted = trusted
        self._compiled: dict[str | None, NativeModel | None] = {}
        self._mission: str | None = None
        if compiled is not None:
            self._mission = compiled.mission
            self._compiled[self._key(compiled.mission)] = compiled
        self._initial = initial
        self._running: RunningModel | None = None
        self._interpreted: _RunningSource | None = None

    def problem(self, state: StateLike | None, mission: str | None) -> Problem:
        start = _symbolic(state, self._initial)
        mission = self._mission if mission is None else mission
        key = self._key(mission)
        known = self._compiled.get(key)
        if known is None and key in self._compiled:
            return self._run(start, mission)
        try:
            known = known or compile_program(self._program, [start], self._actions, mission)
            model, problem = _bound(known, start)
        except UnsupportedConstructError:
            self._compiled[key] = None
            return self._run(start, mission)
        self._compiled[key] = model
        return problem

    def otherwise(self, state: StateLike | None, mission: str | None) -> Problem | None:
        mission = self._mission if mission is None else mission
        key = self._key(mission)
        if key in self._compiled and self._compiled[key] is None:
            return None  # it is interpreted as it is
        return self._run(_symbolic(state, self._initial), mission)

    def close(self) -> None:
        if self._running is not None:
            self._running.close()
            self._running = self._interpreted = None

    def _key(self, mission: str | None) -> str | None:
        """A mission matters where there are reward functions for several."""
        return mission if REWARD_FUNCS in self._program.defines else None

    def _run(self, state: State, mission: str | None) -> Problem:
        if self._interpreted is None:
            self._running = open_model(self._program, trusted=self._trusted)
            self._interpreted = _RunningSource(self._running, self._actions)
        return self._interpreted.problem(state, mission)


def _bound(model: NativeModel, state: State) -> tuple[NativeModel, Problem]:
    """Bind a model to a state, a wider one where that is needed."""
    try:
        return model, model.bind(state)
    except EncodingError:
        pass
    try:
        wider: NativeModel = model.widened([state])
        return wider, wider.bind(state)
    except (EncodingError, UnsupportedConstructError):
        other = compile_program(model.program, [state], model.actions, model.mission)
        return other, other.bind(state)


def _symbolic(state: object, initial: State | None) -> State:
    if state is None and initial is not None:
        return initial
    if not isinstance(state, State):
        raise ValueError(f"a program plans from a State, not from {type(state).__name__}")
    return state


class _RunningSource:
    """A model that runs in Python; its steps are remembered from call to call."""

    def __init__(self, model: WorldModel, actions: tuple[str, ...]) -> None:
        self._model = model
        self._actions = actions
        self._problems: dict[str | None, InterpretedProblem] = {}

    def problem(self, state: StateLike | None, mission: str | None) -> Problem:
        if state is None:
            raise ValueError("nothing says where plans start: give a state")
        known = self._problems.get(mission)
        if known is None or known.num_model_steps > _MAX_REMEMBERED_STEPS:
            known = self._problems[mission] = InterpretedProblem(self._model, state, self._actions, mission)
        return _Rooted(known, state)

    def otherwise(self, state: StateLike | None, mission: str | None) -> Problem | None:
        return None

    def close(self) -> None:
        self._problems.clear()


class _ProblemSource:
    """A problem of the caller's."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def problem(self, state: StateLike | None, mission: str | None) -> Problem:
        return self._problem if state is None else _Rooted(self._problem, state)

    def otherwise(self, state: StateLike | None, mission: str | None) -> Problem | None:
        return None

    def close(self) -> None:
        """Nothing to give back."""


class _CapsuleSource:
    """A bare capsule: states are words."""

    def __init__(self, capsule: object, actions: Sequence[str] | None) -> None:
        self._capsule = capsule
        self._actions = actions

    def problem(self, state: StateLike | None, mission: str | None) -> Problem:
        if state is None:
            raise ValueError("nothing says where plans start: give the packed initial state")
        return CapsuleProblem(self._capsule, state, self._actions)

    def otherwise(self, state: StateLike | None, mission: str | None) -> Problem | None:
        return None

    def close(self) -> None:
        """Nothing to give back."""


class _Rooted:
    """A problem with another state to begin in. Implements ``wc_engine.models.problem.Problem``."""

    def __init__(self, problem: Problem, state: StateLike) -> None:
        self._problem = problem
        self._state = state
        self.actions = problem.actions
        self.num_words = problem.num_words
        self.initial_words: U64Array = problem.encode(state)
        self.capsule = problem.capsule
        self.encode = problem.encode
        self.decode = problem.decode

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        """Return what the problem answers, with the same state to begin in."""
        resolved = self._problem.resolve(words, action, status)
        return None if resolved is None else _Rooted(resolved, self._state)

    def take_error(self) -> BaseException | None:
        """Return the exception of a model in Python that ended the last search, and forget it."""
        take = getattr(self._problem, "take_error", None)
        error: BaseException | None = None if take is None else take()
        return error


class _DynamicsModel:
    """An object with ``transition`` and ``reward_func`` as a running model."""

    def __init__(self, dynamics: Dynamics) -> None:
        self._dynamics = dynamics
        self._reward_funcs: Mapping[str | None, Any] = getattr(dynamics, REWARD_FUNCS, {})

    def step(self, state: Any, action: str, *, mission: str | None = None) -> StepOutcome:
        """Make one step."""
        following = self._dynamics.transition(state, action)
        if following is None:
            return StepOutcome(next_state=None, reward=None, done=None, transition_error="impossible")
        judge = self._reward_funcs.get(mission, self._dynamics.reward_func)
        reward, done = judge(state, action, following)
        return StepOutcome(next_state=following, reward=float(reward), done=bool(done))
