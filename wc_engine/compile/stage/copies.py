"""Copies, shallow and deep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Kind, Lit, Op
from wc_engine.compile.stage import dicts, entities
from wc_engine.compile.stage.collections import materialise, new_list
from wc_engine.compile.stage.generations import copy_rows
from wc_engine.compile.stage.heap_objects import AssociationObject, DictObject, EntityObject, InstanceObject, SeqObject
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.members import kinds_of, unchanged
from wc_engine.compile.stage.queries import (
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    parts_of,
)
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.values import Const, Finite, Num, Record, Ref, Row, TupleValue, Union, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine


__all__ = ["COPIES"]


def _copy(m: Machine, value: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _copy(m, option))
    if entities.is_entity(m, value):
        return entities.copy_entity(m, value)
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, InstanceObject):
        return m.new_object(content)
    if isinstance(content, SeqObject):
        return new_list(m, content.content, content.kind, m.node, distinct=content.distinct)
    if isinstance(value, Ref) and dicts.is_dict(m, value):
        return dicts.copy(m, value)
    return value


def _is_immutable(value: Value) -> bool:
    if isinstance(value, (TupleValue, Record)):
        return all(map(_is_immutable, value.items))
    return isinstance(value, (Const, Num, Finite))


def _deepcopy(m: Machine, value: Value) -> Value:
    return _Deep(m).copy(value)


class _Deep:
    """One deep copy: what is reached twice is copied once."""

    def __init__(self, m: Machine) -> None:
        self._m = m
        self._copies: dict[int, Ref] = {}
        self._tables: dict[tuple[int, str, int], int] = {}
        self._has_rows = False

    def copy(self, value: Value) -> Value:
        """Return the copy of a value."""
        m = self._m
        if isinstance(value, Union):
            # Each option is copied at once: copies of entities cost nothing.
            if all(isinstance(option, (Const, Num, Finite)) or is_object(m, option) for option in value.options):
                return Union(value.tag, tuple(map(self.copy, value.options)))
            return m.dispatch(value, self.copy)
        if isinstance(value, Row) and (value.world, value.type_name, value.generation) in self._tables:
            return replace(value, generation=self._tables[value.world, value.type_name, value.generation])
        if isinstance(value, Ref) and is_object(m, value):
            return self._entity(value)
        if entities.is_entity(m, value):
            return entities.copy_entity(m, value)
        if isinstance(value, TupleValue):
            return TupleValue(tuple(map(self.copy, value.items)))
        if isinstance(value, Record):
            return replace(value, items=tuple(map(self.copy, value.items)))
        content = m.object(value) if isinstance(value, Ref) else None
        if isinstance(content, InstanceObject):
            if not all(_is_immutable(item) for _, item in content.attributes):
                m.unsupported("a deep copy of this instance")
            return m.new_object(content)
        if isinstance(content, DictObject):
            return m.new_object(DictObject(tuple((key, self.copy(item)) for key, item in content.items)))
        if isinstance(content, AssociationObject):
            m.unsupported("a deep copy of this dict")
        if isinstance(content, SeqObject) and isinstance(value, Ref):
            if value.object_id not in self._copies:
                self._copies[value.object_id] = self._sequence(content)
            return self._copies[value.object_id]
        return value

    def _entity(self, value: Ref) -> Ref:
        m = self._m
        if value.object_id not in self._copies:
            content = m.object(value)
            assert isinstance(content, EntityObject)
            attributes = tuple((name, self.copy(item)) for name, item in content.attributes)
            ref = m.new_object(EntityObject(content.type_name, attributes, shuffled=content.shuffled))
            self._copies[value.object_id] = ref
            place = m.state_objects.get(value.object_id)
            if place is not None and not m.store.last_write(("heap", value.object_id)):
                m.state_objects[ref.object_id] = (place[0], place[1], place[2] + 1)
        return self._copies[value.object_id]

    def _sequence(self, content: SeqObject) -> Ref:
        m = self._m
        parts: list[Query] = []
        rows = [part for part in parts_of(content.content) if isinstance(part, RowsQuery)]
        for one in rows:
            if not m.is_static(one.type_name):
                self._rows(one)
        for part in parts_of(content.content):
            if isinstance(part, RowsQuery):
                parts.append(part if m.is_static(part.type_name) else self._rows(part))
            elif isinstance(part, ItemQuery):
                parts.append(replace(part, value=self.copy(part.value), hashed=None))
            else:
                parts.append(self._in_memory(part))
        distinct = content.distinct and (content.kind not in ("set", "frozenset") or _still_apart(m, content.content))
        return new_list(m, concat(*parts), content.kind, m.node, distinct=distinct)

    def _rows(self, rows: RowsQuery) -> RowsQuery:
        key = (rows.world, rows.type_name, rows.generation)
        if key not in self._tables:
            self._tables[key] = copy_rows(self._m, rows).generation
        return replace(rows, generation=self._tables[key], hashed=False)

    def _in_memory(self, part: Query) -> Query:
        """Return copies of the elements of a list in memory."""
        tables = self._m.tables_at_run_time
        list_id = part.list_id if isinstance(part, (TableQuery, StretchQuery)) else None
        if list_id is None or (isinstance(part, TableQuery) and part.taken != ZERO):
            self._m.unsupported("a deep copy of this collection")
        if tables.holds_plain(list_id) and isinstance(part, TableQuery):
            return part
        # One that is reached twice, by itself and in another one, would have to be copied once.
        if self._has_rows or not (tables.holds_plain(list_id) or tables.holds_lists(list_id)):
            self._m.unsupported("a deep copy of this collection")
        self._has_rows = True
        if isinstance(part, StretchQuery):
            return part
        return materialise(self._m, _CopiedRows(part), (self._m.site()[0], -1 - self._m.site()[1] * 64 - 59))


@dataclass(frozen=True, eq=False, slots=True)
class _CopiedRows:
    """Deep copies of the lists in a list; the step ends out of range where one of them may be there twice."""

    rows: Query

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        cell = m.new_cell(Num(Lit(-1, Kind.INT)))

        def visit(row: Value) -> None:
            content = m.object(row) if isinstance(row, Ref) else None
            assert isinstance(content, SeqObject)
            assert isinstance(content.content, StretchQuery)
            start, last = content.content.start, m.int_expr(m.store.cells[cell])
            m.guard(boolean(Op("gt", (start, last), Kind.BOOL)), STATUS_OUT_OF_RANGE)
            m.store.cells[cell] = Num(start)
            body(new_list(m, content.content, content.kind, m.node))

        self.rows.iterate(m, visit)


def _still_apart(m: Machine, content: Query) -> bool:
    """Whether the elements of a set differ by the hashes that they have now, too."""
    parts = parts_of(content)
    return all(
        unchanged(m, part)
        or (isinstance(part, ItemQuery) and all(kinds_of(m, part) != kinds_of(m, o) for o in parts if o is not part))
        for part in parts
    )


def is_object(m: Machine, value: Value) -> bool:
    """Whether a value is an entity on the abstract heap."""
    return isinstance(value, Ref) and isinstance(m.store.heap.get(value.object_id), EntityObject)


COPIES: dict[str, Callable[..., Value]] = {
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
}
"""Functions by the name that programs know them by."""
