"""Dicts whose keys depend on the state: looking up, putting in, taking out.

``{(e.x, e.y): e for e in state}`` is not built in memory. It is a record of what was put in, run by run; a lookup goes
through the runs from the last one to the first, compares keys, and stops where it finds one. A position of entities
that never move is then one load of a grid (``passes/index.py``). ``d.setdefault(key, []).append(value)`` over the state
is the same record: the list of a key has the values of all entries with that key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, Expr, Kind
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.collections import site_of
from wc_engine.compile.stage.equality import Condition, equal
from wc_engine.compile.stage.laziness import LazyQuery
from wc_engine.compile.stage.operators import arithmetic, as_number, both, compare_numbers, invert
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery, concat, parts_of
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Assigned,
    AssociationObject,
    Builtin,
    ClassValue,
    Const,
    Dropped,
    Entries,
    Entry,
    Finite,
    Num,
    Ref,
    SeqObject,
    TupleValue,
    Union,
    Value,
    boolean,
)
from wc_engine.state.entities import Entity
from wc_engine.state.schema import EntityType

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = [
    "AssociationQuery",
    "CountedQuery",
    "add_to_group",
    "association_of",
    "entries_of",
    "extend",
    "find",
    "has_key",
    "item_or",
    "new_default_dict",
    "observe",
    "of_pairs",
    "put",
    "read",
    "take_out",
]

_EMPTY: dict[str, Value] = {"int": Const(0), "zero": Const(0)}


# ---- keys --------------------


def _check_key(m: Machine, key: Value) -> None:
    """Give up where keys are compared by more than their plain value."""
    if isinstance(key, TupleValue):
        for item in key.items:
            _check_key(m, item)
    elif isinstance(key, (Const, Finite)):
        values = (key.value,) if isinstance(key, Const) else key.values
        if not all(_is_plain(item) for item in values):
            m.unsupported("a dict key of this kind")
    elif isinstance(key, Num):
        if key.kind is Kind.FLOAT:
            m.unsupported("a dict key that is a float of the state")
    elif not isinstance(key, (ClassValue, Builtin)):
        m.unsupported("a dict key of this kind")


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return not isinstance(value, Entity) and value == value


def _same(m: Machine, left: Value, right: Value) -> Condition:
    _check_key(m, left)
    _check_key(m, right)
    return equal(m, left, right)


def _pair(m: Machine, value: Value) -> tuple[Value, Value]:
    if isinstance(value, TupleValue) and len(value.items) == 2:
        return value.items[0], value.items[1]
    if isinstance(value, Const) and isinstance(value.value, tuple) and len(value.value) == 2:
        return Const(value.value[0]), Const(value.value[1])
    m.unsupported("a dict of what is no pair")


# ---- making --------------------


def association_of(m: Machine, entries: tuple[Entry, ...], group: str = "", default: str = "") -> Ref:
    """Return a new dict."""
    ref = m.new_object(AssociationObject(entries, group, default))
    m.births[ref.object_id] = (site_of(m.node), tuple(m.loops))
    return ref


def of_pairs(m: Machine, pairs: list[tuple[Value, Value]]) -> Ref:
    """Return a new dict of pairs known one by one."""
    for key, _ in pairs:
        _check_key(m, key)
    return association_of(m, tuple(Assigned(key, value) for key, value in pairs))


def new_default_dict(m: Machine, factory: Value) -> Ref:
    """``defaultdict(factory)``."""
    name = factory.name if isinstance(factory, Builtin) else ""
    if name not in ("list", "set", "int"):
        m.unsupported("a defaultdict of this kind")
    return association_of(m, (), {"int": "sum"}.get(name, name), name)


def entries_of(m: Machine, pairs: Query) -> tuple[Entry, ...]:
    """Return the items that a query over (key, value) puts in a dict."""
    return tuple(_entry(m, part) for part in parts_of(pairs))


def _entry(m: Machine, part: Query) -> Entry:
    if isinstance(part, ItemQuery):
        key, value = _pair(m, part.value)
        _check_key(m, key)
        return Assigned(key, value, part.condition)
    sample = part.sample if isinstance(part, LazyQuery) else None
    if sample is None or not sample.once:
        return Entries(part)
    key, value = _pair(m, sample.value)
    _check_key(m, key)
    whole = sample.rows if sample.unconditional and value == sample.row else None
    return Entries(part, _apart(m, sample.rows, key), key if isinstance(key, (Const, ClassValue)) else None, whole)


def _apart(m: Machine, rows: RowsQuery | None, key: Value) -> bool:
    """Whether different rows have different keys: all that can tell two rows apart is among the key's items."""
    entity_type = m.schema.type(rows.type_name) if rows is not None else None
    if rows is None or entity_type is None:
        return False
    if any(written[:2] == (rows.world, rows.type_name) for written in m.store.epochs):
        return False
    return entity_type.count == 1 or _attributes_in(m, key) >= _telling(entity_type)


