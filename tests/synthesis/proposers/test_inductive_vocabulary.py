"""Worlds beyond pushing: headings, hands, counters, things that appear, pairs, actions that name their objects."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from synthesis.proposers import worlds

from wc_engine.models.dataset import Transition
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import State
from wc_engine.synthesis.proposers.inductive import InductiveProposer
from wc_engine.synthesis.proposers.inductive.draft import Draft

WORLDS = {
    "hand": (worlds.hand_step, worlds.hand_start, worlds.HAND_ACTIONS, 700),
    "health": (worlds.health_step, worlds.health_start, worlds.HEALTH_ACTIONS, 400),
    "gates": (worlds.gate_step, worlds.gate_start, worlds.GATE_ACTIONS, 400),
    "house": (worlds.house_step, worlds.house_start, worlds.HOUSE_ACTIONS, 300),
}

World = tuple[worlds.Step, Callable[[random.Random], State], Sequence[str], int]


def learned(transitions: list[Transition]) -> tuple[str, Draft]:
    proposer = InductiveProposer()
    text = proposer.propose(transitions, [], None, random.Random(0))
    draft = proposer.draft(text)
    assert draft is not None
    return text, draft


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_the_rules_of_a_world_are_found_and_printed(name: str) -> None:
    step, start, actions, count = WORLDS[name]
    text, draft = learned(worlds.played(step, start, actions, count, seed=1))
    program = ReferenceInterpreter(Program.from_text(text))
    unseen = worlds.played(step, start, actions, 150, seed=2)
    for one in unseen:
        assert draft.rules.predict(one.state, one.action) == one.next_state, one.action
    for one in unseen[:60]:
        assert program.step(one.state, one.action, mission="find out").next_state == one.next_state, text


def test_health_is_counted_not_set() -> None:
    text, _ = learned(worlds.played(worlds.health_step, worlds.health_start, worlds.HEALTH_ACTIONS, 200, seed=3))
    assert "agent.health = agent.health - 2" in text
    assert "agent.health = agent.health + 3" in text


def test_a_colour_that_has_to_match_is_compared_not_listed() -> None:
    text, _ = learned(worlds.played(worlds.hand_step, worlds.hand_start, worlds.HAND_ACTIONS, 700, seed=1))
    assert "e.hue == agent.load.hue" in text


def test_who_passes_a_gate_pushing_a_crate_is_carried_on_as_well() -> None:
    transitions = worlds.played(worlds.gate_step, worlds.gate_start, worlds.GATE_ACTIONS, 400, seed=1)
    _, draft = learned(transitions)
    assert draft.rules.arrival is not None
    assert [len(rule.outcome) for rule in draft.rules.arrival.rules] == [1]
