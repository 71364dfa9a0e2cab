"""Alignment: which parts of several sequences of things correspond, where each has some that others lack.

Two paths made ``[walls, keys less one, agent]`` and ``[walls, keys, key, agent]`` of one list. Where they meet, walls
stand beside walls, keys beside keys and the agent beside the agent; the key is there on one of the paths only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["aligned", "embedded"]

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")


def aligned(rows: Sequence[Sequence[T]], likeness: Callable[[T, T], int]) -> list[list[T | None]]:
    """Return columns of corresponding items in the order of all rows; None where a row has no item in a column.

    Args:
        rows: the sequences.
        likeness: how well two items go together; 0 where they must not.
    """
    columns: list[list[T | None]] = [[item] for item in rows[0]]
    for number, row in enumerate(rows[1:], start=1):
        firsts = [next(item for item in column if item is not None) for column in columns]
        places = _best_pairs(firsts, row, likeness)
        merged: list[list[T | None]] = []
        taken = 0
        for column, place in zip(columns, places, strict=True):
            if place is not None:
                merged += [[*[None] * number, item] for item in row[taken:place]]
                taken = place + 1
            merged.append([*column, None if place is None else row[place]])
        columns = merged + [[*[None] * number, item] for item in row[taken:]]
    return columns


def _best_pairs(left: Sequence[T], right: Sequence[T], likeness: Callable[[T, T], int]) -> list[int | None]:
    """Return for each item of ``left`` its partner's place in ``right``, in order, so that all together are most alike.

    Source:
        Needleman & Wunsch (1970), without a penalty for gaps.
    """
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            alike = likeness(left[i], right[j])
            together = table[i + 1][j + 1] + alike if alike else 0
            table[i][j] = max(table[i + 1][j], table[i][j + 1], together)
    result: list[int | None] = []
    j = 0
    for i in range(len(left)):
        while j < len(right) and table[i][j] == table[i][j + 1] and table[i][j] > table[i + 1][j]:
            j += 1
        alike = likeness(left[i], right[j]) if j < len(right) else 0
        if alike and table[i][j] == table[i + 1][j + 1] + alike:
            result.append(j)
            j += 1
        else:
            result.append(None)
    return result


def embedded(places: Sequence[T], items: Sequence[U], put: Callable[[T, U | None], list[V] | None]) -> list[V] | None:
    """Return what putting the items into the places, in order, takes; None where they do not fit.

    Args:
        places: each takes one item or stays empty.
        items: all of them must find a place.
        put: what putting an item, or nothing, into a place takes; None where that is not possible.
    """
    hopeless: set[tuple[int, int]] = set()

    def attempt(place: int, item: int) -> list[V] | None:
        if (place, item) in hopeless:
            return None
        if place == len(places):
            return [] if item == len(items) else None
        for used in (1, 0) if item < len(items) else (0,):
            own = put(places[place], items[item] if used else None)
            rest = None if own is None else attempt(place + 1, item + used)
            if own is not None and rest is not None:
                return own + rest
        hopeless.add((place, item))
        return None

    return attempt(0, 0)
