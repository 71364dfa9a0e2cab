"""Queries: collections described by how to visit their elements, and visited only when somebody asks.

``[e for e in state if e.x == x]`` is not built in memory. It is a query, and whatever consumes it (a loop, ``len``,
``any``, an index) is fused with it into one loop that stops at the first hit. The parts of a query keep their structure
visible: all rows of one type, one item, a runtime table; so that index selection and packing can recognise them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from wc_engine.compile.ir import FALSE, TRUE, ZERO, Count, Expr, Kind, Lit, Loop, Op
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Closure,
    Const,
    Frame,
    Num,
    Record,
    Row,
    TupleValue,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.plan import Site
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "LOST",
    "PLACES",
    "ComprehensionQuery",
    "ConcatQuery",
    "ConflictQuery",
    "EnumerateQuery",
    "FilterQuery",
    "GeneratorQuery",
    "GuardedQuery",
    "HashedQuery",
    "ItemQuery",
    "MapQuery",
    "Query",
    "RangeQuery",
    "RowsQuery",
    "TableQuery",
    "concat",
    "items_query",
    "known_items",
    "parts_of",
]

Body = Callable[[Value], None]

PLACES = 64
"""A collection from which something was taken out in a loop has at most so many elements."""


class Query(Protocol):
    """A way to visit elements in order."""

    def iterate(self, m: Machine, body: Body) -> None:
        """Emit code that runs ``body`` for each element. A path may leave early by ``m.leave``."""
        ...


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """One element, there only where ``condition`` holds.

    Attributes:
        hashed: in a set, where the element is an entity that can change: a copy of it as it was when it was put in. The
            set knows it by the hash that it had then.
    """

    value: Value
    condition: Expr = TRUE
    hashed: Value | None = None

    def iterate(self, m: Machine, body: Body) -> None:
        m.when(boolean(self.condition), lambda: body(self.value))


def _is_clear(bits: Expr, place: Expr) -> Expr:
    if bits == ZERO:
        return TRUE
    # Whoever sets bits sees to it that there are no more places than bits.
    bit = Op("shift_left", (Lit(1, Kind.INT), Op("and_", (place, Lit(PLACES - 1, Kind.INT)), Kind.INT)), Kind.INT)
    return Op("eq", (Op("and_", (bits, bit), Kind.INT), ZERO), Kind.BOOL)


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """All rows of one type in a state, in order, less those removed.

    Attributes:
        removed: (condition, row) of the rows that were taken out.
        taken: a bit for each row that was taken out in a loop.
    """

    world: int
    type_name: str
    generation: int = 0
    removed: tuple[tuple[Expr, Expr], ...] = ()
    taken: Expr = ZERO

    @property
    def is_shorter(self) -> bool:
        """Whether rows may have been taken out."""
        return bool(self.removed) or self.taken != ZERO

    def present(self, row: Expr) -> Expr:
        """Return the condition that a row is not taken out."""
        tests: list[Expr] = []
        for condition, other in self.removed:
            gone: Expr = TRUE if row == other else Op("eq", (row, other), Kind.BOOL)
            if condition != TRUE:
                gone = condition if gone == TRUE else Op("and", (condition, gone), Kind.BOOL)
            tests.append(Op("not", (gone,), Kind.BOOL) if gone != TRUE else FALSE)
        if self.taken != ZERO:
            tests.append(_is_clear(self.taken, row))
        if FALSE in tests:
            return FALSE
        return TRUE if not tests else tests[0] if len(tests) == 1 else Op("and", tuple(tests), Kind.BOOL)

    def iterate(self, m: Machine, body: Body) -> None:
        static = m.is_static(self.type_name)
        count = m.row_count(self.world, self.type_name)
        if static and not (isinstance(count, Lit) and m.is_unrolled()):
            count = Count(self.type_name)
        if count == Lit(0, Kind.INT):
            return
        if not static and m.is_single(self.type_name):
            only = Row(self.world, self.type_name, ZERO, self.generation)
            m.when(boolean(self.present(ZERO)), lambda: body(only))
            return
        if isinstance(count, Lit) and m.is_unrolled():
            for number in range(int(count.value)):
                row = Row(self.world, self.type_name, Lit(number, Kind.INT), self.generation)
                m.when(boolean(self.present(row.index)), lambda row=row: body(row))  # type: ignore[misc]
            return
        variable = m.new_var(Kind.INT, "r")

        def visit() -> None:
            row_value = Row(self.world, self.type_name, variable, self.generation)
            m.when(boolean(self.present(variable)), lambda: body(row_value))

        m.loop(
            lambda label, code: Loop(label, variable, count, code, self.type_name if static else None),
            visit,
            rows=self if not self.is_shorter else None,
            row_variable=variable,
        )


@dataclass(frozen=True, slots=True)
class ConcatQuery:
    """The elements of several queries, one after the other."""

    parts: tuple[Query, ...]

    def iterate(self, m: Machine, body: Body) -> None:
        for part in self.parts:
            part.iterate(m, body)


@dataclass(frozen=True, slots=True)
class TableQuery:
    """A list built at run time: ``count`` elements in scratch memory.

    Attributes:
        list_id: which list.
        count: the number of elements.
        taken: a bit for each element that was taken out.
    """

    list_id: int
    count: Expr
    taken: Expr = ZERO

    def iterate(self, m: Machine, body: Body) -> None:
        self.visit_places(m, lambda _, element: body(element))

    def visit_places(self, m: Machine, body: Callable[[Expr, Value], None]) -> None:
        """Run ``body`` for each place that is not taken out, with its element."""
        if self.count == ZERO:
            return
        variable = m.new_var(Kind.INT, "i")
        m.iterated.append(self.list_id)

        def visit() -> None:
            def use() -> None:
                body(variable, m.tables_at_run_time.load(self.list_id, variable))

            m.when(boolean(_is_clear(self.taken, variable)), use)

        try:
            m.loop(lambda label, code: Loop(label, variable, self.count, code), visit)
        finally:
            m.iterated.pop()


@dataclass(frozen=True, slots=True)
class GuardedQuery:
    """The elements of a query, there only where ``condition`` holds."""

    inner: Query
    condition: Expr

    def iterate(self, m: Machine, body: Body) -> None:
        m.when(boolean(self.condition), lambda: self.inner.iterate(m, body))


@dataclass(frozen=True, slots=True)
class RangeQuery:
    """``range(start, stop, step)`` with a constant step."""

    start: Num | Const
    stop: Num | Const
    step: int

    def iterate(self, m: Machine, body: Body) -> None:
        from wc_engine.compile.stage.operators import arithmetic, negate

        start, stop = self.start, self.stop
        if isinstance(start, Const) and isinstance(stop, Const):
            numbers = range(start.value, stop.value, self.step)
            if len(numbers) <= m.limits.unrolled_range:
                for number in numbers:
                    body(Const(number))
                return
        difference = arithmetic(m, "sub", stop, start) if self.step > 0 else arithmetic(m, "sub", start, stop)
        size = Const(abs(self.step))
        rounded = arithmetic(m, "add", difference, Const(abs(self.step) - 1))
        count = arithmetic(m, "floordiv", rounded, size)
        variable = m.new_var(Kind.INT, "i")

        def visit() -> None:
            offset = arithmetic(m, "mul", Num(variable, 0, 2**31), size)
            body(arithmetic(m, "add", start, offset if self.step > 0 else negate(m, offset)))

        m.loop(lambda label, code: Loop(label, variable, m.int_expr(count), code), visit)


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

        def visit(element: Value) -> None:
            m.assign_target(clause.target, element, self.frame)
            self._filter(m, clause.ifs, lambda: self._continue(m, depth, body))
            for node in ast.walk(clause.target):
                if isinstance(node, ast.Name):
                    m.store.cells[self.frame.cells[node.id]] = UNBOUND  # assigned again before anybody reads it

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


@dataclass(frozen=True, slots=True)
class ConflictQuery:
    """Contents that two paths left in forms with nothing in common. Harmless unless they are visited.

    Attributes:
        reason: what happened to them.
        site: where the collection was made; in memory from there on it has one form.
    """

    reason: str
    site: Site = (0, 0)

    def iterate(self, m: Machine, body: Body) -> None:
        m.in_memory(self.site, f"this collection cannot be followed: {self.reason}")


LOST = ConflictQuery("an object that differs between two paths")
"""What is known of an object that two paths left in forms with nothing in common."""

EMPTY = ConcatQuery(())


def parts_of(query: Query) -> tuple[Query, ...]:
    """Return the parts of a query, concatenations flattened."""
    if isinstance(query, ConcatQuery):
        return tuple(part for inner in query.parts for part in parts_of(inner))
    return (query,)


def concat(*queries: Query) -> Query:
    """Return the concatenation, flattened."""
    parts = tuple(part for query in queries for part in parts_of(query))
    return parts[0] if len(parts) == 1 else ConcatQuery(parts)


def items_query(values: tuple[Value, ...]) -> Query:
    """Return a query over values known one by one."""
    return concat(*(ItemQuery(value) for value in values))


def known_items(query: Query) -> tuple[Value, ...] | None:
    """Return the elements where all of them are known one by one, else None."""
    values = []
    for part in parts_of(query):
        if not isinstance(part, ItemQuery) or part.condition != TRUE:
            return None
        values.append(part.value)
    return tuple(values)
