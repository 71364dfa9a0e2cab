"""The rules: moves, pushes, rewards, and which states are no states of Sokoban."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_data import shared

from wc_engine.envs.sokoban import generate, parse_levels
from wc_engine.envs.sokoban.rules import ACTIONS, Layout, Placement, from_state, step, to_state
from wc_engine.state.entities import Entity, State


def level(*rows: str) -> tuple[Layout, Placement]:
    read = parse_levels("\n".join(rows))
    assert not read.errors
    return from_state(read.levels[0].state)


def after(action: str, *rows: str) -> tuple[Placement, float, bool, Placement]:
    """Return what ``step`` gives and the placement before it."""
    layout, placement = level(*rows)
    return (*step(layout, placement, ACTIONS.index(action)), placement)


def test_a_free_cell_is_entered_at_the_cost_of_a_tenth():
    placement, reward, done, before = after("move left", "######", "#. @ #", "#  $ #", "######")
    assert (placement.player, placement.boxes) == (before.player - 1, before.boxes)
    assert (reward, done) == (-0.1, False)


@pytest.mark.parametrize(
    ("action", "rows"),
    [
        ("move up", ("#####", "# @ #", "#$. #", "#####")),
        ("move right", ("######", "#.@$##", "######")),
        ("move right", ("#######", "#.@$$ #", "#######")),
    ],
    ids=["a wall", "a box before a wall", "two boxes in a row"],
)
def test_what_cannot_move_stays_and_costs_a_tenth(action, rows):
    placement, reward, done, before = after(action, *rows)
    assert placement == before
    assert (reward, done) == (-0.1, False)


@pytest.mark.parametrize(
    ("row", "reward", "done"),
    [
        ("#.@$ #", -0.1, False),
        ("#.@*.#", -0.1, False),
        ("#.@$.#", -0.1 + 1, False),
        ("#.@* #", -0.1 - 1, False),
        ("# @$.#", -0.1 + 1 + 10, True),
    ],
    ids=["floor to floor", "target to target", "onto a target", "off a target", "onto the last target"],
)
def test_a_push_is_rewarded_by_where_the_box_comes_from_and_goes_to(row, reward, done):
    placement, got_reward, got_done, before = after("move right", "######", row, "# $$ #", "######")
    assert placement.player == before.player + 1
    assert placement.boxes == before.boxes - {before.player + 1} | {before.player + 2}
    assert (got_reward, got_done) == (reward, done)


def test_a_box_left_over_does_not_keep_a_level_from_being_solved():
    _, reward, done, _ = after("move right", "######", "# @$.#", "# $  #", "######")
    assert (reward, done) == (10.9, True)


@given(st.integers(0, 10_000), st.lists(st.integers(0, 3), max_size=40))
def test_no_walk_changes_the_number_of_boxes_or_puts_two_things_in_one_cell(seed, walk):
    layout, placement = generate(seed)
    for action in walk:
        placement, reward, done = step(layout, placement, action)
        assert len(placement.boxes) == 2
        assert not placement.boxes & layout.walls
        assert placement.player not in placement.boxes | layout.walls
        assert done == (layout.targets <= placement.boxes)
        assert done == (reward > 5)


@given(st.integers(0, 10_000), st.integers(3, 9), st.integers(5, 9))
def test_a_state_gives_back_the_layout_and_placement_it_was_made_of(seed, width, height):
    layout, placement = generate(seed, size=(width, height), boxes=1)
    assert from_state(to_state(layout, placement)) == (layout, placement)


def moved_by(state: State, dx: int, dy: int) -> State:
    return State([entity.replace(x=entity["x"] + dx, y=entity["y"] + dy) for entity in state])


def test_a_level_may_stand_anywhere_in_the_plane():
    layout, placement = generate(3)
    elsewhere = moved_by(to_state(layout, placement), -20, 7)
    moved_layout, moved_placement = from_state(elsewhere)
    assert to_state(moved_layout, moved_placement) == elsewhere
    here = to_state(layout, step(layout, placement, 2)[0])
    assert to_state(moved_layout, step(moved_layout, moved_placement, 2)[0]) == moved_by(here, -20, 7)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: State(state.of_type("Wall")), "exactly one Player, this one has 0"),
        (lambda state: State([*state, Entity("Player", x=1, y=1)]), "exactly one Player, this one has 2"),
        (lambda state: State([*state, Entity("Door", x=1, y=1)]), "no entity of type 'Door'"),
        (lambda state: State([*state, Entity("Box", x=True, y=1)]), "ints x and y"),
        (lambda state: State([*state, Entity("Box", x=1, y=1, color="red")]), "nothing else"),
        (lambda state: State([*state, state.of_type("Box")[0]]), "share a cell"),
        (lambda state: State([*state, state.of_type("Target")[0]]), "share a cell, or two targets do"),
        (lambda state: State(entity for entity in state if entity.type != "Wall"), "walls must enclose the player"),
    ],
)
def test_a_state_that_is_none_of_sokoban_is_refused(change, message):
    layout, placement = level("#####", "#@$.#", "#####")
    with pytest.raises(ValueError, match=message):
        from_state(change(to_state(layout, placement)))


def read_state(entities: list[dict[str, object]]) -> State:
    return State(Entity(str(each["type"]), x=each["x"], y=each["y"]) for each in entities)


@pytest.mark.parametrize(("name", "lines"), [("sokoban_random", 600), ("sokoban_boxoban", 400)])
def test_the_rules_agree_with_every_recorded_transition(name, lines):
    with gzip.open(shared("corpus", "transitions", f"{name}.jsonl.gz"), "rt", encoding="utf-8") as stream:
        recorded = [json.loads(line) for line in stream]
    assert len(recorded) == lines
    for each in recorded:
        layout, placement = from_state(read_state(each["state"]))
        next_placement, reward, done = step(layout, placement, ACTIONS.index(each["action"]))
        assert to_state(layout, next_placement) == read_state(each["next_state"])
        assert (reward, done) == (each["reward"], each["done"])
