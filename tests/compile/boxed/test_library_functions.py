"""The library's functools, operator, string, numbers and random do what Python's do."""

from __future__ import annotations

import pytest
from differential import natively
from function_programs import PROGRAMS, RANDOM, UNSEEDED
from library_in_python import run_with_python
from ways import CASE, PRELUDE, assert_native_agrees, assert_rewritten_agrees, observed


@pytest.mark.parametrize("name", PROGRAMS)
def test_functions_give_what_python_gives(name: str) -> None:
    assert_rewritten_agrees(PROGRAMS[name])


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_functions_give_what_python_gives(name: str) -> None:
    assert_native_agrees(PROGRAMS[name])


def test_random_numbers_are_those_of_python() -> None:
    assert_rewritten_agrees(RANDOM)


def test_compiled_random_numbers_are_those_of_python() -> None:
    assert_native_agrees(RANDOM)


def test_without_a_seed_random_numbers_are_those_of_seed_0() -> None:
    seeded = UNSEEDED.replace("import random\n", "import random\nrandom.seed(0)\n").replace("Random()", "Random(0)")
    expected = observed(run_with_python, seeded)
    assert natively(PRELUDE + UNSEEDED + CASE) == ("value", expected)
