"""Lists in memory: an array and a count, changed in place by whoever holds the list.

Where a list is changed at a place, or by an amount, that depends on the state, its elements lie in scratch memory
(``runtime_tables.py``). Copies of such a list share its memory until one of them is changed; then staging starts again
with the copy in memory of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Expr, Kind, Lit, Loop, Op
from wc_engine.compile.stage.collections import materialise, site_of
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.operators import arithmetic, as_int, as_number
from wc_engine.compile.stage.places import element_at, table_index, without_first
from wc_engine.compile.stage.queries import TableQuery, items_query, known_items
from wc_engine.compile.stage.stretches import PartQuery, StretchQuery
from wc_engine.compile.stage.values import NONE, Const, Num, Ref, TupleValue, Value, boolean

if TYPE_CHECKING:
    from collections.abc import Callable

    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle
    from wc_engine.compile.stage.queries import Query

__all__ = [
    "ReversedQuery",
    "StarMapQuery",
    "delete_at",
    "insert_at",
    "memory_of",
    "pop",
    "sliced",
    "table_of",
    "zipped",
]

_ONE, _ZERO = Lit(1, Kind.INT), Lit(0, Kind.INT)


def _op(name: str, *arguments: Expr) -> Expr:
    return Op(name, arguments, Kind.INT)


@dataclass(frozen=True, slots=True)
class ReversedQuery:
    """The elements of a list in memory from the last to the first."""

    table: TableQuery

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        variable, count = m.new_var(Kind.INT, "i"), self.table.count

        def visit() -> None:
            place = m.temp(_op("sub", _op("sub", count, variable), _ONE))
            body(m.tables_at_run_time.load(self.table.list_id, place))

        m.loop(lambda label, code: Loop(label, variable, count, code), visit)


@dataclass(frozen=True, slots=True)
class ZipQuery:
    """The elements of a query side by side with those of others, as far as all have some."""

    first: Query
    others: tuple[Query, ...]

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        cell = m.new_cell(Const(0))

        def run(handle: BlockHandle) -> Value:
            def visit(element: Value) -> None:
                position = m.store.cells[cell]
                place = m.int_expr(position)
                for other in self.others:
                    size = (
                        other.count
                        if isinstance(other, (TableQuery, StretchQuery))
                        else Lit(len(known_items(other) or ()), Kind.INT)
                    )
                    m.when(boolean(Op("ge", (place, size), Kind.BOOL)), lambda: m.leave(handle))
                others = tuple(element_at(m, other, Num(place, 0, 2**31)) for other in self.others)
                m.store.cells[cell] = arithmetic(m, "add", position, Const(1), bounded=True)
                body(TupleValue((element, *others)))

            self.first.iterate(m, visit)
            return NONE

        m.block("zip", run)


@dataclass(frozen=True, eq=False, slots=True)
class StarMapQuery:
    """``map(function, a, b, ...)``, of a query of tuples."""

    function: Value
    source: Query

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        def visit(element: Value) -> None:
            assert isinstance(element, TupleValue)
            body(m.call(self.function, element.items, {}))

        self.source.iterate(m, visit)


def zipped(m: Machine, queries: list[Query]) -> Query:
    """Return ``zip`` of queries that are as they are now."""
    first, *rest = queries
    others = [
        query if known_items(query) is not None or isinstance(query, StretchQuery) else memory_of(m, query, 8 + place)
        for place, query in enumerate(rest)
    ]
    return ZipQuery(first, tuple(others))


def memory_of(m: Machine, query: Query, purpose: int) -> TableQuery:
    """Return the elements of a query in memory, as they are now.

    Args:
        purpose: a number below 32 that tells apart the lists that one expression needs.
    """
    if isinstance(query, TableQuery):
        return query
    line, column = site_of(m.node)
    table = materialise(m, query, (line, -1 - column * 64 - 32 - purpose))
    assert isinstance(table, TableQuery)
    return table


def table_of(m: Machine, ref: Ref, *, resized: bool = True) -> TableQuery:
    """Return the contents of a list as memory of its own, which may be written.

    Args:
        resized: the list gets another length.
    """
    content = m.object(ref)
    assert isinstance(content, SeqObject)
    site, loops = m.births.get(ref.object_id, ((0, 0), ()))
    if isinstance(content.content, TableQuery):
        return m.tables_at_run_time.unshare(ref, content.content, resized=resized)
    if len(loops) != len(m.loops):
        m.in_memory(site, "a list that is not in memory is changed in a loop")
    table = memory_of(m, content.content, 0)
    m.set_object(ref, replace(content, content=table))
    return table


def _resize(m: Machine, ref: Ref, table: TableQuery, count: Expr) -> None:
    content = m.object(ref)
    assert isinstance(content, SeqObject)
    m.set_object(ref, replace(content, content=replace(table, count=count)))


def pop(m: Machine, ref: Ref, place: Value) -> Value:
    """``list.pop(place)`` of a list whose length, or a place, depends on the state; raises IndexError outside."""
    table = table_of(m, ref)
    index = table_index(m, table, place)
    element = m.tables_at_run_time.load(table.list_id, index)
    _close_gap(m, ref, table, index, moves=place != Const(-1))
    return element


def delete_at(m: Machine, ref: Ref, place: Value) -> None:
    """``del list[place]``."""
    table = table_of(m, ref)
    _close_gap(m, ref, table, table_index(m, table, place), moves=place != Const(-1))


def _close_gap(m: Machine, ref: Ref, table: TableQuery, index: Expr, *, moves: bool) -> None:
    rest = m.temp(_op("sub", table.count, _ONE), "n")
    if moves:
        variable, start = m.new_var(Kind.INT, "i"), m.temp(index)

        def visit() -> None:
            target = m.temp(_op("add", start, variable))
            m.tables_at_run_time.move(table.list_id, target, _op("add", target, _ONE))

        m.loop(lambda label, code: Loop(label, variable, _op("sub", rest, start), code), visit)
    m.note_write(("popped", table.list_id))
    _resize(m, ref, table, rest)


def insert_at(m: Machine, ref: Ref, place: Value, value: Value) -> None:
    """``list.insert(place, value)``: beyond the ends it is put at the end."""
    table = table_of(m, ref)
    m.tables_at_run_time.claim(ref, table)
    start, count = m.temp(_clamped(m, table, place)), table.count
    grown = m.tables_at_run_time.append(table.list_id, count, value)
    variable = m.new_var(Kind.INT, "i")

    def visit() -> None:
        target = m.temp(_op("sub", count, variable))
        m.tables_at_run_time.move(table.list_id, target, _op("sub", target, _ONE))

    m.loop(lambda label, code: Loop(label, variable, _op("sub", count, start), code), visit)
    m.tables_at_run_time.store(table.list_id, start, value)
    _resize(m, ref, table, grown)


def _clamped(m: Machine, table: TableQuery, place: Value) -> Expr:
    """Return a bound of a slice as a number from 0 to the length."""
    number = as_number(m, place)
    if number is None or number.kind is Kind.FLOAT:
        m.unsupported("this bound of a slice")
    number = as_int(number)
    position = m.temp(number.expr)
    if number.low is None or number.low < 0:
        shifted = _op("max", _op("add", position, table.count), _ZERO)
        position = m.temp(_op("select", Op("lt", (position, _ZERO), Kind.BOOL), shifted, position))
    return _op("min", position, table.count)


def sliced(m: Machine, query: Query, bounds: tuple[Value, Value, Value]) -> Query:
    """Return the elements of ``query[start:stop:step]`` where their number depends on the state."""
    start, stop, step = bounds
    items = known_items(query)
    constants = [bound.value for bound in bounds if isinstance(bound, Const)]
    if items is not None and len(constants) == len(bounds):
        return items_query(items[slice(constants[0], constants[1], constants[2])])
    if step == Const(-1) and start == NONE and stop == NONE:
        return ReversedQuery(memory_of(m, query, 1))
    if step not in (NONE, Const(1)):
        m.unsupported("a slice with a step of a list whose length depends on the state")
    if stop == NONE and isinstance(start, Const) and type(start.value) is int and start.value >= 0:
        behind = without_first(m, query, start.value)
        if behind is not None:
            return behind
    table = memory_of(m, query, 1)
    first = _ZERO if start == NONE else m.temp(_clamped(m, table, start))
    last = table.count if stop == NONE else _clamped(m, table, stop)
    count = m.temp(_op("max", _op("sub", last, first), _ZERO), "n")
    return PartQuery(table, first, count)
