"""How long does it take to solve levels, one after another?

Run from the project root:

    python bench/bench_levels.py [LEVELS...] [--generated] [--model FILE] [--planner NAME] [--rounds N] [--json FILE]

The model is compiled once. Each level is bound and searched, in time of the processor, and its plan replayed in the
real environment, which is not counted. With several rounds a level's time is the least of them: what else the machine
does only ever adds to it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tasks.corpus import corpus_folder
from tasks.machine import machine
from tasks.programs import default_programs

from wc_engine.envs.sokoban.generator import generate
from wc_engine.envs.sokoban.rules import to_state
from wc_engine.models.program import Program
from wc_engine.planners import PLANNERS, SearchStatus
from wc_engine.runs.level_sets import read_level_set
from wc_engine.runs.solving import LevelSolver, LevelTask, SolveConfig

_SIDES, _BOXES, _SEEDS = (12, 14, 16, 20), (4, 5, 6, 8, 10), range(3)


def generated_tasks() -> list[LevelTask]:
    """Return levels on larger boards, made by playing backwards: all can be solved."""
    return [
        LevelTask(f"{side}x{side} with {boxes} boxes", seed, to_state(*generate(seed, size=(side, side), boxes=boxes)))
        for side in _SIDES
        for boxes in _BOXES
        for seed in _SEEDS
    ]


def tasks_of(patterns: list[str]) -> list[LevelTask]:
    """Return the levels of files."""
    return [LevelTask(level.file, level.index, level.state) for level in read_level_set(patterns).levels]


def shared_levels() -> list[str]:
    """Return the folder of levels beside the corpus, where there is one."""
    corpus = corpus_folder()
    return [] if corpus is None else [str(corpus.parent / "levels")]


def measure(program: Program, tasks: list[LevelTask], planner: str, rounds: int) -> dict[str, float]:
    """Solve all levels ``rounds`` times."""
    least = [float("inf")] * len(tasks)
    with LevelSolver(program, [task.state for task in tasks], SolveConfig(planner=planner)) as solver:
        for _ in range(rounds):
            results = []
            for number, task in enumerate(tasks):
                result = solver.solve(task)
                least[number] = min(least[number], result.processor_seconds)
                results.append(result)
    return {
        "levels": len(tasks),
        "solved": sum(result.status == SearchStatus.SOLVED for result in results),
        "median_seconds": statistics.median(least),
        "total_seconds": sum(least),
        "largest_seconds": max(least),
        "generated": sum(result.generated for result in results),
        "rounds": rounds,
    }


def main() -> None:
    """Measure, print a line, write JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("levels", nargs="*", help="files, folders or patterns; default: the shared levels")
    parser.add_argument("--generated", action="store_true", help="60 levels of 12x12 to 20x20 with 4 to 10 boxes")
    parser.add_argument("--model", type=Path, default=default_programs()[-1])
    parser.add_argument("--planner", choices=sorted(PLANNERS), default="auto")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    tasks = generated_tasks() if arguments.generated else tasks_of(arguments.levels or shared_levels())
    if not tasks:
        parser.error("no levels: name some, ask for --generated, or set WC_ENGINE_DATA")
    begin = time.process_time()
    figures = measure(Program.from_file(arguments.model), tasks, arguments.planner, arguments.rounds)
    figures["processor_seconds_in_all"] = time.process_time() - begin
    print(arguments.planner, ", ".join(f"{key} {value:,.4g}" for key, value in figures.items()), sep=": ")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"machine": machine(), "figures": figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
