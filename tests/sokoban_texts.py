"""A small hand-written Sokoban model, faulty variants of it, and small levels, for tests of runs and commands."""

from __future__ import annotations

from wc_engine.envs import make_env
from wc_engine.models.dataset import Transition
from wc_engine.runs import random_play

MODEL = """
class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())

    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))


class Player(Entity):
    pass


class Box(Entity):
    pass


class Target(Entity):
    pass


class Wall(Entity):
    pass


def find(entities, name):
    return [e for e in entities if e.name == name]


def at(entities, x, y, name):
    for e in entities:
        if e.x == x and e.y == y and e.name == name:
            return True
    return False


def transition(state, action):
    player = find(state, 'Player')[0]
    dx, dy = 0, 0
    if action == 'move up':
        dy = -1
    elif action == 'move down':
        dy = 1
    elif action == 'move left':
        dx = -1
    elif action == 'move right':
        dx = 1
    x, y = player.x + dx, player.y + dy
    if at(state, x, y, 'Wall'):
        return state
    for box in find(state, 'Box'):
        if box.x == x and box.y == y:
            if at(state, x + dx, y + dy, 'Wall') or at(state, x + dx, y + dy, 'Box'):
                return state
            box.x = x + dx
            box.y = y + dy
            break
    player.x = x
    player.y = y
    return state


def covered(entities):
    count = 0
    for target in find(entities, 'Target'):
        if at(entities, target.x, target.y, 'Box'):
            count += 1
    return count


def reward_func(state, action, next_state):
    reward = -0.1 + 1.0 * (covered(next_state) - covered(state))
    if covered(next_state) == len(find(next_state, 'Target')):
        return reward + 10.0, True
    return reward, False
"""
"""Sokoban, right in everything."""

WALKS_THROUGH_BOXES = MODEL.replace("    for box in find(state, 'Box'):\n", "    for box in []:\n")
"""The player passes boxes, which never move."""

FAILS_AT_WALLS = MODEL.replace(
    "    if at(state, x, y, 'Wall'):\n        return state\n",
    "    if at(state, x, y, 'Wall'):\n        raise ValueError('ouch')\n",
)
"""Moving into a wall raises."""

NOT_TRANSLATABLE = MODEL + "\n\nimport numpy\n"
"""Right, but it imports what native code has no part of."""

OPTIMIST = WALKS_THROUGH_BOXES.replace(
    "    if covered(next_state) == len(find(next_state, 'Target')):",
    "    if at(next_state, find(next_state, 'Target')[0].x, find(next_state, 'Target')[0].y, 'Player'):",
)
"""Believes that stepping on the first target wins: its plans do not."""

LEVELS = """\
Two small rooms
Author: wc_engine

#######
#@ $ .#
#######
Title: one push

######
#@   #
# $$ #
# .. #
######
Title: two pushes
"""
"""Two levels that can be solved: in 3 moves, and in 3 or more."""

UNSOLVABLE = """\
######
#@ .$#
######
"""
"""The box is in a corner."""

NO_PLAYER = """\
#####
# $.#
#####
"""

TOO_FEW_BOXES = """\
######
#@$..#
######
"""

RAGGED = """\
#####
#@$.
#####
"""
"""The walls leave a gap."""


def played(steps: int, seed: int = 0) -> list[Transition]:
    """Return transitions of random play."""
    play = random_play(make_env("sokoban"), seed=seed)
    return [next(play).transition for _ in range(steps)]
