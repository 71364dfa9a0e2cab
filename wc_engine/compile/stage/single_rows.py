"""Which loops over rows run what stands in them once at most.

No two entities of a state are equal. Behind conditions that compare each attribute of a row with something that is the
same in every round, there is one row at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import DynamicColumn, Expr, ListArray, Op
from wc_engine.compile.passes.walk import loads, variables
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.values import Row

if TYPE_CHECKING:
    from wc_engine.compile.plan import Site
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import LoopHandle

__all__ = ["is_single", "search_first"]


def search_first(m: Machine, outside: int = 0) -> None:
    """Start again with searches in place of the innermost loops, where these run their bodies once at most.

    Args:
        outside: the loops that this many others stand around must all be such.
    """
    sites: set[Site] = set()
    single = 0
    for loop in reversed(m.loops):
        if loop.statement is None:
            break
        sites.add(loop.statement)
        single += 1
    if single >= len(m.loops) - outside and not sites <= m.plan.searches:
        raise Restart(m.wanted.with_searches(sites))


def is_single(m: Machine, loop: LoopHandle) -> bool:
    """Whether what is followed now is met in one round of a loop over rows at most."""
    rows, variable = loop.rows, loop.row_variable
    entity_type = None if rows is None else m.schema.type(rows.type_name)
    if rows is None or variable is None or entity_type is None:
        return False
    if any(key[:2] == (rows.world, rows.type_name) for key in m.store.epochs):
        return False
    row = Row(rows.world, rows.type_name, variable, rows.generation)
    fixed = {
        name
        for condition in m.given[loop.given :]
        for equation in _conjuncts(condition)
        if (name := _told(m, equation, row, loop.begin)) is not None
    }
    for column, allowed in m.store.facts.items():
        origin = m.origin_of(column)
        if origin is not None and origin[:3:2] == (row.type_name, variable) and len(allowed) == 1:
            fixed.add(origin[1])
    return all(name in fixed or domain.size == 1 for name, domain in entity_type.attributes)


def _conjuncts(condition: Expr) -> list[Expr]:
    if isinstance(condition, Op) and condition.name == "and":
        return [part for argument in condition.args for part in _conjuncts(argument)]
    return [condition]


def _told(m: Machine, equation: Expr, row: Row, begin: int) -> str | None:
    """The attribute of a row that an equation compares with what is the same in every round, if it does."""
    if not isinstance(equation, Op) or equation.name != "eq":
        return None
    for one, other in (equation.args, equation.args[::-1]):
        origin = m.origin_of(one)
        if origin is None or (origin[0], origin[2]) != (row.type_name, row.index):
            continue
        settled = all(m.born.get(known, 0) <= begin for known in variables(other))
        if settled and not any(isinstance(array, (DynamicColumn, ListArray)) for array in loads(other)):
            return origin[1]
    return None
