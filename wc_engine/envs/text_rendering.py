"""Any symbolic state as text: a map where entities have places, and a list of what has none."""

from __future__ import annotations

from wc_engine.state.entities import Entity, State

__all__ = ["text_of_state"]

_LARGEST = 200
"""Columns or rows beyond which no map is drawn."""


def text_of_state(state: State) -> str:
    """Return a map, ``#`` for walls and else the first letter of a type, and below it the entities that walls are not.

    The entity whose type is rarest is drawn where several share a cell; an agent is rarer than what it stands on.
    """
    walls = [entity for entity in state if entity.type == "Wall"]
    others = [entity for entity in state if entity.type != "Wall"]
    placed = [entity for entity in state if _has_place(entity)]
    lines = _map(placed) + [repr(entity) for entity in (*others, *(wall for wall in walls if not _has_place(wall)))]
    return "\n".join(lines)


def _has_place(entity: Entity) -> bool:
    return type(entity.get("x")) is int and type(entity.get("y")) is int


def _map(placed: list[Entity]) -> list[str]:
    if not placed:
        return []
    xs, ys = [int(str(entity["x"])) for entity in placed], [int(str(entity["y"])) for entity in placed]
    width, height = max(xs) - min(xs) + 1, max(ys) - min(ys) + 1
    if max(width, height) > _LARGEST:
        return []
    count = {kind: sum(entity.type == kind for entity in placed) for kind in {entity.type for entity in placed}}
    rows = [[" "] * width for _ in range(height)]
    for entity, x, y in sorted(zip(placed, xs, ys, strict=True), key=lambda found: (-count[found[0].type], found[0])):
        rows[y - min(ys)][x - min(xs)] = "#" if entity.type == "Wall" else entity.type[:1]
    return ["".join(row).rstrip() for row in rows]
