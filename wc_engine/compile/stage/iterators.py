"""Built-in functions that make iterators, and those that run them down to one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind, Lit, Op
from wc_engine.compile.stage.arrays import ReversedQuery, StarMapQuery, memory_of, zipped
from wc_engine.compile.stage.collections import iterable, new_list, site_of
from wc_engine.compile.stage.comprehensions import ComprehensionQuery, EnumerateQuery, FilterQuery, MapQuery
from wc_engine.compile.stage.equality import exists
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.laziness import lazy
from wc_engine.compile.stage.lifting import constant_of
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.operators import arithmetic, as_number
from wc_engine.compile.stage.ordering import compare_numbers, order
from wc_engine.compile.stage.queries import Query, RangeQuery, items_query, known_items
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Const,
    DictView,
    Finite,
    Num,
    QueryValue,
    Ref,
    Row,
    TupleValue,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle


__all__ = ["ITERATORS", "snapshot", "tuple_of"]


def tuple_of(m: Machine, query: Query) -> Value:
    """Return a tuple of a query's elements."""
    items = known_items(query)
    if items is None:
        return new_list(m, query, "tuple", m.node)
    return constant_of(m, TupleValue(items)) or TupleValue(items)


def snapshot(m: Machine, value: Value) -> Query:
    """The elements of an iterable as they are now: an iterator is run, a collection's content is taken."""
    query = iterable(m, value)
    if isinstance(query, ComprehensionQuery) and len(query.node.generators) == 1:
        visit = query
        return lazy(m, lambda part: replace(visit, source=part), visit.source, site_of(m.node))[0]
    if isinstance(value, QueryValue) and known_items(query) is None:
        return lazy(m, lambda part: part, query, site_of(m.node))[0]
    return query


def _any(m: Machine, value: Value) -> Value:
    return exists(m, iterable(m, value), m.truth)


def _all(m: Machine, value: Value) -> Value:
    return invert(m, exists(m, iterable(m, value), lambda item: invert(m, m.truth(item))))


def _sum(m: Machine, value: Value, start: Value = Const(0)) -> Value:  # noqa: B008
    cell = m.new_cell(start)

    def visit(element: Value) -> None:
        # A sum of truth values or small numbers over the rows of a state cannot leave 64 bits.
        number = as_number(m, element)
        bounds = (None, None) if number is None else (number.low, number.high)
        small = all(bound is not None and abs(bound) < 2**31 for bound in bounds)
        m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], element, bounded=small)

    iterable(m, value).iterate(m, visit)
    return m.store.cells[cell]


def _next(m: Machine, value: Value, default: Value | None = None) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _next(m, option, default))
    if not isinstance(value, QueryValue) or value.kind == "range":
        if isinstance(value, (Const, Num, Finite, TupleValue, Row, Ref, QueryValue, DictView)):
            m.raise_named("TypeError")
        m.unsupported("next of this value")
    query = m.take(value)

    def search(handle: BlockHandle) -> Value:
        query.iterate(m, lambda element: m.leave(handle, element))
        return UNBOUND if default is None else default

    return m.bound(m.block("next", search), "StopIteration")


def _extreme(name: str) -> Callable[..., Value]:
    def call(m: Machine, *arguments: Value, key: Value = NONE, default: Value | None = None) -> Value:
        query = iterable(m, arguments[0]) if len(arguments) == 1 else items_query(arguments)
        best, best_key = m.new_cell(UNBOUND), m.new_cell(UNBOUND)
        items = known_items(query)
        if key == NONE and items is not None and all(as_number(m, item) is not None for item in items) and items:
            return _extreme_number(m, name, items)
        bounds = _small_ints(m, query) if key == NONE and items is None else None
        if bounds is not None:
            return _extreme_of_ints(m, name, query, bounds, default)

        def visit(element: Value) -> None:
            rank = element if key == NONE else m.call(key, (element,), {})

            def take() -> Value:
                m.store.cells[best], m.store.cells[best_key] = element, rank
                return NONE

            def challenge(known: Value) -> Value:
                return m.branch(order(m, name, rank, known), take, lambda: NONE)

            known = m.store.cells[best_key]
            if known == UNBOUND:
                take()
                return
            missing = (
                Finite(known.tag, tuple(o == UNBOUND for o in known.options))
                if isinstance(known, Union)
                else Const(False)
            )
            m.branch(missing, take, lambda: challenge(m.bound(known, "ValueError")))

        query.iterate(m, visit)
        result = m.store.cells[best]
        if default is None:
            return m.bound(result, "ValueError")
        if isinstance(result, Union) and UNBOUND in result.options:
            options = tuple(default if option == UNBOUND else option for option in result.options)
            return Union(result.tag, options)
        return default if result == UNBOUND else result

    return call


