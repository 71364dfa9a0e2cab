"""``wc-engine check``: phi_1, a program against recorded transitions, interpreted and compiled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wc_engine.cli.output import NO, YES, JsonOption, Output

if TYPE_CHECKING:
    from rich.console import Console

    from wc_engine.runs import CheckReport

__all__ = ["check"]

_SHOWN = 3
"""Counterexamples that are explained entity by entity."""


def check(
    model: Annotated[Path, typer.Argument(metavar="MODEL.py", help="The program.")],
    data: Annotated[list[Path], typer.Option("--data", "-d", help="Recorded transitions (.jsonl, .jsonl.gz).")],
    mission: Annotated[
        list[str] | None,
        typer.Option("--mission", "-m", help="Check the reward function on this mission's transitions (repeatable)."),
    ] = None,
    walk: Annotated[
        int, typer.Option("--walk", min=0, help="Compare interpreted and compiled along N random walks, too.")
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Decides the walks.")] = 0,
    trusted: Annotated[
        bool, typer.Option("--trusted", help="Run the program in this process: no sandbox, no limits.")
    ] = False,
    native: Annotated[
        bool,
        typer.Option("--native", help="Let compiled code judge; interpret what it finds wrong, and a sample."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a program against recorded transitions, interpreted and compiled side by side.

    The next state must be the recorded one; reward and done must be those recorded, for the recorded next state. Every
    step is made interpreted and compiled, and both must agree. Walks (20 steps each, inside the model) go where the
    data do not. A program that cannot be compiled is checked all the same. With --native a hundred thousand transitions
    take a second: the program is only interpreted where compiled code finds a transition wrong or has no answer, and
    on a sample of 200 others.

    Exit status: 0 all is right, 1 there are counterexamples or disagreements.

    **Examples**

    * `wc-engine check model.py --data transitions.jsonl`
    * `wc-engine check model.py --data one.jsonl.gz two.jsonl.gz --walk 200 --json`
    * `wc-engine check model.py --data large.jsonl.gz --native`
    """
    from wc_engine.models import Program
    from wc_engine.runs import CheckConfig, check_program, read_all_transitions

    output = Output(as_json=as_json)
    program = Program.from_file(model)
    missions = tuple(mission) if mission else None
    config = CheckConfig(missions=missions, walks=walk, seed=seed, trusted=trusted, native=native)
    with output.progress.status("reading transitions") as status:
        transitions = read_all_transitions(data)
        report = check_program(program, transitions, config, lambda phase: status.update(phase))
    _show(report, output.report)
    output.finish(report.as_record(), YES if report.holds else NO)


def _show(report: CheckReport, console: Console) -> None:
    from rich.markup import escape
    from rich.text import Text

    console.print(f"[bold]{escape(report.model)}[/bold] against {report.transitions} transitions", soft_wrap=True)
    console.print(_table(report))
    compiled = report.compiled
    if not compiled.supported:
        console.print(Text(f"not compiled, so it runs interpreted:\n{compiled.error}", style="yellow"))
    for counterexample in report.counterexamples[:_SHOWN]:
        console.print(Text(counterexample.explain()))
    hidden = len(report.counterexamples) - _SHOWN
    if hidden > 0:
        console.print(f"... and {hidden} more counterexamples")
    if report.holds:
        agreement = " and compiled code agrees with it" if compiled.supported else ""
        console.print(f"[green]phi_1 holds[/green]: the program reproduces every transition{agreement}.")
    elif report.counterexamples:
        console.print(f"[red]phi_1 fails[/red]: {len(report.counterexamples)} counterexamples.")
    if report.disagreements:
        console.print("[red]Compiled code disagrees with the reference: a bug of wc_engine, please report it.[/red]")


def _table(report: CheckReport) -> object:
    from rich.table import Table

    reference, compiled = report.reference, report.compiled
    table = Table("", "interpreted", "compiled", box=None, pad_edge=False)

    def ratio(correct: int, total: int) -> str:
        return f"{correct} of {total}"

    table.add_row("next state correct", ratio(reference.state_correct, report.transitions), "")
    table.add_row("reward and done correct", ratio(reference.reward_correct, reference.reward_checked), "")
    table.add_row("failed", str(reference.failed), "")
    if reference.asked < report.transitions:
        table.add_row("interpreted", ratio(reference.asked, report.transitions), "")
    if compiled.supported:
        steps = reference.asked + report.walked
        table.add_row("steps compared", "", f"{steps}, {report.walked} of them on walks")
        table.add_row("disagreements", "", str(report.disagreements))
        table.add_row("answered by the reference", "", str(compiled.fallbacks))
        table.add_row("compiled in", "", f"{compiled.compile_seconds:.2f} s")
    ns = "" if compiled.ns_per_transition is None else f"{compiled.ns_per_transition:,.1f} ns"
    table.add_row("time a transition", f"{reference.us_per_transition * 1000:,.0f} ns", ns)
    table.add_row("inside the program alone", f"{reference.us_in_program * 1000:,.0f} ns", "")
    return table
