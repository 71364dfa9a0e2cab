"""Experiences in words: states, what changed between two of them, and a wrong prediction beside what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State, Value
from wc_engine.synthesis.constraints import Counterexample

__all__ = ["describe_change", "show_experience", "show_mistake", "show_state"]

_POSITION = ("x", "y")
_MAX_PAIRED = 60
"""Changed entities of one type that are paired with what became of them; beyond that all is new."""

_ABSENT = object()


def show_state(state: State) -> str:
    """Return a state, one type a line; entities that have a place and nothing else are told by it alone."""
    lines = []
    for type_name in dict.fromkeys(entity.type for entity in state):
        entities = state.of_type(type_name)
        if all(tuple(entity.attributes) == _POSITION for entity in entities):
            lines.append(f"{type_name} at " + ", ".join(f"({entity['x']!r}, {entity['y']!r})" for entity in entities))
        else:
            lines += [show_entity(entity) for entity in entities]
    return "\n".join(lines) or "(nothing)"


def show_entity(entity: Entity) -> str:
    """Return an entity as a program would make it, every attribute named."""
    attributes = entity.attributes
    names = [name for name in _POSITION if name in attributes] + [name for name in attributes if name not in _POSITION]
    return f"{entity.type}({', '.join(f'{name}={_show(attributes[name])}' for name in names)})"


def describe_change(before: State, after: State) -> list[str]:
    """Return what is different after a step, one sentence for each entity."""
    gone, new = Counter(before), Counter(after)
    removed, added = sorted((gone - new).elements()), sorted((new - gone).elements())
    sentences = []
    for type_name in sorted({entity.type for entity in (*removed, *added)}):
        old = [entity for entity in removed if entity.type == type_name]
        fresh = [entity for entity in added if entity.type == type_name]
        for entity, successor in _paired(old, fresh):
            sentences.append(_sentence(entity, successor))
            old.remove(entity)
            fresh.remove(successor)
        sentences += [f"{show_entity(entity)} is gone" for entity in old]
        sentences += [f"{show_entity(entity)} is there now" for entity in fresh]
    return sentences or ["nothing changes"]


def show_experience(transition: Transition) -> str:
    """Return what happened in one step."""
    return "\n".join(
        [
            f"Mission: {transition.mission!r}",
            "State before:",
            _indented(show_state(transition.state)),
            f"Action: {transition.action!r}",
            "What changed:",
            _listed(describe_change(transition.state, transition.next_state)),
            f"Reward and done: ({transition.reward!r}, {transition.done!r})",
        ]
    )


def show_mistake(counterexample: Counterexample) -> str:
    """Return what happened in one step, and beside it what a program predicted."""
    transition, predicted = counterexample.transition, counterexample.predicted
    lines = [show_experience(transition), ""]
    if predicted.transition_error is not None:
        lines.append(f"But transition() of the program failed: {predicted.transition_error}")
    elif counterexample.wrong_state and predicted.next_state is not None:
        lines += [
            "But the program predicted this change:",
            _listed(describe_change(transition.state, predicted.next_state)),
            "From the predicted state to the true one:",
            _listed(describe_change(predicted.next_state, transition.next_state)),
        ]
    if predicted.reward_error is not None:
        lines.append(f"But reward_func() of the program failed: {predicted.reward_error}")
    elif counterexample.wrong_reward:
        lines.append(f"But the program predicted reward and done: ({predicted.reward!r}, {predicted.done!r})")
    return "\n".join(lines)


def _paired(old: Sequence[Entity], fresh: Sequence[Entity]) -> list[tuple[Entity, Entity]]:
    """Pair entities with what most likely became of them: fewest attributes changed, then nearest."""
    if max(len(old), len(fresh)) > _MAX_PAIRED:
        return []
    costs = sorted(
        (_num_changed(one, other), _distance(one, other), i, j)
        for i, one in enumerate(old)
        for j, other in enumerate(fresh)
    )
    taken_old: set[int] = set()
    taken_fresh: set[int] = set()
    pairs = []
    for _, _, i, j in costs:
        if i not in taken_old and j not in taken_fresh:
            taken_old.add(i)
            taken_fresh.add(j)
            pairs.append((old[i], fresh[j]))
    return sorted(pairs)


def _num_changed(one: Entity, other: Entity) -> int:
    names = {*one.attributes, *other.attributes} - set(_POSITION)
    return sum(_attribute(one, name) != _attribute(other, name) for name in names)


def _distance(one: Entity, other: Entity) -> float:
    total = 0.0
    for name in _POSITION:
        a, b = one.get(name), other.get(name)
        if isinstance(a, int | float) and isinstance(b, int | float):
            total += abs(a - b)
    return total


def _sentence(before: Entity, after: Entity) -> str:
    parts = []
    places = [tuple(_attribute(entity, name) for name in _POSITION) for entity in (before, after)]
    if places[0] != places[1]:
        parts.append(f"moves to ({', '.join(_show(after.get(name)) for name in _POSITION)})")
    for name in sorted({*before.attributes, *after.attributes} - set(_POSITION)):
        if name not in after:
            parts.append(f"loses the attribute {name}")
        elif name not in before:
            parts.append(f"gets the attribute {name} = {_show(after[name])}")
        elif _attribute(before, name) != _attribute(after, name):
            parts.append(f"{name} changes from {_show(before[name])} to {_show(after[name])}")
    return f"{show_entity(before)}: {', '.join(parts)}"


def _attribute(entity: Entity, name: str) -> object:
    """Return a value that differs where values of states do: ``True`` is not 1, and absent is not None."""
    if name not in entity:
        return _ABSENT
    value = entity[name]
    return (type(value), value)


def _show(value: Value) -> str:
    return show_entity(value) if isinstance(value, Entity) else repr(value)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _listed(sentences: Sequence[str]) -> str:
    return "\n".join(f"    - {sentence}" for sentence in sentences)
