"""Functions of standard modules that are written in Python (``library/``): followed as the program's own are.

A module is loaded where it is imported. Its lines are numbered beyond those of any program, so that places in the plan
(``plan.Site``) cannot be confused, and a message names the line of the program that called it.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from wc_engine.compile.stage.functions import local_names
from wc_engine.compile.stage.modules import MEMBERS, TYPING
from wc_engine.compile.stage.values import UNBOUND, Builtin, Closure, Frame, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["attribute_of_function", "member_of"]

_FOLDER = Path(__file__).parent / "library"
_LINES = 1_000_000
"""Lines of guest modules have larger numbers than this."""

_OWN = frozenset({"_staged.memoised", "_staged.refused", "_staged.renamed"})
"""What guest modules import from nowhere: ``cached_functions.py``."""


@cache
def _module(name: str) -> ast.Module | None:
    """Return the tree of a guest module; None where there is none of the name."""
    names = sorted(path.stem for path in _FOLDER.glob("[a-z]*.py"))
    if name not in names:
        return None
    tree = ast.parse((_FOLDER / f"{name}.py").read_text(encoding="utf-8"), filename=f"<{name}>")
    ast.increment_lineno(tree, _LINES * (1 + names.index(name)))
    return tree


def member_of(m: Machine, module: str, name: str) -> Value | None:
    """Return what a standard module binds a name to; None where that is not translated."""
    if module == "typing":
        return TYPING
    qualified = f"{module}.{name}"
    if qualified in MEMBERS:
        return MEMBERS[qualified]
    if qualified in _OWN:
        return Builtin(qualified)
    return None if name.startswith("_") else _guest_member(m, module, name)


def attribute_of_function(m: Machine, function: Closure, name: str) -> Value | None:
    """Return an attribute of a function of a guest module; None where it has none of the name."""
    module = function.frame.name[1:-1]
    is_guest = m.guest_frames.get(module) is function.frame
    return _guest_member(m, module, f"_{function.name}_{name}") if is_guest else None


def _guest_member(m: Machine, module: str, name: str) -> Value | None:
    """Return a function of a guest module, which is loaded where it was not."""
    tree = _module(module)
    if tree is None or not any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body):
        return None
    if module not in m.guest_frames:
        frame = Frame({known: m.new_cell(UNBOUND) for known in local_names(tree)}, None, f"<{module}>")
        m.guest_frames[module] = frame
        m.lasting_cells.update(frame.cells.values())
        node = m.node
        m.execute(tree.body, frame)
        m.node = node
    value = m.store.cells.get(m.guest_frames[module].cells[name], UNBOUND)
    if value == UNBOUND:
        m.unsupported(f"{module}.{name}, which another path has imported,")
    return value
