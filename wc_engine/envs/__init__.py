"""Environments: the real worlds that agents act in. The names load on first use, so that importing stays cheap."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wc_engine.envs.adapter import GymnasiumEnvironment
    from wc_engine.envs.conformance import check_environment
    from wc_engine.envs.listing import EnvListing
    from wc_engine.envs.protocol import Environment
    from wc_engine.envs.registry import Curriculum, env_names, list_envs, make_env, resolve_env_list

__all__ = [
    "Curriculum",
    "EnvListing",
    "Environment",
    "GymnasiumEnvironment",
    "check_environment",
    "env_names",
    "list_envs",
    "make_env",
    "resolve_env_list",
]

_HOMES = {
    "Curriculum": "wc_engine.envs.registry",
    "EnvListing": "wc_engine.envs.listing",
    "Environment": "wc_engine.envs.protocol",
    "GymnasiumEnvironment": "wc_engine.envs.adapter",
    "check_environment": "wc_engine.envs.conformance",
    "env_names": "wc_engine.envs.registry",
    "list_envs": "wc_engine.envs.registry",
    "make_env": "wc_engine.envs.registry",
    "resolve_env_list": "wc_engine.envs.registry",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'wc_engine.envs' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
