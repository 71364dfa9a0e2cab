"""Classes: those of entities, which follow the prelude's, and all others of the program."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from wc_engine.compile.prelude import prelude_method
from wc_engine.compile.stage.enumerations import ENUM_BASES, define_enum
from wc_engine.compile.stage.functions import local_names
from wc_engine.compile.stage.hashes import compares_by_value
from wc_engine.compile.stage.objects import named_tuple_base
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Builtin,
    ClassValue,
    Closure,
    Conflict,
    Const,
    Descriptor,
    EnumClass,
    Frame,
    Record,
    Ref,
    TupleValue,
    UserClass,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["define_class"]


def define_class(m: Machine, node: ast.ClassDef, frame: Frame) -> Value:
    """Return the class that a definition makes."""
    if node.keywords:
        m.unsupported("options of a class are not translated yet", node)
    bases = [m.evaluate(base, frame) for base in node.bases]
    bases = [base for base in bases if base not in _PLAIN_BASES]
    methods = {item.name: prelude_method(item) for item in node.body if isinstance(item, ast.FunctionDef)}
    prelude = {name for name, known in methods.items() if known == name}
    value: Value
    if any(isinstance(base, EnumClass) or (isinstance(base, Builtin) and base.name in ENUM_BASES) for base in bases):
        namespace, own = _namespace(m, node, frame)
        value = define_enum(m, node, bases, namespace, own)
    elif any(isinstance(base, ClassValue) for base in bases):
        value = _entity_class(m, node, bases, frame)
    elif not bases and "__init__" in methods and {"__eq__", "__hash__"} <= prelude:
        members, init = _members_of_entities(m, node, frame, frozenset([*prelude, "__init__"]))
        value = ClassValue(node.name, (node.name,), members, None if "__init__" in prelude else init)
    else:
        value = _plain_class(m, node, bases, frame)
    for decorator in reversed(node.decorator_list):
        value = m.call(m.evaluate(decorator, frame), (value,), {})
    return value


_PLAIN_BASES = (Builtin("object"), Builtin("typing"))
"""Bases that change nothing."""
_UNTOUCHED = frozenset(["__doc__", "__module__", "__qualname__", "__annotations__", "__repr__", "__str__"])
"""What classes of entities may bind beside methods of their own: nothing here shows it."""


def _namespace(m: Machine, node: ast.ClassDef, frame: Frame) -> tuple[dict[str, Value], int]:
    """Run the body of a class; return what it binds, and the cell in which its methods see the class."""
    own = m.new_cell(UNBOUND)
    names = [name for name in local_names(ast.Module(node.body, [])) if name != "__class__"]
    methods = Frame({"__class__": own}, frame, "<methods>")
    scope = Frame({name: m.new_cell(UNBOUND) for name in names}, frame, "<class>", methods)
    m.execute(node.body, scope)
    values = {name: m.store.cells[cell] for name, cell in scope.cells.items()}
    return {name: value for name, value in values.items() if value != UNBOUND}, own


# ---- entities --------------------


def _entity_class(m: Machine, node: ast.ClassDef, bases: list[Value], frame: Frame) -> Value:
    base = bases[0]
    if len(bases) > 1 or not isinstance(base, ClassValue):
        m.unsupported("an entity class with several bases is not translated yet", node)
    members, _ = _members_of_entities(m, node, frame, frozenset())
    inherited = tuple((name, value) for name, value in base.members if name not in dict(members))
    return ClassValue(node.name, (node.name, *base.ancestors), members + inherited, base.init)


def _members_of_entities(
    m: Machine, node: ast.ClassDef, frame: Frame, prelude: frozenset[str]
) -> tuple[tuple[tuple[str, Value], ...], Closure | None]:
    """What a class of entities binds beside what the prelude's ``Entity`` does, and its ``__init__``."""
    namespace, own = _namespace(m, node, frame)
    result = []
    for name, value in namespace.items():
        if name in prelude or name in _UNTOUCHED:
            continue
        if (name.startswith("__") and name.endswith("__")) or name == "name" or not _is_plain_member(value):
            m.unsupported(f"an entity class that defines {name} is not translated yet", node)
        if isinstance(value, Descriptor) and any(name in kind.attribute_names for kind in m.schema.types):
            m.unsupported(f"an entity class that computes the attribute {name}", node)
        result.append((name, value))
    members = tuple(result)
    m.store.cells[own] = Conflict("the class of a method of an entity is not translated yet")
    init = namespace.get("__init__")
    return members, init if isinstance(init, Closure) else None


def _is_plain_member(value: Value) -> bool:
    return isinstance(value, (Closure, Const, Descriptor, Ref, TupleValue, Record))


# ---- other classes --------------------


