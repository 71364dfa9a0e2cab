"""Best-first searches against their plain Python twin, and their limits."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

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
    line,
    replay,
    step_of,
    systems,
)

from wc_engine.errors import InternalError, ModelExecutionError
from wc_engine.planners import (
    BestFirstConfig,
    PlanResult,
    SearchStatus,
    WidthConfig,
    a_star_search,
    best_first_width_search,
    breadth_first_search,
    greedy_search,
)
from wc_engine.planners._core.best_first import BestFirstSearch
from wc_engine.planners._core.estimates import DEAD_END, Estimator, Projection
from wc_engine.planners.reference import BestFirstReference, Novelty

EVALUATIONS = ("astar", "greedy", "width")
SEARCHES: dict[str, tuple[Callable[..., PlanResult], type[BestFirstConfig]]] = {
    "astar": (a_star_search, BestFirstConfig),
    "greedy": (greedy_search, BestFirstConfig),
    "width": (best_first_width_search, WidthConfig),
}
FIELDS = ((0, 0, 2, 0, 3, 1), (0, 2, 2, 1, 0, 0), (0, 0, 4, 0, 0, 0))
"""Fields of the number of a state: its low bits (3 is absent), its high bits, and all, of the group of the low ones."""

every_search = pytest.mark.parametrize("evaluation", EVALUATIONS)


def distances(system: System, is_goal: set[int], free_mask: int) -> list[int | None]:
    """Return how far each state is from a goal; a step that changes free bits alone costs nothing."""
    reached = {edge.next for row in system for edge in row if edge.status == OK and edge.done and edge.reward > 0}
    found: list[float] = [0 if state in is_goal | reached else float("inf") for state in range(len(system))]
    for _ in range(len(system) + 1):
        for state, row in enumerate(system):
            for edge in row:
                if edge.status != OK or (edge.done and not edge.reward > 0):
                    continue
                cost = 0 if free_mask and not (state ^ edge.next) & ~free_mask else 1
                found[state] = min(found[state], found[edge.next] + cost)
    return [None if distance == float("inf") else int(distance) for distance in found]


def projection_of(problem: TableProblem, num_states: int, is_goal: set[int], free_mask: int) -> Projection:
    """Exhaust a table from all its states, so that a state's index is its number, and measure it."""
    projection = Projection(problem.capsule, 2**20)
    assert projection.explore(np.array([problem.words_of(number) for number in range(num_states)]), 1000, 10.0)
    goals = np.array([number in is_goal for number in range(num_states)], dtype=np.uint8)
    free_bits = np.array([free_mask], dtype=np.uint64) if free_mask else None
    projection.measure(goals, free_bits)
    return projection


def estimator_of(projections: list[Projection], *, takes_maximum: bool) -> Estimator:
    copies = np.array([[0, 0, 0, 0, 64, 0]], dtype=np.uint32)
    base = np.zeros(1, dtype=np.uint64)
    return Estimator([(projection, copies, base, 7) for projection in projections], 1, takes_maximum)


def atoms_of(number: int) -> list[tuple[int, int]]:
    values = (
        (number >> shift & (1 << width) - 1, group, absent, has) for _, shift, width, group, absent, has in FIELDS
    )
    return [(group, value) for value, group, absent, has in values if not (has and value == absent)]


