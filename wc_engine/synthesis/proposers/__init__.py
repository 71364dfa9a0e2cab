"""Proposers write world-model programs."""

from wc_engine.synthesis.proposers.base import Proposer

__all__ = ["Proposer"]
