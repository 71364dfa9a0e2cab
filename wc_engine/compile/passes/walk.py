"""Walking the IR: what statements contain, read and assign."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from wc_engine.compile.ir import (
    Array,
    Assign,
    Block,
    ChainLoop,
    Expr,
    Forever,
    If,
    Load,
    Loop,
    Op,
    Pack,
    SetResult,
    Stmt,
    Store,
    Unpack,
    Var,
)

__all__ = ["assigned", "bodies", "copied", "expressions", "loads", "map_expressions", "statements", "variables"]


def bodies(statement: Stmt) -> list[list[Stmt]]:
    """Return the statement lists directly inside a statement."""
    if isinstance(statement, If):
        return [statement.then, statement.orelse]
    if isinstance(statement, (Loop, ChainLoop, Forever, Block)):
        return [statement.body]
    return []


def statements(body: list[Stmt]) -> Iterator[Stmt]:
    """Yield all statements, outer ones first."""
    for statement in body:
        yield statement
        for inner in bodies(statement):
            yield from statements(inner)


def expressions(statement: Stmt) -> list[Expr]:
    """Return the expressions of a statement itself, not of those inside it."""
    if isinstance(statement, Assign):
        return [statement.value]
    if isinstance(statement, Store):
        return [statement.index, statement.value]
    if isinstance(statement, If):
        return [statement.condition]
    if isinstance(statement, Loop):
        return [statement.count]
    if isinstance(statement, ChainLoop):
        return [statement.x, statement.y] if statement.first is None else [statement.first]
    if isinstance(statement, Pack):
        return [statement.count]
    if isinstance(statement, SetResult):
        return [statement.reward, statement.done]
    return []


def variables(expr: Expr) -> Iterator[Var]:
    """Yield the variables of an expression."""
    if isinstance(expr, Var):
        yield expr
    elif isinstance(expr, Op):
        for argument in expr.args:
            yield from variables(argument)
    elif isinstance(expr, Load):
        yield from variables(expr.index)


def loads(expr: Expr) -> Iterator[Array]:
    """Yield the arrays that an expression reads."""
    if isinstance(expr, Op):
        for argument in expr.args:
            yield from loads(argument)
    elif isinstance(expr, Load):
        yield expr.array
        yield from loads(expr.index)


def assigned(body: list[Stmt]) -> set[Var]:
    """Return the variables that statements assign."""
    result: set[Var] = set()
    for statement in statements(body):
        if isinstance(statement, Assign):
            result.add(statement.target)
        elif isinstance(statement, (Loop, ChainLoop)):
            result.add(statement.variable)
        elif isinstance(statement, Unpack) and statement.count is not None:
            result.add(statement.count)
    return result


def map_expressions(statement: Stmt, change: Callable[[Expr], Expr]) -> None:
    """Replace the expressions of a statement itself by what ``change`` makes of them."""
    if isinstance(statement, Assign):
        statement.value = change(statement.value)
    elif isinstance(statement, Store):
        statement.index, statement.value = change(statement.index), change(statement.value)
    elif isinstance(statement, If):
        statement.condition = change(statement.condition)
    elif isinstance(statement, Loop):
        statement.count = change(statement.count)
    elif isinstance(statement, ChainLoop) and statement.first is not None:
        statement.first = change(statement.first)
    elif isinstance(statement, ChainLoop):
        statement.x, statement.y = change(statement.x), change(statement.y)
    elif isinstance(statement, Pack):
        statement.count = change(statement.count)
    elif isinstance(statement, SetResult):
        statement.reward, statement.done = change(statement.reward), change(statement.done)


def copied(body: list[Stmt]) -> list[Stmt]:
    """Return copies of statements, those inside included, that can be changed by themselves."""
    result = []
    for statement in body:
        twin = copy.copy(statement)
        if isinstance(twin, If):
            twin.then, twin.orelse = copied(twin.then), copied(twin.orelse)
        elif isinstance(twin, (Loop, ChainLoop, Forever, Block)):
            twin.body = copied(twin.body)
        result.append(twin)
    return result
