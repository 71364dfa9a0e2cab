"""Strings, formatting, text of objects and regular expressions of the boxed tier are CPython's."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import random_text
from differential import in_cpython, natively
from text_programs import CASE, PRELUDE, PROGRAMS

OUT_OF_RANGE, OUT_OF_FUEL = 3, 4  # csrc/wc_abi.h


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_on_text(name: str) -> None:
    """What a program observes is the same natively and in CPython."""
    source = PRELUDE + PROGRAMS[name] + CASE
    _assert_same(source, (), [None] * 50)


@pytest.mark.parametrize(
    ("calls", "count"),
    [
        (random_text.string_calls, 200),
        (random_text.format_calls, 800),
        (random_text.parse_calls, 800),
        (random_text.regex_calls, 600),
    ],
)
def test_random_calls(calls: Callable[[random.Random, int], Iterator[random_text.Call]], count: int) -> None:
    """Random calls, most of them with odd arguments, give the same value or exception."""
    made = list(calls(random.Random(1), count))
    _assert_same(random_text.CALLS, (made,), made)


def test_a_search_without_end_runs_out_of_fuel() -> None:
    """Backtracking burns fuel, so that no pattern can hang a step."""
    source = "import re\ndef case():\n    return re.match('(a+)+(b)', 'a' * 60)"
    assert natively(source) == ("limit", OUT_OF_FUEL)


def test_letters_whose_case_is_not_known_end_the_step() -> None:
    """What would take a table of Unicode is no wrong answer but a limit, and symbols need none."""
    source = "def case(text):\n    return text.upper()"
    assert natively(source, "case", "a→é") == ("value", "A→É")
    assert natively(source, "case", "жук") == ("limit", OUT_OF_RANGE)


def _assert_same(source: str, arguments: tuple[Any, ...], what: list[Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of patterns that Python will read otherwise one day
        how, expected = in_cpython(source, "case", *arguments)
    found = natively(source, "case", *arguments)
    assert (how, found[0]) == ("value", "value"), found
    wrong = [
        f"{call}: {one!r} instead of {other!r}"
        for call, one, other in zip(what, found[1], expected, strict=False)
        if repr(one) != repr(other)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(found[1]) == len(expected)
