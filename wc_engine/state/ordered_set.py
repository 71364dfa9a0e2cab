"""The sets that programs see: Python's own, except that they iterate in insertion order.

Every operation follows CPython 3.11's ``Objects/setobject.c`` step by step: an element keeps the hash it was inserted
with until those steps compute it anew; the same elements are compared, with the same one on the left; the same
operand's element ends up in a result. Only the order of the table differs. There it depends on hashes and history,
here it is the order of insertion, and a result has the order in which those steps insert its elements:

* ``a | b``, ``update``: a's elements, then b's new ones.  ``a - b``: a's order.
* ``a & b``: elements and order of the smaller set, of ``b`` where both have one size; ``b``'s where it is no set.
* ``a ^ b``: what is left of b, then what is left of a.  ``a ^= b``: what is left of a, then what is left of b.
* ``a &= b``, ``a.intersection_update(...)``: as ``a & b``.
* ``pop()`` takes the first.

Two things could not be as in CPython. Its table forgets equal elements (equal by mutation, under equal stored hashes)
when a set that *was never filled* takes over another's entries; here that is a set that is empty. And which of several
such elements a lookup finds is chance there; here it is the first.

An iterator does not visit elements that are added after it was made and skips removed ones, also removed and added
again; a changed size raises RuntimeError (once: the iterator is exhausted then).

The C table of the base class stays empty, since filling it would compute every hash twice. C code that reads it
directly, past every method, sees an empty set: ``set(s)``, ``frozenset() | s``, ``frozenset() == s`` and
``mapping.keys() - s``, all with Python's own types on the left. Programs get these types for ``set`` and ``frozenset``;
other code takes ``list(s)`` first, or puts the ordered set on the left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from reprlib import recursive_repr
from typing import Any, Self

from wc_engine.state._entry_table import EntryTable, PlainTable, as_table, intersect_into
from wc_engine.state.stored_hashes import frozenset_hash, stored_hashes

__all__ = ["OrderedFrozenSet", "OrderedSet"]

_DICT_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.items()))


class _Operations(EntryTable):
    """The half of the set API that changes nothing. Results are of the base type, also for a program's subclasses."""

    __slots__ = ()

    def _new(self) -> Any:
        """Return an empty set of the base type."""
        raise NotImplementedError

    def _clone(self) -> Self:
        result: Self = self._new()
        result._merge(self)
        return result

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        try:
            return self._find(key, hash(key)) is not None
        except TypeError:
            if not isinstance(key, set):
                raise
        frozen = OrderedFrozenSet(key)
        return self._find(frozen, hash(frozen)) is not None

    @recursive_repr("set(...)")
    def __repr__(self) -> str:
        name = type(self).__name__
        if not self._entries:
            return f"{name}()"
        elements = repr(list(self._entries.values()))[1:-1]
        return f"{{{elements}}}" if type(self) is OrderedSet else f"{name}({{{elements}}})"

    def __reduce__(self) -> tuple[Any, ...]:
        # The elements travel as a list: whoever unpickles or deep-copies a set computes their hashes anew.
        attributes = getattr(self, "__dict__", None)
        recipe = (type(self), (list(self._entries.values()),))
        return (*recipe, attributes) if attributes else recipe

    # Comparisons

    def __eq__(self, other: object) -> bool:
        table = as_table(other)
        return NotImplemented if table is None else self._equals(table)

    def __ne__(self, other: object) -> bool:
        table = as_table(other)
        return NotImplemented if table is None else not self._equals(table)

    def __le__(self, other: object) -> bool:
        table = as_table(other)
        return NotImplemented if table is None else self._is_subset_of(table)

    def __lt__(self, other: object) -> bool:
        table = as_table(other)
        if table is None:
            return NotImplemented
        return len(self._entries) < len(table._entries) and self._is_subset_of(table)

    def __ge__(self, other: object) -> bool:
        table = as_table(other)
        return NotImplemented if table is None else table._is_subset_of(self)

    def __gt__(self, other: object) -> bool:
        table = as_table(other)
        if table is None:
            return NotImplemented
        return len(self._entries) > len(table._entries) and table._is_subset_of(self)

    def _equals(self, other: EntryTable) -> bool:
        if len(self._entries) != len(other._entries):
            return False
        # Frozen sets whose hashes were asked for compare these first.
        own_hash, other_hash = getattr(self, "_frozen_hash", None), getattr(other, "_frozen_hash", None)
        if own_hash is not None and other_hash is not None and own_hash != other_hash:
            return False
        return self._is_subset_of(other)

    def issubset(self, other: Iterable[Any], /) -> bool:
        """Return whether ``other`` contains every element of this set."""
        table = as_table(other)
        if table is None:
            table = PlainTable()
            table._merge(other)
        return self._is_subset_of(table)

    def issuperset(self, other: Iterable[Any], /) -> bool:
        """Return whether this set contains every element of ``other``."""
        table = as_table(other)
        if table is None:
            return all(self._find(key, hash(key)) is not None for key in other)
        return table._is_subset_of(self)

    def isdisjoint(self, other: Any, /) -> bool:
        """Return whether no element of ``other`` is in this set."""
        if other is self:
            return not self._entries
        # The elements of a subclass's instance are hashed anew, as in CPython.
        table = as_table(other) if type(other) in (OrderedSet, OrderedFrozenSet, set, frozenset) else None
        if table is None:
            return all(self._find(key, hash(key)) is None for key in other)
        larger, smaller = (table, self) if len(table._entries) > len(self._entries) else (self, table)
        return all(larger._find(element, hash_value) is None for hash_value, element in smaller._hashed())

    # Operations that make a new set

    def union(self, *others: Any) -> Self:
        """Return a set of the elements of this one and all others."""
        result = self._clone()
        for other in others:
            if other is not self:
                result._merge(other)
        return result

    def intersection(self, *others: Iterable[Any]) -> Self:
        """Return a set of the elements that this one and all others have."""
        result = self if others else self._clone()
        for other in others:
            result = result._intersection(other)
        return result

    def difference(self, *others: Iterable[Any]) -> Self:
        """Return a set of the elements that no other has."""
        result = self._difference(others[0]) if others else self._clone()
        for other in others[1:]:
            result._subtract(other)
        return result

    def symmetric_difference(self, other: Any, /) -> Self:
        """Return a set of the elements that exactly one of the two has."""
        result: Self = self._new()
        result._merge(other)
        result._toggle(self)
        return result

    def _intersection(self, other: Any) -> Self:
        result: Self = self._new()
        if other is self:
            result._merge(self)
            return result
        table = as_table(other)
        if table is not None:
            intersect_into(result, self, table)
            return result
        for element in other:
            hash_value = hash(element)
            if self._find(element, hash_value) is not None:
                result._add_entry(element, hash_value)
                if len(result._entries) >= len(self._entries):
                    break
        return result

    def _difference(self, other: Iterable[Any]) -> Self:
        table = PlainTable(stored_hashes(other)) if type(other) is dict else as_table(other)
        if table is None or len(self._entries) >> 2 > len(table._entries):
            result = self._clone()
            result._subtract(other)
            return result
        result = self._new()
        for hash_value, element in self._hashed():
            if table._find(element, hash_value) is None:
                result._add_entry(element, hash_value)
        return result

    # Operators. A dict's view on the right would do the work itself, on the empty C table below this set.

    def __or__(self, other: object) -> Any:
        if isinstance(other, (set, frozenset)):
            return self.union(other)
        return OrderedSet(self).union(other) if isinstance(other, _DICT_VIEWS) else NotImplemented

    def __and__(self, other: object) -> Any:
        if isinstance(other, (set, frozenset)):
            return self._intersection(other)
        if not isinstance(other, _DICT_VIEWS):
            return NotImplemented
        view: Any = other
        if type(self) is OrderedSet and len(view) <= len(self._entries):
            return self._intersection(view)
        return OrderedSet([element for element in self._entries.values() if element in view])

    def __sub__(self, other: object) -> Any:
        if isinstance(other, (set, frozenset)):
            return self._difference(other)
        if not isinstance(other, _DICT_VIEWS):
            return NotImplemented
        result = OrderedSet(self)
        result._subtract(other)
        return result

    def __xor__(self, other: object) -> Any:
        if isinstance(other, (set, frozenset)):
            return self.symmetric_difference(other)
        if not isinstance(other, _DICT_VIEWS):
            return NotImplemented
        result = OrderedSet(self)
        result._toggle(other)
        return result

    # Reflected operators: Python asks here first when its own set stands on the left, as this type is a subclass.

    def __ror__(self, other: object) -> Any:
        return self._from_left(other) | self if isinstance(other, (set, frozenset)) else NotImplemented

    def __rand__(self, other: object) -> Any:
        return self._from_left(other) & self if isinstance(other, (set, frozenset)) else NotImplemented

    def __rsub__(self, other: object) -> Any:
        return self._from_left(other) - self if isinstance(other, (set, frozenset)) else NotImplemented

    def __rxor__(self, other: object) -> Any:
        return self._from_left(other) ^ self if isinstance(other, (set, frozenset)) else NotImplemented

    def _from_left(self, other: Iterable[Any]) -> Self:
        result: Self = self._new()
        result._merge(other)
        return result


