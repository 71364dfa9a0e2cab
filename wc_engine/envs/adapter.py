"""Any Gymnasium environment as a world of symbolic states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wc_engine.envs.protocol import Frame, RenderMode
from wc_engine.envs.text_rendering import text_of_state
from wc_engine.errors import UserInputError
from wc_engine.state.entities import Entity, State

if TYPE_CHECKING:
    import gymnasium

__all__ = ["GymnasiumEnvironment"]


class GymnasiumEnvironment:
    """A Gymnasium environment behind the ``Environment`` protocol.

    Args:
        env: the environment, or the id of one. One that is given is stepped as it is, with its wrappers; one that is
            made of its id is stepped without any, so that time limits do not count.
        entities: from the unwrapped environment to what is in it.
        actions: the names of the actions: a sequence, where action ``i`` of the environment has name ``i``, or a
            mapping from names to what the environment's ``step`` takes.
        name: what transitions and reports call it.
        mission: the mission, or a function from the unwrapped environment to the mission of the episode.
        reward: from the environment's reward to the one that is reported.
        restore: writes a state into the unwrapped environment, and raises ``ValueError`` where it is none of its own.
            Without it ``set_state`` raises ``NotImplementedError``.
        max_steps: steps after which an episode should be cut.

    Raises:
        UserInputError: there is no such id, no action, or ``max_steps`` is less than 1.
    """

    def __init__(
        self,
        env: str | gymnasium.Env[Any, Any],
        *,
        entities: Callable[[Any], Iterable[Entity]],
        actions: Sequence[str] | Mapping[str, object],
        name: str,
        mission: str | Callable[[Any], str] = "",
        reward: Callable[[float], float] = float,
        restore: Callable[[Any, State], None] | None = None,
        max_steps: int = 100,
    ) -> None:
        if max_steps < 1:
            raise UserInputError(f"max_steps must be at least 1, not {max_steps}")
        if not actions:
            raise UserInputError(f"{name} has no actions: name at least one")
        self.name = name
        self.max_steps = max_steps
        self._codes = dict(actions) if isinstance(actions, Mapping) else {act: i for i, act in enumerate(actions)}
        self._env = _made(env) if isinstance(env, str) else env
        self._entities = entities
        self._mission_of = mission
        self._reward_of = reward
        self._restore = restore
        self._mission: str | None = None
        self._state: State | None = None

    @property
    def actions(self) -> tuple[str, ...]:
        """The names of the actions."""
        return tuple(self._codes)

    @property
    def unwrapped(self) -> Any:
        """The environment that the states are read off."""
        return self._env.unwrapped

    @property
    def state(self) -> State:
        """The current state. Raises ``RuntimeError`` before the first ``reset`` or ``set_state``."""
        if self._state is None:
            raise RuntimeError("the environment has no state yet: call reset(seed) or set_state(state) first")
        return self._state

    @property
    def mission(self) -> str:
        """The mission of the current episode."""
        if self._mission is None:
            return "" if callable(self._mission_of) else self._mission_of
        return self._mission

    def reset(self, seed: int) -> tuple[State, str]:
        """Begin the episode of ``seed``; return its state and the mission."""
        self._env.reset(seed=seed)
        self._mission = str(self._mission_of(self.unwrapped)) if callable(self._mission_of) else self._mission_of
        self._state = State(self._entities(self.unwrapped))
        return self._state, self._mission

    def step(self, action: str) -> tuple[State, float, bool]:
        """Do one action; return the next state, the reward, and whether the rules ended the episode.

        Raises:
            ValueError: ``action`` is none of ``actions``.
            RuntimeError: there is no state yet.
        """
        if action not in self._codes:
            raise ValueError(f"unknown action {action!r}: {self.name} has {', '.join(self._codes)}")
        if self._state is None:
            raise RuntimeError("the environment has no state yet: call reset(seed) or set_state(state) first")
        _, reward, terminated, _, _ = self._env.step(self._codes[action])
        self._state = State(self._entities(self.unwrapped))
        return self._state, self._reward_of(float(reward)), bool(terminated)

    def set_state(self, state: State) -> None:
        """Go on from ``state``; the mission stays.

        Raises:
            ValueError: ``state`` is not one of this world.
            NotImplementedError: this adapter was given no ``restore``.
        """
        if self._restore is None:
            raise NotImplementedError(f"{self.name} cannot be set to a state: its adapter was given no `restore`")
        if self._mission is None:
            self.reset(0)  # what a state leaves open, the mission above all, is that of some episode
        self._restore(self.unwrapped, state)
        self._state = state

    def render(self, mode: RenderMode) -> Frame:
        """Return the state as text, or the environment's own picture, ``[height, width, 3]``, uint8.

        Raises:
            ValueError: ``mode`` is neither ``"ansi"`` nor ``"rgb_array"``, or the environment draws no pictures.
        """
        if mode == "ansi":
            return text_of_state(self.state)
        if mode != "rgb_array":
            raise ValueError(f"unknown render mode {mode!r}: known are ansi and rgb_array")
        picture = self._env.render() if self._env.render_mode == "rgb_array" else None
        if not isinstance(picture, np.ndarray):
            raise ValueError(f"{self.name} draws no pictures: make its environment with render_mode='rgb_array'")
        return picture.astype(np.uint8)


def _made(env_id: str) -> gymnasium.Env[Any, Any]:
    import gymnasium

    try:
        spec = gymnasium.spec(env_id)
        made = gymnasium.make(spec, disable_env_checker=True)
        if "rgb_array" in made.metadata.get("render_modes", ()):
            made = gymnasium.make(spec, disable_env_checker=True, render_mode="rgb_array")
    except gymnasium.error.Error as error:
        raise UserInputError(f"Gymnasium cannot make {env_id!r}: {error}") from None
    return made.unwrapped
