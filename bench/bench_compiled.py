"""How fast is a compiled model's step, against the reference and against C written by hand? Run from the project root:

    python bench/bench_compiled.py [--all] [--program FILE]... [--rounds N] [--json FILE]

Without options: the learned program and, where the shared corpus is, sk01. All is one chained random walk through the
same loop and function pointer (``tasks/walk.c``), in one thread. Reference, compiled model and C take turns in short
rounds, and a ratio is the median of the ratios of the rounds: other work on the machine slows all of them. Ratios to
the reference are of times by the clock, ratios to C of processor time. Answers are checked: the compiled walk
step by step against the reference, and against C where the program is right.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tasks.c_sokoban import ACTIONS, CSokobanProblem
from tasks.programs import (
    PROJECT,
    compile_for,
    corpus_programs,
    default_programs,
    levels,
    machine,
    variant_name,
)
from tasks.walk import WALK_LENGTH, Walker, WalkFigures, draw_actions

from wc_engine.compile import CompiledModel
from wc_engine.errors import EncodingError, TranslationError
from wc_engine.models.open import open_model
from wc_engine.models.program import Program
from wc_engine.models.requests import ModelEvaluation, RunningModel, StepRequest
from wc_engine.runs.compiling import reason_of
from wc_engine.state.entities import State

NATIVE_STEPS = 1 << 16
"""Steps of a native walk in one round: a few milliseconds, and more actions than a branch predictor remembers."""
LONG_NATIVE_STEPS = 1 << 18
"""Steps of a walk that is measured against the reference: about as long as the reference's turn, so that interruptions
by other work on the machine slow both."""
CHECKED_STEPS = 512
"""Steps on each level that the reference repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured of one program; None where it does not apply.

    Attributes:
        program: its name with its style.
        reference_us: microseconds of the whole interpreted call: fresh objects, both functions, canonical result.
        reference_us_in_program: microseconds inside the two functions alone.
        compiled_ns: nanoseconds of processor time of a compiled step on the first level, packed words to packed
            words.
        c_ns: the same of the C model on the same walk.
        faster_than_reference: the whole interpreted call over the compiled step.
        faster_than_in_program: the two functions alone over the compiled step.
        slower_than_c: the compiled step over C.
        all_levels_ns: compiled_ns on average over all levels.
        all_levels_c_ns: the same of C.
        all_levels_slower_than_c: mean over the levels of the ratio to C.
        cold_seconds: compiling with an empty cache, import of numba apart.
        cached_seconds: the same in a fresh process when the code is in the cache on disk.
        import_seconds: the import of numba.
        checked_steps: steps on which the compiled model agreed with the reference.
        same_as_c: whether the program's walks are those of C, which follows the rules.
        not_measured: why the program is not compiled, or cannot be walked through.
    """

    program: str
    reference_us: float | None = None
    reference_us_in_program: float | None = None
    compiled_ns: float | None = None
    c_ns: float | None = None
    faster_than_reference: float | None = None
    faster_than_in_program: float | None = None
    slower_than_c: float | None = None
    all_levels_ns: float | None = None
    all_levels_c_ns: float | None = None
    all_levels_slower_than_c: float | None = None
    cold_seconds: float | None = None
    cached_seconds: float | None = None
    import_seconds: float | None = None
    checked_steps: int = 0
    same_as_c: bool | None = None
    not_measured: str | None = None


def measure(path: Path, states: Sequence[State], rounds: int) -> Figures:
    """Measure one program on all levels."""
    try:
        model = compile_for(path, states)
        return with_compile_seconds(measure_model(path, model, states, rounds), path)
    except (TranslationError, EncodingError) as error:
        reason, line = reason_of(error)
        place = "" if line is None else f"line {line}: "
        return Figures(program=variant_name(path), not_measured=f"not compiled: {place}{reason}")
    except ArithmeticError as error:
        return Figures(program=variant_name(path), not_measured=str(error))


def measure_model(path: Path, model: CompiledModel, states: Sequence[State], rounds: int) -> Figures:
    """Check and measure one compiled program on all levels.

    Raises:
        ArithmeticError: native code has no answer to a step, for a faulty program leaves the range of its values.
    """
    figures = Figures(program=variant_name(path))
    walkers = [(Walker(model.bind(state)), Walker(CSokobanProblem(state))) for state in states]
    with open_model(Program.from_file(path)) as reference:
        requests: list[list[StepRequest]] = []
        same_as_c = []
        for place, (compiled, by_hand) in enumerate(walkers):
            requests.append(check_against_reference(compiled, reference, seed=place))
            same_as_c.append(same_walk(compiled, by_hand, seed=place))
        figures = first_level(figures, walkers[0], reference, requests[0], rounds)
    figures = replace(figures, checked_steps=sum(map(len, requests)), same_as_c=all(same_as_c))
    return every_level(figures, walkers, rounds)


def check_against_reference(compiled: Walker, reference: RunningModel, seed: int) -> list[StepRequest]:
    """Return a walk's steps, on all of which compiled model and reference agree.

    Raises:
        AssertionError: they differ.
    """
    actions = draw_actions(CHECKED_STEPS, len(ACTIONS), seed)
    words, sums = compiled.trace(actions)
    following = [compiled.problem.decode(row) for row in words]
    initial = compiled.problem.decode(compiled.problem.initial_words)
    before = [initial if place % WALK_LENGTH == 0 else following[place - 1] for place in range(CHECKED_STEPS)]
    requests = [StepRequest(state, ACTIONS[action]) for state, action in zip(before, actions, strict=True)]
    rewards, dones, failed = 0.0, 0, 0
    for request, state, outcome in zip(requests, following, reference.step_many(requests), strict=True):
        expected = request.state if outcome.failed else outcome.next_state
        assert state == expected, f"{request.action} in {request.state}: {state}, the reference says {expected}"
        if outcome.failed or outcome.reward is None or outcome.done is None:
            failed += 1
        else:
            rewards += outcome.reward
            dones += outcome.done
    assert sums.sums == (rewards, dones, failed), f"{sums}, the reference says {rewards, dones, failed}"
    return requests


def same_walk(compiled: Walker, by_hand: Walker, seed: int) -> bool:
    """Whether compiled model and C walk through the same states, and sum up the same rewards (but for rounding)."""
    actions = draw_actions(CHECKED_STEPS, len(ACTIONS), seed)
    (words, sums), (c_words, c_sums) = compiled.trace(actions), by_hand.trace(actions)
    if (sums.dones, sums.failed) != (c_sums.dones, c_sums.failed) or abs(sums.rewards - c_sums.rewards) > 1e-6:
        return False
    return all(
        compiled.problem.decode(row) == by_hand.problem.decode(c_row) for row, c_row in zip(words, c_words, strict=True)
    )


def first_level(
    figures: Figures,
    walkers: tuple[Walker, Walker],
    reference: RunningModel,
    requests: Sequence[StepRequest],
    rounds: int,
) -> Figures:
    """Measure all three in turns on one level."""
    compiled, by_hand = walkers
    per_round = max(1, len(requests) // rounds)
    native, c, interpreted = list[WalkFigures](), list[WalkFigures](), list[ModelEvaluation]()
    for turn in range(rounds):
        actions = draw_actions(LONG_NATIVE_STEPS, len(ACTIONS), seed=turn)
        native.append(compiled.walk(actions))
        c.append(by_hand.walk(actions))
        interpreted.append(reference.evaluate(requests[turn * per_round : (turn + 1) * per_round]))
    whole = [1e3 * one.us_per_transition for one in interpreted]
    inside = [1e3 * one.us_in_program for one in interpreted]
    native_ns, native_cpu_ns, c_cpu_ns = [x.ns for x in native], [x.cpu_ns for x in native], [x.cpu_ns for x in c]
    return replace(
        figures,
        reference_us=statistics.median(whole) / 1e3,
        reference_us_in_program=statistics.median(inside) / 1e3,
        compiled_ns=statistics.median(native_cpu_ns),
        c_ns=statistics.median(c_cpu_ns),
        faster_than_reference=median_ratio(whole, native_ns),
        faster_than_in_program=median_ratio(inside, native_ns),
        slower_than_c=median_ratio(native_cpu_ns, c_cpu_ns),
    )


def every_level(figures: Figures, walkers: Sequence[tuple[Walker, Walker]], rounds: int) -> Figures:
    """Measure compiled model and C in turns on every level."""
    compiled_ns, c_ns, ratios = [], [], []
    for compiled, by_hand in walkers:
        native, c = [], []
        for turn in range(rounds):
            actions = draw_actions(NATIVE_STEPS, len(ACTIONS), seed=turn)
            native.append(compiled.walk(actions).cpu_ns)
            c.append(by_hand.walk(actions).cpu_ns)
        compiled_ns.append(statistics.median(native))
        c_ns.append(statistics.median(c))
        ratios.append(median_ratio(native, c))
    return replace(
        figures,
        all_levels_ns=statistics.mean(compiled_ns),
        all_levels_c_ns=statistics.mean(c_ns),
        all_levels_slower_than_c=statistics.mean(ratios),
    )


def median_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """Return the median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(numerators, denominators, strict=True))


