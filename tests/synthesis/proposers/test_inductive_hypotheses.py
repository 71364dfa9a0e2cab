"""Where no plan exists, what was never tried is assumed to help, and said to be assumed."""

from __future__ import annotations

import random

from wc_engine.models.dataset import Transition
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import Candidate
from wc_engine.synthesis.proposers.inductive import InductiveProposer

MISSION = "walk to the flag"


def corridor(robot: int, *, bush: bool, stone: bool = True) -> State:
    """Return a corridor: a robot, a bush or none at 2, a stone or none at 3, a flag at 4, rocks all around."""
    rocks = [Entity("Rock", x=x, y=y) for x in range(6) for y in (0, 2)] + [Entity("Rock", x=x, y=1) for x in (0, 5)]
    things = [Entity("Robot", x=robot, y=1, look=(1, 0)), Entity("Flag", x=4, y=1)]
    things += [Entity("Bush", x=2, y=1)] if bush else []
    things += [Entity("Stone", x=3, y=1)] if stone else []
    return State([*rocks, *things])


SEEN = [
    ("forward", corridor(1, bush=True), corridor(1, bush=True)),
    ("dig", corridor(1, bush=True), corridor(1, bush=False)),
    ("forward", corridor(1, bush=False), corridor(2, bush=False)),
    ("forward", corridor(2, bush=False), corridor(2, bush=False)),
]
"""A bush stops the robot until it is dug out; what digging does to the stone, nobody knows."""


def transitions(*more: tuple[str, State, State]) -> list[Transition]:
    return [Transition("w", MISSION, before, action, after, 0.0, False) for action, before, after in [*SEEN, *more]]


def refined(data: list[Transition]) -> tuple[str, str]:
    """Return the program learned first, and what is left once no goal that the mission may mean has a plan."""
    proposer = InductiveProposer()
    first = text = proposer.propose(data, [], None, random.Random(0))
    for number in range(1, 4):
        parent = Candidate(Program.from_text(text), number, "inductive", None)
        text = proposer.propose(data, [(corridor(2, bush=False), MISSION)], parent, random.Random(0))
    return first, text


def test_the_mission_says_where_to_go_and_an_untried_action_is_assumed_to_clear_the_way() -> None:
    first, second = refined(transitions())
    assert "HYPOTHESIS: never tried" not in first
    assert "HYPOTHESIS: never tried" in second
    program = ReferenceInterpreter(Program.from_text(second))
    state = corridor(2, bush=False)
    for action, expected in (("dig", (0.0, False)), ("forward", (0.0, False)), ("forward", (1.0, True))):
        outcome = program.step(state, action, mission=MISSION)
        assert outcome.next_state is not None, outcome.transition_error
        assert (outcome.reward, outcome.done) == expected
        state = outcome.next_state


def test_an_assumption_that_was_tried_in_vain_is_not_made_again() -> None:
    stays = corridor(2, bush=False)
    _, second = refined(transitions(("dig", stays, stays)))
    assert "HYPOTHESIS: never tried" not in second


def test_what_works_on_one_type_is_assumed_to_work_on_the_one_that_the_mission_asks_for() -> None:
    def state(load: Entity | None, *things: Entity, look: tuple[int, int] = (1, 0)) -> State:
        return State([Entity("Robot", x=1, y=1, look=look, load=load), *things])

    gem, pot = Entity("Gem", x=2, y=1, hue="red"), Entity("Pot", x=2, y=1, hue="red")
    held = gem.without_position()
    mission = "pick up the red pot"
    away = state(None, gem, look=(0, 1))
    data = [
        Transition("w", "pick up the red gem", before, action, after, reward, reward > 0)
        for before, action, after, reward in (
            (away, "lift", away, 0.0),
            (away, "turn", state(None, gem), 0.0),
            (state(None, gem), "lift", state(held), 1.0),
        )
    ]
    proposer = InductiveProposer()
    first = proposer.propose(data, [(state(None, pot), mission)], None, random.Random(0))
    parent = Candidate(Program.from_text(first), 1, "inductive", None)
    second = proposer.propose(data, [(state(None, pot), mission)], parent, random.Random(0))
    assert "HYPOTHESIS: never tried" in second
    outcome = ReferenceInterpreter(Program.from_text(second)).step(state(None, pot), "lift", mission=mission)
    assert outcome.next_state == state(pot.without_position())
    assert (outcome.reward, outcome.done) == (1.0, True)


def test_what_was_found_for_missions_like_it_gives_way_where_it_leaves_no_plan() -> None:
    def state(load: Entity | None, *things: Entity) -> State:
        return State([Entity("Robot", x=1, y=1, look=(1, 0), load=load), *things])

    gem, pot = Entity("Gem", x=2, y=1, hue="red"), Entity("Pot", x=3, y=1, hue="red")
    held = gem.without_position()
    mission = "fetch the red pot"
    cup = Entity("Cup", x=2, y=1, hue="red")
    data = [
        Transition("w", "pick up the red gem", before, action, after, reward, done)
        for before, action, after, reward, done in (
            (state(None, gem), "wait", state(None, gem), 0.0, False),
            (state(None, gem), "lift", state(held), 1.0, True),
            (state(None, cup, gem), "lift", state(cup.without_position(), gem), 0.0, True),
        )
    ]

    def outcomes(text: str) -> list[tuple[float | None, bool | None]]:
        running = ReferenceInterpreter(Program.from_text(text))
        reached = (state(held, pot), state(pot.without_position(), gem))
        found = [running.step(state(None, gem, pot), "wait", mission=mission, next_state=one) for one in reached]
        return [(one.reward, one.done) for one in found]

    proposer, told = InductiveProposer(), [(state(None, gem, pot), mission)]
    text = proposer.propose(data, told, None, random.Random(0))
    assert outcomes(text) == [(0.0, True), (1.0, True)], "to have anything in hand ended the mission that it is like"
    for number in range(1, 4):
        parent = Candidate(Program.from_text(text), number, "inductive", None)
        text = proposer.propose(data, told, parent, random.Random(0))
    assert outcomes(text) == [(0.0, False), (1.0, True)]
