"""The two compilers: the specialiser, and the boxed tier for what it does not take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from wc_engine.compile.boxed.model import BoxedModel, compile_boxed
from wc_engine.compile.boxed.problem import BoxedProblem
from wc_engine.compile.compiled import CompiledModel, CompiledProblem, StepStatus, specialise
from wc_engine.compile.cross_check import compilers_agree
from wc_engine.errors import EncodingError, UnsupportedConstructError
from wc_engine.models.program import Program
from wc_engine.state.census import take_census
from wc_engine.state.entities import State

__all__ = ["NativeModel", "NativeProblem", "compile_program"]

_TRIED = 3

NativeModel: TypeAlias = CompiledModel | BoxedModel
"""A compiled program, of either tier."""

NativeProblem: TypeAlias = CompiledProblem | BoxedProblem
"""A compiled program bound to an initial state."""


def compile_program(
    program: Program | str,
    states: Iterable[State],
    actions: Sequence[str],
    mission: str | None = None,
    *,
    cross_check: bool = True,
) -> NativeModel:
    """Compile a world model for states like the given ones.

    These go to the boxed tier, slower native code that takes nearly everything: programs that the specialiser does not
    take, those of which it answers no step of the given states, or makes one in another way than the boxed tier
    (``cross_check.py``), and states in which entities of one type have different attributes.

    Args:
        program: the program, or its text.
        states: examples of states.
        actions: all actions of the problem.
        mission: which of the program's ``REWARD_FUNCS`` to use, where it has them.
        cross_check: whether to compare the two compilers' code; about a second, once for a program.

    Raises:
        UnsupportedConstructError: neither takes the program; it can run interpreted.
        InvalidModelError: the text is no world model.
    """
    if isinstance(program, str):
        program = Program.from_text(program)
    states = list(states)
    census = take_census(states)
    try:
        model = specialise(program, states, actions, mission, census=census)
        if _answers(model, states[:_TRIED]) and (not cross_check or compilers_agree(model, states, census)):
            return model
    except (UnsupportedConstructError, EncodingError):
        pass
    return compile_boxed(program, census, actions, mission)


def _answers(model: CompiledModel, states: Sequence[State]) -> bool:
    """Whether a model answers any step at all: an assumption may fail on every path of a program."""
    for state in states:
        problem = model.bind(state)
        words = problem.encode(state)
        for action in range(len(model.actions)):
            if problem.step_words(words, action)[0] in (StepStatus.OK, StepStatus.FAILED):
                return True
    return not states
