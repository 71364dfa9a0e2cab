"""Transitions prepared for learning: what changed, and who was where. Computed once per transition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive.scene import Position, cells_of, position_of

__all__ = ["Change", "Row", "RowCache"]


class Change:
    """One entity before and after a step; None before where it appeared, None after where it vanished."""

    __slots__ = ("after", "before")

    def __init__(self, before: Entity | None, after: Entity | None) -> None:
        self.before = before
        self.after = after

    @property
    def displacement(self) -> Position | None:
        """How far the entity moved; None where it did not, appeared or vanished."""
        if self.before is None or self.after is None:
            return None
        start, end = position_of(self.before), position_of(self.after)
        if start is None or end is None or start == end:
            return None
        return (end[0] - start[0], end[1] - start[1])

    @property
    def changed_attributes(self) -> list[str]:
        """Names of the attributes, other than the position, that differ between before and after."""
        if self.before is None or self.after is None:
            return []
        old, new = self.before.attributes, self.after.attributes
        names = sorted((old.keys() | new.keys()) - {"x", "y"})
        return [name for name in names if name not in old or name not in new or differs(old[name], new[name])]


def differs(left: object, right: object) -> bool:
    """Return whether two values differ as states see them (``True`` is not ``1``)."""
    return type(left) is not type(right) or left != right


class Row:
    """One transition, with what learning asks of it again and again.

    Attributes:
        removed: entities of the state that the next state lacks, in canonical order.
        added: entities of the next state that the state lacks, in canonical order.
    """

    def __init__(self, transition: Transition) -> None:
        self.transition = transition
        self._agents: dict[str, Entity | None] = {}
        self._company: dict[str, list[Entity]] = {}
        if transition.state == transition.next_state:
            self.removed: tuple[Entity, ...] = ()
            self.added: tuple[Entity, ...] = ()
        else:
            before, after = Counter(transition.state.entities), Counter(transition.next_state.entities)
            self.removed = tuple(sorted((before - after).elements()))
            self.added = tuple(sorted((after - before).elements()))

    @property
    def action(self) -> str:
        return self.transition.action

    @cached_property
    def cells(self) -> dict[Position, list[Entity]]:
        """The entities of the state by cell."""
        return cells_of(self.transition.state)

    @cached_property
    def next_cells(self) -> dict[Position, list[Entity]]:
        """The entities of the next state by cell."""
        return cells_of(self.transition.next_state)

    @cached_property
    def type_counts(self) -> Counter[str]:
        """How many entities of each type the state has."""
        return Counter(entity.type for entity in self.transition.state)

    @cached_property
    def all_types(self) -> frozenset[str]:
        """The types of the state and of the next state, what is carried included."""
        entities = (*self.transition.state, *self.added)
        held = (value.type for entity in entities for value in entity.attributes.values() if isinstance(value, Entity))
        return frozenset((*self.type_counts, *(entity.type for entity in self.added), *held))

    @cached_property
    def texts(self) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
        """The texts that each attribute has in the state, and the attributes in which two entities have the same."""
        found: dict[str, set[str]] = {}
        shared: set[str] = set()
        for entity in self.transition.state:
            for name, value in entity.attributes.items():
                if type(value) is str:
                    values = found.setdefault(name, set())
                    if value in values:
                        shared.add(name)
                    values.add(value)
        return {name: frozenset(values) for name, values in found.items()}, frozenset(shared)

    @cached_property
    def changes(self) -> list[Change]:
        """What changed, entity by entity: each vanished entity is paired with the appeared one most like it."""
        return pair_changes(self.removed, self.added)

    def agent(self, agent_type: str) -> Entity | None:
        """Return the first entity of the agent's type in the state."""
        if agent_type not in self._agents:
            self._agents[agent_type] = first_of(self.transition.state, agent_type)
        return self._agents[agent_type]

    def company(self, agent_type: str) -> list[Entity]:
        """Return the entities that share the agent's cell before or after the step."""
        if agent_type not in self._company:
            found: list[Entity] = []
            for state, cells in ((self.transition.state, self.cells), (self.transition.next_state, self.next_cells)):
                agent = first_of(state, agent_type)
                place = None if agent is None else position_of(agent)
                if place is not None:
                    found.extend(entity for entity in cells[place] if entity.type != agent_type)
            self._company[agent_type] = found
        return self._company[agent_type]


def first_of(state: State, type_name: str) -> Entity | None:
    """Return the first entity of a type in canonical order, or None."""
    for entity in state:
        if entity.type == type_name:
            return entity
    return None


def pair_changes(removed: Sequence[Entity], added: Sequence[Entity]) -> list[Change]:
    """Pair entities of one type, fewest changed attributes first, then the shortest way; the rest is lone."""
    candidates: list[tuple[int, int, int, int, Change]] = []
    for i, before in enumerate(removed):
        for j, after in enumerate(added):
            if before.type == after.type:
                change = Change(before, after)
                step = change.displacement
                distance = 0 if step is None else abs(step[0]) + abs(step[1])
                candidates.append((len(change.changed_attributes), distance, i, j, change))
    candidates.sort(key=lambda candidate: candidate[:4])
    used_before: set[int] = set()
    used_after: set[int] = set()
    changes: list[Change] = []
    for _, _, i, j, change in candidates:
        if i not in used_before and j not in used_after:
            used_before.add(i)
            used_after.add(j)
            changes.append(change)
    changes.extend(Change(entity, None) for i, entity in enumerate(removed) if i not in used_before)
    changes.extend(Change(None, entity) for j, entity in enumerate(added) if j not in used_after)
    return changes


class RowCache:
    """Rows of a dataset that only grows: a transition is prepared once."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    def rows(self, transitions: Sequence[Transition]) -> list[Row]:
        """Return one row per transition, in order."""
        kept = 0
        for row, transition in zip(self._rows, transitions, strict=False):
            if row.transition is not transition:
                break
            kept += 1
        self._rows = self._rows[:kept] + [Row(transition) for transition in transitions[kept:]]
        return self._rows
