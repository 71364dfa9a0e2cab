"""Generated levels, their shortest solutions, and the transitions that judge a learned model."""

from __future__ import annotations

import hashlib
from collections import Counter
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wc_engine.envs.sokoban import generate, held_out_transitions, parse_levels
from wc_engine.envs.sokoban.notation import rows_of_state
from wc_engine.envs.sokoban.rules import ACTIONS, from_state, is_solved, step, to_state
from wc_engine.envs.sokoban.solver import shortest_solution
from wc_engine.errors import UserInputError


def picture(seed: int) -> str:
    return "\n".join(rows_of_state(to_state(*generate(seed))))


def test_a_shortest_solution_is_as_short_as_one_made_by_hand():
    layout, placement = from_state(parse_levels("#######\n#  @  #\n# $ . #\n#     #\n#######").levels[0].state)
    moves = [ACTIONS[action] for action in shortest_solution(layout, placement)]
    assert moves == ["move left", "move left", "move down", "move right", "move right"]


def test_a_level_that_cannot_be_solved_has_no_solution():
    layout, placement = from_state(parse_levels("#####\n#$  #\n# @.#\n#####").levels[0].state)
    assert shortest_solution(layout, placement) is None


def test_a_solved_level_has_the_empty_solution():
    layout, placement = from_state(parse_levels("#####\n#@* #\n#####").levels[0].state)
    assert shortest_solution(layout, placement) == []


def test_the_default_levels_take_twelve_moves_or_more_in_the_median():
    levels = [generate(seed) for seed in range(200)]
    solutions = [shortest_solution(*level) for level in levels]
    assert all(solutions)
    assert median(map(len, solutions)) >= 12
    assert len({to_state(*level) for level in levels}) == 200
    inner_walls = [len(layout.walls) - 24 for layout, _ in levels]
    assert min(inner_walls) >= 1
    assert len(set(inner_walls)) >= 4


@given(st.integers(0, 100_000), st.integers(5, 8), st.integers(4, 6), st.integers(1, 2))
def test_every_level_is_of_the_size_asked_for_and_can_be_solved(seed, width, height, boxes):
    layout, placement = generate(seed, size=(width, height), boxes=boxes)
    assert (layout.width, layout.height) == (width, height)
    assert len(placement.boxes) == len(layout.targets) == boxes
    assert not is_solved(layout, placement)
    border = {
        layout.cell(x, y) for x in range(width) for y in range(height) if x in (0, width - 1) or y in (0, height - 1)
    }
    assert border <= layout.walls
    solution = shortest_solution(layout, placement)
    assert solution
    for action in solution:
        assert not is_solved(layout, placement)
        placement, _, _ = step(layout, placement, action)
    assert is_solved(layout, placement)


@pytest.mark.parametrize(("size", "boxes"), [((5, 3), 1), ((3, 9), 2), ((10, 10), 4), ((20, 15), 8), ((40, 40), 5)])
def test_any_size_and_number_of_boxes_that_fits_is_made(size, boxes):
    layout, placement = generate(0, size=size, boxes=boxes)
    assert (layout.width, layout.height, len(placement.boxes)) == (*size, boxes)
    assert not is_solved(layout, placement)


def test_a_seed_gives_the_same_levels_on_every_platform():
    digest = hashlib.sha256("".join(map(picture, range(50))).encode()).hexdigest()
    assert digest[:16] == "e77c5d4f27a9b173"


@pytest.mark.parametrize(
    ("size", "boxes", "message"),
    [
        ((4, 4), 1, "no Sokoban level has size 4x4"),
        ((2, 9), 1, "at least 3, at least one of them 5, and at most 40"),
        ((41, 7), 1, "no Sokoban level has size 41x7"),
        ((7, 7), 0, "has from 1 to 23 boxes, not 0"),
        ((5, 5), 8, "has from 1 to 7 boxes, not 8"),
        ((5, 3), 2, "has from 1 to 1 boxes, not 2"),
        ((40, 3), 36, "found no Sokoban level of size 40x3 with 36 boxes: take fewer boxes"),
    ],
)
def test_impossible_levels_are_refused_with_the_reason(size, boxes, message):
    with pytest.raises(UserInputError, match=message):
        generate(0, size=size, boxes=boxes)


def test_held_out_transitions_are_true_fresh_and_half_along_solutions():
    transitions = held_out_transitions(0, count=200, levels=5)
    assert len(transitions) == 200
    played = {to_state(*generate(seed)) for seed in range(100)}
    rooms = Counter()
    for state, action, next_state, reward, done in transitions:
        layout, placement = from_state(state)
        assert not is_solved(layout, placement)
        after, true_reward, true_done = step(layout, placement, ACTIONS.index(action))
        assert (to_state(layout, after), true_reward, true_done) == (next_state, reward, done)
        assert state not in played
        rooms[layout] += 1
    assert list(rooms.values()) == [40] * 5
    assert sum(transition[-1] for transition in transitions) >= 5


def test_held_out_transitions_depend_on_the_seed_alone():
    once, again, other = (held_out_transitions(seed, count=41, levels=3) for seed in (1, 1, 2))
    assert len(once) == 41
    assert once == again
    assert once != other
