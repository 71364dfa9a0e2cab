"""A census of states: which entities occur in any of them, and how many of each type there are at once.

Whoever compiles for states that are like given ones looks at thousands of them, most of which are made of the same
entities: they are looked through once, and quickly.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from wc_engine.state.entities import Entity, State

__all__ = ["Census", "take_census"]


@dataclass(frozen=True, slots=True)
class Census:
    """What was found.

    Attributes:
        entities: the distinct entities, in the order in which they were met.
        compositions: the numbers of entities by type, for each way in which states are composed, with the number of
            states that are so.
    """

    entities: tuple[Entity, ...]
    compositions: tuple[tuple[Counter[str], int], ...]

    @property
    def most(self) -> int:
        """The largest number of entities of one type in any state."""
        return max((number for counts, _ in self.compositions for number in counts.values()), default=0)

    def digest(self) -> str:
        """Return what says which entities occurred, and in what numbers, as hexadecimal digits."""
        counted = sorted((sorted(counts.items()), number) for counts, number in self.compositions)
        text = repr((sorted(entity.key for entity in self.entities), counted))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def take_census(states: Iterable[State]) -> Census:
    """Look through states."""
    entities: dict[Entity, None] = {}
    composed: Counter[tuple[str, ...]] = Counter()
    for state in states:
        entities.update(dict.fromkeys(state.entities))
        composed[tuple([entity.type for entity in state.entities])] += 1
    compositions = tuple((Counter(types), number) for types, number in composed.items())
    return Census(tuple(entities), compositions)
