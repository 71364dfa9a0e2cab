"""Number the options of a value once, where they are numbered anew on the way from one place to another.

before, with ``there = (1, 2, 0)`` and ``back = (2, 0, 1)``::

    if wall: u = 0
    else: u = there[t]
    t = back[u]

after::

    if wall: u = 2
    else: u = t
    t = u

What a variable holds is only ever seen through the table, so it may hold at once what the table makes of it. Then
nothing happens where there is no wall, and the loop around it is a search.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from wc_engine.compile.ir import (
    Assign,
    Break,
    ChainLoop,
    Expr,
    Fail,
    If,
    Kind,
    Lit,
    Load,
    Loop,
    Op,
    Stmt,
    TableArray,
    Unpack,
    Var,
)
from wc_engine.compile.passes.walk import bodies, expressions, map_expressions, statements, variables

__all__ = ["number_once"]

_Tables = Sequence[tuple[int, ...]]


def number_once(body: list[Stmt], tables: _Tables) -> bool:
    """Leave out tables between the numbers of options.

    Args:
        body: the statements, which are changed in place.
        tables: the function's constant tables.

    Returns:
        Whether variables are now copied that were looked up.
    """
    changed = False
    for statement in statements(body):
        map_expressions(statement, lambda expr: _read(expr, tables))
    reads = Counter(v for s in statements(body) for e in expressions(s) for v in variables(e))
    others = {s.variable for s in statements(body) if isinstance(s, (Loop, ChainLoop))}
    others |= {s.count for s in statements(body) if isinstance(s, Unpack) and s.count is not None}
    assigned: defaultdict[Var, list[Assign]] = defaultdict(list)
    for statement in statements(body):
        if isinstance(statement, Assign):
            assigned[statement.target].append(statement)
    for statement, variable in _seen_through_tables(body, set()):
        load = statement.value
        assert isinstance(load, Load)
        assert isinstance(load.array, TableArray)
        if reads[variable] != 1 or variable in others:
            continue
        mapped = [_mapped(one.value, load.array, tables) for one in assigned[variable]]
        if all(value is not None for value in mapped):
            for one, value in zip(assigned[variable], mapped, strict=True):
                assert value is not None
                one.value = value
            statement.value = variable
            changed = True
    return changed


def _seen_through_tables(body: list[Stmt], done: set[Var]) -> list[tuple[Assign, Var]]:
    """Where a variable that was certainly assigned before is looked up in a table, with the variable."""
    found: list[tuple[Assign, Var]] = []
    done = set(done)
    for statement in body:
        if isinstance(statement, Assign):
            value = statement.value
            if isinstance(value, Load) and isinstance(value.array, TableArray) and value.index in done:
                assert isinstance(value.index, Var)
                found.append((statement, value.index))
            done.add(statement.target)
        for inner in bodies(statement):
            found += _seen_through_tables(inner, done)
        if isinstance(statement, If):
            sides = [_always_assigned(side) for side in (statement.then, statement.orelse)]
            live = [side for side in sides if side is not None]
            done |= set.intersection(*live) if live else set()
    return found


def _always_assigned(body: list[Stmt]) -> set[Var] | None:
    """The variables that are assigned wherever the end of some statements is reached; None where it never is."""
    done: set[Var] = set()
    for statement in body:
        if isinstance(statement, (Break, Fail)):
            return None
        if isinstance(statement, Assign):
            done.add(statement.target)
        elif isinstance(statement, If):
            sides = [_always_assigned(side) for side in (statement.then, statement.orelse)]
            live = [side for side in sides if side is not None]
            if not live:
                return None
            done |= set.intersection(*live)
    return done


def _read(expr: Expr, tables: _Tables) -> Expr:
    """Return an expression with tables read where the place is known, or the table changes nothing."""
    if isinstance(expr, Op):
        return Op(expr.name, tuple(_read(argument, tables) for argument in expr.args), expr.kind)
    if not isinstance(expr, Load):
        return expr
    index = _read(expr.index, tables)
    if isinstance(expr.array, TableArray) and expr.array.kind is Kind.INT:
        table = tables[expr.array.index]
        if isinstance(index, Lit) and 0 <= int(index.value) < len(table):
            return Lit(table[int(index.value)], Kind.INT)
        if table == tuple(range(len(table))):
            return index
    return Load(expr.array, index, expr.kind)


def _mapped(expr: Expr, array: TableArray, tables: _Tables) -> Expr | None:
    """Return what a table makes of a value; None where that is no simpler than the value."""
    table = tables[array.index]
    if isinstance(expr, Lit):
        place = int(expr.value)
        return Lit(table[place], Kind.INT) if 0 <= place < len(table) else None
    if isinstance(expr, Load) and isinstance(expr.array, TableArray):
        inner = tables[expr.array.index]
        if all(0 <= place < len(table) for place in inner):
            both = tuple(table[place] for place in inner)
            if both == tuple(range(len(both))):
                return expr.index
            if both in tables:
                return Load(TableArray(tables.index(both)), expr.index, Kind.INT)
    return None
