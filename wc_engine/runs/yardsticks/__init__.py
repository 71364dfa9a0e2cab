"""What planners are measured by: programs by hand in C, each for one purpose, and the program that was learned."""

from __future__ import annotations

from wc_engine.runs.yardsticks.c_library import compiler
from wc_engine.runs.yardsticks.c_sokoban import ACTIONS, OPEN_LEVEL, CSokobanProblem, level_from_text
from wc_engine.runs.yardsticks.machine import machine

__all__ = ["ACTIONS", "OPEN_LEVEL", "CSokobanProblem", "compiler", "level_from_text", "machine"]
