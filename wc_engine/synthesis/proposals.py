"""What is asked of a proposer, and what was found about its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import DataVerdict
from wc_engine.synthesis.evaluation import Evaluation

__all__ = ["ArmKind", "Judged", "ProposalRequest"]


class ArmKind(StrEnum):
    """What to do to a program."""

    FRESH = "fresh"
    """Write one from nothing."""
    REFINE_TRANSITION = "refine_transition"
    """Next states are mispredicted."""
    REFINE_REWARD = "refine_reward"
    """Rewards or ends are mispredicted."""
    REFINE_TO_PLAN = "refine_to_plan"
    """It reproduces the data, and some initial state has no plan."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and what was found about it."""

    candidate: Candidate
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class ProposalRequest:
    """One request for a program.

    Attributes:
        kind: what is to be done.
        parent: the program to improve on; None where one is to be written from nothing.
        verdict: phi_1 of the parent, or None.
        unplannable: initial states and missions for which the parent has no plan.
        held: phi_1 of the program that was held when the synthesis began, or None.
    """

    kind: ArmKind
    parent: Candidate | None = None
    verdict: DataVerdict | None = field(default=None, repr=False)
    unplannable: tuple[tuple[State, str], ...] = field(default=(), repr=False)
    held: DataVerdict | None = field(default=None, repr=False)

    @classmethod
    def about(cls, kind: ArmKind, judged: Judged | None, held: DataVerdict | None = None) -> ProposalRequest:
        """Return the request for another form of a program, or for a new one."""
        if judged is None:
            return cls(kind, held=held)
        optimism = judged.evaluation.optimism
        unplannable = () if optimism is None else optimism.unplannable
        return cls(kind, judged.candidate, judged.evaluation.data, unplannable, held)
