"""The words that rules are made of, all of them taken from the data: no name of any environment stands here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeGuard

from wc_engine.state.entities import Entity, State, Value
from wc_engine.synthesis.proposers.inductive.rows import Row, first_of
from wc_engine.synthesis.proposers.inductive.scene import Cells, Position, Scene, cells_of, position_of

__all__ = ["NAMED", "Kind", "Vocabulary", "infer_vocabulary"]

Kind: TypeAlias = tuple[str, tuple[tuple[str, Value], ...]]
"""A type with the values of those of its attributes that were seen to change: ``("Door", (("state", "open"),))``."""

NAMED = "*"
"""Stands in a verb for a word of an action that names an entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the data speak of.

    Attributes:
        placed: entities have places.
        types: every entity type met, those that are carried included, sorted.
        agent_type: the type of the one entity that acts, or None while nothing has changed yet.
        actions: every action tried, sorted.
        heading: the agent's attribute that says where it looks, ``(dx, dy)``; None where no such attribute exists.
        directions: where each action heads, for those that were seen to move an agent without a heading.
        moving: the actions that were seen to move the agent.
        holder: the agent's attribute that was seen to hold an entity, or None.
        naming: the attribute whose values actions use as names of entities, or None.
        names: the values of that attribute.
        state_attributes: per type, the attributes (not the position) that were seen to change, sorted.
        numbers: those of them that are integers.
        movers: types seen to change their position.
        pairs: types of which every state that has any has two, sorted.
        blocking: kinds that stood ahead of the agent as it tried to move, and never shared a cell with it. A kind that
            was never tried is taken to be free, which is the optimistic guess: the first bump corrects it.
    """

    placed: bool = True
    types: tuple[str, ...] = ()
    agent_type: str | None = None
    actions: tuple[str, ...] = ()
    heading: str | None = None
    directions: Mapping[str, Position] = field(default_factory=dict)
    moving: frozenset[str] = frozenset()
    holder: str | None = None
    naming: str | None = None
    names: frozenset[str] = frozenset()
    state_attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: frozenset[tuple[str, str]] = frozenset()
    movers: frozenset[str] = frozenset()
    pairs: tuple[str, ...] = ()
    blocking: frozenset[Kind] = frozenset()

    def kind_attributes(self, type_name: str) -> tuple[str, ...]:
        """Return the attributes of a type that tell its kinds apart: those that change and are no numbers."""
        names = self.state_attributes.get(type_name, ())
        return tuple(name for name in names if (type_name, name) not in self.numbers)

    def kind(self, entity: Entity) -> Kind:
        """Return the kind of an entity."""
        names = self.kind_attributes(entity.type)
        return (entity.type, tuple((name, entity.get(name)) for name in names))

    def verb(self, action: str) -> str:
        """Return an action with the words that name entities left open."""
        if self.naming is None:
            return action
        return " ".join(NAMED if word in self.names else word for word in action.split(" "))

    def direction(self, agent: Entity, action: str) -> Position | None:
        """Return where an action heads, or None where that is not known."""
        if self.heading is None:
            return self.directions.get(action)
        value = agent.get(self.heading)
        return value if is_direction(value) else None

    def agent_in(self, state: State) -> Entity | None:
        """Return the agent of a state, or None."""
        return None if self.agent_type is None else first_of(state, self.agent_type)

    def scene(self, row: Row) -> Scene | None:
        """Return the scene of a row, or None where there is no agent."""
        agent = None if self.agent_type is None else row.agent(self.agent_type)
        return None if agent is None else self.scene_of(row.transition.state, row.cells, agent, row.action)

    def scene_in(self, state: State, action: str) -> Scene | None:
        """Return the scene of an action in a state, or None where there is no agent."""
        agent = self.agent_in(state)
        return None if agent is None else self.scene_of(state, cells_of(state), agent, action)

    def scene_of(self, state: State, cells: Cells, agent: Entity, action: str) -> Scene:
        """Return the scene of an action, given the cells and the agent of the state."""
        named: list[Entity] = []
        if self.naming is not None:
            words = [word for word in action.split(" ") if word in self.names]
            by_name = {entity.get(self.naming): entity for entity in state}
            named = [by_name[word] for word in words if word in by_name]
        direction = self.direction(agent, action)
        pairs = self.pairs if direction is None else ()
        return Scene(cells, agent, action, direction, holder=self.holder, pairs=pairs, named=named)


def is_direction(value: object) -> TypeGuard[Position]:
    """Return whether a value is a step to a neighbouring cell."""
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and all(type(part) is int for part in value)
        and abs(value[0]) + abs(value[1]) == 1
    )


def infer_vocabulary(rows: Sequence[Row]) -> Vocabulary:
    """Return the vocabulary of some transitions."""
    types: set[str] = set()
    for row in rows:
        types |= row.all_types
    agent_type = infer_agent_type(rows)
    heading = infer_heading(rows, agent_type)
    moving = {row.action for row in rows if _displacement(row, agent_type) is not None}
    attributes: dict[str, set[str]] = defaultdict(set)
    numbers: set[tuple[str, str]] = set()
    movers: set[str] = set()
    for row in rows:
        for change in row.changes:
            before = change.before
            if before is None:
                continue
            if change.displacement is not None:
                movers.add(before.type)
            for name in change.changed_attributes:
                if type(before.get(name)) is int:
                    numbers.add((before.type, name))
                if before.type != agent_type:
                    attributes[before.type].add(name)
    naming, names = infer_naming(rows, {name for found in attributes.values() for name in found})
    vocabulary = Vocabulary(
        placed=not rows or any("x" in entity for entity in rows[0].transition.state),
        types=tuple(sorted(types)),
        agent_type=agent_type,
        actions=tuple(sorted({row.action for row in rows})),
        heading=heading,
        directions={} if heading is not None else infer_directions(rows, agent_type),
        moving=frozenset(moving),
        holder=infer_holder(rows, agent_type),
        naming=naming,
        names=names,
        state_attributes={name: tuple(sorted(found)) for name, found in sorted(attributes.items()) if found},
        numbers=frozenset(numbers),
        movers=frozenset(movers),
        pairs=infer_pairs(rows, types - {agent_type or ""}),
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


def _displacement(row: Row, agent_type: str | None) -> Position | None:
    for change in row.changes:
        if change.before is not None and change.before.type == agent_type:
            return change.displacement
    return None


def infer_heading(rows: Sequence[Row], agent_type: str | None) -> str | None:
    """Return the attribute of the agent that is always a direction, and the one in which it moved whenever it did."""
    if agent_type is None or not rows:
        return None
    agents = [(row, row.agent(agent_type)) for row in rows]
    first = agents[0][1]
    names = [] if first is None else [name for name, value in first.attributes.items() if is_direction(value)]
    for name in names:
        fits = all(
            agent is not None
            and is_direction(agent.get(name))
            and _displacement(row, agent_type) in (None, agent.get(name))
            for row, agent in agents
        )
        if fits:
            return name
    return None


def infer_holder(rows: Iterable[Row], agent_type: str | None) -> str | None:
    """Return the first attribute of the agent that was seen to hold an entity."""
    held: set[str] = set()
    for row in rows:
        for change in row.changes:
            if change.before is not None and change.after is not None and change.before.type == agent_type:
                for side in (change.before, change.after):
                    held.update(name for name, value in side.attributes.items() if isinstance(value, Entity))
    return min(held, default=None)


def infer_pairs(rows: Sequence[Row], types: Iterable[str]) -> tuple[str, ...]:
    """Return the types of which no state has one, or more than two."""
    numbers: dict[str, set[int]] = {name: set() for name in types}
    for row in rows:
        for name, seen in numbers.items():
            seen.add(row.type_counts[name])
    return tuple(sorted(name for name, seen in numbers.items() if 2 in seen and seen <= {0, 2}))


def infer_naming(rows: Sequence[Row], changing: Iterable[str]) -> tuple[str | None, frozenset[str]]:
    """Return the attribute with which actions name entities, and its values.

    Its values never change, no two entities of a state share one, and they stand as words in some actions.
    """
    words = {word for row in rows for word in row.action.split(" ")}
    if not any(" " in row.action for row in rows):
        return None, frozenset()
    values: dict[str, set[str]] = defaultdict(set)
    ruled_out = set(changing)
    for row in rows:
        texts, shared = row.texts
        ruled_out |= shared
        for name, found in texts.items():
            values[name] |= found
    used = {name: len(found & words) for name, found in values.items() if name not in ruled_out and found & words}
    best = min(used, key=lambda name: (-used[name], name), default=None)
    return best, frozenset() if best is None else frozenset(values[best])


def infer_directions(rows: Iterable[Row], agent_type: str | None) -> dict[str, Position]:
    """Return the displacement of the agent seen most often under each action; of equals the shortest."""
    seen: dict[str, Counter[Position]] = defaultdict(Counter)
    for row in rows:
        displacement = _displacement(row, agent_type)
        if displacement is not None:
            seen[row.action][displacement] += 1

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
        if row.action not in vocabulary.moving:
            continue
        here, direction = position_of(agent), vocabulary.direction(agent, row.action)
        if here is not None and direction is not None:
            ahead = row.cells.get((here[0] + direction[0], here[1] + direction[1]), ())
            tried.update(vocabulary.kind(entity) for entity in ahead)
    return replace(vocabulary, blocking=frozenset(tried - shared))
