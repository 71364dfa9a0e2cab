"""MiniGrid's environments: the representation, agreement with the package, states that are set, names."""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys
from functools import cache

import pytest
from gymnasium.envs.registration import load_env_creator, registry
from shared_data import shared

from wc_engine.envs import check_environment, make_env
from wc_engine.envs.minigrid import CURRICULUM, MiniGridEnvironment, catalogue
from wc_engine.envs.minigrid.catalogue import registered_ids
from wc_engine.errors import UserInputError
from wc_engine.models.dataset import read_transitions
from wc_engine.state.entities import Entity, State

OFFERED = [line for line in catalogue() if line.left_out is None]
STEPS = 30
ACTIONS = ("turn left", "turn right", "move forward", "pick up", "drop", "toggle", "nothing")
PACKAGE_IDS = {
    "empty_5x5": "Empty-5x5",
    "doorkey_5x5": "DoorKey-5x5",
    "doorkey_8x8": "DoorKey-8x8",
    "unlock": "Unlock",
    "fetch_5x5_n2": "Fetch-5x5-N2",
    "unlockpickup": "UnlockPickup",
    "blockedunlockpickup": "BlockedUnlockPickup",
    "lavagap_s5": "LavaGapS5",
}

entity = cache(lambda type_name, attributes: Entity(type_name, dict(attributes)))


def package_environment(full_id):
    """The package's own environment, as it comes but for wrappers."""
    return load_env_creator(registry[full_id].entry_point)(**registry[full_id].kwargs)


def reading_of(env):
    """The state of the package's environment, written down a second time and in another way: off its own encoding."""
    names = {2: "Wall", 4: "Door", 5: "Key", 6: "Ball", 7: "Box", 8: "Goal", 9: "Lava"}
    colors = {0: "red", 1: "green", 2: "blue", 3: "purple", 4: "yellow", 5: "grey"}
    found = []
    for x, column in enumerate(env.grid.encode().tolist()):
        for y, (kind, color, state) in enumerate(column):
            if kind in names:
                attributes = {"x": x, "y": y}
                if kind in (4, 5, 6, 7):
                    attributes["color"] = colors[color]
                if kind == 4:
                    attributes["state"] = ("open", "closed", "locked")[state]
                found.append(entity(names[kind], tuple(attributes.items())))
    held = env.carrying and Entity(env.carrying.type.capitalize(), color=env.carrying.color)
    x, y = (int(value) for value in env.agent_pos)
    direction = ((1, 0), (0, 1), (-1, 0), (0, -1))[env.agent_dir]
    return State([Entity("Agent", x=x, y=y, direction=direction, carrying=held), *found])


def hop(rng, env):
    """Put the agent of the package's environment in front of something that it could walk to if all doors were open."""
    reached, frontier, chances = set(), [tuple(int(value) for value in env.agent_pos)], []
    while frontier:
        x, y = frontier.pop()
        reached.add((x, y))
        for direction, (dx, dy) in enumerate(((1, 0), (0, 1), (-1, 0), (0, -1))):
            there = env.grid.get(x + dx, y + dy)
            if there is not None and (
                there.type == "wall" or (there.type == "door" and "GoToDoor" in type(env).__name__)
            ):
                if there.type == "door":  # outside is nothing, not even walls
                    chances.append(((x, y), direction))
                continue
            if there is not None and env.grid.get(x, y) is None:
                chances.append(((x, y), direction))
            if (x + dx, y + dy) not in reached and (there is None or there.type != "lava"):
                frontier.append((x + dx, y + dy))
    if chances:
        env.agent_pos, env.agent_dir = rng.choice(sorted(set(chances)))


def curious_actions(rng, env):
    """Random play that often does something to what is in front."""
    front = env.grid.get(*(int(value) for value in env.front_pos))
    if front is not None and front.type in ("key", "ball", "box", "door") and rng.random() < 0.5:
        return rng.choice((3, 5))
    return rng.choices(range(7), weights=(2, 2, 6, 1, 1.5, 1, 0.3))[0]


@pytest.mark.parametrize("line", OFFERED, ids=lambda line: line.name)
def test_every_step_from_a_set_state_is_the_packages(line):
    """The package plays an episode; ours is set to each of its states, last to first, and must do what happened."""
    rng = random.Random(line.name)
    package, ours = package_environment(line.detail), MiniGridEnvironment(line.name)
    seed = rng.randrange(1000)
    with contextlib.redirect_stdout(io.StringIO()):
        package.reset(seed=seed)
    assert ours.reset(seed) == (reading_of(package), package.mission)
    played, before = [], reading_of(package)
    for step in range(STEPS):
        if step % 4 == 2:
            hop(rng, package)
            before = reading_of(package)
        action = curious_actions(rng, package)
        package.step_count = 0  # the reward sinks with the steps, below 0 after the time limit
        _, reward, terminated, _, _ = package.step(action)
        after = reading_of(package)
        played.append((before, ACTIONS[action], (after, float(reward > 0), terminated)))
        if terminated:
            break
        before = after
    for before, action, outcome in reversed(played):
        ours.set_state(before)
        assert ours.step(action) == outcome


