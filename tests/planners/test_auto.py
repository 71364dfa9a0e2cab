"""Planners by name."""

from __future__ import annotations

import pytest
from table_problem import TableProblem, binary_tree, line

from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.errors import UserInputError
from wc_engine.planners import PLANNERS, SearchStatus, plan
from wc_engine.planners.fields import fields_of
from wc_engine.state.entities import Entity, State


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


COUNTERS = """
class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x, self.y = x, y
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in vars(self))

    def __hash__(self):
        return hash(tuple(sorted(vars(self).items())))


class Dial(Entity):
    pass


def transition(state, action):
    word, number = action.split()
    for dial in state:
        if dial.name == 'Dial' and dial.x == int(number):
            dial.y = (dial.y + 1) % 10
    return state


def reward_func(state, action, next_state):
    done = all(dial.y == 5 for dial in next_state)
    return float(done), done
"""


def test_auto_goes_on_with_novelty_of_entities_where_a_boxed_space_is_large() -> None:
    dials = State([Entity("Dial", x=x, y=3) for x in range(6)])
    model = compile_boxed(COUNTERS, [dials], [f"turn {x}" for x in range(6)])
    found = plan(model.bind(dials), "auto", time_limit_seconds=60)
    assert found.solved
    assert found.plan is not None
    assert len(found.plan) >= 12
    assert found.planner == "bfws"
    fields = fields_of(model.bind(dials))
    assert len({group for *_, width, group, absent, has_absent in fields.tolist() if has_absent}) == 1
    assert [width for _, _, width, *_, has_absent in fields.tolist() if not has_absent] == [1] * 6
