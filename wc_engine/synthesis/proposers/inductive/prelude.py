"""The text that printed programs begin with: the entity API, and helper functions, each printed only where used."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["ENTITY_CLASS", "HELPERS", "PLACELESS_CLASS", "needed_helpers"]

ENTITY_CLASS = '''\
class Entity:
    """Something in the world: a name, a place and further attributes; equal where all of these are."""

    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())

    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
'''

PLACELESS_CLASS = (
    ENTITY_CLASS.replace(
        "Something in the world: a name, a place and further attributes",
        "Something in the world: a name and attributes",
    )
    .replace("self, x, y, **kwargs", "self, **kwargs")
    .replace("        self.x = x\n        self.y = y\n", "")
)
"""The entity class of worlds in which nothing has a place."""

HELPERS = {
    "get_entities_by_name": """\
def get_entities_by_name(entities, name):
    return [entity for entity in entities if entity.name == name]
""",
    "get_entities_by_position": """\
def get_entities_by_position(entities, x, y):
    return [entity for entity in entities if entity.x == x and entity.y == y]
""",
    "has": """\
def has(entities, x, y, name):
    for entity in entities:
        if entity.x == x and entity.y == y and entity.name == name:
            return True
    return False
""",
    "is_clear": '''\
def is_clear(entities, x, y):
    """Nothing there is of a kind that was seen to block the agent."""
    for entity in entities:
        if entity.x == x and entity.y == y and ({blocking}):
            return False
    return True
''',
    "count_on": """\
def count_on(entities, upper, lower):
    count = 0
    for entity in entities:
        if entity.name == upper and has(entities, entity.x, entity.y, lower):
            count += 1
    return count
""",
    "all_on": """\
def all_on(entities, upper, lower):
    uppers = get_entities_by_name(entities, upper)
    return len(uppers) > 0 and count_on(entities, upper, lower) == len(uppers)
""",
    "other_place": '''\
def other_place(entities, x, y, name):
    """Return where the other entity of a name is; here, if there is none."""
    for entity in entities:
        if entity.name == name and (entity.x != x or entity.y != y):
            return entity.x, entity.y
    return x, y
''',
    "attribute_at": """\
def attribute_at(entities, x, y, attribute):
    for entity in entities:
        if entity.x == x and entity.y == y and hasattr(entity, attribute):
            return getattr(entity, attribute)
    return None
""",
    "find_named": """\
def find_named(entities, word):
    for entity in entities:
        if getattr(entity, {naming}, None) == word:
            return entity
    return None
""",
    "are_in": """\
def are_in(entities, state):
    for entity in entities:
        if entity not in state:
            return False
    return True
""",
    "is_unchanged": """\
def is_unchanged(before, after):
    for entity in before:
        if entity not in after:
            return False
    return len(before) == len(after)
""",
}
"""Helper functions by name, each after those it calls."""


def needed_helpers(texts: Iterable[str]) -> list[str]:
    """Return the names of the helpers that some text calls, directly or not, in the order of ``HELPERS``."""
    needed: set[str] = set()
    pending = list(texts)
    while pending:
        text = pending.pop()
        for name, body in HELPERS.items():
            if name not in needed and re.search(rf"\b{name}\(", text):
                needed.add(name)
                pending.append(body)
    return [name for name in HELPERS if name in needed]
