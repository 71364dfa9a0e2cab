"""Definitions of classes of entities, and below a line of ``=`` bodies of transition functions that use them."""

__all__ = ["MEMBERS"]

_TEXT = """
class Wall(Entity):
    solid = True
class Box(Entity):
    solid = True
    def pushed(self, dx, dy): return Box(self.x + dx, self.y + dy)
class Player(Entity):
    solid = False
===
p = next((e for e in state if isinstance(e, Player)), None)
if p is None: return state
dx, dy = DIRECTIONS[action]
ahead = [e for e in state if (e.x, e.y) == (p.x + dx, p.y + dy)]
if any(getattr(e, 'solid', False) for e in ahead): return state
p.x += dx
p.y += dy
return state
---
class Entity(Entity):
    pass
===
return state
---
class Box(Entity):
    @property
    def pos(self): return (self.x, self.y)
    def at(self, x, y): return self.pos == (x, y)
===
return {e for e in state if not (isinstance(e, Box) and e.at(2, 2))}
---
class Door(Entity):
    def toggle(self): self.open = not self.open
===
for e in state:
    if e.name == 'Door': e.toggle()
return state
---
class Door(Entity):
    @staticmethod
    def is_one(e): return e.name == 'Door'
===
return [e for e in state if Door.is_one(e)]
---
class Door(Entity):
    colour = property(lambda self: self.color)
===
return [e for e in state if not hasattr(e, 'colour')]
---
class Door(Entity):
    color = 'red'
===
bare = [e for e in state if getattr(e, 'color', 'none') == 'none']
return bare + [e for e in state if e.name == 'Door' and e.color == 'red']
---
class Door(Entity):
    x = 3
===
return [Door(1, 2, color='red', open=True)] + [e for e in state if e.x == 3]
---
class Player(Entity):
    def __init__(self, x, y, **kw):
        super().__init__(x, y, **kw)
===
return state
---
class Player(Entity):
    def __eq__(self, other): return True
===
return state
---
class Box(Entity):
    def is_movable(self): return True
===
return [e for e in state if hasattr(e, 'is_movable') and e.is_movable()]
---
class Game:
    def __init__(self, state, action):
        self.state = set(state)
        self.move = DIRECTIONS[action]
        self.player = next((e for e in self.state if e.name == 'Player'), None)
    def blocked(self, x, y):
        return any(e.name in ('Wall', 'Box') and e.x == x and e.y == y for e in self.state)
    def step(self):
        if self.player is None: return self.state
        x, y = self.player.x + self.move[0], self.player.y + self.move[1]
        if self.blocked(x, y): return self.state
        return (self.state - {self.player}) | {Player(x, y)}
===
return Game(state, action).step()
---
class Position:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, d): return Position(self.x + d[0], self.y + d[1])
    def __eq__(self, o): return isinstance(o, Position) and (self.x, self.y) == (o.x, o.y)
    def __hash__(self): return hash((self.x, self.y))
===
taken = {Position(e.x, e.y) for e in state if e.name != 'Player'}
result = []
for e in state:
    if e.name == 'Player':
        to = Position(e.x, e.y) + DIRECTIONS[action]
        if to not in taken: e = Player(to.x, to.y)
    result.append(e)
return result
"""

MEMBERS = tuple(_TEXT.strip("\n").split("\n---\n"))
