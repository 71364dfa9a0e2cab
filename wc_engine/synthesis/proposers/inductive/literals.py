"""Conditions of rules: literals over a scene. Each says when it holds, what it costs and how it is written.

The costs order the hypotheses: cheap ones are tried first, and of two that the data cannot tell apart the cheaper is
believed. They are those of Occam in this vocabulary, tuned on no environment in particular.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from wc_engine.state.entities import Value
from wc_engine.synthesis.proposers.inductive.rows import differs
from wc_engine.synthesis.proposers.inductive.scene import AGENT, AHEAD, BEYOND, CARRIED, Scene, Slot
from wc_engine.synthesis.proposers.inductive.vocabulary import Kind

__all__ = [
    "ActionIs",
    "AttributeIs",
    "Carries",
    "Clear",
    "Empty",
    "HandIsEmpty",
    "Has",
    "Literal",
    "NoLessThan",
    "Not",
    "Same",
    "coordinates",
    "variable",
]

_NEGATION_COST = 0.25
_COST_OF_FIXED_VALUE = 1.2
"""What a constant costs more where the attribute never changes, as colours do not."""


def coordinates(slot: Slot) -> str:
    """Return a slot's coordinates as the printed program names them."""
    if slot.rank == 5:
        return f"{slot.parameter.lower()}_x, {slot.parameter.lower()}_y"
    return {AHEAD: "x1, y1", BEYOND: "x2, y2"}.get(slot, "x0, y0")


def variable(slot: Slot, holder: str | None = None) -> str | None:
    """Return the name of the one entity of a slot in the printed program, or None where a slot may have several."""
    if slot == AGENT:
        return "agent"
    if slot == CARRIED:
        return f"agent.{holder}"
    return f"named_{slot.parameter}" if slot.rank == 6 else None


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
    attributes: Mapping[str, tuple[str, ...]] = field(compare=False)
    cost: float = 0.8

    def holds(self, scene: Scene) -> bool:
        for entity in scene.occupants(self.slot):
            kind = (entity.type, tuple((name, entity.get(name)) for name in self.attributes.get(entity.type, ())))
            if kind in self.blocking:
                return False
        return True

    def source(self) -> str:
        return f"is_clear(state, {coordinates(self.slot)})"


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing is in a slot."""

    slot: Slot
    cost: float = 1.0

    def holds(self, scene: Scene) -> bool:
        return not scene.occupants(self.slot)

    def source(self) -> str:
        return f"len(get_entities_by_position(state, {coordinates(self.slot)})) == 0"


@dataclass(frozen=True, slots=True)
class Has:
    """Something of a type is in a slot."""

    slot: Slot
    type_name: str
    cost: float = 1.0

    def holds(self, scene: Scene) -> bool:
        return any(entity.type == self.type_name for entity in scene.occupants(self.slot))

    def source(self) -> str:
        name = variable(self.slot)
        if name is not None:
            return f"{name}.name == {self.type_name!r}"
        return f"has(state, {coordinates(self.slot)}, {self.type_name!r})"


@dataclass(frozen=True, slots=True)
class HandIsEmpty:
    """The agent carries nothing."""

    holder: str
    cost: float = 1.0

    def holds(self, scene: Scene) -> bool:
        return scene.carried is None

    def source(self) -> str:
        return f"agent.{self.holder} is None"


@dataclass(frozen=True, slots=True)
class Carries:
    """The agent carries something of a type."""

    holder: str
    type_name: str
    cost: float = 1.0

    def holds(self, scene: Scene) -> bool:
        return scene.carried is not None and scene.carried.type == self.type_name

    def source(self) -> str:
        return f"agent.{self.holder} is not None and agent.{self.holder}.name == {self.type_name!r}"


@dataclass(frozen=True, slots=True)
class AttributeIs:
    """Something of a type in a slot has a given value of an attribute; in the agent's slot, the agent itself."""

    slot: Slot
    type_name: str
    attribute: str
    value: Value
    changes: bool = True
    holder: str | None = None

    @property
    def cost(self) -> float:
        if self.slot == AGENT:
            return 3.0
        return 1.3 if self.changes else 1.3 + _COST_OF_FIXED_VALUE

    def holds(self, scene: Scene) -> bool:
        return any(
            entity.type == self.type_name
            and self.attribute in entity
            and not differs(entity[self.attribute], self.value)
            for entity in scene.occupants(self.slot)
        )

    def source(self) -> str:
        return _on_some(self.slot, self.type_name, self.holder, f"{{}}.{self.attribute} == {self.value!r}")


@dataclass(frozen=True, slots=True)
class NoLessThan:
    """An integer attribute of something of a type in a slot is at least so great."""

    slot: Slot
    type_name: str
    attribute: str
    least: int
    holder: str | None = None
    cost: float = 1.6

    def holds(self, scene: Scene) -> bool:
        for entity in scene.occupants(self.slot):
            value = entity.get(self.attribute)
            if entity.type == self.type_name and isinstance(value, int) and value >= self.least:
                return True
        return False

    def source(self) -> str:
        return _on_some(self.slot, self.type_name, self.holder, f"{{}}.{self.attribute} >= {self.least!r}")


@dataclass(frozen=True, slots=True)
class Same:
    """Something of a type in a slot has in an attribute what the one entity of another slot has in one of its own."""

    slot: Slot
    type_name: str
    attribute: str
    with_slot: Slot
    with_attribute: str
    holder: str | None = None

    @property
    def cost(self) -> float:
        return 1.4

    def holds(self, scene: Scene) -> bool:
        values = [
            entity[self.with_attribute]
            for entity in scene.occupants(self.with_slot)
            if self.with_attribute in entity and (self.with_slot != self.slot or entity.type != self.type_name)
        ]
        return any(
            entity.type == self.type_name
            and self.attribute in entity
            and any(not differs(entity[self.attribute], value) for value in values)
            for entity in scene.occupants(self.slot)
        )

    def source(self) -> str:
        one = variable(self.with_slot, self.holder)
        test = _on_some(self.slot, self.type_name, self.holder, f"{{}}.{self.attribute} == {one}.{self.with_attribute}")
        return f"{one} is not None and {test}" if self.with_slot == CARRIED else test


def _on_some(slot: Slot, type_name: str, holder: str | None, test: str) -> str:
    """Return a test, with ``{}`` for the entity, on something of a type in a slot."""
    one = variable(slot, holder)
    if slot == AGENT:
        return test.format(one)
    if one is not None:
        guard = f"{one} is not None and " if slot == CARRIED else ""
        return f"{guard}{one}.name == {type_name!r} and {test.format(one)}"
    place = f"get_entities_by_position(state, {coordinates(slot)})"
    return f"any(e.name == {type_name!r} and {test.format('e')} for e in {place})"


@dataclass(frozen=True, slots=True)
class ActionIs:
    """The action is a given one, where several share a family."""

    action: str
    cost: float = 1.6

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
        if isinstance(self.inner, HandIsEmpty):
            return f"agent.{self.inner.holder} is not None"
        text = self.inner.source()
        return f"not ({text})" if " and " in text or "==" in text else f"not {text}"
