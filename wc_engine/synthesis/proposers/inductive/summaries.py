"""A step as rewards and goals see it: counts, what stands on what, what the agent holds, meets and is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive.missions import Pattern
from wc_engine.synthesis.proposers.inductive.rows import Row
from wc_engine.synthesis.proposers.inductive.scene import Cells, position_of
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["StepSummary", "Summary", "summarize", "summarize_row"]


class Summary:
    """A state as features see it; equal where features cannot tell two states apart.

    Attributes:
        counts: entities per type.
        on: per pair of types, how many entities of the first share a cell with one of the second.
        held: what the agent carries, or None.
        met: what is in the agent's cell, without positions.
        faced: what is in the cell that the agent looks at, without positions.
        things: how many there are of each entity with attributes, without positions.
        numbers: the agent's integer attributes.
    """

    __slots__ = ("_hash", "_key", "counts", "faced", "held", "met", "numbers", "on", "things")

    def __init__(
        self,
        counts: Counter[str],
        on: Counter[tuple[str, str]],
        *,
        held: Entity | None = None,
        met: frozenset[Entity] = frozenset(),
        faced: frozenset[Entity] = frozenset(),
        things: Counter[Entity] | None = None,
        numbers: tuple[tuple[str, int], ...] = (),
    ) -> None:
        self.counts = counts
        self.on = on
        self.held = held
        self.met = met
        self.faced = faced
        self.things: Counter[Entity] = Counter() if things is None else things
        self.numbers = dict(numbers)
        self._key = (
            frozenset(counts.items()),
            frozenset(on.items()),
            held,
            met,
            faced,
            frozenset(self.things.items()),
            numbers,
        )
        self._hash = hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Summary) and self._key == other._key

    def __hash__(self) -> int:
        return self._hash


def summarize(state: State, cells: Cells, vocabulary: Vocabulary) -> Summary:
    """Return the summary of a state, given its entities by cell."""
    on: Counter[tuple[str, str]] = Counter()
    for entities in cells.values():
        if len(entities) > 1:
            types = [entity.type for entity in entities]
            for index, upper in enumerate(types):
                on.update({(upper, lower) for other, lower in enumerate(types) if other != index})
    counts = Counter(entity.type for entity in state)
    things = Counter(
        entity.without_position()
        for entity in state
        if entity.type != vocabulary.agent_type and len(entity.attributes) > 2
    )
    agent = vocabulary.agent_in(state)
    if agent is None:
        return Summary(counts, on, things=things)
    here = position_of(agent)
    met = () if here is None else cells.get(here, ())
    faced: tuple[Entity, ...] | list[Entity] = ()
    if here is not None and vocabulary.heading is not None:
        direction = vocabulary.direction(agent, "")
        if direction is not None:
            faced = list(cells.get((here[0] + direction[0], here[1] + direction[1]), ()))
    held = None if vocabulary.holder is None else agent.get(vocabulary.holder)
    numbers = sorted(
        (name, value) for name, value in agent.attributes.items() if name not in ("x", "y") and type(value) is int
    )
    return Summary(
        counts,
        on,
        held=held if isinstance(held, Entity) else None,
        met=frozenset(entity.without_position() for entity in met if entity is not agent),
        faced=frozenset(entity.without_position() for entity in faced),
        things=things,
        numbers=tuple((name, value) for name, value in numbers if isinstance(value, int)),
    )


@dataclass(frozen=True, slots=True)
class StepSummary:
    """One step as features see it, with what its mission names."""

    before: Summary
    after: Summary
    unchanged: bool
    nouns: tuple[Pattern, ...] = ()


def summarize_row(row: Row, vocabulary: Vocabulary, nouns: tuple[Pattern, ...] = ()) -> StepSummary:
    """Return the summary of a row's step."""
    before = summarize(row.transition.state, row.cells, vocabulary)
    if not row.removed and not row.added:
        return StepSummary(before, before, True, nouns)
    after = summarize(row.transition.next_state, row.next_cells, vocabulary)
    return StepSummary(before, after, False, nouns)
