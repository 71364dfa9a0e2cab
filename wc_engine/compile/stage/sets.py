"""Sets: making them, their algebra, adding and removing elements.

Elements that are entities are found by the hash that they were inserted with. As long as no entity of a type has been
changed, its stored hashes are up to date and membership is equality; after a change it is not followed any further.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, Expr, Kind, Op
from wc_engine.compile.stage.collections import append, iterable, materialise, new_list, site_of
from wc_engine.compile.stage.entities import copies_row, is_entity, is_stale, type_of
from wc_engine.compile.stage.equality import Condition, contains, equal, exists, identical
from wc_engine.compile.stage.hashes import check_hash
from wc_engine.compile.stage.laziness import LazyQuery, lazy, rows_of
from wc_engine.compile.stage.operators import both, invert
from wc_engine.compile.stage.queries import (
    HashedQuery,
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    known_items,
    parts_of,
)
from wc_engine.compile.stage.values import (
    NONE,
    Conflict,
    Const,
    DictView,
    Num,
    QueryValue,
    Ref,
    Row,
    SeqObject,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["add", "algebra", "as_set", "check_hashes", "kinds_of", "make_set", "remove", "subset", "unchanged"]


@dataclass(frozen=True, eq=False, slots=True)
class WhereQuery:
    """The elements of a source that satisfy a condition."""

    source: Query
    holds: Callable[[Value], Condition]

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        self.source.iterate(m, lambda element: m.when(self.holds(element), lambda: body(element)))


def make_set(m: Machine, value: Value, kind: str = "set") -> Ref:
    """``set(value)``: the elements of any iterable."""
    if isinstance(value, Ref):
        content = m.object(value)
        if isinstance(content, SeqObject) and content.kind in ("set", "frozenset"):
            return new_list(m, content.content, kind, m.node, distinct=content.distinct)
    query = iterable(m, value)
    items = known_items(query)
    if items is not None:
        return make_set_of_items(m, items, kind)
    parts = parts_of(query)
    distinct = all(isinstance(part, RowsQuery) for part in parts) and len(set(parts)) == len(parts)
    if isinstance(value, QueryValue):
        query, distinct = lazy(m, HashedQuery, query, site_of(m.node))
    distinct = distinct and unchanged(m, query)
    if not distinct and "" not in (kinds_of(m, query) or {""}):
        line, column = site_of(m.node)
        query, distinct = materialise(m, query, (line, -1 - column * 64 - 62), unique=True), True
    return new_list(m, query, kind, m.node, distinct=distinct)


def make_set_of_items(m: Machine, items: tuple[Value, ...], kind: str = "set") -> Ref:
    """A set display: each item is added unless an equal one is there."""
    ref = new_list(m, concat(), kind, m.node)
    for item in items:
        add(m, ref, item)
    return ref


def unchanged(m: Machine, query: Query) -> bool:
    """Whether no entity of the types in a query has been changed: then no two of them are equal."""
    return all(
        not any(key[:2] == (rows.world, rows.type_name) for key in m.store.epochs)
        for part in parts_of(query)
        if (rows := rows_of(part)) is not None
    )


def as_set(m: Machine, value: Value) -> SeqObject:
    """Return a value's contents as a set; raises TypeError where it is none."""
    if isinstance(value, Ref):
        content = m.object(value)
        if isinstance(content, SeqObject) and content.kind in ("set", "frozenset"):
            return content
    if isinstance(value, (DictView, Conflict)):
        m.unsupported("set operations on this value")
    m.raise_named("TypeError")


# ---- algebra --------------------


def subset(m: Machine, left: SeqObject, right: SeqObject) -> Condition:
    """Return ``left <= right``."""
    other = QueryValue(right.content, "set")
    return invert(m, exists(m, left.content, lambda item: invert(m, contains(m, other, item))))


def check_hashes(m: Machine, query: Query) -> None:
    """Give up where an entity of a type in ``query`` has been changed: its stored hash may be stale."""
    stale = any(isinstance(part, ItemQuery) and is_stale(m, part.value) for part in parts_of(query))
    if stale or not unchanged(m, query):
        m.unsupported("a set is searched after one of its entities was changed")


