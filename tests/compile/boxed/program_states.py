"""Random states for the programs in ``programs/``, and the actions that are tried in them."""

from __future__ import annotations

import random
from collections.abc import Callable

from wc_engine.state.entities import Entity, State, Value

__all__ = ["PROGRAMS"]

_PLACES = ["fridge 1", "microwave 1", "table 1", "sink 1", "drawer 2"]
_ITEMS = ["apple 1", "mug 1", "egg 2"]


def _entity(type_name: str, **attributes: Value) -> Entity:
    return Entity(type_name, attributes)


def _border(width: int, height: int) -> list[Entity]:
    edge = [(x, y) for x in range(width) for y in range(height) if x in (0, width - 1) or y in (0, height - 1)]
    return [_entity("Wall", x=x, y=y) for x, y in edge]


def _spots(rng: random.Random, width: int, height: int) -> list[tuple[int, int]]:
    spots = [(x, y) for x in range(1, width - 1) for y in range(1, height - 1)]
    rng.shuffle(spots)
    return spots


def _patrol(rng: random.Random) -> State:
    spots = _spots(rng, 7, 6)
    entities = _border(7, 6)
    x, y = spots.pop()
    entities.append(_entity("Hero", x=x, y=y, health=rng.randint(1, 9), gold=rng.randint(0, 3)))
    for _ in range(rng.randint(0, 2)):
        x, y = spots.pop()
        dx, dy = rng.choice([(0, 1), (1, 0), (0, -1), (-1, 0), (1, 1)])  # the last is no heading: the program raises
        entities.append(_entity("Guard", x=x, y=y, dx=dx, dy=dy))
    for _ in range(rng.randint(0, 3)):
        x, y = spots.pop()
        entities.append(_entity("Coin", x=x, y=y, worth=rng.randint(1, 3)))
    x, y = spots.pop()
    return State([*entities, _entity("Exit", x=x, y=y), _entity("Timer", x=0, y=0, left=rng.randint(1, 12))])


def _kitchen(rng: random.Random) -> State:
    entities = [_entity("Place", name=name, open=rng.random() < 0.5) for name in _PLACES]
    held = rng.choice([None, None, *_ITEMS])
    for name in _ITEMS:
        marks = tuple(rng.sample(["hot", "cool", "clean"], rng.randint(0, 1)))
        location = "hand" if name == held else rng.choice(_PLACES)
        entities.append(_entity("Item", name=name, loc=location, marks=marks))
    if rng.random() < 0.95:  # without a robot the program raises
        robot = _entity("Robot", name="robot", loc=rng.choice(_PLACES), holding=held, steps=rng.randint(0, 5))
        entities.append(robot)
    return State(entities)


def _dungeon(rng: random.Random) -> State:
    entities = [*_border(6, 6), _entity("Wall", x=3, y=1), _entity("Wall", x=3, y=2)]
    spots = [spot for spot in _spots(rng, 6, 6) if spot not in ((3, 1), (3, 2))]
    x, y = spots.pop()
    entities.append(_entity("Player", x=x, y=y, health=rng.randint(1, 9)))
    for _ in range(rng.randint(0, 3)):
        x, y = spots.pop()
        entities.append(_entity("Monster", x=x, y=y, clock=rng.randint(0, 2), power=rng.randint(1, 2)))
    for _ in range(rng.randint(0, 2)):
        x, y = spots.pop()
        entities.append(_entity("Potion", x=x, y=y, power=rng.randint(1, 3)))
    x, y = spots.pop()
    return State([*entities, _entity("Stairs", x=x, y=y)])


_KITCHEN_ACTIONS = [
    *(f"go to {place}" for place in _PLACES),
    *(f"take {item} from {place}" for item in [*_ITEMS, "ghost 3"] for place in _PLACES[:3]),
    *(f"put {item} in/on {place}" for item in [*_ITEMS, "ghost 3"] for place in _PLACES),
    *(f"{verb} {place}" for verb in ("open", "close") for place in _PLACES),
    *("heat apple 1 with microwave 1", "cool mug 1 with fridge 1", "clean egg 2 with sink 1", "dance"),
]

PROGRAMS: dict[str, tuple[Callable[[random.Random], State], tuple[str, ...]]] = {
    "patrol_match": (_patrol, ("go north", "go south", "go east", "go west", "wait", "jump")),
    "kitchen_regex": (_kitchen, tuple(_KITCHEN_ACTIONS)),
    "dungeon_grid": (_dungeon, ("move up", "move down", "move left", "move right", "rest", "move sideways")),
}
"""How to make a state for a program, and the actions, some of which it does not know."""
