"""Lists that change in memory: growing, shrinking, sorting, sharing; snippets between lines of dashes."""

from __future__ import annotations

__all__ = ["LIST_TRANSITIONS", "NATIVE_ITERATORS", "NATIVE_LISTS", "OTHER_ITERATORS", "OTHER_LISTS"]

NATIVE_LISTS = tuple(
    """\
a = sorted(state, key=lambda e: (e.name, e.x, e.y))
n = 0
for e in a[1:]:
    n = n * 3 + e.x - e.y
return n * 10 + a[0].x
---
a = sorted(state, key=lambda e: ['Wall', 'Player', 'Door', 'Box'].index(e.name))
return [e.x for e in a][0] * 100 + [e.y for e in a][-1]
---
a = sorted(state, key=lambda e: (e.name, e.y), reverse=True)
n = 0
for e in a:
    n = n * 3 + e.x - e.y
return n
---
a = sorted(state, key=lambda e: e.name == 'Box')
n = 0
for e in a:
    n = n * 3 + e.x - e.y
return n
---
a = [e.x for e in state if e.name == 'Box']
a[0] = 5
b = list(a)
a[0] = 7
return b[0] * 10 + a[0]
---
a = []
for e in state:
    if e.x > 1:
        a.append(e.x)
b = list(a)
a.append(1)
b.append(2)
return sum(a) * 100 + sum(b)
---
a = []
for e in state:
    if e.x > 1:
        a.append(e.x)
b = a[:]
a.append(1)
b.append(2)
return sum(a) * 100 + sum(b)
---
a = []
for e in state:
    if e.x > 1:
        a.append(e.x)
b = [x + 1 for x in a]
if a: a[0] = 50
return sum(b)
---
a = []
b = Box(3, 4)
for e in state:
    if e.x > 1:
        a.append(b)
return (b in a) if a else 5
---
a = []
for e in state:
    if e.x > 1:
        a.append(e.x)
c = a + [1]
a.append(3)
c.append(4)
return sum(a) * 100 + sum(c)
---
def f(n):
    a = []
    for e in state:
        if e.x > n: a.append(e.x)
    return a
p = f(1)
q = f(2)
p.append(1)
return sum(p) * 100 + sum(q)
---
xs = [e.x for e in state]
names = [e.name for e in state]
i = names.index('Box') if 'Box' in names else 0
return xs[i] * 10 + i
---
l = list(state)
names = [e.name for e in l]
if 'Door' in names:
    d = l[names.index('Door')]
    return d.color == 'red'
return 5
---
l = list(state)
t = 0
i = 0
while i < len(l):
    t = t * 3 % 1001 + l[i].x
    i += 1
return t
---
l = list(state)
t = 0
for i in range(len(l)):
    t = t * 3 % 1001 + l[-i].x
return t
---
l = [e.x for e in state]
t = 0
while l:
    t = (t * 7 + l.pop()) % 10007
return t
---
l = [e.x for e in state if e.name == 'Box']
t = 0
while l:
    t = (t * 7 + l.pop(0)) % 10007
return t
---
l = [e.x for e in state if e.name == 'Box']
l.insert(1, 77)
l.insert(-1, 66)
l.insert(100, 55)
l.insert(-100, 44)
t = 0
for x in l: t = (t * 7 + x) % 10007
return t
---
l = [e.x * 8 + e.y for e in state if e.name != 'Wall']
l.sort()
t = 0
for x in l: t = (t * 7 + x) % 10007
return t
---
l = sorted((e.y, e.x) for e in state)
t = 0
for x, y in l: t = (t * 7 + x * 3 + y) % 10007
return t
---
l = sorted(state, key=lambda e: (e.name, -e.x, e.y), reverse=True)
t = 0
for e in l: t = (t * 7 + e.x * 3 + e.y) % 10007
return t
---
l = sorted(state, key=lambda e: e.x % 2)
t = 0
for e in l: t = (t * 7 + e.x * 3 + e.y) % 10007
return t
---
l = sorted(state, key=lambda e: e.x % 2, reverse=True)
t = 0
for e in l: t = (t * 7 + e.x * 3 + e.y) % 10007
return t
---
l = [e.x for e in state]
return sum(l[1:]) * 100 + sum(l[:2]) * 10 + sum(l[-2:]) + len(l[5:1])
---
l = [e.x for e in state]
n = len(l) // 2
t = 0
for x in l[n:] + l[:n]: t = (t * 7 + x) % 10007
return t
---
l = [e.x for e in state]
t = 0
for x in l[::-1]: t = (t * 7 + x) % 10007
return t
---
l = [e.x for e in state]
t = 0
for x in reversed(l): t = (t * 7 + x) % 10007
return t
---
l = [e.x for e in state]
t = 0
for i, x in enumerate(reversed(l)): t = (t * 7 + x * i) % 10007
return t
---
a = [e.x for e in state if e.name == 'Box']
b = [e.y for e in state if e.name != 'Box']
t = 0
for x, y in zip(a, b): t = (t * 7 + x * 3 + y) % 10007
return t
---
a = [e.x for e in state if e.name == 'Box']
t = 0
for x, y in zip(a, a[1:]): t = (t * 7 + x * 3 + y) % 10007
return t
---
a = [e.x for e in state if e.name == 'Box']
t = 0
for x, y in zip(a, ('p', 'q', 'r')): t = (t * 7 + x * 3 + (y == 'q')) % 10007
return t
---
a, *rest = [e.x for e in state]
return a * 10 + len(rest)
---
*rest, a = [e.x for e in state]
return a * 10 + sum(rest)
---
a, *_ = [e for e in state if e.name == 'Player']
return a.x
---
a = [e.x for e in state if e.name == 'Box']
if a: a[0], a[-1] = a[-1], a[0]
t = 0
for x in a: t = (t * 7 + x) % 10007
return t
---
a = [e.x for e in state if e.name == 'Box']
a[len(a) // 2] += 3
t = 0
for x in a: t = (t * 7 + x) % 10007
return t
---
a = [e.x for e in state if e.name == 'Box']
if len(a) > 2:
    del a[1]
t = 0
for x in a: t = (t * 7 + x) % 10007
return t
---
a = [e.x for e in state if e.name == 'Box']
a.remove(2)
t = 0
for x in a: t = (t * 7 + x) % 10007
return t
---
a = [e.x for e in state if e.name == 'Box']
b = [e.y for e in state if e.name == 'Box']
return (a == b) * 2 + (a != b)
---
a = sorted(e.x for e in state if e.name == 'Box')
return a == sorted((e.x for e in state if e.name == 'Box'), reverse=True)
---
a = [e.x for e in state if e.name == 'Box']
b = a
b.append(5)
a.pop(0)
return len(a) * 10 + len(b)
---
a = []
for e in state:
    if e.name == 'Player':
        continue
    a.append(e.x)
    if e.x > 3:
        break
t = 0
for x in a: t = (t * 7 + x) % 10007
return t
---
a = []
for e in state:
    if e.name == 'Wall':
        break
    a.append(e)
return len(a)
---
a = []
try:
    for e in state:
        a.append(e)
        if e.x == 2:
            raise ValueError
except ValueError:
    pass
return len(a)
---
a = []
def f(e):
    for b in state:
        if b.name == 'Player' and b.x == e.x:
            return
    a.append(e)
for e in state: f(e)
return len(a)
---
a = []
for e in state:
    try:
        for b in state:
            if b.name == 'Player' and b.x == e.x:
                raise ValueError
        a.append(e)
    except ValueError:
        pass
return len(a)
---
from functools import reduce
return reduce(lambda a, e: a * 3 % 1001 + e.x, state, 1)
---
from functools import reduce
return reduce(lambda a, b: a * 3 % 1001 + b, [e.x for e in state])
---
return sum(map(lambda a, b: a * b, [e.x for e in state], [e.y for e in state]))
---
a = [e.x for e in state]
return min(a) * 100 + max(a) + a.count(2)
---
def f(k):
    if k == 1:
        def g(n): return [e for e in state if e.x == n and e.y > 0]
    else:
        def g(n): return [e for e in state if e.x == n + 1]
    return g
h = f(len(action) - 7)
q = h(2)
return len(q)
---
def pick(n):
    return frozenset(e for e in state if e.x == n)
if len(action) > 7:
    s = pick(2)
else:
    s = pick(1)
return len(s)
---
a = [e.x for e in state]
for i, x in enumerate(a):
    if i + 1 < len(a): a[i + 1] = x + 1
return sum(a)
---
a = [1, 2, 3]
for i, x in enumerate(a):
    if i + 1 < len(a): a[i + 1] = x + 5
return sum(a)
---
a = [e.x for e in state]
b = [e.y for e in state]
t = 0
for x, y in zip(a, b):
    t = t * 3 % 1001 + x + y
    b[len(b) - 1] = 7
return t
---
a = [e.x for e in state]
for i, x in enumerate(a):
    a[i] = x * 2
return sum(a)
---
a = [e.x for e in state]
t = 0
for i, x in enumerate(list(a)):
    if x > 1: a.remove(x)
    t = t * 3 % 1001 + x
return t * 10 + len(a)
---
a = [e.x for e in state]
t = 0
for x in reversed(a):
    a[0] = 9
    t = t * 3 % 1001 + x
return t
""".strip("\n").split("\n---\n")
)
"""Bodies of ``value_of(state, action)`` that run natively."""

