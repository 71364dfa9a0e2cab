"""Copies, shallow and deep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage import dicts, entities
from wc_engine.compile.stage.collections import new_list
from wc_engine.compile.stage.queries import (
    ItemQuery,
    Query,
    RowsQuery,
    concat,
    parts_of,
)
from wc_engine.compile.stage.values import (
    AssociationObject,
    Const,
    DictObject,
    Finite,
    InstanceObject,
    Num,
    Record,
    Ref,
    SeqObject,
    TupleValue,
    Union,
    Value,
)

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
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _deepcopy(m, option))
    if entities.is_entity(m, value):
        return entities.copy_entity(m, value)
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_deepcopy(m, item) for item in value.items))
    if isinstance(value, Record):
        return replace(value, items=tuple(_deepcopy(m, item) for item in value.items))
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, InstanceObject):
        if not all(_is_immutable(item) for _, item in content.attributes):
            m.unsupported("a deep copy of this instance")
        return m.new_object(content)
    if isinstance(content, DictObject):
        return m.new_object(DictObject(tuple((key, _deepcopy(m, item)) for key, item in content.items)))
    if isinstance(content, AssociationObject):
        m.unsupported("a deep copy of this dict")
    if not isinstance(content, SeqObject):
        return value
    parts: list[Query] = []
    for part in parts_of(content.content):
        if isinstance(part, RowsQuery):
            parts.append(part if m.is_static(part.type_name) else m.copy_rows(part))
        elif isinstance(part, ItemQuery):
            parts.append(replace(part, value=_deepcopy(m, part.value)))
        else:
            m.unsupported("a deep copy of this collection")
    return new_list(m, concat(*parts), content.kind, m.node, distinct=content.distinct)


COPIES: dict[str, Callable[..., Value]] = {
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
}
"""Functions by the name that programs know them by."""
