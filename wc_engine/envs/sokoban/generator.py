"""Sokoban levels by reverse play: boxes are pulled away from their targets, so every level can be solved.

A set of cells is one int, bit ``cell`` for each member: flood fills are then a few shifts. All randomness comes from
``random.Random(seed).random()``, the one stream that Python promises to keep: a seed gives the same level everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from wc_engine.envs.sokoban.rules import Layout, Placement
from wc_engine.errors import UserInputError

__all__ = ["check_size", "generate"]

_T = TypeVar("_T")

_MAX_SIDE = 40
_LEAST_WALL_SHARE, _GREATEST_WALL_SHARE = 0.08, 0.28
"""Inner cells that become walls, between these shares."""
_SMALL_ROOM = 120
"""Cells, outer wall included, up to which a room counts as small."""
_BEAM_SMALL, _BEAM_LARGE = 10, 4
"""Situations kept of each round of pulls."""
_LEAST_EXPANDED, _EXPANDED_CELLS = 60, 30_000
"""Play backwards ends when the pulls of so many situations were tried, or situations times cells of the room."""
_DEEP_SHARE = 0.4
"""A level starts from a situation with at least this share of the greatest number of pulls reached."""
_WANTED_PULLS_PER_BOX, _MOST_WANTED_PULLS = 3, 12
"""Rooms in which reverse play ends sooner are passed over while others may be found."""
_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class _Situation:
    """Boxes, and the cells between which the player can walk, as sets of bits."""

    boxes: int
    region: int


def generate(seed: int, *, size: tuple[int, int] = (7, 7), boxes: int = 2) -> tuple[Layout, Placement]:
    """Return a level that can be solved and is not solved yet, the same for the same arguments on every platform.

    Args:
        seed: any int.
        size: width and height in cells, the outer wall included.
        boxes: number of boxes and of targets.

    Raises:
        UserInputError: no such level exists, or the room is too crowded to find one.
    """
    check_size(size, boxes)
    width, height = size
    rng = Random(seed)
    for attempt in range(_ATTEMPTS):
        # Small or crowded rooms have no long plays: ask for less and less.
        patience = max(0.0, 1 - 2 * attempt / _ATTEMPTS)
        wanted_pulls = max(1, int(patience * min(_WANTED_PULLS_PER_BOX * boxes, _MOST_WANTED_PULLS)))
        floor = _room(rng, width, height)
        cells = _shuffled(rng, list(_members(floor)))
        targets = sum(1 << cell for cell in cells[:boxes])
        placement = _play_backwards(rng, floor, targets, size, wanted_pulls)
        if placement is not None:
            walls = frozenset(range(width * height)) - frozenset(cells)
            return Layout(0, 0, width, height, walls, frozenset(cells[:boxes])), placement
    raise UserInputError(
        f"found no Sokoban level of size {width}x{height} with {boxes} boxes: take fewer boxes or a larger size"
    )


def check_size(size: tuple[int, int], boxes: int) -> None:
    """Raise ``UserInputError`` where no level of this size and number of boxes can exist."""
    width, height = size
    if not (min(size) >= 3 and 5 <= max(size) <= _MAX_SIDE):
        raise UserInputError(
            f"no Sokoban level has size {width}x{height}: width and height count the outer wall, are at least 3, "
            f"at least one of them 5, and at most {_MAX_SIDE}"
        )
    # A push needs the player, the box and a free cell in line.
    most = (width - 2) * (height - 2) - 2
    if not 1 <= boxes <= most:
        raise UserInputError(f"a Sokoban level of size {width}x{height} has from 1 to {most} boxes, not {boxes}")


def _room(rng: Random, width: int, height: int) -> int:
    """Return the floor of a room with some inner walls; it stays in one piece."""
    inner = [y * width + x for y in range(1, height - 1) for x in range(1, width - 1)]
    floor = sum(1 << cell for cell in inner)
    share = _LEAST_WALL_SHARE + (_GREATEST_WALL_SHARE - _LEAST_WALL_SHARE) * rng.random()
    missing = round(share * len(inner))
    for cell in _shuffled(rng, inner):
        if not missing:
            break
        rest = floor & ~(1 << cell)
        if _region(rest & -rest, rest, width) == rest:
            floor = rest
            missing -= 1
    return floor


def _play_backwards(
    rng: Random, floor: int, targets: int, size: tuple[int, int], wanted_pulls: int
) -> Placement | None:
    """Pull boxes away from the targets; return one of the situations far from them, or None where that ends early."""
    width, area = size[0], size[0] * size[1]
    beam = _BEAM_SMALL if area <= _SMALL_ROOM else _BEAM_LARGE
    max_expanded = max(_LEAST_EXPANDED, _EXPANDED_CELLS // area)
    free = floor & ~targets
    if not free:
        return None
    start = _Situation(targets, _region(1 << _pick(rng, list(_members(free))), free, width))
    seen = {start}
    rounds = [[start]]
    expanded = 0
    while expanded < max_expanded:
        reached = []
        for situation in _shuffled(rng, rounds[-1])[:beam]:
            expanded += 1
            for after in _pulls(situation, floor, width):
                if after not in seen:
                    seen.add(after)
                    reached.append(after)
        if not reached:
            break
        rounds.append(reached)
    if len(rounds) <= wanted_pulls:
        return None
    # Boxes that only changed places still cover the targets: such a situation is solved already.
    deep = rounds[max(1, int(_DEEP_SHARE * len(rounds))) :]
    unsolved = [kept for reached in deep if (kept := [after for after in reached if after.boxes != targets])]
    if not unsolved:
        return None
    chosen = _pick(rng, _pick(rng, unsolved))
    return Placement(_pick(rng, list(_members(chosen.region))), frozenset(_members(chosen.boxes)))


def _pulls(situation: _Situation, floor: int, width: int) -> Iterator[_Situation]:
    """Yield what one pull leads to: the player beside a box steps away from it and takes it along."""
    for box in _members(situation.boxes):
        for offset in (-width, width, -1, 1):
            player = box + offset
            # The outer wall keeps both cells inside the room: the player stands on floor, one step on is wall at most.
            if not situation.region >> player & 1:
                continue
            boxes = situation.boxes ^ (1 << box) ^ (1 << player)
            free = floor & ~boxes
            if situation.region >> (player + offset) & 1:
                yield _Situation(boxes, _region(1 << (player + offset), free, width))


def _region(seed: int, free: int, width: int) -> int:
    """Return the cells of ``free`` that are joined to those of ``seed``; the outer wall keeps rows apart."""
    region = seed
    while True:
        grown = (region | region << 1 | region >> 1 | region << width | region >> width) & free
        if grown == region:
            return region
        region = grown


def _members(cells: int) -> Iterator[int]:
    while cells:
        lowest = cells & -cells
        yield lowest.bit_length() - 1
        cells ^= lowest


def _pick(rng: Random, items: list[_T]) -> _T:
    return items[int(rng.random() * len(items))]


def _shuffled(rng: Random, items: list[_T]) -> list[_T]:
    """Return the items in random order; ``Random.shuffle`` may change between versions of Python."""
    shuffled = list(items)
    for last in range(len(shuffled) - 1, 0, -1):
        other = int(rng.random() * (last + 1))
        shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
    return shuffled
