"""Language models and the inducer together: each does what the other cannot.

Rules cost nothing, so the inducer is asked first about every program: from nothing, and about each program that a model
wrote, which it repairs. What rules cannot say is a question for a model. That is what they have no answer for, and also
what they only seem to say: where more than every other new transition contradicts them, they list cases.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from wc_engine.errors import SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.synthesis.proposals import ProposalRequest
from wc_engine.synthesis.proposers.base import BatchProposer, Proposer, VerdictReader

__all__ = ["MixedProposer"]


class MixedProposer:
    """Asks a free proposer first, and one that costs something where that has nothing new to say.

    Args:
        free: the inducer.
        paid: language models.
        min_transitions: transitions before ``paid`` is asked at all; 10 in the paper.
        window: transitions, the latest, among which contradictions are counted.
    """

    name = "llm+inductive"

    def __init__(self, free: Proposer, paid: BatchProposer, *, min_transitions: int = 10, window: int = 12) -> None:
        self.free = free
        self.paid = paid
        self._min_transitions = min_transitions
        self._window = window
        self._num_transitions = 0
        self._contradicted: list[int] = []
        self._asked: set[tuple[object, ...]] = set()
        self._given: set[str] = set()

    @property
    def memory(self) -> tuple[int, tuple[int, ...]]:
        """How many transitions there were the last time, and after which ones the program that was held was wrong."""
        return self._num_transitions, tuple(self._contradicted)

    @memory.setter
    def memory(self, memory: tuple[int, tuple[int, ...]]) -> None:
        self._num_transitions, self._contradicted = memory[0], list(memory[1])

    def settle(self) -> None:
        """Forget, between two episodes, what was asked about the transitions that there are."""
        self._asked.clear()
        self._given.clear()

    def propose_all(
        self, transitions: Sequence[Transition], requests: Sequence[ProposalRequest], rng: random.Random
    ) -> list[str | SynthesisError | None]:
        """Return the first answer that is free, and nothing for the others; else answers to all, which are paid for.

        Args:
            transitions: what was seen.
            requests: what is wanted.
            rng: the source of any randomness.
        """
        is_enough = len(transitions) >= self._min_transitions
        if len(transitions) != self._num_transitions:  # there is more to go by: all questions are new
            self._note_more(len(transitions), requests)
            if is_enough and 2 * len(self._contradicted) > self._window:
                return self.paid.propose_all(transitions, requests, rng)
        for number, request in enumerate(requests):
            text = self._free_answer(transitions, request, rng)
            if text is not None:
                # After this one the others may need no answer any more.
                return [text if place == number else None for place in range(len(requests))]
        if not is_enough:
            few = f"models are asked once there are {self._min_transitions} transitions"
            return [SynthesisError(few) for _ in requests]
        return self.paid.propose_all(transitions, requests, rng)

    def _note_more(self, num_transitions: int, requests: Sequence[ProposalRequest]) -> None:
        """Take in that there are more transitions, and whether they contradict the program that was held."""
        self._num_transitions = num_transitions
        self._asked.clear()
        self._given.clear()
        self._contradicted = [number for number in self._contradicted if number > num_transitions - self._window]
        if any(request.held is not None and not request.held.holds for request in requests):
            self._contradicted.append(num_transitions)

    def _free_answer(
        self, transitions: Sequence[Transition], request: ProposalRequest, rng: random.Random
    ) -> str | None:
        """Return the inducer's program where it was not asked this before and it is a new one."""
        parent = request.parent
        question = (None if parent is None else parent.text, request.unplannable)
        if question in self._asked:
            return None
        self._asked.add(question)
        if parent is not None and request.verdict is not None and isinstance(self.free, VerdictReader):
            self.free.note_verdict(parent, request.verdict)
        try:
            text = self.free.propose(transitions, request.unplannable, parent, rng)
        except SynthesisError:
            return None
        if text in self._given or (parent is not None and text == parent.text):
            return None
        self._given.add(text)
        return text
