"""How many calls does a strategy need? REx and its baselines, with a simulated model that makes mistakes.

Run from the project root:

    python bench/bench_rex.py [--seeds N] [--calls N] [--in-flight N] [--json FILE]

Each strategy looks for Sokoban's program from the same transitions and initial states, with the same budget of calls
and the same seeds. The model is simulated (`tasks/faulty_sokoban.py`): what it says about strategies holds for answers
like those, not for a real model. Programs are real, so are their verdicts; that of a program with the same faults is
looked up. A program counts as a solution where it reproduces all transitions and has a plan from every initial state.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from rich.console import Console
from rich.table import Table
from tasks.faulty_sokoban import SimulatedModel
from tasks.machine import machine

from wc_engine.agent.config import PlanningConfig
from wc_engine.agent.planning import ModelPlanner
from wc_engine.envs import make_env
from wc_engine.envs.held_out import held_out_transitions
from wc_engine.models.base import StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.models.program import Program
from wc_engine.models.requests import Recorded, RunningModel
from wc_engine.state.entities import State
from wc_engine.synthesis import Arm, PlanVerdict, StrategyName, SynthesisConfig, Synthesizer

TRANSITIONS, INITIAL = 100, 2
SIZE, BOXES = (7, 7), 3
DATA_SEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyFigures:
    """What one strategy needed.

    Attributes:
        strategy: its name.
        partial_credit: h counted transitions by thirds.
        calls: calls until solved, one for each seed; None where the budget was spent before.
    """

    strategy: str
    partial_credit: bool
    calls: tuple[int | None, ...]

    def mean(self, budget: int) -> float:
        """Return the mean, an unsolved seed counted with the budget."""
        return statistics.fmean(budget if calls is None else calls for calls in self.calls)

    @property
    def num_solved(self) -> int:
        """Seeds that were solved."""
        return sum(calls is not None for calls in self.calls)


class SharedVerdicts:
    """Runs programs, and does it once for all that differ in style only.

    Args:
        transitions: the data that every program is judged on.
    """

    def __init__(self, transitions: Sequence[Transition]) -> None:
        self._planner = ModelPlanner(PlanningConfig(trusted=True), make_env("sokoban").actions)
        self._planner.note_states([state for one in transitions for state in (one.state, one.next_state)])
        self._outcomes: dict[str, list[StepOutcome]] = {}
        self._plans: dict[tuple[str, State], PlanVerdict] = {}

    def running(self, program: Program) -> RunningModel:
        """Return the program, which remembers what it said of the data."""
        return _Remembering(self._planner.running(program), _meaning(program), self._outcomes)

    def find_plan(self, program: Program, state: State, mission: str) -> PlanVerdict:
        """Search for a plan."""
        key = (_meaning(program), state)
        if key not in self._plans:
            self._plans[key] = self._planner.find_plan(program, state, mission)
        return self._plans[key]

    def close(self) -> None:
        """Give back the programs."""
        self._planner.close()


class _Remembering:
    def __init__(self, model: RunningModel, meaning: str, outcomes: dict[str, list[StepOutcome]]) -> None:
        self._model = model
        self._meaning = meaning
        self._outcomes = outcomes

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def step_many(self, requests: Iterable[Recorded]) -> list[StepOutcome]:
        if self._meaning not in self._outcomes:
            self._outcomes[self._meaning] = self._model.step_many(requests)
        return self._outcomes[self._meaning]


def _meaning(program: Program) -> str:
    return "\n".join(line for line in program.text.splitlines() if not line.startswith("STYLE ="))


def recorded() -> tuple[list[Transition], list[tuple[State, str]]]:
    """Return transitions of Sokoban before the first win, rare events as frequent as others, and initial states."""
    env = make_env("sokoban", size=SIZE, boxes=BOXES)
    initial = [env.reset(seed) for seed in range(INITIAL)]
    found = held_out_transitions(env, DATA_SEED, count=TRANSITIONS)
    transitions = [Transition(env.name, env.mission, *one) for one in found]
    return [one for one in transitions if not one.done], initial


def calls_until_solved(
    config: SynthesisConfig, runner: SharedVerdicts, data: tuple[list[Transition], list[tuple[State, str]]], seed: int
) -> int | None:
    """Return how many calls one synthesis took, or None where it spent its budget in vain."""
    pulled: list[Arm] = []
    rng = random.Random(f"{config.strategy} {seed}")
    synthesizer = Synthesizer(SimulatedModel(), runner, config, rng, on_pull=pulled.append)
    judged = synthesizer.synthesize(*data, None)
    return len(pulled) if judged is not None and judged.evaluation.holds else None


def measure(seeds: int, budget: int, in_flight: int) -> list[StrategyFigures]:
    """Measure every strategy, REx also with partial credit."""
    data = recorded()
    runner = SharedVerdicts(data[0])
    try:
        found = []
        for strategy in StrategyName:
            for partial_credit in (False, True) if strategy is StrategyName.REX else (False,):
                config = SynthesisConfig(
                    max_proposals=budget,
                    max_fruitless=budget,
                    strategy=strategy,
                    partial_credit=partial_credit,
                    in_flight=in_flight,
                )
                calls = tuple(calls_until_solved(config, runner, data, seed) for seed in range(seeds))
                found.append(StrategyFigures(strategy=strategy, partial_credit=partial_credit, calls=calls))
        return found
    finally:
        runner.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--calls", type=int, default=120, help="calls that a synthesis may make")
    parser.add_argument("--in-flight", type=int, default=1, help="calls made at once")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = measure(arguments.seeds, arguments.calls, arguments.in_flight)
    table = Table("strategy", "h", "solved", "calls, mean", "median", title="Calls until solved, by a simulated model")
    for one in figures:
        every = sorted(arguments.calls if calls is None else calls for calls in one.calls)
        table.add_row(
            one.strategy,
            "by thirds" if one.partial_credit else "whole",
            f"{one.num_solved} of {len(one.calls)}",
            f"{one.mean(arguments.calls):.1f}",
            f"{statistics.median(every):.0f}",
        )
    Console().print(table)
    if arguments.json:
        settings = {"seeds": arguments.seeds, "calls": arguments.calls, "in_flight": arguments.in_flight}
        record = {"machine": machine(), "settings": settings, "strategies": [asdict(one) for one in figures]}
        arguments.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
