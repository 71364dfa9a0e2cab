"""The Gymnasium environment, and its registration without importing Gymnasium."""

from __future__ import annotations

import subprocess
import sys

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from wc_engine.envs.gym_registration import register_envs, register_with_gymnasium
from wc_engine.envs.gym_sokoban import SokobanGymEnv
from wc_engine.envs.sokoban import parse_levels
from wc_engine.state.entities import State

NAME = "wc_engine/Sokoban-v0"


@pytest.fixture(autouse=True)
def registered() -> None:
    register_with_gymnasium()


@pytest.mark.parametrize("render_mode", [None, "rgb_array", "ansi"])
def test_gymnasiums_own_checker_has_nothing_to_say(render_mode):
    check_env(gymnasium.make(NAME, render_mode=render_mode).unwrapped)


def test_registering_twice_is_harmless():
    register_envs()
    register_envs()
    assert gymnasium.spec(NAME).max_episode_steps == 100


def test_a_seed_fixes_this_episode_and_the_next_ones():
    def episodes() -> list[State]:
        env = gymnasium.make(NAME, size=(8, 8), boxes=3)
        return [env.reset(seed=7)[1]["state"], env.reset()[1]["state"], env.reset()[1]["state"]]

    assert episodes() == episodes()
    assert len(set(episodes())) == 3


def test_observation_reward_and_info_are_those_of_the_rules():
    levels = parse_levels("######\n#@$*.#\n#  $+#\n######\n".replace("+", ".")).levels
    env = gymnasium.make(NAME, levels=levels)
    observation, info = env.reset(seed=0)
    assert observation.tolist() == [[1] * 6, [1, 5, 3, 4, 2, 1], [1, 0, 0, 3, 2, 1], [1] * 6]
    assert info == {"state": levels[0].state, "mission": "push all the boxes onto the targets"}
    env.step(1)
    observation, reward, terminated, truncated, info = env.step(3)
    assert observation.tolist() == [[1] * 6, [1, 0, 3, 4, 2, 1], [1, 0, 5, 3, 2, 1], [1] * 6]
    assert (reward, terminated, truncated) == (-0.1, False, False)
    _, reward, terminated, _, _ = env.step(3)
    assert (reward, terminated) == (0.9, False)


def test_the_last_push_terminates_and_the_time_limit_truncates():
    env = gymnasium.make(NAME, levels=parse_levels("#####\n#@$.#\n#####").levels)
    env.reset(seed=0)
    assert env.step(3)[1:4] == (10.9, True, False)
    env.reset()
    outcomes = [env.step(0)[2:4] for _ in range(100)]
    assert outcomes == [(False, False)] * 99 + [(False, True)]


def test_smaller_levels_are_padded_with_floor():
    levels = parse_levels("#####\n#@$.#\n#####\n\n####\n#@ #\n#$ #\n#. #\n####\n").levels
    env = SokobanGymEnv(levels=levels)
    observations = [env.reset(seed=seed)[0] for seed in range(10)]
    assert {observation.shape for observation in observations} == {(5, 5)}
    assert {tuple(observation[4]) for observation in observations} == {(0, 0, 0, 0, 0), (1, 1, 1, 1, 0)}


def test_pictures_and_text_are_rendered():
    env = SokobanGymEnv(render_mode="rgb_array")
    env.reset(seed=0)
    picture = env.render()
    assert isinstance(picture, np.ndarray)
    assert picture.shape == (224, 224, 3)
    text = SokobanGymEnv(render_mode="ansi", levels=parse_levels("#####\n#@$.#\n#####").levels)
    text.reset(seed=0)
    assert text.render() == "#####\n#@$.#\n#####"
    with pytest.raises(ValueError, match="unknown render mode 'human'"):
        SokobanGymEnv(render_mode="human")


def test_no_render_mode_renders_nothing():
    env = SokobanGymEnv()
    env.reset(seed=0)
    assert env.render() is None


@pytest.mark.parametrize(
    "program",
    [
        "import gymnasium, wc_engine; gymnasium.make('wc_engine/Sokoban-v0')",
        "import wc_engine, gymnasium; gymnasium.make('wc_engine/Sokoban-v0')",
        "import gymnasium; gymnasium.make('wc_engine:wc_engine/Sokoban-v0')",
        "import wc_engine, importlib.util as u; u.find_spec('gymnasium'); import gymnasium; "
        "gymnasium.make('wc_engine/Sokoban-v0')",
        "import wc_engine, sys; assert not {'gymnasium', 'numpy', 'numba'} & set(sys.modules), sorted(sys.modules)",
    ],
    ids=["gymnasium first", "wc_engine first", "by module", "looked for before", "cheap import"],
)
def test_importing_wc_engine_registers_without_importing_gymnasium(program):
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)
