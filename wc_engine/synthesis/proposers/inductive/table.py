"""The rows of one family of actions, and in which of them a literal or an outcome holds, as bit masks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wc_engine.synthesis.proposers.inductive.arrivals import split_arrival
from wc_engine.synthesis.proposers.inductive.effects import Outcome, applies
from wc_engine.synthesis.proposers.inductive.literals import Literal
from wc_engine.synthesis.proposers.inductive.readings import choose_shapes, explains, readings
from wc_engine.synthesis.proposers.inductive.rows import Row
from wc_engine.synthesis.proposers.inductive.scene import Scene
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["FamilyTable"]


class FamilyTable:
    """Rows that only grow in number: what was computed about a row is kept.

    Attributes:
        rows: the rows that have a scene; where the agent was carried on after its move, up to that.
        scenes: their scenes.
        arrivals: for rows in which the agent entered a cell, what happened there, as rows of their own.
        indices: which of the rows given each of ``rows`` is.
    """

    def __init__(self) -> None:
        self._all_rows: list[Row] = []
        self._readings: list[list[Outcome]] = []
        self._masks: dict[object, tuple[int, int]] = {}
        self.rows: list[Row] = []
        self.scenes: list[Scene] = []
        self.arrivals: list[Row] = []
        self.indices: list[int] = []

    @property
    def without_agent(self) -> int:
        """How many rows have no scene, for want of an agent."""
        return len(self._all_rows) - len(self.rows)

    def is_prefix_of(self, rows: Sequence[Row]) -> bool:
        """Return whether these rows, in order, begin with those of the table."""
        return len(rows) >= len(self._all_rows) and rows[: len(self._all_rows)] == self._all_rows

    def extend(self, rows: Sequence[Row], vocabulary: Vocabulary) -> None:
        """Take in the rows behind those of the table."""
        for index in range(len(self._all_rows), len(rows)):
            row = rows[index]
            self._all_rows.append(row)
            scene = vocabulary.scene(row)
            if scene is None:
                continue
            row, arrival = split_arrival(row, scene, vocabulary)
            if arrival is not None:
                self.arrivals.append(arrival)
            self.rows.append(row)
            self.scenes.append(scene)
            self.indices.append(index)
            self._readings.append(readings(row, scene, vocabulary.holder))

    def outcomes(self) -> list[Outcome | None]:
        """Return what happened in each row, in as few shapes as possible; None where effects cannot say it."""
        return choose_shapes(self._readings)

    def where(self, literal: Literal) -> int:
        """Return the mask of the rows in which a literal holds."""
        return self._extended_mask(literal, lambda index: literal.holds(self.scenes[index]))

    def applicable(self, outcome: Outcome) -> int:
        """Return the mask of the rows in which an outcome applies."""
        return self._extended_mask(("applies", outcome), lambda index: applies(outcome, self.scenes[index]))

    def right(self, outcome: Outcome) -> int:
        """Return the mask of the rows in which an outcome applies and gives the right state."""
        able = self.applicable(outcome)
        return self._extended_mask(
            ("explains", outcome),
            lambda index: bool(able >> index & 1) and explains(outcome, self.rows[index], self.scenes[index]),
        )

    def _extended_mask(self, key: object, holds: Callable[[int], bool]) -> int:
        mask, done = self._masks.get(key, (0, 0))
        for index in range(done, len(self.rows)):
            if holds(index):
                mask |= 1 << index
        self._masks[key] = (mask, len(self.rows))
        return mask
