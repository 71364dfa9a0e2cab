"""Which of MiniGrid's environments are worlds of symbolic states, and why the others are not.

An environment belongs here where the entities and the mission decide what every action does. That was read off the
source of each class, and the tests compare each one with the package on random play, a state at a time.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from wc_engine.envs.listing import EnvListing
from wc_engine.errors import UserInputError

__all__ = ["CURRICULUM", "PREFIX", "catalogue", "import_minigrid", "registered_ids", "resolve"]

PREFIX = "minigrid:"

CURRICULUM = tuple(
    PREFIX + name
    for name in ("Empty-5x5", "DoorKey-5x5", "Unlock", "Fetch-6x6-N2", "UnlockPickup", "BlockedUnlockPickup")
)
"""The six environments that the paper learns one after the other."""

_MINIGRID = """
BlockedUnlockPickupEnv CrossingEnv DistShiftEnv DoorKeyEnv EmptyEnv FetchEnv FourRoomsEnv GoToDoorEnv KeyCorridorEnv
LavaGapEnv LockedRoomEnv MemoryEnv MultiRoomEnv ObstructedMaze_1Dlhb PlaygroundEnv RedBlueDoorEnv UnlockEnv
UnlockPickupEnv
"""
_BABYAI = """
ActionObjDoor BlockedUnlockPickup FindObjS5 GoTo GoToDoor GoToImpUnlock GoToLocal GoToObj GoToObjDoor GoToRedBall
GoToRedBallGrey GoToRedBallNoDists GoToRedBlueBall KeyCorridor KeyInBox OneRoomS8 Open OpenRedDoor Pickup PickupAbove
PickupDist PutNextLocal Synth UnblockPickup Unlock UnlockLocal UnlockPickup UnlockToUnlock
"""
_MARKOV = frozenset((_MINIGRID + _BABYAI).split())
"""Classes of which every configuration belongs here."""

_MEMORY = "not Markov: its instructions have parts, and which of them are done is remembered outside the state"
_STARTS = "not Markov: its instructions speak of left and right as seen from where the agent began"
_PLACE = "not Markov: the place where the object lay first counts even after it was carried away or opened"
_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "DynamicObstaclesEnv": "not deterministic: its obstacles move at random",
        "GoToObjectEnv": _PLACE,
        "PutNearEnv": _PLACE,
        **dict.fromkeys(("OpenTwoDoors", "OpenDoorsOrder", "MoveTwoAcross", "GoToSeq", "SynthSeq"), _MEMORY),
        **dict.fromkeys(("MiniBossLevel", "BossLevel", "BossLevelNoUnlock"), _MEMORY),
        **dict.fromkeys(("PickupLoc", "SynthLoc"), _STARTS),
    }
)
_WITHOUT_WFC = "needs more packages: pip install 'minigrid[wfc]'"
_UNKNOWN = "unknown to this version of wc_engine: nobody has looked whether its states say everything"


@cache
def import_minigrid() -> None:
    """Import the package, which registers its environments, without its greetings.

    Raises:
        UserInputError: it is not installed.
    """
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # of pygame, about its own imports
        try:
            import minigrid  # noqa: F401  (registers the environments)
        except ImportError as error:
            raise UserInputError(f"MiniGrid cannot be imported ({error}): pip install minigrid") from None


def registered_ids() -> tuple[str, ...]:
    """Return the full ids of everything that the package registers, sorted."""
    return tuple(sorted(_specs()))


@cache
def catalogue() -> tuple[EnvListing, ...]:
    """Return a line for each environment of the package, those left out included, in order of name."""
    lines = [
        EnvListing(name=_short_name(full_id), detail=full_id, left_out=_reason(spec))
        for full_id, spec in _specs().items()
    ]
    return tuple(sorted(lines, key=lambda line: line.name))


def resolve(name: str) -> EnvListing | None:
    """Return the line of ``DoorKey-5x5``, ``MiniGrid-DoorKey-5x5-v0`` or ``BabyAI-GoToObj``, or None."""
    bare = name.removeprefix(PREFIX)
    for line in catalogue():
        known = (line.name.removeprefix(PREFIX), line.detail, line.detail.removeprefix("MiniGrid-"))
        if bare in known:
            return line
    return None


def _specs() -> dict[str, Any]:
    import_minigrid()
    from gymnasium.envs.registration import registry

    return {
        full_id: spec
        for full_id, spec in registry.items()
        if str(spec.entry_point).startswith("minigrid.")  # a registration by another package is that package's own
    }


def _short_name(full_id: str) -> str:
    """Return the name without ``MiniGrid-`` and, where there is no newer version, without the version."""
    base, _, version = full_id.rpartition("-v")
    newest = max(int(other.rpartition("-v")[2]) for other in _specs() if other.rpartition("-v")[0] == base)
    short = base if int(version) == newest else full_id
    return PREFIX + short.removeprefix("MiniGrid-")


def _reason(spec: Any) -> str | None:
    class_name = str(spec.entry_point).rpartition(":")[2]
    if class_name in _MARKOV:
        return None
    if class_name in _REASONS:
        return _REASONS[class_name]
    if class_name == "OpenDoor":
        return None if spec.kwargs.get("select_by") == "color" else _STARTS
    if class_name == "PutNext":
        carried = "not Markov: on the first step, and then only, dropping what the agent began with does not count"
        return carried if spec.kwargs.get("start_carrying") else None
    if re.fullmatch(r"ObstructedMaze_Full(_V1)?", class_name):
        hidden = "not Markov: it does not show which of several boxes hides which key"
        return hidden if spec.kwargs.get("key_in_box", True) else None
    if class_name.startswith("WFC"):
        return None if find_spec("networkx") and find_spec("imageio") else _WITHOUT_WFC
    return _UNKNOWN
