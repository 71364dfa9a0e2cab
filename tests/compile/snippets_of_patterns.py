"""Bodies of functions of (state, action) with ``match`` statements and starred targets."""

__all__ = ["PATTERNS"]

_TEXT = """
match action:
    case 'move up' | 'move down': return 1
    case 'nothing': return 2
return 3
---
match action.split():
    case ['move', 'up']: return 1
    case ['move', other]: return len(other)
    case [] | [_]: return 2
---
match action.split():
    case ['turn', _]: return 1
    case [first, *rest]: return len(first) + len(rest) + len(rest[0])
---
match action.split():
    case [*some, 'up']: return len(some)
    case [*some, last]: return 10 * len(some) + len(last)
---
p = [e for e in state if e.name == 'Player']
match p:
    case []: return 0
    case [Player(x=1)]: return 1
    case [Player(x=x, y=y)] if x == y: return x * 10 + y
    case [Entity() as one]: return one.x
---
n = 0
for e in state:
    match e:
        case Box(x=2, y=y): n += y
        case Box() | Wall(): n += 100
        case Door(color='red', open=True): n += 1000
        case Door(color=c) if c == 'blue': n += 10000
return n
---
n = 0
for e in state:
    match (e.x, e.y):
        case (2, 2): n += 1
        case (x, 2) | (2, x) if x > 1: n += 10 * x
        case _ if e.name == 'Wall': break
        case _: continue
return n
---
n = 0
for e in state:
    match e.name:
        case 'Box' as name: n += len(name)
        case ('Door' | 'Wall') as name: n += 10 * len(name)
return n
---
match len(state):
    case 0: return 0
    case n if n > 4: return n
    case 4: return 44
    case _: return -1
---
match [e.x for e in state if e.name == 'Box']:
    case []: return 0
    case [x]: return x
    case [x, y]: return x * 10 + y
    case [x, *_]: return x
---
doors = [e for e in state if e.name == 'Door']
match doors:
    case [Door(color='red' | 'blue' as c, open=o), *_] if not o: return c == 'red'
    case [_, Door(color='red')]: return 2
    case [_, *_]: return 3
return 4
---
match {'a': 1, 'b': len(state)}:
    case {'a': 2}: return 1
    case {'a': 1, 'b': n, **rest}: return n + len(rest)
---
match {'a': 1, 'b': 2, 'c': 3}:
    case {'b': n, **rest}: return n * 100 + len(rest) * 10 + rest['c']
---
match action, len([e for e in state if e.name == 'Box']):
    case 'move up', 0: return 1
    case 'move up', n: return n * 2
    case _, (0 | 1 | 2) as n: return n * 3
    case a, b: return len(a) + b
---
match (1, (2, (len(state), 4))):
    case (1, (2, (n, 5))): return 0
    case (1, (2, (n, 4) as inner)): return n + len(inner)
---
match None:
    case 0 | False: return 1
    case None: return 2
---
match len(state) > 3:
    case True: return 1
    case False: return 0
---
match 1:
    case True: return 1
    case 1.0: return 2
---
match 'abc':
    case [a, b, c]: return 1
    case str(text): return len(text)
---
match len(state):
    case str(): return 1
    case int(n): return n
---
match (1, 2):
    case tuple((a, b)): return a + b
---
for e in state:
    match e:
        case Player(x=x):
            found = x
        case Box(x=x) if x > 1:
            found = 10 * x
return found
---
x = 5
match len(state):
    case x if x > 100: return 1
return x
---
x = 5
match [len(state), 1]:
    case [x, 2]: return 1
return x
---
match action:
    case Missing(): return 1
return 2
---
match 3:
    case str.upper: return 1
    case 3: return 2
---
first, *rest = action.split()
return len(first) * 10 + len(rest)
---
*rest, last = (1, len(state), 3)
return sum(rest) * 10 + last
---
a, (b, *c), *d = 1, [2, len(state), 4], 5, 6
return a + b * 10 + sum(c) * 100 + len(d) * 1000
---
a, *b = [e.x for e in state if e.name == 'Box']
return a + len(b)
---
def kind(e):
    match e:
        case Box() | Wall(): return 'solid'
        case Door(open=True): return 'free'
        case Door(): return 'solid'
        case _: return 'free'
return sum(1 for e in state if kind(e) == 'solid')
---
import re
pattern = re.compile(r'^(?P<verb>\\w+) (?P<what>\\w+ \\d+)(?: from (?P<where>\\w+ \\d+))?$')
lines = ['take egg 1 from table 12', 'take egg from table', 'go hall 2', 'go  hall 2', action]
matches = [found for line in lines if (found := pattern.match(line))]
return sum(len(found.groupdict()['what']) + 100 * bool(found['where']) for found in matches)
"""

PATTERNS = tuple(_TEXT.strip("\n").split("\n---\n"))
