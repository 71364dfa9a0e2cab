"""Which steps are new to rules, and which only look new."""

from __future__ import annotations

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive import ContextIndex

ACTIONS = ("east", "west")


def row(me: int, **others: int) -> State:
    """Return a row of cells with the agent at ``me`` and other things by name."""
    things = [Entity(name.rstrip("_").capitalize(), x=x, y=0) for name, x in others.items()]
    return State([Entity("Me", x=me, y=0), *things])


def step(before: State, action: str, after: State) -> Transition:
    return Transition("w", "go", before, action, after, 0.0, False)


def index(*transitions: Transition) -> ContextIndex:
    contexts = ContextIndex()
    contexts.update(transitions)
    return contexts


WALKED = (step(row(1), "east", row(2)), step(row(2), "west", row(1)))


def test_walking_freely_is_the_same_everywhere_and_in_every_direction() -> None:
    contexts = index(*WALKED)
    assert contexts.novel_actions(row(7), ACTIONS) == []
    # West was tried, and so was what lies east of here: both share their contexts.
    assert contexts.novel_actions(row(-3), ACTIONS) == []


def test_a_type_that_was_never_ahead_is_new() -> None:
    contexts = index(*WALKED)
    assert contexts.novel_actions(row(3, rock=4), ACTIONS) == ["east"]
    assert contexts.novel_actions(row(3, rock=2), ACTIONS) == ["west"]


def test_what_is_behind_a_free_cell_does_not_matter() -> None:
    assert index(*WALKED).novel_actions(row(3, rock=5), ACTIONS) == []


def test_what_is_behind_something_that_moves_matters() -> None:
    pushed = step(row(1, crate=2), "east", row(2, crate=3))
    contexts = index(*WALKED, pushed)
    assert contexts.novel_actions(row(4, crate=5), ACTIONS) == []
    assert contexts.novel_actions(row(4, crate=5, rock=6), ACTIONS) == ["east"]
    assert contexts.novel_actions(row(4, crate=5, crate_=6), ACTIONS) == ["east"]


def test_what_blocked_with_three_different_things_behind_it_is_believed_to_be_fixed() -> None:
    bumps = [
        step(row(1, rock=2), "east", row(1, rock=2)),
        step(row(1, rock=2, rock_=3), "east", row(1, rock=2, rock_=3)),
        step(row(1, rock=2, plate=3), "east", row(1, rock=2, plate=3)),
    ]
    unseen = row(4, rock=5, crate=6)
    assert index(*WALKED, *bumps[:2]).novel_actions(unseen, ACTIONS) == ["east"]
    assert index(*WALKED, *bumps).novel_actions(unseen, ACTIONS) == []


def test_an_action_that_never_moved_the_agent_is_new_where_the_neighbourhood_is() -> None:
    waved = step(row(1), "wave", row(1))
    contexts = index(*WALKED, waved)
    assert contexts.novel_actions(row(5), ("wave",)) == []
    assert contexts.novel_actions(row(5, bell=6), ("wave",)) == ["wave"]


def test_whether_a_thing_can_be_walked_through_is_tried_first_and_has_no_price() -> None:
    kicked = (step(row(1), "kick", row(1)), step(row(2, rock=1), "kick", row(2, rock=1)))
    contexts = index(*WALKED, *kicked)
    before = contexts.prices(row(3, rock=4), ("kick", "east"))
    assert list(before) == ["east", "kick"]
    assert before["east"] == 0 < before["kick"]
    bumped = step(row(3, rock=4), "east", row(3, rock=4))
    contexts = index(*WALKED, *kicked, bumped)
    behind = contexts.prices(row(5, rock=6, plate=7), ("kick", "east"))
    assert list(behind)[-1] == "east", "what was met once waits for the other actions"
    assert behind["east"] > 0


def facing(me: int, held: Entity | None = None, **lit: bool) -> State:
    """Return a row with an agent that looks east and has something in hand, and a lamp or a wall ahead of it."""
    things = [Entity(name.capitalize(), x=me + 1, y=0, lit=value) for name, value in lit.items()]
    return State([Entity("Me", x=me, y=0, heading=(1, 0), held=held), *things])


MATCH = Entity("Match")
SEEN = (
    step(facing(1), "go", facing(2)),
    step(facing(5, MATCH), "go", facing(6, MATCH)),
    step(facing(3, wall=False), "press", facing(3, wall=False)),
    step(facing(4, MATCH, lamp=False), "press", facing(4, MATCH, lamp=True)),
)


def test_what_an_action_acted_on_is_worth_a_detour_in_another_state_and_with_another_thing_in_hand() -> None:
    contexts = index(*SEEN)
    assert contexts.disputed(facing(4, MATCH, lamp=False), ("press",)) == {}, "this was tried"
    for untried in (facing(8, MATCH, lamp=True), facing(8, lamp=False), facing(8, lamp=True)):
        assert contexts.disputed(untried, ("press",)) == contexts.prices(untried, ("press",)) != {}
        assert contexts.prices(untried, ("press",))["press"] == contexts.least_price < 0


def test_what_an_action_never_acted_on_is_not_disputed() -> None:
    contexts = index(*SEEN)
    walled = facing(8, MATCH, wall=False)
    assert contexts.prices(walled, ("press",))["press"] > 0
    assert contexts.disputed(walled, ("press",)) == {}
    assert index(*SEEN[:3]).least_price == 0
