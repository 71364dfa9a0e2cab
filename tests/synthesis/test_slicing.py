"""The slice of a program for one mission says the same of that mission, and is only taken where that is sure."""

from __future__ import annotations

import pytest

from wc_engine.models.base import StepOutcome
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.slicing import mission_slice

TEXT = """
import math

class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x, self.y = x, y
        self.__dict__.update(kwargs)

class Cart(Entity): pass

SPEED = 2
NEAR, FAR = 1.0, 5.0

def moved(state):
    for entity in state:
        entity.x += SPEED
    return state

def transition(state, action):
    return moved(state)

def at(state, x):
    return any(entity.x >= x for entity in state)

def reward_near(state, action, next_state):
    return NEAR, at(next_state, 3)

def reward_far(state, action, next_state):
    return FAR * math.floor(1.5), at(next_state, 9)

REWARD_FUNCS = {"go near": reward_near, "go far": reward_far}
"""
CART = State([Entity("Cart", x=1, y=0)])


def outcome(program: Program, mission: str) -> StepOutcome:
    return ReferenceInterpreter(program).step(CART, "roll", mission=mission)


@pytest.mark.parametrize(
    ("mission", "kept", "gone"), [("go near", "reward_near", "reward_far"), ("go far", "math", "near")]
)
def test_a_slice_lacks_the_rewards_of_other_missions_and_nothing_that_the_mission_needs(
    mission: str, kept: str, gone: str
) -> None:
    program = Program.from_text(TEXT)
    part = mission_slice(program, mission)
    assert kept in part.text
    assert f"def {gone}" not in part.text
    assert outcome(part, mission) == outcome(program, mission)


def test_a_mission_that_a_program_does_not_know_fails_in_its_slice_too() -> None:
    program = Program.from_text(TEXT)
    part = mission_slice(program, "go home")
    assert "reward_near" not in part.text
    assert outcome(part, "go home") == outcome(program, "go home")


@pytest.mark.parametrize(
    "more",
    [
        "\nREWARD_FUNCS['go far'] = reward_near\n",
        "\nif SPEED > 1:\n    REWARD_FUNCS = {}\n",
        "\ndef reward_far(state, action, next_state):\n    return globals()['reward_near'](state, '', {})\n",
        "\nREWARD_FUNCS = {'go ' + 'near': reward_near, 'go far': reward_far}\n",
        "\nREWARD_FUNCS = {'go near': reward_near, **{'go far': reward_far}}\n",
        "\nREWARD_FUNCS = dict(REWARD_FUNCS)\n",
        "\nREWARD_FUNCS, SPEED = {'go near': reward_far, 'go far': reward_near}, 3\n",
    ],
)
def test_a_program_that_may_find_its_functions_otherwise_stays_whole(more: str) -> None:
    program = Program.from_text(TEXT + more)
    assert mission_slice(program, "go near") is program


@pytest.mark.parametrize(
    "more",
    [
        "LIMITS.update(near=1.0)",
        "OTHER = LIMITS.setdefault('near', 1.0)",
        "def fill():\n    LIMITS['near'] = 1.0\nfill()",
        "def kept(f):\n    LIMITS['near'] = 1.0\n    return f\n@kept\ndef other(state):\n    return state",
        "def other(state, near=LIMITS.setdefault('near', 1.0)):\n    return state",
        "OTHER = lambda near=LIMITS.setdefault('near', 1.0): near",
        "[LIMITS.__setitem__(name, 1.0) for name in ['near']]",
        "for name in ['near']:\n    LIMITS[name] = 1.0",
    ],
)
def test_what_changes_things_while_it_is_loaded_keeps_a_program_whole(more: str) -> None:
    text = TEXT.replace("NEAR, FAR = 1.0, 5.0", f"LIMITS = {{}}\n{more}\nFAR = 5.0")
    program = Program.from_text(text.replace("return NEAR,", "return LIMITS['near'],"))
    part = mission_slice(program, "go near")
    assert outcome(part, "go near") == outcome(program, "go near")
    assert outcome(part, "go near").reward == 1.0
    assert part is program


def test_a_program_for_all_missions_is_its_own_slice() -> None:
    program = Program.from_text(TEXT.replace("REWARD_FUNCS =", "reward_func = reward_near\nOTHERS ="))
    assert mission_slice(program, "go near") is program
