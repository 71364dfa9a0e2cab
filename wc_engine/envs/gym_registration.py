"""Registers the environments with Gymnasium.

Gymnasium 1 no longer reads entry points, so ``gymnasium.make("wc_engine/Sokoban-v0")`` needs ``import wc_engine`` first
(or the id ``"wc_engine:wc_engine/Sokoban-v0"``, which imports it). Importing wc_engine must stay cheap, though, and not
import Gymnasium: where it is not loaded yet, registration waits for its import.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["register_envs", "register_with_gymnasium"]

_MAX_EPISODE_STEPS = 100


def register_envs() -> None:
    """Register the environments, once. The entry point of the group ``gymnasium.envs`` (Gymnasium below 1)."""
    from gymnasium.envs import registration  # importing this module must not import gymnasium

    name = "wc_engine/Sokoban-v0"
    if name not in registration.registry:
        registration.register(
            id=name,
            entry_point="wc_engine.envs.gym_sokoban:SokobanGymEnv",
            max_episode_steps=_MAX_EPISODE_STEPS,
        )
    name = "wc_engine/WorldModel-v0"
    if name not in registration.registry:
        registration.register(id=name, entry_point="wc_engine.envs.gym_world_model:WorldModelEnv")


def register_with_gymnasium() -> None:
    """Register now if Gymnasium is imported, else as soon as it is. Does nothing where it never is."""
    if "gymnasium" in sys.modules:
        register_envs()
    elif not any(isinstance(finder, _GymnasiumFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _GymnasiumFinder())


class _GymnasiumFinder(MetaPathFinder):
    """Waits for ``import gymnasium`` and registers behind it."""

    def __init__(self) -> None:
        self._asking_the_others = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "gymnasium" or self._asking_the_others:
            return None
        self._asking_the_others = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._asking_the_others = False
        if spec is not None and spec.loader is not None:
            spec.loader = _RegisteringLoader(spec.loader, self)
        return spec


class _RegisteringLoader(Loader):
    """Loads with another loader, then registers and takes the finder away."""

    def __init__(self, loader: Loader, finder: _GymnasiumFinder) -> None:
        self._loader = loader
        self._finder = finder

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # From here on the module is what it would be without us: tools look for its data through its loader.
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        register_envs()
