"""The library's enum does what Python's does."""

from __future__ import annotations

import pytest
from enum_programs import PROGRAMS
from ways import assert_native_agrees, assert_rewritten_agrees


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # what Python 3.12 changed
def test_enums_give_what_python_gives(name: str) -> None:
    assert_rewritten_agrees(PROGRAMS[name])


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_compiled_enums_give_what_python_gives(name: str) -> None:
    assert_native_agrees(PROGRAMS[name])