def _telling(entity_type: EntityType) -> set[str]:
    return {name for name, domain in entity_type.attributes if domain.size > 1}


def _attributes_in(m: Machine, key: Value) -> set[str]:
    items = key.items if isinstance(key, TupleValue) else (key,)
    exprs = [item.expr if isinstance(item, Num) else item.index for item in items if isinstance(item, (Num, Finite))]
    return {origin[1] for expr in exprs if (origin := m.origin_of(expr)) is not None}


@dataclass(frozen=True, eq=False, slots=True)
class CountedQuery:
    """(element, 1) for each element: what a Counter counts."""

    source: Query

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        self.source.iterate(m, lambda element: body(TupleValue((element, Const(1)))))


# ---- looking up --------------------


def _content(m: Machine, ref: Ref) -> AssociationObject:
    content = m.object(ref)
    assert isinstance(content, AssociationObject)
    return content


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
    m.when(both(m, boolean(entry.condition), _same(m, entry.key, key)), lambda: m.leave(handle, value))


def _search_run(m: Machine, entry: Entries, key: Value, handle: BlockHandle) -> None:
    if entry.key is not None and _same(m, entry.key, key) == Const(False):
        return
    cell = m.new_cell(UNBOUND)

    def visit(element: Value) -> None:
        known, value = _pair(m, element)

        def hit() -> None:
            if entry.apart:
                m.leave(handle, value)
            m.store.cells[cell] = value

        m.when(_same(m, known, key), hit)

    entry.pairs.iterate(m, visit)
    found = m.store.cells[cell]
    if found != UNBOUND:
        m.when(invert(m, is_missing(found)), lambda: m.leave(handle, m.bound(found, "KeyError")))


def is_missing(found: Value) -> Finite | Const:
    """Return whether a lookup found nothing."""
    if isinstance(found, Union):
        return Finite(found.tag, tuple(option == UNBOUND for option in found.options))
    return Const(found == UNBOUND)


def _present(m: Machine, entries: tuple[Entry, ...], key: Value) -> Condition:
    """Return whether a key is in a dict, without its value."""

    def run(handle: BlockHandle) -> Value:
        for entry in reversed(entries):
            if not isinstance(entry, Entries):
                there = Const(isinstance(entry, Assigned))
                m.when(
                    both(m, boolean(entry.condition), _same(m, entry.key, key)),
                    lambda there=there: m.leave(handle, there),  # type: ignore[misc]
                )
            elif entry.key is None or _same(m, entry.key, key) != Const(False):
                entry.pairs.iterate(
                    m, lambda pair: m.when(_same(m, _pair(m, pair)[0], key), lambda: m.leave(handle, Const(True)))
                )
        return Const(False)

    result = m.block("present", run)
    assert isinstance(result, (Num, Const, Finite))
    return result


def _lookup(m: Machine, ref: Ref, key: Value) -> Value:
    """Return what a key has in an ungrouped dict; a lookup made before on this path is not made again."""
    content = _content(m, ref)
    for known, value in content.known:
        if known == key:
            return value
    value = find(m, content.entries, key)
    content = _content(m, ref)
    m.store.heap[ref.object_id] = replace(content, known=(*content.known, (key, value)))
    return value


def has_key(m: Machine, ref: Ref, key: Value) -> Condition:
    """``key in dict``."""
    observe(m, ref)
    if isinstance(key, Union):
        result = m.dispatch(key, lambda option: m.as_condition(has_key(m, ref, option)))
        assert isinstance(result, (Num, Const, Finite))
        return result
    content = _content(m, ref)
    if content.group:
        return _present(m, content.entries, key)
    return m.as_condition(invert(m, is_missing(_lookup(m, ref, key))))


