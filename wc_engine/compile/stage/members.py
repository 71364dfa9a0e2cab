"""Single elements of sets: finding them, putting them in, taking them out.

A set finds an entity by the hash that it was put in with, then by identity or equality. The rows of a type have the
hashes of the state as long as none of them was changed; for objects the set keeps a copy of what was hashed
(``hashed``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, Expr, Kind, Lit, Op
from wc_engine.compile.stage.collections import append
from wc_engine.compile.stage.entities import attribute_set, copies_row, get_attribute, is_entity, type_of
from wc_engine.compile.stage.equality import Condition, contains, equal, exists, same_element
from wc_engine.compile.stage.hashes import check_hash
from wc_engine.compile.stage.heap_objects import DEQUE, DictObject, EntityObject, SeqObject
from wc_engine.compile.stage.laziness import LazyQuery, rows_of
from wc_engine.compile.stage.logic import both, either, invert
from wc_engine.compile.stage.queries import (
    GuardedQuery,
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    parts_of,
)
from wc_engine.compile.stage.single_rows import search_first
from wc_engine.compile.stage.stale_rows import as_given, knows_hashes
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    UNBOUND,
    Const,
    Finite,
    Num,
    QueryValue,
    Ref,
    Row,
    TupleValue,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "add",
    "check_hashes",
    "condition_expr",
    "find_row",
    "holds",
    "is_changed",
    "kinds_of",
    "matches",
    "may_be",
    "relevant",
    "require_hashable",
    "same_table",
    "unchanged",
]


# ---- what a set knows of its elements --------------------


def unchanged(m: Machine, query: Query) -> bool:
    """Whether no entity of the types in a query has been changed: then no two of them are equal."""
    return not any(is_changed(m, part) for part in parts_of(query))


def is_changed(m: Machine, part: Query) -> bool:
    if isinstance(part, GuardedQuery):
        return not unchanged(m, part.inner)
    rows = rows_of(part)
    if rows is not None:
        return _rows_changed(m, rows)
    if isinstance(part, TableQuery):
        tables = m.tables_at_run_time
        if any(m.store.last_write(("heap", number)) for number in tables.references(part.list_id)):
            return True
        return any(_type_changed(m, world, name) for world, name in tables.rows(part.list_id))
    if not isinstance(part, ItemQuery):
        return False
    options = part.value.options if isinstance(part.value, Union) else (part.value,)
    for option in options:
        moved = isinstance(option, Row) and _type_changed(m, option.world, option.type_name)
        if moved and not _as_hashed(m, part.hashed, option):
            return True
        if isinstance(option, Ref) and is_entity(m, option) and not _as_hashed(m, part.hashed, option):
            return True
    return False


def _rows_changed(m: Machine, rows: RowsQuery) -> bool:
    """Whether an entity among the rows may have been changed; those that were certainly taken out are not."""
    gone = {row for condition, row in rows.removed if condition == TRUE or _is_told(m, condition)}
    own = (rows.world, rows.type_name)
    return any(key[:2] == own and (len(key) < 4 or key[3] not in gone) for key in m.store.epochs)


def _is_told(m: Machine, condition: Expr) -> bool:
    """Whether a condition holds because of what is known of a tag on this path."""
    tag, places = m.told_by.get(condition, (None, frozenset()))
    return tag is not None and m.store.facts.get(tag, frozenset({-1})) <= places


def _type_changed(m: Machine, world: int, type_name: str) -> bool:
    return any(key[:2] == (world, type_name) for key in m.store.epochs)


def _as_hashed(m: Machine, hashed: Value | None, value: Value) -> bool:
    """Whether an object is certainly what it was when it was hashed."""
    if isinstance(hashed, Union):
        return all(_as_hashed(m, option, value) for option in hashed.options)
    if isinstance(value, Row):
        return isinstance(hashed, Ref) and copies_row(m, hashed, value)
    left = m.store.heap.get(hashed.object_id) if isinstance(hashed, Ref) else None
    right = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    if not isinstance(left, EntityObject) or not isinstance(right, EntityObject):
        return hashed == value and not isinstance(value, (Ref, Row, Union))
    names = [name for name, _ in left.attributes] == [name for name, _ in right.attributes]
    return names and all(
        _same_inside(m, a, b) for (_, a), (_, b) in zip(left.attributes, right.attributes, strict=True)
    )


def _same_inside(m: Machine, hashed: Value, value: Value) -> bool:
    if isinstance(hashed, Union) and isinstance(value, Union) and hashed.tag == value.tag:
        pairs = zip(hashed.options, value.options, strict=True)
        return all(_same_inside(m, left, right) for left, right in pairs)
    if isinstance(hashed, Ref):
        return _as_hashed(m, hashed, value)
    return hashed == value and not isinstance(value, (Row, Union))


def check_hashes(m: Machine, query: Query) -> None:
    """Give up where an entity of a type in ``query`` has been changed: its stored hash may be stale."""
    for part in parts_of(query):
        if not is_changed(m, part):
            continue
        search_first(m, len(m.loops) - 1)
        reason = "a set is searched after one of its entities was changed"
        kinds = sorted(kinds_of(m, part) or {""})
        # Where several types lie in one memory, one that changes and is not followed yet.
        rest = [kind for kind in kinds if kind in m.plan.dynamic_types - m.plan.object_types]
        m.follow_one_by_one((rest or kinds)[-1], reason)


def kinds_of(m: Machine, content: Query) -> set[str] | None:
    """The entity types of a query's elements ("" for what is no entity); None where they are not known."""
    result = set()
    for part in parts_of(content):
        if isinstance(part, RowsQuery):
            result.add(part.type_name)
        elif isinstance(part, ItemQuery):
            options = part.value.options if isinstance(part.value, Union) else (part.value,)
            result |= {type_of(m, option) if is_entity(m, option) else "" for option in options}
        elif isinstance(part, LazyQuery):
            result |= part.kinds
        elif isinstance(part, TableQuery):
            result |= m.tables_at_run_time.kinds(part.list_id)
        elif isinstance(part, GuardedQuery):
            inner = kinds_of(m, part.inner)
            if inner is None:
                return None
            result |= inner
        else:
            return None
    return result


