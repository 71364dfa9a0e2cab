"""Entities: reading and writing their attributes, making and copying them.

An entity is a ``Row`` of its type's table, or an object that the program made (``EntityObject``). Classes follow the
prelude's ``Entity``: attributes ``name``, ``x``, ``y`` and keywords; equal and hashed by all attributes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wc_engine.compile.columns import while_running
from wc_engine.compile.ir import Assign, DynamicColumn, Expr, Kind, Lit, Load, Op, StaticColumn, Store
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.enumerations import members_in
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.operators import as_int, as_number, both
from wc_engine.compile.stage.store import finite_values
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    UNBOUND,
    ClassValue,
    Closure,
    Const,
    EntityObject,
    Finite,
    Num,
    Ref,
    Row,
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
    "attribute_set",
    "carried_attribute",
    "copies_row",
    "copy_entity",
    "delete_attribute",
    "encode",
    "get_attribute",
    "has_attribute",
    "is_entity",
    "new_entity",
    "null_column",
    "set_attribute",
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
        here = m.narrow(dict(_entity(m, value).attributes).get(name, UNBOUND))
        if isinstance(here, Union):
            return Finite(here.tag, tuple(option != UNBOUND for option in here.options))
        return Const(name == "name" or here != UNBOUND)
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
        if m.copied_at.get((row.world, row.generation), m.clock) < m.store.last_write(key):
            m.follow_one_by_one(row.type_name, "an entity is read after its copy was changed")
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


def encode(m: Machine, domain: Domain, value: Value) -> Expr:
    """Return what a column holds for ``value``: an int itself, else its code; out of the domain is a status."""
    if isinstance(value, Union):
        result = as_number(m, m.dispatch(value, lambda option: Num(encode(m, domain, option))))
        assert result is not None
        return result.expr
    if members_in(value):
        m.unsupported("a member of an enumeration as an attribute of an entity")
    if isinstance(domain, IntDomain):
        number = as_number(m, value)
        if number is None or number.kind is not Kind.INT:
            m.fail(STATUS_OUT_OF_RANGE)
        if number.low is None or number.low < domain.low:
            m.guard(boolean(Op("ge", (number.expr, Lit(domain.low, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_RANGE)
        if number.high is None or number.high > domain.high:
            m.guard(boolean(Op("le", (number.expr, Lit(domain.high, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_RANGE)
        return number.expr
    if (isinstance(value, Ref) and is_entity(m, value)) or isinstance(value, Row):
        return _entity_code(m, domain, value)
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


def _entity_code(m: Machine, domain: Domain, value: Value) -> Expr:
    """The code of an entity that another one carries: its position does not count."""
    from wc_engine.compile.stage.lifting import lift

    kind = type_of(m, value)
    names = [name for name in attribute_set(m, value) if name not in ("x", "y")]
    items = [_as_carried(m, get_attribute(m, value, name)) for name in names]

    def code(*attributes: object) -> int:
        given = dict(zip(names, attributes, strict=True))
        if given.get("name") == kind:
            del given["name"]
        found = domain.code(Entity(kind, given))
        return -1 if found is None else found

    candidates = [
        place
        for place in range(domain.size)
        if isinstance(item := domain.value(place), Entity)
        and item.type == kind
        and set(item.attributes) == set(names) - {"name"}
    ]
    if not candidates:
        m.fail(STATUS_OUT_OF_RANGE)
    result = None
    if not any(isinstance(item, (Num, TupleValue)) for item in items):
        result = lift(m, code, tuple(items))
    number = None if result is None else as_number(m, result)
    if number is None:
        return _search_entity(m, domain, candidates, dict(zip(names, items, strict=True)))
    if number.low is None or number.low < 0:
        m.guard(boolean(Op("ge", (number.expr, Lit(0, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_RANGE)
    return number.expr


def _as_carried(m: Machine, value: Value) -> Value:
    """Return an attribute of a carried entity as a choice of constants, where it is one."""
    return m.new_templates().joined(value) if isinstance(value, Union) else value


def _search_entity(m: Machine, domain: Domain, candidates: list[int], given: dict[str, Value]) -> Expr:
    from wc_engine.compile.stage.equality import equal

    def attempt(place: int) -> Value:
        if place == len(candidates):
            m.fail(STATUS_OUT_OF_RANGE)
        item = domain.value(candidates[place])
        assert isinstance(item, Entity)
        same: Num | Const | Finite = Const(True)
        for name, inner in item.attributes.items():
            alike = _same_kind(m, given[name], inner)
            same = both(m, same, equal(m, given[name], Const(inner)) if alike else Const(False))
        return m.branch(same, lambda: Const(candidates[place]), lambda: attempt(place + 1))

    result = as_number(m, attempt(0))
    assert result is not None
    return as_int(result).expr


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
    new = m.narrowed(new)
    if isinstance(value, Ref):
        attributes = dict(_changeable(m, value).attributes)
        attributes[name] = new
        m.set_object(value, replace(_entity(m, value), attributes=tuple(attributes.items())))
        return
    if not isinstance(value, Row):
        m.unsupported("a carried entity is changed")
    domain = _domain(m, value, name)
    if domain is None:
        entity_type = m.schema.type(value.type_name)
        fixed = entity_type is not None and entity_type.count
        if not fixed and any(one.domain(name) is not None for one in m.schema.types):
            m.fail(STATUS_OUT_OF_RANGE)  # it is meant for entities of another type, and most likely meets only those
        m.follow_one_by_one(value.type_name, f"an entity of type {value.type_name} gets a new attribute {name!r}")
    options = new.options if isinstance(new, Union) else (new,)
    if m.is_static(value.type_name):
        if value.type_name in m.plan.assumptions.unchanging:
            m.make_dynamic(value.type_name)
        plan = m.wanted.with_dynamic_type(value.type_name)
        if NONE in options and domain.code(None) is None and not _is_fixed(m, value):
            plan = plan.with_nullable(value.type_name, name)
        m.go_on_with(plan)
    if any(isinstance(item, (Ref, Row)) for item in options):
        m.follow_one_by_one(value.type_name, "a list or an entity as an attribute of an entity of the state")
    if m.copied_at.get((value.world, value.generation)) is not None:
        m.follow_one_by_one(value.type_name, "an entity is changed after it was copied")
    if NONE in options and domain.code(None) is None:
        _need_none(m, value, name)
    _store(m, value, name, domain, new)


def _need_none(m: Machine, row: Row, name: str) -> None:
    """See to it that a column can hold None, which no state of the schema has there."""
    if _is_fixed(m, row):
        m.follow_one_by_one(row.type_name, f"None in the attribute {name!r}")
    if (row.type_name, name) not in m.plan.nullable:
        m.go_on_with(m.wanted.with_nullable(row.type_name, name))


def _is_fixed(m: Machine, row: Row) -> bool:
    """Whether all states have the same number of entities of a row's type."""
    entity_type = m.schema.type(row.type_name)
    return entity_type is not None and bool(entity_type.count)


