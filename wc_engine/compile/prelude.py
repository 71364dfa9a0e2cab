"""The ``Entity`` class that programs are written against, and which methods of a program's classes do the same.

What these methods do is built into both tiers. A method is one of them whatever its comments, hints and names of
variables are (those of x and y apart, which calls mention). A hash of the sorted items is the same where a key says
that they are sorted by name, which they are in any case.
"""

from __future__ import annotations

import ast
from functools import cache

from wc_engine.models.parsing import parse_module

__all__ = ["prelude_method"]

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
_SORTED_BY_NAME = """
def __hash__(self):
    return hash(tuple(sorted(self.__dict__.items(), key=lambda item: item[0])))
"""
_KEPT = frozenset(["getattr", "setattr", "hash", "tuple", "sorted", "all"])
"""Names of builtins in these methods; others are variables, and may be called anything."""


def prelude_method(node: ast.FunctionDef) -> str | None:
    """Return the name of the method of the prelude that a method does the same as, or None."""
    return None if node.decorator_list else _known().get(_shape(node))


@cache
def _known() -> dict[str, str]:
    (entity,), (by_name,) = parse_module(_ENTITY).body, parse_module(_SORTED_BY_NAME).body
    assert isinstance(entity, ast.ClassDef)
    return {_shape(item): item.name for item in (*entity.body, by_name) if isinstance(item, ast.FunctionDef)}


def _shape(node: ast.FunctionDef) -> str:
    """A method as text that depends on neither layout, comments, hints nor the names of its variables."""
    names = {item.arg: item.arg for item in node.args.args[1:]} if node.name == "__init__" else {}

    def plain(value: object) -> str:
        match value:
            case ast.arg(arg=name):
                return names.setdefault(name, f"variable {len(names)}")
            case ast.Name(id=name) if name not in _KEPT:
                return names.setdefault(name, f"variable {len(names)}")
            case ast.Expr(value=ast.Constant()):
                return ""
            case ast.AST():
                # A comprehension binds its variables before its element reads them.
                fields = sorted(value._fields, key=lambda field: field != "generators")
                return f"{type(value).__name__}({', '.join(plain(getattr(value, field, None)) for field in fields)})"
            case list():
                return f"[{', '.join(filter(None, map(plain, value)))}]"
            case _:
                return repr(value)

    return f"{node.name}({plain(node.args)}): {plain(node.body)}"
