"""The dungeon with an IntEnum for headings, and rules in a frozen dataclass."""

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
class Enemy(Entity): pass
class Wall(Entity): pass
class Belt(Entity): pass
class Gate(Entity): pass
class Switch(Entity): pass
class Spike(Entity): pass
class Potion(Entity): pass
class Key(Entity): pass
class Exit(Entity): pass
class Clock(Entity): pass
def get_entities_by_name(entities, name):
    return [ entity for entity in entities if entity.name == name ]
def get_entities_by_position(entities, x, y):
    return [ entity for entity in entities if entity.x == x and entity.y == y ]

from enum import IntEnum
from dataclasses import dataclass

class Heading(IntEnum):
    UP = 0
    RIGHT = 1
    DOWN = 2
    LEFT = 3

    @property
    def delta(self):
        return DELTAS[self]

    def turn_back(self):
        return Heading((self + 2) % 4)

DELTAS = {Heading.UP: (0, -1), Heading.RIGHT: (1, 0), Heading.DOWN: (0, 1), Heading.LEFT: (-1, 0)}
MAX_HEALTH = 10

@dataclass(frozen=True)
class Rules:
    spike_damage: int = 2
    enemy_damage: int = 3
    gate_duration: int = 4

RULES = Rules()

def clamp(value, low, high):
    return max(low, min(high, value))

def heading_of(action):
    parts = action.split()
    if len(parts) == 2 and parts[0] == 'move':
        return Heading[parts[1].upper()]
    return None

def damage(player, amount):
    player.health = clamp(player.health - amount, 0, MAX_HEALTH)

def transition(state, action):
    player = next(e for e in state if isinstance(e, Player))
    clock = next(e for e in state if isinstance(e, Clock))
    if player.health <= 0:
        return state
    clock.tick += 1
    heading = heading_of(action)
    if heading is not None:
        dx, dy = heading.delta
        nx, ny = player.x + dx, player.y + dy
        player.facing = heading.name.lower()
        blocked = any(isinstance(e, Wall) or (isinstance(e, Gate) and e.timer == 0)
                      for e in get_entities_by_position(state, nx, ny))
        if not blocked:
            player.x, player.y = nx, ny
    elif action == 'interact':
        for switch in get_entities_by_name(state, 'Switch'):
            if abs(switch.x - player.x) + abs(switch.y - player.y) <= 1 and switch.cooldown == 0:
                switch.cooldown = 3
                for gate in get_entities_by_name(state, 'Gate'):
                    if gate.color == switch.color:
                        gate.timer = RULES.gate_duration
    for e in list(state):
        if isinstance(e, Gate) and e.timer > 0:
            e.timer -= 1
        elif isinstance(e, Switch):
            e.cooldown = max(0, e.cooldown - 1)
        elif isinstance(e, Potion) and (e.x, e.y) == (player.x, player.y):
            player.health = clamp(player.health + e.amount, 0, MAX_HEALTH)
            state.remove(e)
    walls = {(e.x, e.y) for e in state if isinstance(e, Wall)}
    for enemy in get_entities_by_name(state, 'Enemy'):
        way = Heading.RIGHT if enemy.dx > 0 else Heading.LEFT
        step = way.delta
        if (enemy.x + step[0], enemy.y + step[1]) in walls:
            way = way.turn_back()
            enemy.dx = way.delta[0]
        else:
            enemy.x += step[0]
            enemy.y += step[1]
        if (enemy.x, enemy.y) == (player.x, player.y):
            damage(player, RULES.enemy_damage)
    for spike in get_entities_by_name(state, 'Spike'):
        active = (clock.tick + spike.phase) % spike.period == 0
        if active and (spike.x, spike.y) == (player.x, player.y):
            damage(player, RULES.spike_damage)
    return state

def reward_func(state, action, next_state):
    player = next(e for e in next_state if isinstance(e, Player))
    if player.health <= 0:
        return -1.0, True
    at_exit = any(e.name == 'Exit' for e in get_entities_by_position(next_state, player.x, player.y))
    return (1.0 if at_exit else -0.01), at_exit
