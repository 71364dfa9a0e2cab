"""``wc-engine show``: what a run did, as a tree of programs, as a difference, or as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wc_engine.cli.output import YES, JsonOption, Output
from wc_engine.errors import UserInputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    from wc_engine.runs.run_records import ProgramRecord, RunRecord

__all__ = ["show"]

_WIDTH = 160
"""Columns of the tree where it goes to a file."""

_MAX_NESTED = 12
"""Levels of the tree that are set off from each other; deeper ones stand below the last of them."""


def show(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")],
    diff: Annotated[
        int | None, typer.Option("--diff", metavar="N", help="What program N changed of its parent, and why.")
    ] = None,
    html: Annotated[
        str | None,
        typer.Option(
            "--html", metavar="[FILE.html]", help="Write one self-contained page; RUN/report.html by default."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show a run: the tree of its programs with their h, and what led to each.

    h is the share of constraints that a program meets: transitions reproduced (phi_1) and, where all are, initial
    states with a plan (phi_2). `--html` writes a page with the learning curve, a replay of every episode, the final
    program and the tree; it needs no network and no other file.

    Exit status: 0, or 2 where there is no run, or a file of it is damaged.

    **Examples**

    * `wc-engine show runs/sokoban-seed0`
    * `wc-engine show runs/sokoban-seed0 --diff 9`
    * `wc-engine show runs/sokoban-seed0 --html page.html`
    """
    from wc_engine.runs.run_records import read_run

    output = Output(as_json=as_json)
    record = read_run(run)
    answer = record.as_record()
    if diff is not None:
        lines = record.diff(diff)
        answer = {**record.programs[diff].as_record(), "diff": "\n".join(lines)}
        _show_diff(record.programs[diff], lines, output.report)
    elif html is None:
        _show_tree(record, output.report)
    if html is not None:
        page = Path(html) if html else run / "report.html"
        _write_page(record, page)
        answer["html"] = str(page)
        output.report.print(f"the page is {page}", markup=False, soft_wrap=True)
    output.finish(answer, YES)


def _write_page(record: RunRecord, page: Path) -> None:
    from wc_engine.runs.run_page import render_page

    text = render_page(record)
    try:
        page.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserInputError(f"cannot write the page: {error.strerror or error}", file=str(page)) from None


def _show_tree(record: RunRecord, console: Console) -> None:
    from rich.text import Text
    from rich.tree import Tree

    episodes = record.episodes
    wins = episodes[-1].wins if episodes else 0
    head = Text(f"{record.config.get('env')}, seed {record.config.get('seed')}: {record.steps} steps, ")
    head.append(f"{wins} of {len(episodes)} episodes won, {len(record.programs)} programs")
    if record.summary is None:
        head.append(" (not ended)", style="yellow")
    root = Tree(head, guide_style="dim")
    waiting = [(one, root, 0) for one in reversed(record.children(None))]
    while waiting:
        one, place, depth = waiting.pop()
        branch: Tree = place.add(_line(one, is_final=one.number == record.model))
        below = branch if depth < _MAX_NESTED else place
        waiting += [(child, below, depth + 1) for child in reversed(record.children(one.number))]
    if not console.is_terminal:
        console.width = max(console.width, _WIDTH)
    console.print(root, soft_wrap=True)


def _line(one: ProgramRecord, *, is_final: bool) -> Text:
    """Return a program as a line of the tree."""
    from rich.text import Text

    verdict = one.verdict
    line = Text(f"{one.number}  ", style="bold")
    if verdict is not None:
        style = "green" if verdict.phi_1 and verdict.phi_2 else "yellow" if verdict.phi_1 else "red"
        line.append(f"h {verdict.h:.3f}  ", style=style)
    line.append(f"{one.arm}, {one.proposal.proposer}, step {one.proposal.step}", style="not bold")
    if is_final:
        line.append("  <- the model", style="bold cyan")
    elif one.held_at:
        line.append("  held", style="cyan")
    if one.led_by is not None and one.led_by.transition is not None:
        line.append(f"  led by step {one.led_by.transition} ({one.led_by.action})", style="not bold dim")
    return line


def _show_diff(one: ProgramRecord, lines: list[str], console: Console) -> None:
    from rich.syntax import Syntax
    from rich.text import Text

    console.print(_line(one, is_final=False), soft_wrap=True)
    if one.led_by is not None:
        console.print(Text(f"led by {one.led_by.text}"), soft_wrap=True)
    if one.verdict is not None:
        console.print(Text(one.verdict.text), soft_wrap=True)
    if lines:
        highlighted = Syntax("", "diff", background_color="default").highlight("\n".join(lines))
        console.print(highlighted, soft_wrap=True)
    else:
        console.print("the text is that of its parent")
