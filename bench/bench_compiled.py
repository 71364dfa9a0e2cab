"""How fast is a compiled model, against the reference and against C written by hand? Run from the project root:

    python bench/bench_compiled.py [--filter TEXT]... [--rounds N] [--json FILE]

All programs of the shared corpus and the one that the inducer wrote. Steps are those of random walks from recorded
states, measured in one thread, in C loops; reference, compiled model and hand-written C take turns in short rounds, and
a ratio is the median of the ratios of the rounds: other work on the machine slows all of them. Answers are checked
first. The exit status is 1 where compiled code disagrees with the reference.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tasks.c_library import compiler
from tasks.c_sokoban import CSokobanProblem
from tasks.corpus import PROJECT, Case, corpus_cases, learned_case
from tasks.machine import machine
from tasks.report import Figures, print_table, summary
from tasks.samples import Sample, expand_ns, step_ns, walk_from

from wc_engine.compile import CompiledModel, NativeModel
from wc_engine.compile.rows import pack_states
from wc_engine.models.base import StepOutcome
from wc_engine.models.open import open_model
from wc_engine.models.requests import ModelEvaluation, RunningModel, StepRequest
from wc_engine.runs.compiling import reason_of, try_compile

STARTS = 32
"""Recorded states that walks start from."""
WALK_STEPS = 128
ASKED = 64
"""Steps of the walks that the reference makes in each round."""
ROUND_SECONDS = 0.03
"""Seconds of native steps in each round."""


@dataclass(frozen=True)
class Reference:
    """The program under the reference semantics, and the steps that it is asked to make."""

    model: RunningModel
    requests: list[StepRequest]

    def run(self) -> ModelEvaluation:
        """Make all steps once."""
        return self.model.evaluate(self.requests)


def measure(case: Case, rounds: int) -> Figures:
    """Measure one program."""
    program = case.program()
    mission = case.mission(program)
    figures = Figures(program=case.name, domain=case.domain, in_corpus=case.in_corpus)
    with open_model(program) as running:
        figures = replace(figures, **compile_seconds(case, mission))
        states, actions = case.states(), case.actions()
        start = time.perf_counter()
        model, error = try_compile(program, states, actions, mission)
        loaded_seconds = time.perf_counter() - start
        if model is None:
            reason, line = reason_of(error)
            why = f"line {line}: {reason}" if line else str(reason)
            return interpreted(replace(figures, tier="interpreted", not_compiled=why), case, running, rounds)
        figures = replace(figures, loaded_seconds=loaded_seconds, tier=tier_of(model))
        sample = sample_of(case, model)
        if not len(sample.actions):
            why = "native code has no answer to any step"
            return interpreted(replace(figures, not_compiled=why, unanswered=1.0), case, running, rounds)
        return compiled(figures, case, running, sample, rounds)


def tier_of(model: object) -> str:
    """Return which compiler made a model."""
    return "specialised" if isinstance(model, CompiledModel) else "boxed"


def compile_seconds(case: Case, mission: str | None) -> dict[str, float]:
    """Compile in two fresh processes, the first of which finds the cache empty."""
    script = Path(__file__).with_name("tasks") / "compile_once.py"
    search_path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    words = [json.dumps(case.actions()), json.dumps(mission), str(case.path), *map(str, case.data)]
    seconds = []
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, str(script), *words],
            env={**os.environ, "PYTHONPATH": search_path},
            capture_output=True,
            text=True,
        )
        if run.returncode:
            return {}  # the error is met again, and told, in this process
        seconds.append(float(json.loads(run.stdout)["seconds"]))
    return {"cold_seconds": seconds[0], "fresh_seconds": seconds[1]}


def sample_of(case: Case, model: NativeModel) -> Sample:
    """Return the steps of walks from recorded states."""
    states = list(dict.fromkeys(one.state for one in case.transitions()))
    starts = [states[place] for place in np.linspace(0, len(states) - 1, STARTS).astype(int)]
    rows = pack_states(model, starts)
    has_place = rows.which >= 0
    return walk_from(rows.problems, rows.words[has_place], rows.which[has_place], WALK_STEPS)


def interpreted(figures: Figures, case: Case, running: RunningModel, rounds: int) -> Figures:
    """Measure the reference alone, on recorded steps."""
    recorded = case.transitions()
    chosen = [recorded[place] for place in np.linspace(0, len(recorded) - 1, ASKED).astype(int)]
    requests = [StepRequest(one.state, one.action, one.mission) for one in chosen]
    evaluations = [running.evaluate(requests) for _ in range(rounds)]
    return replace(
        figures,
        reference_us=statistics.median(one.us_per_transition for one in evaluations),
        reference_us_in_program=statistics.median(one.us_in_program for one in evaluations),
    )


def compiled(figures: Figures, case: Case, running: RunningModel, sample: Sample, rounds: int) -> Figures:
    """Check and measure a compiled program, with the C model in turns where it is Sokoban."""
    mission = case.mission(case.program())
    asked = np.linspace(0, len(sample.actions) - 1, ASKED).astype(int)
    actions = sample.stepper.problems[0].actions
    requests = [StepRequest(sample.state(row), actions[sample.actions[row]], mission) for row in asked]
    reference = Reference(running, requests)
    figures = replace(figures, unanswered=sample.unanswered, **checked(sample, asked, reference.run().outcomes))
    pair = against_c(sample) if case.domain == "sokoban" and compiler() else None
    whole, inside, native, children, over_c, c_ns = ([] for _ in range(6))  # type: tuple[list[float], ...]
    for _ in range(rounds):
        evaluation = reference.run()
        native.append(step_ns(sample, ROUND_SECONDS))
        children.append(expand_ns(sample, ROUND_SECONDS))
        whole.append(1e3 * evaluation.us_per_transition)
        inside.append(1e3 * evaluation.us_in_program)
        if pair is not None:
            mine, by_hand, _ = pair
            c_ns.append(step_ns(by_hand, ROUND_SECONDS))
            over_c.append(step_ns(mine, ROUND_SECONDS) / c_ns[-1])
    return replace(
        figures,
        reference_us=statistics.median(whole) / 1e3,
        reference_us_in_program=statistics.median(inside) / 1e3,
        step_ns=statistics.median(native),
        child_ns=statistics.median(children),
        ratio_whole=median_ratio(whole, native),
        ratio_in_program=median_ratio(inside, native),
        ratio_whole_child=median_ratio(whole, children),
        ratio_in_program_child=median_ratio(inside, children),
        c_ns=statistics.median(c_ns) if c_ns else None,
        over_c=statistics.median(over_c) if over_c else None,
        same_as_c=None if pair is None else pair[2],
    )


def checked(sample: Sample, rows: Sequence[int], outcomes: Sequence[StepOutcome]) -> dict[str, int]:
    """Count the steps on which compiled code and reference agree, and those on which they do not."""
    result = sample.stepper.step(sample.words[rows], sample.actions[rows], sample.which[rows])
    agreed = 0
    for place, (row, outcome) in enumerate(zip(rows, outcomes, strict=True)):
        if result.statuses[place] != 1 or outcome.failed:
            agreed += bool(result.statuses[place] != 1 and outcome.failed)
        else:
            same_end = (float(result.rewards[place]), bool(result.dones[place])) == (outcome.reward, outcome.done)
            agreed += same_end and sample.decode(result.next[place], row) == outcome.next_state
    return {"agreed": agreed, "disagreed": len(rows) - agreed}


def against_c(sample: Sample) -> tuple[Sample, Sample, bool] | None:
    """Return the steps that C can make, too, those steps in C, and whether the program follows the same rules."""
    actions = sample.stepper.problems[0].actions
    to_c = np.array([CSokobanProblem.actions.index(action) for action in actions], dtype=np.int32)
    by_hand, places = sample.in_other_problems(CSokobanProblem)
    if not len(places):
        return None
    mine = sample.chosen(places)
    by_hand = replace(by_hand, actions=to_c[mine.actions])
    ours = mine.stepper.step(mine.words, mine.actions, mine.which)
    theirs = by_hand.stepper.step(by_hand.words, by_hand.actions, by_hand.which)
    same = len(places) == len(sample.actions) and bool(
        (ours.statuses == 1).all()
        and (ours.dones == theirs.dones).all()
        and (np.abs(ours.rewards - theirs.rewards) < 1e-6).all()
    )
    rows = range(0, len(places), 7)
    same = same and all(mine.decode(ours.next[row], row) == by_hand.decode(theirs.next[row], row) for row in rows)
    return mine, by_hand, same


def median_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """Return the median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(numerators, denominators, strict=True))


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--filter", action="append", default=[], help="only programs whose name holds this text")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of measurement")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    cases = [learned_case(), *corpus_cases()]
    cases = [case for case in cases if all(text in case.name or text in case.domain for text in arguments.filter)]
    if not cases:
        parser.error("no program has such a name; is the corpus there? WC_ENGINE_DATA names its folder")
    described, figures = machine(), list[Figures]()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["WC_ENGINE_CACHE"] = cache
        for number, case in enumerate(cases, start=1):
            print(f"{number}/{len(cases)} {case.name}", file=sys.stderr, flush=True)
            figures.append(measure(case, arguments.rounds))
    print_table(figures, described)
    if arguments.json is not None:
        report = {"machine": described, "summary": summary(figures), "programs": [asdict(one) for one in figures]}
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")
    sys.exit(any(one.disagreed for one in figures))


if __name__ == "__main__":
    main()
