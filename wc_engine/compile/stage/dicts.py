"""Dicts: those whose keys are constants, which lie item by item; what else they do is in ``associations.py``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage import associations
from wc_engine.compile.stage.association_entries import entries_of
from wc_engine.compile.stage.attribute_writes import set_name
from wc_engine.compile.stage.entity_dicts import owner_of, refreshed
from wc_engine.compile.stage.equality import equal
from wc_engine.compile.stage.hashes import check_hash
from wc_engine.compile.stage.heap_objects import DEQUE, AssociationObject, DictObject, EntityObject, SeqObject
from wc_engine.compile.stage.lifting import constant_of
from wc_engine.compile.stage.memory_dicts import copy_in_memory, empty, note_dict, table_of_dict
from wc_engine.compile.stage.queries import known_items
from wc_engine.compile.stage.values import MISSING, NONE, Const, DictView, Finite, Ref, Union, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import Query

__all__ = ["clear", "copy", "dict_of_pairs", "get", "is_dict", "item", "new_dict", "pop", "put", "setdefault", "update"]


def is_dict(m: Machine, value: Value) -> bool:
    """Whether a value is a dict of any kind."""
    return isinstance(value, Ref) and isinstance(m.object(value), (DictObject, AssociationObject))


# ---- making --------------------


def new_dict(m: Machine, pairs: list[tuple[Value, Value]]) -> Ref:
    """Return a new dict of pairs in order; a later value of an equal key wins."""
    items: dict[object, tuple[Const, Value]] = {}
    for key, value in pairs:
        check_hashable(m, key)
        constant = constant_of(m, key)
        if constant is None:
            return note_dict(m, associations.of_pairs(m, pairs))
        old = items.get(constant.value)
        items[constant.value] = (old[0] if old else constant, value)
    return note_dict(m, m.new_object(DictObject(tuple(items.values()))))


def dict_of_pairs(m: Machine, query: Query) -> Ref:
    """Return a new dict of a query over pairs."""
    items = known_items(query)
    if items is None:
        return note_dict(m, associations.association_of(m, entries_of(m, query)))
    pairs = []
    for entry in items:
        key, value = m.known_elements(entry)
        pairs.append((key, value))
    return new_dict(m, pairs)


def copy(m: Machine, ref: Ref) -> Ref:
    """Return a shallow copy."""
    content = m.object(ref)
    if isinstance(content, AssociationObject):
        associations.observe(m, ref)
        if content.group:
            m.unsupported("a copy of a dict of groups")
    if table_of_dict(m, ref) is not None:
        return copy_in_memory(m, ref)
    return note_dict(m, m.new_object(content))


def _generalise(m: Machine, ref: Ref) -> None:
    """Put a dict into the form that takes any key."""
    if isinstance(m.object(ref), DictObject):
        associations.begin(m, ref, "")


# ---- reading --------------------


def item(m: Machine, ref: Ref, key: Value) -> Value:
    """``dict[key]``; raises KeyError where it is missing, or puts a default in its place."""
    if isinstance(m.object(ref), AssociationObject):
        return associations.read(m, ref, key)
    return get(m, ref, key, None)


def get(m: Machine, ref: Ref, key: Value, default: Value | None) -> Value:
    """Return the value of a key; ``default``, or KeyError, where it is missing."""
    if isinstance(key, Union):
        return m.dispatch(key, lambda option: get(m, ref, option, default))
    check_hashable(m, key)
    content = m.object(ref)
    if isinstance(content, AssociationObject):
        return associations.item_or(m, ref, key, default)
    assert isinstance(content, DictObject)
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
    check_hash(m, key)
    content = m.object(key) if isinstance(key, Ref) else None
    if is_dict(m, key) or (isinstance(content, SeqObject) and content.kind in ("list", "set", DEQUE)):
        m.raise_named("TypeError")


def _missing(m: Machine, default: Value | None) -> Value:
    if default is None:
        m.raise_named("KeyError")
    return default


def _get_by_choice(m: Machine, content: DictObject, key: Finite, default: Value | None) -> Value:
    """A key that is one of some constants: split by the value that each finds, or make a table of constants."""
    found: list[Value | None] = []
    for option in key.values:
        matches = [] if option is MISSING else [value for known, value in content.items if known.value == option]
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


# ---- changing --------------------


def put(m: Machine, ref: Ref, key: Value, value: Value) -> None:
    """``dict[key] = value``."""
    check_hashable(m, key)
    owner = owner_of(m, ref)
    if owner is not None:
        _set_attribute(m, ref, owner, key, value)
        return
    content = m.object(ref)
    constant = None if isinstance(content, AssociationObject) else constant_of(m, key)
    if constant is None or not isinstance(content, DictObject):
        _generalise(m, ref)
        associations.put(m, ref, key, value)
        return
    items = {known.value: (known, old) for known, old in content.items}
    old = items.get(constant.value)
    items[constant.value] = (old[0] if old else constant, value)
    m.set_object(ref, DictObject(tuple(items.values())))


def _set_attribute(m: Machine, ref: Ref, owner: Value, key: Value, value: Value) -> None:
    """``entity.__dict__[key] = value``."""
    from wc_engine.compile.stage.attributes import set_attribute_of

    content, name = m.object(ref), constant_of(m, key)
    assert isinstance(content, DictObject)
    made = isinstance(owner, Ref) and isinstance(m.object(owner), EntityObject)
    renamed = not made and name == Const("name") and value != get(m, ref, name, NONE)
    if name is None or not isinstance(name.value, str) or renamed:
        m.unsupported("this attribute is set through the dict of an entity")
    if name.value == "name" and isinstance(owner, Ref):
        set_name(m, owner, value)
    else:
        set_attribute_of(m, owner, name.value, value)
    items = dict(content.items) | {name: value}
    m.store.heap[ref.object_id] = DictObject(tuple(items.items()))
    refreshed(m, ref)


def setdefault(m: Machine, ref: Ref, key: Value, default: Value) -> Value:
    """``dict.setdefault``."""
    from wc_engine.compile.stage.equality import contains

    check_hashable(m, key)
    content = m.object(ref)
    if isinstance(content, AssociationObject) and content.group:
        m.unsupported("a default is set in a dict of groups")

    def missing() -> Value:
        put(m, ref, key, default)
        return default

    return m.branch(contains(m, ref, key), lambda: get(m, ref, key, None), missing)


def update(m: Machine, ref: Ref, value: Value) -> None:
    """``dict.update`` with a dict or pairs."""
    if isinstance(value, Union):
        m.dispatch(value, lambda option: _update(m, ref, option))
    else:
        _update(m, ref, value)


def _update(m: Machine, ref: Ref, value: Value) -> Value:
    pairs = m.iterable(DictView(value, "items") if isinstance(value, Ref) and is_dict(m, value) else value)
    known = known_items(pairs)
    if known is not None:
        for pair in known:
            first, second = m.known_elements(pair)
            put(m, ref, first, second)
        return NONE
    from wc_engine.compile.stage.collections import site_of
    from wc_engine.compile.stage.comprehensions import ComprehensionQuery
    from wc_engine.compile.stage.laziness import lazy

    content = m.object(ref)
    if isinstance(content, AssociationObject) and content.group:
        m.unsupported("a dict of groups is updated")
    _generalise(m, ref)
    if isinstance(pairs, ComprehensionQuery) and len(pairs.node.generators) == 1:
        made, _ = lazy(m, lambda part: replace(pairs, source=part), pairs.source, site_of(m.node))
    else:
        made, _ = lazy(m, lambda part: part, pairs, site_of(m.node))
    associations.extend(m, ref, made)
    return NONE


def clear(m: Machine, ref: Ref) -> None:
    """``dict.clear``."""
    content = m.object(ref)
    if isinstance(content, AssociationObject) and content.group:
        m.unsupported("a dict of groups is cleared")
    if table_of_dict(m, ref) is not None:
        empty(m, ref)
        return
    m.set_object(ref, DictObject(()))


def pop(m: Machine, ref: Ref, key: Value, default: Value | None) -> Value:
    """``dict.pop``; raises KeyError where the key is missing and there is no default."""
    check_hashable(m, key)
    content = m.object(ref)
    constant = constant_of(m, key)
    if constant is None or isinstance(content, AssociationObject):
        _generalise(m, ref)
        return associations.take_out(m, ref, key, default)
    assert isinstance(content, DictObject)
    value = get(m, ref, constant, default)
    m.set_object(ref, DictObject(tuple(entry for entry in content.items if entry[0].value != constant.value)))
    return value
