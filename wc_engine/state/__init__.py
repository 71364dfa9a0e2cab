"""Symbolic states: entities, the sets that programs see, and their JSON form."""

from wc_engine.state.codec import entity_from_json, entity_to_json, state_from_json, state_to_json
from wc_engine.state.entities import Entity, State, Value, canonical_key, canonical_value
from wc_engine.state.ordered_set import OrderedFrozenSet, OrderedSet

__all__ = [
    "Entity",
    "OrderedFrozenSet",
    "OrderedSet",
    "State",
    "Value",
    "canonical_key",
    "canonical_value",
    "entity_from_json",
    "entity_to_json",
    "state_from_json",
    "state_to_json",
]
