"""Sokoban with the API of Gymnasium: ``gymnasium.make("wc_engine/Sokoban-v0")``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import gymnasium
import numpy as np
from numpy.typing import NDArray

from wc_engine.envs.protocol import Frame
from wc_engine.envs.sokoban.environment import SokobanEnvironment
from wc_engine.envs.sokoban.levels import Level
from wc_engine.envs.sokoban.rendering import Code
from wc_engine.envs.sokoban.rules import ACTIONS

__all__ = ["SokobanGymEnv"]

_Observation = NDArray[np.uint8]


class SokobanGymEnv(gymnasium.Env[_Observation, np.int64]):
    """Sokoban as a Gymnasium environment.

    Observation: a uint8 grid ``[height, width]`` of ``wc_engine.envs.sokoban.rendering.Code``: 0 floor, 1 wall,
    2 target, 3 box, 4 box on a target, 5 player, 6 player on a target. Levels smaller than the largest are padded with
    floor to the right and below. Action: 0 up, 1 down, 2 left, 3 right. Rewards are those of gym-sokoban; an episode
    terminates when every target has a box. ``info`` holds ``"state"``, the symbolic ``State``, and ``"mission"``.

    Args:
        render_mode: None, ``"rgb_array"`` or ``"ansi"``.
        levels: levels to choose from at random; None generates a level for each episode.
        size: width and height of generated levels in cells, the outer wall included.
        boxes: number of boxes of generated levels.

    Raises:
        UserInputError: ``levels`` is empty, or no level of this size and number of boxes exists.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["rgb_array", "ansi"], "render_fps": 4}  # type: ignore[misc]

    def __init__(
        self,
        *,
        render_mode: str | None = None,
        levels: Sequence[Level] | None = None,
        size: tuple[int, int] = (7, 7),
        boxes: int = 2,
    ) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"unknown render mode {render_mode!r}: known are rgb_array and ansi")
        self.render_mode = render_mode
        self.environment = SokobanEnvironment(levels=levels, size=size, boxes=boxes)
        width, height = self.environment.size
        self.observation_space = gymnasium.spaces.Box(0, max(Code), (height, width), np.uint8)
        self.action_space = gymnasium.spaces.Discrete(len(ACTIONS))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[_Observation, dict[str, Any]]:
        """Begin an episode; ``seed`` starts the stream of random numbers that chooses this level and the next ones."""
        super().reset(seed=seed, options=options)
        self.environment.reset(int(self.np_random.integers(2**31)))
        return self._observation(), self._info()

    def step(self, action: np.int64 | int) -> tuple[_Observation, float, bool, bool, dict[str, Any]]:
        """Do one move; truncation is left to Gymnasium's ``TimeLimit``."""
        _, reward, done = self.environment.step(ACTIONS[int(action)])
        return self._observation(), reward, done, False, self._info()

    def render(self) -> Frame | None:
        """Return the state as the ``render_mode`` of the constructor has it."""
        if self.render_mode is None:
            return None
        return self.environment.render("ansi" if self.render_mode == "ansi" else "rgb_array")

    def _observation(self) -> _Observation:
        codes = self.environment.code_grid()
        grid = np.zeros(self.observation_space.shape or (), dtype=np.uint8)
        grid[: codes.shape[0], : codes.shape[1]] = codes
        return grid

    def _info(self) -> dict[str, Any]:
        return {"state": self.environment.state, "mission": self.environment.mission}
