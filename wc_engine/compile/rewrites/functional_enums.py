"""Enumerations that are made by a call become class statements.

Before::

    Color = Enum("Color", "RED GREEN")
    Cost = IntEnum("Cost", {"LOW": 1, "HIGH": 9})

After::

    class Color(Enum):
        RED = 1
        GREEN = 2
    class Cost(IntEnum):
        LOW = 1
        HIGH = 9

A call whose names are not written out, or whose result gets another name, stays a call.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wc_engine.compile.rewrites.trees import Imports, constant_value, store

__all__ = ["run"]

_BASES = ("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag")


def run(tree: ast.Module) -> ast.Module:
    """Rewrite the enumerations of a module that are made by calls."""
    _Rewriter(Imports(tree)).visit(tree)
    return tree


class _Rewriter(ast.NodeTransformer):
    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        call = node.value
        origin = self._imports.called(call)
        if origin not in _BASES or not isinstance(call, ast.Call) or call.keywords or len(call.args) != 2:
            return node
        name, target = call.args[0], node.targets[0]
        if not (isinstance(name, ast.Constant) and isinstance(target, ast.Name) and target.id == name.value):
            return node
        members = _members(call.args[1], origin)
        if len(node.targets) > 1 or not members:
            return node
        body: list[ast.stmt] = [store(member, value, call.args[1]) for member, value in members]
        made = ast.ClassDef(name=target.id, bases=[call.func], keywords=[], body=body, decorator_list=[])
        return ast.copy_location(made, node)


def _members(node: ast.expr, origin: str) -> list[tuple[str, ast.expr]]:
    """The members that the second argument describes; none where it does not say so in constants."""
    if isinstance(node, ast.Dict):
        pairs = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key is not None]
        names = [key.value for key, _ in pairs if isinstance(key, ast.Constant)]
        values = [value for _, value in pairs]
        return _paired(names, values) if len(names) == len(node.keys) else []
    if isinstance(node, (ast.List, ast.Tuple)) and all(isinstance(item, ast.Tuple) for item in node.elts):
        rows = [item.elts for item in node.elts if isinstance(item, ast.Tuple) and len(item.elts) == 2]
        names = [row[0].value for row in rows if isinstance(row[0], ast.Constant)]
        return _paired(names, [row[1] for row in rows]) if len(names) == len(node.elts) else []
    try:
        given = constant_value(node)
    except ValueError:
        return []
    texts = given.replace(",", " ").split() if isinstance(given, str) else given
    if not isinstance(texts, (list, tuple)):
        return []
    names = list(texts)
    values = [ast.copy_location(ast.Constant(_value(origin, place, text)), node) for place, text in enumerate(names)]
    return _paired(names, list(values))


def _value(origin: str, place: int, name: object) -> int | str:
    if origin == "enum.StrEnum":
        return str(name).lower()
    return 1 << place if "Flag" in origin else place + 1


def _paired(names: Sequence[object], values: list[ast.expr]) -> list[tuple[str, ast.expr]]:
    if not all(isinstance(name, str) and name.isidentifier() and not name.startswith("_") for name in names):
        return []
    return [(str(name), value) for name, value in zip(names, values, strict=True)]
