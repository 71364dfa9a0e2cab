"""Text to syntax trees, in one thread at a time.

CPython 3.11 counts the depth of the tree that it hands out in one place for all threads: where another thread parses
meanwhile, it raises ``SystemError: AST constructor recursion depth mismatch``. Warnings are switched off and on for all
threads, too.
"""

from __future__ import annotations

import ast
import threading
import warnings

__all__ = ["parse_expression", "parse_module"]

_PARSING = threading.Lock()


def parse_module(text: str, file: str = "<unknown>") -> ast.Module:
    """Return the syntax tree of a program; what it warns of is dropped.

    Raises:
        SyntaxError: it is no program.
        ValueError: it contains characters that no program has.
        RecursionError, MemoryError: it is nested too deeply.
    """
    with _PARSING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a program's doubtful escapes are not our user's concern
        return ast.parse(text, filename=file)


def parse_expression(text: str) -> ast.expr:
    """Return the syntax tree of an expression.

    Raises:
        SyntaxError: it is none.
    """
    with _PARSING:
        return ast.parse(text, mode="eval").body