def item_or(m: Machine, ref: Ref, key: Value, default: Value | None) -> Value:
    """``dict.get``, and what KeyError (``default`` None) or a default makes of a missing key."""
    if isinstance(key, Union):
        return m.dispatch(key, lambda option: item_or(m, ref, option, default))
    content = _content(m, ref)

    def missing() -> Value:
        if default is None:
            m.raise_named("KeyError")
        return default

    if content.group:
        observe(m, ref)
        if content.group == "sum" and default == Const(0):
            return _grouped(m, ref, key)
        if _is_empty(m, default, content.group):
            # The list of no entries is as good: a program that changes it is refused.
            return _grouped(m, ref, key)
        there = _present(m, content.entries, key)
        return m.branch(there, lambda: _grouped(m, ref, key), missing)
    found = _lookup(m, ref, key)
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
    content = _content(m, ref)
    if content.default in ("", "zero"):
        return item_or(m, ref, key, _EMPTY.get(content.default))
    _check_key(m, key)
    if _marker(m, ref) in m.plan.eager_sites:
        _write(m, ref, replace(content, entries=(*content.entries, Assigned(key, UNBOUND)), known=()))
    else:
        m.untracked.add(ref.object_id)
    return _grouped(m, ref, key)


# ---- defaults that reading puts in --------------------


def _marker(m: Machine, ref: Ref) -> tuple[int, int]:
    """What the plan knows a dict by whose reads must be remembered."""
    line, column = m.births[ref.object_id][0] if ref.object_id in m.births else (0, 0)
    return line, -2 - 64 * column - 63


def observe(m: Machine, ref: Ref) -> None:
    """Note that somebody looks which keys a dict has: then reading a missing key of a defaultdict matters."""
    if ref.object_id in m.untracked:
        raise Restart(m.plan.with_eager_site(_marker(m, ref)))


# ---- groups --------------------


@dataclass(frozen=True, eq=False, slots=True)
class MatchQuery:
    """The values of the entries of a run that have a key."""

    pairs: Query
    key: Value

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        def visit(element: Value) -> None:
            known, value = _pair(m, element)
            m.when(_same(m, known, self.key), lambda: body(value))

        self.pairs.iterate(m, visit)


def _grouped(m: Machine, ref: Ref, key: Value) -> Value:
    """Return the list, set or sum of a key."""
    content = _content(m, ref)
    _check_key(m, key)
    query = _matching(m, content.entries, key)
    if content.group == "sum":
        return _sum_of(m, query)
    group = m.new_object(SeqObject(content.group, query, content.group == "list"))
    m.births[group.object_id] = ((0, 0), tuple(m.loops))
    m.borrowed[group.object_id] = (ref.object_id, m.clock)
    return group


def _matching(m: Machine, entries: tuple[Entry, ...], key: Value) -> Query:
    parts: list[Query] = []
    for entry in entries:
        if isinstance(entry, Dropped):
            m.unsupported("an item of a dict of groups is removed")
        if isinstance(entry, Assigned):
            if entry.value == UNBOUND:
                continue
            there = m.as_condition(both(m, boolean(entry.condition), _same(m, entry.key, key)))
            if there != Const(False):
                parts.append(ItemQuery(entry.value, _expr(m, there)))
            continue
        same = _same(m, entry.key, key) if entry.key is not None else None
        if same == Const(False):
            continue
        parts.append(entry.whole if same == Const(True) and entry.whole is not None else MatchQuery(entry.pairs, key))
    return concat(*parts)


def _expr(m: Machine, condition: Num | Const) -> Expr:
    return TRUE if isinstance(condition, Const) else m.temp(condition.expr)


def _sum_of(m: Machine, query: Query) -> Value:
    cell = m.new_cell(Const(0))

    def visit(element: Value) -> None:
        number = as_number(m, element)
        if number is None or number.kind is Kind.FLOAT:
            m.unsupported("a dict of sums of this kind")
        small = all(bound is not None and abs(bound) < 2**31 for bound in (number.low, number.high))
        m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], element, bounded=small)

    query.iterate(m, visit)
    return m.store.cells[cell]


# ---- changing --------------------


def _write(m: Machine, ref: Ref, content: AssociationObject) -> None:
    m.set_object(ref, content)


def extend(m: Machine, ref: Ref, pairs: Query) -> None:
    """Put items in a dict, or elements in its groups."""
    content = _content(m, ref)
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
    content = _content(m, ref)
    _check_key(m, key)
    if content.group:
        m.unsupported("an item of a dict of groups is assigned")
    kept = tuple(entry for entry in content.known if _same(m, entry[0], key) == Const(False))
    entries = (*content.entries, Assigned(key, value))
    _write(m, ref, replace(content, entries=entries, known=(*kept, (key, value))))


