"""What a path has found out about collections: asked again, it is not searched for again.

``front = [e for e in state if (e.x, e.y) == ahead]`` is a query, and programs ask it many things: ``if front``,
``front[0].name == 'Door'``, ``len(front) == 1``. A query stands for its elements as they were when it was made, so an
answer stays true. What is more, answers hang together: behind ``front[0].name == 'Door'``, ``front[0]`` is a door.

So do those of lists made of a list, element by element: ``kinds = [type(e).__name__ for e in front]``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.stage.comprehensions import ComprehensionQuery
from wc_engine.compile.stage.freezing import freeze
from wc_engine.compile.stage.laziness import LazyQuery
from wc_engine.compile.stage.queries import GuardedQuery, ItemQuery, Query, RowsQuery, parts_of
from wc_engine.compile.stage.values import UNBOUND, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["Mapped", "answer", "element_of_mapped", "mapped_from", "note_mapped"]


@dataclass(frozen=True, eq=False, slots=True)
class Mapped:
    """A list made of another one, element by element.

    Attributes:
        visit: the comprehension, with the variables that it reads as they were.
        clock: when it was made.
    """

    visit: ComprehensionQuery
    clock: int


def answer(m: Machine, question: str, query: Query, find: Callable[[], Value]) -> Value:
    """Return what ``find`` finds out about a query: as it was found before on this path, where it cannot change."""
    if not all(_is_lasting(part) for part in parts_of(query)):
        return find()
    key = (question, query)
    known = m.store.answers.get(key)
    if known is None:
        known = find()
        m.store.answers[key] = known
    return known


def _is_lasting(part: Query) -> bool:
    """Whether a part means the same elements at any time."""
    if isinstance(part, GuardedQuery):
        return _is_lasting(part.inner)
    return isinstance(part, (LazyQuery, RowsQuery, ItemQuery))


def note_mapped(m: Machine, query: Query, visit: ComprehensionQuery) -> None:
    """Note what a list was made of, where that was a comprehension that leaves nothing out."""
    if not isinstance(visit.node, ast.ListComp):
        return
    (clause, *others) = visit.node.generators
    parts = parts_of(query)
    if others or clause.ifs or not parts or not all(isinstance(part, (LazyQuery, ItemQuery)) for part in parts):
        return
    if any(isinstance(part, LazyQuery) for part in parts) and all(map(_is_lasting, parts_of(visit.source))):
        frozen = freeze(m, visit)
        assert isinstance(frozen, ComprehensionQuery)
        m.mapped[query] = Mapped(frozen, m.clock)


def mapped_from(m: Machine, query: Query) -> Query:
    """Return a query of as many elements: what a list was made of, element by element, or the query itself."""
    while query in m.mapped:
        query = m.mapped[query].visit.source
    return query


def element_of_mapped(m: Machine, mapped: Mapped, element: Value) -> Value | None:
    """Return what a comprehension made of an element; None where what it reads has changed since."""
    visit = mapped.visit
    assert isinstance(visit.node, ast.ListComp)
    reads: set[tuple[object, ...]] = set()
    m.reads.append(reads)
    try:
        m.assign_target(visit.node.generators[0].target, element, visit.frame)
        result = m.evaluate(visit.node.elt, visit.frame)
    finally:
        m.reads.pop()
        m.store.cells.update(dict.fromkeys(visit.frame.cells.values(), UNBOUND))
    return None if any(m.store.last_write(key) > mapped.clock for key in reads) else result
