"""Turn scans of a static type for a position into lookups in its position index.

before::

    for r in rows of Wall:
        if Wall.x[r] == a and Wall.y[r] == b: body

after::

    for r in Wall at (a, b): body

The rows come in the same order, so the first hit is the same one. What does not change from row to row is moved before
the loop first, so that it can be part of the position.
"""

from __future__ import annotations

from collections import Counter

from wc_engine.compile.ir import (
    Assign,
    Break,
    ChainLoop,
    Comment,
    DynamicColumn,
    Expr,
    Fail,
    If,
    Kind,
    ListArray,
    Load,
    Loop,
    Op,
    StaticColumn,
    Stmt,
    Store,
    Var,
)
from wc_engine.compile.passes.fold import fold
from wc_engine.compile.passes.walk import assigned, bodies, loads, statements, variables

__all__ = ["select_indices"]


def select_indices(body: list[Stmt]) -> list[Stmt]:
    """Return statements in which position scans of static types are lookups."""
    return _select(body, Counter(s.target for s in statements(body) if isinstance(s, Assign)))


def _select(body: list[Stmt], assignments: Counter[Var]) -> list[Stmt]:
    result: list[Stmt] = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = _select(inner, assignments)
        if isinstance(statement, Loop):
            result += _hoist(statement, assignments)
            result.append(_lookup(statement) or statement)
        else:
            result.append(statement)
    return result


def _hoist(loop: Loop, assignments: Counter[Var]) -> list[Stmt]:
    """Take the assignments at the top of a loop's body that are the same in every round out of it.

    Only of variables assigned nowhere else: a loop may run no round, and then nothing else may have been overwritten.
    """
    hoisted: list[Stmt] = []
    changed = assigned(loop.body) | {loop.variable}
    written = {s.array for s in statements(loop.body) if isinstance(s, Store)}
    position = 0
    while position < len(loop.body):
        statement = loop.body[position]
        if isinstance(statement, Comment):
            position += 1
            continue
        if not isinstance(statement, Assign) or assignments[statement.target] != 1:
            break
        depends = set(variables(statement.value)) & changed
        memory = {array for array in loads(statement.value) if isinstance(array, (DynamicColumn, ListArray))}
        if depends or memory & written:
            position += 1
            continue
        hoisted.append(loop.body.pop(position))
        changed.discard(statement.target)
    return hoisted


def _conjuncts(expr: Expr) -> list[Expr]:
    if isinstance(expr, Op) and expr.name == "and":
        return [part for argument in expr.args for part in _conjuncts(argument)]
    return [expr]


def _lookup(loop: Loop) -> Stmt | None:
    if loop.static_type is None:
        return None
    code = [statement for statement in loop.body if not isinstance(statement, Comment)]
    chosen = _chosen(code[0]) if len(code) == 1 and isinstance(code[0], If) else None
    if chosen is None:
        return None
    condition, body = chosen
    changed = assigned(loop.body) | {loop.variable}
    position: dict[str, Expr] = {}
    rest: list[Expr] = []
    for test in _conjuncts(condition):
        found = _position_test(test, loop, changed)
        if found is not None and found[0] not in position:
            position[found[0]] = found[1]
        else:
            rest.append(test)
    if set(position) != {"x", "y"}:
        return None
    if rest:
        condition = rest[0]
        for test in rest[1:]:
            condition = Op("and", (condition, test), Kind.BOOL)
        body = [If(condition, body)]
    last = body[-1] if body else None
    own = (loop.label, f"{loop.label}.next")
    once = isinstance(last, Fail) or (isinstance(last, Break) and last.label not in own)
    mentioned = any(isinstance(s, Break) and s.label in own for s in statements(body))
    return ChainLoop(
        loop.label, loop.variable, loop.static_type, position["x"], position["y"], body, once and not mentioned
    )


def _chosen(branch: If) -> tuple[Expr, list[Stmt]] | None:
    """Return when a branch does something, and what, where it does so on one side only."""
    sides = [[one for one in side if not isinstance(one, Comment)] for side in (branch.then, branch.orelse)]
    if sides[0] and not sides[1]:
        return fold(branch.condition), branch.then
    if sides[1] and not sides[0]:
        return fold(Op("not", (branch.condition,), Kind.BOOL)), branch.orelse
    return None


def _position_test(test: Expr, loop: Loop, changed: set[Var]) -> tuple[str, Expr] | None:
    """Return (attribute, value) of a test ``Type.attribute[row] == value`` whose value the loop does not change."""
    if not isinstance(test, Op) or test.name != "eq":
        return None
    for column, value in (test.args, test.args[::-1]):
        if not isinstance(column, Load) or not isinstance(column.array, StaticColumn) or column.index != loop.variable:
            continue
        if column.array.attribute in ("x", "y") and not set(variables(value)) & changed:
            return column.array.attribute, value
    return None
