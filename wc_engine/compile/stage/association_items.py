"""The items of dicts whose keys depend on the state: each key once, where it came first, with its last value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.stage.equality import Condition
from wc_engine.compile.stage.heap_objects import Assigned, AssociationObject, Dropped, Entries
from wc_engine.compile.stage.logic import both, invert
from wc_engine.compile.stage.operators import arithmetic, as_number
from wc_engine.compile.stage.ordering import compare_numbers
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    ClassValue,
    Const,
    Finite,
    Num,
    Ref,
    TupleValue,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

from wc_engine.compile.stage.association_entries import content_of, pair_of, same_key
from wc_engine.compile.stage.association_groups import grouped
from wc_engine.compile.stage.associations import find, is_missing, observe, present

__all__ = ["AssociationQuery"]


@dataclass(frozen=True, eq=False, slots=True)
class AssociationQuery:
    """The keys, values or items of a dict: in the order in which the keys were first put in, with their last values.

    Attributes:
        ref: the dict.
        part: ``"keys"``, ``"values"`` or ``"items"``.
        only: the place of the one entry that is visited; None for all.
        apart: places of entries with which no other one shares a key.
    """

    ref: Ref
    part: str
    only: int | None = None
    apart: frozenset[int] = frozenset()

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        observe(m, self.ref)
        content = content_of(m, self.ref)
        for place, entry in enumerate(content.entries):
            if self.only not in (None, place):
                continue
            if isinstance(entry, Assigned):
                self._item(m, content, place, (entry.key, entry.value), boolean(entry.condition), body)
            elif isinstance(entry, Entries):
                self._run(m, content, place, entry, body)

    def _run(
        self, m: Machine, content: AssociationObject, place: int, entry: Entries, body: Callable[[Value], None]
    ) -> None:
        if isinstance(entry.key, (Const, ClassValue)):
            there = present(m, (entry,), entry.key)
            self._item(m, content, place, (entry.key, NONE), there, body)
            return
        position = m.new_cell(Const(0))

        def visit(element: Value) -> None:
            key, value = pair_of(m, element)
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
        shared = [None if spot in self.apart else entry for spot, entry in enumerate(content.entries)]
        before = tuple(entry for entry in shared[:place] if entry is not None)
        after = tuple(entry for entry in shared[place + 1 :] if entry is not None)
        own = content.entries[place]
        # What is at hand is what the dict holds, unless a later item has its key; of a run with one key, nothing is.
        alone = isinstance(own, Assigned) or (isinstance(own, Entries) and own.apart and own.key is None)
        last = after if alone else (own, *after)
        for later in after:
            if isinstance(later, Dropped):
                gone = both(m, boolean(later.condition), same_key(m, later.key, key))
                there = both(m, there, invert(m, gone))

        def visit() -> None:
            if self.part == "keys":
                body(key)
                return
            if content.group:
                found = grouped(m, self.ref, key)
            else:
                found = _or_else(m, find(m, last, key) if last else UNBOUND, value)
            body(found if self.part == "values" else TupleValue((key, found)))

        m.when(there, lambda: m.when(invert(m, present(m, before, key)), visit))


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
            m.when(both(m, before, same_key(m, pair_of(m, element)[0], key)), lambda: m.leave(handle, Const(True)))
            m.store.cells[position] = arithmetic(m, "add", m.store.cells[position], Const(1), bounded=True)

        entry.pairs.iterate(m, visit)
        return Const(False)

    result = m.block("earlier", run)
    assert isinstance(result, (Num, Const, Finite))
    return result
