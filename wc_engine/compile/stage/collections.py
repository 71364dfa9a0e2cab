"""Collections: visiting, counting and indexing queries; making lists; what may stay lazy and what may not."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, ZERO, Count, Expr, Kind, Lit, Op
from wc_engine.compile.plan import Site
from wc_engine.compile.stage.entities import copies_row, copy_entity, is_entity
from wc_engine.compile.stage.objects import class_of_instance
from wc_engine.compile.stage.operators import arithmetic, as_int, as_number, invert
from wc_engine.compile.stage.queries import (
    PLACES,
    ConflictQuery,
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    items_query,
    known_items,
    parts_of,
)
from wc_engine.compile.stage.runtime_tables import STATUS_OUT_OF_SCRATCH
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    AssociationObject,
    Conflict,
    Const,
    DictObject,
    DictView,
    EntityObject,
    Finite,
    Num,
    QueryValue,
    Ref,
    Row,
    SeqObject,
    TupleValue,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = [
    "append",
    "count",
    "each_once",
    "element_at",
    "hashed_now",
    "in_own_loops",
    "is_empty",
    "iterable",
    "known_size",
    "materialise",
    "new_list",
    "site_of",
    "unhashed",
]


def site_of(node: ast.AST | None) -> Site:
    """Return the place of a node: what decisions about collections are remembered by."""
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


# ---- visiting --------------------


@dataclass(frozen=True, eq=False, slots=True)
class UnionQuery:
    """The elements of whichever collection a union is."""

    value: Union

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        def visit(option: Value) -> Value:
            iterable(m, option).iterate(m, body)
            return NONE

        m.dispatch(self.value, visit)


def iterable(m: Machine, value: Value) -> Query:
    """Return the query over what ``for ... in value`` visits; raises TypeError where it is no iterable."""
    if isinstance(value, QueryValue):
        return m.take(value)
    if isinstance(value, DictView):
        return _view(m, value)
    if class_of_instance(m, value) is not None:
        from wc_engine.compile.stage.protocols import elements_of_instance

        return elements_of_instance(m, value)
    if isinstance(value, Ref):
        content = m.object(value)
        if isinstance(content, SeqObject):
            return content.content if content.distinct else without_duplicates(m, value, content)
        if isinstance(content, AssociationObject):
            return _association(value, "keys")
        if isinstance(content, DictObject):
            return items_query(tuple(key for key, _ in content.items))
    if isinstance(value, TupleValue):
        return items_query(value.items)
    if isinstance(value, Const) and isinstance(value.value, (tuple, str)):
        return items_query(tuple(Const(item) for item in value.value))
    if isinstance(value, Finite):
        from wc_engine.compile.stage.lifting import lift

        listed = lift(m, list, (value,))
        assert listed is not None
        return iterable(m, listed)
    if isinstance(value, Union):
        return UnionQuery(value)
    if isinstance(value, (Const, Num, Row)):
        m.raise_named("TypeError")
    m.unsupported("a loop over this kind of value")


def _view(m: Machine, view: DictView) -> Query:
    content = m.object(view.owner)
    if isinstance(content, AssociationObject):
        return _association(view.owner, view.part)
    assert isinstance(content, DictObject)
    if view.part == "keys":
        return items_query(tuple(key for key, _ in content.items))
    if view.part == "values":
        return items_query(tuple(value for _, value in content.items))
    return items_query(tuple(TupleValue((key, value)) for key, value in content.items))


def _association(ref: Ref, part: str) -> Query:
    from wc_engine.compile.stage.association_items import AssociationQuery

    return AssociationQuery(ref, part)


def without_duplicates(m: Machine, ref: Ref, content: SeqObject) -> Query:
    """Let a set that may hold equal elements have each once."""
    query = each_once(m, content.content, site_of(m.node))
    m.store.heap[ref.object_id] = replace(content, content=query, distinct=True)
    return query


def each_once(m: Machine, query: Query, site: Site) -> Query:
    """Return the elements of a query, equal ones once: in memory, but for static types that it has all or some rows of.

    Args:
        site: the place that the lists in memory belong to.
    """
    line, column = site
    parts = parts_of(query)
    kinds = [_entity_kinds(m, part) for part in parts]
    result: list[Query] = []
    pending: list[Query] = []

    def put_pending() -> None:
        if pending:
            own = (line, -5_000 - column * 64 - len(result)) if result else site
            result.append(materialise(m, concat(*pending), own, unique=True, but=result))
            pending.clear()

    for place, part in enumerate(parts):
        others = [found for spot, found in enumerate(kinds) if spot != place]
        if isinstance(part, RowsQuery) and m.is_static(part.type_name) and _apart(part.type_name, others):
            put_pending()
            result.append(part)
        else:
            pending.append(part)
    put_pending()
    return concat(*result)


def _entity_kinds(m: Machine, part: Query) -> set[str] | None:
    """The types of the entities among some elements, with "" for what may equal an entity and is none."""
    from wc_engine.compile.stage.members import kinds_of

    if not isinstance(part, ItemQuery) or not isinstance(part.value, Union):
        return kinds_of(m, part)
    rest = [option for option in part.value.options if is_entity(m, option) or not isinstance(option, (Const, Num))]
    return {found for option in rest for found in kinds_of(m, ItemQuery(option)) or {""}}


def _apart(type_name: str, others: list[set[str] | None]) -> bool:
    """Whether no entity of a type is among elements of these kinds."""
    return all(found is not None and not {type_name, ""} & found for found in others)


def is_empty(m: Machine, query: Query) -> Num | Const | Finite:
    """Return whether a query has no element, visiting at most one."""
    from wc_engine.compile.stage.equality import exists
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
    if isinstance(query, RowsQuery) and not query.is_shorter:
        return Count(query.type_name) if m.is_static(query.type_name) else m.row_count(query.world, query.type_name)
    return None


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
    if items is not None:
        return _choose_item(m, items, index)
    if isinstance(query, TableQuery) and query.taken == ZERO:
        return m.tables_at_run_time.load(query.list_id, table_index(m, query, index))
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


def table_index(m: Machine, table: TableQuery, index: Value) -> Expr:
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


# ---- making --------------------


def new_list(
    m: Machine, content: Query, kind: str, node: ast.AST | None, *, distinct: bool = True, site: Site | None = None
) -> Ref:
    """Return a new list, set or tuple; one that grows in a loop gets memory at once."""
    site = site_of(node) if site is None else site
    content = _with_hashes(m, content) if kind in ("set", "frozenset") else _without_gaps(m, unhashed(content), site)
    if m.plan.in_memory(site) and not isinstance(content, ConflictQuery):
        if distinct and _stays_known(m, content, kind):
            # What is there already is known better than memory could tell.
            content = concat(content, TableQuery(m.tables_at_run_time.create(site), Lit(0, Kind.INT)))
        else:
            content, distinct = materialise(m, content, site, unique="set" in kind and not distinct), True
    ref = m.new_object(SeqObject(kind, content, distinct))
    m.births[ref.object_id] = (site, tuple(m.loops))
    return ref


def _without_gaps(m: Machine, content: Query, site: Site) -> Query:
    """Return the contents of a list that was a set, so that the places of what lies in memory follow one another."""
    if not any(isinstance(part, TableQuery) and part.taken != ZERO for part in parts_of(content)):
        return content
    return materialise(m, content, (site[0], -1 - site[1] * 64 - 61))


def _stays_known(m: Machine, content: Query, kind: str) -> bool:
    """Whether the first contents of a collection that grows in a loop are better left as they are."""
    parts = parts_of(content)
    if kind == "list":
        return any(_is_object(m, part) for part in parts) and all(
            isinstance(part, RowsQuery) or _is_object(m, part) for part in parts
        )
    return all(
        isinstance(part, RowsQuery) or _is_object(m, part) or getattr(part, "rows", None) is not None for part in parts
    )


def _is_object(m: Machine, part: Query) -> bool:
    return isinstance(part, ItemQuery) and isinstance(part.value, Ref) and is_entity(m, part.value)


def _with_hashes(m: Machine, content: Query) -> Query:
    """Return the contents of a set with the present hashes of what was not hashed before."""
    return concat(
        *(
            replace(part, hashed=hashed_now(m, part.value))
            if isinstance(part, ItemQuery) and part.hashed is None
            else part
            for part in parts_of(content)
        )
    )


def unhashed(content: Query) -> Query:
    """Return the contents of a collection without the hashes that its elements have in a set."""
    return concat(*(replace(part, hashed=None) if isinstance(part, ItemQuery) else part for part in parts_of(content)))


def hashed_now(m: Machine, value: Value) -> Value | None:
    """Return what a set remembers of an element that can change: an entity as it is now; else None."""
    options = value.options if isinstance(value, Union) else (value,)
    if not any(isinstance(option, Ref) and is_entity(m, option) for option in options):
        return None
    copies = tuple(_frozen_copy(m, option) for option in options)
    return Union(value.tag, copies) if isinstance(value, Union) else copies[0]


def _frozen_copy(m: Machine, value: Value) -> Value:
    """Return a copy that nobody changes, with copies of what it carries."""
    if isinstance(value, Union):
        return Union(value.tag, tuple(_frozen_copy(m, option) for option in value.options))
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_frozen_copy(m, item) for item in value.items))
    content = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    if isinstance(value, Row) and not m.is_static(value.type_name):
        return copy_entity(m, value)
    if not isinstance(content, EntityObject):
        return value
    attributes = tuple((name, _frozen_copy(m, item)) for name, item in content.attributes)
    return m.new_object(replace(content, attributes=attributes))


def materialise(m: Machine, query: Query, site: Site, *, unique: bool = False, but: Sequence[Query] = ()) -> Query:
    """Put the elements of a query in memory, now.

    Args:
        unique: each once.
        but: without those that are in these.
    """
    from wc_engine.compile.stage.equality import contains
    from wc_engine.compile.stage.hashes import check_hash
    from wc_engine.compile.stage.seen_places import SeenPlaces

    list_id = m.tables_at_run_time.create(site)
    cell = m.new_cell(Const(0))
    earlier = [part for part in but if isinstance(part, TableQuery)]

    def table() -> TableQuery:
        return TableQuery(list_id, m.int_expr(m.store.cells[cell]))

    def store(element: Value) -> None:
        m.store.cells[cell] = Num(m.tables_at_run_time.append(list_id, table().count, element))

    many = unique and not earlier and any(not isinstance(part, ItemQuery) for part in parts_of(query))
    seen = SeenPlaces(m, (site[0], site[1] - 9_000_000)) if many else None

    def is_new(element: Value) -> Num | Const | Finite:
        known = QueryValue(concat(*earlier, table()), "list")
        return m.as_condition(invert(m, contains(m, known, element)))

    def visit(element: Value) -> None:
        if not unique:
            store(element)
            return
        check_hash(m, element)
        alone = Const(False) if seen is None else seen.add(element)
        if alone == Const(False):
            m.when(is_new(element), lambda: store(element))
            return
        new = m.branch(alone, lambda: Const(True), lambda: is_new(element))
        assert isinstance(new, (Num, Const, Finite))
        m.when(new, lambda: store(element))

    query.iterate(m, visit)
    return table()


def in_own_loops(m: Machine, ref: Ref) -> bool:
    """Whether the code being followed stands in the same loops as the place where a collection was made."""
    return m.births.get(ref.object_id, ((0, 0), ()))[1] == tuple(m.loops)


def append(m: Machine, ref: Ref, value: Value, *, condition: Num | Const | Finite | None = None) -> None:
    """Add an element behind the last one of a list, or to a set that lacks it.

    Args:
        condition: add it only where this holds.
    """
    target = m.object(ref)
    assert isinstance(target, SeqObject)
    site, loops = m.births.get(ref.object_id, ((0, 0), ()))
    decided = Const(True) if condition is None else m.as_condition(condition)
    if decided == Const(False):
        return
    parts = parts_of(target.content)
    if decided == Const(True) and _adds_every_row(m, ref, value, loops):
        return
    if parts and isinstance(parts[-1], TableQuery):
        m.tables_at_run_time.claim(ref, parts[-1])
    expr = TRUE if isinstance(decided, Const) else m.temp(decided.expr)
    hashed = hashed_now(m, value) if target.kind == "set" else None
    in_memory = any(isinstance(part, TableQuery) for part in parts)
    if in_memory and in_own_loops(m, ref) and _is_object(m, ItemQuery(value)):
        # It keeps its identity; what the next loop appends comes behind it.
        item = ItemQuery(value, expr, hashed)
        behind = TableQuery(m.tables_at_run_time.create(site), Lit(0, Kind.INT))
        m.set_object(ref, replace(target, content=concat(target.content, item, behind)))
        return
    if in_memory:
        _grow(m, ref, target, value, decided, site)
        return
    if in_own_loops(m, ref):
        m.set_object(ref, replace(target, content=concat(target.content, ItemQuery(value, expr, hashed))))
        return
    m.in_memory(site, "this list grows in a way that cannot be followed")


def _adds_every_row(m: Machine, ref: Ref, value: Value, loops: tuple[object, ...]) -> bool:
    """Note, where it is so, that the loop over all rows of a type appends each of them, or a copy of a static one."""
    loop = m.loops[-1] if m.loops else None
    if loop is None or loop.rows is None or loop.row_variable is None or len(loops) != len(m.loops) - 1:
        return False
    site = m.births.get(ref.object_id, ((0, 0), ()))[0]
    if m.plan.in_memory(site) and (site in m.plan.filled_lists or not m.is_static(loop.rows.type_name)):
        return False
    if not loop.runs_always(m.buffer):
        return False
    row = Row(loop.rows.world, loop.rows.type_name, loop.row_variable, loop.rows.generation)
    if value == row or (m.is_static(row.type_name) and copies_row(m, value, row)):
        loop.pending.setdefault(ref.object_id, []).append(loop.rows)
        return True
    return False


def _grow(m: Machine, ref: Ref, target: SeqObject, value: Value, condition: Num | Const, site: Site) -> None:
    """Append to the table at the end of a list in memory; where other elements follow the table, to a new one."""
    *before, last = parts_of(target.content)
    if not isinstance(last, TableQuery):
        if not in_own_loops(m, ref):
            m.unsupported("this list grows in a way that cannot be followed")
        before, last = [*before, last], TableQuery(m.tables_at_run_time.create(site), Lit(0, Kind.INT))
    table = last

    def add() -> None:
        if table.taken != ZERO:
            m.guard(boolean(Op("lt", (table.count, Lit(PLACES, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_SCRATCH)
        count = m.tables_at_run_time.append(table.list_id, table.count, value)
        m.set_object(ref, replace(target, content=concat(*before, replace(table, count=count))))

    if condition == Const(True):
        add()
        return
    m.set_object(ref, replace(target, content=concat(*before, table)))
    m.when(condition, add)
