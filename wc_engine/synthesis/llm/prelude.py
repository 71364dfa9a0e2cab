"""The definitions that stand ahead of a language model's program: the entity class, types, and helpers."""

from __future__ import annotations

import keyword
from collections.abc import Iterable

from wc_engine.errors import SynthesisError
from wc_engine.state.entities import Entity, State, Value

__all__ = ["prelude_for", "with_types"]

_PLACED = '''\
class Entity:
    """Something in the world: equal to another where all attributes are."""

    def __init__(self, x, y, **attributes):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in attributes.items():
            setattr(self, key, value)
'''

_PLACELESS = '''\
class Entity:
    """Something in the world: equal to another where all attributes are."""

    def __init__(self, **attributes):
        for key, value in attributes.items():
            setattr(self, key, value)
'''

_COMPARED = """\

    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())

    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
"""

_BY_NAME = """\


def get_entities_by_name(entities, name):
    return [entity for entity in entities if entity.name == name]
"""

_BY_POSITION = """\


def get_entities_by_position(entities, x, y):
    return [entity for entity in entities if entity.x == x and entity.y == y]
"""


def prelude_for(states: Iterable[State]) -> str:
    """Return the definitions for programs about states like these.

    Raises:
        SynthesisError: a type is no Python name.
    """
    states = list(states)
    placed = all("x" in entity and "y" in entity for state in states for entity in state)
    helpers = _BY_NAME + _BY_POSITION if placed else _BY_NAME
    return (_PLACED if placed else _PLACELESS) + _COMPARED + _classes(_types(states)) + helpers


def with_types(program: str, defined: Iterable[str], states: Iterable[State]) -> str:
    """Return a program with classes for the types in states that it does not define, if it has a class Entity.

    Args:
        program: the program.
        defined: the names that it binds.
        states: what was seen.
    """
    known = set(defined)
    missing = [name for name in _types(states) if name not in known]
    if not missing or "Entity" not in known:
        return program
    return program.rstrip("\n") + "\n" + _classes(missing)


def _classes(types: Iterable[str]) -> str:
    return "".join(f"\n\nclass {name}(Entity):\n    pass\n" for name in types)


def _types(states: Iterable[State]) -> list[str]:
    """Return the types of all entities, carried ones included, sorted."""
    names: set[str] = set()

    def note(value: Value) -> None:
        if isinstance(value, Entity):
            names.add(value.type)
            for inner in value.attributes.values():
                note(inner)
        elif isinstance(value, tuple):
            for inner in value:
                note(inner)

    for state in states:
        for entity in state:
            note(entity)
    for name in sorted(names):
        if not name.isidentifier() or keyword.iskeyword(name):
            raise SynthesisError(f"the type {name!r} is no Python name: a program cannot speak of it")
    return sorted(names)
