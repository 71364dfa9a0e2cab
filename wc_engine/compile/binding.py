"""Binding a model to many states: what it costs to look at an entity, or to make a layout, is paid once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from wc_engine.state.entities import Entity, State
from wc_engine.state.packing import Layout, row_format
from wc_engine.state.schema import IntDomain, Schema

__all__ = ["Binder", "StateRows"]

_MAX_KNOWN = 1 << 17
"""Entities that are remembered; beyond, all are forgotten."""
_MAX_READERS = 64


@dataclass(frozen=True, slots=True)
class StateRows:
    """The entities of a state as numbers.

    Attributes:
        reader: what read them; models with the same one understand each other's rows.
        codes: the row codes of the entities of each dynamic type, in canonical order.
        columns: of the entities of each static type the attributes: ints as they are, other values as codes.
        statics: the entities of static types, in canonical order.
        has_twins: whether two of them are equal, of whatever type.
    """

    reader: _Reader
    codes: dict[str, list[int]]
    columns: dict[str, list[tuple[int, ...]]]
    statics: tuple[Entity, ...]
    has_twins: bool = field(compare=False)

    @property
    def numbers(self) -> dict[str, int]:
        """How many entities of each type there are."""
        numbers = {name: len(codes) for name, codes in self.codes.items()}
        return numbers | {name: len(rows) for name, rows in self.columns.items()}

    def keeping(self, most: Mapping[str, int]) -> StateRows:
        """Return the rows of a part of the state: so many entities of each dynamic type at most, all static ones."""
        codes = {name: codes[: most.get(name, 0)] for name, codes in self.codes.items()}
        return StateRows(self.reader, codes, self.columns, self.statics, self.has_twins)


class Binder:
    """What the bindings of one model share.

    Args:
        schema: the model's entity types.
        dynamic_types: those that a transition may change.
    """

    def __init__(self, schema: Schema, dynamic_types: frozenset[str]) -> None:
        self._schema = schema
        self._layouts: dict[tuple[int, tuple[tuple[str, int], ...]], Layout] = {}
        self._reader = _reader_for(schema.with_free_counts(), dynamic_types)

    def read(self, state: State) -> StateRows:
        """Return a state's entities as numbers.

        Raises:
            EncodingError: an entity does not fit the schema.
        """
        return self._reader.read(state)

    def understands(self, rows: StateRows) -> bool:
        """Whether rows mean to this model what they meant to the one that read them."""
        return rows.reader is self._reader

    def layout(self, rows: Mapping[str, int], min_words: int = 1) -> Layout:
        """Return the layout with so many rows of each dynamic type, and so many words or more."""
        key = (min_words, tuple(sorted(rows.items())))
        layout = self._layouts.get(key)
        if layout is None:
            if len(self._layouts) >= _MAX_KNOWN:
                self._layouts.clear()
            layout = self._layouts[key] = Layout(self._schema, dict(rows), min_words)
        return layout

    def columns(self, rows: StateRows) -> dict[str, NDArray[np.int64]]:
        """Return the attributes of static entities by type. Shape ``[attributes, rows]`` each."""
        columns = {}
        for entity_type in self._schema.types:
            own = rows.columns.get(entity_type.name)
            if own is not None:
                shape = (len(own), len(entity_type.attributes))
                columns[entity_type.name] = np.ascontiguousarray(np.array(own, dtype=np.int64).reshape(shape).T)
        return columns


class _Reader:
    """Turns entities into numbers; what it learned of one it remembers.

    Args:
        schema: the entity types, whatever their numbers.
        dynamic_types: those whose entities become row codes.
    """

    def __init__(self, schema: Schema, dynamic_types: frozenset[str]) -> None:
        self._schema = schema
        self._names = tuple(entity_type.name for entity_type in schema.types)
        self._dynamic = dynamic_types
        self._known: dict[Entity, tuple[str, int | tuple[int, ...], bool]] = {}

    @cached_property
    def _shifts(self) -> dict[str, tuple[int, ...]]:
        types = self._schema.types
        return {one.name: row_format(one).shifts for one in types if one.name in self._dynamic}

    def read(self, state: State) -> StateRows:
        """Return a state's entities as numbers."""
        known = self._known
        found: dict[str, list[int | tuple[int, ...]]] = {name: [] for name in self._names}
        statics = []
        for entity in state.entities:
            row = known.get(entity)
            if row is None:
                row = self._learn(entity)
            name, numbers, is_static = row
            found[name].append(numbers)
            if is_static:
                statics.append(entity)
        has_twins = any(len(set(rows)) < len(rows) for rows in found.values())
        codes: dict[str, list[int]] = {}
        columns: dict[str, list[tuple[int, ...]]] = {}
        for name, rows in found.items():
            (codes if name in self._dynamic else columns)[name] = rows  # type: ignore[assignment]
        return StateRows(self, codes, columns, tuple(statics), has_twins)

    def _learn(self, entity: Entity) -> tuple[str, int | tuple[int, ...], bool]:
        codes = self._schema.codes(entity)
        numbers: int | tuple[int, ...]
        if entity.type in self._dynamic:
            numbers = sum(code << shift for code, shift in zip(codes, self._shifts[entity.type], strict=True))
        else:
            entity_type = self._schema.type(entity.type)
            assert entity_type is not None
            numbers = tuple(
                code + domain.low if isinstance(domain, IntDomain) else code
                for (_, domain), code in zip(entity_type.attributes, codes, strict=True)
            )
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        row = self._known[entity] = (entity.type, numbers, entity.type not in self._dynamic)
        return row


@lru_cache(maxsize=_MAX_READERS)
def _reader_for(schema: Schema, dynamic_types: frozenset[str]) -> _Reader:
    """One reader for all models with the same types and domains: a model, its variants, one for any numbers."""
    return _Reader(schema, dynamic_types)
