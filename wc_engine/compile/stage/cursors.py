"""Iterators that are used more than once: their elements and a position, which whoever takes some moves on.

An iterator is a query that is visited where it is used up. One that is found to be used again gets a position from the
start (staging starts again); what it visits must then be the same at all times: nothing that it reads may change, and
what it computes may neither raise nor change anything.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, Forever, Kind, Op
from wc_engine.compile.stage.arrays import ReversedQuery, memory_of
from wc_engine.compile.stage.comprehensions import ComprehensionQuery, EnumerateQuery, GeneratorQuery
from wc_engine.compile.stage.functions import local_names
from wc_engine.compile.stage.laziness import LazyQuery, inspect_query
from wc_engine.compile.stage.places import count, element_at
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery, TableQuery, parts_of
from wc_engine.compile.stage.values import NONE, Closure, Conflict, Const, Frame, Num, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = ["CursorQuery", "cursor"]


@dataclass(frozen=True, eq=False, slots=True)
class CursorQuery:
    """The elements of a query that nobody has taken yet.

    Attributes:
        elements: all elements, each reached by its position.
        cell: holds how many were taken.
        reads: the columns and objects that the elements depend on.
        variables: the cells that they depend on, with what these held.
        made: when the iterator was made.
    """

    elements: Query
    cell: int
    reads: frozenset[tuple[object, ...]]
    variables: tuple[tuple[int, Value], ...]
    made: int

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        total = m.int_expr(count(m, self.elements))

        def run(handle: BlockHandle) -> Value:
            def visit() -> None:
                self._check(m)
                position = m.int_expr(m.store.cells[self.cell])
                m.when(boolean(Op("ge", (position, total), Kind.BOOL)), lambda: m.leave(handle))
                element = element_at(m, self.elements, Num(position, 0, 2**31))
                m.store.cells[self.cell] = Num(m.temp(Op("add", (position, m.int_expr(Const(1))), Kind.INT)), 0, 2**31)
                body(element)

            m.forever(lambda label, code: Forever(label, code), visit)
            return NONE

        m.block("rest", run)

    def _check(self, m: Machine) -> None:
        if self.cell not in m.store.cells or isinstance(m.store.cells[self.cell], Conflict):
            m.unsupported("an iterator whose position is not known here")
        for key in self.reads:
            m.note_read(key)
            if m.store.last_write(key) > self.made:
                m.unsupported("an iterator is used again after what it goes through has changed")
        if any(m.store.cells.get(cell) != value for cell, value in self.variables):
            m.unsupported("an iterator is used again after a variable that it reads has changed")


def cursor(m: Machine, query: Query, watched: frozenset[tuple[object, ...]] | None) -> CursorQuery:
    """Return an iterator's elements with a position.

    Args:
        watched: the objects that it goes through, where they are known; else it may go through any that there is.
    """
    reads, raises, changes = inspect_query(m, query)
    if raises or changes:
        m.unsupported("an iterator is used again whose elements cannot be computed beforehand")
    if watched is None:
        watched = frozenset(("heap", object_id) for object_id in m.store.heap)
    variables = _variables(m, query)
    known = all(isinstance(part, (TableQuery, RowsQuery)) or _is_item(part) for part in parts_of(query))
    whole = known and not any(isinstance(part, RowsQuery) and part.removed for part in parts_of(query))
    elements = query if whole else memory_of(m, query, 22)
    cell = m.new_cell(Num(m.int_expr(Const(0)), 0, 0))
    m.lasting_cells.add(cell)
    return CursorQuery(elements, cell, reads | watched, variables, m.clock)


def _is_item(part: Query) -> bool:
    return isinstance(part, ItemQuery) and part.condition == TRUE


def _variables(m: Machine, query: Query) -> tuple[tuple[int, Value], ...]:
    """The cells that a query's elements depend on: others may assign them between two uses."""
    result: dict[int, Value] = {}
    for part in parts_of(query):
        if isinstance(part, EnumerateQuery):
            result |= dict(_variables(m, part.source))
        elif isinstance(part, ComprehensionQuery):
            result |= dict(_variables(m, part.source))
            _note(m, part.node, part.frame.parent, set(part.frame.cells), result)
        elif isinstance(part, GeneratorQuery):
            function = part.function
            _note(m, function.node, function.frame, set(local_names(function.node)), result)
        elif not isinstance(part, (ItemQuery, RowsQuery, TableQuery, ReversedQuery, LazyQuery)):
            m.unsupported("an iterator of this kind is used again")
    return tuple(result.items())


def _note(m: Machine, node: ast.AST, outside: Frame | None, own: set[str], result: dict[int, Value]) -> None:
    """Note the variables around a comprehension or function that it mentions."""
    for name in {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)} - own:
        scope = outside
        while scope is not None and name not in scope.cells:
            scope = scope.parent
        value = m.store.cells.get(scope.cells[name]) if scope is not None else None
        if isinstance(value, Closure) and value.frame.parent is not None:
            m.unsupported("an iterator is used again that calls a function with variables of its own")
        if scope is not None and value is not None:
            result[scope.cells[name]] = value
