"""Rows as they were given: what the set of a state knows its entities by, once they are changed in it.

A program that changes an entity in the set finds it there no more, unless it is changed back. Where it cannot be told
while compiling which rows those are, the columns are kept twice, as they were given and as they are; a row is found
where the first give the hash that is looked for, and it itself, or what it is now, is what is looked for::

    bomb.timer -= 1
    state.discard(bomb)        # found only where some row had the timer, and all else, that the bomb has now
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Assign, DynamicColumn, Kind, Load, Loop, Stmt, Store
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.single_rows import search_first
from wc_engine.compile.stage.values import Row

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import RowsQuery
    from wc_engine.state.schema import EntityType

__all__ = ["as_given", "keep_as_given", "knows_hashes"]

_GIVEN = 10
"""World of the rows of world 0 as they were given; those of the others follow."""


def keep_as_given(m: Machine, world: int, entity_type: EntityType) -> None:
    """Copy the columns of a type that were just unpacked."""
    variable = m.new_var(Kind.INT, "r")
    code: list[Stmt] = []
    for name in entity_type.attribute_names:
        value = m.new_var(Kind.INT, "e")
        column = DynamicColumn(world, entity_type.name, name, m.plan.capacity)
        code.append(Assign(value, Load(column, variable, Kind.INT)))
        code.append(Store(replace(column, world=_GIVEN + world), variable, value))
    m.emit(Loop(m.new_label("loop"), variable, m.row_count(world, entity_type.name), code))


def as_given(row: Row) -> Row:
    """The row as it was given."""
    return replace(row, world=_GIVEN + row.world)


def knows_hashes(m: Machine, rows: RowsQuery) -> bool:
    """Whether the hashes by which a set knows its rows can be told; starts again where they could be.

    Types of a fixed number of entities are rather followed one by one.
    """
    entity_type = m.schema.type(rows.type_name)
    if not rows.hashed or entity_type is None:
        return False
    if rows.type_name in m.plan.hashed_types:
        return True
    if entity_type.count is not None:
        return False
    search_first(m, len(m.loops) - 1)
    raise Restart(m.wanted.with_hashed_type(rows.type_name))
