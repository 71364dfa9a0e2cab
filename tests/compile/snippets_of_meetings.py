"""Where paths meet that did different things, and what is asked of a list again: bodies of rewards and transitions."""

__all__ = ["MEETING_TRANSITIONS", "MEETING_VALUES"]

_VALUES = r"""
front = [e for e in state if e.x == 2]
if action == 'move up': front.append(Box(0, 0))
elif action == 'move down': front.insert(0, Box(0, 1))
else: front = front + [Wall(0, 2)]
return sum((k + 1) * (e.x + 8 * e.y) for k, e in enumerate(front))
---
names = []
if action in ('move up', 'move left'): names.append('a')
if len(state) > 5: names.append('bb')
else: names += ['ccc', 'dddd']
if action == 'move up': names.append('eeeee')
return sum(len(n) * (k + 1) for k, n in enumerate(names)) + 100 * len(names)
---
items = [e for e in state if e.name == 'Box']
if items and items[0].x == 2:
    items.remove(items[0])
elif len(items) == 1:
    items.append(items[0])
    items.append(Box(1, 1))
return sum((k + 1) * (e.x + 8 * e.y) for k, e in enumerate(items)) + 100 * len(items)
---
d = {}
if action == 'move up': d['a'] = 1
elif action == 'move down': d['b'] = 2
else: d['b'], d['a'] = 3, 4
return sum((k + 1) * v * len(n) for k, (n, v) in enumerate(d.items())) + 10 * d.get('a', 7) + ('b' in d)
---
grid = {(e.x, e.y): e for e in state if e.name != 'Player'}
if (2, 2) in grid and action == 'move up': gone = grid.pop((2, 2))
elif action == 'move down': grid[1, 1] = Box(1, 1)
else: grid[2, 3] = grid.get((2, 2))
return len(grid) + 10 * ((2, 2) in grid) + 100 * ((1, 1) in grid) + 1000 * (grid.get((2, 3)) is None)
---
grid = {(e.x, e.y): e.name for e in state}
if action == 'move up': grid.pop((2, 2), None)
if action != 'move left': grid[2, 2] = 'new'
if action == 'move down': del grid[2, 2]
return sum((k + 1) * len(v) for k, v in enumerate(grid.values())) + len(grid.get((2, 2), ''))
---
front = [e for e in state if (e.x, e.y) == (2, 2)]
if not front: return 1
if front[0].name == 'Box': return 2
if front[0].name in ('Door', 'Player') and len(front) == 1: return 3 + front[0].x
return 7 + len(front) + len(front[-1].name)
---
front = [e for e in state if (e.x, e.y) == (2, 2)]
kinds = [type(e).__name__ for e in front]
match action, kinds:
    case 'move up', []: return 1
    case 'move up', ['Box'] | ['Door']: return 2 + front[0].x
    case _, [('Box' | 'Door')]: return 5 + front[0].y
    case 'move down', [_, second]: return 9 + len(second)
    case _, [first]: return 20 + len(first)
return 50
---
front = [e for e in state if e.x == 2]
where = [e.y for e in front]
if len(where) > 1 and where[0] == 2: return where[1] + 10
if where and where[-1] == 3: return where[0] + 20
return len(where) + len(front)
---
front = [e for e in state if e.x == 2]
where = [e.y for e in front]
if front: front[0].y = 5
return where[0] + 10 * len(where) if where else -1
---
front = [e for e in state if e.x == 2]
if not front: return -1
front[0].x = 3
again = [e for e in state if e.x == 2]
return front[0].x + 10 * len(front) + 100 * len(again)
---
boxes = [e for e in state if e.name == 'Box']
seen = []
for e in boxes:
    if boxes[0] is e or boxes[-1] == e: seen.append(e.x + e.y)
return sum(seen) + 100 * len(seen)
---
first = next((e for e in state if e.x == 2), None)
last = None
for e in state:
    if e.y == 2: last = e
return (first == last) + 2 * (first is last) + 4 * (first in [last, Box(2, 2)]) + 8 * (last != None)
---
e = next((e for e in state if e.y == 2), None)
kind = 'none' if e is None else e.name
if kind == 'Box' or kind == 'Door': return e.x
if not (kind == 'Player' or kind == 'none'): return 10 + e.y
return len(kind)
---
e = next((e for e in state if e.y == 2), None)
if e is not None and (e.name == 'Wall' or e.name == 'Box') and e.x > 1: return e.x
if e is None or e.name != 'Player': return 20
return 30 + e.x
---
e = state and [o for o in state if o.x == 2]
text = '%s at %d,%d' % (action, len(e), 3) if e else 'nothing of %s' % action
print('there is %r and %s' % (text, [o.name for o in e]))
return len('%s/%s' % (action, 'x' if action == 'move up' else 'yy'))
---
text = '{} {}'.format(action, len(state))
print('{0}: {1.x}'.format(text, [e for e in state][0]))
return len('{:>12}|{}'.format(action, 'bcd'))
---
n = len(state)
return len('%d' % 12) + ('%s' % action).count('move') + n
---
return len('%d boxes' % 'x') if len(state) > 5 else 3
---
seen = {1: 'one'}
if action == 'move up': seen[len(state)] = 'many'
elif action == 'move down': seen[2] = 'two'
return sum(len(v) for v in seen.values()) + 10 * len(seen) + 100 * (len(state) in seen)
---
parts = []
for k in range(3):
    if k == 1 and action == 'move up': continue
    if len(state) > 4 + k: parts.append(k)
    else: parts.insert(0, k)
return sum((i + 1) * k for i, k in enumerate(parts)) + 100 * len(parts)
---
return len({Box(e.x, e.y) for e in state} | {Box(2, 2)})
---
return len({Box(e.x / 2, e.y) for e in state if e.name != 'Wall'})
---
halves = [Box(e.x * 0.5, e.y) for e in state] + [Box(e.x, e.y) for e in state]
return len(set(halves)) + 100 * len(halves)
---
some = [Box(e.x if e.x > 1 else None, e.y) for e in state] + [Box(None, 2), Box(66, 66), Box(2, 2)]
return len(set(some)) + 100 * len(some)
---
some = [e for e in state] + [Box(e.x > 2, e.y) for e in state] + [Box(1, e.y) for e in state]
return len(set(some)) + 100 * len(some)
---
some = [(e.x, e.y) for e in state] + [e for e in state if e.name == 'Box'] + [Box(2, 66), (2, 2)]
return len(set(some))
---
where = set()
for e in state:
    for o in state:
        if o.name == 'Box': where.add(Box(o.x + 64 * (e.x > 2), e.y))
return len(where)
---
last = None
for e in sorted(state, key=lambda e: (e.y, e.x, e.name)):
    if e.x == 2: last = e
return -1 if last is None else last.y + 10 * len(last.name)
---
doors = sorted((e for e in state if e.name == 'Player'), key=str)
return len(doors) + sum(e.x for e in doors)
"""

