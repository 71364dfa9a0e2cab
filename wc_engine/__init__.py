"""wc_engine: learn a world model as a Python program, compile it, and plan with it natively.

The public names load on first use, so that ``import wc_engine`` stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wc_engine.envs.gym_registration import register_with_gymnasium
from wc_engine.include_path import get_include

if TYPE_CHECKING:
    from wc_engine.envs.gym_make import make_vec
    from wc_engine.models.capsule import CapsuleProblem
    from wc_engine.planners.embedding import Planner, plan, plan_async
    from wc_engine.planners.graph_search import BreadthFirstConfig, breadth_first_search
    from wc_engine.planners.interpreted import InterpretedProblem
    from wc_engine.planners.mcts import mcts_plan
    from wc_engine.planners.mcts_config import MctsConfig
    from wc_engine.planners.result import PlanResult, SearchStatus
    from wc_engine.state.entities import Entity, State

__all__ = [
    "BreadthFirstConfig",
    "CapsuleProblem",
    "Entity",
    "InterpretedProblem",
    "MctsConfig",
    "PlanResult",
    "Planner",
    "SearchStatus",
    "State",
    "__version__",
    "breadth_first_search",
    "get_include",
    "make_vec",
    "mcts_plan",
    "plan",
    "plan_async",
]

__version__ = "0.1.0"

_HOMES = {
    "BreadthFirstConfig": "wc_engine.planners.graph_search",
    "CapsuleProblem": "wc_engine.models.capsule",
    "Entity": "wc_engine.state.entities",
    "InterpretedProblem": "wc_engine.planners.interpreted",
    "MctsConfig": "wc_engine.planners.mcts_config",
    "PlanResult": "wc_engine.planners.result",
    "Planner": "wc_engine.planners.embedding",
    "SearchStatus": "wc_engine.planners.result",
    "State": "wc_engine.state.entities",
    "breadth_first_search": "wc_engine.planners.graph_search",
    "make_vec": "wc_engine.envs.gym_make",
    "mcts_plan": "wc_engine.planners.mcts",
    "plan": "wc_engine.planners.embedding",
    "plan_async": "wc_engine.planners.embedding",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'wc_engine' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


register_with_gymnasium()
