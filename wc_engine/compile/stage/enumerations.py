"""Enumerations: a real one is made when compiling, of the constants in the body of the program's class.

Its members are constants like any other, so what depends on one of them becomes a table, and ``.value``, ``.name``,
``Color(value)``, order and arithmetic are what Python says of them. Methods and properties stay the program's, and are
followed.
"""

from __future__ import annotations

import ast
import enum
from collections import namedtuple
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wc_engine.compile.ir import Kind, Lit, Op
from wc_engine.compile.stage.heap_objects import InstanceObject
from wc_engine.compile.stage.lifting import constant_of, lift
from wc_engine.compile.stage.logic import both
from wc_engine.compile.stage.objects import bind
from wc_engine.compile.stage.operators import as_int, as_number
from wc_engine.compile.stage.paths import PathEnded
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    Builtin,
    Closure,
    Const,
    Descriptor,
    EnumClass,
    Finite,
    Record,
    TupleValue,
    Union,
    UserClass,
    Value,
    boolean,
)
from wc_engine.models.objects import PROGRAM_MODULE

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "ENUMERATIONS",
    "ENUM_BASES",
    "attribute_of_member",
    "define_enum",
    "enum_attribute",
    "look_up",
    "members_in",
]

ENUM_BASES: dict[str, type] = {
    f"enum.{name}": getattr(enum, name) for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")
}
"""The classes that enumerations derive from."""

_DATA: dict[str, type] = {"int": int, "str": str, "float": float}
_WIDEST = 64
"""Values of a number of the state that a member is looked up by."""


def members_in(value: Value) -> list[enum.Enum]:
    """Return the members of enumerations among the constants that a value can be."""
    constants = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    return [item for item in constants if isinstance(item, enum.Enum)]


# ---- the class --------------------


def define_enum(m: Machine, node: ast.ClassDef, bases: list[Value], namespace: dict[str, Value], own: int) -> EnumClass:
    """Return the enumeration that a class statement makes."""
    real = [_real_base(base) for base in bases]
    known = [base for base in real if base is not None]
    if len(known) < len(real):
        m.unsupported("an enumeration with this base is not translated yet", node)
    constants, members = _parted(m, node, namespace)
    tuples = {namespace[name].cls for name in constants if isinstance(namespace[name], Record)}  # type: ignore[union-attr]
    if tuples and (len(tuples) > 1 or not all(isinstance(namespace[name], Record) for name in constants)):
        m.unsupported("an enumeration with values of several kinds", node)
    inherited = {name: item for base in bases if isinstance(base, EnumClass) for name, item in base.members.items()}
    cls = EnumClass(node.name, _made(m, node, tuple(known), constants), inherited | members, next(iter(tuples), None))
    m.enum_classes[cls.real] = cls
    m.store.cells[own] = cls
    _initialise(m, node, cls)
    _describe(m, node, cls)
    return cls


def _real_base(base: Value) -> type | None:
    if isinstance(base, EnumClass):
        return base.real
    return ENUM_BASES.get(base.name, _DATA.get(base.name)) if isinstance(base, Builtin) else None


def _parted(m: Machine, node: ast.ClassDef, namespace: dict[str, Value]) -> tuple[dict[str, Any], dict[str, Value]]:
    """The constants in the body of an enumeration, in their order, and its methods."""
    constants: dict[str, Any] = {}
    members: dict[str, Value] = {}
    for name in _names_in_order(m, node):
        value = namespace.get(name)
        if name in ("__doc__", "__module__", "__qualname__", "__annotations__") or value is None:
            continue
        constant = _named_tuple(m, value) if isinstance(value, Record) else constant_of(m, value)
        if constant is not None and not (name.startswith("__") or name == "_ignore_"):
            constants[name] = constant.value
        elif isinstance(value, (Closure, Descriptor)) and (not name.startswith("_") or name in _FOLLOWED):
            if isinstance(value, Closure) and value.node not in node.body:
                m.unsupported(f"the function {name} in an enumeration", node)
            members[name] = value
        else:
            m.unsupported(f"{name} in an enumeration", node)
    return constants, members


