"""Collections: what visits them, and making lists; what may stay lazy and what may not."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, ZERO, Kind, Lit, Op
from wc_engine.compile.plan import Site
from wc_engine.compile.stage.entities import copies_row, copy_entity, is_entity
from wc_engine.compile.stage.generations import copy_rows, let_be
from wc_engine.compile.stage.heap_objects import AssociationObject, DictObject, EntityObject, SeqObject
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.objects import class_of_instance
from wc_engine.compile.stage.queries import (
    PLACES,
    ConflictQuery,
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    items_query,
    parts_of,
)
from wc_engine.compile.stage.runtime_tables import STATUS_OUT_OF_SCRATCH
from wc_engine.compile.stage.single_rows import search_first
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.values import (
    NONE,
    Const,
    DictView,
    EnumClass,
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
    from wc_engine.compile.stage.key_indices import Slot
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "append",
    "each_once",
    "hashed_now",
    "in_own_loops",
    "iterable",
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
    if isinstance(value, EnumClass):
        return items_query(tuple(map(Const, value.real)))
    if isinstance(value, Ref):
        content = m.object(value)
        if isinstance(content, SeqObject):
            return unmarked(content.content) if content.distinct else without_duplicates(m, value, content)
        if isinstance(content, AssociationObject):
            return _association(m, value, "keys")
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
        united = _united(m, value)
        return UnionQuery(value) if united is None else united
    if isinstance(value, (Const, Num, Row)):
        m.raise_named("TypeError")
    m.unsupported("a loop over this kind of value")


def _united(m: Machine, value: Union) -> Query | None:
    """Return the elements of whichever list or set a union is as one query, its parts side by side.

    None where some option is something else, or the options have nothing in common.
    """
    allowed = [value.options[place] for place in m.allowed(value.tag, len(value.options))]
    if not all(isinstance(option, Ref) and isinstance(m.object(option), SeqObject) for option in allowed):
        return None
    ref = m.new_object(SeqObject("list", concat()))

    def put(option: Value) -> Value:
        m.set_object(ref, SeqObject("list", unhashed(iterable(m, option))))
        return NONE

    m.dispatch(value, put)
    content = m.object(ref)
    assert isinstance(content, SeqObject)
    return None if isinstance(content.content, ConflictQuery) else content.content


def _view(m: Machine, view: DictView) -> Query:
    content = m.object(view.owner)
    if isinstance(content, AssociationObject):
        return _association(m, view.owner, view.part)
    assert isinstance(content, DictObject)
    if view.part == "keys":
        return items_query(tuple(key for key, _ in content.items))
    if view.part == "values":
        return items_query(tuple(value for _, value in content.items))
    return items_query(tuple(TupleValue((key, value)) for key, value in content.items))


def _association(m: Machine, ref: Ref, part: str) -> Query:
    from wc_engine.compile.stage.association_views import view

    return view(m, ref, part)


def without_duplicates(m: Machine, ref: Ref, content: SeqObject) -> Query:
    """Let a set that may hold equal elements have each once."""
    query = each_once(m, content.content, site_of(m.node))
    m.store.heap[ref.object_id] = replace(content, content=query, distinct=True)
    return query


def each_once(m: Machine, query: Query, site: Site) -> Query:
    """Return the elements of a query, equal ones once: in memory, but for types that it has all or some rows of.

    Args:
        site: the place that the lists in memory belong to.
    """
    from wc_engine.compile.stage.few_rows import guard_apart, known_once
    from wc_engine.compile.stage.members import unchanged

    line, column = site
    parts = parts_of(query)
    kinds = [_entity_kinds(m, part) for part in parts]
    result: list[Query] = []
    pending: list[Query] = []

    def put_pending() -> None:
        in_memory = any(isinstance(part, TableQuery) for part in result)
        once = known_once(m, pending) if not result else None
        if pending and once is not None:
            result.extend(once)
        elif pending and not in_memory and guard_apart(m, pending):
            result.extend(pending)
        elif pending:
            own = (line, -5_000 - column * 64 - len(result)) if result else site
            result.append(materialise(m, concat(*pending), own, unique=True, but=result))
        pending.clear()

    for place, part in enumerate(parts):
        others = [found for spot, found in enumerate(kinds) if spot != place]
        if isinstance(part, RowsQuery) and unchanged(m, part) and _apart(part.type_name, others):
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


# ---- making --------------------


def new_list(
    m: Machine, content: Query, kind: str, node: ast.AST | None, *, distinct: bool = True, site: Site | None = None
) -> Ref:
    """Return a new list, set or tuple; one that grows in a loop gets memory at once."""
    from wc_engine.compile.stage.seen_places import SeenPlaces, may_be_many

    site = site_of(node) if site is None else site
    if kind != "str" and any(isinstance(part, StretchQuery) for part in parts_of(content)):
        # Others reach what lies there and may change it: this is a copy as it is now.
        content = materialise(m, content, (site[0], -1 - site[1] * 64 - 60))
    content = _with_hashes(m, content) if kind in ("set", "frozenset") else _without_gaps(m, unhashed(content), site)
    if m.plan.in_memory(site) and not isinstance(content, ConflictQuery):
        if distinct and _stays_known(m, content, kind):
            # What is there already is known better than memory could tell.
            list_id = m.tables_at_run_time.create(site)
            content = concat(content, TableQuery(list_id, Lit(0, Kind.INT)))
            if kind == "set" and may_be_many(m, list_id):
                m.seen_places[list_id] = SeenPlaces(m, (site[0], site[1] - 9_100_000))
        else:
            content, distinct = materialise(m, content, site, unique="set" in kind and not distinct), True
        if kind == "set":
            _give_index(m, content, site)
    ref = m.new_object(SeqObject(kind, content, distinct))
    m.births[ref.object_id] = (site, tuple(m.loops))
    return ref


def _give_index(m: Machine, content: Query, site: Site) -> None:
    """Let a set in memory find its elements."""
    from wc_engine.compile.stage.key_indices import index_of

    for part in parts_of(content):
        if isinstance(part, TableQuery) and part.list_id not in m.key_indices:
            index_of(m, part, (site[0], site[1] - 7_600_000))


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
    parts = parts_of(unmarked(content))
    return concat(*(replace(part, hashed=None) if isinstance(part, ItemQuery) else part for part in parts))


def unmarked(content: Query) -> Query:
    """Return the contents of a collection whose rows nobody looks for by the hashes that a set knows them by."""
    if not any(isinstance(part, RowsQuery) and part.hashed for part in parts_of(content)):
        return content
    return concat(*(replace(part, hashed=False) if isinstance(part, RowsQuery) else part for part in parts_of(content)))


def hashed_now(m: Machine, value: Value) -> Value | None:
    """Return what a set remembers of an element that can change: an entity as it is now; else None."""
    options = value.options if isinstance(value, Union) else (value,)
    if not any(_can_change(m, option) for option in options):
        return None
    copies = tuple(_frozen_copy(m, option) for option in options)
    return Union(value.tag, copies) if isinstance(value, Union) else copies[0]


def _can_change(m: Machine, value: Value) -> bool:
    if isinstance(value, Row):
        return not m.is_static(value.type_name)
    return isinstance(value, Ref) and is_entity(m, value)


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
    from wc_engine.compile.stage.key_indices import has_index, is_at, note, slot_of
    from wc_engine.compile.stage.seen_places import SeenPlaces, may_be_many

    list_id = m.tables_at_run_time.create(site)
    cell = m.new_cell(Const(0))
    earlier = [part for part in but if isinstance(part, TableQuery)]

    def table() -> TableQuery:
        return TableQuery(list_id, m.int_expr(m.store.cells[cell]))

    def store(element: Value) -> None:
        m.store.cells[cell] = Num(m.tables_at_run_time.append(list_id, table().count, element))

    keyed = unique and not earlier and has_index(m, table(), (site[0], site[1] - 7_600_000))
    many = unique and not earlier and not keyed and any(not isinstance(part, ItemQuery) for part in parts_of(query))
    seen = SeenPlaces(m, (site[0], site[1] - 9_000_000)) if many and may_be_many(m, list_id) else None

    def put(element: Value, slot: Slot) -> None:
        count = table().count
        store(element)
        note(m, slot, count)

    def is_new(element: Value) -> Num | Const | Finite:
        known = QueryValue(concat(*earlier, table()), "list")
        return m.as_condition(invert(m, contains(m, known, element)))

    def visit(element: Value) -> None:
        if not unique:
            store(element)
            return
        check_hash(m, element)
        slot = slot_of(m, table(), element) if keyed else None
        if slot is not None:
            m.when(invert(m, is_at(m, table(), slot.place)), lambda: put(element, slot))
            return
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
    behind_others = not isinstance(parts[-1], TableQuery) if parts else False
    if in_memory and in_own_loops(m, ref) and (behind_others or _is_object(m, ItemQuery(value))):
        # It stays known, with its identity; what the next loop appends comes behind it.
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
    search_first(m, len(loops))
    m.grows_in_loop(site, m.loops[len(loops) :], "this list grows in a way that cannot be followed")


def _adds_every_row(m: Machine, ref: Ref, value: Value, loops: tuple[object, ...]) -> bool:
    """Note, where it is so, that the loop over all rows of a type appends each of them, or a copy of each."""
    loop = m.loops[-1] if m.loops else None
    if loop is None or loop.rows is None or loop.row_variable is None or len(loops) != len(m.loops) - 1:
        return False
    site = m.births.get(ref.object_id, ((0, 0), ()))[0]
    if m.plan.in_memory(site) and (site in m.plan.filled_lists or not m.is_static(loop.rows.type_name)):
        return False
    if not loop.runs_always(m.buffer):
        return False
    row = Row(loop.rows.world, loop.rows.type_name, loop.row_variable, loop.rows.generation)
    rows = loop.rows
    if isinstance(value, Ref) and copies_row(m, value, row):
        if not m.is_static(row.type_name):
            rows = copy_rows(m, rows, (loop.label, ref.object_id))
        let_be(m, value, replace(row, generation=rows.generation))
    elif value != row:
        return False
    loop.pending.setdefault(ref.object_id, []).append(rows)
    return True


def _grow(m: Machine, ref: Ref, target: SeqObject, value: Value, condition: Num | Const, site: Site) -> None:
    """Append to the table at the end of a list in memory; where other elements follow the table, to a new one."""
    *before, last = parts_of(target.content)
    if not isinstance(last, TableQuery):
        if not in_own_loops(m, ref):
            m.unsupported("this list grows in a way that cannot be followed")
        before, last = [*before, last], TableQuery(m.tables_at_run_time.create(site), Lit(0, Kind.INT))
    table = last
    from wc_engine.compile.stage.key_indices import note, slot_of

    if table.list_id in m.key_indices:
        if target.kind != "set":
            m.in_memory(site, "a list grows that shares its memory with a set")
        if table.taken != ZERO:
            # What was taken out and is put in again has another place: nobody else may look for the old one.
            m.tables_at_run_time.unshare(ref, table, resized=True)

    def add() -> None:
        if table.taken != ZERO:
            m.guard(boolean(Op("lt", (table.count, Lit(PLACES, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_SCRATCH)
        slot = slot_of(m, table, value)
        count = m.tables_at_run_time.append(table.list_id, table.count, value)
        note(m, slot, table.count)
        m.set_object(ref, replace(target, content=concat(*before, replace(table, count=count))))

    if condition == Const(True):
        add()
        return
    m.set_object(ref, replace(target, content=concat(*before, table)))
    m.when(condition, add)
