"""States as JSON."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from shared_data import shared
from strategies import entities, grid_states, states

from wc_engine.errors import EncodingError
from wc_engine.state import Entity, State, entity_from_json, entity_to_json, state_from_json, state_to_json
from wc_engine.state.codec import StateReader


@given(entities())
def test_an_entity_comes_back_from_json_text(entity: Entity) -> None:
    assert entity_from_json(json.loads(json.dumps(entity_to_json(entity)))) == entity


@given(states() | grid_states())
def test_a_state_comes_back_from_json_text(state: State) -> None:
    text = json.dumps(state_to_json(state))
    assert state_from_json(json.loads(text)) == state
    reader = StateReader()
    assert reader.read(text.encode()) == state
    assert reader.read(text.encode()) is reader.read(text.encode())


def test_an_entity_is_an_object_with_its_type_its_position_and_its_attributes_by_name() -> None:
    agent = Entity("Agent", y=2, direction=(0, -1), x=1, carrying=Entity("Key", color="red"), alive=True)
    assert json.dumps(entity_to_json(agent)) == (
        '{"type": "Agent", "x": 1, "y": 2, "alive": true, "carrying": {"type": "Key", "color": "red"}, '
        '"direction": [0, -1]}'
    )


@pytest.mark.parametrize(
    "text", ["1", "1.0", "true", "null", '"1"', "-3", "12345678901234567890123", "1e22", "[1, 1.0]"]
)
def test_kinds_of_values_stay_apart(text: str) -> None:
    data = json.loads(f'{{"type": "A", "v": {text}}}')
    for entity in (entity_from_json(data), StateReader().read(b"[" + json.dumps(data).encode() + b"]").entities[0]):
        again = json.dumps(entity_to_json(entity)["v"])
        assert again == json.dumps(json.loads(text))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), (1, -float("inf")), Entity("B", w=float("inf"))])
def test_floats_that_json_does_not_have_are_refused(value: object) -> None:
    with pytest.raises(EncodingError, match="which JSON cannot write"):
        entity_to_json(Entity("A", v=value))


def test_an_attribute_named_type_cannot_be_written() -> None:
    with pytest.raises(EncodingError, match="'type'"):
        state_to_json(State([Entity("A", {"type": "wood"})]))
    with pytest.raises(EncodingError, match="'type'"):
        state_to_json(State([Entity("A", carrying=Entity("B", {"type": 1}))]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type": "A"}', "expected a list of entities, found an object"),
        ('[{"type": "A"}, {"x": 1}]', "entity 1: an entity needs the key 'type', found only 'x'"),
        ("[{}]", "entity 0: an entity needs the key 'type', found only no key"),
        ('[{"type": 3}]', "entity 0: 'type' must be a text, found a number"),
        ("[null]", "entity 0: expected an object with 'type', found null"),
        (
            '[{"type": "A", "carrying": {"color": "red"}}]',
            "entity 0: an entity needs the key 'type', found only 'color'",
        ),
    ],
)
def test_what_is_no_state_is_refused_with_the_entity_named(text: str, message: str) -> None:
    with pytest.raises(EncodingError) as caught:
        state_from_json(json.loads(text))
    assert str(caught.value) == message
    with pytest.raises(EncodingError) as caught:
        StateReader().read(text.encode())
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["sokoban_random", "doorkey_8x8", "unlockpickup"])
def test_recorded_states_are_written_as_they_were_recorded(name: str) -> None:
    with gzip.open(shared("corpus", "transitions", f"{name}.jsonl.gz"), "rt", encoding="utf-8") as file:
        for line in list(file)[:40]:
            recorded = json.loads(line)["state"]
            written = state_to_json(state_from_json(recorded))
            # Entities are recorded in another order, attributes too.
            key = lambda entity: json.dumps(entity, sort_keys=True)  # noqa: E731
            assert sorted(written, key=key) == sorted(recorded, key=key)
