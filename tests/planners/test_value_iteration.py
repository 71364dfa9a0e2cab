"""Value iteration against its plain Python twin, an exact solution by numpy, and its limits."""

from __future__ import annotations

import os
import random
import signal
import threading
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_problem import FAILED, GOAL, OK, OUT_OF_RANGE, Edge, System, TableProblem, line, replay, step_of, systems
from tasks.c_sokoban import OPEN_LEVEL, CSokobanProblem, level_from_text

from wc_engine.errors import ModelExecutionError
from wc_engine.planners import SearchStatus
from wc_engine.planners.reference.value_iteration import (
    ReferenceGraph,
    explore,
    sweep_depth_limited,
    sweep_in_place,
    sweep_synchronous,
)
from wc_engine.planners.value_iteration import (
    SweepMethod,
    ValueIterationConfig,
    ValueIterationResult,
    value_iteration_search,
)

METHODS = list(SweepMethod)


def exact_values(graph: ReferenceGraph[int], discount: float) -> np.ndarray:
    """Solve for the best policy by policy iteration (Howard 1960), with one linear system a step."""
    count = len(graph.states)
    choice = [0] * count
    for _ in range(1000):
        matrix, paid = np.eye(count), np.zeros(count)
        for state, row in enumerate(graph.edges):
            if row:
                _, target, reward = row[choice[state]]
                paid[state] = reward
                if target >= 0:
                    matrix[state, target] -= discount
        values = np.linalg.solve(matrix, paid)
        changed = False
        for state, row in enumerate(graph.edges):
            scores = [reward + (discount * values[target] if target >= 0 else 0.0) for _, target, reward in row]
            if row and max(scores) > scores[choice[state]] + 1e-12:
                choice[state], changed = int(np.argmax(scores)), True
        if not changed:
            return values
    raise AssertionError("policy iteration does not end")


def plan_of(found: ValueIterationResult) -> list[int] | None:
    plan = found.plan_result.plan
    return None if plan is None else [int(name.split()[1]) for name in plan]


def large_system(num_states: int = 20_000, num_actions: int = 3) -> System:
    draw = random.Random(7)
    rewards = (-1.0, -0.1, 0.0, 0.5)
    return [
        [
            Edge(
                draw.randrange(num_states),
                reward=draw.choice(rewards),
                done=draw.random() < 0.02,
                status=draw.choice((OK, OK, OK, FAILED)),
            )
            for _ in range(num_actions)
        ]
        for _ in range(num_states)
    ]


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=100, deadline=None)
@given(
    system=systems(),
    num_words=st.integers(1, 3),
    with_expand=st.booleans(),
    discount=st.sampled_from([0.0, 0.5, 0.95]),
)
def test_values_equal_the_exact_solution(
    method: SweepMethod, system: System, num_words: int, with_expand: bool, discount: float
) -> None:
    problem = TableProblem(system, num_words=num_words, with_expand=with_expand)
    found = value_iteration_search(problem, ValueIterationConfig(discount=discount, method=method, tolerance=1e-12))
    graph = explore(step_of(system), 0, len(system[0]))
    assert found.converged
    assert found.residual <= 1e-12
    assert found.state_words[:, -1].tolist() == graph.states
    np.testing.assert_allclose(found.values, exact_values(graph, discount), rtol=0, atol=1e-9)


