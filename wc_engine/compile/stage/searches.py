"""Loops that look for their one element first, and run their body behind that search.

What stands in the body of a loop over rows happens any number of times, as far as one knows. Where there is one element
at most (``single_rows.py``), it happens once, if at all, and lists that it appends to stay known::

    for box in [e for e in state if e.x == x and e.y == y]:        found = first row at (x, y), or none
        plan.append(box)                                     ->    if there is one: plan.append(found)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.stage.laziness import LazyQuery
from wc_engine.compile.stage.queries import Query, concat, parts_of
from wc_engine.compile.stage.values import UNBOUND, Finite, Union, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from wc_engine.compile.plan import Site
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = ["FirstQuery", "with_searches"]


@dataclass(frozen=True, slots=True)
class FirstQuery:
    """The first element of a query that has one at most."""

    inner: Query

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        """Look for the element; ``body`` stands behind the loop."""

        def search(handle: BlockHandle) -> Value:
            self.inner.iterate(m, lambda element: m.leave(handle, element))
            return UNBOUND

        found = m.block("search", search)
        if not isinstance(found, Union):
            if found != UNBOUND:
                body(found)
            return
        there = Finite(found.tag, tuple(option != UNBOUND for option in found.options))
        m.when(there, lambda: body(m.narrow(found)))


@dataclass(frozen=True, slots=True)
class _SingleQuery:
    """A query that has one element at most, which nobody has looked for first yet.

    Attributes:
        statement: the ``for`` statement that goes through it.
    """

    inner: Query
    statement: Site

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        """Visit the element inside the loop that finds it."""
        outer = m.visiting

        def visit(element: Value) -> None:
            m.visiting = outer
            try:
                body(element)
            finally:
                m.visiting = self.statement

        m.visiting = self.statement
        try:
            self.inner.iterate(m, visit)
        finally:
            m.visiting = outer


def with_searches(m: Machine, query: Query, statement: Site) -> Query:
    """Return what a ``for`` statement visits, the parts that have one element at most made known as such."""
    wanted = statement in m.plan.searches

    def marked(part: Query) -> Query:
        if not isinstance(part, LazyQuery) or part.sample is None or not part.sample.single:
            return part
        return FirstQuery(part) if wanted else _SingleQuery(part, statement)

    return concat(*map(marked, parts_of(query)))
