"""Paths through a program: where they end, where they meet, and where control goes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wc_engine.compile.ir import Stmt, Var
    from wc_engine.compile.plan import Site
    from wc_engine.compile.stage.queries import Query, RowsQuery
    from wc_engine.compile.stage.store import Store
    from wc_engine.compile.stage.values import UserClass, Value

__all__ = ["BlockHandle", "Budget", "Context", "Edge", "Impure", "Limits", "LoopHandle", "PathEnded"]


class PathEnded(Exception):
    """The path being followed has ended; unwinds to the branch that it belongs to."""


class Impure(Exception):
    """Code that must not run speculatively was about to be emitted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one staging run."""

    unrolled_range: int = 64
    unrolled_rows: int = 12
    call_depth: int = 60
    statements: int = 20_000
    loop_rounds: int = 12
    followed_rounds: int = 4


@dataclass(slots=True)
class Budget:
    """Expressions that may still be followed, over all runs of one compilation: some seconds' worth.

    What unfolds into more is better served by another tier than by waiting.
    """

    expressions: int = 60_000


@dataclass(slots=True)
class Edge:
    """A path that arrives somewhere: its store, its value, and where its moves go in the emitted code."""

    store: Store
    value: Value
    buffer: list[Stmt]
    position: int


@dataclass(eq=False, slots=True)
class BlockHandle:
    """A region that paths can leave with a value."""

    label: str
    edges: list[Edge] = field(default_factory=list)
    loop_depth: int = 0
    code: list[Stmt] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class LoopHandle:
    """A loop being followed.

    Attributes:
        rows: for a loop over all rows of a type, the query.
        row_variable: its variable.
        buffer: the body's code: a statement emitted here runs in every round.
        outer: the code that the loop stands in.
        left: some path leaves the loop early.
        pending: for lists that get every row appended, the query to add to each after the loop.
        straight: the code of blocks that every round enters.
        statement: for a loop that meets the one element of a ``for`` statement, that statement.
        given: how many conditions lead to the loop (``Recorder.given``).
        begin: how many names there were before the loop.
        endless: the place in the source of a loop without a count; None for others.
    """

    label: str
    rows: RowsQuery | None
    row_variable: Var | None
    buffer: list[Stmt]
    outer: list[Stmt]
    left: bool = False
    pending: dict[int, list[Query]] = field(default_factory=dict)
    straight: list[list[Stmt]] = field(default_factory=list)
    statement: Site | None = None
    given: int = 0
    begin: int = 0
    endless: Site | None = None

    def runs_always(self, buffer: list[Stmt]) -> bool:
        """Whether code appended to ``buffer`` runs in every round, as far as nothing has left the round."""
        return not self.left and (buffer is self.buffer or any(buffer is known for known in self.straight))


@dataclass(frozen=True, slots=True)
class Context:
    """Where ``return``, ``break``, ``continue`` and exceptions of the code being followed go.

    Attributes:
        handlers: the blocks that exceptions of some classes go to, outermost first.
        yields: the consumer of a generator.
        caught: the exception that is being handled.
    """

    returns: BlockHandle | None = None
    breaks: BlockHandle | None = None
    continues: BlockHandle | None = None
    handlers: tuple[tuple[BlockHandle, tuple[UserClass, ...]], ...] = ()
    yields: Callable[[Value], None] | None = None
    caught: Value | None = None

    def inside(self, returns: BlockHandle, yields: Callable[[Value], None] | None = None) -> Context:
        """The context of a function's body: exceptions still go where they went."""
        return Context(returns=returns, handlers=self.handlers, yields=yields)
