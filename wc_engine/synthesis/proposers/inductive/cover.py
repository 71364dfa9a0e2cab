"""Greedy set cover by conjunctions, over bit masks: the learner behind transition rules, reward and done alike.

Examples are numbered; a set of examples is an int with their bits. A column is a literal with the set of examples in
which it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Column", "Conjunction", "distinct_columns", "learn_cover"]

L = TypeVar("L")

_BEAM_WIDTH = 60
_MAX_LENGTH = 4
_REWARD_PER_EXAMPLE = 3.0


@dataclass(frozen=True, slots=True)
class Column(Generic[L]):
    """A literal, the examples in which it holds, and its cost."""

    literal: L
    mask: int
    cost: float


@dataclass(frozen=True, slots=True)
class Conjunction(Generic[L]):
    """A conjunction of literals and the examples in which it holds."""

    literals: tuple[L, ...]
    mask: int
    cost: float


def learn_cover(positives: int, negatives: int, columns: Sequence[Column[L]]) -> tuple[list[Conjunction[L]], int]:
    """Return conjunctions that hold in the positives and in no negative, best first, and the positives left over.

    Args:
        positives: the examples to cover.
        negatives: the examples in which no conjunction may hold.
        columns: the literals to choose from, in order of preference among equals.
    """
    useful = distinct_columns(columns, positives | negatives)
    found: list[Conjunction[L]] = []
    left = positives
    while left:
        best = _best_conjunction(left, negatives, useful)
        if best is None:
            break
        found.append(best)
        left &= ~best.mask
    return found, left


def distinct_columns(columns: Sequence[Column[L]], relevant: int) -> list[Column[L]]:
    """Return, cheapest first, the columns that tell relevant examples apart, one of each that agree on them."""
    seen: set[int] = set()
    kept: list[Column[L]] = []
    for column in sorted(columns, key=lambda column: column.cost):
        part = column.mask & relevant
        if part in (0, relevant) or part in seen:
            continue
        seen.add(part)
        kept.append(column)
    return kept


def _best_conjunction(positives: int, negatives: int, columns: Sequence[Column[L]]) -> Conjunction[L] | None:
    """Beam search for the conjunction without negatives of best ``3 x coverage - cost``."""
    best: Conjunction[L] | None = None
    best_score = float("-inf")
    everything = -1
    beam: list[tuple[float, int, float, tuple[int, ...]]] = [(0.0, everything, 0.0, ())]
    for length in range(_MAX_LENGTH + 1):
        extended: list[tuple[float, int, float, tuple[int, ...]]] = []
        seen: set[int] = set()
        for _, mask, cost, indices in beam:
            covered = (mask & positives).bit_count()
            score = _REWARD_PER_EXAMPLE * covered - cost
            if mask & negatives == 0:
                if covered and score > best_score:
                    best_score = score
                    best = Conjunction(tuple(columns[i].literal for i in indices), mask, cost)
                continue
            if length == _MAX_LENGTH:
                continue
            for i in range(indices[-1] + 1 if indices else 0, len(columns)):
                column = columns[i]
                narrowed = mask & column.mask
                coverage = (narrowed & positives).bit_count()
                total = cost + column.cost
                # A longer conjunction covers no more and costs more: it cannot beat what is already found.
                if not coverage or _REWARD_PER_EXAMPLE * coverage - total <= best_score:
                    continue
                key = narrowed & (positives | negatives)
                if key in seen:
                    continue
                seen.add(key)
                wrong = (narrowed & negatives).bit_count()
                rank = _REWARD_PER_EXAMPLE * (coverage - wrong) - total
                extended.append((rank, narrowed, total, (*indices, i)))
        extended.sort(key=lambda item: (-item[0], item[3]))
        beam = extended[:_BEAM_WIDTH]
        if not beam:
            break
    return best
