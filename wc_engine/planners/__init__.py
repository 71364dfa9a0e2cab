"""Planners: typed facades over compiled searches of packed states."""

from __future__ import annotations

from wc_engine.planners.auto import GUIDED_PLANNERS, PLANNERS, plan
from wc_engine.planners.best_first import (
    BestFirstConfig,
    WidthConfig,
    a_star_search,
    best_first_width_search,
    greedy_search,
)
from wc_engine.planners.deepening import iterative_deepening_search
from wc_engine.planners.graph_search import BreadthFirstConfig, breadth_first_search
from wc_engine.planners.guidance import prepare
from wc_engine.planners.interpreted import InterpretedProblem
from wc_engine.planners.mcts import MctsPlanner, mcts_plan, mcts_search
from wc_engine.planners.mcts_config import MctsConfig, MctsResult
from wc_engine.planners.result import PlanResult, SearchStatus
from wc_engine.planners.shaping import Bm25Shaping
from wc_engine.planners.value_iteration import (
    SweepMethod,
    ValueIterationConfig,
    ValueIterationResult,
    value_iteration_plan,
    value_iteration_search,
)

__all__ = [
    "GUIDED_PLANNERS",
    "PLANNERS",
    "BestFirstConfig",
    "Bm25Shaping",
    "BreadthFirstConfig",
    "InterpretedProblem",
    "MctsConfig",
    "MctsPlanner",
    "MctsResult",
    "PlanResult",
    "SearchStatus",
    "SweepMethod",
    "ValueIterationConfig",
    "ValueIterationResult",
    "WidthConfig",
    "a_star_search",
    "best_first_width_search",
    "breadth_first_search",
    "greedy_search",
    "iterative_deepening_search",
    "mcts_plan",
    "mcts_search",
    "plan",
    "prepare",
    "value_iteration_plan",
    "value_iteration_search",
]
