"""Patches: what somebody else's program gets wrong is put right, what it gets right stays its own."""

from __future__ import annotations

import random

import pytest
from synthesis.proposers import worlds

from wc_engine.errors import SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.synthesis import Candidate
from wc_engine.synthesis.constraints import DataVerdict
from wc_engine.synthesis.proposers.inductive import InductiveProposer

FOREIGN = '''\
class Entity:
    def __init__(self, x, y, **more):
        self.name = self.__class__.__name__
        self.x, self.y = x, y
        self.__dict__.update(more)

    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self):
        return hash((self.name, self.x, self.y))


class Robot(Entity): pass
class Gem(Entity): pass
class Lamp(Entity): pass
class Rock(Entity): pass


def has(entities, name):
    """A helper of the program that is called like one of the patch."""
    return [entity for entity in entities if entity.name == name]


def transition(state, action):
    robot = has(state, "Robot")[0]
    dx, dy = robot.look
    ahead = [e for e in state if e.x == robot.x + dx and e.y == robot.y + dy]
    if action == "left":
        robot.look = (dy, -dx)
    elif action == "forward":  # walks through gems
        if not [e for e in ahead if e.name != "Gem"]:
            robot.x, robot.y = robot.x + dx, robot.y + dy
    elif action == "lift" and robot.load is None:
        for gem in [e for e in ahead if e.name == "Gem"]:
            robot.load = gem
            state = [e for e in state if e is not gem]
    return state


def reward_func(state, action, next_state):
    return 0.0, False
'''


def verdict_on(text: str, transitions: list[Transition]) -> DataVerdict:
    program = ReferenceInterpreter(Program.from_text(text))
    outcomes = [
        program.step(one.state, one.action, mission=one.mission, next_state=one.next_state) for one in transitions
    ]
    return DataVerdict.of(transitions, outcomes)


def patched(text: str, transitions: list[Transition]) -> str:
    proposer = InductiveProposer()
    parent = Candidate(Program.from_text(text), 1, "somebody", None)
    proposer.note_verdict(parent, verdict_on(text, transitions))
    return proposer.propose(transitions, [], parent, random.Random(0))


def hand_play(count: int, seed: int) -> list[Transition]:
    return worlds.played(worlds.hand_step, worlds.hand_start, worlds.HAND_ACTIONS, count, seed)


def test_what_a_program_gets_wrong_is_put_right_and_the_rest_is_left_to_it() -> None:
    transitions = hand_play(700, seed=1)
    assert not verdict_on(FOREIGN, transitions).holds
    text = patched(FOREIGN, transitions)
    assert verdict_on(text, transitions).holds
    unseen = verdict_on(text, hand_play(150, seed=2))
    assert unseen.holds, unseen.explain()
    assert "def transition_before_patch(state, action):" in text
    assert "action == 'left'" not in text.partition("def transition(")[2]  # it was right there


def test_rewards_that_are_wrong_are_replaced_for_their_mission_alone() -> None:
    transitions = [
        Transition(one.env, mission, one.state, one.action, one.next_state, reward, False)
        for one in hand_play(200, seed=1)
        for mission, reward in (("rest", 0.0), ("move", float(one.state != one.next_state)))
    ]
    text = patched(FOREIGN, transitions)
    assert verdict_on(text, transitions).holds
    assert "# Learned from" in text


def test_a_program_that_no_rule_can_help_is_left_alone() -> None:
    (one, *_) = hand_play(1, seed=1)
    (robot,) = one.state.of_type("Robot")
    # Something far from every slot changed.
    far = next(e for e in one.state if e.type == "Rock" and abs(e["x"] - robot["x"]) + abs(e["y"] - robot["y"]) > 2)
    odd = worlds.replaced(one.state, {far: far.replace(worn="yes")})
    with pytest.raises(SynthesisError, match="no rule explains"):
        patched(FOREIGN, [Transition("w", "find out", one.state, "wait", odd, 0.0, False)])
