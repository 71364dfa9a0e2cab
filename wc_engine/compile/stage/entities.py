"""Entities: reading and writing their attributes, making and copying them.

An entity is a ``Row`` of its type's table, or an object that the program made (``EntityObject``). Classes follow the
prelude's ``Entity``: attributes ``name``, ``x``, ``y`` and keywords; equal and hashed by all attributes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wc_engine.compile.columns import while_running
from wc_engine.compile.ir import Assign, DynamicColumn, Expr, Kind, Load, StaticColumn
from wc_engine.compile.stage.generations import check_unchanged_by_copies
from wc_engine.compile.stage.heap_objects import EntityObject
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    ClassValue,
    Closure,
    Const,
    Finite,
    Num,
    Ref,
    Row,
    Union,
    Value,
)
from wc_engine.state.entities import Entity
from wc_engine.state.schema import Domain, EnumDomain, IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "_column",
    "_domain",
    "_entity",
    "_is_fixed",
    "attribute_names",
    "attribute_set",
    "carried_attribute",
    "copies_row",
    "copy_entity",
    "get_attribute",
    "has_attribute",
    "is_entity",
    "new_entity",
    "new_without_attributes",
    "null_column",
    "settle_attributes",
    "type_of",
]


def is_entity(m: Machine, value: Value) -> bool:
    """Whether a value is an entity."""
    if isinstance(value, Row):
        return True
    if isinstance(value, Ref):
        return isinstance(m.store.heap.get(value.object_id), EntityObject)
    return isinstance(value, Const) and isinstance(value.value, Entity)


def type_of(m: Machine, value: Value) -> str:
    """Return an entity's class name."""
    if isinstance(value, Row):
        return value.type_name
    if isinstance(value, Const):
        entity: Entity = value.value
        return entity.type
    assert isinstance(value, Ref)
    content = m.object(value)
    assert isinstance(content, EntityObject)
    return content.type_name


def attribute_names(m: Machine, value: Value) -> tuple[str, ...]:
    """Return the names of an entity's attributes without ``name``, in the order of its ``__dict__``."""
    if isinstance(value, Ref) and _entity(m, value).shuffled:
        m.unsupported("the order of an entity's attributes differs between two paths")
    return attribute_set(m, value)


def attribute_set(m: Machine, value: Value) -> tuple[str, ...]:
    """Return the names of an entity's attributes without ``name``, in any order."""
    if isinstance(value, Row):
        return m.attribute_orders.get(value.type_name, ())
    if isinstance(value, Const):
        # What is carried is made as ``cls(None, None, **attributes)``.
        return ("x", "y", *(name for name in value.value.attributes if name not in ("x", "y")))
    assert isinstance(value, Ref)
    found: list[str] = []
    for name, item in _entity(m, value).attributes:
        options = _possible(m, item)
        if UNBOUND not in options:
            found.append(name)
        elif any(option != UNBOUND for option in options):
            m.unsupported(f"an entity that has the attribute {name!r} on some paths only")
    return tuple(found)


def _possible(m: Machine, value: Value) -> list[Value]:
    """Return what a value can be on this path: of unions, the options that are still possible."""
    if not isinstance(value, Union):
        return [value]
    return [value.options[place] for place in sorted(m.allowed(value.tag, len(value.options)))]


def settle_attributes(m: Machine, value: Value, names: frozenset[str]) -> None:
    """End the step with a status unless an entity has the attributes ``names`` and none beside them but ``name``.

    Only attributes that it has on some paths are looked at; what it has, or lacks, on all paths is known.
    """
    if not isinstance(value, Ref):
        return
    for name, item in _entity(m, value).attributes:
        options = _possible(m, item)
        if isinstance(item, Union) and UNBOUND in options and len(options) > 1 and name != "name":
            fits = tuple((option != UNBOUND) == (name in names) for option in item.options)
            m.guard(Finite(item.tag, fits), STATUS_OUT_OF_RANGE)


def _entity(m: Machine, value: Ref) -> EntityObject:
    content = m.object(value)
    assert isinstance(content, EntityObject)
    return content


def _domain(m: Machine, row: Row, name: str) -> Domain | None:
    entity_type = m.schema.type(row.type_name)
    return entity_type.domain(name) if entity_type is not None else None


def _column(m: Machine, row: Row, name: str) -> DynamicColumn:
    return DynamicColumn(row.world, row.type_name, name, m.plan.capacity)


def get_attribute(m: Machine, value: Value, name: str) -> Value:
    """Return ``value.name`` for an entity; raises AttributeError where it has no such attribute."""
    if name == "name" and not _may_have(m, value, name):
        return Const(type_of(m, value))
    if isinstance(value, Row):
        return _row_attribute(m, value, name)
    if isinstance(value, Const):
        return carried_attribute(m, value.value, name)
    assert isinstance(value, Ref)
    for known, item in _entity(m, value).attributes:
        if known == name:
            return m.bound(item, "AttributeError")
    m.raise_named("AttributeError")


def _may_have(m: Machine, value: Value, name: str) -> bool:
    if isinstance(value, Ref):
        return any(known == name for known, _ in _entity(m, value).attributes)
    return name in attribute_set(m, value)


def has_attribute(m: Machine, value: Value, name: str) -> Const | Finite:
    """Return whether an entity has an attribute."""
    if isinstance(value, Ref):
        attributes = dict(_entity(m, value).attributes)
        here = m.narrow(attributes.get(name, UNBOUND))
        if isinstance(here, Union):
            return Finite(here.tag, tuple(option != UNBOUND for option in here.options))
        return Const(here != UNBOUND or (name == "name" and name not in attributes))
    return Const(name == "name" or name in attribute_set(m, value))


