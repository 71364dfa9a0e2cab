"""Vector environments over compiled models: Gymnasium's rules of resetting, and the model's steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers.vector import DictInfoToList, RecordEpisodeStatistics
from sokoban_texts import LEVELS, MODEL
from table_problem import FAILED, OUT_OF_RANGE, Edge, System, TableProblem, line

import wc_engine
from wc_engine.compile import compile_program
from wc_engine.envs.gym_vector import ModelVectorEnv, Starts, StateSpace
from wc_engine.envs.sokoban import parse_levels
from wc_engine.envs.sokoban.rules import ACTIONS
from wc_engine.errors import EncodingError, UnsupportedConstructError, UserInputError
from wc_engine.models import Program, TrustedModel
from wc_engine.models.problem import Problem
from wc_engine.planners._core.stepping import Stepper
from wc_engine.state import Entity, State

STATES = [level.state for level in parse_levels(LEVELS).levels]

SWITCH = """
def transition(state, action):
    door = next(e for e in state if e.name == 'Door')
    if action == 'toggle':
        door.look = 'open' if door.look == 'shut' else 'shut'
    if action == 'paint':
        door.look = 'a' * 3 if door.look == 'shut' else door.look
    if action == 'count':
        door.times = door.times * 1000 + 1
    if action == 'break':
        raise ValueError(action)
    return state

def reward_func(state, action, next_state):
    door = next(e for e in next_state if e.name == 'Door')
    return len(door.look) + door.times, door.look == 'aaa'
"""
DOOR = State([Entity("Door", look="shut", times=0, x=0, y=0)])


class OneEpisode(gymnasium.Env[np.ndarray, np.int64]):
    """A problem as a plain environment, for Gymnasium's own vector environment to multiply."""

    def __init__(self, problem: Problem, limit: int) -> None:
        self.problem, self.limit = problem, limit
        self.stepper = Stepper(problem.capsule)
        self.observation_space = gymnasium.spaces.Box(0, np.iinfo(np.uint64).max, (problem.num_words,), np.uint64)
        self.action_space = gymnasium.spaces.Discrete(len(problem.actions))

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None):
        super().reset(seed=seed)
        self.words, self.elapsed = tuple(map(int, self.problem.initial_words)), 0
        return np.array(self.words, dtype=np.uint64), {}

    def step(self, action: np.int64):
        status, words, reward, done = self.stepper.step(self.words, int(action))
        self.elapsed += 1
        if status == FAILED:
            reward, done = 0.0, True
        else:
            self.words = words
        truncated = not done and self.elapsed >= self.limit
        return np.array(self.words, dtype=np.uint64), reward, done, truncated, {}


def env_of(system: System, num_envs: int = 1, **settings: Any) -> ModelVectorEnv:
    """Return episodes in a small system of states."""
    return ModelVectorEnv(Starts.of_problems([TableProblem(system)]), num_envs, **settings)


