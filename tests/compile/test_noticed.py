"""Small tests of what tests/mutation_check.py breaks in the specialiser."""

from __future__ import annotations

import pytest
from agree import Comparison
from worlds import FIXED, FREE, program_text

from wc_engine.compile.compiled import StepStatus, specialise
from wc_engine.state import Entity, State

BOXES = [State([Entity("Box", x=x, y=y), Entity("Box", x=y, y=3)]) for x in range(3) for y in range(3)]


def test_a_comparison_of_numbers_of_the_state() -> None:
    text = program_text(reward="return sum(1 for e in state if e.x < e.y), False")
    comparison = Comparison(text, FREE, ("wait",))
    comparison.all_actions([*BOXES, *FREE])
    comparison.expect_native()


def test_a_value_above_its_range_is_a_status() -> None:
    text = program_text("for e in state:\n    if e.name == 'Player': e.x += 1000\nreturn state")
    problem = specialise(text, FIXED, ("go",)).bind(FIXED[0])
    assert problem.step_words(problem.initial_words, 0)[0] == StepStatus.OUT_OF_RANGE


@pytest.mark.parametrize("world", ["fixed", "varying"])
def test_rows_are_sorted(world: str) -> None:
    text = program_text("for e in state:\n    if e.name == 'Box': e.x = 5 - e.x\nreturn state")
    more = State(Entity("Box", x=x, y=x % 3) for x in (1, 2, 3, 4))
    states = {"fixed": FIXED, "varying": (*FREE, more)}[world]
    comparison = Comparison(text, states, ("turn",))
    comparison.all_actions(states)
    comparison.expect_native()
