"""Laziness: what a query stands for, and when its elements must be computed at once."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Expr
from wc_engine.compile.plan import Restart, Site
from wc_engine.compile.stage.comprehensions import BodyQuery, ComprehensionQuery
from wc_engine.compile.stage.copied_rows import CopiedQuery, CopiedRows, copied_rows, visit_of, without_copies
from wc_engine.compile.stage.entities import copies_row, is_entity, type_of
from wc_engine.compile.stage.equality import identical
from wc_engine.compile.stage.freezing import freeze
from wc_engine.compile.stage.generations import copy_rows
from wc_engine.compile.stage.hashes import told_apart_by
from wc_engine.compile.stage.heap_objects import EntityObject
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.paths import LoopHandle
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery, concat, items_query, parts_of
from wc_engine.compile.stage.single_rows import is_single
from wc_engine.compile.stage.store import Store
from wc_engine.compile.stage.values import NONE, Const, Num, Record, Ref, Row, TupleValue, Union, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

from wc_engine.compile.stage.collections import materialise, site_of

__all__ = [
    "LazyQuery",
    "Sample",
    "comprehension",
    "elements_one_by_one",
    "guard_rows_stay",
    "inspect_query",
    "lazy",
    "rows_of",
    "visited_row",
]


@dataclass(frozen=True, eq=False, slots=True)
class LazyQuery:
    """A query that stands for elements as they were when it was made.

    Attributes:
        inner: the query.
        reads: the columns and objects it depends on.
        clock: when it was made.
        site: where it stands in the source.
        kinds: the entity types of its elements, with "" where some are no entities.
        rows: where the elements are some of the rows of a type, each at most once, all these rows.
        sample: what a trial visit showed.
    """

    inner: Query
    reads: frozenset[tuple[object, ...]]
    clock: int
    site: Site
    kinds: frozenset[str] = frozenset({""})
    rows: RowsQuery | None = None
    sample: Sample | None = None

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        self._check(m, None)
        depth = len(m.loops)

        def visit(element: Value) -> None:
            # A consumer may change the row that it is at: the rows still to come are as they were.
            self._check(m, m.loops[depth].row_variable if len(m.loops) > depth else None)
            body(element)

        self.inner.iterate(m, visit)

    def _check(self, m: Machine, own_row: Expr | None) -> None:
        for key in self.reads:
            m.note_read(key)
            if m.store.last_write(key, but_row=own_row) > self.clock:
                if self.site in m.plan.eager_sites:
                    m.unsupported("a collection is used after what it was made from has changed")
                raise Restart(m.wanted.with_eager_site(self.site))


@dataclass(slots=True)
class Sample:
    """What a trial visit of a query's part showed."""

    visits: int = 0
    """How often it was visited in the last round of following its loop."""
    round: object = None
    unconditional: bool = False
    value: Value = NONE
    copy_of: str | None = None
    rows: RowsQuery | None = None
    """The rows that the one loop around it visits."""
    row: Row | None = None
    """The row that this loop is at."""
    kinds: set[str] = field(default_factory=set)
    """The entity types of the elements, with "" for those that are none."""
    loops: set[str] = field(default_factory=set)
    """The loops in which it was visited."""
    single: bool = False
    """There is one element at most."""

    @property
    def once(self) -> bool:
        """Whether every row gives one element at most."""
        return self.visits == 1 and len(self.loops) == 1

    def makes_new(self, part: Query) -> bool:
        """Whether the last element was an entity of the type of the rows, and perhaps a new one."""
        options = self.value.options if isinstance(self.value, Union) else (self.value,)
        new = any(isinstance(option, Ref) for option in options)
        return new and isinstance(part, RowsQuery) and self.kinds == {part.type_name}


