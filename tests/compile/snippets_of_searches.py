"""Bodies of ``transition`` with queues, and with sets and dicts that grow in searches from cell to cell.

Those in ``NATIVE_SEARCHES`` must be specialised; of the others it is only asked that what is specialised is exact.
"""

__all__ = ["NATIVE_SEARCHES", "OTHER_SEARCHES"]

_NATIVE = """
from collections import deque
start = next(((e.x, e.y) for e in state if e.name == 'Player'), (1, 1))
walls = {(e.x, e.y) for e in state if e.name == 'Wall'}
queue, seen = deque([start]), {start}
while queue:
    x, y = queue.popleft()
    for dx, dy in DIRECTIONS.values():
        at = (x + dx, y + dy)
        if 0 <= at[0] < 5 and 0 <= at[1] < 5 and at not in walls and at not in seen:
            seen.add(at)
            queue.append(at)
return [Box(len(seen) % 8, len(queue))]
---
from collections import deque
start = next(((e.x, e.y) for e in state if e.name == 'Player'), (1, 1))
goal = next(((e.x, e.y) for e in state if e.name == 'Door'), (3, 3))
walls = {(e.x, e.y) for e in state if e.name in ('Wall', 'Box')}
queue = deque([start])
parents = {start: None}
while queue:
    cell = queue.popleft()
    if cell == goal: break
    for dx, dy in DIRECTIONS.values():
        at = (cell[0] + dx, cell[1] + dy)
        if at in walls or at in parents or not (0 <= at[0] < 6 and 0 <= at[1] < 6): continue
        parents[at] = cell
        queue.append(at)
if goal not in parents: return state
path = []
cell = goal
while cell is not None:
    path.append(cell)
    cell = parents[cell]
step = path[-2] if len(path) > 1 else path[0]
return [Box(step[0], step[1]), Box(len(path) % 8, 0)]
---
from collections import deque
source = next(((e.x, e.y) for e in state if e.name == 'Player'), (2, 2))
dist = {source: 0}
todo = deque()
todo.append(source)
while len(todo) > 0:
    x, y = todo.popleft()
    for dx, dy in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        nx, ny = x + dx, y + dy
        if nx < 0 or ny < 0 or nx > 4 or ny > 4: continue
        if (nx, ny) not in dist:
            dist[(nx, ny)] = dist[(x, y)] + 1
            todo.append((nx, ny))
total = 0
for e in state:
    total += dist.get((e.x, e.y), 100)
last = 0
for cell in dist: last = cell[0] * 5 + cell[1]
return [Box(total % 7, last % 7), Box(sum(dist.values()) % 7, max(dist.values()) % 8)]
---
best = {}
for n in range(3 + len(state)):
    best[n * n % 5] = n
k, n = 0, 0
while k < 3 + len(state):
    best[k % 4] = best.get(k % 4, 0) + k
    k += 1
for key, value in best.items(): n = (n * 3 + key + value) % 1000
return [Box(n % 8, len(best))]
---
memo = {}
k = len(state)
while k < 20:
    memo[k] = k
    k += 2
j = 0
while j < 20:
    if j in memo and j % 3 == 0: del memo[j]
    j += 1
n = 0
for key in memo: n = n * 2 % 1000 + key
memo[4] = 1
gone = memo.pop(5, 9)
return [Box(n % 8, (len(memo) + gone) % 8)]
---
from collections import deque
queue = deque(e.x for e in state)
queue.appendleft(9)
queue.rotate(1)
n = 0
while queue:
    n = n * 3 % 1000 + queue.pop() + len(queue)
    if queue: n += queue[0] + queue[-1]
    if n % 5 == 0 and queue: queue.popleft()
return [Box(n % 8, len(queue))]
---
from collections import deque
log = deque([3, 1, 2])
log.extend([4, 5])
log.extendleft([6, 7])
log.rotate(-2)
log.remove(4)
log.insert(1, 8)
log.reverse()
other = log.copy()
other += deque([1])
n = 0
for k in log: n = n * 9 % 9973 + k
same = log == other or list(log) == log
kinds = isinstance(log, deque) + 2 * isinstance(log, list)
return [Box(n % 8, len(other)), Box(log.index(8), log.count(1) + same), Box(kinds, 0)]
---
seen = set()
x, y = len(state) % 4, 2
while (x, y) not in seen:
    seen.add((x, y))
    x, y = (x * 3 + 1) % 5, (y + x) % 4
    if len(seen) > 3 and (1, 2) in seen: seen.discard((1, 2))
    if (x, y) == (2, 2): seen.add((1, 2))
n = 0
for a, b in seen: n = n * 3 % 1000 + a + b
return [Box(n % 8, len(seen) % 8)]
---
seen, n = set(), 0
k = len(state)
while k not in seen and n < 30:
    seen.add(k)
    k = (k * 7 + 3) % 11 - 5
    n += 1
return [Box(n % 8, len(seen) % 8), Box(2.0 in seen, True in seen)]
---
boxes = get_entities_by_name(state, 'Box')
walls = {(e.x, e.y) for e in state if e.name in ('Wall', 'Door')}
occupied = {(b.x, b.y) for b in boxes} | walls
for b in boxes:
    for dx, dy in ((1, 0), (0, 1), (-1, 0)):
        to = (b.x + dx, b.y + dy)
        if to not in occupied:
            occupied.discard((b.x, b.y))
            b.x, b.y = to
            occupied.add(to)
            break
return [*boxes, Player(len(occupied) % 8, 0)]
---
places = {(e.x, e.y) for e in state} | {(1, 1), (2, 2)}
places.discard((2, 2))
places.remove((1, 1))
n = 0
for x, y in places: n = n * 3 % 997 + x + y
return [Box(n % 8, len(places) % 8), Box((1, 1) in places, (4, 4) in places)]
---
events = [('start', 1)]
for e in state:
    if e.name == 'Box': events.append(('push', e, 1, 0))
    elif e.name == 'Player': events.append(('step', e.x, e.y))
    elif e.name == 'Door': events.append(('open', e))
made, n = [], 0
while events:
    event = events.pop(0)
    match event:
        case ('push', box, dx, dy):
            made.append(Box(box.x + dx, box.y + dy))
            if box.x == 2: events.append(('count', 3))
        case ('step', x, y): n += x * 2 + y
        case ('open', door): n += 4 if door.open else 1
        case ('start', k) | ('count', k): n += k
        case _: n += 100
return [*made, Player(n % 8, len(made))]
---
todo = [('north', 2), ('wait', None)]
if len(state) > 3: todo.append(('stop',))
n = 0
while todo:
    kind, *rest = todo.pop()
    if kind == 'stop' and len(state) > 8: break
    if kind == 'north': n += rest[0]
    elif kind == 'wait' and n < 5: todo.append(('north', 4))
    n += len(rest)
return [Player(n % 8, len(todo))]
"""

