"""Instances of the program's own classes: making them, their attributes, and those of their classes.

An instance lies on the abstract heap (``InstanceObject``). One of a frozen dataclass becomes a ``Record`` as soon as it
is made, and a tuple of a class of the program is one from the beginning: these are values like tuples, which need no
memory and meet item by item.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage.entities import new_without_attributes
from wc_engine.compile.stage.heap_objects import InstanceObject
from wc_engine.compile.stage.queries import items_query, known_items
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Builtin,
    ClassValue,
    Closure,
    Conflict,
    Const,
    Descriptor,
    Finite,
    Partial,
    Record,
    Ref,
    SuperValue,
    TupleValue,
    Union,
    UserClass,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "OBJECTS",
    "bind",
    "class_attribute",
    "class_of_instance",
    "get_instance_attribute",
    "has_instance_attribute",
    "instantiate",
    "method_of",
    "named_tuple_base",
    "set_instance_attribute",
    "super_attribute",
]


def class_of_instance(m: Machine, value: Value) -> UserClass | None:
    """Return the class of an instance of a class of the program; None for any other value."""
    if isinstance(value, Record):
        return value.cls
    content = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    return content.cls if isinstance(content, InstanceObject) else None


def method_of(m: Machine, value: Value, name: str) -> Value | None:
    """Return what an operator calls: a special method of the class, bound; None where there is none."""
    cls = class_of_instance(m, value)
    found = None if cls is None else cls.lookup(name)
    return None if cls is None or found is None else bind(m, found, value, cls)


_METHODS = frozenset(
    [".replace", ".asdict", *(f"BaseException.{name}" for name in ("__init__", "__str__", "__repr__"))]
)


def _is_function(value: Value) -> bool:
    """Whether a member of a class becomes a method of its instances."""
    if isinstance(value, Partial) and value.function == Builtin(".cached"):
        return True
    return isinstance(value, Closure) or (isinstance(value, Builtin) and value.name in _METHODS)


def bind(m: Machine, found: Value, receiver: Value, cls: Value) -> Value:
    """Return a member of a class as an instance sees it.

    Args:
        found: the member.
        receiver: the instance, or ``NONE`` where the class itself is asked.
        cls: the class that is asked.
    """
    if isinstance(found, Descriptor):
        if found.kind == "staticmethod":
            return found.function
        if found.kind == "classmethod":
            return Partial(found.function, (cls,), ())
        if receiver == NONE:
            return found.function if found.kind == "abstract" else found
        if found.kind == "abstract":
            return bind(m, found.function, receiver, cls)
        if found.kind == "property":
            return m.call(found.function, (receiver,), {})
        m.unsupported(f"a {found.kind} is not translated yet")
    if receiver != NONE and _is_function(found):
        return Partial(found, (receiver,), ())
    if isinstance(found, Conflict):
        m.unsupported(f"an attribute that cannot be followed: {found.reason}")
    return found


# ---- making --------------------


def instantiate(m: Machine, cls: UserClass, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """``cls(*arguments, **keywords)``."""
    if cls.is_abstract and any(_is_abstract(cls, name) for base in cls.lineage for name in base.namespace):
        m.raise_named("TypeError")
    new, init = cls.lookup("__new__"), cls.lookup("__init__")
    is_exception = cls.lineage[-1] is m.exception_classes.get("BaseException")
    made: Value
    if new is not None:
        made = m.narrow(m.call(new, (cls, *arguments), keywords))
        if class_of_instance(m, made) is not cls:
            m.unsupported("__new__ that may make something else than an instance of its class")
    elif cls.is_tuple:
        if keywords or len(arguments) > 1:
            m.raise_named("TypeError")
        made = _new_tuple(m, cls, *arguments)
    else:
        if init is None and (arguments or keywords):
            m.raise_named("TypeError")
        made = m.new_object(InstanceObject(cls, (("args", TupleValue(arguments)),) if is_exception else ()))
    if init is not None and m.call(init, (made, *arguments), keywords) != NONE:
        m.unsupported("__init__ that returns something")
    return _as_record(m, made) if cls.by_value else made


def _is_abstract(cls: UserClass, name: str) -> bool:
    found = cls.lookup(name)
    return isinstance(found, Descriptor) and found.kind == "abstract"


def _as_record(m: Machine, made: Value) -> Value:
    """Return an instance that nothing will change as a value; what was made under way keeps the object, sealed."""
    content = m.object(made) if isinstance(made, Ref) else None
    if not isinstance(made, Ref) or not isinstance(content, InstanceObject):
        return made
    if any(value == UNBOUND or _may_be_unbound(value) for _, value in content.attributes):
        return made
    m.set_object(made, replace(content, sealed=True))
    return Record(
        content.cls, tuple(name for name, _ in content.attributes), tuple(value for _, value in content.attributes)
    )


def _may_be_unbound(value: Value) -> bool:
    return isinstance(value, Union) and UNBOUND in value.options


def _new_object(m: Machine, cls: Value, *arguments: Value, **keywords: Value) -> Value:
    """``object.__new__(cls)``"""
    if isinstance(cls, ClassValue):
        return new_without_attributes(m, cls)
    if not isinstance(cls, UserClass) or cls.is_tuple:
        m.unsupported("object.__new__ of this class")
    return m.new_object(InstanceObject(cls, ()))


def _new_tuple(m: Machine, cls: Value, items: Value | None = None) -> Value:
    """``tuple.__new__(cls, items)``"""
    if not isinstance(cls, UserClass) or not cls.is_tuple:
        m.unsupported("tuple.__new__ of this class")
    return Record(cls, (), () if items is None else tuple(m.known_elements(items)))


def _init_object(m: Machine, value: Value, *arguments: Value) -> Value:
    """``object.__init__(value)``"""
    if arguments:
        m.unsupported("arguments of object.__init__")
    return NONE


def _set_object(m: Machine, value: Value, name: Value, new: Value) -> Value:
    """``object.__setattr__(value, name, new)``"""
    if not isinstance(name, Const) or not isinstance(value, Ref) or class_of_instance(m, value) is None:
        m.unsupported("object.__setattr__ of this value")
    _store(m, value, str(name.value), new)
    return NONE


OBJECTS: dict[str, Callable[..., Value]] = {
    "object.__new__": _new_object,
    "object.__init__": _init_object,
    "object.__setattr__": _set_object,
    "tuple.__new__": _new_tuple,
}
"""Members of built-in classes that classes of the program build upon."""

# ---- attributes --------------------


def _own(m: Machine, value: Value, name: str) -> Value:
    """An instance's own attribute, ``UNBOUND`` where it has none."""
    if isinstance(value, Record):
        return dict(zip(value.names, value.items, strict=False)).get(name, UNBOUND)
    content = m.object(value) if isinstance(value, Ref) else None
    assert isinstance(content, InstanceObject)
    return dict(content.attributes).get(name, UNBOUND)


