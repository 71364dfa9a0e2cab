"""Entities: reading and writing their attributes, making and copying them.

An entity is a ``Row`` of its type's table, or an object that the program made (``EntityObject``). Classes follow the
prelude's ``Entity``: attributes ``name``, ``x``, ``y`` and keywords; equal and hashed by all attributes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wc_engine.compile.ir import Assign, DynamicColumn, Expr, Kind, Lit, Load, Op, StaticColumn, Store
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.operators import as_int, as_number
from wc_engine.compile.stage.queries import ItemQuery, parts_of
from wc_engine.compile.stage.store import finite_values
from wc_engine.compile.stage.values import (
    MISSING,
    Const,
    EntityObject,
    Finite,
    Num,
    Ref,
    Row,
    SeqObject,
    TupleValue,
    Union,
    Value,
    boolean,
)
from wc_engine.state.entities import Entity
from wc_engine.state.schema import Domain, EnumDomain, IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "attribute_names",
    "copies_row",
    "copy_entity",
    "encode",
    "get_attribute",
    "is_entity",
    "is_stale",
    "new_entity",
    "set_attribute",
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
    if isinstance(value, Row):
        entity_type = m.schema.type(value.type_name)
        names = entity_type.attribute_names if entity_type is not None else ()
        return (*(n for n in ("x", "y") if n in names), *(n for n in names if n not in ("x", "y")))
    if isinstance(value, Const):
        return tuple(value.value.attributes)
    assert isinstance(value, Ref)
    content = m.object(value)
    assert isinstance(content, EntityObject)
    return tuple(name for name, _ in content.attributes)


def _domain(m: Machine, row: Row, name: str) -> Domain | None:
    entity_type = m.schema.type(row.type_name)
    return entity_type.domain(name) if entity_type is not None else None


def _column(m: Machine, row: Row, name: str) -> DynamicColumn:
    return DynamicColumn(row.world, row.type_name, name, m.plan.capacity)


def get_attribute(m: Machine, value: Value, name: str) -> Value:
    """Return ``value.name`` for an entity; raises AttributeError where it has no such attribute."""
    if name == "name" and "name" not in attribute_names(m, value):
        return Const(type_of(m, value))
    if isinstance(value, Row):
        return _row_attribute(m, value, name)
    if isinstance(value, Const):
        if name not in value.value:
            m.raise_named("AttributeError")
        return Const(value.value[name])
    assert isinstance(value, Ref)
    content = m.object(value)
    assert isinstance(content, EntityObject)
    for known, item in content.attributes:
        if known == name:
            return item
    m.raise_named("AttributeError")


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
        if m.copied_at.get((row.world, row.generation), m.clock) < m.store.last_write(key):
            m.unsupported("an entity is read after its copy was changed")
        variable = m.new_var(Kind.INT, f"{name}_")
        m.emit(Assign(variable, Load(_column(m, row, name), row.index, Kind.INT)))
        m.origins[variable] = (row.type_name, name, row.index, m.clock)
        expr = variable
    if isinstance(domain, IntDomain):
        return Num(expr, domain.low, domain.high)
    return _choice(expr, tuple(domain.values))


def _choice(index: Expr, values: tuple[Any, ...]) -> Value:
    return Const(values[0]) if len(values) == 1 else Finite(index, values)


def encode(m: Machine, domain: Domain, value: Value) -> Expr:
    """Return what a column holds for ``value``: an int itself, else its code; out of the domain is a status."""
    if isinstance(value, Union):
        result = as_number(m, m.dispatch(value, lambda option: Num(encode(m, domain, option))))
        assert result is not None
        return result.expr
    if isinstance(domain, IntDomain):
        number = as_number(m, value)
        if number is None or number.kind is not Kind.INT:
            m.fail(STATUS_OUT_OF_RANGE)
        if number.low is None or number.low < domain.low:
            m.guard(boolean(Op("ge", (number.expr, Lit(domain.low, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_RANGE)
        if number.high is None or number.high > domain.high:
            m.guard(boolean(Op("le", (number.expr, Lit(domain.high, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_RANGE)
        return number.expr
    constants = finite_values(value)
    if constants is not None:
        codes = [None if item is MISSING else domain.code(item) for item in constants]
        if isinstance(value, Finite):
            allowed = m.allowed(value.index, len(codes))
            fits = Finite(value.index, tuple(code is not None for code in codes))
            if any(codes[place] is None for place in allowed):
                m.guard(m.as_condition(fits), STATUS_OUT_OF_RANGE)
            return m.new_templates().remap(value.index, [code or 0 for code in codes])
        if codes[0] is None:
            m.fail(STATUS_OUT_OF_RANGE)
        return Lit(codes[0], Kind.INT)
    return _search_code(m, domain, value)


def _search_code(m: Machine, domain: Domain, value: Value) -> Expr:
    """The code of a value with parts that depend on the state: compare with each value of the domain."""
    from wc_engine.compile.stage.equality import equal

    def attempt(code: int) -> Value:
        if code == domain.size:
            m.fail(STATUS_OUT_OF_RANGE)
        candidate = domain.value(code)
        same: Any = equal(m, value, Const(candidate)) if _same_kind(m, value, candidate) else Const(False)
        return m.branch(same, lambda: Const(code), lambda: attempt(code + 1))

    result = as_number(m, attempt(0))
    assert result is not None
    return as_int(result).expr


def _same_kind(m: Machine, value: Value, constant: object) -> bool:
    """Whether a value can be a constant: in a state True is not 1, and 1 is not 1.0."""
    if isinstance(value, TupleValue):
        if not isinstance(constant, tuple) or len(constant) != len(value.items):
            return False
        return all(_same_kind(m, item, inner) for item, inner in zip(value.items, constant, strict=True))
    number = as_number(m, value)
    if number is not None:
        return type(constant) is {Kind.INT: int, Kind.BOOL: bool, Kind.FLOAT: float}[number.kind]
    return isinstance(value, (Const, Finite))


def set_attribute(m: Machine, value: Value, name: str, new: Value) -> None:
    """``value.name = new`` for an entity."""
    if isinstance(value, Ref):
        content = m.object(value)
        assert isinstance(content, EntityObject)
        if content.frozen:
            m.unsupported("an entity is changed after it was put in a list that grows at run time")
        attributes = dict(content.attributes)
        attributes[name] = new
        if _is_hashed(m, value):
            m.note_write(("stale", value.object_id))
        m.set_object(value, replace(content, attributes=tuple(attributes.items())))
        return
    if not isinstance(value, Row):
        m.unsupported("a carried entity is changed")
    domain = _domain(m, value, name)
    if domain is None:
        m.unsupported(f"an entity of type {value.type_name} gets a new attribute {name!r}")
    if m.is_static(value.type_name):
        m.make_dynamic(value.type_name)
    options = new.options if isinstance(new, Union) else (new,)
    if any(isinstance(item, Ref) and isinstance(m.object(item), SeqObject) for item in options):
        m.unsupported("a list as an attribute of an entity of the state")
    if m.copied_at.get((value.world, value.generation)) is not None:
        m.unsupported("an entity is changed after it was copied")
    expr = encode(m, domain, new)
    m.emit(Store(_column(m, value, name), value.index, expr))
    m.note_write((value.world, value.type_name, name, value.index))


def _is_hashed(m: Machine, entity: Ref) -> bool:
    """Whether an entity that the program made is in some set, whose hash for it a change makes stale."""
    return any(
        isinstance(part, ItemQuery)
        and entity in (part.value.options if isinstance(part.value, Union) else (part.value,))
        for content in m.store.heap.values()
        if isinstance(content, SeqObject) and content.kind in ("set", "frozenset")
        for part in parts_of(content.content)
    )


def is_stale(m: Machine, value: Value) -> bool:
    """Whether a value may be an entity that was changed while it was in a set."""
    options = value.options if isinstance(value, Union) else (value,)
    return any(isinstance(item, Ref) and ("stale", item.object_id) in m.store.epochs for item in options)


def new_entity(m: Machine, type_name: str, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """``Type(x, y, **attributes)`` as the prelude's ``Entity`` does it."""
    names = ("x", "y")
    given = dict(zip(names, arguments, strict=False))
    repeated = set(given) & set(keywords)
    given |= keywords
    if len(arguments) > len(names) or repeated or any(name not in given for name in names):
        m.raise_named("TypeError")
    attributes = {"x": given.pop("x"), "y": given.pop("y"), **given}
    return m.new_object(EntityObject(type_name, tuple(attributes.items())))


def copy_entity(m: Machine, value: Value) -> Value:
    """Return a new entity with the same attributes."""
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
