"""Entities and states: immutable values in canonical form.

A state is compared as a multiset. Canonical order is by type name, then attributes by name, where values order as
None < bool < int < float < str < tuple < entity. Two states are equal when their canonical forms are, so ``True``
differs from ``1``, and an absent attribute from None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias, Union

__all__ = ["Entity", "State", "Value", "canonical_key", "canonical_value"]

Value: TypeAlias = Union[None, bool, int, float, str, "tuple[Value, ...]", "Entity"]

_RANK_NONE, _RANK_BOOL, _RANK_INT, _RANK_FLOAT, _RANK_STR, _RANK_TUPLE, _RANK_ENTITY = range(7)
_POSITION = ("x", "y")


def canonical_key(value: Value) -> tuple[object, ...]:
    """Return a sort key under which two values are equal exactly when they are the same value.

    Keys of values of different kinds compare by the rank of the kind, so any two keys can be ordered.

    Raises:
        TypeError: ``value`` is nothing that a state can hold.
    """
    if value is None:
        return (_RANK_NONE,)
    kind = type(value)
    if kind is bool:
        return (_RANK_BOOL, value)
    if kind is int:
        return (_RANK_INT, value)
    if kind is float:
        # NaN equals nothing, itself included: give it one place, so that canonical order stays an order.
        return (_RANK_FLOAT, value == value, value if value == value else 0.0)
    if kind is str:
        return (_RANK_STR, value)
    if kind is tuple:
        return (_RANK_TUPLE, tuple(canonical_key(item) for item in value))  # type: ignore[union-attr]
    if isinstance(value, Entity):
        return (_RANK_ENTITY, value.key)
    raise TypeError(f"a state cannot hold a value of type {kind.__name__}: {value!r}")


def canonical_value(value: object) -> Value:
    """Return ``value`` as a state holds it: lists become tuples, and an entity loses its position.

    Raises:
        TypeError: ``value`` is nothing that a state can hold.
    """
    if value is None or type(value) in (bool, int, float, str):
        return value  # type: ignore[return-value]
    if isinstance(value, (tuple, list)):
        return tuple(canonical_value(item) for item in value)
    if isinstance(value, Entity):
        return value.without_position()
    for base in (bool, int, float, str):
        if isinstance(value, base):  # a subclass, such as an IntEnum member
            return base(value)
    raise TypeError(f"a state cannot hold a value of type {type(value).__name__}")


class Entity:
    """One object of the world: a type name and attributes, immutable.

    Args:
        type_name: the type, ``"Player"`` for example; the name of the class that programs see.
        attributes: values by name. Lists become tuples; an entity inside (what an agent carries) loses ``x`` and ``y``.

    Raises:
        TypeError: a value is nothing that a state can hold.
    """

    __slots__ = ("_attributes", "_hash", "key", "type")

    type: str
    key: tuple[object, ...]

    def __init__(self, type_name: str, attributes: Mapping[str, object] | None = None, /, **more: object) -> None:
        values = {**(attributes or {}), **more}
        self.type = type_name
        self._attributes: dict[str, Value] = {name: canonical_value(values[name]) for name in sorted(values)}
        self.key = (type_name, tuple((name, canonical_key(value)) for name, value in self._attributes.items()))
        self._hash = hash(self.key)

    @property
    def attributes(self) -> dict[str, Value]:
        """A copy of the attributes, in order of name."""
        return dict(self._attributes)

    def __getitem__(self, name: str) -> Value:
        return self._attributes[name]

    def __contains__(self, name: object) -> bool:
        return name in self._attributes

    def get(self, name: str, default: Value = None) -> Value:
        """Return the attribute ``name``, or ``default`` where it is absent."""
        return self._attributes.get(name, default)

    def replace(self, **changes: object) -> Entity:
        """Return a copy with some attributes changed or added."""
        return Entity(self.type, {**self._attributes, **changes})

    def without_position(self) -> Entity:
        """Return the entity without ``x`` and ``y``, as it is when another one carries it."""
        if "x" not in self._attributes and "y" not in self._attributes:
            return self
        return Entity(self.type, {name: value for name, value in self._attributes.items() if name not in _POSITION})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entity):
            return NotImplemented
        return self._hash == other._hash and self.key == other.key

    def __hash__(self) -> int:
        return self._hash

    def __lt__(self, other: Entity) -> bool:
        return self.key < other.key

    def __reduce__(self) -> tuple[object, ...]:
        return (Entity, (self.type, self._attributes))

    def __repr__(self) -> str:
        rest = [f"{name}={value!r}" for name, value in self._attributes.items() if name not in _POSITION]
        place = [repr(self._attributes[name]) for name in _POSITION if name in self._attributes]
        return f"{self.type}({', '.join(place + rest)})"


class State:
    """An unordered collection of entities in canonical order; immutable, hashable, compared as a multiset.

    Args:
        entities: the entities, in any order; equal ones are kept.
    """

    __slots__ = ("__dict__", "entities")

    entities: tuple[Entity, ...]

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        self.entities = tuple(sorted(entities, key=lambda entity: entity.key))

    @cached_property
    def _hash(self) -> int:
        return hash(self.entities)

    def of_type(self, type_name: str) -> list[Entity]:
        """Return the entities of one type, in canonical order."""
        return [entity for entity in self.entities if entity.type == type_name]

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.entities)

    def __len__(self) -> int:
        return len(self.entities)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return self.entities == other.entities

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[object, ...]:
        return (State, (self.entities,))

    def __repr__(self) -> str:
        return f"State([{', '.join(map(repr, self.entities))}])"
