"""Packing many states at once, a microsecond each: what ``packing.Layout`` does, for lists of states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wc_engine.errors import EncodingError
from wc_engine.state._core.packer import StatePacker
from wc_engine.state.entities import Entity, State
from wc_engine.state.packing import Layout, row_format
from wc_engine.state.schema import Schema

__all__ = ["BulkPacker", "EntityNumbers", "Survey", "number_entities"]

_STATIC = -1
_STRANGE = (-2, 0)
_MAX_ENTITIES = 1 << 20


class Survey(NamedTuple):
    """What states need.

    Attributes:
        groups: states with equal static entities have equal groups, numbered from 0 over all surveys of a packer; -1
            where an entity does not fit the schema. Shape ``[B]``, int32.
        rows: the most entities of each dynamic type that any state has.
    """

    groups: NDArray[np.int32]
    rows: dict[str, int]


class EntityNumbers(NamedTuple):
    """The entities of states as numbers.

    Attributes:
        numbers: those of all entities, state by state, in canonical order. Shape ``[E]``, uint32.
        ends: those of state ``i`` lie from ``ends[i]`` to ``ends[i + 1]``. Shape ``[B + 1]``, int64.
        fits: whether every entity of a state has a number. Shape ``[B]``, bool.
        entities: an entity for each number that occurs.
    """

    numbers: NDArray[np.uint32]
    ends: NDArray[np.int64]
    fits: NDArray[np.bool_]
    entities: dict[int, Entity]


def number_entities(states: Sequence[State], number: Callable[[Entity], int]) -> EntityNumbers:
    """Number the entities of many states.

    Args:
        states: the states.
        number: returns an entity's number, 1 to 2^32 - 1; it is asked once for most entities that states share. It
            raises ``EncodingError`` for one that has none.
    """
    entities: dict[int, Entity] = {}

    def resolve(entity: Entity) -> tuple[int, int]:
        try:
            found = number(entity)
        except EncodingError:
            return _STRANGE
        entities[found] = entity
        return _STATIC, found

    codes, ends, fits = StatePacker(resolve, 0, _MAX_ENTITIES).codes(list(states))
    return EntityNumbers(codes.astype(np.uint32), ends, fits, entities)


class BulkPacker:
    """Packs states of one schema. It remembers entities by their address: states that share them are packed fast.

    Args:
        schema: the entity types and the domains of their attributes.
        dynamic_types: the types in the packed state.
        max_entities: how many entities it remembers.
    """

    def __init__(self, schema: Schema, dynamic_types: Iterable[str], *, max_entities: int = _MAX_ENTITIES) -> None:
        self._schema = schema
        self._types = tuple(sorted(dynamic_types))
        self._known: dict[Entity, tuple[int, int]] = {}
        self._max_entities = max_entities
        self._num_statics = 0
        shifts = {}
        for name in self._types:
            entity_type = schema.type(name)
            shifts[name] = () if entity_type is None else row_format(entity_type).shifts
        self._shifts = shifts
        self._packer = StatePacker(self._resolve, len(self._types), max_entities)

    def survey(self, states: Sequence[State]) -> Survey:
        """Group states by their static entities, and count the others."""
        groups, most = self._packer.survey(list(states))
        return Survey(groups, dict(zip(self._types, most.tolist(), strict=True)))

    def pack(self, layout: Layout, states: Sequence[State]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Pack states; their static entities are not looked at, ``survey`` does that.

        Args:
            layout: where the rows lie; it has the packer's schema and dynamic types.
            states: the states.

        Returns:
            The words, shape ``[B, W]``, uint64, and which states fit the layout, shape ``[B]``, bool: the words of the
            others mean nothing.
        """
        slots = [layout.slots[name] if name in layout.rows else [] for name in self._types]
        ends = np.cumsum([0, *map(len, slots)], dtype=np.int64)
        places = np.array([place for of_type in slots for place in of_type], dtype=np.int64).reshape(-1, 2)
        words, shifts = places.T.copy()
        absents = np.array([self._absent(name) for name in self._types], dtype=np.uint64)
        return self._packer.pack(list(states), layout.num_words, ends, words, shifts, absents)

    def _absent(self, name: str) -> int:
        entity_type = self._schema.type(name)
        return 0 if entity_type is None else row_format(entity_type).absent

    def _resolve(self, entity: Entity) -> tuple[int, int]:
        """Say what an entity is that is not known by its address, but perhaps by its value."""
        found = self._known.get(entity)
        if found is None:
            found = self._examine(entity)
            if found[0] == _STATIC or len(self._known) < self._max_entities:
                self._known[entity] = found  # static ones always: equal ones must get equal numbers
        return found

    def _examine(self, entity: Entity) -> tuple[int, int]:
        try:
            codes = self._schema.codes(entity)
        except EncodingError:
            return _STRANGE
        if entity.type not in self._shifts:
            self._num_statics += 1
            return _STATIC, self._num_statics
        code = sum(code << shift for code, shift in zip(codes, self._shifts[entity.type], strict=True))
        return self._types.index(entity.type), code
