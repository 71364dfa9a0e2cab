"""Learning curves of the benchmark, one picture a task: its variants over environment steps, beside the paper."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wc_engine.runs.learning_bench import LearningResult
from wc_engine.runs.learning_tasks import LearningTask

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FORMATS", "plot_task"]

FORMATS = ("png", "svg")
_COLORS = {
    "whole": "#2f6db3",
    "no phi_2": "#c4493d",
    "no phi_2 nor novelty": "#7d4ba0",
    "no transfer": "#d39a1c",
}
_POINTS = 400


def plot_task(task: LearningTask, results: Sequence[LearningResult], folder: Path) -> list[Path]:
    """Draw h and the share of episodes won of every run of a task; medians over seeds are thick.

    Returns:
        The files that were written.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2, sharex=True)
    longest = max([one.steps for one in results], default=1)
    for variant in task.variants:
        own = [one for one in results if one.run.variant == variant]
        if own:
            color = _COLORS.get(variant.name, "#444444")
            _draw(left, [one.h for one in own], color, variant.name, longest)
            _draw(right, [one.wins for one in own], color, variant.name, longest)
    left.set_title("best h of the programs judged at a step (without phi_2: phi_1 alone)", fontsize=10)
    right.set_title("share of the last ten episodes won", fontsize=10)
    for axes in (left, right):
        axes.set_xlim(0, max(longest, task.target.streak) * 1.02)
        axes.set_ylim(-0.03, 1.05)
        axes.set_xlabel("environment steps")
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        for quote in task.quotes:
            if quote.steps is not None and quote.steps <= longest:
                axes.axvline(quote.steps, color="#6a737b", linestyle=":", linewidth=1.2)
    right.axvline(task.target.streak, color="#2e8b57", linestyle="--", linewidth=1.2, label="wanted: ten wins by here")
    right.legend(frameon=False, fontsize=8, loc="upper left")
    worlds = task.env.replace(",", ", ")
    figure.suptitle(worlds if worlds == task.name else f"{task.name}: {worlds}", fontsize=11, wrap=True)
    quotes = "\n".join(f"{quote.text} [{quote.source}]" for quote in task.quotes)
    notes = "".join(f"{variant.name}: {variant.about}\n" for variant in task.variants if variant.about)
    figure.supxlabel(f"{notes}Quoted, not rerun. {quotes}", fontsize=7.5, color="#555555")
    files = [folder / f"{task.name}.{form}" for form in FORMATS]
    for file in files:
        # Without a date equal results give equal pictures.
        figure.savefig(file, dpi=130, metadata={"Date": None} if file.suffix == ".svg" else None)
    return files


def _draw(axes: Axes, curves: Sequence[Sequence[tuple[int, float]]], color: str, label: str, longest: int) -> None:
    """Draw each curve thin as steps, and their median thick."""
    grid = [longest * number / _POINTS for number in range(_POINTS + 1)]
    sampled = [[_value_at(curve, step) for step in grid] for curve in curves]
    if len(curves) > 1:
        for values in sampled:
            axes.plot(grid, values, color=color, alpha=0.3, linewidth=0.8, drawstyle="steps-post")
    median = [statistics.median(values) for values in zip(*sampled, strict=True)]
    axes.plot(grid, median, color=color, linewidth=2, drawstyle="steps-post", label=label)


def _value_at(curve: Sequence[tuple[int, float]], step: float) -> float:
    """Return the value of a curve at a step: that of its last point until there, and 0 before the first."""
    return next((value for at, value in reversed(curve) if at <= step), 0.0)
