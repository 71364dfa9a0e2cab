"""Rewards and goals: what is fitted, what is hoped for, and what gives a hope up."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from synthesis.gridworlds import ACTIONS, FREE, MISSION, PUSHED, Gridworld

from wc_engine.models.dataset import Transition
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import Candidate
from wc_engine.synthesis.constraints import REWARD_TOLERANCE, compare
from wc_engine.synthesis.proposers.inductive import InductiveProposer
from wc_engine.synthesis.proposers.inductive.draft import MissionReward
from wc_engine.synthesis.proposers.inductive.reward import AdditiveReward

WORLD = Gridworld({"Crate": PUSHED, "Plate": FREE})


def on(state: State, upper: str, lower: str) -> int:
    places = {(entity["x"], entity["y"]) for entity in state.of_type(lower)}
    return sum((entity["x"], entity["y"]) in places for entity in state.of_type(upper))


def play(rule: Callable[[State, State], tuple[float, bool]], seed: int, count: int) -> list[Transition]:
    """Return random play with plates under some crates, with rewards by ``rule``."""
    rng = random.Random(seed)
    found: list[Transition] = []
    state = State()
    for index in range(count):
        if index % 8 == 0:
            state = WORLD.random_state(rng, 0.3)
        action = rng.choice(sorted(ACTIONS))
        following = WORLD.step(state, action)
        reward, done = rule(state, following)
        found.append(Transition("w", MISSION, state, action, following, reward, done))
        state = following
    return found


def learned(transitions: list[Transition]) -> tuple[str, MissionReward]:
    proposer = InductiveProposer()
    text = proposer.propose(transitions, [], None, random.Random(0))
    draft = proposer.draft(text)
    assert draft is not None
    return text, draft.rewards[MISSION]


coefficients = st.integers(-20, 20).map(lambda tenths: tenths / 10)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(coefficients, coefficients, coefficients, st.integers(0, 2**20))
def test_a_sum_of_a_constant_and_two_features_is_found_and_printed(
    constant: float, per_crate: float, standing_still: float, seed: int
) -> None:
    def rule(state: State, following: State) -> tuple[float, bool]:
        change = on(following, "Crate", "Plate") - on(state, "Crate", "Plate")
        return constant + per_crate * change + standing_still * (state == following), False

    text, reward = learned(play(rule, seed, 250))
    assert isinstance(reward.reward, AdditiveReward)
    program = ReferenceInterpreter(Program.from_text(text))
    for unseen in play(rule, seed + 1, 40):
        outcome = program.step(unseen.state, unseen.action, mission=MISSION, next_state=unseen.next_state)
        # A goal that is hoped for may hold in what was never seen; nothing else may differ.
        assert outcome.done or (outcome.reward is not None and abs(outcome.reward - unseen.reward) <= REWARD_TOLERANCE)


def test_a_reward_that_is_no_sum_becomes_rules() -> None:
    def rule(state: State, following: State) -> tuple[float, bool]:
        change = on(following, "Crate", "Plate") - on(state, "Crate", "Plate")
        return {1: 5.0, 0: 1.0, -1: -7.0}[change] if state != following else -2.0, False

    transitions = play(rule, 3, 300)
    text, _ = learned(transitions)
    program = ReferenceInterpreter(Program.from_text(text))
    for one in transitions:
        outcome = program.step(one.state, one.action, mission=MISSION, next_state=one.next_state)
        assert compare(one, outcome) is None


def pushed_onto_plate() -> tuple[State, State, State]:
    """Return three states: a crate is pushed towards a plate, then onto it."""
    rim = [Entity("Rim", x=0, y=y) for y in range(3)]
    plate = Entity("Plate", x=4, y=1)

    def state(x: int, crate: int) -> State:
        return State([*rim, plate, Entity("Me", x=x, y=1), Entity("Crate", x=crate, y=1)])

    return state(1, 2), state(2, 3), state(3, 4)


def test_while_no_success_was_seen_the_program_hopes_for_the_simplest_goal_left_open() -> None:
    first, second, _ = pushed_onto_plate()
    text, reward = learned([Transition("w", MISSION, first, "east", second, 0.0, False)])
    assert "# HYPOTHESIS" in text
    assert reward.goal is not None
    program = ReferenceInterpreter(Program.from_text(text))
    for goal_state in (State([Entity("Me", x=2, y=1), Entity("Crate", x=2, y=1)]),):
        outcome = program.step(second, "east", mission=MISSION, next_state=goal_state)
        assert (outcome.reward, outcome.done) == (1.0, True)


def test_without_optimism_nothing_is_hoped_for() -> None:
    transitions = play(lambda before, after: (0.0, False), 3, 60)
    text = InductiveProposer(optimistic=False).propose(transitions, [], None, random.Random(0))
    hoping = InductiveProposer().propose(transitions, [], None, random.Random(0))
    assert "HYPOTHESIS" in hoping
    assert "HYPOTHESIS" not in text
    assert "True" not in text.partition("def reward_func")[2]


def test_a_goal_that_was_reached_without_success_is_given_up() -> None:
    first, second, third = pushed_onto_plate()
    transitions = [
        Transition("w", MISSION, first, "east", second, 0.0, False),
        Transition("w", MISSION, second, "east", third, 0.0, False),
    ]
    _, reward = learned(transitions)
    text, _ = learned(transitions)
    program = ReferenceInterpreter(Program.from_text(text))
    assert program.step(second, "east", mission=MISSION, next_state=third).done is False
    assert reward.goal is None or "'Plate', 'Crate'" not in reward.goal.source()


def test_a_goal_without_a_plan_gives_way_to_the_next_one() -> None:
    first, second, _ = pushed_onto_plate()
    transitions = [Transition("w", MISSION, first, "east", second, 0.0, False)]
    proposer = InductiveProposer()
    goals = []
    parent: Candidate | None = None
    for index in range(3):
        text = proposer.propose(transitions, [(first, MISSION)] if parent else [], parent, random.Random(0))
        draft = proposer.draft(text)
        assert draft is not None
        goals.append(draft.rewards[MISSION].goal)
        parent = Candidate(Program.from_text(text), index + 1, "inductive", parent)
    assert None not in goals
    assert len(set(goals)) == 3


def test_after_a_success_nothing_is_hoped_for_and_the_end_is_what_was_seen() -> None:
    first, second, third = pushed_onto_plate()
    text, reward = learned(
        [
            Transition("w", MISSION, first, "east", second, -0.1, False),
            Transition("w", MISSION, second, "east", third, 9.9, True),
        ]
    )
    assert reward.goal is None
    assert "HYPOTHESIS" not in text
    program = ReferenceInterpreter(Program.from_text(text))
    outcome = program.step(second, "east", mission=MISSION, next_state=third)
    assert outcome.done is True
    assert outcome.reward is not None
    assert abs(outcome.reward - 9.9) <= REWARD_TOLERANCE


def test_what_was_rewarded_in_part_is_hoped_for_in_full() -> None:
    plates = [Entity("Plate", x=4, y=1), Entity("Plate", x=1, y=5)]

    def state(me: int, crate: int) -> State:
        others = [Entity("Crate", x=3, y=4), Entity("Rim", x=0, y=0)]
        return State([*plates, *others, Entity("Me", x=me, y=1), Entity("Crate", x=crate, y=1)])

    _, reward = learned(
        [
            Transition("w", MISSION, state(1, 2), "east", state(2, 3), -0.1, False),
            Transition("w", MISSION, state(2, 3), "east", state(3, 4), 0.9, False),
        ]
    )
    assert reward.goal is not None
    assert reward.goal.source() == "all_on(next_state, 'Plate', 'Crate')"


def test_each_mission_gets_a_reward_function_of_its_own() -> None:
    first, second, _ = pushed_onto_plate()
    transitions = [
        Transition("w", "push", first, "east", second, 1.0, False),
        Transition("w", "rest", first, "east", second, -1.0, False),
    ]
    text = InductiveProposer().propose(transitions, [], None, random.Random(0))
    program = ReferenceInterpreter(Program.from_text(text))
    for one in transitions:
        outcome = program.step(one.state, one.action, mission=one.mission, next_state=one.next_state)
        assert outcome.reward == one.reward
