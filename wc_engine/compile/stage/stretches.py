"""Lists inside lists: the elements of each lie side by side in one memory, and whoever holds such a list knows where.

``grid = [[' '] * width for _ in range(height)]`` makes ``height`` lists of which nobody knows the number before the
program runs. When a list is put into one that lies in memory, its elements go to a *pool*, and what the outer list
holds is where they begin and how many there are. So ``row = grid[y]`` and ``grid[y]`` are one list, as they are in
Python: both say where it lies, and what is assigned through one of them is read through the other. The length of a list
in a pool stays as it is; making it longer is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Expr, Kind, Loop, Op
from wc_engine.compile.stage.values import Const, Finite, Num, Record, TupleValue, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import Query, TableQuery

__all__ = ["PartQuery", "RepeatQuery", "StretchQuery", "is_plain", "repeated"]


@dataclass(frozen=True, slots=True)
class StretchQuery:
    """The elements of a list in a pool.

    Attributes:
        list_id: the pool.
        start: the place of the first element there.
        count: the number of elements.
    """

    list_id: int
    start: Expr
    count: Expr

    def place(self, m: Machine, offset: Expr) -> Expr:
        """Return where in the pool the element at an offset lies."""
        return offset if self.start == ZERO else m.temp(Op("add", (self.start, offset), Kind.INT))

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        variable = m.new_var(Kind.INT, "i")

        def visit() -> None:
            body(m.tables_at_run_time.load(self.list_id, self.place(m, variable)))

        m.loop(lambda label, code: Loop(label, variable, self.count, code), visit)


@dataclass(frozen=True, slots=True)
class PartQuery:
    """The elements of a list in memory from ``start`` on, ``count`` of them."""

    table: TableQuery
    start: Expr
    count: Expr

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        variable = m.new_var(Kind.INT, "i")

        def visit() -> None:
            place = variable if self.start == ZERO else m.temp(Op("add", (self.start, variable), Kind.INT))
            body(m.tables_at_run_time.load(self.table.list_id, place))

        m.loop(lambda label, code: Loop(label, variable, self.count, code), visit)


@dataclass(frozen=True, slots=True)
class RepeatQuery:
    """``items * count``: all of some elements, again and again."""

    items: Query
    count: Expr

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        variable = m.new_var(Kind.INT, "i")
        m.loop(lambda label, code: Loop(label, variable, self.count, code), lambda: self.items.iterate(m, body))


def is_plain(value: Value) -> bool:
    """Whether a value has no identity that anybody could ask for."""
    if isinstance(value, (TupleValue, Record)):
        return all(map(is_plain, value.items))
    return isinstance(value, (Const, Num, Finite))


def repeated(m: Machine, items: Query, number: Num) -> Query:
    """Return the elements of ``items * number``: none where that is negative."""
    known = number.low is not None and number.low >= 0
    return RepeatQuery(items, m.temp(number.expr if known else Op("max", (number.expr, ZERO), Kind.INT)))
