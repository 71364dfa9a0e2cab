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


def _exact(reward: str) -> None:
    body = "\n".join("    " + line for line in reward.splitlines())
    text = program_text(reward="return value_of(state), False", before=f"def value_of(state):\n{body}\n")
    comparison = Comparison(text, [*BOXES, *FREE], ("wait",))
    comparison.all_actions([*BOXES, *FREE])
    comparison.expect_native()


def test_equal_entities_are_in_a_set_once() -> None:
    _exact("return len({Box(e.x // 2, e.y // 2) for e in state})")


def test_a_list_made_of_another_one_keeps_what_it_was_made_of() -> None:
    _exact("boxes = [e for e in state]\nplaces = [e.y for e in boxes]\nboxes[0].y = 7\nreturn places[0]")


def test_what_one_path_put_in_a_list_is_not_there_on_the_others() -> None:
    _exact(
        "found = [1]\nif len(state) > 2: found.append(20)\nelse: found.insert(0, 300)\nfound.append(4000)\n"
        "return sum((k + 1) * n for k, n in enumerate(found))"
    )


def test_what_an_inner_loop_wrote_is_read_anew_in_the_next_round() -> None:
    foes = [Entity("Box", x=x, y=y, hp=x + y) for x in range(3) for y in range(2)]
    states = [State([*foes[:more], Entity("Player", x=more, y=3)]) for more in (3, 6)]
    body = (
        "player = next(e for e in state if e.name == 'Player')\nboxes = [e for e in state if e.name == 'Box']\n"
        "near = max(boxes, key=lambda b: b.x + b.y)\nhits, left = 0, player.x\nwhile left > 0:\n    left -= 1\n"
        "    if near.hp > 5: hits += 1\n    for box in boxes: box.hp += 2\nreturn hits"
    )
    lines = "\n".join("    " + line for line in body.splitlines())
    text = program_text(reward="return value_of(state), False", before=f"def value_of(state):\n{lines}\n")
    comparison = Comparison(text, states, ("wait",))
    comparison.all_actions(states)
    comparison.expect_native()
