"""Entities made in one round of a loop and seen in the next.

Every round makes another object, so the number that it has while one round is followed means nothing at the loop's
head. What of it is still reachable there is known at the head by a number that stands for the last one made at that
place of the source: at the end of a round its attributes move there. Where an older one of the same place is still
reachable beside the new one, nothing is done: such a loop is not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.plan import Site
from wc_engine.compile.stage.heap_objects import (
    AssociationObject,
    DictObject,
    EntityObject,
    HeapObject,
    InstanceObject,
    SeqObject,
)
from wc_engine.compile.stage.queries import ItemQuery, Query, concat, parts_of
from wc_engine.compile.stage.store import Store
from wc_engine.compile.stage.templates import Templates
from wc_engine.compile.stage.values import (
    UNBOUND,
    Builtin,
    ClassValue,
    Conflict,
    Const,
    Finite,
    Num,
    Record,
    Ref,
    Row,
    TupleValue,
    Union,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["adopt", "rename"]


def adopt(m: Machine, templates: Templates, head: Store, adopted: dict[Site, int]) -> None:
    """Let the entities that a round made, and the next one can see, take their places at the head.

    Args:
        m: the machine, at the end of the round.
        templates: those of the loop.
        head: the store at the head; gets new objects.
        adopted: the object at the head for each place that makes entities.
    """
    if not _makes_entities(m.store, head) or _has_hidden(m.store, head):
        return
    seen = {object_id for value in _visible(m.store, head) for object_id in _objects_in(value, m.store, head)}
    made: dict[Site, list[int]] = {}
    for object_id in sorted(seen):
        if object_id not in head.heap and isinstance(m.store.heap.get(object_id), EntityObject):
            made.setdefault(m.made_at.get(object_id, (0, 0)), []).append(object_id)
    for site, numbers in made.items():
        if len(numbers) > 1 or site == (0, 0):
            continue
        number = numbers[0]
        content = m.store.heap[number]
        assert isinstance(content, EntityObject)
        own = adopted.get(site)
        if own is None:
            own = m.new_object(content).object_id
            m.made_at[own] = site
            head.heap[own] = templates.entity_template([content])
            adopted[site] = own
        elif own in seen:
            if not _merge(m, head, number, own):
                continue
        else:
            m.store.heap[own] = content
        rename(m.store, head.cells, number, Ref(own))


def _merge(m: Machine, head: Store, number: int, own: int) -> bool:
    """Where one variable holds either the new object or that of an earlier round, let both be one object."""
    unions = {
        value: None
        for value in _visible(m.store, head)
        if number in set(_objects_in(value, m.store, head)) or own in set(_objects_in(value, m.store, head))
    }
    union = next(iter(unions)) if len(unions) == 1 else None
    if not isinstance(union, Union):
        return False
    places = [place for place, option in enumerate(union.options) if option == Ref(number)]
    if len(places) != 1 or any(
        number in set(_objects_in(option, m.store, head)) or own in set(_objects_in(option, m.store, head))
        for option in union.options
        if option not in (Ref(number), Ref(own))
    ):
        return False
    is_new = Finite(union.tag, tuple(place == places[0] for place in range(len(union.options))))
    m.when(is_new, lambda: m.set_object(Ref(own), m.store.heap[number]))
    return True


# ---- what a store mentions --------------------


def _makes_entities(store: Store, head: Store) -> bool:
    """Whether what a round has changed mentions an entity that it made: most rounds make none that is kept."""
    changed: list[Value] = []
    for cell, value in head.cells.items():
        new = store.cells.get(cell, value)
        if new is not value:
            changed.append(new)
    for object_id, content in head.heap.items():
        after = store.heap.get(object_id, content)
        if after is not content:
            changed += _values_in(after)
    mentioned = {object_id for value in changed for object_id in _objects_in(value, store, head)}
    return any(
        object_id not in head.heap and isinstance(store.heap.get(object_id), EntityObject) for object_id in mentioned
    )


def _has_hidden(store: Store, head: Store) -> bool:
    """Whether something that the round changed may mention objects in a way that is not looked into."""
    plain = (Const, Num, Finite, Row, Ref, TupleValue, Record, Union, Conflict, ClassValue, Builtin)
    for cell, value in head.cells.items():
        new = store.cells.get(cell, value)
        if new is not value and new != value and new != UNBOUND and not isinstance(new, plain):
            return True
    return any(
        isinstance(store.heap.get(object_id), AssociationObject) and store.heap[object_id] != content
        for object_id, content in head.heap.items()
    )


def _visible(store: Store, head: Store) -> Iterator[Value]:
    """The values that the head's variables and objects hold at the end of a round."""
    for cell in head.cells:
        if cell in store.cells:
            yield store.cells[cell]
    for object_id in head.heap:
        if object_id in store.heap:
            yield from _values_in(store.heap[object_id])


def _values_in(content: HeapObject) -> Iterator[Value]:
    if isinstance(content, EntityObject):
        yield from (value for _, value in content.attributes)
    elif isinstance(content, DictObject):
        yield from (value for _, value in content.items)
    elif isinstance(content, InstanceObject):
        yield from (value for _, value in content.attributes)
    elif isinstance(content, SeqObject):
        for part in parts_of(content.content):
            if isinstance(part, ItemQuery):
                yield part.value


def _objects_in(value: Value, store: Store, head: Store) -> Iterator[int]:
    """The objects that a value mentions, and those that entities of this round among them carry."""
    if isinstance(value, Ref):
        yield value.object_id
        content = store.heap.get(value.object_id)
        if isinstance(content, EntityObject) and value.object_id not in head.heap:
            for _, item in content.attributes:
                yield from _objects_in(item, store, head)
    elif isinstance(value, (TupleValue, Record, Union)):
        for item in value.options if isinstance(value, Union) else value.items:
            yield from _objects_in(item, store, head)


def rename(store: Store, cells: Iterable[int], number: int, own: Value) -> None:
    """Let some variables, and all objects, mean ``own`` where they mean an object."""

    def renamed(value: Value) -> Value:
        if value == Ref(number):
            return own
        if isinstance(value, (TupleValue, Record)):
            return replace(value, items=tuple(map(renamed, value.items)))
        if isinstance(value, Union):
            return Union(value.tag, tuple(map(renamed, value.options)))
        return value

    for cell in cells:
        if cell in store.cells:
            store.cells[cell] = renamed(store.cells[cell])
    for object_id, content in list(store.heap.items()):
        store.heap[object_id] = _with_values(content, renamed)


def _with_values(content: HeapObject, change: Callable[[Value], Value]) -> HeapObject:
    if isinstance(content, EntityObject):
        return replace(content, attributes=tuple((name, change(value)) for name, value in content.attributes))
    if isinstance(content, DictObject):
        return DictObject(tuple((key, change(value)) for key, value in content.items))
    if isinstance(content, InstanceObject):
        return replace(content, attributes=tuple((name, change(value)) for name, value in content.attributes))
    if not isinstance(content, SeqObject):
        return content
    parts: list[Query] = [
        replace(part, value=change(part.value)) if isinstance(part, ItemQuery) else part
        for part in parts_of(content.content)
    ]
    return replace(content, content=concat(*parts))
