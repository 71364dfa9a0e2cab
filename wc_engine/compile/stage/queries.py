"""Queries: collections described by how to visit their elements, and visited only when somebody asks.

``[e for e in state if e.x == x]`` is not built in memory. It is a query, and whatever consumes it (a loop, ``len``,
``any``, an index) is fused with it into one loop that stops at the first hit. The parts of a query keep their structure
visible: all rows of one type, one item, a runtime table; so that index selection and packing can recognise them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from wc_engine.compile.ir import FALSE, TRUE, ZERO, Count, Expr, Kind, Lit, Loop, Op
from wc_engine.compile.stage.values import (
    Const,
    Num,
    Row,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.plan import Site
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "LOST",
    "PLACES",
    "Body",
    "ConcatQuery",
    "ConflictQuery",
    "GuardedQuery",
    "ItemQuery",
    "Query",
    "RangeQuery",
    "RowsQuery",
    "TableQuery",
    "concat",
    "is_clear",
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


def is_clear(bits: Expr, place: Expr) -> Expr:
    """Return the condition that the bit of a place is not set."""
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
        hashed: in a set, whether it knows the rows by the hashes that they had in the state that was given.
    """

    world: int
    type_name: str
    generation: int = 0
    removed: tuple[tuple[Expr, Expr], ...] = ()
    taken: Expr = ZERO
    hashed: bool = False

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
            tests.append(is_clear(self.taken, row))
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
            rows=replace(self, hashed=False) if not self.is_shorter else None,
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

            m.when(boolean(is_clear(self.taken, variable)), use)

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
