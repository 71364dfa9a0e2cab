"""Where a key lies among the elements of a set or dict in memory: a small hash table beside them.

``visited.add((x, y))`` and ``if (x, y) in visited`` in a search that goes from cell to cell would compare each position
with all that were met before. Keys made of ints have a place in a table of words instead, told by their low bits; a
word holds one more than the place of an element, or 0, and where another key has it, the next one is looked at::

    slot = (x & 15) << 4 | (y & 15)
    while index[slot] and keys[index[slot] - 1] != (x, y): slot = (slot + 1) & 255
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Expr, Kind, ListArray, Lit, Load, Loop, Op, Store
from wc_engine.compile.stage.equality import Condition, equal
from wc_engine.compile.stage.logic import both, either
from wc_engine.compile.stage.machine import STATUS_OUT_OF_SCRATCH
from wc_engine.compile.stage.operators import as_int, as_number
from wc_engine.compile.stage.queries import Query, TableQuery, concat, is_clear, parts_of
from wc_engine.compile.stage.shapes import NumShape, Shape, TupleShape
from wc_engine.compile.stage.values import Const, Num, TupleValue, Value, boolean
from wc_engine.state.schema import IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = ["KeyIndex", "Slot", "index_of", "note", "place_of", "renew", "slot_of"]

_MOST_BITS, _LEAST_BITS = 12, 8
_ONE = Lit(1, Kind.INT)


@dataclass(frozen=True, slots=True)
class KeyIndex:
    """The index of one list of distinct keys.

    Attributes:
        array: its words.
        bits: how many low bits of each of a key's numbers count.
        of_pairs: the elements are pairs, whose first items are the keys.
    """

    array: ListArray
    bits: tuple[int, ...]
    of_pairs: bool

    @property
    def size(self) -> int:
        """The number of words."""
        return self.array.capacity


def index_of(m: Machine, table: TableQuery, site: tuple[int, int], *, of_pairs: bool = False) -> None:
    """Give a list of distinct elements an index, where its keys are ints or tuples of some, and note it.

    Args:
        site: a place for it among the lists in memory.
    """
    shape = m.tables_at_run_time.shape(table.list_id)
    if of_pairs and isinstance(shape, TupleShape) and len(shape.items) == 2:
        shape = shape.items[0]
    number = _numbers(shape)
    if number is None:
        return
    bits = _bits(m, number)
    size = 1 << sum(bits)
    if size < 2 * m.plan.capacity:
        return
    array = ListArray(m.tables_at_run_time.create(site), 0, size, Kind.INT)
    index = KeyIndex(array, bits, of_pairs)
    m.key_indices[table.list_id] = index
    _fill(m, table, index)


def has_index(m: Machine, table: TableQuery, site: tuple[int, int]) -> bool:
    """Give an empty list an index, where it can have one; return whether it has."""
    index_of(m, table, site)
    return table.list_id in m.key_indices


def _numbers(shape: Shape | None) -> int | None:
    """How many ints a key is made of; None where it is something else."""
    items = shape.items if isinstance(shape, TupleShape) else (shape,)
    ints = all(isinstance(item, NumShape) and item.kind is Kind.INT for item in items)
    return len(items) if ints and 1 <= len(items) <= 3 else None


def _bits(m: Machine, number: int) -> tuple[int, ...]:
    """The bits of each number: for positions as many as the coordinates of the schema have."""
    if number == 1:
        return (_LEAST_BITS,)
    domains = [one.domain(name) for one in m.schema.types for name in ("x", "y")]
    most = max((domain.high for domain in domains if isinstance(domain, IntDomain)), default=0)
    wanted = max(most + 2, 2 * m.plan.capacity >> 5, 8).bit_length()
    own = min(wanted, _MOST_BITS // number)
    return tuple(own for _ in range(number))


def key_in(index: KeyIndex, element: Value) -> Value:
    """The key of an element."""
    if not index.of_pairs:
        return element
    if isinstance(element, TupleValue):
        return element.items[0]
    assert isinstance(element, Const)
    return Const(element.value[0])


def _start_of(m: Machine, index: KeyIndex, key: Value) -> Expr | None:
    """Where the search for a key begins; None for what is not made of as many ints."""
    items: tuple[Value, ...] = (key,)
    if isinstance(key, TupleValue):
        items = key.items
    elif isinstance(key, Const) and isinstance(key.value, tuple):
        items = tuple(map(Const, key.value))
    numbers = [as_number(m, item) for item in items]
    if len(numbers) != len(index.bits):
        return None
    slot: Expr = ZERO
    for number, bits in zip(numbers, index.bits, strict=True):
        if number is None or number.kind is Kind.FLOAT:
            return None
        low = Op("and_", (as_int(number).expr, Lit((1 << bits) - 1, Kind.INT)), Kind.INT)
        shifted = Op("shift_left", (slot, Lit(bits, Kind.INT)), Kind.INT)
        slot = low if slot == ZERO else Op("or_", (shifted, low), Kind.INT)
    return m.temp(slot)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the search for a key ended.

    Attributes:
        index: the index.
        number: the slot that holds the key's place, or would.
        place: the place, or -1.
    """

    index: KeyIndex
    number: Expr
    place: Num | Const


