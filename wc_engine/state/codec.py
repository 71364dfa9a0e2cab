"""States as JSON: an entity is an object with ``type`` and its attributes, a state a list of them.

``x`` and ``y`` come first, then the other attributes by name; a carried entity is an object likewise, a tuple a list.
Integers and floats stay apart (``1`` and ``1.0``), as do booleans. JSON has no infinities and no NaN: a state that
holds one cannot be written.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import msgspec

from wc_engine.errors import EncodingError
from wc_engine.state.entities import Entity, State, Value

__all__ = [
    "JsonObject",
    "JsonValue",
    "StateReader",
    "entity_from_json",
    "entity_to_json",
    "state_from_json",
    "state_to_json",
]

JsonValue: TypeAlias = "None | bool | int | float | str | list[JsonValue] | dict[str, JsonValue]"
JsonObject: TypeAlias = dict[str, JsonValue]

_TYPE = "type"
_KINDS = {type(None): "null", bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list"}


def state_to_json(state: State) -> list[JsonObject]:
    """Return a state as a JSON list, in canonical order.

    Raises:
        EncodingError: an attribute is named ``type``, or a float is infinite or NaN.
    """
    return [entity_to_json(entity) for entity in state]


def entity_to_json(entity: Entity) -> JsonObject:
    """Return an entity as a JSON object; raises as ``state_to_json`` does."""
    attributes = entity.attributes
    if _TYPE in attributes:
        raise EncodingError(f"{entity!r} has an attribute named {_TYPE!r}, which JSON keeps for the entity's type")
    result: JsonObject = {_TYPE: entity.type}
    for name in ("x", "y", *attributes):
        if name in attributes and name not in result:
            result[name] = _value_to_json(attributes[name], entity)
    return result


def _value_to_json(value: Value, entity: Entity) -> JsonValue:
    if isinstance(value, Entity):
        return entity_to_json(value)
    if isinstance(value, tuple):
        return [_value_to_json(item, entity) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise EncodingError(f"{entity!r} holds {value!r}, which JSON cannot write")
    return value


def state_from_json(data: object) -> State:
    """Return the state of a JSON list of entities.

    Raises:
        EncodingError: the data is no list, or one of the entities is none; the message says which.
    """
    if not isinstance(data, list):
        raise EncodingError(f"expected a list of entities, found {_kind(data)}")
    entities = []
    for index, item in enumerate(data):
        try:
            entities.append(entity_from_json(item))
        except EncodingError as error:
            raise EncodingError(f"entity {index}: {error}") from error
    return State(entities)


def entity_from_json(data: object) -> Entity:
    """Return the entity of a JSON object; raises EncodingError where it is no object or has no ``type``."""
    if not isinstance(data, dict):
        raise EncodingError(f"expected an object with {_TYPE!r}, found {_kind(data)}")
    if _TYPE not in data:
        raise EncodingError(f"an entity needs the key {_TYPE!r}, found only {', '.join(map(repr, data)) or 'no key'}")
    type_name = data[_TYPE]
    if not isinstance(type_name, str):
        raise EncodingError(f"{_TYPE!r} must be a text, found {_kind(type_name)}")
    return Entity(type_name, {name: _value_from_json(value) for name, value in data.items() if name != _TYPE})


def _value_from_json(value: object) -> object:
    if isinstance(value, list):
        return tuple(_value_from_json(item) for item in value)
    return entity_from_json(value) if isinstance(value, dict) else value


def _kind(data: object) -> str:
    return _KINDS.get(type(data), "an object")


class StateReader:
    """Reads states from JSON text. Text met before gives the entity or state made of it then: both never change."""

    def __init__(self) -> None:
        self._texts = msgspec.json.Decoder(list[msgspec.Raw])
        self._states: dict[bytes, State] = {}
        self._entities: dict[bytes, Entity] = {}

    def read(self, text: bytes) -> State:
        """Return the state that ``text`` holds, a JSON list.

        Raises:
            EncodingError: the text is no list of entities.
            msgspec.MsgspecError, UnicodeDecodeError: the text is not JSON in UTF-8.
        """
        state = self._states.get(text)
        if state is None:
            try:
                entities = [self._entity(bytes(entity_text)) for entity_text in self._texts.decode(text)]
            except (EncodingError, msgspec.ValidationError):
                return state_from_json(msgspec.json.decode(text))  # says which entity is wrong, and how
            state = self._states[text] = State(entities)
        return state

    def _entity(self, text: bytes) -> Entity:
        entity = self._entities.get(text)
        if entity is None:
            entity = self._entities[text] = entity_from_json(msgspec.json.decode(text))
        return entity
