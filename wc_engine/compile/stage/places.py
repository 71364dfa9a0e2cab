"""How many elements a collection has, and which one stands at a place."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, ZERO, Count, Expr, Kind, Lit, Op
from wc_engine.compile.stage.collections import materialise, site_of
from wc_engine.compile.stage.equality import exists
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.operators import arithmetic, as_int, as_number
from wc_engine.compile.stage.queries import (
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    known_items,
    parts_of,
)
from wc_engine.compile.stage.stretches import PartQuery, RepeatQuery, StretchQuery
from wc_engine.compile.stage.values import (
    UNBOUND,
    Conflict,
    Const,
    Finite,
    Num,
    Row,
    TupleValue,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = ["count", "element_at", "is_empty", "known_size", "table_index", "without_first"]


def is_empty(m: Machine, query: Query) -> Num | Const | Finite:
    """Return whether a query has no element, visiting at most one."""
    from wc_engine.compile.stage.remembered import mapped_from

    query = mapped_from(m, query)
    items = known_items(query)
    if items is not None:
        return Const(not items)
    size = known_size(m, query)
    if isinstance(size, Lit):
        return Const(size.value == 0)
    if size is not None:
        return boolean(Op("eq", (size, Lit(0, Kind.INT)), Kind.BOOL))
    first = _nth(m, query, 0)
    if isinstance(first, Conflict):
        return invert(m, exists(m, query, lambda _: Const(True)))
    if isinstance(first, Union):
        return Finite(first.tag, tuple(option == UNBOUND for option in first.options))
    return Const(first == UNBOUND)


def known_size(m: Machine, query: Query) -> Expr | None:
    """Return the number of elements where it is known without a visit."""
    if isinstance(query, TableQuery) and query.taken == ZERO:
        return query.count
    if isinstance(query, (StretchQuery, PartQuery)):
        return query.count
    if isinstance(query, RepeatQuery):
        inner = known_items(query.items)
        size = Lit(len(inner or ()), Kind.INT)
        alone = inner is not None and len(inner) == 1
        return query.count if alone else None if inner is None else m.temp(Op("mul", (query.count, size), Kind.INT))
    if isinstance(query, RowsQuery) and not query.is_shorter:
        return Count(query.type_name) if m.is_static(query.type_name) else m.row_count(query.world, query.type_name)
    return None


def without_first(m: Machine, query: Query, number: int) -> Query | None:
    """Return the elements of a query without the first ones; None where these are not sections of their own."""
    parts = list(parts_of(query))
    for _ in range(number):
        if not parts:
            break
        first = parts.pop(0)
        alone = isinstance(first, ItemQuery) and first.condition == TRUE
        if not alone and known_size(m, first) != Lit(1, Kind.INT):
            return None
    return concat(*parts) if all(isinstance(part, (ItemQuery, RowsQuery, TableQuery)) for part in parts) else None


def count(m: Machine, query: Query) -> Value:
    """Return the number of elements."""
    from wc_engine.compile.stage.remembered import answer, mapped_from

    query = mapped_from(m, query)
    return answer(m, "count", query, lambda: _count(m, query))


def _count(m: Machine, query: Query) -> Value:
    items = known_items(query)
    if items is not None:
        return Const(len(items))
    total: Value = Const(0)
    rest: list[Query] = []
    for part in parts_of(query):
        size = Lit(1, Kind.INT) if isinstance(part, ItemQuery) and part.condition == TRUE else known_size(m, part)
        if size is None:
            rest.append(part)
        else:
            term: Value = Const(int(size.value)) if isinstance(size, Lit) else Num(size, 0, 2**31)
            total = arithmetic(m, "add", total, term)
    if not rest:
        return total
    cell = m.new_cell(total)

    def visit(_: Value) -> None:
        m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], Const(1), bounded=True)

    concat(*rest).iterate(m, visit)
    result = as_number(m, m.store.cells[cell])
    assert result is not None
    return Num(result.expr, 0, 2**31)


def element_at(m: Machine, query: Query, index: Value) -> Value:
    """Return the element at ``index``; raises IndexError where there is none."""
    items = known_items(query)
    position: int | None = None
    if isinstance(index, Const):
        if not isinstance(index.value, int):
            m.raise_named("TypeError")
        position = index.value
    if items is not None and position is not None:
        if not -len(items) <= position < len(items):
            m.raise_named("IndexError")
        return items[position]
    if items is not None and isinstance(index, Finite) and all(isinstance(item, Const) for item in items):
        known = Const(tuple(item.value for item in items if isinstance(item, Const)))
        chosen = lift(m, operator.getitem, (known, index))
        if chosen is not None:
            return chosen
    if items is not None:
        return _choose_item(m, items, index)
    if isinstance(query, TableQuery) and query.taken == ZERO:
        return m.tables_at_run_time.load(query.list_id, table_index(m, query, index))
    if isinstance(query, StretchQuery):
        return m.tables_at_run_time.load(query.list_id, query.place(m, table_index(m, query, index)))
    if isinstance(query, PartQuery):
        offset = table_index(m, query, index)
        place = offset if query.start == ZERO else m.temp(Op("add", (query.start, offset), Kind.INT))
        return m.tables_at_run_time.load(query.table.list_id, place)
    if position is None:
        return _at(m, query, _place(m, index))
    if position >= -1:
        return _at_constant(m, query, position)
    return element_at(m, materialise(m, query, site_of(m.node)), index)


def _at_constant(m: Machine, query: Query, position: int) -> Value:
    """The element at a place counted from the start, or the last one; raises IndexError where there is none."""
    from wc_engine.compile.stage.remembered import element_of_mapped

    mapped = m.mapped.get(query)
    if mapped is not None:
        source = _at_constant(m, mapped.visit.source, position)
        made = m.dispatch(source, lambda element: element_of_mapped(m, mapped, element) or UNBOUND)
        if made != UNBOUND and not (isinstance(made, Union) and UNBOUND in made.options):
            return made
    return m.bound(_nth(m, query, position), "IndexError")


def _nth(m: Machine, query: Query, position: int) -> Value:
    """The element at a place counted from the start, or the last one; a union with UNBOUND where there may be none."""
    from wc_engine.compile.stage.remembered import answer

    return answer(m, f"item {position}", query, lambda: _search_nth(m, query, position))


def _search_nth(m: Machine, query: Query, position: int) -> Value:
    cell = m.new_cell(UNBOUND if position == -1 else Const(0))

    def last(element: Value) -> None:
        m.store.cells[cell] = element

    def search(handle: BlockHandle) -> Value:
        def visit(element: Value) -> None:
            if position == 0:
                m.leave(handle, element)
            seen = as_number(m, m.store.cells[cell])
            assert seen is not None
            reached = boolean(Op("eq", (seen.expr, Lit(position, Kind.INT)), Kind.BOOL))
            m.when(reached, lambda: m.leave(handle, element))
            m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], Const(1), bounded=True)

        query.iterate(m, visit)
        return UNBOUND

    if position == -1:
        query.iterate(m, last)
        return m.store.cells[cell]
    return m.block("item", search)


def _at(m: Machine, query: Query, index: Num) -> Value:
    """The element at a place that depends on the state: parts whose length is known are skipped without a visit."""
    zero = Lit(0, Kind.INT)
    place = m.temp(index.expr)
    if index.low is None or index.low < 0:
        negative = Op("lt", (place, zero), Kind.BOOL)
        total = m.int_expr(count(m, query))
        place = m.temp(Op("select", (negative, Op("add", (place, total), Kind.INT), place), Kind.INT))
        m.require(boolean(Op("ge", (place, zero), Kind.BOOL)), "IndexError")

    def search(handle: BlockHandle) -> Value:
        rest = place
        for part in parts_of(query):
            size = Lit(1, Kind.INT) if isinstance(part, ItemQuery) and part.condition == TRUE else known_size(m, part)
            if size is None:
                rest = _count_down(m, part, rest, handle)
                continue
            here = boolean(Op("lt", (rest, size), Kind.BOOL))
            m.when(here, lambda part=part, rest=rest: m.leave(handle, _element(m, part, rest)))  # type: ignore[misc]
            rest = m.temp(Op("sub", (rest, size), Kind.INT))
        return UNBOUND

    return m.bound(m.block("item", search), "IndexError")


def _element(m: Machine, part: Query, place: Expr) -> Value:
    if isinstance(part, ItemQuery):
        return part.value
    if isinstance(part, TableQuery):
        return m.tables_at_run_time.load(part.list_id, place)
    if isinstance(part, (StretchQuery, PartQuery)):
        return element_at(m, part, Num(place, 0, 2**31))
    if isinstance(part, RepeatQuery):
        items = known_items(part.items) or ()
        index = arithmetic(m, "mod", Num(place, 0, 2**31), Const(len(items)))
        return items[0] if len(items) == 1 else element_at(m, part.items, index)
    assert isinstance(part, RowsQuery)
    return Row(part.world, part.type_name, place, part.generation)


def _count_down(m: Machine, part: Query, rest: Expr, found: BlockHandle) -> Expr:
    """Visit elements until ``rest`` of them were passed; return how many are still to be."""
    cell = m.new_cell(Num(rest))

    def visit(element: Value) -> None:
        known = m.int_expr(m.store.cells[cell])
        m.when(boolean(Op("eq", (known, Lit(0, Kind.INT)), Kind.BOOL)), lambda: m.leave(found, element))
        m.store.cells[cell] = Num(m.temp(Op("sub", (known, Lit(1, Kind.INT)), Kind.INT)))

    part.iterate(m, visit)
    return m.int_expr(m.store.cells[cell])


def _place(m: Machine, index: Value) -> Num:
    """Return an index as an int; raises TypeError where it is none."""
    number = as_number(m, index)
    if number is None and not isinstance(index, (TupleValue, Row, Const)):
        m.unsupported("this index")
    if number is None or number.kind is Kind.FLOAT:
        m.raise_named("TypeError")
    return as_int(number)


def table_index(m: Machine, table: TableQuery | StretchQuery | PartQuery, index: Value) -> Expr:
    """Return a checked position in a runtime list, counted from 0; raises IndexError outside."""
    number = _place(m, index)
    position = m.temp(number.expr)
    if number.low is None or number.low < 0:
        negative = Op("lt", (position, Lit(0, Kind.INT)), Kind.BOOL)
        position = m.temp(Op("select", (negative, Op("add", (position, table.count), Kind.INT), position), Kind.INT))
    inside = Op(
        "and",
        (
            Op("ge", (position, Lit(0, Kind.INT)), Kind.BOOL),
            Op("lt", (position, table.count), Kind.BOOL),
        ),
        Kind.BOOL,
    )
    m.require(boolean(inside), "IndexError")
    return position


def _choose_item(m: Machine, items: tuple[Value, ...], index: Value) -> Value:
    position = m.temp(_place(m, index).expr)
    if items and all(isinstance(item, Const) for item in items):
        size = len(items)
        shifted = m.temp(Op("add", (position, Lit(size, Kind.INT)), Kind.INT))
        inside = [
            Op("ge", (shifted, Lit(0, Kind.INT)), Kind.BOOL),
            Op("lt", (position, Lit(size, Kind.INT)), Kind.BOOL),
        ]
        m.require(boolean(Op("and", tuple(inside), Kind.BOOL)), "IndexError")
        return Finite(shifted, tuple(item.value for item in items * 2 if isinstance(item, Const)))

    def attempt(place: int) -> Value:
        if place == len(items):
            m.raise_named("IndexError")
        here = [Op("eq", (position, Lit(spot, Kind.INT)), Kind.BOOL) for spot in (place, place - len(items))]
        return m.branch(boolean(Op("or", tuple(here), Kind.BOOL)), lambda: items[place], lambda: attempt(place + 1))

    return attempt(0)
