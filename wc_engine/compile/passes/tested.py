"""Put what is computed only to be tested into the test, where its parts can be seen.

before::

    t = abs(x - Wall.x[r]) * 16 + abs(y - Wall.y[r])
    if t == 0: found = True

after::

    if x == Wall.x[r] and y == Wall.y[r]: found = True
"""

from __future__ import annotations

from collections import Counter

from wc_engine.compile.ir import Assign, Comment, DynamicColumn, If, ListArray, Stmt, Var
from wc_engine.compile.passes.coalesce import rename
from wc_engine.compile.passes.fold import fold
from wc_engine.compile.passes.walk import bodies, expressions, loads, statements, variables

__all__ = ["put_into_tests"]


def put_into_tests(body: list[Stmt]) -> list[Stmt]:
    """Return statements in which branches test values that nobody else reads, instead of variables that hold these."""
    reads = Counter(v for s in statements(body) for e in expressions(s) for v in variables(e))
    assigned = Counter(s.target for s in statements(body) if isinstance(s, Assign))
    return _rewrite(body, {variable for variable, number in reads.items() if number == assigned[variable] == 1})


def _rewrite(body: list[Stmt], once: set[Var]) -> list[Stmt]:
    result: list[Stmt] = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = _rewrite(inner, once)
        if isinstance(statement, If):
            _take_in(statement, result, once)
        result.append(statement)
    return result


def _take_in(branch: If, before: list[Stmt], once: set[Var]) -> None:
    """Take the assignment right before a branch into its condition, where nothing else needs it."""
    place = len(before) - 1
    while place >= 0 and isinstance(before[place], Comment):
        place -= 1
    last = before[place] if place >= 0 else None
    if not isinstance(last, Assign) or last.target not in once or last.target not in set(variables(branch.condition)):
        return
    if any(isinstance(array, (DynamicColumn, ListArray)) for array in loads(last.value)):
        return
    branch.condition = fold(rename(branch.condition, {last.target: last.value}))
    del before[place]