@pytest.mark.parametrize("name", ["DoorKey-5x5", "Fetch-5x5-N2", "MemoryS7", "ObstructedMaze-1Dlh", "BabyAI-KeyInBox"])
def test_minigrid_conforms(name):
    check_environment(f"minigrid:{name}", episodes=1, steps=20)


@pytest.mark.parametrize("name", PACKAGE_IDS)
def test_recorded_transitions_are_reproduced(name):
    env = make_env(f"minigrid:{PACKAGE_IDS[name]}")
    transitions = read_transitions(shared("corpus", "transitions", f"{name}.jsonl.gz"))
    assert len(transitions) > 50
    for t in transitions:
        env.set_state(t.state, t.mission)
        assert (env.state, env.mission) == (t.state, t.mission)
        assert env.step(t.action) == (t.next_state, t.reward, t.done)


def test_every_registered_environment_is_offered_or_left_out_with_a_reason():
    assert sorted(line.detail for line in catalogue()) == list(registered_ids())
    reasons = {line.name.removeprefix("minigrid:"): line.left_out for line in catalogue() if line.left_out}
    assert "random" in reasons["Dynamic-Obstacles-5x5"]
    assert "remembered" in reasons["BabyAI-GoToSeq"]
    assert "began" in reasons["BabyAI-OpenDoorLoc"]
    assert "several boxes" in reasons["ObstructedMaze-2Dlh"]
    assert not [name for name, reason in reasons.items() if "unknown" in reason]
    assert len(OFFERED) > 100
    assert {"minigrid:BabyAI-OpenDoorColor", "minigrid:ObstructedMaze-2Dl", *CURRICULUM} <= {o.name for o in OFFERED}


@pytest.mark.parametrize(
    "full_id", ["MiniGrid-GoToObject-6x6-N2-v0", "BabyAI-OpenTwoDoors-v0", "BabyAI-OpenDoorLoc-v0"]
)
def test_what_is_left_out_cannot_be_made(full_id):
    with pytest.raises(UserInputError, match="is left out: not Markov"):
        make_env(full_id)


def test_short_and_full_names_lead_to_the_same_environment():
    for name in ("minigrid:DoorKey-5x5", "MiniGrid-DoorKey-5x5-v0", "minigrid:MiniGrid-DoorKey-5x5-v0"):
        assert make_env(name).name == "minigrid:DoorKey-5x5"
    assert make_env("BabyAI-GoToObj-v0").name == "minigrid:BabyAI-GoToObj"
    newest, old = make_env("minigrid:MultiRoom-N4-S5"), make_env("minigrid:MultiRoom-N4-S5-v0")
    assert (newest.name, old.name) == ("minigrid:MultiRoom-N4-S5", "minigrid:MultiRoom-N4-S5-v0")


def test_unknown_names_are_answered_with_near_ones():
    message = "unknown environment 'minigrid:DoorKey-5x6': did you mean 'minigrid:DoorKey-"
    with pytest.raises(UserInputError, match=message):
        make_env("minigrid:DoorKey-5x6")
    with pytest.raises(UserInputError, match="did you mean 'minigrid:DoorKey-5x5'"):
        make_env("doorkey-5x5")


def test_a_box_hides_its_key_until_it_is_opened():
    env = make_env("minigrid:ObstructedMaze-1Dlh")
    state, _ = env.reset(3)
    (box,), (door,) = state.of_type("Box"), state.of_type("Door")
    assert box.attributes == {"x": box["x"], "y": box["y"], "color": box["color"]}
    assert not state.of_type("Key")
    agent = state.of_type("Agent")[0].replace(x=box["x"] - 1, y=box["y"], direction=(1, 0))
    others = [
        entity for entity in state if entity.type != "Agent" and (entity["x"], entity["y"]) != (agent["x"], agent["y"])
    ]
    env.set_state(State([agent, *others]))
    opened, _, _ = env.step("toggle")
    assert opened.of_type("Key") == [Entity("Key", x=box["x"], y=box["y"], color=door["color"])]
    assert not opened.of_type("Box")


