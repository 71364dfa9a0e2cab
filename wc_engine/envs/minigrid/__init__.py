"""MiniGrid's environments as symbolic worlds. The package ``minigrid`` is imported when one is made or listed."""

from __future__ import annotations

from wc_engine.envs.minigrid.catalogue import CURRICULUM, catalogue
from wc_engine.envs.minigrid.environment import MiniGridEnvironment

__all__ = ["CURRICULUM", "MiniGridEnvironment", "catalogue"]
