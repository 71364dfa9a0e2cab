"""Nothing leaks: ten thousand calls of each planner leave the memory of the process where it was."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from table_problem import TableProblem, line

from wc_engine.planners import PLANNERS, MctsConfig, MctsPlanner, plan

CALLS = 10_000
MARGIN_BYTES = 1_000_000
"""A hundred bytes a call."""

STATM = Path("/proc/self/statm")


def resident_bytes() -> int:
    gc.collect()
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def growth(call: Callable[[], object]) -> int:
    """The bytes that many calls add, once the first ones have filled what is kept."""
    for _ in range(CALLS // 10):
        call()
    before = resident_bytes()
    for _ in range(CALLS):
        call()
    return resident_bytes() - before


@pytest.mark.skipif(not STATM.exists(), reason="needs /proc")
@pytest.mark.parametrize("planner", sorted(PLANNERS))
def test_ten_thousand_searches_leave_memory_where_it_was(planner: str) -> None:
    problem = TableProblem(line(3))
    assert plan(problem, planner, max_expanded=100).plan is not None
    assert growth(lambda: plan(problem, planner, max_expanded=100, memory_limit_bytes=1 << 20)) < MARGIN_BYTES


@pytest.mark.skipif(not STATM.exists(), reason="needs /proc")
def test_ten_thousand_moves_of_one_tree_leave_memory_where_it_was() -> None:
    problem = TableProblem(line(3))
    searching = MctsPlanner(problem, MctsConfig(max_simulations=5, memory_limit_bytes=1 << 20))
    states = [problem.decode(problem.words_of(place)) for place in range(2)]

    def move() -> None:
        searching.search()
        searching.advance(states[1])
        searching.advance(states[0])

    assert growth(move) < MARGIN_BYTES


@pytest.mark.skipif(not STATM.exists(), reason="needs /proc")
def test_the_measure_sees_a_leak() -> None:
    kept: list[bytearray] = []
    # Far more than what earlier tests may have left free.
    assert growth(lambda: kept.append(bytearray(10_000))) > MARGIN_BYTES