def _inspect(m: Machine, query: Query) -> tuple[Sample, frozenset[tuple[object, ...]], bool, bool]:
    """Visit a query without keeping it; return (sample, what it reads, may it raise, does it change anything)."""
    sample = Sample()
    depth = len(m.loops)

    def visit(value: Value) -> None:
        loop = m.loops[-1] if m.loops else None
        sample.visits = 1 if loop is not sample.round else sample.visits + 1
        sample.round, sample.value = loop, value
        options = value.options if isinstance(value, Union) else (value,)
        sample.kinds |= {type_of(m, option) if is_entity(m, option) else "" for option in options}
        sample.loops.add(loop.label if loop is not None else "")
        if loop is not None and loop.rows is not None and len(m.loops) == depth + 1:
            assert loop.row_variable is not None
            sample.rows = loop.rows
            sample.unconditional = loop.runs_always(m.buffer) and any(loop.outer is code for code in m.regions[-1])
            row = Row(loop.rows.world, loop.rows.type_name, loop.row_variable, loop.rows.generation)
            sample.row = row
            sample.copy_of = "row" if value == row else "copy" if copies_row(m, value, row) else None
            sample.single = sample.visits == 1 and is_single(m, loop)

    reads: set[tuple[object, ...]] = set()
    raises = False

    def run() -> Value:
        nonlocal raises
        m.regions.append([m.buffer])
        m.may_raise = False
        try:
            query.iterate(m, visit)
        finally:
            m.regions.pop()
        raises = m.may_raise
        if isinstance(sample.round, LoopHandle) and sample.round.left:
            sample.unconditional = False  # a generator returns in the middle
        return NONE

    m.reads.append(reads)
    try:
        before = m.store
        outcome = m.trial(lambda: _changes(m, before, run))
    finally:
        m.reads.pop()
    if outcome is None:
        return sample, frozenset(reads), True, True
    return sample, frozenset(reads), raises, outcome[0] == Const(True)


def inspect_query(m: Machine, query: Query) -> tuple[frozenset[tuple[object, ...]], bool, bool]:
    """Return (what a query reads, whether a visit may raise, whether it changes anything)."""
    _, reads, raises, changes = _inspect(m, query)
    return reads, raises, changes


def visited_row(m: Machine, query: Query) -> tuple[Row, Value] | None:
    """Return the row that a visit is at, with the element; None where there may be several of a row, or none at all."""
    sample, _, raises, changes = _inspect(m, query)
    return None if raises or changes or not sample.once or sample.row is None else (sample.row, sample.value)


def _changes(m: Machine, before: Store, run: Callable[[], Value]) -> Value:
    """Run, and return whether that changed anything that a program can see."""
    run()
    # What is made under way may change under way.
    written = {key: clock for key, clock in m.store.written().items() if key[0] != "heap" or key[1] in before.heap}
    return Const(m.changed_cells(before) or written != before.written())


def rows_of(query: Query) -> RowsQuery | None:
    """Return the rows that a query's elements are among, each at most once; None where they are something else."""
    if isinstance(query, RowsQuery):
        return query
    return query.rows if isinstance(query, LazyQuery) else None


def lazy(m: Machine, make: Callable[[Query], Query], source: Query, site: Site) -> tuple[Query, bool]:
    """Return ``make(source)`` as elements of this moment, and whether they are certainly distinct.

    What is all rows of a type, or nothing, is told so; what raises does so now; what changes something, or stands where
    an earlier run found that its elements must be computed, goes to memory.
    """
    from wc_engine.compile.stage.few_rows import few_rows

    result: list[Query] = []
    distinct = True
    sources, start = [part.value for part in parts_of(source) if isinstance(part, ItemQuery)], m.names
    for place, part in enumerate(parts_of(source)):
        query = make(part)
        # A list made here has a place of its own among the plan's lists: that of the list that grows here is another.
        memory = (site[0], -1 - site[1] * 64 - place)
        sample, reads, raises, changes = _inspect(m, query)
        if sample.visits == 0 and not raises and not changes:
            continue
        once = sample.once
        few = few_rows(m, part) if once and sample.unconditional and not raises and not changes else []
        if few and sample.copy_of != "copy" and sample.makes_new(part):
            result += [_collect(m, make(row), row, memory) for row in few]
            distinct = False
            continue
        if once and sample.unconditional and not raises and not changes and _may_stay(m, part, query, sample):
            assert isinstance(part, RowsQuery)
            visit = visit_of(query)
            assert visit is not None
            guard_rows_stay(m, part, lambda row, visit=visit: replace(visit, source=ItemQuery(row), apart=True))  # type: ignore[misc]
            result.append(part)
            continue
        rows = sample.rows if once and sample.unconditional and not raises and not changes else None
        if rows is not None and sample.copy_of == "row":
            result.append(rows)
        elif rows is not None and sample.copy_of == "copy":
            result.append(copy_rows(m, rows))
        elif not raises and not changes and (pairs := _with_copies(m, part, query, site)) is not None:
            result.append(pairs)
            distinct = False
        elif isinstance(part, ItemQuery):
            items = _collect(m, query, part, memory)
            if sources.count(part.value) == 1:
                _keep_apart(m, part, items, start)
            distinct = distinct and isinstance(items, ItemQuery)
            result.append(items)
        elif changes or _is_eager(m, site, query, reads) or _fresh_object(m, sample.value):
            distinct = False
            result.append(materialise(m, query, memory))
        else:
            if raises:
                query.iterate(m, lambda _: None)
            some = sample.rows if once and sample.copy_of == "row" else None
            plain = sample.copy_of is None and _injective(m, sample.rows, sample.value)
            distinct = distinct and (some is not None or plain)
            kinds = frozenset(sample.kinds)
            result.append(LazyQuery(freeze(m, query), reads, m.clock, site, kinds, some, sample))
    return concat(*result), distinct and (len(result) < 2 or apart(m, tuple(result)))


