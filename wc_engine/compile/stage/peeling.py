"""``while`` loops over short lists that are known: followed round by round, as straight code.

A list that a program fills with what it is going to do, and takes apart in a loop, has different elements on different
paths. Behind a branch on what is in it, all of it is known, and the loop comes to its end while compiling::

    while plan:                                if there is a box in the plan:
        thing, (x, y) = plan.pop()      ->         box.x, box.y = ...
        thing.x, thing.y = x, y                player.x, player.y = ...
"""

from __future__ import annotations

import ast
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from wc_engine.compile.ir import TRUE, Expr
from wc_engine.compile.stage.expressions import find_cell
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.paths import PathEnded
from wc_engine.compile.stage.queries import ItemQuery, concat, parts_of
from wc_engine.compile.stage.values import Const, Frame, Ref, Value, boolean
from wc_engine.errors import UnsupportedConstructError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wc_engine.compile.stage.machine import Machine

__all__ = ["peel"]

_ROUNDS = 8
_OPEN_ITEMS = 3
"""Elements of a list that may or may not be there; each doubles the code."""
_STATEMENTS = 1_000
"""A loop that becomes more than this is better a loop."""


def peel(m: Machine, node: ast.While, frame: Frame, once: Callable[[], None], stop: Callable[[], Value]) -> None:
    """Follow a loop round by round to its end, where that comes soon; else do nothing.

    Args:
        once: follows the body.
        stop: leaves the loop.

    Raises:
        PathEnded: the loop has been followed, all of it.
    """
    site = (node.lineno, node.col_offset)
    if not _names(node.test) or site in m.unpeeled:
        return
    with suppress(_GivenUp), _attempt(m):
        _Peeling(m, node.test, frame, once, stop, m.emitted + _STATEMENTS).rounds()
    m.unpeeled.add(site)


class _GivenUp(Exception):
    """The loop does not come to its end soon."""


@contextmanager
def _attempt(m: Machine) -> Iterator[None]:
    """Follow something; where that is given up, nothing of it stays."""
    store, buffer, may_raise, code = m.store.copy(), m.buffer, m.may_raise, len(m.buffer)
    marks, given, emitted = m.mark_edges(), len(m.given), m.emitted
    loops = [(loop, loop.left, dict(loop.pending), list(loop.straight)) for loop in m.loops]
    try:
        yield
    except (_GivenUp, UnsupportedConstructError):
        m.store, m.buffer, m.may_raise, m.emitted = store, buffer, may_raise, emitted
        m.loops = [loop for loop, *_ in loops]
        for loop, left, pending, straight in loops:
            loop.left, loop.pending, loop.straight = left, pending, straight
        del m.given[given:]
        del buffer[code:]
        m.forget_edges(marks)
        raise _GivenUp from None


@dataclass(frozen=True, eq=False, slots=True)
class _Peeling:
    """A loop that is followed round by round.

    Attributes:
        limit: statements that may have been emitted when a round begins.
    """

    m: Machine
    test: ast.expr
    frame: Frame
    once: Callable[[], None]
    stop: Callable[[], Value]
    limit: int

    def rounds(self, done: int = 0) -> NoReturn:
        """Follow the rounds from here on; where an element may or may not be in the list, each case on its own."""
        m = self.m
        while done < _ROUNDS and m.emitted <= self.limit:
            found = self._open_item()
            if found is not None:
                ref, place, condition = found

                def case(there: bool, ref: Ref = ref, place: int = place, done: int = done) -> Value:
                    _settle(m, ref, place, there=there)
                    self.rounds(done)

                m.branch(boolean(condition), lambda: case(True), lambda: case(False))
                raise PathEnded
            holds = m.as_condition(m.condition(self.test, self.frame))
            if not isinstance(holds, Const):
                raise _GivenUp
            if not holds.value:
                self.stop()
            self.once()
            done += 1
        raise _GivenUp

    def _open_item(self) -> tuple[Ref, int, Expr] | None:
        """An element that may or may not be in a list that the test names; gives up where there are many of them."""
        for name in _names(self.test):
            cell = find_cell(self.frame, name)
            ref = None if cell is None else self.m.store.cells.get(cell)
            content = self.m.store.heap.get(ref.object_id) if isinstance(ref, Ref) else None
            if not isinstance(ref, Ref) or not isinstance(content, SeqObject):
                continue
            parts = parts_of(content.content)
            open_ = [(place, part) for place, part in enumerate(parts) if isinstance(part, ItemQuery)]
            open_ = [(place, part) for place, part in open_ if part.condition != TRUE]
            if len(open_) > _OPEN_ITEMS or not all(isinstance(part, ItemQuery) for part in parts):
                raise _GivenUp
            if open_:
                return ref, open_[0][0], open_[0][1].condition
        return None


def _names(test: ast.expr) -> list[str]:
    return [inner.id for inner in ast.walk(test) if isinstance(inner, ast.Name)]


def _settle(m: Machine, ref: Ref, place: int, *, there: bool) -> None:
    """Note on this path that an element is in a list, or that it is not: nothing changes by that."""
    content = m.store.heap[ref.object_id]
    assert isinstance(content, SeqObject)
    parts = list(parts_of(content.content))
    item = parts[place]
    assert isinstance(item, ItemQuery)
    parts[place : place + 1] = [replace(item, condition=TRUE)] if there else []
    m.store.heap[ref.object_id] = replace(content, content=concat(*parts))
