"""Which experiences a prompt shows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeAlias

from wc_engine.models.dataset import Transition

__all__ = ["diverse"]

_Kind: TypeAlias = tuple[str, frozenset[str], bool, bool]


def diverse(transitions: Sequence[Transition], count: int, rng: random.Random) -> list[Transition]:
    """Return up to ``count`` transitions, as different as can be: one of each kind, then a second of each, and so on.

    The kind is the action, the types of what changes, whether there is a reward above 0, and the end.

    Args:
        transitions: what to choose from; equal ones count once.
        count: how many.
        rng: chooses within a kind, and the order of kinds.
    """
    kinds: dict[_Kind, list[Transition]] = {}
    for transition in dict.fromkeys(transitions):
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
