"""Recording transitions by random play."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from wc_engine.envs.protocol import Environment
from wc_engine.models.dataset import Transition

__all__ = ["RecordedStep", "random_play"]


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One step of random play.

    Attributes:
        transition: what happened.
        episode: number of the episode it belongs to, from 1.
    """

    transition: Transition
    episode: int


def random_play(env: Environment, *, seed: int, max_steps: int | None = None) -> Iterator[RecordedStep]:
    """Play actions drawn evenly, episode after episode, without end.

    Args:
        env: the world.
        seed: decides the episodes and the actions.
        max_steps: steps after which an episode is cut, or None for the environment's own limit.
    """
    actions = random.Random(f"random play {seed}")
    seeds = random.Random(f"episodes of random play {seed}")
    limit = env.max_steps if max_steps is None else max_steps
    episode = 0
    while True:
        episode += 1
        state, mission = env.reset(seeds.getrandbits(29))
        for _ in range(limit):
            action = actions.choice(env.actions)
            next_state, reward, done = env.step(action)
            yield RecordedStep(Transition(env.name, mission, state, action, next_state, reward, done), episode)
            if done:
                break
            state = next_state
