"""``functools.lru_cache`` and ``wraps``: functions that remember what they returned, and that have another's name.

A cache is not kept: a function whose result depends on its arguments alone gives the same again. So it is refused where
that is not certain: it must be made at the top level, write nothing, and read nothing that changes. An object that it
returned may come out of the cache again, so nobody may change it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind
from wc_engine.compile.stage.heap_objects import DictObject, SeqObject
from wc_engine.compile.stage.queries import known_items
from wc_engine.compile.stage.values import (
    Builtin,
    Closure,
    Conflict,
    Const,
    Finite,
    Num,
    Partial,
    Record,
    Ref,
    Row,
    TupleValue,
    Union,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from wc_engine.compile.stage.machine import Machine

__all__ = ["CACHED_FUNCTIONS"]


def _renamed(m: Machine, function: Value, original: Value) -> Value:
    """Return a function under the name of another one."""
    if not isinstance(function, Closure) or not isinstance(original, Closure):
        m.unsupported("functools.wraps of this value")
    return replace(function, name=original.name)


def _refused(m: Machine, what: Value) -> Value:
    """Give up following a function of a guest module."""
    assert isinstance(what, Const)
    m.unsupported(str(what.value))


def _memoised(m: Machine, function: Value) -> Value:
    if not isinstance(function, Closure) or m.depth > _OWN_CALLS:
        m.unsupported("a cache of a function that is made by another one")
    return Partial(Builtin(".cached"), (function,), ())


_OWN_CALLS = 2
"""Calls that lie between a decorator at the top level and this: those of the guest module."""


def _call_cached(m: Machine, function: Value, *arguments: Value, **keywords: Value) -> Value:
    """Call a cached function, and make sure that its result is the same every time."""
    assert isinstance(function, Closure)
    positions: list[tuple[int | str, Value]] = [*enumerate(arguments), *keywords.items()]
    for place, argument in positions:
        _check_key(m, function, place, argument)
    if m.assigns_globals:
        m.unsupported("a cached function in a program that assigns global variables")
    newest, before, started = m.names, m.store.copy(), m.store.written()
    reads: set[tuple[object, ...]] = set()
    m.reads.append(reads)
    try:
        result = m.call(function, arguments, keywords)
    finally:
        m.reads.remove(reads)
    written = {key for key, clock in m.store.written().items() if started.get(key) != clock}
    if m.changed_cells(before) or any(not _is_new(key, newest) for key in written):
        m.unsupported("a cached function that changes something")
    for key in reads:
        if not _is_new(key, newest) and (key[0] != "heap" or m.store.last_write(key) > m.loaded_clock):
            m.unsupported("a cached function that reads what may change")
    _share(m, result)
    return result


def _is_new(key: tuple[object, ...], newest: int) -> bool:
    return key[0] == "heap" and isinstance(key[1], int) and key[1] > newest


def _check_key(m: Machine, function: Closure, place: int | str, argument: Value) -> None:
    """Refuse arguments that can be changed, and those of which another one may be equal: 1, 1.0 and True."""
    kinds = _kinds(argument)
    if kinds is None or "Entity" in kinds:
        m.unsupported("a cached function called with this argument")
    known = m.cached_kinds.setdefault((function.node, place), set())
    known |= kinds
    if len(known & {"int", "bool", "float"}) > 1:
        m.unsupported("a cached function called with numbers of several kinds")


_NAMES = {Kind.INT: "int", Kind.FLOAT: "float", Kind.BOOL: "bool"}


def _kinds(value: Value) -> set[str] | None:
    """The names of the types of a value that is a key by its value alone, and of what is in it; else None."""
    if isinstance(value, Num):
        return {_NAMES[value.kind]}
    if isinstance(value, (Const, Finite)):
        found: set[str] = set()
        for item in (value.value,) if isinstance(value, Const) else value.values:
            found |= _kinds_in(item)
        return found
    if isinstance(value, (TupleValue, Record)):
        parts = [_kinds(item) for item in value.items]
        return None if None in parts else set().union(*(part for part in parts if part is not None))
    if isinstance(value, Union):
        parts = [_kinds(option) for option in value.options]
        return None if None in parts else set().union(*(part for part in parts if part is not None))
    return None


def _kinds_in(item: object) -> set[str]:
    if isinstance(item, tuple):
        return set().union(*map(_kinds_in, item))
    return {type(item).__name__}


def _share(m: Machine, value: Value) -> None:
    """See to it that nobody changes what a cached function returned."""
    if isinstance(value, (TupleValue, Record)):
        for item in value.items:
            _share(m, item)
    elif isinstance(value, Union):
        for option in value.options:
            _share(m, option)
    elif isinstance(value, Ref):
        content = m.object(value)
        m.shared.add(value.object_id)
        if isinstance(content, DictObject):
            for _, item in content.items:
                _share(m, item)
        elif isinstance(content, SeqObject):
            items = known_items(content.content)
            if items is None:
                m.unsupported("a cached function that returns this")
            for item in items:
                _share(m, item)
        else:
            m.unsupported("a cached function that returns this")
    elif isinstance(value, (Row, Conflict)):
        m.unsupported("a cached function that returns this")


CACHED_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "_staged.renamed": _renamed,
    "_staged.memoised": _memoised,
    "_staged.refused": _refused,
    ".cached": _call_cached,
}
"""Functions by name; guest modules import the first three."""
