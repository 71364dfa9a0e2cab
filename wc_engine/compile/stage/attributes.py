"""``value.name``: attributes of entities, methods of collections and strings, members of modules and classes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind
from wc_engine.compile.stage import attribute_writes, entities
from wc_engine.compile.stage.entity_dicts import attributes_of, class_of_choice, replace_attributes
from wc_engine.compile.stage.enumerations import attribute_of_member, enum_attribute, members_in
from wc_engine.compile.stage.guest_modules import attribute_of_function, member_of
from wc_engine.compile.stage.heap_objects import DEQUE, DictObject, SeqObject
from wc_engine.compile.stage.methods import has_method
from wc_engine.compile.stage.objects import (
    OBJECTS,
    bind,
    class_attribute,
    class_of_instance,
    get_instance_attribute,
    set_instance_attribute,
    super_attribute,
)
from wc_engine.compile.stage.patterns import pattern_attribute
from wc_engine.compile.stage.protocols import is_instance
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    Builtin,
    ClassValue,
    Closure,
    Const,
    Descriptor,
    EnumClass,
    Finite,
    Method,
    ModuleValue,
    Num,
    Partial,
    Ref,
    SuperValue,
    TupleValue,
    Union,
    UserClass,
    Value,
)
from wc_engine.state.entities import Entity

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "class_of",
    "delete_attribute_of",
    "get_attribute_of",
    "is_special",
    "lacks_attributes",
    "python_types",
    "set_attribute_of",
]


def class_of(m: Machine, value: Value) -> Value:
    """Return ``type(value)``."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: class_of(m, option))
    if _is_carried(value):
        assert isinstance(value, Finite)
        return class_of_choice(m, value)
    if entities.is_entity(m, value):
        return m.class_named(entities.type_of(m, value))
    cls = class_of_instance(m, value)
    if cls is not None:
        return cls
    kinds = python_types(m, value)
    if kinds is None or len(kinds) != 1:
        m.unsupported("the type of this value")
    if members_in(value):
        return m.enum_classes[next(iter(kinds))]
    return Builtin(next(iter(kinds)).__name__)


