"""``sorted`` and ``list.sort``: insertion in memory, elements and keys side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import Expr, Forever, Kind, Lit, Loop, Op
from wc_engine.compile.stage.collections import iterable, materialise, new_list, site_of
from wc_engine.compile.stage.comprehensions import ComprehensionQuery
from wc_engine.compile.stage.iterators import snapshot
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.ordering import order
from wc_engine.compile.stage.places import known_size
from wc_engine.compile.stage.queries import Query, TableQuery, items_query, known_items
from wc_engine.compile.stage.sorted_sections import has_one_key_each, rows_in_order, sections_in_order
from wc_engine.compile.stage.values import NONE, Const, Num, QueryValue, Ref, TupleValue, Union, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = ["sorted_list", "sorted_query"]

_ONE = Lit(1, Kind.INT)


def sorted_list(m: Machine, value: Value, *, key: Value = NONE, reverse: Value = Const(False)) -> Value:  # noqa: B008
    """``sorted(value, key=key, reverse=reverse)``."""
    visit = value.query if isinstance(value, QueryValue) else None
    known = isinstance(visit, ComprehensionQuery) and (
        known_items(visit.source) is not None or has_one_key_each(m, visit, lambda item: _rank(m, key, item))
    )
    query = snapshot(m, value) if known else iterable(m, value)
    return new_list(m, sorted_query(m, query, key, reverse), "list", m.node)


def sorted_query(m: Machine, query: Query, key: Value, reverse: Value) -> Query:
    """Return the elements of a query in order.

    Any way of sorting compares neighbours in the result, so it raises exactly where Python's does; equal elements stay
    in their order, also where the order is reversed.
    """
    backwards = m.as_condition(m.truth(reverse))
    if not isinstance(backwards, Const):
        m.unsupported("a sort whose direction depends on the state")
    items = known_items(query)
    if items is not None and len(items) < 2:
        for item in items:
            _rank(m, key, item)
        return query
    if known_size(m, query) == _ONE:
        query.iterate(m, lambda item: _rank_only(m, key, item))
        return query
    if items is not None and all(isinstance(item, Const) for item in items):
        ranks = [_rank(m, key, item) for item in items]
        if all(isinstance(rank, Const) for rank in ranks):
            result = lift(m, lambda *keys: tuple(_places(keys, backwards.value)), tuple(ranks))
            if isinstance(result, Const):
                return items_query(tuple(items[place] for place in result.value))

    kept = None if backwards.value else rows_in_order(m, query, lambda item: _rank(m, key, item))
    if kept is not None:
        return kept

    def sort(part: Query, number: int) -> Query:
        return _Sort(m, backwards.value, number + 1).run(part, key)

    sections = sections_in_order(m, query, lambda item: _rank(m, key, item), sort, backwards=backwards.value)
    return _Sort(m, backwards.value).run(query, key) if sections is None else sections


def _places(keys: tuple[object, ...], backwards: bool) -> list[int]:
    return sorted(range(len(keys)), key=lambda place: keys[place], reverse=backwards)  # type: ignore[arg-type,return-value]


def _rank(m: Machine, key: Value, element: Value) -> Value:
    return element if key == NONE else m.call(key, (element,), {})


def _rank_only(m: Machine, key: Value, element: Value) -> None:
    """Follow the key function for what it raises or changes."""
    _rank(m, key, element)


class _Sort:
    """Emits one sort.

    Args:
        backwards: the greatest first.
        number: tells apart the sorts that one expression needs.
    """

    def __init__(self, m: Machine, backwards: bool, number: int = 0) -> None:
        self.m = m
        self.backwards = backwards
        line, column = site_of(m.node)
        # Of further sorts beyond all columns, so that they meet no other list's place.
        place = column + 100_000 * number
        self.sites = [(line, -1 - place * 64 - purpose) for purpose in (40, 41)]

    def run(self, query: Query, key: Value) -> TableQuery:
        """Return a new list in memory with the elements of a query in order."""
        m = self.m
        elements = materialise(m, query, self.sites[0])
        assert isinstance(elements, TableQuery)
        keys = elements.list_id
        if key != NONE:
            ranks = materialise(m, _Ranks(elements, key), self.sites[1])
            assert isinstance(ranks, TableQuery)
            keys = ranks.list_id
        lists = list(dict.fromkeys((elements.list_id, keys)))
        variable = m.new_var(Kind.INT, "i")

        def visit() -> None:
            rank = m.tables_at_run_time.load(keys, variable)
            self._check(rank)
            held = [m.tables_at_run_time.take(list_id, variable) for list_id in lists]
            place = self._make_room(lists, keys, variable, rank)
            for list_id, leaves in zip(lists, held, strict=True):
                m.tables_at_run_time.put(list_id, place, leaves)

        m.loop(lambda label, code: Loop(label, variable, elements.count, code), visit)
        return elements

    def _make_room(self, lists: list[int], keys: int, start: Expr, rank: Value) -> Expr:
        """Move what comes after ``rank`` up by one place; return the place that is free then."""
        m = self.m
        cell = m.new_cell(Num(start, 0, 2**31))

        def search(handle: BlockHandle) -> Value:
            def visit() -> None:
                place = m.int_expr(m.store.cells[cell])
                m.when(boolean(Op("le", (place, Lit(0, Kind.INT)), Kind.BOOL)), lambda: m.leave(handle))
                before = m.temp(Op("sub", (place, _ONE), Kind.INT))
                other = m.tables_at_run_time.load(keys, before)
                first, second = (other, rank) if self.backwards else (rank, other)
                later = order(m, "lt", first, second)

                def stop() -> Value:
                    m.leave(handle)

                m.branch(later, lambda: NONE, stop)
                for list_id in lists:
                    m.tables_at_run_time.move(list_id, place, before)
                m.store.cells[cell] = Num(before, 0, 2**31)

            m.forever(lambda label, code: Forever(label, code), visit)
            return NONE

        m.block("sorted", search)
        return m.int_expr(m.store.cells[cell])

    def _check(self, rank: Value) -> None:
        """Refuse keys that have no total order."""
        m = self.m
        if isinstance(rank, (TupleValue, Union)):
            for inner in rank.items if isinstance(rank, TupleValue) else rank.options:
                self._check(inner)
        elif isinstance(rank, Num) and rank.kind is Kind.FLOAT:
            m.guard(boolean(Op("eq", (rank.expr, rank.expr), Kind.BOOL)), STATUS_OUT_OF_RANGE)  # not NaN
        elif isinstance(rank, Ref):
            m.unsupported("a sort by lists, sets or new entities")


class _Ranks:
    """The keys of the elements of a list."""

    def __init__(self, elements: TableQuery, key: Value) -> None:
        self.elements = elements
        self.key = key

    def iterate(self, m: Machine, body: object) -> None:
        assert callable(body)
        self.elements.iterate(m, lambda element: body(_rank(m, self.key, element)))
