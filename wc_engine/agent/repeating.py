"""A proposer that can be brought back: it is asked again what it was asked.

What a proposer has learned from its requests is its own affair, and mostly nothing that a file could hold. One whose
answers depend on its requests alone is the same again once a new one has been asked the same; that takes the time
that the proposer took, but no plan is sought, and programs are judged only where the proposer was told the verdict.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from wc_engine.errors import SynthesisError, UserInputError
from wc_engine.models.dataset import Transition
from wc_engine.models.program import Program
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import DataVerdict
from wc_engine.synthesis.proposers.base import Proposer, VerdictReader

__all__ = ["Asked", "Judge", "RepeatableProposer"]

Judge: TypeAlias = Callable[[Program, Sequence[Transition]], DataVerdict]
"""Says what a program gets wrong of some transitions."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of ``Proposer.propose``.

    Attributes:
        num_transitions: how many transitions it was given, the first ones of all.
        unplannable: the initial states without a plan.
        parent: the program to improve on, or None.
        judged: it was told what the parent gets wrong.
        answer: the digest of the text that came back, or None where none did.
    """

    num_transitions: int
    unplannable: tuple[tuple[State, str], ...]
    parent: Candidate | None
    judged: bool
    answer: str | None


class RepeatableProposer:
    """Keeps what a proposer was asked.

    Args:
        proposer: one whose answers depend on its requests alone, not on ``rng``.

    Attributes:
        asked: the requests, in order.
    """

    def __init__(self, proposer: Proposer) -> None:
        self._proposer = proposer
        self.asked: list[Asked] = []
        self._judged: str | None = None

    @property
    def name(self) -> str:
        """The proposer's name."""
        return self._proposer.name

    def note_verdict(self, candidate: Candidate, verdict: DataVerdict) -> None:
        """Pass on what a program gets wrong, to a proposer that wants to know."""
        if isinstance(self._proposer, VerdictReader):
            self._proposer.note_verdict(candidate, verdict)
            self._judged = None if verdict.holds else candidate.text

    def propose(
        self,
        transitions: Sequence[Transition],
        unplannable: Sequence[tuple[State, str]],
        parent: Candidate | None,
        rng: random.Random,
    ) -> str:
        """Pass the request on, and its answer back; raises what the proposer raises."""
        answer: str | None = None
        try:
            text = self._proposer.propose(transitions, unplannable, parent, rng)
            answer = _digest(text)
        finally:
            judged = parent is not None and parent.text == self._judged
            self.asked.append(Asked(len(transitions), tuple(unplannable), parent, judged, answer))
        return text

    def repeat(self, asked: Iterable[Asked], transitions: Sequence[Transition], judge: Judge) -> None:
        """Ask again what an earlier one was asked, so that this one knows what that one knew.

        Args:
            asked: its requests.
            transitions: all transitions; each request was given the first ones.
            judge: says what a program gets wrong.

        Raises:
            UserInputError: an answer is another one now.
        """
        for number, one in enumerate(asked, start=1):
            seen = transitions[: one.num_transitions]
            if one.judged and one.parent is not None:
                self.note_verdict(one.parent, judge(one.parent.program, seen))
            with suppress(SynthesisError):  # as it was then: the digests are compared
                self.propose(seen, one.unplannable, one.parent, random.Random(number))
            if self.asked[-1].answer != one.answer:
                raise UserInputError(
                    f"request {number} to the proposer gives another program than it did: the run was begun with "
                    "another version of wc_engine and cannot be taken up; begin a new one, with --from to keep what "
                    "it saw"
                )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
