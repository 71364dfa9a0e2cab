"""Who writes the programs of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wc_engine.agent.config import LearnConfig, ProposerName
from wc_engine.synthesis.llm.client import LlmClient
from wc_engine.synthesis.llm.proposer import LlmProposer
from wc_engine.synthesis.proposers.base import AnyProposer
from wc_engine.synthesis.proposers.inductive import InductiveProposer
from wc_engine.synthesis.proposers.mixed import MixedProposer

__all__ = ["ProposerSource", "open_proposers"]


class ProposerSource:
    """The proposer of a run, which can be replaced by one that knows nothing.

    Args:
        make: makes one.
        client: the client of language models, where they write.
    """

    def __init__(self, make: Callable[[], AnyProposer], client: LlmClient | None = None) -> None:
        self._make = make
        self.client = client
        self.current = make()

    def forget(self) -> None:
        """Begin with a new one."""
        self.current = self._make()


@contextmanager
def open_proposers(config: LearnConfig) -> Iterator[ProposerSource]:
    """Provide the proposer of a run.

    Raises:
        UserInputError: the cache of calls or the table of prices cannot be read.
    """
    optimistic = config.synthesis.optimism
    if config.proposer is ProposerName.INDUCTIVE or config.llm is None:
        yield ProposerSource(lambda: InductiveProposer(optimistic=optimistic))
        return
    with LlmClient(config.llm) as client:
        if config.proposer is ProposerName.LLM:
            yield ProposerSource(lambda: LlmProposer(client), client)
        else:
            yield ProposerSource(
                lambda: MixedProposer(InductiveProposer(optimistic=optimistic), LlmProposer(client)), client
            )
