"""The ferry as systems that run one after the other: abstract base class, deep copy, two-way references."""

class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __repr__(self):
        attr = ', '.join(f'{key}={value}' for key, value in self.__dict__.items() if key not in ('name', 'x', 'y'))
        if attr: return f"{self.name}({self.x}, {self.y}, {attr})"
        else: return f"{self.name}({self.x}, {self.y})"
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
class Player(Entity): pass
class Raft(Entity): pass
class Water(Entity): pass
class Wall(Entity): pass
class Door(Entity): pass
class Lever(Entity): pass
class Pill(Entity): pass
class Mine(Entity): pass
class Goal(Entity): pass
class Clock(Entity): pass
def get_entities_by_name(entities, name):
    return [ entity for entity in entities if entity.name == name ]
def get_entities_by_position(entities, x, y):
    return [ entity for entity in entities if entity.x == x and entity.y == y ]

from abc import ABC, abstractmethod
from copy import deepcopy

COMPASS = {'north': (0, -1), 'east': (1, 0), 'south': (0, 1), 'west': (-1, 0)}

class System(ABC):
    """One part of the dynamics; systems run in order."""
    def __init__(self, world):
        self.world = world

    @abstractmethod
    def update(self, action): ...

class Walking(System):
    def update(self, action):
        if not action.startswith('walk'):
            return
        dx, dy = COMPASS[action.split()[-1]]
        w = self.world
        x, y = w.player.x + dx, w.player.y + dy
        if w.find(x, y, Wall) or any(d.timer == 0 for d in w.find(x, y, Door)):
            return
        w.player.x, w.player.y = x, y

class Levers(System):
    def update(self, action):
        if action != 'pull lever':
            return
        player = self.world.player
        for lever in self.world.all(Lever):
            if abs(lever.x - player.x) + abs(lever.y - player.y) <= 1:
                lever.on ^= True
                for door in self.world.all(Door):
                    if door.color == lever.color:
                        door.timer = (0, 6)[lever.on]

class Floating(System):
    def update(self, action):
        w = self.world
        carried = w.find(w.player.x, w.player.y, Raft)
        rafts = sorted(w.all(Raft), key=lambda r: (r.x, r.y))
        for raft in rafts:
            nx, ny = raft.x + raft.dx, raft.y + raft.dy
            if w.find(nx, ny, Water) and not w.find(nx, ny, Raft):
                raft.x, raft.y = nx, ny
                if carried and raft is carried[0]:
                    w.player.x, w.player.y = nx, ny
            else:
                raft.dx, raft.dy = -raft.dx, -raft.dy

class Mines(System):
    def update(self, action):
        w = self.world
        for mine in w.all(Mine):
            distance = abs(mine.x - w.player.x) + abs(mine.y - w.player.y)
            if mine.fuse is None:
                mine.fuse = 2 if distance <= 1 else None
            elif mine.fuse:
                mine.fuse -= 1
            else:
                w.player.health -= 4 * (distance <= 2)
                w.entities.remove(mine)

class Pills(System):
    def update(self, action):
        w = self.world
        for pill in w.find(w.player.x, w.player.y, Pill):
            w.player.health += pill.amount
            w.player.pills += 1
            w.entities.remove(pill)

class Timers(System):
    def update(self, action):
        w = self.world
        for door in w.all(Door):
            if door.timer and (door.x, door.y) != (w.player.x, w.player.y):
                door.timer -= 1
        for clock in w.all(Clock):
            clock.ticks += 1

class Air(System):
    def update(self, action):
        p = self.world.player
        if self.world.find(p.x, p.y, Water) and not self.world.find(p.x, p.y, Raft):
            p.health -= 1 if p.oxygen <= 0 else 0
            p.oxygen = max(0, p.oxygen - 1)
        else:
            p.oxygen = 3

class World:
    systems = (Walking, Levers, Floating, Mines, Pills, Timers, Air)

    def __init__(self, state):
        self.entities = list(state)
        (self.player,) = self.all(Player)

    def all(self, cls):
        return [e for e in self.entities if isinstance(e, cls)]

    def find(self, x, y, cls):
        return [e for e in self.entities if e.x == x and e.y == y and isinstance(e, cls)]

    def step(self, action):
        for system in self.systems:
            system(self).update(action)
        return self

def transition(state, action):
    return World(deepcopy(state)).step(action).entities

def reward_func(state, action, next_state):
    before, after = World(state), World(next_state)
    if after.player.health <= 0:
        return -1.0, True
    if after.find(after.player.x, after.player.y, Goal):
        return 1.0, True
    return 0.25 * (after.player.pills - before.player.pills), False
