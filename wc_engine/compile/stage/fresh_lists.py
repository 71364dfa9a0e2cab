"""Lists that a call made on different paths, of which it returns one: one list for what follows.

``return [...]`` at two places of a function makes two lists on the abstract heap, and whoever uses the result would
follow both. Nobody else knows these lists once the call is over, so what comes out may as well be one list that has the
elements of whichever was made.
"""

from __future__ import annotations

import ast
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.queries import ConflictQuery, ItemQuery, concat, parts_of
from wc_engine.compile.stage.values import NONE, Conflict, Frame, Ref, Union, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["as_one_list", "mentions"]


def as_one_list(m: Machine, value: Value, start: int) -> Value:
    """Return what a call returned, its lists as one where they are its own.

    Args:
        start: the names that there were before the call.
    """
    if not isinstance(value, Union):
        return value
    numbers = {option.object_id for option in value.options if isinstance(option, Ref)}
    contents = [m.store.heap.get(number) for number in numbers]
    lists = [content for content in contents if isinstance(content, SeqObject) and content.kind == "list"]
    if len(lists) < len(value.options) or any(number <= start for number in numbers) or _known(m, numbers):
        return value
    before = m.store.copy()
    ref = m.new_object(SeqObject("list", concat()))
    m.births[ref.object_id] = ((0, 0), tuple(m.loops))

    def put(option: Value) -> Value:
        assert isinstance(option, Ref)
        content = m.object(option)
        assert isinstance(content, SeqObject)
        m.set_object(ref, content)
        return NONE

    place = len(m.buffer)
    m.dispatch(value, put)
    united = m.store.heap[ref.object_id]
    if isinstance(united, SeqObject) and _is_clear(united):
        return ref
    del m.buffer[place:]
    m.store = before
    return value


def _is_clear(content: SeqObject) -> bool:
    """Whether all elements could be put side by side."""
    return not any(
        isinstance(part, ConflictQuery) or (isinstance(part, ItemQuery) and isinstance(part.value, Conflict))
        for part in parts_of(content.content)
    )


def _known(m: Machine, numbers: set[int]) -> bool:
    """Whether some variable or object mentions one of some lists."""
    seen: set[int] = set()
    others = [content for number, content in m.store.heap.items() if number not in numbers]
    return any(mentions(thing, numbers, seen) for thing in (*m.store.cells.values(), *others))


def mentions(thing: object, numbers: set[int], seen: set[int]) -> bool:
    """Whether something mentions one of some objects; what is in ``seen`` does not."""
    if isinstance(thing, Ref):
        return thing.object_id in numbers
    if isinstance(thing, (str, int, float, Frame, ast.AST)) or thing is None or id(thing) in seen:
        return False
    seen.add(id(thing))
    if isinstance(thing, (tuple, list, frozenset, set)):
        # ("heap", number) says that something depends on an object.
        if isinstance(thing, tuple) and len(thing) == 2 and thing[0] == "heap" and thing[1] in numbers:
            return True
        return any(mentions(item, numbers, seen) for item in thing)
    if isinstance(thing, dict):
        return any(mentions(item, numbers, seen) for item in thing.values())
    if is_dataclass(thing):
        return any(mentions(getattr(thing, field.name), numbers, seen) for field in fields(thing))
    return False
