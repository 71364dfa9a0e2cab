"""UCT on several threads, through the facade; under the sanitizers it is in test_sanitizers.py."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_problem import System, TableProblem, binary_tree, line, replay, systems

from wc_engine.planners import MctsConfig, MctsPlanner, SearchStatus, mcts_search


@settings(max_examples=60, deadline=None)
@given(
    system=systems(),
    parallel=st.sampled_from(["tree", "root"]),
    expand_once=st.booleans(),
    stop=st.booleans(),
    budget=st.integers(0, 60),
)
def test_plans_of_threads_replay_and_proofs_are_those_of_one_thread(
    system: System, parallel: str, expand_once: bool, stop: bool, budget: int
) -> None:
    config = MctsConfig(
        num_threads=3,
        parallel=parallel,  # type: ignore[arg-type]
        expand_once=expand_once,
        stop_at_first_plan=stop,
        max_simulations=budget,
        rollout_depth=4,
    )
    found = mcts_search(TableProblem(system), config)
    assert found.simulations <= budget
    assert found.visit_counts.sum() <= found.simulations
    result = found.plan_result
    if result.plan is not None:
        last = replay(system, result.plan)
        assert last.done
        assert last.reward > 0
    elif result.status is SearchStatus.EXHAUSTED:
        alone = mcts_search(TableProblem(system), MctsConfig(expand_once=False, max_simulations=3000))
        assert alone.plan_result.plan is None


@pytest.mark.parametrize("parallel", ["tree", "root"])
def test_threads_share_a_budget_and_the_memory(parallel: str) -> None:
    tree = TableProblem(binary_tree(12))
    config = MctsConfig(num_threads=2, parallel=parallel, rollout_depth=3, max_simulations=501)  # type: ignore[arg-type]
    assert mcts_search(tree, config).simulations == 501
    small = MctsConfig(num_threads=2, parallel=parallel, memory_limit_bytes=30_000, depth_limit=30)  # type: ignore[arg-type]
    found = mcts_search(tree, small)
    assert found.plan_result.status is SearchStatus.MEMORY
    assert found.plan_result.bytes <= 30_000


@pytest.mark.parametrize("parallel", ["tree", "root"])
def test_threads_keep_their_trees_over_moves(parallel: str) -> None:
    problem = TableProblem(line(40))
    planner = MctsPlanner(problem, MctsConfig(num_threads=2, parallel=parallel))  # type: ignore[arg-type]
    found = planner.search()
    assert found.plan_result.plan is not None
    planner.advance(problem.decode(problem.words_of(1)))
    further = planner.search()
    assert further.plan_result.plan is not None
    assert replay(line(40), further.plan_result.plan, start=1).reward > 0
