"""Breadth-first search against its plain Python twin, exhaustive counts, and its limits."""

from __future__ import annotations

import os
import random
import signal
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_problem import (
    FAILED,
    GOAL,
    OK,
    OUT_OF_FUEL,
    OUT_OF_RANGE,
    Edge,
    System,
    TableProblem,
    binary_tree,
    c_library,
    line,
    replay,
    step_of,
    systems,
)
from tasks.c_sokoban import OPEN_LEVEL, CSokobanProblem, level_from_text

from wc_engine.errors import InternalError, ModelExecutionError
from wc_engine.models.problem import Problem
from wc_engine.planners import BreadthFirstConfig, SearchStatus
from wc_engine.planners import breadth_first_search as search
from wc_engine.planners._core.breadth_first import BreadthFirstSearch
from wc_engine.planners.reference import breadth_first_search as search_reference


def large_problem() -> Problem:
    """Return a problem that takes many slices."""
    c_library("table_shim.c")
    return CSokobanProblem(level_from_text(OPEN_LEVEL))


def names(plan: list[int] | None) -> tuple[str, ...] | None:
    return None if plan is None else tuple(f"action {action}" for action in plan)


@settings(max_examples=300, deadline=None)
@given(
    system=systems(),
    num_words=st.integers(1, 3),
    with_expand=st.booleans(),
    max_expanded=st.none() | st.integers(0, 12),
)
def test_plan_status_and_counts_equal_those_of_the_twin(
    system: System, num_words: int, with_expand: bool, max_expanded: int | None
) -> None:
    problem = TableProblem(system, num_words=num_words, with_expand=with_expand)
    found = search(problem, BreadthFirstConfig(max_expanded=max_expanded))
    expected = search_reference(step_of(system), 0, len(system[0]), max_expanded=max_expanded)
    assert (found.plan, found.status) == (names(expected.plan), expected.status)
    assert (found.expanded, found.generated) == (expected.expanded, expected.generated)
    if found.plan is not None:
        last = replay(system, found.plan)
        assert last.done
        assert last.reward > 0


@pytest.mark.parametrize("num_words", [1, 2])
def test_every_state_of_a_binary_tree_is_expanded_once(num_words: int) -> None:
    found = search(TableProblem(binary_tree(10), num_words=num_words))
    assert found.status is SearchStatus.EXHAUSTED
    assert found.plan is None
    assert found.expanded == 2**11 - 1
    assert found.generated == 2 * found.expanded


def test_the_states_within_each_depth_of_a_grid_are_counted_exactly() -> None:
    side = 9

    def place(x: int, y: int) -> int:
        return y * side + x

    grid = [
        [
            Edge(place(max(x - 1, 0), y)),
            Edge(place(min(x + 1, side - 1), y)),
            Edge(place(x, max(y - 1, 0))),
            Edge(place(x, min(y + 1, side - 1))),
        ]
        for y in range(side)
        for x in range(side)
    ]
    problem = TableProblem(grid)
    within = [sum(x + y <= depth for x in range(side) for y in range(side)) for depth in range(2 * side - 1)]
    for depth in range(len(within) - 1):
        core = BreadthFirstSearch(problem.capsule, problem.initial_words, 2**20)
        core.run(np.inf, np.inf, within[depth])
        assert core.expanded == within[depth]
        assert core.stored == within[depth + 1]


def test_a_plan_is_a_shortest_one() -> None:
    assert search(TableProblem(line(50))).plan == ("action 0",) * 50


def wide_system(goal: int | None = None, num_states: int = 20_000, num_actions: int = 3) -> System:
    """Return a random system whose layers have thousands of states; the only goal is a step from state ``goal``."""
    draw = random.Random(1)
    system = [
        [Edge(draw.randrange(num_states), status=draw.choice((OK, OK, OK, FAILED))) for _ in range(num_actions)]
        for _ in range(num_states)
    ]
    if goal is not None:
        system[goal][1] = GOAL
    return system


@pytest.mark.parametrize("num_words", [1, 2, 3])
@pytest.mark.parametrize("num_threads", [2, 5])
def test_several_threads_exhaust_what_one_exhausts(num_words: int, num_threads: int) -> None:
    problem = TableProblem(wide_system(), num_words=num_words)
    one = search(problem)
    several = search(problem, BreadthFirstConfig(num_threads=num_threads))
    assert one.expanded > 10_000
    assert (several.status, several.plan) == (SearchStatus.EXHAUSTED, None)
    assert (several.expanded, several.generated) == (one.expanded, one.generated)


@pytest.mark.parametrize("goal", [3, 1234, 15_000, 19_999])
def test_several_threads_find_shortest_plans(goal: int) -> None:
    system = wide_system(goal)
    expected = search_reference(step_of(system), 0, 3)
    found = search(TableProblem(system), BreadthFirstConfig(num_threads=3))
    assert found.status is expected.status
    if found.plan is not None:
        assert len(found.plan) == len(expected.plan)
        assert replay(system, found.plan).done


def test_several_threads_keep_the_limits() -> None:
    problem = TableProblem(wide_system())
    cut = search(problem, BreadthFirstConfig(num_threads=2, max_expanded=7_000))
    assert (cut.status, cut.expanded) == (SearchStatus.BUDGET, 7_000)
    small = search(problem, BreadthFirstConfig(num_threads=2, memory_limit_bytes=150_000))
    assert small.status is SearchStatus.MEMORY
    assert 75_000 < small.bytes <= 150_000


