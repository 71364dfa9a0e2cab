"""What a census finds: each entity once, and each composition of states with its number."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from wc_engine.state import Entity, State
from wc_engine.state.census import take_census

ENTITIES = st.builds(lambda name, x: Entity(name, x=x), st.sampled_from(["Box", "Wall"]), st.integers(0, 3))
STATES = st.lists(st.lists(ENTITIES, max_size=5).map(State), max_size=6)


@given(states=STATES)
def test_each_entity_and_each_composition_is_found_once(states: list[State]) -> None:
    census = take_census(states)
    assert sorted(census.entities) == sorted({entity for state in states for entity in state})
    assert len(census.entities) == len(set(census.entities))
    found = Counter({frozenset(counts.items()): number for counts, number in census.compositions})
    assert found == Counter(frozenset(Counter(entity.type for entity in state).items()) for state in states)


@given(states=STATES)
def test_the_most_of_one_type(states: list[State]) -> None:
    numbers = [len(state.of_type(name)) for state in states for name in ("Box", "Wall")]
    assert take_census(states).most == max(numbers, default=0)