def get_instance_attribute(m: Machine, value: Value, name: str) -> Value:
    """Return ``value.name`` for an instance."""
    cls = class_of_instance(m, value)
    assert cls is not None
    found = cls.lookup(name)
    if isinstance(found, Descriptor) and found.kind == "property":
        if cls.lookup("__getattr__") is not None:
            m.unsupported("a property of a class with __getattr__")
        return bind(m, found, value, cls)
    own = _own(m, value, name)
    if own == UNBOUND:
        if found is not None:
            return bind(m, found, value, cls)
        other = cls.lookup("__getattr__")
        if other is not None:
            return m.call(bind(m, other, value, cls), (Const(name),), {})
        if name.startswith("__") and name.endswith("__"):
            m.unsupported(f"the attribute {name!r}")
        if (cls.is_tuple and hasattr(tuple, name)) or _is_of_exceptions(m, cls, name):
            m.unsupported(f"the attribute {name!r} of this value")
        m.raise_named("AttributeError")
    if _may_be_unbound(own) and (found is not None or cls.lookup("__getattr__") is not None):
        m.unsupported(f"the attribute {name!r}, which an instance has on some paths, and its class has too")
    if isinstance(own, Conflict):
        m.unsupported(f"an attribute that cannot be followed: {own.reason}")
    return m.bound(own, "AttributeError")


def _is_of_exceptions(m: Machine, cls: UserClass, name: str) -> bool:
    """Whether one of Python's own exception classes has an attribute that is not followed."""
    known = m.exception_classes.values()
    return any(base in known and hasattr(getattr(builtins, base.name, None), name) for base in cls.lineage)


def has_instance_attribute(m: Machine, value: Value, name: str) -> Value:
    """Return ``hasattr(value, name)`` for an instance."""
    cls = class_of_instance(m, value)
    assert cls is not None
    found = cls.lookup(name)
    if cls.lookup("__getattr__") is not None:
        m.unsupported("asking for an attribute that is computed")
    if isinstance(found, Descriptor) and found.kind == "property":
        told = m.trial(lambda: bind(m, found, value, cls))
        if told is None or told[2]:
            m.unsupported("asking for an attribute whose computation may raise, or changes something")
        return Const(True)
    if cls.lookup(name) is not None:
        return Const(True)
    own = _own(m, value, name)
    if _is_of_exceptions(m, cls, name):
        m.unsupported("asking for an attribute of an exception")
    if isinstance(own, Union):
        return Finite(own.tag, tuple(option != UNBOUND for option in own.options))
    return Const(own != UNBOUND or hasattr(tuple if cls.is_tuple else object, name))


def set_instance_attribute(m: Machine, value: Value, name: str, new: Value) -> None:
    """``value.name = new`` for an instance."""
    cls = class_of_instance(m, value)
    assert cls is not None
    frozen = [base for base in cls.lineage if base.frozen is not None]
    if any(base is cls or name in (base.frozen or ()) for base in frozen):
        m.raise_named("AttributeError")  # FrozenInstanceError is one
    hook = cls.lookup("__setattr__")
    if hook is not None:
        m.call(bind(m, hook, value, cls), (Const(name), new), {})
        return
    _store(m, value, name, new)


