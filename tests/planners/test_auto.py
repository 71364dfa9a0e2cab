"""Planners by name."""

from __future__ import annotations

import pytest
from table_problem import TableProblem, binary_tree, line

from wc_engine.errors import UserInputError
from wc_engine.planners import PLANNERS, SearchStatus, plan


@pytest.mark.parametrize("planner", sorted(PLANNERS))
def test_every_planner_solves_a_corridor(planner: str) -> None:
    found = plan(TableProblem(line(8)), planner, time_limit_seconds=60, seed=1)
    assert found.status is SearchStatus.SOLVED
    assert found.plan[-1] == "action 0"


def test_an_unknown_planner_is_named_with_the_known_ones() -> None:
    with pytest.raises(UserInputError, match=r"'dfs'.*astar, auto, bfs, bfws, greedy, idastar, mcts"):
        plan(TableProblem(line(3)), "dfs")


def test_auto_proves_that_there_is_no_plan() -> None:
    found = plan(TableProblem(binary_tree(4)))
    assert (found.status, found.planner) == (SearchStatus.EXHAUSTED, "bfs")


def test_auto_turns_to_simulations_where_memory_is_short() -> None:
    found = plan(TableProblem(line(3000)), memory_limit_bytes=20_000, max_expanded=100_000)
    assert found.planner == "mcts"
    assert found.bytes <= 20_000
