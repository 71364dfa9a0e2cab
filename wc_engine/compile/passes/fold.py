"""Compute what is constant, and drop the branches that are never taken.

before::

    if not (4 == 4): return 2
    x = y + 0

after::

    x = y
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from wc_engine.compile.ir import FALSE, TRUE, Break, Expr, Fail, If, Kind, Lit, Load, Loop, Op, Stmt
from wc_engine.compile.passes.walk import bodies, map_expressions

__all__ = ["fold", "fold_constants"]

_COMPUTED: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "and_": operator.and_,
    "or_": operator.or_,
    "xor": operator.xor,
    "shift_left": operator.lshift,
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_WORD = 1 << 63


def fold_constants(body: list[Stmt]) -> list[Stmt]:
    """Return statements that do the same with less to compute."""
    result: list[Stmt] = []
    for statement in body:
        map_expressions(statement, fold)
        for inner in bodies(statement):
            inner[:] = fold_constants(inner)
        if isinstance(statement, If) and isinstance(statement.condition, Lit):
            result += statement.then if statement.condition.value else statement.orelse
        elif isinstance(statement, Loop) and _is(statement.count, 0):
            continue
        else:
            result.append(statement)
        if result and isinstance(result[-1], (Break, Fail)):
            break
    return result


def fold(expr: Expr) -> Expr:
    """Return an expression with its constant parts computed."""
    if isinstance(expr, Load):
        return Load(expr.array, fold(expr.index), expr.kind)
    if not isinstance(expr, Op):
        return expr
    args = tuple(map(fold, expr.args))
    if expr.name in ("and", "or"):
        return _logic(expr.name, args)
    if expr.name == "not":
        return _negation(args[0])
    if expr.name == "select" and isinstance(args[0], Lit):
        return args[1] if args[0].value else args[2]
    if expr.name == "int_of_bool" and isinstance(args[0], Lit):
        return Lit(int(args[0].value), Kind.INT)
    compute = _COMPUTED.get(expr.name)
    if compute is not None and all(isinstance(item, Lit) and item.kind is not Kind.FLOAT for item in args):
        value = compute(*(item.value for item in args if isinstance(item, Lit)))
        if expr.kind is Kind.BOOL or -_WORD <= value < _WORD:
            return Lit(bool(value) if expr.kind is Kind.BOOL else int(value), expr.kind)
    if expr.kind is Kind.INT and expr.name in ("add", "sub", "or_", "shift_left") and _is(args[1], 0):
        return args[0]
    if expr.kind is Kind.INT and expr.name in ("add", "or_") and _is(args[0], 0):
        return args[1]
    if expr.name in ("eq", "ne") and _is(args[1], 0):
        zero = _is_zero(args[0])
        if zero != Op("eq", args, Kind.BOOL):
            return zero if expr.name == "eq" else _negation(zero)
    return Op(expr.name, args, expr.kind)


def _is_zero(expr: Expr) -> Expr:
    """Return the test whether a number is 0: of a sum of distances, whether all of them are."""
    if isinstance(expr, Op) and expr.kind is Kind.INT:
        if expr.name == "sub":
            return Op("eq", expr.args, Kind.BOOL)
        if expr.name == "abs":
            return _is_zero(expr.args[0])
        if expr.name == "mul" and isinstance(expr.args[1], Lit) and expr.args[1].value:
            return _is_zero(expr.args[0])
        if expr.name == "add" and all(map(_is_distance, expr.args)):
            return _logic("and", tuple(map(_is_zero, expr.args)))
    return Op("eq", (expr, Lit(0, Kind.INT)), Kind.BOOL)


def _is_distance(expr: Expr) -> bool:
    """Whether a number is certainly not negative: an absolute value, some of them, or a multiple."""
    if not isinstance(expr, Op):
        return False
    if expr.name == "mul":
        factor = expr.args[1]
        return isinstance(factor, Lit) and factor.value > 0 and _is_distance(expr.args[0])
    return expr.name == "abs" or (expr.name == "add" and all(map(_is_distance, expr.args)))


def _is(expr: Expr, number: int) -> bool:
    return isinstance(expr, Lit) and expr.kind is Kind.INT and expr.value == number


def _logic(name: str, args: tuple[Expr, ...]) -> Expr:
    decides = FALSE if name == "and" else TRUE
    rest: list[Expr] = []
    for item in args:
        if item == decides:
            # What stands before cannot fail, so it need not be looked at.
            return decides
        if not isinstance(item, Lit):
            rest.append(item)
    if not rest:
        return TRUE if name == "and" else FALSE
    return rest[0] if len(rest) == 1 else Op(name, tuple(rest), Kind.BOOL)


def _negation(expr: Expr) -> Expr:
    if isinstance(expr, Lit):
        return FALSE if expr.value else TRUE
    if isinstance(expr, Op) and expr.name == "not":
        return expr.args[0]
    return Op("not", (expr,), Kind.BOOL)
