"""Small world-model programs for tests."""

from __future__ import annotations

from wc_engine.models.program import Program

PRELUDE = """
class Entity:
    def __init__(self, x, y, **attributes):
        self.name = type(self).__name__
        self.x, self.y = x, y
        for key, value in attributes.items():
            setattr(self, key, value)
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__)
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
class Agent(Entity): pass
class Key(Entity): pass
class Door(Entity): pass
"""

STAY = """
def transition(state, action):
    return state
"""

NO_REWARD = """
def reward_func(state, action, next_state):
    return 0, False
"""


def program_of(transition: str = STAY, reward: str = NO_REWARD, prelude: str = PRELUDE) -> Program:
    """Return a program made of a prelude and the texts of its two functions."""
    return Program.from_text(f"{prelude}\n{transition}\n{reward}")