# ---- hashes --------------------


def require_hashable(m: Machine, value: Value) -> None:
    """Raise TypeError where a value has no hash: a list is in it."""

    def check(option: Value) -> Value:
        content = m.store.heap.get(option.object_id) if isinstance(option, Ref) else None
        unhashable = isinstance(content, SeqObject) and content.kind in ("list", "set", DEQUE)
        if unhashable or isinstance(content, DictObject):
            m.raise_named("TypeError")
        if isinstance(content, EntityObject):
            for _, item in content.attributes:
                require_hashable(m, item)
        return NONE

    if isinstance(value, TupleValue):
        for item in value.items:
            require_hashable(m, item)
    elif isinstance(value, Union) and all(isinstance(option, (Const, Num, Finite)) for option in value.options):
        return
    else:
        m.dispatch(value, check)


def _same_hash(m: Machine, left: Value, right: Value) -> Condition:
    """Return whether two values have equal hashes, leaving aside those that are equal by chance."""
    for value, other, swap in ((left, right, False), (right, left, True)):
        if isinstance(value, Union):
            return m.test_options(
                value,
                lambda o, other=other, swap=swap: _same_hash(m, other, o) if swap else _same_hash(m, o, other),  # type: ignore[misc]
            )
    if not is_entity(m, left) or not is_entity(m, right):
        return equal(m, _hashed_number(left), _hashed_number(right))
    names = attribute_set(m, left)
    if type_of(m, left) != type_of(m, right) or set(names) - {"name"} != set(attribute_set(m, right)) - {"name"}:
        return Const(False)
    same: Condition = Const(True)
    for name in dict.fromkeys((*names, "name")):
        same = both(m, same, _same_hash(m, get_attribute(m, left, name), get_attribute(m, right, name)))
    return same


def _hashed_number(value: Value) -> Value:
    """Return what a value is hashed as: -2 has the hash of -1."""
    if isinstance(value, Const):
        return Const(_hashed_constant(value.value))
    if isinstance(value, Finite):
        return Finite(value.index, tuple(v if v is MISSING else _hashed_constant(v) for v in value.values))
    if isinstance(value, TupleValue):
        return TupleValue(tuple(map(_hashed_number, value.items)))
    if isinstance(value, Num) and value.kind is Kind.INT and (value.low is None or value.low <= -2):
        is_two = Op("eq", (value.expr, Lit(-2, Kind.INT)), Kind.BOOL)
        return Num(Op("select", (is_two, Lit(-1, Kind.INT), value.expr), Kind.INT), value.low, value.high)
    return value


def _hashed_constant(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_hashed_constant, value))
    return -1 if isinstance(value, (int, float)) and value == -2 else value


def matches(m: Machine, part: ItemQuery, value: Value) -> Condition:
    """Return whether a set finds one of its elements where it looks for ``value``."""
    if is_changed(m, part):
        if part.hashed is None:
            check_hashes(m, part)
        assert part.hashed is not None
        return both(m, _same_hash(m, part.hashed, value), same_element(m, part.value, value))
    return same_element(m, part.value, value)


