"""What rewrites share: what imported names mean, and new code from templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from wc_engine.models.parsing import copied_tree, parse_module


class Imports:
    """The meaning of a module's imported names, as dotted names: ``d`` is ``dataclasses.dataclass``.

    Args:
        tree: the module. Imports count wherever they stand; a name that the module also binds otherwise does not.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._origins: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.name if alias.asname else alias.name.partition(".")[0]
                    self._origins[alias.asname or name] = name
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self._origins[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        for statement in tree.body:
            for name in _bound(statement):
                self._origins.pop(name, None)

    def origin(self, node: ast.expr | None) -> str:
        """Return the dotted name that an expression stands for, or an empty string."""
        if isinstance(node, ast.Name):
            return self._origins.get(node.id, "")
        if isinstance(node, ast.Attribute):
            base = self.origin(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""

    def called(self, node: ast.AST | None) -> str:
        """Return the dotted name of the function that an expression calls, or an empty string."""
        return self.origin(node.func) if isinstance(node, ast.Call) else ""

    def __bool__(self) -> bool:
        return bool(self._origins)


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (item.id for item in ast.walk(target) if isinstance(item, ast.Name))


def load(name: str, at: ast.AST) -> ast.Name:
    """Return a use of a name."""
    return ast.copy_location(ast.Name(name, ast.Load()), at)


def store(name: str, value: ast.expr, at: ast.AST) -> ast.Assign:
    """Return an assignment to a name."""
    target = ast.copy_location(ast.Name(name, ast.Store()), at)
    return ast.copy_location(ast.Assign([target], value), at)


def constant_value(node: ast.expr) -> object:
    """Return the value of an expression made of constants, or raise ValueError."""
    return ast.literal_eval(node)


class _Filler(ast.NodeTransformer):
    def __init__(self, fillings: Mapping[str, ast.expr | str], at: ast.AST) -> None:
        self._fillings = fillings
        self._at = at

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Name) and node.id in self._fillings:
            filling = self._fillings[node.id]
            if not isinstance(filling, str):
                return copied_tree(filling)
            node.id = filling
        if isinstance(node, ast.arg) and node.arg in self._fillings:
            node.arg = str(self._fillings[node.arg])
        if "lineno" in node._attributes:
            ast.copy_location(node, self._at)
        return self.generic_visit(node)


def template(text: str, at: ast.AST, fillings: Mapping[str, ast.expr | str] | None = None) -> list[ast.stmt]:
    """Parse new statements, all located at one node.

    Args:
        text: the statements.
        at: whose location they get.
        fillings: what takes the place of names: an expression, or another name, which may have dots.
    """
    filler = _Filler(fillings or {}, at)
    module = parse_module(text)
    filler.visit(module)
    return module.body