def _plain_class(m: Machine, node: ast.ClassDef, bases: list[Value], frame: Frame) -> UserClass:
    if frame.parent is not None and frame.methods is None:
        m.unsupported("a class made in a function is not translated yet", node)
    namespace, own = _namespace(m, node, frame)
    for name in _REFUSED & namespace.keys():
        m.unsupported(f"a class with {name} is not translated yet", node)
    if "__eq__" in namespace and "__hash__" not in namespace:
        namespace["__hash__"] = NONE
    cls = UserClass(node, node.name, (), namespace)
    lines: list[list[UserClass]] = []
    for base in bases:
        if base in (Builtin("abc.ABC"), Builtin(".ABC")):
            cls.is_abstract = True
        elif base == Builtin("tuple"):
            cls.is_tuple = True
        elif base == Builtin(".NamedTuple"):
            lines.append(list(named_tuple_base().lineage))
        elif isinstance(base, UserClass):
            lines.append(list(base.lineage))
        else:
            m.unsupported("a class with this base is not translated yet", node)
    cls.bases = tuple(line[0] for line in lines)
    cls.lineage = (cls, *_merged(m, [*lines, [line[0] for line in lines]]))
    cls.is_abstract |= any(base.is_abstract for base in cls.lineage)
    cls.is_tuple |= any(base.is_tuple for base in cls.lineage)
    _read_options(m, cls)
    if cls.is_tuple and cls.lookup("__eq__") is not None:
        m.unsupported("a class of tuples with __eq__ is not translated yet", node)
    is_exception = cls.lineage[-1] is m.exception_classes.get("BaseException")
    if is_exception and (cls.is_tuple or cls.lookup("__eq__") is not None or cls.lookup("__setattr__") is not None):
        m.unsupported("a class of exceptions like this is not translated yet", node)
    cls.by_value = is_exception or (not cls.is_tuple and compares_by_value(cls))
    m.store.cells[own] = cls
    m.classes[node] = cls
    return cls


_REFUSED = frozenset(
    [
        *("__ne__", "__getattribute__", "__init_subclass__", "__class_getitem__", "__set_name__"),
        *("__get__", "__set__", "__instancecheck__", "__del__", "__next__"),
        *("__copy__", "__deepcopy__", "__format__", "__index__", "__int__"),
        *("__float__", "__round__", "__missing__", "__length_hint__", "__dict__"),
    ]
)
"""Special methods that are not called where Python calls them."""


def _merged(m: Machine, lines: list[list[UserClass]]) -> list[UserClass]:
    """Merge the orders of several bases as Python does for ``__mro__``."""
    result: list[UserClass] = []
    while lines := [line for line in lines if line]:
        first = next((line[0] for line in lines if not any(line[0] in other[1:] for other in lines)), None)
        if first is None:
            m.raise_named("TypeError")
        result.append(first)
        lines = [[item for item in line if item is not first] for line in lines]
    return result


def _read_options(m: Machine, cls: UserClass) -> None:
    """Note what the rewrite of a dataclass says by its methods, and the slots."""
    for item in cls.node.body:
        if not isinstance(item, ast.FunctionDef):
            continue
        mentioned = {inner.id for inner in ast.walk(item) if isinstance(inner, ast.Name)}
        if item.name == "__setattr__" and ".FrozenInstanceError" in mentioned:
            del cls.namespace["__setattr__"]
            cls.namespace.pop("__delattr__", None)
            cls.frozen = _frozen_names(item)
        if item.name == "__repr__" and ".enter_repr" in mentioned:
            cls.namespace["__repr__"] = Builtin(".repr")
    if cls.frozen is None and "__delattr__" in cls.namespace:
        m.unsupported("a class with __delattr__ is not translated yet", cls.node)
    if cls.frozen is None and cls.is_tuple is False and len(cls.lineage) > 1 and cls.lineage[1].frozen is not None:
        m.unsupported("a class derived from a frozen dataclass is not translated yet", cls.node)
    slots = cls.namespace.get("__slots__")
    if slots is not None:
        items = slots.value if isinstance(slots, Const) else None
        names = (items,) if isinstance(items, str) else items
        if not isinstance(names, tuple) or not all(isinstance(name, str) for name in names):
            m.unsupported("these __slots__ are not translated yet", cls.node)
        cls.slots = frozenset(names)


def _frozen_names(node: ast.FunctionDef) -> frozenset[str]:
    """The fields that the generated ``__setattr__`` of a frozen dataclass protects."""
    tuples = [inner for inner in ast.walk(node) if isinstance(inner, ast.Tuple)]
    return frozenset(str(item.value) for part in tuples for item in part.elts if isinstance(item, ast.Constant))
