"""``collections.deque``: lists with methods for their left end, and without slices.

Queues of searches (``queue.append(cell)``, ``queue.popleft()``) lie in memory as lists do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.stage.collections import new_list
from wc_engine.compile.stage.heap_objects import DEQUE, SeqObject
from wc_engine.compile.stage.iterators import snapshot
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.places import is_empty
from wc_engine.compile.stage.queries import concat
from wc_engine.compile.stage.values import NONE, Const, Method, Ref, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from wc_engine.compile.stage.machine import Machine

__all__ = ["DEQUE_METHODS", "FROM_LISTS", "deque"]

Arguments = tuple[Value, ...]
_MAX_TURNS = 16


def deque(m: Machine, iterable: Value | None = None, maxlen: Value = NONE) -> Value:
    """``deque(iterable)``; one with a greatest length is refused."""
    if maxlen != NONE:
        m.unsupported("a deque with a greatest length")
    return new_list(m, concat() if iterable is None else snapshot(m, iterable), DEQUE, m.node)


def _method(m: Machine, ref: Ref, name: str, *arguments: Value) -> Value:
    return m.call(Method(ref, name), arguments, {})


def _append_left(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return _method(m, ref, "insert", Const(0), arguments[0])


def _extend_left(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    elements = snapshot(m, arguments[0])
    elements.iterate(m, lambda element: _nothing(_append_left(m, ref, (element,))))
    return NONE


def _nothing(value: Value) -> None:
    assert value == NONE


def _pop_left(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    if arguments:
        m.raise_named("TypeError")
    return _method(m, ref, ".pop", Const(0))


def _pop(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    if arguments:
        m.raise_named("TypeError")
    return _method(m, ref, ".pop")


def _rotate(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    """The last element becomes the first, a number of times; the other way round where that is negative."""
    turns = arguments[0] if arguments else Const(1)
    if not isinstance(turns, Const) or type(turns.value) is not int or abs(turns.value) > _MAX_TURNS:
        m.unsupported("a deque that is rotated by this number")

    def turn() -> None:
        if turns.value > 0:
            _append_left(m, ref, (_method(m, ref, ".pop"),))
        else:
            _method(m, ref, "append", _method(m, ref, ".pop", Const(0)))

    def once() -> None:
        content = m.object(ref)
        assert isinstance(content, SeqObject)
        m.when(invert(m, is_empty(m, content.content)), turn)

    for _ in range(abs(turns.value)):
        once()
    return NONE


FROM_LISTS = ("append", "extend", "insert", "remove", "index", "count", "reverse", "copy", "clear")
"""Methods that do what those of lists do."""

DEQUE_METHODS: dict[str, Callable[[Machine, Ref, Arguments], Value]] = {
    "appendleft": _append_left,
    "extendleft": _extend_left,
    "popleft": _pop_left,
    "pop": _pop,
    "rotate": _rotate,
}
"""The others."""
