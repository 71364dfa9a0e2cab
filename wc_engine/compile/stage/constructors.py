"""How the entities of states are made, where a program's ``Entity`` has an ``__init__`` of its own.

A row of a type's table has the attributes that states have. That is what the program sees only where the class puts
each of them into the entity unchanged, and nothing else anywhere. Whether it does is found out by following one call
with attributes of which nothing is known but their domains; the call also tells the order of ``__dict__``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind
from wc_engine.compile.stage.heap_objects import EntityObject
from wc_engine.compile.stage.paths import PathEnded
from wc_engine.compile.stage.values import ClassValue, Const, Finite, Num, Ref, Value
from wc_engine.models.objects import entities_inside
from wc_engine.state.schema import IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.state.schema import Domain, EntityType

__all__ = ["learn_constructors"]


def learn_constructors(m: Machine) -> None:
    """Learn the order of the attributes of each type of entities; refuse classes that do more than keep them."""
    for entity_type in m.schema.types:
        cls = m.class_named(entity_type.name)
        names = set(entity_type.attribute_names)
        has_position = {"x", "y"} <= names
        if cls.init is not None:
            order = _followed(m, cls, entity_type)
        elif has_position or not m.module_class("Entity"):
            order = tuple(sorted(names, key=lambda name: (name != "name", name != "x", name != "y", name)))
        else:
            m.unsupported(f"the class {cls.name} is made from x and y, which entities of this type lack")
        _check_carried(m, entity_type, has_position)
        m.attribute_orders[entity_type.name] = order


def _check_carried(m: Machine, entity_type: EntityType, has_position: bool) -> None:
    for _, domain in entity_type.attributes:
        values = () if isinstance(domain, IntDomain) else domain.values
        for entity in (inner for value in values for inner in entities_inside(value)):
            if not has_position or m.class_named(entity.type).init is not None:
                m.unsupported(f"an entity in an attribute of {entity_type.name}, whose class has its own __init__")


def _followed(m: Machine, cls: ClassValue, entity_type: EntityType) -> tuple[str, ...]:
    given = {name: _anything(m, domain) for name, domain in entity_type.attributes}
    keywords = dict(given)
    position = (keywords.pop("x"), keywords.pop("y")) if {"x", "y"} <= keywords.keys() else ()
    buffer, store = m.buffer, m.store.copy()
    m.buffer = []
    try:
        made = m.call(cls, position, keywords)
    except PathEnded:
        made = None
    content = m.store.heap.get(made.object_id) if isinstance(made, Ref) else None
    after, m.buffer, m.store = m.store, buffer, store
    expected = given if "name" in given else {"name": Const(cls.name), **given}
    if not isinstance(content, EntityObject) or dict(content.attributes) != expected:
        m.unsupported(f"the class {cls.name}: its __init__ does more than keep the attributes that it is given")
    if any(after.cells.get(cell) != value for cell, value in store.cells.items()) or any(
        after.heap.get(number) != value for number, value in store.heap.items()
    ):
        m.unsupported(f"the class {cls.name}: its __init__ changes something beside the entity")
    order = tuple(name for name, _ in content.attributes)
    if "name" not in given and order[0] != "name":
        m.unsupported(f"the class {cls.name}: its __init__ sets name behind other attributes")
    return tuple(name for name in order if name in given)


def _anything(m: Machine, domain: Domain) -> Value:
    """A value of which nothing is known but the domain."""
    variable = m.new_var(Kind.INT, "given")
    if isinstance(domain, IntDomain):
        return Num(variable, domain.low, domain.high)
    return Const(domain.values[0]) if domain.size == 1 else Finite(variable, tuple(domain.values))
