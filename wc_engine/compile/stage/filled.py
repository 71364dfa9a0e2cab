"""Following a loop that fills dicts: each dict takes what the loop puts in as one visit."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage import associations
from wc_engine.compile.stage.comprehensions import BodyQuery, ComprehensionQuery
from wc_engine.compile.stage.filling import Filling, Split, rounds_of, split_loop
from wc_engine.compile.stage.functions import local_names
from wc_engine.compile.stage.heap_objects import AssociationObject, DictObject
from wc_engine.compile.stage.laziness import inspect_query, lazy
from wc_engine.compile.stage.queries import Query, known_items
from wc_engine.compile.stage.values import UNBOUND, Conflict, DictView, Frame, QueryValue, Ref, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["fill_dicts"]


def fill_dicts(
    m: Machine,
    node: ast.For,
    source: Value,
    query: Query,
    frame: Frame,
    cell_of: Callable[[Frame, str], int | None],
) -> ast.For | None:
    """Follow what a loop puts in dicts; return the rest of the loop, or the whole where that cannot be told apart.

    Args:
        node: the loop.
        source: what it goes through.
        query: its elements.
        frame: the scope.
        cell_of: finds the cell of a variable.

    Returns:
        The loop that is left to be followed, or None where nothing is left.
    """
    if known_items(query) is not None:
        return node
    split = split_loop(node)
    if split is None:
        return node if not _fill_by_rounds(m, node, query, frame, cell_of) else None
    dicts = _dicts_of(m, split, frame, cell_of)
    if dicts is None or (split.rest and isinstance(source, QueryValue) and source.kind != "range"):
        return node
    own = [one for one in split.fillings if dicts[one.name].object_id in _gone_through(source)]
    if any(not _is_own_key(node.target, one.key, source) for one in own):
        return node  # a key that is new ends such a loop
    before, m.may_raise = m.may_raise, False
    for filling in split.fillings:
        _fill(m, node, filling, dicts[filling.name], query, frame)
    if m.may_raise and m.context.handlers:
        m.unsupported("a dict is filled in a loop that may raise, and somebody handles that")
    m.may_raise = m.may_raise or before
    if split.rest:
        return ast.copy_location(ast.For(node.target, node.iter, list(split.rest), []), node)
    for name in split.names:
        cell = cell_of(frame, name)
        if cell is not None:
            m.store.cells[cell] = Conflict("a variable of a loop that filled a dict is used behind it")
    return None


def _gone_through(source: Value) -> frozenset[int]:
    """The objects that a loop goes through directly."""
    if isinstance(source, DictView):
        source = source.owner
    if isinstance(source, Ref):
        return frozenset({source.object_id})
    return source.over if isinstance(source, QueryValue) else frozenset()


def _is_own_key(target: ast.expr, key: ast.expr, source: Value) -> bool:
    """Whether what is assigned is the item of the key that the loop is at."""
    if isinstance(source, DictView) and source.part == "values":
        return False
    if isinstance(source, DictView) and source.part == "items":
        if not isinstance(target, ast.Tuple) or len(target.elts) != 2:
            return False
        target = target.elts[0]
    return isinstance(target, ast.Name) and isinstance(key, ast.Name) and key.id == target.id


def _fill_by_rounds(
    m: Machine, node: ast.For, query: Query, frame: Frame, cell_of: Callable[[Frame, str], int | None]
) -> bool:
    """Let a dict take what the last statement of each round puts in, where the others only prepare that."""
    rounds = rounds_of(node)
    if rounds is None:
        return False
    cell = cell_of(frame, rounds.name)
    ref = m.store.cells.get(cell) if cell is not None else None
    content = m.object(ref) if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or not (
        isinstance(content, DictObject) or (isinstance(content, AssociationObject) and not content.group)
    ):
        return False
    mentioned = {inner.id for part in node.body for inner in ast.walk(part) if isinstance(inner, ast.Name)}
    others = (cell_of(frame, name) for name in mentioned - {rounds.name})
    if any(other is not None and m.store.cells.get(other) == ref for other in others):
        return False
    cells = {name: m.new_cell(UNBOUND) for name in rounds.locals}
    m.hidden_cells.update(cells.values())
    visit = BodyQuery(rounds.loop, rounds.pair, query, Frame(cells, frame, "<comprehension>"))
    reads, raises, changes = inspect_query(m, visit)
    if raises or changes or ("heap", ref.object_id) in reads:
        return False
    made, _ = lazy(m, lambda part: replace(visit, source=part), query, (node.lineno, node.col_offset))
    associations.begin(m, ref, "")
    associations.extend(m, ref, made)
    for name in rounds.locals:
        cell = cell_of(frame, name)
        if cell is not None:
            m.store.cells[cell] = Conflict("a variable of a loop that filled a dict is used behind it")
    return True


def _dicts_of(
    m: Machine, split: Split, frame: Frame, cell_of: Callable[[Frame, str], int | None]
) -> dict[str, Ref] | None:
    """Return the dicts that a loop fills; None where one is of a kind that takes other things."""
    result: dict[str, Ref] = {}
    uses = [part for filling in split.fillings for part in (filling.key, filling.value, *filling.conditions)]
    groups = {(filling.name, filling.group) for filling in split.fillings}
    if len(groups) != len({filling.name for filling in split.fillings}):
        return None
    for filling in split.fillings:
        cell = cell_of(frame, filling.name)
        ref = m.store.cells.get(cell) if cell is not None else None
        content = m.object(ref) if isinstance(ref, Ref) else None
        if not isinstance(ref, Ref) or not isinstance(content, (DictObject, AssociationObject)):
            return None
        if not _takes(content, filling):
            return None
        result[filling.name] = ref
    mentioned = {inner.id for part in (*split.rest, *uses) for inner in ast.walk(part) if isinstance(inner, ast.Name)}
    cells = (cell_of(frame, name) for name in mentioned)
    if any(cell is not None and m.store.cells.get(cell) in result.values() for cell in cells):
        return None  # the rest of the loop sees a dict by another name
    return result if len(set(result.values())) == len(result) else None


def _takes(content: DictObject | AssociationObject, filling: Filling) -> bool:
    if isinstance(content, DictObject):
        return not filling.fresh and (not filling.group or not content.items)
    if filling.fresh and not content.default:
        return False
    return content.group == filling.group or (not content.entries and not content.group)


def _fill(m: Machine, loop: ast.For, filling: Filling, ref: Ref, query: Query, frame: Frame) -> None:
    clause = ast.comprehension(loop.target, loop.iter, list(filling.conditions), 0)
    pairs = ast.copy_location(ast.DictComp(filling.key, filling.value, [clause]), filling.node)
    cells = {name: m.new_cell(UNBOUND) for name in local_names(pairs)}
    m.hidden_cells.update(cells.values())
    visit = ComprehensionQuery(pairs, query, Frame(cells, frame, "<comprehension>"))
    site = (filling.node.lineno, filling.node.col_offset)
    made, _ = lazy(m, lambda part: replace(visit, source=part), query, site)
    associations.begin(m, ref, filling.group)
    associations.extend(m, ref, made)
