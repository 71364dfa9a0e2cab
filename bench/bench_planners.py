"""How fast do the planners search? Rates on the hand-written C Sokoban model and, breadth-first, on compiled programs.

Run from the project root:

    python bench/bench_planners.py [--repeats N] [--json FILE]

Each planner runs ``--repeats`` times in one thread; the rate is the median's, in time of the processor, with the best
beside it. Answers are checked: plans are replayed with single steps of the model.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tasks.c_sokoban import ACTIONS, OPEN_LEVEL, CSokobanProblem, level_from_text
from tasks.corpus import variant_name
from tasks.machine import machine
from tasks.programs import compile_for, default_programs, levels

from wc_engine.models.problem import Problem
from wc_engine.planners import BreadthFirstConfig, MctsConfig, PlanResult, breadth_first_search, mcts_search
from wc_engine.planners._core.breadth_first import BreadthFirstSearch
from wc_engine.planners._core.stepping import Stepper

OPTIMAL_LENGTH = 26
STORED_FOR_BYTES = 4_000_000
"""The expansions after which bytes a state are looked at: far beyond the caches."""


def replay(problem: Problem, result: PlanResult) -> None:
    """Raise ``AssertionError`` unless the plan ends with done and a positive reward."""
    assert result.plan is not None, result
    stepper = Stepper(problem.capsule)
    state, reward, done = tuple(map(int, problem.initial_words)), 0.0, False
    for action in result.plan:
        assert not done, "the plan goes on after the end of the episode"
        status, state, reward, done = stepper.step(state, ACTIONS.index(action))
        assert status == 1
    assert done
    assert reward > 0


def breadth_first(problem: Problem) -> dict[str, float]:
    """Solve the level optimally."""
    begin = time.process_time()
    result = breadth_first_search(problem, BreadthFirstConfig())
    seconds = time.process_time() - begin
    replay(problem, result)
    assert result.plan is not None
    assert len(result.plan) == OPTIMAL_LENGTH, len(result.plan)
    return {
        "generated": float(result.generated),
        "generated_per_second": result.generated / seconds,
        "expanded_per_second": result.expanded / seconds,
        "seconds": seconds,
    }


def simulations(problem: CSokobanProblem, rollout_depth: int, max_simulations: int) -> dict[str, float]:
    """Run simulations on a level without a solution: each adds a state to the tree, or closes a branch."""
    begin = time.process_time()
    result = mcts_search(problem, MctsConfig(max_simulations=max_simulations, rollout_depth=rollout_depth))
    seconds = time.process_time() - begin
    assert result.simulations == max_simulations, result
    assert result.plan_result.plan is None
    return {
        "simulations_per_second": result.simulations / seconds,
        "steps_per_second": result.plan_result.generated / seconds,
        "stored": float(result.stored),
        "bytes_per_stored": result.plan_result.bytes / result.stored,
        "seconds": seconds,
    }


def bytes_per_state(problem: Problem) -> dict[str, float]:
    """Memory of a large breadth-first table, parents included, beyond the packed words."""
    search = BreadthFirstSearch(problem.capsule, problem.initial_words, 2**32)
    while search.run(1.0, 1e9, STORED_FOR_BYTES) == 0:
        pass
    return {"stored": float(search.stored), "bytes_beyond_words": search.bytes / search.stored - 8 * problem.num_words}


def breadth_first_compiled(by_hand: dict[str, float], repeats: int) -> dict[str, dict[str, float]]:
    """Solve the level breadth-first on compiled programs; the search must be the same as on the C model."""
    figures = {}
    for path in default_programs():
        problem = compile_for(path, levels()).bind(level_from_text(OPEN_LEVEL))
        found = measure(lambda problem=problem: breadth_first(problem), repeats, "generated_per_second")
        assert found["generated"] == by_hand["generated"], "another search than on the C model"
        figures[f"breadth_first, {variant_name(path)}"] = {**found, **bytes_per_state(problem)}
    return figures


def measure(run: Callable[[], dict[str, float]], repeats: int, rate: str) -> dict[str, float]:
    """Return the run of median rate, with the best rate beside it."""
    runs = sorted((run() for _ in range(repeats)), key=lambda figures: figures[rate])
    return {**runs[len(runs) // 2], f"best_{rate}": runs[-1][rate], "repeats": repeats}


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    problem = CSokobanProblem(level_from_text(OPEN_LEVEL))
    # One target more than boxes.
    endless = CSokobanProblem(level_from_text(OPEN_LEVEL.replace("#        #", "#.       #", 1)))
    rate = "simulations_per_second"
    by_hand = measure(lambda: breadth_first(problem), arguments.repeats, "generated_per_second")
    figures = {
        "breadth_first": by_hand,
        "breadth_first_memory": bytes_per_state(problem),
        **breadth_first_compiled(by_hand, arguments.repeats),
        "uct_30k_no_rollout": measure(lambda: simulations(endless, 0, 30_000), arguments.repeats, rate),
        "uct_1m_no_rollout": measure(lambda: simulations(endless, 0, 1_000_000), arguments.repeats, rate),
        "uct_30k_rollouts_of_30": measure(lambda: simulations(endless, 30, 30_000), arguments.repeats, rate),
    }
    for name, values in figures.items():
        print(name, ", ".join(f"{key} {value:,.4g}" for key, value in values.items()), sep=": ")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"machine": machine(), "figures": figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
