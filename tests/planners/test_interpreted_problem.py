"""Models in Python behind the C contract."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from table_problem import FAILED, GOAL, Edge, System, step_of, systems

from wc_engine.errors import EncodingError
from wc_engine.models.base import StepOutcome
from wc_engine.models.problem import U64Array
from wc_engine.planners import (
    InterpretedProblem,
    MctsConfig,
    PlanResult,
    SearchStatus,
    breadth_first_search,
    mcts_plan,
    plan,
)
from wc_engine.planners._core.stepping import Stepper
from wc_engine.planners.reference import breadth_first_search as reference
from wc_engine.state.entities import Entity, State


def place(number: int) -> State:
    return State([Entity("Place", number=number)])


def words_of(words: tuple[int, ...]) -> U64Array:
    return np.array(words, dtype=np.uint64)


class SystemModel:
    """A system as a world model; counts its steps."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.calls: list[tuple[int, str, str | None]] = []

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        number = int(state.entities[0]["number"])
        self.calls.append((number, action, mission))
        edge = self.system[number][int(action)]
        if edge.status == FAILED:
            return StepOutcome(next_state=None, reward=None, done=None, transition_error="KeyError: 'x'")
        return StepOutcome(next_state=place(edge.next), reward=edge.reward, done=edge.done)


def problem_of(system: System, mission: str | None = None) -> InterpretedProblem:
    return InterpretedProblem(SystemModel(system), place(0), [str(action) for action in range(len(system[0]))], mission)


@settings(max_examples=100, deadline=None)
@given(system=systems())
def test_breadth_first_search_equals_the_twin(system: System) -> None:
    found = breadth_first_search(problem_of(system))
    expected = reference(step_of(system), 0, len(system[0]))
    assert found.plan == (None if expected.plan is None else tuple(map(str, expected.plan)))
    assert (found.status, found.expanded, found.generated) == (expected.status, expected.expanded, expected.generated)


@settings(max_examples=50, deadline=None)
@given(system=systems())
def test_each_step_is_asked_once_of_the_model(system: System) -> None:
    model = SystemModel(system)
    problem = InterpretedProblem(model, place(0), [str(action) for action in range(len(system[0]))], "reach it")
    for seed in range(2):
        mcts_plan(problem, MctsConfig(max_simulations=50, seed=seed, stop_at_first_plan=False))
    assert len(set(model.calls)) == len(model.calls) == problem.num_model_steps
    assert all(mission == "reach it" for _, _, mission in model.calls)


TWO_PLACES = [[Edge(1), Edge(0)], [GOAL, Edge(0)]]


def test_equal_states_have_equal_words_and_decode_to_themselves() -> None:
    problem = problem_of(TWO_PLACES)
    assert problem.encode(place(1)).tolist() == problem.encode(place(1)).tolist()
    assert problem.encode(place(1)).tolist() != problem.encode(place(0)).tolist()
    assert problem.decode(problem.encode(place(1))) == place(1)
    assert problem.decode(problem.initial_words) == place(0)


def test_a_number_that_no_state_has_is_refused() -> None:
    problem = problem_of(TWO_PLACES)
    words = problem.initial_words
    words[0] = 99
    with pytest.raises(EncodingError, match="99"):
        problem.decode(words)


def test_a_step_through_the_contract_is_a_step_of_the_model() -> None:
    problem = problem_of(TWO_PLACES)
    stepper = Stepper(problem.capsule)
    status, second, reward, done = stepper.step((0,), 0)
    assert (status, problem.decode(words_of(second)), reward, done) == (1, place(1), 0.0, False)
    assert stepper.step(second, 0)[2:] == (1.0, True)
    with pytest.raises(ValueError, match="below 2"):
        stepper.step((0,), 2)


class LimitedModel:
    """A model whose first action outruns its limits."""

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        if action == "0":
            return StepOutcome(next_state=state, reward=1.0, done=True, out_of_limits=True)
        return StepOutcome(next_state=state, reward=0.0, done=False)


def test_a_step_that_outran_its_limits_has_failed() -> None:
    found = breadth_first_search(InterpretedProblem(LimitedModel(), place(0), ["0", "1"]))
    assert (found.status, found.generated) == (SearchStatus.EXHAUSTED, 1)


class BrokenModel:
    """A model that raises itself, which no model should."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        raise self.error


@pytest.mark.parametrize("planner", [breadth_first_search, mcts_plan])
def test_an_exception_of_the_model_itself_is_raised_after_the_search(planner: Callable[..., PlanResult]) -> None:
    problem = InterpretedProblem(BrokenModel(OSError("the worker is gone")), place(0), ["0"])
    with pytest.raises(OSError, match="the worker is gone"):
        planner(problem)
    assert problem.take_error() is None


@pytest.mark.parametrize("planner", [breadth_first_search, mcts_plan])
def test_ctrl_c_inside_the_model_ends_the_search(planner: Callable[..., PlanResult]) -> None:
    found = planner(InterpretedProblem(BrokenModel(KeyboardInterrupt()), place(0), ["0"]))
    assert (found.status, found.plan) == (SearchStatus.INTERRUPTED, None)


class SlowModel:
    """Every step takes 5 ms and leads to a new place."""

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        time.sleep(0.005)
        number = int(state.entities[0]["number"])
        return StepOutcome(next_state=place(3 * number + int(action) + 1), reward=0.0, done=False)


@pytest.mark.parametrize("planner", ["bfs", "mcts", "vi", "auto"])
def test_a_deadline_is_met_between_two_steps_of_a_slow_model(planner: str) -> None:
    actions = [str(action) for action in range(200)]
    problem = InterpretedProblem(SlowModel(), place(0), actions)
    found = plan(problem, planner, time_limit_seconds=0.05)
    assert found.status is SearchStatus.TIME
    assert problem.num_model_steps < 100


@pytest.mark.parametrize("actions", [[], ["0", "0"]], ids=["none", "one twice"])
def test_actions_must_be_there_and_differ(actions: list[str]) -> None:
    with pytest.raises(ValueError, match="each once"):
        InterpretedProblem(SlowModel(), place(0), actions)
