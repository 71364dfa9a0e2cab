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
"""

from __future__ import annotations

from wc_engine.compile.ir import Assign, Block, Break, Comment, Expr, Fail, Kind, ListArray, Lit, Loop, Stmt, Store, Var
from wc_engine.compile.passes.coalesce import rename
from wc_engine.compile.passes.walk import assigned, bodies, copied, map_expressions, statements

__all__ = ["MAX_ROUNDS", "breaks_to", "unroll_loops", "written_out"]

MAX_ROUNDS = 8
"""A loop of more is not written out."""
_MAX_STATEMENTS = 240


def unroll_loops(body: list[Stmt]) -> list[Stmt]:
    """Return statements in which loops over a few rows are written out, inner ones first."""
    result: list[Stmt] = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = unroll_loops(inner)
        if isinstance(statement, Loop) and _is_short(statement):
            result += written_out(statement)
        else:
            result.append(statement)
        if result and isinstance(result[-1], (Break, Fail)):
            break
    return result


def _is_short(loop: Loop) -> bool:
    if not isinstance(loop.count, Lit) or not 0 < int(loop.count.value) <= MAX_ROUNDS:
        return False
    if any(
        isinstance(s, Store) and isinstance(s.array, ListArray) and s.index != loop.variable
        for s in statements(loop.body)
    ):
        return False  # a list grows here: its places stay unknown
    size = sum(not isinstance(statement, Comment) for statement in statements(loop.body))
    return size * int(loop.count.value) <= _MAX_STATEMENTS and loop.variable not in assigned(loop.body)


def written_out(loop: Loop) -> list[Stmt]:
    """Return a loop with a constant count as one copy of its body for each round."""
    assert isinstance(loop.count, Lit)
    result: list[Stmt] = []
    for number in range(int(loop.count.value)):
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
