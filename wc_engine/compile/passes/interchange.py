"""Visit few rows outside and look the many up inside: exchange nested counting loops.

before::

    for t in rows of Target:
        for b in range(boxes):
            if Box.x[b] == Target.x[t] and Box.y[b] == Target.y[t]: count = count + 1

after::

    for b in range(boxes):
        for t in rows of Target:
            if Box.x[b] == Target.x[t] and Box.y[b] == Target.y[t]: count = count + 1

The order of the rounds cannot be noticed where all that a round leaves behind is what it adds to integers. Index
selection then turns the inner loop into a lookup.
"""

from __future__ import annotations

from wc_engine.compile.ir import Assign, Comment, Expr, If, Kind, Lit, Loop, Op, Stmt
from wc_engine.compile.passes.walk import expressions, statements, variables

__all__ = ["interchange_loops"]


def interchange_loops(body: list[Stmt]) -> list[Stmt]:
    """Return statements in which counting loops over static rows are the inner ones."""
    for statement in statements(body):
        if isinstance(statement, Loop) and statement.static_type is not None:
            inner = _only_loop(statement)
            if inner is not None and inner.static_type is None and _may_swap(body, statement, inner):
                _swap(statement, inner)
    return body


def _only_loop(loop: Loop) -> Loop | None:
    code = [statement for statement in loop.body if not isinstance(statement, Comment)]
    return code[0] if len(code) == 1 and isinstance(code[0], Loop) else None


def _may_swap(root: list[Stmt], outer: Loop, inner: Loop) -> bool:
    if outer.variable in set(variables(inner.count)):
        return False
    body = list(statements(inner.body))
    if not all(isinstance(statement, (Assign, If, Comment)) for statement in body):
        return False
    temporaries = set()
    for statement in body:
        if isinstance(statement, Assign) and not _adds(statement):
            temporaries.add(statement.target)
    sums = {statement.target for statement in body if isinstance(statement, Assign) and _adds(statement)}
    if sums & temporaries:
        return False
    # What is added up must not be looked at before the end, and what is computed on the way not after it.
    looked_at = [
        variable
        for statement in body
        for expr in ([] if isinstance(statement, Assign) and _adds(statement) else expressions(statement))
        for variable in variables(expr)
    ]
    if sums & set(looked_at):
        return False
    inside = {id(statement) for statement in body}
    return not any(
        variable in temporaries
        for statement in statements(root)
        if id(statement) not in inside
        for expr in expressions(statement)
        for variable in variables(expr)
    )


def _adds(statement: Assign) -> bool:
    """Whether a statement adds a constant to an integer."""
    value: Expr = statement.value
    return (
        isinstance(value, Op)
        and value.name == "add"
        and value.kind is Kind.INT
        and value.args[0] == statement.target
        and isinstance(value.args[1], Lit)
    )


def _swap(outer: Loop, inner: Loop) -> None:
    outer.label, inner.label = inner.label, outer.label
    outer.variable, inner.variable = inner.variable, outer.variable
    outer.count, inner.count = inner.count, outer.count
    outer.static_type, inner.static_type = inner.static_type, outer.static_type
