"""Reading off a transition what happened: the outcomes that say it, as several ways to say it may exist.

``health`` fell from 4 to 3: it was set to 3, or lowered by 1. Which it was is decided over many transitions: the shape
that says most of them wins (``choose_shapes``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, product

from wc_engine.state.entities import Entity
from wc_engine.synthesis.proposers.inductive.effects import (
    AddConstant,
    Copy,
    Create,
    Delete,
    Drop,
    Effect,
    Goto,
    Move,
    Outcome,
    Pick,
    Rotate,
    SetAttribute,
    Shift,
    applies,
    local_result,
    merge_outcomes,
    shape_of,
)
from wc_engine.synthesis.proposers.inductive.rows import Change, Row, differs
from wc_engine.synthesis.proposers.inductive.scene import (
    AGENT,
    AHEAD,
    BEYOND,
    CARRIED,
    HERE,
    Scene,
    Slot,
    argument,
    position_of,
)

__all__ = ["choose_shapes", "explains", "readings"]

_MOST_READINGS = 16

_COSTS = {Move: 1.0, Rotate: 1.0, AddConstant: 1.0, Pick: 1.0, Drop: 1.0, Delete: 1.0}
"""What an effect costs; all others cost more, for a constant in them is one of many."""
_COST_OF_CONSTANT = 1.2

_RANK = {SetAttribute: 0, AddConstant: 0, Copy: 0, Rotate: 0, Delete: 1, Pick: 1, Move: 2, Shift: 2, Goto: 2}
_LAST = 3


def readings(row: Row, scene: Scene, holder: str | None) -> list[Outcome]:
    """Return the outcomes that say what happened in a row; none where effects cannot say it.

    Args:
        row: the row.
        scene: its scene.
        holder: the agent's attribute that holds what it carries, or None.
    """
    if not row.changes:
        return [()]
    hand = _hand(row, scene, holder)
    parts: list[list[list[Effect]]] = [] if hand is None else [[[hand[0]]]]
    for change in row.changes:
        if hand is None or change is not hand[1]:
            parts.extend(_read_change(change, scene, None if hand is None else holder))
    found: list[Outcome] = []
    for chosen in islice(product(*parts), _MOST_READINGS):
        effects = sorted((effect for part in chosen for effect in part), key=_order)
        outcome = merge_outcomes([tuple(effects)])
        if applies(outcome, scene) and explains(outcome, row, scene):
            found.append(outcome)
    return found


def choose_shapes(alternatives: Sequence[Sequence[Outcome]]) -> list[Outcome | None]:
    """Return one reading per row, so that as few shapes as possible say what happened; None where there is none.

    Args:
        alternatives: the readings of each row.
    """
    chosen: list[Outcome | None] = [None] * len(alternatives)
    by_shape: dict[Outcome, dict[int, Outcome]] = {}
    for index, outcomes in enumerate(alternatives):
        for outcome in outcomes:
            by_shape.setdefault(shape_of(outcome), {}).setdefault(index, outcome)
    open_rows = {index for index, outcomes in enumerate(alternatives) if outcomes}
    for shape in sorted(by_shape, key=lambda shape: (_cost(shape) - len(by_shape[shape]), str(shape))):
        said = by_shape[shape].keys() & open_rows
        for index in said:
            chosen[index] = by_shape[shape][index]
        open_rows -= said
    return chosen


def _cost(outcome: Outcome) -> float:
    return sum(_COSTS.get(type(effect), _COST_OF_CONSTANT) for effect in outcome)


def _order(effect: Effect) -> tuple[int, tuple[int, str, str], int, str]:
    rank = _RANK.get(type(effect), _LAST)
    slot = effect.slot
    return (int(rank == _LAST), (-slot.rank, slot.name, slot.parameter), rank, str(effect))


def _agent_change(row: Row, scene: Scene) -> Change | None:
    return next((change for change in row.changes if change.before == scene.agent), None)


def _hand(row: Row, scene: Scene, holder: str | None) -> tuple[Effect, Change] | None:
    """Return that something was picked up or dropped, with the lone change that this accounts for; None if nothing."""
    change = _agent_change(row, scene)
    if holder is None or change is None or change.after is None or holder not in change.changed_attributes:
        return None
    old, new = scene.agent.get(holder), change.after.get(holder)
    for one in row.changes:
        if old is None and isinstance(new, Entity) and one.after is None and _is_thing(one.before, new):
            slot = None if one.before is None else _slot_of(one.before, scene)
            return None if slot is None else (Pick(slot, frozenset((new.type,)), holder), one)
        if new is None and isinstance(old, Entity) and one.before is None and _is_thing(one.after, old):
            slot = None if one.after is None else _slot_of(one.after, scene)
            return None if slot is None else (Drop(slot, holder), one)
    return None


def _is_thing(there: Entity | None, held: Entity) -> bool:
    return there is not None and there.without_position() == held


def _read_change(change: Change, scene: Scene, handled: str | None) -> list[list[list[Effect]]]:
    """Return, for each part of a change, the effects that say it; an empty list of them where none does."""
    subject = change.before or change.after
    assert subject is not None, "a change has a side"
    slot = _slot_of(subject, scene) if change.before is None or subject != scene.agent else AGENT
    if slot is None:
        return [[]]
    if change.before is None:
        values = {name: value for name, value in subject.attributes.items() if name not in ("x", "y")}
        return [[[Create(slot, subject.type, tuple(sorted(values.items(), key=lambda item: item[0])))]]]
    types = frozenset((subject.type,))
    if change.after is None:
        return [[[Delete(slot, types)]]]
    parts: list[list[list[Effect]]] = []
    for name in change.changed_attributes:
        if slot == AGENT and name == handled:
            continue
        if name not in change.before or name not in change.after:
            return [[]]
        parts.append([[effect] for effect in _read_value(slot, types, name, change, scene)])
    if position_of(change.before) != position_of(change.after):
        parts.append([[effect] for effect in _read_displacement(slot, types, change, scene)])
    return parts


def _read_value(slot: Slot, types: frozenset[str], name: str, change: Change, scene: Scene) -> Iterable[Effect]:
    old = None if change.before is None else change.before.get(name)
    new = None if change.after is None else change.after.get(name)
    if isinstance(new, tuple):
        for quarters in (1, 2, 3):
            turn = Rotate(slot, types, name, quarters)
            if turn.turned(old) == new:
                yield turn
    if type(old) is int and type(new) is int:
        yield AddConstant(slot, types, name, new - old)
    yield SetAttribute(slot, types, name, new)
    for source in (AGENT, HERE, AHEAD, CARRIED, argument(1), argument(2)):
        for entity in scene.occupants(source):
            for other_name, value in entity.attributes.items():
                if other_name not in ("x", "y") and (source, other_name) != (slot, name) and not differs(value, new):
                    yield Copy(slot, types, name, source, other_name)


def _read_displacement(slot: Slot, types: frozenset[str], change: Change, scene: Scene) -> Iterable[Effect]:
    displacement, end = change.displacement, change.after and position_of(change.after)
    if displacement is None:
        return
    if displacement == scene.direction:
        yield Move(slot, types)
    for target, place in scene.places.items():
        if place == end and target not in (AGENT, slot) and not (target == AHEAD and slot in (AGENT, HERE)):
            yield Goto(slot, types, target)
    yield Shift(slot, types, displacement)


def _slot_of(entity: Entity, scene: Scene) -> Slot | None:
    for number, named in enumerate(scene.named, 1):
        if named == entity:
            return argument(number)
    place = position_of(entity)
    if place is None:
        return None
    for slot in (HERE, AHEAD, BEYOND):
        if scene.places.get(slot) == place:
            return slot
    return next((slot for slot, where in scene.places.items() if where == place and slot != AGENT), None)


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
