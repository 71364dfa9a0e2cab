"""One binary tree for our search and for OpenSpiel's, where that is installed.

OpenSpiel's search takes games with rewards at the end only, and has none for one player that is not random. So both get
a tree: ours as a C model, theirs in the Gambit format, whose states are pointers into a tree in memory.
"""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

import numpy as np
from tasks.c_library import CModel, build_library, make_capsule

from wc_engine.models.problem import Problem, U64Array
from wc_engine.state.entities import Entity, State

__all__ = ["BinaryTreeProblem", "open_spiel_rate"]


class BinaryTreeProblem:
    """``binary_tree.c`` of some depth. Implements ``wc_engine.models.problem.Problem``."""

    actions = ("left", "right")
    num_words = 1

    def __init__(self, depth: int) -> None:
        self._depth = ctypes.c_uint64(depth)
        self._model = CModel()
        self._library = build_library(Path(__file__).with_name("binary_tree.c"))
        self._library.binary_tree_bind(ctypes.byref(self._depth), ctypes.byref(self._model))
        self.capsule = make_capsule(self._model)
        self.initial_words = np.zeros(1, dtype=np.uint64)

    def encode(self, state: State) -> U64Array:
        """Pack a place."""
        (place,) = state
        return np.array([int(place["number"])], dtype=np.uint64)

    def decode(self, words: U64Array) -> State:
        """Return a place."""
        return State([Entity("Place", number=int(words[0]))])

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        """Return None: every step has an answer."""
        return None


def open_spiel_rate(depth: int, simulations: int, exploration: float) -> float:
    """Simulations a second of OpenSpiel's UCT in C++, one rollout a leaf."""
    import pyspiel

    game = pyspiel.load_efg_game(_gambit_text(depth))
    assert game.max_game_length() == depth
    evaluator = pyspiel.RandomRolloutEvaluator(1, 0)
    bot = pyspiel.MCTSBot(game, evaluator, exploration, simulations, 1000, False, 0, False)
    begin = time.process_time()
    bot.step(game.new_initial_state())
    return simulations / (time.process_time() - begin)


def _gambit_text(depth: int) -> str:
    lines = ['EFG 2 R "tree" { "one" }', '""']

    def write(way: int, left: int) -> None:
        if left == 0:
            lines.append(f't "" {len(lines)} "" {{ {int(way == 2**depth - 1)} }}')
            return
        lines.append(f'p "" 1 {way + 2 ** (depth - left)} "" {{ "left" "right" }} 0')
        write(2 * way, left - 1)
        write(2 * way + 1, left - 1)

    write(0, depth)
    return "\n".join(lines) + "\n"
