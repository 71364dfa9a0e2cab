"""Sokoban: rules, levels, generator and environment."""

from __future__ import annotations

from wc_engine.envs.sokoban.environment import SokobanEnvironment
from wc_engine.envs.sokoban.generator import generate
from wc_engine.envs.sokoban.held_out import HeldOutTransition, held_out_transitions
from wc_engine.envs.sokoban.levels import (
    Level,
    LevelError,
    LevelFile,
    format_level,
    parse_levels,
    read_levels,
    write_levels,
)

__all__ = [
    "HeldOutTransition",
    "Level",
    "LevelError",
    "LevelFile",
    "SokobanEnvironment",
    "format_level",
    "generate",
    "held_out_transitions",
    "parse_levels",
    "read_levels",
    "write_levels",
]
