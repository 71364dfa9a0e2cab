"""Packed states: the dynamic entities of a state as ``W`` words of 64 bits.

Types that no transition changes (*static*: walls, targets) are kept once, outside the words. Every other type has a
number of *rows*, and each row is a bit field in one word: the codes of its attributes, the first by name in the highest
bits, so that comparing row codes as numbers is comparing entities canonically. The rows of a type are sorted, and
a row of all ones is absent and so comes last. Equal states therefore have equal words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wc_engine.errors import EncodingError
from wc_engine.state.entities import Entity, State
from wc_engine.state.schema import EntityType, Schema

__all__ = ["Layout", "RowFormat", "row_format"]

WORD_BITS = 64
_MAX_KNOWN = 1 << 16
"""Entities whose row codes are remembered; beyond, all are forgotten."""
_MAX_ROW_BITS = 62
"""Row codes are compared as signed numbers in generated code."""


@dataclass(frozen=True, slots=True)
class RowFormat:
    """The bit field of one row of a type.

    Attributes:
        bits: width of the row; its all-ones value is never a row, it says *absent*.
        shifts: position of each attribute's lowest bit, in order of name.
        widths: bits of each attribute, in order of name; 0 where only one value is possible.
    """

    bits: int
    shifts: tuple[int, ...]
    widths: tuple[int, ...]

    @property
    def absent(self) -> int:
        """The code of an absent row."""
        return (1 << self.bits) - 1


def row_format(entity_type: EntityType) -> RowFormat:
    """Return the bit field of a type.

    Raises:
        EncodingError: a row would need more than one word.
    """
    sizes = [domain.size for _, domain in entity_type.attributes]
    widths = [(size - 1).bit_length() for size in sizes]
    # The all-ones code must stay free for "absent": where every attribute can be all ones at once, add a bit.
    full = all(size == 1 << width for size, width in zip(sizes, widths, strict=True))
    bits = sum(widths) + (1 if full else 0)
    if bits > _MAX_ROW_BITS:
        raise EncodingError(f"a row of type {entity_type.name} needs {bits} bits, there is room for {_MAX_ROW_BITS}")
    shifts, position = [], sum(widths)
    for width in widths:
        position -= width
        shifts.append(position)
    return RowFormat(bits, tuple(shifts), tuple(widths))


@dataclass(frozen=True)
class Layout:
    """Where each row of each dynamic type lies.

    Args:
        schema: the types and the domains of their attributes.
        rows: rows of each dynamic type, by type name; the types not named here are static.
        min_words: words of a state, where the rows need fewer; the others are 0.
    """

    schema: Schema
    rows: Mapping[str, int]
    min_words: int = 1
    slots: dict[str, list[tuple[int, int]]] = field(init=False)
    """(word, shift) of each row, by type name."""
    num_words: int = field(init=False)
    formats: dict[str, RowFormat] = field(init=False)
    """The bit field of the rows of each dynamic type, by type name."""
    _codes: dict[Entity, int] = field(init=False, repr=False, compare=False)
    """Row codes of entities that were met."""

    def __post_init__(self) -> None:
        slots: dict[str, list[tuple[int, int]]] = {}
        formats = {name: row_format(found) for name in self.rows if (found := self.schema.type(name)) is not None}
        free = [WORD_BITS]
        # Types with a fixed number of places come first: where these lie is then known to generated code.
        for entity_type in sorted(self.schema.types, key=lambda entity_type: entity_type.places is None):
            places: list[tuple[int, int]] = []
            rows = self.rows.get(entity_type.name, 0)
            bits = formats[entity_type.name].bits if rows else 0
            for _ in range(rows):
                word = next((index for index, room in enumerate(free) if room >= bits), len(free))
                if word == len(free):
                    free.append(WORD_BITS)
                places.append((word, WORD_BITS - free[word]))
                free[word] -= bits
            slots[entity_type.name] = places
        object.__setattr__(self, "slots", slots)
        object.__setattr__(self, "num_words", max(len(free), self.min_words))
        object.__setattr__(self, "formats", formats)
        object.__setattr__(self, "_codes", {})

    def is_static(self, type_name: str) -> bool:
        """Whether entities of this type are kept outside the words."""
        return type_name not in self.rows

    def statics(self, state: State) -> tuple[Entity, ...]:
        """Return the static entities of ``state``, in canonical order."""
        return tuple(entity for entity in state if self.is_static(entity.type))

    def row_code(self, entity: Entity) -> int:
        """Return an entity's bit field. Raises ``EncodingError`` where it does not fit the schema."""
        known = self._codes.get(entity)
        if known is None:
            codes = self.schema.codes(entity)
            shifts = self.formats[entity.type].shifts
            known = sum(code << shift for code, shift in zip(codes, shifts, strict=True))
            if len(self._codes) >= _MAX_KNOWN:
                self._codes.clear()
            self._codes[entity] = known
        return known

    def encode(self, state: State) -> NDArray[np.uint64]:
        """Pack the dynamic entities of ``state``. Shape ``[W]``, uint64.

        Raises:
            EncodingError: an entity does not fit the schema, or a type has more entities than rows.
        """
        codes: dict[str, list[int]] = {name: [] for name in self.rows}
        for entity in state:
            if not self.is_static(entity.type):
                codes[entity.type].append(self.row_code(entity))
        return self.pack(codes)

    def pack(self, codes: Mapping[str, list[int]]) -> NDArray[np.uint64]:
        """Pack the row codes of the entities of each dynamic type. Shape ``[W]``, uint64.

        Raises:
            EncodingError: a type has more entities than rows.
        """
        words = [0] * self.num_words
        for name, places in self.slots.items():
            if name not in self.rows:
                continue
            present = sorted(codes[name])
            if len(present) > len(places):
                raise EncodingError(f"{len(present)} entities of type {name} do not fit {len(places)} rows")
            present += [self.formats[name].absent] * (len(places) - len(present))
            for code, (word, shift) in zip(present, places, strict=True):
                words[word] |= code << shift
        return np.array(words, dtype=np.uint64)

    def count(self, words: NDArray[np.uint64], type_name: str) -> NDArray[np.int64]:
        """Return how many entities of a type packed states have. Shape ``[B]`` for words of shape ``[B, W]``."""
        entity_type = self.schema.type(type_name)
        assert entity_type is not None
        absent = np.uint64(row_format(entity_type).absent)
        found = np.zeros(len(words), dtype=np.int64)
        for word, shift in self.slots[type_name]:
            found += (words[:, word] >> np.uint64(shift)) & absent != absent
        return found

    def decode(self, words: NDArray[np.uint64], statics: tuple[Entity, ...] = ()) -> State:
        """Unpack words into a state, adding the static entities."""
        entities = list(statics)
        for entity_type in self.schema.types:
            if self.is_static(entity_type.name):
                continue
            format_ = self.formats[entity_type.name]
            for word, shift in self.slots[entity_type.name]:
                code = (int(words[word]) >> shift) & format_.absent
                if code == format_.absent:
                    continue
                attributes = {
                    name: domain.value((code >> at) & ((1 << width) - 1))
                    for (name, domain), at, width in zip(
                        entity_type.attributes, format_.shifts, format_.widths, strict=True
                    )
                }
                entities.append(Entity(entity_type.name, attributes))
        return State(entities)
