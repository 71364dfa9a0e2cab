"""The programs of the shared corpus with the transitions that they are about, and what the inducer wrote."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wc_engine.envs.registry import make_env
from wc_engine.models.dataset import Transition, read_transitions
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.runs import yardsticks
from wc_engine.runs.recording import random_play
from wc_engine.state.entities import State

__all__ = ["LEARNED", "PROJECT", "Case", "corpus_cases", "corpus_folder", "learned_case", "variant_name"]

PROJECT = Path(__file__).resolve().parents[2]
LEARNED = Path(yardsticks.__file__).with_name("learned_sokoban.py")
"""What the inducer printed."""

_RECORDED_STEPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A program, and what it is about.

    Attributes:
        path: its file.
        domain: ``sokoban`` or ``minigrid``.
        in_corpus: whether it counts in the means over the corpus.
        data: files of transitions; none: transitions of random play.
    """

    path: Path
    domain: str
    in_corpus: bool
    data: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The program's name with its style."""
        return variant_name(self.path)

    def program(self) -> Program:
        """Return the program."""
        return Program.from_file(self.path)

    def transitions(self) -> list[Transition]:
        """Return what was recorded."""
        return [one for path in self.data for one in _read(path)] if self.data else _random_play()

    def states(self) -> list[State]:
        """Return the distinct states, before and after."""
        return list(dict.fromkeys(state for one in self.transitions() for state in (one.state, one.next_state)))

    def actions(self) -> tuple[str, ...]:
        """Return the actions, sorted."""
        return tuple(sorted({one.action for one in self.transitions()}))

    def mission(self, program: Program) -> str | None:
        """Return the mission to compile for: the first in the data where the program has several reward functions."""
        return min(one.mission for one in self.transitions()) if REWARD_FUNCS in program.defines else None


def corpus_folder() -> Path | None:
    """Return the folder of the corpus: in ``WC_ENGINE_DATA``, else in ``../shared``; None where there is none."""
    folder = Path(os.environ.get("WC_ENGINE_DATA") or PROJECT.parent / "shared") / "corpus"
    return folder if (folder / "manifest.json").is_file() else None


def corpus_cases() -> list[Case]:
    """Return the programs of the corpus, in the manifest's order; none without a corpus."""
    folder = corpus_folder()
    if folder is None:
        return []
    return [
        Case(
            path=folder / one["file"],
            domain=one["domain"],
            in_corpus=True,
            data=tuple(folder / "transitions" / f"{name}.jsonl.gz" for name in one["envs"]),
        )
        for one in json.loads((folder / "manifest.json").read_text())["programs"]
    ]


def learned_case() -> Case:
    """Return the learned program, on the corpus's Sokoban transitions where there are such."""
    sokoban: Sequence[Case] = [case for case in corpus_cases() if case.domain == "sokoban"]
    return Case(path=LEARNED, domain="sokoban", in_corpus=False, data=sokoban[0].data if sokoban else ())


def variant_name(path: Path) -> str:
    """Return a program's name with the style that it is written in: rates depend on it."""
    if path == LEARNED:
        return "learned"
    numbered = re.fullmatch(r"([a-z]+\d+)_(\w+)", path.stem)
    return f"{numbered[1]} {numbered[2].replace('_', ' ')}" if numbered else path.stem


@cache
def _read(path: Path) -> list[Transition]:
    return read_transitions(path)


@cache
def _random_play() -> list[Transition]:
    play = random_play(make_env("sokoban", size=(10, 10), boxes=4), seed=0)
    return [next(play).transition for _ in range(_RECORDED_STEPS)]
