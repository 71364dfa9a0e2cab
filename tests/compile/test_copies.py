"""Copies of entities, and lists of them that are made anew: exact, and where it says so without memory of their own."""

from __future__ import annotations

import pytest
from agree import Comparison
from worlds import ACTIONS, program_text

from wc_engine.compile.compiled import specialise
from wc_engine.errors import UnsupportedConstructError
from wc_engine.state import Entity, State

ORDER = "return sum((k + 1) * (10 * e.x + e.y) for k, e in enumerate(next_state)) + 1000 * len(next_state), False"
"""A reward that tells the order of the elements."""


def _state(*boxes: tuple[int, int], player: tuple[int, int] = (3, 3)) -> State:
    entities = [Entity("Box", x=x, y=y) for x, y in boxes] + [Entity("Player", x=player[0], y=player[1])]
    return State([*entities, Entity("Door", x=2, y=2, color="red"), Entity("Wall", x=0, y=0), Entity("Wall", x=7, y=7)])


STATES = [_state((1, 1), (2, 2), (3, 1)), _state((3, 3)), _state((3, 3), (3, 2), (2, 3), player=(1, 3)), _state()]

MADE = {
    "copy.copy": "c = copy.copy(e)\n",
    "class": "c = type(e)(e.x, e.y, **{k: v for k, v in vars(e).items() if k not in ('name', 'x', 'y')})\n",
    "dict": "c = type(e)(e.x, e.y)\n    c.__dict__.update(e.__dict__)\n",
    "setattr": "c = type(e)(e.x, e.y)\n    for k, v in vars(e).items(): setattr(c, k, v)\n",
}
COPIED = (
    "import copy\nplayer, new = None, []\n"
    "for e in state:\n    {}    if c.name == 'Player': player = c\n    new.append(c)\n"
)

FOLLOWED = {
    "moved": "for e in new:\n    if e.name == 'Box' and e.x == player.x: e.y += 1\nplayer.x += 1\nreturn new",
    "removed": "for e in [e for e in new if e.x == player.x]:\n    if e.name == 'Box': new.remove(e)\nreturn set(new)",
    "left out": (
        "for e in [e for e in new if e.x == player.x]:\n"
        "    if e.name != 'Player':\n        new = [o for o in new if o is not e]\n        player.y += 1\nreturn new"
    ),
    "left out by a closure": (
        "def drop(one):\n    nonlocal new\n    new = [e for e in new if one is not e]\n"
        "for e in [e for e in new if e.y == player.y]:\n    if e is not player: drop(e)\nreturn set(new)"
    ),
}
EXACT = {
    "changed at once": (
        "for e in state:\n    c = copy.copy(e)\n    new.append(c)\n    if c.name == 'Box': c.x += 1\nreturn new"
    ),
    "the originals": "new = copy.deepcopy(state)\nfor e in new:\n    if e.name == 'Box': e.x += 1\nreturn state",
    "a second copy": (
        "other = [copy.copy(e) for e in state]\nnew = [copy.copy(e) for e in state]\n"
        "for e in other:\n    if e.name == 'Box': e.x += 1\nreturn new"
    ),
    "copies on two paths": (
        "if action == 'move up':\n    new = copy.deepcopy(state)\n"
        "    for e in new:\n        if e.name == 'Box': e.x += 1\n"
        "else:\n    new = copy.deepcopy(state)\n"
        "return {Box(e.y, e.x) if e.name == 'Box' else e for e in state}"
    ),
    "two lists": (
        "other = []\nfor e in state:\n    new.append(copy.copy(e))\n    other.append(copy.copy(e))\n"
        "for e in new:\n    if e.name == 'Box': e.x += 1\nreturn other"
    ),
    "one copy in two lists": (
        "other = []\nfor e in state:\n    c = copy.copy(e)\n    new.append(c)\n"
        "    if c.name == 'Box': other.append(c)\nfor e in other: e.x += 1\nreturn new"
    ),
    "known by two names": (
        "new = list(state)\nother = new\nfor e in [e for e in new if e.name == 'Box']:\n"
        "    new = [o for o in new if o is not e]\nreturn other if action == 'move up' else new"
    ),
    "each twice": "new = [*state, *state]\nfor e in state:\n    new = [o for o in new if o is not e]\nreturn new",
    "equal ones": (
        "new = [Box(1, 1), Box(1, 1), *state]\none = new[0]\nnew = [o for o in new if o is not one]\nreturn new"
    ),
}


@pytest.mark.parametrize("rest", FOLLOWED)
@pytest.mark.parametrize("made", MADE)
def test_copies_that_a_loop_appends_are_followed_without_memory(made: str, rest: str) -> None:
    text = program_text(COPIED.format(MADE[made]) + FOLLOWED[rest], ORDER)
    comparison = Comparison(text, STATES, ACTIONS[:1])
    comparison.all_actions(STATES)
    plan = specialise(text, STATES, ACTIONS[:1]).generated.plan
    assert plan is None or not plan.run_time_lists


@pytest.mark.parametrize("body", EXACT)
def test_copies_are_refused_or_exact(body: str) -> None:
    text = program_text("import copy\nnew = []\n" + EXACT[body], ORDER)
    try:
        comparison = Comparison(text, STATES, ACTIONS[:2])
    except UnsupportedConstructError:
        return
    comparison.all_actions(STATES)


def test_a_variant_may_keep_other_types_outside_the_state() -> None:
    body = "if len(get_entities_by_name(state, 'Box')) != 1:\n    for e in state: e.x += 1\nreturn state"
    comparison = Comparison(program_text(body, ORDER), STATES, ACTIONS[:1])
    comparison.all_actions(STATES)
