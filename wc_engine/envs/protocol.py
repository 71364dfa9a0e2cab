"""What an environment is to its users: the real world behind one step."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wc_engine.state.entities import State

__all__ = ["Environment", "Frame", "RenderMode"]

RenderMode: TypeAlias = Literal["ansi", "rgb_array"]
Frame: TypeAlias = "str | NDArray[np.uint8]"


class Environment(Protocol):
    """A deterministic, fully observed world of symbolic states.

    Attributes:
        name: what transitions and reports call it, ``"sokoban"``.
        actions: every action, in a fixed order.
        max_steps: steps after which an episode should be cut; the environment itself does not count them.
    """

    @property
    def name(self) -> str: ...

    @property
    def actions(self) -> tuple[str, ...]: ...

    @property
    def max_steps(self) -> int: ...

    @property
    def state(self) -> State:
        """The current state. Raises ``RuntimeError`` before the first ``reset`` or ``set_state``."""
        ...

    @property
    def mission(self) -> str:
        """The mission of the current episode."""
        ...

    def reset(self, seed: int) -> tuple[State, str]:
        """Begin an episode, the same for the same seed.

        Returns:
            The initial state and the mission.
        """
        ...

    def step(self, action: str) -> tuple[State, float, bool]:
        """Do one action.

        Returns:
            The next state, the reward, and whether the rules ended the episode (time limits do not count).

        Raises:
            ValueError: ``action`` is not one of ``actions``.
            RuntimeError: there is no state yet.
        """
        ...

    def set_state(self, state: State) -> None:
        """Go on from ``state``; the mission stays.

        Raises:
            ValueError: ``state`` is not one of this world.
        """
        ...

    def render(self, mode: RenderMode) -> Frame:
        """Draw the current state: text, or pixels of shape ``[height, width, 3]``, uint8."""
        ...
