"""Verb by verb: a function is followed once for each kind of action.

Programs parse actions into lists, dicts and commands whose forms differ: ``go to X`` has one argument, ``put X on Y``
two. What has nothing in common cannot be followed as one value; where it is followed for one verb at a time, it is a
constant, or a table over that verb's actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.emit import ACTION
from wc_engine.compile.stage.values import MISSING, NONE, Const, Finite, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from wc_engine.compile.stage.machine import Machine

__all__ = ["for_each_verb", "verbs_of"]

_MOST = 24
"""Verbs: for more of them there would be too much code."""
_MOST_ACTIONS = 8
"""Actions that are taken one by one where all of them have one verb."""


def verbs_of(actions: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the actions by first word and number of words; one group where that does not help."""
    groups: dict[tuple[str, int], list[str]] = {}
    for action in actions:
        words = action.split()
        groups.setdefault((words[0] if words else "", len(words)), []).append(action)
    if len(groups) == 1 and len(actions) <= _MOST_ACTIONS:
        return tuple((action,) for action in actions)
    return tuple(map(tuple, groups.values())) if len(groups) <= _MOST else (actions,)


def for_each_verb(m: Machine, actions: tuple[str, ...], run: Callable[[Value], None]) -> None:
    """Follow ``run`` with the action, on a path of its own for each verb."""
    _follow(m, actions, verbs_of(actions), run)


def _follow(
    m: Machine, actions: tuple[str, ...], groups: tuple[tuple[str, ...], ...], run: Callable[[Value], None]
) -> None:
    first, *others = groups

    def follow() -> Value:
        run(Const(first[0]) if len(first) == 1 else Finite(ACTION, _only(actions, first)))
        return NONE

    def go_on() -> Value:
        _follow(m, actions, tuple(others), run)
        return NONE

    if others:
        m.branch(Finite(ACTION, tuple(action in first for action in actions)), follow, go_on)
    else:
        follow()


def _only(actions: tuple[str, ...], group: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(action if action in group else MISSING for action in actions)