OTHER_LISTS = tuple(
    """\
a = []
for e in state:
    if e.x > 1:
        a.append(Box(e.x, e.y))
return (a[0] is a[0]) if a else 5
---
a = []
b = Box(3, 4)
for e in state:
    if e.x > 1:
        a.append(b)
b.x = 9
return (a[0].x) if a else 5
---
a = []
b = Box(3, 4)
for e in state:
    if e.x > 1:
        a.append(b)
return (a[0] is b) if a else 5
---
a = []
for e in state:
    if e.x > 1:
        a.append(e.x)
c = (x for x in a)
a.append(3)
return sum(c)
---
a = None
for e in state:
    b = []
    for f in state:
        if f.x == e.x: b.append(f.y)
    if a is None or len(b) > len(a):
        a = b
return sum(a) if a else 0
---
l = sorted([e for e in state])
return len(l)
---
return ' '.join(e.name for e in state if e.name == 'Player') == 'Player'
""".strip("\n").split("\n---\n")
)
"""Bodies that may be refused."""

LIST_TRANSITIONS = tuple(
    """\
a = sorted(state, key=lambda e: (e.name, e.y, e.x))
boxes = [e for e in a if e.name == 'Box']
if len(boxes) < 2:
    return state
place = a.index(boxes[1])
gone = a.pop(place)
if gone.x > 2:
    a.append(Box(gone.y, gone.x))
return set(a)
---
a = list(state)
i = len([e for e in a if e.name == 'Box']) - 1
if i >= 0:
    b = a[:i] + a[i + 1:]
else:
    b = a
return set(b)
---
a = list(state)
i = -1
for k, e in enumerate(a):
    if e.name == 'Box' and e.x == 2:
        i = k
a = a[:i] + a[i + 1:]
return set(a)
---
pos = lambda e: (e.x, e.y)
def relocate(src, dst, state):
    return frozenset(e if pos(e) != src else e.__class__(*dst) for e in state)
p = [e for e in state if e.name == 'Player'][0]
s = relocate((p.x + 1, p.y), (p.x + 2, p.y), state)
s = relocate((p.x, p.y), (p.x + 1, p.y), s)
return set(s)
---
pos = lambda e: (e.x, e.y)
def relocate(src, dst, state):
    return frozenset(e if pos(e) != src else e.__class__(*dst) for e in state)
p = [e for e in state if e.name == 'Player'][0]
s = state
if p.y > 1:
    s = relocate((p.x + 1, p.y), (p.x + 2, p.y), state)
return set(s)
---
next_state = set()
for e in state:
    if e.name != 'Player':
        next_state.add(e)
        continue
    next_state.add(Player(e.x + 1, e.y))
return next_state
---
entities = list(state)
players, boxes, others = [], [], []
for e in entities:
    if e.name == 'Player':
        players.append(e)
    elif e.name == 'Box':
        boxes.append(e)
    else:
        others.append(e)
if len(players) != 1:
    return entities
spots = [(b.x, b.y) for b in boxes]
if (players[0].x, players[0].y) in spots:
    k = spots.index((players[0].x, players[0].y))
    boxes[k] = Box(spots[k][0] + 1, spots[k][1])
players[0] = Player(players[0].x, players[0].y + 1)
return players + boxes + others
---
remaining = set(state)
doors = [e for e in remaining if e.name == 'Door']
door = doors.pop() if doors else None
if door is not None and door.color == 'red':
    remaining -= {door}
    remaining.add(Door(door.x, door.y, color='blue', open=len(doors) > 0))
return remaining
""".strip("\n").split("\n---\n")
)
"""Bodies of ``transition`` that run natively."""

