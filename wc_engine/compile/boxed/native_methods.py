"""Methods that the runtime has in C: those of the ``Entity`` class that programs are written against."""

from __future__ import annotations

import ast
from functools import cache

from wc_engine.compile.boxed.scopes import all_parameters

__all__ = ["library_symbol", "native_symbol"]

_ENTITY = """
class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __repr__(self):
        attr = ', '.join(f'{key}={value}' for key, value in self.__dict__.items() if key not in ('name', 'x', 'y'))
        if attr: return f"{self.name}({self.x}, {self.y}, {attr})"
        else: return f"{self.name}({self.x}, {self.y})"
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
"""
"""The contract of the class: what its methods do is built into ``csrc/boxed``."""

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
    """Return the C function that does what a method does, if there is one; layout, comments and hints do not matter."""
    symbol = _SYMBOLS.get(node.name)
    if symbol is None or node.decorator_list or _plain(node) != _known()[node.name]:
        return None
    return symbol


@cache
def _known() -> dict[str, str]:
    (definition,) = ast.parse(_ENTITY).body
    assert isinstance(definition, ast.ClassDef)
    return {item.name: _plain(item) for item in definition.body if isinstance(item, ast.FunctionDef)}


def _plain(node: ast.FunctionDef) -> str:
    body = [item for item in node.body if not _is_docstring(item)]
    names = [item.arg for item in all_parameters(node.args)]
    shape = (len(node.args.args), node.args.vararg is not None, node.args.kwarg is not None)
    defaults = [ast.dump(item) for item in node.args.defaults]
    return repr((names, shape, defaults, [ast.dump(item) for item in body]))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
