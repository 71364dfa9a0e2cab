"""The values of a dict as parts: all rows of a type that never changes stay known as such where nothing hides one.

``{(e.x, e.y): e for e in state}`` has a run of items for each type. Of a set made of its values, the walls are all
walls again, unless another item has the key of a wall. That none has is guarded: a lookup for each of the others, in
place of a visit of every wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.stage.association_entries import content_of, pair_of
from wc_engine.compile.stage.association_items import AssociationQuery
from wc_engine.compile.stage.associations import observe, present
from wc_engine.compile.stage.heap_objects import AssociationObject, Dropped, Entries, Entry
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.queries import Query, RowsQuery, concat
from wc_engine.compile.stage.values import Ref, Value, boolean

if TYPE_CHECKING:
    from collections.abc import Callable

    from wc_engine.compile.stage.machine import Machine

__all__ = ["view"]


@dataclass(frozen=True, eq=False, slots=True)
class _Unchanged:
    """No element; whoever visits it finds the dict as it was when its parts were told apart."""

    ref: Ref
    entries: tuple[Entry, ...]

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        if content_of(m, self.ref).entries != self.entries:
            m.unsupported("a view of a dict is visited after that has changed")


def view(m: Machine, ref: Ref, part: str) -> Query:
    """Return the keys, values or items of a dict whose keys depend on the state."""
    content = content_of(m, ref)
    whole = _whole_runs(m, content) if part == "values" else {}
    if not whole:
        return AssociationQuery(ref, part)
    observe(m, ref)
    m.assumed = True
    for place, (run, _) in whole.items():
        for other, entry in enumerate(content.entries):
            # Of two such runs, one looks for the keys of the other; what was taken out before says nothing.
            if other != place and not (other in whole and other < place) and not (other < place and _drops(entry)):
                _guard_apart(m, run, entry)
    parts: list[Query] = [_Unchanged(ref, content.entries)]
    for place in range(len(content.entries)):
        parts.append(whole[place][1] if place in whole else AssociationQuery(ref, part, place, frozenset(whole)))
    return concat(*parts)


def _drops(entry: Entry) -> bool:
    return isinstance(entry, Dropped)


def _whole_runs(m: Machine, content: AssociationObject) -> dict[int, tuple[Entries, RowsQuery]]:
    """Return the runs that are all rows of a type that never changes, by place."""
    if content.group or not m.plan.assumptions.optimistic:
        return {}
    return {
        place: (entry, entry.whole)
        for place, entry in enumerate(content.entries)
        if isinstance(entry, Entries)
        and entry.apart
        and entry.key is None
        and isinstance(entry.whole, RowsQuery)
        and not entry.whole.is_shorter
        and m.is_static(entry.whole.type_name)
    }


def _guard_apart(m: Machine, run: Entries, entry: Entry) -> None:
    """End the step unless no key of an entry is one of a run."""
    if isinstance(entry, Entries):
        entry.pairs.iterate(m, lambda pair: _guard_missing(m, run, pair_of(m, pair)[0]))
    else:
        m.when(boolean(entry.condition), lambda: _guard_missing(m, run, entry.key))


def _guard_missing(m: Machine, run: Entries, key: Value) -> None:
    m.guard(m.as_condition(invert(m, present(m, (run,), key))), STATUS_OUT_OF_RANGE)
