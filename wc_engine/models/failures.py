"""How a call into a program can fail, and how that reads."""

from __future__ import annotations

from types import TracebackType

__all__ = ["CallTimeout", "InvalidOutcomeError", "describe_failure", "failure_line"]

_MAX_MESSAGE = 400


class InvalidOutcomeError(Exception):
    """What a program returned is no state, or no pair of reward and done."""


class CallTimeout(BaseException):
    """A call outran its time limit. No ``Exception``, so that ``except Exception`` in a program lets it pass."""


def describe_failure(error: BaseException, file: str) -> str:
    """Return the program's error as ``"KeyError: 'Player' (line 12)"``, with the innermost line in ``file``."""
    try:
        message = str(error)
    except CallTimeout:
        raise
    except BaseException:  # an exception class of the program whose own __str__ fails
        message = ""
    if len(message) > _MAX_MESSAGE:
        message = message[:_MAX_MESSAGE] + "..."
    text = "invalid outcome" if isinstance(error, InvalidOutcomeError) else type(error).__name__
    line = failure_line(error.__traceback__, file)
    return text + (f": {message}" if message else "") + ("" if line is None else f" (line {line})")


def failure_line(traceback: TracebackType | None, file: str) -> int | None:
    """Return the innermost line of ``file`` in a traceback, or None."""
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
