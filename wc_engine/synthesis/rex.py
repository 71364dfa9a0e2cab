"""REx: which program to refine next, by Thompson sampling over the tree of programs.

Each program p is an arm with the belief Beta(1 + C h(p), 1 + C (1 - h(p)) + N_p), where h is the share of constraints
that it meets and N_p counts its refinements that were no solution. The root, a program from nothing, is Beta(1, 1),
and its failures count as well.

Source:
    Tang et al. (2024), "Code Repair with LLMs gives an Exploration-Exploitation Tradeoff".
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from wc_engine.synthesis.candidate import Candidate

__all__ = ["RexArm", "RexTree"]


@dataclass(slots=True)
class RexArm:
    """One program and what is believed of its refinements.

    Attributes:
        candidate: the program, or None for the root.
        heuristic: h, the share of constraints met, 0 to 1.
        failures: refinements that did not meet all constraints.
    """

    candidate: Candidate | None
    heuristic: float
    failures: int = 0

    def belief(self, weight: float) -> tuple[float, float]:
        """Return the two parameters of the Beta belief; ``weight`` is C."""
        if self.candidate is None:
            return (1.0, 1.0 + self.failures)
        return (1.0 + weight * self.heuristic, 1.0 + weight * (1.0 - self.heuristic) + self.failures)


class RexTree:
    """The programs of one synthesis as arms.

    Args:
        weight: C, how much h counts against experience, >= 0 (the REx paper finds 20 good everywhere).
        rng: the source of the samples.
    """

    def __init__(self, weight: float, rng: random.Random) -> None:
        if weight < 0:
            raise ValueError(f"the weight C must not be negative, got {weight}")
        self._weight = weight
        self._rng = rng
        self._arms = [RexArm(None, 0.0)]

    @property
    def arms(self) -> tuple[RexArm, ...]:
        """All arms, the root first, then in order of arrival."""
        return tuple(self._arms)

    def add(self, candidate: Candidate, heuristic: float) -> RexArm:
        """Add a program with its h.

        Raises:
            ValueError: ``heuristic`` is not within 0 and 1.
        """
        if not 0.0 <= heuristic <= 1.0:
            raise ValueError(f"h lies within 0 and 1, got {heuristic}")
        arm = RexArm(candidate, heuristic)
        self._arms.append(arm)
        return arm

    def select(self) -> RexArm:
        """Return the arm with the largest sample from its belief."""
        samples = [self._rng.betavariate(*arm.belief(self._weight)) for arm in self._arms]
        return self._arms[max(range(len(samples)), key=samples.__getitem__)]

    def best(self) -> RexArm:
        """Return the arm of highest h, the latest of equals; the root where there is no other."""
        return max(
            self._arms[1:],
            key=lambda arm: (arm.heuristic, arm.candidate.index if arm.candidate else 0),
            default=self._arms[0],
        )
