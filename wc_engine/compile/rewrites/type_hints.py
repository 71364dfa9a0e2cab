"""Annotations are dropped, and with them the imports that only they, or earlier rewrites, needed.

Before::

    from dataclasses import dataclass, field, replace
    from typing import Optional
    def find(state: set, x: int) -> Optional[Entity]: ...
    count: int = 0
    if TYPE_CHECKING:
        import shapes
    @show.register
    def show_number(value: int): ...        # show is made by functools.singledispatch

After::

    from dataclasses import replace
    pass
    def find(state, x): ...
    count: None = 0
    pass
    @show.register(int)
    def show_number(value): ...
"""

from __future__ import annotations

import ast

from wc_engine.compile.rewrites.refusal import Refused
from wc_engine.compile.rewrites.trees import Imports

__all__ = ["run"]

_USED_UP = {
    "abc": {"ABCMeta"},
    "collections": {"namedtuple"},
    "dataclasses": {"InitVar", "KW_ONLY", "dataclass", "field"},
    "enum": {"EnumMeta", "EnumType"},
}
_FOR_ANNOTATIONS = ("typing", "collections.abc")
_DISPATCHERS = ("functools.singledispatch", "functools.singledispatchmethod")


def run(tree: ast.Module) -> ast.Module:
    """Drop the annotations of a module."""
    _give_types(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "__annotations__":
            raise Refused(node, "annotations are not kept, so they cannot be asked for")
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.copy_location(ast.Constant(None), node.annotation)
    _Chooser(Imports(tree)).visit(tree)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return _Dropper(used).visit(tree)  # type: ignore[no-any-return]  # a module stays a module


def _give_types(tree: ast.Module) -> None:
    """Write out the types that singledispatch would read off the annotations."""
    imports = Imports(tree)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    dispatchers = {
        function.name
        for function in functions
        if any(imports.origin(decorator) in _DISPATCHERS for decorator in function.decorator_list)
    }
    for function in functions:
        parameters = [*function.args.posonlyargs, *function.args.args]
        hints = [item.annotation for item in parameters if item.annotation is not None]
        for place, decorator in enumerate(function.decorator_list):
            if (
                isinstance(decorator, ast.Attribute)
                and decorator.attr == "register"
                and isinstance(decorator.value, ast.Name)
                and decorator.value.id in dispatchers
                and hints
            ):
                function.decorator_list[place] = ast.copy_location(ast.Call(decorator, hints[:1], []), decorator)


class _Chooser(ast.NodeTransformer):
    """Leaves of ``if TYPE_CHECKING`` what runs."""

    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if self._imports.origin(node.test) == "typing.TYPE_CHECKING":
            return node.orelse or ast.copy_location(ast.Pass(), node)
        return node


class _Dropper(ast.NodeTransformer):
    def __init__(self, used: set[str]) -> None:
        self._used = used

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        module = node.module or ""
        names = [item for item in node.names if (item.asname or item.name) in self._used or _stays(module, item)]
        node.names = names
        return node if names else ast.copy_location(ast.Pass(), node)


def _stays(module: str, alias: ast.alias) -> bool:
    return alias.name == "*" or not (module in _FOR_ANNOTATIONS or alias.name in _USED_UP.get(module, ()))
