"""The door of the compiler: where a bug of its own becomes a refusal, so that another tier takes the program."""

from __future__ import annotations

import os

from wc_engine.errors import SourceLocation, UnsupportedConstructError

__all__ = ["STRICT", "refusal_of"]

STRICT = "WC_ENGINE_STRICT"
"""Environment variable: where it is set, a bug of the compiler is raised as it is, for those who look for bugs."""


def refusal_of(error: Exception, location: SourceLocation | None = None) -> UnsupportedConstructError:
    """Return the refusal that stands for an unexpected exception; in strict mode raise the exception.

    Args:
        error: what the compiler raised.
        location: the place in the program that was being translated.
    """
    if os.environ.get(STRICT):
        raise error
    message = f"the compiler met a case that it does not know: {type(error).__name__}: {error}".rstrip(": ")
    return UnsupportedConstructError(message, location)
