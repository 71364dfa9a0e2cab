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
---
d = {}
for e in state:
    d[(e.x, e.y)] = e
return len(d) + (100 if (2, 2) in d else 0)
---
d = {}
for e in state:
    d.setdefault((e.x, e.y), []).append(e.name)
return sum(len(v) * len(v) for v in d.values())
---
d = {}
for e in state:
    d.setdefault((e.x, e.y), []).append(e.name)
return 'Box' in d.get((2, 2), []) and 'Door' in d.get((2, 2), [])
---
from collections import defaultdict
d = defaultdict(list)
for e in state:
    d[e.name].append(e)
return len(d['Box']) + 10 * len(d['Target'])
---
from collections import defaultdict
d = defaultdict(list)
for e in state:
    d[e.name].append(e)
n = len(d['Nothing'])
return len(d) + n
---
from collections import defaultdict
d = defaultdict(set)
for e in state:
    d[e.name].add((e.x, e.y))
return (2, 2) in d['Box'] or (1, 1) in d['Player']
---
from collections import defaultdict
d = defaultdict(set)
for e in state:
    d[e.name].add(e.x)
return sum(d['Box']) + len(d['Wall'])
---
d = {}
for e in state:
    d[e.name] = d.get(e.name, 0) + 1
return d.get('Box', 0) * 10 + len(d)
---
from collections import defaultdict
d = defaultdict(int)
for e in state:
    d[e.x, e.y] += 1
return max(d.values())
---
from collections import Counter
d = Counter()
for e in state:
    d[e.name] += 1
d['Box'] += 5
return d['Box'] * 10 + len(d) + d['Nothing']
---
d = {}
count = 0
for e in state:
    if e.name == 'Wall':
        continue
    place = (e.x, e.y)
    d.setdefault(place, []).append(e)
    count += 1
return count * 100 + len(d)
---
d = {}
for e in state:
    if (e.x, e.y) not in d:
        d[(e.x, e.y)] = []
    d[(e.x, e.y)].append(e)
return [len(v) for v in d.values()][0] + len(d)
---
d = {}
for e in state:
    if e.name in d:
        d[e.name].append(e.x)
    else:
        d[e.name] = [e.x]
return len(d)
---
d = {}
last = None
for e in state:
    if e.name == 'Box':
        d[e.x] = e
    elif e.name == 'Player':
        last = e
    else:
        d[e.y] = e
return len(d) + (last.x if last is not None else 0) * 100
---
d = {}
for e in state:
    d[e.x] = e
return e.x
---
d = {}
for i, e in enumerate(state):
    d[(e.x, e.y)] = i
return sum(d.values())
---
d = {}
for e in state:
    d[e.x] = e.y
    d[e.y] = e.x
return len(d)
---
d = {}
for e in state:
    d.setdefault(e.x, []).append(e)
d[2].append(1)
return len(d[2])
---
d = {}
for e in state:
    d.setdefault(e.x, []).append(e)
a = d.get(2, [])
b = d.get(2, [])
a.append(1)
return len(b)
---
d = {}
for e in state:
    d.setdefault(e.x, []).append(e)
l = d.get(2)
return -1 if l is None else len(l)
---
d = {}
for e in state:
    d[e.x] = [e.y]
return len(d)
---
d = {}
for e in state:
    d.setdefault((e.x, e.y), []).append(e.color)
return len(d)
---
d = {}
try:
    for e in state:
        d.setdefault((e.x, e.y), []).append(e.color)
except AttributeError:
    return len(d)
return 7
---
d = {}
for e in state:
    d.setdefault(e.x, []).append(e)
for k in d:
    d[k].sort(key=lambda e: e.y)
return d[1][0].y
---
d = {}
for e in state:
    d.setdefault(e.x, []).append(e)
return [k for k, v in d.items() if len(v) > 1][0]
---
d = {}
for e in state:
    d.setdefault(e.x, []).append(e)
p = [v for v in d.values() if any(e.name == 'Player' for e in v)]
return len(p[0]) if p else 0
---
d = {}
for e in state:
    d.setdefault(e.name, []).append(e)
for e in d.get('Box', []):
    e.x = 3
return sum(e.x for e in d.get('Box', [])) + len(d)
---
d = {}
seen = set()
for e in state:
    if e.x in seen:
        continue
    seen.add(e.x)
    d[e.x] = e.y
return sum(d.values())
---
d = {}
n = 0
for e in state:
    n += 1
    d[n] = e.x
return d[1] + len(d)
---
d = {'a': 1}
for e in state:
    d[e.name] = e.x
