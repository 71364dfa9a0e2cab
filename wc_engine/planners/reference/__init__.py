"""The planners in plain Python: slow, right, and what tests compare the compiled ones with."""

from __future__ import annotations

from wc_engine.planners.reference.best_first import BestFirstReference, Novelty
from wc_engine.planners.reference.breadth_first import ReferenceOutcome, breadth_first_search
from wc_engine.planners.reference.deepening import DeepeningReference
from wc_engine.planners.reference.mcts import MctsReference
from wc_engine.planners.reference.rng import Rng

__all__ = [
    "BestFirstReference",
    "DeepeningReference",
    "MctsReference",
    "Novelty",
    "ReferenceOutcome",
    "Rng",
    "breadth_first_search",
]
