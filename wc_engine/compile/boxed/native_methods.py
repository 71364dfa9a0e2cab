"""Methods that the runtime has in C: those of the ``Entity`` class that programs are written against."""

from __future__ import annotations

import ast

from wc_engine.compile.prelude import prelude_method

__all__ = ["library_symbol", "native_symbol"]

_SYMBOLS = {
    "__init__": "wcb_entity_init",
    "__repr__": "wcb_entity_repr",
    "__eq__": "wcb_entity_eq",
    "__hash__": "wcb_entity_hash",
}


_LIBRARY = {("functools", "partial", "__call__"): "wcb_partial_call"}
"""Methods of classes of the library: what they do is said in Python there, and done in C."""


def library_symbol(module: str, class_name: str, node: ast.FunctionDef) -> str | None:
    """Return the C function that does what a method of the library does, if there is one."""
    return _LIBRARY.get((module, class_name, node.name))


def native_symbol(node: ast.FunctionDef) -> str | None:
    """Return the C function that does what a method does, if there is one."""
    name = prelude_method(node)
    return None if name is None else _SYMBOLS[name]
