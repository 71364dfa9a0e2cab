"""Methods of dicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wc_engine.compile.stage import dicts
from wc_engine.compile.stage.values import (
    NONE,
    DictView,
    Ref,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["DICT_METHODS"]

Arguments = tuple[Value, ...]


def _get(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return dicts.get(m, ref, arguments[0], arguments[1] if len(arguments) > 1 else NONE)


def _setdefault(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return dicts.setdefault(m, ref, arguments[0], arguments[1] if len(arguments) > 1 else NONE)


def _dict_update(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    for argument in arguments:
        dicts.update(m, ref, argument)
    return NONE


def _dict_copy(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return dicts.copy(m, ref)


def _dict_clear(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    dicts.clear(m, ref)
    return NONE


def _keys(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return DictView(ref, "keys")


def _values(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return DictView(ref, "values")


def _items(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return DictView(ref, "items")


def _dict_pop(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return dicts.pop(m, ref, arguments[0], arguments[1] if len(arguments) > 1 else None)


DICT_METHODS: dict[str, Callable[[Machine, Ref, Arguments], Value]] = {
    "get": _get,
    "setdefault": _setdefault,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "pop": _dict_pop,
    "update": _dict_update,
    "copy": _dict_copy,
    "clear": _dict_clear,
}
