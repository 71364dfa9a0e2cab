"""Runs: checking, solving and recording at scale, with reports that scripts can read."""

from wc_engine.runs.checking import CheckConfig, CheckReport, CompiledFigures, ReferenceFigures, check_program
from wc_engine.runs.compiling import CompileReport, ProgramFunction, compile_report, read_all_transitions
from wc_engine.runs.level_sets import LevelSet, read_level_set
from wc_engine.runs.parallel import solve_in_parallel
from wc_engine.runs.recording import RecordedStep, random_play
from wc_engine.runs.solving import INVALID, LevelResult, LevelSolver, LevelTask, SolveConfig, summarize

__all__ = [
    "INVALID",
    "CheckConfig",
    "CheckReport",
    "CompileReport",
    "CompiledFigures",
    "LevelResult",
    "LevelSet",
    "LevelSolver",
    "LevelTask",
    "ProgramFunction",
    "RecordedStep",
    "ReferenceFigures",
    "SolveConfig",
    "check_program",
    "compile_report",
    "random_play",
    "read_all_transitions",
    "read_level_set",
    "solve_in_parallel",
    "summarize",
]
