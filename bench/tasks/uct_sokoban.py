"""The hand-written UCT on Sokoban: the yardstick of the general one."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

from tasks.c_library import build_library
from tasks.c_sokoban import CSokobanProblem

from wc_engine.planners import MctsConfig, MctsResult

__all__ = ["run_by_hand"]

_FLAGS = ("-O3", "-D_GNU_SOURCE", "-ffp-contract=off")


def run_by_hand(problem: CSokobanProblem, config: MctsConfig, found: MctsResult) -> float:
    """Return the seconds that ``uct_sokoban.c`` takes for the search that found this; the trees must be the same.

    Raises:
        AssertionError: the root's visits or the number of states differ.
    """
    search = build_library(Path(__file__).with_name("uct_sokoban.c"), _FLAGS).sokoban_uct
    search.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32, *[ctypes.c_double] * 2]
    search.argtypes += [ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint64, ctypes.c_void_p]
    visits = (ctypes.c_uint32 * 4)()
    begin = time.process_time()
    stored = search(
        problem.memory_address,
        int(problem.initial_words[0]),
        config.max_simulations,
        config.exploration,
        config.discount,
        config.depth_limit,
        config.rollout_depth,
        config.seed,
        visits,
    )
    seconds = time.process_time() - begin
    assert (list(visits), stored) == (found.visit_counts.tolist(), found.stored), "another tree than by hand"
    return seconds
