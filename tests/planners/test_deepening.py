"""Iterative deepening against its plain Python twin, and its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_problem import FAILED, OUT_OF_FUEL, OUT_OF_RANGE, Edge, System, TableProblem, line, replay, step_of, systems
from test_best_first import combined, distances, estimator_of, projection_of

from wc_engine.errors import ModelExecutionError
from wc_engine.planners import BestFirstConfig, SearchStatus, breadth_first_search
from wc_engine.planners import iterative_deepening_search as search
from wc_engine.planners._core.deepening import DeepeningSearch
from wc_engine.planners.reference import DeepeningReference


@settings(max_examples=100, deadline=None)
@given(data=st.data(), system=systems(), max_expanded=st.integers(0, 300))
def test_plan_status_and_counts_equal_those_of_the_twin(data: st.DataObject, system: System, max_expanded: int) -> None:
    others = data.draw(st.lists(systems(), max_size=2))
    goals = data.draw(st.sets(st.integers(0, 11), max_size=2))
    problem, parts = TableProblem(system), [TableProblem(other) for other in others]
    projections = [projection_of(part, len(other), goals, 0) for part, other in zip(parts, others, strict=True)]
    core = DeepeningSearch(
        problem.capsule, problem.initial_words, 2**20, estimator=estimator_of(projections, takes_maximum=True)
    )
    status = core.run(np.inf, np.inf, max_expanded)
    estimate = combined([distances(other, goals, 0) for other in others], takes_maximum=True)
    expected = DeepeningReference(step_of(system), len(system[0]), estimate, max_expanded).run(0)
    statuses = {1: SearchStatus.SOLVED, 2: SearchStatus.EXHAUSTED, 5: SearchStatus.BUDGET}
    assert (statuses[status], core.plan()) == (expected.status, expected.plan)
    assert (core.expanded, core.generated) == (expected.expanded, expected.generated)


@settings(max_examples=40, deadline=None)
@given(system=systems())
def test_plans_are_as_short_as_those_of_breadth_first_search(system: System) -> None:
    found = search(TableProblem(system), BestFirstConfig(max_expanded=20_000))
    shortest = breadth_first_search(TableProblem(system))
    if found.status is SearchStatus.BUDGET:
        return
    assert found.status is shortest.status
    if found.plan is not None:
        assert len(found.plan) == len(shortest.plan)
        assert replay(system, found.plan).reward > 0


def test_it_holds_one_path_only() -> None:
    found = search(TableProblem(line(300)), BestFirstConfig(memory_limit_bytes=20_000))
    assert found.plan == ("action 0",) * 300
    assert found.bytes <= 20_000


def test_a_path_that_outgrows_the_memory_ends_the_search() -> None:
    found = search(TableProblem(line(3000)), BestFirstConfig(memory_limit_bytes=4000))
    assert found.status is SearchStatus.MEMORY
    assert found.bytes <= 4000
    assert search(TableProblem(line(5)), BestFirstConfig(memory_limit_bytes=10)).status is SearchStatus.MEMORY


def test_limits_of_time_and_count_end_a_search() -> None:
    assert search(TableProblem(line(50)), BestFirstConfig(time_limit_seconds=0.0)).status is SearchStatus.TIME
    found = search(TableProblem(line(50)), BestFirstConfig(max_expanded=17))
    assert (found.status, found.expanded) == (SearchStatus.BUDGET, 17)


def test_failing_steps_are_dead_ends_and_others_are_resolved() -> None:
    system = [[Edge(0, status=FAILED), Edge(1)], [Edge(0, reward=1.0, done=True), Edge(0)]]
    assert search(TableProblem(system)).plan == ("action 1", "action 0")
    narrow = line(4)
    narrow[2][0] = Edge(0, status=OUT_OF_RANGE)
    assert search(TableProblem(narrow, resolved=TableProblem(line(4)))).plan == ("action 0",) * 4
    with pytest.raises(ModelExecutionError):
        search(TableProblem([[Edge(0, status=OUT_OF_FUEL)]]))