def carried_attribute(m: Machine, entity: Entity, name: str) -> Value:
    """Return an attribute of an entity that another one carries: it has no position."""
    if name not in entity and name not in ("x", "y"):
        m.raise_named("AttributeError")
    return Const(entity.get(name))


def _column_value(m: Machine, row: Row, name: str, key: tuple[int, str, str]) -> Expr:
    """Return what a column holds for a row, read once as long as nobody writes there: what is learned of it lasts."""
    known = m.store.read.get((*key, row.index))
    if known is not None and m.store.last_write(key) <= m.origins[known][3]:
        return known
    variable = m.new_var(Kind.INT, f"{name}_")
    m.emit(Assign(variable, Load(_column(m, row, name), row.index, Kind.INT)))
    m.origins[variable] = (row.type_name, name, row.index, m.clock)
    m.store.read[*key, row.index] = variable
    return variable


def _row_attribute(m: Machine, row: Row, name: str) -> Value:
    domain = _domain(m, row, name)
    if domain is None:
        m.raise_named("AttributeError")
    expr: Expr
    if m.is_static(row.type_name):
        expr = Load(StaticColumn(row.type_name, name), row.index, Kind.INT)
    else:
        key = (row.world, row.type_name, name)
        m.note_read(key)
        check_unchanged_by_copies(m, row, name)
        expr = _column_value(m, row, name, key)
    if isinstance(domain, IntDomain):
        if not m.is_static(row.type_name) and m.store.last_write((row.world, row.type_name, name)):
            domain = while_running(domain, name)
            assert isinstance(domain, IntDomain)
        return _or_none(m, row, name, Num(expr, domain.low, domain.high))
    return _or_none(m, row, name, _choice(expr, tuple(domain.values)))


def _or_none(m: Machine, row: Row, name: str, value: Value) -> Value:
    """Return what a column holds where None may have been stored beside it."""
    if (row.type_name, name) not in m.plan.nullable or not m.store.last_write((row.world, row.type_name, name)):
        return value
    tag = m.new_var(Kind.INT, "none")
    m.emit(Assign(tag, Load(null_column(m, row, name), row.index, Kind.INT)))
    return Union(tag, (value, NONE))


def _choice(index: Expr, values: tuple[Any, ...]) -> Value:
    return Const(values[0]) if len(values) == 1 else Finite(index, values)


def _is_fixed(m: Machine, row: Row) -> bool:
    """Whether all states have the same number of entities of a row's type."""
    entity_type = m.schema.type(row.type_name)
    return entity_type is not None and bool(entity_type.count)


def null_column(m: Machine, row: Row, name: str) -> DynamicColumn:
    """Return the column that says which rows have None where the schema knows no None: no attribute's name."""
    return DynamicColumn(row.world, row.type_name, f"{name}_is_none?", m.plan.capacity)


def new_entity(m: Machine, cls: ClassValue, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """``Type(x, y, **attributes)`` as the prelude's ``Entity`` does it, or the class's own ``__init__``."""
    if cls.init is not None:
        return _initialised(m, cls, cls.init, arguments, keywords)
    names = ("x", "y")
    given = dict(zip(names, arguments, strict=False))
    repeated = set(given) & set(keywords)
    given |= keywords
    if len(arguments) > len(names) or repeated or any(name not in given for name in names):
        m.raise_named("TypeError")
    attributes = {"x": given.pop("x"), "y": given.pop("y"), **given}
    return m.new_object(EntityObject(cls.name, tuple(attributes.items())))


def new_without_attributes(m: Machine, cls: ClassValue) -> Ref:
    """``object.__new__(cls)``: what has to be given a name and all else."""
    return m.new_object(EntityObject(cls.name, (("name", UNBOUND),)))


def _initialised(
    m: Machine, cls: ClassValue, init: Closure, arguments: tuple[Value, ...], keywords: dict[str, Value]
) -> Value:
    made = m.new_object(EntityObject(cls.name, ()))
    if m.call(init, (made, *arguments), keywords) != NONE:
        m.unsupported(f"the __init__ of {cls.name} returns something")
    if not any(name == "name" for name, _ in _entity(m, made).attributes):
        m.unsupported(f"the __init__ of {cls.name} sets no name")
    return made


def copy_entity(m: Machine, value: Value) -> Value:
    """Return a new entity with the same attributes."""
    if isinstance(value, Ref):
        return m.new_object(replace(_entity(m, value), frozen=False))
    attributes = tuple((name, get_attribute(m, value, name)) for name in attribute_names(m, value))
    return m.new_object(EntityObject(type_of(m, value), attributes))


def copies_row(m: Machine, value: Value, row: Row) -> bool:
    """Whether ``value`` is a new entity whose attributes were all read from ``row`` and have not changed since."""
    if not isinstance(value, Ref):
        return False
    content = m.store.heap.get(value.object_id)
    if not isinstance(content, EntityObject) or content.type_name != row.type_name:
        return False
    given = dict(content.attributes)
    if set(given) != set(attribute_names(m, row)):
        return False
    return all(_comes_from(m, item, row, name) for name, item in given.items())


def _comes_from(m: Machine, value: Value, row: Row, name: str) -> bool:
    domain = _domain(m, row, name)
    if domain is not None and domain.size == 1:
        return value == Const(domain.value(0))
    if isinstance(value, Finite) and (not isinstance(domain, EnumDomain) or value.values != domain.values):
        return False
    if not isinstance(value, (Num, Finite)):
        return False
    origin = m.origin_of(value.expr if isinstance(value, Num) else value.index)
    if origin is None or origin[:3] != (row.type_name, name, row.index):
        return False
    return m.is_static(row.type_name) or m.store.last_write((row.world, row.type_name, name)) <= origin[3]
