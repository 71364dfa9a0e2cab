"""Which literals could tell the scenes of a family apart: those that speak of what was seen in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from wc_engine.state.entities import Entity, Value
from wc_engine.synthesis.proposers.inductive.literals import (
    ActionIs,
    AttributeIs,
    Carries,
    Clear,
    Empty,
    HandIsEmpty,
    Has,
    Literal,
    NoLessThan,
    Not,
    Same,
)
from wc_engine.synthesis.proposers.inductive.scene import (
    AGENT,
    AHEAD,
    BEYOND,
    CARRIED,
    HERE,
    Scene,
    Slot,
    argument,
    other,
)
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["literals_for"]

_MOST_THRESHOLDS = 8


def literals_for(vocabulary: Vocabulary, scenes: Sequence[Scene]) -> list[Literal]:
    """Return the literals, of either sign, that could tell the scenes of one family apart, cheapest first."""
    found: dict[Literal, None] = {}
    slots = _slots(vocabulary, scenes)
    attributes = {name: vocabulary.kind_attributes(name) for name in vocabulary.state_attributes}
    for slot in slots:
        if slot in (AHEAD, BEYOND) or slot.rank == 5:
            if vocabulary.blocking:
                found[Clear(slot, vocabulary.blocking, attributes)] = None
            if slot.rank != 5:
                found[Empty(slot)] = None
        found.update(dict.fromkeys(_literals_of_slot(slot, scenes, vocabulary)))
    found.update(dict.fromkeys(_literals_of_hand(vocabulary, scenes)))
    found.update(dict.fromkeys(_comparisons(vocabulary, scenes, slots)))
    for scene in scenes:
        for name, value in scene.agent.attributes.items():
            if name not in ("x", "y", vocabulary.heading, vocabulary.holder) and _is_plain(value):
                found[AttributeIs(AGENT, scene.agent.type, name, value)] = None
    actions = sorted({scene.action for scene in scenes})
    if len(actions) > 1 and not any(scene.named for scene in scenes):
        found.update((ActionIs(action), None) for action in actions)
    signed: Iterable[Literal] = [*found, *(Not(literal) for literal in found)]
    return sorted(signed, key=lambda literal: (literal.cost, literal.source()))


def _slots(vocabulary: Vocabulary, scenes: Sequence[Scene]) -> list[Slot]:
    slots = [HERE]
    if any(scene.direction is not None for scene in scenes):
        slots += [AHEAD, BEYOND]
    slots += [slot for slot in map(other, vocabulary.pairs) if any(slot in scene.places for scene in scenes)]
    slots += [argument(number) for number in range(1, 1 + max((len(scene.named) for scene in scenes), default=0))]
    return slots


def _literals_of_slot(slot: Slot, scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[Literal]:
    seen: dict[Entity, None] = {}
    for scene in scenes:
        seen.update(dict.fromkeys(scene.occupants(slot)))
    numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for entity in seen:
        yield Has(slot, entity.type)
        changing = vocabulary.state_attributes.get(entity.type, ())
        for name, value in entity.attributes.items():
            if name in ("x", "y") or not _is_plain(value) or name == vocabulary.naming:
                continue
            yield AttributeIs(slot, entity.type, name, value, name in changing)
            if type(value) is int:
                numbers[entity.type, name].add(value)
    for (type_name, name), values in numbers.items():
        yield from (NoLessThan(slot, type_name, name, least) for least in _thresholds(values))


def _literals_of_hand(vocabulary: Vocabulary, scenes: Sequence[Scene]) -> Iterator[Literal]:
    holder = vocabulary.holder
    if holder is None:
        return
    yield HandIsEmpty(holder)
    for entity in dict.fromkeys(scene.carried for scene in scenes):
        if entity is not None:
            yield Carries(holder, entity.type)
            for name, value in entity.attributes.items():
                if _is_plain(value):
                    yield AttributeIs(CARRIED, entity.type, name, value, False, holder)


def _comparisons(vocabulary: Vocabulary, scenes: Sequence[Scene], slots: Sequence[Slot]) -> Iterator[Literal]:
    """Return literals that compare a slot with what is carried, with what the action names, or with the agent."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for scene in scenes:
        for name, value in scene.agent.attributes.items():
            if name not in ("x", "y") and type(value) is int:
                numbers[name].add(value)
    agent_type = vocabulary.agent_type or ""
    for name, values in numbers.items():
        yield from (NoLessThan(AGENT, agent_type, name, least) for least in _thresholds(values))
    held = {scene.carried for scene in scenes if scene.carried is not None}
    shared = set.intersection(*(set(entity.attributes) for entity in held)) if held else set()
    for slot in slots:
        met = {entity for scene in scenes for entity in scene.occupants(slot)}
        for type_name, name in sorted({(entity.type, name) for entity in met for name in entity.attributes}):
            if name in shared and slot != BEYOND:
                yield Same(slot, type_name, name, CARRIED, name, vocabulary.holder)
    yield from _comparisons_of_arguments(scenes, [slot for slot in slots if slot.rank == 6], vocabulary)


def _comparisons_of_arguments(
    scenes: Sequence[Scene], slots: Sequence[Slot], vocabulary: Vocabulary
) -> Iterator[Literal]:
    sources = [AGENT, *slots]
    for slot in slots:
        for source in sources:
            pairs: set[tuple[str, str, str]] = set()
            for scene in scenes:
                for entity in scene.occupants(slot):
                    for one in scene.occupants(source):
                        if one is not entity:
                            pairs.update(
                                (entity.type, name, other_name)
                                for name, value in entity.attributes.items()
                                for other_name, other_value in one.attributes.items()
                                if type(value) is type(other_value) is str and value == other_value
                            )
            for type_name, name, other_name in sorted(pairs):
                yield Same(slot, type_name, name, source, other_name, vocabulary.holder)


def _thresholds(values: set[int]) -> list[int]:
    ordered = sorted(values)[1:]
    return ordered[:_MOST_THRESHOLDS]


def _is_plain(value: Value) -> bool:
    return value is None or type(value) in (bool, int, str)
