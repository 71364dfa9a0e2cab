"""``with`` becomes ``try``, as the language reference spells it out.

Before::

    with A() as a, B():
        body

After::

    .manager1 = A()
    .check_manager(.manager1)
    .entered1 = .manager1.__enter__()
    .failed1 = False
    try:
        a = .entered1
        ... (the same for B, around the body)
    except BaseException as .error1:
        .failed1 = True
        if not .manager1.__exit__(.error1.__class__, .error1, None):
            raise
    finally:
        if not .failed1:
            .manager1.__exit__(None, None, None)
"""

from __future__ import annotations

import ast

from wc_engine.compile.rewrites.trees import load, template

__all__ = ["run"]

_TEXT = """
MANAGER = EXPRESSION
CHECK(MANAGER)
ENTERED = MANAGER.__enter__()
FAILED = False
try:
    pass
except BaseException as ERROR:
    FAILED = True
    if not MANAGER.__exit__(ERROR.__class__, ERROR, None):
        raise
finally:
    if not FAILED:
        MANAGER.__exit__(None, None, None)
"""


def run(tree: ast.Module) -> ast.Module:
    """Rewrite all ``with`` statements of a module."""
    _Rewriter().visit(tree)
    return tree


class _Rewriter(ast.NodeTransformer):
    def __init__(self) -> None:
        self._number = 0

    def visit_With(self, node: ast.With) -> list[ast.stmt]:
        self.generic_visit(node)
        statements = node.body
        for item in reversed(node.items):
            statements = self._guarded(item, statements)
        return statements

    def _guarded(self, item: ast.withitem, body: list[ast.stmt]) -> list[ast.stmt]:
        self._number += 1
        at = item.context_expr
        names = {name.upper(): f".{name}{self._number}" for name in ("manager", "entered", "failed", "error")}
        statements = template(_TEXT, at, {"EXPRESSION": at, "CHECK": ".check_manager", **names})
        guard = statements[-1]
        assert isinstance(guard, ast.Try)
        guard.handlers[0].name = names["ERROR"]
        if item.optional_vars is not None:
            bound: ast.stmt = ast.Assign([item.optional_vars], load(names["ENTERED"], at))
            body = [ast.copy_location(bound, item.optional_vars), *body]
        guard.body = body
        return statements
