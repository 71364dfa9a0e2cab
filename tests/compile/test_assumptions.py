"""What compiled code assumes of entities that a program leaves as they were, and what is done where it fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from agree import Comparison
from worlds import ACTIONS, FIXED, program_text

from wc_engine.compile.compiled import StepStatus, specialise
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state import Entity, State

WALLS = tuple(Entity("Wall", x=x, y=y) for x, y in [(0, 0), (0, 3), (4, 1), (7, 7)])


def _state(player: tuple[int, int], *boxes: tuple[int, int]) -> State:
    found = [Entity("Box", x=x, y=y) for x, y in boxes]
    return State([Entity("Player", x=player[0], y=player[1]), *found, *WALLS])


STATES = (_state((1, 1), (2, 1), (2, 2)), _state((2, 2), (2, 1), (3, 2)), _state((2, 3), (2, 2), (5, 5)))
BY_A_WALL = _state((3, 1), (2, 1), (2, 2))

KEPT = {
    "the values of a dict of positions": """
        grid = {(e.x, e.y): e for e in state if e.name != 'Player'}
        p = next(e for e in state if e.name == 'Player')
        dx, dy = DIRECTIONS[action]
        ahead = (p.x + dx, p.y + dy)
        thing = grid.get(ahead)
        if thing is not None and thing.name == 'Box' and (p.x + 2 * dx, p.y + 2 * dy) not in grid:
            box = grid.pop(ahead)
            grid[(p.x + 2 * dx, p.y + 2 * dy)] = Box(p.x + 2 * dx, p.y + 2 * dy)
        if grid.get(ahead) is None:
            p.x, p.y = ahead
        return {*grid.values(), p}
    """,
    "an element deleted from a list": """
        state = list(state)
        dx, dy = DIRECTIONS[action]
        p = next(e for e in state if e.name == 'Player')
        i = 0
        while i < len(state):
            e = state[i]
            if e.name == 'Box' and (e.x, e.y) == (p.x + dx, p.y + dy):
                break
            i += 1
        else:
            i = -1
        if i >= 0:
            del state[i]
            state.append(Box(7, 7))
        return set(state)
    """,
    "a list without a place": """
        state = list(state)
        dx, dy = DIRECTIONS[action]
        p = next(e for e in state if e.name == 'Player')
        for i, e in enumerate(state):
            if e.name == 'Box' and (e.x, e.y) == (p.x + dx, p.y + dy):
                state = state[:i] + state[i + 1:]
                break
        return set(state)
    """,
    "a display of a list without a place": """
        state = list(state)
        p = next(e for e in state if e.name == 'Player')
        i = [e.name for e in state].index('Box')
        return {*[*state[:i], *state[i + 1:]], Box(state[i].x, p.y)}
    """,
}


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
def test_walls_that_a_program_puts_back_one_by_one_are_not_packed(body: str) -> None:
    comparison = Comparison(program_text(body, "return len(next_state), False"), STATES, ACTIONS)
    assert "Wall" not in comparison.model.dynamic_types
    comparison.all_actions(STATES)
    assert comparison.compared > comparison.elsewhere


BREAKING = program_text(
    """
    grid = {(e.x, e.y): e for e in state if e.name != 'Player'}
    p = next(e for e in state if e.name == 'Player')
    dx, dy = DIRECTIONS[action]
    grid.pop((p.x + dx, p.y + dy), None)
    return {*grid.values(), Player(p.x + dx, p.y + dy)}
    """,
    "return len(next_state), False",
)
"""The player removes what it walks into, walls too."""


def _expected(state: State, action: str) -> State | None:
    return ReferenceInterpreter(Program.from_text(BREAKING)).step(state, action).next_state


def test_where_examples_break_an_assumption_code_without_it_is_made() -> None:
    fewer = State([*STATES[0].of_type("Player"), *STATES[0].of_type("Box"), *WALLS[1:]])
    model = specialise(BREAKING, [BY_A_WALL, fewer], ACTIONS)
    assert model.assumptions == model.assumptions.without()
    problem = model.bind(BY_A_WALL)
    status, following, _, _ = problem.step_words(problem.encode(BY_A_WALL), ACTIONS.index("move right"))
    assert status == StepStatus.OK
    assert problem.decode(following) == _expected(BY_A_WALL, "move right")


def test_a_step_that_breaks_an_assumption_is_resolved_by_code_without_it() -> None:
    action = ACTIONS.index("move right")
    model = specialise(BREAKING, STATES, ACTIONS)
    assert model.generated.assumed
    assert model.assumptions.optimistic
    problem = model.bind(BY_A_WALL)
    words = problem.encode(BY_A_WALL)
    assert problem.step_words(words, action)[0] == StepStatus.OUT_OF_RANGE
    other = problem.resolve(words, action, StepStatus.OUT_OF_RANGE)
    assert other is not None
    status, following, _, _ = other.step_words(other.encode(BY_A_WALL), action)
    assert status == StepStatus.OK
    assert other.decode(following) == _expected(BY_A_WALL, "move right")


MANY_WALLS = (*(Entity("Wall", x=x, y=y) for x in range(8) for y in (0, 6)), Entity("Wall", x=4, y=3))


def _room(player: tuple[int, int], *boxes: tuple[int, int]) -> State:
    found = [Entity("Box", x=x, y=y) for x, y in boxes]
    return State([Entity("Player", x=player[0], y=player[1]), *found, *MANY_WALLS])


ROOMS = tuple(_room((x, y), (3, 2), (4, 4)) for x in (1, 2, 5) for y in (2, 3))

LEFT_ALONE = {
    "the thing that is moved is the least of what is there": """
        state = list(state)
        p = next(e for e in state if e.name == 'Player')
        dx, dy = DIRECTIONS[action]
        there = [e for e in state if (e.x, e.y) == (p.x + dx, p.y + dy)]
        if there and there[0].name == 'Wall':
            return state
        if there:
            thing = min(there, key=lambda e: e.name)
            thing.x, thing.y = thing.x + dx, thing.y + dy
        p.x, p.y = p.x + dx, p.y + dy
        return state
    """,
    "every entity stays or moves": """
        p = next(e for e in state if e.name == 'Player')
        dx, dy = DIRECTIONS[action]
        def moved(cell, entities):
            to = (cell[0] + dx, cell[1] + dy)
            return {e if (e.x, e.y) != cell else e.__class__(*to) for e in entities}
        if any(e.name == 'Wall' and (e.x, e.y) == (p.x + dx, p.y + dy) for e in state):
            return state
        return moved((p.x, p.y), moved((p.x + dx, p.y + dy), state))
    """,
    "a frozen set of what a generator makes": """
        p = next(e for e in state if e.name == 'Player')
        dx, dy = DIRECTIONS[action]
        place = lambda e: (e.x, e.y)
        def moved(cell, to, entities):
            return frozenset(e if place(e) != cell else e.__class__(*to) for e in entities)
        if any(e.name == 'Wall' and place(e) == (p.x + dx, p.y + dy) for e in state):
            return state
        return set(moved(place(p), (p.x + dx, p.y + dy), state))
    """,
    "what is left out and put back": """
        p = next(e for e in state if e.name == 'Player')
        dx, dy = DIRECTIONS[action]
        if any(e.name == 'Wall' and (e.x, e.y) == (p.x + dx, p.y + dy) for e in state):
            return state
        rest = {e for e in state if (e.x, e.y) != (p.x, p.y)}
        rest.add(Player(p.x + dx, p.y + dy))
        return rest
    """,
    "a set that is made anew, one by one": """
        p = next(e for e in state if e.name == 'Player')
        dx, dy = DIRECTIONS[action]
        if any(e.name == 'Wall' and (e.x, e.y) == (p.x + dx, p.y + dy) for e in state):
            return state
        result = set()
        for e in sorted(state, key=lambda e: (e.y, e.x)):
            if e.x == p.x and e.y == p.y:
                result.add(Player(p.x + dx, p.y + dy))
            else:
                result.add(type(e)(e.x, e.y))
        return result
    """,
}


@pytest.mark.parametrize("body", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_walls_that_are_left_alone_are_not_packed_whatever_the_text_says(body: str) -> None:
    comparison = Comparison(program_text(body, "return len(next_state), False"), ROOMS, ACTIONS)
    assert comparison.model.assumptions.unchanging == {"Wall"}
    assert "Wall" not in comparison.model.dynamic_types
    comparison.all_actions(ROOMS)
    assert comparison.compared > comparison.elsewhere


def test_a_wall_that_moves_after_all_is_resolved_by_code_without_the_assumption() -> None:
    text = program_text(LEFT_ALONE["the thing that is moved is the least of what is there"].replace("'Wall'", "'Door'"))
    model = specialise(text, [_room((1, 3), (2, 3), (4, 4))], ACTIONS[:2])
    start = _room((1, 5), (2, 3), (4, 4))
    model = model.with_schema(model.schema, assumptions=replace(model.assumptions, unchanging=frozenset({"Wall"})))
    problem = model.bind(start)
    words, action = problem.encode(start), ACTIONS.index("move down")
    assert problem.step_words(words, action)[0] == StepStatus.OUT_OF_RANGE
    other = problem.resolve(words, action, StepStatus.OUT_OF_RANGE)
    assert other is not None
    status, following, _, _ = other.step_words(other.encode(start), action)
    reference = ReferenceInterpreter(Program.from_text(text)).step(start, "move down")
    assert (status, other.decode(following)) == (StepStatus.OK, reference.next_state)


def test_all_entities_of_a_type_of_which_there_is_one_are_known_as_such() -> None:
    reward = "return len(sorted([e for e in next_state if e.name == 'Player'], key=str)), False"
    moved = "for e in state:\n    if e.name == 'Player': e.x += 1\nreturn state"
    comparison = Comparison(program_text(moved, reward), FIXED, ACTIONS)
    comparison.all_actions(FIXED)
