"""phi_1 and phi_2: when they hold, and what they say where they do not."""

from __future__ import annotations

import math

import pytest

from wc_engine.models.base import StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.planners.result import SearchStatus
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import DataVerdict, Evaluation, OptimismVerdict, PlanVerdict, compare

HERE, THERE = State([Entity("Me", x=1, y=1)]), State([Entity("Me", x=2, y=1)])
MOVED = Transition("w", "go", HERE, "east", THERE, -0.1, False)


def outcome(next_state: State | None, reward: float | None, done: bool | None, error: str | None = None) -> StepOutcome:
    return StepOutcome(next_state=next_state, reward=reward, done=done, transition_error=error)


def test_a_prediction_that_is_right_is_no_counterexample() -> None:
    assert compare(MOVED, outcome(THERE, -0.1, False)) is None
    assert compare(MOVED, outcome(THERE, -0.1 + 1e-9, False)) is None


@pytest.mark.parametrize(
    ("predicted", "wrong_state", "wrong_reward"),
    [
        (outcome(HERE, -0.1, False), True, False),
        (outcome(THERE, 0.9, False), False, True),
        (outcome(THERE, math.nan, False), False, True),
        (outcome(THERE, -0.1, True), False, True),
        (outcome(None, None, None, "KeyError: 'x'"), True, True),
    ],
)
def test_state_and_reward_are_judged_apart(predicted: StepOutcome, wrong_state: bool, wrong_reward: bool) -> None:
    found = compare(MOVED, predicted)
    assert found is not None
    assert (found.wrong_state, found.wrong_reward) == (wrong_state, wrong_reward)


def test_a_counterexample_explains_itself_entity_by_entity() -> None:
    found = compare(MOVED, outcome(HERE, 0.9, True))
    assert found is not None
    assert found.explain().splitlines() == [
        "action 'east':",
        "  predicted, but not there: Me(1, 1)",
        "  there, but not predicted: Me(2, 1)",
        "  reward and done: predicted (0.9, True), observed (-0.1, False)",
    ]


def test_a_failure_of_the_program_is_explained_by_its_error() -> None:
    found = compare(MOVED, outcome(None, None, None, "KeyError: 'x'"))
    assert found is not None
    assert "transition failed: KeyError: 'x'" in found.explain()


def test_phi_1_holds_where_every_transition_is_reproduced() -> None:
    right = DataVerdict.of([MOVED, MOVED], [outcome(THERE, -0.1, False)] * 2)
    assert right.holds
    wrong = right.joined(DataVerdict.of([MOVED], [outcome(HERE, -0.1, False)]))
    assert not wrong.holds
    assert (wrong.checked, wrong.explained) == (3, 2)
    assert wrong.explain().startswith("phi_1 fails: 2 of 3 transitions")


def plan(found: bool, status: SearchStatus) -> PlanVerdict:
    return PlanVerdict(HERE, "go", ("east",) if found else None, status)


def test_phi_2_tells_a_proof_that_there_is_no_plan_from_a_search_that_gave_up() -> None:
    assert "no plan exists" in plan(False, SearchStatus.EXHAUSTED).explain()
    assert "no plan was found (the search ended by budget)" in plan(False, SearchStatus.BUDGET).explain()


def test_h_is_the_share_of_constraints_met_and_plans_count_only_where_phi_1_holds() -> None:
    right, wrong = outcome(THERE, -0.1, False), outcome(HERE, -0.1, False)
    plans = OptimismVerdict((plan(True, SearchStatus.SOLVED), plan(False, SearchStatus.EXHAUSTED)))
    holds = Evaluation(DataVerdict.of([MOVED] * 3, [right] * 3), plans, 2)
    assert holds.heuristic == (3 + 1) / (3 + 2)
    assert not holds.holds
    assert plans.unplannable == ((HERE, "go"),)
    fails = Evaluation(DataVerdict.of([MOVED] * 3, [right, right, wrong]), None, 2)
    assert fails.heuristic == 2 / (3 + 2)
    solved = Evaluation(DataVerdict.of([MOVED], [right]), OptimismVerdict((plan(True, SearchStatus.SOLVED),)), 1)
    assert solved.holds
    assert solved.heuristic == 1.0
