"""Programs that hypothesis writes: native steps are the reference's, whichever tier takes the program."""

from __future__ import annotations

from generated_programs import ACTIONS, programs, states
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.compiled import specialise
from wc_engine.errors import EncodingError, UnsupportedConstructError
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import State

_OK, _FAILED = 1, 2
_SETTINGS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(programs(), st.lists(states(), min_size=3, max_size=5))
@_SETTINGS
def test_the_boxed_tier_agrees_on_programs_that_hypothesis_writes(text: str, examples: list[State]) -> None:
    program = Program.from_text(text)
    model = compile_boxed(program, examples, ACTIONS)
    reference = ReferenceInterpreter(program)
    for state in examples:
        problem = model.problem_for(state)
        words = problem.encode(state)
        for place, action in enumerate(ACTIONS):
            status, following, reward, done = problem.step_words(words, place)
            outcome = reference.step(state, action)
            if outcome.failed:
                assert status == _FAILED, (text, state, action, outcome)
            else:
                assert (status, reward, done) == (_OK, outcome.reward, outcome.done), (text, state, action, outcome)
                assert problem.decode(following) == outcome.next_state, (text, state, action)


@given(programs(), st.lists(states(), min_size=3, max_size=5))
@_SETTINGS
def test_the_specialiser_agrees_on_programs_that_hypothesis_writes(text: str, examples: list[State]) -> None:
    program = Program.from_text(text)
    try:
        model = specialise(program, examples, ACTIONS)
    except (UnsupportedConstructError, EncodingError):
        return
    reference = ReferenceInterpreter(program)
    for state in examples:
        try:
            problem = model.bind(state)
            words = problem.encode(state)
        except EncodingError:
            continue
        for place, action in enumerate(ACTIONS):
            status, following, reward, done = problem.step_words(words, place)
            if status not in (_OK, _FAILED):
                continue  # a limit: resolved outside
            outcome = reference.step(state, action)
            assert (status == _FAILED) == outcome.failed, (text, state, action, outcome)
            if status == _OK:
                assert (reward, done) == (outcome.reward, outcome.done), (text, state, action, outcome)
                assert problem.decode(following) == outcome.next_state, (text, state, action)
