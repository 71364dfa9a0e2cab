"""Reading missions: a small grammar of verbs and nouns over the vocabulary of the data.

``use the key to open the door and then get to the goal`` names a key, a door and a goal, for there are types of these
names; what is asked for last counts most. The verbs are plain English and speak of no world: some ask to hold a thing,
some to be where it is, and a verb that is the value of an attribute asks for that value (``open the red door``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from wc_engine.state.entities import Entity
from wc_engine.synthesis.proposers.inductive.rows import Row

__all__ = ["Clause", "Lexicon", "MissionReading", "Pattern", "Wish", "lexicon_of", "read_mission"]

_HOLD = frozenset(
    ["pick", "take", "get", "fetch", "grab", "collect", "carry", "hold", "bring", "lift", "gather", "obtain", "find"]
)
_REACH = frozenset(
    ["go", "reach", "enter", "walk", "move", "stand", "step", "visit", "arrive", "travel", "approach", "run"]
)
_TO = frozenset(["to", "at", "onto", "on", "into", "in"])
_ON = frozenset(["on", "onto", "in", "into"])
_SKIPPED = frozenset(
    [
        "the",
        "a",
        "an",
        "all",
        "every",
        "each",
        "any",
        "then",
        "and",
        "to",
        "you",
        "must",
        "should",
        "up",
        "your",
        "of",
        "one",
        "some",
        "both",
    ]
)
_SHORTEST_STEM = 4
_MOST_WORDS = 4
"""Words of the name of one thing."""


class Wish(Enum):
    """What a verb asks for."""

    HOLD = "hold"
    REACH = "reach"
    CHANGE = "change"
    PUT = "put"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Entities of a type with some values of attributes: ``a red door``.

    Attributes:
        type_name: the type, or None for any.
        values: values by attribute, in order of name.
    """

    type_name: str | None
    values: tuple[tuple[str, str], ...] = ()

    def matches(self, entity: Entity) -> bool:
        """Return whether an entity is one of these."""
        return self.type_name in (None, entity.type) and all(entity.get(name) == value for name, value in self.values)

    def tests(self, variable: str) -> list[str]:
        """Return the conditions on a variable of a program under which it is one of these."""
        named = [] if self.type_name is None else [f"{variable}.name == {self.type_name!r}"]
        return [*named, *(f"{variable}.{name} == {value!r}" for name, value in self.values)]


