"""Conditions of rules: literals over a scene. Each says when it holds, what it costs and how it is written.

The costs order the hypotheses: cheap ones are tried first, and of two that the data cannot tell apart the cheaper is
believed. They are those of Occam in this vocabulary, tuned on no environment in particular.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from wc_engine.state.entities import Value
from wc_engine.synthesis.proposers.inductive.rows import differs
from wc_engine.synthesis.proposers.inductive.scene import Scene, Slot
from wc_engine.synthesis.proposers.inductive.vocabulary import Kind, Vocabulary

__all__ = [
    "ActionIs",
    "AttributeIs",
    "Clear",
    "Empty",
    "Has",
    "Literal",
    "Not",
    "coordinates",
    "literals_for",
]

_NEGATION_COST = 0.25


def coordinates(slot: Slot) -> str:
    """Return a slot's coordinates as the printed program names them."""
    return {Slot.AHEAD: "x1, y1", Slot.BEYOND: "x2, y2"}.get(slot, "x0, y0")


@runtime_checkable
class Literal(Protocol):
    """A condition on a scene."""

    @property
    def cost(self) -> float: ...

    def holds(self, scene: Scene) -> bool:
        """Return whether the condition holds."""
        ...

    def source(self) -> str:
        """Return the condition as a Python expression that can stand in a conjunction."""
        ...


@dataclass(frozen=True, slots=True)
class Clear:
    """Nothing in a slot is of a kind that blocks the agent (an invented predicate)."""

    slot: Slot
    blocking: frozenset[Kind]
    state_attributes: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def cost(self) -> float:
        return 0.8

    def holds(self, scene: Scene) -> bool:
        names = dict(self.state_attributes)
        for entity in scene.occupants(self.slot):
            kind = (entity.type, tuple((name, entity.get(name)) for name in names.get(entity.type, ())))
            if kind in self.blocking:
                return False
        return True

    def source(self) -> str:
        return f"is_clear(state, {coordinates(self.slot)})"


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing is in a slot."""

    slot: Slot

    @property
    def cost(self) -> float:
        return 1.0

    def holds(self, scene: Scene) -> bool:
        return not scene.occupants(self.slot)

    def source(self) -> str:
        return f"len(get_entities_by_position(state, {coordinates(self.slot)})) == 0"


@dataclass(frozen=True, slots=True)
class Has:
    """Something of a type is in a slot."""

    slot: Slot
    type_name: str

    @property
    def cost(self) -> float:
        return 1.0

    def holds(self, scene: Scene) -> bool:
        return any(entity.type == self.type_name for entity in scene.occupants(self.slot))

    def source(self) -> str:
        return f"has(state, {coordinates(self.slot)}, {self.type_name!r})"


@dataclass(frozen=True, slots=True)
class AttributeIs:
    """Something of a type in a slot has a given value of an attribute; in the agent's slot, the agent itself."""

    slot: Slot
    type_name: str
    attribute: str
    value: Value

    @property
    def cost(self) -> float:
        return 3.0 if self.slot is Slot.AGENT else 1.3

    def holds(self, scene: Scene) -> bool:
        return any(
            entity.type == self.type_name
            and self.attribute in entity
            and not differs(entity[self.attribute], self.value)
            for entity in scene.occupants(self.slot)
        )

    def source(self) -> str:
        if self.slot is Slot.AGENT:
            return f"agent.{self.attribute} == {self.value!r}"
        place = f"get_entities_by_position(state, {coordinates(self.slot)})"
        return f"any(e.name == {self.type_name!r} and e.{self.attribute} == {self.value!r} for e in {place})"


@dataclass(frozen=True, slots=True)
class ActionIs:
    """The action is a given one, where several share a family."""

    action: str

    @property
    def cost(self) -> float:
        return 1.6

    def holds(self, scene: Scene) -> bool:
        return scene.action == self.action

    def source(self) -> str:
        return f"action == {self.action!r}"


@dataclass(frozen=True, slots=True)
class Not:
    """A literal with the other sign."""

    inner: Literal

    @property
    def cost(self) -> float:
        return self.inner.cost + _NEGATION_COST

    def holds(self, scene: Scene) -> bool:
        return not self.inner.holds(scene)

    def source(self) -> str:
        if isinstance(self.inner, ActionIs):
            return f"action != {self.inner.action!r}"
        return f"not {self.inner.source()}"


def literals_for(vocabulary: Vocabulary, scenes: Sequence[Scene], *, directional: bool) -> list[Literal]:
    """Return the literals, of either sign, that could tell the scenes of one family apart, cheapest first."""
    found: dict[Literal, None] = {}
    names = tuple(sorted(vocabulary.state_attributes.items()))
    if directional:
        for slot in (Slot.AHEAD, Slot.BEYOND):
            if vocabulary.blocking:
                found[Clear(slot, vocabulary.blocking, names)] = None
            found[Empty(slot)] = None
    for slot in (Slot.HERE, Slot.AHEAD, Slot.BEYOND) if directional else (Slot.HERE,):
        for literal in _literals_of_slot(slot, scenes):
            found[literal] = None
    for scene in scenes:
        for name, value in scene.agent.attributes.items():
            if name not in ("x", "y") and _is_plain(value):
                found[AttributeIs(Slot.AGENT, scene.agent.type, name, value)] = None
    actions = sorted({scene.action for scene in scenes})
    if len(actions) > 1:
        found.update((ActionIs(action), None) for action in actions)
    signed: Iterable[Literal] = [*found, *(Not(literal) for literal in found)]
    return sorted(signed, key=lambda literal: (literal.cost, literal.source()))


def _literals_of_slot(slot: Slot, scenes: Sequence[Scene]) -> Iterable[Literal]:
    for scene in scenes:
        for entity in scene.occupants(slot):
            yield Has(slot, entity.type)
            for name, value in entity.attributes.items():
                if name not in ("x", "y") and _is_plain(value):
                    yield AttributeIs(slot, entity.type, name, value)


def _is_plain(value: Value) -> bool:
    return value is None or type(value) in (bool, int, str)
