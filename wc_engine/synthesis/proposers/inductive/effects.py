"""What a step can do: effects on slots, applied in memory exactly as the printed program does it.

An *outcome* is all that one step changed, as a sequence of effects. Effects carry the types that were seen to undergo
them; outcomes that differ in those types only are one outcome, so that they share their conditions (else a model
learns to push walls).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from wc_engine.state.entities import Entity, State, Value
from wc_engine.synthesis.proposers.inductive.scene import (
    AGENT,
    Position,
    Scene,
    Slot,
    position_of,
)

__all__ = [
    "AddConstant",
    "Copy",
    "Create",
    "Delete",
    "Drop",
    "Effect",
    "Goto",
    "Move",
    "Outcome",
    "Pick",
    "Rotate",
    "SetAttribute",
    "Shift",
    "applies",
    "apply",
    "local_result",
    "merge_outcomes",
    "shape_of",
]


@dataclass(frozen=True, slots=True)
class Move:
    """What is in a slot, of some types, moves one cell along the direction of the action."""

    slot: Slot
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shift:
    """What is in a slot, of some types, moves by a constant."""

    slot: Slot
    types: frozenset[str]
    by: Position


@dataclass(frozen=True, slots=True)
class Goto:
    """What is in a slot, of some types, goes to the place of another slot."""

    slot: Slot
    types: frozenset[str]
    target: Slot


@dataclass(frozen=True, slots=True)
class Rotate:
    """A direction that what is in a slot has as an attribute makes some quarter turns, from x towards y."""

    slot: Slot
    types: frozenset[str]
    attribute: str
    quarters: int

    def turned(self, value: Value) -> Position | None:
        """Return a direction after the turns."""
        if not (isinstance(value, tuple) and len(value) == 2):
            return None
        x, y = value
        if type(x) is not int or type(y) is not int:
            return None
        return {1: (-y, x), 2: (-x, -y), 3: (y, -x)}[self.quarters]


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """What is in a slot, of some types, gets a constant as the value of an attribute."""

    slot: Slot
    types: frozenset[str]
    attribute: str
    value: Value


@dataclass(frozen=True, slots=True)
class Copy:
    """What is in a slot, of some types, gets the value of an attribute of what is in another slot."""

    slot: Slot
    types: frozenset[str]
    attribute: str
    source: Slot
    source_attribute: str


@dataclass(frozen=True, slots=True)
class AddConstant:
    """An integer attribute of what is in a slot, of some types, grows by a constant."""

    slot: Slot
    types: frozenset[str]
    attribute: str
    amount: int


@dataclass(frozen=True, slots=True)
class Delete:
    """What is in a slot, of some types, vanishes."""

    slot: Slot
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pick:
    """The agent takes up what is in a slot, of some types; its hand must be empty."""

    slot: Slot
    types: frozenset[str]
    holder: str


@dataclass(frozen=True, slots=True)
class Drop:
    """What the agent carries, whatever it is, comes to lie in a slot."""

    slot: Slot
    holder: str


@dataclass(frozen=True, slots=True)
class Create:
    """Something of one type, with given attributes, appears in a slot."""

    slot: Slot
    type_name: str
    attributes: tuple[tuple[str, Value], ...]


Change: TypeAlias = Move | Shift | Goto | Rotate | SetAttribute | Copy | AddConstant
Typed: TypeAlias = Change | Delete | Pick
Effect: TypeAlias = Typed | Drop | Create
Outcome: TypeAlias = tuple[Effect, ...]
"""What one step does, in order of application: outermost slot first, what appears last. Empty: nothing changes."""


def shape_of(outcome: Outcome) -> Outcome:
    """Return an outcome without the types that undergo it: what outcomes to be merged have in common."""
    shapes = [
        effect if isinstance(effect, (Create, Drop)) else replace(effect, types=frozenset()) for effect in outcome
    ]
    return tuple(dict.fromkeys(shapes))


def merge_outcomes(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the one outcome that several of the same shape make, with the types of all of them."""
    merged: dict[Effect, set[str]] = {}
    for outcome in outcomes:
        for effect in outcome:
            if isinstance(effect, (Create, Drop)):
                merged.setdefault(effect, set())
            else:
                merged.setdefault(replace(effect, types=frozenset()), set()).update(effect.types)
    return tuple(
        shape if isinstance(shape, (Create, Drop)) else replace(shape, types=frozenset(types))
        for shape, types in merged.items()
    )


def applies(outcome: Outcome, scene: Scene) -> bool:
    """Return whether every effect has something to work on."""
    return all(_is_able(effect, scene) for effect in outcome)


