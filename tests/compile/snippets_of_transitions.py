"""Bodies of ``transition``, one thing that programs do with sets of entities each; between lines of dashes."""

from __future__ import annotations

__all__ = ["TRANSITIONS"]

_TEXT = r"""
for e in state: e.x += 1
return state
---
for e in state:
    if e.name == 'Box':
        e.x += 1
return state
---
return [e for e in state if e.name != 'Box']
---
return list(state) + list(state)
---
return set(state)
---
return {e for e in state if e.x > 1}
---
return (e for e in state)
---
g = (e for e in state)
list(g)
return g
---
return iter(state)
---
return ()
---
return []
---
return {}
---
return ''
---
return 'abc'
---
return None
---
return 5
---
return [None]
---
return [1, 2]
---
return [[e for e in state]]
---
return {e: 1 for e in state}
---
return tuple(state)
---
return frozenset(state)
---
return [Box(1, 1), Box(1, 1)]
---
return {Box(1, 1), Box(1, 1)}
---
return [Box(1, 1), Box(1.0, 1)]
---
return [Box(True, 1)]
---
return [Box('a', 1)]
---
return [Box(None, None)]
---
return [Box(100, 1)]
---
return [Box(-1, 1)]
---
return [Box(1, 1, color='red')]
---
return [Door(1, 1, color='red', open=True)]
---
return [Door(1, 1, color='red', open=1)]
---
return [Door(1, 1, color='green', open=True)]
---
return [Door(1, 1, color='red')]
---
return [Target(1, 1)]
---
class Foo(Entity): pass
return [Foo(1, 1)]
---
b = Box(1, 1)
return [b, b]
---
b = Box(1, 1)
s = {b}
b.x = 2
s.add(b)
return s
---
b = Box(1, 1)
s = {b}
b.x = 2
s.add(Box(2, 1))
return s
---
b = Box(1, 1)
s = {b}
b.x = 2
s.discard(b)
return s
---
b = Box(1, 1)
s = {b}
b.x = 2
b.x = 1
s.discard(b)
return s
---
b = Box(1, 1)
s = {b}
b.x = 2
return set(s)
---
b = Box(1, 1)
c = Box(2, 1)
s = {b, c}
b.x = 2
return set(list(s))
---
b = Box(1, 1)
c = Box(2, 1)
s = {b, c}
b.x = 2
return {e for e in s}
---
b = Box(1, 1)
c = Box(2, 1)
s = {b, c}
b.x = 2
return s | {Box(2, 1)}
---
b = Box(1, 1)
c = Box(2, 1)
s = {b, c}
b.x = 2
return s - {Box(2, 1)}
---
b = Box(1, 1)
c = Box(2, 1)
s = {b, c}
b.x = 2
s.remove(Box(1, 1))
return s
---
import copy
s = copy.deepcopy(state)
for e in s: e.x += 1
return state
---
import copy
s = copy.deepcopy(state)
for e in s:
    if e.name == 'Box': e.x += 1
return s
---
import copy
s = copy.copy(state)
for e in s:
    if e.name == 'Box': e.x += 1
return state
---
import copy
s = [copy.copy(e) for e in state]
for e in s:
    if e.name == 'Box': e.x += 1
return s
---
s = list(state)
for e in s:
    if e.name == 'Box': e.x += 1
return state
---
s = set()
for e in state:
    if e.name == 'Box': s.add(Box(e.x + 1, e.y))
    else: s.add(e)
return s
---
s = set()
for e in state:
    if e.name == 'Box': s.add(Box(2, e.y))
    else: s.add(e)
return s
---
s = []
for e in state:
    if e.name == 'Box': s.append(Box(2, e.y))
    else: s.append(e)
return s
---
s = []
for e in state:
    if e.name == 'Box' and e.x > 1: continue
    s.append(e)
return s
---
s = []
for e in state:
    if e.name == 'Box' and e.x > 2: break
    s.append(e)
return s
---
for e in list(state):
    if e.name == 'Box': state.remove(e)
return state
---
for e in list(state):
    if e.name == 'Box':
        state.remove(e)
        state.add(Box(e.x + 1, e.y))
return state
---
for e in list(state):
    if e.name == 'Box' and e.x == 2:
        state.remove(e)
        break
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b is not None:
    state.remove(b)
return state
---
b = next((e for e in state if e.name == 'Box'), None)
state.discard(b)
return state
---
b = next((e for e in state if e.name == 'Box'), None)
state.remove(b)
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    state.discard(b)
    b.x += 1
    state.add(b)
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    b.x += 1
    state.add(b)
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    b.x += 1
    state.discard(b)
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    b.x += 1
    state = {e for e in state}
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    b.x += 1
    state = set(state)
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    b.x += 1
    state = state | {Box(b.x, b.y)}
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    b.x += 1
    state = state - {b}
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    state = state - {b}
    state = state | {Box(b.x + 1, b.y)}
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    state.remove(Box(b.x, b.y))
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    state.add(Box(b.x, b.y))
return state
---
b = next((e for e in state if e.name == 'Box'), None)
if b:
    state.add(Door(b.x, b.y, color='red', open=True))
return state
---
state.add(Box(2, 2))
return state
---
state.add(Box(2, 2))
state.add(Box(2, 2))
return state
---
state.update([Box(2, 2), Box(3, 3)])
return state
---
state.clear()
return state
---
state |= {Box(1, 1)}
return state
---
state = state | {Box(1, 1)}
state.discard(Box(2, 2))
return state
---
state ^= {Box(2, 2)}
return state
---
s = state.copy()
s.discard(next(iter(s)))
return s
---
s = state.copy()
e = s.pop()
return s
---
return state.difference(get_entities_by_name(state, 'Box'))
---
return state.difference(e for e in state if e.name == 'Box')
---
return state.union([Box(1, 1)], [Box(2, 2)])
---
return state & {Box(2, 2)}
---
return state.symmetric_difference([Box(2, 2)])
---
d = next((e for e in state if e.name == 'Door'), None)
if d is not None:
    d.open = not d.open
return state
---
d = next((e for e in state if e.name == 'Door'), None)
if d is not None:
    d.color = 'green'
return state
---
d = next((e for e in state if e.name == 'Door'), None)
if d is not None:
    d.color = 'red' if d.color == 'blue' else 'blue'
return state
---
for d in state:
    if d.name == 'Door':
        d.color, d.open = ('red', True) if d.open else ('blue', False)
return state
---
for d in state:
    if d.name == 'Door':
        setattr(d, 'x' if d.open else 'y', 3)
return state
---
for e in state:
    if e.name == 'Box':
        e.x = e.x / 1
return state
---
for e in state:
    if e.name == 'Box':
        e.x = str(e.x)
return state
---
for e in state:
    if e.name == 'Box':
        e.x = None
return state
---
for e in state:
    if e.name == 'Box':
        e.x = [1, 2]
return state
---
for e in state:
    if e.name == 'Box':
        e.size = 5
return state
---
for e in state:
    if e.name == 'Box':
        e.size = 5
        del e.size
return state
---
for e in state:
    if e.name == 'Box':
        e.name = 'Crate'
return state
---
for e in state:
    if e.name == 'Box':
        e.name = 'Door'
return state
---
for e in state:
    if e.name == 'Box':
        e.__class__ = Target
return state
---
bs = [e for e in state if e.name == 'Box']
for b in bs: b.x += 1
if len([e for e in state if e.x == 3]) > 1:
    for b in bs: b.y += 1
return state
---
bs = [e for e in state if e.x == 2]
for b in bs: b.x += 1
return [e for e in state if e in bs]
---
bs = [e for e in state if e.x == 2]
n = len(bs)
for b in bs: b.x += n
return state
---
bs = [e for e in state if e.x == 2]
for b in bs:
    b.x += 1
    for c in bs: c.y = b.x
return state
---
pos = [(e.x, e.y) for e in state if e.name == 'Box']
for e in state:
    if e.name == 'Box': e.x += 1
return [Box(x, y) for x, y in pos]
---
pos = {(e.x, e.y) for e in state if e.name == 'Box'}
for e in state:
    if e.name == 'Box' and (e.x + 1, e.y) not in pos: e.x += 1
return state
---
for e in state:
    if e.name == 'Box' and not any(o.x == e.x + 1 and o.y == e.y for o in state): e.x += 1
return state
---
for e in state:
    if e.name == 'Box' and not get_entities_by_position(state, e.x, e.y + 1): e.y += 1
return state
---
a = next((e for e in state if e.name == 'Box'), None)
b = next((e for e in state if e.name == 'Door'), a)
if a is b: return []
if b is not None: b.x += 1
return state
---
a = next((e for e in state if e.name == 'Box'), None) or next((e for e in state if e.name == 'Door'), None)
if a: a.x += 1
return state
---
xs = [next((e for e in state if e.name == n), None) for n in ('Box', 'Door', 'Player')]
for e in xs:
    if e is not None: e.x += 1
return state
---
xs = sorted(state, key=lambda e: (e.name, e.x, e.y))
if xs: xs[0].x += 1
return xs
---
best = min((e for e in state if e.name == 'Box'), key=lambda e: e.x, default=None)
if best: best.x += 1
return state
---
best = max(state, key=lambda e: e.x + e.y)
best.x += 1
return state
---
for i, e in enumerate(state):
    if i == 1: e.x += 1
return state
---
for e, f in zip(list(state), list(state)[1:]):
    e.x = f.x
return state
---
class Acc:
    pass
return state
---
def go(e):
    e.x += 1
    return e
return {go(e) for e in state}
---
def go(e):
    e.x += 1
    return e
return [go(e) for e in state if e.name == 'Box']
---
def go(e):
    e.x += 1
    return e
return list(map(go, state))
---
def gen():
    for e in state:
        if e.name == 'Box': yield Box(e.x + 1, e.y)
        else: yield e
return gen()
---
def gen():
    for e in state:
        e.x += 1
        yield e
return set(gen())
---
def gen():
    for e in state:
        e.x += 1
        yield e
g = gen()
n = next(g, None)
return state
---
def gen():
    yield from state
return list(gen())
---
try:
    b = [e for e in state if e.name == 'Box'][0]
    b.x += 1
    c = [e for e in state if e.name == 'Box'][2]
    c.x += 1
except IndexError:
    return state
return [c]
---
try:
    for e in state:
        e.x += 1
        if e.open: e.y += 1
except AttributeError:
    pass
return state
---
d = {}
for e in state:
    d[e.name] = e
return list(d.values())
---
d = {}
for e in state:
    d[(e.x, e.y)] = e
return list(d.values())
---
d = {e: e.x for e in state}
for e in d: e.x += 1
return list(d)
---
s = state
s.add(Box(3, 3))
return state
---
s = set(state)
s.add(Box(3, 3))
return state
---
while True:
    b = next((e for e in state if e.name == 'Box' and e.x < 4), None)
    if b is None: break
    b.x += 1
return state
---
n = 0
while n < 3:
    for e in state:
        if e.name == 'Box': e.x = (e.x + 1) % 8
    n += 1
return state
---
x, y = 2, 2
while any(e.x == x and e.y == y for e in state):
    x += 1
return [Box(x, y)]
---
if action == 'move up': return state
return [e for e in state if e.x != 2]
---
dx, dy = DIRECTIONS[action]
p = next((e for e in state if e.name == 'Player'), None)
if p is None: return state
q = [e for e in state if (e.x, e.y) == (p.x + dx, p.y + dy)]
for e in q:
    if isinstance(e, (Box, Door)): e.x, e.y = e.x + dx, e.y + dy
p.x, p.y = p.x + dx, p.y + dy
return state
---
ents = list(state)
ents.sort(key=lambda e: e.x)
return ents[:2]
---
ents = list(state)
ents.remove(ents[0])
return ents
---
ents = list(state)
ents.pop()
return ents
---
ents = list(state)
if ents: ents[0] = Box(5, 5)
return ents
---
ents = list(state)
for i in range(len(ents)):
    if ents[i].name == 'Box':
        ents[i] = Box(ents[i].x + 1, ents[i].y)
return ents
---
ents = list(state)
del ents[0]
return ents
---
ents = list(state)
ents.reverse()
return ents
---
boxes = []
rest = []
for e in state: (boxes if e.name == 'Box' else rest).append(e)
if boxes: boxes[0] = Box(6, 6)
return boxes + rest
---
b = Box(1, 1)
l = [b]
b.x = 5
return l
---
b = Box(1, 1)
l = [b for _ in range(2)]
l[0].x = 3
return l
---
l = [Box(1, 1) for _ in range(2)]
l[0].x = 3
return l
---
l = [Box(e.x, e.y) for e in state]
for b in l: b.x += 1
return l
---
l = [Box(e.x, e.y) for e in state]
m = l
m.append(Box(7, 7))
return l
---
p = next(iter(state), None)
q = p
if q: q.x = 6
return [p] if p else []
---
a = {Box(1, 1)}
b = a
b |= {Box(2, 2)}
return a
---
a = {Box(1, 1)}
b = a
b = b | {Box(2, 2)}
return a
---
out = set(state)
for e in state:
    if e.name == 'Box':
        out.discard(e)
        out.add(Box(e.x + 1, e.y))
return out
---
out = set(state)
for e in [e for e in state if e.name == 'Box']:
    out.remove(e)
return out
---
out = set()
for e in state:
    out |= {e}
return out
---
out = []
for e in state:
    out = out + [e]
return out
---
out = []
for e in state:
    out = [e] + out
return out
---
out = ()
for e in state:
    out += (e,)
return out
---
last = None
for e in state:
    last = e
return [last]
---
first = None
for e in state:
    if first is None: first = e
return [first] if first else []
---
count = 0
for e in state:
    if e.name == 'Box':
        count += 1
        if count == 2: e.x += 1
return state
---
total = sum(e.x for e in state)
return [Box(total % 8, total // 8)]
---
seen = set()
out = []
for e in state:
    if (e.x) not in seen:
        seen.add(e.x)
        out.append(e)
return out
---
b = [e for e in state if e.name == 'Box']
return [e for e in state if e not in b]
---
b = [e for e in state if e.name == 'Box']
return [e for e in state if not any(e is o for o in b)]
---
b = [e for e in state if e.name == 'Box']
for e in b: e.x += 1
return [e for e in state if e not in b]
---
b = [e for e in state if e.name == 'Box']
c = [Box(e.x + 1, e.y) for e in b]
for e in b: e.x += 1
return b + [e for e in c if e not in b]
---
for e in state:
    if e.name == 'Box':
        e.x = 1
return {e for e in state}
---
x = 1
taken = [e for e in state if e.x == x]
for e in taken:
    x = x + 1
    e.y = x % 8
return state
---
def gen(n):
    while n:
        yield n
        n -= 1
numbers = list(gen(3))
return [Box(sum(numbers) % 8, y) for y in numbers]
---
def pick(x):
    return [e for e in state if e.x == x]
a, b = pick(1), pick(2)
return a + b
---
fs = []
for i in (1, 2):
    fs.append(lambda e: e.x == i)
return [e for e in state if fs[0](e)]
---
found = []
boxes = [found.append(e) for e in state if e.name == 'Box']
return found
---
boxes = [(last := e) for e in state if e.name == 'Box']
return [last]
---
if len(state) > 4:
    mine = [e for e in state if e.x == len(state) - 4]
else:
    mine = [e for e in state if e.x == 2]
return mine
---
state.discard(Box(2, 2))
return state
---
for e in list(state):
    if e.name == 'Box': state.add(Box(e.x + 1, e.y))
return state
---
for e in list(state):
    if e.name == 'Box' and e.x > 1: state.remove(e)
return state
---
import copy
for e in state: e.x = 1
return copy.deepcopy(state)
"""

TRANSITIONS = tuple(_TEXT.strip("\n").split("\n---\n"))
