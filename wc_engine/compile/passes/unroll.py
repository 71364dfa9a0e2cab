"""Write loops over a few rows out, one copy of the body for each row.

before::

    for r in range(2):
        x = Box.x[r]
        if x == 3: found = True; break

after::

    r = 0
    x = Box.x[0]
    if x == 3: found = True; leave
    r = 1
    x = Box.x[1]
    if x == 3: found = True; leave

Every row of a type of which there is a fixed number is then known by its number, and its columns can be registers.
Where the number differs, and there is a most, the rounds end with the rows that are there.
"""

from __future__ import annotations

from wc_engine.compile.ir import (
    Assign,
    Block,
    Break,
    Comment,
    Expr,
    Fail,
    If,
    Kind,
    ListArray,
    Lit,
    Loop,
    Op,
    Stmt,
    Store,
    Unpack,
    Var,
)
from wc_engine.compile.passes.coalesce import rename
from wc_engine.compile.passes.walk import assigned, bodies, copied, map_expressions, statements
from wc_engine.state.schema import Schema

__all__ = ["MAX_ROUNDS", "breaks_to", "greatest_counts", "rounds_of", "unroll_loops", "written_out"]

MAX_ROUNDS = 8
"""A loop of more is not written out."""
_MAX_STATEMENTS = 240


def greatest_counts(body: list[Stmt], schema: Schema) -> dict[Var, int]:
    """Return the variables that hold numbers of rows of which there is a most, with that number."""
    places = {one.name: one.places for one in schema.types}
    counted = [s for s in statements(body) if isinstance(s, Unpack) and s.count is not None]
    return {s.count: most for s in counted if s.count is not None and (most := places.get(s.type_name)) is not None}


def rounds_of(loop: Loop, greatest: dict[Var, int]) -> int:
    """Return how many rounds a loop has at most; 0 where that is not known, or many."""
    if isinstance(loop.count, Var):
        most = greatest.get(loop.count, 0)
    else:
        most = int(loop.count.value) if isinstance(loop.count, Lit) else 0
    return most if 0 < most <= MAX_ROUNDS else 0


def unroll_loops(body: list[Stmt], greatest: dict[Var, int]) -> list[Stmt]:
    """Return statements in which loops over a few rows are written out, inner ones first.

    Args:
        body: the statements.
        greatest: the variables that hold numbers of rows, with the most that there can be.
    """
    result: list[Stmt] = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = unroll_loops(inner, greatest)
        if isinstance(statement, Loop) and _is_short(statement, rounds_of(statement, greatest)):
            result += written_out(statement, rounds_of(statement, greatest))
        else:
            result.append(statement)
        if result and isinstance(result[-1], (Break, Fail)):
            break
    return result


def _is_short(loop: Loop, rounds: int) -> bool:
    if not rounds or any(
        isinstance(s, Store) and isinstance(s.array, ListArray) and s.index != loop.variable
        for s in statements(loop.body)
    ):
        return False  # a list grows here: its places stay unknown
    size = sum(not isinstance(statement, Comment) for statement in statements(loop.body))
    return size * rounds <= _MAX_STATEMENTS and loop.variable not in assigned(loop.body)


def written_out(loop: Loop, rounds: int) -> list[Stmt]:
    """Return a loop as one copy of its body for each round, of which there are so many at most."""
    result: list[Stmt] = []
    for number in range(rounds):
        row = Lit(number, Kind.INT)
        round_: list[Stmt] = copied(loop.body)
        if number:
            _drop_comments(round_)
        names: dict[Var, Expr] = {loop.variable: row}
        for statement in statements(round_):
            map_expressions(statement, lambda expr, names=names: rename(expr, names))  # type: ignore[misc]
        next_label = f"{loop.label}.next"
        if breaks_to(round_, next_label):
            round_ = [Block(f"{next_label}{number}", round_)]
            for statement in statements(round_):
                if isinstance(statement, Break) and statement.label == next_label:
                    statement.label = f"{next_label}{number}"
        if not isinstance(loop.count, Lit):
            result.append(If(Op("le", (loop.count, row), Kind.BOOL), [Break(loop.label)]))
        result += [Assign(loop.variable, row), *round_]
        if isinstance(result[-1], (Break, Fail)):
            break
    return [Block(loop.label, result)] if breaks_to(result, loop.label) else result


def breaks_to(body: list[Stmt], label: str) -> bool:
    """Whether some path leaves for a label."""
    return any(isinstance(statement, Break) and statement.label == label for statement in statements(body))


def _drop_comments(body: list[Stmt]) -> None:
    """The source is shown beside the first copy only."""
    for statement in body:
        for inner in bodies(statement):
            _drop_comments(inner)
    body[:] = [statement for statement in body if not isinstance(statement, Comment)]