@dataclass(frozen=True, slots=True)
class Clause:
    """What a mission asks of one of its nouns.

    Attributes:
        wish: what the verb asks for.
        noun: the number of the noun.
        value: the attribute and value that a verb of change asks for, or None.
    """

    wish: Wish
    noun: int
    value: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class MissionReading:
    """A mission, read.

    Attributes:
        text: the mission.
        template: the mission with its nouns left open: missions of one template mean the same of different things.
        nouns: what it names, in order.
        clauses: what it asks for, in order.
    """

    text: str
    template: str
    nouns: tuple[Pattern, ...]
    clauses: tuple[Clause, ...]

    @property
    def sense(self) -> tuple[tuple[Wish, int, tuple[str, str] | None], ...]:
        """What missions of different wording have in common where they ask for the same."""
        return tuple((clause.wish, clause.noun, clause.value) for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The nouns and adjectives of the data.

    Attributes:
        types: type names by word.
        values: per word, the attributes and values that it may mean, sorted.
        attributes: per type, the attributes that it has.
        changing: the attributes, of any type, that change.
        names: per words, the type, attribute and value of the things that they name: ``cup_1``, ``cup 1``.
    """

    types: Mapping[str, str]
    values: Mapping[str, tuple[tuple[str, str], ...]]
    attributes: Mapping[str, frozenset[str]]
    changing: frozenset[str]
    names: Mapping[tuple[str, ...], tuple[str, str, str]]


def lexicon_of(rows: Iterable[Row], changing: Iterable[str], more: Iterable[Entity] = ()) -> Lexicon:
    """Return the words of some transitions, given the attributes that change.

    Args:
        rows: the transitions.
        changing: names of attributes.
        more: further entities, of initial states for example.
    """
    attributes: dict[str, set[str]] = defaultdict(set)
    values: dict[str, set[tuple[str, str]]] = defaultdict(set)
    names: dict[tuple[str, ...], set[tuple[str, str, str]]] = defaultdict(set)
    changes = frozenset(changing)
    entities: dict[Entity, None] = dict.fromkeys(more)
    for row in rows:
        entities.update(dict.fromkeys((*row.transition.state, *row.added)))
    for entity in [*entities, *_held(entities)]:
        attributes[entity.type].update(entity.attributes)
        for name, value in entity.attributes.items():
            if type(value) is str:
                values[value.lower()].add((name, value))
                words = _words(value)
                if name not in changes and (len(words) > 1 or any(letter.isdigit() for letter in value)):
                    names[words].add((entity.type, name, value))
    types: dict[str, str] = {}
    for name in sorted(attributes):
        for word in (name.lower(), f"{name.lower()}s", f"{name.lower()}es"):
            types.setdefault(word, name)
    return Lexicon(
        types,
        {word: tuple(sorted(meanings)) for word, meanings in values.items()},
        {name: frozenset(found) for name, found in attributes.items()},
        changes,
        {words: min(meanings) for words, meanings in names.items() if len(meanings) == 1 and len(words) <= _MOST_WORDS},
    )


def _held(entities: Iterable[Entity]) -> list[Entity]:
    return [value for entity in entities for value in entity.attributes.values() if isinstance(value, Entity)]


def read_mission(text: str, lexicon: Lexicon) -> MissionReading:
    """Return what a mission names and asks for."""
    words = _words(text)
    nouns: list[Pattern] = []
    clauses: list[Clause] = []
    template: list[str] = []
    before: list[str] = []
    place = 0
    while place < len(words):
        noun, size, verb = _noun_at(words, place, before, lexicon)
        if noun is None or noun.type_name is None:
            before.append(words[place])
        else:
            nouns.append(noun)
            clauses.append(_clause(verb, len(nouns) - 1, noun.type_name, lexicon))
            template += [*verb, "*"]
            before = []
        place += size
    return MissionReading(text, " ".join([*template, *before]), tuple(nouns), tuple(clauses))


def _noun_at(
    words: Sequence[str], place: int, before: Sequence[str], lexicon: Lexicon
) -> tuple[Pattern | None, int, Sequence[str]]:
    """Return what some words name, how many they are, and the words before that are no part of it."""
    for size in range(_MOST_WORDS, 0, -1):
        named = lexicon.names.get(tuple(words[place : place + size]))
        if named is not None:
            type_name, attribute, value = named
            return Pattern(type_name, ((attribute, value),)), size, before
    type_name = lexicon.types.get(words[place], "")
    if not type_name:
        return None, 1, before
    adjectives = _trailing_values(before, type_name, lexicon)
    return Pattern(type_name, tuple(sorted(adjectives))), 1, before[: len(before) - len(adjectives)]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9_']+", text.lower()))


def _trailing_values(words: Sequence[str], type_name: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """Return the adjectives that stand right before a noun."""
    found: list[tuple[str, str]] = []
    for word in reversed(words):
        meanings = [meaning for meaning in lexicon.values.get(word, ()) if meaning[0] in lexicon.attributes[type_name]]
        if not meanings or (meanings[0][0] in lexicon.changing and word == words[0]):
            break
        found.append(meanings[0])
    return found


def _clause(verb: Sequence[str], noun: int, type_name: str, lexicon: Lexicon) -> Clause:
    essential = [word for word in verb if word not in _SKIPPED]
    for word in essential:
        for meaning in _meanings(word, lexicon):
            if meaning[0] in lexicon.changing and meaning[0] in lexicon.attributes[type_name]:
                return Clause(Wish.CHANGE, noun, meaning)
    if noun > 0 and essential and all(word in _ON for word in essential):
        return Clause(Wish.PUT, noun)
    ends_in_to = any(word in _TO for word in verb[-3:]) and (not verb or verb[0] != "to")
    if any(word in _REACH for word in essential) and not set(essential) & _HOLD:
        return Clause(Wish.REACH, noun)
    if any(word in _HOLD for word in essential):
        return Clause(Wish.REACH if ends_in_to else Wish.HOLD, noun)
    return Clause(Wish.UNKNOWN, noun)


def _meanings(verb: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """Return the values that a verb may ask for: ``close`` asks for ``closed``."""
    found = list(lexicon.values.get(verb, ()))
    if len(verb) >= _SHORTEST_STEM:
        found += [
            meaning
            for word, meanings in lexicon.values.items()
            if word != verb and word.startswith(verb)
            for meaning in meanings
        ]
    return sorted(found)
