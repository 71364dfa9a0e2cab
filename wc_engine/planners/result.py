"""What every planner returns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["PlanResult", "SearchStatus"]


class SearchStatus(StrEnum):
    """Why a search ended."""

    SOLVED = "solved"
    """A plan was found."""
    EXHAUSTED = "exhausted"
    """The whole space was searched: no plan exists in the model."""
    TIME = "time"
    """The deadline passed."""
    MEMORY = "memory"
    """The memory limit was reached."""
    BUDGET = "budget"
    """The limit on expansions or simulations was reached."""
    INTERRUPTED = "interrupted"
    """Ctrl-C; what was found so far is returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """The outcome of one search.

    Attributes:
        plan: the actions from the initial state to a step with done and a positive reward; None where none was found.
        status: why the search ended.
        expanded: states whose successors were generated.
        generated: successors generated, duplicates included.
        seconds: wall-clock time of the search, compilation and binding apart.
        bytes: memory that the search held at its end.
        planner: the planner's name.
        seed: the seed, or None where the planner uses none.
        stored: distinct states held at its end (iterative deepening: those that its path has room for); 0 where the
            plan was known before.
        reason: why this planner was chosen, in words, where ``auto`` chose it; else empty.
    """

    plan: tuple[str, ...] | None
    status: SearchStatus
    expanded: int
    generated: int
    seconds: float
    bytes: int
    planner: str
    seed: int | None = None
    stored: int = 0
    reason: str = ""

    @property
    def solved(self) -> bool:
        """Whether a plan was found."""
        return self.status is SearchStatus.SOLVED