def _small_ints(m: Machine, query: Query) -> tuple[int, int] | None:
    """Return (least, largest) that any element can be, where all of them are ints with known bounds; else None."""
    found: list[Num | None] = []

    def visit(element: Value) -> None:
        number = as_number(m, element)
        small = number is not None and number.kind is Kind.INT and number.low is not None and number.high is not None
        found.append(number if small else None)

    def run() -> Value:
        query.iterate(m, visit)
        return NONE

    if m.trial(run) is None or not found:
        return None
    lows = [number.low for number in found if number is not None and number.low is not None]
    highs = [number.high for number in found if number is not None and number.high is not None]
    if len(lows) < len(found) or min(lows) < -_SMALL or max(highs) > _SMALL:
        return None
    return min(lows), max(highs)


_SMALL = 2**31


def _extreme_of_ints(m: Machine, name: str, query: Query, bounds: tuple[int, int], default: Value | None) -> Value:
    """Start with a number that any element beats, and see in the end whether one did."""
    low, high = bounds
    pick, beaten = ("max", low - 1) if name == "gt" else ("min", high + 1)
    best = m.new_cell(Num(Lit(beaten, Kind.INT), beaten, beaten))

    def visit(element: Value) -> None:
        number = as_number(m, element)
        assert number is not None
        known = m.int_expr(m.store.cells[best])
        m.store.cells[best] = Num(m.temp(Op(pick, (known, number.expr), Kind.INT)))

    query.iterate(m, visit)
    result = m.int_expr(m.store.cells[best])
    some = boolean(Op("ne", (result, Lit(beaten, Kind.INT)), Kind.BOOL))
    found = Num(result, low, high)
    if default is not None:
        return m.branch(some, lambda: found, lambda: default)
    m.require(some, "ValueError")
    return found


def _extreme_number(m: Machine, name: str, items: tuple[Value, ...]) -> Value:
    best = items[0]
    for item in items[1:]:
        a, b = as_number(m, item), as_number(m, best)
        assert a is not None
        assert b is not None
        if a.kind is not b.kind or a.kind is Kind.BOOL:
            m.unsupported("min or max of numbers of different kinds")
        better = m.as_condition(compare_numbers(m, name, a, b))
        if isinstance(better, Const):
            best = item if better.value else best
            continue
        pick = max if name == "gt" else min
        known = None not in (a.low, b.low, a.high, b.high)
        low = pick(a.low, b.low) if known else None  # type: ignore[type-var]
        high = pick(a.high, b.high) if known else None  # type: ignore[type-var]
        best = Num(Op("select", (better.expr, a.expr, b.expr), a.kind), low, high)
    return best


def _iter(m: Machine, value: Value) -> Value:
    if isinstance(value, QueryValue) and value.kind != "range":
        return value
    content = m.object(value) if isinstance(value, Ref) else None
    watched = None
    if isinstance(value, Ref) and isinstance(content, SeqObject):
        watched = frozenset({("heap", value.object_id)})
    return m.iterator(iterable(m, value), "iterator", watched)