def _named_tuple(m: Machine, value: Record) -> Const | None:
    """Return a real named tuple for one of the program's, which a real enumeration can have as a value."""
    items = [constant_of(m, item) for item in value.items]
    fields = constant_of(m, value.cls.lookup("_fields") or NONE)
    own = any(
        value.cls.lookup(name) is not None for name in ("__repr__", "__str__", "__eq__", "__hash__", "__format__")
    )
    if not value.cls.is_tuple or own or fields is None or not isinstance(fields.value, tuple) or None in items:
        return None
    real = namedtuple(value.cls.name, fields.value)  # type: ignore[misc]
    return Const(real(*(item.value for item in items if item is not None)))


_FOLLOWED = frozenset(["__init__", "__str__", "__repr__"])


def _names_in_order(m: Machine, node: ast.ClassDef) -> list[str]:
    names: dict[str, None] = {}
    for item in node.body:
        if isinstance(item, ast.FunctionDef):
            names[item.name] = None
        elif isinstance(item, (ast.Assign, ast.AnnAssign)):
            for target in item.targets if isinstance(item, ast.Assign) else [item.target]:
                names |= {part.id: None for part in ast.walk(target) if isinstance(part, ast.Name)}
        elif not isinstance(item, (ast.Pass, ast.Expr)):
            m.unsupported("this statement in an enumeration", item)
    return list(names)


def _made(m: Machine, node: ast.ClassDef, bases: tuple[type, ...], constants: dict[str, Any]) -> type[enum.Enum]:
    try:
        namespace = enum.EnumMeta.__prepare__(node.name, bases)
        namespace["__module__"] = PROGRAM_MODULE
        namespace["__qualname__"] = node.name
        for name, value in constants.items():
            namespace[name] = value
        made: type[enum.Enum] = type.__call__(enum.EnumMeta, node.name, bases, namespace)
        return made
    except Exception as error:
        m.unsupported(f"an enumeration that cannot be made: {error}", node)


def _initialise(m: Machine, node: ast.ClassDef, cls: EnumClass) -> None:
    """Run ``__init__`` of every member; what it leaves there are attributes of the real member."""
    init = cls.members.get("__init__")
    if init is None:
        return
    if cls.values is not None:
        m.unsupported("the __init__ of an enumeration of named tuples", node)
    stand_in = UserClass(node, node.name, (), {})
    stand_in.lineage = (stand_in,)
    for member in cls.real.__members__.values():
        first = {"_name_": member._name_, "_value_": member._value_, "name": member._name_, "value": member._value_}
        made = m.new_object(InstanceObject(stand_in, tuple((name, Const(value)) for name, value in first.items())))
        values = member._value_ if isinstance(member._value_, tuple) else (member._value_,)
        m.call(init, (made, *map(Const, values)), {})
        content = m.object(made)
        assert isinstance(content, InstanceObject)
        for name, value in content.attributes:
            constant = constant_of(m, value)
            if constant is None or (name in first and constant != Const(first[name])):
                m.unsupported(f"the attribute {name} of the members of an enumeration", node)
            if name not in first:
                setattr(member, name, constant.value)


def _describe(m: Machine, node: ast.ClassDef, cls: EnumClass) -> None:
    """Give the real class the texts that the program's methods make of its members."""
    for name in ("__str__", "__repr__"):
        method = cls.members.get(name)
        if method is None:
            continue
        texts: dict[str, str] = {}
        for member in cls.real.__members__.values():
            try:
                text = constant_of(m, m.call(method, (Const(member),), {}))
            except PathEnded:
                text = None
            if text is None or type(text.value) is not str:
                m.unsupported(f"{name} of an enumeration", node)
            texts[member._name_] = text.value
        setattr(cls.real, name, lambda member, texts=texts: texts[member._name_])


# ---- what programs ask of it --------------------


def enum_attribute(m: Machine, cls: EnumClass, name: str) -> Value:
    """Return ``cls.name``."""
    from wc_engine.compile.stage.dicts import new_dict

    if name in cls.real.__members__:
        return Const(cls.real.__members__[name])
    if name in cls.members:
        return bind(m, cls.members[name], NONE, cls)
    if name == "__members__":
        return new_dict(m, [(Const(key), Const(member)) for key, member in cls.real.__members__.items()])
    if name == "__name__":
        return Const(cls.name)
    m.unsupported(f"the attribute {name!r} of an enumeration")