_TRANSITIONS = r"""
rest = {e for e in state if e.name != 'Player'}
if action == 'move up':
    rest.discard(Box(2, 2))
elif action == 'move down':
    rest.add(Box(4, 4))
else:
    for e in list(rest):
        if e.name == 'Box' and e.x == 3: rest.remove(e)
rest.add(Player(1, 1))
return rest
---
out = list(state)
front = [e for e in out if (e.x, e.y) == (2, 2)]
if action == 'move up' and front: out.remove(front[0])
elif action == 'move down' and not front: out.append(Box(2, 2))
elif action == 'move left': out = [e for e in out if e.name != 'Box'] + [Box(1, 1)]
return out
---
out = list(state)
boxes = [e for e in out if e.name == 'Box']
if boxes and boxes[0].x == 2: boxes[0].x = 3
elif boxes: out.remove(boxes[-1])
if action == 'move up': out.append(Player(4, 4))
return set(out)
---
grid = {(e.x, e.y): e for e in state if e.name != 'Player'}
if action == 'move up' and (2, 2) in grid:
    thing = grid.pop((2, 2))
    thing.x, thing.y = 4, 4
    grid[4, 4] = thing
elif action == 'move down':
    grid.pop((2, 3), None)
return {*grid.values(), *(e for e in state if e.name == 'Player')}
---
front = [e for e in state if (e.x, e.y) == (2, 2)]
kinds = [e.name for e in front]
if kinds and (kinds[0] == 'Box' or kinds[0] == 'Door'):
    front[0].x = 4
elif kinds:
    front[0].y = 4
return state
---
moved = None
for e in state:
    if e.name in ('Box', 'Player') and e.x == 2: moved = e
if moved is not None and moved.name == 'Box':
    state.remove(moved)
    state.add(Box(moved.x + 1, moved.y))
elif moved is not None:
    state = state - {moved}
return state
---
a, b = [], list(state)
for e in b:
    if e.name == 'Box': a.append(e)
if action == 'move up': a, b = b, a
elif action == 'move down': b = a + b
return set(b)
---
keep = set(state)
for e in state:
    if e.name == 'Box':
        if e.x == 2 and action == 'move up': keep.discard(e)
        elif e.y == 2: keep.add(Box(4, e.y))
        else:
            keep.remove(e)
            keep.add(Box(e.x, 4))
return keep
---
pushed = [Box(e.x + 1, e.y) if e.name == 'Box' and action == 'move up' else e for e in state]
return set(pushed)
---
dx, dy = DIRECTIONS[action]
return {Box(e.x + dx, 2) if e.name == 'Box' else e for e in state}
---
for e in state:
    if e.name == 'Box': e.x, e.y = 2, 2
return set(list(state))
---
agent = next((e for e in state if e.name == 'Player'), None)
if agent is None: return state
agent.x = 4
return state | {Box(3, 3)}
---
agent = next((e for e in state if e.name == 'Player'), None)
if agent is None: return state
agent.x = 4
return (state | {Player(4, agent.y)}) - {Box(2, 2)}
"""

MEETING_VALUES = tuple(_VALUES.strip("\n").split("\n---\n"))
MEETING_TRANSITIONS = tuple(_TRANSITIONS.strip("\n").split("\n---\n"))
