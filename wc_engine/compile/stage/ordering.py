"""Comparisons: `<`, `<=`, `>`, `>=` of numbers, texts and tuples, decided where ranges decide them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind, Op
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.logic import both, either
from wc_engine.compile.stage.operators import (
    PYTHON_OPERATORS,
    as_float,
    as_int,
    as_whole,
    by_kind,
    const_items,
    operands,
)
from wc_engine.compile.stage.values import (
    Const,
    Finite,
    Num,
    TupleValue,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["compare_numbers", "compare_whole", "order"]


def compare_numbers(m: Machine, name: str, a: Num, b: Num) -> Num | Const:
    """Return ``a name b`` for two numbers; decided by their bounds where these do not meet."""
    if Kind.FLOAT in (a.kind, b.kind):
        a, b = as_float(m, a), as_float(m, b)
    elif not (a.kind is Kind.BOOL and b.kind is Kind.BOOL and name in ("eq", "ne")):
        a, b = as_int(a), as_int(b)
        decided = _decide(name, a, b)
        if decided is not None:
            return Const(decided)
    return boolean(Op(name, (a.expr, b.expr), Kind.BOOL))


def compare_whole(m: Machine, name: str, left: Value, right: Value) -> Num | Const | None:
    """Return ``left name right`` for two whole floats, compared as ints; None for others."""
    a, b = as_whole(m, left, signed_zero=False), as_whole(m, right, signed_zero=False)
    return None if a is None or b is None else compare_numbers(m, name, a, b)


def _decide(name: str, a: Num, b: Num) -> bool | None:
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return None
    apart = a.high < b.low or b.high < a.low
    if name in ("eq", "ne"):
        return (name == "ne") if apart else None
    if name in ("gt", "ge"):
        return _decide({"gt": "lt", "ge": "le"}[name], b, a)
    if a.high < b.low or (name == "le" and a.high == b.low):
        return True
    if b.high < a.low or (name == "lt" and b.high == a.low):
        return False
    return None


def order(m: Machine, name: str, left: Value, right: Value) -> Num | Const | Finite:
    """Return ``left name right`` for lt, le, gt or ge of numbers, strings and tuples."""
    for first, second, swap in ((left, right, False), (right, left, True)):
        if isinstance(first, Union):
            result = m.dispatch(first, lambda o: order(m, name, second, o) if swap else order(m, name, o, second))  # noqa: B023
            assert isinstance(result, (Num, Const, Finite))
            return result
    from wc_engine.compile.stage.protocols import is_instance, order_of_instances

    if is_instance(m, left) or is_instance(m, right):
        return order_of_instances(m, name, left, right)
    lifted = lift(m, PYTHON_OPERATORS[name], (left, right))
    if lifted is not None:
        assert isinstance(lifted, (Num, Const, Finite))
        return lifted
    items = [v.items if isinstance(v, TupleValue) else const_items(v) for v in (left, right)]
    if items[0] is not None and items[1] is not None:
        return _tuple_order(m, name, items[0], items[1])
    kinds = by_kind(m, left), by_kind(m, right)
    if kinds != (left, right):
        return order(m, name, *kinds)
    whole = compare_whole(m, name, left, right)
    return compare_numbers(m, name, *operands(m, left, right)) if whole is None else whole


def _tuple_order(m: Machine, name: str, left: tuple[Value, ...], right: tuple[Value, ...]) -> Num | Const | Finite:
    from wc_engine.compile.stage.equality import equal

    if not left or not right:
        return Const(PYTHON_OPERATORS[name](len(left), len(right)))
    strict = {"lt": "lt", "le": "lt", "gt": "gt", "ge": "gt"}[name]
    same = equal(m, left[0], right[0])
    if isinstance(m.as_condition(same), Const) and m.as_condition(same) == Const(True):
        return _tuple_order(m, name, left[1:], right[1:])
    before = order(m, strict, left[0], right[0])
    return either(m, before, both(m, same, _tuple_order(m, name, left[1:], right[1:])))
