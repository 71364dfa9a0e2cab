"""Who writes the programs of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wc_engine.agent.config import LearnConfig, ProposerName
from wc_engine.synthesis.llm.client import LlmClient
from wc_engine.synthesis.llm.proposer import LlmProposer
from wc_engine.synthesis.proposers.base import Proposer
from wc_engine.synthesis.proposers.inductive import InductiveProposer

__all__ = ["open_proposer"]


@contextmanager
def open_proposer(config: LearnConfig) -> Iterator[tuple[Proposer, LlmClient | None]]:
    """Provide the proposer of a run, and the client of language models where there is one.

    Raises:
        UserInputError: the cache of calls or the table of prices cannot be read.
    """
    if config.proposer is ProposerName.INDUCTIVE or config.llm is None:
        yield InductiveProposer(), None
        return
    with LlmClient(config.llm) as client:
        yield LlmProposer(client), client
