"""Invariants of the IR, checked after every pass. A violation is a bug of the compiler."""

from __future__ import annotations

from wc_engine.compile.emit import OPERATORS
from wc_engine.compile.ir import (
    Assign,
    Block,
    Break,
    ChainLoop,
    Expr,
    Fail,
    Forever,
    If,
    Kind,
    Load,
    Loop,
    Op,
    SetResult,
    Stmt,
    Store,
)
from wc_engine.compile.passes.walk import bodies, expressions
from wc_engine.errors import InternalError

__all__ = ["check_ir"]


def check_ir(body: list[Stmt], after: str) -> None:
    """Raise ``InternalError`` where the IR breaks a rule.

    Args:
        body: the function's statements.
        after: the pass that ran last, for the message.
    """
    _check_body(body, frozenset(), after)


def _require(holds: bool, message: str, after: str) -> None:
    if not holds:
        raise InternalError(f"after {after}: {message}")


def _check_body(body: list[Stmt], labels: frozenset[str], after: str) -> None:
    for position, statement in enumerate(body):
        for expr in expressions(statement):
            _check_expr(expr, after)
        if isinstance(statement, Break):
            _require(statement.label in labels, f"break to {statement.label}, which does not enclose it", after)
        if isinstance(statement, (Break, Fail)):
            _require(position == len(body) - 1, "code behind the end of a path", after)
        if isinstance(statement, Assign):
            same = statement.target.kind is statement.value.kind
            _require(same, f"{statement.target.name} is {statement.target.kind}, its value is not", after)
        if isinstance(statement, Store):
            _require(statement.index.kind is Kind.INT, "an index that is no int", after)
        if isinstance(statement, If):
            _require(statement.condition.kind is Kind.BOOL, "a condition that is no truth value", after)
        if isinstance(statement, Loop):
            _require(statement.count.kind is Kind.INT, "a count that is no int", after)
        if isinstance(statement, SetResult):
            kinds = (statement.reward.kind, statement.done.kind)
            _require(kinds == (Kind.FLOAT, Kind.BOOL), "a result of the wrong kinds", after)
        inside = labels
        if isinstance(statement, (Loop, ChainLoop, Forever, Block)):
            inside = labels | {statement.label}
        for inner in bodies(statement):
            _check_body(inner, inside, after)


def _check_expr(expr: Expr, after: str) -> None:
    if isinstance(expr, Op):
        _require(expr.name in OPERATORS, f"unknown operation {expr.name}", after)
        for argument in expr.args:
            _check_expr(argument, after)
        if expr.name in ("add", "sub", "mul", "eq", "ne", "lt", "le", "gt", "ge", "and", "or"):
            kinds = {argument.kind for argument in expr.args}
            _require(len(kinds) == 1, f"{expr.name} of operands of different kinds", after)
    elif isinstance(expr, Load):
        _require(expr.index.kind is Kind.INT, "an index that is no int", after)
        _check_expr(expr.index, after)
