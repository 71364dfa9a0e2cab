"""Whole programs as language models write them: native and reference steps are the same on random walks."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from program_states import PROGRAMS

from wc_engine.compile.boxed.model import BoxedModel, compile_boxed
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import State

_FOLDER = Path(__file__).parent / "programs"
_OK, _FAILED = 1, 2


@pytest.mark.parametrize("name", PROGRAMS)
def test_native_steps_are_the_reference_s_on_random_walks(name: str) -> None:
    make_state, actions = PROGRAMS[name]
    rng = random.Random(1)
    program = Program.from_file(_FOLDER / f"{name}.py")
    model = compile_boxed(program, [make_state(rng) for _ in range(5)], actions)
    reference = ReferenceInterpreter(program)
    failures = 0
    for _ in range(40):
        state: State | None = make_state(rng)
        for _ in range(8):
            if state is None:
                break
            state, failed = _compare(model, reference, state, rng.choice(actions))
            failures += failed
    assert failures > 0  # failing steps were among those compared


def _compare(
    model: BoxedModel, reference: ReferenceInterpreter, state: State, action: str
) -> tuple[State | None, bool]:
    """Compare one step; return the next state where the episode goes on, and whether the step failed."""
    problem = model.problem_for(state)
    words = problem.encode(state)
    assert problem.decode(words) == state
    status, following, reward, done = problem.step_words(words, model.actions.index(action))
    outcome = reference.step(state, action)
    if outcome.failed:
        assert status == _FAILED, (action, state, outcome)
        return None, True
    assert (status, reward, done) == (_OK, outcome.reward, outcome.done), (action, state, outcome)
    assert problem.decode(following) == outcome.next_state
    return None if done else outcome.next_state, False
