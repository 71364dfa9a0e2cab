"""A list put together from what stands before a place and behind it is the list without that place.

Before::

    state = state[:i] + state[i + 1:]
    state = [*state[:i], *state[i + 1:]]

After::

    state = .without(state, i)
    state = [*.without(state, i)]

Only where the list and the place are plain names, so that nothing is evaluated less often than before.
"""

from __future__ import annotations

import ast

from wc_engine.compile.rewrites.trees import load

__all__ = ["run"]


def run(tree: ast.Module) -> ast.Module:
    """Rewrite such sums and displays in a module."""
    _Rewriter().visit(tree)
    return tree


class _Rewriter(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Add):
            return node
        whole = _without(node.left, node.right)
        if whole is not None:
            return whole
        # Sums group to the left: a + x[:i] + x[i + 1:].
        if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add):
            whole = _without(node.left.right, node.right)
            if whole is not None:
                return ast.copy_location(ast.BinOp(node.left.left, ast.Add(), whole), node)
        return node

    def visit_List(self, node: ast.List) -> ast.expr:
        self.generic_visit(node)
        items: list[ast.expr] = []
        for item in node.elts:
            before = items[-1] if items else None
            if isinstance(item, ast.Starred) and isinstance(before, ast.Starred):
                whole = _without(before.value, item.value)
                if whole is not None:
                    items[-1] = ast.copy_location(ast.Starred(whole, ast.Load()), before)
                    continue
            items.append(item)
        node.elts = items
        return node


def _without(first: ast.expr, second: ast.expr) -> ast.expr | None:
    """Return ``.without(x, i)`` for ``x[:i]`` and ``x[i + 1:]``, else None."""
    if not isinstance(first, ast.Subscript) or not isinstance(second, ast.Subscript):
        return None
    if not isinstance(first.value, ast.Name) or not isinstance(second.value, ast.Name):
        return None
    before, behind = first.slice, second.slice
    if first.value.id != second.value.id or not isinstance(before, ast.Slice) or not isinstance(behind, ast.Slice):
        return None
    if before.lower is not None or behind.upper is not None or before.step is not None or behind.step is not None:
        return None
    place, next_place = before.upper, behind.lower
    if (
        not isinstance(place, ast.Name)
        or not isinstance(next_place, ast.BinOp)
        or not isinstance(next_place.op, ast.Add)
    ):
        return None
    sides = (next_place.left, next_place.right)
    names = [side.id for side in sides if isinstance(side, ast.Name)]
    ones = [side.value for side in sides if isinstance(side, ast.Constant) and type(side.value) is int]
    if names != [place.id] or ones != [1]:
        return None
    call = ast.Call(load(".without", first), [first.value, place], [])
    return ast.copy_location(call, first)
