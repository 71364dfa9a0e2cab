"""Transitions of fresh levels that judge a learned model: half from random play, half along shortest solutions."""

from __future__ import annotations

from random import Random
from typing import TypeAlias

from wc_engine.envs.sokoban.generator import generate
from wc_engine.envs.sokoban.rules import ACTIONS, Layout, Placement, step, to_state
from wc_engine.envs.sokoban.solver import shortest_solution
from wc_engine.state.entities import State

__all__ = ["HeldOutTransition", "held_out_transitions"]

HeldOutTransition: TypeAlias = tuple[State, str, State, float, bool]
"""State, action, next state, reward, done; the layers above make their own records of it."""

_FIRST_LEVEL_SEED = 1_000_000_000
"""Episodes are seeded with small numbers: levels from here on are fresh to whoever learns."""
_MAX_STATES = 50_000
"""Levels that take longer to solve are played at random only."""
_MAX_DETOUR = 12
_DETOURS = 8
"""Random walks tried for another solution of the same level before random play fills the rest."""


def held_out_transitions(
    seed: int, *, count: int = 2000, levels: int = 50, size: tuple[int, int] = (7, 7), boxes: int = 2
) -> list[HeldOutTransition]:
    """Return transitions of generated levels, the same for the same arguments; none starts in a solved state.

    Args:
        seed: different seeds use different levels.
        count: number of transitions.
        levels: number of levels, which share ``count`` evenly.
        size: width and height of the levels in cells, the outer wall included.
        boxes: number of boxes.

    Raises:
        UserInputError: no level of this size and number of boxes exists.
    """
    rng = Random(seed)
    transitions: list[HeldOutTransition] = []
    for index in range(levels):
        layout, start = generate(_FIRST_LEVEL_SEED + seed * levels + index, size=size, boxes=boxes)
        share = count * (index + 1) // levels - count * index // levels
        along = _along_solutions(rng, layout, start, share // 2)
        transitions += along + _random_play(rng, layout, start, share - len(along))
    return transitions


def _along_solutions(rng: Random, layout: Layout, start: Placement, count: int) -> list[HeldOutTransition]:
    """Follow the shortest solution, then those from where random walks off the start lead."""
    transitions: list[HeldOutTransition] = []
    placement = start
    for _ in range(_DETOURS):
        solution = shortest_solution(layout, placement, max_states=_MAX_STATES)
        if solution is None and placement == start:
            return []
        for action in solution or []:
            if len(transitions) == count:
                return transitions
            transition, placement = _step(layout, placement, action)
            transitions.append(transition)
        placement = start
        for _ in range(1 + _below(rng, _MAX_DETOUR)):
            placement = step(layout, placement, _below(rng, len(ACTIONS)))[0]
    return transitions


def _random_play(rng: Random, layout: Layout, start: Placement, count: int) -> list[HeldOutTransition]:
    transitions: list[HeldOutTransition] = []
    placement = start
    for _ in range(count):
        transition, placement = _step(layout, placement, _below(rng, len(ACTIONS)))
        transitions.append(transition)
        if transition[-1]:
            placement = start
    return transitions


def _step(layout: Layout, placement: Placement, action: int) -> tuple[HeldOutTransition, Placement]:
    after, reward, done = step(layout, placement, action)
    return (to_state(layout, placement), ACTIONS[action], to_state(layout, after), reward, done), after


def _below(rng: Random, limit: int) -> int:
    return int(rng.random() * limit)
