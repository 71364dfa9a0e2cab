"""How long a compiled step takes, packed words to packed words, measured in native code."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wc_engine.models.batch import BatchStepper
from wc_engine.models.problem import Problem, U64Array

__all__ = ["PackedSteps", "ns_per_step"]

_ROUNDS = 5
_ROUND_SECONDS = 0.02
_MIN_CALLS = 256


@dataclass(frozen=True, slots=True)
class PackedSteps:
    """Steps of one problem.

    Attributes:
        problem: the problem.
        words: the states before. ``B`` arrays of shape ``[W]``, uint64.
        actions: the index of each action. ``B`` numbers.
    """

    problem: Problem
    words: Sequence[U64Array]
    actions: Sequence[int]


def ns_per_step(groups: Sequence[PackedSteps]) -> float | None:
    """Return the mean nanoseconds of a step over all steps of all groups, or None where there are none.

    Each group is repeated until the clock can measure it; the result is the median of several rounds.
    """
    steppers = [
        (BatchStepper([group.problem]), np.array(group.words, dtype=np.uint64), np.array(group.actions, dtype=np.int32))
        for group in groups
        if len(group.actions)
    ]
    if not steppers:
        return None
    total = sum(len(actions) for _, _, actions in steppers)

    def measure(repeats: int) -> float:
        """Seconds of one pass over all steps."""
        seconds = 0.0
        for stepper, words, actions in steppers:
            times = max(repeats, -(-_MIN_CALLS // len(actions)))
            seconds += stepper.step_seconds(words, actions, repeats=times) / times
        return seconds

    once = measure(1)  # also fills the caches of the processor
    repeats = max(1, min(1_000_000, int(_ROUND_SECONDS / max(once, 1e-9))))
    return statistics.median(measure(repeats) for _ in range(_ROUNDS)) / total * 1e9
