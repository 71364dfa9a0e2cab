"""Loops: following a body until the store at its head no longer changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wc_engine.compile.ir import ZERO, Assign, Forever, Load, Op, Stmt, Var
from wc_engine.compile.passes.walk import variables
from wc_engine.compile.plan import Site
from wc_engine.compile.stage.adoption import adopt
from wc_engine.compile.stage.heap_objects import AssociationObject, DictObject, HeapObject, SeqObject
from wc_engine.compile.stage.meeting import insert_moves, with_site
from wc_engine.compile.stage.paths import Edge, LoopHandle, PathEnded
from wc_engine.compile.stage.queries import LOST, RowsQuery, TableQuery, concat
from wc_engine.compile.stage.rebuilt_lists import keep_rebuilt_lists
from wc_engine.compile.stage.store import Store
from wc_engine.compile.stage.templates import Move, Templates
from wc_engine.compile.stage.values import (
    MADE_EARLIER,
    NONE,
    Conflict,
    Num,
    Partial,
    Record,
    Ref,
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
    entry, outer, site = m.store, m.buffer, m.site()
    head = entry.copy()
    label = m.new_label("loop")
    statement = make(label, [])
    endless = site if isinstance(statement, Forever) else None
    begin, lists, variable = m.names, m.tables_at_run_time.number, getattr(statement, "variable", None)
    templates = Templates(m.new_var, m.new_table, lambda known: known == variable or m.born.get(known, 0) > begin)
    marks = m.mark_edges()
    adopted: dict[Site, int] = {}
    for round_number in range(m.limits.loop_rounds):
        m.forget_edges(marks)
        handle = LoopHandle(label, rows, row_variable, [], outer, endless=endless)
        handle.statement, handle.given, handle.begin = m.visiting, len(m.given), begin
        m.store, m.buffer = head.copy(), handle.buffer
        m.loops.append(handle)
        try:
            visit()
            keep_rebuilt_lists(m, head)
            adopt(m, templates, head, adopted)
            back: Edge | None = Edge(m.store, NONE, handle.buffer, len(handle.buffer))
        except PathEnded:
            back = None
        finally:
            m.loops.pop()
            m.buffer = outer
        if back is None:
            break
        if _forget_objects(head, back.store, give_up=round_number >= m.limits.loop_rounds // 2) and rows is not None:
            m.given_up.append((site, rows.type_name))
        settled = _stable(m, templates, head, entry, back.store, (begin, lists))
        if rows is not None and any(_is_lost_dict(entry, number, content) for number, content in head.heap.items()):
            m.unroll(site, rows.type_name)
        if settled:
            break
    else:
        if rows is not None:
            m.unroll(site, rows.type_name)
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


def _is_lost_dict(entry: Store, number: int, content: HeapObject) -> bool:
    """Whether a dict from before the loop has become something that cannot be followed."""
    lost = isinstance(content, SeqObject) and content.content == LOST
    return lost and isinstance(entry.heap.get(number), (DictObject, AssociationObject))


def _forget_objects(head: Store, back: Store, *, give_up: bool) -> bool:
    """Give up following, into the next round, variables that hold what was made in this one.

    An object made in a loop is another one in every round, so its number means nothing at the head.

    Args:
        give_up: also give up what still changes its form.

    Returns:
        Whether some variable was given up.
    """
    forgotten = False
    for cell, value in back.cells.items():
        if cell not in head.cells or head.cells[cell] is value or head.cells[cell] == value:
            continue
        if _refers(value, lambda ref: ref.object_id not in head.heap) or (give_up and not isinstance(value, Num)):
            head.cells[cell] = back.cells[cell] = MADE_EARLIER
            forgotten = True
    return forgotten


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


_SOME_ROW = "some row"
"""Stands where an epoch names a row: no row that anybody asks for is certainly another one."""


def _as_at_head(m: Machine, key: tuple[Any, ...], begin: int) -> tuple[Any, ...]:
    """What was written, in words that mean something at the head of the loop.

    The row of an inner loop, or one that was found in this round, has another variable in every round: some row.
    """
    row = key[3] if len(key) > 3 else None
    if not isinstance(row, (Var, Op, Load)) or all(m.born.get(known, 0) <= begin for known in variables(row)):
        return key
    return (*key[:3], _SOME_ROW)


def _stable(m: Machine, templates: Templates, head: Store, entry: Store, back: Store, begin: tuple[int, int]) -> bool:
    """Whether what arrives at the head again fits it; where not, widen the head for the next round."""
    stable = True
    for cell, value in head.cells.items():
        arrived = back.cells.get(cell, value)
        if arrived is value or isinstance(value, Conflict):
            continue
        if arrived != value and templates.moves(value, arrived) is None:
            templates.settling = value is not entry.cells[cell]
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
            templates.settling = content is not first
            template = templates.object_template(known, widen=True)
            head.heap[object_id] = with_site(m, object_id, template)
            if head.heap[object_id] == content:
                site = m.births.get(object_id, ((0, 0), ()))[0]
                m.in_memory(site, "this collection grows in a loop in a way that cannot be followed")
            stable = False
    for written, stamp in back.epochs.items():
        if _is_of_this_round(written, head, begin):
            continue  # another one in the next
        key = _as_at_head(m, written, begin[0])
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
    # Most of what a program holds is the same in all three stores: that is told first.
    arrived = head if back is None else back.store
    for cell, value in head.cells.items():
        first, last = entry.cells[cell], arrived.cells.get(cell, value)
        if first is not value:
            moves += templates.moves(value, first) or []
        if last is not value:
            returns += templates.moves(value, last) or []
    for object_id, content in head.heap.items():
        before, after = entry.heap.get(object_id, content), arrived.heap.get(object_id, content)
        if before is not content:
            moves += templates.object_moves(content, before) or []
        if after is not content:
            returns += templates.object_moves(content, after) or []
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