def place_of(m: Machine, table: TableQuery, key: Value) -> Num | Const | None:
    """Return the place of a key in a list with an index, or -1; None where only a visit of the list can tell."""
    slot = slot_of(m, table, key)
    return None if slot is None else slot.place


def slot_of(m: Machine, table: TableQuery, key: Value) -> Slot | None:
    """Return where the search for a key in a list with an index ends; None where only a visit of the list can tell."""
    index = m.key_indices.get(table.list_id)
    start = None if index is None else _start_of(m, index, key)
    if index is None or start is None:
        return None
    last = Lit(index.size - 1, Kind.INT)

    def search(handle: BlockHandle) -> Value:
        variable = m.new_var(Kind.INT, "i")

        def visit() -> None:
            slot = m.temp(Op("and_", (Op("add", (start, variable), Kind.INT), last), Kind.INT))
            held = m.temp(Load(index.array, slot, Kind.INT))
            empty = boolean(Op("eq", (held, ZERO), Kind.BOOL))
            m.when(empty, lambda: m.leave(handle, TupleValue((Num(slot), Const(-1)))))
            place = m.temp(Op("sub", (held, _ONE), Kind.INT))
            same = equal(m, key_in(index, m.tables_at_run_time.load(table.list_id, place)), key)
            m.when(same, lambda: m.leave(handle, TupleValue((Num(slot), Num(place, 0, 2**31)))))

        m.loop(lambda label, code: Loop(label, variable, Lit(index.size, Kind.INT), code), visit)
        m.fail(STATUS_OUT_OF_SCRATCH)  # there are more slots than elements

    found = m.block("slot", search)
    assert isinstance(found, TupleValue)
    slot, place = found.items
    assert isinstance(slot, Num)
    assert isinstance(place, (Num, Const))
    return Slot(index, slot.expr, place)


def in_indexed(m: Machine, content: Query, key: Value) -> tuple[Condition, Query]:
    """Return whether a key is in the parts of a set that have an index, and the other parts."""
    found: Condition = Const(False)
    rest: list[Query] = []
    for part in parts_of(content):
        place = place_of(m, part, key) if isinstance(part, TableQuery) else None
        if place is None or not isinstance(part, TableQuery):
            rest.append(part)
        else:
            found = either(m, found, is_at(m, part, place))
    return found, concat(*rest)


def is_at(m: Machine, table: TableQuery, place: Num | Const) -> Condition:
    """Whether there is an element at a place that an index told.

    A set that shares its memory with a longer one has no part in what lies there beyond its own end.
    """
    number = m.int_expr(place)
    within = both(m, boolean(Op("ge", (number, ZERO), Kind.BOOL)), boolean(Op("lt", (number, table.count), Kind.BOOL)))
    return both(m, within, boolean(is_clear(table.taken, number)))


def note(m: Machine, slot: Slot | None, place: Expr) -> None:
    """Put the place of a key into the slot where the search for it ended."""
    if slot is not None:
        m.emit(Store(slot.index.array, slot.number, Op("add", (place, _ONE), Kind.INT)))


def renew(m: Machine, table: TableQuery) -> None:
    """Put all elements of a list in its index again, where it has one: some have other places now, or are gone."""
    index = m.key_indices.get(table.list_id)
    if index is not None:
        _fill(m, table, index)


def _fill(m: Machine, table: TableQuery, index: KeyIndex) -> None:
    variable = m.new_var(Kind.INT, "i")
    m.emit(Loop(m.new_label("loop"), variable, Lit(index.size, Kind.INT), [Store(index.array, variable, ZERO)]))
    table.visit_places(m, lambda place, element: note(m, slot_of(m, table, key_in(index, element)), place))