def _is_able(effect: Effect, scene: Scene) -> bool:
    if isinstance(effect, Create):
        return effect.slot in scene.places
    if isinstance(effect, Drop):
        return effect.slot in scene.places and scene.carried is not None
    if isinstance(effect, Pick) and scene.agent.get(effect.holder) is not None:
        return False
    if isinstance(effect, Goto) and effect.target not in scene.places:
        return False
    if isinstance(effect, Copy) and not any(
        effect.source_attribute in entity for entity in scene.occupants(effect.source)
    ):
        return False
    undergoing = [entity for entity in scene.occupants(effect.slot) if entity.type in effect.types]
    if isinstance(effect, Pick) and len(undergoing) != 1:
        return False
    if isinstance(effect, AddConstant):
        return bool(undergoing) and all(type(entity.get(effect.attribute)) is int for entity in undergoing)
    return bool(undergoing)


def local_result(outcome: Outcome, scene: Scene) -> tuple[list[Entity], list[Entity]]:
    """Return the entities of the slots before and after an outcome; all others stay as they are.

    Effects are applied one after the other, each to what is in its slot by then, as the printed program does it.
    """
    places = list(dict.fromkeys(scene.places.values()))
    before = [entity for place in places for entity in scene.cells.get(place, ())]
    if not any(entity is scene.agent for entity in before):
        before.append(scene.agent)
    before.extend(entity for entity in scene.named if not any(entity is one for one in before))
    world = _World(scene, before)
    for effect in outcome:
        world.apply(effect)
    return before, [entity for entity in world.entities if entity is not None]


def apply(outcome: Outcome, scene: Scene, state: State) -> State:
    """Return a state after an outcome that applies in its scene."""
    before, after = local_result(outcome, scene)
    rest = list(state.entities)
    for entity in before:
        rest.remove(entity)
    return State(rest + after)


class _World:
    """The entities of the slots while effects change them one after the other."""

    def __init__(self, scene: Scene, before: Sequence[Entity]) -> None:
        self._scene = scene
        self._before = before
        self.entities: list[Entity | None] = list(before)
        self._agent_index = next(index for index, entity in enumerate(before) if entity is scene.agent)

    def apply(self, effect: Effect) -> None:
        scene = self._scene
        if isinstance(effect, Create):
            x, y = scene.places[effect.slot]
            self.entities.append(Entity(effect.type_name, {"x": x, "y": y, **dict(effect.attributes)}))
            return
        if isinstance(effect, Drop):
            x, y = scene.places[effect.slot]
            agent = self._agent
            held = agent.get(effect.holder)
            assert isinstance(held, Entity), "the effect applies"
            self._agent = agent.replace(**{effect.holder: None})
            self.entities.append(held.replace(x=x, y=y))
            return
        for index in self._undergoing(effect):
            entity = self.entities[index]
            assert entity is not None, "what vanished undergoes nothing"
            if isinstance(effect, Pick):
                self._agent = self._agent.replace(**{effect.holder: entity.without_position()})
                self.entities[index] = None
            else:
                self.entities[index] = None if isinstance(effect, Delete) else _changed(effect, entity, scene)

    @property
    def _agent(self) -> Entity:
        agent = self.entities[self._agent_index]
        return self._scene.agent if agent is None else agent

    @_agent.setter
    def _agent(self, agent: Entity) -> None:
        self.entities[self._agent_index] = agent

    def _undergoing(self, effect: Typed) -> list[int]:
        if effect.slot == AGENT:
            return [self._agent_index]
        if effect.slot.rank == 6:
            named = self._scene.occupants(effect.slot)
            return [index for index, entity in enumerate(self._before) if any(entity is one for one in named)]
        place = self._scene.places.get(effect.slot)
        return [
            index
            for index, entity in enumerate(self.entities)
            if entity is not None
            and index != self._agent_index
            and entity.type in effect.types
            and position_of(entity) == place
        ]


def _changed(effect: Change, entity: Entity, scene: Scene) -> Entity:
    if isinstance(effect, SetAttribute):
        return entity.replace(**{effect.attribute: effect.value})
    if isinstance(effect, AddConstant):
        value = entity.get(effect.attribute)
        assert isinstance(value, int), "the effect applies"
        return entity.replace(**{effect.attribute: value + effect.amount})
    if isinstance(effect, Rotate):
        return entity.replace(**{effect.attribute: effect.turned(entity.get(effect.attribute))})
    if isinstance(effect, Copy):
        source = next(one for one in scene.occupants(effect.source) if effect.source_attribute in one)
        return entity.replace(**{effect.attribute: source[effect.source_attribute]})
    if isinstance(effect, Goto):
        x, y = scene.places[effect.target]
        return entity.replace(x=x, y=y)
    dx, dy = effect.by if isinstance(effect, Shift) else scene.direction or (0, 0)
    x, y = position_of(entity) or (0, 0)
    return entity.replace(x=x + dx, y=y + dy)
