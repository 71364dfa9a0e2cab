"""What the inducer learns, on worlds that it was not written for."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthesis.gridworlds import ACTIONS, FREE, MISSION, PUSHED, SOLID, SWITCHED, TAKEN, Gridworld

from wc_engine.errors import SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive import InductiveProposer
from wc_engine.synthesis.proposers.inductive.draft import Draft

BEHAVIOURS = (FREE, SOLID, PUSHED, TAKEN, SWITCHED)
NAMES = ("Ant", "Bog", "Cog", "Dot")

worlds = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(BEHAVIOURS), max_size=4).map(Gridworld)


def learned(transitions: list[Transition]) -> tuple[str, Draft]:
    proposer = InductiveProposer()
    text = proposer.propose(transitions, [], None, random.Random(0))
    draft = proposer.draft(text)
    assert draft is not None
    return text, draft


@settings(max_examples=12, deadline=None, derandomize=True)
@given(worlds, st.integers(0, 2**20))
def test_the_rules_of_a_random_gridworld_are_recovered_from_random_play(world: Gridworld, seed: int) -> None:
    rng = random.Random(seed)
    _, draft = learned(world.transitions(rng, 300))
    for unseen in world.transitions(rng, 150):
        assert draft.rules.predict(unseen.state, unseen.action) == unseen.next_state


@settings(max_examples=15, deadline=None, derandomize=True)
@given(worlds, st.integers(0, 2**20), st.integers(1, 60))
def test_the_printed_program_says_what_the_rules_say(world: Gridworld, seed: int, count: int) -> None:
    rng = random.Random(seed)
    text, draft = learned(world.transitions(rng, count))
    program = ReferenceInterpreter(Program.from_text(text))
    for _ in range(20):
        state, action = world.random_state(rng), rng.choice(sorted(ACTIONS))
        outcome = program.step(state, action, mission=MISSION)
        assert outcome.transition_error is None
        assert outcome.next_state == draft.rules.predict(state, action)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(worlds, st.integers(0, 2**20), st.integers(1, 80))
def test_every_transition_is_explained_or_counted_as_unexplained(world: Gridworld, seed: int, count: int) -> None:
    transitions = world.transitions(random.Random(seed), count)
    _, draft = learned(transitions)
    wrong = sum(draft.rules.predict(one.state, one.action) != one.next_state for one in transitions)
    assert wrong <= sum(family.unexplained for family in draft.rules.families)


def test_what_is_learned_depends_on_the_transitions_alone_not_on_how_they_arrived() -> None:
    transitions = Gridworld({"Ant": PUSHED, "Bog": SWITCHED}).transitions(random.Random(3), 90)
    growing = InductiveProposer()
    for count in (5, 6, 30, 90):
        text = growing.propose(transitions[:count], [], None, random.Random(0))
    assert text == learned(transitions)[0]


def test_types_that_are_pushed_alike_share_one_rule() -> None:
    world = Gridworld({"Ant": PUSHED, "Bog": PUSHED, "Cog": FREE})
    text, draft = learned(world.transitions(random.Random(1), 300))
    pushes = [rule for family in draft.rules.families for rule in family.rules if len(rule.outcome) == 2]
    assert len(pushes) == 1
    assert pushes[0].outcome[0].types == {"Ant", "Bog"}
    assert "entity.name == 'Ant' or entity.name == 'Bog'" in text


def test_a_kind_that_was_never_bumped_into_is_believed_to_be_free() -> None:
    me, wall, fog = Entity("Me", x=2, y=2), Entity("Wall", x=2, y=1), Entity("Fog", x=4, y=2)
    start, moved = State([me, wall, fog]), State([me.replace(x=3), wall, fog])
    _, draft = learned(
        [
            Transition("w", MISSION, start, "east", moved, 0.0, False),
            Transition("w", MISSION, moved, "west", start, 0.0, False),
        ]
    )
    assert draft.rules.predict(moved, "east") == State([me.replace(x=4), wall, fog])


def test_an_action_that_did_nothing_so_far_is_predicted_to_do_nothing() -> None:
    me = Entity("Me", x=1, y=1)
    state, moved = State([me]), State([me.replace(x=2)])
    _, draft = learned(
        [
            Transition("w", MISSION, state, "east", moved, 0.0, False),
            Transition("w", MISSION, state, "wait", state, 0.0, False),
        ]
    )
    assert draft.rules.predict(moved, "wait") == moved
    assert draft.rules.predict(moved, "never tried") == moved


def test_an_action_without_a_direction_has_a_family_of_its_own() -> None:
    lamp, me = Entity("Lamp", x=1, y=1, lit="no"), Entity("Me", x=1, y=1)
    away = me.replace(x=2)
    dark, lit = State([lamp, me]), State([lamp.replace(lit="yes"), me])
    transitions = [
        Transition("w", MISSION, dark, "light", lit, 0.0, False),
        Transition("w", MISSION, dark, "east", State([lamp, away]), 0.0, False),
        Transition("w", MISSION, State([lamp, away]), "light", State([lamp, away]), 0.0, False),
        Transition("w", MISSION, lit, "east", State([lamp.replace(lit="yes"), away]), 0.0, False),
    ]
    text, draft = learned(transitions)
    for one in transitions:
        assert draft.rules.predict(one.state, one.action) == one.next_state
    program = ReferenceInterpreter(Program.from_text(text))
    for one in transitions:
        assert program.step(one.state, one.action, mission=MISSION).next_state == one.next_state


def test_a_change_out_of_reach_of_the_slots_is_left_unexplained_and_said_so_and_remembered() -> None:
    me, bell, wall = Entity("Me", x=1, y=1), Entity("Bell", x=9, y=9, rung="no"), Entity("Wall", x=0, y=0)
    rung = bell.replace(rung="yes")
    transitions = [
        Transition("w", MISSION, State([me, bell, wall]), "ring", State([me, rung, wall]), 0.0, False),
        Transition("w", MISSION, State([me, rung, wall]), "east", State([me.replace(x=2), rung, wall]), 0.0, False),
        Transition("w", MISSION, State([me, rung, wall]), "ring", State([me, rung, wall]), 0.0, False),
    ]
    text, draft = learned(transitions)
    assert sum(family.unexplained for family in draft.rules.families) == 1
    assert "# No rule explains 1 transition of 'ring'." in text
    program = ReferenceInterpreter(Program.from_text(text))
    for one in transitions:
        assert draft.rules.predict(one.state, one.action) == one.next_state
        assert program.predict(one.state, one.action).value == one.next_state
    (memory,) = draft.rules.memories
    assert wall not in memory.things, "what is everywhere tells nothing"
    forgetful = InductiveProposer(memorises=False).propose(transitions, [], None, random.Random(0))
    assert "Remembered" in text
    assert "Remembered" not in forgetful


def test_a_memory_that_would_contradict_another_transition_speaks_of_the_whole_state() -> None:
    me, bell = Entity("Me", x=1, y=1), Entity("Bell", x=9, y=9, rung="no")
    rung, fog = bell.replace(rung="yes"), Entity("Fog", x=5, y=5)
    transitions = [
        Transition("w", MISSION, State([me, bell]), "ring", State([me, bell]), 0.0, False),
        Transition("w", MISSION, State([me, bell, fog]), "ring", State([me, rung, fog]), 0.0, False),
        Transition("w", MISSION, State([me, rung, fog]), "ring", State([me, bell, fog]), 0.0, False),
        Transition("w", MISSION, State([me, rung]), "east", State([me.replace(x=2), rung]), 0.0, False),
    ]
    text, draft = learned(transitions)
    program = ReferenceInterpreter(Program.from_text(text))
    for one in transitions:
        assert draft.rules.predict(one.state, one.action) == one.next_state
        assert program.predict(one.state, one.action).value == one.next_state


def test_types_that_are_no_python_names_are_refused_with_the_name() -> None:
    me, odd = Entity("Me", x=1, y=1), Entity("not a name", x=2, y=2)
    transition = Transition("w", MISSION, State([me, odd]), "east", State([me.replace(x=2), odd]), 0.0, False)
    with pytest.raises(SynthesisError, match="'not a name'"):
        InductiveProposer().propose([transition], [], None, random.Random(0))
