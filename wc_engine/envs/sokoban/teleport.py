"""Sokoban with two teleporters: who steps on one stands on the other.

A box can be pushed onto a teleporter and lies there. While a box lies on the other teleporter, stepping on one is a
plain step. Boxes are never moved by teleporters, and everything else is Sokoban.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random

import numpy as np

from wc_engine.envs.protocol import Frame, RenderMode
from wc_engine.envs.sokoban.generator import check_size, generate
from wc_engine.envs.sokoban.notation import rows_of_state
from wc_engine.envs.sokoban.rendering import CELL_PIXELS, draw
from wc_engine.envs.sokoban.rules import (
    ACTIONS,
    MISSION,
    Layout,
    Placement,
    escape,
    from_state,
    step,
    to_state,
)
from wc_engine.errors import UserInputError
from wc_engine.state.entities import Entity, State

__all__ = ["TeleportSokobanEnvironment", "Teleporters", "generate_with_teleporters", "teleport_step"]

Teleporters = tuple[int, int]
"""The two cells."""

_MAX_STATES = 20_000
"""States after which the search for a solution gives up on a pair of teleporters."""
_PAIRS, _LEVELS = 8, 50
"""Pairs of cells that are tried in a level, and levels that are tried, before a level counts as too small."""
_LEVEL_STRIDE = 1_000_003
_COLOR = np.array((134, 84, 176), dtype=np.uint8)


def teleport_step(
    layout: Layout, teleporters: Teleporters, placement: Placement, action: int
) -> tuple[Placement, float, bool]:
    """Do one move; return what moved, the reward and whether all targets have boxes, as ``rules.step`` does."""
    after, reward, done = step(layout, placement, action)
    if after.player != placement.player and after.player in teleporters:
        first, second = teleporters
        other = second if after.player == first else first
        if other not in after.boxes:
            after = Placement(other, after.boxes)
    return after, reward, done


def generate_with_teleporters(
    seed: int, *, size: tuple[int, int] = (7, 7), boxes: int = 2
) -> tuple[Layout, Placement, Teleporters]:
    """Return a level that can be solved with its teleporters in place, the same for the same arguments.

    Raises:
        UserInputError: no such level was found: the room is too small or too crowded.
    """
    for attempt in range(_LEVELS):
        layout, placement = generate(seed + attempt * _LEVEL_STRIDE, size=size, boxes=boxes)
        taken = layout.walls | layout.targets | placement.boxes | {placement.player}
        free = [cell for cell in range(layout.width * layout.height) if cell not in taken]
        if len(free) < 2:
            continue
        rng = Random(seed)
        for _ in range(_PAIRS):
            first = free[int(rng.random() * len(free))]
            second = free[int(rng.random() * len(free))]
            if first != second and _is_solvable(layout, (first, second), placement):
                return layout, placement, (min(first, second), max(first, second))
    raise UserInputError(
        f"found no Sokoban level of size {size[0]}x{size[1]} with {boxes} boxes and teleporters: take a larger size"
    )


def _is_solvable(layout: Layout, teleporters: Teleporters, start: Placement) -> bool:
    seen = {start}
    layer = [start]
    while layer and len(seen) <= _MAX_STATES:
        next_layer = []
        for placement in layer:
            for action in range(len(ACTIONS)):
                after, _, done = teleport_step(layout, teleporters, placement, action)
                if done:
                    return True
                if after not in seen:
                    seen.add(after)
                    next_layer.append(after)
        layer = next_layer
    return False


class TeleportSokobanEnvironment:
    """Sokoban with two teleporters, on generated levels.

    Args:
        size: width and height of the levels in cells, the outer wall included.
        boxes: number of boxes.
        max_steps: steps after which an episode should be cut.

    Raises:
        UserInputError: no level of this size and number of boxes exists.
    """

    name = "sokoban:teleport"
    actions = ACTIONS
    mission = MISSION

    def __init__(self, *, size: tuple[int, int] = (7, 7), boxes: int = 2, max_steps: int = 100) -> None:
        check_size(size, boxes)
        if max_steps < 1:
            raise UserInputError(f"max_steps must be at least 1, not {max_steps}")
        self.max_steps = max_steps
        self._size = size
        self._boxes = boxes
        self._current: tuple[Layout, Teleporters, Placement] | None = None
        self._state: State | None = None

    @property
    def state(self) -> State:
        """The current state. Raises ``RuntimeError`` before the first ``reset`` or ``set_state``."""
        if self._state is None:
            self._state = _to_state(*self._playing())
        return self._state

    def reset(self, seed: int) -> tuple[State, str]:
        """Begin the level of ``seed``; return its state and the mission."""
        layout, placement, teleporters = generate_with_teleporters(seed, size=self._size, boxes=self._boxes)
        self._current, self._state = (layout, teleporters, placement), None
        return self.state, MISSION

    def step(self, action: str) -> tuple[State, float, bool]:
        """Do one move; return the next state, the reward, and whether all targets have boxes.

        Raises:
            ValueError: ``action`` is none of ``actions``.
            RuntimeError: there is no state yet.
        """
        if action not in ACTIONS:
            raise ValueError(f"unknown action {action!r}: Sokoban has {', '.join(ACTIONS)}")
        layout, teleporters, placement = self._playing()
        after, reward, done = teleport_step(layout, teleporters, placement, ACTIONS.index(action))
        if after != placement:
            self._current, self._state = (layout, teleporters, after), None
        return self.state, reward, done

    def set_state(self, state: State) -> None:
        """Go on from ``state``. Raises ``ValueError`` where it is none of this Sokoban with the player walled in."""
        self._current = _from_state(state)
        self._state = state

    def render(self, mode: RenderMode) -> Frame:
        """Return rows of characters, ``O`` for a teleporter that shows, or pixels ``[height, width, 3]``, uint8.

        Raises:
            ValueError: ``mode`` is neither ``"ansi"`` nor ``"rgb_array"``.
        """
        layout, teleporters, placement = self._playing()
        if mode == "ansi":
            rows = [list(row.ljust(layout.width)) for row in rows_of_state(to_state(layout, placement))]
            for y, x in (divmod(cell, layout.width) for cell in teleporters):
                rows[y][x] = "O" if rows[y][x] == " " else rows[y][x]
            return "\n".join("".join(row).rstrip() for row in rows)
        if mode == "rgb_array":
            picture = draw(layout, placement)
            for y, x in (divmod(cell, layout.width) for cell in teleporters):
                _frame(picture[y * CELL_PIXELS : (y + 1) * CELL_PIXELS, x * CELL_PIXELS : (x + 1) * CELL_PIXELS])
            return picture
        raise ValueError(f"unknown render mode {mode!r}: known are ansi and rgb_array")

    def _playing(self) -> tuple[Layout, Teleporters, Placement]:
        if self._current is None:
            raise RuntimeError("the environment has no state yet: call reset(seed) or set_state(state) first")
        return self._current


def _frame(tile: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    tile[:3] = tile[-3:] = tile[:, :3] = tile[:, -3:] = _COLOR


def _to_state(layout: Layout, teleporters: Teleporters, placement: Placement) -> State:
    gates = [Entity("Teleporter", x=x, y=y) for x, y in map(layout.xy, teleporters)]
    return State((*to_state(layout, placement), *gates))


@lru_cache(maxsize=64)  # who tries every action in a state sets it as often
def _from_state(state: State) -> tuple[Layout, Teleporters, Placement]:
    gates = state.of_type("Teleporter")
    layout, placement = from_state(State(entity for entity in state if entity.type != "Teleporter"))
    cells = []
    for gate in gates:
        x, y = gate.get("x"), gate.get("y")
        if type(x) is not int or type(y) is not int or len(gate.attributes) != 2:
            raise ValueError(f"a Teleporter has the ints x and y and nothing else: {gate!r}")
        inside = 0 <= x - layout.left < layout.width and 0 <= y - layout.top < layout.height
        if not inside or layout.cell(x, y) in layout.walls or escape(layout, layout.cell(x, y)) is not None:
            raise ValueError(f"walls must enclose the teleporters, which are not in a wall: {gate!r}")
        cells.append(layout.cell(x, y))
    if len(set(cells)) != 2 or len(cells) != 2:
        raise ValueError(f"a state has two teleporters in different cells, this one has {gates!r}")
    return layout, (min(cells), max(cells)), placement
