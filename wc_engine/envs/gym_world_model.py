"""A world model as a Gymnasium environment: ``gymnasium.make("wc_engine/WorldModel-v0", model=..., initial=...)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeAlias

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode

from wc_engine.envs.gym_make import Initial, Model, make_vec
from wc_engine.envs.gym_vector import Observations
from wc_engine.models.problem import U64Array
from wc_engine.state.entities import State

__all__ = ["WorldModelEnv"]

_Observation: TypeAlias = "U64Array | State"


class WorldModelEnv(gymnasium.Env[_Observation, np.int64]):
    """One episode inside a world model, for training and planning where no real environment is.

    Transitions, rewards and ends are the model's, by native code; ``wc_engine.make_vec`` runs many episodes at once.
    Observations are packed states (``W`` words of uint64) or symbolic ones. Actions are indices of ``actions``. An
    episode terminates where the model says done and where the program fails on a step (``info["failed"]``); it is
    truncated where a step has no answer (``info["unanswered"]``). ``info`` holds ``"state"``, the symbolic state;
    ``reset`` adds ``"start"``, the number of the initial state, which ``options={"start": number}`` chooses.

    Args:
        model: as ``wc_engine.make_vec`` takes it: a program's text or file, a compiled model, or problems (any model of
            the C contract).
        initial: initial states, the name of an environment, or a file of levels; None where problems bring theirs.
        actions: the actions; None for those of the compiled model, the environment or the levels.
        mission: whose reward function to use, where the program has several.
        observations: ``"words"`` or ``"states"``.
        num_levels: how many initial states are taken from an environment that is named.
        trusted: run the program in this process, not in the sandbox, where native code has no answer to a step.
        render_mode: None or ``"ansi"``: the entities of the state as text.

    Raises: as ``wc_engine.make_vec``.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["ansi"], "render_fps": 4}  # type: ignore[misc]

    def __init__(
        self,
        model: Model,
        initial: Initial | None = None,
        *,
        actions: Sequence[str] | None = None,
        mission: str | None = None,
        observations: Observations = "words",
        num_levels: int = 100,
        trusted: bool = False,
        render_mode: str | None = None,
    ) -> None:
        if render_mode not in (None, "ansi"):
            raise ValueError(f"render_mode is {render_mode!r}: expected None or 'ansi'")
        self.render_mode = render_mode
        self._episodes = make_vec(
            model,
            initial,
            1,
            actions=actions,
            mission=mission,
            observations=observations,
            num_levels=num_levels,
            autoreset_mode=AutoresetMode.DISABLED,
            threads=1,
            trusted=trusted,
        )
        self.observation_space = self._episodes.single_observation_space
        self.action_space = self._episodes.single_action_space

    @property
    def actions(self) -> tuple[str, ...]:
        """The action of each index."""
        return self._episodes.actions

    @property
    def num_starts(self) -> int:
        """How many initial states there are."""
        return self._episodes.num_starts

    @property
    def state(self) -> State:
        """The current state, unpacked."""
        return self._episodes.states()[0]

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[_Observation, dict[str, Any]]:
        """Begin an episode; ``seed`` starts the stream of random numbers that chooses this one's state and the next."""
        super().reset(seed=seed, options=options)
        start = (options or {}).get("start")
        if start is None:
            start = int(self.np_random.integers(self.num_starts))
        observations, _ = self._episodes.reset(options={"start": start})
        return observations[0], {"start": start, "state": self.state}

    def step(self, action: np.int64 | int) -> tuple[_Observation, float, bool, bool, dict[str, Any]]:
        """Do one action.

        Raises:
            ValueError: there is no action of that index.
            RuntimeError: there was no ``reset``, or the episode is over.
        """
        chosen = np.array([int(action)])
        observations, rewards, terminations, truncations, infos = self._episodes.step(chosen)
        info: dict[str, Any] = {"state": self.state}
        info |= {name: True for name in ("failed", "unanswered") if name in infos}
        return observations[0], float(rewards[0]), bool(terminations[0]), bool(truncations[0]), info

    def render(self) -> str | None:
        """Return the entities of the state, one a line, or None without a ``render_mode``."""
        return None if self.render_mode is None else "\n".join(map(repr, self.state))

    def close(self) -> None:
        """Give back what answers steps that native code has no answer to."""
        self._episodes.close()
