"""The application: its commands and what they have in common."""

from __future__ import annotations

from typing import Annotated

import typer

from wc_engine import __version__
from wc_engine.cli.bench import bench
from wc_engine.cli.bench_learning import bench_learning
from wc_engine.cli.check import check
from wc_engine.cli.command import Command, CommandGroup
from wc_engine.cli.compile import compile_model
from wc_engine.cli.envs import envs
from wc_engine.cli.learn import learn
from wc_engine.cli.record import record
from wc_engine.cli.show import show
from wc_engine.cli.solve import solve

__all__ = ["app", "main"]

app = typer.Typer(
    name="wc-engine",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wc-engine {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Learn a world model as a Python program, compile it, and plan with it natively.

    Begin with `wc-engine learn sokoban`; it says what to do with the model that it writes.

    Exit status of every command: 0 yes, 1 the answer is no (counterexamples, unsolved levels), 2 misuse or unreadable
    input, 130 stopped by Ctrl-C.
    """


app.command("learn", cls=Command)(learn)
app.command("show", cls=Command)(show)
app.command("solve", cls=Command)(solve)
app.command("check", cls=Command)(check)
app.command("compile", cls=Command)(compile_model)
app.command("record", cls=Command)(record)
app.command("envs", cls=Command)(envs)

benches = typer.Typer(rich_markup_mode="markdown", context_settings={"help_option_names": ["-h", "--help"]})
benches.callback(cls=CommandGroup, invoke_without_command=True)(bench)
benches.command("learning", cls=Command)(bench_learning)
app.add_typer(benches, name="bench")


def main() -> None:
    """Run the command line on the arguments of the process."""
    app(prog_name="wc-engine")