def _store(m: Machine, value: Value, name: str, new: Value) -> None:
    cls = class_of_instance(m, value)
    assert cls is not None
    found = cls.lookup(name)
    if isinstance(found, Descriptor) and found.kind == "property":
        if found.setter is None:
            m.raise_named("AttributeError")
        m.call(found.setter, (value, new), {})
        return
    if all(base.slots is not None for base in cls.lineage) and not any(
        name in (base.slots or ()) for base in cls.lineage
    ):
        m.raise_named("AttributeError")
    content = m.object(value) if isinstance(value, Ref) else None
    if not isinstance(value, Ref) or not isinstance(content, InstanceObject) or content.sealed:
        m.unsupported("an attribute of an instance that does not change is assigned")
    attributes = dict(content.attributes)
    attributes[name] = new
    m.set_object(value, replace(content, attributes=tuple(attributes.items())))


# ---- classes --------------------


def class_attribute(m: Machine, cls: UserClass, name: str) -> Value:
    """Return ``cls.name``."""
    found = cls.lookup(name)
    if found is not None:
        return bind(m, found, NONE, cls)
    if name == "__name__":
        return Const(cls.name)
    if name == "__subclasses__":
        return Partial(Builtin(".subclasses"), (cls,), ())
    if name.startswith("__") and name.endswith("__"):
        return _of_object(m, cls, name)
    if cls.is_tuple and hasattr(tuple, name):
        m.unsupported(f"the attribute {name!r} of a class")
    m.raise_named("AttributeError")


def _of_object(m: Machine, cls: UserClass, name: str) -> Value:
    """What a class has from ``object`` or ``tuple``."""
    builtin = f"{'tuple' if cls.is_tuple else 'object'}.{name}"
    if builtin not in OBJECTS:
        m.unsupported(f"the attribute {name!r} of a class")
    return Builtin(builtin)


def super_attribute(m: Machine, value: SuperValue, name: str) -> Value:
    """Return ``super().name``."""
    receiver = value.receiver
    cls = receiver if isinstance(receiver, UserClass) else class_of_instance(m, receiver)
    if cls is None or value.cls not in cls.lineage:
        m.unsupported("super() of this value")
    rest = cls.lineage[cls.lineage.index(value.cls) + 1 :]
    found = next((base.namespace[name] for base in rest if name in base.namespace), None)
    if found is None:
        member = _of_object(m, cls, name)
        return member if name == "__new__" else Partial(member, (receiver,), ())
    if isinstance(receiver, UserClass):
        return found if name == "__new__" else bind(m, found, NONE, receiver)
    return bind(m, found, receiver, cls)


# ---- named tuples --------------------


def _fields(m: Machine, cls: UserClass) -> tuple[str, ...]:
    fields = cls.lookup("_fields")
    if not isinstance(fields, Const):
        m.unsupported("this class of tuples")
    return tuple(fields.value)


def _replace(m: Machine, value: Value, **changes: Value) -> Value:
    """``value._replace(**changes)`` of a named tuple."""
    assert isinstance(value, Record)
    names = _fields(m, value.cls)
    if not changes.keys() <= set(names):
        m.raise_named("ValueError")
    return replace(value, items=tuple(changes.get(n, item) for n, item in zip(names, value.items, strict=True)))


def _asdict(m: Machine, value: Value) -> Value:
    """``value._asdict()`` of a named tuple."""
    from wc_engine.compile.stage.dicts import new_dict

    assert isinstance(value, Record)
    names = _fields(m, value.cls)
    return new_dict(m, [(Const(name), item) for name, item in zip(names, value.items, strict=True)])


def _make(m: Machine, cls: Value, iterable: Value) -> Value:
    """``cls._make(iterable)`` of a named tuple."""
    assert isinstance(cls, UserClass)
    items = known_items(m.iterable(iterable))
    if items is None:
        m.unsupported("a named tuple made of a collection whose length depends on the state")
    if len(items) != len(_fields(m, cls)):
        m.raise_named("TypeError")
    return Record(cls, (), items)


def _subclasses(m: Machine, cls: Value) -> Value:
    """``cls.__subclasses__()``"""
    from wc_engine.compile.stage.collections import new_list

    found = tuple(other for other in m.classes.values() if cls in other.bases)
    return new_list(m, items_query(found), "list", m.node)


OBJECTS |= {".subclasses": _subclasses, ".replace": _replace, ".asdict": _asdict, ".make": _make}


def named_tuple_base() -> UserClass:
    """Return the class that named tuples derive from."""
    node = ast.ClassDef("NamedTuple", [], [], [], [])
    namespace: dict[str, Value] = {
        "_replace": Builtin(".replace"),
        "_asdict": Builtin(".asdict"),
        "_make": Descriptor("classmethod", Builtin(".make")),
    }
    cls = UserClass(node, "NamedTuple", (), namespace, is_tuple=True, slots=frozenset())
    cls.lineage = (cls,)
    return cls
