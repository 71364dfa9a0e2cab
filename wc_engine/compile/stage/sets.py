"""Sets: making them, and their algebra.

How single elements are found, by the hashes that they were inserted with, is told in ``members.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage.collections import each_once, iterable, new_list, site_of, unhashed
from wc_engine.compile.stage.comprehensions import ComprehensionQuery, HashedQuery
from wc_engine.compile.stage.equality import Condition, contains, exists
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.laziness import apart, lazy
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.members import add, check_hashes, kinds_of, relevant, unchanged
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery, concat, known_items, parts_of
from wc_engine.compile.stage.removal import take_out
from wc_engine.compile.stage.values import Conflict, DictView, QueryValue, Ref, Row, Union, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["algebra", "as_set", "make_set", "make_set_of_items", "subset"]


@dataclass(frozen=True, eq=False, slots=True)
class WhereQuery:
    """The elements of a source that satisfy a condition."""

    source: Query
    holds: Callable[[Value], Condition]

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        self.source.iterate(m, lambda element: m.when(self.holds(element), lambda: body(element)))


_MANY_OBJECTS = 8


def _holds_many_objects(m: Machine, value: Union) -> bool:
    """Whether a union of lists has more new entities among their elements than should stand side by side in one."""
    contents = [m.store.heap.get(option.object_id) for option in value.options if isinstance(option, Ref)]
    lists = [content for content in contents if isinstance(content, SeqObject)]
    parts = {part.value for content in lists for part in parts_of(content.content) if isinstance(part, ItemQuery)}
    return len(lists) == len(value.options) and len(parts) > _MANY_OBJECTS


def make_set(m: Machine, value: Value, kind: str = "set") -> Value:
    """``set(value)``: the elements of any iterable."""
    if isinstance(value, Union) and (_holds_many_objects(m, value) or _is_changed_set(m, value)):
        return m.dispatch(value, lambda option: make_set(m, option, kind))
    if isinstance(value, Ref):
        content = m.object(value)
        if isinstance(content, SeqObject) and content.kind in ("set", "frozenset"):
            return new_list(m, content.content, kind, m.node, distinct=content.distinct)
    query = iterable(m, value)
    items = known_items(query)
    if items is not None:
        return make_set_of_items(m, items, kind)
    query = unhashed(query)
    sets = _sets_among(m, value) if isinstance(value, Union) else []
    if sets and all(content.distinct for content in sets):
        return new_list(m, query, kind, m.node)
    parts = parts_of(query)
    distinct = all(isinstance(part, (RowsQuery, ItemQuery)) for part in parts) and apart(m, parts)
    if isinstance(value, QueryValue):
        query, distinct = _hashed(m, query)
    distinct = distinct and unchanged(m, query)
    if not distinct and "" not in (kinds_of(m, query) or {""}):
        line, column = site_of(m.node)
        query, distinct = each_once(m, query, (line, -1 - column * 64 - 62)), True
    return new_list(m, query, kind, m.node, distinct=distinct)


def _sets_among(m: Machine, value: Union) -> list[SeqObject]:
    """The contents of a union of sets; none where it may be something else."""
    allowed = [value.options[place] for place in m.allowed(value.tag, len(value.options))]
    contents = [m.object(option) if isinstance(option, Ref) else None for option in allowed]
    found = [one for one in contents if isinstance(one, SeqObject) and one.kind in ("set", "frozenset")]
    return found if len(found) == len(contents) else []


def _is_changed_set(m: Machine, value: Union) -> bool:
    """Whether a union is one set or another, with elements that changed since they were hashed: equal ones may stay."""
    return not all(unchanged(m, content.content) for content in _sets_among(m, value))


def _hashed(m: Machine, query: Query) -> tuple[Query, bool]:
    """Return the elements of an iterator as a set is made of them, and whether they are certainly distinct.

    A generator expression over several parts is one over each.
    """
    if isinstance(query, ComprehensionQuery) and len(query.node.generators) == 1:
        whole = query
        return lazy(m, lambda part: HashedQuery(replace(whole, source=part)), whole.source, site_of(m.node))
    return lazy(m, HashedQuery, query, site_of(m.node))


def make_set_of_items(m: Machine, items: tuple[Value, ...], kind: str = "set") -> Ref:
    """A set display: each item is added unless an equal one is there."""
    ref = new_list(m, concat(), kind, m.node)
    for item in items:
        add(m, ref, item)
    return ref


def as_set(m: Machine, value: Value) -> SeqObject:
    """Return a value's contents as a set; raises TypeError where it is none."""
    if isinstance(value, Ref):
        content = m.object(value)
        if isinstance(content, SeqObject) and content.kind in ("set", "frozenset"):
            return content
    if isinstance(value, (DictView, Conflict)):
        m.unsupported("set operations on this value")
    m.raise_named("TypeError")


# ---- algebra --------------------


def subset(m: Machine, left: SeqObject, right: SeqObject) -> Condition:
    """Return ``left <= right``."""
    other = QueryValue(right.content, "set")
    return invert(m, exists(m, left.content, lambda item: invert(m, contains(m, other, item))))


