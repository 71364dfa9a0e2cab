"""What a rule can see of one step: the agent, its direction, and the cells before it.

Rules are *deictic*: they speak of places relative to the agent, never of coordinates. Four slots name them: the agent
itself, the others in its cell (``here``), the cell that it heads for (``ahead``) and the cell behind that
(``beyond``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import TypeAlias

from wc_engine.state.entities import Entity, State

__all__ = ["Cells", "Position", "Scene", "Slot", "cells_of", "position_of"]

Position: TypeAlias = tuple[int, int]
Cells: TypeAlias = Mapping[Position, Sequence[Entity]]


class Slot(IntEnum):
    """A place relative to the agent; the value is its rank outwards."""

    AGENT = 0
    HERE = 1
    AHEAD = 2
    BEYOND = 3

    def __str__(self) -> str:
        return self.name.lower()


def position_of(entity: Entity) -> Position | None:
    """Return where an entity is, or None where it has no place on the grid."""
    x, y = entity.get("x"), entity.get("y")
    return (x, y) if type(x) is int and type(y) is int else None


def cells_of(state: State) -> dict[Position, list[Entity]]:
    """Return the entities of each cell that holds any, in canonical order."""
    cells: dict[Position, list[Entity]] = {}
    for entity in state:
        place = position_of(entity)
        if place is not None:
            cells.setdefault(place, []).append(entity)
    return cells


class Scene:
    """One (state, action) as rules see it.

    Args:
        cells: the entities of the state by cell.
        agent: the agent.
        action: the action.
        direction: where the action heads, or None for an action without a known direction.
    """

    __slots__ = ("action", "agent", "cells", "direction", "places")

    def __init__(self, cells: Cells, agent: Entity, action: str, direction: Position | None) -> None:
        self.cells = cells
        self.agent = agent
        self.action = action
        self.direction = direction
        here = position_of(agent)
        self.places: dict[Slot, Position] = {}
        if here is not None:
            self.places[Slot.AGENT] = self.places[Slot.HERE] = here
            if direction is not None:
                dx, dy = direction
                self.places[Slot.AHEAD] = (here[0] + dx, here[1] + dy)
                self.places[Slot.BEYOND] = (here[0] + 2 * dx, here[1] + 2 * dy)

    def occupants(self, slot: Slot) -> Sequence[Entity]:
        """Return the entities in a slot; the agent occupies its own slot only."""
        if slot is Slot.AGENT:
            return (self.agent,)
        place = self.places.get(slot)
        if place is None:
            return ()
        found = self.cells.get(place, ())
        return [entity for entity in found if entity.type != self.agent.type] if slot is Slot.HERE else found