return d['a'] * 100 + d['Box']
---
d = {}
for y in range(3):
    for x in range(3):
        d[(x, y)] = x * y
for e in state:
    d[(e.x, e.y)] = 100
return d[(2, 2)] + len(d)
---
d = {}
for e in state:
    d.setdefault(e.x, []).append(e.y)
e = d.get(1, ())
return len(e) + (e == ())
---
from collections import defaultdict
d = defaultdict(list)
for e in state:
    d[(e.x, e.y)].append(e)
n = 0
for e in state:
    if any(o.name == 'Box' for o in d[(e.x + 1, e.y)]):
        n += 1
return n
---
from collections import defaultdict
d = defaultdict(list)
for e in state:
    d[(e.x, e.y)].append(e)
n = 0
for e in state:
    if any(o.name == 'Box' for o in d[(e.x + 1, e.y)]):
        n += 1
return n + 100 * len(d)
---
e = next(e for e in state if e.name == 'Player')
d = {k: v for k, v in e.__dict__.items() if k != 'name'}
return d['x'] * 10 + len(d)
---
return sum(len(e.__dict__) for e in state)
---
return sum(vars(e)['x'] for e in state)
---
e = next(e for e in state if e.name == 'Player')
d = e.__dict__
e.x = 5
return d['x']
---
e = next(e for e in state if e.name == 'Player')
e.__dict__['x'] = 5
return e.x
---
e = Box(1, 2)
d = e.__dict__
d['x'] = 7
return e.x * 10 + d['x'] + len(d)
---
e = Box(1, 2)
d = dict(e.__dict__)
d['x'] = 7
return e.x * 10 + d['x'] + list(d).index('x')
---
e = Box(1, 2, color='red')
d = {**vars(e), 'y': 9}
d.pop('name')
f = e.__class__(**d)
return f.y * 10 + (f.color == 'red') + 2 * (f == e)
---
e = next(e for e in state if e.name == 'Box')
d = vars(e).copy()
d.update(x=1, y=1)
x, y = d.pop('x'), d.pop('y')
return x + y + len(d)
---
return [k for k in Box(1, 2, b=1, a=2).__dict__] == ['name', 'x', 'y', 'b', 'a']
---
d = next(e for e in state if e.name == 'Door').__dict__
return [k for k in d].index('color')
---
e = next(e for e in state if e.name == 'Box')
return 'x' in e.__dict__ and 'color' not in vars(e)
---
return sum(1 for e in state if 'color' in vars(e) and e.__dict__.get('color') == 'red')
---
return sum(1 for e in state if getattr(e, 'color', None) == 'red' or hasattr(e, 'open'))
---
e = next(e for e in state if e.name == 'Box')
n = 0
for k, v in vars(e).items():
    if k in ('x', 'y'):
        n = n * 10 + v
return n
---
e = next(e for e in state if e.name == 'Box')
vars(e).update(x=3)
return e.x
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
---
from collections import defaultdict
grid = defaultdict(list)
for e in state:
    grid[(e.x, e.y)].append(e)
player = next(e for e in state if e.name == 'Player')
dx, dy = DIRECTIONS[action]
front = grid[(player.x + dx, player.y + dy)]
behind = grid[(player.x + 2 * dx, player.y + 2 * dy)]
moving = [player]
if any(e.name == 'Wall' for e in front):
    return state
if any(e.name == 'Box' for e in front):
    if behind:
        return state
    moving.extend(e for e in front if e.name == 'Box')
for e in moving:
    e.x += dx
    e.y += dy
return state
---
def changed(e, **changes):
    attributes = {k: v for k, v in e.__dict__.items() if k != 'name'}
    attributes.update(changes)
    x, y = attributes.pop('x'), attributes.pop('y')
    return type(e)(x, y, **attributes)
return [changed(e, x=1) if e.x == 2 else e for e in state]
---
def moved(e, dx, dy):
    attrs = dict(vars(e))
    del attrs['name']
    attrs['x'] += dx
    attrs['y'] += dy
    return e.__class__(**attrs)
dx, dy = DIRECTIONS[action]
return {moved(e, dx, dy) if e.name == 'Player' else e for e in state}
---
for e in state:
    if e.name == 'Player':
        for k, v in {'x': 1, 'y': 2}.items():
            setattr(e, k, v)
return state
"""

DICT_VALUES = tuple(_VALUES.strip("\n").split("\n---\n"))
DICT_TRANSITIONS = tuple(_TRANSITIONS.strip("\n").split("\n---\n"))
