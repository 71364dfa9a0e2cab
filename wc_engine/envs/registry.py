"""Environments by name: those of this package, MiniGrid's, and those that other packages add as entry points."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType

from wc_engine.envs.listing import EnvListing
from wc_engine.envs.names import unknown_name
from wc_engine.envs.protocol import Environment
from wc_engine.envs.sokoban.environment import SokobanEnvironment
from wc_engine.envs.sokoban.teleport import TeleportSokobanEnvironment
from wc_engine.errors import UserInputError

__all__ = ["ENTRY_POINTS", "Curriculum", "env_names", "list_envs", "make_env", "resolve_env_list"]

ENTRY_POINTS = "wc_engine.environments"
"""The group of entry points: a name, and what makes the environment from keyword options."""

_Factory = Callable[..., Environment]
_FACTORIES: Mapping[str, _Factory] = MappingProxyType(
    {"sokoban": SokobanEnvironment, "sokoban:teleport": TeleportSokobanEnvironment}
)
_DETAILS: Mapping[str, str] = MappingProxyType(
    {"sokoban": "gym-sokoban on its four moves", "sokoban:teleport": "with two teleporters"}
)
_LISTER = "`wc-engine envs`"
_MINIGRID_CURRICULUM = "curriculum:minigrid"


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Environments that are learned one after the other.

    Attributes:
        name: what it was asked for by.
        stages: the names of the environments, in order.
    """

    name: str
    stages: tuple[str, ...]


def make_env(name: str, **options: object) -> Environment:
    """Make the environment called ``name``.

    Args:
        name: one of ``env_names()``, or the full id of one of MiniGrid's, ``MiniGrid-DoorKey-5x5-v0``.
        options: what that environment's constructor takes, for example ``boxes=3``.

    Raises:
        UserInputError: there is no such environment or option, an option's value is impossible, or the environment is
            one of those that are left out.
    """
    if name.startswith("curriculum:"):
        stages = ", ".join(resolve_env_list(name).stages)
        raise UserInputError(f"{name!r} is a list of environments where one is needed: take one of {stages}")
    factory = _FACTORIES.get(name) or _minigrid_factory(name) or _added_factory(name)
    if factory is None:
        raise UserInputError(unknown_name("environment", name, env_names(), lister=_LISTER))
    known = tuple(option for option in inspect.signature(factory).parameters if option != "name")
    for option in options:
        if option not in known:
            raise UserInputError(unknown_name(f"option of {name}", option, known))
    return factory(**options)


def env_names() -> tuple[str, ...]:
    """Return the names that ``make_env`` knows: this package's first, then MiniGrid's, then those that were added."""
    return tuple(line.name for line in list_envs() if line.left_out is None)


def list_envs() -> tuple[EnvListing, ...]:
    """Return a line for each environment, those that are left out included."""
    own = [EnvListing(name=name, detail=detail) for name, detail in _DETAILS.items()]
    added = [EnvListing(name=name, detail=point.value) for name, point in sorted(_added().items())]
    return (*own, *_minigrid_lines(), *added)


def resolve_env_list(name: str) -> Curriculum:
    """Return the environments that a name stands for: one for most names, several for a curriculum.

    Args:
        name: ``curriculum:minigrid``, or anything that ``make_env`` takes, also several of them with commas between.

    Raises:
        UserInputError: there is no such curriculum. Names of environments are looked up when they are made.
    """
    if name == _MINIGRID_CURRICULUM:
        from wc_engine.envs.minigrid.catalogue import CURRICULUM

        return Curriculum(name, CURRICULUM)
    if name.startswith("curriculum:"):
        raise UserInputError(unknown_name("curriculum", name, (_MINIGRID_CURRICULUM,)))
    return Curriculum(name, tuple(part.strip() for part in name.split(",") if part.strip()) or (name,))


def _minigrid_lines() -> tuple[EnvListing, ...]:
    from wc_engine.envs.minigrid.catalogue import catalogue

    try:
        return catalogue()
    except UserInputError:  # not installed: there is nothing to list
        return ()


def _minigrid_factory(name: str) -> _Factory | None:
    if not name.startswith(("minigrid:", "MiniGrid-", "BabyAI-")):
        return None
    from wc_engine.envs.minigrid.catalogue import resolve
    from wc_engine.envs.minigrid.environment import MiniGridEnvironment

    line = resolve(name)
    if line is None:
        return None
    full_id = line.detail

    def make(*, max_steps: int | None = None) -> Environment:
        return MiniGridEnvironment(full_id, max_steps=max_steps)

    return make


def _added() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINTS) if point.name not in _FACTORIES}


def _added_factory(name: str) -> _Factory | None:
    point = _added().get(name)
    if point is None:
        return None
    try:
        factory: _Factory = point.load()
    except Exception as error:  # the code is another package's: anything can be wrong with it
        raise UserInputError(f"the environment {name!r} cannot be loaded from {point.value}: {error!r}") from error
    return factory
