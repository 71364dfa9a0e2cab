"""Patterns that are constants are compiled once, when the module is loaded: the boxed tier has no cache of patterns.

Before::

    import re
    def kind(name):
        return re.sub(r" \\d+$", "", name)

After::

    import re
    .pattern1 = re.compile(r" \\d+$")
    def kind(name):
        return re.sub(.pattern1, "", name)

Only valid patterns without flags: others raise where they are used.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from wc_engine.compile.rewrites.trees import Imports, load, store

__all__ = ["run"]

_TAKING = frozenset(
    {"re.match", "re.fullmatch", "re.search", "re.sub", "re.subn", "re.split", "re.findall", "re.finditer"}
)


def run(tree: ast.Module) -> ast.Module:
    """Rewrite the calls of a module that imports ``re`` before anything else uses it."""
    imports = Imports(tree)
    place, module = next(((place, name) for place, one in enumerate(tree.body) if (name := _name_of_re(one))), (0, ""))
    if not module or any(imports.origin(load(name, tree)) for name in _bound_inside(tree)):
        return tree
    rewriter = _Rewriter(imports, module)
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            rewriter.visit(statement)
    made = [store(name, call, call) for name, call in rewriter.made.values()]
    tree.body[place + 1 : place + 1] = made
    return tree


def _bound_inside(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _name_of_re(statement: ast.stmt) -> str:
    aliases = statement.names if isinstance(statement, ast.Import) else []
    return next((alias.asname or alias.name for alias in aliases if alias.name == "re"), "")


class _Rewriter(ast.NodeTransformer):
    """Replaces patterns; ``made`` has the variable and the call that compiles it, by pattern."""

    def __init__(self, imports: Imports, module: str) -> None:
        self._imports = imports
        self._module = module
        self.made: dict[str, tuple[str, ast.Call]] = {}

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function = node.func
        if self._imports.origin(function) not in _TAKING or not isinstance(function, ast.Attribute) or not node.args:
            return node
        pattern = node.args[0]
        has_flags = len(node.args) > 4 or any(keyword.arg in (None, "flags") for keyword in node.keywords)
        has_flags |= self._imports.origin(function) not in ("re.sub", "re.subn", "re.split") and len(node.args) > 2
        if has_flags or not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str):
            return node
        try:
            re.compile(pattern.value)
        except (re.error, OverflowError, RecursionError):
            return node
        name = self.made[pattern.value][0] if pattern.value in self.made else f".pattern{len(self.made) + 1}"
        if pattern.value not in self.made:
            compiler = ast.copy_location(ast.Attribute(load(self._module, node), "compile", ast.Load()), function)
            self.made[pattern.value] = name, ast.copy_location(ast.Call(compiler, [pattern], []), node)
        node.args[0] = load(name, pattern)
        return node