def test_the_reward_is_one_however_late_it_comes():
    env = make_env("minigrid:Empty-5x5")
    env.reset(0)
    for _ in range(env.max_steps + 5):
        env.step("nothing")
    for action in ("move forward", "move forward", "turn right", "move forward"):
        assert env.step(action)[1:] == (0.0, False)
    assert env.step("move forward")[1:] == (1.0, True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.of_type("Wall"), "exactly one Agent"),
        (lambda s: [*s, Entity("Dragon", x=1, y=1)], "no entity of type 'Dragon'"),
        (lambda s: [*s, Entity("Key", x=1, y=1)], "a Key has color, x, y"),
        (lambda s: [*s, Entity("Key", x=0, y=0, color="red")], "two objects share the cell x=0, y=0"),
        (lambda s: [*s, Entity("Goal", x=-1, y=1)], "ints from 0"),
        (lambda s: [*s, Entity("Ball", x=2, y=3, color="pink")], "has the colors"),
        (lambda s: [*s, Entity("Door", x=2, y=3, color="red", state="ajar")], "a Door is open, closed, locked"),
        (lambda s: [*s, Entity("Ball", x=1, y=1, color="red")], "the agent stands in a ball"),
        (lambda s: [*s.of_type("Wall"), s.of_type("Agent")[0].replace(direction=(1, 1))], "direction is one of"),
        (lambda s: [*s.of_type("Wall"), s.of_type("Agent")[0].replace(carrying="key")], "carries nothing or a Key"),
    ],
)
def test_states_of_other_worlds_are_refused_and_change_nothing(change, message):
    env = make_env("minigrid:Empty-5x5")
    state, _ = env.reset(0)
    with pytest.raises(ValueError, match=message):
        env.set_state(State(change(state)))
    assert env.state == state
    assert env.step("move forward")[0].of_type("Agent")[0]["x"] == 2


def test_missions_of_other_environments_are_refused_and_change_nothing():
    env = make_env("minigrid:Fetch-5x5-N2")
    state, mission = env.reset(1)
    with pytest.raises(ValueError, match="is no mission of this environment"):
        env.set_state(state, "open the door")
    assert (env.state, env.mission) == (state, mission)
    babyai = make_env("minigrid:BabyAI-GoToLocal")
    state, mission = babyai.reset(1)
    for wrong in ("dance", "pick up the red door", "open a ball"):
        with pytest.raises(ValueError, match="is no mission"):
            babyai.set_state(state, wrong)
    assert babyai.mission == mission


def test_a_babyai_environment_takes_another_instruction():
    env = make_env("minigrid:BabyAI-GoToLocal")
    walls = [Entity("Wall", x=x, y=y) for x in range(8) for y in range(8) if x in (0, 7) or y in (0, 7)]
    agent = Entity("Agent", x=1, y=1, direction=(1, 0), carrying=None)
    state = State([agent, Entity("Ball", x=2, y=1, color="red"), Entity("Key", x=1, y=2, color="blue"), *walls])
    for mission, action, won in (
        ("go to the red ball", "nothing", True),
        ("go to a ball", "nothing", True),
        ("go to the blue key", "nothing", False),
        ("go to the blue key", "turn right", True),
        ("pick up the red object", "pick up", True),
        ("pick up the blue key", "pick up", False),
    ):
        env.set_state(state, mission)
        assert env.step(action)[1:] == (float(won), won), mission
    held = State([agent.replace(carrying=Entity("Ball", color="red")), Entity("Key", x=2, y=2, color="blue"), *walls])
    for mission, won in (
        ("put the red ball next to the blue key", True),
        ("put the red ball next to the blue box", False),
    ):
        env.set_state(held, mission)
        assert env.step("drop")[1:] == (float(won), won), mission


def test_a_larger_state_makes_the_grid_larger():
    small, large = make_env("minigrid:DoorKey-5x5"), make_env("minigrid:DoorKey-8x8")
    state, _ = large.reset(2)
    small.set_state(state)
    for action in ("move forward", "turn left", "move forward", "pick up", "toggle"):
        assert small.step(action) == large.step(action)


def test_pictures_and_text_are_the_packages():
    env = make_env("minigrid:Empty-5x5")
    with pytest.raises(RuntimeError, match="no state yet"):
        env.render("ansi")
    state, _ = env.reset(0)
    env.set_state(
        State([e for e in state if e.type != "Goal" and e["y"] < 2] + [Entity("Wall", x=x, y=2) for x in (1, 2, 3, 4)])
    )
    assert env.render("ansi").splitlines()[1].startswith("WG>>")
    assert env.render("rgb_array").shape == (160, 160, 3)
    with pytest.raises(ValueError, match="unknown render mode"):
        env.render("human")


def test_the_package_is_imported_only_when_an_environment_is_made():
    code = (
        "import sys, wc_engine.envs.minigrid, wc_engine.envs.adapter, wc_engine.envs.conformance\n"
        "assert wc_engine.envs.make_env('sokoban')\n"
        "print([name for name in ('minigrid', 'gymnasium', 'pygame') if name in sys.modules])\n"
        "wc_engine.envs.make_env('minigrid:Empty-5x5').reset(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"  # and nothing of what the package and pygame greet with