def _removed(m: Machine, content: Query, value: Value) -> Query | None:
    """Return ``content`` without ``value`` where that is one known row of it, else None."""
    if not isinstance(value, Row):
        return None
    result: list[Query] = []
    for part in parts_of(content):
        if isinstance(part, RowsQuery) and _same_table(part, value):
            if m.is_static(value.type_name):
                m.make_dynamic(value.type_name)
            result.append(replace(part, removed=(*part.removed, (TRUE, value.index))))
        else:
            result.append(part)
    return concat(*result) if concat(*result) != content else None


def _same_table(part: RowsQuery, row: Row) -> bool:
    return (part.world, part.type_name, part.generation) == (row.world, row.type_name, row.generation)


def algebra(m: Machine, name: str, left: Value, right: Value, *, kind: str | None = None) -> Value:
    """Return ``left name right`` for ``sub``, ``or_``, ``and_`` or ``xor``."""
    for value, swap in ((left, False), (right, True)):
        if isinstance(value, Union):
            return m.dispatch(
                value,
                lambda o, swap=swap: (
                    algebra(m, name, left, o, kind=kind) if swap else algebra(m, name, o, right, kind=kind)
                ),  # type: ignore[misc]
            )
    if name not in ("sub", "or_", "and_", "xor"):
        m.raise_named("TypeError")
    first, second = as_set(m, left), as_set(m, right)
    kind = kind or first.kind
    check_hashes(m, first.content)
    check_hashes(m, second.content)
    if name == "sub":
        return _difference(m, first, second, kind)
    if name == "or_":
        return _union(m, first, second, kind)
    if name == "and_":
        other = QueryValue(second.content, "set")
        return _where(m, first, lambda item: contains(m, other, item), kind)
    return _union(
        m, _content(m, _difference(m, first, second, kind)), _content(m, _difference(m, second, first, kind)), kind
    )


def _content(m: Machine, ref: Ref) -> SeqObject:
    content = m.object(ref)
    assert isinstance(content, SeqObject)
    return content


def _where(m: Machine, source: SeqObject, holds: Callable[[Value], Condition], kind: str) -> Ref:
    query, _ = lazy(m, lambda part: WhereQuery(part, holds), source.content, site_of(m.node))
    return new_list(m, query, kind, m.node, distinct=source.distinct)


def _difference(m: Machine, left: SeqObject, right: SeqObject, kind: str) -> Ref:
    items = known_items(right.content)
    content = left.content
    rest = []
    for item in items or ():
        shorter = _removed(m, content, item)
        if shorter is None:
            rest.append(item)
        else:
            content = shorter
    if items is not None and not rest:
        return new_list(m, content, kind, m.node, distinct=left.distinct)
    other = QueryValue(right.content if items is None else concat(*map(ItemQuery, rest)), "set")
    return _where(m, replace(left, content=content), lambda item: invert(m, contains(m, other, item)), kind)


def _union(m: Machine, left: SeqObject, right: SeqObject, kind: str) -> Ref:
    items = known_items(right.content)
    if items is not None:
        ref = new_list(m, left.content, kind, m.node, distinct=left.distinct)
        for item in items:
            add(m, ref, item)
        return ref
    if known_items(left.content) == ():
        return new_list(m, right.content, kind, m.node, distinct=right.distinct)
    kinds = [kinds_of(m, side.content) for side in (left, right)]
    apart = kinds[0] is not None and kinds[1] is not None and kinds[0].isdisjoint(kinds[1])
    distinct = left.distinct and right.distinct and apart
    return new_list(m, concat(left.content, right.content), kind, m.node, distinct=distinct)


def kinds_of(m: Machine, content: Query) -> set[str] | None:
    """The entity types of a query's elements ("" for what is no entity); None where they are not known."""
    result = set()
    for part in parts_of(content):
        if isinstance(part, RowsQuery):
            result.add(part.type_name)
        elif isinstance(part, ItemQuery):
            result.add(type_of(m, part.value) if is_entity(m, part.value) else "")
        elif isinstance(part, LazyQuery):
            result.add(part.kind)
        elif isinstance(part, TableQuery):
            result.add(m.tables_at_run_time.kind(part.list_id))
        else:
            return None
    return result


