"""The environment protocol, the registry and the pictures."""

from __future__ import annotations

import numpy as np
import pytest

from wc_engine.envs import env_names, make_env
from wc_engine.envs.sokoban import SokobanEnvironment, parse_levels
from wc_engine.envs.sokoban.rendering import CELL_PIXELS, Code
from wc_engine.errors import UserInputError
from wc_engine.state.entities import Entity, State

TWO_LEVELS = "#####\n#@$.#\n#####\n\n######\n#. $@#\n######\n"


@pytest.fixture
def environment() -> SokobanEnvironment:
    return SokobanEnvironment(levels=parse_levels(TWO_LEVELS).levels)


def test_sokoban_is_made_by_name_and_keeps_the_protocol():
    environment = make_env("sokoban", size=(8, 6), boxes=1)
    assert env_names()[:2] == ("sokoban", "sokoban:teleport")
    assert environment.name == "sokoban"
    assert environment.actions == ("move up", "move down", "move left", "move right")
    state, mission = environment.reset(5)
    assert mission == environment.mission == "push all the boxes onto the targets"
    assert len(state.of_type("Box")) == 1
    assert max(wall["x"] for wall in state.of_type("Wall")) == 7


def test_a_seed_gives_the_same_level_and_another_seed_another_one():
    environment, other = make_env("sokoban"), make_env("sokoban")
    assert environment.reset(4) == other.reset(4)
    assert environment.reset(5) != environment.reset(4)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        (
            "sokobann",
            {},
            "unknown environment 'sokobann': did you mean 'sokoban'.*known: sokoban, sokoban:",
        ),
        ("Soko", {}, "did you mean 'sokoban' or 'sokoban:teleport'"),
        (
            "",
            {},
            "unknown environment '': known: sokoban, .* and [0-9]+ more, which `wc-engine envs` lists",
        ),
        ("sokoban", {"box": 2}, "unknown option of sokoban 'box': did you mean 'boxes'[?] known: levels, size"),
        ("sokoban", {"boxes": 99}, "has from 1 to 23 boxes, not 99"),
        ("sokoban", {"levels": []}, "no Sokoban levels to play"),
        ("sokoban", {"max_steps": 0}, "max_steps must be at least 1"),
    ],
)
def test_wrong_names_and_options_are_answered_with_what_is_known(name, options, message):
    with pytest.raises(UserInputError, match=message):
        make_env(name, **options)


def test_a_step_gives_state_reward_and_done(environment):
    environment.reset(0)
    state, reward, done = environment.step("move right")
    assert (reward, done) == (10.9, True)
    assert state == environment.state
    assert state.of_type("Player") == [Entity("Player", x=2, y=1)]
    assert state.of_type("Box") == [Entity("Box", x=3, y=1)]


def test_seeds_count_through_given_levels(environment):
    first, second = environment.reset(0)[0], environment.reset(1)[0]
    assert first != second
    assert (environment.reset(2)[0], environment.reset(3)[0]) == (first, second)


def test_an_environment_goes_on_from_a_given_state(environment):
    start, _ = environment.reset(1)
    environment.step("move left")
    middle = environment.state
    environment.step("move left")
    environment.set_state(middle)
    assert environment.step("move left")[1:] == (10.9, True)
    environment.set_state(start)
    assert environment.state == start


def test_a_state_of_another_world_is_refused_and_nothing_changes(environment):
    start, _ = environment.reset(0)
    with pytest.raises(ValueError, match="exactly one Player"):
        environment.set_state(State())
    assert environment.state == start


def test_misuse_is_said(environment):
    with pytest.raises(RuntimeError, match="call reset"):
        _ = environment.state
    environment.reset(0)
    with pytest.raises(ValueError, match="unknown action 'jump': Sokoban has move up"):
        environment.step("jump")
    with pytest.raises(ValueError, match="unknown render mode 'human'"):
        environment.render("human")


def test_text_shows_the_level_as_players_write_it(environment):
    environment.reset(1)
    environment.step("move left")
    assert environment.render("ansi") == "######\n#.$@ #\n######"


def test_every_kind_of_cell_has_its_own_picture():
    text = "#######\n#@ $*.#\n#######\n\n#######\n#+ $  #\n#######\n"
    environment = SokobanEnvironment(levels=parse_levels(text).levels)
    seen = {}
    for seed in (0, 1):
        environment.reset(seed)
        picture, codes = environment.render("rgb_array"), environment.code_grid()
        assert (picture.shape, picture.dtype) == ((3 * CELL_PIXELS, 7 * CELL_PIXELS, 3), np.uint8)
        for (y, x), code in np.ndenumerate(codes):
            corner = picture[y * CELL_PIXELS : (y + 1) * CELL_PIXELS, x * CELL_PIXELS : (x + 1) * CELL_PIXELS]
            assert seen.setdefault(int(code), corner.tobytes()) == corner.tobytes()
    assert set(seen) == set(Code)
    assert len(set(seen.values())) == len(Code)
