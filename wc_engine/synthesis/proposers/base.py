"""What a proposer is: something that writes programs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from wc_engine.errors import SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import DataVerdict
from wc_engine.synthesis.proposals import ProposalRequest

__all__ = ["AnyProposer", "BatchProposer", "Proposer", "VerdictReader"]


@runtime_checkable
class Proposer(Protocol):
    """Writes world-model programs from transitions."""

    @property
    def name(self) -> str:
        """What runs and reports call it."""
        ...

    def propose(
        self,
        transitions: Sequence[Transition],
        unplannable: Sequence[tuple[State, str]],
        parent: Candidate | None,
        rng: random.Random,
    ) -> str:
        """Return the text of a program.

        Args:
            transitions: what was seen, oldest first.
            unplannable: initial states and missions for which ``parent`` has no plan.
            parent: the program to improve on, or None to write one from nothing.
            rng: the source of any randomness.

        Raises:
            SynthesisError: there is no program to offer.
        """
        ...


@runtime_checkable
class VerdictReader(Protocol):
    """A proposer that wants to know how the program that it is to improve on fails."""

    def note_verdict(self, candidate: Candidate, verdict: DataVerdict) -> None:
        """Take in phi_1 of a program, on the transitions that ``propose`` will be given with it next."""
        ...


@runtime_checkable
class BatchProposer(Protocol):
    """Answers several requests at once, each for a program in one respect."""

    @property
    def name(self) -> str:
        """What runs and reports call it."""
        ...

    def propose_all(
        self, transitions: Sequence[Transition], requests: Sequence[ProposalRequest], rng: random.Random
    ) -> list[str | SynthesisError | None]:
        """Return, for each request, the text of a program, or why there is none, or None where it is to be put off.

        Something else that is answered may make those superfluous that are put off; at least one has an answer.

        Args:
            transitions: what was seen, oldest first.
            requests: what is wanted.
            rng: the source of any randomness.
        """
        ...


AnyProposer: TypeAlias = Proposer | BatchProposer
"""Either of the two."""
