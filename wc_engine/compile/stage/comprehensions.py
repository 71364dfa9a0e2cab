"""Queries that run code of the program for each element: comprehensions, map, filter and generators."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.stage.queries import Body, Query
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Closure,
    Const,
    Frame,
    Record,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "BodyQuery",
    "ComprehensionQuery",
    "EnumerateQuery",
    "FilterQuery",
    "GeneratorQuery",
    "HashedQuery",
    "MapQuery",
]


@dataclass(frozen=True, eq=False, slots=True)
class ComprehensionQuery:
    """A comprehension or generator expression from its ``depth``-th ``for`` on.

    Attributes:
        node: the comprehension.
        source: what the first ``for`` visits, evaluated where the comprehension stands.
        frame: its scope.
        apart: where an element is one thing or another (``a if c else b``), each is visited on its own path.
    """

    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    source: Query
    frame: Frame
    apart: bool = False

    def iterate(self, m: Machine, body: Body) -> None:
        self._visit(m, 0, self.source, body)

    def _visit(self, m: Machine, depth: int, source: Query, body: Body) -> None:
        clause = self.node.generators[depth]
        own = [self.frame.cells[node.id] for node in ast.walk(clause.target) if isinstance(node, ast.Name)]
        # Unbound; but where somebody who visits these elements visits them again for each, what they are there.
        before = {cell: m.store.cells.get(cell, UNBOUND) for cell in own}

        def visit(element: Value) -> None:
            m.assign_target(clause.target, element, self.frame)
            self._filter(m, clause.ifs, lambda: self._continue(m, depth, body))
            m.store.cells.update(before)

        source.iterate(m, visit)

    def _filter(self, m: Machine, conditions: list[ast.expr], then: Callable[[], None]) -> None:
        if not conditions:
            then()
            return
        condition = m.condition(conditions[0], self.frame)
        m.when(condition, lambda: self._filter(m, conditions[1:], then))

    def _continue(self, m: Machine, depth: int, body: Body) -> None:
        if depth + 1 < len(self.node.generators):
            inner = m.iterable(m.evaluate(self.node.generators[depth + 1].iter, self.frame))
            self._visit(m, depth + 1, inner, body)
            return
        if self.apart and not isinstance(self.node, ast.DictComp) and isinstance(self.node.elt, ast.IfExp):
            self._either(m, self.node.elt, body)
            return
        element: Value
        if isinstance(self.node, ast.DictComp):
            element = TupleValue((m.evaluate(self.node.key, self.frame), m.evaluate(self.node.value, self.frame)))
        else:
            element = m.evaluate(self.node.elt, self.frame)
        if isinstance(self.node, ast.SetComp):
            from wc_engine.compile.stage.hashes import check_hash

            check_hash(m, element)
        if _outlives(element, self.frame):
            m.unsupported("a function is made in a comprehension and used outside")
        body(element)

    def _either(self, m: Machine, element: ast.IfExp, body: Body) -> None:
        def visit(node: ast.expr) -> Value:
            body(m.evaluate(node, self.frame))
            return NONE

        m.branch(m.condition(element.test, self.frame), lambda: visit(element.body), lambda: visit(element.orelse))


@dataclass(frozen=True, eq=False, slots=True)
class BodyQuery:
    """Pairs that the rounds of a loop put in a dict, one for each element.

    Attributes:
        loop: the loop; its body is what comes before ``dict[key] = value``.
        pair: the key and the value, as a tuple.
        source: what it goes through.
        frame: a scope for the loop's variables.
    """

    loop: ast.For
    pair: ast.Tuple
    source: Query
    frame: Frame

    def iterate(self, m: Machine, body: Body) -> None:
        def visit(element: Value) -> None:
            for cell in self.frame.cells.values():
                m.store.cells[cell] = UNBOUND
            m.assign_target(self.loop.target, element, self.frame)
            m.execute(self.loop.body, self.frame)
            body(m.evaluate(self.pair, self.frame))
            for cell in self.frame.cells.values():
                m.store.cells[cell] = UNBOUND

        self.source.iterate(m, visit)


def _outlives(element: Value, frame: Frame) -> bool:
    """Whether an element holds a function that can see a comprehension's variables, which go on changing."""
    if isinstance(element, (TupleValue, Record)):
        return any(_outlives(item, frame) for item in element.items)
    scope = element.frame if isinstance(element, Closure) else None
    while scope is not None and scope is not frame:
        scope = scope.parent
    return scope is frame


@dataclass(frozen=True, eq=False, slots=True)
class MapQuery:
    """``map(function, source)``."""

    function: Value
    source: Query

    def iterate(self, m: Machine, body: Body) -> None:
        self.source.iterate(m, lambda element: body(m.call(self.function, (element,), {})))


@dataclass(frozen=True, eq=False, slots=True)
class FilterQuery:
    """``filter(function, source)``; None keeps what is true."""

    function: Value
    source: Query

    def iterate(self, m: Machine, body: Body) -> None:
        def visit(element: Value) -> None:
            kept = element if self.function == NONE else m.call(self.function, (element,), {})
            m.when(m.truth(kept), lambda: body(element))

        self.source.iterate(m, visit)


@dataclass(frozen=True, eq=False, slots=True)
class HashedQuery:
    """The elements of a source on their way into a set."""

    source: Query

    def iterate(self, m: Machine, body: Body) -> None:
        from wc_engine.compile.stage.hashes import check_hash

        def visit(element: Value) -> None:
            check_hash(m, element)
            body(element)

        self.source.iterate(m, visit)


@dataclass(frozen=True, eq=False, slots=True)
class EnumerateQuery:
    """``enumerate(source, start)``."""

    source: Query
    start: Value

    def iterate(self, m: Machine, body: Body) -> None:
        from wc_engine.compile.stage.operators import arithmetic

        cell = m.new_cell(self.start)

        def visit(element: Value) -> None:
            position = m.store.cells[cell]
            m.store.cells[cell] = arithmetic(m, "add", position, Const(1), bounded=True)
            body(TupleValue((position, element)))

        self.source.iterate(m, visit)


@dataclass(frozen=True, eq=False, slots=True)
class GeneratorQuery:
    """A call of a generator function: its body runs around the consumer's.

    Attributes:
        function: the function.
        bound: its parameters, with the arguments.
    """

    function: Closure
    bound: tuple[tuple[str, Value], ...]

    def iterate(self, m: Machine, body: Body) -> None:
        m.run_generator(self.function, dict(self.bound), body)
