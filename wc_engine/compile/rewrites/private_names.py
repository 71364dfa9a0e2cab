"""Private names in class bodies get their class's name, as Python mangles them.

Before::

    class Robot:
        def __init__(self):
            self.__energy = 3

After::

    class Robot:
        def __init__(self):
            self._Robot__energy = 3
"""

from __future__ import annotations

import ast

__all__ = ["run"]


def run(tree: ast.Module) -> ast.Module:
    """Mangle the private names of a module."""
    _Mangler("").visit(tree)
    return tree


class _Mangler(ast.NodeTransformer):
    def __init__(self, owner: str) -> None:
        self._owner = owner.lstrip("_")

    def _mangled(self, name: str) -> str:
        is_private = name.startswith("__") and not name.endswith("__") and "." not in name
        return f"_{self._owner}{name}" if is_private and self._owner else name

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        inner = _Mangler(node.name)
        node.body = [inner.visit(item) for item in node.body]
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        node.bases = [self.visit(item) for item in node.bases]
        node.keywords = [self.visit(item) for item in node.keywords]
        node.name = self._mangled(node.name)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._mangled(node.name)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._mangled(node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        node.attr = self._mangled(node.attr)
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._mangled(node.arg)
        return self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        node.arg = None if node.arg is None else self._mangled(node.arg)
        return self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> ast.AST:
        bound = node.asname or node.name
        if self._mangled(bound) != bound:
            node.asname = self._mangled(bound)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self._mangled(name) for name in node.names]
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        node.names = [self._mangled(name) for name in node.names]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = None if node.name is None else self._mangled(node.name)
        return self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> ast.AST:
        node.name = None if node.name is None else self._mangled(node.name)
        return self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> ast.AST:
        node.name = None if node.name is None else self._mangled(node.name)
        return node

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.AST:
        node.rest = None if node.rest is None else self._mangled(node.rest)
        return self.generic_visit(node)

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        node.kwd_attrs = [self._mangled(name) for name in node.kwd_attrs]
        return self.generic_visit(node)
