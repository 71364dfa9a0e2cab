"""Static entities that a program goes through one by one, and leaves alone: which rows they are.

``{e if (e.x, e.y) != place else Box(*new) for e in state}`` makes another set of walls as far as its text says. Where
walls are assumed not to change, that no wall stands at the place is guarded, which is a lookup, and what comes out is
all walls.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind, Op
from wc_engine.compile.stage import attribute_writes, entities
from wc_engine.compile.stage.comprehensions import ComprehensionQuery
from wc_engine.compile.stage.equality import equal
from wc_engine.compile.stage.laziness import LazyQuery, guard_rows_stay
from wc_engine.compile.stage.logic import both
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery
from wc_engine.compile.stage.values import Const, Row, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.equality import Condition
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle
    from wc_engine.state.schema import EntityType

__all__ = ["row_like", "rows_kept"]


def rows_kept(m: Machine, part: Query) -> str | None:
    """Return the unchanging type whose rows a part of a query has, guarding that it has all; None for other parts."""
    rows = part.rows if isinstance(part, LazyQuery) else None
    if not isinstance(part, LazyQuery) or rows is None or rows.is_shorter or rows.world != 0:
        return None
    if not m.is_static(rows.type_name) or rows.type_name not in m.plan.assumptions.unchanging:
        return None
    inner = part.inner
    if _at_row(inner, Row(0, rows.type_name, m.new_var(Kind.INT, "r"))) is None:
        return None

    def at_row(row: Row) -> Query:
        query = _at_row(inner, row)
        assert query is not None
        return query

    guard_rows_stay(m, rows, at_row)
    return rows.type_name


def _at_row(query: Query, row: Row) -> Query | None:
    """Return what a comprehension over all rows of a type makes of one row."""
    if isinstance(query, LazyQuery):
        return _at_row(query.inner, row)
    if isinstance(query, RowsQuery):
        return ItemQuery(row) if query.type_name == row.type_name and not query.is_shorter else None
    if isinstance(query, ComprehensionQuery):
        source = _at_row(query.source, row)
        return None if source is None else replace(query, source=source)
    return None


def row_like(m: Machine, value: Value, entity_type: EntityType) -> Row:
    """Return the static row that an entity is equal to; the step ends out of range where there is none."""
    names, wanted = set(entities.attribute_set(m, value)), set(entity_type.attribute_names)
    if names - wanted - {"name"} or wanted - names:
        m.fail(STATUS_OUT_OF_RANGE)
    if "name" in names - wanted:
        same_name = equal(m, entities.get_attribute(m, value, "name"), Const(entity_type.name))
        m.guard(same_name, STATUS_OUT_OF_RANGE)
    codes = {
        name: m.temp(attribute_writes.encode(m, domain, entities.get_attribute(m, value, name)))
        for name, domain in entity_type.attributes
    }

    def search(handle: BlockHandle) -> Value:
        def visit(row: Value) -> None:
            same: Condition = Const(True)
            for name, domain in entity_type.attributes:
                own = attribute_writes.encode(m, domain, entities.get_attribute(m, row, name))
                same = both(m, same, boolean(Op("eq", (own, codes[name]), Kind.BOOL)))
            m.when(same, lambda: m.leave(handle, row))

        RowsQuery(0, entity_type.name).iterate(m, visit)
        m.fail(STATUS_OUT_OF_RANGE)

    found = m.block("same", search)
    assert isinstance(found, Row)
    return found