def test_a_step_without_an_answer_halts_several_threads() -> None:
    system = wide_system()
    system[17_000] = [Edge(0, status=OUT_OF_FUEL)] * 3
    with pytest.raises(ModelExecutionError) as error:
        search(TableProblem(system), BreadthFirstConfig(num_threads=3))
    assert error.value.state.entities[0]["number"] == 17_000


def test_a_failing_step_is_a_dead_end() -> None:
    system = [[Edge(1, status=FAILED), Edge(1)], [Edge(0, status=FAILED), GOAL]]
    found = search(TableProblem(system))
    assert found.plan == ("action 1", "action 1")
    assert found.generated == 2


def test_a_goal_needs_done_and_a_positive_reward() -> None:
    system = [[Edge(1, reward=5.0), Edge(1, reward=0.0, done=True)], [Edge(1, reward=-1.0, done=True), Edge(1)]]
    assert search(TableProblem(system)).status is SearchStatus.EXHAUSTED


def test_a_state_behind_the_end_of_an_episode_is_expanded_only_if_it_is_reached_otherwise() -> None:
    ends = [[Edge(1, done=True)], [GOAL]]
    assert search(TableProblem(ends)).status is SearchStatus.EXHAUSTED
    goes_on_later = [[Edge(1, done=True), Edge(2)], [GOAL, GOAL], [Edge(1), Edge(2)]]
    assert search(TableProblem(goes_on_later)).plan == ("action 1", "action 0", "action 0")


def test_a_memory_limit_of_a_few_kilobytes_is_kept() -> None:
    found = search(TableProblem(line(5000)), BreadthFirstConfig(memory_limit_bytes=8192))
    assert found.status is SearchStatus.MEMORY
    assert found.plan is None
    assert 1000 < found.bytes <= 8192
    assert 100 < found.expanded < 5000


def test_no_memory_at_all_is_a_result_too() -> None:
    found = search(TableProblem(line(5)), BreadthFirstConfig(memory_limit_bytes=100))
    assert (found.status, found.expanded, found.bytes) == (SearchStatus.MEMORY, 0, 0)


def test_a_deadline_in_the_past_ends_the_search_at_once() -> None:
    found = search(TableProblem(line(5000)), BreadthFirstConfig(time_limit_seconds=0.0))
    assert (found.status, found.plan) == (SearchStatus.TIME, None)


def test_a_step_without_an_answer_is_resolved_and_the_search_starts_anew() -> None:
    better = TableProblem(line(4))
    narrow = line(4)
    narrow[2][0] = Edge(0, status=OUT_OF_RANGE)
    problem = TableProblem(narrow, num_words=2, resolved=better)
    found = search(problem)
    assert found.plan == ("action 0",) * 4
    assert problem.asked == [(2, 0, OUT_OF_RANGE)]


@pytest.mark.parametrize("status", [OUT_OF_RANGE, OUT_OF_FUEL, 5])
def test_a_step_without_an_answer_is_never_a_silent_dead_end(status: int) -> None:
    with pytest.raises(ModelExecutionError, match="'action 1'") as error:
        search(TableProblem([[Edge(1), Edge(1)], [Edge(1), Edge(1, status=status)]]))
    assert error.value.state.entities[0]["number"] == 1


@pytest.mark.parametrize("status", [0, -7, 99])
def test_a_broken_contract_is_an_internal_error(status: int) -> None:
    with pytest.raises(InternalError, match=f"status {status} "):
        search(TableProblem([[Edge(0, status=status)]]))


def test_a_goal_found_first_wins_over_a_later_step_without_an_answer() -> None:
    assert search(TableProblem([[GOAL, Edge(0, status=OUT_OF_RANGE)]])).plan == ("action 0",)


def test_ctrl_c_ends_the_search_with_what_it_has() -> None:
    interrupted = threading.Event()

    def interrupt(expanded: int, generated: int) -> None:
        if not interrupted.is_set():
            interrupted.set()
            os.kill(os.getpid(), signal.SIGINT)

    found = search(large_problem(), progress=interrupt)
    assert found.status is SearchStatus.INTERRUPTED
    assert 0 < found.expanded < 3_000_000


def test_progress_hears_growing_counts() -> None:
    heard: list[tuple[int, int]] = []
    search(
        large_problem(),
        BreadthFirstConfig(max_expanded=500_000),
        progress=lambda *counts: heard.append(counts),
    )
    assert heard == sorted(heard)
    assert len(set(heard)) > 1


def test_an_exception_of_the_progress_callback_reaches_the_caller() -> None:
    def fail(expanded: int, generated: int) -> None:
        raise RuntimeError("stop here")

    with pytest.raises(RuntimeError, match="stop here"):
        search(large_problem(), progress=fail)


@pytest.mark.parametrize(
    "wrong",
    [{"time_limit_seconds": -1.0}, {"max_expanded": -1}, {"memory_limit_bytes": -1}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_limits_below_zero_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"expected .*from 0"):
        BreadthFirstConfig(**wrong)


def test_what_is_no_capsule_of_a_model_is_refused() -> None:
    with pytest.raises(ValueError, match="PyCapsule"):
        BreadthFirstSearch(object(), np.zeros(1, dtype=np.uint64), 2**20)
    problem = TableProblem(line(3))
    with pytest.raises(ValueError, match="expected 1 initial words, got 2"):
        BreadthFirstSearch(problem.capsule, np.zeros(2, dtype=np.uint64), 2**20)