def with_compile_seconds(figures: Figures, path: Path) -> Figures:
    """Compile in two fresh processes with a cache of their own, the first of which finds it empty."""
    script = Path(__file__).with_name("tasks") / "compile_once.py"
    with tempfile.TemporaryDirectory() as cache:
        search_path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "WC_ENGINE_CACHE": cache, "PYTHONPATH": search_path}
        command = [sys.executable, str(script), str(path)]
        cold, cached = (
            json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
            for _ in range(2)
        )
    return replace(
        figures,
        cold_seconds=cold["seconds"],
        cached_seconds=cached["seconds"],
        import_seconds=cached["import_seconds"],
    )


def table(figures: Sequence[Figures]) -> str:
    """Return the figures as a table in Markdown."""
    head = (
        "program",
        "reference µs (in its functions)",
        "compiled ns",
        "C ns",
        "reference / compiled (functions)",
        "compiled / C",
        "all levels: ns, / C",
        "compile s: cold, cached",
        "checked",
    )
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for one in figures:
        if one.not_measured is not None:
            lines.append(f"| {one.program} | {one.not_measured} |" + " |" * (len(head) - 2))
            continue
        cells = (
            one.program,
            f"{one.reference_us:.0f} ({one.reference_us_in_program:.0f})",
            f"{one.compiled_ns:.1f}",
            f"{one.c_ns:.1f}",
            f"{one.faster_than_reference:,.0f} ({one.faster_than_in_program:,.0f})",
            f"{one.slower_than_c:.2f}",
            f"{one.all_levels_ns:.1f}, {one.all_levels_slower_than_c:.2f}",
            f"{one.cold_seconds:.2f}, {one.cached_seconds:.2f}",
            f"{one.checked_steps}" + ("" if one.same_as_c else ", not the rules"),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--all", action="store_true", help="every Sokoban program of the corpus, too")
    parser.add_argument("--program", type=Path, action="append", help="this program only; may be repeated")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of measurement on each level")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    if not 1 <= arguments.rounds <= CHECKED_STEPS:
        parser.error(f"--rounds must be 1 to {CHECKED_STEPS}")
    paths = arguments.program or default_programs()
    if arguments.all:
        if not corpus_programs():
            parser.error("no shared corpus: set WC_ENGINE_DATA to its folder")
        paths = list(dict.fromkeys([*paths, *corpus_programs()]))
    states = levels()
    described = machine()
    print(", ".join(f"{key} {value}" for key, value in described.items()))
    figures = [measure(path, states, arguments.rounds) for path in paths]
    print(table(figures))
    if arguments.json is not None:
        report = {"machine": described, "programs": [asdict(one) for one in figures]}
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