def get_attribute_of(m: Machine, value: Value, name: str) -> Value:
    """Return ``value.name``."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: get_attribute_of(m, option, name))
    if name == "__class__":
        return class_of(m, value)
    if isinstance(value, EnumClass):
        return enum_attribute(m, value, name)
    if members_in(value):
        found = attribute_of_member(m, value, name)
        if found is not None:
            return found
    if name == "__new__" and isinstance(value, ClassValue) and name not in dict(value.members):
        return Builtin("object.__new__")
    if name == "__dict__" and not is_instance(m, value):
        if lacks_attributes(m, value):
            m.raise_named("AttributeError")
        return attributes_of(m, value, get_attribute_of)
    if isinstance(value, Finite) and _is_carried(value):
        return _of_choice(m, value, name)
    if isinstance(value, ModuleValue):
        return _member(m, value, name)
    if isinstance(value, (ClassValue, UserClass, Closure)) and name == "__name__":
        return Const(value.name)
    if isinstance(value, Closure):
        found = attribute_of_function(m, value, name)
        return m.unsupported(f"the attribute {name!r} of a function") if found is None else found
    if is_instance(m, value):
        return get_instance_attribute(m, value, name)
    if isinstance(value, UserClass):
        return class_attribute(m, value, name)
    if isinstance(value, SuperValue):
        return super_attribute(m, value, name)
    if isinstance(value, Descriptor) and value.kind == "property" and name == "setter":
        return Partial(Builtin(".setter"), (value,), ())
    if isinstance(value, Builtin) and f"{value.name}.{name}" in OBJECTS:
        return Builtin(f"{value.name}.{name}")
    if is_special(name):
        m.unsupported(f"the attribute {name!r}")
    if entities.is_entity(m, value):
        return _of_entity(m, value, name)
    if isinstance(value, ClassValue) and name in dict(value.members):
        return bind(m, dict(value.members)[name], NONE, value)
    if isinstance(value, (Builtin, ClassValue)):
        m.unsupported(f"the attribute {name!r} of a class")
    if isinstance(value, Ref) and value.object_id in m.ordered_dicts and name in _OF_ORDERED:
        m.unsupported(f"the attribute {name!r} of an OrderedDict")
    data = pattern_attribute(m, value, name)
    if data is not None:
        return data
    if has_method(m, value, name):
        return Method(value, name)
    if isinstance(value, Finite):
        told = _of_some_kinds(m, value, name)
        if told is not None:
            return told
    kinds = python_types(m, value)
    if kinds is None or any(hasattr(kind, name) for kind in kinds):
        m.unsupported(f"the attribute {name!r} of this value")
    m.raise_named("AttributeError")


def lacks_attributes(m: Machine, value: Value) -> bool:
    """Whether a value is None, a number, a text or a collection: nothing that has a ``__dict__``."""
    kinds = python_types(m, value)
    return kinds is not None and not any(kind.__dictoffset__ for kind in kinds)


_OF_ORDERED = frozenset(["copy", "fromkeys", "move_to_end", "popitem"])


def _of_some_kinds(m: Machine, value: Finite, name: str) -> Value | None:
    """The attribute of a choice some of whose kinds have it: None and a string, say. The others raise."""
    has_it = tuple(MISSING if item is MISSING else hasattr(item, name) for item in value.values)
    if len(set(has_it) - {MISSING}) < 2:
        return None
    narrow = Finite(value.index, tuple(item if hasattr(item, name) else MISSING for item in value.values))
    return m.branch(
        Finite(value.index, has_it),
        lambda: get_attribute_of(m, narrow, name),
        lambda: m.raise_named("AttributeError"),
    )


def _of_entity(m: Machine, value: Value, name: str) -> Value:
    """An attribute of an entity: its own, or one that its class defines for all."""
    cls = m.class_named(entities.type_of(m, value))
    found = dict(cls.members).get(name)
    if found is None:
        return entities.get_attribute(m, value, name)
    own = name == "name" or name in entities.attribute_set(m, value)
    if own and not isinstance(found, Descriptor):
        return entities.get_attribute(m, value, name)
    return bind(m, found, value, cls)


def _is_carried(value: Value) -> bool:
    """Whether a value is one of several constants, entities among them."""
    return isinstance(value, Finite) and any(isinstance(item, Entity) for item in value.values)


def _member(m: Machine, module: ModuleValue, name: str) -> Value:
    found = member_of(m, module.name, name)
    return m.unsupported(f"{module.name}.{name} is not translated yet") if found is None else found


def is_special(name: str) -> bool:
    """Whether a name is one of those that Python gives a meaning: every object has some."""
    return name.startswith("__") and name.endswith("__")


def python_types(m: Machine, value: Value) -> set[type] | None:
    """Return the built-in types that a value can be of; None where they are not known, or not built in."""
    if isinstance(value, Num):
        return {{Kind.INT: int, Kind.FLOAT: float, Kind.BOOL: bool}[value.kind]}
    if isinstance(value, TupleValue):
        return {tuple}
    if isinstance(value, (Const, Finite)):
        constants = (value.value,) if isinstance(value, Const) else value.values
        kinds = {type(item) for item in constants if item is not MISSING}
        return None if Entity in kinds else kinds
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, SeqObject):
        by_kind = {"list": list, "set": set, "frozenset": frozenset, "tuple": tuple, "str": str, DEQUE: deque}
        return {by_kind[content.kind]}
    plain = isinstance(content, DictObject) and isinstance(value, Ref) and value.object_id not in m.ordered_dicts
    return {dict} if plain else None  # others may be of a subclass


def _of_choice(m: Machine, value: Finite, name: str) -> Value:
    """The attribute of a carried entity that may be one of several, or none."""
    from wc_engine.compile.stage.lifting import lift

    for item in value.values:
        if isinstance(item, Entity) and name in dict(m.class_named(item.type).members):
            m.unsupported(f"the attribute {name!r} of the class of a carried entity")

    def read(item: object) -> object:
        if not isinstance(item, Entity):
            raise AttributeError(name)
        if name == "name" and name not in item:
            return item.type
        if name not in item and name not in ("x", "y"):
            raise AttributeError(name)
        return item.get(name)  # what is carried has no position

    result = lift(m, read, (value,))
    assert result is not None
    return result


def _open_carried(m: Machine, value: Value) -> None:
    """Where a value is what an entity of the state carries, start again with that entity and its load as objects."""
    if isinstance(value, Finite) and any(isinstance(item, Entity) for item in value.values):
        origin = m.origin_of(value.index)
        if origin is None:
            m.unsupported("a carried entity is changed")
        m.follow_one_by_one(origin[0], "a carried entity is changed")


def delete_attribute_of(m: Machine, value: Value, name: str) -> None:
    """``del value.name``."""
    if isinstance(value, Union):
        from wc_engine.compile.stage.values import NONE

        def each(option: Value) -> Value:
            delete_attribute_of(m, option, name)
            return NONE

        m.dispatch(value, each)
        return
    _open_carried(m, value)
    if not entities.is_entity(m, value) or is_special(name):
        if isinstance(value, (Const, Num)) and not is_special(name):
            m.raise_named("AttributeError")
        m.unsupported("this deletion is not translated yet")
    attribute_writes.delete_attribute(m, value, name)


def _has_documentation(value: Value) -> bool:
    """Whether a value is a function or class whose ``__doc__`` is what Python puts there."""
    if isinstance(value, UserClass):
        return value.lookup("__doc__") is None
    return isinstance(value, Closure) or (isinstance(value, ClassValue) and "__doc__" not in dict(value.members))


def set_attribute_of(m: Machine, value: Value, name: str, new: Value) -> None:
    """``value.name = new``."""
    if isinstance(value, Union):
        from wc_engine.compile.stage.values import NONE

        def each(option: Value) -> Value:
            set_attribute_of(m, option, name, new)
            return NONE

        m.dispatch(value, each)
        return
    if is_instance(m, value):
        set_instance_attribute(m, value, name, new)
        return
    _open_carried(m, value)
    if name == "__dict__" and entities.is_entity(m, value):
        replace_attributes(m, value, new)
        return
    if entities.is_entity(m, value) and not is_special(name):
        found = dict(m.class_named(entities.type_of(m, value)).members).get(name)
        if isinstance(found, Descriptor):
            m.unsupported(f"setting the attribute {name!r}, which the entity's class computes")
        attribute_writes.set_attribute(m, value, name, new)
        return
    if isinstance(value, Const) and not is_special(name) and not members_in(value):
        m.raise_named("AttributeError")
    if name == "__doc__" and _has_documentation(value):
        return  # no program that reads it is followed
    m.unsupported(f"setting the attribute {name!r} of this value")