class OrderedSet(_Operations, set[Any]):
    """A set that iterates in insertion order.

    Args:
        iterable: the elements; of a set or dict, the stored hashes are kept.
    """

    __slots__ = ("_chains", "_entries", "_num_iterators", "_removed")
    __hash__ = None

    _num_iterators: int
    _removed: list[int]  # slots of removed entries, in order, kept while an iterator is alive

    def __new__(cls, *args: object, **kwargs: object) -> Self:
        self = super().__new__(cls)
        self._entries = {}
        self._chains = {}
        self._num_iterators = 0
        self._removed = []
        return self

    def __init__(self, iterable: Iterable[Any] = (), /) -> None:
        if self._entries:
            self._drop_all()
        self._merge(iterable)

    def _new(self) -> OrderedSet:
        return OrderedSet.__new__(OrderedSet)

    def copy(self) -> OrderedSet:
        """Return a copy; stored hashes are kept."""
        return self._clone()

    __copy__ = copy

    def __iter__(self) -> Iterator[Any]:
        if self._removed and not self._num_iterators:
            self._removed = []
        self._num_iterators += 1
        return self._visit(self._entries.copy(), len(self._removed))

    def _visit(self, snapshot: dict[int, Any], start: int) -> Iterator[Any]:
        size, entries, removed = len(snapshot), self._entries, self._removed
        try:
            for slot, element in snapshot.items():
                if len(entries) != size:
                    break
                if removed and slot in removed[start:]:
                    continue
                yield element
        finally:
            self._num_iterators -= 1
        if len(entries) != size:
            raise RuntimeError("Set changed size during iteration")

    def _drop(self, slot: int) -> None:
        if self._num_iterators:
            self._removed.append(slot)
        super()._drop(slot)

    def _drop_all(self) -> None:
        if self._num_iterators:
            self._removed.extend(self._entries)
        super()._drop_all()

    def add(self, element: object, /) -> None:
        """Add an element; nothing happens where it is found already."""
        hash_value = hash(element)
        if hash_value not in self._entries and not self._chains:
            self._entries[hash_value] = element
        else:
            self._add_entry(element, hash_value)

    def discard(self, element: object, /) -> None:
        """Remove an element if it is found."""
        self._discard(element)

    def remove(self, element: object, /) -> None:
        """Remove an element; raises KeyError where it is not found."""
        if not self._discard(element):
            raise KeyError(element)

    def _discard(self, element: object) -> bool:
        try:
            return self._discard_entry(element, hash(element))
        except TypeError:
            if not isinstance(element, set):
                raise
        frozen = OrderedFrozenSet(element)
        return self._discard_entry(frozen, hash(frozen))

    def pop(self) -> Any:
        """Remove and return the first element; raises KeyError where there is none."""
        if not self._entries:
            raise KeyError("pop from an empty set")
        slot = next(iter(self._entries))
        element = self._entries[slot]
        self._drop(slot)
        return element

    def clear(self) -> None:
        """Remove all elements."""
        self._drop_all()

    def update(self, *others: Iterable[Any]) -> None:
        """Add the elements of all others."""
        for other in others:
            self._merge(other)

    def intersection_update(self, *others: Iterable[Any]) -> None:
        """Keep what all others have too."""
        self._replace(self.intersection(*others))

    def difference_update(self, *others: Iterable[Any]) -> None:
        """Remove the elements of all others."""
        for other in others:
            self._subtract(other)

    def symmetric_difference_update(self, other: Iterable[Any], /) -> None:
        """Keep what exactly one of the two has."""
        self._toggle(other)

    def _replace(self, other: OrderedSet) -> None:
        """Take over another set's entries. To iterators, an entry that is the same in both was never removed."""
        if self._num_iterators:
            kept = other._entries
            self._removed.extend(slot for slot, old in self._entries.items() if kept.get(slot, self) is not old)
        super()._drop_all()
        self._merge(other)

    def __ior__(self, other: object) -> Any:
        if not isinstance(other, (set, frozenset)):
            return NotImplemented
        self._merge(other)
        return self

    def __iand__(self, other: object) -> Any:
        if not isinstance(other, (set, frozenset)):
            return NotImplemented
        self._replace(self._intersection(other))
        return self

    def __isub__(self, other: object) -> Any:
        if not isinstance(other, (set, frozenset)):
            return NotImplemented
        self._subtract(other)
        return self

    def __ixor__(self, other: object) -> Any:
        if not isinstance(other, (set, frozenset)):
            return NotImplemented
        self._toggle(other)
        return self


