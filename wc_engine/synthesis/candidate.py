"""A candidate: one program of a synthesis, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from wc_engine.models.program import Program

__all__ = ["Candidate"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One program in the tree of programs.

    Attributes:
        program: the program.
        index: its number in the run, from 1, in order of proposal; 0 for the program that another run left.
        proposer: who wrote it, ``"inductive"`` for example.
        parent: the candidate it refines, or None where it was written from nothing.
    """

    program: Program = field(repr=False)
    index: int
    proposer: str
    parent: Candidate | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The program's text."""
        return self.program.text

    def ancestry(self) -> Iterator[Candidate]:
        """Yield this candidate, its parent, and so on up to the first."""
        candidate: Candidate | None = self
        while candidate is not None:
            yield candidate
            candidate = candidate.parent
