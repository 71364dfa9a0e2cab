"""Texts that grow piece by piece are lists of pieces, joined where somebody reads them.

Before::

    line = ''
    for char in row:
        line += char
    lines.append(line)

After::

    line = ['']
    for char in row:
        line.append(.text(char))
    lines.append(''.join(line))

``.text`` raises TypeError for what is no text, as ``+=`` does. Only variables of a function that are never anything
else than such a text, and that grow in a loop.
"""

from __future__ import annotations

import ast

from wc_engine.models.parsing import copied_tree

__all__ = ["has_text_builders", "run"]


_NAMED = (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
"""What binds a name that is no node of its own."""


def has_text_builders(tree: ast.Module) -> bool:
    """Whether there is something to rewrite."""
    return any(isinstance(node, ast.FunctionDef) and _builders(node) for node in ast.walk(tree))


def run(tree: ast.Module) -> ast.Module:
    """Rewrite such variables of a module's functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = _builders(node)
            if names:
                _Rewriter(names).generic_visit(node)
    return ast.fix_missing_locations(tree)


def _builders(function: ast.FunctionDef) -> set[str]:
    """The variables of a function that are texts which grow in a loop, and nothing else."""
    begun: set[str] = set()
    growing: set[str] = set()
    harmless: set[int] = set()
    for node in _own(function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                begun.add(node.targets[0].id)
                harmless.add(id(node.targets[0]))
            elif _pieces(node):
                harmless.add(id(node.targets[0]))
        elif isinstance(node, ast.AugAssign) and _pieces(node):
            harmless.add(id(node.target))
        if isinstance(node, (ast.For, ast.While)):
            growing |= {_grown(inner) for part in node.body for inner in ast.walk(part)}
    spoilt = {argument.arg for argument in ast.walk(function) if isinstance(argument, ast.arg)}
    for inner in ast.walk(function):
        if isinstance(inner, (ast.Global, ast.Nonlocal)):
            spoilt |= set(inner.names)
        elif isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load) and id(inner) not in harmless:
            spoilt.add(inner.id)
        elif inner is not function and isinstance(inner, _NAMED):
            spoilt.add(inner.name or "")
    return (begun & growing) - spoilt


def _own(function: ast.FunctionDef) -> list[ast.AST]:
    """The nodes of a function's body, without those of functions inside it."""
    result: list[ast.AST] = []
    rest: list[ast.AST] = list(function.body)
    while rest:
        node = rest.pop()
        result.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            rest += ast.iter_child_nodes(node)
    return result


def _grown(node: ast.AST) -> str:
    if not isinstance(node, (ast.AugAssign, ast.Assign)) or not _pieces(node):
        return ""
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    return target.id if isinstance(target, ast.Name) else ""


def _pieces(node: ast.stmt) -> list[ast.expr]:
    """What ``name += piece`` or ``name = name + piece + piece`` puts behind a variable's text; else nothing."""
    if isinstance(node, ast.AugAssign):
        return [node.value] if isinstance(node.op, ast.Add) and isinstance(node.target, ast.Name) else []
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return []
    pieces: list[ast.expr] = []
    value = node.value
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        pieces.append(value.right)
        value = value.left
    begins = isinstance(value, ast.Name) and value.id == node.targets[0].id
    return pieces[::-1] if begins else []


class _Rewriter(ast.NodeTransformer):
    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._names or not isinstance(node.ctx, ast.Load):
            return node
        join = ast.Attribute(ast.Constant(""), "join", ast.Load())
        return _at(ast.Call(join, [ast.Name(node.id, ast.Load())], []), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt | list[ast.stmt]:
        return self._assignment(node, node.target)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | list[ast.stmt]:
        return self._assignment(node, node.targets[0])

    def _assignment(self, node: ast.Assign | ast.AugAssign, target: ast.expr) -> ast.stmt | list[ast.stmt]:
        if not isinstance(target, ast.Name) or target.id not in self._names:
            return self.generic_visit(node)  # type: ignore[return-value]
        pieces = _pieces(node)
        if not pieces:
            listed = _at(ast.List([copied_tree(node.value)], ast.Load()), node.value)
            return ast.copy_location(ast.Assign([target], listed), node)
        texts = [_at(ast.Call(ast.Name(".text", ast.Load()), [self.visit(piece)], []), piece) for piece in pieces]
        append = ast.Attribute(ast.Name(target.id, ast.Load()), "append", ast.Load())
        return [
            ast.copy_location(ast.Expr(_at(ast.Call(copied_tree(append), [text], []), node)), node) for text in texts
        ]


def _at(node: ast.expr, place: ast.AST) -> ast.expr:
    """Return new code whose parts all stand where something stood."""
    for inner in ast.walk(node):
        if "lineno" in inner._attributes and not hasattr(inner, "lineno"):
            ast.copy_location(inner, place)
    return node
