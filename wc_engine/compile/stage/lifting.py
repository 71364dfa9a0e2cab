"""Tabulation: a function of constants and finite choices is computed now, for every choice."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from wc_engine.compile.ir import Expr, Kind, Lit, Op
from wc_engine.compile.stage.affordable import MAX_BITS, MAX_LENGTH, TooCostlyError
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.queries import items_query
from wc_engine.compile.stage.values import MISSING, NONE, Const, Finite, TupleValue, Value
from wc_engine.state.entities import Entity

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["constant_of", "lift"]

_MAX_TABLE = 4096
_FLOAT_TABLE = 256


class _Unknown:
    """What stands for a result that cannot be followed: too large, or of a kind that tables do not hold."""


def _is_plain(result: object) -> bool:
    """Whether a constant can hold a result."""
    if isinstance(result, (tuple, list)):
        return len(result) <= MAX_LENGTH and all(map(_is_plain, result))
    if type(result) is str:
        return len(result) <= MAX_LENGTH
    if type(result) is int:
        return result.bit_length() <= MAX_BITS
    return (
        result is None or type(result) in (bool, float) or isinstance(result, (Entity, enum.Enum, re.Pattern, re.Match))
    )


class _Raised:
    """An entry of a table on which the function raises."""

    def __init__(self, name: str) -> None:
        self.name = name


def constant_of(m: Machine, value: Value) -> Const | None:
    """Return a value as a constant where facts leave it no choice."""
    if isinstance(value, Const):
        return value
    if isinstance(value, Finite):
        allowed = m.allowed(value.index, len(value.values))
        distinct = {Const(value.values[place]) for place in allowed if value.values[place] is not MISSING}
        if len(distinct) == 1:
            return distinct.pop()
    if isinstance(value, TupleValue):
        items = [constant_of(m, item) for item in value.items]
        if all(item is not None for item in items):
            return Const(tuple(item.value for item in items if item is not None))
    return None


def _apply(function: Callable[..., Any], arguments: tuple[Any, ...]) -> object:
    try:
        result = function(*arguments)
    except TooCostlyError:
        return _Unknown
    except Exception as error:
        return _Raised(type(error).__name__)
    return result if _is_plain(result) else _Unknown


def lift(m: Machine, function: Callable[..., Any], arguments: tuple[Value, ...]) -> Value | None:
    """Return ``function(*arguments)`` where every argument is a constant or a finite choice, else None.

    Args:
        function: a pure Python function of constants; what it raises, the program raises.
    """
    reduced: list[Const | Finite] = []
    for argument in arguments:
        constant = constant_of(m, argument)
        if constant is not None:
            reduced.append(constant)
        elif isinstance(argument, Finite):
            reduced.append(argument)
        else:
            return None
    indices = list(dict.fromkeys(item.index for item in reduced if isinstance(item, Finite)))
    if not indices:
        return _result(m, _apply(function, tuple(item.value for item in reduced if isinstance(item, Const))))
    sizes = [max(len(i.values) for i in reduced if isinstance(i, Finite) and i.index == index) for index in indices]
    total = 1
    for size in sizes:
        total *= size
    # Ints are computed from two tables more cheaply than looked up in one for all pairs; floats have no tables.
    computed = all(_is_numeric(item) for item in reduced) and not (total <= _FLOAT_TABLE and any(map(_floats, reduced)))
    if total > _MAX_TABLE or (len(indices) > 1 and computed):
        return None
    return _tabulate(m, function, reduced, indices, sizes)


def _is_numeric(item: Const | Finite) -> bool:
    values = (item.value,) if isinstance(item, Const) else item.values
    return all(type(value) in (int, float, bool) for value in values if value is not MISSING)


def _floats(item: Const | Finite) -> bool:
    return isinstance(item, Finite) and any(type(value) is float for value in item.values)


def _apply_to_all(
    function: Callable[..., Any], arguments: list[Const | Finite], indices: list[Expr], allowed: list[list[int]]
) -> Any:
    """Return the results for all places of all indices that are allowed, MISSING for the others: an array of objects.

    Places of an index that give equal arguments are asked once: there are far fewer names than actions.
    """
    axes: list[list[int]] = []
    choices: list[list[tuple[object, ...]]] = []
    for axis, index in enumerate(indices):
        own = [argument.values for argument in arguments if isinstance(argument, Finite) and argument.index == index]
        size = max(map(len, own))
        known: dict[tuple[Const, ...], int] = {}
        numbers = [-1] * size
        for place in allowed[axis]:
            if place >= size:
                break
            values = tuple([column[place] if place < len(column) else MISSING for column in own])
            if not any(value is MISSING for value in values):
                numbers[place] = known.setdefault(tuple(map(Const, values)), len(known))
        axes.append(numbers)
        choices.append([tuple(constant.value for constant in key) for key in known])
    table = np.full([len(choice) + 1 for choice in choices], MISSING, dtype=object)  # the last of each: not allowed
    for combined in product(*(range(len(choice)) for choice in choices)):
        taken = [iter(choice[number]) for choice, number in zip(choices, combined, strict=True)]
        values = tuple(a.value if isinstance(a, Const) else next(taken[indices.index(a.index)]) for a in arguments)
        table[combined] = _apply(function, values)
    return table[np.ix_(*axes)]


def _tabulate(
    m: Machine, function: Callable[..., Any], arguments: list[Const | Finite], indices: list[Expr], sizes: list[int]
) -> Value:
    allowed = [sorted(m.allowed(index, size)) for index, size in zip(indices, sizes, strict=True)]
    results = list(_apply_to_all(function, arguments, indices, allowed).flat)
    index = indices[0]
    for other, size in zip(indices[1:], sizes[1:], strict=True):
        index = Op("add", (Op("mul", (index, Lit(size, Kind.INT)), Kind.INT), other), Kind.INT)
    if len(indices) > 1 and not any(map(_floats, arguments)):
        index = m.temp(index)
    return _choose(m, index, results)


def _choose(m: Machine, index: Expr, results: list[object]) -> Value:
    """Return the value of a table of results, raising where an entry raised."""
    allowed = m.allowed(index, len(results))
    live = [results[place] for place in allowed if results[place] is not MISSING]
    live = list({id(result): result for result in live}.values())
    if _Unknown in live:
        m.unsupported("the result of this operation")
    results = [MISSING if result is _Unknown else result for result in results]
    raised = {result.name for result in live if isinstance(result, _Raised)}
    if raised:
        name = sorted(raised)[0]
        is_this = Finite(
            index,
            tuple(MISSING if r is MISSING else isinstance(r, _Raised) and r.name == name for r in results),
        )
        rest = [MISSING if isinstance(result, _Raised) and result.name == name else result for result in results]
        return m.branch(is_this, lambda: m.raise_named(name), lambda: _choose(m, index, rest))
    if live and all(isinstance(result, list) for result in live):
        return _choose_list(m, index, results)
    if any(isinstance(result, list) for result in live):
        m.unsupported("a value that is a list for some actions only")
    distinct = {Const(result) for result in live}
    if len(distinct) == 1:
        return distinct.pop()
    return Finite(index, tuple(MISSING if isinstance(r, (_Raised, list)) else r for r in results))


def _choose_list(m: Machine, index: Expr, results: list[object]) -> Value:
    """A list chosen by an index: its items are tables; lists of different lengths are told apart first."""
    allowed = m.allowed(index, len(results))
    lengths = sorted({len(r) for p, r in enumerate(results) if p in allowed and isinstance(r, list)})
    length = lengths[0]
    if len(lengths) > 1:
        fits = Finite(index, tuple(len(r) == length if isinstance(r, list) else MISSING for r in results))
        same: list[object] = [r if isinstance(r, list) and len(r) == length else MISSING for r in results]
        others: list[object] = [r if isinstance(r, list) and len(r) != length else MISSING for r in results]
        return m.branch(fits, lambda: _choose_list(m, index, same), lambda: _choose_list(m, index, others))
    columns = []
    for position in range(length):
        column: list[object] = [r[position] if isinstance(r, list) and len(r) == length else MISSING for r in results]
        columns.append(_choose(m, index, column))
    return m.new_object(SeqObject("list", items_query(tuple(columns))))


def _result(m: Machine, result: object) -> Value:
    if result is _Unknown:
        m.unsupported("the result of this operation")
    if isinstance(result, _Raised):
        m.raise_named(result.name)
    if isinstance(result, list):
        return m.new_object(SeqObject("list", items_query(tuple(_result(m, item) for item in result))))
    if isinstance(result, tuple) and any(isinstance(item, list) for item in result):
        return TupleValue(tuple(_result(m, item) for item in result))
    return NONE if result is None else Const(result)
