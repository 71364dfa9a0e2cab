"""``entity.__dict__`` and ``vars(entity)``: an entity's attributes as a dict."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wc_engine.compile.stage import entities
from wc_engine.compile.stage.attribute_writes import set_all_attributes
from wc_engine.compile.stage.heap_objects import DictObject, EntityObject
from wc_engine.compile.stage.values import MISSING, UNBOUND, Builtin, Const, Finite, Ref, Row, Union, Value
from wc_engine.state.entities import Entity

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["attributes_of", "class_of_choice", "owner_of", "refreshed", "replace_attributes"]

_Read = Callable[["Machine", Value, str], Value]


def attributes_of(m: Machine, value: Value, read: _Read) -> Value:
    """Return the dict of an entity's attributes, in the order in which they were set.

    The dict may be read as long as the entity does not change; what is put in it is put in the entity.

    Args:
        value: the entity.
        read: reads an attribute of one of several carried entities.
    """
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: attributes_of(m, option, read))
    if isinstance(value, Finite):
        return _by_kind(m, value, lambda kind: _of_choice(m, value, kind, read))
    if not entities.is_entity(m, value):
        m.unsupported("the attribute '__dict__' of this value")
    ref = m.new_object(_content(m, value))
    m.attribute_dicts[ref.object_id] = value
    refreshed(m, ref)
    return ref


def _content(m: Machine, value: Value) -> DictObject:
    names = entities.attribute_names(m, value)
    content = m.object(value) if isinstance(value, Ref) else None
    nameless = isinstance(content, EntityObject) and dict(content.attributes).get("name") == UNBOUND
    if "name" not in names and not nameless:
        names = ("name", *names)
    return DictObject(tuple((Const(name), entities.get_attribute(m, value, name)) for name in names))


def refreshed(m: Machine, ref: Ref) -> None:
    """Note that an attribute dict is as its entity is at this moment."""
    owner = m.attribute_dicts[ref.object_id]
    key: tuple[object, ...] = ("nothing",)
    if isinstance(owner, Row):
        key = (owner.world, owner.type_name)
    elif isinstance(owner, Ref):
        key = ("heap", owner.object_id)
    m.borrowed[ref.object_id] = (key, m.clock)


def owner_of(m: Machine, ref: Ref) -> Value | None:
    """Return the entity whose attributes a dict is, or None."""
    return m.attribute_dicts.get(ref.object_id)


def replace_attributes(m: Machine, value: Value, new: Value) -> None:
    """``entity.__dict__ = new`` for an entity that the program made."""
    content = m.object(new) if isinstance(new, Ref) else None
    known = m.object(value) if isinstance(value, Ref) else None
    if not isinstance(value, Ref) or not isinstance(known, EntityObject):
        m.unsupported("the dict of this entity is replaced")
    if not isinstance(new, Ref) or not isinstance(content, DictObject):
        m.unsupported("the dict of an entity is replaced with this value")
    names = [key.value for key, _ in content.items]
    if "name" not in names or not all(isinstance(name, str) for name in names):
        m.unsupported("an entity without a name")
    if owner_of(m, new) is not None:
        m.unsupported("two entities with one dict")
    set_all_attributes(m, value, {key.value: item for key, item in content.items})
    m.attribute_dicts[new.object_id] = value
    refreshed(m, new)


# ---- carried entities, of which there may be several --------------------


def _kind_of(item: object) -> tuple[str, tuple[str, ...]] | None:
    """The class and attribute names of an entity; None for what is none."""
    if not isinstance(item, Entity):
        return None
    names = tuple(item.attributes)
    return item.type, (*(n for n in ("x", "y") if n in names), *(n for n in names if n not in ("x", "y")))


def _by_kind(m: Machine, value: Finite, use: Callable[[tuple[str, tuple[str, ...]] | None], Value]) -> Value:
    """Apply ``use`` to each kind of entity that a choice can be."""
    allowed = sorted(m.allowed(value.index, len(value.values)))
    kinds = dict.fromkeys(_kind_of(value.values[place]) for place in allowed if value.values[place] is not MISSING)
    first = next(iter(kinds))
    if len(kinds) == 1:
        return use(first)
    is_first = tuple(MISSING if item is MISSING else _kind_of(item) == first for item in value.values)
    return m.branch(Finite(value.index, is_first), lambda: use(first), lambda: _by_kind(m, value, use))


def _of_choice(m: Machine, value: Finite, kind: tuple[str, tuple[str, ...]] | None, read: _Read) -> Value:
    if kind is None:
        m.raise_named("AttributeError")
    names = kind[1] if "name" in kind[1] else ("name", *kind[1])
    ref = m.new_object(DictObject(tuple((Const(name), read(m, value, name)) for name in names)))
    m.attribute_dicts[ref.object_id] = value
    refreshed(m, ref)
    return ref


def class_of_choice(m: Machine, value: Finite) -> Value:
    """Return the class of a carried entity."""

    def use(kind: tuple[str, tuple[str, ...]] | None) -> Value:
        if kind is not None:
            return m.class_named(kind[0])
        allowed = m.allowed(value.index, len(value.values))
        names = {type(value.values[place]).__name__ for place in allowed if not isinstance(value.values[place], Entity)}
        if len(names) > 1:
            m.unsupported("the type of this value")
        return Builtin(names.pop())

    return _by_kind(m, value, use)
