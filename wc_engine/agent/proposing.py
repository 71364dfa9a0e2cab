"""Who writes the programs of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from wc_engine.agent.config import LearnConfig, ProposerName
from wc_engine.agent.repeating import Asked, Judge, RepeatableProposer
from wc_engine.agent.saving import SavedModels
from wc_engine.models.dataset import Transition
from wc_engine.synthesis.llm.client import LlmClient
from wc_engine.synthesis.llm.costs import Usage
from wc_engine.synthesis.llm.proposer import LlmProposer
from wc_engine.synthesis.proposers.base import AnyProposer
from wc_engine.synthesis.proposers.inductive import InductiveProposer
from wc_engine.synthesis.proposers.mixed import MixedProposer

__all__ = ["ProposerSource", "open_proposers"]


class ProposerSource:
    """The proposer of a run, which can be replaced by one that knows nothing, and brought back in a later process.

    Args:
        make: makes one, and says which part of it is brought back by repeating what it was asked.
        client: the client of language models, where they write.
    """

    def __init__(
        self, make: Callable[[], tuple[AnyProposer, RepeatableProposer | None]], client: LlmClient | None = None
    ) -> None:
        self._make = make
        self.client = client
        self.current, self._repeatable = make()

    @property
    def asked(self) -> list[Asked]:
        """What the proposer was asked, where that is needed to bring it back; else nothing."""
        return [] if self._repeatable is None else self._repeatable.asked

    def repeat(self, asked: Iterable[Asked], transitions: Sequence[Transition], judge: Judge) -> None:
        """Bring back the proposer that was asked all this, as ``RepeatableProposer.repeat`` does."""
        if self._repeatable is not None:
            self._repeatable.repeat(asked, transitions, judge)

    def settle(self) -> None:
        """Forget, between two episodes, what a checkpoint does not hold."""
        if isinstance(self.current, MixedProposer):
            self.current.settle()

    def saved_models(self) -> SavedModels | None:
        """Return what language models were asked, where they write."""
        if self.client is None:
            return None
        mixed = self.current.memory if isinstance(self.current, MixedProposer) else None
        return SavedModels(draws=dict(self.client.draws), usage=self.client.usage, mixed=mixed)

    def restore_models(self, saved: SavedModels | None, spent: Usage) -> None:
        """Go on from what language models were asked before: the next answers are the ones after those.

        Args:
            saved: what a checkpoint says of them.
            spent: what they have cost, those that were asked after the checkpoint included.
        """
        if self.client is None or saved is None:
            return
        self.client.draws.update(saved.draws)
        self.client.go_on(max(saved.usage, spent, key=lambda usage: usage.calls))
        if isinstance(self.current, MixedProposer) and saved.mixed is not None:
            self.current.memory = saved.mixed

    def forget(self) -> None:
        """Begin with a new one."""
        self.current, self._repeatable = self._make()


@contextmanager
def open_proposers(config: LearnConfig) -> Iterator[ProposerSource]:
    """Provide the proposer of a run.

    Raises:
        UserInputError: the cache of calls or the table of prices cannot be read.
    """

    def inductive(*, memorises: bool) -> RepeatableProposer:
        return RepeatableProposer(InductiveProposer(optimistic=config.synthesis.optimism, memorises=memorises))

    def alone() -> tuple[AnyProposer, RepeatableProposer]:
        one = inductive(memorises=True)
        return one, one

    if config.proposer is ProposerName.INDUCTIVE or config.llm is None:
        yield ProposerSource(alone)
        return
    with LlmClient(config.llm) as client:

        def mixed() -> tuple[AnyProposer, RepeatableProposer]:
            one = inductive(memorises=False)  # what rules cannot say is a model's to explain
            return MixedProposer(one, LlmProposer(client)), one

        if config.proposer is ProposerName.LLM:
            yield ProposerSource(lambda: (LlmProposer(client), None), client)
        else:
            yield ProposerSource(mixed, client)
