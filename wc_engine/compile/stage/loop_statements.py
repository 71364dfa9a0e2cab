"""Loops of the program: ``for``, ``while``, and the ways out of them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Forever
from wc_engine.compile.stage.collections import iterable
from wc_engine.compile.stage.expressions import find_cell
from wc_engine.compile.stage.filled import fill_dicts
from wc_engine.compile.stage.heap_objects import AssociationObject, DictObject, SeqObject
from wc_engine.compile.stage.loop_fields import with_local_fields
from wc_engine.compile.stage.memory_dicts import table_of_dict
from wc_engine.compile.stage.paths import Context
from wc_engine.compile.stage.peeling import peel
from wc_engine.compile.stage.queries import TableQuery
from wc_engine.compile.stage.searches import with_searches
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.values import NONE, DictView, Frame, QueryValue, Ref, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle
    from wc_engine.compile.stage.queries import Query

__all__ = ["LOOP_STATEMENTS"]


def _loop_context(m: Machine, breaks: BlockHandle, continues: BlockHandle) -> Context:
    return replace(m.context, breaks=breaks, continues=continues)


def _for(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.For)
    source = m.evaluate(node.iter, frame)
    query = iterable(m, source)
    local = with_local_fields(m, node, frame)
    if local is not None:
        m.execute(local.before, frame)
        made = m.clock
        _visit_all(m, local.loop, source, query, frame)
        if local.watched is not None and m.store.last_write(("heap", local.watched.object_id)) > made:
            m.unsupported("an instance is changed in a loop that fills what it holds")
        m.execute(local.behind, frame)
        return
    _visit_all(m, node, source, query, frame)


def _visit_all(m: Machine, node: ast.For, source: Value, query: Query, frame: Frame) -> None:
    rest = fill_dicts(m, node, source, query, frame, find_cell)
    if rest is not None:
        _go_through(m, rest, source, query, frame)


def _go_through(m: Machine, node: ast.For, source: Value, query: Query, frame: Frame) -> None:
    context, made = m.context, m.clock
    before, lists = _members(m, source), _lists_below(m, source)

    def run(breaks: BlockHandle) -> Value:
        def visit(element: Value) -> None:
            def once(continues: BlockHandle) -> Value:
                with m.in_context(context), m.in_context(_loop_context(m, breaks, continues)):
                    m.assign_target(node.target, element, frame)
                    m.execute(node.body, frame)
                return NONE

            m.block("next", once)
            if _members(m, source) != before:
                m.unsupported("a collection is changed while a loop goes through it")
            for object_id, content in lists.items():
                # Items that are assigned are seen by the loop where both look into the same memory.
                live = m.store.heap.get(object_id) == content and isinstance(
                    content.content, (TableQuery, StretchQuery)
                )
                if not live and m.store.last_write(("heap", object_id)) > made:
                    site = m.births.get(object_id, ((0, 0), ()))[0]
                    m.in_memory(site, "a collection is changed while a loop goes through it")

        with_searches(m, query, (node.lineno, node.col_offset)).iterate(m, visit)
        m.execute(node.orelse, frame)
        return NONE

    m.block("for", run)


def _lists_below(m: Machine, source: Value) -> dict[int, SeqObject]:
    """The collections that an iterator goes through, with what is in them."""
    objects = source.over if isinstance(source, QueryValue) else ()
    found = {object_id: m.store.heap.get(object_id) for object_id in sorted(objects)}
    return {object_id: content for object_id, content in found.items() if isinstance(content, SeqObject)}


def _members(m: Machine, source: Value) -> object:
    """What must stay the same while a loop goes through a collection: a dict's keys, any other's contents."""
    content = m.object(source) if isinstance(source, Ref) else None
    if isinstance(content, AssociationObject) and isinstance(source, Ref):
        table = table_of_dict(m, source)
        if table is not None:
            return table.count
        return m.store.last_write(("heap", source.object_id))
    if isinstance(content, DictObject):
        return tuple(key for key, _ in content.items)
    if isinstance(source, DictView):
        return _members(m, source.owner)
    return m.store.last_write(("heap", source.object_id)) if isinstance(source, Ref) else None


def _while(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.While)

    def run(breaks: BlockHandle) -> Value:
        def ended(over: BlockHandle) -> Value:
            def stop() -> Value:
                m.leave(over)

            def once() -> None:
                def body(continues: BlockHandle) -> Value:
                    with m.in_context(_loop_context(m, breaks, continues)):
                        m.execute(node.body, frame)
                    return NONE

                m.block("next", body)

            def visit() -> None:
                m.branch(m.condition(node.test, frame), lambda: NONE, stop)
                once()

            peel(m, node, frame, once, stop)
            m.forever(lambda label, code: Forever(label, code), visit)
            return NONE

        m.block("while", ended)
        m.execute(node.orelse, frame)
        return NONE

    m.block("loop", run)


def _break(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert m.context.breaks is not None
    m.leave(m.context.breaks)


def _continue(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert m.context.continues is not None
    m.leave(m.context.continues)


LOOP_STATEMENTS: dict[type[ast.stmt], Callable[[Machine, ast.stmt, Frame], None]] = {
    ast.For: _for,
    ast.While: _while,
    ast.Break: _break,
    ast.Continue: _continue,
}
"""Statements by the class of their node."""
