"""The dungeon where what the rules forbid is raised, and time passes in a finally."""

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

class GameError(Exception):
    """Something the rules do not allow."""

class Blocked(GameError):
    def __init__(self, what):
        super().__init__(f"blocked by {what}")
        self.what = what

class Exhausted(GameError):
    pass

OFFSETS = {'up': (0, -1), 'down': (0, 1), 'left': (-1, 0), 'right': (1, 0)}

def find(state, cls):
    for e in state:
        if isinstance(e, cls):
            return e
    raise LookupError(cls.__name__)

def move(state, player, direction):
    if player.energy <= 0:
        raise Exhausted("no energy left")
    dx, dy = OFFSETS[direction]
    x, y = player.x + dx, player.y + dy
    for e in get_entities_by_position(state, x, y):
        if isinstance(e, Wall):
            raise Blocked('wall')
        if isinstance(e, Gate) and e.timer == 0:
            if player.keys == 0:
                raise Blocked('gate')
            player.keys -= 1
            e.timer = 3
    player.x, player.y = x, y
    player.energy -= 1

def attack(state, player):
    dx, dy = OFFSETS[player.facing]
    targets = [e for e in get_entities_by_position(state, player.x + dx, player.y + dy) if isinstance(e, Enemy)]
    if not targets:
        raise GameError("nothing to attack")
    target = targets[0]
    target.hp -= 1
    if target.hp == 0:
        state.discard(target)

def collect(state, player):
    for e in get_entities_by_position(state, player.x, player.y):
        if isinstance(e, Potion):
            player.health += e.amount
        elif isinstance(e, Key):
            player.keys += 1
        else:
            continue
        state.remove(e)

def transition(state, action):
    player = find(state, Player)
    clock = find(state, Clock)
    try:
        if action.startswith('move'):
            player.facing = action.split(' ')[1]
            move(state, player, player.facing)
        elif action == 'attack':
            attack(state, player)
        elif action == 'interact':
            collect(state, player)
        else:
            player.energy = min(8, player.energy + 3)
    except Blocked as error:
        if error.what == 'gate':
            player.energy = max(0, player.energy - 1)
    except Exhausted:
        player.health -= 1
    except GameError:
        pass
    finally:
        clock.tick += 1
    for gate in [e for e in state if isinstance(e, Gate)]:
        if gate.timer > 0:
            gate.timer -= 1
    return state

def reward_func(state, action, next_state):
    try:
        player = find(next_state, Player)
        goal = find(next_state, Exit)
    except LookupError:
        return 0.0, True
    if player.health <= 0:
        return -1.0, True
    return (1.0, True) if (player.x, player.y) == (goal.x, goal.y) else (0.0, False)
