"""What commands write: readable text for people, or one JSON object for scripts.

Progress always goes to standard error. The result goes to standard output, and with ``--json`` nothing else does.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from wc_engine.errors import InternalError, TranslationError, WCEngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

__all__ = ["INTERRUPTED", "MISUSE", "NO", "YES", "JsonOption", "Output", "json_line", "message_of"]

YES, NO, MISUSE, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses."""

JsonOption = Annotated[
    bool, typer.Option("--json", help="Write one JSON object to standard output, and nothing else there.")
]


class Output:
    """Where a command writes.

    Args:
        as_json: the result is one JSON object.

    Attributes:
        report: the console for readable results; it is quiet where the result is JSON.
        progress: the console for progress, on standard error.
    """

    def __init__(self, *, as_json: bool) -> None:
        from rich.console import Console

        self._as_json = as_json
        self.report: Console = Console(quiet=as_json, highlight=False)
        self.progress: Console = Console(stderr=True, highlight=False)

    @property
    def as_json(self) -> bool:
        """Whether the result is one JSON object."""
        return self._as_json

    def note(self, message: str) -> None:
        """Write one line to standard error."""
        typer.echo(message, err=True)

    def finish(self, record: Mapping[str, object], status: int) -> NoReturn:
        """Write the result where it is JSON, and end the command."""
        if self._as_json:
            typer.echo(json_line(record))
        raise typer.Exit(status)


def json_line(record: Mapping[str, object]) -> str:
    """Return a record as one line of JSON; numbers that JSON does not know become null."""
    return json.dumps(_finite(record), ensure_ascii=False, allow_nan=False)


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def message_of(error: WCEngineError) -> str:
    """Return an error as one line: place, what is wrong, what to do."""
    if isinstance(error, TranslationError):
        place = "" if error.location is None else f"{error.location.file}:{error.location.line}: "
        text = f"{place}{error.message}"
        if error.location is not None:
            text += "; repair the program"
    elif isinstance(error, InternalError):
        text = f"a bug of wc_engine, please report it: {error}"
    else:
        text = str(error)
    return " ".join(text.split())
