"""What a transition returned, packed: the entities of each type that can change, row by row.

Static types must come back as they were. Mostly they do so whole, as all rows of their type. Where a type is assumed
not to change (``Assumptions.unchanging``), its entities may also come back one by one: each must be one of the static
rows, and together they must be all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import FALSE, TRUE, ZERO, Count, Expr, Kind, ListArray, Lit, Op, Pack, Store
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage import attribute_writes, entities
from wc_engine.compile.stage.collections import iterable
from wc_engine.compile.stage.equality import equal
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.iterators import tuple_of
from wc_engine.compile.stage.machine import STATUS_FAILED, STATUS_OUT_OF_RANGE, STATUS_OUT_OF_SCRATCH, Machine
from wc_engine.compile.stage.queries import ItemQuery, RowsQuery, concat, items_query, known_items, parts_of
from wc_engine.compile.stage.unchanged_rows import row_like, rows_kept
from wc_engine.compile.stage.values import NONE, Const, Finite, Num, Ref, Row, TupleValue, Union, Value, boolean
from wc_engine.state.entities import Entity
from wc_engine.state.packing import row_format
from wc_engine.state.schema import IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.stage.queries import Query
    from wc_engine.state.schema import EntityType

__all__ = ["pack_result"]


def pack_result(m: Machine, result: Value) -> None:
    """Emit the packing of what a transition returned."""

    def use(option: Value) -> Value:
        content = concat(*(_as_rows(m, part) for part in parts_of(_entities_of(m, option))))
        target = m.object(option) if isinstance(option, Ref) else None
        in_order = not (isinstance(target, SeqObject) and target.kind in ("set", "frozenset"))
        _make_dynamic(m, [one.name for one in m.schema.types if not _is_whole(m, one.name, content)])
        counted = {
            entity_type.name: _Counted(m.new_cell(Const(0)), m.new_cell(Const(-1)) if in_order else None)
            for entity_type in m.schema.types
            if m.is_static(entity_type.name) and not _is_whole(m, entity_type.name, content)
        }
        m.assumed |= bool(counted)
        _pack(m, content, counted)
        for name, found in counted.items():
            total = Op("eq", (m.int_expr(m.store.cells[found.number]), Count(name)), Kind.BOOL)
            m.guard(boolean(total), STATUS_OUT_OF_RANGE)
        return NONE

    m.dispatch(result, use)


def _entities_of(m: Machine, value: Value) -> Query:
    if isinstance(value, Finite) or (isinstance(value, Const) and isinstance(value.value, tuple)):
        return iterable(m, value)
    if isinstance(value, (Const, Num, Row)):
        m.fail(STATUS_FAILED)
    return iterable(m, value)


def _as_rows(m: Machine, part: Query) -> Query:
    """The entity of a type of which there is one, as all rows of its type."""
    row = part.value if isinstance(part, ItemQuery) and part.condition == TRUE else None
    if not isinstance(row, Row) or not m.is_single(row.type_name) or row.index != ZERO:
        return part
    return RowsQuery(row.world, row.type_name, row.generation)


# ---- static types --------------------


@dataclass(frozen=True, slots=True)
class _Counted:
    """The entities of a static type that came back so far.

    Attributes:
        number: the cell of their number.
        last: the cell of the last one's row, where equal ones could count twice: then they must come in order.
    """

    number: int
    last: int | None


def _is_whole(m: Machine, type_name: str, content: Query) -> bool:
    """Whether a type comes back as all its rows, once."""
    parts = parts_of(content)
    rows = [part for part in parts if isinstance(part, RowsQuery) and part.type_name == type_name]
    return len(rows) == 1 and not rows[0].is_shorter and rows[0].world == 0


def _make_dynamic(m: Machine, type_names: list[str]) -> None:
    """Start again with those of some types dynamic that are not, and need not be assumed to stay as they are."""
    plan = m.wanted
    for name in type_names:
        if m.is_static(name) and name not in m.plan.assumptions.unchanging:
            plan = plan.with_dynamic_type(name)
    if plan is not m.wanted:
        raise Restart(plan)


def _keep(m: Machine, value: Value, entity_type: EntityType, counted: _Counted) -> None:
    """Count an entity of a static type that came back."""
    row = value if isinstance(value, Row) and value.world == 0 else row_like(m, value, entity_type)
    if counted.last is not None:
        last = m.int_expr(m.store.cells[counted.last])
        m.guard(boolean(Op("gt", (row.index, last), Kind.BOOL)), STATUS_OUT_OF_RANGE)
        m.store.cells[counted.last] = Num(row.index)
    _count(m, counted, Lit(1, Kind.INT))


def _count(m: Machine, counted: _Counted, more: Expr) -> None:
    number = m.int_expr(m.store.cells[counted.number])
    m.store.cells[counted.number] = Num(m.temp(Op("add", (number, more), Kind.INT), "n"))


def _keep_all(m: Machine, type_name: str, counted: _Counted) -> None:
    """Count all rows of a type, which came back."""
    if counted.last is not None:
        last = m.int_expr(m.store.cells[counted.last])
        m.guard(boolean(Op("lt", (last, Lit(0, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_RANGE)
        m.store.cells[counted.last] = Num(Count(type_name))
    _count(m, counted, Count(type_name))


# ---- dynamic types --------------------


def _pack(m: Machine, content: Query, counted: dict[str, _Counted]) -> None:
    dynamic = [entity_type for entity_type in m.schema.types if not m.is_static(entity_type.name)]
    counts = {t.name: m.new_cell(Const(0)) for t in dynamic}
    codes = {t.name: ListArray(1000 + place, 0, m.plan.capacity) for place, t in enumerate(dynamic)}
    parts = parts_of(content)
    whole = {t.name for t in dynamic if m.is_whole(parts, t.name)}

    def visit(element: Value) -> None:
        m.dispatch(element, lambda option: _pack_entity(m, option, counts, codes, counted))

    replaced = {t.name: found for t in dynamic if (found := _replacement(m, parts, t)) is not None}
    for part in parts:
        if isinstance(part, RowsQuery) and m.is_static(part.type_name):
            if part.type_name in counted:
                _keep_all(m, part.type_name, counted[part.type_name])
            continue
        kept = rows_kept(m, part)
        if kept is not None:
            _keep_all(m, kept, counted[kept])
            continue
        if isinstance(part, RowsQuery) and part.type_name in replaced:
            _pack_replaced(m, part, replaced[part.type_name], codes[part.type_name])
            m.store.cells[counts[part.type_name]] = Num(m.row_count(part.world, part.type_name))
        elif any(part is item for item in replaced.values()):
            continue
        elif isinstance(part, RowsQuery) and part.type_name in whole:
            _pack_rows(m, part, codes[part.type_name])
            m.store.cells[counts[part.type_name]] = Num(m.row_count(part.world, part.type_name))
        else:
            part.iterate(m, visit)
    for entity_type in dynamic:
        m.emit(Pack(entity_type.name, codes[entity_type.name], m.int_expr(m.store.cells[counts[entity_type.name]])))


def _pack_rows(m: Machine, rows: RowsQuery, codes: ListArray) -> None:
    """All rows of a type, in their places."""
    entity_type = m.schema.type(rows.type_name)
    assert entity_type is not None

    def visit(element: Value) -> None:
        assert isinstance(element, Row)
        m.emit(Store(codes, element.index, _row_code(m, element, entity_type)))

    rows.iterate(m, visit)


def _pack_replaced(m: Machine, rows: RowsQuery, item: ItemQuery, codes: ListArray) -> None:
    """All rows of a type of which there is a fixed number, one of them perhaps taken out and another one put in."""
    _pack_rows(m, replace(rows, removed=()), codes)
    entity_type = m.schema.type(rows.type_name)
    assert entity_type is not None
    (gone, row) = rows.removed[0]

    def put() -> Value:
        m.guard(boolean(gone), STATUS_OUT_OF_RANGE)
        m.emit(Store(codes, row, _row_code(m, item.value, entity_type)))
        return NONE

    def leave() -> Value:
        m.guard(boolean(Op("not", (gone,), Kind.BOOL) if gone != TRUE else FALSE), STATUS_OUT_OF_RANGE)
        return NONE

    m.branch(boolean(item.condition), put, leave)


def _pack_entity(
    m: Machine, value: Value, counts: dict[str, int], codes: dict[str, ListArray], counted: dict[str, _Counted]
) -> Value:
    if isinstance(value, Finite) and any(isinstance(item, Entity) for item in value.values):
        m.unsupported("an entity that somebody carries is returned as a part of the state")
    if not entities.is_entity(m, value):
        m.fail(STATUS_FAILED)
    type_name = entities.type_of(m, value)
    entity_type = m.schema.type(type_name)
    if entity_type is None:
        m.fail(3)
    if type_name in counted:
        _keep(m, value, entity_type, counted[type_name])
        return NONE
    if m.is_static(type_name):
        m.make_dynamic(type_name)
    code = _row_code(m, value, entity_type)
    cell = counts[type_name]
    count = m.store.cells[cell]
    position = m.int_expr(count)
    room = Op("lt", (position, Lit(m.plan.capacity, Kind.INT)), Kind.BOOL)
    if not isinstance(count, Const):
        m.guard(boolean(room), STATUS_OUT_OF_SCRATCH)
    m.emit(Store(codes[type_name], position, code))
    if isinstance(count, Const):
        m.store.cells[cell] = Const(count.value + 1)  # the same on every path, so that places stay known
    else:
        m.store.cells[cell] = Num(m.temp(Op("add", (position, Lit(1, Kind.INT)), Kind.INT), "n"))
    return NONE


def _row_code(m: Machine, value: Value, entity_type: EntityType) -> Expr:
    entities.settle_attributes(m, value, frozenset(entity_type.attribute_names))
    names, wanted = set(entities.attribute_set(m, value)), set(entity_type.attribute_names)
    if names - wanted - {"name"} or wanted - names:
        m.fail(STATUS_OUT_OF_RANGE)
    if "name" in names - wanted:
        same = equal(m, entities.get_attribute(m, value, "name"), Const(entity_type.name))
        m.guard(same, STATUS_OUT_OF_RANGE)
    shifts = row_format(entity_type).shifts
    code: Expr = Lit(0, Kind.INT)
    for (name, domain), shift in zip(entity_type.attributes, shifts, strict=True):
        expr = attribute_writes.encode(m, domain, _as_in_states(m, entities.get_attribute(m, value, name)))
        if isinstance(domain, IntDomain) and domain.low:
            expr = Op("sub", (expr, Lit(domain.low, Kind.INT)), Kind.INT)
        if isinstance(expr, Lit) and expr.value == 0:
            continue
        term = Op("shift_left", (expr, Lit(shift, Kind.INT)), Kind.INT) if shift else expr
        code = term if isinstance(code, Lit) else Op("or_", (code, term), Kind.INT)
    return code


def _replacement(m: Machine, parts: tuple[Query, ...], entity_type: EntityType) -> ItemQuery | None:
    """Return the element put in where a type's rows come back less one, and one new entity may stand in its place."""
    rows = [part for part in parts if isinstance(part, RowsQuery) and part.type_name == entity_type.name]
    others = [part for part in parts if not isinstance(part, RowsQuery)]
    if entity_type.count is None or len(rows) != 1 or len(rows[0].removed) != 1 or rows[0].taken != ZERO:
        return None
    items = [part for part in others if isinstance(part, ItemQuery) and entities.is_entity(m, part.value)]
    own = [part for part in items if entities.type_of(m, part.value) == entity_type.name]
    return own[0] if len(items) == len(others) and len(own) == 1 else None


def _as_in_states(m: Machine, value: Value) -> Value:
    """Return a value as a state holds it: lists become tuples."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _as_in_states(m, option))
    content = m.object(value) if isinstance(value, Ref) else None
    items = (
        known_items(content.content) if isinstance(content, SeqObject) and content.kind in ("list", "tuple") else None
    )
    if items is not None:
        value = TupleValue(items)
    if isinstance(value, TupleValue):
        return tuple_of(m, items_query(tuple(_as_in_states(m, item) for item in value.items)))
    return value
