"""Sets rebuilt with one element replaced or left out: exact, in order, and without memory of their own."""

from __future__ import annotations

import pytest
from agree import Comparison
from worlds import ACTIONS, program_text

from wc_engine.compile.compiled import specialise
from wc_engine.state import Entity, State

ORDER = "return sum((k + 1) * (10 * e.x + e.y) for k, e in enumerate(next_state)) + 1000 * len(next_state), False"
"""A reward that tells the order of the elements."""


def _state(*boxes: tuple[int, int], player: tuple[int, int] | None = (4, 4)) -> State:
    entities = [Entity("Box", x=x, y=y) for x, y in boxes]
    entities += [Entity("Player", x=player[0], y=player[1])] if player else []
    return State([*entities, Entity("Wall", x=0, y=0), Entity("Wall", x=9, y=9)])


STATES = [
    _state((1, 1), (2, 2), (3, 1)),
    _state((2, 1), (2, 2)),
    _state((3, 3), (1, 2), (2, 1), (5, 5), player=(1, 1)),
    _state((2, 2)),
    _state((1, 1), player=None),
]

PICK = {
    "first": "old = next((e for e in state if e.name == 'Box'), None)\n",
    "second": "old = next((e for e in state if e.name == 'Box' and e.x >= 2), None)\n",
    "player": "old = next((e for e in state if e.name == 'Player'), None)\n",
    "any": "old = next((e for e in state if e.x == 2 or e.x == 4), None)\n",
}
REBUILD = {
    "is": "return {new if e is old else e for e in state}",
    "is not": "return {e if e is not old else new for e in state}",
    "equal": "return {new if old == e else e for e in state}",
    "left out": "return {e for e in state if e is not old} | {new}",
    "unequal": "return {e for e in state if e != old} | {new}",
    "twice": (
        "state = {new if e is old else e for e in state}\nold = next((e for e in state if e.x == 2), None)\n"
        "if old is None: return state\nnewer = Box(8, old.y)\nreturn {newer if e is old else e for e in state}"
    ),
    "new again": (
        "state = {new if e is old else e for e in state}\nnewest = Player(7, 7)\n"
        "return {newest if e is new else e for e in state}"
    ),
}


CASES = [
    (pick, rebuild) for pick in PICK for rebuild in REBUILD if pick != "any" or rebuild not in ("twice", "new again")
]


@pytest.mark.parametrize(("pick", "rebuild"), CASES)
def test_a_rebuilt_set_has_its_elements_in_order(pick: str, rebuild: str) -> None:
    made = "if old is None: return state\nnew = type(old)(old.x + 1, old.y)\n"
    comparison = Comparison(program_text(PICK[pick] + made + REBUILD[rebuild], ORDER), STATES, ACTIONS[:1])
    comparison.all_actions(STATES)
    # A new element that equals another one is answered elsewhere: (1, 1) becomes (2, 1), which is there.
    comparison.expect_native(max_elsewhere=0.5)


def test_rebuilding_takes_no_memory() -> None:
    made = "if old is None: return state\nnew = type(old)(old.x + 1, old.y)\n"
    model = specialise(program_text(PICK["first"] + made + REBUILD["is"] + "  # alone", ORDER), STATES, ACTIONS[:1])
    plan = model.generated.plan
    assert plan is not None  # no other test compiles this text, so it does not come from a cache
    assert not plan.run_time_lists
