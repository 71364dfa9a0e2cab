"""Timing of native steps."""

from __future__ import annotations

from sokoban_texts import MODEL, played

from wc_engine.compile import compile_program
from wc_engine.runs.timing import PackedSteps, ns_per_step

DATA = played(10)
ACTIONS = tuple(sorted({transition.action for transition in DATA}))


def test_a_step_takes_some_time_and_no_steps_take_none() -> None:
    model = compile_program(MODEL, [transition.state for transition in DATA], ACTIONS)
    problem = model.bind(DATA[0].state)
    nanoseconds = ns_per_step([PackedSteps(problem, [problem.initial_words] * 4, [0, 1, 2, 3])])
    assert nanoseconds is not None
    assert nanoseconds > 0
    assert ns_per_step([]) is None
    assert ns_per_step([PackedSteps(problem, [], [])]) is None
