"""``wc_engine.make_vec``: from a program and initial states to a vector environment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from wc_engine.compile import BoxedModel, CompiledModel, NativeModel, compile_program
from wc_engine.compile.rows import StateRows, pack_states
from wc_engine.envs.gym_vector import ModelVectorEnv, Observations, Starts
from wc_engine.envs.registry import make_env
from wc_engine.envs.sokoban.levels import read_levels
from wc_engine.envs.sokoban.rules import ACTIONS
from wc_engine.errors import EncodingError, UnsupportedConstructError, UserInputError
from wc_engine.models.base import StepOutcome
from wc_engine.models.batch import BatchStepper
from wc_engine.models.open import open_model
from wc_engine.models.problem import Problem
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.state.entities import State

if TYPE_CHECKING:
    from gymnasium.vector import AutoresetMode

__all__ = ["make_vec"]

Model: TypeAlias = "NativeModel | Program | Problem | Sequence[Problem] | str | os.PathLike[str]"
Initial: TypeAlias = "State | Iterable[State] | str | os.PathLike[str]"

_OK, _FAILED = 1, 2
_MAX_WIDENINGS = 5
_WALKS, _WALK_STEPS = 64, 64


def make_vec(
    model: Model,
    initial: Initial | None = None,
    num_envs: int = 1,
    *,
    actions: Sequence[str] | None = None,
    mission: str | None = None,
    num_levels: int = 100,
    max_episode_steps: int | None = None,
    observations: Observations = "words",
    autoreset_mode: AutoresetMode | str = "NextStep",
    threads: int | None = None,
    trusted: bool = False,
) -> ModelVectorEnv:
    """Return a ``gymnasium.vector.VectorEnv`` whose episodes run inside a model, in native code.

    Args:
        model: a program's text, its file (a path, or a text that ends in ``.py``), a ``Program``, a compiled model; or
            problems, which bring their initial states along (any model of the C contract).
        initial: initial states: states, the name of an environment, or a file of Sokoban levels. An episode begins in
            one of them, drawn from the seed.
        num_envs: how many episodes run at once.
        actions: the actions; None for those of the compiled model, the environment or Sokoban's levels.
        mission: whose reward function to use, where the program has several; None for the environment's mission.
        num_levels: how many initial states are taken from an environment that is named.
        max_episode_steps: steps after which an episode is truncated; None for the limit of the environment that is
            named, or no limit.
        observations: ``"words"``: the packed state, uint64; ``"states"``: the symbolic ``State``.
        autoreset_mode: when a finished episode begins anew: ``"NextStep"``, ``"SameStep"`` or ``"Disabled"``.
        threads: how many threads to use at most; None for the cores that this process may use.
        trusted: run the program in this process, not in the sandbox, where native code has no answer to a step.

    Raises:
        UserInputError: a file cannot be read, or nothing says which actions there are.
        UnsupportedConstructError: the program cannot be compiled.
        InvalidModelError: the text is no world model.
        ValueError: an argument is impossible.
    """
    problems = _problems(model)
    if problems is not None:
        if initial is not None:
            raise ValueError("problems bring their initial states along: leave `initial` out")
        starts, answer, close = Starts.of_problems(problems), None, None
    else:
        assert isinstance(model, (CompiledModel, BoxedModel, Program, str, os.PathLike))
        source = _Source(initial, num_levels)
        chosen = actions or source.actions
        compiled = _compiled(model, source.states, chosen, mission or source.mission)
        reference = _Reference(compiled.program, compiled.mission, trusted=trusted)
        starts = _starts(compiled, source.states, reference)
        max_episode_steps = max_episode_steps or source.max_steps
        answer, close = reference.step, reference.close
    return ModelVectorEnv(
        starts,
        num_envs,
        max_episode_steps=max_episode_steps,
        observations=observations,
        autoreset_mode=autoreset_mode,
        threads=threads,
        answer=answer,
        on_close=close,
    )


class _Source:
    """Where episodes begin, and what is known with it.

    Args:
        initial: as ``make_vec`` takes it.
        num_levels: how many states of an environment.
    """

    def __init__(self, initial: Initial | None, num_levels: int) -> None:
        self.actions: tuple[str, ...] | None = None
        self.mission: str | None = None
        self.max_steps: int | None = None
        if initial is None:
            raise UserInputError(
                "nothing says where episodes begin: give states, a level file, or the name of an environment "
                "(`wc-engine envs` lists them) as `initial`"
            )
        if isinstance(initial, State):
            self.states = [initial]
        elif isinstance(initial, os.PathLike) or (isinstance(initial, str) and os.path.exists(initial)):
            self.states = [level.state for level in read_levels(initial).levels]
            self.actions = ACTIONS
        elif isinstance(initial, str):
            env = make_env(initial)
            self.states = [env.reset(seed)[0] for seed in range(num_levels)]
            self.actions, self.mission, self.max_steps = env.actions, env.mission, env.max_steps
        else:
            self.states = list(initial)
        if not self.states:
            raise UserInputError("there is no initial state: give at least one")


class _Reference:
    """The program's own answer to a step; the program is opened when it is first asked.

    Args:
        program: the program.
        mission: the mission whose reward function is asked.
        trusted: run it in this process.
    """

    def __init__(self, program: Program, mission: str | None, *, trusted: bool) -> None:
        self._program = program
        self._mission = mission
        self._trusted = trusted
        self._model: RunningModel | None = None

    def step(self, state: State, action: str) -> StepOutcome:
        """Make one step."""
        if self._model is None:
            self._model = open_model(self._program, trusted=self._trusted)
        return self._model.step(state, action, mission=self._mission)

    def close(self) -> None:
        """Close the program, if it is open."""
        if self._model is not None:
            self._model.close()


def _problems(model: object) -> list[Problem] | None:
    """Return the problems that ``model`` is, or None where it is none."""
    if isinstance(model, Problem):
        return [model]
    if isinstance(model, Sequence) and not isinstance(model, str) and all(isinstance(one, Problem) for one in model):
        return list(model)
    return None


def _compiled(
    model: NativeModel | Program | str | os.PathLike[str],
    states: Sequence[State],
    actions: Sequence[str] | None,
    mission: str | None,
) -> NativeModel:
    if isinstance(model, (CompiledModel, BoxedModel)):
        return model
    if isinstance(model, str) and not model.endswith(".py"):
        program = Program.from_text(model)
    else:
        program = model if isinstance(model, Program) else Program.from_file(Path(model))
    if actions is None:
        raise UserInputError("nothing says which actions there are: give `actions`")
    return compile_program(program, states, actions, mission)


def _starts(model: NativeModel, states: Sequence[State], reference: _Reference) -> Starts:
    """Bind a model to initial states, and make it wide enough for what random walks from there meet.

    Raises:
        EncodingError: native code has no place for an initial state.
    """
    known = list(states)
    for _ in range(_MAX_WIDENINGS):
        rows = _first(pack_states(model, known), len(states))
        met = _beyond(rows, reference) if (rows.which >= 0).all() else []
        known += met
        if not met and (rows.which >= 0).all():
            break
        model = _widened(model, known)
    if (rows.which < 0).any():
        place = int(np.flatnonzero(rows.which < 0)[0])
        raise EncodingError(f"native code has no place for initial state {place}: {states[place]!r}")
    return Starts(rows.problems, rows.which, rows.words)


def _first(rows: StateRows, count: int) -> StateRows:
    """Return the first states, in problems with room for all."""
    return StateRows(rows.problems, rows.which[:count], rows.words[:count])


def _widened(model: NativeModel, states: Sequence[State]) -> NativeModel:
    """Return a model that has a place for all states, of the other tier where this one has not."""
    try:
        return model.widened(states)
    except (EncodingError, UnsupportedConstructError):
        return compile_program(model.program, states, model.actions, model.mission)


def _beyond(rows: StateRows, reference: _Reference) -> list[State]:
    """Walk at random; return states that the program leads to and native code has no place for."""
    random = np.random.default_rng(0)
    stepper = BatchStepper(rows.problems)
    drawn = random.integers(len(rows.which), size=_WALKS)
    words, which = rows.words[drawn], rows.which[drawn]
    found: dict[State, None] = {}
    for _ in range(_WALK_STEPS):
        actions = random.integers(stepper.num_actions, size=_WALKS)
        result = stepper.step(words, actions, which)
        for place in np.flatnonzero((result.statuses != _OK) & (result.statuses != _FAILED)):
            problem = rows.problems[which[place]]
            state = problem.decode(words[place, : problem.num_words])
            outcome = reference.step(state, problem.actions[actions[place]])
            if outcome.next_state is not None and not outcome.failed:
                found[outcome.next_state] = None
        if found:
            break
        words = np.where(result.dones[:, None], rows.words[drawn], result.next)
    return list(found)
