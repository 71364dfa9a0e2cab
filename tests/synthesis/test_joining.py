"""Programs joined of the transition function of one and the rewards of another."""

from __future__ import annotations

import pytest

from wc_engine.errors import SynthesisError
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.joining import composed_program, joined_program, normal_form

CLASS = """
class Me:
    def __init__(self, x):
        self.name, self.x = 'Me', x
"""
WALKING = Program.from_text(
    CLASS
    + """
SPEED = 2  # cells a step

def step(x):
    '''Where a step leads to.'''
    return x + SPEED

def transition(state, action):
    for me in state:
        me.x = step(me.x)
    return state

def reward_func(state, action, next_state):
    return -7.0, True
"""
)
PAYING = Program.from_text(
    CLASS
    + """
import math

GOAL = 5

def step(me):
    return math.floor(me.x)

def transition(state, action):
    return set()

def home(state, action, next_state):
    return (1.0, True) if all(step(me) == GOAL for me in next_state) else (0.0, False)

def away(state, action, next_state):
    return (0.5, False)

REWARD_FUNCS = {'home': home, 'away': away}
"""
)


def at(x: int) -> State:
    return State([Entity("Me", x=x)])


def test_the_transition_is_of_one_program_and_the_rewards_are_of_the_other() -> None:
    model = ReferenceInterpreter(joined_program(WALKING, PAYING))
    arriving = model.step(at(3), "go", mission="home")
    assert (arriving.next_state, arriving.reward, arriving.done) == (at(5), 1.0, True)
    leaving = model.step(at(4), "go", mission="home")
    assert (leaving.next_state, leaving.reward, leaving.done) == (at(6), 0.0, False)
    assert model.step(at(4), "go", mission="away").reward == 0.5


def test_helpers_that_share_only_their_name_are_kept_apart() -> None:
    text = joined_program(WALKING, PAYING).text
    assert text.count("def step(") == 1
    assert text.count("def step_2(") == 1
    assert "-7.0" not in text
    assert "# cells a step" in text
    assert text.count("class Me") == 1


def test_joined_with_itself_a_program_says_the_same() -> None:
    for program in (WALKING, PAYING):
        assert normal_form(joined_program(program, program)) <= normal_form(program)
        model, joined = ReferenceInterpreter(program), ReferenceInterpreter(joined_program(program, program))
        assert joined.step(at(3), "go", mission="home") == model.step(at(3), "go", mission="home")


@pytest.mark.parametrize(
    "text",
    [
        PAYING.text.replace("'Me', x", "'Me', x + 1"),
        PAYING.text.replace("GOAL", "SPEED"),
        PAYING.text + "for x in 'ab': y = x\n",
    ],
    ids=["class", "constant", "statement"],
)
def test_programs_that_disagree_about_more_than_functions_are_not_joined(text: str) -> None:
    with pytest.raises(SynthesisError):
        joined_program(WALKING, Program.from_text(text))


def test_layout_comments_docstrings_and_order_do_not_count() -> None:
    head, _, tail = WALKING.text.partition("def transition")
    other = f"def transition{tail}\n\n{head}".replace("  # cells a step", "").replace(
        "    '''Where a step leads to.'''\n", ""
    )
    assert normal_form(Program.from_text(other)) == normal_form(WALKING)
    assert normal_form(Program.from_text(WALKING.text.replace("SPEED = 2", "SPEED = 3"))) != normal_form(WALKING)


def test_each_mission_gets_the_reward_function_of_the_program_that_is_right_about_it() -> None:
    entity = "class Me:\n    def __init__(self, x, y):\n        self.name, self.x, self.y = 'Me', x, y\n\n"
    moves = "def transition(state, action):\n    for me in state:\n        me.x += 1\n    return state\n\n"
    stays = "def transition(state, action):\n    return state\n\n"

    def rewards(go: str, stop: str) -> str:
        return (
            f"def value(state):\n    return {go}\n\n"
            "def for_go(state, action, next_state):\n    return value(state), False\n\n"
            f"def reward_func(state, action, next_state):\n    return {stop}, True\n\n"
            "REWARD_FUNCS = {'go': for_go, 'stop': reward_func}\n"
        )

    base = Program.from_text(entity + moves + rewards("0.0", "0.0"))
    about_go, about_stop = (
        Program.from_text(entity + stays + rewards("1.0", "7.0")),
        Program.from_text(entity + stays + rewards("8.0", "2.0")),
    )
    composed = ReferenceInterpreter(composed_program(base, {"go": about_go, "stop": about_stop}))
    state = State([Entity("Me", x=1, y=1)])
    for mission, expected in (("go", (1.0, False)), ("stop", (2.0, True))):
        outcome = composed.step(state, "east", mission=mission)
        assert outcome.next_state == State([Entity("Me", x=2, y=1)])
        assert (outcome.reward, outcome.done) == expected
