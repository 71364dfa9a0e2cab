"""What is put in dicts whose keys depend on the state: keys, pairs, and the entries that a visit of the state makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Kind, Lit, Op
from wc_engine.compile.stage.equality import Condition, equal
from wc_engine.compile.stage.heap_objects import Assigned, AssociationObject, Entries, Entry
from wc_engine.compile.stage.laziness import LazyQuery
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.operators import as_whole
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery, parts_of
from wc_engine.compile.stage.values import (
    Builtin,
    ClassValue,
    Const,
    Finite,
    Num,
    Record,
    Ref,
    TupleValue,
    Value,
    boolean,
)
from wc_engine.state.entities import Entity
from wc_engine.state.schema import EntityType

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["CountedQuery", "check_key", "content_of", "entries_of", "pair_of", "same_key"]


def content_of(m: Machine, ref: Ref) -> AssociationObject:
    content = m.object(ref)
    assert isinstance(content, AssociationObject)
    return content


def entries_of(m: Machine, pairs: Query) -> tuple[Entry, ...]:
    """Return the items that a query over (key, value) puts in a dict."""
    return tuple(_entry(m, part) for part in parts_of(pairs))


def _entry(m: Machine, part: Query) -> Entry:
    if isinstance(part, ItemQuery):
        key, value = pair_of(m, part.value)
        check_key(m, key)
        return Assigned(key, value, part.condition)
    sample = part.sample if isinstance(part, LazyQuery) else None
    if sample is None or not sample.once:
        return Entries(part)
    key, value = pair_of(m, sample.value)
    check_key(m, key)
    whole = sample.rows if sample.unconditional and value == sample.row else None
    apart = _apart(m, sample.rows, key) or _guarded_apart(m, part, key)
    return Entries(part, apart, key if isinstance(key, (Const, ClassValue)) else None, whole)


_BITS = 63


def _guarded_apart(m: Machine, pairs: Query, key: Value) -> bool:
    """Whether no two keys of a run are equal: texts, as names are, are taken to be different, with a guard."""
    if not m.plan.assumptions.optimistic or m.pure_only or not isinstance(key, Finite) or len(key.values) > _BITS:
        return False
    if not all(isinstance(text, str) for text in key.values) or len(set(key.values)) < len(key.values):
        return False
    m.assumed = True
    seen = m.new_cell(Const(0))

    def visit(pair: Value) -> None:
        name, _ = pair_of(m, pair)
        if not isinstance(name, Finite) or name.values != key.values:
            m.fail(STATUS_OUT_OF_RANGE)
        bits = m.int_expr(m.store.cells[seen])
        bit = m.temp(Op("shift_left", (Lit(1, Kind.INT), name.index), Kind.INT))
        m.guard(boolean(Op("eq", (Op("and_", (bits, bit), Kind.INT), ZERO), Kind.BOOL)), STATUS_OUT_OF_RANGE)
        m.store.cells[seen] = Num(m.temp(Op("or_", (bits, bit), Kind.INT)))

    pairs.iterate(m, visit)
    return True


def _apart(m: Machine, rows: RowsQuery | None, key: Value) -> bool:
    """Whether different rows have different keys: all that can tell two rows apart is among the key's items."""
    entity_type = m.schema.type(rows.type_name) if rows is not None else None
    if rows is None or entity_type is None:
        return False
    if any(written[:2] == (rows.world, rows.type_name) for written in m.store.epochs):
        return False
    return entity_type.count == 1 or _attributes_in(m, key) >= _telling(entity_type)


def _telling(entity_type: EntityType) -> set[str]:
    return {name for name, domain in entity_type.attributes if domain.size > 1}


def _attributes_in(m: Machine, key: Value) -> set[str]:
    items = key.items if isinstance(key, (TupleValue, Record)) else (key,)
    whole = [as_whole(m, item, signed_zero=False) or item for item in items]
    exprs = [item.expr if isinstance(item, Num) else item.index for item in whole if isinstance(item, (Num, Finite))]
    return {origin[1] for expr in exprs if (origin := m.origin_of(expr)) is not None}


def check_key(m: Machine, key: Value) -> None:
    """Give up where keys are compared by more than their plain value."""
    plain_record = isinstance(key, Record) and (
        key.cls.by_value or (key.cls.is_tuple and key.cls.lookup("__hash__") is None)
    )
    if isinstance(key, TupleValue) or plain_record:
        assert isinstance(key, (TupleValue, Record))
        for item in key.items:
            check_key(m, item)
    elif isinstance(key, (Const, Finite)):
        values = (key.value,) if isinstance(key, Const) else key.values
        if not all(_is_plain(item) for item in values):
            m.unsupported("a dict key of this kind")
    elif isinstance(key, Num):
        if key.kind is Kind.FLOAT and as_whole(m, key, signed_zero=False) is None:
            m.unsupported("a dict key that is a float of the state")
    elif not isinstance(key, (ClassValue, Builtin)):
        m.unsupported("a dict key of this kind")


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return not isinstance(value, Entity) and value == value


def same_key(m: Machine, left: Value, right: Value) -> Condition:
    check_key(m, left)
    check_key(m, right)
    return equal(m, left, right)


def pair_of(m: Machine, value: Value) -> tuple[Value, Value]:
    if isinstance(value, TupleValue) and len(value.items) == 2:
        return value.items[0], value.items[1]
    if isinstance(value, Const) and isinstance(value.value, tuple) and len(value.value) == 2:
        return Const(value.value[0]), Const(value.value[1])
    m.unsupported("a dict of what is no pair")


@dataclass(frozen=True, eq=False, slots=True)
class CountedQuery:
    """(element, 1) for each element: what a Counter counts."""

    source: Query

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        self.source.iterate(m, lambda element: body(TupleValue((element, Const(1)))))
