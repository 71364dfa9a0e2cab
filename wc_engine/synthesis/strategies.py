"""Which arm to pull next: which program to ask for another form of, and in which respect.

An arm is a program with a kind of refinement; the first one stands for a program from nothing. A strategy only chooses
among arms: what becomes of the answers is the synthesizer's concern.

Source:
    Tang et al. (2024), "Code Repair with LLMs gives an Exploration-Exploitation Tradeoff" (REx and the baselines);
    the arms are those of the released code of WorldCoder.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wc_engine.synthesis.constraints import Counterexample
from wc_engine.synthesis.proposals import ArmKind, Judged

__all__ = ["Arm", "BreadthFirst", "FixedWidth", "Greedy", "Rex", "Strategy", "StrategyName", "arms_of"]


class StrategyName(StrEnum):
    """A strategy by name."""

    REX = "rex"
    GREEDY = "greedy"
    BREADTH_FIRST = "breadth-first"
    FIXED_WIDTH = "fixed-width"


@dataclass(slots=True, eq=False)
class Arm:
    """One program in one respect, and what came of asking for refinements.

    Attributes:
        kind: what to do to the program.
        judged: the program, or None for the arm that writes one from nothing.
        heuristic: h of the program, 0 to 1.
        calls: how often it was pulled.
        failures: answers to it that were no solution.
    """

    kind: ArmKind = ArmKind.FRESH
    judged: Judged | None = None
    heuristic: float = 0.0
    calls: int = 0
    failures: int = 0

    @property
    def cause(self) -> Counterexample | None:
        """The first transition that the program gets wrong in this respect, or None."""
        wrong = () if self.judged is None else self.judged.evaluation.data.counterexamples
        of_reward = self.kind is ArmKind.REFINE_REWARD
        return next((one for one in wrong if (one.wrong_reward if of_reward else one.wrong_state)), None)


def arms_of(judged: Judged, heuristic: float) -> list[Arm]:
    """Return the arms of a program that is no solution: one for each respect in which it fails."""
    data, optimism = judged.evaluation.data, judged.evaluation.optimism
    kinds = {
        ArmKind.REFINE_TRANSITION: any(one.wrong_state for one in data.counterexamples),
        ArmKind.REFINE_REWARD: any(one.wrong_reward for one in data.counterexamples),
        ArmKind.REFINE_TO_PLAN: optimism is not None and not optimism.holds,
    }
    return [Arm(kind, judged, heuristic) for kind, fails in kinds.items() if fails]


class Strategy(Protocol):
    """Chooses among arms."""

    def select(self, arms: Sequence[Arm]) -> Arm:
        """Return the arm to pull; the first of ``arms`` writes from nothing, the others are in order of arrival."""
        ...


class Rex:
    """Thompson sampling: the arm with the largest sample from the belief about it.

    Args:
        weight: C, how much h counts against experience, >= 0 (the REx paper finds 20 good everywhere).
        rng: the source of the samples.
    """

    def __init__(self, weight: float, rng: random.Random) -> None:
        if weight < 0:
            raise ValueError(f"the weight C must not be negative, got {weight}")
        self._weight = weight
        self._rng = rng

    def belief(self, arm: Arm) -> tuple[float, float]:
        """Return the two parameters of the Beta belief about an arm.

        ``Beta(1 + C h, 1 + C (1 - h) + N)``, N the failed refinements; ``Beta(1, 1 + N)`` for a program from nothing.
        """
        if arm.judged is None:
            return (1.0, 1.0 + arm.failures)
        gain = self._weight * arm.heuristic
        return (1.0 + gain, 1.0 + self._weight - gain + arm.failures)

    def select(self, arms: Sequence[Arm]) -> Arm:
        """Return the arm with the largest sample."""
        samples = [self._rng.betavariate(*self.belief(arm)) for arm in arms]
        return arms[max(range(len(samples)), key=samples.__getitem__)]


class Greedy:
    """Always the best program so far; chance decides between equals.

    Args:
        rng: decides between equals.
        fresh: what a program from nothing is worth beside h.
    """

    def __init__(self, rng: random.Random, fresh: float = 0.0) -> None:
        self._rng = rng
        self._fresh = fresh

    def select(self, arms: Sequence[Arm]) -> Arm:
        """Return an arm of highest h."""
        worth = [self._fresh if arm.judged is None else arm.heuristic for arm in arms]
        best = max(worth)
        return self._rng.choice([arm for arm, value in zip(arms, worth, strict=True) if value == best])


class BreadthFirst:
    """Arms in order of arrival, each pulled a fixed number of times; then programs from nothing.

    Args:
        branching: how often, >= 1; 3 in the REx paper's code.
    """

    def __init__(self, branching: int) -> None:
        if branching < 1:
            raise ValueError(f"branching must be at least 1, got {branching}")
        self._branching = branching

    def select(self, arms: Sequence[Arm]) -> Arm:
        """Return the first arm that was not pulled so often yet."""
        return next((arm for arm in arms if arm.calls < self._branching), arms[0])


class FixedWidth:
    """A fixed number of programs from nothing; then every program is refined once in each respect, in order of arrival.

    Args:
        width: how many, >= 1.
    """

    def __init__(self, width: int) -> None:
        if width < 1:
            raise ValueError(f"width must be at least 1, got {width}")
        self._width = width

    def select(self, arms: Sequence[Arm]) -> Arm:
        """Return the arm that is next."""
        if arms[0].calls < self._width:
            return arms[0]
        return next((arm for arm in arms[1:] if not arm.calls), arms[0])
