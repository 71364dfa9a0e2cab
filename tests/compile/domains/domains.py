"""Four domains that no compiler pass was written for: their states at random, and transitions recorded in them.

*ferry*: a gridworld with integer health and oxygen, rafts that move by themselves, doors on timers, mines with fuses.
*kitchen*: household tasks, in which all that matters is the names in strings and in actions.
*dungeon*: a gridworld with enemies, belts, gates and switches on timers, spikes that come and go, health and energy.
*home*: household tasks again, with names like ``apple_1`` and a robot whose battery runs down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from wc_engine.models.dataset import Transition
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state import Entity, State

__all__ = ["DOMAINS", "PROGRAMS", "Domain", "recorded"]

PROGRAMS = Path(__file__).parent / "programs"
_STEPS = 8


@dataclass(frozen=True)
class Domain:
    """A domain.

    Attributes:
        right: the name of the program whose steps are recorded.
        state: makes an initial state.
        actions: all actions.
    """

    right: str
    state: Callable[[Random], State]
    actions: tuple[str, ...]


def recorded(domain: Domain, number: int, seed: int = 0) -> list[Transition]:
    """Return transitions of random play from random states."""
    random = Random(seed)
    world = ReferenceInterpreter(Program.from_file(PROGRAMS / f"{domain.right}.py"))
    found: list[Transition] = []
    while len(found) < number:
        state = domain.state(random)
        for _ in range(_STEPS):
            action = random.choice(domain.actions)
            outcome = world.step(state, action)
            assert outcome.next_state is not None
            assert outcome.reward is not None
            assert outcome.done is not None
            found.append(Transition(domain.right, "", state, action, outcome.next_state, outcome.reward, outcome.done))
            state = outcome.next_state
            if outcome.done:
                break
    return found[:number]


# ---- ferry --------------------

_WIDTH, _HEIGHT, _WATER = 7, 5, (3, 4)


def _ferry(random: Random) -> State:
    """A river of two columns between two banks."""
    edge = [(x, y) for x in range(_WIDTH) for y in range(_HEIGHT) if x in (0, _WIDTH - 1) or y in (0, _HEIGHT - 1)]
    water = [(x, y) for x in _WATER for y in range(1, _HEIGHT - 1)]
    banks = [(x, y) for x in (1, 2, 5) for y in range(1, _HEIGHT - 1)]
    entities = [Entity("Wall", x=x, y=y) for x, y in edge] + [Entity("Water", x=x, y=y) for x, y in water]
    random.shuffle(water)
    random.shuffle(banks)

    def place(kind: str, spots: list[tuple[int, int]], **attributes: int | bool | str | None) -> None:
        x, y = spots.pop()
        entities.append(Entity(kind, x=x, y=y, **attributes))

    for _ in range(random.randint(1, 2)):
        dx, dy = random.choice([(0, 1), (0, -1), (1, 0)])
        place("Raft", water, dx=dx, dy=dy)
    start = banks if random.random() < 0.7 else water
    place("Player", start, health=random.randint(1, 9), oxygen=random.randint(0, 3), pills=random.randint(0, 2))
    for color in ("red", "blue")[: random.randint(0, 2)]:
        is_on = random.random() < 0.5
        place("Door", banks, color=color, timer=random.randint(1, 6) if is_on else 0)
        place("Lever", banks, color=color, on=is_on)
    if random.random() < 0.6:
        place("Mine", banks, fuse=random.choice([None, 0, 1, 2]))
    if random.random() < 0.5:
        place("Pill", banks, amount=random.randint(1, 3))
    place("Goal", banks)
    return State([*entities, Entity("Clock", x=None, y=None, ticks=random.randint(0, 9))])


# ---- kitchen --------------------

_RECEPTACLES = {"fridge 1": True, "microwave 1": True, "sinkbasin 1": False, "countertop 1": False, "cabinet 2": True}
_OBJECTS = {"apple 1": True, "mug 1": True, "egg 2": True, "desklamp 1": False}
"""Names, with whether a receptacle can be opened, and whether an object can be picked up."""


def _kind(name: str) -> str:
    return name.rsplit(" ", 1)[0]


def _kitchen(random: Random) -> State:
    held = random.choice([None, *(name for name, can in _OBJECTS.items() if can)])
    spot = {name: f"spot {number}" for number, name in enumerate(_RECEPTACLES)}
    entities = [Entity("Agent", name="agent", loc=random.choice(["door", *spot.values()]), holding=held)]
    for name, openable in _RECEPTACLES.items():
        is_open = openable and random.random() < 0.5
        entities.append(
            Entity("Receptacle", name=name, kind=_kind(name), loc=spot[name], openable=openable, isopen=is_open)
        )
    for name, movable in _OBJECTS.items():
        entities.append(
            Entity(
                "Object",
                name=name,
                kind=_kind(name),
                in_on=None if name == held else random.choice([*_RECEPTACLES]),
                pickupable=movable,
                heatable=movable,
                coolable=movable,
                cleanable=movable and "mug" in name,
                toggleable=not movable,
                temperature=random.choice([None, "hot", "cold"]),
                isclean=random.random() < 0.3,
                istoggled=False,
            )
        )
    return State(entities)


def _kitchen_actions() -> tuple[str, ...]:
    movable = [name for name, can in _OBJECTS.items() if can]
    actions = [f"go to {place}" for place in _RECEPTACLES] + ["look", "use desklamp 1", "go to attic 3"]
    actions += [f"{verb} {place}" for verb in ("open", "close") for place, can in _RECEPTACLES.items() if can]
    for thing in movable:
        actions += [f"take {thing} from {place}" for place in _RECEPTACLES]
        actions += [f"move {thing} to {place}" for place in _RECEPTACLES]
        actions += [f"heat {thing} with microwave 1", f"cool {thing} with fridge 1", f"clean {thing} with sinkbasin 1"]
    return tuple(actions)


# ---- dungeon --------------------

_SIDE = 7
_WAYS = ("up", "down", "left", "right")


def _dungeon(random: Random) -> State:
    """A room with two walls in it."""
    cells = [(x, y) for x in range(_SIDE) for y in range(_SIDE)]
    inner = [(x, y) for x, y in cells if 0 < x < _SIDE - 1 and 0 < y < _SIDE - 1]
    random.shuffle(inner)
    entities = [Entity("Wall", x=x, y=y) for x, y in [*(cell for cell in cells if cell not in inner), *inner[:2]]]
    del inner[:2]

    def place(name: str, **attributes: int | str) -> None:
        x, y = inner.pop()
        entities.append(Entity(name, x=x, y=y, **attributes))

    health, energy = random.randint(1, 10), random.randint(0, 8)
    place("Player", health=health, keys=random.randint(0, 2), energy=energy, facing=random.choice(_WAYS))
    for _ in range(random.randint(1, 2)):
        kind, dx = random.choice(("patrol", "chaser")), random.choice((-1, 1))
        place("Enemy", kind=kind, dx=dx, dy=0, hp=random.randint(1, 3), cooldown=random.randint(0, 2))
    for color in ("red", "blue"):
        place("Gate", color=color, timer=random.choice((0, 0, 1, 3)))
        place("Switch", color=color, cooldown=random.choice((0, 0, 2)))
    place("Spike", period=random.choice((2, 3)), phase=random.randint(0, 2))
    if random.random() < 0.7:
        place("Potion", amount=random.randint(1, 4))
    place("Key")
    place("Exit")
    return State([*entities, Entity("Clock", x=None, y=None, tick=random.randint(0, 20))])


# ---- home --------------------

_FURNITURE = {"fridge_1": True, "microwave_1": True, "table_1": False, "table_2": False, "sink_1": False}
_ITEMS = ("apple_1", "apple_2", "plate_1", "egg_1")


def _home(random: Random) -> State:
    held = random.choice([None, None, *_ITEMS])
    battery = random.randint(0, 12)
    entities = [Entity("Robot", name="robot", loc=random.choice([*_FURNITURE]), holding=held, battery=battery)]
    for name, can in _FURNITURE.items():
        is_open = can and random.random() < 0.5
        kind = name.partition("_")[0]
        entities.append(Entity("Furniture", name=name, kind=kind, openable=can, is_open=is_open))
    for name in _ITEMS:
        loc = "robot" if name == held else random.choice([*_FURNITURE])
        warmth, is_clean = random.choice(("room", "hot", "cold")), random.random() < 0.5
        kind = name.partition("_")[0]
        entities.append(Entity("Item", name=name, kind=kind, loc=loc, temperature=warmth, clean=is_clean))
    return State(entities)


def _home_actions() -> tuple[str, ...]:
    actions = ["look", "heat egg_1 with microwave_1", "cool apple_1 with fridge_1", "clean plate_1 with sink_1"]
    for place in _FURNITURE:
        actions += [f"go to {place}", f"open {place}", f"take apple_1 from {place}", f"put apple_1 on {place}"]
        actions += [f"take plate_1 from {place}", f"put egg_1 in {place}"]
    return (*actions, *(f"close {place}" for place, can in _FURNITURE.items() if can))


DOMAINS = {
    "dungeon": Domain(
        "dungeon_exceptions", _dungeon, (*(f"move {way}" for way in _WAYS), "interact", "attack", "wait")
    ),
    "home": Domain("home_regex", _home, _home_actions()),
    "ferry": Domain(
        "ferry_plain", _ferry, ("walk north", "walk south", "walk west", "walk east", "pull lever", "wait")
    ),
    "kitchen": Domain("kitchen_plain", _kitchen, _kitchen_actions()),
}
