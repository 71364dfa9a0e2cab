"""Dicts whose keys are constants; looked up by constants, by finite choices, or by anything that can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.stage.equality import equal
from wc_engine.compile.stage.lifting import constant_of
from wc_engine.compile.stage.queries import known_items
from wc_engine.compile.stage.values import (
    MISSING,
    Const,
    DictObject,
    Finite,
    Ref,
    SeqObject,
    Union,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import Query

__all__ = ["dict_of_pairs", "get", "new_dict", "pop", "put"]


def new_dict(m: Machine, pairs: list[tuple[Value, Value]]) -> Ref:
    """Return a new dict of pairs in order; a later value of an equal key wins."""
    items: dict[object, tuple[Const, Value]] = {}
    for key, value in pairs:
        check_hashable(m, key)
        constant = constant_of(m, key)
        if constant is None:
            m.unsupported("a dict whose keys depend on the state is not translated yet")
        old = items.get(constant.value)
        items[constant.value] = (old[0] if old else constant, value)
    return m.new_object(DictObject(tuple(items.values())))


def dict_of_pairs(m: Machine, query: Query) -> Ref:
    """Return a new dict of a query over pairs."""
    items = known_items(query)
    if items is None:
        m.unsupported("a dict made of parts of the state is not translated yet")
    pairs = []
    for item in items:
        key, value = m.known_elements(item)
        pairs.append((key, value))
    return new_dict(m, pairs)


def get(m: Machine, content: DictObject, key: Value, default: Value | None = None) -> Value:
    """Return the value of a key; ``default``, or KeyError, where it is missing."""
    if isinstance(key, Union):
        return m.dispatch(key, lambda option: get(m, content, option, default))
    check_hashable(m, key)
    constant = constant_of(m, key)
    if constant is not None:
        for known, value in content.items:
            if known.value == constant.value:
                return value
        return _missing(m, default)
    if isinstance(key, Finite):
        return _get_by_choice(m, content, key, default)
    return _search(m, content, key, default, 0)


def check_hashable(m: Machine, key: Value) -> None:
    """Raise TypeError where a key cannot be hashed."""
    content = m.object(key) if isinstance(key, Ref) else None
    if isinstance(content, DictObject) or (isinstance(content, SeqObject) and content.kind in ("list", "set")):
        m.raise_named("TypeError")


def _missing(m: Machine, default: Value | None) -> Value:
    if default is None:
        m.raise_named("KeyError")
    return default


def _get_by_choice(m: Machine, content: DictObject, key: Finite, default: Value | None) -> Value:
    """A key that is one of some constants: split by the value that each finds, or make a table of constants."""
    found: list[Value | None] = []
    for item in key.values:
        matches = [] if item is MISSING else [value for known, value in content.items if known.value == item]
        found.append(matches[0] if matches else None)
    allowed = sorted(m.allowed(key.index, len(key.values)))
    if any(found[place] is None for place in allowed):
        there = Finite(key.index, tuple(value is not None for value in found))
        return (
            m.branch(there, lambda: _get_by_choice(m, content, key, default), lambda: _missing(m, default))
            if any(found[place] is not None for place in allowed)
            else _missing(m, default)
        )
    values = {place: value for place in allowed if (value := found[place]) is not None}
    if all(isinstance(value, Const) for value in values.values()):
        table = [values[place].value if place in values else MISSING for place in range(len(found))]  # type: ignore[union-attr]
        return Finite(key.index, tuple(table))
    first = values[allowed[0]]
    if all(value == first for value in values.values()):
        return first
    same = Finite(key.index, tuple(place in values and values[place] == first for place in range(len(found))))
    return m.branch(same, lambda: first, lambda: _get_by_choice(m, content, key, default))


def _search(m: Machine, content: DictObject, key: Value, default: Value | None, place: int) -> Value:
    if place == len(content.items):
        return _missing(m, default)
    known, value = content.items[place]
    return m.branch(equal(m, key, known), lambda: value, lambda: _search(m, content, key, default, place + 1))


def put(m: Machine, ref: Ref, key: Value, value: Value) -> None:
    """``dict[key] = value``."""
    content = m.object(ref)
    assert isinstance(content, DictObject)
    constant = constant_of(m, key)
    if constant is None:
        m.unsupported("a dict key that depends on the state is assigned")
    pairs: list[tuple[Value, Value]] = [(known, item) for known, item in content.items]
    fresh = new_dict(m, [*pairs, (constant, value)])
    m.set_object(ref, m.object(fresh))


def pop(m: Machine, ref: Ref, key: Value, default: Value | None) -> Value:
    """``dict.pop``."""
    content = m.object(ref)
    assert isinstance(content, DictObject)
    constant = constant_of(m, key)
    if constant is None:
        m.unsupported("a dict key that depends on the state is removed")
    value = get(m, content, constant, default)
    m.set_object(ref, DictObject(tuple(item for item in content.items if item[0].value != constant.value)))
    return value
