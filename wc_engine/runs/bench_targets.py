"""What `wc-engine bench` measures on: the built-in Sokoban, a program, or any model of the C contract."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wc_engine.compile import compile_program
from wc_engine.envs.sokoban.levels import read_levels
from wc_engine.errors import EncodingError, UnsupportedConstructError, UserInputError
from wc_engine.models.capsule import CapsuleProblem, is_capsule
from wc_engine.models.open import open_model
from wc_engine.models.problem import Problem
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.planners import InterpretedProblem
from wc_engine.runs import yardsticks
from wc_engine.runs.yardsticks import ACTIONS, OPEN_LEVEL, CSokobanProblem, compiler, level_from_text
from wc_engine.state.entities import Entity, State

__all__ = ["LEARNED", "BenchTarget", "bench_targets"]

LEARNED = Path(yardsticks.__file__).with_name("learned_sokoban.py")
"""The program that the inducer wrote."""

_MAX_BOXES = 7
"""Of a level whose states are one word, as the searches by hand have them."""


@dataclass(frozen=True, slots=True)
class BenchTarget:
    """A model on a level.

    Attributes:
        name: what the table calls it.
        problem: what plans are looked for in.
        endless: what simulations run on: where the level is known, it has one target too many, so that none ends them.
        by_hand: the same level for the searches by hand, or None.
        endless_by_hand: likewise.
        running: the program where it is interpreted, to be closed; or None.
    """

    name: str
    problem: Problem
    endless: Problem
    by_hand: CSokobanProblem | None = None
    endless_by_hand: CSokobanProblem | None = None
    running: RunningModel | None = None

    def close(self) -> None:
        """Close the program where it is interpreted."""
        if self.running is not None:
            self.running.close()


def bench_targets(model: str | None, level: Path | None, note: Callable[[str], None]) -> list[BenchTarget]:
    """Return what is measured.

    Args:
        model: a program's file, or ``module:function``, which returns a ``Problem``, or a capsule and the packed
            initial state (and, third, the actions' names); it is called with the level's ``State`` where a level is
            given. None: Sokoban by hand in C, and the learned program.
        level: a file of Sokoban levels, of which the first is taken; None for the built-in one.
        note: called with what is left out, and why.

    Raises:
        UserInputError: a file or a function cannot be had.
        EncodingError: the model does not take the level.
    """
    state = level_from_text(OPEN_LEVEL) if level is None else read_levels(level).levels[0].state
    if model is not None and not model.endswith(".py"):
        return [_plugged_in(model, None if level is None else state)]
    hand = _by_hand(state, note)
    endless = _endless(state)
    path = LEARNED if model is None else Path(model)
    name = "Sokoban, learned" if model is None else path.stem
    bind, running = _binder(Program.from_file(path), [state, endless], note)
    endless_hand = None if hand is None else CSokobanProblem(endless)
    targets = [BenchTarget(name, bind(state), bind(endless), hand, endless_hand, running)]
    if model is None and hand is not None and endless_hand is not None:
        targets.insert(0, BenchTarget("Sokoban, C model", hand, endless_hand, hand, endless_hand))
    return targets


def _by_hand(state: State, note: Callable[[str], None]) -> CSokobanProblem | None:
    if compiler() is None:
        note("no C compiler: the C model and what is measured against C by hand are left out (install gcc, or set CC)")
        return None
    if len(state.of_type("Box")) > _MAX_BOXES:
        note(f"the level has more than {_MAX_BOXES} boxes: the searches by hand are left out")
        return None
    try:
        return CSokobanProblem(state)
    except EncodingError as error:
        note(f"the searches by hand are left out: {error}")
        return None


def _endless(state: State) -> State:
    """The level with one target too many, under the player or beside it."""
    taken = {(entity["x"], entity["y"]) for entity in state if entity.type in ("Wall", "Target")}
    free = (*state.of_type("Player"), *state.of_type("Box"))
    place = next((entity for entity in free if (entity["x"], entity["y"]) not in taken), None)
    return state if place is None else State([*state, Entity("Target", x=place["x"], y=place["y"])])


def _binder(
    program: Program, states: Sequence[State], note: Callable[[str], None]
) -> tuple[Callable[[State], Problem], RunningModel | None]:
    """Return what binds a program to a level, and the program where it runs interpreted."""
    try:
        return compile_program(program, states, ACTIONS).bind, None
    except UnsupportedConstructError as error:
        note(
            f"{program.file} runs interpreted, it does not compile: {error.message}; "
            "its steps are remembered, so that rounds after the first are faster"
        )
    running = open_model(program)
    return lambda state: InterpretedProblem(running, state, ACTIONS), running


def _plugged_in(name: str, level: State | None) -> BenchTarget:
    """A model that a function of the caller's returns."""
    module_name, _, function_name = name.partition(":")
    if not function_name:
        raise UserInputError(f"--model {name!r}: expected a program's file that ends in .py, or module:function")
    sys.path.insert(0, "")  # a module of the folder that the command is run in
    try:
        make = getattr(importlib.import_module(module_name), function_name)
    except (ImportError, AttributeError) as error:
        raise UserInputError(f"--model {name!r}: {error}") from None
    finally:
        sys.path.remove("")
    made = make() if level is None else make(level)
    if isinstance(made, Problem):
        return BenchTarget(name, made, made)
    if isinstance(made, tuple) and len(made) in (2, 3) and is_capsule(made[0]):
        problem = CapsuleProblem(*made)
        return BenchTarget(name, problem, problem)
    raise UserInputError(
        f"--model {name!r}: the function returned {type(made).__name__}; expected a Problem, or a tuple of a capsule, "
        "the packed initial state and, where they have names, the actions"
    )
