"""What a rule can see of one step: the agent, what it carries, and places named relative to it.

Rules are *deictic*: they speak of places relative to the agent, never of coordinates. Slots name them: the agent
itself, the others in its cell (``here``), the cell that it heads for (``ahead``), the cell behind that (``beyond``),
what it carries (``carried``), the other one of a pair of which the first is where the agent is (``other``), and what
the action names (``argument``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wc_engine.state.entities import Entity, State

__all__ = [
    "AGENT",
    "AHEAD",
    "BEYOND",
    "CARRIED",
    "HERE",
    "Cells",
    "Position",
    "Scene",
    "Slot",
    "argument",
    "cells_of",
    "other",
    "position_of",
]

Position: TypeAlias = tuple[int, int]
Cells: TypeAlias = Mapping[Position, Sequence[Entity]]


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A place relative to the agent, or an object named in relation to it.

    Attributes:
        rank: its rank outwards; effects on outer slots come first.
        name: what it is called.
        parameter: the type of a pair, the number of an argument.
    """

    rank: int
    name: str
    parameter: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.parameter}".rstrip()


AGENT = Slot(0, "agent")
HERE = Slot(1, "here")
AHEAD = Slot(2, "ahead")
BEYOND = Slot(3, "beyond")
CARRIED = Slot(4, "carried")


def other(type_name: str) -> Slot:
    """Return the slot of the other entity of a type that has two, where one of them is in the agent's cell."""
    return Slot(5, "other", type_name)


def argument(number: int) -> Slot:
    """Return the slot of what an action names, counted from 1."""
    return Slot(6, "argument", str(number))


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
        holder: the agent's attribute that holds what it carries, or None.
        pairs: types of which there are two.
        named: what the action names, in order.
    """

    __slots__ = ("action", "agent", "carried", "cells", "direction", "named", "places")

    def __init__(
        self,
        cells: Cells,
        agent: Entity,
        action: str,
        direction: Position | None,
        *,
        holder: str | None = None,
        pairs: Sequence[str] = (),
        named: Sequence[Entity] = (),
    ) -> None:
        self.cells = cells
        self.agent = agent
        self.action = action
        self.direction = direction
        self.named = tuple(named)
        held = None if holder is None else agent.get(holder)
        self.carried: Entity | None = held if isinstance(held, Entity) else None
        self.places: dict[Slot, Position] = {}
        here = position_of(agent)
        if here is not None:
            self.places[AGENT] = self.places[HERE] = here
            if direction is not None:
                dx, dy = direction
                self.places[AHEAD] = (here[0] + dx, here[1] + dy)
                self.places[BEYOND] = (here[0] + 2 * dx, here[1] + 2 * dy)
            present = {entity.type for entity in cells.get(here, ())} if pairs else ()
            for name in pairs:
                if name in present:
                    self._place_other(name, here)

    def _place_other(self, type_name: str, here: Position) -> None:
        elsewhere = [
            place
            for place, found in self.cells.items()
            if place != here and any(entity.type == type_name for entity in found)
        ]
        if len(elsewhere) == 1:
            self.places[other(type_name)] = elsewhere[0]

    def occupants(self, slot: Slot) -> Sequence[Entity]:
        """Return the entities in a slot; the agent occupies its own slot only."""
        if slot.rank == 2 or slot.rank == 3 or slot.rank == 5:
            place = self.places.get(slot)
            return () if place is None else self.cells.get(place, ())
        if slot == AGENT:
            return (self.agent,)
        if slot == CARRIED:
            return () if self.carried is None else (self.carried,)
        if slot == HERE:
            place = self.places.get(HERE)
            found = () if place is None else self.cells.get(place, ())
            return [entity for entity in found if entity.type != self.agent.type]
        number = int(slot.parameter) - 1
        return self.named[number : number + 1]
