"""The figures of compiled programs, their means, and the table."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

__all__ = ["Figures", "print_table", "summary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured of one program; None where it does not apply.

    Attributes:
        program: its name with its style.
        domain: ``sokoban`` or ``minigrid``.
        in_corpus: whether it counts in the means.
        tier: ``specialised``, ``boxed`` or ``interpreted``.
        not_compiled: why it is not compiled.
        reference_us: microseconds of the whole interpreted call: fresh objects, both functions, canonical result.
        reference_us_in_program: microseconds inside the two functions alone.
        step_ns: nanoseconds of a compiled step, packed words to packed words.
        child_ns: nanoseconds of a child where all children of a state are made at once.
        ratio_whole: the whole interpreted call over the compiled step.
        ratio_in_program: the two functions alone over the compiled step.
        ratio_whole_child: the whole interpreted call over a child.
        ratio_in_program_child: the two functions alone over a child.
        c_ns: nanoseconds of the C model on the same steps.
        over_c: the compiled step over C.
        same_as_c: whether the steps are those of C, which follows the rules.
        cold_seconds: compiling in a fresh process with an empty cache, imports of the back end included.
        fresh_seconds: the same when the code is in the cache.
        loaded_seconds: the same in a process that has compiled before.
        unanswered: the share of steps of the walks that native code had no answer to.
        agreed: steps on which compiled code gave what the reference gives.
        disagreed: steps on which it did not.
    """

    program: str
    domain: str
    in_corpus: bool
    tier: str | None = None
    not_compiled: str | None = None
    reference_us: float | None = None
    reference_us_in_program: float | None = None
    step_ns: float | None = None
    child_ns: float | None = None
    ratio_whole: float | None = None
    ratio_in_program: float | None = None
    ratio_whole_child: float | None = None
    ratio_in_program_child: float | None = None
    c_ns: float | None = None
    over_c: float | None = None
    same_as_c: bool | None = None
    cold_seconds: float | None = None
    fresh_seconds: float | None = None
    loaded_seconds: float | None = None
    unanswered: float = 0.0
    agreed: int = 0
    disagreed: int = 0


def summary(figures: Iterable[Figures]) -> dict[str, object]:
    """Return the means over the corpus's compiled programs: geometric for ratios, medians for seconds."""
    counted = [one for one in figures if one.in_corpus]

    def of(take: Callable[[Figures], float | None], mean: Callable[[Sequence[float]], float]) -> float | None:
        found = [value for one in counted if (value := take(one)) is not None]
        return mean(found) if found else None

    return {
        "programs": len(counted),
        "tiers": dict(Counter(one.tier for one in counted)),
        "disagreed": sum(one.disagreed for one in counted),
        "geometric_mean_ratio_whole": of(lambda one: one.ratio_whole, statistics.geometric_mean),
        "geometric_mean_ratio_in_program": of(lambda one: one.ratio_in_program, statistics.geometric_mean),
        "geometric_mean_ratio_whole_child": of(lambda one: one.ratio_whole_child, statistics.geometric_mean),
        "geometric_mean_ratio_in_program_child": of(lambda one: one.ratio_in_program_child, statistics.geometric_mean),
        "least_ratio_whole": of(lambda one: one.ratio_whole, min),
        "least_ratio_in_program": of(lambda one: one.ratio_in_program, min),
        "geometric_mean_over_c": of(lambda one: one.over_c, statistics.geometric_mean),
        "least_over_c": of(lambda one: one.over_c, min),
        "median_cold_seconds": of(lambda one: one.cold_seconds, statistics.median),
        "median_fresh_seconds": of(lambda one: one.fresh_seconds, statistics.median),
        "median_loaded_seconds": of(lambda one: one.loaded_seconds, statistics.median),
        "most_loaded_seconds": of(lambda one: one.loaded_seconds, max),
    }


def print_table(figures: Sequence[Figures], machine: Mapping[str, object]) -> None:
    """Print all figures and their means."""
    console = Console(width=None if Console().is_terminal else 170)
    console.print(", ".join(f"{key} {value}" for key, value in machine.items()), highlight=False)
    table = Table("program", "tier", box=None, pad_edge=False)
    for head in (
        "reference µs\n(in program)",
        "step ns\n(child)",
        "reference /\nstep",
        "in program /\nstep",
        "step / C",
        "compile s: cold,\ncached, loaded",
        "checked",
    ):
        table.add_column(head, justify="right")
    for one in figures:
        table.add_row(*_cells(one))
    console.print(table)
    for one in figures:
        if one.not_compiled is not None:
            console.print(f"{one.program} is not compiled: {one.not_compiled}", highlight=False, markup=False)
    for key, value in summary(figures).items():
        shown = f"{value:,.3g}" if isinstance(value, float) and value < 1000 else value
        console.print(
            f"{key.replace('_', ' ')}: {f'{value:,.0f}' if shown is value and isinstance(value, float) else shown}"
        )


def _cells(one: Figures) -> list[str]:
    def number(value: float | None, digits: int = 0) -> str:
        return "" if value is None else f"{value:,.{digits}f}"

    seconds = ", ".join(number(value, 2) for value in (one.cold_seconds, one.fresh_seconds)) if one.cold_seconds else ""
    loaded = f", {number(one.loaded_seconds, 3)}" if one.step_ns is not None else ""
    over_c = number(one.over_c, 2) + ("" if one.same_as_c is not False else " *")
    notes = [str(one.agreed)] if one.agreed else []
    notes += [f"{one.disagreed} differ"] if one.disagreed else []
    notes += [f"{one.unanswered:.0%} unanswered"] if one.unanswered >= 0.005 else []
    return [
        one.program,
        one.tier or "",
        f"{number(one.reference_us)} ({number(one.reference_us_in_program)})",
        f"{number(one.step_ns, 1)} ({number(one.child_ns, 1)})" if one.step_ns is not None else "",
        number(one.ratio_whole),
        number(one.ratio_in_program),
        over_c if one.over_c is not None else "",
        seconds + loaded,
        ", ".join(notes),
    ]
