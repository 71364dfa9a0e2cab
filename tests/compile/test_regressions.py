"""Small programs that were compiled wrongly once."""

from __future__ import annotations

import pytest
from agree import Comparison
from hypothesis import given, settings
from worlds import ACTIONS, FREE, doubled_states, program_text

from wc_engine.state import State


def rewards(value: str) -> str:
    """Return a program whose reward is an expression or the result of a function body."""
    return program_text(reward=value if "return" in value else f"return {value}, False")


PROGRAMS = {
    "a reward that is 10 or -0.1": rewards("10 if len(state) > 4 else -0.1"),
    "a reward that is None for some states": rewards("None if len(state) > 4 else 1"),
    "an int beyond 64 bits": rewards("2 ** 70"),
    "the least of some values": rewards("min((e.x for e in state if e.name == 'Box'), default=-1)"),
    "the entity with the largest key": rewards("max((e for e in state), key=lambda e: (e.y, e.x)).x"),
    "a name bound before break or in else": rewards(
        "for e in state:\n    if e.name == 'Door':\n        r = 1\n        break\nelse:\n    r = 2\nreturn r, False"
    ),
    "a sum of truth values": rewards("sum(e.open for e in state if e.name == 'Door')"),
    "a truth value becomes an int": program_text(
        "for e in state:\n    if e.name == 'Door':\n        e.open = 1 if e.open else 0\nreturn state"
    ),
    "a tuple of the state and a new entity": program_text("return tuple(state) + (Box(1, 1),)"),
    "pop from the state": program_text("state.pop()\nreturn state"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_and_reference_agree(name: str) -> None:
    comparison = Comparison(PROGRAMS[name], FREE, ACTIONS[:2])

    @settings(max_examples=25, deadline=None)
    @given(doubled_states())
    def compare(state: State) -> None:
        comparison.all_actions([state])

    compare()
