"""Which values the integers of a function can take, as far as their assignments show it.

Nothing is rewritten here: other passes ask. What a column holds lies in its domain (or not far from it: see
``columns.py``), because every write is guarded. An integer that depends on itself is followed for a few rounds, and is
unbounded where it still grows then.
"""

from __future__ import annotations

from wc_engine.compile.columns import while_running
from wc_engine.compile.ir import (
    Assign,
    ChainLoop,
    Count,
    DynamicColumn,
    Expr,
    Kind,
    Lit,
    Load,
    Loop,
    Op,
    StaticColumn,
    Stmt,
    TableArray,
    Unpack,
    Var,
)
from wc_engine.compile.passes.walk import statements
from wc_engine.state.schema import IntDomain, Schema

__all__ = ["Interval", "Ranges"]

Interval = tuple[int, int] | None
"""The least and the greatest value; None where nothing is known."""

_ROUNDS = 4
_LIMIT = 1 << 40


class Ranges:
    """The intervals of a function's variables.

    Args:
        body: the function.
        schema: entity types and domains.
        tables: the constant tables, by number.
        known: intervals of the function's parameters.
    """

    def __init__(
        self,
        body: list[Stmt],
        schema: Schema,
        tables: tuple[tuple[int, ...], ...],
        known: dict[Var, tuple[int, int]],
    ) -> None:
        self._schema = schema
        self._tables = tables
        self._values: dict[Var, Interval] = {}
        self._seen: set[Var] = set()
        assigned: dict[Var, list[Expr]] = {}
        for statement in statements(body):
            if isinstance(statement, Assign):
                assigned.setdefault(statement.target, []).append(statement.value)
            elif isinstance(statement, (Loop, ChainLoop)):
                self._values[statement.variable] = (0, _LIMIT)
            elif isinstance(statement, Unpack) and statement.count is not None:
                self._values[statement.count] = (0, _LIMIT)
        self._values |= known
        self._seen |= set(self._values)
        self._settle({var: values for var, values in assigned.items() if var.kind is Kind.INT and var not in known})

    def _settle(self, assigned: dict[Var, list[Expr]]) -> None:
        """Go round the assignments until nothing grows; what grows for long is unbounded."""
        # Every variable starts as 0, which a path may leave it at.
        for variable in assigned:
            self._values[variable] = (0, 0)
            self._seen.add(variable)
        for turn in range(2 * _ROUNDS + len(assigned)):
            changed = False
            for variable, values in assigned.items():
                old = self._values[variable]
                new = old
                for value in values:
                    new = _hull(new, self.of(value))
                if new != old:
                    self._values[variable] = None if turn >= _ROUNDS else new
                    changed = True
            if not changed:
                return
        for variable in assigned:
            self._values[variable] = None

    def of(self, expr: Expr) -> Interval:
        """Return the interval of an integer expression."""
        if isinstance(expr, Lit):
            return (int(expr.value), int(expr.value)) if expr.kind is Kind.INT else None
        if isinstance(expr, Var):
            return self._values.get(expr) if expr in self._seen else None
        if isinstance(expr, Count):
            return 0, _LIMIT
        if isinstance(expr, Load):
            return self._of_load(expr)
        return self._of_operation(expr)

    def _of_load(self, load: Load) -> Interval:
        array = load.array
        if isinstance(array, (StaticColumn, DynamicColumn)):
            entity_type = self._schema.type(array.type_name)
            domain = None if entity_type is None else entity_type.domain(array.attribute)
            if domain is None:
                return None
            if isinstance(array, DynamicColumn):
                domain = while_running(domain, array.attribute)
            return (domain.low, domain.high) if isinstance(domain, IntDomain) else (0, domain.size - 1)
        if isinstance(array, TableArray):
            table = self._tables[array.index]
            return min(table), max(table)
        return None

    def _of_operation(self, op: Op) -> Interval:
        if op.kind is not Kind.INT:
            return None
        if op.name == "int_of_bool":
            return 0, 1
        if op.name == "select":
            return _hull(self.of(op.args[1]), self.of(op.args[2]))
        sides = [self.of(argument) for argument in op.args]
        if sides[0] is None:
            return None
        (a, b) = sides[0]
        if op.name == "neg":
            return -b, -a
        if op.name == "abs":
            return (0 if a <= 0 <= b else min(abs(a), abs(b))), max(abs(a), abs(b))
        if len(sides) < 2 or sides[1] is None:
            return None
        (c, d) = sides[1]
        if op.name == "add":
            return _bounded(a + c, b + d)
        if op.name == "sub":
            return _bounded(a - d, b - c)
        if op.name == "mul":
            corners = (a * c, a * d, b * c, b * d)
            return _bounded(min(corners), max(corners))
        if op.name == "mod" and c > 0:
            return 0, d - 1
        return None


def _bounded(low: int, high: int) -> Interval:
    return (low, high) if low >= -_LIMIT and high <= _LIMIT else None


def _hull(first: Interval, second: Interval) -> Interval:
    if first is None or second is None:
        return None
    return min(first[0], second[0]), max(first[1], second[1])
