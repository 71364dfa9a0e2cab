"""Entities of a state as objects of the abstract heap, one by one.

A row of a table has the attributes that the schema tells, and values of their domains. A program that puts anything
else into an entity (another entity, a list, a new attribute), or changes what an entity carries, is followed with the
entities of that type as objects, the same as those that programs make. Their number must be fixed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import Expr, Kind, Lit
from wc_engine.compile.stage.entities import attribute_set, get_attribute
from wc_engine.compile.stage.heap_objects import EntityObject
from wc_engine.compile.stage.queries import ItemQuery, Query
from wc_engine.compile.stage.values import MISSING, NONE, Const, Finite, Ref, Row, Union, Value
from wc_engine.state.entities import Entity

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.state.schema import EntityType

__all__ = ["state_objects"]


def state_objects(m: Machine, world: int, entity_type: EntityType) -> list[Query]:
    """Return the entities of a type in a state that was just unpacked, as new objects."""
    parts: list[Query] = []
    for index in range(entity_type.count or 0):
        row = Row(world, entity_type.name, Lit(index, Kind.INT))
        names = attribute_set(m, row)
        attributes = tuple((name, _opened(m, get_attribute(m, row, name))) for name in names)
        ref = m.new_object(EntityObject(entity_type.name, attributes))
        m.state_objects[ref.object_id] = (world, entity_type.name, 0)
        parts.append(ItemQuery(ref))
    return parts


def _opened(m: Machine, value: Value) -> Value:
    """Return an attribute's value with an entity in it as an object of its own."""
    if isinstance(value, Const) and isinstance(value.value, Entity):
        return _objects(m, Lit(0, Kind.INT), (value.value,))
    if isinstance(value, Finite) and any(isinstance(item, Entity) for item in value.values):
        return _objects(m, value.index, value.values)
    return value


def _objects(m: Machine, index: Expr, values: tuple[object, ...]) -> Value:
    """Entities among the choices become one object for each type, with tables for attributes."""
    groups: dict[object, list[int]] = {}
    for place, item in enumerate(values):
        if item is not MISSING:
            groups.setdefault((item.type, tuple(item.attributes)) if isinstance(item, Entity) else "", []).append(place)
    options: list[Value] = []
    places = [0] * len(values)
    for number, (key, members) in enumerate(groups.items()):
        for place in members:
            places[place] = number
        own = tuple(item if place in members else MISSING for place, item in enumerate(values))
        options.append(_choice(index, own) if key == "" else _object(m, index, own))
    if len(options) == 1:
        return options[0]
    return Union(m.temp(m.new_templates().remap(index, places)), tuple(options))


def _object(m: Machine, index: Expr, values: tuple[object, ...]) -> Ref:
    first = next(item for item in values if isinstance(item, Entity))
    # What is carried is made as ``cls(None, None, **attributes)``.
    attributes: list[tuple[str, Value]] = [("x", NONE), ("y", NONE)]
    for name in first.attributes:
        column = tuple(item[name] if isinstance(item, Entity) else MISSING for item in values)
        attributes.append((name, _opened(m, _choice(index, column))))
    return m.new_object(EntityObject(first.type, tuple(attributes)))


def _choice(index: Expr, values: tuple[object, ...]) -> Value:
    live = {Const(item) for item in values if item is not MISSING}
    return live.pop() if len(live) == 1 else Finite(index, values)
