"""A wrong model of the ferry: exceptions of its own, a counter in a class, sums of None."""

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

class Drowned(Exception):
    def __init__(self, player, depth=1):
        super().__init__(f'{player.name} drowned at {player.x}, {player.y}')
        self.depth = depth

class Blocked(ValueError):
    pass

class Toggle:
    """A descriptor-like helper that flips a boolean attribute."""
    flips = 0
    def __init__(self, attribute):
        self.attribute = attribute
    def __call__(self, entity):
        Toggle.flips += 1
        setattr(entity, self.attribute, not getattr(entity, self.attribute))
        return getattr(entity, self.attribute)

flip = Toggle('on')

def step_towards(player, way, walls):
    table = {'north': 'y-', 'south': 'y+', 'west': 'x-', 'east': 'x+'}
    axis, sign = table[way]
    old = getattr(player, axis)
    setattr(player, axis, old + int(sign + '1'))
    if (player.x, player.y) in walls:
        setattr(player, axis, old)
        raise Blocked(way)

def transition(state, action):
    names = {}
    for e in state:
        names.setdefault(e.name, []).append(e)
    player, = names['Player']
    walls = {(w.x, w.y) for w in names['Wall']}
    try:
        step_towards(player, action.split()[1], walls)
    except Blocked as error:
        names['Clock'][0].ticks += len(error.args[0])
    except KeyError:
        for lever in names.get('Lever', []):
            if flip(lever) and Toggle.flips % 2:
                names['Door'][0].timer = 9
    except IndexError:
        pass
    else:
        names['Clock'][0].ticks += 1
    finally:
        player.pills %= 5
    try:
        if any((w.x, w.y) == (player.x, player.y) for w in names['Water']):
            player.oxygen -= 1
            if player.oxygen < 0:
                raise Drowned(player, depth=-player.oxygen)
    except Drowned as d:
        player.health -= d.depth
        if 'Raft' not in names:
            raise
        if player.health <= 0:
            raise RuntimeError('dead') from d
    for mine in names.get('Mine', []):
        mine.fuse -= 1        # TypeError where the fuse is None
    return state

def reward_func(state, action, next_state):
    total = 0
    for before, after in zip(sorted(state, key=repr), sorted(next_state, key=repr)):
        total += before != after
    players = {e.name: e for e in next_state if 'health' in vars(e)}
    return total / len(next_state), players['Player'].health <= 0 or total == 0
