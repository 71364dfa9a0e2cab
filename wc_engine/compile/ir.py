"""The intermediate representation: typed expressions without effects, and structured statements.

Expressions are immutable trees over 64-bit integers, floats and truth values; they may be evaluated anywhere and any
number of times. Reads of memory that a program can change are statements (``Assign`` of a ``Load``), so that a tree
never changes its meaning. Control flow is structured: a ``Block`` is a labelled region that ``Break`` leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

__all__ = [
    "FALSE",
    "TRUE",
    "ZERO",
    "Array",
    "Assign",
    "Block",
    "Break",
    "ChainLoop",
    "Comment",
    "Count",
    "DynamicColumn",
    "Expr",
    "Extreme",
    "Fail",
    "Forever",
    "Grid",
    "If",
    "Kind",
    "ListArray",
    "Lit",
    "Load",
    "Loop",
    "Op",
    "Pack",
    "SetResult",
    "StaticColumn",
    "Stmt",
    "Store",
    "TableArray",
    "Unpack",
    "Var",
]


class Kind(Enum):
    """The machine type of an expression."""

    INT = "int64"
    FLOAT = "float64"
    BOOL = "bool"


# ---- expressions --------------------


@dataclass(frozen=True, slots=True)
class Lit:
    """A constant."""

    value: int | float | bool
    kind: Kind


@dataclass(frozen=True, slots=True)
class Var:
    """A local variable."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Op:
    """An operation without effects; ``emit.OPERATORS`` lists them with the number of operands."""

    name: str
    args: tuple[Expr, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Load:
    """A read of memory that never changes during a step: a static column or a table."""

    array: Array
    index: Expr
    kind: Kind


@dataclass(frozen=True, slots=True)
class Count:
    """The number of rows of a static type, which the problem holds."""

    type_name: str
    kind: Kind = Kind.INT


Expr: TypeAlias = Lit | Var | Op | Load | Count

ZERO = Lit(0, Kind.INT)
FALSE = Lit(False, Kind.BOOL)
TRUE = Lit(True, Kind.BOOL)


# ---- memory --------------------


@dataclass(frozen=True, slots=True)
class StaticColumn:
    """One attribute of all the entities of a static type; in the problem. Holds values of an int, else codes."""

    type_name: str
    attribute: str


@dataclass(frozen=True, slots=True)
class DynamicColumn:
    """One attribute of the rows of a dynamic type; in scratch memory.

    Attributes:
        world: 0 for the state that ``transition`` was given, 1 and 2 for the two that ``reward_func`` was given.
        capacity: rows that there is room for, those that a program creates included.
    """

    world: int
    type_name: str
    attribute: str
    capacity: int


@dataclass(frozen=True, slots=True)
class TableArray:
    """A constant table made at compile time; in the problem."""

    index: int
    kind: Kind = Kind.INT


@dataclass(frozen=True, slots=True)
class ListArray:
    """One field of the elements of a runtime list; in scratch memory."""

    list_id: int
    field: int
    capacity: int
    kind: Kind = Kind.INT


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the rows of a static type are: a number for each cell of the domains of x and y; in the problem.

    Attributes:
        type_name: the type.
        holds: ``"first"`` for the first row in a cell, or -1; ``"count"`` for the number of rows there.
        margin: empty cells on every side of the domains.
    """

    type_name: str
    holds: str
    margin: int


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest or smallest number in a column of a static type; in the problem.

    Attributes:
        type_name: the type.
        attribute: the attribute.
        pick: ``"max"`` or ``"min"``. Where there are no rows, a number that is beaten by any other.
    """

    type_name: str
    attribute: str
    pick: str


Array: TypeAlias = StaticColumn | DynamicColumn | TableArray | ListArray | Grid | Extreme


# ---- statements --------------------


@dataclass(slots=True)
class Assign:
    """``target = value``; ``value`` may be a ``Load`` of memory that changes."""

    target: Var
    value: Expr


@dataclass(slots=True)
class Store:
    """``array[index] = value``."""

    array: Array
    index: Expr
    value: Expr


@dataclass(slots=True)
class If:
    """A two-way branch."""

    condition: Expr
    then: list[Stmt]
    orelse: list[Stmt] = field(default_factory=list)


@dataclass(slots=True)
class Loop:
    """``for variable in range(count)``; ``Break(label)`` leaves it, ``Break(label + ".next")`` goes on.

    Attributes:
        static_type: the static type whose rows the loop visits, if it does: index selection looks for it.
    """

    label: str
    variable: Var
    count: Expr
    body: list[Stmt]
    static_type: str | None = None


@dataclass(slots=True)
class ChainLoop:
    """The rows of a static type at position (x, y), in order: what index selection makes of a ``Loop``.

    Attributes:
        once: the body leaves for somewhere else in its first round, so there is no second one.
        first: the first of the rows, or -1, where that is known; x and y mean nothing then.
    """

    label: str
    variable: Var
    type_name: str
    x: Expr
    y: Expr
    body: list[Stmt]
    once: bool = False
    first: Expr | None = None


@dataclass(slots=True)
class Forever:
    """A loop that only ``Break`` leaves; costs one unit of fuel a round."""

    label: str
    body: list[Stmt]


@dataclass(slots=True)
class Block:
    """A region that ``Break(label)`` leaves."""

    label: str
    body: list[Stmt]


@dataclass(slots=True)
class Break:
    """Leave the enclosing ``Block`` or loop of that label."""

    label: str


@dataclass(slots=True)
class Fail:
    """End the step with a status of the C contract other than OK."""

    status: int


@dataclass(slots=True)
class Unpack:
    """Read the rows of a dynamic type from packed words into its columns, collapsing equal rows.

    Attributes:
        source: 0 reads the state, 1 the next state.
        count: receives the number of rows; None where the schema fixes it: another number is out of range.
        world: which columns to fill.
        check: whether the number of rows is still to be checked, where the schema fixes it.
    """

    source: int
    type_name: str
    capacity: int
    count: Var | None
    world: int
    check: bool = True


@dataclass(slots=True)
class Pack:
    """Sort the row codes of a dynamic type and write them to the next state's words.

    Attributes:
        codes: the list that holds the codes.
        count: their number.
        candidates: how many places of the list hold codes, where some hold none: the code of an absent row.
        in_order: the codes are sorted already.
    """

    type_name: str
    codes: ListArray
    count: Expr
    candidates: int | None = None
    in_order: bool = False


@dataclass(slots=True)
class SetResult:
    """Write the reward and whether the episode is done."""

    reward: Expr
    done: Expr


@dataclass(slots=True)
class Comment:
    """A line of the source, for readers of the emitted code."""

    text: str


Stmt: TypeAlias = (
    Assign | Store | If | Loop | ChainLoop | Forever | Block | Break | Fail | Unpack | Pack | SetResult | Comment
)