def _with_copies(m: Machine, part: Query, query: Query, site: Site) -> LazyQuery | None:
    """Return a visit of tuples with copies of rows in them; None where a query is something else."""
    visit = query if isinstance(query, (ComprehensionQuery, BodyQuery)) else None
    if isinstance(visit, ComprehensionQuery) and isinstance(visit.node, ast.SetComp):
        return None
    if visit is None or not isinstance(part, RowsQuery) or part.is_shorter or site in m.plan.eager_sites:
        return None
    seen = copied_rows(m, part, visit)
    if seen is None:
        return None
    rest = without_copies(visit, seen.places)
    frozen = visit_of(freeze(m, rest or visit))
    assert frozen is not None
    rows = copy_rows(m, part)
    sample = _sample_of(seen, rows)
    return LazyQuery(CopiedQuery(frozen, rows, seen.places, rest is None), seen.reads, m.clock, site, sample=sample)


def _sample_of(seen: CopiedRows, rows: RowsQuery) -> Sample:
    row = replace(seen.row, generation=rows.generation)
    items = tuple(row if place in seen.places else item for place, item in enumerate(seen.element.items))
    return Sample(1, unconditional=True, value=TupleValue(items), rows=rows, row=row, kinds={""}, loops={"rows"})


def _is_eager(m: Machine, site: Site, query: Query, reads: frozenset[tuple[object, ...]]) -> bool:
    """Whether elements must be computed now; items of a dict that depend on nothing that can change need not."""
    if isinstance(query, ComprehensionQuery) and isinstance(query.node, ast.DictComp) and not reads:
        return False
    return site in m.plan.eager_sites


def _may_stay(m: Machine, part: Query, query: Query, sample: Sample) -> bool:
    """Whether each row of a type that is assumed not to change gives one element, which may be the row itself."""
    if not isinstance(part, RowsQuery) or part.is_shorter or not isinstance(visit_of(query), ComprehensionQuery):
        return False
    if not m.is_static(part.type_name) or part.type_name not in m.plan.assumptions.unchanging:
        return False
    return isinstance(sample.value, Union) and sample.row in sample.value.options


def guard_rows_stay(m: Machine, rows: RowsQuery, at_row: Callable[[Row], Query]) -> None:
    """End the step out of range unless each row is an element of what is made of it."""
    m.assumed = True

    def visit(row: Value) -> None:
        assert isinstance(row, Row)

        def run(handle: BlockHandle) -> Value:
            at_row(row).iterate(m, lambda found: m.when(identical(m, found, row), lambda: m.leave(handle)))
            m.fail(STATUS_OUT_OF_RANGE)

        m.block("kept", run)

    rows.iterate(m, visit)


def apart(m: Machine, parts: tuple[Query, ...]) -> bool:
    """Whether no two of several collections hold equal entities, as far as nothing was changed."""
    places: dict[object, list[object]] = {}
    for part in parts:
        rows = rows_of(part)
        if rows is not None:
            places.setdefault(rows.type_name, []).append(None)
        elif isinstance(part, ItemQuery) and is_entity(m, part.value):
            place = m.state_objects.get(part.value.object_id) if isinstance(part.value, Ref) else None
            same = place is not None and not m.store.last_write(("heap", getattr(part.value, "object_id", 0)))
            places.setdefault(type_of(m, part.value), []).append((place, part.value) if same else None)
        else:
            return False
    # Several entities of one type differ where all of them come from one state.
    return all(
        len(found) == 1 or (None not in found and len(set(found)) == len(found) and len({f[0] for f in found}) == 1)  # type: ignore[index]
        for found in places.values()
    )


