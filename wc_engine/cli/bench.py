"""``wc-engine bench``: how fast the planners are on this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wc_engine.cli.output import YES, Output, json_line
from wc_engine.errors import UserInputError

if TYPE_CHECKING:
    from rich.console import Console

    from wc_engine.runs.benchmarking import BenchConfig, BenchRow

__all__ = ["bench"]

_WIDTH = 140
"""Columns of the table where it goes to a file."""

_JSON = "Write the figures and the machine's description to this file; - for standard output."


def bench(
    context: typer.Context,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="A program's file, or module:function that returns a C-contract model."),
    ] = None,
    level: Annotated[Path | None, typer.Option("--level", "-l", help="A Sokoban level file; its first level.")] = None,
    planner: Annotated[
        list[str] | None, typer.Option("--planner", "-p", help="A planner to measure; may be repeated. Default: all.")
    ] = None,
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, help="Searches of each kind, at most; medians are shown.")
    ] = 3,
    states: Annotated[int, typer.Option("--states", min=1, help="States that a search expands at most.")] = 4_000_000,
    simulations: Annotated[int, typer.Option("--simulations", min=1, help="Simulations of mcts.")] = 30_000,
    json_file: Annotated[str | None, typer.Option("--json", metavar="FILE", help=_JSON)] = None,
    compare: Annotated[
        Path | None, typer.Option("--compare", metavar="OLD.json", help="Show rates over those of an earlier --json.")
    ] = None,
) -> None:
    """Measure the planners, each beside a program by hand in C where there is one.

    Without --model: Sokoban as a model in C by hand, and as a learned program, on a level of four boxes. A rate is of
    the processor's time, a ratio is ours over the yardstick's in the same round: trust ratios, rates vary with the
    machine. Plans are replayed and compared with those by hand. Without a C compiler there are no yardsticks.

    A model of your own is a program (`--model FILE.py --level FILE`), or any model of the C contract:
    `--model module:function`, where the function returns a problem, or a tuple of a capsule, the packed initial state
    and, where they have names, the actions.

    `wc-engine bench learning` measures learning instead: environment steps until models are right and levels are won.

    Exit status: 0, or 2 for misuse.

    **Examples**

    * `wc-engine bench --json today.json`
    * `wc-engine bench --compare yesterday.json --planner bfs --planner mcts`
    * `wc-engine bench --model runs/sokoban-seed0/model.py --level levels.xsb`
    """
    if context.invoked_subcommand is not None:
        return
    from wc_engine.planners import PLANNERS
    from wc_engine.runs.bench_targets import bench_targets
    from wc_engine.runs.benchmarking import BenchConfig, compare_rows, run_bench
    from wc_engine.runs.yardsticks import machine

    for name in planner or ():
        if name not in PLANNERS:
            raise UserInputError(f"--planner: unknown planner {name!r}: use one of {', '.join(sorted(PLANNERS))}")
    before = None if compare is None else _read(compare)
    output = Output(as_json=json_file == "-")
    config = BenchConfig(planners=tuple(planner or ()), rounds=rounds, max_expanded=states, max_simulations=simulations)
    rows: list[BenchRow] = []
    targets = bench_targets(model, level, output.note)
    try:
        with output.progress.status("measuring") as status:
            for row in run_bench(targets, config):
                rows.append(row)
                status.update(f"{row.planner}: {row.task}")
    finally:
        for target in targets:
            target.close()
    records = [row.as_record() for row in rows]
    ratios = {} if before is None else compare_rows(records, before)
    record: dict[str, object] = {"machine": machine(), "config": _settings(config), "figures": records}
    if before is not None:
        record["ratios_to_old"] = ratios
    _show(rows, ratios, record["machine"], output.report, compared=before is not None)
    if json_file is not None and json_file != "-":
        _write(Path(json_file), record)
    output.finish(record, YES)


def _settings(config: BenchConfig) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(config)


def _read(path: Path) -> Sequence[dict[str, object]]:
    """Return the rows of an earlier run."""
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
        if not all({"task", "planner", "unit", "rate"} <= row.keys() for row in figures):
            raise KeyError("figures")
    except OSError as error:
        raise UserInputError(f"cannot read earlier figures: {error.strerror or error}", file=str(path)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserInputError("no figures of `wc-engine bench --json`: give such a file", file=str(path)) from None
    rows: Sequence[dict[str, object]] = figures
    return rows


def _write(path: Path, record: Mapping[str, object]) -> None:
    try:
        path.write_text(json_line(record) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserInputError(f"cannot write figures: {error.strerror or error}", file=str(path)) from None


def _show(
    rows: Sequence[BenchRow], ratios: Mapping[str, float], machine: Any, console: Console, *, compared: bool
) -> None:
    from rich.table import Table

    if not console.is_terminal:
        console.width = max(console.width, _WIDTH)
    described = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in machine.items())
    console.print(described, markup=False, soft_wrap=True)
    table = Table("task", "planner", box=None, pad_edge=False)
    for heading in ("rate", "ratio", "bytes a state", "seconds"):
        table.add_column(heading, justify="right")
    table.add_column("ended")
    if compared:
        table.add_column("new / old", justify="right")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} of {row.yardstick}"
        held = "" if row.bytes_per_state is None else f"{row.bytes_per_state:,.1f}"
        cells = [
            row.task,
            row.planner,
            f"{_short(row.rate)} {row.unit}/s",
            ratio,
            held,
            f"{row.seconds:.3f}",
            row.status,
        ]
        table.add_row(*cells, *([f"{ratios[row.key]:.2f}" if row.key in ratios else ""] if compared else []))
    console.print(table)


def _short(rate: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if rate >= size:
            return f"{rate / size:.3g} {letter}"
    return f"{rate:.3g}"
