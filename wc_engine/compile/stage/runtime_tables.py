"""Lists that grow at run time: their elements lie in scratch memory, one array for each leaf of their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import Assign, Expr, Kind, ListArray, Lit, Load, Op, Store
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.shapes import (
    EntityShape,
    RowShape,
    Shape,
    join_shapes,
    leaf_kinds,
    leaves_of,
    shape_of,
    value_of,
)
from wc_engine.compile.stage.values import Num, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["RuntimeTables"]

_STATUS_OUT_OF_SCRATCH = 5


class RuntimeTables:
    """The runtime lists of one staging run.

    A list belongs to the place in the source where it is made; its shape is what all the values ever appended to it
    have in common, found by staging again when a value does not fit.
    """

    def __init__(self, m: Machine) -> None:
        self._m = m
        self._shapes: dict[int, tuple[tuple[int, int], Shape | None]] = {}

    def create(self, site: tuple[int, int]) -> int:
        """Return the number of a new list made at ``site`` (line, column)."""
        shapes = dict(self._m.plan.run_time_lists)
        list_id = len(self._shapes)
        self._shapes[list_id] = (site, shapes.get(site))
        return list_id

    def kind(self, list_id: int) -> str:
        """Return the entity type of a list's elements, or "" where they are no entities, or of several types."""
        shape = self._shapes[list_id][1]
        return shape.type_name if isinstance(shape, (EntityShape, RowShape)) else ""

    def append(self, list_id: int, count: Expr, value: Value) -> Expr:
        """Emit code that stores ``value`` behind the last element; return the new number of elements."""
        m = self._m
        site, shape = self._shapes[list_id]
        leaves = leaves_of(m, shape, value) if shape is not None else None
        if shape is None or leaves is None:
            new = shape_of(m, value)
            joined = new if shape is None else join_shapes(shape, new)
            if joined == shape:
                m.unsupported("a list that grows at run time cannot hold this kind of value")
            raise Restart(m.plan.with_run_time_list(site, joined))
        room = Op("lt", (count, Lit(m.plan.capacity, Kind.INT)), Kind.BOOL)
        m.guard(Num(room, 0, 1), _STATUS_OUT_OF_SCRATCH)
        for place, leaf in enumerate(leaves):
            m.emit(Store(ListArray(list_id, place, m.plan.capacity, leaf.kind), count, leaf))
        return m.temp(Op("add", (count, Lit(1, Kind.INT)), Kind.INT), "n")

    def load(self, list_id: int, index: Expr) -> Value:
        """Emit code that reads the element at ``index``, which must be in range."""
        m = self._m
        _, shape = self._shapes[list_id]
        if shape is None:
            # Nothing is ever appended, so nothing is ever read: any value will do.
            return Num(Lit(0, Kind.INT), 0, 0)
        kinds = list(leaf_kinds(shape))
        places = iter(range(len(kinds)))

        def read(kind: Kind) -> Expr:
            variable = m.new_var(kind, "e")
            m.emit(Assign(variable, Load(ListArray(list_id, next(places), m.plan.capacity, kind), index, kind)))
            return variable

        return value_of(m, shape, read)

    def store(self, list_id: int, index: Expr, value: Value) -> None:
        """Emit code that replaces the element at ``index``, which must be in range."""
        m = self._m
        site, shape = self._shapes[list_id]
        if shape is None:
            m.unsupported("an element of an empty list is assigned")
        leaves = leaves_of(m, shape, value)
        if leaves is None:
            raise Restart(m.plan.with_run_time_list(site, join_shapes(shape, shape_of(m, value))))
        for place, leaf in enumerate(leaves):
            m.emit(Store(ListArray(list_id, place, m.plan.capacity, leaf.kind), index, leaf))