SYSTEM: System = [
    [Edge(1, 0.5), Edge(2), Edge(0, -1.0)],
    [Edge(2), Edge(0, status=FAILED), Edge(1, 1.0)],
    [Edge(0, 2.0, done=True), Edge(1, -0.25), Edge(2)],
]


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_episodes_are_those_of_gymnasiums_own_vector_environment(mode: AutoresetMode) -> None:
    problem = TableProblem(SYSTEM, num_words=2)
    ours = ModelVectorEnv(Starts.of_problems([problem]), 7, max_episode_steps=5, autoreset_mode=mode)
    theirs = SyncVectorEnv([lambda: OneEpisode(problem, 5)] * 7, autoreset_mode=mode)
    for name in ("observation_space", "action_space", "single_observation_space", "single_action_space"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert ours.metadata["autoreset_mode"] is theirs.metadata["autoreset_mode"]
    assert np.array_equal(ours.reset(seed=1)[0], theirs.reset(seed=1)[0])
    random = np.random.default_rng(5)
    for _ in range(200):
        actions = random.integers(3, size=7)
        *mine, infos = ours.step(actions)
        *expected, their_infos = theirs.step(actions)
        for one, other in zip(mine, expected, strict=True):
            assert one.dtype == other.dtype
            assert np.array_equal(one, other)
        assert mine[0] in ours.observation_space
        if mode is AutoresetMode.SAME_STEP and "final_obs" in their_infos:
            assert infos["_final_obs"].tolist() == their_infos["_final_obs"].tolist()
            for one, other in zip(infos["final_obs"], their_infos["final_obs"], strict=True):
                assert np.array_equal(one, other)


def test_a_failed_step_terminates_and_the_info_says_so() -> None:
    env = env_of([[Edge(1), Edge(0, 3.0)], [Edge(0, status=FAILED), Edge(1)]], 2)
    env.reset(seed=0)
    env.step(np.array([0, 1]))
    observations, rewards, terminated, truncated, infos = env.step(np.array([0, 1]))
    assert (rewards.tolist(), terminated.tolist(), truncated.tolist()) == ([0.0, 3.0], [True, False], [False, False])
    assert infos["failed"].tolist() == infos["_failed"].tolist() == [True, False]
    assert observations.tolist() == [[1], [0]]
    observations, rewards, terminated, _, infos = env.step(np.array([0, 0]))
    assert (observations.tolist(), rewards.tolist(), terminated.tolist()) == ([[0], [1]], [0.0, 0.0], [False, False])
    assert infos["_start"].tolist() == [True, False]
    assert "failed" not in infos


def test_a_step_without_an_answer_truncates_and_the_info_says_so() -> None:
    env = env_of([[Edge(1), Edge(0, status=OUT_OF_RANGE)], [Edge(1), Edge(1)]], 2)
    env.reset(seed=0)
    observations, rewards, terminated, truncated, infos = env.step(np.array([1, 0]))
    assert (observations.tolist(), rewards.tolist()) == ([[0], [1]], [0.0, 0.0])
    assert (terminated.tolist(), truncated.tolist()) == ([False, False], [True, False])
    assert infos["unanswered"].tolist() == [True, False]


def test_without_autoreset_the_user_resets_what_is_over() -> None:
    env = env_of(line(3), 3, autoreset_mode="Disabled", max_episode_steps=4)
    env.reset(seed=0)
    for _ in range(3):
        observations, _, terminated, _, _ = env.step(np.array([0, 1, 0]))
    assert terminated.tolist() == [True, False, True]
    with pytest.raises(RuntimeError, match=r"episodes \[0, 2\] are over"):
        env.step(np.zeros(3, dtype=int))
    before = observations[1]
    observations, infos = env.reset(options={"reset_mask": terminated})
    assert infos["_start"].tolist() == [True, False, True]
    assert observations.tolist() == [[0], before.tolist(), [0]]
    _, _, terminated, truncated, _ = env.step(np.zeros(3, dtype=int))
    assert (terminated.tolist(), truncated.tolist()) == ([False] * 3, [False, True, False])
    for mask in ([True] * 3, np.ones(2, dtype=bool), np.ones(3)):
        with pytest.raises(ValueError, match="reset_mask"):
            env.reset(options={"reset_mask": mask})


def test_a_seed_fixes_the_initial_states_of_this_and_later_episodes() -> None:
    def starts(seed: int) -> list[list[int]]:
        problems = [TableProblem(line(length)) for length in (2, 3, 4, 5)]
        env = ModelVectorEnv(Starts.of_problems(problems), 8, max_episode_steps=2)
        found = [env.reset(seed=seed)[1]["start"].tolist()]
        for _ in range(6):
            infos = env.step(np.ones(8, dtype=int))[-1]
            if "start" in infos:
                found.append(infos["start"].tolist())
        return found

    assert starts(3) == starts(3)
    assert len(starts(3)) == 3
    assert starts(3) != starts(4)
    assert {number for row in starts(3) for number in row} == {0, 1, 2, 3}


def test_initial_states_can_be_named() -> None:
    problems = [TableProblem(line(length), num_words=1 + length % 2) for length in (2, 3, 4)]
    env = ModelVectorEnv(Starts.of_problems(problems), 4)
    _, infos = env.reset(options={"start": [2, 0, 1, 1]})
    assert infos["start"].tolist() == [2, 0, 1, 1]
    env.step(np.zeros(4, dtype=int))
    _, _, terminated, _, _ = env.step(np.zeros(4, dtype=int))
    assert terminated.tolist() == [False, True, False, False]
    assert env.reset(options={"start": 1})[1]["start"].tolist() == [1] * 4
    with pytest.raises(ValueError, match="below 3"):
        env.reset(options={"start": 3})


def test_wrappers_of_gymnasium_go_around_it() -> None:
    env = DictInfoToList(RecordEpisodeStatistics(env_of(SYSTEM, 4, max_episode_steps=6)))
    env.reset(seed=2)
    env.action_space.seed(0)
    episodes = []
    for _ in range(40):
        infos = env.step(env.action_space.sample())[-1]
        episodes += [info["episode"]["l"] for info in infos if "episode" in info]
    assert episodes
    assert all(1 <= length <= 6 for length in episodes)
    env.close()
    assert env.unwrapped.closed


def test_symbolic_states_are_observed_on_request() -> None:
    env = wc_engine.make_vec(MODEL, STATES, 3, actions=ACTIONS, observations="states", trusted=True)
    observations, infos = env.reset(seed=0)
    assert observations == tuple(STATES[number] for number in infos["start"]) == env.states()
    assert observations in env.observation_space
    assert isinstance(env.single_observation_space, StateSpace)
    assert env.single_observation_space.sample() in STATES
    assert env.observation_space.sample() in env.observation_space
    assert 3 not in env.single_observation_space
    model = TrustedModel(Program.from_text(MODEL))
    for action in (0, 1, 2, 3, 0):
        outcomes = [model.step(state, ACTIONS[action]) for state in observations]
        observations, rewards, terminated, _, _ = env.step(np.full(3, action))
        assert observations == tuple(outcome.next_state for outcome in outcomes)
        assert rewards.tolist() == [outcome.reward for outcome in outcomes]
        assert terminated.tolist() == [outcome.done for outcome in outcomes]
    env.close()


def test_a_program_a_file_and_a_compiled_model_make_the_same_environment(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "levels.xsb").write_text(LEVELS)
    compiled = compile_program(MODEL, STATES, ACTIONS)
    envs = [
        wc_engine.make_vec(MODEL, STATES, 5, actions=ACTIONS),
        wc_engine.make_vec(Program.from_text(MODEL), STATES, 5, actions=ACTIONS),
        wc_engine.make_vec(tmp_path / "model.py", tmp_path / "levels.xsb", 5),
        wc_engine.make_vec(str(tmp_path / "model.py"), str(tmp_path / "levels.xsb"), 5, threads=1),
        wc_engine.make_vec(compiled, STATES, 5),
        wc_engine.make_vec([compiled.bind(state) for state in STATES], num_envs=5),
    ]
    actions = np.random.default_rng(1).integers(4, size=(50, 5))
    played = []
    for env in envs:
        env.reset(seed=9)
        states, rewards = [env.states()], []
        for row in actions:
            rewards.append(env.step(row)[1].tolist())
            states.append(env.states())
        played.append((states, rewards))
        env.close()
    assert all(one == played[0] for one in played)


def test_the_name_of_an_environment_brings_levels_actions_and_a_limit() -> None:
    env = wc_engine.make_vec(MODEL, "sokoban", 2, num_levels=6)
    assert (len(env.problems), env.actions, env.single_action_space.n) == (6, ACTIONS, 4)
    env.reset(seed=0)
    truncations = [env.step(np.array([0, 0]))[3].any() for _ in range(100)]
    assert truncations == [False] * 99 + [True]
    env.close()


def test_values_that_random_walks_meet_have_a_place_and_others_are_answered_by_the_program() -> None:
    env = wc_engine.make_vec(SWITCH, DOOR, 2, actions=["toggle", "count", "break", "paint"], trusted=True)
    env.reset(seed=0)
    toggle, count, wrong, paint = range(4)
    assert env.step(np.array([toggle, count]))[1].tolist() == [4.0, 5.0]
    _, rewards, terminated, truncated, infos = env.step(np.array([paint, wrong]))
    assert (rewards.tolist(), terminated.tolist(), truncated.tolist()) == ([4.0, 0.0], [False, True], [False, False])
    assert infos["failed"].tolist() == [False, True]
    env.reset(seed=0)
    assert env.step(np.array([paint, toggle]))[2].tolist() == [True, False]
    env.reset(seed=0)
    ended = [env.step(np.array([count, toggle])) for _ in range(40)]
    assert any(truncated[0] and infos["unanswered"][0] for _, _, _, truncated, infos in ended)
    assert not any(truncated[1] for _, _, _, truncated, _ in ended)
    env.close()


CROWD = """
class Entity:
    def __init__(self, x, y):
        self.x = x
        self.y = y

class Dot(Entity):
    pass

def transition(state, action):
    kinds = {type(one).__name__ for one in state}
    return {type(one)(one.x + (action == 'right'), one.y) for one in state} if kinds else state

def reward_func(state, action, next_state):
    return float(max(one.x for one in next_state)), False
"""


def test_many_things_that_move_at_once_have_room() -> None:
    crowd = State([Entity("Dot", x=0, y=y) for y in range(40)])
    env = wc_engine.make_vec(CROWD, crowd, 2, actions=["right", "stay"], observations="states", trusted=True)
    env.reset(seed=0)
    observations, rewards, _, truncated, infos = env.step(np.array([0, 1]))
    assert (rewards.tolist(), truncated.tolist(), infos) == ([1.0, 0.0], [False, False], {})
    assert observations == (State([Entity("Dot", x=1, y=y) for y in range(40)]), crowd)
    env.close()


def test_misuse_is_told() -> None:
    with pytest.raises(UserInputError, match="nothing says where episodes begin"):
        wc_engine.make_vec(MODEL)
    with pytest.raises(UserInputError, match="nothing says which actions"):
        wc_engine.make_vec(MODEL, STATES)
    with pytest.raises(UserInputError, match="unknown environment 'soko'"):
        wc_engine.make_vec(MODEL, "soko")
    with pytest.raises(UserInputError, match="no initial state"):
        wc_engine.make_vec(MODEL, [], actions=ACTIONS)
    with pytest.raises(ValueError, match="bring their initial states along"):
        wc_engine.make_vec(TableProblem(line(2)), STATES)
    with pytest.raises(UnsupportedConstructError):
        wc_engine.make_vec("import numpy\n" + MODEL, STATES, actions=ACTIONS)
    with pytest.raises(EncodingError, match="initial state 1"):
        wc_engine.make_vec(MODEL, [STATES[0], State([*STATES[0], Entity("Wall", x=0, y=0)])], actions=ACTIONS)
    with pytest.raises(ValueError, match="at least one episode"):
        env_of(line(2), 0)
    with pytest.raises(ValueError, match="'words' or 'states'"):
        env_of(line(2), observations="pixels")
    env = env_of(line(2), 2)
    with pytest.raises(RuntimeError, match="reset the environment"):
        env.step(np.zeros(2, dtype=int))
    with pytest.raises(ValueError, match="first reset must begin every episode"):
        env.reset(options={"reset_mask": np.array([True, False])})
    env.reset()
    for actions in (np.zeros(3, dtype=int), np.zeros(2), 0):
        with pytest.raises(ValueError, match="expected 2 indices of actions"):
            env.step(actions)
    with pytest.raises(ValueError, match="expected actions below 2"):
        env.step(np.array([0, 2]))
    assert env.render() is None