def _keep_apart(m: Machine, part: ItemQuery, copied: Query, group: int) -> None:
    """Note that an entity is a copy of one of the state: those that are made of different ones differ.

    Args:
        group: a number that the copies made together share; copies made elsewhere may be equal to them.
    """
    if not isinstance(copied, ItemQuery) or not isinstance(part.value, Ref) or not isinstance(copied.value, Ref):
        return
    place = m.state_objects.get(part.value.object_id)
    old, new = m.store.heap.get(part.value.object_id), m.store.heap.get(copied.value.object_id)
    if place is None or copied.value == part.value or m.store.last_write(("heap", part.value.object_id)):
        return
    if not isinstance(old, EntityObject) or not isinstance(new, EntityObject):
        return
    if old.type_name == new.type_name and dict(old.attributes) == dict(new.attributes):
        m.state_objects.setdefault(copied.value.object_id, (place[0], place[1], -group))


def _fresh_object(m: Machine, value: Value) -> bool:
    """Whether a value is an object made in the query itself, which must be made once and keep its identity."""
    if isinstance(value, (TupleValue, Record)):
        return any(_fresh_object(m, item) for item in value.items)
    return isinstance(value, Ref) and value.object_id not in m.store.heap and value.object_id not in m.borrowed


def _collect(m: Machine, query: Query, part: ItemQuery, site: Site) -> Query:
    """Evaluate a query over one item, now."""
    start, outer, code, marks = m.store.copy(), m.buffer, len(m.buffer), m.mark_edges()
    found = elements_one_by_one(m, query)
    if found is not None:
        return items_query(tuple(found))
    item = _on_some_paths(m, query, part)
    if item is None:
        m.store, m.buffer = start, outer
        del outer[code:]
        m.forget_edges(marks)
        return materialise(m, query, site)
    return item


def elements_one_by_one(m: Machine, query: Query) -> list[Value] | None:
    """Visit a query, now, whose elements are there on all paths; None, and nothing has happened, where some are not."""
    found: list[Value] = []
    outer = m.buffer

    def visit(value: Value) -> None:
        if m.buffer is not outer:
            raise _Conditional
        found.append(value)

    start, code, marks = m.store.copy(), len(outer), m.mark_edges()
    try:
        query.iterate(m, visit)
    except _Conditional:
        m.store, m.buffer = start, outer
        del outer[code:]
        m.forget_edges(marks)
        return None
    return found


def _on_some_paths(m: Machine, query: Query, part: ItemQuery) -> ItemQuery | None:
    """Return the one element of a query, an entity or a constant, with the condition that it is there."""
    cell, depth = m.new_cell(Const(False)), len(m.loops)
    found: list[Value] = []

    def visit(value: Value) -> None:
        known = value == part.value or isinstance(value, Const) or (isinstance(value, Ref) and is_entity(m, value))
        found.append(value if known and len(m.loops) == depth else NONE)
        m.store.cells[cell] = Const(True)

    query.iterate(m, visit)
    flag = m.as_condition(m.truth(m.store.cells[cell]))
    if len(found) != 1 or found[0] == NONE or isinstance(flag, Const):
        return None
    return ItemQuery(found[0], m.temp(flag.expr))


class _Conditional(Exception):
    """An element is there on some paths only."""


def _injective(m: Machine, part: RowsQuery | None, value: Value) -> bool:
    """Whether different rows give different values: all attributes of the row are among what values are compared by.

    Rows that have been changed may have become equal.
    """
    from wc_engine.compile.stage.members import unchanged

    items = _compared_items(value)
    if part is None or items is None or not unchanged(m, part):
        return False
    entity_type = m.schema.type(part.type_name)
    names = {origin[1] for item in items if isinstance(item, Num) and (origin := m.origin_of(item.expr))}
    return entity_type is not None and names >= set(entity_type.attribute_names)


def _compared_items(value: Value) -> tuple[Value, ...] | None:
    """The parts of a value that are equal in equal values: the items of a tuple, and what a record is hashed by."""
    if isinstance(value, TupleValue) or (isinstance(value, Record) and value.cls.is_tuple):
        return value.items
    names = told_apart_by(value.cls) if isinstance(value, Record) else None
    if names is None or not isinstance(value, Record):
        return None
    return tuple(item for name, item in zip(value.names, value.items, strict=True) if name in names)


def comprehension(
    m: Machine, node: ast.ListComp | ast.SetComp | ast.DictComp, query: ComprehensionQuery
) -> tuple[Query, bool]:
    """Return the elements of a comprehension as they are at this moment, and whether they are distinct."""
    if len(node.generators) > 1:
        return lazy(m, lambda _: query, query, site_of(node))
    made = lazy(m, lambda part: replace(query, source=part), query.source, site_of(node))
    from wc_engine.compile.stage.remembered import note_mapped

    note_mapped(m, made[0], query)
    return made