# ---- one element --------------------


def _present(m: Machine, content: Query, value: Value) -> Condition:
    """Whether a set holds an element equal to ``value``; parts that cannot are not searched."""
    relevant = []
    kind = type_of(m, value) if is_entity(m, value) else ""
    for part in parts_of(content):
        kinds = kinds_of(m, part)
        if kinds is not None and kind not in kinds:
            continue
        if isinstance(part, RowsQuery) and _copied_from_another(m, part, value):
            continue
        relevant.append(part)
    check_hashes(m, concat(*relevant))
    return contains(m, QueryValue(concat(*relevant), "set"), value)


def _copied_from_another(m: Machine, part: RowsQuery, value: Value) -> bool:
    """Whether the loop that visits all rows of a static type is adding a copy of the row it is at."""
    for loop in m.loops:
        if (
            loop.rows is not None
            and loop.row_variable is not None
            and any(part in queries for queries in loop.pending.values())
        ):
            row = Row(part.world, part.type_name, loop.row_variable, part.generation)
            if value == row or copies_row(m, value, row):
                return True
    return False


def add(m: Machine, ref: Ref, value: Value) -> None:
    """``set.add``: nothing where an equal element with that hash is there."""
    if isinstance(value, Union):

        def each(option: Value) -> Value:
            add(m, ref, option)
            return NONE

        m.dispatch(value, each)
        return
    check_hash(m, value)
    target = m.object(ref)
    assert isinstance(target, SeqObject)
    if not target.distinct:
        append(m, ref, value)
        return
    append(m, ref, value, condition=invert(m, _present(m, target.content, value)))


def remove(m: Machine, ref: Ref, value: Value, *, missing: str | None) -> None:
    """``set.remove`` and ``set.discard``.

    Args:
        missing: the exception where no such element is there, or None.
    """
    if isinstance(value, Union):

        def each(option: Value) -> Value:
            remove(m, ref, option, missing=missing)
            return NONE

        m.dispatch(value, each)
        return
    target = m.object(ref)
    assert isinstance(target, SeqObject)
    if m.births.get(ref.object_id, ((0, 0), ()))[1] != tuple(m.loops):
        m.unsupported("an element is removed in a loop")
    check_hashes(m, target.content)
    shorter = _removed(m, target.content, value)
    if shorter is not None:
        gone = [
            both(m, boolean(condition), boolean(Op("eq", (row, value.index), Kind.BOOL)))
            for part in parts_of(target.content)
            if isinstance(part, RowsQuery) and isinstance(value, Row) and _same_table(part, value)
            for condition, row in part.removed
        ]
        for already in gone:
            if missing is not None:
                m.require(invert(m, already), missing)
        m.set_object(ref, replace(target, content=shorter))
        return
    if any(isinstance(part, TableQuery) for part in parts_of(target.content)):
        m.unsupported("an element is removed from a set that grows in a loop")
    if missing is not None:
        m.require(contains(m, ref, value), missing)
    result: list[Query] = []
    for part in parts_of(target.content):
        if isinstance(part, ItemQuery):
            same = equal(m, part.value, value) if not is_entity(m, value) else _same_entity(m, part.value, value)
            kept = both(m, boolean(part.condition), invert(m, same))
            if kept != Const(False):
                result.append(replace(part, condition=_expr(m, kept)))
        elif isinstance(part, RowsQuery) and is_entity(m, value) and type_of(m, value) != part.type_name:
            result.append(part)
        else:
            m.unsupported("this element is removed from this set")
    m.set_object(ref, replace(target, content=concat(*result)))


def _same_entity(m: Machine, left: Value, right: Value) -> Condition:
    same = identical(m, left, right)
    return same if same == Const(True) else equal(m, left, right)


def _expr(m: Machine, condition: Num | Const) -> Expr:
    return TRUE if isinstance(condition, Const) else m.temp(condition.expr)
