"""Lists and sets that every round of a loop makes anew of themselves, less some elements.

``entities = [e for e in entities if e is not item]`` makes another list in every round, whose number would mean nothing
at the loop's head. Where nobody but one variable, or one attribute, knew the list from before, nobody can tell the new
one from the old one with other contents: that is what it becomes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage.fresh_lists import mentions
from wc_engine.compile.stage.heap_objects import HeapObject, InstanceObject, SeqObject
from wc_engine.compile.stage.queries import ItemQuery, RowsQuery, parts_of
from wc_engine.compile.stage.values import NONE, Ref, Union, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.store import Store

__all__ = ["keep_rebuilt_lists"]


def keep_rebuilt_lists(m: Machine, head: Store) -> None:
    """Let lists that were made anew in a round be those that were there at the loop's head.

    Args:
        m: the machine, at the end of the round.
        head: the store at the head.
    """
    for cell, old in head.cells.items():
        new = m.store.cells.get(cell, old)
        if new is not old and _is_rebuilt(m, head, old, new, but_cell=cell):
            _keep(m, old, new)
            m.store.cells[cell] = old
    for number, content in head.heap.items():
        now = m.store.heap.get(number, content)
        if now is content or not isinstance(content, InstanceObject) or not isinstance(now, InstanceObject):
            continue
        before = dict(content.attributes)
        for name, new in now.attributes:
            old = before.get(name, NONE)
            if new is not old and _is_rebuilt(m, head, old, new, but_object=(number, name)):
                _keep(m, old, new)
                now = m.store.heap[number] = _with_attribute(m.store.heap[number], name, old)


def _with_attribute(content: HeapObject, name: str, value: Value) -> HeapObject:
    assert isinstance(content, InstanceObject)
    items = tuple((known, value if known == name else item) for known, item in content.attributes)
    return replace(content, attributes=items)


def _is_rebuilt(
    m: Machine,
    head: Store,
    old: Value,
    new: Value,
    *,
    but_cell: int | None = None,
    but_object: tuple[int, str] | None = None,
) -> bool:
    """Whether a list of the head was replaced by new ones, and one variable or attribute alone knows them all."""
    options = new.options if isinstance(new, Union) else (new,)
    if not isinstance(old, Ref) or not all(isinstance(option, Ref) for option in options):
        return False
    made = [option for option in options if isinstance(option, Ref) and option != old]
    first = head.heap.get(old.object_id)
    if not made or not isinstance(first, SeqObject) or not _is_plain(first):
        return False
    for option in made:
        content = m.store.heap.get(option.object_id)
        if option.object_id in head.heap or not isinstance(content, SeqObject) or content.kind != first.kind:
            return False
        if not _is_plain(content) or content.distinct != first.distinct:
            return False
    numbers = {old.object_id, *(option.object_id for option in made)}
    seen: set[int] = set()
    if any(mentions(value, numbers, seen) for cell, value in m.store.cells.items() if cell != but_cell):
        return False
    for number, content in m.store.heap.items():
        known: object = content
        if but_object is not None and number == but_object[0]:
            assert isinstance(content, InstanceObject)
            known = [value for name, value in content.attributes if name != but_object[1]]
        if number not in numbers and mentions(known, numbers, seen):
            return False
    return True


def _is_plain(content: SeqObject) -> bool:
    """Whether what a collection holds lies in no memory of its own."""
    return all(isinstance(part, (RowsQuery, ItemQuery)) for part in parts_of(content.content))


def _keep(m: Machine, old: Value, new: Value) -> None:
    def put(option: Value) -> Value:
        assert isinstance(option, Ref)
        assert isinstance(old, Ref)
        if option != old:
            m.set_object(old, m.object(option))
        return NONE

    m.dispatch(new, put)
