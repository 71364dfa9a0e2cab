"""Classes: the entity classes of the prelude."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from wc_engine.compile.stage.values import ClassValue, Frame

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["define_class"]

_ENTITY = """
class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
"""
"""The contract of the prelude's class: what these three methods do is built into ``entities.py``."""


def _methods(node: ast.ClassDef) -> dict[str, str]:
    """The methods of a class as text that does not depend on layout, comments or names of parameters' hints."""
    result = {}
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name != "__repr__":
            body = [part for part in item.body if not _is_docstring(part)]
            plain = ast.FunctionDef(item.name, _without_hints(item.args), body, [])
            result[item.name] = ast.dump(ast.fix_missing_locations(plain))
    return result


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _without_hints(spec: ast.arguments) -> ast.arguments:
    def plain(argument: ast.arg | None) -> ast.arg | None:
        return None if argument is None else ast.arg(argument.arg)

    return ast.arguments(
        [ast.arg(a.arg) for a in spec.posonlyargs],
        [ast.arg(a.arg) for a in spec.args],
        plain(spec.vararg),
        [ast.arg(a.arg) for a in spec.kwonlyargs],
        spec.kw_defaults,
        plain(spec.kwarg),
        spec.defaults,
    )


def _prelude() -> dict[str, str]:
    node = ast.parse(_ENTITY).body[0]
    assert isinstance(node, ast.ClassDef)
    return _methods(node)


def define_class(m: Machine, node: ast.ClassDef, frame: Frame) -> ClassValue:
    """Return the class that a definition makes; only entity classes are translated."""
    if node.decorator_list or node.keywords:
        m.unsupported("this class is not translated yet", node)
    methods = _methods(node)
    others = [
        item for item in node.body if not isinstance(item, (ast.FunctionDef, ast.Pass)) and not _is_docstring(item)
    ]
    if not node.bases or (
        len(node.bases) == 1 and isinstance(node.bases[0], ast.Name) and node.bases[0].id == "object"
    ):
        if methods != _prelude() or others:
            m.unsupported("a class other than the prelude's Entity is not translated yet", node)
        return ClassValue(node.name, (node.name,))
    base = m.evaluate(node.bases[0], frame)
    if len(node.bases) > 1 or not isinstance(base, ClassValue) or methods or others:
        m.unsupported("an entity class with methods or attributes of its own is not translated yet", node)
    return ClassValue(node.name, (node.name, *base.ancestors))
