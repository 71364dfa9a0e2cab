"""Dicts whose keys depend on the state: looking up, putting in, taking out.

``{(e.x, e.y): e for e in state}`` is not built in memory. It is a record of what was put in, run by run; a lookup goes
through the runs from the last one to the first, compares keys, and stops where it finds one. A position of entities
that never move is then one load of a grid (``passes/index.py``). ``d.setdefault(key, []).append(value)`` over the state
is the same record: the list of a key has the values of all entries with that key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Kind, Op
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.association_entries import check_key, content_of, entries_of, pair_of, same_key
from wc_engine.compile.stage.association_groups import grouped
from wc_engine.compile.stage.collections import site_of
from wc_engine.compile.stage.equality import Condition
from wc_engine.compile.stage.heap_objects import (
    Assigned,
    AssociationObject,
    DictObject,
    Dropped,
    Entries,
    Entry,
    SeqObject,
)
from wc_engine.compile.stage.key_indices import place_of
from wc_engine.compile.stage.logic import both, invert
from wc_engine.compile.stage.memory_dicts import put_all_in_memory, put_in_memory, table_of_dict, take_from
from wc_engine.compile.stage.queries import Query, TableQuery, parts_of
from wc_engine.compile.stage.values import NONE, UNBOUND, Builtin, Const, Finite, Num, Ref, Union, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = [
    "add_to_group",
    "association_of",
    "begin",
    "extend",
    "find",
    "has_key",
    "is_missing",
    "item_or",
    "new_default_dict",
    "observe",
    "of_pairs",
    "present",
    "put",
    "read",
    "take_out",
]

_EMPTY: dict[str, Value] = {"int": Const(0), "zero": Const(0)}


# ---- making --------------------


def association_of(m: Machine, entries: tuple[Entry, ...], group: str = "", default: str = "") -> Ref:
    """Return a new dict."""
    ref = m.new_object(AssociationObject(entries, group, default))
    m.births[ref.object_id] = (site_of(m.node), tuple(m.loops))
    return ref


def of_pairs(m: Machine, pairs: list[tuple[Value, Value]]) -> Ref:
    """Return a new dict of pairs known one by one."""
    for key, _ in pairs:
        check_key(m, key)
    return association_of(m, tuple(Assigned(key, value) for key, value in pairs))


def new_default_dict(m: Machine, factory: Value) -> Ref:
    """``defaultdict(factory)``."""
    name = factory.name if isinstance(factory, Builtin) else ""
    if name not in ("list", "set", "int"):
        m.unsupported("a defaultdict of this kind")
    return association_of(m, (), {"int": "sum"}.get(name, name), name)


# ---- looking up --------------------


def find(m: Machine, entries: tuple[Entry, ...], key: Value) -> Value:
    """Return the value of the last entry with a key; UNBOUND, or a union with it, where there is none."""

    def run(handle: BlockHandle) -> Value:
        for entry in reversed(entries):
            _search(m, entry, key, handle)
        return UNBOUND

    return m.block("lookup", run)


def _search(m: Machine, entry: Entry, key: Value, handle: BlockHandle) -> None:
    """Leave the block with the value of the last item of one entry that has the key."""
    if isinstance(entry, Entries):
        _search_run(m, entry, key, handle)
        return
    value = entry.value if isinstance(entry, Assigned) else UNBOUND
    m.when(both(m, boolean(entry.condition), same_key(m, entry.key, key)), lambda: m.leave(handle, value))


def _search_run(m: Machine, entry: Entries, key: Value, handle: BlockHandle) -> None:
    place = place_of(m, entry.pairs, key) if isinstance(entry.pairs, TableQuery) else None
    if place is not None and isinstance(entry.pairs, TableQuery):
        _leave_with(m, entry.pairs, place, handle)
        return
    if entry.key is not None and same_key(m, entry.key, key) == Const(False):
        return
    cell = m.new_cell(UNBOUND)

    def visit(element: Value) -> None:
        known, value = pair_of(m, element)

        def hit() -> None:
            if entry.apart:
                m.leave(handle, value)
            m.store.cells[cell] = value

        m.when(same_key(m, known, key), hit)

    entry.pairs.iterate(m, visit)
    found = m.store.cells[cell]
    if found != UNBOUND:
        m.when(invert(m, is_missing(found)), lambda: m.leave(handle, m.bound(found, "KeyError")))


def _leave_with(m: Machine, table: TableQuery, place: Num | Const, handle: BlockHandle) -> None:
    """Leave the block with the value at a place of a dict in memory, unless that is -1."""
    number = m.int_expr(place)

    def hit() -> None:
        m.leave(handle, pair_of(m, m.tables_at_run_time.load(table.list_id, number))[1])

    m.when(boolean(Op("ge", (number, ZERO), Kind.BOOL)), hit)


def is_missing(found: Value) -> Finite | Const:
    """Return whether a lookup found nothing."""
    if isinstance(found, Union):
        return Finite(found.tag, tuple(option == UNBOUND for option in found.options))
    return Const(found == UNBOUND)


def present(m: Machine, entries: tuple[Entry, ...], key: Value) -> Condition:
    """Return whether a key is in a dict, without its value."""

    def run(handle: BlockHandle) -> Value:
        for entry in reversed(entries):
            if not isinstance(entry, Entries):
                there = Const(isinstance(entry, Assigned))
                m.when(
                    both(m, boolean(entry.condition), same_key(m, entry.key, key)),
                    lambda there=there: m.leave(handle, there),  # type: ignore[misc]
                )
            elif isinstance(entry.pairs, TableQuery) and (place := place_of(m, entry.pairs, key)) is not None:
                found = boolean(Op("ge", (m.int_expr(place), ZERO), Kind.BOOL))
                m.when(found, lambda: m.leave(handle, Const(True)))
            elif entry.key is None or same_key(m, entry.key, key) != Const(False):
                entry.pairs.iterate(
                    m, lambda pair: m.when(same_key(m, pair_of(m, pair)[0], key), lambda: m.leave(handle, Const(True)))
                )
        return Const(False)

    result = m.block("present", run)
    assert isinstance(result, (Num, Const, Finite))
    return result


def _lookup(m: Machine, ref: Ref, key: Value) -> Value:
    """Return what a key has in an ungrouped dict; a lookup made before on this path is not made again."""
    content = content_of(m, ref)
    for known, value in content.known:
        if known == key:
            return value
    value = find(m, content.entries, key)
    content = content_of(m, ref)
    m.store.heap[ref.object_id] = replace(content, known=(*content.known, (key, value)))
    return value


def has_key(m: Machine, ref: Ref, key: Value) -> Condition:
    """``key in dict``."""
    observe(m, ref)
    if isinstance(key, Union):
        return m.test_options(key, lambda option: has_key(m, ref, option))
    content = content_of(m, ref)
    if content.group:
        return present(m, content.entries, key)
    return m.as_condition(invert(m, is_missing(_lookup(m, ref, key))))


def item_or(m: Machine, ref: Ref, key: Value, default: Value | None) -> Value:
    """``dict.get``, and what KeyError (``default`` None) or a default makes of a missing key."""
    if isinstance(key, Union):
        return m.dispatch(key, lambda option: item_or(m, ref, option, default))
    content = content_of(m, ref)

    def missing() -> Value:
        if default is None:
            m.raise_named("KeyError")
        return default

    if content.group:
        observe(m, ref)
        if content.group == "sum" and default == Const(0):
            return grouped(m, ref, key)
        if _is_empty(m, default, content.group):
            # The list of no entries is as good: a program that changes it is refused.
            return grouped(m, ref, key)
        there = present(m, content.entries, key)
        return m.branch(there, lambda: grouped(m, ref, key), missing)
    found = _lookup(m, ref, key)
    if default is not None and isinstance(found, Union) and not isinstance(default, Union):
        # Under the same tag: what the program learns of the answer, it learns of what the dict holds.
        return m.narrow(Union(found.tag, tuple(default if option == UNBOUND else option for option in found.options)))
    return m.branch(is_missing(found), missing, lambda: m.bound(found, "KeyError"))


def _is_empty(m: Machine, value: Value | None, kind: str) -> bool:
    """Whether a value is an empty list or set that was made for this lookup."""
    content = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    if not isinstance(value, Ref) or not isinstance(content, SeqObject) or m.names != value.object_id:
        return False
    return content.kind == kind and parts_of(content.content) == ()


def read(m: Machine, ref: Ref, key: Value) -> Value:
    """``dict[key]``."""
    if isinstance(key, Union):
        return m.dispatch(key, lambda option: read(m, ref, option))
    content = content_of(m, ref)
    if content.default in ("", "zero"):
        return item_or(m, ref, key, _EMPTY.get(content.default))
    check_key(m, key)
    if _marker(m, ref) in m.plan.eager_sites:
        _write(m, ref, replace(content, entries=(*content.entries, Assigned(key, UNBOUND)), known=()))
    else:
        m.untracked.add(ref.object_id)
    return grouped(m, ref, key)


# ---- defaults that reading puts in --------------------


def _marker(m: Machine, ref: Ref) -> tuple[int, int]:
    """What the plan knows a dict by whose reads must be remembered."""
    line, column = m.births[ref.object_id][0] if ref.object_id in m.births else (0, 0)
    return line, -2 - 64 * column - 63


def observe(m: Machine, ref: Ref) -> None:
    """Note that somebody looks which keys a dict has: then reading a missing key of a defaultdict matters."""
    if ref.object_id in m.untracked:
        raise Restart(m.wanted.with_eager_site(_marker(m, ref)))


# ---- changing --------------------


def _write(m: Machine, ref: Ref, content: AssociationObject) -> None:
    m.set_object(ref, content)


def begin(m: Machine, ref: Ref, group: str) -> None:
    """Put a dict into its general form; an empty one becomes one of groups."""
    content = m.object(ref)
    if isinstance(content, DictObject):
        items = tuple(Assigned(key, value) for key, value in content.items)
        m.set_object(ref, AssociationObject(items, group))
    elif isinstance(content, AssociationObject) and content.group != group:
        if table_of_dict(m, ref) is not None:
            m.unsupported("a dict in memory becomes one of groups")
        m.set_object(ref, replace(content, group=group))


def extend(m: Machine, ref: Ref, pairs: Query) -> None:
    """Put items in a dict, or elements in its groups."""
    if table_of_dict(m, ref) is not None:
        put_all_in_memory(m, ref, pairs)
        return
    content = content_of(m, ref)
    m.note_write(("group", ref.object_id))
    _write(m, ref, replace(content, entries=(*content.entries, *entries_of(m, pairs)), known=()))


def put(m: Machine, ref: Ref, key: Value, value: Value) -> None:
    """``dict[key] = value``."""
    if isinstance(key, Union):

        def each(option: Value) -> Value:
            put(m, ref, option, value)
            return NONE

        m.dispatch(key, each)
        return
    content = content_of(m, ref)
    check_key(m, key)
    if content.group:
        m.unsupported("an item of a dict of groups is assigned")
    if table_of_dict(m, ref) is not None:
        put_in_memory(m, ref, key, value)
        return
    kept = tuple(entry for entry in content.known if same_key(m, entry[0], key) == Const(False))
    entries = (*content.entries, Assigned(key, value))
    _write(m, ref, replace(content, entries=entries, known=(*kept, (key, value))))


def add_to_group(m: Machine, ref: Ref, key: Value, value: Value) -> None:
    """``dict[key] += value`` where the values are sums."""
    content = content_of(m, ref)
    check_key(m, key)
    m.note_write(("group", ref.object_id))
    _write(m, ref, replace(content, entries=(*content.entries, Assigned(key, value)), known=()))


def take_out(m: Machine, ref: Ref, key: Value, default: Value | None) -> Value:
    """``dict.pop``; KeyError where ``default`` is None and the key is missing."""
    if isinstance(key, Union):
        return m.dispatch(key, lambda option: take_out(m, ref, option, default))
    content = content_of(m, ref)
    if content.group:
        m.unsupported("an item of a dict of groups is removed")
    value = item_or(m, ref, key, default)
    if table_of_dict(m, ref) is not None:
        take_from(m, ref, key)
        return value
    content = content_of(m, ref)
    kept = tuple(entry for entry in content.known if same_key(m, entry[0], key) == Const(False))
    _write(m, ref, replace(content, entries=(*content.entries, Dropped(key)), known=(*kept, (key, UNBOUND))))
    return value
