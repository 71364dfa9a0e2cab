"""The hand-written C Sokoban as a problem."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np

from wc_engine.errors import EncodingError
from wc_engine.models.problem import Problem, U64Array
from wc_engine.runs.yardsticks.c_library import CModel, build_library, make_capsule
from wc_engine.state.entities import Entity, State

__all__ = ["ACTIONS", "OPEN_LEVEL", "CSokobanProblem", "level_from_text"]

ACTIONS = ("move up", "move down", "move left", "move right")
MAX_CELLS = 256
MAX_BOXES = 15

OPEN_LEVEL = """
##########
#        #
#  $  .  #
# .  $   #
#   ##   #
#  $   . #
#    $   #
# .   @  #
#        #
##########
"""
"""Four boxes in the open: 4.3 million states are stored until the shortest plan, of 26 moves, is found."""


class CSokobanProblem:
    """``c_sokoban.c`` bound to a level. Implements ``wc_engine.models.problem.Problem``.

    Args:
        level_state: entities Player (one), Box (up to 15), Target, Wall with ``x`` and ``y``.

    Raises:
        EncodingError: the level, with a wall around it, has more than 256 cells, or not one player, or too many boxes.
    """

    actions = ACTIONS

    def __init__(self, level_state: State) -> None:
        places = [_place(entity) for entity in level_state]
        if not places:
            raise EncodingError("the level is empty")
        columns, rows = [x for x, _ in places], [y for _, y in places]
        self._left, self._top = min(columns) - 1, min(rows) - 1
        self._width = max(columns) + 2 - self._left
        self._height = max(rows) + 2 - self._top
        if self._width * self._height > MAX_CELLS:
            raise EncodingError(f"the level has {self._width * self._height} cells: this model takes {MAX_CELLS}")
        self._static = tuple(entity for entity in level_state if entity.type in ("Wall", "Target"))
        self._num_boxes = len(level_state.of_type("Box"))
        if self._num_boxes > MAX_BOXES:
            raise EncodingError(f"the level has {self._num_boxes} boxes: this model takes {MAX_BOXES}")
        self.num_words = (1 + self._num_boxes + 7) // 8
        self._bind(level_state)
        self.initial_words = self.encode(level_state)

    def _bind(self, level_state: State) -> None:
        wall = np.zeros((self._height, self._width), dtype=np.uint8)
        wall[[0, -1], :] = wall[:, [0, -1]] = 1
        target = np.zeros_like(wall)
        for grid, kind in ((wall, "Wall"), (target, "Target")):
            for entity in level_state.of_type(kind):
                grid.flat[self._cell(entity)] = 1
        pads = [np.pad(grid.ravel(), (0, MAX_CELLS - grid.size)).tobytes() for grid in (wall, target)]
        library = build_library(Path(__file__).with_name("c_sokoban.c"))
        library.sokoban_problem_bytes.restype = ctypes.c_size_t
        self._memory = ctypes.create_string_buffer(library.sokoban_problem_bytes())
        self._model = CModel()
        library.sokoban_bind.argtypes = [
            ctypes.c_void_p,
            ctypes.c_void_p,
            *[ctypes.c_char_p] * 2,
            *[ctypes.c_int32] * 3,
        ]
        library.sokoban_bind(
            self._memory, ctypes.byref(self._model), *pads, self._width, self._num_boxes, int(target.sum())
        )
        self._library = library
        self.capsule = make_capsule(self._model)

    @property
    def memory_address(self) -> int:
        """Where the C struct of the problem lies."""
        return ctypes.addressof(self._memory)

    def _cell(self, entity: Entity) -> int:
        x, y = _place(entity)
        return (y - self._top) * self._width + x - self._left

    def encode(self, state: State) -> U64Array:
        """Pack the player and the boxes."""
        players, boxes = state.of_type("Player"), state.of_type("Box")
        if len(players) != 1 or len(boxes) != self._num_boxes:
            raise EncodingError(f"expected one player and {self._num_boxes} boxes, got {len(players)} and {len(boxes)}")
        cells = [self._cell(players[0]), *sorted(map(self._cell, boxes))]
        return np.frombuffer(bytes(cells).ljust(8 * self.num_words, b"\0"), dtype="<u8").astype(np.uint64)

    def decode(self, words: U64Array) -> State:
        """Unpack a state, walls and targets included."""
        cells = words.astype("<u8").tobytes()[: 1 + self._num_boxes]
        kinds = ["Player"] + ["Box"] * self._num_boxes
        moved = (
            Entity(kind, x=cell % self._width + self._left, y=cell // self._width + self._top)
            for kind, cell in zip(kinds, cells, strict=True)
        )
        return State([*self._static, *moved])

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        """Return None: every step has an answer."""
        return None


def _place(entity: Entity) -> tuple[int, int]:
    x, y = entity["x"], entity["y"]
    if not (isinstance(x, int) and isinstance(y, int)):
        raise EncodingError(f"{entity!r} has no place on a grid")
    return x, y


def level_from_text(text: str) -> State:
    """Return the state of a level drawn with ``#@$.*+`` (walls, player, boxes, targets)."""
    kinds = {
        "#": ["Wall"],
        "@": ["Player"],
        "$": ["Box"],
        ".": ["Target"],
        "*": ["Box", "Target"],
        "+": ["Player", "Target"],
    }
    return State(
        Entity(kind, x=x, y=y)
        for y, line in enumerate(text.strip("\n").splitlines())
        for x, sign in enumerate(line)
        for kind in kinds.get(sign, [])
    )
