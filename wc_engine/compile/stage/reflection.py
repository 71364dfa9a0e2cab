"""Built-in functions that ask what a value is, and reach its attributes by name."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind
from wc_engine.compile.stage import entities
from wc_engine.compile.stage.attributes import (
    class_of,
    get_attribute_of,
    is_special,
    lacks_attributes,
    python_types,
    set_attribute_of,
)
from wc_engine.compile.stage.heap_objects import DEQUE, SeqObject
from wc_engine.compile.stage.lifting import constant_of, lift
from wc_engine.compile.stage.objects import class_of_instance, has_instance_attribute, method_of
from wc_engine.compile.stage.values import (
    NONE,
    Builtin,
    ClassValue,
    Closure,
    Const,
    Descriptor,
    EnumClass,
    Finite,
    Method,
    Num,
    Partial,
    QueryValue,
    Ref,
    TupleValue,
    Union,
    UserClass,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine


__all__ = ["REFLECTION"]


_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (int, bool, float, str, tuple, list, dict, set, frozenset, object, type(None), complex)
}
_TYPES[DEQUE] = deque
"""The built-in classes that instances are told by."""


def _isinstance(m: Machine, value: Value, classes: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _isinstance(m, option, classes))
    wanted = (
        m.known_elements(classes) if not isinstance(classes, (ClassValue, UserClass, EnumClass, Builtin)) else [classes]
    )
    names, reals = [], list[type]()
    cls = class_of_instance(m, value)
    for item in wanted:
        if isinstance(item, UserClass):
            if cls is not None and item in cls.lineage:
                return Const(True)
            continue
        if isinstance(item, EnumClass):
            reals.append(item.real)
            continue
        if not isinstance(item, (ClassValue, Builtin)) or (isinstance(item, Builtin) and item.name not in _TYPES):
            m.unsupported("isinstance with this class")
        names.append(item.name)
    if cls is not None:
        return Const("object" in names or (cls.is_tuple and "tuple" in names))
    if entities.is_entity(m, value):
        kind = m.class_named(entities.type_of(m, value))
        return Const(any(name in kind.ancestors or name == "object" for name in names))
    if isinstance(value, (Const, Finite)):
        known = (*reals, *(_TYPES[name] for name in names if name in _TYPES))
        from wc_engine.state.entities import Entity

        ancestors = set(names)
        return lift(
            m,
            lambda item: (
                bool(ancestors & set(m.class_named(item.type).ancestors))
                if isinstance(item, Entity)
                else isinstance(item, known)
            ),
            (value,),
        ) or m.unsupported("isinstance of this value")
    if isinstance(value, QueryValue) and value.kind == "range":
        m.unsupported("isinstance of a range")
    actual = _kind_of(m, value)
    return Const("object" in names or actual in names or (actual == "bool" and "int" in names))


def _kind_of(m: Machine, value: Value) -> str:
    if isinstance(value, Num):
        return {Kind.INT: "int", Kind.FLOAT: "float", Kind.BOOL: "bool"}[value.kind]
    if isinstance(value, TupleValue):
        return "tuple"
    if isinstance(value, Ref):
        content = m.object(value)
        if value.object_id in m.ordered_dicts:
            m.unsupported("the class of an OrderedDict")
        return content.kind if isinstance(content, SeqObject) else "dict"
    return "object"


def _type(m: Machine, value: Value) -> Value:
    plain = isinstance(value, Ref) and not entities.is_entity(m, value) and class_of_instance(m, value) is None
    if isinstance(value, Num) or plain:
        return Builtin(_kind_of(m, value))
    return class_of(m, value)


def _name_of(m: Machine, name: Value, then: Callable[[str], Value]) -> Value:
    """Apply ``then`` to an attribute name that may be chosen at run time."""
    constant = constant_of(m, name)
    if constant is not None:
        return then(str(constant.value))
    if not isinstance(name, Finite):
        m.unsupported("an attribute name that is computed")
    first = name.values[min(m.allowed(name.index, len(name.values)))]
    is_first = Finite(name.index, tuple(item == first for item in name.values))
    return m.branch(is_first, lambda: then(str(first)), lambda: _name_of(m, name, then))


def _getattr(m: Machine, value: Value, name: Value, default: Value | None = None) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _getattr(m, option, name, default))

    def read(attribute: str) -> Value:
        if default is None:
            return get_attribute_of(m, value, attribute)
        if entities.is_entity(m, value) and attribute == "name":
            return get_attribute_of(m, value, attribute)
        return m.branch(
            m.truth(_has(m, value, attribute)), lambda: get_attribute_of(m, value, attribute), lambda: default
        )

    return _name_of(m, name, read)


def _has(m: Machine, value: Value, attribute: str) -> Value:
    from wc_engine.state.entities import Entity

    if class_of_instance(m, value) is not None and not is_special(attribute):
        return has_instance_attribute(m, value, attribute)
    if is_special(attribute):
        m.unsupported(f"the attribute {attribute!r}")
    if entities.is_entity(m, value):
        member = dict(m.class_named(entities.type_of(m, value)).members).get(attribute)
        if isinstance(member, Descriptor):
            m.unsupported("asking for an attribute that is computed")
        return Const(True) if member is not None else entities.has_attribute(m, value, attribute)
    constants = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    for item in constants:
        if isinstance(item, Entity) and attribute in dict(m.class_named(item.type).members):
            m.unsupported("asking for an attribute of the class of a carried entity")
    lifted = lift(
        m,
        lambda item: (
            attribute in item or attribute in ("name", "x", "y")
            if isinstance(item, Entity)
            else hasattr(item, attribute)
        ),
        (value,),
    )
    if lifted is not None:
        return lifted
    kinds = python_types(m, value)
    if kinds is None:
        m.unsupported("the attributes of this value")
    return Const(any(hasattr(kind, attribute) for kind in kinds))


def _hasattr(m: Machine, value: Value, name: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _hasattr(m, option, name))
    return _name_of(m, name, lambda attribute: _has(m, value, attribute))


def _setattr(m: Machine, value: Value, name: Value, new: Value) -> Value:
    def write(attribute: str) -> Value:
        set_attribute_of(m, value, attribute, new)
        return NONE

    return _name_of(m, name, write)


def _callable(m: Machine, value: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _callable(m, option))
    if class_of_instance(m, value) is not None:
        return Const(method_of(m, value, "__call__") is not None)
    return Const(isinstance(value, (Closure, Builtin, ClassValue, UserClass, Method, Partial)))


def _vars(m: Machine, value: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _vars(m, option))
    if lacks_attributes(m, value):
        m.raise_named("TypeError")
    return get_attribute_of(m, value, "__dict__")


REFLECTION: dict[str, Callable[..., Value]] = {
    "isinstance": _isinstance,
    "type": _type,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "vars": _vars,
    "callable": _callable,
}
"""Functions by the name that programs know them by."""
