"""Runs: checking, solving and recording at scale, with reports that scripts can read."""

from wc_engine.runs.checking import CheckConfig, CheckReport, CompiledFigures, ReferenceFigures, check_program
from wc_engine.runs.parallel import solve_in_parallel
from wc_engine.runs.recording import RecordedStep, random_play
from wc_engine.runs.solving import LevelResult, LevelSolver, LevelTask, SolveConfig, summarize

__all__ = [
    "CheckConfig",
    "CheckReport",
    "CompiledFigures",
    "LevelResult",
    "LevelSolver",
    "LevelTask",
    "RecordedStep",
    "ReferenceFigures",
    "SolveConfig",
    "check_program",
    "random_play",
    "solve_in_parallel",
    "summarize",
]
