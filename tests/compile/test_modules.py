"""Exceptions, enumerations and functions of standard modules are translated, and do what the reference does."""

from __future__ import annotations

import textwrap

import pytest
from agree import Comparison
from snippets_of_modules import EXCEPTIONS, FUNCTIONS, PATTERNS_OF_TEXT, TRANSLATED_ENUMS, VERBS
from worlds import ACTIONS, program_text

from wc_engine.compile.compiled import specialise
from wc_engine.compile.stage.affordable import TooCostlyError
from wc_engine.compile.stage.affordable_patterns import check_pattern
from wc_engine.errors import UnsupportedConstructError
from wc_engine.state import Entity, State


def _state(player: tuple[int, int], boxes: list[tuple[int, int]], doors: int) -> State:
    things = [Entity("Box", x=x, y=y) for x, y in boxes]
    things += [Entity("Door", x=n + 1, y=4 - n, color="red", open=n % 2 == 0) for n in range(doors)]
    return State([Entity("Player", x=player[0], y=player[1], health=player[0] + 2), *things])


STATES = (
    _state((1, 1), [(2, 2), (4, 3)], 2),
    _state((3, 2), [(4, 4), (1, 3)], 0),
    _state((2, 4), [(1, 1), (3, 4)], 3),
    _state((4, 3), [(2, 1), (2, 3)], 1),
)
SNIPPETS = (*EXCEPTIONS, *TRANSLATED_ENUMS, *FUNCTIONS, *PATTERNS_OF_TEXT, *VERBS)


def _program(text: str) -> str:
    before, _, body = text.rpartition("===\n")
    function = "def value_of(state, action):\n" + textwrap.indent(body, "    ")
    return program_text(reward="return value_of(state, action), False", before=f"{before}\n{function}")


@pytest.mark.parametrize("text", SNIPPETS, ids=range(len(SNIPPETS)))
def test_a_snippet_is_translated_and_exact(text: str) -> None:
    comparison = Comparison(_program(text), STATES, ACTIONS)
    comparison.all_actions(STATES)
    assert comparison.compared > 0
    assert comparison.elsewhere == 0


REFUSED = {
    "a cache of what changes": (
        "from functools import cache\nSEEN = []\n@cache\ndef f(n):\n    SEEN.append(n)\n    return len(SEEN)",
        "f(1)\nreturn f(2)",
        "a cached function that changes something",
    ),
    "a cache of entities": (
        "from functools import cache\n@cache\ndef f(e):\n    return e.x",
        "return sum(f(e) for e in state)",
        "a cached function called with this argument",
    ),
    "a cached list that is changed": (
        "from functools import cache\n@cache\ndef f(n):\n    return [n]",
        "f(1).append(2)\nreturn len(f(1))",
        "what a cached function returned is changed",
    ),
    "a cache of equal keys": (
        "from functools import cache\n@cache\ndef f(n):\n    return str(n)",
        "f(1)\nreturn len(f(True))",
        "a cached function called with numbers of several kinds",
    ),
    "an iterator without an end": (
        "from itertools import repeat",
        "return sum(a for a, b in zip((1, 2), repeat(3)))",
        "itertools.repeat without an end",
    ),
    "order of an OrderedDict": (
        "from collections import OrderedDict",
        "d = OrderedDict(a=1, b=2)\nd.move_to_end('a')\nreturn list(d.values())[0]",
        "the attribute 'move_to_end' of an OrderedDict",
    ),
    "members in entities": (
        "from enum import IntEnum\nclass Row(IntEnum):\n    A = 1\n    B = 2",
        "for e in state:\n    if e.name == 'Box':\n        e.x = Row.A\nreturn sum(e.x for e in state)",
        "a member of an enumeration as an attribute",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_followed_is_refused(name: str) -> None:
    before, body, reason = REFUSED[name]
    with pytest.raises(UnsupportedConstructError, match=reason):
        specialise(_program(f"{before}\n===\n{body}"), STATES, ACTIONS)


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(a|aa)*b", r"(\w+\s?)*x", r".*.*.*.*.*x", r"(?:\w*){3,}x"])
def test_a_pattern_that_may_take_for_ever_is_not_tried(pattern: str) -> None:
    with pytest.raises(TooCostlyError):
        check_pattern(pattern, 0, "a" * 60)


@pytest.mark.parametrize(
    "pattern", [r"put (\w+) (?:in|on) (\w+)", r"go to (\w+(?: \w+)*)", r"(\d+)-(\d+)", r"^\w+( \w+)?$"]
)
def test_patterns_of_actions_are_tried(pattern: str) -> None:
    check_pattern(pattern, 0, "put apple_1 on table_2 please now")
