"""A small world for tests of the compiler: the prelude of its programs, its states, programs from function bodies."""

from __future__ import annotations

import textwrap

from hypothesis import strategies as st

from wc_engine.state import Entity, State

__all__ = ["ACTIONS", "FIXED", "FREE", "PRELUDE", "doubled_states", "fixed_states", "free_states", "program_text"]

PRELUDE = """\
class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __repr__(self):
        attr = ', '.join(f'{key}={value}' for key, value in self.__dict__.items() if key not in ('name', 'x', 'y'))
        if attr: return f"{self.name}({self.x}, {self.y}, {attr})"
        else: return f"{self.name}({self.x}, {self.y})"
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
class Player(Entity): pass
class Box(Entity): pass
class Target(Entity): pass
class Wall(Entity): pass
class Door(Entity): pass
def get_entities_by_name(entities, name):
    return [ entity for entity in entities if entity.name == name ]
def get_entities_by_position(entities, x, y):
    return [ entity for entity in entities if entity.x == x and entity.y == y ]
DIRECTIONS = {
    'move up': (0, -1),
    'move down': (0, 1),
    'move left': (-1, 0),
    'move right': (1, 0),
}
"""

ACTIONS = ("move up", "move down", "move left", "move right")

_CELLS = tuple((x, y) for x in range(1, 5) for y in range(1, 5))
"""Where things are at first: the schema's range is 0 to 7, so that one move never leaves it."""


def program_text(transition: str = "return state", reward: str = "return 0, False", before: str = "") -> str:
    """Return a program made of the bodies of its two functions.

    Args:
        transition: the body of ``transition(state, action)``.
        reward: the body of ``reward_func(state, action, next_state)``.
        before: more definitions.
    """

    def function(head: str, body: str) -> str:
        return f"def {head}:\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n"

    return "\n".join(
        [
            PRELUDE + textwrap.dedent(before),
            function("transition(state, action)", transition),
            function("reward_func(state, action, next_state)", reward),
        ]
    )


def _at(kind: str, *cells: tuple[int, int]) -> list[Entity]:
    return [Entity(kind, x=x, y=y) for x, y in cells]


def _doors(*cells: tuple[int, int]) -> list[Entity]:
    looks = [("red", True), ("blue", False), ("red", False), ("blue", True)]
    return [Entity("Door", x=x, y=y, color=color, open=is_open) for (x, y), (color, is_open) in zip(cells, looks)]  # noqa: B905


FIXED = (
    State([*_at("Player", (1, 1)), *_at("Box", (2, 2), (2, 3)), *_at("Target", (4, 4)), *_at("Wall", (7, 7), (0, 0))]),
    State([*_at("Player", (3, 1)), *_at("Box", (3, 2), (1, 1)), *_at("Wall", (3, 4))]),
)
"""States to compile for: one player, two boxes, some targets and walls."""

FREE = (
    State([*_at("Player", (1, 1)), *_at("Box", (2, 2), (2, 3)), *_doors(*_CELLS[:4]), *_at("Wall", (7, 7), (0, 0))]),
    State([*_at("Box", (3, 2)), *_doors((2, 1))]),
    State(),
)
"""States to compile for in which every type can be absent, and doors have attributes."""


@st.composite
def _things(draw: st.DrawFn, kind: str, least: int, most: int) -> list[Entity]:
    return _at(kind, *draw(st.lists(st.sampled_from(_CELLS), unique=True, min_size=least, max_size=most)))


def fixed_states() -> st.SearchStrategy[State]:
    """Return states like those of ``FIXED``."""
    parts = [_things("Player", 1, 1), _things("Box", 2, 2), _things("Target", 0, 2), _things("Wall", 0, 4)]
    return st.tuples(*parts).map(_joined)


def free_states() -> st.SearchStrategy[State]:
    """Return states like those of ``FREE``."""
    doors = st.lists(st.sampled_from(_CELLS), unique=True, max_size=2).flatmap(
        lambda cells: st.permutations(_doors(*cells, *cells)[len(cells) :]) if cells else st.just([])
    )
    parts = [_things("Player", 0, 1), _things("Box", 0, 3), doors, _things("Wall", 0, 3)]
    return st.tuples(*parts).map(_joined)


def doubled_states() -> st.SearchStrategy[State]:
    """Return states like those of ``FREE`` in which some boxes are there twice."""
    return st.tuples(free_states(), st.integers(0, 3)).map(
        lambda drawn: State([*drawn[0], *drawn[0].of_type("Box")[: drawn[1]]])
    )


def _joined(parts: tuple[list[Entity], ...]) -> State:
    return State(entity for part in parts for entity in part)
