"""Constants that a program asks for are computed while it is compiled, but never without bound."""

from __future__ import annotations

import math

import pytest
from agree import Comparison
from worlds import ACTIONS, FREE, program_text

from wc_engine.compile.stage.affordable import (
    TooCostlyError,
    combinatorial,
    formatted,
    power,
    remainder,
    shift_left,
    string_method,
    times,
)

WITHIN = {
    "a power": (lambda: power(3, 20), 3**20),
    "a power of one": (lambda: power(-1, 10**9), 1),
    "a root": (lambda: power(2, -1), 0.5),
    "a shift": (lambda: shift_left(1, 62), 1 << 62),
    "a product": (lambda: times(2**70, 3), 2**70 * 3),
    "a text repeated": (lambda: times(3, "ab"), "ababab"),
    "a format of old": (lambda: remainder("%5d|%s", (3, "x")), "    3|x"),
    "a remainder": (lambda: remainder(-7, 3), 2),
    "a padded text": (lambda: string_method("a", "center", (5,)), "  a  "),
    "a format": (lambda: formatted(3.14159, ".2f"), "3.14"),
    "a factorial": (lambda: combinatorial(math.factorial)(20), math.factorial(20)),
}

BEYOND = {
    "a power": lambda: power(10, 10**9),
    "a shift": lambda: shift_left(1, 10**12),
    "a text repeated": lambda: times("a", 10**12),
    "a tuple repeated": lambda: times(10**12, (1, 2)),
    "a format of old": lambda: remainder("%0999999999d", 1),
    "a width among the values": lambda: remainder("%*d", (10**10, 1)),
    "a padded text": lambda: string_method("a", "zfill", (10**12,)),
    "a format": lambda: formatted(1, ">9999999999"),
    "a factorial": lambda: combinatorial(math.factorial)(10**9),
    "subsets": lambda: combinatorial(math.comb)(10**9, 5 * 10**8),
}


@pytest.mark.parametrize("name", WITHIN)
def test_what_stays_small_is_computed(name: str) -> None:
    compute, expected = WITHIN[name]
    assert compute() == expected


@pytest.mark.parametrize("name", BEYOND)
def test_what_would_grow_without_bound_is_not_begun(name: str) -> None:
    with pytest.raises(TooCostlyError):
        BEYOND[name]()


@pytest.mark.parametrize("expression", ["10 ** 10 ** 9", "1 << 10 ** 12", "'a' * 10 ** 12", "'%0999999999d' % 1"])
def test_a_program_that_asks_for_the_unaffordable_compiles_and_other_steps_agree(expression: str) -> None:
    text = program_text(f"if action == 'never':\n    return {expression}\nreturn state")
    Comparison(text, FREE[:2], ACTIONS[:2]).all_actions(FREE[:2])
