"""Loops: following a body until the store at its head no longer changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wc_engine.compile.ir import ZERO, Assign, Stmt, Var
from wc_engine.compile.plan import Site
from wc_engine.compile.stage.adoption import adopt
from wc_engine.compile.stage.meeting import insert_moves, with_site
from wc_engine.compile.stage.paths import Edge, LoopHandle, PathEnded
from wc_engine.compile.stage.queries import RowsQuery, TableQuery, concat
from wc_engine.compile.stage.store import Move, Store, Templates
from wc_engine.compile.stage.values import (
    MADE_EARLIER,
    NONE,
    Conflict,
    Num,
    Partial,
    Record,
    Ref,
    SeqObject,
    TupleValue,
    Union,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["follow_loop"]


def follow_loop(
    m: Machine,
    make: Callable[[str, list[Stmt]], Stmt],
    visit: Callable[[], None],
    *,
    rows: RowsQuery | None = None,
    row_variable: Var | None = None,
) -> None:
    """Follow a loop that runs ``visit`` zero or more times.

    Args:
        make: builds the loop statement from its label and code.
        visit: follows one round.
        rows: for a loop over all rows of a type, the query.
        row_variable: its variable.
    """
    entry, outer = m.store, m.buffer
    head = entry.copy()
    label = m.new_label("loop")
    begin, lists, variable = m.names, m.tables_at_run_time.number, getattr(make(label, []), "variable", None)
    templates = Templates(m.new_var, m.new_table, lambda known: known == variable or m.born.get(known, 0) > begin)
    marks = m.mark_edges()
    adopted: dict[Site, int] = {}
    for round_number in range(m.limits.loop_rounds):
        m.forget_edges(marks)
        handle = LoopHandle(label, rows, row_variable, [], outer)
        m.store, m.buffer = head.copy(), handle.buffer
        m.loops.append(handle)
        try:
            visit()
            adopt(m, templates, head, adopted)
            back: Edge | None = Edge(m.store, NONE, handle.buffer, len(handle.buffer))
        except PathEnded:
            back = None
        finally:
            m.loops.pop()
            m.buffer = outer
        if back is None:
            break
        _forget_objects(head, back.store, give_up=round_number >= m.limits.loop_rounds // 2)
        if _stable(m, templates, head, entry, back.store, (begin, lists)):
            break
    else:
        m.unsupported("the values of this loop do not settle")
    _close_loop(m, templates, make(label, handle.buffer), handle.buffer, entry, head, back)
    for object_id, queries in handle.pending.items():
        content = m.store.heap[object_id]
        assert isinstance(content, SeqObject)
        site = m.births.get(object_id, ((0, 0), ()))[0]
        if m.plan.in_memory(site):
            # What later loops append comes behind these rows.
            m.partly_known.add(site)
            queries.append(TableQuery(m.tables_at_run_time.create(site), ZERO))
        m.set_object(Ref(object_id), replace(content, content=concat(content.content, *queries)))


def _forget_objects(head: Store, back: Store, *, give_up: bool) -> None:
    """Give up following, into the next round, variables that hold what was made in this one.

    An object made in a loop is another one in every round, so its number means nothing at the head.

    Args:
        give_up: also give up what still changes its form.
    """
    for cell, value in back.cells.items():
        if cell not in head.cells or head.cells[cell] is value or head.cells[cell] == value:
            continue
        if _refers(value, lambda ref: ref.object_id not in head.heap) or (give_up and not isinstance(value, Num)):
            head.cells[cell] = back.cells[cell] = MADE_EARLIER


def _is_of_this_round(key: tuple[Any, ...], head: Store, begin: tuple[int, int]) -> bool:
    """Whether something written was made in the round that wrote it.

    Args:
        begin: how many names and lists in memory there were before the loop.
    """
    if key[0] == "taken":
        return bool(key[1] > begin[0])
    if key[0] in ("table", "popped"):
        return bool(key[1] >= begin[1])
    return key[0] in ("heap", "stale") and key[1] not in head.heap


def _stable(m: Machine, templates: Templates, head: Store, entry: Store, back: Store, begin: tuple[int, int]) -> bool:
    """Whether what arrives at the head again fits it; where not, widen the head for the next round."""
    stable = True
    for cell, value in head.cells.items():
        if isinstance(value, Conflict):
            continue
        arrived = back.cells.get(cell, value)
        if arrived is not value and arrived != value and templates.moves(value, arrived) is None:
            head.cells[cell] = templates.template([entry.cells[cell], value, arrived], widen=True)
            stable = False
    for object_id, content in head.heap.items():
        new = back.heap.get(object_id, content)
        # What the loop itself makes is not there before its first round.
        first = entry.heap.get(object_id)
        if new is not content and new != content:
            if content != first and templates.object_moves(content, new) is not None:
                continue
            known = [content, new] if first is None else [first, content, new]
            template = templates.object_template(known, widen=True)
            head.heap[object_id] = with_site(m, object_id, template)
            if head.heap[object_id] == content:
                site = m.births.get(object_id, ((0, 0), ()))[0]
                m.in_memory(site, "this collection grows in a loop in a way that cannot be followed")
            stable = False
    for key, stamp in back.epochs.items():
        if _is_of_this_round(key, head, begin):
            continue  # another one in the next
        if stamp != head.epochs.get(key, 0) and head.epochs.get(key, 0) == entry.epochs.get(key, 0):
            m.clock += 1
            head.epochs[key] = m.clock
            stable = False
    for index, allowed in list(head.facts.items()):
        if index in back.facts and not back.facts[index] <= allowed:
            del head.facts[index]
            stable = False
    return stable


def _close_loop(
    m: Machine, templates: Templates, statement: Stmt, code: list[Stmt], entry: Store, head: Store, back: Edge | None
) -> None:
    moves: list[Move] = []
    returns: list[Move] = []
    for cell, value in head.cells.items():
        moves += templates.moves(value, entry.cells[cell]) or []
        if back is not None and cell in back.store.cells:
            returns += templates.moves(value, back.store.cells[cell]) or []
    for object_id, content in head.heap.items():
        if object_id in entry.heap:
            moves += templates.object_moves(content, entry.heap[object_id]) or []
        if back is not None and object_id in back.store.heap:
            returns += templates.object_moves(content, back.store.heap[object_id]) or []
    for target, start in moves:
        if target != start:
            m.emit(Assign(target, start))
    if back is not None:
        insert_moves(m, back, [move for move in returns if move[0] != move[1]])
    if code:
        m.emit(statement)
    m.store = head


def _refers(value: Value, is_lost: Callable[[Ref], bool]) -> bool:
    """Whether a value mentions an object that ``is_lost``."""
    if isinstance(value, Ref):
        return is_lost(value)
    if isinstance(value, (TupleValue, Record)):
        return any(_refers(item, is_lost) for item in value.items)
    if isinstance(value, Partial):
        held = (value.function, *value.arguments, *(item for _, item in value.keywords))
        return any(_refers(item, is_lost) for item in held)
    if isinstance(value, Union):
        return any(_refers(option, is_lost) for option in value.options)
    return False
