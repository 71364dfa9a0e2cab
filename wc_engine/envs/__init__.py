"""Environments: the real worlds that agents act in. The names load on first use, so that importing stays cheap."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wc_engine.envs.protocol import Environment
    from wc_engine.envs.registry import env_names, make_env

__all__ = ["Environment", "env_names", "make_env"]

_HOMES = {
    "Environment": "wc_engine.envs.protocol",
    "env_names": "wc_engine.envs.registry",
    "make_env": "wc_engine.envs.registry",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'wc_engine.envs' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