# ---- finding, adding, removing --------------------


def relevant(m: Machine, content: Query, value: Value) -> list[Query]:
    """Return the parts of a set's content that can hold an element equal to ``value``."""
    options = value.options if isinstance(value, Union) else (value,)
    own = {type_of(m, option) if is_entity(m, option) else "" for option in options}
    return [
        part
        for part in parts_of(content)
        if (kinds := kinds_of(m, part)) is None or any(may_be(kind, kinds) for kind in own)
    ]


def may_be(kind: str, kinds: set[str]) -> bool:
    return kind in kinds or "" in kinds


def holds(m: Machine, content: Query, value: Value) -> Condition:
    """Return whether a set finds ``value``; parts that cannot hold it are not searched."""
    if isinstance(value, Union):
        return m.test_options(value, lambda option: holds(m, content, option))
    check_hash(m, value)
    require_hashable(m, value)
    found: Condition = Const(False)
    rest: list[Query] = []
    for part in relevant(m, content, value):
        if isinstance(part, RowsQuery) and _copied_from_another(m, part, value):
            continue
        if isinstance(part, ItemQuery):
            found = either(m, found, both(m, boolean(part.condition), matches(m, part, value)))
        elif isinstance(part, RowsQuery) and is_changed(m, part) and knows_hashes(m, part):
            found = either(m, found, exists(m, part, lambda row: _is_found(m, row, value)))
        else:
            rest.append(part)
    check_hashes(m, concat(*rest))
    return either(m, found, contains(m, QueryValue(concat(*rest), "set"), value)) if rest else found


def _copied_from_another(m: Machine, part: RowsQuery, value: Value) -> bool:
    """Whether the loop that visits all rows of a static type is adding a copy of the row it is at."""
    for loop in m.loops:
        if (
            loop.rows is not None
            and loop.row_variable is not None
            and any(replace(part, hashed=False) in queries for queries in loop.pending.values())
        ):
            row = Row(part.world, part.type_name, loop.row_variable, part.generation)
            if value == row or copies_row(m, value, row):
                return True
    return False


def add(m: Machine, ref: Ref, value: Value) -> None:
    """``set.add``: nothing where an equal element with that hash is there."""
    if isinstance(value, Union):

        def each(option: Value) -> Value:
            add(m, ref, option)
            return NONE

        m.dispatch(value, each)
        return
    check_hash(m, value)
    target = m.object(ref)
    assert isinstance(target, SeqObject)
    if not target.distinct:
        require_hashable(m, value)
        append(m, ref, value)
        return
    append(m, ref, value, condition=invert(m, _is_there(m, target.content, value)))


def _is_there(m: Machine, content: Query, value: Value) -> Condition:
    """Return whether a set holds a value that is about to be put in; in memory, mostly the cell tells."""
    *others, last = parts_of(content) or (content,)
    seen = m.seen_places.get(last.list_id) if isinstance(last, TableQuery) else None
    if seen is None:
        return holds(m, content, value)
    found = holds(m, concat(*others), value)
    alone = seen.add(value)
    beside = m.branch(alone, lambda: Const(False), lambda: m.as_condition(holds(m, last, value)))
    assert isinstance(beside, (Num, Const, Finite))
    return either(m, found, beside)


def same_table(part: RowsQuery, row: Row) -> bool:
    return (part.world, part.type_name, part.generation) == (row.world, row.type_name, row.generation)


def _is_found(m: Machine, row: Value, value: Value) -> Condition:
    """Whether a set that knows a row as it was given finds it where it looks for ``value``."""
    assert isinstance(row, Row)
    return both(m, _same_hash(m, as_given(row), value), same_element(m, row, value))


def find_row(m: Machine, part: RowsQuery, value: Value, *, hashed: bool = False) -> Row | Union | None:
    """Return the first row that is, or equals, ``value``; a union with ``UNBOUND`` where there may be none.

    Args:
        hashed: look for it by the hashes that the rows had when they were given.
    """

    def search(handle: object) -> Value:
        def visit(element: Value) -> None:
            same = _is_found(m, element, value) if hashed else same_element(m, element, value)
            m.when(same, lambda: m.leave(handle, element))  # type: ignore[arg-type]

        part.iterate(m, visit)
        return UNBOUND

    found = m.block("row", search)
    if isinstance(found, (Row, Union)):
        return found
    return None


def condition_expr(m: Machine, condition: Num | Const) -> Expr:
    """Return a condition that can be true as an expression."""
    return TRUE if isinstance(condition, Const) else m.temp(condition.expr)
