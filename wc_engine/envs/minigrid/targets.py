"""What the package's environments remember beside the grid, worked out from a state and the mission.

Missions name an object by color and type; the package keeps the object itself, or its place. Each function here gives
an environment whose grid was just written what its own reset would have left there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from wc_engine.envs.minigrid.symbolic import Placed, objects_of

__all__ = ["restore_targets"]


def restore_targets(env: Any, mission: str) -> None:
    """Point the package's environment ``env`` (unwrapped) at what ``mission`` names in its present grid.

    Raises:
        ValueError: the mission is none of this environment, or what it needs is not there.
    """
    env.mission = mission
    for base in type(env).__mro__:
        if base.__name__ in _RESTORERS:
            _RESTORERS[base.__name__](env, mission)
    _fill_boxes(env)


def _fetch(env: Any, mission: str) -> None:
    env.targetColor, env.targetType = _named(mission, "(?:get a|go get a|fetch a|go fetch a|you must fetch a)")


def _object_to_pick_up(env: Any, mission: str) -> None:
    color, kind = _named(mission, "pick up the")
    found = [thing for thing, _ in _there(env) if (thing.color, thing.type) == (color, kind)]
    env.obj = found[0] if found else None  # a box that was opened is gone, and cannot be picked up any more


def _door_to_go_to(env: Any, mission: str) -> None:
    color, kind = _named(mission, "go to the")
    env.target_color, env.target_pos = color, _the(env, kind, color)[1]


def _door_to_open(env: Any, mission: str) -> None:
    env.door = _the(env, "door")[0]


def _red_and_blue_door(env: Any, mission: str) -> None:
    env.red_door, env.blue_door = _the(env, "door", "red")[0], _the(env, "door", "blue")[0]


def _matching_object(env: Any, mission: str) -> None:
    """Two objects stand at the fork, one above the other; the one like the object in the first room is right."""
    things = sorted((place, thing.type) for thing, place in objects_of(env) if thing.type in ("key", "ball"))
    if len(things) != 3 or things[1][0][0] != things[2][0][0]:
        raise ValueError("a state of Memory has an object in the first room, and two above each other at the fork")
    (_, wanted), ((x, upper), above), ((_, lower), _) = things
    beside = (x, upper + 1), (x, lower - 1)
    env.success_pos, env.failure_pos = beside if above == wanted else beside[::-1]


def _instruction(env: Any, mission: str) -> None:
    """One instruction of BabyAI, without places: what it names is decided by type and color alone."""
    from minigrid.envs.babyai.core import verifier

    if (env.grid.width, env.grid.height) != (env.width, env.height):
        raise ValueError(f"a state of this BabyAI level has {env.width} by {env.height} cells")
    if mission != getattr(env, "surface", None):
        env.instrs = _parsed(verifier, mission, strict=getattr(env.instrs, "strict", False))
        env.surface = mission
    env.instrs.reset_verifier(env)
    if env.carrying is not None:
        env.instrs.preCarrying = env.carrying
        for name in ("desc", "desc_move", "desc_fixed"):  # the verifier looks for its objects in the grid only
            desc = getattr(env.instrs, name, None)
            if desc is not None and _is_described(env.carrying, desc):
                desc.obj_set.append(env.carrying)


_Restorer = Callable[[Any, str], None]
_RESTORERS: Mapping[str, _Restorer] = MappingProxyType(
    {
        "FetchEnv": _fetch,
        "UnlockPickupEnv": _object_to_pick_up,
        "BlockedUnlockPickupEnv": _object_to_pick_up,
        "KeyCorridorEnv": _object_to_pick_up,
        "ObstructedMazeEnv": _object_to_pick_up,
        "GoToDoorEnv": _door_to_go_to,
        "UnlockEnv": _door_to_open,
        "RedBlueDoorEnv": _red_and_blue_door,
        "MemoryEnv": _matching_object,
        "RoomGridLevel": _instruction,
    }
)
_HIDING = ("ObstructedMaze_1Dlhb", "KeyInBox")
"""Classes with one box, which holds the key of the one locked door."""


def _fill_boxes(env: Any) -> None:
    if type(env).__name__ not in _HIDING or not getattr(env, "key_in_box", True):
        return
    from minigrid.core.world_object import Key

    there = _there(env)
    locked = [thing for thing, _ in there if thing.type == "door" and thing.is_locked]
    for thing, _ in there:
        if thing.type == "box" and locked:
            thing.contains = Key(locked[0].color)


def _there(env: Any) -> list[Placed]:
    """What is in the grid, and what the agent carries."""
    carried = [] if env.carrying is None else [(env.carrying, (-1, -1))]
    return objects_of(env) + carried


def _the(env: Any, kind: str, color: str | None = None) -> Placed:
    for thing, place in objects_of(env):
        if thing.type == kind and color in (None, thing.color):
            return thing, place
    raise ValueError(f"the mission {env.mission!r} needs a {kind if color is None else f'{color} {kind}'}")


def _named(mission: str, beginning: str) -> tuple[str, str]:
    match = re.fullmatch(rf"{beginning} (\w+) (\w+)", mission)
    if match is None:
        raise ValueError(f"{mission!r} is no mission of this environment")
    return match[1], match[2]


_DESCRIBED = r"(?:the|a) (?:(?P<{0}_color>red|green|blue|purple|yellow|grey) )?(?P<{0}_type>object|box|ball|key|door)"
_INSTRUCTION = re.compile(
    rf"(?P<verb>go to|open|pick up) {_DESCRIBED.format('it')}|put {_DESCRIBED.format('moved')} next to "
    rf"{_DESCRIBED.format('fixed')}"
)


def _parsed(verifier: Any, mission: str, *, strict: bool) -> Any:
    match = _INSTRUCTION.fullmatch(mission)
    if match is None:
        raise ValueError(f"{mission!r} is no mission of this environment")

    def described(name: str) -> Any:
        kind = match[f"{name}_type"]
        return verifier.ObjDesc(None if kind == "object" else kind, match[f"{name}_color"])

    if match["verb"] is None:
        return verifier.PutNextInstr(described("moved"), described("fixed"), strict=strict)
    if match["verb"] == "go to":
        return verifier.GoToInstr(described("it"))
    if (match["it_type"] == "door") != (match["verb"] == "open"):
        raise ValueError(f"doors are opened, other things picked up, so {mission!r} is no mission")
    make = verifier.OpenInstr if match["verb"] == "open" else verifier.PickupInstr
    return make(described("it"), strict=strict)


def _is_described(thing: Any, desc: Any) -> bool:
    return desc.type in (None, thing.type) and desc.color in (None, thing.color)
