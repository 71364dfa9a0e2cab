"""``yield from xs`` as a statement becomes a loop that yields, for the specialiser, which follows loops.

Before::

    yield from (place for place in places if place.loc == here)

After::

    for .yielded in (place for place in places if place.loc == here):
        yield .yielded

Where the result of the inner generator is used, it stays. Nobody sends or throws anything into a generator that the
specialiser follows.
"""

from __future__ import annotations

import ast

from wc_engine.compile.rewrites.trees import load

__all__ = ["run"]

_YIELDED = ".yielded"


def run(tree: ast.Module) -> ast.Module:
    """Rewrite all such statements of a module."""
    _Rewriter().visit(tree)
    return tree


class _Rewriter(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        self.generic_visit(node)
        if not isinstance(node.value, ast.YieldFrom):
            return node
        target = ast.copy_location(ast.Name(_YIELDED, ast.Store()), node)
        again = ast.copy_location(ast.Expr(ast.copy_location(ast.Yield(load(_YIELDED, node)), node)), node)
        return ast.copy_location(ast.For(target, node.value.value, [again], []), node)
