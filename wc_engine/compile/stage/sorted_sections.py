"""Sorting what is known section by section: where the key tells the sections apart, these are put in order as wholes.

``sorted(state, key=lambda e: (e.name, e.x, e.y))`` is the agent, the keys by their places, the walls: the name decides
between types when compiling. Walls stand in this order already, and only keys, whose colour comes first in the order
of a state, are sorted in memory. ``sorted(e.name for e in state if e.x == x)`` has nothing to sort at all: each section
has one key.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, Expr, Kind, Lit
from wc_engine.compile.stage.collections import site_of
from wc_engine.compile.stage.comprehensions import ComprehensionQuery
from wc_engine.compile.stage.laziness import LazyQuery, lazy, visited_row
from wc_engine.compile.stage.places import known_size
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery, concat, parts_of
from wc_engine.compile.stage.values import NONE, Const, Num, Row, TupleValue, Value
from wc_engine.state.schema import IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["has_one_key_each", "rows_in_order", "sections_in_order"]


def rows_in_order(m: Machine, query: Query, rank: Callable[[Value], Value]) -> Query | None:
    """Return the elements of a query where these come in the order of their keys, else None.

    They do where they are rows of one type, or tuples made of such, and the keys begin as the rows do.

    Args:
        query: the elements.
        rank: the key of an element.
    """
    found = visited_row(m, query)
    if found is None or not (isinstance(found[1], Num) or _is_plain(found[1])):
        return None
    row, element = found
    outcome = m.trial(lambda: rank(element))
    if outcome is None or outcome[2] or not isinstance(outcome[0], (Num, TupleValue)):
        return None
    items = outcome[0].items if isinstance(outcome[0], TupleValue) else (outcome[0],)
    if not _begins_row(m, row, items):
        return None
    return lazy(m, lambda part: part, query, site_of(m.node))[0]


def _is_plain(value: Value) -> bool:
    """Whether a value means the same outside the visit that showed it: a row, or a tuple of numbers."""
    return isinstance(value, Row) or (
        isinstance(value, TupleValue) and all(isinstance(item, (Num, Const)) for item in value.items)
    )


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of a query with what its elements' keys begin with, all of them, what follows, and the last element."""

    part: Query
    lead: tuple[object, ...]
    rest: tuple[Value, ...]
    element: Value = NONE


def sections_in_order(
    m: Machine,
    query: Query,
    rank: Callable[[Value], Value],
    sort: Callable[[Query, int], Query],
    *,
    backwards: bool,
) -> Query | None:
    """Return the elements of a query sorted, section by section; None where the keys do not tell sections apart.

    Args:
        query: the elements.
        rank: the key of an element.
        sort: sorts one section in memory; the number tells sections apart.
        backwards: the greatest first.
    """
    parts = parts_of(query)
    if len(parts) < 2:
        return None
    sections = [_section(m, part, rank) for part in parts]
    known = [section for section in sections if section is not None]
    if len(known) < len(sections) or not _comparable(known):
        return None
    # Equal elements stay in their order, also where the order is reversed.
    placed = sorted(known, key=lambda section: section.lead, reverse=backwards)
    result: list[Query] = []
    for number, section in enumerate(placed):
        if not section.rest or _is_one(m, section.part) or (not backwards and _in_order(m, section)):
            result.append(section.part)
        elif isinstance(section.part, RowsQuery) and m.is_static(section.part.type_name):
            return None
        else:
            result.append(sort(section.part, number))
    return concat(*result)


def has_one_key_each(m: Machine, visit: ComprehensionQuery, rank: Callable[[Value], Value]) -> bool:
    """Whether a comprehension makes elements with one constant key of each section of what it visits."""
    sources = parts_of(visit.source)
    if len(sources) < 2 or len(visit.node.generators) > 1:
        return False
    sections: list[_Section] = []
    for source in sources:
        part = replace(visit, source=source)
        keys = _keys(m, part, rank)
        section = _section(m, part, rank) if keys else None
        if keys is None or (keys and section is None):
            return False
        sections += [section] if section is not None else []
    return _comparable(sections)


def _keys(m: Machine, part: Query, rank: Callable[[Value], Value]) -> list[tuple[Value, Value]] | None:
    """The (key, element) that a visit shows; None where it may raise or change something."""
    found: list[tuple[Value, Value]] = []

    def run() -> Value:
        part.iterate(m, lambda element: found.append((rank(element), element)))
        return NONE

    outcome = m.trial(run)
    return None if outcome is None or outcome[2] else found


def _section(m: Machine, part: Query, rank: Callable[[Value], Value]) -> _Section | None:
    if not isinstance(part, (RowsQuery, ItemQuery, LazyQuery, ComprehensionQuery)):
        return None
    found = _keys(m, part, rank)
    if not found or any(value != found[0][0] for value, _ in found[1:]):
        return None
    key, element = found[-1]
    if isinstance(key, Const):
        whole = key.value if isinstance(key.value, tuple) else (key.value,)
        return _Section(part, whole, ())
    if not isinstance(key, TupleValue) or isinstance(part, (LazyQuery, ComprehensionQuery)):
        return None
    lead: list[object] = []
    for item in key.items:
        if not isinstance(item, Const):
            break
        lead.append(item.value)
    return _Section(part, tuple(lead), key.items[len(lead) :], element) if lead else None


def _comparable(sections: list[_Section]) -> bool:
    """Whether the leads have an order that tells apart all sections whose keys go on behind them."""
    try:
        ordered = sorted(sections, key=lambda section: section.lead)
    except TypeError:
        return False
    kinds = {(len(section.lead), bool(section.rest)) for section in sections}
    if len(kinds) > 1 and len({len(section.lead) for section in sections}) > 1:
        return False
    if any(value != value for section in sections for value in section.lead):  # NaN
        return False
    neighbours = itertools.pairwise(ordered)
    return all(one.lead != other.lead or not (one.rest or other.rest) for one, other in neighbours)


def _is_one(m: Machine, part: Query) -> bool:
    return (isinstance(part, ItemQuery) and part.condition == TRUE) or known_size(m, part) == Lit(1, Kind.INT)


def _in_order(m: Machine, section: _Section) -> bool:
    """Whether the rest of the keys is what rows of a state are sorted by."""
    return isinstance(section.element, Row) and _begins_row(m, section.element, section.rest)


def _begins_row(m: Machine, row: Row, items: tuple[Value, ...]) -> bool:
    """Whether some values are the first attributes of a row, by which the rows of a state are sorted."""
    entity_type = m.schema.type(row.type_name)
    if entity_type is None or any(key[:2] == (row.world, row.type_name) for key in m.store.epochs):
        return False
    wanted = entity_type.attributes[: len(items)]
    return len(wanted) == len(items) and all(
        isinstance(domain, IntDomain) and _column(m, item) == (row.type_name, name, row.index)
        for item, (name, domain) in zip(items, wanted, strict=True)
    )


def _column(m: Machine, value: Value) -> tuple[str, str, Expr] | None:
    """Return (type, attribute, row) of the column that a number was read from."""
    origin = m.origin_of(value.expr) if isinstance(value, Num) else None
    return None if origin is None else origin[:3]
