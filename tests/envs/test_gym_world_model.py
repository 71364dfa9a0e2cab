"""Episodes inside a world model, one at a time."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from wc_engine.compile import compile_program
from wc_engine.envs.gym_registration import register_with_gymnasium
from wc_engine.envs.gym_world_model import WorldModelEnv
from wc_engine.models import Program, open_model
from wc_engine.state.entities import Entity, State

NAME = "wc_engine/WorldModel-v0"

CORRIDOR = """
def transition(state, action):
    robot = next(e for e in state if e.name == "Robot")
    dx = {"left": -1, "right": 1, "jump": [][0] if action == "jump" else 0}[action]
    if not any(e.name == "Wall" and e.x == robot.x + dx for e in state):
        robot.x += dx
    return state

def reward_func(state, action, next_state):
    robot = next(e for e in next_state if e.name == "Robot")
    home = any(e.name == "Lamp" and e.x == robot.x for e in next_state)
    return (1.0 if home else -0.25), home
"""
ACTIONS = ("left", "right", "jump")


def corridor(robot: int) -> State:
    walls = [Entity("Wall", x=-1, y=0), Entity("Wall", x=9, y=0)]
    return State([Entity("Lamp", x=1, y=0), Entity("Robot", x=robot, y=0), *walls])


STARTS = [corridor(place) for place in (3, 4, 6)]


@pytest.fixture(autouse=True)
def registered() -> None:
    register_with_gymnasium()


@pytest.mark.parametrize("observations", ["words", "states"])
def test_gymnasiums_own_checker_has_nothing_to_say(observations):
    env = gymnasium.make(NAME, model=CORRIDOR, initial=STARTS, actions=ACTIONS, observations=observations)
    check_env(env.unwrapped, skip_render_check=True)
    env.close()


def test_an_episode_is_what_the_program_says():
    env = gymnasium.make(
        NAME, model=CORRIDOR, initial=STARTS, actions=ACTIONS, observations="states", render_mode="ansi"
    )
    assert env.unwrapped.actions == ACTIONS
    _, info = env.reset(seed=1, options={"start": 0})
    assert (info["start"], info["state"]) == (0, corridor(3))
    with open_model(Program.from_text(CORRIDOR), trusted=True) as program:
        state = info["state"]
        for action in (1, 0, 0, 0):
            expected = program.step(state, ACTIONS[action])
            state, reward, terminated, truncated, info = env.step(action)
            assert (state, reward, terminated) == (expected.next_state, expected.reward, expected.done)
            assert (info, truncated) == ({"state": state}, False)
    assert terminated
    assert "Robot(1, 0)" in env.render()
    with pytest.raises(RuntimeError, match="over"):
        env.unwrapped.step(0)
    env.close()


def test_a_step_on_which_the_program_fails_ends_the_episode():
    env = WorldModelEnv(CORRIDOR, STARTS, actions=ACTIONS)
    env.reset(seed=0)
    _, reward, terminated, truncated, info = env.step(2)
    assert (reward, terminated, truncated, info["failed"]) == (0.0, True, False, True)
    env.close()


def test_a_seed_fixes_the_initial_states():
    env = WorldModelEnv(CORRIDOR, STARTS, actions=ACTIONS)

    def starts() -> list[int]:
        return [env.reset(seed=5)[1]["start"], *(env.reset()[1]["start"] for _ in range(9))]

    assert starts() == starts()
    assert set(starts()) <= {0, 1, 2}
    assert len(set(starts())) > 1
    env.close()


def test_a_compiled_problem_is_a_model_and_observations_are_its_words():
    problem = compile_program(CORRIDOR, STARTS, ACTIONS).bind(corridor(4))
    env = WorldModelEnv(problem)
    observation, info = env.reset(seed=0)
    assert observation.tolist() == problem.initial_words.tolist()
    observation, *_, info = env.step(np.int64(1))
    assert problem.decode(observation) == info["state"] == corridor(5)
    env.close()


def test_an_unknown_render_mode_is_refused():
    with pytest.raises(ValueError, match="render_mode"):
        WorldModelEnv(CORRIDOR, STARTS, actions=ACTIONS, render_mode="human")
