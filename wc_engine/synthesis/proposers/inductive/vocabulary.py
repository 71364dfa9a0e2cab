"""The words that rules are made of, all of them taken from the data: no name of any environment stands here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from wc_engine.state.entities import Entity, Value
from wc_engine.synthesis.proposers.inductive.rows import Row
from wc_engine.synthesis.proposers.inductive.scene import Position, Scene, position_of

__all__ = ["Kind", "Vocabulary", "infer_vocabulary"]

Kind: TypeAlias = tuple[str, tuple[tuple[str, Value], ...]]
"""A type with the values of those of its attributes that were seen to change: ``("Door", (("state", "open"),))``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the data speak of.

    Attributes:
        types: every entity type met, sorted.
        agent_type: the type of the one entity that acts, or None while nothing has changed yet.
        actions: every action tried, sorted.
        directions: where each action heads, for those that were seen to move the agent.
        state_attributes: per type, the attributes (not the position) that were seen to change, sorted.
        movers: types seen to change their position.
        blocking: kinds that stood ahead of the agent as it tried to move, and never shared a cell with it. A kind that
            was never tried is taken to be free, which is the optimistic guess: the first bump corrects it.
    """

    types: tuple[str, ...] = ()
    agent_type: str | None = None
    actions: tuple[str, ...] = ()
    directions: Mapping[str, Position]
    state_attributes: Mapping[str, tuple[str, ...]]
    movers: frozenset[str] = frozenset()
    blocking: frozenset[Kind] = frozenset()

    def kind(self, entity: Entity) -> Kind:
        """Return the kind of an entity."""
        names = self.state_attributes.get(entity.type, ())
        return (entity.type, tuple((name, entity.get(name)) for name in names))

    def scene(self, row: Row) -> Scene | None:
        """Return the scene of a row, or None where there is no agent."""
        agent = None if self.agent_type is None else row.agent(self.agent_type)
        return None if agent is None else Scene(row.cells, agent, row.action, self.directions.get(row.action))


def infer_vocabulary(rows: Sequence[Row]) -> Vocabulary:
    """Return the vocabulary of some transitions."""
    types: set[str] = set()
    for row in rows:
        types |= row.all_types
    agent_type = infer_agent_type(rows)
    directions = infer_directions(rows, agent_type)
    attributes: dict[str, set[str]] = defaultdict(set)
    movers: set[str] = set()
    for row in rows:
        for change in row.changes:
            if change.before is not None and change.before.type != agent_type:
                attributes[change.before.type].update(change.changed_attributes)
            if change.before is not None and change.displacement is not None:
                movers.add(change.before.type)
    vocabulary = Vocabulary(
        types=tuple(sorted(types)),
        agent_type=agent_type,
        actions=tuple(sorted({row.action for row in rows})),
        directions=directions,
        state_attributes={name: tuple(sorted(names)) for name, names in sorted(attributes.items()) if names},
        movers=frozenset(movers),
    )
    return with_blocking_kinds(vocabulary, rows)


def infer_agent_type(rows: Sequence[Row]) -> str | None:
    """Return the type, with one instance in every state, that changed most often; of equals the one that moved most."""
    changed: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    for row in rows:
        changed.update({change.before.type for change in row.changes if change.before is not None})
        moved.update(
            {change.before.type for change in row.changes if change.before is not None and change.displacement}
        )
    single = [name for name in changed if all(row.type_counts[name] == 1 for row in rows)]
    return min(single, key=lambda name: (-changed[name], -moved[name], name), default=None)


def infer_directions(rows: Iterable[Row], agent_type: str | None) -> dict[str, Position]:
    """Return the displacement of the agent seen most often under each action; of equals the shortest."""
    seen: dict[str, Counter[Position]] = defaultdict(Counter)
    for row in rows:
        for change in row.changes:
            if change.before is not None and change.before.type == agent_type and change.displacement is not None:
                seen[row.action][change.displacement] += 1

    def rank(item: tuple[Position, int]) -> tuple[int, int, Position]:
        (dx, dy), count = item
        return (-count, abs(dx) + abs(dy), (dx, dy))

    return {action: min(counts.items(), key=rank)[0] for action, counts in sorted(seen.items())}


def with_blocking_kinds(vocabulary: Vocabulary, rows: Iterable[Row]) -> Vocabulary:
    """Return the vocabulary with its blocking kinds."""
    tried: set[Kind] = set()
    shared: set[Kind] = set()
    for row in rows:
        agent = None if vocabulary.agent_type is None else row.agent(vocabulary.agent_type)
        if agent is None:
            continue
        shared.update(vocabulary.kind(entity) for entity in row.company(agent.type))
        here, direction = position_of(agent), vocabulary.directions.get(row.action)
        if here is not None and direction is not None:
            ahead = row.cells.get((here[0] + direction[0], here[1] + direction[1]), ())
            tried.update(vocabulary.kind(entity) for entity in ahead)
    return replace(vocabulary, blocking=frozenset(tried - shared))
