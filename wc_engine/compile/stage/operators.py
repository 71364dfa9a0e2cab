"""Operators on abstract values: arithmetic, comparison, truth; decided, tabulated or emitted, in this order.

An operation on constants is done now. One on a finite choice is done now for every choice and becomes a table. Only
what depends on numbers of the state is emitted, with CPython's meaning: an int result that may leave 64 bits is
guarded by a status, a division by what may be zero by an exception.
"""

from __future__ import annotations

import enum
import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wc_engine.compile.ir import Expr, Kind, Lit, Load, Op
from wc_engine.compile.stage.affordable import power, remainder, shift_left, times
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.store import number_of
from wc_engine.compile.stage.values import (
    INT_MAX,
    INT_MIN,
    MISSING,
    OPAQUE_TEXT,
    Conflict,
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


__all__ = [
    "PYTHON_OPERATORS",
    "arithmetic",
    "as_float",
    "as_int",
    "as_number",
    "as_whole",
    "by_kind",
    "const_items",
    "is_text",
    "negate",
    "operands",
]

PYTHON_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": times,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": remainder,
    "pow": power,
    "and_": operator.and_,
    "or_": operator.or_,
    "xor": operator.xor,
    "lshift": shift_left,
    "rshift": operator.rshift,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_EXACT_FLOAT = 2**53


# ---- numbers --------------------


def as_number(m: Machine, value: Value) -> Num | None:
    """Return a value as a number expression, or None where it is not one number of one kind."""
    if isinstance(value, Num):
        return value
    value = _as_data(value)
    number = number_of(value)
    if number is not None:
        return Num(number[1], number[2], number[3])
    if isinstance(value, Finite):
        allowed = [value.values[place] for place in m.allowed(value.index, len(value.values))]
        kinds = {type(item) for item in allowed if item is not MISSING}
        if kinds == {int} or kinds == {bool}:
            numbers = [int(item) for item in allowed if item is not MISSING]
            table = m.new_table(tuple(0 if item is MISSING or item is None else _small(item) for item in value.values))
            expr: Expr = Load(table, value.index, Kind.INT)
            if kinds == {bool}:
                return Num(Op("ne", (expr, Lit(0, Kind.INT)), Kind.BOOL), 0, 1)
            return Num(expr, min(numbers), max(numbers))
        if kinds == {float}:
            items = [(place, item) for place, item in enumerate(value.values) if type(item) is float]
            expr = Lit(items[-1][1], Kind.FLOAT)
            for place, item in items[:-1]:
                test = Op("eq", (value.index, Lit(place, Kind.INT)), Kind.BOOL)
                expr = Op("select", (test, Lit(item, Kind.FLOAT), expr), Kind.FLOAT)
            return Num(expr)
    return None


_NUMBER_KINDS = (bool, int, float)


def _as_data(value: Value) -> Value:
    """Return a value with the members of enumerations that are ints or floats as such."""
    if isinstance(value, Const) and isinstance(value.value, enum.Enum):
        return Const(_data_of(value.value))
    if isinstance(value, Finite) and any(isinstance(item, enum.Enum) for item in value.values):
        return Finite(value.index, tuple(map(_data_of, value.values)))
    return value


def _data_of(item: object) -> object:
    if isinstance(item, enum.Enum):
        return int(item) if isinstance(item, int) else float(item) if isinstance(item, float) else item
    return item


def by_kind(m: Machine, value: Value) -> Value:
    """Return a finite choice among constants of several kinds as a union of choices of one kind each."""
    if not isinstance(value, Finite):
        return value
    allowed = m.allowed(value.index, len(value.values))
    live = [value.values[place] for place in sorted(allowed) if value.values[place] is not MISSING]
    kinds = list(dict.fromkeys(type(item) for item in live))
    if len(kinds) < 2:
        return value
    options = tuple(
        Finite(value.index, tuple(item if type(item) is kind else MISSING for item in value.values)) for kind in kinds
    )
    places = [kinds.index(type(item)) if type(item) in kinds else 0 for item in value.values]
    return Union(m.temp(m.new_templates().remap(value.index, places)), options)


def operands(m: Machine, left: Value, right: Value, name: str = "") -> tuple[Num, Num]:
    """Return two operands as numbers; what certainly is none raises TypeError, as in Python.

    Args:
        name: the operation: some mean something for texts and tuples, too.
    """
    numbers = []
    if isinstance(left, Conflict) or isinstance(right, Conflict):
        m.unsupported(f"this operand: {left.reason if isinstance(left, Conflict) else right.reason}")  # type: ignore[union-attr]
    for value in (left, right):
        number = as_number(m, value)
        if number is None:
            if isinstance(value, Const) and type(value.value) is int:
                m.fail(STATUS_OUT_OF_RANGE)  # beyond 64 bits
            items = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
            if name in ("mul", "mod") and any(isinstance(item, (str, tuple)) for item in items):
                m.unsupported(f"{name} of a text or tuple with a number that depends on the state")
            if items and not any(isinstance(item, _NUMBER_KINDS) for item in items if item is not MISSING):
                m.raise_named("TypeError")
            m.unsupported("this operand")
        numbers.append(number)
    return numbers[0], numbers[1]


def is_text(value: Value) -> bool:
    """Whether a value is certainly a text."""
    constants = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    live = [item for item in constants if item is not MISSING]
    return value == OPAQUE_TEXT or (bool(live) and all(isinstance(item, str) for item in live))


def _small(item: object) -> int:
    return int(item) if isinstance(item, (int, bool)) else 0


def as_int(number: Num) -> Num:
    """Return a truth value as 0 or 1."""
    if number.kind is Kind.BOOL:
        return Num(Op("int_of_bool", (number.expr,), Kind.INT), 0, 1)
    return number


def as_float(m: Machine, number: Num) -> Num:
    """Return a number as a float; an int that may not be exact as one is guarded."""
    if number.kind is Kind.FLOAT:
        return number
    number = as_int(number)
    if number.low is None or number.high is None or number.low < -_EXACT_FLOAT or number.high > _EXACT_FLOAT:
        fits = Op(
            "and",
            (
                Op("ge", (number.expr, Lit(-_EXACT_FLOAT, Kind.INT)), Kind.BOOL),
                Op("le", (number.expr, Lit(_EXACT_FLOAT, Kind.INT)), Kind.BOOL),
            ),
            Kind.BOOL,
        )
        m.guard(boolean(fits), STATUS_OUT_OF_RANGE)
        return Num(Op("float_of_int", (number.expr,), Kind.FLOAT))
    return Num(Op("float_of_int", (number.expr,), Kind.FLOAT), number.low, number.high)


def as_whole(m: Machine, value: Value, *, signed_zero: bool) -> Num | None:
    """Return a float that is certainly a whole number, exact as an int, as that int; None for others.

    Args:
        signed_zero: whether 0.0 is to be told from -0.0, which no int is.
    """
    if isinstance(value, Const):
        found = value.value
        if type(found) is not float or not _is_whole(found, signed_zero):
            return None
        return Num(Lit(int(found), Kind.INT), int(found), int(found))
    if isinstance(value, Finite):
        allowed = [value.values[place] for place in m.allowed(value.index, len(value.values))]
        live = [item for item in allowed if item is not MISSING]
        if not live or not all(type(item) is float and _is_whole(item, signed_zero) for item in live):
            return None
        table = m.new_table(
            tuple(int(item) if type(item) is float and _is_whole(item, False) else 0 for item in value.values)
        )
        return Num(Load(table, value.index, Kind.INT), int(min(live)), int(max(live)))
    known = isinstance(value, Num) and value.kind is Kind.FLOAT and value.low is not None and value.high is not None
    if isinstance(value, Num) and known and isinstance(value.expr, Op) and value.expr.name == "float_of_int":
        return Num(value.expr.args[0], value.low, value.high)
    return None


def _is_whole(number: float, signed_zero: bool) -> bool:
    if not -_EXACT_FLOAT <= number <= _EXACT_FLOAT or number != int(number):
        return False
    return not (signed_zero and number == 0 and math.copysign(1.0, number) < 0)


def _whole_arithmetic(m: Machine, name: str, left: Value, right: Value) -> Num | None:
    """Return a sum or difference of whole floats, exact as that of ints; None for others.

    It is -0.0 only where both summands are, or a minuend of -0.0 meets 0.0.
    """
    if name not in ("add", "sub"):
        return None
    a, b = as_whole(m, left, signed_zero=False), as_whole(m, right, signed_zero=False)
    if a is None or b is None:
        return None
    if as_whole(m, left, signed_zero=True) is None and (name == "sub" or as_whole(m, right, signed_zero=True) is None):
        return None
    low, high = _ranges(name, a, b)
    if low is None or high is None or low < -_EXACT_FLOAT or high > _EXACT_FLOAT:
        return None
    whole = arithmetic(m, name, a, b)
    assert isinstance(whole, Num)
    return Num(Op("float_of_int", (whole.expr,), Kind.FLOAT), low, high)


def _ranges(name: str, left: Num, right: Num) -> tuple[int | None, int | None]:
    """Bounds of the result of an int operation, computed as if ints had no limit."""
    if left.low is None or left.high is None or right.low is None or right.high is None:
        return (
            (0, right.high - 1)
            if name == "mod" and right.low is not None and right.low > 0 and right.high
            else (None, None)
        )
    if name == "mod":
        if right.low > 0:
            return 0, right.high - 1
        return (right.low + 1, 0) if right.high < 0 else (None, None)
    if name == "floordiv" and right.low <= 0 <= right.high:
        return None, None
    if name in ("and_", "or_", "xor"):
        top = max(abs(left.low), abs(left.high), abs(right.low), abs(right.high)).bit_length()
        return (0 if left.low >= 0 and right.low >= 0 else -(1 << top)), (1 << top) - 1
    corners = [PYTHON_OPERATORS[name](a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return min(corners), max(corners)


def _checked(m: Machine, name: str, left: Num, right: Num) -> Num:
    """Emit an int operation whose result may leave 64 bits, guarded."""
    if name == "mul":
        bound = 2**31
        for operand in (left, right):
            if operand.low is None or operand.high is None or operand.low < -bound or operand.high > bound:
                low = Op("ge", (operand.expr, Lit(-bound, Kind.INT)), Kind.BOOL)
                high = Op("le", (operand.expr, Lit(bound, Kind.INT)), Kind.BOOL)
                m.guard(boolean(Op("and", (low, high), Kind.BOOL)), STATUS_OUT_OF_RANGE)
        return Num(m.temp(Op("mul", (left.expr, right.expr), Kind.INT)))
    a, b = m.temp(left.expr), m.temp(right.expr)
    result = m.temp(Op(name, (a, b), Kind.INT))
    if name in ("add", "sub"):
        # The sum overflowed where both operands have a sign that the result has not; a - b likewise with not b.
        crossed = (
            Op("and_", (Op("xor", (a, result), Kind.INT), Op("xor", (b, result), Kind.INT)), Kind.INT)
            if name == "add"
            else Op("and_", (Op("xor", (a, b), Kind.INT), Op("xor", (a, result), Kind.INT)), Kind.INT)
        )
        m.guard(boolean(Op("ge", (crossed, Lit(0, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_RANGE)
    return Num(result)


def arithmetic(m: Machine, name: str, left: Value, right: Value, *, bounded: bool = False) -> Value:
    """Return ``left name right`` for a binary operator by its name in the module ``operator``.

    Args:
        bounded: the caller knows that an int result stays within 64 bits.
    """
    if isinstance(left, Union):
        return m.dispatch(left, lambda option: arithmetic(m, name, option, right))
    if isinstance(right, Union):
        return m.dispatch(right, lambda option: arithmetic(m, name, left, option))
    lifted = lift(m, PYTHON_OPERATORS[name], (left, right))
    if lifted is not None:
        return lifted
    if name == "add" and OPAQUE_TEXT in (left, right) and is_text(left) and is_text(right):
        return OPAQUE_TEXT
    kinds = by_kind(m, left), by_kind(m, right)
    if kinds != (left, right):
        return arithmetic(m, name, *kinds, bounded=bounded)
    if isinstance(left, TupleValue) or isinstance(right, TupleValue):
        return _tuple_arithmetic(m, name, left, right)
    whole = _whole_arithmetic(m, name, left, right)
    if whole is not None:
        return whole
    a, b = operands(m, left, right, name)
    if name == "truediv" or Kind.FLOAT in (a.kind, b.kind):
        return _float_arithmetic(m, name, a, b)
    if a.kind is Kind.BOOL and b.kind is Kind.BOOL and name in ("and_", "or_", "xor"):
        return boolean(Op({"and_": "and", "or_": "or", "xor": "ne"}[name], (a.expr, b.expr), Kind.BOOL))
    a, b = as_int(a), as_int(b)
    if name in ("floordiv", "mod") and not (b.low is not None and b.low > 0):
        m.require(boolean(Op("ne", (b.expr, Lit(0, Kind.INT)), Kind.BOOL)), "ZeroDivisionError")
        if (a.low is None or a.low == INT_MIN) and (b.low is None or b.low <= -1):
            # The one quotient that leaves 64 bits.
            least, back = (
                Op("eq", (a.expr, Lit(INT_MIN, Kind.INT)), Kind.BOOL),
                Op("eq", (b.expr, Lit(-1, Kind.INT)), Kind.BOOL),
            )
            m.guard(boolean(Op("not", (Op("and", (least, back), Kind.BOOL),), Kind.BOOL)), STATUS_OUT_OF_RANGE)
    if name in ("pow", "lshift", "rshift"):
        from wc_engine.compile.stage.powers import power_of, shifted

        return power_of(m, a, b) if name == "pow" else shifted(m, name, a, b)
    if name in ("add", "sub") and b.expr == Lit(0, Kind.INT):
        return a
    if name == "add" and a.expr == Lit(0, Kind.INT):
        return b
    low, high = _ranges(name, a, b)
    if (
        not bounded
        and (low is None or high is None or low < INT_MIN or high > INT_MAX)
        and name in ("add", "sub", "mul")
    ):
        return _checked(m, name, a, b)
    return Num(Op(name, (a.expr, b.expr), Kind.INT), low, high)


def _tuple_arithmetic(m: Machine, name: str, left: Value, right: Value) -> Value:
    items = [v.items if isinstance(v, TupleValue) else const_items(v) for v in (left, right)]
    if name == "add" and items[0] is not None and items[1] is not None:
        return TupleValue(items[0] + items[1])
    if name == "mul":
        for sequence, times in ((items[0], right), (items[1], left)):
            if sequence is not None and isinstance(times, Const) and isinstance(times.value, int):
                return TupleValue(sequence * times.value)
    m.unsupported(f"{name} of a tuple")


def const_items(value: Value) -> tuple[Value, ...] | None:
    if isinstance(value, Const) and isinstance(value.value, tuple):
        return tuple(Const(item) for item in value.value)
    return None


def _float_arithmetic(m: Machine, name: str, a: Num, b: Num) -> Value:
    left, right = as_float(m, a), as_float(m, b)
    if name == "truediv":
        m.require(boolean(Op("ne", (right.expr, Lit(0.0, Kind.FLOAT)), Kind.BOOL)), "ZeroDivisionError")
    elif name not in ("add", "sub", "mul"):
        m.unsupported(f"{name} of floats that depend on the state")
    return Num(Op(name, (left.expr, right.expr), Kind.FLOAT))


def negate(m: Machine, value: Value) -> Value:
    """Return ``-value``."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: negate(m, option))
    lifted = lift(m, operator.neg, (value,))
    if lifted is not None:
        return lifted
    number = as_number(m, value)
    if number is None:
        m.unsupported("minus of this value")
    if number.kind is Kind.FLOAT:
        return Num(Op("neg", (number.expr,), Kind.FLOAT))
    return arithmetic(m, "sub", Const(0), as_int(number))


# ---- truth --------------------


# ---- order --------------------
