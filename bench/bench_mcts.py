"""How fast is Monte-Carlo tree search, beside one by hand, the original's planner and OpenSpiel?

Run from the project root:

    python bench/bench_mcts.py [--rounds N] [--expansions N] [--json FILE]

Rivals take turns in short rounds; a ratio is the median of the ratios of the rounds, above 1 where ours is faster.
Times are of the processor. Answers are checked: the search by hand must build the same tree.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tasks.binary_tree import BinaryTreeProblem, open_spiel_rate
from tasks.c_sokoban import ACTIONS, OPEN_LEVEL, CSokobanProblem, level_from_text
from tasks.corpus import corpus_cases, variant_name
from tasks.machine import machine
from tasks.original_mcts import HAS_NLTK, OriginalPlanner
from tasks.programs import compile_for, levels

from wc_engine.models.problem import Problem
from wc_engine.planners import MctsConfig, MctsResult, mcts_search
from wc_engine.runs.yardsticks.by_hand import uct_by_hand

UNSOLVABLE_LEVEL = OPEN_LEVEL.replace("#        #", "#.       #", 1)
"""One target more than boxes: simulations never end with a plan."""

SETTINGS = {
    "30k, no rollouts": MctsConfig(max_simulations=30_000, rollout_depth=0),
    "30k, rollouts of 30": MctsConfig(max_simulations=30_000),
    "30k, depth 30, c = sqrt 2": MctsConfig(
        max_simulations=30_000, rollout_depth=0, depth_limit=30, exploration=2**0.5, discount=1.0
    ),
    "1M, no rollouts": MctsConfig(max_simulations=1_000_000, rollout_depth=0),
}

ORIGINAL = SETTINGS["30k, depth 30, c = sqrt 2"]
"""The original's settings: its constant 1 stands before ``sqrt(2 ln N / n)``."""

BINARY_TREE = MctsConfig(
    max_simulations=30_000,
    exploration=2.0,
    discount=1.0,
    depth_limit=12,
    rollout_depth=12,
    stop_at_first_plan=False,
    prune_solved=False,
)
"""OpenSpiel's settings: rollouts to the end, ends of the episode visited again and again."""


def timed(problem: Problem, config: MctsConfig) -> tuple[MctsResult, float]:
    """Return a search's result and the processor's seconds."""
    begin = time.process_time()
    result = mcts_search(problem, config)
    return result, time.process_time() - begin


def figures_of(ours: list[float], theirs: list[float]) -> dict[str, float]:
    """Return median rates, in simulations a second, and the median of the rounds' ratios."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return {
        "simulations_per_second": statistics.median(ours),
        "rival_per_second": statistics.median(theirs),
        "ratio": statistics.median(ratios),
        "least_ratio": min(ratios),
        "rounds": len(ratios),
    }


def beside_hand(config: MctsConfig, rounds: int) -> dict[str, float]:
    """UCT on the C model, general and by hand."""
    problem = CSokobanProblem(level_from_text(UNSOLVABLE_LEVEL))
    ours, theirs = [], []
    for _ in range(rounds):
        result, seconds = timed(problem, config)
        ours.append(result.simulations / seconds)
        tree = uct_by_hand(problem, config)
        found = (result.visit_counts.tolist(), result.stored)
        assert (tree.visits, tree.stored) == found, "another tree than by hand"
        theirs.append(result.simulations / tree.seconds)
    return {**figures_of(ours, theirs), "bytes_per_stored": result.plan_result.bytes / result.stored}


def beside_original(path: Path, rounds: int, expansions: int) -> dict[str, float]:
    """Our search on a compiled program of the corpus, the original's on the program itself.

    The original slows down as its tree grows deep, so the first ``expansions`` of its 30,000 favour it.
    """
    level = level_from_text(UNSOLVABLE_LEVEL)
    problem = compile_for(path, [*levels(), level]).bind(level)
    original = OriginalPlanner(path.read_text(), level, ACTIONS)
    ours, theirs = [], []
    for _ in range(rounds):
        before = original.totals.expansions, original.totals.seconds
        original.run(expansions // rounds)
        theirs.append((original.totals.expansions - before[0]) / (original.totals.seconds - before[1]))
        result, seconds = timed(problem, ORIGINAL)
        assert result.simulations == ORIGINAL.max_simulations
        ours.append(result.simulations / seconds)
    return figures_of(ours, theirs)


def beside_open_spiel(rounds: int) -> dict[str, float]:
    """UCT with rollouts on a binary tree, ours and OpenSpiel's; it has no transposition table, ours has."""
    problem = BinaryTreeProblem(BINARY_TREE.depth_limit)
    ours, theirs = [], []
    for _ in range(rounds):
        result, seconds = timed(problem, BINARY_TREE)
        assert result.simulations == BINARY_TREE.max_simulations
        assert result.plan_result.plan == ("right",) * BINARY_TREE.depth_limit
        ours.append(result.simulations / seconds)
        theirs.append(open_spiel_rate(BINARY_TREE.depth_limit, result.simulations, BINARY_TREE.exploration))
    return figures_of(ours, theirs)


def threads(parallel: str, rounds: int) -> dict[str, float]:
    """Two threads beside one, by the clock on the wall, on rollouts of the C model."""
    problem = CSokobanProblem(level_from_text(UNSOLVABLE_LEVEL))
    one = MctsConfig(max_simulations=100_000, rollout_depth=100)
    two = replace(one, num_threads=2, parallel=parallel)  # type: ignore[arg-type]
    ours, theirs = [], []
    for _ in range(rounds):
        for config, rates in ((two, ours), (one, theirs)):
            result = mcts_search(problem, config)
            rates.append(result.simulations / result.plan_result.seconds)
    return figures_of(ours, theirs)


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--expansions", type=int, default=1500, help="of the original's planner, which takes seconds")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    rounds = arguments.rounds
    tasks = {f"beside one by hand: {name}": partial(beside_hand, config, rounds) for name, config in SETTINGS.items()}
    for case in [case for case in corpus_cases() if "deepcopy" in case.path.stem and case.domain == "sokoban"]:
        texts = "nltk" if HAS_NLTK else "texts split at spaces: `pip install nltk` for its own way"
        name = f"beside the original's, {variant_name(case.path)} ({texts})"
        tasks[name] = partial(beside_original, case.path, rounds, arguments.expansions)
    if find_spec("pyspiel") is None:
        print("beside OpenSpiel: not measured, `pip install open_spiel` first")
    else:
        tasks["beside OpenSpiel: binary tree"] = partial(beside_open_spiel, rounds)
    for parallel in ("tree", "root"):
        tasks[f"two threads beside one: {parallel}"] = partial(threads, parallel, rounds)
    figures = {}
    for name, measure in tasks.items():
        figures[name] = measure()
        print(name, ", ".join(f"{key} {value:,.4g}" for key, value in figures[name].items()), sep=": ", flush=True)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"machine": machine(), "figures": figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
