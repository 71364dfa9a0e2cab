"""UCT against its plain Python twin: same seed, same draws, same statistics."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_problem import (
    FAILED,
    GOAL,
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

from wc_engine.errors import ModelExecutionError
from wc_engine.planners import MctsConfig, MctsPlanner, PlanResult, SearchStatus, mcts_plan, mcts_search
from wc_engine.planners._core.mcts import MctsSearch
from wc_engine.planners.reference import MctsReference, Rng
from wc_engine.state.entities import Entity, State

CONFIGS = st.builds(
    MctsConfig,
    selection=st.sampled_from(["uct", "puct"]),
    first_play_urgency=st.sampled_from([None, None, 0.5, -1.0]),
    prune_solved=st.booleans(),
    exploration=st.sampled_from([0.0, 0.5, 1.4]),
    discount=st.sampled_from([0.9, 1.0]),
    depth_limit=st.integers(1, 12),
    rollout_depth=st.integers(0, 5),
    max_simulations=st.integers(0, 80),
    stop_at_first_plan=st.booleans(),
    expand_once=st.booleans(),
    seed=st.integers(0, 2**64 - 1),
)


def same_as_twin(planner: MctsPlanner, twin: MctsReference[int], max_simulations: int) -> PlanResult:
    """Run both; all that can be seen of them must be equal."""
    before = twin.simulations
    found = planner.search(max_simulations)
    status = twin.run(before + max_simulations)
    plan = None if twin.plan is None else tuple(f"action {action}" for action in twin.plan)
    assert (found.plan_result.plan, found.plan_result.status) == (plan, status)
    assert (found.simulations, found.stored) == (twin.simulations - before, len(twin.nodes))
    assert (found.plan_result.expanded, found.plan_result.generated) == (twin.expanded, twin.generated)
    edges = twin.root.edges
    assert found.visit_counts[: len(edges)].tolist() == [edge.visits for edge in edges]
    assert found.q_values[: len(edges)].tolist() == [twin.mean(action) for action in range(len(edges))]
    return found.plan_result


@settings(max_examples=200, deadline=None)
@given(system=systems(), config=CONFIGS, num_words=st.integers(1, 2))
def test_plan_counts_visits_and_means_equal_those_of_the_twin(
    system: System, config: MctsConfig, num_words: int
) -> None:
    planner = MctsPlanner(TableProblem(system, num_words=num_words), config)
    twin = MctsReference(step_of(system), 0, len(system[0]), config)
    plan = same_as_twin(planner, twin, config.max_simulations or 0).plan
    if plan is not None:
        last = replay(system, plan)
        assert last.done
        assert last.reward > 0


@settings(max_examples=80, deadline=None)
@given(system=systems(), config=CONFIGS, data=st.data())
def test_a_tree_kept_over_moves_equals_that_of_the_twin(
    system: System, config: MctsConfig, data: st.DataObject
) -> None:
    planner = MctsPlanner(TableProblem(system), config)
    twin = MctsReference(step_of(system), 0, len(system[0]), config)
    state = 0
    for _ in range(4):
        same_as_twin(planner, twin, data.draw(st.integers(0, 30)))
        edge = data.draw(st.sampled_from(system[state]))
        state = edge.next
        planner.advance(State([Entity("Place", number=state)]))
        twin.advance(state)
    plan = same_as_twin(planner, twin, 30).plan
    if plan is not None:
        assert replay(system, plan, start=state).reward > 0


@settings(max_examples=80, deadline=None)
@given(system=systems(), config=CONFIGS, seed=st.integers(0, 1000), hooks=st.sets(st.sampled_from("pvs")))
def test_hooks_are_asked_as_the_twin_asks(system: System, config: MctsConfig, seed: int, hooks: set[str]) -> None:
    num_actions = len(system[0])

    def weights(state: int) -> list[float]:
        return [((state * 7 + action * 3 + seed) % 5) / 4 for action in range(num_actions)]

    def value(state: int) -> float:
        return ((state * 5 + seed) % 7) / 3 - 1

    def more(state: int, action: int, following: int) -> float:
        return ((state + 2 * action + 3 * following + seed) % 5) / 4 - 0.5

    def number(state: State) -> int:
        return int(state.entities[0]["number"])  # type: ignore[arg-type]

    asked = {
        "prior": weights if "p" in hooks and config.selection == "puct" else None,
        "leaf_value": value if "v" in hooks else None,
        "shaping": more if "s" in hooks else None,
    }
    twin = MctsReference(step_of(system), 0, num_actions, config, **asked)  # type: ignore[arg-type]
    planner = MctsPlanner(
        TableProblem(system),
        config,
        prior=None if asked["prior"] is None else lambda state: weights(number(state)),
        leaf_value=None if asked["leaf_value"] is None else lambda state: value(number(state)),
        shaping=None
        if asked["shaping"] is None
        else lambda state, action, following: more(number(state), int(action.split()[1]), number(following)),
    )
    same_as_twin(planner, twin, config.max_simulations or 0)


def test_the_generators_of_c_and_python_agree() -> None:
    rng = Rng(42)
    # The published outputs of splitmix64 for seed 42.
    assert [rng.next() for _ in range(3)] == [13679457532755275413, 2949826092126892291, 5139283748462763858]
    draws = [Rng(seed).below(7) for seed in range(2000)]
    assert sorted(set(draws)) == list(range(7))


def test_a_tree_without_a_goal_is_exhausted() -> None:
    found = mcts_search(TableProblem(binary_tree(6)), MctsConfig(rollout_depth=0))
    assert found.plan_result.status is SearchStatus.EXHAUSTED
    assert found.stored == 2**7 - 1


@pytest.mark.parametrize("expand_once", [True, False])
def test_a_long_corridor_is_walked_to_its_end(expand_once: bool) -> None:
    found = mcts_plan(TableProblem(line(60)), MctsConfig(expand_once=expand_once, max_simulations=20_000))
    assert found.status is SearchStatus.SOLVED
    assert replay(line(60), found.plan).reward > 0


def test_equal_states_share_their_statistics() -> None:
    # Two ways to state 3, behind which one of two ends is better: the second way profits from the first.
    diamond = [
        [Edge(1), Edge(2)],
        [Edge(3), Edge(3)],
        [Edge(3), Edge(3)],
        [Edge(3, reward=-1.0, done=True), Edge(3, reward=-0.5, done=True)],
    ]
    config = MctsConfig(expand_once=False, rollout_depth=0, max_simulations=50, discount=1.0)
    found = mcts_search(TableProblem(diamond), config)
    assert found.stored == 4
    assert found.plan_result.generated == 8  # no action is tried twice in a state, however it was reached


def test_with_all_limits_used_the_plan_of_best_return_is_kept() -> None:
    system = [
        [Edge(0, reward=1.0, done=True), Edge(1), Edge(0, status=FAILED)],
        [Edge(1, reward=9.0, done=True), Edge(0), Edge(1)],
    ]
    config = MctsConfig(max_simulations=200, stop_at_first_plan=False)
    assert mcts_plan(TableProblem(system), config).plan == ("action 1", "action 0")


def test_the_same_seed_gives_the_same_result_and_another_seed_another() -> None:
    tree = binary_tree(9)
    tree[-1][0] = GOAL
    results = [mcts_search(TableProblem(tree), MctsConfig(rollout_depth=12, seed=seed)) for seed in (3, 3, 4)]
    first, again, other = [(result.simulations, result.stored, result.visit_counts.tolist()) for result in results]
    assert first == again
    assert first != other
    assert [result.plan_result.seed for result in results] == [3, 3, 4]


def test_a_memory_limit_of_a_few_kilobytes_is_kept() -> None:
    found = mcts_plan(
        TableProblem(binary_tree(12)), MctsConfig(memory_limit_bytes=16384, depth_limit=20, rollout_depth=0)
    )
    assert found.status is SearchStatus.MEMORY
    assert 4000 < found.bytes <= 16384


def test_no_memory_at_all_is_a_result_too() -> None:
    found = mcts_search(TableProblem(line(5)), MctsConfig(memory_limit_bytes=64))
    assert found.plan_result.status is SearchStatus.MEMORY
    assert found.visit_counts.tolist() == [0, 0]


def test_a_deadline_ends_the_search() -> None:
    config = MctsConfig(max_simulations=None, time_limit_seconds=0.0, stop_at_first_plan=False)
    found = mcts_plan(TableProblem([[Edge(1), Edge(1)], [Edge(0), Edge(0, done=True)]]), config)
    assert found.status in (SearchStatus.TIME, SearchStatus.EXHAUSTED)


def test_ctrl_c_ends_the_search_with_what_it_has() -> None:
    def interrupt(expanded: int, generated: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    config = MctsConfig(max_simulations=None, stop_at_first_plan=False)
    found = mcts_plan(TableProblem([[GOAL, Edge(0)]]), config, progress=interrupt)
    assert (found.status, found.plan) == (SearchStatus.INTERRUPTED, ("action 0",))


def test_a_step_without_an_answer_is_resolved_or_raised() -> None:
    system = [[Edge(0, status=OUT_OF_RANGE), Edge(0, status=OUT_OF_RANGE)]]
    assert mcts_plan(TableProblem(system, resolved=TableProblem(line(3)))).status is SearchStatus.SOLVED
    with pytest.raises(ModelExecutionError):
        mcts_plan(TableProblem(system))


@pytest.mark.parametrize(
    "wrong",
    [
        {"discount": 0.0},
        {"discount": 1.5},
        {"exploration": -1.0},
        {"depth_limit": 0},
        {"rollout_depth": -1},
        {"seed": -1},
    ],
    ids=lambda wrong: next(f"{name} {value}" for name, value in wrong.items()),
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        MctsConfig(**wrong)


@settings(max_examples=60, deadline=None)
@given(system=systems(), config=CONFIGS, limit=st.integers(0, 12_000))
def test_no_memory_limit_is_exceeded_and_plans_still_replay(system: System, config: MctsConfig, limit: int) -> None:
    found = mcts_plan(TableProblem(system), replace(config, memory_limit_bytes=limit))
    assert found.bytes <= limit
    if found.plan is not None:
        assert replay(system, found.plan).reward > 0


@settings(max_examples=40, deadline=None)
@given(system=systems(), config=CONFIGS)
def test_pauses_within_rollouts_change_nothing(system: System, config: MctsConfig) -> None:
    problem = TableProblem(system)
    whole, sliced = (
        MctsSearch(
            problem.capsule,
            problem.initial_words,
            2**24,
            exploration=config.exploration,
            discount=config.discount,
            first_play_urgency=config.urgency,
            virtual_loss=0.0,
            depth_limit=config.depth_limit,
            rollout_depth=2000,
            puct=config.selection == "puct",
            stop_at_first_plan=config.stop_at_first_plan,
            expand_once=config.expand_once,
            prune_solved=config.prune_solved,
            seed=config.seed,
        )
        for _ in range(2)
    )
    end = whole.run(60.0, 60.0, 40)
    while (status := sliced.run(0.0, 60.0, 40)) == 0:
        pass
    assert (status, sliced.plan(), sliced.generated) == (end, whole.plan(), whole.generated)
    assert [row.tolist() for row in sliced.root_statistics()] == [row.tolist() for row in whole.root_statistics()]


def test_what_a_hook_raises_ends_the_search() -> None:
    def fails(state: State) -> float:
        raise KeyError("no such place")

    with pytest.raises(KeyError, match="no such place"):
        mcts_search(TableProblem(line(5)), MctsConfig(), leaf_value=fails)
    with pytest.raises(ValueError, match="expected 2 numbers from 0"):
        mcts_search(TableProblem(line(5)), MctsConfig(selection="puct"), prior=lambda state: [1.0])


def test_ctrl_c_in_a_hook_ends_the_search_with_what_it_has() -> None:
    def interrupts(state: State) -> float:
        raise KeyboardInterrupt

    found = mcts_search(TableProblem(line(5)), MctsConfig(), leaf_value=interrupts)
    assert found.plan_result.status is SearchStatus.INTERRUPTED


@pytest.mark.parametrize(("weights", "ahead"), [([0.9, 0.1], 0), ([0.1, 0.9], 1)])
def test_a_prior_leads_the_way(weights: list[float], ahead: int) -> None:
    config = MctsConfig(selection="puct", rollout_depth=0, max_simulations=100)
    found = mcts_search(TableProblem(binary_tree(9)), config, prior=lambda state: weights)
    assert found.visit_counts[ahead] > 5 * found.visit_counts[1 - ahead]
