"""Take the largest and smallest attributes of static types from the problem, which knows them.

before::

    for r in range(n_Wall):
        t = max(t, Wall.x[r])

after::

    t = max(t, largest Wall.x)
"""

from __future__ import annotations

from wc_engine.compile.ir import ZERO, Assign, Comment, Expr, Extreme, Kind, Load, Loop, Op, StaticColumn, Stmt
from wc_engine.compile.passes.walk import bodies
from wc_engine.state.schema import IntDomain, Schema

__all__ = ["look_up_extremes"]


def look_up_extremes(body: list[Stmt], schema: Schema) -> list[Stmt]:
    """Return statements in which a loop that only finds an extreme of a static column is a load."""
    result: list[Stmt] = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = look_up_extremes(inner, schema)
        found = _extreme(statement, schema) if isinstance(statement, Loop) else None
        result.append(statement if found is None else found)
    return result


def _extreme(loop: Loop, schema: Schema) -> Assign | None:
    code = [part for part in loop.body if not isinstance(part, Comment)]
    if loop.static_type is None or len(code) != 1 or not isinstance(code[0], Assign):
        return None
    target, value = code[0].target, code[0].value
    if not isinstance(value, Op) or value.name not in ("max", "min") or target not in value.args:
        return None
    column: Expr = value.args[1] if value.args[0] == target else value.args[0]
    if not isinstance(column, Load) or not isinstance(column.array, StaticColumn) or column.index != loop.variable:
        return None
    entity_type = schema.type(column.array.type_name)
    domain = None if entity_type is None else entity_type.domain(column.array.attribute)
    if column.array.type_name != loop.static_type or not isinstance(domain, IntDomain):
        return None
    known = Load(Extreme(loop.static_type, column.array.attribute, value.name), ZERO, Kind.INT)
    return Assign(target, Op(value.name, (target, known), Kind.INT))
