"""The offline proposer: deictic, lifted rules learned from transitions."""

from wc_engine.synthesis.proposers.inductive.novelty import ContextIndex
from wc_engine.synthesis.proposers.inductive.proposer import InductiveProposer

__all__ = ["ContextIndex", "InductiveProposer"]
