"""Dicts in memory: those that grow in loops which do not end soon, by keys that depend on the state.

``parents[cell] = previous`` in a search puts in something else in each round, so that no record of what was put in
(``associations.py``) has a form. Such a dict is a list of pairs in memory, each key once, in the order in which the
keys came; an index beside it (``key_indices.py``) tells where a key is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Expr, Kind, Lit, Loop, Op
from wc_engine.compile.stage.association_entries import check_key, content_of, pair_of, same_key
from wc_engine.compile.stage.heap_objects import Assigned, AssociationObject, DictObject, Entries
from wc_engine.compile.stage.key_indices import Slot, index_of, note, renew, slot_of
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.queries import Query, TableQuery
from wc_engine.compile.stage.values import NONE, Const, Num, Ref, TupleValue, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.plan import Site
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = [
    "copy_in_memory",
    "empty",
    "in_memory_from_now",
    "note_dict",
    "put_all_in_memory",
    "put_in_memory",
    "table_of_dict",
    "take_from",
]

_ONE = Lit(1, Kind.INT)


def note_dict(m: Machine, ref: Ref) -> Ref:
    """Note where a new dict was made; put it in memory where the plan says so."""
    line, column = m.made_at.get(ref.object_id, (0, 0))
    if not line:
        return ref
    site = (line, -7_000_000 - column)
    m.dict_sites[ref.object_id] = site
    if m.plan.in_memory(site):
        in_memory_from_now(m, ref, site)
    return ref


def table_of_dict(m: Machine, ref: Ref) -> TableQuery | None:
    """Return the pairs of a dict in memory; None for other dicts."""
    content = m.object(ref)
    if not isinstance(content, AssociationObject) or content.group or len(content.entries) != 1:
        return None
    entry = content.entries[0]
    known = isinstance(entry, Entries) and isinstance(entry.pairs, TableQuery) and entry.apart
    return entry.pairs if known and isinstance(entry, Entries) and isinstance(entry.pairs, TableQuery) else None


def in_memory_from_now(m: Machine, ref: Ref, site: Site) -> None:
    """Put a new dict in memory."""
    content = m.object(ref)
    if isinstance(content, AssociationObject) and (content.group or content.default):
        m.unsupported("a dict of groups that grows in a loop in a way that cannot be followed")
    table = TableQuery(m.tables_at_run_time.create(site), ZERO)
    index_of(m, table, (site[0], site[1] - 500_000), of_pairs=True)
    m.births[ref.object_id] = (site, tuple(m.loops))
    m.set_object(ref, _content(table))
    if isinstance(content, DictObject):
        for key, value in content.items:
            put_in_memory(m, ref, key, value)
        return
    assert isinstance(content, AssociationObject)
    for entry in content.entries:
        if isinstance(entry, Entries):
            put_all_in_memory(m, ref, entry.pairs)
        elif isinstance(entry, Assigned):
            m.when(boolean(entry.condition), lambda entry=entry: put_in_memory(m, ref, entry.key, entry.value))  # type: ignore[misc]
        else:
            m.unsupported("a dict in memory that something was taken out of")


def put_all_in_memory(m: Machine, ref: Ref, pairs: Query) -> None:
    """Put pairs in a dict in memory."""

    def visit(element: Value) -> None:
        key, value = pair_of(m, element)
        put_in_memory(m, ref, key, value)

    pairs.iterate(m, visit)


def _content(table: TableQuery) -> AssociationObject:
    return AssociationObject((Entries(table, apart=True),))


def _find(m: Machine, table: TableQuery, key: Value) -> tuple[Num | Const, Slot | None]:
    """The place of a key, or -1, and where an index has it."""
    slot = slot_of(m, table, key)
    return (_visited(m, table, key), None) if slot is None else (slot.place, slot)


def _visited(m: Machine, table: TableQuery, key: Value) -> Num | Const:
    """The place of a key, or -1, told by a visit."""

    def search(handle: BlockHandle) -> Value:
        def visit(place: Expr, element: Value) -> None:
            m.when(same_key(m, pair_of(m, element)[0], key), lambda: m.leave(handle, Num(place, 0, 2**31)))

        table.visit_places(m, visit)
        return Const(-1)

    found_here = m.block("key", search)
    assert isinstance(found_here, (Num, Const))
    return found_here


def put_in_memory(m: Machine, ref: Ref, key: Value, value: Value) -> None:
    """``dict[key] = value``: the first of equal keys stays, with the last value."""
    check_key(m, key)
    table = table_of_dict(m, ref)
    assert table is not None
    place, slot = _find(m, table, key)

    def change() -> Value:
        spot = m.int_expr(place)
        own, _ = pair_of(m, m.tables_at_run_time.load(table.list_id, spot))
        m.tables_at_run_time.store(table.list_id, spot, TupleValue((own, value)))
        _written(m, ref, table, key, value)
        return NONE

    def grow() -> Value:
        if table.list_id in m.iterated:
            m.fail(STATUS_OUT_OF_RANGE)  # Python would raise when it goes on to the next key
        m.tables_at_run_time.claim(ref, table)
        count = m.tables_at_run_time.append(table.list_id, table.count, TupleValue((key, value)))
        note(m, slot, table.count)
        _written(m, ref, replace(table, count=count), key, value)
        return NONE

    m.branch(_is_there(place), change, grow)


def _is_there(place: Num | Const) -> Num | Const:
    if isinstance(place, Const):
        return Const(place.value >= 0)
    return boolean(Op("ge", (place.expr, ZERO), Kind.BOOL))


def _written(m: Machine, ref: Ref, table: TableQuery, key: Value, value: Value) -> None:
    kept = tuple(entry for entry in content_of(m, ref).known if same_key(m, entry[0], key) == Const(False))
    m.set_object(ref, replace(_content(table), known=(*kept, (key, value))))


def take_from(m: Machine, ref: Ref, key: Value) -> None:
    """Take a key out, where it is in a dict in memory."""
    table = table_of_dict(m, ref)
    assert table is not None
    place, _ = _find(m, table, key)
    if table.list_id in m.iterated:
        m.unsupported("a dict is changed while something goes through it")

    def remove() -> Value:
        spot = m.temp(m.int_expr(place))
        rest = m.temp(Op("sub", (table.count, _ONE), Kind.INT), "n")
        variable = m.new_var(Kind.INT, "i")

        def visit() -> None:
            target = m.temp(Op("add", (spot, variable), Kind.INT))
            m.tables_at_run_time.move(table.list_id, target, Op("add", (target, _ONE), Kind.INT))

        m.loop(lambda label, code: Loop(label, variable, Op("sub", (rest, spot), Kind.INT), code), visit)
        m.note_write(("popped", table.list_id))
        shorter = replace(table, count=rest)
        renew(m, shorter)
        m.set_object(ref, _content(shorter))
        return NONE

    m.branch(_is_there(place), remove, lambda: NONE)


def empty(m: Machine, ref: Ref) -> None:
    """``dict.clear`` of a dict in memory."""
    table = table_of_dict(m, ref)
    assert table is not None
    shorter = replace(table, count=ZERO)
    renew(m, shorter)
    m.note_write(("popped", table.list_id))
    m.set_object(ref, _content(shorter))


def copy_in_memory(m: Machine, ref: Ref) -> Ref:
    """A copy of a dict in memory, in memory of its own."""
    table = table_of_dict(m, ref)
    assert table is not None
    made = m.new_object(DictObject(()))
    line, column = m.made_at.get(made.object_id, (0, 0))
    site = (line, -7_000_000 - column)
    m.dict_sites[made.object_id] = site
    in_memory_from_now(m, made, site)
    put_all_in_memory(m, made, table)
    return made
