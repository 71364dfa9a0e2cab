"""Grids of cells, drawn from a state, changed, and read back."""

from __future__ import annotations

import textwrap

import pytest
from snippets_of_grids import GRID_TRANSITIONS, NATIVE_GRIDS, OTHER_GRIDS
from test_exactness import agrees
from worlds import program_text


def _program(body: str) -> str:
    function = "def value_of(state, action):\n" + textwrap.indent(body, "    ")
    return program_text(reward="return value_of(state, action), False", before=function)


@pytest.mark.parametrize("body", NATIVE_GRIDS, ids=range(len(NATIVE_GRIDS)))
def test_a_grid_is_read_and_written_natively_as_in_python(body: str) -> None:
    assert agrees(_program(body))


@pytest.mark.parametrize("body", OTHER_GRIDS, ids=range(len(OTHER_GRIDS)))
def test_what_a_grid_cannot_do_natively_is_refused_or_exact(body: str) -> None:
    agrees(_program(body))


@pytest.mark.parametrize("body", GRID_TRANSITIONS, ids=range(len(GRID_TRANSITIONS)))
def test_a_transition_draws_a_grid_natively_as_in_python(body: str) -> None:
    assert agrees(program_text(body, "return len(next_state), False"))


def test_the_reward_function_finds_a_grid_of_the_module_as_it_was_after_loading() -> None:
    before = """\
GRID = []
for y in range(3):
    GRID.append([0] * 3)
"""
    transition = "GRID[len(state) % 3][0] = 5\nGRID[len(state) % 2] = [1] * (len(state) + 1)\nreturn state"
    agrees(program_text(transition, "return sum(map(sum, GRID)), False", before))