def null_column(m: Machine, row: Row, name: str) -> DynamicColumn:
    """Return the column that says which rows have None where the schema knows no None: no attribute's name."""
    return DynamicColumn(row.world, row.type_name, f"{name}_is_none?", m.plan.capacity)


def _store(m: Machine, row: Row, name: str, domain: Domain, new: Value) -> None:
    nullable = (row.type_name, name) in m.plan.nullable

    def put(option: Value) -> Value:
        if nullable:
            m.emit(Store(null_column(m, row, name), row.index, Lit(int(option == NONE), Kind.INT)))
        if not nullable or option != NONE:
            m.emit(Store(_column(m, row, name), row.index, encode(m, while_running(domain, name), option)))
        return NONE

    if nullable:
        m.dispatch(new, put)
    else:
        put(new)
    m.note_write((row.world, row.type_name, name, row.index))


def _changeable(m: Machine, value: Ref) -> EntityObject:
    content = _entity(m, value)
    if content.frozen:
        if not m.plan.references:
            raise Restart(m.wanted.with_references(), afresh=True)
        m.unsupported("an entity is changed after it was put in a list that grows at run time")
    return content


def delete_attribute(m: Machine, value: Value, name: str) -> None:
    """``del value.name`` for an entity; raises AttributeError where it has no such attribute."""
    if isinstance(value, Row):
        if m.is_static(value.type_name):
            m.make_dynamic(value.type_name)
        m.follow_one_by_one(value.type_name, "an attribute of an entity of the state is deleted")
    if not isinstance(value, Ref) or name == "name":
        m.unsupported("an attribute of this entity is deleted")
    get_attribute(m, value, name)
    content = _changeable(m, value)
    rest = tuple((known, item) for known, item in content.attributes if known != name)
    m.set_object(value, replace(content, attributes=rest))


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
