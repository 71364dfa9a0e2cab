"""Freezing: queries that are visited later see the variables as they are now.

A list stands for its elements as they were when it was made, but is visited only when somebody asks. What its
comprehension reads of the variables around it is copied to cells of its own, which nobody assigns.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage.arrays import StarMapQuery, ZipQuery
from wc_engine.compile.stage.comprehensions import (
    BodyQuery,
    ComprehensionQuery,
    EnumerateQuery,
    FilterQuery,
    GeneratorQuery,
    HashedQuery,
    MapQuery,
)
from wc_engine.compile.stage.queries import ConcatQuery, Query
from wc_engine.compile.stage.values import Closure, Conflict, Frame, Partial, Record, TupleValue, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["freeze"]


def freeze(m: Machine, query: Query) -> Query:
    """Return the query with the variables that it reads as they are now."""
    return _Freezer(m).query(query)


class _Freezer:
    """Copies scopes, only the names that are read of them, and the functions that see them."""

    def __init__(self, m: Machine) -> None:
        self._m = m
        self._frames: dict[int, Frame] = {}
        self._closures: dict[int, Closure] = {}

    def query(self, query: Query) -> Query:
        """Return a query that reads copies."""
        if isinstance(query, ComprehensionQuery):
            parent = query.frame.parent
            assert parent is not None
            first, *others = query.node.generators
            element = query.node.elt if not isinstance(query.node, ast.DictComp) else query.node.key
            more = [query.node.value] if isinstance(query.node, ast.DictComp) else []
            for part in (element, *more, first.target, *first.ifs, *others):  # what it goes through is known
                self._names(part, parent)
            own = Frame(query.frame.cells, self._frame(parent), query.frame.name)
            return replace(query, source=self.query(query.source), frame=own)
        if isinstance(query, BodyQuery):
            parent = query.frame.parent
            assert parent is not None
            for node in (query.loop.target, *query.loop.body, query.pair):
                self._names(node, parent)
            own = Frame(query.frame.cells, self._frame(parent), query.frame.name)
            return replace(query, source=self.query(query.source), frame=own)
        if isinstance(query, (MapQuery, FilterQuery)):
            return replace(query, source=self.query(query.source), function=self._value(query.function))
        if isinstance(query, StarMapQuery):
            return replace(query, source=self.query(query.source), function=self._value(query.function))
        if isinstance(query, ZipQuery):
            return replace(query, first=self.query(query.first))
        if isinstance(query, (EnumerateQuery, HashedQuery)):
            return replace(query, source=self.query(query.source))
        if isinstance(query, ConcatQuery):
            return ConcatQuery(tuple(map(self.query, query.parts)))
        if isinstance(query, GeneratorQuery):
            function = self._value(query.function)
            assert isinstance(function, Closure)
            return GeneratorQuery(function, tuple((name, self._value(value)) for name, value in query.bound))
        return query

    def _frame(self, frame: Frame) -> Frame:
        if frame.parent is None:
            return frame  # the module's
        known = self._frames.get(id(frame))
        if known is None:
            known = self._frames[id(frame)] = Frame({}, self._frame(frame.parent), frame.name)
        return known

    def _names(self, node: ast.AST, frame: Frame) -> None:
        """Copy the variables of the scopes from ``frame`` outwards that a node mentions."""
        for inner in ast.walk(node):
            scope: Frame | None = frame if isinstance(inner, ast.Name) else None
            name = inner.id if isinstance(inner, ast.Name) else ""
            while scope is not None and name not in scope.cells:
                scope = scope.parent
            if scope is None or scope.parent is None:
                continue
            copies = self._frame(scope).cells
            if name not in copies:
                copies[name] = self._m.new_cell(Conflict("it was not known when a collection was made"))
                self._m.lasting_cells.add(copies[name])
                value = self._m.store.cells.get(scope.cells[name])
                if value is not None:
                    self._m.store.cells[copies[name]] = self._value(value)

    def _value(self, value: Value) -> Value:
        if isinstance(value, Closure) and value.frame.parent is not None:
            known = self._closures.get(id(value))
            if known is None:
                known = replace(value, frame=self._frame(value.frame))
                self._closures[id(value)] = known
                self._names(value.node, value.frame)
            return known
        if isinstance(value, Partial):
            arguments = tuple(map(self._value, value.arguments))
            keywords = tuple((name, self._value(item)) for name, item in value.keywords)
            return Partial(self._value(value.function), arguments, keywords)
        if isinstance(value, TupleValue):
            return TupleValue(tuple(map(self._value, value.items)))
        if isinstance(value, Record):
            return replace(value, items=tuple(map(self._value, value.items)))
        return value