NATIVE_ITERATORS = tuple(
    """\
it = iter(state)
while True:
    try:
        e = next(it)
    except StopIteration:
        return -1
    if e.name == 'Box' and e.x > 1:
        return e.x * 10 + e.y
---
it = iter([e.x for e in state])
a = next(it, -1)
b = next(it, -1)
return a * 100 + b * 10 + sum(it)
---
it = iter([e.x for e in state])
a = next(it, -1)
t = 0
for x in it:
    t = t * 3 % 1001 + x
    if x > 3: break
return a * 100 + t * 10 + len(list(it))
---
g = (e.x for e in state if e.x > 1)
a = next(g, 0)
b = next(g, 0)
return a * 10 + b
---
def gen():
    for e in state:
        if e.x > 1: yield e.x
g = gen()
return next(g, 0) * 10 + next(g, 0)
---
it = enumerate([e.x for e in state])
a = next(it)
i, x = next(it, (0, 0))
return i * 10 + x
---
it = iter(['p', 'q', 'r'])
t = 0
for e in state:
    c = next(it, None)
    if c == 'q': t = e.x
return t
---
it = iter(sorted(e.x for e in state))
t = 0
n = next(it, None)
while n is not None:
    t = t * 3 % 1001 + n
    n = next(it, None)
return t
---
it = iter([e.x for e in state])
return 3 in it and 2 in it
---
return list(reversed(e.x for e in state))[0]
---
it = iter([e.x for e in state])
for x in it:
    if x == 2: break
else:
    return -1
return sum(it)
---
t = 0
for e in state:
    it = iter([f.x for f in state if f.y == e.y])
    a = next(it, 0)
    b = next(it, 0)
    t = (t * 7 + a * 3 + b) % 10007
return t
---
def gen(n):
    yield n
    for e in state:
        if e.x > n: yield e.x
g = gen(1)
first = next(g)
rest = 0
for x in g: rest = rest * 3 % 1001 + x
return first * 2000 + rest
""".strip("\n").split("\n---\n")
)
"""Bodies that use an iterator in parts, and run natively."""

