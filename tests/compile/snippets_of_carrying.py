"""Bodies of ``transition``, each something that programs do with an agent that carries things; between lines of dashes.

``agent``, ``front`` (the entities ahead, not the agent), ``ax`` and ``ay`` are set before the body runs.
"""

from __future__ import annotations

__all__ = ["CARRYING"]

_TEXT = r"""
if agent.carrying == Key(None, None, color='red'):
    return state | {Ball(7, 7, color='red')}
if Ball(None, None, color='blue') == agent.carrying:
    return state | {Ball(7, 7, color='blue')}
return state if agent.carrying != Key(agent.x, None, color='blue') else set()
---
if agent.carrying is not None and type(agent.carrying) is Key and agent.carrying.color == 'red':
    item = agent.carrying
    return {*state, type(item)(ax, ay, color=item.color)}
return state
---
for e in front:
    if e.name in ('Key', 'Ball') and agent.carrying is None:
        state.remove(e)
        e.x = None
        e.y = None
        agent.carrying = e
        break
return state
---
for e in front:
    if isinstance(e, (Key, Ball)) and not agent.carrying:
        agent.carrying = e
        state.remove(e)
return state
---
if agent.carrying and not front:
    item = agent.carrying
    agent.carrying = None
    item.x, item.y = ax, ay
    state.add(item)
return state
---
item = agent.carrying
if item is not None:
    item.color = 'red'
    agent.carrying.x = 1
return state
---
agent.carrying.x, agent.carrying.y = ax, ay
state.add(agent.carrying)
return state
---
if agent.carrying:
    state.add(agent.carrying)
    agent.carrying.x = ax
    agent.carrying.y = ay
return state
---
agent.x = ax
state.remove(agent)
state.add(agent)
return state
---
agent.x = ax
agent.x = agent.x - ax + 1
if agent in state: agent.y = 2
state.discard(agent)
return state
---
old = agent.x
agent.x = 0
found = agent in state
agent.x = old
return state if found else [agent]
---
agent.x = ax
state.add(agent)
return state
---
agent.x = ax
return list(state) if agent in set(list(state)) and agent not in state.copy() else state
---
import copy
other = copy.deepcopy(state)
return other if agent in other else state
---
import copy
agent.x = ax
other = copy.deepcopy(state)
return other if agent in other else []
---
import copy
twin = copy.copy(agent)
if twin in state: state.remove(twin)
twin.x = ax
state.add(twin)
return state
---
import copy
twin = copy.deepcopy(agent)
if twin.carrying: twin.carrying.color = 'red'
return state if twin == agent else [twin]
---
import copy
twin = copy.copy(agent)
if twin.carrying: twin.carrying.color = 'red'
return state if twin == agent else []
---
for e in list(state):
    if e.name == 'Key': state.remove(e)
return state
---
for e in list(state):
    if e.name == 'Key':
        state.discard(e)
        state.add(Key(e.x, e.y, color='red'))
return state
---
for e in list(state):
    if e.name == 'Key':
        state.remove(e)
        e.color = 'red'
        state.add(e)
return state
---
for e in list(state):
    if e.name in ('Key', 'Ball'):
        state.remove(e)
        state.add(e)
        state.remove(e)
return state
---
for e in list(state):
    if e.name == 'Key':
        e.color = 'red'
        state.remove(e)
return state
---
for e in state:
    if e.name == 'Key':
        state.remove(e)
        break
return state
---
for e in state:
    if e.name == 'Key':
        state.remove(e)
return state
---
for e in list(state):
    if e.name == 'Door':
        e.state = 'open'
        state.discard(e)
        state.add(e)
return state
---
for e in front:
    if e.name == 'Ball':
        agent.carrying = type(e)(None, None, color=e.color)
        state.discard(e)
return state
---
for e in list(state):
    if e.name in ('Key', 'Ball'): agent.carrying = e.__class__(None, None, color=e.color)
return state
---
last = None
for e in list(state):
    if e.name == 'Key':
        new = Key(e.x, 1, color='red')
        if last is not None: state.add(last)
        last = new
if last: state.add(last)
return state
---
first = last = None
for e in list(state):
    if e.name == 'Key':
        last = Key(e.x, 1, color='red')
        if first is None: first = last
return state if first is last else [first, last]
---
agent.trace = [1]
agent.trace.append(2)
size = len(agent.trace)
del agent.trace
agent.x = size
return state
---
if ax > 2: agent.extra = 1
return [agent] if hasattr(agent, 'extra') else state
---
if ax > 2: del agent.carrying
return state if getattr(agent, 'carrying', 5) != 5 else []
---
del agent.carrying
agent.carrying = None
return state
---
agent.direction = [[0, 1], [1, 0]][ax % 2]
return state
---
agent.direction = [0, 1]
state.discard(agent)
return state
---
agent.direction = [0, 1]
return state if agent.direction == (0, 1) else []
---
setattr(agent, 'x', ax)
setattr(agent, 'name', 'Robot')
return state
---
agent.name = 'Key'
agent.name = 'Agent'
return state
---
agent.carrying = agent.carrying
return state if not agent.carrying or agent.carrying.x is None else []
---
item = agent.carrying
return state if getattr(item, 'x', 7) is None and hasattr(item, 'y') else []
---
hands = {agent.carrying}
return state if (agent.carrying in hands) else []
---
hands = {agent.carrying}
if agent.carrying: agent.carrying.color = 'red'
return state if agent.carrying in hands else []
---
for e in front:
    agent.carrying = e
    e.x = 1
return state
---
for e in list(state):
    if e.name == 'Door': agent.carrying = e
agent.carrying.state = 'open'
return state
---
items = list(state)
items.remove(agent)
for e in items:
    if e.name == 'Key': e.x = 0
return items + [agent]
---
items = list(state)
for e in front:
    items.remove(e)
return items
---
items = [e for e in state if e.name != 'Wall']
items.remove(agent)
return items
---
rest = {e for e in state if e is not agent}
for e in front:
    rest.discard(e)
    rest.add(Key(1, 1, color='red'))
rest.add(Agent(ax, ay, direction=agent.direction, carrying=None))
return rest
---
keys = {e for e in state if e.name == 'Key'}
state -= keys
return state
---
keys = [e for e in state if e.name == 'Key']
state.difference_update(keys)
return state
---
state |= {Key(1, 1, color='red')}
return state
---
state &= {e for e in state if e.name != 'Key'}
return state
---
state ^= {agent}
return state
---
first = state.pop()
return state if first is agent else [first]
---
near = [e for e in state if e.x == ax]
for e in near: e.y = 1
return state
---
near = [e for e in state if e.x == ax]
if near: near[0].x = 0
return near
---
found = next((e for e in state if e.x == ax and e is not agent), None)
if found is not None: found.x = agent.x
return state
---
target = agent
for e in front: target = e
target.y = 1
return state
---
everyone = []
for e in state:
    if e.x >= 1: everyone.append(e)
for e in everyone: e.x = 1
return state
---
everyone = []
for e in state:
    if e.x >= 1: everyone.append(e)
if agent in everyone: agent.x = 0
return everyone
---
made = []
for e in state:
    k = Key(e.x, 1, color='red')
    made.append(k)
    k.y = 2
return made
---
a = []
for e in state:
    if e.x > 1: a.append(e.x)
b = a.copy()
a.append(1)
b.append(2)
agent.x = a[-1]
return state
---
if front and agent.carrying: front[0].state = 'open'
return state
---
door = front[-1]
if door.name == 'Door' and agent.carrying and agent.carrying.color == 'red': door.state = 'open'
return state
---
door = front[-1]
if not (door.name != 'Door' or not agent.carrying or agent.carrying.color == 'blue'): door.state = 'closed'
return state
---
team = [agent] + front[:1]
for e in team: e.mark = len(team)
for e in team: e.x = e.x % 3 + e.mark - 1
for e in team: del e.mark
return state
---
plan = []
for e in front:
    if e.name != 'Wall': plan.append((e, ax - 1))
plan.append((agent, 2))
if len(plan) > 1:
    e, x = plan.pop()
    e.x = x
    agent.y = e.x - 1
return state
---
line = [agent]
for e in front: line.append(e)
last = line[-1]
agent.x = 3
if last is agent: agent.y = line[0].x - 1
if line[0] is not agent: agent.x = 0
return state
---
line = [agent, agent]
for e in front[:1]: line.append(e)
for e in line[:2]: e.x = e.x % 3 + 1
return state
---
copies = {type(e)(**{k: v for k, v in e.__dict__.items() if k != 'name'}) for e in state}
for c in copies:
    if c.name == 'Agent':
        copies.discard(c)
        break
agent.x = 1
copies.add(agent)
return copies
"""

CARRYING = tuple(part.strip("\n") for part in _TEXT.split("\n---\n"))
"""One body each."""