def add_to_group(m: Machine, ref: Ref, key: Value, value: Value) -> None:
    """``dict[key] += value`` where the values are sums."""
    content = _content(m, ref)
    _check_key(m, key)
    m.note_write(("group", ref.object_id))
    _write(m, ref, replace(content, entries=(*content.entries, Assigned(key, value)), known=()))


def take_out(m: Machine, ref: Ref, key: Value, default: Value | None) -> Value:
    """``dict.pop``; KeyError where ``default`` is None and the key is missing."""
    if isinstance(key, Union):
        return m.dispatch(key, lambda option: take_out(m, ref, option, default))
    content = _content(m, ref)
    if content.group:
        m.unsupported("an item of a dict of groups is removed")
    value = item_or(m, ref, key, default)
    content = _content(m, ref)
    kept = tuple(entry for entry in content.known if _same(m, entry[0], key) == Const(False))
    _write(m, ref, replace(content, entries=(*content.entries, Dropped(key)), known=(*kept, (key, UNBOUND))))
    return value


# ---- visiting --------------------


@dataclass(frozen=True, eq=False, slots=True)
class AssociationQuery:
    """The keys, values or items of a dict: in the order in which the keys were first put in, with their last values."""

    ref: Ref
    part: str

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        observe(m, self.ref)
        content = _content(m, self.ref)
        for place, entry in enumerate(content.entries):
            if isinstance(entry, Assigned):
                self._item(m, content, place, (entry.key, entry.value), boolean(entry.condition), body)
            elif isinstance(entry, Entries):
                self._run(m, content, place, entry, body)

    def _run(
        self, m: Machine, content: AssociationObject, place: int, entry: Entries, body: Callable[[Value], None]
    ) -> None:
        if isinstance(entry.key, (Const, ClassValue)):
            there = _present(m, (entry,), entry.key)
            self._item(m, content, place, (entry.key, NONE), there, body)
            return
        position = m.new_cell(Const(0))

        def visit(element: Value) -> None:
            key, value = _pair(m, element)
            first: Condition = Const(True)
            if not entry.apart:
                number = m.store.cells[position]
                m.store.cells[position] = arithmetic(m, "add", number, Const(1), bounded=True)
                first = invert(m, _earlier(m, entry, key, number))
            self._item(m, content, place, (key, value), first, body)

        entry.pairs.iterate(m, visit)

    def _item(
        self,
        m: Machine,
        content: AssociationObject,
        place: int,
        pair: tuple[Value, Value],
        there: Condition,
        body: Callable[[Value], None],
    ) -> None:
        """Visit an item unless its key came earlier or is taken out later."""
        key, value = pair
        before, after = content.entries[:place], content.entries[place + 1 :]
        own = content.entries[place]
        last = after if isinstance(own, Assigned) or (isinstance(own, Entries) and own.apart) else (own, *after)
        for later in after:
            if isinstance(later, Dropped):
                gone = both(m, boolean(later.condition), _same(m, later.key, key))
                there = both(m, there, invert(m, gone))

        def visit() -> None:
            if self.part == "keys":
                body(key)
                return
            if content.group:
                found = _grouped(m, self.ref, key)
            else:
                found = _or_else(m, find(m, last, key) if last else UNBOUND, value)
            body(found if self.part == "values" else TupleValue((key, found)))

        m.when(there, lambda: m.when(invert(m, _present(m, before, key)), visit))


def _or_else(m: Machine, found: Value, default: Value) -> Value:
    """Return what a lookup found, or a value for nothing."""
    return m.branch(is_missing(found), lambda: default, lambda: m.bound(found, "KeyError"))


def _earlier(m: Machine, entry: Entries, key: Value, number: Value) -> Condition:
    """Return whether one of the first ``number`` entries of a run has a key."""
    position = m.new_cell(Const(0))

    def run(handle: BlockHandle) -> Value:
        def visit(element: Value) -> None:
            here, limit = as_number(m, m.store.cells[position]), as_number(m, number)
            assert here is not None
            assert limit is not None
            before = compare_numbers(m, "lt", here, limit)
            m.when(both(m, before, _same(m, _pair(m, element)[0], key)), lambda: m.leave(handle, Const(True)))
            m.store.cells[position] = arithmetic(m, "add", m.store.cells[position], Const(1), bounded=True)

        entry.pairs.iterate(m, visit)
        return Const(False)

    result = m.block("earlier", run)
    assert isinstance(result, (Num, Const, Finite))
    return result
