"""The rules of Sokoban, with the rewards of gym-sokoban on its four moves.

A cell is an int, ``(y - top) * width + (x - left)``. What never moves is the ``Layout``, what moves the ``Placement``.
The player must be walled in, so no step ever needs a bounds check: ``from_state`` refuses other states.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wc_engine.state.entities import Entity, State

__all__ = ["ACTIONS", "MISSION", "Layout", "Placement", "escape", "from_state", "is_solved", "step", "to_state"]

ACTIONS = ("move up", "move down", "move left", "move right")
MISSION = "push all the boxes onto the targets"

DIRECTIONS = ((0, -1), (0, 1), (-1, 0), (1, 0))
"""``(dx, dy)`` of each action; x grows to the right, y downwards."""

_STEP_REWARD = -0.1
_BOX_ON_TARGET_REWARD = 1.0
_BOX_OFF_TARGET_REWARD = -1.0
_SOLVED_REWARD = 10.0


@dataclass(frozen=True, slots=True)
class Layout:
    """What never moves.

    Attributes:
        left: x of the leftmost column.
        top: y of the uppermost row.
        width: columns.
        height: rows.
        walls: the cells of walls.
        targets: the cells of targets.
        offsets: what each action adds to a cell.
        entities: targets and walls as entities in canonical order, made once because every state repeats them.
    """

    left: int
    top: int
    width: int
    height: int
    walls: frozenset[int]
    targets: frozenset[int]
    offsets: tuple[int, ...] = field(init=False)
    entities: tuple[Entity, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "offsets", tuple(dx + dy * self.width for dx, dy in DIRECTIONS))
        fixed = self._entities_at("Target", self.targets) + self._entities_at("Wall", self.walls)
        object.__setattr__(self, "entities", tuple(sorted(fixed)))

    def cell(self, x: int, y: int) -> int:
        """Return the cell at ``x``, ``y``."""
        return (y - self.top) * self.width + (x - self.left)

    def xy(self, cell: int) -> tuple[int, int]:
        """Return ``x`` and ``y`` of a cell."""
        y, x = divmod(cell, self.width)
        return x + self.left, y + self.top

    def _entities_at(self, type_name: str, cells: Iterable[int]) -> list[Entity]:
        return [Entity(type_name, x=x, y=y) for x, y in map(self.xy, cells)]


@dataclass(frozen=True, slots=True)
class Placement:
    """What moves.

    Attributes:
        player: the player's cell.
        boxes: the boxes' cells.
    """

    player: int
    boxes: frozenset[int]


def step(layout: Layout, placement: Placement, action: int) -> tuple[Placement, float, bool]:
    """Do one move; a box in front is pushed where the cell behind it is free, else nothing moves.

    Args:
        layout: what never moves.
        placement: what moves.
        action: index into ``ACTIONS``.

    Returns:
        The next placement; the reward: -0.1, +1 where a box came onto a target, -1 where one left a target, +10 where
        every target has a box; and whether every target has a box, which ends the episode.

    Source:
        gym-sokoban's ``SokobanEnv._calc_reward`` and ``_push`` (a push that is impossible becomes a move there, too).
    """
    boxes = placement.boxes
    after = _moved(layout, placement, action)
    reward = _STEP_REWARD
    if after.boxes is not boxes:
        gained = len(after.boxes & layout.targets) - len(boxes & layout.targets)
        if gained > 0:
            reward += _BOX_ON_TARGET_REWARD
        elif gained < 0:
            reward += _BOX_OFF_TARGET_REWARD
    done = is_solved(layout, after)
    if done:
        reward += _SOLVED_REWARD
    return after, reward, done


def _moved(layout: Layout, placement: Placement, action: int) -> Placement:
    offset = layout.offsets[action]
    ahead = placement.player + offset
    if ahead in layout.walls:
        return placement
    boxes = placement.boxes
    if ahead not in boxes:
        return Placement(ahead, boxes)
    behind = ahead + offset
    if behind in layout.walls or behind in boxes:
        return placement
    return Placement(ahead, (boxes - {ahead}) | {behind})


def is_solved(layout: Layout, placement: Placement) -> bool:
    """Whether every target has a box. Boxes may be left over: gym-sokoban asks about the targets only."""
    return layout.targets <= placement.boxes


def escape(layout: Layout, player: int) -> int | None:
    """Return a cell at the border that the player can walk to, or None where walls enclose it. Boxes do not hold it."""
    reached = {player}
    frontier = [player]
    while frontier:
        cell = frontier.pop()
        row, column = divmod(cell, layout.width)
        if row in (0, layout.height - 1) or column in (0, layout.width - 1):
            return cell
        for offset in layout.offsets:
            neighbour = cell + offset
            if neighbour not in layout.walls and neighbour not in reached:
                reached.add(neighbour)
                frontier.append(neighbour)
    return None


def to_state(layout: Layout, placement: Placement) -> State:
    """Return the symbolic state: entities Player, Box, Target and Wall with ``x`` and ``y``."""
    x, y = layout.xy(placement.player)
    boxes = [Entity("Box", x=x, y=y) for x, y in map(layout.xy, placement.boxes)]
    # Nearly canonical order, which is put right in one pass.
    return State((*boxes, Entity("Player", x=x, y=y), *layout.entities))


def from_state(state: State) -> tuple[Layout, Placement]:
    """Return layout and placement of a symbolic state.

    Raises:
        ValueError: it is no state of Sokoban, or its walls do not enclose the player.
    """
    places = _places(state)
    players, boxes, targets, walls = (places[name] for name in ("Player", "Box", "Target", "Wall"))
    if len(players) != 1:
        raise ValueError(f"a Sokoban state has exactly one Player, this one has {len(players)}")
    if len({*players, *boxes, *walls}) < len(players) + len(boxes) + len(walls) or len(set(targets)) < len(targets):
        raise ValueError("two of the player, boxes and walls share a cell, or two targets do")
    everything = [*players, *boxes, *targets, *walls]
    left, right = min(x for x, _ in everything), max(x for x, _ in everything)
    top, bottom = min(y for _, y in everything), max(y for _, y in everything)
    width = right - left + 1

    def cells(xys: list[tuple[int, int]]) -> frozenset[int]:
        return frozenset((y - top) * width + (x - left) for x, y in xys)

    layout = Layout(left, top, width, bottom - top + 1, cells(walls), cells(targets))
    placement = Placement(layout.cell(*players[0]), cells(boxes))
    way_out = escape(layout, placement.player)
    if way_out is not None:
        raise ValueError(
            f"walls must enclose the player, but it can leave at x={layout.xy(way_out)[0]}, y={layout.xy(way_out)[1]}"
        )
    return layout, placement


def _places(state: State) -> dict[str, list[tuple[int, int]]]:
    places: dict[str, list[tuple[int, int]]] = {"Player": [], "Box": [], "Target": [], "Wall": []}
    for entity in state:
        x, y = entity.get("x"), entity.get("y")
        if entity.type not in places:
            raise ValueError(f"Sokoban has no entity of type {entity.type!r}: it has {', '.join(places)}")
        if type(x) is not int or type(y) is not int or len(entity.attributes) != 2:
            raise ValueError(f"a Sokoban entity has the ints x and y and nothing else: {entity!r}")
        places[entity.type].append((x, y))
    return places
