"""Missions are read over the words of the data, and what holds for one holds for another of its template."""

from __future__ import annotations

import random

import pytest
from synthesis.proposers.worlds import house_start, house_step

from wc_engine.models.dataset import Transition
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive import InductiveProposer
from wc_engine.synthesis.proposers.inductive.missions import Pattern, Wish, lexicon_of, read_mission

THINGS = [
    Entity("Key", x=1, y=1, color="red"),
    Entity("Door", x=2, y=1, color="red", state="locked"),
    Entity("Door", x=2, y=2, color="blue", state="open"),
    Entity("Goal", x=3, y=3),
    Entity("Cup", name_="cup 1"),
    Entity("Cup", name_="cup 2"),
    Entity("Shelf", name_="shelf_7"),
]


@pytest.mark.parametrize(
    ("mission", "template", "nouns", "wishes"),
    [
        ("pick up the red key", "pick up the *", [Pattern("Key", (("color", "red"),))], [Wish.HOLD]),
        ("open the blue door", "open the *", [Pattern("Door", (("color", "blue"),))], [Wish.CHANGE]),
        ("get to the goal", "get to the *", [Pattern("Goal")], [Wish.REACH]),
        ("fetch cup 2", "fetch *", [Pattern("Cup", (("name_", "cup 2"),))], [Wish.HOLD]),
        (
            "put cup 1 on shelf_7",
            "put * on *",
            [Pattern("Cup", (("name_", "cup 1"),)), Pattern("Shelf", (("name_", "shelf_7"),))],
            [Wish.UNKNOWN, Wish.PUT],
        ),
        ("take a cup", "take a *", [Pattern("Cup")], [Wish.HOLD]),
    ],
)
def test_a_mission_names_types_with_what_tells_them_apart_and_things_by_their_names(
    mission: str, template: str, nouns: list[Pattern], wishes: list[Wish]
) -> None:
    reading = read_mission(mission, lexicon_of([], ["state"], THINGS))
    assert reading.template == template
    assert list(reading.nouns) == nouns
    assert [clause.wish for clause in reading.clauses] == wishes


def test_what_was_learned_about_one_thing_with_a_name_holds_for_another() -> None:
    state = house_start(random.Random(3))
    (maid,) = state.of_type("Maid")
    state = State([entity.replace(room=maid["room"]) if "room" in entity else entity for entity in state])
    transitions = []
    for name, reward in (("cupboard_2", 0.0), ("cupboard_1", 1.0)):
        after = house_step(state, f"open {name}")
        transitions.append(Transition("w", "open cupboard_1", state, f"open {name}", after, reward, reward > 0))
    told = [(state, "open cupboard_2")]
    text = InductiveProposer().propose(transitions, told, None, random.Random(0))
    program = ReferenceInterpreter(Program.from_text(text))
    for mission in ("cupboard_1", "cupboard_2"):
        for opened in ("cupboard_1", "cupboard_2"):
            outcome = program.step(state, f"open {opened}", mission=f"open {mission}")
            assert outcome.reward_error is None
            assert (outcome.reward, outcome.done) == (float(mission == opened), mission == opened)
