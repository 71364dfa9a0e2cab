"""Lists of known sections: one element less, at a place that depends on the state.

A list of the state's entities is [the agent, all keys, all walls]. ``del entities[i]`` takes its element out of the
section in which the place lies, and the sections stay known: the keys less one where the place is among them. That it
is not among those of a type that never changes is guarded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, ZERO, Assign, Expr, Kind, Lit, Op
from wc_engine.compile.stage.collections import in_own_loops
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.operators import as_int, as_number
from wc_engine.compile.stage.places import known_size
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery, TableQuery, concat, parts_of
from wc_engine.compile.stage.removal import with_bit
from wc_engine.compile.stage.values import Ref, Row, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["delete_in_sections", "with_in_place", "without_place"]


def delete_in_sections(m: Machine, ref: Ref, place: Value) -> bool:
    """``del list[place]`` of a list in sections; False, and nothing done, where it is none."""
    content = m.object(ref)
    assert isinstance(content, SeqObject)
    sizes = _sizes(m, content.content)
    number = as_number(m, place)
    if sizes is None or number is None or number.kind is Kind.FLOAT or not in_own_loops(m, ref):
        return False
    number = as_int(number)
    total = sizes[0] if sizes else ZERO
    for size in sizes[1:]:
        total = Op("add", (total, size), Kind.INT)
    spot, total = m.temp(number.expr), m.temp(total)
    if number.low is None or number.low < 0:
        negative = Op("lt", (spot, ZERO), Kind.BOOL)
        spot = m.temp(Op("select", (negative, Op("add", (spot, total), Kind.INT), spot), Kind.INT))
    inside = Op("and", (Op("ge", (spot, ZERO), Kind.BOOL), Op("lt", (spot, total), Kind.BOOL)), Kind.BOOL)
    m.require(boolean(inside), "IndexError")
    rest = without_place(m, content.content, spot)
    assert rest is not None
    m.set_object(ref, replace(content, content=rest))
    return True


def without_place(m: Machine, query: Query, place: Expr) -> Query | None:
    """Return the elements of a query in sections but the one at a place, 0 or more, where there is one.

    None where it is not in sections.
    """
    sizes = _sizes(m, query)
    if sizes is None:
        return None
    result: list[Query] = []
    rest = m.temp(place)
    for part, size in zip(parts_of(query), sizes, strict=True):
        own: list[Expr] = [Op("ge", (rest, ZERO), Kind.BOOL), Op("lt", (rest, size), Kind.BOOL)]
        here = m.temp(Op("and", tuple(own), Kind.BOOL))
        if isinstance(part, ItemQuery):
            result.append(replace(part, condition=m.temp(Op("not", (here,), Kind.BOOL))))
        elif isinstance(part, RowsQuery) and m.is_static(part.type_name):
            m.assumed = True
            m.guard(invert(m, boolean(here)), STATUS_OUT_OF_RANGE)
            result.append(part)
        elif isinstance(part, RowsQuery):
            result.append(replace(part, removed=((here, rest),)))
        elif isinstance(part, TableQuery):
            result.append(replace(part, taken=with_bit(m, part.taken, part.count, rest, here)))
        rest = m.temp(Op("sub", (rest, size), Kind.INT))
    return concat(*result)


def with_in_place(m: Machine, query: Query, element: Value, new: Query) -> Query | None:
    """Return the elements of a query with others in the place of one that is known to be there.

    None where that would change their order, or the section that it stands in is not known.
    """
    result: list[Query] = []
    found = False
    for part in parts_of(query):
        here = _stands_in(part, element)
        if not here:
            result.append(part)
            continue
        if found:
            return None
        found = True
        if isinstance(part, ItemQuery) or known_size(m, part) == Lit(1, Kind.INT):
            result += parts_of(new)
        elif isinstance(part, RowsQuery) and isinstance(element, Row) and not parts_of(new):
            if m.is_static(part.type_name):
                m.make_dynamic(part.type_name)
            row = m.new_var(Kind.INT, "r")
            m.emit(Assign(row, element.index))
            result.append(replace(part, removed=(*part.removed, (TRUE, row))))
        else:
            return None
    return concat(*result) if found else None


def _stands_in(part: Query, element: Value) -> bool:
    """Whether an element of a list can only be in one of its sections."""
    if isinstance(part, ItemQuery):
        return part.value == element and isinstance(element, Ref) and part.condition == TRUE
    if not isinstance(part, RowsQuery) or not isinstance(element, Row):
        return False
    return (part.world, part.type_name, part.generation) == (element.world, element.type_name, element.generation)


def _may_lose_one(m: Machine, rows: RowsQuery) -> bool:
    return m.plan.assumptions.optimistic or not m.is_static(rows.type_name)


def _sizes(m: Machine, query: Query) -> list[Expr] | None:
    """Return the number of elements of each section; None where some part is none."""
    sizes: list[Expr] = []
    if isinstance(query, TableQuery):
        return None  # what lies in memory as a whole is moved up there
    for part in parts_of(query):
        size: Expr | None = None
        if isinstance(part, ItemQuery) and part.condition == TRUE and part.hashed is None:
            size = Lit(1, Kind.INT)
        elif isinstance(part, TableQuery) or (isinstance(part, RowsQuery) and _may_lose_one(m, part)):
            size = known_size(m, part)
        if size is None:
            return None
        sizes.append(size)
    return sizes
