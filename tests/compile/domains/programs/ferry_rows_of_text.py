"""The ferry on rows of characters: groupby, lambdas, f-strings compared."""

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

import itertools

LAYERS = '#~D='

def render(state):
    width = max(e.x for e in state if e.x is not None) + 1
    height = max(e.y for e in state if e.y is not None) + 1
    grid = [[' '] * width for _ in range(height)]
    for e in state:
        symbol = {'Wall': '#', 'Water': '~'}.get(e.name)
        if e.name == 'Door' and e.timer == 0:
            symbol = 'D'
        if symbol:
            grid[e.y][e.x] = symbol
    return [''.join(row) for row in grid]

def transition(state, action):
    rows = render(state)
    peek = lambda x, y: rows[y][x] if 0 <= y < len(rows) and 0 <= x < len(rows[y]) else '#'
    by_name = {k: list(g) for k, g in itertools.groupby(sorted(state, key=lambda e: (e.name, e.x or 0, e.y or 0)), key=lambda e: e.name)}
    player = by_name['Player'][0]
    rafts = by_name.get('Raft', [])
    dx, dy = {'walk north': (0, -1), 'walk south': (0, 1), 'walk west': (-1, 0), 'walk east': (1, 0)}.get(action, (0, 0))
    if (dx or dy) and peek(player.x + dx, player.y + dy) not in '#D':
        player.x += dx
        player.y += dy
    if action == 'pull lever':
        for lever in by_name.get('Lever', ()):
            if abs(lever.x - player.x) + abs(lever.y - player.y) <= 1:
                lever.on = not lever.on
                for door in by_name.get('Door', ()):
                    if door.color == lever.color:
                        door.timer = 6 if lever.on else 0
    riding = [r for r in rafts if (r.x, r.y) == (player.x, player.y)]
    for raft in rafts:
        x, y = raft.x + raft.dx, raft.y + raft.dy
        if peek(x, y) == '~' and (x, y) not in [(r.x, r.y) for r in rafts]:
            raft.x, raft.y = x, y
            if raft in riding:
                player.x, player.y = x, y
        else:
            raft.dx *= -1
            raft.dy *= -1
    gone = []
    for mine in by_name.get('Mine', []):
        distance = abs(mine.x - player.x) + abs(mine.y - player.y)
        if mine.fuse is None and distance <= 1:
            mine.fuse = 2
        elif mine.fuse is not None and mine.fuse > 0:
            mine.fuse -= 1
        elif mine.fuse == 0:
            if distance <= 2:
                player.health -= 4
            gone.append(mine)
    for pill in by_name.get('Pill', []):
        if pill.x == player.x and pill.y == player.y:
            player.health += pill.amount
            player.pills += 1
            gone.append(pill)
    for door in by_name.get('Door', []):
        if door.timer > 0 and (door.x, door.y) != (player.x, player.y):
            door.timer -= 1
    if peek(player.x, player.y) == '~' and not any((r.x, r.y) == (player.x, player.y) for r in rafts):
        player.oxygen -= 1
        if player.oxygen < 0:
            player.oxygen, player.health = 0, player.health - 1
    else:
        player.oxygen = 3
    by_name['Clock'][0].ticks += 1
    return [e for e in itertools.chain.from_iterable(by_name.values()) if not any(e is g for g in gone)]

def reward_func(state, action, next_state):
    find = lambda s, n: next((e for e in s if e.name == n), None)
    p, q = find(state, 'Player'), find(next_state, 'Player')
    goal = find(next_state, 'Goal')
    if q.health < 1:
        return -1.0, True
    if goal and f'{goal.x},{goal.y}' == f'{q.x},{q.y}':
        return 1.0, True
    return (q.pills - p.pills) * 0.25, False
