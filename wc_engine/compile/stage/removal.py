"""Taking elements out of sets and lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, ZERO, Expr, Kind, Lit, Op, Var
from wc_engine.compile.stage.collections import in_own_loops, without_duplicates
from wc_engine.compile.stage.entities import is_entity, type_of
from wc_engine.compile.stage.equality import Condition, same_element
from wc_engine.compile.stage.hashes import check_hash
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.key_indices import is_at, place_of
from wc_engine.compile.stage.logic import both, either, invert
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE, STATUS_OUT_OF_SCRATCH
from wc_engine.compile.stage.members import (
    check_hashes,
    condition_expr,
    find_row,
    is_changed,
    kinds_of,
    matches,
    may_be,
    relevant,
    require_hashable,
    same_table,
)
from wc_engine.compile.stage.operators import as_number
from wc_engine.compile.stage.queries import (
    PLACES,
    GuardedQuery,
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    parts_of,
)
from wc_engine.compile.stage.stale_rows import knows_hashes
from wc_engine.compile.stage.values import NONE, UNBOUND, Const, Finite, Num, Ref, Row, Union, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["remove", "remove_first", "take_out", "with_bit"]


def remove(m: Machine, ref: Ref, value: Value, *, missing: str | None) -> None:
    """``set.remove`` and ``set.discard``.

    Args:
        missing: the exception where no such element is there, or None.
    """
    if isinstance(value, Union):
        gone: list[bool] = []

        def each(option: Value) -> Value:
            remove(m, ref, option, missing=missing)
            gone.append(not isinstance(option, Row) or _is_gone(m, ref, option))
            return NONE

        m.dispatch(value, each)
        if all(gone) and not m.loops:
            _note_taken(m, ref, value)
        return
    target = m.object(ref)
    assert isinstance(target, SeqObject)
    if not target.distinct:
        if not in_own_loops(m, ref):
            m.in_memory(m.births[ref.object_id][0], "an element is removed from a set that may hold equal ones")
        without_duplicates(m, ref, target)
        target = m.object(ref)
        assert isinstance(target, SeqObject)
    check_hash(m, value)
    require_hashable(m, value)
    searched = relevant(m, target.content, value)
    found: Condition = Const(False)
    result: list[Query] = []
    for part in parts_of(target.content):
        if found == Const(True) or not any(part is other for other in searched):
            result.append(part)
            continue
        hit, rest = _without(m, part, value, found, in_loop=not in_own_loops(m, ref))
        found = either(m, found, hit)
        result += rest
    if missing is not None:
        m.require(found, missing)
    if found != Const(False):
        m.set_object(ref, replace(target, content=concat(*result)))


def _is_gone(m: Machine, ref: Ref, row: Row) -> bool:
    """Whether a row was just taken out of a set for certain."""
    target = m.object(ref)
    assert isinstance(target, SeqObject)
    parts = [part for part in parts_of(target.content) if isinstance(part, RowsQuery) and same_table(part, row)]
    return all(part.removed and part.removed[-1] == (TRUE, row.index) for part in parts) and bool(parts)


def _note_taken(m: Machine, ref: Ref, value: Union) -> None:
    """Note that rows are gone from a set where one of several things, that was taken out, is such a row."""
    target = m.object(ref)
    assert isinstance(target, SeqObject)
    for part in parts_of(target.content):
        if not isinstance(part, RowsQuery) or not part.removed or not isinstance(part.removed[-1][0], Var):
            continue
        same = [isinstance(option, Row) and same_table(part, option) for option in value.options]
        # Another kind of row would be taken out of another part; two of one kind could be told apart no more.
        if same.count(True) == 1 and part.removed[-1][0] not in m.told_by:
            m.told_by[part.removed[-1][0]] = (value.tag, frozenset({same.index(True)}))


def remove_first(m: Machine, ref: Ref, value: Value) -> None:
    """``list.remove``: the first element that is, or equals, ``value``; raises ValueError where there is none."""
    target = m.object(ref)
    assert isinstance(target, SeqObject)
    found: Condition = Const(False)
    result: list[Query] = []
    for part in parts_of(target.content):
        kinds = kinds_of(m, part)
        kind = type_of(m, value) if is_entity(m, value) else ""
        if found == Const(True) or not (kinds is None or may_be(kind, kinds)):
            result.append(part)
            continue
        hit, rest = _without(m, part, value, found, in_loop=not in_own_loops(m, ref), hashes=False)
        found = either(m, found, hit)
        result += rest
    m.require(found, "ValueError")
    m.set_object(ref, replace(target, content=concat(*result)))


def _without(
    m: Machine, part: Query, value: Value, found: Condition, *, in_loop: bool, hashes: bool = True
) -> tuple[Condition, tuple[Query, ...]]:
    """Return whether a part holds the element, unless it was found before; and the part without it."""
    if isinstance(part, GuardedQuery):
        away = either(m, found, invert(m, boolean(part.condition)))
        hit, rest = _without(m, part.inner, value, away, in_loop=in_loop, hashes=hashes)
        return hit, tuple(replace(part, inner=inner) for inner in rest)
    if isinstance(part, ItemQuery):
        same = matches(m, part, value) if hashes else same_element(m, part.value, value)
        hit = m.as_condition(both(m, boolean(part.condition), same))
        hit = m.as_condition(both(m, invert(m, found), hit))
        kept = both(m, boolean(part.condition), invert(m, hit))
        return hit, () if kept == Const(False) else (replace(part, condition=condition_expr(m, kept)),)
    stale = hashes and isinstance(part, RowsQuery) and is_changed(m, part) and knows_hashes(m, part)
    if hashes and not stale:
        check_hashes(m, part)
    if isinstance(part, TableQuery):
        return _without_place(m, part, value, found)
    if not isinstance(part, RowsQuery):
        m.unsupported("an element is removed from a set that is not in memory")
    itself = isinstance(value, Row) and same_table(part, value) and not is_changed(m, part)
    row = value if itself and isinstance(value, Row) else find_row(m, part, value, hashed=stale)
    if row is None:
        return Const(False), (part,)
    if isinstance(row, Union):
        hit = m.as_condition(Finite(row.tag, tuple(option != UNBOUND for option in row.options)))
        row = next(option for option in row.options if isinstance(option, Row))
    else:
        hit = boolean(part.present(row.index)) if itself else Const(True)
    hit = m.as_condition(both(m, invert(m, found), hit))
    if hit == Const(False):
        return hit, (part,)
    return hit, (take_out(m, part, row, hit, in_loop=in_loop),)


def _without_place(
    m: Machine, table: TableQuery, value: Value, found: Condition
) -> tuple[Condition, tuple[Query, ...]]:
    if table.count == ZERO:
        return Const(False), (table,)

    def search(handle: object) -> Value:
        def visit(place: Expr, element: Value) -> None:
            m.when(same_element(m, element, value), lambda: m.leave(handle, Num(place, 0, PLACES - 1)))  # type: ignore[arg-type]

        table.visit_places(m, visit)
        return Const(-1)

    told = place_of(m, table, value)
    found_at = (
        m.block("place", search) if told is None else m.branch(is_at(m, table, told), lambda: told, lambda: Const(-1))
    )
    place = as_number(m, found_at)
    assert place is not None
    if isinstance(place.expr, Lit):
        return Const(False), (table,)
    hit = m.as_condition(boolean(Op("ge", (place.expr, ZERO), Kind.BOOL)))
    hit = m.as_condition(both(m, invert(m, found), hit))
    return hit, (replace(table, taken=with_bit(m, table.taken, table.count, place.expr, condition_expr(m, hit))),)


def with_bit(m: Machine, bits: Expr, count: Expr, place: Expr, condition: Expr) -> Expr:
    """Return bits with that of a place set where a condition holds; there must be room for ``count`` places."""
    if isinstance(count, Lit) or m.plan.capacity <= PLACES:
        assert not isinstance(count, Lit) or int(count.value) <= PLACES
    else:
        m.guard(boolean(Op("le", (count, Lit(PLACES, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_SCRATCH)
    bit: Expr = Op("shift_left", (Lit(1, Kind.INT), Op("and_", (place, Lit(PLACES - 1, Kind.INT)), Kind.INT)), Kind.INT)
    if condition != TRUE:
        bit = Op("select", (condition, bit, ZERO), Kind.INT)
    return m.temp(bit if bits == ZERO else Op("or_", (bits, bit), Kind.INT))


def take_out(m: Machine, part: RowsQuery, row: Row, condition: Condition, *, in_loop: bool) -> RowsQuery:
    """Return the rows without one, where the condition holds."""
    decided = m.as_condition(condition)
    if m.is_static(row.type_name):
        if row.type_name in m.plan.assumptions.unchanging and not isinstance(decided, Const):
            m.assumed = True
            m.guard(invert(m, decided), STATUS_OUT_OF_RANGE)
            return part
        m.make_dynamic(row.type_name)
    expr = condition_expr(m, decided)
    if not in_loop:
        return replace(part, removed=(*part.removed, (expr, m.temp(row.index))))
    return replace(part, taken=with_bit(m, part.taken, m.row_count(part.world, part.type_name), row.index, expr))