@settings(max_examples=150, deadline=None)
@given(
    system=systems(),
    discount=st.sampled_from([0.5, 0.95, 1.0]),
    max_states=st.none() | st.integers(0, 12),
    max_sweeps=st.sampled_from([0, 1, 2, 5, 40]),
    in_place=st.booleans(),
)
def test_values_residuals_plan_and_status_equal_those_of_the_twin(
    system: System, discount: float, max_states: int | None, max_sweeps: int, in_place: bool
) -> None:
    config = ValueIterationConfig(
        discount=discount,
        method=SweepMethod.GAUSS_SEIDEL if in_place else SweepMethod.SYNCHRONOUS,
        tolerance=1e-3,
        max_states=max_states,
        max_sweeps=max_sweeps,
    )
    found = value_iteration_search(TableProblem(system), config)
    graph = explore(step_of(system), 0, len(system[0]), max_states=max_states)
    sweep = sweep_in_place if in_place else sweep_synchronous
    expected = sweep(graph, discount, tolerance=1e-3, max_sweeps=max_sweeps)
    assert found.values.tolist() == expected.values
    assert list(found.residuals) == expected.residuals
    assert found.plan_is_greedy == (expected.plan is not None)
    assert plan_of(found) == (graph.goal_plan if expected.plan is None else expected.plan)
    assert found.plan_result.status is (SearchStatus.SOLVED if graph.goal_plan is not None else graph.status)
    assert found.plan_result.expanded == len(graph.edges)


@settings(max_examples=150, deadline=None)
@given(system=systems(), discount=st.sampled_from([0.5, 1.0]), depth_limit=st.integers(0, 14))
def test_depth_limited_values_and_plan_equal_those_of_the_twin(
    system: System, discount: float, depth_limit: int
) -> None:
    found = value_iteration_search(
        TableProblem(system), ValueIterationConfig(discount=discount, depth_limit=depth_limit)
    )
    graph = explore(step_of(system), 0, len(system[0]), depth_limit=depth_limit)
    expected = sweep_depth_limited(graph, discount, depth_limit)
    assert found.values.tolist() == expected.values
    assert list(found.residuals) == expected.residuals
    assert plan_of(found) == (graph.goal_plan if expected.plan is None else expected.plan)
    assert found.plan_result.status is (SearchStatus.SOLVED if graph.goal_plan is not None else graph.status)


@pytest.mark.parametrize("method", METHODS)
def test_several_threads_give_the_values_of_one(method: SweepMethod) -> None:
    problem = TableProblem(large_system())
    one = value_iteration_search(problem, ValueIterationConfig(method=method, tolerance=1e-11))
    several = value_iteration_search(problem, ValueIterationConfig(method=method, tolerance=1e-11, num_threads=3))
    assert one.converged
    assert several.converged
    by_state = [dict(zip(found.state_words[:, 0].tolist(), found.values, strict=True)) for found in (one, several)]
    assert len(by_state[0]) > 10_000
    assert by_state[0].keys() == by_state[1].keys()
    assert max(abs(value - by_state[1][state]) for state, value in by_state[0].items()) < 1e-9


@pytest.mark.parametrize("num_threads", [1, 3])
@pytest.mark.parametrize("distinct", [200, 5_000, 70_000])
def test_edges_keep_rewards_exactly_however_many_different_ones_there_are(num_threads: int, distinct: int) -> None:
    draw = random.Random(3)
    system = [
        [Edge(draw.randrange(25_000), reward=draw.randrange(distinct) / 7, status=draw.choice((OK, OK, FAILED)))] * 1
        + [Edge((state * 5 + action) % 25_000, reward=draw.randrange(distinct) / 7) for action in range(3)]
        for state in range(25_000)
    ]
    config = ValueIterationConfig(max_sweeps=1, num_threads=num_threads)
    found = value_iteration_search(TableProblem(system), config)
    targets, rewards = found.edges
    states = found.state_words[:, 0].tolist()
    assert found.plan_result.expanded == len(states) == len(targets)
    assert found.plan_result.generated == sum(edge.status == OK for state in states for edge in system[state])
    for index in range(0, len(states), 97):
        for action, edge in enumerate(system[states[index]]):
            if edge.status != OK:
                assert (targets[index, action], rewards[index, action]) == (-2, -np.inf)
            else:
                assert states[targets[index, action]] == edge.next
                assert rewards[index, action] == edge.reward


