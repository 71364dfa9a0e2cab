"""``value[key]``: reading, assigning and deleting items."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage import dicts
from wc_engine.compile.stage.arrays import delete_at, memory_of, sliced, table_of
from wc_engine.compile.stage.collections import new_list
from wc_engine.compile.stage.enumerations import member_named
from wc_engine.compile.stage.heap_objects import DEQUE, AssociationObject, DictObject, SeqObject
from wc_engine.compile.stage.lifting import constant_of, lift
from wc_engine.compile.stage.objects import method_of
from wc_engine.compile.stage.places import element_at, table_index
from wc_engine.compile.stage.protocols import as_tuple, call_special, is_instance
from wc_engine.compile.stage.queries import ItemQuery, RowsQuery, TableQuery, items_query, known_items, parts_of
from wc_engine.compile.stage.sections import delete_in_sections
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.values import (
    NONE,
    Builtin,
    Const,
    DictView,
    EnumClass,
    QueryValue,
    Ref,
    TupleValue,
    Union,
    Value,
    from_storage,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["delete_item", "get_item", "set_item"]


def get_item(m: Machine, value: Value, key: Value | slice) -> Value:
    """Return ``value[key]``."""
    return from_storage(_get_item(m, value, key))


def _get_item(m: Machine, value: Value, key: Value | slice) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: get_item(m, option, key))
    if isinstance(key, Union):
        return m.dispatch(key, lambda option: get_item(m, value, option))
    if isinstance(value, EnumClass):
        return member_named(m, value, key)
    if isinstance(value, Builtin):
        return value  # List[int] and the like: annotations mean nothing here
    if is_instance(m, value):
        if not isinstance(key, slice):
            told = call_special(m, value, "__getitem__", key)
            if told is not None:
                return told
        items = as_tuple(m, value)
        if items is None or method_of(m, value, "__getitem__") is not None:
            m.unsupported("an item of this instance")
        value = items
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(key, slice):
        return _slice(m, value, content, key)
    if isinstance(value, Ref) and isinstance(content, (DictObject, AssociationObject)):
        return dicts.item(m, value, key)
    if isinstance(content, SeqObject):
        if content.kind in ("set", "frozenset"):
            m.raise_named("TypeError")
        return element_at(m, content.content, key)
    lifted = lift(m, operator.getitem, (value, key))
    if lifted is not None:
        return lifted
    if isinstance(value, TupleValue):
        return element_at(m, items_query(value.items), key)
    if isinstance(value, Const) and isinstance(value.value, (tuple, str)):
        return element_at(m, items_query(tuple(Const(item) for item in value.value)), key)
    if isinstance(value, QueryValue) and value.kind == "range":
        m.unsupported("an item of a range")
    if isinstance(value, (QueryValue, DictView)) or value == NONE:
        m.raise_named("TypeError")
    m.unsupported("an item of this value")


def _slice(m: Machine, value: Value, content: object, key: slice) -> Value:
    if isinstance(content, SeqObject) and content.kind == DEQUE:
        m.raise_named("TypeError")
    if isinstance(content, SeqObject) and content.kind not in ("set", "frozenset"):
        query = sliced(m, content.content, (key.start, key.stop, key.step))
        if not all(isinstance(part, (ItemQuery, RowsQuery, TableQuery)) for part in parts_of(query)):
            query = memory_of(m, query, 2)
        return new_list(m, query, content.kind, m.node)
    bounds = (key.start, key.stop, key.step)
    if isinstance(value, TupleValue):
        fixed = [constant_of(m, bound) for bound in bounds]
        if None in fixed:
            m.unsupported("a slice that depends on the state")
        return TupleValue(value.items[slice(*(bound.value for bound in fixed if bound is not None))])
    lifted = lift(m, lambda item, *places: item[slice(*places)], (value, *bounds))
    if lifted is None:
        m.unsupported("a slice that depends on the state, of this value")
    return lifted


def set_item(m: Machine, value: Value, key: Value, new: Value) -> None:
    """``value[key] = new``."""
    if isinstance(value, Union):

        def each(option: Value) -> Value:
            set_item(m, option, key, new)
            return NONE

        m.dispatch(value, each)
        return
    if is_instance(m, value):
        if call_special(m, value, "__setitem__", key, new) is None:
            m.raise_named("TypeError")
        return
    content = m.object(value) if isinstance(value, Ref) else None
    if not isinstance(value, Ref) or content is None:
        if isinstance(value, (TupleValue, Const)):
            m.raise_named("TypeError")
        m.unsupported("an item of this value is assigned")
    if isinstance(content, (DictObject, AssociationObject)):
        dicts.put(m, value, key, new)
        return
    if not isinstance(content, SeqObject) or content.kind not in ("list", DEQUE):
        m.raise_named("TypeError")
    if isinstance(content.content, StretchQuery):
        row = content.content
        m.tables_at_run_time.store(row.list_id, row.place(m, table_index(m, row, key)), new)
        m.note_write(("heap", value.object_id))
        return
    items = known_items(content.content)
    if items is not None and isinstance(key, Const) and type(key.value) is int:
        if not -len(items) <= key.value < len(items):
            m.raise_named("IndexError")
        changed = list(items)
        changed[key.value] = new
        m.set_object(value, replace(content, content=items_query(tuple(changed))))
        return
    table = table_of(m, value, resized=False)
    m.tables_at_run_time.store(table.list_id, table_index(m, table, key), new)
    m.note_write(("heap", value.object_id))


def delete_item(m: Machine, value: Value, key: Value) -> None:
    """``del value[key]``."""
    if is_instance(m, value):
        if call_special(m, value, "__delitem__", key) is None:
            m.raise_named("TypeError")
        return
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(value, Ref) and isinstance(content, (DictObject, AssociationObject)):
        dicts.pop(m, value, key, None)
        return
    if not isinstance(value, Ref) or not isinstance(content, SeqObject) or content.kind not in ("list", DEQUE):
        m.unsupported("an item of this value is deleted")
    items = known_items(content.content)
    if items is None or not isinstance(key, Const):
        if not delete_in_sections(m, value, key):
            delete_at(m, value, key)
        return
    if type(key.value) is not int:
        m.raise_named("TypeError")
    if not -len(items) <= key.value < len(items):
        m.raise_named("IndexError")
    rest = [item for place, item in enumerate(items) if place != key.value % len(items)]
    m.set_object(value, replace(content, content=items_query(tuple(rest))))
