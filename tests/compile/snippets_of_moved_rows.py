"""Bodies of ``transition`` that change entities and look for them in sets, and take lists of moves apart.

Those in ``NATIVE`` must be specialised; of the others it is only asked that what is specialised is exact.
"""

__all__ = ["NATIVE", "OTHER"]

_NATIVE = """
player = next((e for e in state if e.name == 'Player'), None)
def move(old, **changes):
    state.discard(old)
    for key in changes: setattr(old, key, changes[key])
    state.add(old)
if player is not None and player.x < 4:
    move(player, x=player.x + 1)
    move(player, y=player.y + 1, x=player.x)
return state
---
player = next((e for e in state if e.name == 'Player'), None)
box = (get_entities_by_name(state, 'Box') or [None])[0]
state.discard(player)
state.discard(box)
if player is not None: player.x += 1
if box is not None:
    box.y += 1
    state.add(box)
if player is not None: state.add(player)
return state
---
for b in get_entities_by_name(state, 'Box')[:1]:
    b.x += 1
    state.remove(b)
return state
---
for e in state:
    if e.name == 'Box':
        e.x += 1
        if e in state:
            e.y = 1
return state
---
for b in get_entities_by_name(state, 'Box')[:1]:
    state.discard(b)
    b.x += 1
    state.add(b)
return state
---
boxes = [e for e in state if e.name == 'Box' and e.x == 2 and e.y == 2]
for b in boxes:
    state.discard(b)
    b.x += 1
    state.add(b)
return state
---
player = next((e for e in state if e.name == 'Player'), None)
if player is None: return state
dx, dy = DIRECTIONS[action]
plan = [(player, player.x + dx, player.y + dy)]
for o in get_entities_by_position(state, player.x + dx, player.y + dy):
    if isinstance(o, Wall): return state
    if isinstance(o, Box): plan.append((o, o.x + dx, o.y + dy))
while plan:
    thing, x, y = plan.pop()
    state.remove(thing)
    thing.x, thing.y = x, y
    state.add(thing)
return state
---
def push(thing, strength, plan):
    x, y = thing.x + DIRECTIONS[action][0], thing.y + DIRECTIONS[action][1]
    plan.append((thing, (x, y)))
    for o in get_entities_by_position(state, x, y):
        if not isinstance(o, Box) or strength == 0: return False
        if not push(o, strength - 1, plan): return False
    return True
plan = []
players = get_entities_by_name(state, 'Player')
if players and push(players[0], 1, plan):
    while len(plan) > 0:
        thing, (x, y) = plan.pop()
        state.discard(thing)
        thing.x, thing.y = x, y
        state.add(thing)
return state
---
log = ['a']
if len(state) > 3: log.append('b')
if any(e.name == 'Box' for e in state): log.append('c')
n = 0
while log:
    word = log.pop(0)
    if word == 'b': continue
    n += 1 if word == 'a' else 2
else:
    n += 1
return [Box(n, len(log))]
---
todo, n = [3, 1, 2], 0
while todo:
    k = todo.pop()
    if k == 1 and len(state) > 3: break
    n = n * 2 + k
else:
    n += 1
return [Box(n % 8, len(todo))]
---
i, n = 0, 0
while i < 3:
    n += sum(1 for e in state if e.x == i)
    i += 1
return [Box(n % 8, i)]
---
boxes = [e for e in state if e.name == 'Box' and e.x == 2 and e.y == 2]
for b in boxes:
    state.discard(b)
    b.x += 1
    state.add(b)
    found = b in state
    b.y += 1
    again = b in state
    return [Box(found + 2 * again, len(state))]
return state
---
for b in get_entities_by_name(state, 'Box')[:1]:
    b.x += 1
    return [Box(b in state, len(state))]
return state
---
for b in get_entities_by_name(state, 'Box')[:1]:
    state.discard(b)
    for o in get_entities_by_name(state, 'Box'):
        o.y += 1
    return [Box(b in state, len(state))]
return state
---
boxes = get_entities_by_name(state, 'Box')
if len(boxes) > 1:
    first, second = boxes[:2]
    state.discard(first)
    first.x += 1
    state.add(first)
    state.discard(second)
    second.x += 1
    state.add(second)
    state.discard(first)
    first.y += 1
    state.add(first)
return state
---
for b in get_entities_by_name(state, 'Box'):
    b.x += 1
    state.discard(b)
return state
---
for b in get_entities_by_name(state, 'Box'):
    b.x += 1
    if b in state: b.y += 1
    else: b.x -= 1
    if b in state: b.y = 4
return state
---
doors = [e for e in state if e.name == 'Door' and not e.open]
for d in doors:
    d.open = True
    if d not in state: state.add(Box(d.x, d.y))
state.discard(Door(2, 1, color='red', open=True))
return state
"""

_OTHER = """
boxes = get_entities_by_name(state, 'Box')
if boxes:
    boxes[0].x += 1
    state.add(boxes[0])
return state
---
for b in get_entities_by_name(state, 'Box'):
    state.discard(b)
    b.x += 1
    state.add(b)
return state
---
for b in get_entities_by_name(state, 'Box')[:1]:
    b.x += 1
    state.add(b)
    state.discard(b)
return state
---
boxes = get_entities_by_name(state, 'Box')
if len(boxes) > 1:
    if boxes[0].x == 2:
        state.discard(boxes[0])
        boxes[0].x = boxes[1].x
        boxes[0].y = boxes[1].y
    state.add(boxes[0])
return state
---
boxes = get_entities_by_name(state, 'Box')
if len(boxes) > 1:
    state.discard(boxes[0])
    boxes[0].x, boxes[0].y = boxes[1].x, boxes[1].y
    state.add(boxes[0])
    state.discard(boxes[1])
return state
---
seen = []
for o in get_entities_by_position(state, 2, 2):
    seen.append(o)
    o.x += 1
for o in get_entities_by_position(state, 3, 2):
    seen.append(o)
return seen
---
for o in list(state) + list(state):
    for p in get_entities_by_position([o], 2, 2):
        state.discard(p)
return state
---
twice = [e for e in list(state) + list(state) if e.x == 2 and e.y == 2]
found = []
for e in twice: found.append(e)
return [Box(len(found), 0)]
---
queue, seen = [(1, 1)], {(1, 1)}
while queue:
    x, y = queue.pop(0)
    for dx, dy in DIRECTIONS.values():
        at = (x + dx, y + dy)
        if 0 <= at[0] < 4 and 0 <= at[1] < 4 and at not in seen:
            seen.add(at)
            queue.append(at)
return [Box(len(seen) % 8, 0)]
---
kept = set(state)
for b in get_entities_by_name(state, 'Box'): b.x += 1
fresh = set(list(state))
first = next((e for e in state if e.name == 'Box'), None)
return [Box(first in kept, first in fresh), Box(first in state, len(fresh) % 8)]
---
for e in state:
    if e.name == 'Box': e.y += 1
again = {e for e in state if e.name != 'Wall'} - {Box(2, 3)}
for e in get_entities_by_name(state, 'Box'):
    if e in again: again.discard(e)
return again | {e for e in state if e.name == 'Wall'}
"""

NATIVE = tuple(_NATIVE.strip("\n").split("\n---\n"))
OTHER = tuple(_OTHER.strip("\n").split("\n---\n"))
