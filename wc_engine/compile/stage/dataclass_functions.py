"""``dataclasses.replace``, ``asdict`` and ``astuple``: instances that rewriting has made plain classes of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wc_engine.compile.stage.dicts import new_dict
from wc_engine.compile.stage.heap_objects import DictObject
from wc_engine.compile.stage.objects import class_of_instance, get_instance_attribute, instantiate
from wc_engine.compile.stage.values import Closure, Const, Finite, Num, Ref, TupleValue, Union, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["DATACLASS_FUNCTIONS"]


def _fields_of(m: Machine, value: Value) -> tuple[str, ...] | None:
    """The names of the fields of a dataclass's instance; None for any other value."""
    cls = class_of_instance(m, value)
    table = None if cls is None else cls.lookup("__dataclass_fields__")
    content = m.object(table) if isinstance(table, Ref) else None
    return tuple(str(key.value) for key, _ in content.items) if isinstance(content, DictObject) else None


def _replace(m: Machine, value: Value, **changes: Value) -> Value:
    """``dataclasses.replace``: another instance, made by a call of the class."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _replace(m, option, **changes))
    names, cls = _fields_of(m, value), class_of_instance(m, value)
    init = None if cls is None else cls.lookup("__init__")
    if names is None or cls is None or not isinstance(init, Closure):
        m.unsupported("dataclasses.replace of this value")
    spec = init.node.args
    parameters = {argument.arg for argument in (*spec.args[1:], *spec.kwonlyargs) if not argument.arg.startswith(".")}
    if parameters != set(names):
        m.unsupported("dataclasses.replace where not all fields, or other things, are arguments of the class")
    given = {name: changes[name] if name in changes else get_instance_attribute(m, value, name) for name in names}
    return instantiate(m, cls, (), given | changes)


def _inside(m: Machine, value: Value, convert: Callable[[Machine, Value], Value]) -> Value:
    """What ``asdict`` and ``astuple`` make of a field's value."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _inside(m, option, convert))
    if _fields_of(m, value) is not None:
        return convert(m, value)
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_inside(m, item, convert) for item in value.items))
    if not isinstance(value, (Const, Num, Finite)):
        m.unsupported("a dataclass's field that is no number, text or tuple as part of a dict or tuple")
    return value


def _asdict(m: Machine, value: Value) -> Value:
    names = _fields_of(m, value)
    if names is None:
        m.unsupported("dataclasses.asdict of this value")
    return new_dict(m, [(Const(name), _inside(m, get_instance_attribute(m, value, name), _asdict)) for name in names])


def _astuple(m: Machine, value: Value) -> Value:
    names = _fields_of(m, value)
    if names is None:
        m.unsupported("dataclasses.astuple of this value")
    return TupleValue(tuple(_inside(m, get_instance_attribute(m, value, name), _astuple) for name in names))


DATACLASS_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "dataclasses.replace": _replace,
    "dataclasses.asdict": _asdict,
    "dataclasses.astuple": _astuple,
}
"""Functions by name."""
