"""Dicts made of parts of the state: bodies of reward functions, and of transitions."""

__all__ = ["DICT_TRANSITIONS", "DICT_VALUES"]

_VALUES = r"""
e = next((e for e in state if e.name == 'Box' and e.x == 2 and e.y == 2), None)
return 0 if e is None else e.x
---
e = next((e for e in state if (e.x, e.y) == (2, 2)), None)
return 0 if e is None else e.x
---
e = next((e for e in [e for e in state if e.name == 'Box'] if e.y == 2 and e.x == 2), None)
return e.x
---
d = {(e.x, e.y): e for e in state}
e = d.get((2, 2))
return 0 if e is None else e.x + 10 * len(e.name)
---
d = {(e.x, e.y): e.name for e in state if e.name != 'Player'}
return len(d.get((2, 2), ''))
---
d = {(e.x, e.y): e for e in state}
return d[(2, 2)].x + d[(1, 1)].y
---
d = {(e.x, e.y): e for e in state}
return int((2, 1) in d) + 2 * int((3, 3) in d)
---
d = {(e.x, e.y): e for e in state}
return len(d)
---
d = {(e.x, e.y): i for i, e in enumerate(state)}
return sum(d.values())
---
d = {e.x: e.y for e in state}
return sum(x * 10 + y for x, y in d.items())
---
d = {e.x: e.y for e in state}
return [x for x in d][0]
---
d = {e.name: e for e in state}
return len(d) * 100 + sum(e.x for e in d.values())
---
d = {e.name: e for e in state}
return d['Box'].x + d['Player'].y
---
from collections import Counter
c = Counter(e.name for e in state)
return c['Box'] + 10 * c['Wall'] + 100 * c['Nothing'] + 1000 * len(c)
---
from collections import Counter
c = Counter((e.x, e.y) for e in state)
return max(c.values(), default=0)
---
d = {(e.x, e.y): e for e in state}
d[(1, 1)] = 'new'
d[(7, 7)] = 'other'
return len(d) + 100 * int(d[(1, 1)] == 'new')
---
d = {(e.x, e.y): e for e in state}
p = d.pop((2, 2), None)
return len(d) + (100 if (2, 2) in d else 0) + (0 if p is None else 1000 * len(p.name))
---
d = {(e.x, e.y): e for e in state}
p = d.pop((2, 2))
return len(d)
---
d = {(e.x, e.y): e for e in state}
del d[(2, 2)]
d[(2, 2)] = 5
return [k for k in d][-1] == (2, 2)
---
d = {}
for b in [e for e in state if e.name == 'Box'][:1]:
    d[b.x] = b.y
return sum(d.values())
---
d = {type(e): e.x for e in state}
return d.get(Box, 0) + 10 * d.get(Player, 0)
---
d = {Box: 1, Wall: 2, Player: 3}
return sum(d.get(type(e), 100) for e in state)
---
p = [e for e in state if e.name == 'Player']
d = {p[0].x: 1, p[0].y: 2, 1: 3}
return d[p[0].x] * 100 + len(d) * 10 + d[1]
---
d = {(e.x, e.y): e for e in state}
for e in state:
    e.x = 1
return 0 if d.get((2, 2)) is None else 5
---
d = {e.x: e.color for e in state if e.name == 'Door'}
return d.get(2) == 'red'
---
d = {e: 1 for e in state}
return len(d)
---
d = {[e.x]: 1 for e in state}
return len(d)
---
d = {(e.x, e.y): e for e in state}
t = d.items()
return sum(k[0] * v.y for k, v in t)
---
a = {e.x: 1 for e in state}
b = {**a, 3: 5}
return sum(b.values())
---
a = {e.x: 1 for e in state}
a.update({3: 5})
a.update(x=7)
return sum(a.values())
---
a = dict((e.x, e.y) for e in state)
return sum(a.values())
---
a = {e.x: e.y for e in state}
return bool(a) + sum(sorted(a))
---
a = {e.x: e.y for e in state}
return 1 if a else 2
---
a = {e.x: e for e in state if e.name == 'Box'}
b = dict(a)
b[1] = None
return len(a) * 10 + len(b) + (a.get(1) is not None)
---
d = {f"{e.x},{e.y}": e for e in state}
return '2,2' in d
---
d = {(e.x, e.y): e for e in state}
if len(state) > 3:
    d[(0, 0)] = 1
else:
    d.pop((2, 2), None)
return len(d)
---
d = {(e.x, e.y): e for e in state}
if len(state) > 3:
    d[(0, 0)] = 1
return len(d) + ((0, 0) in d) * 100
---
d = {True: 1, 1.0: 2}
return d[1] * 10 + len(d)
---
d = {e.x: 1 for e in state}
return d.get(True, 0) + d.get(2.0, 0) + d.get('x', 0) + d.get(None, 0)
"""

_TRANSITIONS = r"""
grid = {(e.x, e.y): e for e in state if e.name != 'Player'}
player = [e for e in state if e.name == 'Player'][0]
dx, dy = DIRECTIONS[action]
to = (player.x + dx, player.y + dy)
if to not in grid:
    player.x, player.y = to
elif grid[to].name == 'Box' and (to[0] + dx, to[1] + dy) not in grid:
    box = grid[to]
    box.x, box.y = box.x + dx, box.y + dy
    player.x, player.y = to
return state
---
grid = {(e.x, e.y): e for e in state}
return set(grid.values())
---
grid = {(e.x, e.y): e for e in state}
return list(grid.values())
---
grid = {(e.x, e.y): e for e in state if e.name == 'Box'}
grid[(5, 5)] = Box(5, 5)
return [*grid.values(), *(e for e in state if e.name != 'Box')]
"""

DICT_VALUES = tuple(_VALUES.strip("\n").split("\n---\n"))
DICT_TRANSITIONS = tuple(_TRANSITIONS.strip("\n").split("\n---\n"))
