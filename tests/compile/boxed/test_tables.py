"""Dicts, sets, iterators and generators of the boxed tier do what CPython's do, with sets in insertion order."""

from __future__ import annotations

import pytest
from dict_programs import DICTS, PRELUDE
from differential import in_cpython, natively
from generator_programs import GENERATORS
from iteration_programs import ITERATORS
from set_programs import SETS

from wc_engine.compile.boxed.generate import generate_image
from wc_engine.compile.boxed.loading import load_image
from wc_engine.models.program import Program

CONTRACT = """
def transition(state, action):
    return state

def reward_func(state, action, next_state):
    return 0, False
"""


@pytest.mark.parametrize("name", DICTS)
def test_dicts(name: str) -> None:
    _assert_same(DICTS[name])


@pytest.mark.parametrize("name", SETS)
def test_sets(name: str) -> None:
    _assert_same(SETS[name])


@pytest.mark.parametrize("name", ITERATORS)
def test_iterators(name: str) -> None:
    _assert_same(ITERATORS[name])


@pytest.mark.parametrize("name", GENERATORS)
def test_generators(name: str) -> None:
    _assert_same(GENERATORS[name])


def test_containers_of_the_module_are_put_back() -> None:
    source = PRELUDE + GENERATORS["at module level"]
    loaded = load_image(generate_image(Program.from_text(source + CONTRACT), (), None))
    first = loaded.run("case")
    assert first[0] == "value"
    assert [loaded.run("case") for _ in range(3)] == [first] * 3


def _assert_same(source: str) -> None:
    how, expected = in_cpython(PRELUDE + source)
    found = natively(PRELUDE + source)
    assert how == "value", expected
    assert found[0] == "value", found
    pairs = list(zip(found[1], expected, strict=False))
    wrong = [
        f"{place}: {one!r} instead of {other!r}" for place, (one, other) in enumerate(pairs) if repr(one) != repr(other)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(found[1]) == len(expected)
