"""Where paths meet: one store for all of them, and the moves that each makes before it arrives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from wc_engine.compile.ir import Assign, Expr, Stmt, Var
from wc_engine.compile.stage.heap_objects import HeapObject, SeqObject
from wc_engine.compile.stage.paths import Edge, PathEnded
from wc_engine.compile.stage.queries import LOST, ConflictQuery
from wc_engine.compile.stage.store import Store
from wc_engine.compile.stage.templates import Move, Templates
from wc_engine.compile.stage.values import Conflict, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["insert_moves", "meet", "with_site"]

T = TypeVar("T")

_CELLS_AN_EXPRESSION = 48
"""Variables whose meeting takes about as long as following an expression."""


def insert_moves(m: Machine, edge: Edge, moves: list[Move]) -> None:
    """Put the moves of an edge before its end, all at once in effect."""
    targets = {target for target, _ in moves}
    if any(_mentions(value, targets - {target}) for target, value in moves):
        fresh = [(m.new_var(value.kind), value) for _, value in moves]
        code: list[Stmt] = [Assign(variable, value) for variable, value in fresh]
        code += [Assign(target, variable) for (target, _), (variable, _) in zip(moves, fresh, strict=True)]
    else:
        code = [Assign(target, value) for target, value in moves if target != value]
    edge.buffer[edge.position : edge.position] = code


def meet(m: Machine, edges: list[Edge]) -> Value:
    """Join the paths that arrive here into one store and value."""
    if not edges:
        raise PathEnded
    if len(edges) == 1:
        m.store = edges[0].store
        return edges[0].value
    m.spend(len(edges[0].store.cells) // _CELLS_AN_EXPRESSION)
    joined = Store()
    templates = m.new_templates()
    moves: list[list[Move]] = [[] for _ in edges]
    stores = [edge.store for edge in edges]
    joined.cells = dict(stores[0].cells)
    for cell in _differing([store.cells for store in stores]):
        values = [store.cells[cell] for store in stores if cell in store.cells]
        if len(values) == len(edges):
            joined.cells[cell] = _join_values(templates, values, moves)
        else:
            joined.cells.pop(cell, None)
    some = set().union(*(store.cells for store in stores)) - joined.cells.keys()
    for cell in sorted(some & m.lasting_cells):  # only what was made on these paths reads it
        ways = [place for place, store in enumerate(stores) if cell in store.cells]
        joined.cells[cell] = _join_values(
            templates, [stores[way].cells[cell] for way in ways], [moves[way] for way in ways]
        )
    _join_objects(m, templates, stores, joined, moves)
    for index, allowed in stores[0].facts.items():
        if all(index in store.facts for store in stores[1:]):
            joined.facts[index] = allowed.union(*(store.facts[index] for store in stores[1:]))
    joined.answers = {
        key: answer
        for key, answer in stores[0].answers.items()
        if all(store.answers.get(key) is answer for store in stores[1:])
    }
    joined.read = {
        key: variable
        for key, variable in stores[0].read.items()
        if all(store.read.get(key) is variable for store in stores[1:])
    }
    joined.epochs = dict(stores[0].epochs)
    for store in stores[1:]:
        for key, clock in store.epochs.items():
            if clock > joined.epochs.get(key, 0):
                joined.epochs[key] = clock
    value = _join_values(templates, [edge.value for edge in edges], moves)
    m.store = joined
    for edge, edge_moves in sorted(zip(edges, moves, strict=True), key=lambda pair: -pair[0].position):
        insert_moves(m, edge, edge_moves)
    return value


_ABSENT = object()


def _differing(contents: list[dict[int, T]]) -> list[int]:
    """The keys of the first of some dicts under which another one has something else, or nothing."""
    first, *others = contents
    if len(others) == 1:
        (other,) = others
        return [key for key, value in first.items() if other.get(key, _ABSENT) is not value]
    found = {key for other in others for key, value in first.items() if other.get(key, _ABSENT) is not value}
    return [key for key in first if key in found]


def _join_objects(
    m: Machine, templates: Templates, stores: list[Store], joined: Store, moves: list[list[Move]]
) -> None:
    """Put objects into the joined store; one that is not there on some paths is as it is on the others."""
    joined.heap = dict(stores[0].heap)
    some = set().union(*(store.heap for store in stores[1:])) - joined.heap.keys()
    for object_id in [*_differing([store.heap for store in stores]), *sorted(some)]:
        present = [(place, store.heap[object_id]) for place, store in enumerate(stores) if object_id in store.heap]
        if all(content is present[0][1] for _, content in present):
            joined.heap[object_id] = present[0][1]
            continue
        template = with_site(m, object_id, templates.object_template([content for _, content in present]))
        joined.heap[object_id] = template
        for place, content in present:
            moves[place] += templates.object_moves(template, content) or []


def _join_values(templates: Templates, values: list[Value], moves: list[list[Move]]) -> Value:
    """Return the template of values, adding the moves of each path to ``moves``."""
    template = templates.template(values)
    for place, value in enumerate(values):
        filled = templates.moves(template, value)
        if filled is None:
            return Conflict("two paths left it in forms with nothing in common")
        moves[place] += filled
    return template


def with_site(m: Machine, object_id: int, content: HeapObject) -> HeapObject:
    """Return contents; a collection that cannot be followed is told where it was made."""
    if isinstance(content, SeqObject) and isinstance(content.content, ConflictQuery) and content.content != LOST:
        site = m.births.get(object_id, ((0, 0), ()))[0]
        return replace(content, content=replace(content.content, site=site))
    return content


def _mentions(expr: Expr, names: set[Var]) -> bool:
    if isinstance(expr, Var):
        return expr in names
    for attribute in ("args", "index"):
        inner = getattr(expr, attribute, None)
        if inner is None:
            continue
        if any(_mentions(item, names) for item in (inner if isinstance(inner, tuple) else (inner,))):
            return True
    return False
