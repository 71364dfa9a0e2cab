"""The hashes under which Python's own sets and dicts hold their keys, read without calling ``__hash__``.

An object whose hash changed while it was inside a container is still filed under the old one, and set operations go on
using it. Python does not show it, but the hash of a frozenset is computed from the stored hashes of its elements by
steps that can be undone: taking one element after the other out of a copy and comparing the frozenset hashes before
and after gives each element's stored hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["frozenset_hash", "stored_hashes"]

_BITS = 64
_MASK = (1 << _BITS) - 1
_SIGN = 1 << (_BITS - 1)

# The constants of CPython's frozenset hash (Objects/setobject.c).
_XOR, _FACTOR, _SIZE_FACTOR, _FINAL_FACTOR, _FINAL_TERM = 89869747, 3644798167, 1927868237, 69069, 907133923
_RESERVED, _INSTEAD_OF_RESERVED = _MASK, 590923713
_FACTOR_INVERSE = pow(_FACTOR, -1, 1 << _BITS)
_FINAL_FACTOR_INVERSE = pow(_FINAL_FACTOR, -1, 1 << _BITS)

# Values of these types never change their hash.
_STABLE_TYPES = frozenset({str, int, float, bool, bytes, complex, type(None)})


def frozenset_hash(hashes: Iterable[int], size: int) -> int:
    """Return the hash that Python gives a frozenset of ``size`` elements with these stored hashes."""
    total = 0
    for value in hashes:
        total ^= (((value ^ _XOR) ^ (value << 16)) * _FACTOR) & _MASK
    total ^= ((size + 1) * _SIZE_FACTOR) & _MASK
    total ^= (total >> 11) ^ (total >> 25)
    total = (total * _FINAL_FACTOR + _FINAL_TERM) & _MASK
    return _signed(_INSTEAD_OF_RESERVED if total == _RESERVED else total)


def stored_hashes(container: set[Any] | frozenset[Any] | dict[Any, Any]) -> list[tuple[int, Any]]:
    """Return (stored hash, key) for each key of one of Python's own sets or dicts, in the container's order.

    Keys other than numbers and strings cost time quadratic in the size of the container. Two keys of a dict that were
    filed under one hash as different keys and became equal since are not told apart.
    """
    keys = list(container)
    if all(type(key) in _STABLE_TYPES for key in keys):
        return [(hash(key), key) for key in keys]
    rest = container.copy() if isinstance(container, dict) else set(container)
    found: dict[int, list[int]] = {}
    combined = _combined(frozenset(rest))
    while rest:
        key = rest.popitem()[0] if isinstance(rest, dict) else rest.pop()
        remaining = _combined(frozenset(rest))
        found.setdefault(id(key), []).append(_unmixed(combined ^ remaining))
        combined = remaining
    # An object can be in a dict twice, under two hashes; its items came out last first.
    return [(found[id(key)].pop(), key) for key in keys]


def _combined(elements: frozenset[Any]) -> int:
    """Return the exclusive or of the mixed hashes of the elements, from the frozenset's hash."""
    value = hash(elements) & _MASK
    value = ((value - _FINAL_TERM) * _FINAL_FACTOR_INVERSE) & _MASK
    mixed = value
    for _ in range(_BITS // 11 + 1):  # each round makes 11 more bits right
        value = mixed ^ (value >> 11) ^ (value >> 25)
    return value ^ (((len(elements) + 1) * _SIZE_FACTOR) & _MASK)


def _unmixed(mixed: int) -> int:
    """Return the hash whose mixed form is ``mixed``."""
    value = ((mixed * _FACTOR_INVERSE) & _MASK) ^ _XOR
    return _signed((value ^ (value << 16) ^ (value << 32) ^ (value << 48)) & _MASK)


def _signed(value: int) -> int:
    return value - (1 << _BITS) if value & _SIGN else value
