"""A character grid, breadth-first search for monsters, integer counters, inheritance and generators."""

import heapq
import itertools
import math
from abc import ABC, abstractmethod
from collections import deque
from operator import attrgetter, itemgetter


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


class Player(Entity): pass
class Monster(Entity): pass
class Potion(Entity): pass
class Wall(Entity): pass
class Stairs(Entity): pass

SIGNS = {"Wall": "#", "Monster": "M", "Potion": "!", "Stairs": ">", "Player": "@"}
MOVES = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


class Effect(ABC):
    registry = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Effect.registry.append(cls)

    @abstractmethod
    def apply(self, game):
        ...

    def __lt__(self, other):
        return self.order < other.order


class Drink(Effect):
    order = 1

    def apply(self, game):
        for potion in game.here("Potion"):
            game.player.health = min(game.player.health + potion.power, 9)
            potion.power -= 1
            if potion.power <= 0:
                game.gone.append(potion)


class Bite(Effect):
    order = 2

    def apply(self, game):
        game.player.health -= sum(m.power for m in game.here("Monster"))


class Game:
    def __init__(self, state):
        self.state = state
        self.gone = []
        xs, ys = zip(*[(e.x, e.y) for e in state])
        self.width, self.height = max(xs) + 1, max(ys) + 1
        self.grid = [["."] * self.width for _ in range(self.height)]
        for e in sorted(state, key=attrgetter("name"), reverse=True):
            self.grid[e.y][e.x] = SIGNS[e.name]

    @property
    def player(self):
        (one,) = [e for e in self.state if e.name == "Player"]
        return one

    def here(self, name):
        p = self.player
        return [e for e in self.state if e.name == name and (e.x, e.y) == (p.x, p.y)]

    def open(self, x, y):
        return 0 <= x < self.width and 0 <= y < self.height and self.grid[y][x] != "#"

    def neighbours(self, x, y):
        for dx, dy in MOVES.values():
            if self.open(x + dx, y + dy):
                yield x + dx, y + dy

    def path(self, start, goal):
        came = {start: None}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            if node == goal:
                break
            for n in self.neighbours(*node):
                if n not in came:
                    came[n] = node
                    queue.append(n)
        else:
            return []
        route = []
        while node is not None:
            route.append(node)
            node = came[node]
        return route[::-1]

    def __str__(self):
        return "\n".join("".join(row) for row in self.grid)


def transition(state, action):
    game = Game(state)
    player = game.player
    verb, _, rest = action.partition(" ")
    if verb == "move":
        dx, dy = MOVES[rest]
        if game.open(player.x + dx, player.y + dy):
            player.x += dx
            player.y += dy
    elif verb == "rest":
        player.health = min(9, player.health + 1)
    monsters = [m for m in state if m.name == "Monster"]
    heap = [(math.hypot(m.x - player.x, m.y - player.y), i, m) for i, m in enumerate(sorted(monsters, key=lambda m: (m.y, m.x)))]
    heapq.heapify(heap)
    taken = set()
    while heap:
        _, _, m = heapq.heappop(heap)
        m.clock = (m.clock + 1) % 3
        if m.clock == 0:
            continue
        route = game.path((m.x, m.y), (player.x, player.y))
        if len(route) > 1 and route[1] not in taken:
            m.x, m.y = route[1]
        taken.add((m.x, m.y))
    for effect in sorted(cls() for cls in Effect.registry):
        effect.apply(game)
    if str(game).count("@") != 1:
        raise RuntimeError("lost the player")
    return [e for e in state if not any(e is g for g in game.gone)]


def reward_func(state, action, next_state):
    player = min((e for e in next_state if e.name == "Player"), key=lambda e: e.health)
    stairs = {(e.x, e.y) for e in next_state if isinstance(e, Stairs)}
    try:
        assert player.health > 0, "dead"
    except AssertionError as error:
        return -len(str(error)), True
    done = (player.x, player.y) in stairs
    pairs = itertools.combinations(sorted((e.x, e.y) for e in next_state if isinstance(e, Monster)), 2)
    crowd = sum(1 for (a, b), (c, d) in pairs if abs(a - c) + abs(b - d) < 2)
    return (5 if done else round(-0.1 * (1 + crowd), 2)), done
