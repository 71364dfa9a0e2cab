"""Canonical form: which entities and states are equal, and in which order they stand."""

from __future__ import annotations

import enum
import itertools
import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import entities, states, values

from wc_engine.state import Entity, State, canonical_key, canonical_value

IN_ORDER = [
    None,
    False,
    True,
    -1,
    0,
    1,
    2,
    -1.5,
    1.0,
    float("inf"),
    float("nan"),
    "",
    "1",
    "a",
    (),
    (None,),
    (1,),
    (1, "a"),
    (1.0,),
    Entity("A"),
    Entity("A", color=1),
    Entity("B"),
]


def test_values_stand_in_the_order_of_their_kinds() -> None:
    keys = [canonical_key(value) for value in IN_ORDER]
    # NaN has a place, so that the order is one; it is before the other floats.
    nan = keys.pop(IN_ORDER.index(IN_ORDER[10]))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert canonical_key(2) < nan < canonical_key("")


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations([True, 1, 1.0, "1", (1,), None], 2)))
def test_values_of_different_kinds_differ(one: object, other: object) -> None:
    assert Entity("Door", state=one) != Entity("Door", state=other)
    assert State([Entity("Door", state=one)]) != State([Entity("Door", state=other)])


def test_true_and_one_differ_inside_tuples_and_carried_entities_too() -> None:
    assert Entity("A", v=(1, 2)) != Entity("A", v=(True, 2))
    assert Entity("A", v=Entity("B", w=1)) != Entity("A", v=Entity("B", w=1.0))


def test_an_absent_attribute_differs_from_none() -> None:
    assert Entity("Agent", carrying=None) != Entity("Agent")
    assert "carrying" in Entity("Agent", carrying=None)
    assert "carrying" not in Entity("Agent")
    assert Entity("Agent").get("carrying", 5) == 5


def test_zero_and_minus_zero_are_one_float_and_nan_is_equal_to_itself() -> None:
    assert Entity("A", v=0.0) == Entity("A", v=-0.0)
    assert State([Entity("A", v=float("nan"))]) == State([Entity("A", v=float("nan"))])


def test_the_type_belongs_to_an_entity() -> None:
    assert Entity("Box", x=1, y=2) != Entity("Ball", x=1, y=2)


def test_a_carried_entity_loses_its_position_and_keeps_the_rest() -> None:
    key = Entity("Key", x=3, y=4, color="red")
    agent = Entity("Agent", x=1, y=1, carrying=key)
    assert agent["carrying"] == Entity("Key", color="red")
    assert agent == Entity("Agent", x=1, y=1, carrying=Entity("Key", x=None, y=None, color="red"))
    assert key["x"] == 3
    assert Entity("Agent", bag=[key])["bag"] == (Entity("Key", color="red"),)


def test_lists_become_tuples_and_subclasses_their_base() -> None:
    class Colour(enum.IntEnum):
        RED = 3

    assert Entity("A", v=[1, [2]])["v"] == (1, (2,))
    value = canonical_value(Colour.RED)
    assert type(value) is int
    assert Entity("A", v=Colour.RED) == Entity("A", v=3)


@pytest.mark.parametrize("value", [{1}, {"a": 1}, object(), b"bytes", 1j, lambda: 0])
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="a state cannot hold"):
        Entity("A", v=value)


def test_a_state_keeps_duplicates() -> None:
    box = Entity("Box", x=1, y=1)
    assert State([box, box]) != State([box])
    assert len(State([box, Entity("Box", x=1, y=1)])) == 2


def test_a_state_is_ordered_by_type_then_by_attributes() -> None:
    state = State([Entity("Wall", x=0, y=0), Entity("Box", x=2, y=0), Entity("Box", x=1, y=5), Entity("Agent")])
    assert [repr(entity) for entity in state] == ["Agent()", "Box(1, 5)", "Box(2, 0)", "Wall(0, 0)"]
    assert state.of_type("Box") == [Entity("Box", x=1, y=5), Entity("Box", x=2, y=0)]


def test_replace_makes_a_new_entity() -> None:
    door = Entity("Door", x=1, y=2, state="locked")
    opened = door.replace(state="open")
    assert opened == Entity("Door", x=1, y=2, state="open")
    assert door["state"] == "locked"


@given(st.lists(entities(), max_size=5), st.randoms(use_true_random=False))
def test_the_order_in_which_a_state_is_made_does_not_matter(drawn: list[Entity], rng: random.Random) -> None:
    shuffled = drawn[:]
    rng.shuffle(shuffled)
    assert State(drawn) == State(shuffled)
    assert hash(State(drawn)) == hash(State(shuffled))
    assert State(drawn).entities == State(shuffled).entities


@given(values(), values())
def test_keys_are_equal_exactly_for_equal_values_and_can_be_ordered(one: object, other: object) -> None:
    one, other = canonical_value(one), canonical_value(other)
    keys = canonical_key(one), canonical_key(other)
    assert (keys[0] < keys[1]) + (keys[0] == keys[1]) + (keys[0] > keys[1]) == 1
    if keys[0] == keys[1]:
        assert one == other
        assert type(one) is type(other)
        assert hash(keys[0]) == hash(keys[1])


@given(states())
def test_pickling_gives_an_equal_state(state: State) -> None:
    again = pickle.loads(pickle.dumps(state))
    assert again == state
    assert hash(again) == hash(state)
