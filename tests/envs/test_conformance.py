"""The conformance check finds what is wrong, and the adapter makes environments that pass it."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from wc_engine.envs import GymnasiumEnvironment, check_environment, list_envs, make_env, registry, resolve_env_list
from wc_engine.errors import UserInputError
from wc_engine.state.entities import Entity, State


class Corridor(gymnasium.Env):
    """A walk from 0 to 5."""

    metadata = {"render_modes": ["rgb_array"]}  # noqa: RUF012  (so Gymnasium has it)
    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Discrete(6)

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.place = 0
        self.steps = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = int(self.np_random.integers(3))
        self.steps = 0
        return self.place, {}

    def step(self, action):
        self.steps += 1
        self.place = max(0, self.place + (1 if action == 1 else -1))
        return self.place, float(self.place == 5), self.place == 5, False, {}

    def render(self):
        return np.full((4, 6, 3), self.place, dtype=np.uint8)


def restore(env, state):
    (walker,) = state.of_type("Walker")
    env.place = walker["x"]


def corridor(env=None, **changes):
    options = {
        "entities": lambda env: [Entity("Walker", x=env.place, y=0)],
        "actions": ("back", "forth"),
        "name": "corridor",
        "mission": "walk",
        "restore": restore,
    }
    return GymnasiumEnvironment(env or Corridor(render_mode="rgb_array"), **(options | changes))


def test_an_adapted_environment_conforms():
    check_environment(corridor)
    check_environment(lambda: corridor(restore=None))
    check_environment(lambda: corridor(Corridor()))
    check_environment(lambda: corridor(actions={"left": 0, "right": 1}, mission=lambda env: f"walk from {env.place}"))


def test_an_adapted_environment_does_what_the_environment_does():
    env = corridor(reward=lambda reward: 10 * reward)
    env.set_state(State([Entity("Walker", x=4, y=0)]))
    assert env.step("forth") == (State([Entity("Walker", x=5, y=0)]), 10.0, True)
    assert env.mission == "walk"
    assert env.render("ansi") == "W\nWalker(5, 0)"
    assert env.render("rgb_array").shape == (4, 6, 3)
    with pytest.raises(ValueError, match="corridor has back, forth"):
        env.step("jump")
    with pytest.raises(NotImplementedError, match="no `restore`"):
        corridor(restore=None).set_state(env.state)
    with pytest.raises(ValueError, match="draws no pictures"):
        corridor(Corridor()).render("rgb_array")


def test_an_adapted_environment_is_made_of_an_id_without_its_time_limit():
    gymnasium.register("wc_engine_test/Corridor-v0", entry_point=Corridor, max_episode_steps=1)
    try:
        env = corridor("wc_engine_test/Corridor-v0")
        check_environment(lambda: corridor("wc_engine_test/Corridor-v0"))
        env.reset(0)
        assert env.unwrapped.render_mode == "rgb_array"
    finally:
        del gymnasium.registry["wc_engine_test/Corridor-v0"]
    with pytest.raises(UserInputError, match="Gymnasium cannot make 'wc_engine_test/Nothing-v0'"):
        corridor("wc_engine_test/Nothing-v0")
    with pytest.raises(UserInputError, match="has no actions"):
        corridor(actions=())


class Hidden(Corridor):
    """After three steps the walker is tired, which its state does not say."""

    def step(self, action):
        return super().step(action if self.steps < 3 else 0)


class Drifting(Corridor):
    """Nobody seeds its wind."""

    wind = np.random.default_rng(0)

    def step(self, action):
        return super().step(int(self.wind.integers(2)))


@pytest.mark.parametrize(
    ("env", "changes", "message"),
    [
        (Hidden, {}, "the state does not say everything"),
        (Drifting, {}, "gave two different episodes"),
        (Corridor, {"reward": lambda reward: float("nan")}, "a reward is a finite number"),
        (Corridor, {"mission": lambda env: f"walk {id(object())} {env.np_random.random()}"}, None),
        (Corridor, {"actions": {"": 0}, "name": ""}, "the name is a text"),
        (Corridor, {"restore": lambda env, state: None}, "the state does not say everything"),
    ],
)
def test_what_breaks_the_protocol_is_found(env, changes, message):
    if message is None:
        check_environment(lambda: corridor(env(), **changes))  # missions may differ where episodes do not
        return
    with pytest.raises(AssertionError, match=message):
        check_environment(lambda: corridor(env(), **changes))


class Point:
    """An entry point, as importlib.metadata gives it."""

    def __init__(self, name, factory):
        self.name, self.value, self._factory = name, "elsewhere:make", factory

    def load(self):
        if isinstance(self._factory, Exception):
            raise self._factory
        return self._factory


def test_other_packages_add_environments_by_entry_points(monkeypatch):
    points = [
        Point("corridor", lambda *, max_steps=7: corridor(max_steps=max_steps)),
        Point("broken", ImportError("no elsewhere")),
        Point("sokoban", None),  # ours stays ours
    ]
    monkeypatch.setattr(registry, "entry_points", lambda *, group: points if group == "wc_engine.environments" else [])
    assert make_env("corridor", max_steps=9).max_steps == 9
    assert make_env("sokoban").name == "sokoban"
    assert [line.name for line in list_envs()][-2:] == ["broken", "corridor"]
    check_environment("corridor")
    with pytest.raises(UserInputError, match="'broken' cannot be loaded from elsewhere:make: ImportError"):
        make_env("broken")
    with pytest.raises(UserInputError, match="unknown environment 'corider': did you mean 'corridor'"):
        make_env("corider")


def test_lists_of_environments_have_names():
    stages = ("Empty-5x5", "DoorKey-5x5", "Unlock", "Fetch-6x6-N2", "UnlockPickup", "BlockedUnlockPickup")
    assert resolve_env_list("curriculum:minigrid").stages == tuple(f"minigrid:{stage}" for stage in stages)
    assert resolve_env_list("sokoban").stages == ("sokoban",)
    assert resolve_env_list("sokoban, sokoban:teleport").stages == ("sokoban", "sokoban:teleport")
    for name in resolve_env_list("curriculum:minigrid").stages:
        assert make_env(name).name == name
    with pytest.raises(UserInputError, match="unknown curriculum 'curriculum:minigird': did you mean"):
        resolve_env_list("curriculum:minigird")
    with pytest.raises(UserInputError, match="is a list of environments where one is needed"):
        make_env("curriculum:minigrid")
