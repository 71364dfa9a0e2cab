"""Whatever is translated is exact: many small things of Python, each either refused or as the reference has it."""

from __future__ import annotations

import textwrap

import pytest
from agree import Comparison
from snippets_of_classes import CLASSES
from snippets_of_dicts import DICT_TRANSITIONS, DICT_VALUES
from snippets_of_expressions import EXPRESSIONS
from snippets_of_meetings import MEETING_TRANSITIONS, MEETING_VALUES
from snippets_of_members import MEMBERS
from snippets_of_moved_rows import NATIVE, OTHER
from snippets_of_patterns import PATTERNS
from snippets_of_rounds import ROUND_TRANSITIONS
from snippets_of_searches import NATIVE_SEARCHES, OTHER_SEARCHES
from snippets_of_transitions import TRANSITIONS
from worlds import ACTIONS, FREE, program_text

from wc_engine.errors import UnsupportedConstructError
from wc_engine.state import Entity, State


def _box(x: int, y: int) -> Entity:
    return Entity("Box", x=x, y=y)


STATES = (
    *FREE,
    State(
        [
            *(_box(2, 1), _box(3, 1), _box(1, 2)),
            Entity("Player", x=2, y=2),
            Entity("Wall", x=3, y=2),
            Entity("Door", x=2, y=3, color="red", open=True),
        ]
    ),
    State(
        [
            *(_box(2, 2), _box(3, 2)),
            Entity("Player", x=1, y=2),
            Entity("Door", x=4, y=4, color="blue", open=False),
            Entity("Door", x=2, y=2, color="red", open=False),
        ]
    ),
    State([_box(1, 1), _box(1, 2), _box(2, 1), _box(2, 2)]),
)


def agrees(text: str) -> bool:
    """Whether a program is translated; then it does what the reference does."""
    try:
        comparison = Comparison(text, STATES, ACTIONS[:2])
    except UnsupportedConstructError:
        return False
    comparison.all_actions(STATES)
    return True


VALUES = (*EXPRESSIONS, *DICT_VALUES, *MEETING_VALUES)
WHOLE = (*TRANSITIONS, *DICT_TRANSITIONS, *MEETING_TRANSITIONS, *OTHER, *OTHER_SEARCHES, *ROUND_TRANSITIONS)


@pytest.mark.parametrize("body", VALUES, ids=range(len(VALUES)))
def test_an_expression_is_refused_or_exact(body: str) -> None:
    function = "def value_of(state, action):\n" + textwrap.indent(body, "    ")
    agrees(program_text(reward="return value_of(state, action), False", before=function))


@pytest.mark.parametrize("body", WHOLE, ids=range(len(WHOLE)))
def test_a_transition_is_refused_or_exact(body: str) -> None:
    agrees(program_text(body, "return len(next_state), False"))


@pytest.mark.parametrize("body", NATIVE_SEARCHES, ids=range(len(NATIVE_SEARCHES)))
def test_searches_from_cell_to_cell_are_exact(body: str) -> None:
    assert agrees(program_text(body, "return len(next_state), False"))


@pytest.mark.parametrize("body", NATIVE, ids=range(len(NATIVE)))
def test_moved_entities_are_followed_exactly(body: str) -> None:
    assert agrees(program_text(body, "return len(next_state), False"))


@pytest.mark.parametrize("body", PATTERNS, ids=range(len(PATTERNS)))
def test_a_pattern_is_refused_or_exact(body: str) -> None:
    function = "def value_of(state, action):\n" + textwrap.indent(body, "    ")
    agrees(program_text(reward="return value_of(state, action), False", before=function))


@pytest.mark.parametrize("text", CLASSES, ids=range(len(CLASSES)))
def test_a_class_is_refused_or_exact(text: str) -> None:
    before, _, body = text.rpartition("\n===\n")
    function = "def value_of(state, action):\n" + textwrap.indent(body, "    ")
    agrees(program_text(reward="return value_of(state, action), False", before=f"{before}\n{function}"))


@pytest.mark.parametrize("text", MEMBERS, ids=range(len(MEMBERS)))
def test_a_class_of_entities_is_refused_or_exact(text: str) -> None:
    before, _, body = text.rpartition("\n===\n")
    agrees(program_text(body, "return len(next_state), False", before=before))


GLOBALS = {
    "a list": ("COUNT = [0]", "COUNT[0] += 1\nreturn state", "return COUNT[0], False"),
    "a number": ("COUNT = 0", "global COUNT\nCOUNT += 1\nreturn state", "return COUNT, False"),
    "a number in a loop": ("N = 0", "global N\nfor e in state:\n    N += 1\nreturn state", "return N, False"),
    "a default": (
        "def used(seen=[]):\n    seen.append(1)\n    return len(seen)",
        "used()\nreturn state",
        "return used(), False",
    ),
}


@pytest.mark.parametrize("name", GLOBALS)
def test_the_reward_function_finds_the_module_as_it_was_after_loading(name: str) -> None:
    before, transition, reward = GLOBALS[name]
    assert agrees(program_text(transition, reward, before))
