"""Notice row codes that are put into the state as they came from it: these are in order, and need not be sorted.

before::

    codes[0] = Box.x[0] << 4 | Box.y[0]
    codes[1] = Box.x[1] << 4 | Box.y[1]
    pack Box codes

after::

    pack Box codes, in order

So it is where nobody writes to the columns, and each code is that of the row at its own place: a step in which no box
moves, or only the player.
"""

from __future__ import annotations

from wc_engine.compile.ir import (
    Assign,
    DynamicColumn,
    Expr,
    Kind,
    Lit,
    Load,
    Op,
    Pack,
    Stmt,
    Store,
    Var,
)
from wc_engine.compile.passes.coalesce import rename
from wc_engine.compile.passes.walk import assigned, bodies, statements, variables
from wc_engine.state.packing import row_format
from wc_engine.state.schema import EntityType, IntDomain, Schema

__all__ = ["keep_order"]


def keep_order(body: list[Stmt], schema: Schema) -> list[Stmt]:
    """Return statements in which codes that are in order are not sorted."""
    written = {
        (s.array.world, s.array.type_name)
        for s in statements(body)
        if isinstance(s, Store) and isinstance(s.array, DynamicColumn)
    }
    _mark(body, schema, written)
    return body


def _mark(body: list[Stmt], schema: Schema, written: set[tuple[int, str]]) -> None:
    for place, statement in enumerate(body):
        for inner in bodies(statement):
            _mark(inner, schema, written)
        if not isinstance(statement, Pack) or statement.candidates is not None or (0, statement.type_name) in written:
            continue
        entity_type = schema.type(statement.type_name)
        if entity_type is not None and entity_type.count:
            codes = _codes(body[:place], statement)
            rows = range(entity_type.count)
            statement.in_order = all(_is_row(codes.get(row), row, entity_type) for row in rows)


def _codes(before: list[Stmt], pack: Pack) -> dict[int, Expr]:
    """Return what certainly lies at the places of a list behind some statements, in terms of what they have loaded."""
    found: dict[int, Expr] = {}
    values: dict[Var, Expr] = {}
    for statement in before:
        if isinstance(statement, Assign):
            told = rename(statement.value, values)
            values = {name: value for name, value in values.items() if statement.target not in set(variables(value))}
            values.pop(statement.target, None)
            if statement.target not in set(variables(told)):
                values[statement.target] = told
        elif isinstance(statement, Store) and statement.array == pack.codes:
            if not isinstance(statement.index, Lit):
                return {}
            found[int(statement.index.value)] = rename(statement.value, values)
        elif not isinstance(statement, Store):
            if any(isinstance(inner, Store) and inner.array == pack.codes for inner in statements([statement])):
                found = {}
            changed = assigned([statement])
            values = {
                name: value
                for name, value in values.items()
                if name not in changed and not changed & set(variables(value))
            }
    return found


def _is_row(code: Expr | None, row: int, entity_type: EntityType) -> bool:
    """Whether a code is that of a row of the state that the step was given."""
    if not isinstance(code, (Op, Load)):
        return False
    columns = [array for array in _columns(code) if array.world == 0 and array.type_name == entity_type.name]
    if not columns or not all(isinstance(domain, IntDomain) for _, domain in entity_type.attributes):
        return False
    expected: Expr | None = None
    for (name, domain), shift in zip(entity_type.attributes, row_format(entity_type).shifts, strict=True):
        assert isinstance(domain, IntDomain)
        column = DynamicColumn(0, entity_type.name, name, columns[0].capacity)
        term: Expr = Load(column, Lit(row, Kind.INT), Kind.INT)
        term = Op("sub", (term, Lit(domain.low, Kind.INT)), Kind.INT) if domain.low else term
        term = Op("shift_left", (term, Lit(shift, Kind.INT)), Kind.INT) if shift else term
        expected = term if expected is None else Op("or_", (expected, term), Kind.INT)
    return code == expected


def _columns(expr: Expr) -> list[DynamicColumn]:
    if isinstance(expr, Op):
        return [array for argument in expr.args for array in _columns(argument)]
    return [expr.array] if isinstance(expr, Load) and isinstance(expr.array, DynamicColumn) else []
