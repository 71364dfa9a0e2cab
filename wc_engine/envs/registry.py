"""Environments by name."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType

from wc_engine.envs.protocol import Environment
from wc_engine.envs.sokoban.environment import SokobanEnvironment
from wc_engine.errors import UserInputError

__all__ = ["env_names", "make_env"]

_FACTORIES: Mapping[str, Callable[..., Environment]] = MappingProxyType({"sokoban": SokobanEnvironment})


def make_env(name: str, **options: object) -> Environment:
    """Make the environment called ``name``.

    Args:
        name: one of ``env_names()``.
        options: what that environment's constructor takes, for example ``boxes=3``.

    Raises:
        UserInputError: there is no such environment or option, or an option's value is impossible.
    """
    factory = _FACTORIES.get(name)
    if factory is None:
        raise UserInputError(_unknown("environment", name, env_names()))
    known = tuple(inspect.signature(factory).parameters)
    for option in options:
        if option not in known:
            raise UserInputError(_unknown(f"option of {name}", option, known))
    return factory(**options)


def env_names() -> tuple[str, ...]:
    """Return the names that ``make_env`` knows, sorted."""
    return tuple(sorted(_FACTORIES))


def _unknown(what: str, given: str, known: tuple[str, ...]) -> str:
    # difflib alone misses a plain prefix of a long name ("soko"), which is the commonest slip.
    near = [name for name in known if given and name.startswith(given.lower())]
    near += difflib.get_close_matches(given.lower(), known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown {what} {given!r}: {hint}known: {', '.join(known)}"
