"""What a step can do: effects on slots, read off the data, applied in memory exactly as the printed program does it.

An *outcome* is all that one step changed, as a sequence of effects. Effects carry the types that were seen to undergo
them; outcomes that differ in those types only are one outcome, so that they share their conditions (else a model
learns to push walls).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from wc_engine.state.entities import Entity, Value
from wc_engine.synthesis.proposers.inductive.rows import Change, Row
from wc_engine.synthesis.proposers.inductive.scene import Scene, Slot, position_of

__all__ = [
    "Create",
    "Delete",
    "Effect",
    "Move",
    "Outcome",
    "SetAttribute",
    "applies",
    "local_result",
    "merge_outcomes",
    "read_outcome",
    "shape_of",
]


@dataclass(frozen=True, slots=True)
class Move:
    """What is in a slot, of some types, moves one cell along the direction of the action."""

    slot: Slot
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """What is in a slot, of some types, gets a constant as the value of an attribute."""

    slot: Slot
    types: frozenset[str]
    attribute: str
    value: Value


@dataclass(frozen=True, slots=True)
class Delete:
    """What is in a slot, of some types, vanishes."""

    slot: Slot
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Create:
    """Something of one type, with given attributes, appears in a slot."""

    slot: Slot
    type_name: str
    attributes: tuple[tuple[str, Value], ...]


Effect: TypeAlias = Move | SetAttribute | Delete | Create
Outcome: TypeAlias = tuple[Effect, ...]
"""What one step does, in order of application: outermost slot first, what appears last. Empty: nothing changes."""

_KIND_RANK = {SetAttribute: 0, Delete: 1, Move: 2, Create: 3}


def read_outcome(row: Row, scene: Scene) -> Outcome | None:
    """Return what happened in a row as an outcome, or None where effects cannot say it."""
    effects: list[Effect] = []
    for change in row.changes:
        read = _read_change(change, scene)
        if read is None:
            return None
        effects.extend(read)
    effects.sort(key=_order)
    outcome = merge_outcomes([tuple(effects)]) if effects else ()
    return outcome if applies(outcome, scene) and explains(outcome, row, scene) else None


def _order(effect: Effect) -> tuple[bool, int, int, str]:
    return (isinstance(effect, Create), -effect.slot, _KIND_RANK[type(effect)], str(effect))


def _read_change(change: Change, scene: Scene) -> list[Effect] | None:
    subject = change.before or change.after
    assert subject is not None, "a change has a side"
    slot = _slot_of(subject, change.before is not None, scene)
    if slot is None:
        return None
    if change.before is None:
        values = {name: value for name, value in subject.attributes.items() if name not in ("x", "y")}
        return [Create(slot, subject.type, tuple(sorted(values.items(), key=lambda item: item[0])))]
    types = frozenset((subject.type,))
    if change.after is None:
        return [Delete(slot, types)]
    effects: list[Effect] = []
    for name in change.changed_attributes:
        if name not in change.before or name not in change.after:
            return None
        effects.append(SetAttribute(slot, types, name, change.after[name]))
    if position_of(change.before) != position_of(change.after):
        if change.displacement is None or change.displacement != scene.direction:
            return None
        effects.append(Move(slot, types))
    return effects


def _slot_of(entity: Entity, existed: bool, scene: Scene) -> Slot | None:
    if existed and entity == scene.agent:
        return Slot.AGENT
    place = position_of(entity)
    for slot in (Slot.HERE, Slot.AHEAD, Slot.BEYOND):
        if place is not None and scene.places.get(slot) == place:
            return slot
    return None


def shape_of(outcome: Outcome) -> Outcome:
    """Return an outcome without the types that undergo it: what outcomes to be merged have in common."""
    shapes = [effect if isinstance(effect, Create) else replace(effect, types=frozenset()) for effect in outcome]
    return tuple(dict.fromkeys(shapes))


def merge_outcomes(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the one outcome that several of the same shape make, with the types of all of them."""
    merged: dict[Effect, set[str]] = {}
    for outcome in outcomes:
        for effect in outcome:
            if isinstance(effect, Create):
                merged.setdefault(effect, set())
            else:
                merged.setdefault(replace(effect, types=frozenset()), set()).update(effect.types)
    return tuple(
        shape if isinstance(shape, Create) else replace(shape, types=frozenset(types))
        for shape, types in merged.items()
    )


def applies(outcome: Outcome, scene: Scene) -> bool:
    """Return whether every effect has something to work on."""
    for effect in outcome:
        if isinstance(effect, Create):
            if effect.slot not in scene.places:
                return False
        elif not any(entity.type in effect.types for entity in scene.occupants(effect.slot)):
            return False
    return True


def explains(outcome: Outcome, row: Row, scene: Scene) -> bool:
    """Return whether an outcome that applies leads to the row's next state."""
    if not outcome:
        return not row.removed and not row.added
    before, after = local_result(outcome, scene)
    return _difference(before, after) == row.removed and _difference(after, before) == row.added


def _difference(left: Sequence[Entity], right: Sequence[Entity]) -> tuple[Entity, ...]:
    rest = list(right)
    kept: list[Entity] = []
    for entity in left:
        if entity in rest:
            rest.remove(entity)
        else:
            kept.append(entity)
    return tuple(sorted(kept))


def local_result(outcome: Outcome, scene: Scene) -> tuple[list[Entity], list[Entity]]:
    """Return the entities of the slots before and after an outcome; all others stay as they are.

    Effects are applied one after the other, each to what is in its slot by then, as the printed program does it.
    """
    places = list(dict.fromkeys(scene.places.values()))
    before = [entity for place in places for entity in scene.cells.get(place, ())]
    agent_index = next(i for i, entity in enumerate(before) if entity is scene.agent)
    after: list[Entity | None] = list(before)
    for effect in outcome:
        x, y = scene.places[effect.slot]
        if isinstance(effect, Create):
            after.append(Entity(effect.type_name, {"x": x, "y": y, **dict(effect.attributes)}))
            continue
        for index, entity in enumerate(after):
            if entity is None or not _undergoes(effect, index == agent_index, entity, (x, y)):
                continue
            after[index] = _changed(effect, entity, scene)
    return before, [entity for entity in after if entity is not None]


def _undergoes(effect: Move | SetAttribute | Delete, is_agent: bool, entity: Entity, place: tuple[int, int]) -> bool:
    if is_agent or effect.slot is Slot.AGENT:
        return is_agent and effect.slot is Slot.AGENT
    return entity.type in effect.types and position_of(entity) == place


def _changed(effect: Move | SetAttribute | Delete, entity: Entity, scene: Scene) -> Entity | None:
    if isinstance(effect, Delete):
        return None
    if isinstance(effect, SetAttribute):
        return entity.replace(**{effect.attribute: effect.value})
    assert scene.direction is not None, "a move needs a direction"
    dx, dy = scene.direction
    x, y = position_of(entity) or (0, 0)
    return entity.replace(x=x + dx, y=y + dy)