OTHER_ITERATORS = tuple(
    """\
n = 1
g = (e.x for e in state if e.x > n)
a = next(g, 0)
n = 2
b = next(g, 0)
return a * 10 + b
---
l = [e.x for e in state]
it = iter(l)
a = next(it, 0)
l.append(55)
return a + sum(it)
---
it = iter([e.x for e in state])
t = 0
for a, b in zip(it, it): t = (t * 7 + a * 3 + b) % 10007
return t
---
it = map(lambda e: e.x, state)
return next(it, 0) * 10 + next(it, 0)
---
it = (e.x for e in state)
n = 0
for a, b in zip(it, [e.y for e in state]):
    n = n * 7 % 1001 + a + b
return n * 2 + (next(it, None) is None)
---
it = iter([e.x for e in state])
n = sum(1 for x, y in zip([1, 2], it))
return n * 10 + next(it, 0)
---
return list(reversed(x for x in [1, 2]))[0]
---
def count(n):
    while True:
        yield n
        n += 1
g = count(3)
return next(g) * 10 + next(g)
---
k = 2
def gen():
    for e in state:
        if e.x > k: yield e.x
g = gen()
a = next(g, 0)
k = 0
return a * 10 + next(g, 0)
""".strip("\n").split("\n---\n")
)
"""Bodies that use an iterator in parts, and may be refused."""
