"""Synthesis: propose, judge, and refine by REx until a program meets both constraints or the budget is spent."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wc_engine.errors import InvalidModelError, SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.models.program import Program
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.evaluation import Evaluation, Evaluator, ProgramRunner
from wc_engine.synthesis.proposers.base import Proposer, VerdictReader
from wc_engine.synthesis.rex import RexTree

__all__ = ["Judged", "SynthesisConfig", "Synthesizer"]

_MAX_FRUITLESS = 6
"""Proposals in a row that are no program, or none that is new, after which a synthesis gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisConfig:
    """Settings of a synthesis.

    Attributes:
        max_proposals: proposals in one synthesis, >= 1.
        rex_weight: C of REx, >= 0.
        optimism: ask for phi_2, not for phi_1 alone.
    """

    max_proposals: int = 30
    rex_weight: float = 20.0
    optimism: bool = True

    def __post_init__(self) -> None:
        if self.max_proposals < 1:
            raise ValueError(f"max_proposals must be at least 1, got {self.max_proposals}")
        if self.rex_weight < 0:
            raise ValueError(f"rex_weight must not be negative, got {self.rex_weight}")


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and what was found about it."""

    candidate: Candidate
    evaluation: Evaluation


class Synthesizer:
    """Runs syntheses one after the other; each begins with the program of the last.

    Args:
        proposer: who writes programs.
        runner: where programs run and plans come from.
        config: settings.
        rng: the source of all randomness.
        on_proposal: called with each judged candidate.
        num_candidates: programs proposed in the part of the run that was before; numbers go on from there.
    """

    def __init__(
        self,
        proposer: Proposer,
        runner: ProgramRunner,
        config: SynthesisConfig,
        rng: random.Random,
        on_proposal: Callable[[Judged], None] | None = None,
        *,
        num_candidates: int = 0,
    ) -> None:
        self._proposer = proposer
        self._evaluator = Evaluator(runner)
        self._config = config
        self._rng = rng
        self._on_proposal = on_proposal
        self.num_candidates = num_candidates

    def judge(
        self, candidate: Candidate, transitions: Sequence[Transition], initial: Sequence[tuple[State, str]]
    ) -> Judged:
        """Judge a candidate on the data as they are now."""
        asked = initial if self._config.optimism else ()
        return Judged(candidate, self._evaluator.evaluate(candidate.program, transitions, asked))

    def synthesize(
        self,
        transitions: Sequence[Transition],
        initial: Sequence[tuple[State, str]],
        start: Candidate | None,
    ) -> Judged | None:
        """Return a program that meets both constraints, or the best one found; None where there is none at all.

        Args:
            transitions: what was seen, oldest first.
            initial: initial states and missions met so far.
            start: the program to begin with, or None.
        """
        tree = RexTree(self._config.rex_weight, self._rng)
        judged: dict[str, Judged] = {}
        if start is not None:
            first = self.judge(start, transitions, initial)
            if first.evaluation.holds:
                return first
            judged[start.text] = first
            tree.add(start, first.evaluation.heuristic)
        fruitless = 0
        for _ in range(self._config.max_proposals):
            if fruitless == _MAX_FRUITLESS:
                break
            arm = tree.select()
            parent = None if arm.candidate is None else judged[arm.candidate.text]
            one = self._propose(transitions, initial, parent)
            if one is None or one.candidate.text in judged:
                arm.failures += 1
                fruitless += 1
                continue
            fruitless = 0
            judged[one.candidate.text] = one
            if self._on_proposal is not None:
                self._on_proposal(one)
            if one.evaluation.holds:
                return one
            arm.failures += 1
            tree.add(one.candidate, one.evaluation.heuristic)
        best = tree.best().candidate
        return None if best is None else judged[best.text]

    def _propose(
        self, transitions: Sequence[Transition], initial: Sequence[tuple[State, str]], parent: Judged | None
    ) -> Judged | None:
        unplannable: tuple[tuple[State, str], ...] = ()
        if parent is not None and parent.evaluation.optimism is not None:
            unplannable = parent.evaluation.optimism.unplannable
        origin = None if parent is None else parent.candidate
        if parent is not None and isinstance(self._proposer, VerdictReader):
            self._proposer.note_verdict(parent.candidate, parent.evaluation.data)
        try:
            text = self._proposer.propose(transitions, unplannable, origin, self._rng)
            program = Program.from_text(text)
        except (SynthesisError, InvalidModelError):
            return None
        self.num_candidates += 1
        candidate = Candidate(program, self.num_candidates, self._proposer.name, origin)
        return self.judge(candidate, transitions, initial)
