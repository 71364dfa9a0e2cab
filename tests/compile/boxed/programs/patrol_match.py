"""A gridworld with integer health, a timer, a patrolling guard and coins."""

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Optional


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


class Hero(Entity): pass
class Guard(Entity): pass
class Coin(Entity): pass
class Wall(Entity): pass
class Exit(Entity): pass
class Timer(Entity): pass


class Heading(Enum):
    NORTH = (0, -1)
    EAST = (1, 0)
    SOUTH = (0, 1)
    WEST = (-1, 0)

    @property
    def opposite(self):
        order = list(Heading)
        return order[(order.index(self) + 2) % 4]

    @classmethod
    def from_action(cls, action: str) -> Optional["Heading"]:
        match action.split():
            case ["go", name]:
                return cls[name.upper()]
            case ["wait"]:
                return None
            case _:
                raise ValueError(f"bad action {action!r}")


@dataclass(frozen=True, order=True)
class Spot:
    x: int
    y: int

    def step(self, heading: Heading) -> "Spot":
        dx, dy = heading.value
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass
class Board:
    walls: set = field(default_factory=set)
    coins: dict = field(default_factory=dict)
    log: list = field(default_factory=list)

    @classmethod
    def of(cls, state):
        board = cls()
        for e in state:
            if isinstance(e, Wall):
                board.walls.add(Spot(e.x, e.y))
            elif isinstance(e, Coin):
                board.coins[Spot(e.x, e.y)] = e
        return board

    def free(self, spot):
        return spot not in self.walls


def patrol(guard, board):
    heading = Heading((guard.dx, guard.dy))
    ahead = Spot(guard.x, guard.y).step(heading)
    if not board.free(ahead):
        heading = heading.opposite
        ahead = Spot(guard.x, guard.y).step(heading)
    if board.free(ahead):
        guard.x, guard.y = ahead.x, ahead.y
    guard.dx, guard.dy = heading.value


def transition(state, action):
    board = Board.of(state)
    hero = next(e for e in state if isinstance(e, Hero))
    heading = Heading.from_action(action)
    if heading is not None:
        target = Spot(hero.x, hero.y).step(heading)
        if board.free(target):
            hero.x, hero.y = target.x, target.y
            if (coin := board.coins.pop(target, None)) is not None:
                hero.gold += coin.worth
                state = {e for e in state if e is not coin}
    for guard in sorted((e for e in state if e.name == "Guard"), key=lambda g: (g.x, g.y)):
        patrol(guard, board)
        if abs(guard.x - hero.x) + abs(guard.y - hero.y) <= 1:
            hero.health = max(0, hero.health - (3 if hero.gold % 2 else 2))
    timer = [e for e in state if e.name == "Timer"]
    if timer:
        timer[0].left -= 1
    return set(list(state))


def reward_func(state, action, next_state):
    hero, = (e for e in next_state if e.name == "Hero")
    before, = (e for e in state if e.name == "Hero")
    if hero.health <= 0:
        return -10, True
    if any(t.left <= 0 for t in next_state if t.name == "Timer"):
        return -1.0, True
    at_exit = any((e.x, e.y) == (hero.x, hero.y) for e in next_state if e.name == "Exit")
    return (hero.gold - before.gold) * 0.5 + (10 if at_exit else -0.01), bool(at_exit)
