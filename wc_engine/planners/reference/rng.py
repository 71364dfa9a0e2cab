"""The generator of ``csrc/wc_rng.h`` (splitmix64) in Python: the same seed gives the same numbers."""

from __future__ import annotations

__all__ = ["Rng"]

_MASK = 2**64 - 1


class Rng:
    """A seeded generator.

    Args:
        seed: 0 to 2^64 - 1.
    """

    def __init__(self, seed: int) -> None:
        self._state = seed

    def next(self) -> int:
        """Return the next 64 random bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        bits = self._state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
        return bits ^ (bits >> 31)

    def below(self, bound: int) -> int:
        """Return a number in ``0 .. bound - 1``; bound >= 1."""
        return ((self.next() >> 32) * bound) >> 32