def _range(m: Machine, *arguments: Value) -> Value:
    bounds = [as_number(m, argument) for argument in arguments]
    if any(bound is not None and bound.kind is Kind.FLOAT for bound in bounds):
        m.raise_named("TypeError")
    if not 1 <= len(bounds) <= 3 or any(bound is None or bound.kind is not Kind.INT for bound in bounds):
        m.unsupported("range of these values")
    low, high = (Const(0), arguments[0]) if len(arguments) == 1 else arguments[:2]
    step = arguments[2] if len(arguments) > 2 else Const(1)
    constant = constant_of(m, step)
    if constant is None or constant.value == 0:
        m.unsupported("a range whose step depends on the state, or is 0")
    ends = [end if isinstance(end, Const) else as_number(m, end) for end in (low, high)]
    return QueryValue(RangeQuery(ends[0], ends[1], constant.value), "range")  # type: ignore[arg-type]


def _enumerate(m: Machine, value: Value, start: Value = Const(0)) -> Value:  # noqa: B008
    query = iterable(m, value)
    items = known_items(query)
    if items is not None and isinstance(start, Const):
        pairs = tuple(TupleValue((Const(start.value + place), item)) for place, item in enumerate(items))
        return m.iterator(items_query(pairs), "enumerate")
    return m.iterator(EnumerateQuery(query, start), "enumerate")


def _zip(m: Machine, *arguments: Value, strict: Value = Const(False)) -> Value:  # noqa: B008
    if m.truth(strict) != Const(False):
        m.unsupported("zip with strict=True")
    _refuse_positioned(m, arguments)
    columns = [known_items(iterable(m, argument)) for argument in arguments]
    if any(column is None for column in columns):
        return m.iterator(zipped(m, [snapshot(m, argument) for argument in arguments]), "zip")
    rows = zip(*(column for column in columns if column is not None), strict=False)
    return m.iterator(items_query(tuple(TupleValue(tuple(row)) for row in rows)), "zip")


def _map(m: Machine, function: Value, *sources: Value) -> Value:
    if len(sources) == 1:
        return m.iterator(MapQuery(function, iterable(m, sources[0])), "map")
    _refuse_positioned(m, sources)
    if any(known_items(iterable(m, source)) is None for source in sources):
        return m.iterator(StarMapQuery(function, zipped(m, [snapshot(m, source) for source in sources])), "map")
    columns = [m.known_elements(source) for source in sources]
    results = tuple(m.call(function, tuple(row), {}) for row in zip(*columns, strict=False))
    return m.iterator(items_query(results), "map")


def _refuse_positioned(m: Machine, sources: tuple[Value, ...]) -> None:
    """Whoever goes through several collections at once takes no more of each than is needed."""
    if any(isinstance(source, QueryValue) and source.positioned for source in sources):
        m.unsupported("an iterator that is used elsewhere, too, beside other collections")


def _filter(m: Machine, function: Value, source: Value) -> Value:
    return m.iterator(FilterQuery(function, iterable(m, source)), "filter")


def _reversed(m: Machine, value: Value) -> Value:
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, SeqObject) and content.kind in ("set", "frozenset"):
        m.raise_named("TypeError")
    if isinstance(value, QueryValue) and value.kind != "range":
        m.raise_named("TypeError")
    query = iterable(m, value)
    items = known_items(query)
    backwards = ReversedQuery(memory_of(m, query, 5)) if items is None else items_query(items[::-1])
    return m.iterator(backwards, "iterator")


def _reduce(m: Machine, function: Value, source: Value, initial: Value | None = None) -> Value:
    cell = m.new_cell(UNBOUND if initial is None else initial)
    query = iterable(m, source)

    def visit(item: Value) -> None:
        def join(known: Value) -> Value:
            return item if known == UNBOUND else m.call(function, (known, item), {})

        m.store.cells[cell] = m.dispatch(m.store.cells[cell], join)

    query.iterate(m, visit)
    return m.bound(m.store.cells[cell], "TypeError")


ITERATORS: dict[str, Callable[..., Value]] = {
    "any": _any,
    "all": _all,
    "sum": _sum,
    "next": _next,
    "min": _extreme("lt"),
    "max": _extreme("gt"),
    "iter": _iter,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "map": _map,
    "filter": _filter,
    "reversed": _reversed,
    "functools.reduce": _reduce,
}
"""Functions by the name that programs know them by."""
