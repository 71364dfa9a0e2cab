"""``wc-engine compile``: what of a program becomes native code, what does not, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wc_engine.cli.output import NO, YES, JsonOption, Output
from wc_engine.errors import UserInputError

if TYPE_CHECKING:
    from rich.console import Console

    from wc_engine.runs import CompileReport

__all__ = ["compile_model"]


def compile_model(
    model: Annotated[Path, typer.Argument(metavar="MODEL.py", help="The program.")],
    data: Annotated[
        list[Path], typer.Option("--data", "-d", help="Transitions (.jsonl, .jsonl.gz): states to be laid out for.")
    ],
    emit: Annotated[bool, typer.Option("--emit", help="Print the generated code, alone.")] = False,
    mission: Annotated[
        str | None, typer.Option("--mission", "-m", help="Whose reward function, where the program has several.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compile a program to native code; say what compiled, what did not, and why.

    A program that cannot be translated is no error: it runs interpreted wherever it is used. Where transition alone can
    be, or the reward function, that one runs natively. The exit status is 0 where all of it compiled and 1 where not.

    **Examples**

    * `wc-engine compile model.py --data transitions.jsonl`
    * `wc-engine compile model.py --data one.jsonl two.jsonl.gz --emit | less`
    """
    from wc_engine.models import Program
    from wc_engine.runs import compile_report, read_all_transitions

    if emit and as_json:
        raise UserInputError("--emit and --json both want standard output: choose one")
    output = Output(as_json=as_json)
    program = Program.from_file(model)
    transitions = read_all_transitions(data)
    report = compile_report(program, transitions, mission=mission)
    if emit:
        if report.compiled is None:
            if report.half is None:
                output.note(f"{report.explanation()}\nNothing was generated: the program runs interpreted.")
            else:
                output.note(f"{report.explanation()}\nOnly {report.half.part.value} was generated.")
                typer.echo(report.half.model.text, nl=False)
            raise typer.Exit(NO)
        typer.echo(report.compiled.text, nl=False)
        raise typer.Exit(YES)
    _show(report, output.report)
    output.finish(report.as_record(), YES if report.compiled is not None else NO)


def _show(report: CompileReport, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("function", "line", "native", box=None, pad_edge=False)
    for function in report.functions:
        native = {True: "[green]yes[/green]", False: "[red]no[/red]", None: "[dim]not reached[/dim]"}[function.native]
        table.add_row(function.name, str(function.line), native)
    console.print(table)
    if report.compiled is None:
        console.print(Text(f"\n{report.explanation()}"))
        if report.half is None:
            console.print("\nThe model runs interpreted: everything works, planning is slower.")
        else:
            left = ", ".join(sorted(report.half.stubs))
            console.print(Text(f"\n{report.half.part.value} runs natively; for this reason interpreted: {left}"))
        return
    facts = Table.grid(padding=(0, 2))
    facts.add_row("dynamic types", ", ".join(report.dynamic_types or ()) or "none")
    facts.add_row("static types", ", ".join(report.static_types or ()) or "none")
    facts.add_row("words a state", f"{report.words} (64 bits each), laid out for {report.num_states} states")
    facts.add_row("actions", ", ".join(report.compiled.actions))
    facts.add_row("compiled in", f"{report.compiled.compile_seconds:.2f} s")
    console.print()
    console.print(facts)
