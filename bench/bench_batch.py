"""What do many steps at once gain? Batches in one thread and on all cores, phi_1, vector environments.

Run from the project root:

    python bench/bench_batch.py [--json FILE]

One and all threads take turns, and a ratio is the median of the ratios of the rounds; answers are compared first.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tasks.c_library import compiler
from tasks.c_sokoban import ACTIONS, CSokobanProblem, level_from_text
from tasks.c_sokoban import OPEN_LEVEL as LEVEL
from tasks.corpus import LEARNED
from tasks.machine import machine

import wc_engine
from wc_engine.compile import compile_program
from wc_engine.compile.recorded import RecordedSteps
from wc_engine.envs.registry import make_env
from wc_engine.models.batch import BatchStepper, num_cores
from wc_engine.models.problem import Problem
from wc_engine.models.program import Program
from wc_engine.runs.recording import random_play

BATCH = 4096
TRANSITIONS = 100_000
RECORDED = 10_000
"""Transitions that are played; they are checked several times over, each time packed anew."""
ROUNDS = 200


def batches(name: str, problem: Problem) -> dict[str, float | str]:
    """Step and expand many states at once, in one thread and in all."""
    alone, together = BatchStepper([problem], 1), BatchStepper([problem])
    random = np.random.default_rng(0)
    states = np.repeat(problem.initial_words[None], BATCH, axis=0)
    for _ in range(64):
        states = alone.step(states, random.integers(len(ACTIONS), size=BATCH)).next
    actions = random.integers(len(ACTIONS), size=BATCH)
    for one, other in zip(alone.step(states, actions), together.step(states, actions), strict=True):
        assert (one == other).all()
    single, several = turns(lambda: alone.step(states, actions), lambda: together.step(states, actions))
    children, all_children = turns(lambda: alone.expand(states), lambda: together.expand(states))
    return {
        "model": name,
        "ns_a_step_alone": statistics.median(single) / BATCH * 1e9,
        "ns_a_step_together": statistics.median(several) / BATCH * 1e9,
        "step_gain": statistics.median(map(float.__truediv__, single, several)),
        "ns_a_child_alone": statistics.median(children) / BATCH / len(ACTIONS) * 1e9,
        "child_gain": statistics.median(map(float.__truediv__, children, all_children)),
    }


def turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Return the seconds of each round of two things that take turns."""
    seconds: tuple[list[float], list[float]] = [], []
    for _ in range(ROUNDS):
        for run, times in zip((one, other), seconds, strict=True):
            run()  # wakes the threads, or lets them go to sleep
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
    return seconds


def recorded(program: Program) -> dict[str, float]:
    """Check recorded transitions in native code."""
    play = random_play(make_env("sokoban", size=(10, 10), boxes=4), seed=0)
    played = [next(play).transition for _ in range(RECORDED)]
    transitions = played * (TRANSITIONS // RECORDED)
    model = compile_program(program, [one.state for one in played] + [one.next_state for one in played], ACTIONS)
    start = time.perf_counter()
    steps = RecordedSteps(model, transitions)
    packed = time.perf_counter()
    checked = steps.check()
    end = time.perf_counter()
    assert checked.holds
    return {"transitions": len(transitions), "pack_seconds": packed - start, "check_seconds": end - packed}


def vector_environment(program: Program) -> dict[str, float]:
    """Step a vector environment with random actions."""
    env = wc_engine.make_vec(program, "sokoban", BATCH, num_levels=20)
    env.reset(seed=0)
    actions = np.random.default_rng(0).integers(len(ACTIONS), size=(ROUNDS, BATCH))
    for row in actions:
        env.step(row)
    start = time.perf_counter()
    for row in actions:
        env.step(row)
    seconds = time.perf_counter() - start
    env.close()
    return {"episodes": BATCH, "steps_per_second": BATCH * ROUNDS / seconds}


def main() -> None:
    """Measure, print, write JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    program, state = Program.from_file(LEARNED), level_from_text(LEVEL)
    problems: dict[str, Problem] = {"learned": compile_program(program, [state], ACTIONS).bind(state)}
    if compiler():
        problems["C by hand"] = CSokobanProblem(state)
    report = {
        "machine": machine(),
        "threads": num_cores(),
        "batches": [batches(name, problem) for name, problem in problems.items()],
        "phi_1": recorded(program),
        "vector_environment": vector_environment(program),
    }
    print(json.dumps(report, indent=1))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
