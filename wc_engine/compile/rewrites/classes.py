"""What a module's text says of its classes."""

from __future__ import annotations

import ast
import builtins

from wc_engine.compile.rewrites.trees import constant_value

__all__ = ["MATCHING_THEMSELVES", "ClassTable", "bound_names"]

MATCHING_THEMSELVES = frozenset(["bool", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"])
"""Built-in types whose class patterns match the subject itself with their only position."""

_TYPES = frozenset(name for name, value in vars(builtins).items() if isinstance(value, type))


def bound_names(tree: ast.Module) -> dict[str, list[ast.AST]]:
    """Return everything that binds each name, anywhere in a module."""
    bound: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        names: list[str | None] = []
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                names = [name]
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
            case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
                names = [name]
            case ast.MatchMapping(rest=name):
                names = [name]
            case ast.Import() | ast.ImportFrom():
                names = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        for bound_name in names:
            if bound_name is not None:
                bound.setdefault(bound_name, []).append(node)
    return bound


class ClassTable:
    """The classes at the top of a module that their names always mean, and built-in types.

    Args:
        tree: the module.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._bound = bound_names(tree)
        self._top = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}

    def binds(self, name: str) -> bool:
        """Whether the module binds a name anywhere."""
        return name in self._bound

    def is_builtin(self, name: str) -> bool:
        """Whether a name means a built-in type everywhere."""
        return name in _TYPES and name not in self._bound

    def definition(self, name: str) -> ast.ClassDef | None:
        """Return the class that a name means everywhere, or None."""
        node = self._top.get(name)
        return node if node is not None and self._bound[name] == [node] and not node.decorator_list else None

    def is_class(self, name: str) -> bool:
        """Whether a name means one class everywhere."""
        return self.is_builtin(name) or self.definition(name) is not None

    def match_names(self, name: str, count: int) -> list[str] | None:
        """Return the attributes of the positions of a class pattern, or None where they are found at run time."""
        if count == 0:
            return []
        node = self.definition(name)
        if node is None:
            return None
        values = [
            item.value
            for item in node.body
            if isinstance(item, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == "__match_args__" for target in item.targets)
        ]
        if not values:
            bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
            return self.match_names(bases[0], count) if len(bases) == len(node.bases) == 1 else None
        try:
            names = constant_value(values[-1])
        except ValueError:
            return None
        fits = isinstance(names, tuple) and len(names) >= count and all(isinstance(item, str) for item in names)
        return list(names[:count]) if fits else None  # type: ignore[index]  # a tuple, as was tested