class OrderedFrozenSet(_Operations, frozenset[Any]):
    """A frozenset that iterates in insertion order; equal to, and hashed as, a frozenset of the same elements."""

    __slots__ = ("_chains", "_entries", "_frozen_hash")

    _frozen_hash: int | None

    def __new__(cls, iterable: Iterable[Any] = (), /) -> Self:
        if cls is OrderedFrozenSet and type(iterable) is OrderedFrozenSet:
            return iterable  # type: ignore[return-value]  # Self is OrderedFrozenSet here
        self = super().__new__(cls)
        self._entries = {}
        self._chains = {}
        self._frozen_hash = None
        self._merge(iterable)
        return self

    def _new(self) -> OrderedFrozenSet:
        return OrderedFrozenSet.__new__(OrderedFrozenSet)

    def copy(self) -> OrderedFrozenSet:
        """Return the set itself, or of a subclass's instance an ``OrderedFrozenSet`` with the stored hashes."""
        return self if type(self) is OrderedFrozenSet else self._clone()

    __copy__ = copy

    def __iter__(self) -> Iterator[Any]:
        return iter(self._entries.values())

    def __hash__(self) -> int:
        if self._frozen_hash is None:
            hashes = [hash_value for hash_value, _ in self._hashed()]
            self._frozen_hash = frozenset_hash(hashes, len(hashes))
        return self._frozen_hash


# Programs that print or compare type names see the names they know; pickle and messages use the qualified ones.
OrderedSet.__name__ = "set"
OrderedFrozenSet.__name__ = "frozenset"
