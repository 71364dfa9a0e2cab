"""``wc-engine bench learning``: how many steps learning takes, with the paper's ablations, over seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wc_engine.cli.output import YES, JsonOption, Output, json_line
from wc_engine.errors import UserInputError

if TYPE_CHECKING:
    from rich.console import Console

    from wc_engine.runs.learning_bench import LearningResult
    from wc_engine.runs.learning_tasks import LearningTask

__all__ = ["bench_learning"]

_WIDTH = 130


def bench_learning(
    seeds: Annotated[
        int | None, typer.Option("--seeds", min=1, help="Seeds 0 to N-1 of every task; by default seed 0 of a few.")
    ] = None,
    task: Annotated[list[str] | None, typer.Option("--task", "-t", help="A task; may be repeated.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder of runs, pictures and learning.json.")] = Path(
        "learning"
    ),
    as_json: JsonOption = False,
) -> None:
    """Measure how many environment steps learning takes, and what it is without phi_2, without phi_2 and
    novelty, and without transfer (the paper's ablations are the first and the last).

    Tasks: sokoban, teleport, doorkey, curriculum (Empty, DoorKey, Unlock, Fetch, UnlockPickup), blocked
    (BlockedUnlockPickup, from the program of the curriculum). Without options: sokoban and doorkey, seed 0. A run is
    stopped at twice the steps that are wanted. Each task gets a picture (PNG and SVG) with learning curves, beside what
    the paper reports of WorldCoder, PPO and DreamerV3: that is quoted, not rerun.

    Runs that are done are not made again, and one that was broken off is taken up: the same command goes on after
    Ctrl-C, and more seeds only add runs.

    Exit status: 0, or 2 for misuse.

    **Examples**

    * `wc-engine bench learning`
    * `wc-engine bench learning --seeds 5 --out learning`
    * `wc-engine bench learning --task doorkey --seeds 3 --json`
    """
    from wc_engine.runs.learning_bench import learning_runs, run_learning
    from wc_engine.runs.learning_plots import plot_task
    from wc_engine.runs.learning_tasks import LEARNING_TASKS
    from wc_engine.runs.yardsticks import machine

    output = Output(as_json=as_json)
    names = [one.name for one in LEARNING_TASKS]
    for name in task or ():
        if name not in names:
            raise UserInputError(f"--task: unknown task {name!r}: use one of {', '.join(names)}")
    tasks = [one for one in LEARNING_TASKS if (one.name in task if task else seeds is not None or one.is_quick)]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserInputError(f"cannot write to this folder: {error.strerror or error}", file=str(out)) from None
    results: list[LearningResult] = []
    runs = learning_runs(tasks, seeds or 1, out)
    with output.progress.status("learning") as status:
        for number, run in enumerate(runs, start=1):
            title = f"{run.task.name}, {run.variant.name}, seed {run.seed} ({number} of {len(runs)})"
            status.update(title)
            result = run_learning(
                run,
                lambda event, title=title: status.update(f"{title}: step {event.progress.steps}"),  # type: ignore[misc]
            )
            results.append(result)
            output.note(f"{title}: {result.steps} steps, {'won' if result.won else 'not won'}")
    pictures = [file for one in tasks for file in plot_task(one, _of(results, one), out)]
    record: dict[str, object] = {
        "machine": machine(),
        "seeds": seeds or 1,
        "tasks": [_task_record(one, _of(results, one)) for one in tasks],
        "results": [one.as_record() for one in results],
        "pictures": [str(file) for file in pictures],
    }
    (out / "learning.json").write_text(json_line(record) + "\n", encoding="utf-8")
    _show(tasks, results, output.report)
    output.report.print(f"pictures and learning.json are in {out}", markup=False, soft_wrap=True)
    output.finish(record, YES)


def _of(results: Sequence[LearningResult], task: LearningTask) -> list[LearningResult]:
    return [one for one in results if one.run.task == task]


def _groups(task: LearningTask, results: Sequence[LearningResult]) -> Iterator[tuple[str, list[LearningResult]]]:
    for variant in task.variants:
        own = [one for one in results if one.run.task == task and one.run.variant == variant]
        if own:
            yield variant.name, own


def _task_record(task: LearningTask, results: Sequence[LearningResult]) -> Mapping[str, object]:
    from dataclasses import asdict

    from wc_engine.runs.learning_bench import medians_of

    return {
        "task": task.name,
        "env": task.env,
        "wanted": asdict(task.target),
        "medians": {name: asdict(medians_of(own)) for name, own in _groups(task, results)},
        "quotes": [asdict(quote) for quote in task.quotes],
    }


def _show(tasks: Sequence[LearningTask], results: Sequence[LearningResult], console: Console) -> None:
    from rich.table import Table

    from wc_engine.runs.learning_bench import medians_of

    if not console.is_terminal:
        console.width = max(console.width, _WIDTH)
    table = Table("task", "variant", box=None, pad_edge=False)
    for heading in ("exact model", "first win", "ten wins in a row", "won", "seconds"):
        table.add_column(heading, justify="right")
    for task in tasks:
        for name, own in _groups(task, results):
            medians, target = medians_of(own), task.target
            # What is wanted is wanted of the whole; the ablations stand beside it.
            wanted = (target.exact, target.first_win, target.streak) if name == "whole" else (None, None, None)
            figures = (medians.exact, medians.first_win, medians.streak)
            won = sum(one.won for one in own)
            cells = [_cell(figure, want) for figure, want in zip(figures, wanted, strict=True)]
            if target.exact is None:
                cells[0] = "-"
            table.add_row(task.name, name, *cells, f"{won} of {len(own)}", f"{sum(one.seconds for one in own):.0f}")
    console.print("Environment steps, medians over seeds; in brackets what is wanted.")
    console.print(table)
    for variant in dict.fromkeys(one.run.variant for one in results):
        if variant.about:
            console.print(f"{variant.name}: {variant.about}", markup=False, soft_wrap=True)
    for text in dict.fromkeys(f"{quote.text} [{quote.source}]" for task in tasks for quote in task.quotes):
        console.print(f"quoted: {text}", markup=False, soft_wrap=True)


def _cell(figure: float | None, wanted: int | None) -> str:
    text = "never" if figure is None else f"{figure:g}"
    return text if wanted is None else f"{text} ({wanted})"
