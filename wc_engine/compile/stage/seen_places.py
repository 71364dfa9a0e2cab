"""Which cells of the grid the elements of a set in memory stand in: an entity in another one is certainly new.

Whether an element is in a set is asked for each one that is put in. To compare it with all that are there takes a
hundred steps in a room with walls around it. A bit for each cell tells in one step that nothing there can be equal::

    if seen[y & 15] >> (x & 63) & 1 and any(other == element for other in table): continue
    seen[y & 15] |= 1 << (x & 63)
    table.append(element)

Each type of entities has bits of its own: a box never equals a target. Cells that differ by a multiple of 64, or of the
number of values of y, share a bit, which then only costs the comparisons. What is no entity with whole numbers for a
position makes the bits worthless for all that comes behind it: 2.0 equals 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Expr, Kind, ListArray, Lit, Load, Loop, Op, Store
from wc_engine.compile.stage.entities import get_attribute, has_attribute, is_entity, type_of
from wc_engine.compile.stage.logic import both, either, invert
from wc_engine.compile.stage.operators import as_int, as_number
from wc_engine.compile.stage.values import NONE, Const, Finite, Num, Union, Value, boolean
from wc_engine.state.schema import IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["SeenPlaces", "may_be_many"]

_BITS = Lit(63, Kind.INT)
_ONE = Lit(1, Kind.INT)


def may_be_many(m: Machine, list_id: int) -> bool:
    """Whether a list in memory may hold more than a few entities: then comparing each with all others takes long."""
    types = [one for one in m.schema.types if one.name in m.tables_at_run_time.kinds(list_id)]
    return any(one.places is None or m.is_static(one.name) for one in types)


class SeenPlaces:
    """The cells of the elements of one set while it is filled.

    Args:
        m: the machine.
        site: the place of the set, for the memory of the bits.
    """

    def __init__(self, m: Machine, site: tuple[int, int]) -> None:
        self._m = m
        domains = [domain for one in m.schema.types if isinstance(domain := one.domain("y"), IntDomain)]
        self._lines = min(64, 1 << (max((one.size for one in domains), default=1) - 1).bit_length())
        self._planes = {one.name: self._lines * (place + 1) for place, one in enumerate(m.schema.types)}
        size = self._lines * (len(self._planes) + 1)
        self._rows = ListArray(m.tables_at_run_time.create(site), 0, size, Kind.INT)
        self._blind = m.new_cell(Const(False))
        variable = m.new_var(Kind.INT, "i")
        code = [Store(self._rows, variable, ZERO)]
        m.emit(Loop(m.new_label("loop"), variable, Lit(size, Kind.INT), list(code)))

    def add(self, element: Value) -> Num | Const:
        """Note an element; return whether nothing that was noted before can equal it."""
        m = self._m
        plane = self._plane(element)
        place = [self._coordinate(element, name) for name in ("x", "y")]
        if place[0] is None or place[1] is None:
            m.store.cells[self._blind] = Const(True)
            return Const(False)
        (x, no_x), (y, no_y) = place[0], place[1]
        somewhere = m.as_condition(invert(m, either(m, no_x, no_y)))
        line = Op("and_", (y, Lit(self._lines - 1, Kind.INT)), Kind.INT)
        row = m.temp(line if plane == ZERO else Op("add", (plane, line), Kind.INT))
        bit = m.temp(Op("shift_left", (_ONE, Op("and_", (x, _BITS), Kind.INT)), Kind.INT))
        bits = m.temp(Load(self._rows, row, Kind.INT))
        clear = boolean(Op("eq", (Op("and_", (bits, bit), Kind.INT), ZERO), Kind.BOOL))
        m.emit(Store(self._rows, row, Op("or_", (bits, bit), Kind.INT)))
        blind = m.store.cells[self._blind]
        assert isinstance(blind, (Num, Const, Finite))
        return both(m, both(m, somewhere, clear), invert(m, blind))

    def _plane(self, element: Value) -> Expr:
        """Where the bits of an element's type begin."""
        m = self._m
        options = element.options if isinstance(element, Union) else (element,)
        starts = [self._planes.get(type_of(m, option), 0) if is_entity(m, option) else 0 for option in options]
        if isinstance(element, Union):
            return m.temp(m.new_templates().remap(element.tag, starts))
        return Lit(starts[0], Kind.INT)

    def _coordinate(self, element: Value, name: str) -> tuple[Expr, Num | Const | Finite] | None:
        """Return (the coordinate, whether it is None), or None where it may be anything else."""
        m = self._m
        options = element.options if isinstance(element, Union) else (element,)
        if not all(is_entity(m, option) and has_attribute(m, option, name) == Const(True) for option in options):
            return None
        value = m.dispatch(element, lambda option: get_attribute(m, option, name))
        kinds = value.options if isinstance(value, Union) else (value,)
        if not all(option == NONE or _is_whole(m, option) for option in kinds):
            return None
        if not isinstance(value, Union):
            return (ZERO, Const(True)) if value == NONE else (_number(m, value).expr, Const(False))
        nothing = m.as_condition(Finite(value.tag, tuple(option == NONE for option in kinds)))
        number = m.dispatch(value, lambda option: Const(0) if option == NONE else _number(m, option))
        return m.temp(_number(m, number).expr), nothing


def _is_whole(m: Machine, value: Value) -> bool:
    number = as_number(m, value)
    return number is not None and number.kind is not Kind.FLOAT


def _number(m: Machine, value: Value) -> Num:
    number = as_number(m, value)
    assert number is not None
    return as_int(number)
