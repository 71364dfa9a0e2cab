"""What a rewrite raises where it cannot give the program its meaning."""

from __future__ import annotations

import ast

from wc_engine.errors import SourceLocation, UnsupportedConstructError

__all__ = ["Refused"]


class Refused(UnsupportedConstructError):
    """A construct that is not rewritten.

    Attributes:
        node: the construct. The rewrites know neither file nor text, so the location has only line and column.
    """

    def __init__(self, node: ast.AST, message: str) -> None:
        self.node = node
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        super().__init__(message, SourceLocation("<program>", line, column))

    def located(self, file: str, text: str) -> UnsupportedConstructError:
        """Return the error with the place in a program's text."""
        line, column = getattr(self.node, "lineno", 1), getattr(self.node, "col_offset", 0)
        return UnsupportedConstructError(self.message, SourceLocation(file, line, column, text.splitlines()[line - 1]))
