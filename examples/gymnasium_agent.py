"""A Gymnasium agent that plans at each step: a world slips, so that it does not always go where the plan says.

Run it with: python examples/gymnasium_agent.py
"""

from __future__ import annotations

from pathlib import Path

import gymnasium
import numpy as np

import wc_engine

MODEL = Path(__file__).with_name("sokoban_model.py")
ACTIONS = ("move up", "move down", "move left", "move right")
SLIPS = 0.2
"""How often the world takes another action than the agent's."""


def play(seed: int, max_steps: int = 100) -> tuple[bool, int, int]:
    """Play an episode; return whether it was won, its steps, and how often a search was needed."""
    env = gymnasium.make("wc_engine/Sokoban-v0", size=(7, 7), boxes=1, max_episode_steps=max_steps)
    chance = np.random.default_rng(seed)
    _, info = env.reset(seed=seed)
    searches = 0
    with wc_engine.Planner(MODEL, actions=ACTIONS) as planner:
        for step in range(1, max_steps + 1):
            found = planner.plan(info["state"], time_limit=5.0)
            searches += found.expanded > 0  # on the plan that is known, nothing needs to be searched
            if found.plan is None:
                return False, step, searches
            action = ACTIONS.index(found.plan[0])
            if chance.random() < SLIPS:
                action = int(chance.integers(len(ACTIONS)))
            _, _, terminated, truncated, info = env.step(action)
            if terminated or truncated:
                return terminated, step, searches
    return False, max_steps, searches


if __name__ == "__main__":
    for seed in range(5):
        won, steps, searches = play(seed)
        print(f"seed {seed}: {'won' if won else 'lost'} in {steps} steps, {searches} searches")
