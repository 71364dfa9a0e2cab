"""Lists that grow at run time: their elements lie in scratch memory, one array for each leaf of their shape."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Assign, Expr, Kind, ListArray, Lit, Load, Op, Store
from wc_engine.compile.stage.heap_objects import EntityObject, SeqObject
from wc_engine.compile.stage.queries import TableQuery, parts_of
from wc_engine.compile.stage.shapes import (
    EntityShape,
    ReferenceShape,
    RowShape,
    Shape,
    UnionShape,
    has_too_many_references,
    is_list_shape,
    is_plain_shape,
    join_shapes,
    leaf_kinds,
    leaves_of,
    pools_in,
    shape_of,
    value_of,
)
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.values import Const, Num, Ref, TupleValue, Union, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["STATUS_OUT_OF_SCRATCH", "RuntimeTables"]

STATUS_OUT_OF_SCRATCH = 5


class RuntimeTables:
    """The runtime lists of one staging run.

    A list belongs to the place in the source where it is made; its shape is what all the values ever appended to it
    have in common, found by staging again when a value does not fit.
    """

    def __init__(self, m: Machine) -> None:
        self._m = m
        self._owners: dict[int, int] = {}
        self._shapes: dict[int, tuple[tuple[int, int], Shape | None]] = {}
        self._pools: dict[tuple[int, int], int] = {}
        self._ends: dict[int, int] = {}

    def create(self, site: tuple[int, int]) -> int:
        """Return the number of a new list made at ``site`` (line, column)."""
        shapes = dict(self._m.plan.run_time_lists)
        list_id = len(self._shapes)
        self._shapes[list_id] = (site, self._m.learned.get(site, shapes.get(site)))
        return list_id

    def site_of(self, list_id: int) -> tuple[int, int]:
        """Return the place that a list or pool belongs to."""
        return self._shapes[list_id][0]

    def open_pools(self) -> None:
        """Make all pools that the lists of the plan know of: what ends in each is the same thing on all paths."""
        for _, shape in self._m.plan.run_time_lists:
            for place in pools_in(shape):
                self.pool(place)

    def pool(self, site: tuple[int, int]) -> int:
        """Return the number of the pool of a place: all lists that lie in lists made there share it."""
        list_id = self._pools.get(site)
        if list_id is None:
            list_id = self._pools[site] = self.create(site)
            self._ends[list_id] = self._m.new_cell(Const(0))
            self._m.hidden_cells.add(self._ends[list_id])
            self._m.lasting_cells.add(self._ends[list_id])
        return list_id

    def into_pool(self, ref: Ref, content: SeqObject, site: tuple[int, int]) -> StretchQuery:
        """Let the elements of a list lie in the pool of a place; whoever holds the list finds them there."""
        m = self._m
        list_id = self.pool(site)
        cell = self._ends[list_id]
        start = m.temp(m.int_expr(m.store.cells.get(cell, Const(0))))

        from wc_engine.compile.stage.places import known_size

        size = known_size(m, content.content)
        if size is not None:
            last = m.temp(Op("add", (start, size), Kind.INT))
            room = Op("le", (last, Lit(self._capacity(list_id), Kind.INT)), Kind.BOOL)
            m.guard(Num(room, 0, 1), STATUS_OUT_OF_SCRATCH)

        def put(element: Value) -> None:
            count = m.int_expr(m.store.cells.get(cell, Const(0)))
            m.store.cells[cell] = Num(self.append(list_id, count, element, has_room=size is not None))

        content.content.iterate(m, put)
        end = m.int_expr(m.store.cells.get(cell, Const(0)))
        place = StretchQuery(list_id, start, m.temp(Op("sub", (end, start), Kind.INT), "n"))
        m.store.heap[ref.object_id] = replace(content, content=place)
        return place

    @property
    def number(self) -> int:
        """How many lists there are so far: those made later have this number or a higher one."""
        return len(self._shapes)

    def shape(self, list_id: int) -> Shape | None:
        """Return what is known of a list's elements; None where nothing was put in yet."""
        return self._shapes[list_id][1]

    def claim(self, ref: Ref, table: TableQuery) -> None:
        """Let a list be the one that grows in its memory: what others see of it lies before."""
        m = self._m
        if table.list_id in m.iterated:
            m.unsupported("a list grows while something goes through it")
        owner = self._owners.setdefault(table.list_id, ref.object_id)
        if owner != ref.object_id:
            for object_id in (owner, ref.object_id):
                site = m.births.get(object_id, ((0, 0), ()))[0]
                if site != (0, 0) and not m.plan.in_memory(site):
                    m.in_memory(site, "")
            m.unsupported("two lists that share their memory grow")
        if m.store.last_write(("popped", table.list_id)):
            m.note_write(("table", table.list_id))

    def unshare(self, ref: Ref, table: TableQuery, *, resized: bool) -> TableQuery:
        """Return a list's memory for writing; what else lies in it gets memory of its own from the start.

        Args:
            resized: the list gets another length, which what goes through it would notice.
        """
        m = self._m
        for object_id, other in m.store.heap.items():
            if object_id == ref.object_id or not isinstance(other, SeqObject):
                continue
            if any(isinstance(part, TableQuery) and part.list_id == table.list_id for part in parts_of(other.content)):
                site = m.births.get(object_id, ((0, 0), ()))[0]
                m.in_memory(site, "a list is changed that shares its memory with another one")
        if resized and table.list_id in m.iterated:
            m.unsupported("a list is changed while something goes through it")
        return table

    def kinds(self, list_id: int) -> set[str]:
        """Return the entity types of a list's elements, and "" where some are no entities."""
        return {
            shape.type_name if isinstance(shape, (EntityShape, ReferenceShape, RowShape)) else ""
            for shape in self._options(list_id)
        }

    def rows(self, list_id: int) -> set[tuple[int, str]]:
        """Return the (world, type) whose rows may be among a list's elements."""
        return {(shape.world, shape.type_name) for shape in self._options(list_id) if isinstance(shape, RowShape)}

    def references(self, list_id: int) -> list[int]:
        """Return the numbers of the objects that may be among a list's elements, themselves."""
        keys = {shape.key for shape in self._options(list_id) if isinstance(shape, ReferenceShape)}
        return [number for number, key in self._m.made_once.items() if key in keys]

    def _options(self, list_id: int) -> tuple[Shape, ...]:
        shape = self._shapes[list_id][1]
        return () if shape is None else shape.options if isinstance(shape, UnionShape) else (shape,)

    def with_pools(self, list_id: int) -> list[int]:
        """Return a list, the pools of the lists in it, and of those in these."""
        result = [list_id]
        for known in result:
            inner = [self.pool(site) for option in self._options(known) for site in pools_in(option)]
            result += [pool for pool in inner if pool not in result]
        return result

    def holds_plain(self, list_id: int) -> bool:
        """Whether the elements of a list are numbers and other things without identity."""
        return all(map(is_plain_shape, self._options(list_id)))

    def holds_lists(self, list_id: int) -> bool:
        """Whether all elements of a list are lists in one pool, of plain things."""
        (option, *others) = self._options(list_id) or (None,)
        pool = next(pools_in(option), None)
        return not others and pool is not None and is_list_shape(option) and self.holds_plain(self.pool(pool))

    def append(self, list_id: int, count: Expr, value: Value, *, has_room: bool = False) -> Expr:
        """Emit code that stores ``value`` behind the last element; return the new number of elements.

        Args:
            has_room: that there is room was made sure of.
        """
        m = self._m
        leaves = self._leaves(list_id, value)
        room = Op("lt", (count, Lit(self._capacity(list_id), Kind.INT)), Kind.BOOL)
        if not has_room:
            m.guard(Num(room, 0, 1), STATUS_OUT_OF_SCRATCH)
        for place, leaf in enumerate(leaves):
            m.emit(Store(ListArray(list_id, place, self._capacity(list_id), leaf.kind), count, leaf))
        _freeze(m, value)
        return m.temp(Op("add", (count, Lit(1, Kind.INT)), Kind.INT), "n")

    def load(self, list_id: int, index: Expr) -> Value:
        """Emit code that reads the element at ``index``, which must be in range."""
        m = self._m
        m.note_read(("table", list_id))
        _, shape = self._shapes[list_id]
        if shape is None:
            # Nothing is ever appended, so nothing is ever read: any value will do.
            return Num(Lit(0, Kind.INT), 0, 0)
        kinds = list(leaf_kinds(shape))
        places = iter(range(len(kinds)))

        def read(kind: Kind) -> Expr:
            variable = m.new_var(kind, "e")
            m.emit(Assign(variable, Load(ListArray(list_id, next(places), self._capacity(list_id), kind), index, kind)))
            return variable

        return value_of(m, shape, read)

    def take(self, list_id: int, index: Expr) -> list[Expr]:
        """Emit code that reads the leaves of the element at ``index``."""
        m = self._m
        _, shape = self._shapes[list_id]
        kinds = list(leaf_kinds(shape)) if shape is not None else []
        return [
            m.temp(Load(ListArray(list_id, place, self._capacity(list_id), kind), index, kind), "e")
            for place, kind in enumerate(kinds)
        ]

    def put(self, list_id: int, index: Expr, leaves: list[Expr]) -> None:
        """Emit code that writes leaves that ``take`` read."""
        m = self._m
        for place, leaf in enumerate(leaves):
            m.emit(Store(ListArray(list_id, place, self._capacity(list_id), leaf.kind), index, leaf))
        m.note_write(("table", list_id))

    def store(self, list_id: int, index: Expr, value: Value) -> None:
        """Emit code that replaces the element at ``index``, which must be in range."""
        m = self._m
        for place, leaf in enumerate(self._leaves(list_id, value)):
            m.emit(Store(ListArray(list_id, place, self._capacity(list_id), leaf.kind), index, leaf))
        m.note_write(("table", list_id))

    def move(self, list_id: int, target: Expr, source: Expr) -> None:
        """Emit code that copies the element at ``source`` to ``target``; both must be in range."""
        m = self._m
        _, shape = self._shapes[list_id]
        for place, kind in enumerate(leaf_kinds(shape) if shape is not None else ()):
            array = ListArray(list_id, place, self._capacity(list_id), kind)
            m.emit(Store(array, target, m.temp(Load(array, source, kind), "e")))
        m.note_write(("table", list_id))

    def _leaves(self, list_id: int, value: Value) -> list[Expr]:
        """Return the leaves of a value in a list's shape, which is widened where it does not fit.

        What is staged after that is for nothing, but for what it tells of shapes; then staging starts again.
        """
        m = self._m
        site, shape = self._shapes[list_id]
        value = self._with_pooled(m.narrowed(value), (site[0], site[1] - _POOL))
        _freeze(m, value)
        leaves = leaves_of(m, shape, value) if shape is not None else None
        if leaves is not None:
            return leaves
        new = shape_of(m, value)
        joined = new if shape is None else join_shapes(shape, new)
        leaves = leaves_of(m, joined, value)
        if joined == shape or leaves is None or has_too_many_references(joined):
            m.unsupported("a list that grows at run time cannot hold this kind of value")
        known = m.learned.get(site)
        m.learned[site] = joined if known is None else join_shapes(known, joined)
        self._shapes[list_id] = (site, m.learned[site])
        return leaves

    def _with_pooled(self, value: Value, site: tuple[int, int]) -> Value:
        """Return a value with the lists in it in a pool."""
        m = self._m
        if isinstance(value, TupleValue):
            return TupleValue(tuple(self._with_pooled(item, site) for item in value.items))
        if isinstance(value, Union) and all(_is_list(m, option) for option in value.options):
            return self._one_of(value, site)
        if isinstance(value, Ref) and _is_list(m, value):
            content = m.object(value)
            assert isinstance(content, SeqObject)
            if not isinstance(content.content, StretchQuery):
                self.into_pool(value, content, site)
        return value

    def _one_of(self, value: Union, site: tuple[int, int]) -> Value:
        """Return whichever list a union is by one name, by which what lies in the pool is reached on all paths."""
        m = self._m
        kinds: set[tuple[str, int]] = set()

        def place_of(option: Value) -> Value:
            assert isinstance(option, Ref)
            self._with_pooled(option, site)
            content = m.object(option)
            assert isinstance(content, SeqObject)
            assert isinstance(content.content, StretchQuery)
            place = content.content
            kinds.add((content.kind, place.list_id))
            return TupleValue((Num(place.start, 0, _MANY), Num(place.count, 0, _MANY)))

        joined = m.dispatch(value, place_of)
        if len(kinds) != 1 or not isinstance(joined, TupleValue):
            m.unsupported("a list that grows at run time cannot hold one of several lists")
        start, count = map(m.int_expr, joined.items)
        (kind, list_id) = next(iter(kinds))
        return m.new_object(SeqObject(kind, StretchQuery(list_id, start, count)))

    def _capacity(self, list_id: int) -> int:
        """How many elements there is room for."""
        return self._m.plan.capacity * (_POOLED if list_id in self._ends else 1)


_MANY = 2**31
_POOLED = 16
"""Lists as long as the longest can be that there is room for in a pool: what is put in another place stays there."""
_POOL = 20_000_000


def _is_list(m: Machine, value: Value) -> bool:
    """Whether a value is a list, tuple or text that can lie in a pool."""
    content = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    return isinstance(content, SeqObject) and content.kind in ("list", "tuple", "str")


def _freeze(m: Machine, value: Value) -> None:
    """Note that new entities lie in memory, by value: from now on a change of theirs would be missed there."""
    if isinstance(value, (Union, TupleValue)):
        for inner in value.options if isinstance(value, Union) else value.items:
            _freeze(m, inner)
    if isinstance(value, Ref) and value.object_id in m.made_once:
        return
    content = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    if isinstance(value, Ref) and isinstance(content, EntityObject) and not content.frozen:
        m.store.heap[value.object_id] = replace(content, frozen=True)
        for _, item in content.attributes:
            _freeze(m, item)
