"""The library's functools, operator, string, numbers and random do what Python's do."""

from __future__ import annotations

import pytest
from function_programs import PROGRAMS, RANDOM, SEEDS
from ways import assert_native_agrees, assert_rewritten_agrees


@pytest.mark.parametrize("name", PROGRAMS)
def test_functions_give_what_python_gives(name: str) -> None:
    assert_rewritten_agrees(PROGRAMS[name])


@pytest.mark.parametrize("seed", SEEDS)
def test_random_numbers_are_those_of_python(seed: object) -> None:
    assert_rewritten_agrees(RANDOM.format(seed=seed))


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_functions_give_what_python_gives(name: str) -> None:
    assert_native_agrees(PROGRAMS[name])


@pytest.mark.parametrize("seed", SEEDS)
def test_compiled_random_numbers_are_those_of_python(seed: object) -> None:
    assert_native_agrees(RANDOM.format(seed=seed))
