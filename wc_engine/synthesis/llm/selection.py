"""Which experiences a prompt shows."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TypeAlias, TypeVar

from wc_engine.models.dataset import Transition

__all__ = ["chosen_evenly", "diverse"]

_Item = TypeVar("_Item")
_Kind: TypeAlias = tuple[str, frozenset[str], bool, bool]


def chosen_evenly(items: Sequence[_Item], group: Callable[[_Item], str], rng: random.Random) -> _Item:
    """Return one of the items; groups are equally likely, however many items they have, and so are those of a group."""
    groups: dict[str, list[_Item]] = {}
    for item in items:
        groups.setdefault(group(item), []).append(item)
    return rng.choice(groups[rng.choice(sorted(groups))])


def diverse(transitions: Sequence[Transition], count: int, rng: random.Random) -> list[Transition]:
    """Return up to ``count`` transitions, as different as can be.

    Environments take turns, the latest first. Of one environment there is one transition of each kind, then a second of
    each, and so on. The kind is the action, the types of what changes, whether there is a reward above 0, and the end.

    Args:
        transitions: what to choose from, oldest first; equal ones count once.
        count: how many.
        rng: chooses within a kind, and the order of kinds.
    """
    envs: dict[str, list[Transition]] = {}
    for transition in dict.fromkeys(transitions):
        envs.setdefault(transition.env, []).append(transition)
    turns = [_in_kinds(envs[env], count, rng) for env in reversed(envs)]
    return [one for turn in zip_longest(*turns) for one in turn if one is not None][:count]


def _in_kinds(transitions: Sequence[Transition], count: int, rng: random.Random) -> list[Transition]:
    kinds: dict[_Kind, list[Transition]] = {}
    for transition in transitions:
        kinds.setdefault(_kind(transition), []).append(transition)
    groups = list(kinds.values())
    for group in groups:
        rng.shuffle(group)
    rng.shuffle(groups)
    # Steps that end an episode or are rewarded tell most, those that change nothing tell least.
    groups.sort(key=lambda group: _rank(group[0]))
    chosen: list[Transition] = []
    while groups and len(chosen) < count:
        chosen += [group.pop() for group in groups[: count - len(chosen)]]
        groups = [group for group in groups if group]
    return chosen


def _kind(transition: Transition) -> _Kind:
    changed = frozenset(entity.type for entity in {*transition.state} ^ {*transition.next_state})
    return transition.action, changed, transition.reward > 0, transition.done


def _rank(transition: Transition) -> int:
    if transition.done or transition.reward > 0:
        return 0
    return 1 if transition.state != transition.next_state else 2
