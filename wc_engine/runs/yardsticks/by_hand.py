"""The searches by hand, each timed: breadth-first search and UCT on Sokoban, sweeps over any table."""

from __future__ import annotations

import ctypes
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wc_engine.planners import MctsConfig
from wc_engine.runs.yardsticks.c_library import build_library
from wc_engine.runs.yardsticks.c_sokoban import CSokobanProblem

__all__ = ["HandSearch", "HandTree", "breadth_first_by_hand", "sweeps_by_hand", "uct_by_hand"]

_FOLDER = Path(__file__).parent
_FLAGS = ("-O3", "-D_GNU_SOURCE", "-ffp-contract=off")


@dataclass(frozen=True, slots=True)
class HandSearch:
    """What ``bfs_sokoban.c`` found.

    Attributes:
        seconds: processor time.
        generated: children made.
        length: of the shortest plan; 0 where there is none within the limit.
    """

    seconds: float
    generated: int
    length: int


@dataclass(frozen=True, slots=True)
class HandTree:
    """What ``uct_sokoban.c`` built.

    Attributes:
        seconds: processor time.
        stored: states.
        visits: visits of each action of the initial state.
    """

    seconds: float
    stored: int
    visits: list[int]


def breadth_first_by_hand(problem: CSokobanProblem, max_expanded: int) -> HandSearch:
    """Search breadth-first by hand.

    Raises:
        ValueError: states take more than one word.
        MemoryError: there is not enough.
    """
    search = build_library(_FOLDER / "bfs_sokoban.c", _FLAGS).sokoban_bfs
    search.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_void_p]
    generated = ctypes.c_uint64()
    root = _one_word(problem)
    begin = time.process_time()
    length = search(problem.memory_address, root, max_expanded, ctypes.byref(generated))
    seconds = time.process_time() - begin
    if length < 0:
        raise MemoryError(f"a table of {max_expanded} states by hand")
    return HandSearch(seconds, generated.value, length)


def uct_by_hand(problem: CSokobanProblem, config: MctsConfig) -> HandTree:
    """Search by UCT by hand; the level must have no reachable goal.

    Raises:
        ValueError: states take more than one word, or the number of simulations has no limit.
    """
    search = build_library(_FOLDER / "uct_sokoban.c", _FLAGS).sokoban_uct
    search.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32, *[ctypes.c_double] * 2]
    search.argtypes += [ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint64, ctypes.c_void_p]
    if config.max_simulations is None:
        raise ValueError("the search by hand needs a number of simulations")
    visits = (ctypes.c_uint32 * 4)()
    root = _one_word(problem)
    begin = time.process_time()
    stored = search(
        problem.memory_address,
        root,
        config.max_simulations,
        config.exploration,
        config.discount,
        config.depth_limit,
        config.rollout_depth,
        config.seed,
        visits,
    )
    return HandTree(time.process_time() - begin, stored, list(visits))


def sweeps_by_hand(
    targets: NDArray[np.int64], rewards: NDArray[np.float64], num_states: int, discount: float, sweeps: int
) -> tuple[float, NDArray[np.float64]]:
    """Return the processor's seconds of synchronous sweeps over a table, and the values.

    Args:
        targets: the state that each action leads to, below 0 at ends. Shape ``[E, A]``.
        rewards: and its reward. Shape ``[E, A]``.
        num_states: ``S``; those from ``E`` on keep the value 0.
        discount: weight of what follows.
        sweeps: how many.
    """
    library = build_library(_FOLDER / "c_sweeps.c")
    edges = np.ascontiguousarray(targets, dtype=np.int32)
    gains = np.ascontiguousarray(rewards, dtype=np.float64)
    count, num_actions = edges.shape
    values, following = np.zeros(num_states), np.zeros(num_states)
    begin = time.process_time()
    for _ in range(sweeps):
        library.sweep(
            ctypes.c_int64(count),
            ctypes.c_int32(num_actions),
            *(ctypes.c_void_p(array.ctypes.data) for array in (edges, gains)),
            ctypes.c_double(discount),
            *(ctypes.c_void_p(array.ctypes.data) for array in (values, following)),
        )
        values, following = following, values
    return time.process_time() - begin, values


def _one_word(problem: CSokobanProblem) -> int:
    if problem.num_words != 1:
        raise ValueError("the searches by hand are for levels of up to seven boxes")
    return int(problem.initial_words[0])
