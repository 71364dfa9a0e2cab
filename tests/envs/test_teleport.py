"""Sokoban with teleporters."""

from __future__ import annotations

import pytest

from wc_engine.envs import check_environment, make_env
from wc_engine.envs.sokoban.rules import to_state
from wc_engine.envs.sokoban.teleport import generate_with_teleporters
from wc_engine.errors import UserInputError
from wc_engine.state.entities import Entity, State

TYPES = {"#": "Wall", "@": "Player", "$": "Box", ".": "Target", "O": "Teleporter"}


def world(*rows, extra=()):
    placed = [Entity(TYPES[c], x=x, y=y) for y, row in enumerate(rows) for x, c in enumerate(row) if c != " "]
    env = make_env("sokoban:teleport")
    env.set_state(State([*placed, *extra]))
    return env


def player(env):
    found = env.state.of_type("Player")[0]
    return found["x"], found["y"]


def test_teleport_sokoban_conforms():
    check_environment("sokoban:teleport", episodes=2)


def test_stepping_on_a_teleporter_moves_the_player_to_the_other():
    env = world("#######", "#@O  O#", "# $.  #", "#######")
    assert env.step("move right")[1:] == (-0.1, False)
    assert player(env) == (5, 1)
    env.step("move left")
    assert player(env) == (4, 1)
    env.step("move right")
    assert player(env) == (2, 1)


def test_a_move_that_fails_on_a_teleporter_does_not_teleport():
    env = world("#######", "#@O  O#", "# $.  #", "#######")
    env.step("move right")
    env.step("move right")
    assert player(env) == (5, 1)


def test_a_box_on_the_other_teleporter_blocks_it():
    env = world("########", "#@O  O #", "# $.   #", "########", extra=[Entity("Box", x=5, y=1)])
    env.step("move right")
    assert player(env) == (2, 1)


def test_a_box_is_pushed_onto_a_teleporter_and_lies_there_until_it_is_pushed_off():
    env = world("########", "#@$O  O#", "#  $.  #", "########")
    state, _, _ = env.step("move right")
    assert Entity("Box", x=3, y=1) in state.entities
    assert player(env) == (2, 1)
    state, _, _ = env.step("move right")  # the box leaves the teleporter, and the player steps on it
    assert Entity("Box", x=4, y=1) in state.entities
    assert player(env) == (6, 1)


def test_rewards_and_the_end_are_those_of_sokoban():
    env = world("#######", "#@$. O#", "#O    #", "#######")
    assert env.step("move right")[1:] == (10.9, True)


def test_generated_levels_have_two_teleporters_on_free_floor_and_are_the_same_for_a_seed():
    env = make_env("sokoban:teleport", size=(6, 7), boxes=1)
    for seed in range(5):
        state, mission = env.reset(seed)
        assert mission == "push all the boxes onto the targets"
        gates = {(gate["x"], gate["y"]) for gate in state.of_type("Teleporter")}
        others = {(e["x"], e["y"]) for e in state if e.type != "Teleporter"}
        assert len(gates) == 2
        assert not gates & others
        assert env.reset(seed)[0] == state
    layout, placement, _ = generate_with_teleporters(3)
    assert len(to_state(layout, placement).of_type("Box")) == 2


def test_text_and_pictures_show_the_teleporters():
    env = world("#######", "#@O  O#", "# $.  #", "#######")
    assert env.render("ansi") == "#######\n#@O  O#\n# $.  #\n#######"
    assert env.render("rgb_array").shape == (128, 224, 3)
    plain = make_env("sokoban")
    plain.set_state(State(entity for entity in env.state if entity.type != "Teleporter"))
    assert (env.render("rgb_array") != plain.render("rgb_array")).any()
    with pytest.raises(ValueError, match="unknown render mode"):
        env.render("human")


@pytest.mark.parametrize(
    ("rows", "extra", "message"),
    [
        (("#####", "#@$.#", "#####"), (), "two teleporters in different cells"),
        (("######", "#@$.O#", "######"), (), "two teleporters in different cells"),
        (("######", "#@$.O#", "######"), (Entity("Teleporter", x=0, y=0),), "not in a wall"),
        (("######", "#@$.O#", "######"), (Entity("Teleporter", x=9, y=9),), "walls must enclose"),
        (("######", "#@$.O#", "######"), (Entity("Teleporter", x=1),), "has the ints x and y"),
    ],
)
def test_impossible_states_are_refused(rows, extra, message):
    with pytest.raises(ValueError, match=message):
        world(*rows, extra=extra)


def test_impossible_options_are_refused():
    with pytest.raises(UserInputError, match="max_steps must be at least 1"):
        make_env("sokoban:teleport", max_steps=0)
    with pytest.raises(UserInputError, match="and teleporters: take a larger size"):
        make_env("sokoban:teleport", size=(3, 5), boxes=1).reset(0)
