"""The abstract state of one path. Where paths meet, ``templates.py`` makes the states of several into one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wc_engine.compile.ir import Expr, Kind, Lit, Var
from wc_engine.compile.stage.heap_objects import HeapObject
from wc_engine.compile.stage.queries import Query
from wc_engine.compile.stage.values import Const, Finite, Num, Value

__all__ = ["Store", "finite_values", "number_of"]


@dataclass(slots=True)
class Store:
    """What is known on one path.

    Attributes:
        cells: the value of each variable, by cell number.
        heap: the contents of each object.
        facts: the values that a finite index can still take, where fewer than all.
        epochs: when each thing was last written: (world, type, attribute, row) of columns, ("heap", number) of objects,
            ("taken", iterator) of iterators that were used, ("copied", world, generation, place) of rows that were.
        answers: what was found out about collections that mean the same at any time (``remembered.py``).
        read: the variables into which columns were read, by (world, type, attribute, row).
    """

    cells: dict[int, Value] = field(default_factory=dict)
    heap: dict[int, HeapObject] = field(default_factory=dict)
    facts: dict[Expr, frozenset[int]] = field(default_factory=dict)
    epochs: dict[tuple[Any, ...], int] = field(default_factory=dict)
    answers: dict[tuple[str, Query], Value] = field(default_factory=dict)
    read: dict[tuple[int, str, str, Expr], Var] = field(default_factory=dict)

    def last_write(self, key: tuple[Any, ...], *, but_row: Expr | None = None) -> int:
        """Return when a column (world, type, attribute) or object was last written, 0 for never.

        Args:
            but_row: writes to this row do not count.
        """
        size = len(key)
        return max(
            (clock for written, clock in self.epochs.items() if written[:size] == key and written[size:] != (but_row,)),
            default=0,
        )

    def written(self) -> dict[tuple[Any, ...], int]:
        """Return the epochs of what programs can read: that an iterator was used, or what copied, is none of these."""
        return {key: clock for key, clock in self.epochs.items() if key[0] not in ("taken", "copied")}

    def copy(self) -> Store:
        """Return a copy that can be changed without changing this one."""
        copies = (dict(self.cells), dict(self.heap), dict(self.facts), dict(self.epochs), dict(self.answers))
        return Store(*copies, dict(self.read))


def number_of(value: Value) -> tuple[Kind, Expr, int | None, int | None] | None:
    """Return (kind, expression, low, high) of a value that is one number, else None."""
    if isinstance(value, Num):
        return value.kind, value.expr, value.low, value.high
    if isinstance(value, Const):
        number = value.value
        if type(number) is bool:
            return Kind.BOOL, Lit(number, Kind.BOOL), int(number), int(number)
        if type(number) is int and -(2**63) <= number < 2**63:
            return Kind.INT, Lit(number, Kind.INT), number, number
        if type(number) is float:
            return Kind.FLOAT, Lit(number, Kind.FLOAT), None, None
    return None


def finite_values(value: Value) -> tuple[Any, ...] | None:
    """Return the constants that a value can be, ``MISSING`` included, or None where it is no finite choice."""
    if isinstance(value, Const):
        return (value.value,)
    if isinstance(value, Finite):
        return value.values
    return None
