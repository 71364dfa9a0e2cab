"""The learning curve of one run as shapes of an SVG drawing: what each program met, and how episodes ended."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from wc_engine.agent.event_log import EpisodeLine, VerdictLine
from wc_engine.runs.run_records import RunRecord

__all__ = ["CurvePlot", "Mark", "kind_of_end", "kind_of_verdict"]

WIDTH, HEIGHT = 1000, 330
LEFT, RIGHT, TOP, BOTTOM = 46, 990, 44, 262
STRIP_TOP, STRIP_BOTTOM = 274, 300
_X_TICKS = 8
_DENSE = 150
_CHARACTER = 6.6
"""The width of a character of a label, about."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A step that is worth a line with a label."""

    step: int
    label: str


@dataclass(frozen=True, slots=True)
class CurvePlot:
    """Shapes of the plot, as the page's template draws them.

    Attributes:
        record: the run.
        marks: steps that are marked.
    """

    record: RunRecord
    marks_at: tuple[Mark, ...]

    width = WIDTH
    height = HEIGHT
    left = LEFT
    right = RIGHT
    top = TOP
    strip_top = STRIP_TOP
    strip_bottom = STRIP_BOTTOM

    @property
    def x_ticks(self) -> Iterator[dict[str, object]]:
        """Steps below the plot, at round numbers."""
        rough = max(1, self._steps) / _X_TICKS
        magnitude = 10 ** math.floor(math.log10(rough))
        step = max(1, round(next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= rough)))
        for value in range(0, self._steps + 1, step):
            yield {"at": self._x(value), "label": f"{value} steps" if value == 0 else str(value)}

    @property
    def y_ticks(self) -> Iterator[dict[str, object]]:
        """Shares beside the plot."""
        for quarter in range(5):
            yield {"at": self._y(quarter / 4), "label": f"{quarter / 4:g}"}

    @property
    def marks(self) -> Iterator[dict[str, object]]:
        """The marks, in as many rows as keep their labels apart."""
        ends: list[float] = []
        for mark in sorted(self.marks_at, key=lambda mark: mark.step):
            at = self._x(mark.step)
            width = len(mark.label) * _CHARACTER
            begins_left = at + width > RIGHT
            begin = at - width if begins_left else at
            row = next((row for row, end in enumerate(ends) if end < begin), len(ends))
            ends[row:] = [begin + width + 8, *ends[row + 1 :]]
            yield {
                "at": at,
                "label_at": at,
                "anchor": "end" if begins_left else "start",
                "label": mark.label,
                "row": row,
            }

    @property
    def is_dense(self) -> bool:
        """Whether there are so many points that they would cover each other."""
        return len(self._verdicts) > _DENSE

    @property
    def points(self) -> Iterator[dict[str, object]]:
        """A point for each verdict."""
        for line in self._verdicts:
            title = f"program {line.program}, step {line.step}: h = {line.h:.3f}"
            yield {
                "program": line.program,
                "x": self._x(line.step),
                "y": self._y(line.h),
                "kind": kind_of_verdict(line),
                "title": title,
            }

    @property
    def held(self) -> str:
        """The path of the best h among the programs that were judged at each step, on the data of that step."""
        path = ""
        step, best = -1, 0.0
        for line in self._verdicts:
            best = line.h if line.step != step else max(best, line.h)
            step = line.step
            path += f"{'H' if path else 'M'}{self._x(step)}{'' if path else f' {self._y(best)}'}V{self._y(best)}"
        return path + (f"H{self._x(self._steps)}" if path else "")

    @property
    def wins(self) -> str:
        """The path of the share of episodes won so far."""
        path = ""
        for number, line in enumerate(self.record.episodes, start=1):
            path += f"{'L' if path else 'M'}{self._x(line.step)} {self._y(line.wins / number)}"
        return path

    @property
    def bars(self) -> Iterator[dict[str, object]]:
        """A bar for each episode."""
        for line in self.record.episodes:
            begin, end = self._x(line.first_step), self._x(line.first_step + line.steps)
            yield {
                "episode": line.episode,
                "x": begin,
                "width": round(max(end - begin, 1.0), 1),
                "kind": kind_of_end(line),
                "title": f"episode {line.episode}: {line.end} in {line.steps} steps",
            }

    @property
    def _steps(self) -> int:
        return self.record.steps

    @property
    def _verdicts(self) -> list[VerdictLine]:
        return [line for line in self.record.events if isinstance(line, VerdictLine)]

    def _x(self, step: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * step / max(1, self._steps), 1)

    def _y(self, share: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def kind_of_verdict(line: VerdictLine | None) -> str:
    """Return which constraints hold: both, data (phi_1) or none."""
    if line is None or not line.phi_1:
        return "none"
    return "both" if line.phi_2 else "data"


def kind_of_end(line: EpisodeLine) -> str:
    """Return how an episode ended: won, lost (or given up) or cut."""
    return {"won": "won", "lost": "lost", "gave up": "lost"}.get(line.end, "cut")
