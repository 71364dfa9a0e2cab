"""Dicts of lists, sets and sums that grew entry by entry: what a key has is made of the values of its entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, Expr, Kind
from wc_engine.compile.stage.heap_objects import Assigned, Dropped, Entry, SeqObject
from wc_engine.compile.stage.logic import both
from wc_engine.compile.stage.operators import arithmetic, as_number
from wc_engine.compile.stage.queries import ItemQuery, Query, concat
from wc_engine.compile.stage.values import UNBOUND, Const, Num, Ref, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

from wc_engine.compile.stage.association_entries import check_key, content_of, pair_of, same_key

__all__ = ["grouped"]


@dataclass(frozen=True, eq=False, slots=True)
class MatchQuery:
    """The values of the entries of a run that have a key."""

    pairs: Query
    key: Value

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        def visit(element: Value) -> None:
            known, value = pair_of(m, element)
            m.when(same_key(m, known, self.key), lambda: body(value))

        self.pairs.iterate(m, visit)


def grouped(m: Machine, ref: Ref, key: Value) -> Value:
    """Return the list, set or sum of a key."""
    content = content_of(m, ref)
    check_key(m, key)
    query = _matching(m, content.entries, key)
    if content.group == "sum":
        return _sum_of(m, query)
    group = m.new_object(SeqObject(content.group, query, content.group == "list"))
    m.births[group.object_id] = ((0, 0), tuple(m.loops))
    m.borrowed[group.object_id] = (("group", ref.object_id), m.clock)
    return group


def _matching(m: Machine, entries: tuple[Entry, ...], key: Value) -> Query:
    parts: list[Query] = []
    for entry in entries:
        if isinstance(entry, Dropped):
            m.unsupported("an item of a dict of groups is removed")
        if isinstance(entry, Assigned):
            if entry.value == UNBOUND:
                continue
            there = m.as_condition(both(m, boolean(entry.condition), same_key(m, entry.key, key)))
            if there != Const(False):
                parts.append(ItemQuery(entry.value, _expr(m, there)))
            continue
        same = same_key(m, entry.key, key) if entry.key is not None else None
        if same == Const(False):
            continue
        parts.append(entry.whole if same == Const(True) and entry.whole is not None else MatchQuery(entry.pairs, key))
    return concat(*parts)


def _expr(m: Machine, condition: Num | Const) -> Expr:
    return TRUE if isinstance(condition, Const) else m.temp(condition.expr)


def _sum_of(m: Machine, query: Query) -> Value:
    cell = m.new_cell(Const(0))

    def visit(element: Value) -> None:
        number = as_number(m, element)
        if number is None or number.kind is Kind.FLOAT:
            m.unsupported("a dict of sums of this kind")
        small = all(bound is not None and abs(bound) < 2**31 for bound in (number.low, number.high))
        m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], element, bounded=small)

    query.iterate(m, visit)
    return m.store.cells[cell]
