"""Bodies of ``transition`` about few rows, rows in order and loops without a count; between lines of dashes."""

from __future__ import annotations

__all__ = ["ROUND_TRANSITIONS"]

_TEXT = r"""
a, b = (e.name for e in sorted(state, key=lambda e: e.name)[:2])
return state if a <= b else set()
---
one, two, three = (k for k in (Box, Player, Wall))
return {e for e in state if isinstance(e, one)} | {e for e in state if isinstance(e, two)}
---
try:
    one, two = (k for k in (Box, Player, Wall))
except ValueError:
    return {e for e in state if not isinstance(e, Box)}
return state
---
try:
    one, two = (1 // k for k in (1, 2, 0))
except ZeroDivisionError:
    return set()
except ValueError:
    return state
---
try:
    one, two = (1 // k for k in (1, 2, 3, 0))
except ZeroDivisionError:
    return set()
except ValueError:
    return state
---
log = []
def note(k):
    log.append(k)
    return k
try:
    one, two = (note(k) for k in (1, 2, 3, 4))
except ValueError:
    pass
return {e for e in state if e.x != len(log)}
---
dx, dy = map(int, ('1', '0'))
for e in state:
    if e.name == 'Player': e.x += dx
return state
---
dx, dy = map(lambda k: k * 2, (0, 1, 2))
return state
---
p = next((e for e in state if e.name == 'Player'), None)
if p is None: return state
return {Box(e.x + 1, e.y) if e.name == 'Box' and e.x == p.x else e for e in state}
---
return {Box(2, 2) if e.name == 'Box' and e.x > 1 else e for e in state}
---
return frozenset(Box(2, e.y) if e.name == 'Box' and e.x == 3 else e for e in state)
---
moved = frozenset(Box(e.x, 2) if e.name == 'Box' and e.y == 1 else e for e in state)
again = frozenset(Box(e.x + 1, e.y) if e.name == 'Box' and e.x == 2 else e for e in moved)
return set(again)
---
moved = [Box(e.x + 1, e.y) if e.name == 'Box' and e.y == 1 else e for e in state]
for e in moved:
    if e.name == 'Box': e.x += 1
return moved
---
moved = [Box(e.x + 1, e.y) if e.name == 'Box' and e.y == 1 else e for e in state]
for e in moved:
    if e.name == 'Box': e.x += 1
return state
---
moved = {Box(e.x + 1, e.y) if e.name == 'Box' and e.y == 1 else e for e in state}
for e in moved:
    if e.name == 'Box': e.y += 1
return moved
---
moved = [Box(e.x + 1, e.y) if e.name == 'Box' and e.y == 1 else e for e in state]
return [e for e in moved if not any(e is other for other in state)]
---
boxes = [Box(e.x, e.y, heavy=True) if e.x == 2 else e for e in state if e.name == 'Box']
return [Box(e.x, e.y) for e in boxes if hasattr(e, 'heavy')]
---
boxes = frozenset(Box(e.x, [e.y]) if e.x == 2 else e for e in state if e.name == 'Box')
return state
---
first = set(e for e in state if e.name == 'Box')
second = set(e for e in state if e.name == 'Player')
chosen = first if len(second) else second
return set(chosen)
---
for e in state:
    if e.name == 'Box': e.x = 2
chosen = state if action == 'move up' else set(state)
return set(chosen)
---
return sorted((e for e in state if e.name == 'Box'), key=lambda e: (e.x, e.y))
---
boxes = sorted([e for e in state if e.name == 'Box'], key=lambda e: e.x)
return state if not boxes else [e for e in state if e is not boxes[-1]]
---
boxes = sorted((e for e in state if e.name == 'Box'), key=lambda e: e.y)
return state if not boxes else [e for e in state if e is not boxes[0]]
---
boxes = sorted((e for e in state if e.name == 'Box'), key=lambda e: (e.x, e.y), reverse=True)
return state if not boxes else [e for e in state if e is not boxes[0]]
---
for e in state:
    if e.name == 'Box': e.x = 5 - e.x
boxes = sorted((e for e in state if e.name == 'Box'), key=lambda e: (e.x, e.y))
return state if not boxes else [e for e in state if e is not boxes[0]]
---
boxes = [e for e in state if e.name == 'Box']
if len(boxes) < 2: return state
ordered = sorted((e for e in state if e.name == 'Box'), key=lambda e: (boxes[0].x, e.y))
return [e for e in state if e is not ordered[-1]]
---
boxes = sorted((e for e in state if e.name == 'Box'), key=lambda e: (e.x, e.y))
for e in boxes: e.x = 5 - e.x
return state if not boxes else [e for e in state if e is not boxes[0]]
---
def some(entities):
    for e in entities:
        if e.name == 'Box':
            yield e
            if e.x == 2: return
boxes = sorted(some(state), key=lambda e: (e.x, e.y))
return boxes
---
def some(entities):
    if len(entities) < 4: return
    for e in entities:
        if e.name == 'Box': yield e
return sorted(some(state), key=lambda e: (e.x, e.y)) + [e for e in state if e.name == 'Player']
---
def twice(entities):
    for e in entities:
        if e.name == 'Box':
            yield e
            yield e
return sorted(twice(state), key=lambda e: (e.x, e.y))
---
p = next((e for e in state if e.name == 'Player'), None)
if p is None: return state
chain, x = [p], p.x
while True:
    x += 1
    box = next((e for e in state if e.name == 'Box' and (e.x, e.y) == (x, p.y)), None)
    if box is None: break
    if len(chain) == 2: return state
    chain.append(box)
return state.difference(chain) | {e.__class__(e.x + 1, e.y) for e in chain}
---
p = next((e for e in state if e.name == 'Player'), None)
if p is None: return state
chain, x = [p], p.x
while True:
    x += 1
    box = next((e for e in state if e.name == 'Box' and (e.x, e.y) == (x, p.y)), None)
    if box is None: break
    chain.append(box)
for e in chain: e.x += 1
return state
---
found, k = [], 0
while True:
    k += 1
    if k > 3: break
    found.append(k)
return {e for e in state if e.x in found}
---
found, k = [], 0
while True:
    k += 1
    if k > 40: break
    found.append(k * 2)
return {e for e in state if e.x in found}
---
found = []
k = len(state)
while k > 0:
    k -= 1
    found.append(k)
return {e for e in state if e.x in found}
---
p = next((e for e in state if e.name == 'Player'), None)
boxes = [e for e in state if e.name == 'Box']
if p is None or not boxes: return state
gone = [p]
if boxes[0].x == 2: gone.append(boxes[0])
next_state = set(state).difference(gone)
next_state.update(e.__class__(e.x + 1, e.y) for e in gone)
return next_state
---
boxes = [e for e in state if e.name == 'Box']
if not boxes: return state
gone = [boxes[0]]
if boxes[0].x == 2: gone.append(boxes[-1])
next_state = set(state).difference(gone)
next_state.update(e.__class__(e.x + 1, e.y) for e in gone)
return next_state
---
boxes = [e for e in state if e.name == 'Box']
extra = []
if len(boxes) > 1: extra.append(Box(boxes[0].x, boxes[0].y))
if len(boxes) > 2: extra.append(Box(boxes[0].x, boxes[0].y))
return state | set(extra)
---
for e in state:
    if e.name == 'Box': e.x = 2
boxes = [e for e in state if e.name == 'Box']
gone = [b for b in boxes[:1] if b.y == 1]
return state.difference(gone)
---
before = {(e.x, e.y) for e in state if e.name == 'Box'}
for e in state:
    if e.name == 'Box' and e.x > 1: e.x -= 1
after = {(e.x, e.y) for e in state if e.name == 'Box'}
return [*state, Door(len(after - before), len(after), color='red', open=True)]
---
for e in state:
    if e.name == 'Box': e.x = e.y
rows = {e.x for e in state if e.name == 'Box'}
return [*state, Door(len(rows), sum(rows), color='red', open=max(rows, default=0) > 1)]
---
for e in state:
    if e.name == 'Box': e.trace = e.x * 2
marks = {e.trace for e in state if e.name == 'Box'}
for e in state:
    if e.name == 'Box': del e.trace
return [*state, Door(len(marks), len(marks & {2, 4}), color='red', open=False)]
---
places = sorted([(e.x, e.y) for e in state if e.name == 'Box'])
return {e for e in state if not places or (e.x, e.y) != places[-1]}
---
places = sorted([(e.y, e.x) for e in state if e.name == 'Box'])
return {e for e in state if not places or (e.y, e.x) != places[-1]}
---
places = sorted((e.x for e in state if e.name == 'Box'))
return {e for e in state if not places or e.x != places[0]}
---
places = sorted((e.y for e in state if e.name == 'Box'))
return {e for e in state if not places or e.y != places[0]}
---
places = sorted([(e.x, e.y) for e in state if e.name == 'Box'])
for e in state: e.x = 5 - e.x
return {Box(x, y) for x, y in places}
---
places = sorted([(e.x, e.y, e.name) for e in state if e.name in ('Box', 'Door')])
return {e for e in state if not places or (e.x, e.y, e.name) != places[0]}
---
names = ['move left', 'move up', 'move down']
try:
    dx = (-1, 0, 0, 5)[names.index(action)]
except ValueError:
    return set()
return {e for e in state if e.x != 2 + dx}
---
steps = [1, 0]
try:
    dx = steps[{'move up': 0, 'move down': 2, 'move left': -2}.get(action, 1)]
except IndexError:
    return set()
return {e for e in state if e.x != 1 + dx}
---
steps = [1, 0]
dx = steps[{'move up': 0, 'move down': 2, 'move left': -3}.get(action, 1)]
return {e for e in state if e.x != 1 + dx}
---
here = [e for e in state if (e.x, e.y) == (2, 2)]
if not here: return state
first = min(here, key=lambda e: e.name)
first.x = 4
return state
---
here = [e for e in state if e.x == 2]
if not here: return state
last = max(here, key=lambda e: e.name)
last.y = 4
return state
---
near = [e for e in state if abs(e.x - 2) + abs(e.y - 2) == 0]
return state if near else {e for e in state if abs(e.x - 1) * 3 + abs(e.y - 1) != 0}
---
return {e for e in state if abs(e.x - 2) - abs(e.y - 2) != 0}
---
import math
return {e for e in state if math.hypot(e.x - 2, e.y - 2) > 0.5 and math.hypot(e.x - 1, e.y - 3) >= 1}
"""

ROUND_TRANSITIONS = tuple(body.strip("\n") for body in _TEXT.split("\n---\n"))
