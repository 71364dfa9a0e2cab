"""``wc-engine solve``: solve Sokoban levels with a model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wc_engine.cli.output import INTERRUPTED, NO, YES, JsonOption, Output
from wc_engine.errors import UserInputError
from wc_engine.interrupts import remembered_interrupts

if TYPE_CHECKING:
    from rich.console import Console

    from wc_engine.models import Program
    from wc_engine.runs import LevelResult, LevelSet, LevelTask, SolveConfig

__all__ = ["solve"]

_SHOWN = 20
"""Unsolved levels that are listed."""


def solve(
    levels: Annotated[
        list[str], typer.Argument(metavar="LEVELS...", help="Level files, folders of them, or patterns in quotes.")
    ],
    model: Annotated[Path, typer.Option("--model", "-m", help="The program that plans are made with.")],
    planner: Annotated[
        str,
        typer.Option("--planner", "-p", help="auto, bfs or astar (shortest plans), idastar, greedy, bfws, mcts or vi."),
    ] = "auto",
    time_limit: Annotated[float, typer.Option("--time-limit", "-t", help="Seconds for each level.")] = 10.0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that solve levels.")] = 1,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of planners that draw at random.")] = 0,
    trusted: Annotated[
        bool, typer.Option("--trusted", help="Run a program that does not compile without the sandbox.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Solve Sokoban levels with a learned model.

    LEVELS are files as people exchange them (Boxoban, .xsb, .sok, .txt), folders (their .txt, .xsb and .sok files), or
    patterns. The model is compiled once and bound to each level; every plan is replayed in the real environment before
    its level counts as solved. A bad level gets a line on standard error and counts as invalid, not as unsolved.

    Exit status: 0 every valid level is solved, 1 some are not, 2 there is no valid level. Ctrl-C keeps what is done.

    **Examples**

    * `wc-engine solve levels.xsb --model runs/sokoban-seed0/model.py`
    * `wc-engine solve boxoban/ --model model.py --planner bfs --time-limit 2 --jobs 4 --json`
    """
    from wc_engine.models import Program
    from wc_engine.planners import PLANNERS
    from wc_engine.runs import SolveConfig, read_level_set, summarize

    if planner not in PLANNERS:
        raise UserInputError(f"--planner: unknown planner {planner!r}: use one of {', '.join(sorted(PLANNERS))}")
    if not time_limit > 0:
        raise UserInputError(f"--time-limit: expected a number of seconds above 0, got {time_limit:g}")
    start = time.perf_counter()
    output = Output(as_json=as_json)
    program = Program.from_file(model)
    found = read_level_set(levels)
    for error in (*found.skipped, *found.bad_levels):
        output.note(str(error))
    if not found.levels:
        raise UserInputError(f"no valid level in {', '.join(levels)}: nothing to solve")
    config = SolveConfig(planner=planner, time_limit_seconds=time_limit, trusted=trusted, seed=seed)
    solving = _Solving(output, program, config, found)
    solving.run(jobs)
    results = solving.all_results()
    report = summarize(results, seconds=time.perf_counter() - start, planner=planner)
    _show(report, results, output.report)
    if solving.interrupted:
        output.note("stopped: the levels after the last one that was finished were not tried")
        output.finish(report, INTERRUPTED)
    output.finish(report, YES if report["solved"] == len(found.levels) else NO)


class _Solving:
    """Solves levels while somebody watches; keeps what is done when it is interrupted."""

    def __init__(self, output: Output, program: Program, config: SolveConfig, found: LevelSet) -> None:
        from wc_engine.runs import LevelTask

        self.interrupted = False
        self._output = output
        self._program = program
        self._config = config
        self._found = found
        self._tasks = [LevelTask(level.file, level.index, level.state) for level in found.levels]
        self._done: dict[tuple[str, int], LevelResult] = {}

    def run(self, jobs: int) -> None:
        """Solve all levels, or as many as there is patience for."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        console = self._output.progress
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            bar = progress.add_task("compiling", total=len(self._tasks))
            try:
                solved = 0
                with remembered_interrupts() as raise_if_interrupted:
                    for result in self._results(jobs):
                        self._done[result.file, result.index] = result
                        solved += result.solved
                        progress.update(bar, advance=1, description=f"{solved} solved")
                        if result.message:
                            self._output.note(f"{result.file}: level {result.index + 1}: {result.message}")
                        raise_if_interrupted()
                        if result.status == "interrupted":
                            raise KeyboardInterrupt
            except KeyboardInterrupt:
                self.interrupted = True

    def _results(self, jobs: int) -> Iterator[LevelResult]:
        from wc_engine.runs import LevelSolver, solve_in_parallel

        states = [task.state for task in self._tasks]
        with LevelSolver(self._program, states, self._config) as solver:
            if solver.reason is not None:
                but = "" if solver.half is None else f" but for {solver.half.part.value}"
                self._output.note(f"the model runs interpreted{but}, it does not compile: {solver.reason}")
            if jobs == 1 or len(self._tasks) == 1:
                yield from map(solver.solve, self._tasks)
            else:
                jobs = min(jobs, len(self._tasks))
                yield from solve_in_parallel(self._program, states, self._config, self._tasks, jobs=jobs)

    def all_results(self) -> list[LevelResult]:
        """Return one result for each level of each file, in order: those not tried and the bad ones, too."""
        from wc_engine.planners import SearchStatus
        from wc_engine.runs import INVALID, LevelResult

        order = {file: number for number, file in enumerate(self._files())}
        results = [
            self._done.get((task.file, task.index)) or LevelResult.unsolved(task, SearchStatus.INTERRUPTED)
            for task in self._tasks
        ]
        for error in self._found.bad_levels:
            file = error.file or ""
            results.append(LevelResult(file=file, index=error.index, solved=False, status=INVALID))
        return sorted(results, key=lambda result: (order[result.file], result.index))

    def _files(self) -> dict[str, None]:
        tasks: list[LevelTask] = self._tasks
        return dict.fromkeys([*(task.file for task in tasks), *(error.file or "" for error in self._found.bad_levels)])


def _show(report: dict[str, object], results: list[LevelResult], console: Console) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table("file", box=None, pad_edge=False)
    for heading in ("levels", "solved", "invalid", "longest plan"):
        table.add_column(heading, justify="right")
    for file in dict.fromkeys(result.file for result in results):
        own = [result for result in results if result.file == file]
        longest = max((result.length or 0 for result in own if result.solved), default=0)
        invalid = sum(result.status == "invalid" for result in own)
        solved = sum(result.solved for result in own)
        table.add_row(escape(file), str(len(own)), str(solved), str(invalid), str(longest) if longest else "")
    console.print(table)
    unsolved = [result for result in results if not result.solved and result.status != "invalid"]
    for result in unsolved[:_SHOWN]:
        console.print(f"not solved: {escape(result.file)}, level {result.index + 1}: {result.status}", soft_wrap=True)
    if len(unsolved) > _SHOWN:
        console.print(f"... and {len(unsolved) - _SHOWN} more")
    rate = report["expanded_per_second"]
    console.print(
        f"[bold]{report['solved']} of {report['levels']} levels solved[/bold] in {report['seconds']} s, median "
        f"{report['median_seconds']} s a level, {report['expanded']:,} states expanded"
        + ("" if rate is None else f" ({rate:,} a second)")
    )
