"""MiniGrid's grid as entities, and entities as a grid.

The representation is the paper's: ``Agent(x, y, direction, carrying)`` with ``direction`` as ``(dx, dy)`` and what is
carried without a position; ``Key``, ``Ball`` and ``Box`` with ``color``; ``Door`` with ``color`` and ``state``
(``open``, ``closed``, ``locked``); ``Goal``, ``Wall`` and ``Lava``. Floor tiles are left out. What a box holds is no
part of a state.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

from wc_engine.state.entities import Entity, State

__all__ = ["ACTIONS", "Placed", "entities_of", "objects_of", "write_state"]

ACTIONS = ("turn left", "turn right", "move forward", "pick up", "drop", "toggle", "nothing")
"""In the order of the package's own numbers."""

DIRECTIONS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""``(dx, dy)`` by the package's number of a direction; x grows to the right, y downwards."""

_CARRIABLE = ("Key", "Ball", "Box")
_ATTRIBUTES = {
    "Agent": {"x", "y", "direction", "carrying"},
    "Door": {"x", "y", "color", "state"},
    **dict.fromkeys(_CARRIABLE, frozenset({"x", "y", "color"})),
    **dict.fromkeys(("Goal", "Wall", "Lava"), frozenset({"x", "y"})),
}
_COLORS = ("red", "green", "blue", "purple", "yellow", "grey")
_DOOR_STATES = ("open", "closed", "locked")

Placed = tuple[Any, tuple[int, int]]
"""An object of the package and its cell."""


def entities_of(env: Any) -> list[Entity]:
    """Return the entities of the package's environment ``env`` (unwrapped), as it stands."""
    grid = env.grid
    carrying = None if env.carrying is None else _entity(env.carrying.type, None, None, str(env.carrying.color), "")
    agent = Entity(
        "Agent",
        x=int(env.agent_pos[0]),
        y=int(env.agent_pos[1]),
        direction=DIRECTIONS[int(env.agent_dir)],
        carrying=carrying,
    )
    width = grid.width
    return [agent] + [
        _entity(found.type, index % width, index // width, str(found.color), _door_state(found))
        for index, found in enumerate(grid.grid)
        if found is not None and found.type != "floor"
    ]


def objects_of(env: Any) -> list[Placed]:
    """Return the objects in the grid with their cells, row by row."""
    width = env.grid.width
    return [(found, (index % width, index // width)) for index, found in enumerate(env.grid.grid) if found is not None]


def write_state(env: Any, state: State) -> None:
    """Make the grid and the agent of the package's environment ``env`` those of ``state``; boxes are empty.

    The grid keeps its size where the state fits into it.

    Raises:
        ValueError: ``state`` is no state of MiniGrid.
    """
    from minigrid.core import world_object
    from minigrid.core.grid import Grid

    agents = state.of_type("Agent")
    if len(agents) != 1:
        raise ValueError(f"a MiniGrid state has exactly one Agent, this one has {len(agents)}")
    cells: dict[tuple[int, int], Any] = {}
    for entity in state:
        place = _place(entity)
        if entity.type != "Agent":
            if place in cells:
                raise ValueError(f"two objects share the cell x={place[0]}, y={place[1]}")
            cells[place] = _object(world_object, entity)
    agent = agents[0]
    direction, carrying = agent["direction"], agent["carrying"]
    if direction not in DIRECTIONS:
        raise ValueError(f"the agent's direction is one of {DIRECTIONS}, not {direction!r}")
    held = None
    if carrying is not None:
        if not isinstance(carrying, Entity) or carrying.type not in _CARRIABLE or set(carrying.attributes) != {"color"}:
            raise ValueError(f"an agent carries nothing or a {', '.join(_CARRIABLE)} with a color, not {carrying!r}")
        held = _object(world_object, carrying)
        held.cur_pos = (-1, -1)  # as the package marks it
    here = cells.get(_place(agent))
    if here is not None and not here.can_overlap():
        raise ValueError(f"the agent stands in a {here.type}")
    width = max(env.grid.width, *(x + 1 for x, _ in (*cells, _place(agent))))
    height = max(env.grid.height, *(y + 1 for _, y in (*cells, _place(agent))))
    grid = Grid(width, height)
    for (x, y), placed in cells.items():
        grid.set(x, y, placed)
        placed.init_pos = placed.cur_pos = (x, y)
    env.grid, env.carrying = grid, held
    env.agent_pos, env.agent_dir = _place(agent), DIRECTIONS.index(direction)


@lru_cache(maxsize=1 << 16)
def _entity(kind: str, x: int | None, y: int | None, color: str, door_state: str) -> Entity:
    """Return an entity; most are walls, which every state repeats."""
    attributes: dict[str, object] = {} if x is None else {"x": x, "y": y}
    type_name = kind.capitalize()
    if type_name in _CARRIABLE or type_name == "Door":
        attributes["color"] = color
    if type_name == "Door":
        attributes["state"] = door_state
    return Entity(type_name, attributes)


def _door_state(found: Any) -> str:
    if found.type != "door":
        return ""
    return "open" if found.is_open else "locked" if found.is_locked else "closed"


@lru_cache(maxsize=1 << 16)
def _place(entity: Entity) -> tuple[int, int]:
    if entity.type not in _ATTRIBUTES:
        raise ValueError(f"MiniGrid has no entity of type {entity.type!r}: it has {', '.join(_ATTRIBUTES)}")
    if set(entity.attributes) != _ATTRIBUTES[entity.type]:
        raise ValueError(f"a {entity.type} has {', '.join(sorted(_ATTRIBUTES[entity.type]))}: {entity!r}")
    x, y = entity["x"], entity["y"]
    if type(x) is not int or type(y) is not int or x < 0 or y < 0:
        raise ValueError(f"x and y are ints from 0: {entity!r}")
    return x, y


def _object(classes: ModuleType, entity: Entity) -> Any:
    make = getattr(classes, entity.type)
    if "color" not in entity:
        return make()
    color = entity["color"]
    if color not in _COLORS:
        raise ValueError(f"MiniGrid has the colors {', '.join(_COLORS)}: {entity!r}")
    if entity.type != "Door":
        return make(color)
    if entity["state"] not in _DOOR_STATES:
        raise ValueError(f"a Door is {', '.join(_DOOR_STATES)}: {entity!r}")
    return make(color, is_open=entity["state"] == "open", is_locked=entity["state"] == "locked")