def combined(tables: list[list[int | None]], *, takes_maximum: bool) -> Callable[[int], tuple[int | None, int]]:
    """Return the estimate of the sum or the maximum of tables."""

    def estimate(number: int) -> tuple[int | None, int]:
        found = [table[number] if number < len(table) else 7 for table in tables]
        known = [distance for distance in found if distance is not None]
        if len(known) < len(found):
            return None, len(found)
        return (max(known, default=0) if takes_maximum else sum(known)), sum(distance != 0 for distance in known)

    return estimate


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    system=systems(),
    evaluation=st.sampled_from(EVALUATIONS),
    max_expanded=st.none() | st.integers(0, 12),
)
def test_plan_status_and_counts_equal_those_of_the_twin(
    data: st.DataObject, system: System, evaluation: str, max_expanded: int | None
) -> None:
    others = data.draw(st.lists(systems(), max_size=2))
    goals = data.draw(st.sets(st.integers(0, 11), max_size=2))
    free_mask = data.draw(st.sampled_from([0, 1, 3, 12]))
    takes_maximum, novelty_width = data.draw(st.booleans()), data.draw(st.integers(1, 2))
    nearest_turns = data.draw(st.integers(0, 3))
    problem, parts = TableProblem(system), [TableProblem(other) for other in others]
    projections = [projection_of(part, len(other), goals, free_mask) for part, other in zip(parts, others, strict=True)]
    search = BestFirstSearch(
        problem.capsule,
        problem.initial_words,
        2**20,
        evaluation=EVALUATIONS.index(evaluation),
        estimator=estimator_of(projections, takes_maximum=takes_maximum),
        fields=np.array(FIELDS, dtype=np.uint64),
        novelty_width=novelty_width,
        free_bits=np.array([free_mask], dtype=np.uint64),
        nearest_turns=nearest_turns,
    )
    status = search.run(np.inf, np.inf, 2**64 - 1 if max_expanded is None else max_expanded)
    twin = BestFirstReference(
        step_of(system),
        len(system[0]),
        evaluation,
        estimate=combined([distances(other, goals, free_mask) for other in others], takes_maximum=takes_maximum),
        atoms=atoms_of,
        novelty_width=novelty_width,
        is_free=lambda before, after: not (before ^ after) & ~free_mask,
        nearest_turns=nearest_turns,
    )
    expected = twin.run(0, max_expanded)
    statuses = {1: SearchStatus.SOLVED, 2: SearchStatus.EXHAUSTED, 5: SearchStatus.BUDGET}
    assert statuses[status] == expected.status
    assert (search.expanded, search.generated, search.stored) == (
        expected.expanded,
        expected.generated,
        expected.stored,
    )
    if expected.plan is None:
        assert search.plan() is None
    else:
        found = replay(system, [f"action {action}" for action in search.plan()])
        assert found.done
        assert found.reward > 0
        assert len(search.plan()) == len(expected.plan)


@settings(max_examples=40, deadline=None)
@given(system=systems(), goals=st.sets(st.integers(0, 11), max_size=3), free_mask=st.sampled_from([0, 1, 3]))
def test_distances_equal_those_of_repeated_relaxation(system: System, goals: set[int], free_mask: int) -> None:
    projection = projection_of(TableProblem(system), len(system), goals, free_mask)
    expected = distances(system, goals, free_mask)
    assert [None if distance == DEAD_END else distance for distance in projection.distances.tolist()] == expected


@settings(max_examples=40, deadline=None)
@given(system=systems())
def test_a_star_with_distances_of_a_projection_finds_plans_as_short_as_breadth_first_search(system: System) -> None:
    problem = TableProblem(system)
    shortest = breadth_first_search(problem)
    search = BestFirstSearch(
        problem.capsule,
        problem.initial_words,
        2**20,
        evaluation=0,
        estimator=estimator_of([projection_of(problem, len(system), set(), 0)], takes_maximum=True),
        fields=np.zeros((0, 6), dtype=np.uint64),
        novelty_width=1,
        free_bits=None,
    )
    search.run(np.inf, np.inf, 2**64 - 1)
    plan = search.plan()
    assert (None if plan is None else len(plan)) == (None if shortest.plan is None else len(shortest.plan))


@every_search
@settings(max_examples=40, deadline=None)
@given(system=systems())
def test_without_guidance_every_search_has_the_answer_of_breadth_first_search(evaluation: str, system: System) -> None:
    search, _ = SEARCHES[evaluation]
    found, expected = search(TableProblem(system, num_words=2)), breadth_first_search(TableProblem(system))
    assert found.status is expected.status
    if found.plan is not None:
        last = replay(system, found.plan)
        assert last.done
        assert last.reward > 0
        assert evaluation != "astar" or len(found.plan) == len(expected.plan)


def test_novelty_is_of_atoms_then_of_pairs_within_a_partition() -> None:
    novelty = Novelty(2)
    states = [[(0, 1), (1, 1)], [(0, 1), (1, 2)], [(0, 2), (1, 2)], [(0, 2), (1, 1)], [(0, 1), (1, 1)]]
    assert [novelty.rank(state, (0, 0)) for state in states] == [0, 0, 0, 1, 2]
    assert novelty.rank(states[0], (0, 1)) == 0


def test_a_dead_end_is_put_off_and_not_believed() -> None:
    """The only way leads through a state from which, in the part, there is none."""
    system = [[Edge(1), Edge(0)], [GOAL, Edge(0)]]
    part = [[Edge(0), Edge(0)], [Edge(1), Edge(1)]]
    problem, other = TableProblem(system), TableProblem(part)
    search = BestFirstSearch(
        problem.capsule,
        problem.initial_words,
        2**20,
        evaluation=1,
        estimator=estimator_of([projection_of(other, 2, {0}, 0)], takes_maximum=False),
        fields=np.zeros((0, 6), dtype=np.uint64),
        novelty_width=1,
        free_bits=None,
    )
    search.run(np.inf, np.inf, 100)
    assert search.plan() == [0, 0]


