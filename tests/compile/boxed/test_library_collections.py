"""The library's collections, collections.abc and typing do what Python's do."""

from __future__ import annotations

import pytest
from collection_programs import PROGRAMS
from ways import assert_native_agrees, assert_rewritten_agrees


@pytest.mark.parametrize("name", PROGRAMS)
def test_collections_give_what_python_gives(name: str) -> None:
    assert_rewritten_agrees(PROGRAMS[name])


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_collections_give_what_python_gives(name: str) -> None:
    assert_native_agrees(PROGRAMS[name])
