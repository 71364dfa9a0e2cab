"""The library's itertools, heapq and bisect do what Python's do."""

from __future__ import annotations

import pytest
from iterator_programs import PROGRAMS
from ways import assert_native_agrees, assert_rewritten_agrees


@pytest.mark.parametrize("name", PROGRAMS)
def test_iterators_give_what_python_gives(name: str) -> None:
    assert_rewritten_agrees(PROGRAMS[name])


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_iterators_give_what_python_gives(name: str) -> None:
    assert_native_agrees(PROGRAMS[name])
