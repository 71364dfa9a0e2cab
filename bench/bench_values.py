"""How fast is value iteration? Sweeps against a loop in C over the same table, and many states to a small residual.

Run from the project root:

    python bench/bench_values.py [--states N] [--threads N] [--rounds N] [--json FILE]

Both sweeps take turns in rounds, and the ratio is the median of the ratios of the rounds, in time of the processor. The
values of both are compared, and the residual of the large run is what was measured after it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from tasks.c_sokoban import OPEN_LEVEL, CSokobanProblem, level_from_text
from tasks.machine import machine

from wc_engine.planners import SweepMethod, ValueIterationConfig, value_iteration_search
from wc_engine.planners._core.value_iteration import ValueIteration
from wc_engine.runs.yardsticks.by_hand import sweeps_by_hand

DISCOUNT, TOLERANCE = 0.95, 1e-6
TABLE_STATES, TABLE_SWEEPS = 650_000, 20
MEMORY_BYTES = 4 * 2**30


def sweeps_of_engine(problem: CSokobanProblem) -> tuple[float, ValueIteration]:
    """Return the state updates a second of synchronous sweeps, in one thread."""
    core = ValueIteration(
        problem.capsule,
        problem.initial_words,
        method=0,
        discount=DISCOUNT,
        tolerance=0.0,
        depth_limit=0,
        max_sweeps=TABLE_SWEEPS,
        num_threads=1,
        memory_limit=MEMORY_BYTES,
    )
    while core.updates == 0:
        core.run(1e-4, 1e9, TABLE_STATES)
    begin, done = time.process_time(), core.updates
    core.run(1e9, 1e9, TABLE_STATES)
    return (core.updates - done) / (time.process_time() - begin), core


def sweeps_in_c(core: ValueIteration) -> tuple[float, np.ndarray]:
    """Return the state updates a second of the loop in C over the same edges, and its values."""
    targets, rewards = core.edges()
    seconds, values = sweeps_by_hand(targets, rewards, core.stored, DISCOUNT, TABLE_SWEEPS)
    return len(targets) * TABLE_SWEEPS / seconds, values


def compare_sweeps(problem: CSokobanProblem, rounds: int) -> dict[str, float]:
    """Sweep the same table in the engine and in C."""
    ours, theirs = [], []
    for _ in range(rounds):
        rate, core = sweeps_of_engine(problem)
        ours.append(rate)
        rate, values = sweeps_in_c(core)
        theirs.append(rate)
        assert np.array_equal(values, core.values()), "other values than in C"
    return {
        "updates_per_second": statistics.median(ours),
        "updates_per_second_in_c": statistics.median(theirs),
        "ratio": statistics.median(one / other for one, other in zip(ours, theirs, strict=True)),
    }


def many_states(problem: CSokobanProblem, states: int, threads: int) -> dict[str, float]:
    """Explore many states and sweep them to the tolerance."""
    config = ValueIterationConfig(
        discount=DISCOUNT,
        tolerance=TOLERANCE,
        method=SweepMethod.PRIORITISED,
        max_states=states,
        num_threads=threads,
        memory_limit_bytes=MEMORY_BYTES,
    )
    begin = time.process_time()
    found = value_iteration_search(problem, config)
    result = found.plan_result
    assert found.converged
    assert found.residual <= TOLERANCE
    return {
        "expanded": float(result.expanded),
        "seconds": result.seconds,
        "processor_seconds": time.process_time() - begin,
        "residual": found.residual,
        "updates": float(found.updates),
        "bytes_per_state_and_action": result.bytes / result.expanded / len(problem.actions),
    }


def main() -> None:
    """Measure, print, write JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--states", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    problem = CSokobanProblem(level_from_text(OPEN_LEVEL))
    figures = {
        "synchronous sweeps": compare_sweeps(problem, arguments.rounds),
        "many states": many_states(problem, arguments.states, arguments.threads),
    }
    for name, values in figures.items():
        print(name, ", ".join(f"{key} {value:,.4g}" for key, value in values.items()), sep=": ")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"machine": machine(), "figures": figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
