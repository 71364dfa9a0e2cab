"""Writing attributes: the codes by which values are stored in an entity's columns, and new and deleted attributes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wc_engine.compile.columns import while_running
from wc_engine.compile.ir import Expr, Kind, Lit, Op, Store
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.entities import (
    _column,
    _domain,
    _entity,
    _is_fixed,
    attribute_set,
    get_attribute,
    is_entity,
    null_column,
    type_of,
)
from wc_engine.compile.stage.enumerations import members_in
from wc_engine.compile.stage.generations import check_not_copied, note_changed_copy
from wc_engine.compile.stage.heap_objects import EntityObject
from wc_engine.compile.stage.logic import both
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.operators import as_int, as_number
from wc_engine.compile.stage.store import finite_values
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    UNBOUND,
    Const,
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
from wc_engine.state.schema import Domain, IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["delete_attribute", "encode", "set_all_attributes", "set_attribute", "set_name"]


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
    if name == "name" and name not in attribute_set(m, value) and new == Const(type_of(m, value)):
        return  # so it is called already
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
        is_known = any(one.domain(name) is not None for one in m.schema.types)
        if is_known and (not fixed or m.plan.assumptions.optimistic):
            # It is meant for entities of another type, and most likely meets only those.
            m.assumed = m.assumed or bool(fixed)
            m.fail(STATUS_OUT_OF_RANGE)
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
    check_not_copied(m, value)
    if NONE in options and domain.code(None) is None:
        _need_none(m, value, name)
    _store(m, value, name, domain, new)


def _need_none(m: Machine, row: Row, name: str) -> None:
    """See to it that a column can hold None, which no state of the schema has there."""
    if _is_fixed(m, row):
        m.follow_one_by_one(row.type_name, f"None in the attribute {name!r}")
    if (row.type_name, name) not in m.plan.nullable:
        m.go_on_with(m.wanted.with_nullable(row.type_name, name))


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
    note_changed_copy(m, row, name)


def _changeable(m: Machine, value: Ref) -> EntityObject:
    content = _entity(m, value)
    if content.frozen:
        if not m.plan.references:
            raise Restart(m.wanted.with_references(), afresh=True)
        m.unsupported("an entity is changed after it was put in a list that grows at run time")
    return content


def set_all_attributes(m: Machine, value: Ref, given: dict[str, Value]) -> None:
    """Give an entity that the program made these attributes, in this order, and no others."""
    content = _changeable(m, value)
    first = next(iter(given)) == "name"
    if m.class_named(content.type_name).init is None and given["name"] == Const(content.type_name):
        given = {name: item for name, item in given.items() if name != "name"}  # it goes without saying
        first = first or not given
    m.set_object(value, replace(content, attributes=tuple(given.items()), shuffled=not first and "name" not in given))


def set_name(m: Machine, value: Ref, new: Value) -> None:
    """``value.__dict__["name"] = new`` for an entity that the program made."""
    content = _changeable(m, value)
    attributes = dict(content.attributes)
    if m.class_named(content.type_name).init is not None or new != Const(content.type_name):
        attributes["name"] = new
        m.set_object(value, replace(content, attributes=tuple(attributes.items())))
        return
    late = len(attributes) > 1 and attributes.pop("name", None) == UNBOUND
    rest = tuple(item for item in attributes.items() if item[0] != "name")
    m.set_object(value, replace(content, attributes=rest, shuffled=content.shuffled or late))


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