def test_steps_of_the_agent_alone_are_closed_over() -> None:
    """The low bits walk from 0 to 3 before anything with other high bits is expanded, however near the goal it is."""
    system = [[Edge(4), Edge(1)], [Edge(8), Edge(2)], [Edge(2), Edge(3)], [Edge(3), Edge(3)], [GOAL, Edge(4)]]
    system += [[Edge(number), Edge(number)] for number in range(5, 9)]
    problem = TableProblem(system)
    search = BestFirstSearch(
        problem.capsule,
        problem.initial_words,
        2**20,
        evaluation=1,
        estimator=None,
        fields=np.zeros((0, 6), dtype=np.uint64),
        novelty_width=1,
        free_bits=np.array([3], dtype=np.uint64),
    )
    search.run(np.inf, np.inf, 100)
    assert search.plan() == [0, 0]
    assert search.expanded == 5


@every_search
def test_every_state_of_a_binary_tree_is_expanded_once(evaluation: str) -> None:
    search, _ = SEARCHES[evaluation]
    found = search(TableProblem(binary_tree(8)))
    assert (found.status, found.expanded) == (SearchStatus.EXHAUSTED, 2**9 - 1)


@every_search
@pytest.mark.parametrize("limit", [100, 1000, 4096, 8192, 20_000])
def test_a_small_memory_limit_is_kept(evaluation: str, limit: int) -> None:
    search, config = SEARCHES[evaluation]
    found = search(TableProblem(line(5000)), config(memory_limit_bytes=limit))
    assert (found.status, found.plan) == (SearchStatus.MEMORY, None)
    assert found.bytes <= limit
    assert limit < 8192 or found.expanded > 50


@every_search
def test_limits_of_time_and_count_end_a_search(evaluation: str) -> None:
    search, config = SEARCHES[evaluation]
    assert search(TableProblem(line(5000)), config(time_limit_seconds=0.0)).status is SearchStatus.TIME
    found = search(TableProblem(line(5000)), config(max_expanded=17))
    assert (found.status, found.expanded) == (SearchStatus.BUDGET, 17)


@every_search
def test_failing_steps_are_dead_ends_and_others_are_resolved(evaluation: str) -> None:
    search, _ = SEARCHES[evaluation]
    assert search(TableProblem([[Edge(0, status=FAILED), GOAL]])).plan == ("action 1",)
    narrow = line(4)
    narrow[2][0] = Edge(0, status=OUT_OF_RANGE)
    problem = TableProblem(narrow, resolved=TableProblem(line(4)))
    assert search(problem).plan == ("action 0",) * 4
    assert problem.asked == [(2, 0, OUT_OF_RANGE)]
    with pytest.raises(ModelExecutionError):
        search(TableProblem([[Edge(0, status=OUT_OF_FUEL)]]))
    with pytest.raises(InternalError):
        search(TableProblem([[Edge(0, status=0)]]))


@every_search
def test_ctrl_c_ends_the_search_with_what_it_has(evaluation: str) -> None:
    search, _ = SEARCHES[evaluation]

    def interrupt(expanded: int, generated: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    found = search(TableProblem(binary_tree(15)), progress=interrupt)
    assert found.status is SearchStatus.INTERRUPTED
    assert 0 < found.expanded < 2**16 - 1


def test_progress_of_the_reward_comes_before_what_was_generated_first() -> None:
    """Of two ways on, the one whose step paid more than usual is expanded first."""
    system = [[Edge(1), Edge(2, reward=1.0), Edge(0)], [Edge(3), Edge(3), Edge(3)], [GOAL, Edge(2), Edge(2)]]
    system += [[GOAL, Edge(3), Edge(3)]]
    found = best_first_width_search(TableProblem(system))
    assert found.plan == ("action 1", "action 0")
    assert found.expanded == 2


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="novelty is 3"):
        WidthConfig(novelty=3)
    with pytest.raises(ValueError, match=r"expected .*from 0"):
        BestFirstConfig(max_expanded=-1)


def test_estimates_of_the_wrong_shape_are_refused() -> None:
    problem = TableProblem(line(3))
    projection = projection_of(problem, 3, set(), 0)
    base = np.zeros(1, dtype=np.uint64)
    for row in ([1, 0, 0, 0, 8, 0], [0, 60, 0, 0, 8, 0], [0, 0, 0, 60, 8, 0], [0, 0, 0, 0, 0, 0]):
        with pytest.raises(ValueError, match="outside the words"):
            Estimator([(projection, np.array([row], dtype=np.uint32), base, 0)], 1, False)
    with pytest.raises(ValueError, match="measure comes first"):
        Projection(problem.capsule, 2**20).distances  # noqa: B018 - it is the access that raises
