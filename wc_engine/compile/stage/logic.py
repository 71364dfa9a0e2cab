"""`not`, `and` and `or` of conditions, with the facts that hold on each side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import Expr, Kind, Lit, Load, Op
from wc_engine.compile.stage.values import (
    MISSING,
    Const,
    Facts,
    Finite,
    Num,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["both", "either", "index_in", "invert"]


def index_in(m: Machine, index: Expr, yes: frozenset[int], no: frozenset[int]) -> Expr:
    """Return a test whether ``index`` is one of ``yes``, given that it is in ``yes`` or ``no``."""
    if len(yes) <= 2:
        tests = [Op("eq", (index, Lit(place, Kind.INT)), Kind.BOOL) for place in sorted(yes)]
        return tests[0] if len(tests) == 1 else Op("or", tuple(tests), Kind.BOOL)
    if len(no) <= 2:
        return Op("not", (index_in(m, index, no, yes),), Kind.BOOL)
    table = m.new_table(tuple(int(place in yes) for place in range(max(yes | no) + 1)))
    return Op("ne", (Load(table, index, Kind.INT), Lit(0, Kind.INT)), Kind.BOOL)


def invert(m: Machine, value: Num | Const | Finite) -> Num | Const | Finite:
    """Return ``not value`` of a condition."""
    if isinstance(value, Const):
        return Const(not value.value)
    if isinstance(value, Finite):
        return Finite(value.index, tuple(item if item is MISSING else not item for item in value.values))
    return boolean(Op("not", (value.expr,), Kind.BOOL), value.if_false, value.if_true)


def both(m: Machine, left: Num | Const | Finite, right: Num | Const | Finite) -> Num | Const:
    """Return the conjunction of two conditions, with what it says of finite indices."""
    a, b = m.as_condition(left), m.as_condition(right)
    if isinstance(a, Const):
        return b if a.value else a
    if isinstance(b, Const):
        return a if b.value else b
    return Num(Op("and", (a.expr, b.expr), Kind.BOOL), 0, 1, a.if_true + b.if_true, _of_either(a.if_false, b.if_false))


def either(m: Machine, left: Num | Const | Finite, right: Num | Const | Finite) -> Num | Const:
    """Return the disjunction of two conditions."""
    a, b = m.as_condition(left), m.as_condition(right)
    if isinstance(a, Const):
        return a if a.value else b
    if isinstance(b, Const):
        return b if b.value else a
    return Num(Op("or", (a.expr, b.expr), Kind.BOOL), 0, 1, _of_either(a.if_true, b.if_true), a.if_false + b.if_false)


def _of_either(first: Facts, second: Facts) -> Facts:
    """Return what holds of finite indices where one of two lists of facts does."""
    one, other = _by_index(first), _by_index(second)
    return tuple((index, values | other[index]) for index, values in one.items() if index in other)


def _by_index(facts: Facts) -> dict[Expr, frozenset[int]]:
    result: dict[Expr, frozenset[int]] = {}
    for index, values in facts:
        result[index] = result.get(index, values) & values
    return result
