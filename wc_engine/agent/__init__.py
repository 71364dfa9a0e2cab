"""The agent: it acts in an environment, learns a world model of it, and plans with that."""

from wc_engine.agent.agent import Agent
from wc_engine.agent.config import AgentConfig, LearnConfig, PlanningConfig
from wc_engine.agent.episode import AgentEvent, EpisodeEnd, EpisodeRecord, EventKind, Progress
from wc_engine.agent.learn import LearnSummary, learn

__all__ = [
    "Agent",
    "AgentConfig",
    "AgentEvent",
    "EpisodeEnd",
    "EpisodeRecord",
    "EventKind",
    "LearnConfig",
    "LearnSummary",
    "PlanningConfig",
    "Progress",
    "learn",
]
