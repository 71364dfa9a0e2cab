"""The hand-written C Sokoban, under the name that benchmarks and tests know it by."""

from wc_engine.runs.yardsticks.c_sokoban import ACTIONS, OPEN_LEVEL, CSokobanProblem, level_from_text

__all__ = ["ACTIONS", "OPEN_LEVEL", "CSokobanProblem", "level_from_text"]
