"""Copies of the entities of a state beside something else: ``{e.name: copy(e) for e in state}``.

Each copy is a row of its own, as after a deep copy of the state: it lies where the original lies, and whoever reads the
original behind a change of the copy is noticed. So nothing is copied at run time, and copies can change.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage.comprehensions import BodyQuery, ComprehensionQuery, HashedQuery
from wc_engine.compile.stage.entities import copies_row
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery
from wc_engine.compile.stage.values import NONE, Const, Finite, Num, Row, TupleValue, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["CopiedQuery", "CopiedRows", "copied_rows", "visit_of", "without_copies"]

Visit = ComprehensionQuery | BodyQuery


def visit_of(query: Query) -> Visit | None:
    """Return the comprehension, or body of a loop, that a query is, or hashes the elements of."""
    inner = query.source if isinstance(query, HashedQuery) else query
    return inner if isinstance(inner, (ComprehensionQuery, BodyQuery)) else None


@dataclass(frozen=True, eq=False, slots=True)
class CopiedQuery:
    """Tuples, one for each row, with the copy of the row at some of their places.

    Attributes:
        visit: makes the tuple of a row.
        rows: the copies.
        places: where in a tuple the copy stands.
        whole: whether ``visit`` makes the copy, too, and not only the other items.
    """

    visit: Visit
    rows: RowsQuery
    places: tuple[int, ...]
    whole: bool

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        def at_row(row: Value) -> None:
            # Making the copy reads all of the row; whoever wants the tuple depends on the rest of it alone.
            outer, m.reads = m.reads, []

            def visit(element: Value) -> None:
                inside, m.reads = m.reads, outer
                try:
                    body(self._with_copy(m.known_elements(element), row))
                finally:
                    m.reads = inside

            try:
                replace(self.visit, source=ItemQuery(row)).iterate(m, visit)
            finally:
                m.reads = outer

        self.rows.iterate(m, at_row)

    def _with_copy(self, items: list[Value], row: Value) -> TupleValue:
        if self.whole:
            return TupleValue(tuple(row if place in self.places else item for place, item in enumerate(items)))
        for place in self.places:
            items.insert(place, row)
        return TupleValue(tuple(items))


def without_copies(visit: Visit, places: tuple[int, ...]) -> ComprehensionQuery | None:
    """Return a visit of the other items alone; None where they cannot be told from the making of the copies."""
    made: set[str] = set()
    if isinstance(visit, BodyQuery):
        loop = visit.loop
        elements, generators = visit.pair.elts, [ast.comprehension(loop.target, loop.iter, [], 0)]
        made = set(visit.frame.cells) - _names(loop.target)
    elif isinstance(visit.node, ast.DictComp):
        elements, generators = [visit.node.key, visit.node.value], visit.node.generators
    elif isinstance(visit.node.elt, ast.Tuple):
        elements, generators = visit.node.elt.elts, visit.node.generators
    else:
        return None
    rest = [element for place, element in enumerate(elements) if place not in places]
    if made & _names(*rest) or any(isinstance(element, ast.Starred) for element in elements) or not rest:
        return None
    node = ast.GeneratorExp(ast.copy_location(ast.Tuple(rest, ast.Load()), rest[0]), generators)
    return ComprehensionQuery(ast.copy_location(node, rest[0]), visit.source, visit.frame)


def _names(*nodes: ast.AST) -> set[str]:
    return {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}


@dataclass(frozen=True, slots=True)
class CopiedRows:
    """What a trial visit showed of tuples with copies.

    Attributes:
        places: where in a tuple the copy stands.
        element: the tuple of a row.
        row: that row.
        reads: the columns that the rest of the tuple depends on.
    """

    places: tuple[int, ...]
    element: TupleValue
    row: Row
    reads: frozenset[tuple[object, ...]]


def copied_rows(m: Machine, rows: RowsQuery, visit: Visit) -> CopiedRows | None:
    """Return what is known of the tuples that are made of rows; None where they do not hold copies of these."""
    found: list[CopiedRows | None] = []

    def at_row(row: Value) -> None:
        assert isinstance(row, Row)
        buffer, number = m.buffer, len(found)

        def element(value: Value) -> None:
            found.append(_seen(m, value, row) if m.buffer is buffer else None)

        replace(visit, source=ItemQuery(row)).iterate(m, element)
        if len(found) != number + 1:
            found.append(None)

    def run() -> Value:
        rows.iterate(m, at_row)
        return NONE

    m.trial(run)
    return found[-1] if found and None not in found and len({one.places for one in found if one}) == 1 else None


def _seen(m: Machine, value: Value, row: Row) -> CopiedRows | None:
    if not isinstance(value, TupleValue):
        return None
    places = tuple(place for place, item in enumerate(value.items) if copies_row(m, item, row))
    rest = [_columns_of(m, item, row) for place, item in enumerate(value.items) if place not in places]
    reads = frozenset(key for keys in rest if keys is not None for key in keys)
    return CopiedRows(places, value, row, reads) if places and None not in rest else None


def _columns_of(m: Machine, value: Value, row: Row) -> frozenset[tuple[object, ...]] | None:
    """Return the columns of a row that a value was read from; None where it comes from elsewhere, too."""
    if isinstance(value, Const):
        return frozenset()
    if isinstance(value, TupleValue):
        parts = [_columns_of(m, item, row) for item in value.items]
        return None if None in parts else frozenset(key for part in parts if part is not None for key in part)
    origin = (
        m.origin_of(value.expr if isinstance(value, Num) else value.index) if isinstance(value, (Num, Finite)) else None
    )
    if origin is None or origin[0] != row.type_name or origin[2] != row.index:
        return None
    return frozenset({(row.world, row.type_name, origin[1])})
