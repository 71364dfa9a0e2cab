"""The Sokoban environment: the pure rules behind the environment protocol."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wc_engine.envs.protocol import Frame, RenderMode
from wc_engine.envs.sokoban.generator import check_size, generate
from wc_engine.envs.sokoban.levels import Level
from wc_engine.envs.sokoban.notation import rows_of_state
from wc_engine.envs.sokoban.rendering import code_grid, draw
from wc_engine.envs.sokoban.rules import ACTIONS, MISSION, Layout, Placement, from_state, step, to_state
from wc_engine.errors import UserInputError
from wc_engine.state.entities import State

__all__ = ["SokobanEnvironment"]


class SokobanEnvironment:
    """Sokoban on given levels, or on generated ones.

    Args:
        levels: levels to play: ``reset(seed)`` takes the one with index ``seed`` modulo their number. None generates
            a level from each seed.
        size: width and height of generated levels in cells, the outer wall included.
        boxes: number of boxes of generated levels.
        max_steps: steps after which an episode should be cut.

    Raises:
        UserInputError: ``levels`` is empty, or no level of this size and number of boxes exists.
    """

    name = "sokoban"
    actions = ACTIONS
    mission = MISSION

    def __init__(
        self,
        *,
        levels: Sequence[Level] | None = None,
        size: tuple[int, int] = (7, 7),
        boxes: int = 2,
        max_steps: int = 100,
    ) -> None:
        if levels is not None and not levels:
            raise UserInputError("there are no Sokoban levels to play: give at least one, or none to generate them")
        if levels is None:
            check_size(size, boxes)
        if max_steps < 1:
            raise UserInputError(f"max_steps must be at least 1, not {max_steps}")
        self.max_steps = max_steps
        self._levels = levels
        self._size = size
        self._boxes = boxes
        self._current: tuple[Layout, Placement] | None = None
        self._state: State | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in cells of the largest level that ``reset`` can give."""
        if self._levels is None:
            return self._size
        return max(level.width for level in self._levels), max(level.height for level in self._levels)

    @property
    def state(self) -> State:
        """The current state. Raises ``RuntimeError`` before the first ``reset`` or ``set_state``."""
        if self._state is None:
            self._state = to_state(*self._playing())
        return self._state

    def reset(self, seed: int) -> tuple[State, str]:
        """Begin the level of ``seed``; return its state and the mission."""
        if self._levels is None:
            self._current = generate(seed, size=self._size, boxes=self._boxes)
            self._state = None
        else:
            self.set_state(self._levels[seed % len(self._levels)].state)
        return self.state, MISSION

    def step(self, action: str) -> tuple[State, float, bool]:
        """Do one move; return the next state, the reward, and whether all targets have boxes.

        Raises:
            ValueError: ``action`` is none of ``actions``.
            RuntimeError: there is no state yet.
        """
        if action not in ACTIONS:
            raise ValueError(f"unknown action {action!r}: Sokoban has {', '.join(ACTIONS)}")
        layout, placement = self._playing()
        after, reward, done = step(layout, placement, ACTIONS.index(action))
        if after != placement:
            self._current = (layout, after)
            self._state = None
        return self.state, reward, done

    def set_state(self, state: State) -> None:
        """Go on from ``state``. Raises ``ValueError`` where it is no state of Sokoban with the player walled in."""
        self._current = from_state(state)
        self._state = state

    def render(self, mode: RenderMode) -> Frame:
        """Return the state as ``.xsb`` rows (``"ansi"``), or as pixels ``[height, width, 3]``, uint8 (``"rgb_array"``).

        Raises:
            ValueError: ``mode`` is neither.
        """
        if mode == "ansi":
            return "\n".join(rows_of_state(self.state))
        if mode == "rgb_array":
            return draw(*self._playing())
        raise ValueError(f"unknown render mode {mode!r}: known are ansi and rgb_array")

    def code_grid(self) -> NDArray[np.uint8]:
        """Return the ``Code`` of each cell. Shape ``[height, width]``, uint8."""
        return code_grid(*self._playing())

    def _playing(self) -> tuple[Layout, Placement]:
        if self._current is None:
            raise RuntimeError("the environment has no state yet: call reset(seed) or set_state(state) first")
        return self._current
