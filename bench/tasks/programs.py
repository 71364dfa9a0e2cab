"""The programs that are measured, and the levels on which they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tasks.c_sokoban import ACTIONS, OPEN_LEVEL, level_from_text
from tasks.corpus import LEARNED, corpus_cases

from wc_engine.compile import CompiledModel, compile_program
from wc_engine.envs.sokoban.generator import generate
from wc_engine.envs.sokoban.rules import to_state
from wc_engine.models.program import Program
from wc_engine.state.entities import State

_LEVEL_SIZE, _LEVEL_BOXES, _LEVEL_SEEDS = (10, 10), 4, range(5)


def default_programs() -> list[Path]:
    """Return the learned program and, where the corpus is, its first."""
    return [LEARNED, *(case.path for case in corpus_cases()[:1])]


def levels() -> list[State]:
    """Return levels of 10x10 cells with four boxes: the open one, then generated ones."""
    made = (generate(seed, size=_LEVEL_SIZE, boxes=_LEVEL_BOXES) for seed in _LEVEL_SEEDS)
    return [level_from_text(OPEN_LEVEL), *(to_state(layout, placement) for layout, placement in made)]


def compile_for(path: Path, states: Sequence[State]) -> CompiledModel:
    """Compile a program for all levels: the schema of a single one may be too narrow for the others.

    Raises:
        UnsupportedConstructError: it cannot be translated yet.
    """
    return compile_program(Program.from_file(path), states, ACTIONS)
