"""Remove what nobody reads: assignments to dead variables, stores to columns that are never loaded, empty branches.

before::

    t1 = Box.x[0]
    t2 = t1 + 1
    return

after::

    return
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from wc_engine.compile.ir import (
    Array,
    Assign,
    Block,
    Break,
    ChainLoop,
    Comment,
    DynamicColumn,
    Expr,
    If,
    ListArray,
    Loop,
    Pack,
    Stmt,
    Store,
    Unpack,
    Var,
)
from wc_engine.compile.passes.walk import assigned, bodies, expressions, loads, statements, variables

__all__ = ["remove_dead_code"]


def remove_dead_code(body: list[Stmt]) -> list[Stmt]:
    """Return statements that do the same without what has no effect."""
    while True:
        live = _live(body)
        body, changed = _sweep(body, live)
        if not changed:
            return body


@dataclass(slots=True)
class _Live:
    """What somebody reads: variables, and arrays in scratch memory."""

    variables: set[Var] = field(default_factory=set)
    lists: set[tuple[int, int]] = field(default_factory=set)
    columns: set[DynamicColumn] = field(default_factory=set)
    reads: Counter[Var] = field(default_factory=Counter)
    """How often the function reads each variable, by dead statements too."""

    def add(self, expr: Expr) -> None:
        """Count what an expression reads."""
        self.variables.update(variables(expr))
        for array in loads(expr):
            self.add_array(array)

    def add_array(self, array: Array) -> None:
        """Count an array as read."""
        if isinstance(array, ListArray):
            self.lists.add((array.list_id, array.field))
        elif isinstance(array, DynamicColumn):
            self.columns.add(array)

    def stores(self, statement: Store) -> bool:
        """Whether a store is read."""
        if isinstance(statement.array, ListArray):
            return (statement.array.list_id, statement.array.field) in self.lists
        return not isinstance(statement.array, DynamicColumn) or statement.array in self.columns


def _live(body: list[Stmt]) -> _Live:
    """Mark what is read by statements that have an effect, and by what these read in turn.

    Marking from the effects, not counting uses: two variables that only feed each other round a loop are dead.
    """
    live = _Live(reads=_reads(body))
    pending: list[Assign | Store] = []
    for statement in statements(body):
        if isinstance(statement, (Assign, Store)):
            pending.append(statement)
            continue
        for expr in expressions(statement):
            live.add(expr)
        if isinstance(statement, Pack):
            live.add_array(statement.codes)
    changed = True
    while changed:
        changed = False
        rest: list[Assign | Store] = []
        for statement in pending:
            wanted = statement.target in live.variables if isinstance(statement, Assign) else live.stores(statement)
            if not wanted:
                rest.append(statement)
                continue
            changed = True
            for expr in expressions(statement):
                live.add(expr)
        pending = rest
    return live


def _sweep(body: list[Stmt], live: _Live) -> tuple[list[Stmt], bool]:
    result: list[Stmt] = []
    changed = False
    for statement in body:
        for inner in bodies(statement):
            inner[:], inside = _sweep(inner, live)
            changed = changed or inside
        if _is_dead(statement, live):
            changed = True
        else:
            result.append(statement)
    return result, changed


def _only_comments(body: list[Stmt]) -> bool:
    return all(isinstance(statement, Comment) for statement in body)


def _is_dead(statement: Stmt, live: _Live) -> bool:
    if isinstance(statement, Assign):
        return statement.target not in live.variables or statement.target == statement.value
    if isinstance(statement, Store):
        return not live.stores(statement)
    if isinstance(statement, Unpack):
        filled = any((c.world, c.type_name) == (statement.world, statement.type_name) for c in live.columns)
        needed = statement.check if statement.count is None else statement.count in live.variables
        return not filled and not needed
    if isinstance(statement, If):
        return _only_comments(statement.then) and _only_comments(statement.orelse)
    if isinstance(statement, (Loop, ChainLoop, Block)):
        return _only_comments(statement.body) or _does_nothing(statement, live)
    return False


def _does_nothing(statement: Loop | ChainLoop | Block, live: _Live) -> bool:
    """Whether a search leaves nothing behind: it only comes to its end sooner or later."""
    inside = list(statements([statement]))
    if not all(isinstance(s, (Assign, If, Loop, ChainLoop, Block, Break, Comment)) for s in inside):
        return False
    labels = {name for s in inside if isinstance(s, (Loop, ChainLoop, Block)) for name in (s.label, f"{s.label}.next")}
    if any(isinstance(s, Break) and s.label not in labels for s in inside):
        return False
    own = _reads([statement])
    return all(live.reads[variable] == own[variable] for variable in assigned([statement]))


def _reads(body: list[Stmt]) -> Counter[Var]:
    return Counter(v for s in statements(body) for e in expressions(s) for v in variables(e))
