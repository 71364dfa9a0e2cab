"""Imports: a module's name means what the linker found; names taken from a module are bound to their values."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import STATEMENTS, Frame, lowers

__all__: list[str] = []


@lowers(STATEMENTS, ast.Import)
def import_(frame: Frame, node: ast.Import) -> None:
    """``import a``: nothing happens; ``a.b`` is looked up when the program is compiled."""
    for alias in node.names:
        frame.links.check_module(frame, alias.name, node)


@lowers(STATEMENTS, ast.ImportFrom)
def import_from(frame: Frame, node: ast.ImportFrom) -> None:
    """``from a import b as c``."""
    module = node.module or ""
    if module == "__future__":
        return
    for alias in node.names:
        if alias.name == "*":
            frame.tables.unsupported(node, "import * is not translated; name what is used")
        value = frame.links.member_value(frame, module, alias.name, node)
        frame.store_name(alias.asname or alias.name, value)
