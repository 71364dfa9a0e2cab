"""The ferry, plainly: what the recorded transitions come from."""

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

DIRECTIONS = dict(north=(0, -1), south=(0, 1), west=(-1, 0), east=(1, 0))

def transition(state, action):
    words = action.split(' ')
    player = next(e for e in state if isinstance(e, Player))
    clock = next(e for e in state if isinstance(e, Clock))
    rafts = [e for e in state if isinstance(e, Raft)]
    rafts.sort(key=lambda r: (r.x, r.y))
    water = {(e.x, e.y) for e in state if isinstance(e, Water)}
    walls = {(e.x, e.y) for e in state if isinstance(e, Wall)}
    doors = {(e.x, e.y): e for e in state if isinstance(e, Door)}
    on_raft = next((r for r in rafts if (r.x, r.y) == (player.x, player.y)), None)
    # 1. walking
    if words[0] == 'walk':
        dx, dy = DIRECTIONS[words[1]]
        target = (player.x + dx, player.y + dy)
        if target not in walls and not (target in doors and doors[target].timer == 0):
            player.x, player.y = target
            on_raft = next((r for r in rafts if (r.x, r.y) == target), None)
    elif words[0] == 'pull':
        for lever in [e for e in state if isinstance(e, Lever)]:
            if abs(lever.x - player.x) + abs(lever.y - player.y) <= 1:
                lever.on = not lever.on
                for door in doors.values():
                    if door.color == lever.color:
                        door.timer = 6 if lever.on else 0
    # 2. rafts float
    for raft in rafts:
        nx, ny = raft.x + raft.dx, raft.y + raft.dy
        occupied = {(r.x, r.y) for r in rafts if r is not raft}
        if (nx, ny) in water and (nx, ny) not in occupied:
            raft.x, raft.y = nx, ny
            if raft is on_raft:
                player.x, player.y = nx, ny
        else:
            raft.dx, raft.dy = -raft.dx, -raft.dy
    # 3. mines
    survivors = []
    for e in state:
        if isinstance(e, Mine):
            distance = abs(e.x - player.x) + abs(e.y - player.y)
            if e.fuse is None:
                if distance <= 1:
                    e.fuse = 2
            elif e.fuse > 0:
                e.fuse -= 1
            else:
                if distance <= 2:
                    player.health -= 4
                continue
        elif isinstance(e, Pill) and (e.x, e.y) == (player.x, player.y):
            player.health += e.amount
            player.pills = player.pills + 1
            continue
        elif isinstance(e, Door) and e.timer > 0 and (e.x, e.y) != (player.x, player.y):
            e.timer -= 1
        survivors.append(e)
    # 4. air
    if (player.x, player.y) in water and not any((r.x, r.y) == (player.x, player.y) for r in rafts):
        player.oxygen -= 1
        if player.oxygen < 0:
            player.oxygen = 0
            player.health -= 1
    else:
        player.oxygen = 3
    clock.ticks += 1
    return survivors

def reward_func(state, action, next_state):
    player = next(e for e in next_state if isinstance(e, Player))
    old = next(e for e in state if isinstance(e, Player))
    if player.health <= 0:
        return -1.0, True
    if any(isinstance(e, Goal) and e.x == player.x and e.y == player.y for e in next_state):
        return 1.0, True
    return 0.25 * (player.pills - old.pills), False
