"""UCT on several threads: under the sanitizers away from Python, and through the facade."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_problem import System, TableProblem, binary_tree, line, replay, systems
from tasks.c_library import compiler

import wc_engine
from wc_engine.planners import MctsConfig, MctsPlanner, SearchStatus, mcts_search

SOURCE = Path(__file__).with_name("uct_stress.c")


@pytest.mark.parametrize("sanitizer", ["thread", "address,undefined"])
def test_threads_in_a_tree_meet_no_race_and_leak_nothing(sanitizer: str, tmp_path: Path) -> None:
    found = compiler()
    if found is None:
        pytest.skip("needs a C compiler: install gcc or clang, or set CC")
    program = tmp_path / "stress"
    flags = ["-O1", "-g", "-std=gnu11", "-pthread", f"-fsanitize={sanitizer}", f"-I{wc_engine.get_include()}"]
    command = [*found, *flags, str(SOURCE), "-o", str(program), "-lm"]
    built = subprocess.run(command, capture_output=True, text=True)
    if built.returncode and any(word in built.stderr for word in ("sanitize", "asan", "tsan", "ubsan")):
        pytest.skip(f"the compiler has no sanitizer {sanitizer}")
    assert built.returncode == 0, built.stderr
    run = subprocess.run([program], capture_output=True, text=True, timeout=120)
    if "unexpected memory mapping" in run.stderr:
        pytest.skip("the thread sanitizer does not run on this kernel")
    assert (run.stdout, run.stderr, run.returncode) == ("fine\n", "", 0)


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
