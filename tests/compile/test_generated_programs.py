"""Programs that hypothesis writes: native steps are the reference's, whichever tier takes the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import generated_households
import generated_programs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.compiled import specialise
from wc_engine.errors import EncodingError, UnsupportedConstructError
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.problem import Problem
from wc_engine.models.program import Program
from wc_engine.state.entities import State

_OK, _FAILED = 1, 2
_SETTINGS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
_FEWER = settings(_SETTINGS, max_examples=6)


def _agree(program: Program, bind: Callable[[State], Problem], states: Sequence[State], actions: Sequence[str]) -> None:
    """Compare all steps from the states; those that end in a limit are answered elsewhere."""
    reference = ReferenceInterpreter(program)
    for state in states:
        try:
            problem = bind(state)
            words = problem.encode(state)
        except EncodingError:
            continue
        for place, action in enumerate(actions):
            status, following, reward, done = problem.step_words(words, place)
            if status not in (_OK, _FAILED):
                continue
            outcome = reference.step(state, action)
            assert (status == _FAILED) == outcome.failed, (program.text, state, action, outcome)
            if status == _OK:
                assert (reward, done) == (outcome.reward, outcome.done), (program.text, state, action, outcome)
                assert problem.decode(following) == outcome.next_state, (program.text, state, action)


def _boxed_agrees(text: str, examples: list[State], actions: Sequence[str]) -> None:
    program = Program.from_text(text)
    _agree(program, compile_boxed(program, examples, actions).problem_for, examples, actions)


def _specialiser_agrees(text: str, examples: list[State], actions: Sequence[str]) -> None:
    program = Program.from_text(text)
    try:
        model = specialise(program, examples, actions)
    except (UnsupportedConstructError, EncodingError):
        return
    _agree(program, model.bind, examples, actions)


@given(generated_programs.programs(), st.lists(generated_programs.states(), min_size=3, max_size=5))
@_SETTINGS
def test_the_boxed_tier_agrees_on_programs_that_hypothesis_writes(text: str, examples: list[State]) -> None:
    _boxed_agrees(text, examples, generated_programs.ACTIONS)


@given(generated_programs.programs(), st.lists(generated_programs.states(), min_size=3, max_size=5))
@_SETTINGS
def test_the_specialiser_agrees_on_programs_that_hypothesis_writes(text: str, examples: list[State]) -> None:
    _specialiser_agrees(text, examples, generated_programs.ACTIONS)


@given(generated_households.programs(), st.lists(generated_households.states(), min_size=3, max_size=5))
@_FEWER
def test_the_boxed_tier_agrees_on_programs_about_named_things(text: str, examples: list[State]) -> None:
    _boxed_agrees(text, examples, generated_households.ACTIONS)


@given(generated_households.programs(), st.lists(generated_households.states(), min_size=3, max_size=5))
@_FEWER
def test_the_specialiser_agrees_on_programs_about_named_things(text: str, examples: list[State]) -> None:
    _specialiser_agrees(text, examples, generated_households.ACTIONS)
