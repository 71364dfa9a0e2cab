"""Powers and shifts of ints that depend on the state, as the products and quotients that they are.

before: ``(a.x - b.x) ** 2``, ``seen | 1 << a.x``, ``mask >> 1``
after:  ``d * d`` guarded like any product, ``seen | 1 * (1 << a.x)`` for 0 <= a.x <= 61, ``mask // 2``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind, Lit, Op
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.operators import arithmetic
from wc_engine.compile.stage.ordering import compare_numbers
from wc_engine.compile.stage.values import Num, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["power_of", "shifted"]

_MOST_FACTORS = 8
_MOST_PLACES = 61
"""A power of two up to this one, and its negative, are ints of 64 bits with room to compare."""


def power_of(m: Machine, base: Num, exponent: Num) -> Value:
    """Return a product of as many equal numbers as a small exponent says."""
    times = exponent.expr.value if isinstance(exponent.expr, Lit) else None
    if not isinstance(times, int) or not 1 <= times <= _MOST_FACTORS:
        m.unsupported("a power of a number that depends on the state, but for small exponents, is not translated yet")
    result: Value = base
    for _ in range(times - 1):
        result = arithmetic(m, "mul", result, base)
    return result


def shifted(m: Machine, name: str, number: Num, places: Num) -> Value:
    """Return ``number << places`` or ``number >> places``: a product with, or a quotient by, a power of two."""
    m.require(compare_numbers(m, "ge", places, _number(0)), "ValueError")
    m.guard(compare_numbers(m, "le", places, _number(_MOST_PLACES)), STATUS_OUT_OF_RANGE)
    if isinstance(places.expr, Lit) and isinstance(places.expr.value, int):
        factor = _number(1 << places.expr.value)
    else:
        factor = Num(Op("shift_left", (Lit(1, Kind.INT), places.expr), Kind.INT), 1, 1 << _MOST_PLACES)
    return arithmetic(m, "mul" if name == "lshift" else "floordiv", number, factor)


def _number(value: int) -> Num:
    return Num(Lit(value, Kind.INT), value, value)
