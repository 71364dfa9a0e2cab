"""The programs that are measured, and the levels on which they are."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from tasks.c_sokoban import ACTIONS, OPEN_LEVEL, level_from_text

from wc_engine.compile import CompiledModel, compile_program
from wc_engine.envs.sokoban.generator import generate
from wc_engine.envs.sokoban.rules import to_state
from wc_engine.models.program import Program
from wc_engine.state.entities import State

PROJECT = Path(__file__).resolve().parents[2]
LEARNED = Path(__file__).with_name("learned_sokoban.py")
"""What the inducer printed."""

_LEVEL_SIZE, _LEVEL_BOXES, _LEVEL_SEEDS = (10, 10), 4, range(5)
_VARIANTS = {"learned_sokoban": "learned (changes its argument)", "sk01_deepcopy_elif": "sk01 (deepcopy of a set)"}


def corpus_programs() -> list[Path]:
    """Return the Sokoban programs of the shared corpus: none where there is none.

    The corpus is looked for in ``WC_ENGINE_DATA``, else in ``../shared`` from the project root.
    """
    folder = Path(os.environ.get("WC_ENGINE_DATA") or PROJECT.parent / "shared")
    return sorted((folder / "corpus" / "programs" / "sokoban").glob("sk*.py"))


def default_programs() -> list[Path]:
    """Return the learned program and, where the corpus is, its first."""
    return [LEARNED, *corpus_programs()[:1]]


def variant_name(path: Path) -> str:
    """Return a program's name with the style that it is written in: rates depend on it."""
    numbered = re.fullmatch(r"(sk\d+)_(\w+)", path.stem)
    words = f"{numbered[1]} ({numbered[2].replace('_', ' ')})" if numbered else path.stem
    return _VARIANTS.get(path.stem, words)


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


def machine() -> dict[str, object]:
    """Return what the figures were measured on."""
    name = platform.processor() or platform.machine()
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    load = [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else None
    return {
        "processor": found[1] if found else name,
        "cores": os.cpu_count(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "load_average": load,
    }
