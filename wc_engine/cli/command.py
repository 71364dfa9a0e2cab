"""What every command does: take several values behind one option, and end in an exit status instead of a traceback."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand

from wc_engine.cli.output import INTERRUPTED, MISUSE, message_of
from wc_engine.errors import WCEngineError

__all__ = ["Command"]

_GREEDY = ("--data", "-d")
"""Options that take one value or more: ``--data one.jsonl two.jsonl``."""


class Command(TyperCommand):
    """A command whose errors are one line on standard error and an exit status."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse arguments, several values behind one ``--data`` included."""
        return super().parse_args(ctx, spread(args))

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except WCEngineError as error:
            typer.echo(f"wc-engine: {message_of(error)}", err=True)
            raise typer.Exit(MISUSE) from None
        except KeyboardInterrupt:
            typer.echo("wc-engine: stopped", err=True)
            raise typer.Exit(INTERRUPTED) from None


def spread(args: list[str]) -> list[str]:
    """Repeat a greedy option before each of its values; a Python program is the command's argument, never one of them.

    ``MODEL.py --data a b --json`` becomes ``MODEL.py --data a --data b --json``.
    """
    result: list[str] = []
    option = ""
    values = 0
    for position, argument in enumerate(args):
        if argument == "--":
            return result + args[position:]
        if argument.startswith("-") and argument != "-":
            option, values = (argument, 0) if argument in _GREEDY else ("", 0)
        elif option:
            if values and argument.endswith(".py"):
                option = ""
            elif values:
                result.append(option)
            values += 1
        result.append(argument)
    return result
