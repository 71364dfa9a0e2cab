"""What is not translated yet is refused, with the reason that this table says: it shrinks as the compiler grows."""

from __future__ import annotations

import pytest
from worlds import ACTIONS, FREE, program_text

from wc_engine.compile.compiled import specialise
from wc_engine.errors import UnsupportedConstructError
from wc_engine.state import Entity, State

MANY = (
    *FREE,
    *(
        State(
            [
                *(Entity(kind, x=x, y=5) for kind in ("Player", "Box") for x in range(number)),
                *(Entity("Door", x=x, y=6, color="red", open=False) for x in range(number)),
            ]
        )
        for number in range(1, 7)
    ),
)
"""States with too many different numbers of entities for code that is made for each."""

BOXES = "[e for e in state if e.name == 'Box']"

TRANSITIONS = {
    "removing an element while iterating": (
        "for e in state:\n    if e.name == 'Box':\n        state.remove(e)\nreturn state",
        "a collection is changed while a loop goes through it",
    ),
    "putting changed elements back": (
        f"for b in {BOXES}:\n    state.discard(b)\n    b.x += 1\n    state.add(b)\nreturn state",
        "a set is searched after one of its entities was changed",
    ),
    "reading the original after its deep copy changed": (
        "import copy\nnew = copy.deepcopy(state)\nfor e in new:\n    e.x += 1\n"
        "return new if any(e.x < 4 for e in state) else state",
        "an entity is read after its copy was changed",
    ),
    "a new attribute": (
        "for e in state:\n    if e.name == 'Player':\n        e.visited = True\nreturn state",
        "an entity of type Player gets a new attribute 'visited'",
    ),
    "deleting an attribute": (
        "for e in state:\n    if e.name == 'Door':\n        del e.open\nreturn state",
        "an attribute of an entity of the state is deleted",
    ),
    "a dict of entities": (
        "d = {e: e.x for e in state}\nreturn d.keys()",
        "a dict key of this kind",
    ),
}

EXPRESSIONS = {
    "powers": ("return sum(2 ** e.x for e in state), False", "a power of a number that depends on the state"),
    "rounding": ("return round(len(state) * 0.5), False", "round of numbers that depend on the state"),
    "floors of floats": ("return (len(state) * 0.5) // 1, False", "floordiv of floats that depend on the state"),
    "deep recursion": (
        "def down(n):\n    return 0 if n <= 0 else 1 + down(n - 1)\nreturn down(len(state)), False",
        "calls of down are nested too deeply",
    ),
    "another module": ("import numpy\nreturn 0, False", "the module numpy is not translated"),
}


def refusal(text: str) -> UnsupportedConstructError:
    with pytest.raises(UnsupportedConstructError) as caught:
        specialise(text, MANY, ACTIONS)
    return caught.value


@pytest.mark.parametrize("name", TRANSITIONS)
def test_a_transition_that_is_not_translated_is_refused_for_its_reason(name: str) -> None:
    body, reason = TRANSITIONS[name]
    error = refusal(program_text(body))
    assert reason in error.message
    assert error.location is not None


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_reward_that_is_not_translated_is_refused_for_its_reason(name: str) -> None:
    body, reason = EXPRESSIONS[name]
    error = refusal(program_text(reward=body))
    assert reason in error.message
    assert error.location is not None
