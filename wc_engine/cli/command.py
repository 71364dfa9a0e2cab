"""What every command does: take several values behind one option, and end in an exit status instead of a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from wc_engine.cli.output import INTERRUPTED, MISUSE, message_of
from wc_engine.errors import WCEngineError

__all__ = ["Command", "CommandGroup"]

_GREEDY = ("--data", "-d")
"""Options that take one value or more: ``--data one.jsonl two.jsonl``."""

_PAGE = "--html"
"""An option whose value may be left out: what follows it is its value where it is the name of such a page."""


class Command(TyperCommand):
    """A command whose errors are one line on standard error and an exit status."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse arguments, several values behind one ``--data`` and none behind ``--html`` included."""
        return super().parse_args(ctx, completed(spread(args)))

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _ended_by_errors():
            return super().invoke(ctx)


class CommandGroup(TyperGroup):
    """A command with commands below it, whose errors end it likewise."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command, or the one below it."""
        with _ended_by_errors():
            return super().invoke(ctx)


@contextmanager
def _ended_by_errors() -> Iterator[None]:
    """Make one line of an error, and an exit status."""
    try:
        yield
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


def completed(args: list[str]) -> list[str]:
    """Put an empty value behind an ``--html`` that has none: ``show RUN --html`` becomes ``show RUN --html ''``."""
    result: list[str] = []
    for position, argument in enumerate(args):
        if argument == "--":
            return result + args[position:]
        result.append(argument)
        following = args[position + 1] if position + 1 < len(args) else ""
        if argument == _PAGE and not following.endswith((".html", ".htm")):
            result.append("")
    return result