def attribute_of_member(m: Machine, value: Value, name: str) -> Value | None:
    """Return ``value.name`` of a member, or one of several; None where it is what the constant itself has."""
    if isinstance(value, Finite):
        allowed = m.allowed(value.index, len(value.values))
        live = [value.values[place] for place in sorted(allowed) if value.values[place] is not MISSING]
    else:
        assert isinstance(value, Const)
        live = [value.value]
    classes = list(dict.fromkeys(type(item) for item in live))
    if len(classes) > 1:
        assert isinstance(value, Finite)
        first = tuple(item if type(item) is classes[0] else MISSING for item in value.values)
        others = tuple(MISSING if type(item) is classes[0] else item for item in value.values)
        return m.branch(
            Finite(value.index, tuple(type(item) is classes[0] for item in value.values)),
            lambda: m.get_attribute(Finite(value.index, first), name),
            lambda: m.get_attribute(Finite(value.index, others), name),
        )
    cls = m.enum_classes.get(classes[0]) if classes else None
    if cls is None:
        return None
    found = cls.members.get(name)
    if found is not None and name not in _FOLLOWED:
        return bind(m, found, value, cls)
    if cls.values is not None and name in ("value", "_value_"):
        return _value_of_member(m, cls.values, value, live[0])
    if name in ("name", "value", "_name_", "_value_") or all(name in vars(item) for item in live):
        return lift(m, lambda item: getattr(item, name), (value,))
    if name in cls.real.__members__ or (hasattr(cls.real, name) and not hasattr(str, name)):
        m.unsupported(f"the attribute {name!r} of a member of an enumeration")
    return None


def _value_of_member(m: Machine, cls: UserClass, value: Value, first: enum.Enum) -> Value:
    """Return the named tuple that is the value of a member, or of one of several."""
    items = [
        lift(m, lambda member, place=place: member._value_[place], (value,)) for place in range(len(first._value_))
    ]
    known = tuple(item for item in items if item is not None)
    return Record(cls, (), known) if len(known) == len(items) else m.unsupported("the value of a member")


def member_named(m: Machine, cls: EnumClass, name: Value | slice) -> Value:
    """``cls[name]``; raises KeyError where no member has the name."""
    found = None if isinstance(name, slice) else lift(m, lambda key: cls.real[key], (name,))
    return m.unsupported("a member of an enumeration by this name") if found is None else found


def look_up(m: Machine, cls: EnumClass, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """``cls(value)``: the member of a value; raises ValueError where there is none."""
    if len(arguments) != 1 or keywords:
        m.unsupported("an enumeration called with these arguments")
    if isinstance(arguments[0], Union):
        return m.dispatch(arguments[0], lambda option: look_up(m, cls, (option,), {}))
    if isinstance(arguments[0], Record) and arguments[0].cls.is_tuple:
        return look_up(m, cls, (TupleValue(arguments[0].items),), {})  # equal, and hashed alike
    found = lift(m, cls.real, arguments)
    if found is not None:
        return found
    number = as_number(m, arguments[0])
    values = [member._value_ for member in cls.real]
    if number is None or number.kind is Kind.FLOAT or not all(type(value) is int for value in values):
        m.unsupported("a member of an enumeration looked up by this value")
    number = as_int(number)
    low, high = min(values), max(values)
    if high - low > _WIDEST or issubclass(cls.real, enum.Flag):
        m.unsupported("a member of an enumeration looked up by this value")
    above = boolean(Op("ge", (number.expr, Lit(low, Kind.INT)), Kind.BOOL))
    below = boolean(Op("le", (number.expr, Lit(high, Kind.INT)), Kind.BOOL))
    m.require(both(m, above, below), "ValueError")
    place = m.temp(Op("sub", (number.expr, Lit(low, Kind.INT)), Kind.INT))
    here = lift(m, cls.real, (Finite(place, tuple(range(low, high + 1))),))
    assert here is not None
    return here


def _auto(m: Machine) -> Value:
    return Const(enum.auto())


def _unique(m: Machine, cls: Value) -> Value:
    assert isinstance(cls, EnumClass)
    if len(cls.real.__members__) != len({id(member) for member in cls.real.__members__.values()}):
        m.raise_named("ValueError")
    return cls


ENUMERATIONS: dict[str, Callable[..., Value]] = {"enum.auto": _auto, "enum.unique": _unique}
"""Functions by name."""
