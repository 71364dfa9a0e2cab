"""The environments of the package ``minigrid``, fully observed, in the paper's representation."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np

from wc_engine.envs.adapter import GymnasiumEnvironment
from wc_engine.envs.minigrid.catalogue import catalogue, resolve
from wc_engine.envs.minigrid.symbolic import ACTIONS, entities_of, write_state
from wc_engine.envs.minigrid.targets import restore_targets
from wc_engine.envs.names import unknown_name
from wc_engine.envs.protocol import Frame, RenderMode
from wc_engine.errors import UserInputError
from wc_engine.state.entities import State

__all__ = ["MiniGridEnvironment"]

_TILE_PIXELS = 32


class MiniGridEnvironment(GymnasiumEnvironment):
    """One of MiniGrid's environments; the rules are the package's own.

    The reward is 1.0 where the package's is positive, else 0.0: it does not sink with the number of steps, which is no
    part of a state.

    Args:
        name: ``DoorKey-5x5``, ``minigrid:DoorKey-5x5`` or the full id, ``MiniGrid-DoorKey-5x5-v0``.
        max_steps: steps after which an episode should be cut; None takes the package's own limit.

    Raises:
        UserInputError: there is no such environment, its states do not say everything (see ``catalogue``), or
            ``max_steps`` is less than 1.
    """

    def __init__(self, name: str, *, max_steps: int | None = None) -> None:
        line = resolve(name)
        if line is None:
            raise UserInputError(unknown_name("environment", name, [each.name for each in catalogue()]))
        if line.left_out is not None:
            raise UserInputError(f"{line.name} is left out: {line.left_out}")
        env = _made(line.detail)
        super().__init__(
            env,
            entities=entities_of,
            actions=ACTIONS,
            name=line.name,
            mission=lambda unwrapped: str(unwrapped.mission),
            reward=lambda reward: 1.0 if reward > 0 else 0.0,
            restore=_restore,
            max_steps=_limit(env) if max_steps is None else max_steps,
        )

    def reset(self, seed: int) -> tuple[State, str]:
        """Begin the episode of ``seed``; return its state and the mission."""
        with contextlib.redirect_stdout(io.StringIO()):  # BabyAI tells there which levels it rejected
            return super().reset(seed)

    def step(self, action: str) -> tuple[State, float, bool]:
        """Do one action; return the next state, the reward, and whether the rules ended the episode.

        Raises:
            ValueError: ``action`` is none of ``actions``.
            RuntimeError: there is no state yet.
        """
        self.unwrapped.step_count = 0  # the package's reward sinks with the steps, below 0 after its time limit
        return super().step(action)

    def set_state(self, state: State, mission: str | None = None) -> None:
        """Go on from ``state``, with another mission if one is given.

        What a box hides is worked out as well: nothing, except in the environments that hide their one key in a box.

        Raises:
            ValueError: ``state`` is no state of MiniGrid, or ``mission`` is none of this environment.
        """
        if self._mission is None:
            self.reset(0)
        before = self._mission
        self._mission = self._mission if mission is None else mission
        self.unwrapped.mission = self._mission
        try:
            super().set_state(state)
        except ValueError:
            self._mission = before
            if self._state is not None and self._state != state:
                self.unwrapped.mission = before
                _restore(self.unwrapped, self._state)  # what was half written is undone
            raise

    def render(self, mode: RenderMode) -> Frame:
        """Return the state in the package's own text (two characters a cell) or picture (32 pixels a cell).

        Raises:
            ValueError: ``mode`` is neither ``"ansi"`` nor ``"rgb_array"``.
            RuntimeError: there is no state yet.
        """
        if mode not in ("ansi", "rgb_array"):
            raise ValueError(f"unknown render mode {mode!r}: known are ansi and rgb_array")
        if self._state is None:
            raise RuntimeError("the environment has no state yet: call reset(seed) or set_state(state) first")
        if mode == "ansi":
            return str(self.unwrapped.pprint_grid())
        picture = self.unwrapped.get_frame(highlight=False, tile_size=_TILE_PIXELS)
        return np.asarray(picture, dtype=np.uint8)


def _made(full_id: str) -> Any:
    """Return the package's environment without wrappers, and without the view that nobody looks at."""
    from gymnasium.envs.registration import load_env_creator, registry

    spec = registry[full_id]
    assert spec.entry_point is not None
    make: Any = load_env_creator(spec.entry_point) if isinstance(spec.entry_point, str) else spec.entry_point
    env = make(**spec.kwargs)
    env.gen_obs = dict  # most of the package's time goes into it
    return env


def _limit(env: Any) -> int:
    """Return the package's limit; BabyAI has one for each mission, here the longer one of an instruction counts."""
    return int(env.max_steps) or 2 * env.room_size**2 * env.num_rows * env.num_cols


def _restore(env: Any, state: State) -> None:
    write_state(env, state)
    restore_targets(env, env.mission)