def test_a_plan_is_the_best_one_and_not_the_shortest() -> None:
    costly = [[Edge(3, reward=-5.0), Edge(1)], [Edge(2), Edge(2)], [Edge(3), Edge(3)], [GOAL, GOAL]]
    found = value_iteration_search(TableProblem(costly))
    assert plan_of(found) == [1, 0, 0, 0]
    assert found.plan_is_greedy
    assert found.policy.tolist() == [1, 0, 0, 0]


def test_where_staying_pays_more_than_the_goal_the_plan_is_a_shortest_one() -> None:
    system = [[Edge(0, reward=1.0), Edge(1)], [GOAL, Edge(0)]]
    found = value_iteration_search(TableProblem(system))
    assert found.plan_result.status is SearchStatus.SOLVED
    assert plan_of(found) == [1, 0]
    assert not found.plan_is_greedy
    assert found.values[0] == pytest.approx(20.0)


def test_a_plan_replays_to_the_goal() -> None:
    system = line(60)
    found = value_iteration_search(TableProblem(system))
    assert found.plan_result.plan is not None
    assert replay(system, found.plan_result.plan).done


@pytest.mark.parametrize("method", METHODS)
def test_a_memory_limit_of_a_few_kilobytes_is_a_result(method: SweepMethod) -> None:
    system = line(50_000)
    found = value_iteration_search(TableProblem(system), ValueIterationConfig(method=method, memory_limit_bytes=16384))
    assert found.plan_result.status is SearchStatus.MEMORY
    assert found.plan_result.bytes <= 16384
    assert found.plan_result.expanded > 50
    more = value_iteration_search(
        TableProblem(system), ValueIterationConfig(method=method, memory_limit_bytes=1_000_000)
    )
    assert more.plan_result.status is SearchStatus.MEMORY
    assert more.plan_result.bytes <= 1_000_000
    assert 1_000 < more.plan_result.expanded < 50_000
    assert more.converged


def test_a_deadline_in_the_past_ends_at_once() -> None:
    found = value_iteration_search(TableProblem(line(5000)), ValueIterationConfig(time_limit_seconds=0.0))
    assert (found.plan_result.status, found.converged) == (SearchStatus.TIME, False)
    assert isnan(found.residual)


def test_a_space_without_a_goal_is_exhausted() -> None:
    found = value_iteration_search(TableProblem([[Edge(1, reward=1.0), Edge(0)], [Edge(0, done=True), Edge(1)]]))
    assert (found.plan_result.status, found.plan_result.plan) == (SearchStatus.EXHAUSTED, None)


def test_a_step_without_an_answer_is_resolved_or_an_error() -> None:
    broken = line(4)
    broken[2][0] = Edge(0, status=OUT_OF_RANGE)
    better = TableProblem(line(4))
    found = value_iteration_search(TableProblem(broken, resolved=better))
    assert plan_of(found) == [0, 0, 0, 0]
    assert found.problem is better
    with pytest.raises(ModelExecutionError):
        value_iteration_search(TableProblem(broken))


def test_ctrl_c_ends_with_what_there_is() -> None:
    interrupted = threading.Event()

    def interrupt(expanded: int, generated: int) -> None:
        if expanded > 300_000 and not interrupted.is_set():
            interrupted.set()
            os.kill(os.getpid(), signal.SIGINT)

    problem = CSokobanProblem(level_from_text(OPEN_LEVEL))
    found = value_iteration_search(problem, progress=interrupt)
    assert found.plan_result.status is SearchStatus.INTERRUPTED
    assert 300_000 < found.plan_result.expanded < 3_000_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"discount": 1.5},
        {"tolerance": -1.0},
        {"depth_limit": -1},
        {"max_sweeps": -1},
        {"num_threads": 0},
        {"max_states": -1},
        {"method": "fastest"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_wrong_settings_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"expected|not a valid"):
        ValueIterationConfig(**wrong)