def _removed(m: Machine, content: Query, item: ItemQuery) -> Query | None:
    """Return ``content`` without an element, where that is there, if it is one known row; else None."""
    value = item.value
    if not isinstance(value, Row):
        return None
    result: list[Query] = []
    for part in parts_of(content):
        if isinstance(part, RowsQuery) and _same_table(part, value):
            result.append(take_out(m, part, value, boolean(item.condition), in_loop=False))
        else:
            result.append(part)
    return concat(*result) if concat(*result) != content else None


def _same_table(part: RowsQuery, row: Row) -> bool:
    return (part.world, part.type_name, part.generation) == (row.world, row.type_name, row.generation)


def algebra(
    m: Machine,
    name: str,
    left: Value,
    right: Value,
    *,
    kind: str | None = None,
    earlier: Query | None = None,
    hashed_now: bool = False,
) -> Value:
    """Return ``left name right`` for ``sub``, ``or_``, ``and_`` or ``xor``.

    Args:
        kind: the kind of set that is made, where it is not that of ``left``.
        earlier: what of ``left`` was hashed before, where that is not all of it.
        hashed_now: ``right`` was made a set just now: no hash in it is stale.
    """
    for value, swap in ((left, False), (right, True)):
        if isinstance(value, Union):
            return m.dispatch(
                value,
                lambda o, swap=swap: (
                    algebra(m, name, left, o, kind=kind, earlier=earlier, hashed_now=hashed_now)
                    if swap
                    else algebra(m, name, o, right, kind=kind, earlier=earlier, hashed_now=hashed_now)
                ),  # type: ignore[misc]
            )
    if name not in ("sub", "or_", "and_", "xor"):
        m.raise_named("TypeError")
    first, second = as_set(m, left), as_set(m, right)
    kind = kind or first.kind
    _check_common(m, first.content if earlier is None else earlier, second.content)
    if not hashed_now:
        _check_common(m, second.content, first.content)
    if name == "sub":
        return _difference(m, first, second, kind)
    if name == "or_":
        return _union(m, first, second, kind)
    if name == "and_":
        return _where(m, first, lambda item: _is_in(m, second.content, item), kind)
    return _union(
        m, _content(m, _difference(m, first, second, kind)), _content(m, _difference(m, second, first, kind)), kind
    )


def _check_common(m: Machine, content: Query, other: Query) -> None:
    """Give up where the hash of an element may be stale that may be searched for in another set; others are kept."""
    wanted = kinds_of(m, other)
    for part in parts_of(content):
        own = kinds_of(m, part)
        if own is None or wanted is None or own & wanted or "" in own | wanted:
            check_hashes(m, part)


def _content(m: Machine, ref: Ref) -> SeqObject:
    content = m.object(ref)
    assert isinstance(content, SeqObject)
    return content


def _where(m: Machine, source: SeqObject, holds: Callable[[Value], Condition], kind: str) -> Ref:
    query, _ = lazy(m, lambda part: WhereQuery(part, holds), source.content, site_of(m.node))
    return new_list(m, query, kind, m.node, distinct=source.distinct)


def _difference(m: Machine, left: SeqObject, right: SeqObject, kind: str) -> Ref:
    items = _items(right.content)
    content = left.content
    rest = []
    for item in items or ():
        shorter = _removed(m, content, item)
        if shorter is None:
            rest.append(item)
        else:
            content = shorter
    if items is not None and not rest:
        return new_list(m, content, kind, m.node, distinct=left.distinct)
    other = right.content if items is None else concat(*rest)
    return _where(m, replace(left, content=content), lambda item: invert(m, _is_in(m, other, item)), kind)


def _items(content: Query) -> list[ItemQuery] | None:
    """The elements of a set, some there only on a condition, where all are known one by one; else None."""
    parts = parts_of(content)
    items = [part for part in parts if isinstance(part, ItemQuery)]
    return items if len(items) == len(parts) else None


def _is_in(m: Machine, content: Query, item: Value) -> Condition:
    """Whether a set holds an element, searched where such elements can be."""
    return contains(m, QueryValue(concat(*relevant(m, content, item)), "set"), item)


def _union(m: Machine, left: SeqObject, right: SeqObject, kind: str) -> Ref:
    items = _items(right.content)
    if items is not None:
        ref = new_list(m, left.content, kind, m.node, distinct=left.distinct)
        for item in items:
            m.when(boolean(item.condition), lambda value=item.value: add(m, ref, value))  # type: ignore[misc]
        return ref
    if known_items(left.content) == ():
        return new_list(m, right.content, kind, m.node, distinct=right.distinct)
    kinds = [kinds_of(m, side.content) for side in (left, right)]
    apart = kinds[0] is not None and kinds[1] is not None and kinds[0].isdisjoint(kinds[1])
    distinct = left.distinct and right.distinct and apart
    return new_list(m, concat(left.content, right.content), kind, m.node, distinct=distinct)
