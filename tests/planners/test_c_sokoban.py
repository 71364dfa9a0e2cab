"""The hand-written C Sokoban, the yardstick of the benchmarks, against recorded transitions."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from shared_data import shared
from table_problem import c_library
from tasks.c_sokoban import ACTIONS, CSokobanProblem, level_from_text

from wc_engine.errors import EncodingError
from wc_engine.planners import SearchStatus, breadth_first_search
from wc_engine.planners._core.stepping import Stepper
from wc_engine.state.entities import Entity, State


def state_of(entities: list[dict[str, object]]) -> State:
    return State(Entity(str(e["type"]), {name: value for name, value in e.items() if name != "type"}) for e in entities)


@pytest.fixture(autouse=True)
def _needs_a_compiler() -> None:
    c_library("table_shim.c")


@pytest.mark.parametrize("name", ["sokoban_random", "sokoban_boxoban"])
def test_it_reproduces_the_recorded_transitions(name: str) -> None:
    with gzip.open(shared("corpus", "transitions", f"{name}.jsonl.gz"), "rt") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows[:400]:
        problem = CSokobanProblem(state_of(row["state"]))
        stepper = Stepper(problem.capsule)
        words = tuple(map(int, problem.initial_words))
        status, following, reward, done = stepper.step(words, ACTIONS.index(row["action"]))
        assert status == 1
        assert problem.decode(np.array(following, dtype=np.uint64)) == state_of(row["next_state"])
        assert (pytest.approx(reward, abs=1e-9), done) == (row["reward"], row["done"])


def test_nine_boxes_take_two_words_and_stay_in_order() -> None:
    problem = CSokobanProblem(
        level_from_text("##############\n#@ $$$$$$$$$.#\n#  .........$#\n#            #\n##############")
    )
    assert problem.num_words == 2
    state = problem.decode(problem.initial_words)
    assert problem.encode(state).tolist() == problem.initial_words.tolist()


def test_a_plan_pushes_the_box_home() -> None:
    found = breadth_first_search(CSokobanProblem(level_from_text("#######\n#@ $ .#\n#######")))
    assert (found.status, found.plan) == (SearchStatus.SOLVED, ("move right",) * 3)


def test_a_board_that_does_not_fit_is_refused() -> None:
    with pytest.raises(EncodingError, match="cells"):
        CSokobanProblem(level_from_text("#" * 200 + "\n#@$.#"))
