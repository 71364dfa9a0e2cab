"""Where the contents of collections meet: templates for them, and the moves that fill these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import FALSE, TRUE, ZERO, Expr, Var
from wc_engine.compile.stage.values import Num

if TYPE_CHECKING:
    from wc_engine.compile.stage.templates import Move, Templates

from wc_engine.compile.stage.alignment import aligned, embedded
from wc_engine.compile.stage.queries import (
    ConflictQuery,
    GuardedQuery,
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    parts_of,
)
from wc_engine.compile.stage.stretches import StretchQuery

__all__ = ["content_moves", "content_template"]


def _same_prefix_kind(column: list[Query | None]) -> bool:
    """Whether the k-th parts of several contents can share one template."""
    present = [part for part in column if part is not None]
    first = present[0]
    if isinstance(first, ItemQuery):
        return all(isinstance(part, ItemQuery) for part in present)
    if isinstance(first, TableQuery):
        return all(isinstance(part, TableQuery) and part.list_id == first.list_id for part in present)
    if len(present) < len(column):
        return False
    if isinstance(first, StretchQuery):
        return all(isinstance(part, StretchQuery) and part.list_id == first.list_id for part in present)
    if isinstance(first, RowsQuery):
        return all(isinstance(part, RowsQuery) and _table_of(part) == _table_of(first) for part in present)
    return all(part == first for part in present)


def content_template(templates: Templates, contents: list[Query], widen: bool) -> Query:
    """Return contents of fresh variables that each of ``contents`` can be moved into.

    Args:
        widen: the template heads a loop: what only some of them have would be more and more from round to round.
    """
    rows = [parts_of(content) for content in contents]
    if any(isinstance(part, ConflictQuery) for parts in rows for part in parts):
        return ConflictQuery("a collection that differs between two paths")
    if any(isinstance(part, StretchQuery) for parts in rows for part in parts) and not _in_one_pool(rows):
        return ConflictQuery("a list that lies in another one on some paths only")
    if not widen:
        return concat(*(_part_template(templates, column, widen) for column in aligned(rows, _likeness)))
    length = max(len(parts) for parts in rows)
    result: list[Query] = []
    for position in range(length):
        column = [parts[position] if position < len(parts) else None for parts in rows]
        if not _same_prefix_kind(column):
            return ConflictQuery("a collection that differs between two paths")
        result.append(_part_template(templates, column, widen))
    return concat(*result)


def _in_one_pool(rows: list[tuple[Query, ...]]) -> bool:
    """Whether all of several contents are lists in the same pool, changed there for all who hold them."""
    pools = {parts[0].list_id if len(parts) == 1 and isinstance(parts[0], StretchQuery) else None for parts in rows}
    return len(pools) == 1 and None not in pools


_SAME, _ALIKE, _POSSIBLE = 64, 4, 1


def _likeness(left: Query, right: Query) -> int:
    """How well two parts go into one template; 0 where they do not."""
    if isinstance(left, ItemQuery) and isinstance(right, ItemQuery):
        if left.value == right.value:
            return _SAME
        return _ALIKE if isinstance(left.value, type(right.value)) else _POSSIBLE
    if isinstance(left, TableQuery) and isinstance(right, TableQuery):
        return _SAME if left.list_id == right.list_id else 0
    if isinstance(left, StretchQuery) and isinstance(right, StretchQuery):
        return _SAME if left.list_id == right.list_id else 0
    if isinstance(left, RowsQuery) and isinstance(right, RowsQuery):
        return _SAME if _table_of(left) == _table_of(right) else 0
    if isinstance(left, GuardedQuery) or isinstance(right, GuardedQuery):
        inner, other = getattr(left, "inner", left), getattr(right, "inner", right)
        return _SAME if inner == other else 0
    return _SAME if left == right else 0


def _table_of(rows: RowsQuery) -> tuple[int, str, int]:
    return rows.world, rows.type_name, rows.generation


def _part_template(templates: Templates, column: list[Query | None], widen: bool) -> Query:
    present = [part for part in column if part is not None]
    first = present[0]
    if not isinstance(first, (ItemQuery, TableQuery)) and (
        len(present) < len(column) or any(isinstance(part, GuardedQuery) for part in present)
    ):
        return _guarded_template(templates, column, widen)
    if isinstance(first, ItemQuery):
        items = [part for part in present if isinstance(part, ItemQuery)]
        value = templates.template([item.value for item in items], widen=widen)
        same = len(present) == len(column) and all(item.condition == first.condition for item in items)
        snapshots = [item.hashed for item in items if item.hashed is not None]
        hashed = templates.template(snapshots, widen=widen) if len(snapshots) == len(items) else None
        return ItemQuery(value, first.condition if same else templates.new_condition(), hashed)
    if isinstance(first, TableQuery):
        counts = [Num(part.count if isinstance(part, TableQuery) else ZERO) for part in column]
        count = templates.template(list(counts), widen=True)
        assert isinstance(count, Num)
        masks = [Num(part.taken if isinstance(part, TableQuery) else ZERO) for part in column]
        taken = templates.template(list(masks))
        assert isinstance(taken, Num)
        return TableQuery(first.list_id, count.expr, taken.expr)
    if isinstance(first, StretchQuery):
        return _stretch_template(templates, [part for part in present if isinstance(part, StretchQuery)])
    if isinstance(first, RowsQuery):
        removed = [part.removed for part in present if isinstance(part, RowsQuery)]
        if all(part == first for part in present):
            return first
        masks = [Num(part.taken) for part in present if isinstance(part, RowsQuery)]
        taken = templates.template(list(masks))
        assert isinstance(taken, Num)
        known = all(part.hashed for part in present if isinstance(part, RowsQuery))
        if all(item == removed[0] for item in removed):
            return replace(first, taken=taken.expr, hashed=known)
        entries = []
        for position in range(max(len(item) for item in removed)):
            rows = [item[position] for item in removed if position < len(item)]
            same = len(rows) == len(removed) and all(row == rows[0] for row in rows)
            index = templates.template([Num(row) for _, row in rows])
            assert isinstance(index, Num)
            entries.append((rows[0][0] if same else templates.new_condition(), index.expr))
        return RowsQuery(first.world, first.type_name, first.generation, tuple(entries), taken.expr, known)
    return first


def _stretch_template(templates: Templates, places: list[StretchQuery]) -> Query:
    start = templates.template([Num(part.start) for part in places], widen=True)
    count = templates.template([Num(part.count) for part in places], widen=True)
    assert isinstance(start, Num)
    assert isinstance(count, Num)
    return StretchQuery(places[0].list_id, start.expr, count.expr)


def _guarded_template(templates: Templates, column: list[Query | None], widen: bool) -> Query:
    """Elements that are there on some of the paths only."""
    inner = [part.inner if isinstance(part, GuardedQuery) else part for part in column if part is not None]
    template = _part_template(templates, list(inner), widen)
    if all(part == column[0] for part in column) and column[0] is not None:
        return column[0]
    return GuardedQuery(template, templates.new_condition())


def _variable_moves(templates: Templates, template: Expr, value: Expr) -> list[Move] | None:
    if template == value:
        return []
    return [(template, value)] if isinstance(template, Var) and templates.owns(template) else None


def _all_moves(templates: Templates, pairs: tuple[tuple[Expr, Expr], ...]) -> list[Move] | None:
    result: list[Move] = []
    for template, value in pairs:
        moves = _variable_moves(templates, template, value)
        if moves is None:
            return None
        result += moves
    return result


def content_moves(templates: Templates, template: Query, value: Query) -> list[Move] | None:
    """Return the assignments that make a content template mean ``value``; None where it does not fit."""
    return embedded(parts_of(template), parts_of(value), lambda part, other: _part_moves(templates, part, other))


def _part_moves(templates: Templates, part: Query, other: Query | None) -> list[Move] | None:
    if isinstance(part, TableQuery) and other is None:
        return _all_moves(templates, ((part.count, ZERO), (part.taken, ZERO)))
    if isinstance(part, (ItemQuery, GuardedQuery)) and other is None:
        return _variable_moves(templates, part.condition, FALSE)
    if isinstance(part, GuardedQuery):
        there = other.condition if isinstance(other, GuardedQuery) else TRUE
        inner = other.inner if isinstance(other, GuardedQuery) else other
        moves, own = _part_moves(templates, part.inner, inner), _variable_moves(templates, part.condition, there)
        return None if moves is None or own is None else moves + own
    if isinstance(part, ItemQuery) and isinstance(other, ItemQuery):
        moves = templates.moves(part.value, other.value)
        condition = _variable_moves(templates, part.condition, other.condition)
        hashed: list[Move] | None = []
        if part.hashed is not None:
            hashed = None if other.hashed is None else templates.moves(part.hashed, other.hashed)
        return None if moves is None or condition is None or hashed is None else moves + condition + hashed
    if isinstance(part, RowsQuery) and isinstance(other, RowsQuery):
        return _row_moves(templates, part, other)
    if isinstance(part, TableQuery) and isinstance(other, TableQuery):
        pairs = ((part.count, other.count), (part.taken, other.taken))
        return _all_moves(templates, pairs) if part.list_id == other.list_id else None
    if isinstance(part, StretchQuery) and isinstance(other, StretchQuery):
        pairs = ((part.start, other.start), (part.count, other.count))
        return _all_moves(templates, pairs) if part.list_id == other.list_id else None
    return [] if part == other else None


def _row_moves(templates: Templates, part: RowsQuery, other: RowsQuery) -> list[Move] | None:
    if (part.world, part.type_name, part.generation) != (other.world, other.type_name, other.generation):
        return None
    if len(other.removed) > len(part.removed) or (part.hashed and not other.hashed):
        return None
    result = _variable_moves(templates, part.taken, other.taken)
    if result is None:
        return None
    for place, (condition, row) in enumerate(part.removed):
        present, index = other.removed[place] if place < len(other.removed) else (FALSE, row)
        for template, value in ((condition, present), (row, index)):
            moves = _variable_moves(templates, template, value)
            if moves is None:
                return None
            result += moves
    return result