_OTHER = """
seen, k = {1}, len(state)
while k > 0:
    seen.add(k)
    k -= 1
more = seen.copy()
seen.discard(1)
seen.add(1)
found = 1 in more
more.add(7)
return [Box(found, 7 in seen), Box(7 in more, len(seen) % 8)]
---
seen, k = {1}, len(state)
while k > 0:
    seen.add(k)
    k -= 1
order = list(seen)
order.append(1)
order.append(9)
return [Box(order.count(1), 9 in order), Box(9 in seen, len(seen) % 8)]
---
from collections import deque
queue = deque()
if len(state) > 2: queue.append(1)
n = queue.popleft()
return [Box(n, 0)]
---
from collections import deque
queue = deque([1, 2], maxlen=2)
queue.append(3)
return [Box(queue[0], len(queue))]
---
from collections import deque
queue = deque([1, 2, 3])
return [Box(len(queue[1:]), 0)]
---
from collections import deque
queue = deque([e for e in state])
for e in queue: queue.append(e)
return list(queue)
---
from collections import deque
return {deque([1]): 2}
---
from collections import deque
return [Box(len(deque([1]) + [2]), 0)]
---
from collections import deque
queue = deque(sorted((e.x, e.y) for e in state))
queue[0] = (7, 7)
del queue[-1]
n = 0
for x, y in queue: n = n * 5 % 997 + x + y
return [Box(n % 8, len(queue))]
---
d = {}
k = 0
while k < len(state) + 2:
    d[k] = [k]
    k += 1
return [Box(len(d), 0)]
---
d = {}
k = 0
while k < len(state) + 2:
    d[k] = k
    k += 1
c = dict(d)
c[1] = 7
d.clear()
d[3] = 3
return [Box(c[1], c[0]), Box(len(c), len(d))]
---
d = {(0, 0): 'a'}
k = 0
while k < len(state) + 2:
    d[k, k + 1] = 'b' if k % 2 else 'c'
    k += 1
return [Box(k % 8, sum(v == 'b' for v in d.values())), Box('a' in d.values(), ((1.0, 2) in d) + 2 * ((0, 0) in d))]
---
count = {}
k = 0
while k < 4 + len(state):
    key = 'even' if k % 2 == 0 else 'odd'
    count[key] = count.get(key, 0) + k
    k += 1
return [Box(count['even'] % 8, count['odd'] % 8)]
---
d = {}
k = 0
while k < len(state) + 2:
    d.setdefault(k % 3, k)
    k += 1
for key in d:
    d[key] += 1
for key in d:
    d[key + 10] = 1
return [Box(sum(d.values()) % 8, 0)]
---
d = {(e.x, e.y): 1 for e in state}
for x, y in d:
    d[(x + 10, y)] = 1
return [Box(len(d) % 8, 0)]
---
d = {(e.x, e.y): e.x for e in state}
for key, value in d.items():
    d[key] = value + 1
return [Box(sum(d.values()) % 8, 0)]
"""

NATIVE_SEARCHES = tuple(_NATIVE.strip("\n").split("\n---\n"))
OTHER_SEARCHES = tuple(_OTHER.strip("\n").split("\n---\n"))
