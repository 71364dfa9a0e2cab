"""The hash table below the ordered sets: elements in insertion order, each under the hash it was inserted with.

A table is a dict from *slot* to element. The slot of an element is its stored hash; where that slot is taken by an
element that is not equal, it is the hash plus a multiple of 2**64, and ``_chains`` lists the slots of such a hash in
insertion order. So a lookup costs one dict access, a copy is a dict copy, and no hash is ever computed twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wc_engine.state.stored_hashes import stored_hashes

__all__ = ["EntryTable", "PlainTable", "as_table", "intersect_into"]

_ABSENT = object()
_HASHES = 1 << 64
_HALF = 1 << 63


class EntryTable:
    """Lookup, insertion and removal of entries; the methods are named after what setobject.c calls them.

    An entry matches a key when its stored hash equals the key's hash and its element is or equals the key (the stored
    element stands on the left of ``==``). Where several match (elements under equal stored hashes that became equal by
    mutation) the one inserted first counts.
    """

    __slots__ = ()

    _entries: dict[int, Any]
    _chains: dict[int, list[int]]

    def _find(self, key: object, hash_value: int) -> int | None:
        """Return the slot of the entry that matches ``key`` under ``hash_value``, or None."""
        chains = self._chains
        if hash_value not in chains:
            stored = self._entries.get(hash_value, _ABSENT)
            if stored is key or (stored is not _ABSENT and stored == key):
                return hash_value
            return None
        for slot in tuple(chains[hash_value]):
            stored = self._entries[slot]
            if stored is key or stored == key:
                return slot
        return None

    def _hashed(self) -> list[tuple[int, Any]]:
        """Return (stored hash, element) of each entry, in order."""
        if not self._chains:
            return list(self._entries.items())
        return [((slot + _HALF) % _HASHES - _HALF, element) for slot, element in self._entries.items()]

    def _add_entry(self, key: object, hash_value: int) -> None:
        """Insert ``key`` under ``hash_value`` unless an entry matches it."""
        if hash_value not in self._entries and not self._chains:
            self._entries[hash_value] = key
        elif self._find(key, hash_value) is None:
            self._append(key, hash_value)

    def _append(self, key: object, hash_value: int) -> None:
        """Insert ``key``, which no entry matches."""
        slot, entries, chains = hash_value, self._entries, self._chains
        if hash_value in entries or hash_value in chains:
            chain = chains.setdefault(hash_value, [hash_value])
            while slot in entries:
                slot += _HASHES
            chain.append(slot)
        entries[slot] = key

    def _drop(self, slot: int) -> None:
        """Remove the entry in ``slot``."""
        del self._entries[slot]
        if self._chains:
            hash_value = (slot + _HALF) % _HASHES - _HALF
            chain = self._chains.get(hash_value)
            if chain is not None:
                chain.remove(slot)
                if chain in ([], [hash_value]):
                    del self._chains[hash_value]

    def _drop_all(self) -> None:
        """Remove every entry."""
        self._entries.clear()
        self._chains.clear()

    def _merge(self, other: Any) -> None:
        """Insert the elements of ``other``, with their stored hashes where it is a set or a dict."""
        source = as_table(other)
        if source is not None:
            if source is self or not source._entries:
                return
            if not self._entries:
                # An empty set takes the entries as they are: not even equal ones collapse.
                self._entries.update(source._entries)
                self._chains.update({value: list(chain) for value, chain in source._chains.items()})
                return
            for hash_value, element in source._hashed():
                self._add_entry(element, hash_value)
        elif type(other) is dict:
            for hash_value, element in stored_hashes(other):
                self._add_entry(element, hash_value)
        else:
            entries = self._entries
            for element in other:
                hash_value = hash(element)
                if hash_value not in entries and not self._chains:
                    entries[hash_value] = element
                else:
                    self._add_entry(element, hash_value)

    def _subtract(self, other: Any) -> None:
        """Remove the elements of ``other``."""
        if other is self:
            self._drop_all()
            return
        source = as_table(other)
        if source is None:
            for key in other:
                self._discard_entry(key, hash(key))
            return
        if len(source._entries) >> 3 > len(self._entries):
            common = PlainTable()
            intersect_into(common, self, source)
            source = common
        for hash_value, element in source._hashed():
            self._discard_entry(element, hash_value)

    def _toggle(self, other: Any) -> None:
        """Remove the elements of ``other`` that are here, and insert the others."""
        if other is self:
            self._drop_all()
            return
        if type(other) is dict:
            pairs = stored_hashes(other)
        else:
            source = as_table(other)
            if source is None:
                source = PlainTable()
                source._merge(other)
            pairs = source._hashed()
        for hash_value, element in pairs:
            if not self._discard_entry(element, hash_value):
                self._append(element, hash_value)

    def _discard_entry(self, key: object, hash_value: int) -> bool:
        """Remove the entry that matches ``key`` under ``hash_value``; return whether there was one."""
        slot = self._find(key, hash_value)
        if slot is None:
            return False
        self._drop(slot)
        return True

    def _is_subset_of(self, other: EntryTable) -> bool:
        if len(self._entries) > len(other._entries):
            return False
        return all(other._find(element, hash_value) is not None for hash_value, element in self._hashed())


class PlainTable(EntryTable):
    """A table and nothing else: what Python's own sets and dicts are read into."""

    __slots__ = ("_chains", "_entries")

    def __init__(self, pairs: Iterable[tuple[int, Any]] = ()) -> None:
        self._entries = {}
        self._chains = {}
        for hash_value, element in pairs:
            self._append(element, hash_value)


def as_table(value: object) -> EntryTable | None:
    """Return the table of any set, Python's own included, or None where ``value`` is no set."""
    if isinstance(value, EntryTable):
        return value
    if isinstance(value, (set, frozenset)):
        return PlainTable(stored_hashes(value))
    return None


def intersect_into(result: EntryTable, table: EntryTable, other: EntryTable) -> None:
    """Insert into ``result`` what both have: elements and order of the smaller, at equal sizes of ``other``."""
    if len(other._entries) > len(table._entries):
        table, other = other, table
    for hash_value, element in other._hashed():
        if table._find(element, hash_value) is not None:
            result._add_entry(element, hash_value)
