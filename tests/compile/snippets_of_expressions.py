"""Bodies of functions of (state, action), one thing of Python each, that return a number; between lines of dashes."""

from __future__ import annotations

__all__ = ["EXPRESSIONS"]

_TEXT = r"""
p = [e for e in state if e.name == 'Box']
it = iter(p)
a = next(it, None)
return len(list(it))
---
g = (e for e in state)
n = len(list(g))
return n + len(list(g)) * 100
---
g = (e.x for e in state)
a = any(x > 2 for x in g)
return sum(g)
---
it = map(lambda e: e.x, state)
t = 0
---
def f(q):
    return sum(q) + sum(q)
g = (e.x for e in state)
return f(g)
---
it = iter(state)
t = 0
---
m = filter(lambda e: e.x > 1, state)
list(m)
return len(list(m))
---
r = range(4)
return sum(r) + sum(r)
---
r = range(len(state))
return len(r) + r[0]
---
r = range(len(state))
return 1 if r else 2
---
return len(e for e in state)
---
return len(map(str, [1, 2]))
---
return next([1, 2])
---
return next(range(3))
---
return next(iter(range(3)))
---
z = zip([1, 2], [3, 4])
a = list(z)
return len(a) + 10 * len(list(z))
---
e = enumerate(['a', 'b'])
list(e)
return len(list(e))
---
r = reversed([1, 2, 3])
next(r)
return len(list(r))
---
return sum([1, 2, 3], start=4)
---
return int('12', 10)
---
return int(x='5') if False else int('7')
---
return round(2.567, ndigits=1)
---
return round(number=2.5)
---
return sum(1 for _ in zip([1, 2], [3], strict=True))
---
return sum(a for a, b in zip([1, 2], [3, 4], strict=True))
---
T = type('T', (), {})
return 1
---
return 'ab' * len(state) == 'abab'
---
return len('ab' * len(state))
---
return len((1, 2) * len(state))
---
return len([1, 2] * len(state))
---
return '%d' % len(state) == '5'
---
return '%s-%s' % (1, 2) == '1-2'
---
return 1 if '{}'.format(3) == '3' else 2
---
return (5).bit_length() + len(state)
---
return len(state).bit_length()
---
return (1, 2).__len__()
---
return len(state.__class__.__name__)
---
return 'a'.__class__.__name__ == 'str'
---
return next(iter(state)).__dict__['x']
---
return hasattr(next(iter(state)), '__dict__') * 1
---
return 1 if hasattr(5, 'real') else 2
---
return 1 if hasattr(len(state), 'real') else 2
---
return 1 if hasattr([], 'append') else 2
---
return 1 if hasattr((len(state),), 'index') else 2
---
return 1 if hasattr(state, 'add') else 2
---
return getattr(5, 'real', 9)
---
return getattr(len(state), 'real', 9)
---
return 1 if __name__ == '__main__' else 2
---
return len(__name__)
---
return 1 if isinstance(None, type(None)) else 2
---
return 1 if isinstance(5, (int, str)) else 2
---
return 1 if isinstance([], list) else 2
---
import collections.abc
return 1 if isinstance([], collections.abc.Iterable) else 2
---
from collections.abc import Iterable
return 1 if isinstance(state, Iterable) else 2
---
from numbers import Number
return 1 if isinstance(3, Number) else 2
---
from functools import partial
return 1 if callable(partial(max, 1)) else 2
---
f = lambda: 1
g = f
return 1 if f is g else 2
---
f = lambda: 1
g = lambda: 1
return 1 if f is g else 2
---
f = len
return 1 if f is len else 2
---
f = len
return 1 if f == len else 2
---
f = lambda: 1
return 1 if f == f else 2
---
return 1 if tuple(e.x for e in state) == (1, 2, 2) else 2
---
return 1 if tuple(e.x for e in state if e.name == 'Player') == (1,) else 2
---
return 1 if [e.x for e in state if e.name == 'Player'] == [1] else 2
---
return 1 if [e.x for e in state] == [1, 2, 2] else 2
---
d = {1: 2}
k = d.keys()
d[5] = 6
return len(k)
---
d = {1: 2}
k = d.items()
d[1] = 6
return sum(v for _, v in k)
---
d = {1: 2}
return d.keys()[0]
---
d = {1: 2, 3: 4}
return len(d.keys() | {5})
---
d = {1: 2, 3: 4}
return len({1, 5} - d.keys())
---
d = {1: 2, 3: 4}
return 1 if d.keys() == {1, 3} else 2
---
d = {1: 2, 3: 4}
return 1 if {1, 3} == d.keys() else 2
---
d = {1: 2, 3: 4}
return 1 if list(d.keys()) == [1, 3] else 2
---
d = {1: 2, 3: 4}
return d.values().count(2)
---
d = {1: 2, True: 4}
return len(d) + d[1.0]
---
d = {}
return 1 if d.keys() else 2
---
d = {[1]: 2}
return 1
---
d = {1: 2}
return d.get([1], 5)
---
d = {1: 2}
return d[[1]]
---
l = [1, 2, 1, 3, 1]
l.remove(1)
return len(l) * 10 + l[0]
---
l = [1, 2]
l.remove(5)
return 1
---
l = [e.x for e in state]
l.remove(2)
return len(l)
---
l = [len(state), 3, len(state)]
l.remove(3)
return len(l)
---
l = [len(state), 3, len(state)]
l.remove(len(state))
return len(l)
---
l = [3, 1, 2]
l.sort()
return l[0]
---
l = [3, 1, 2]
return sorted(l)[0]
---
l = [3, 1, 2]
l.sort(reverse=True)
return l[0]
---
try:
    x = {}['a']
except KeyError as e:
    return len(e.args)
return 5
---
try:
    x = {}['a']
except KeyError as e:
    return 1 if e else 2
---
try:
    x = [][0]
except (KeyError, IndexError) as e:
    return 4
---
try:
    x = [][len(state)]
except LookupError:
    return 4
---
try:
    x = 1 // (len(state) - 5)
except ZeroDivisionError:
    return 4
else:
    return 6
---
try:
    raise ValueError('a')
except TypeError:
    return 1
---
try:
    next(iter([]))
except StopIteration:
    return 7
---
try:
    int('a')
except ValueError:
    return 7
---
try:
    return 1
finally:
    pass
---
s = {1, 2}
s |= [3]
return len(s)
---
s = {1, 2}
s |= {3}
return len(s)
---
s = {1, 2}
s -= {1}
return len(s)
---
s = {1, 2}
s += {1}
return len(s)
---
l = [1]
l += (2, 3)
return len(l)
---
l = [1]
m = l
l += [2]
return len(m)
---
l = [1]
m = l
l = l + [2]
return len(m)
---
t = (1,)
u = t
t += (2,)
return len(u)
---
for e in state:
    if e.name == 'Box':
        state.add(Box(9, 9))
return len(state)
---
for e in state:
    state.add(e)
return len(state)
---
for e in state:
    if e.name == 'Box':
        state.discard(e)
        break
return len(state)
---
for e in state:
    if e.name == 'Box':
        state.add(Box(7, 7))
        break
return len(state)
---
l = [1, 2, 3]
for i in l:
    if len(l) < 6:
        l.append(i)
return sum(l)
---
d = {1: 2}
for k in d:
    d[k + 1] = 5
return len(d)
---
d = {1: 2, 2: 5}
for k in d:
    d[k] += 1
return sum(d.values())
---
d = {1: 2, 2: 5}
for k in list(d):
    del d[k]
return len(d)
---
a = b = []
a.append(1)
return len(b)
---
a = [[0] * 2] * 2
a[0][0] = 5
return a[1][0]
---
x = 5
def f():
    return x
x = 6
return f()
---
fs = [lambda: i for i in range(3)]
return fs[0]()
---
fs = [lambda i=i: i for i in range(3)]
return fs[0]()
---
def f(a, b=[]):
    b.append(a)
    return len(b)
f(1)
return f(2)
---
return (-8) ** 0.5
---
return 2 ** -1
---
return 2 ** 70 > 5
---
return 2 ** len(state)
---
return 1 << 3
---
return 7 // 2 + -7 // 2 + 7 % -3
---
return 7.5 // 2
---
return -7.5 % 2
---
return len(state) // 2.0
---
return divmod(7, 2)[0]
---
return divmod(len(state), 2)[1]
---
return float('1.5') + float(len(state))
---
return float('nan') == float('nan')
---
return max(1, 2.0) + max(True, 0)
---
return max([e.x for e in state], default=0)
---
return max([], default=3)
---
return max([])
---
return min(state, key=lambda e: e.x).x
---
return sum(True for e in state)
---
return not state
---
return bool(state) + bool([]) + bool('a') + bool(0.0)
---
return 1 if None else 2
---
return 1 if None == 0 else 2
---
return 1 if True == 1 else 2
---
return 1 if 'a' < 'b' else 2
---
return 1 if (1, 'a') < (1, 'b') else 2
---
return 1 if (1, len(state)) < (1, 3) else 2
---
return 1 if [1, 2] < [1, 3] else 2
---
return 1 if (1, 'a') < (1, 2) else 2
---
return 1 < 'a'
---
return None + 1
---
return 'a' + 1
---
return [1] + (2,)
---
return len('a' + str(len(state)))
---
return len(f'{len(state)}')
---
return 1 if str(len(state)) == '5' else 2
---
return len(str(3.5))
---
a, *b = [1, 2, 3]
return len(b)
---
a, b = 1, 2, 3
return a
---
a, b = {1: 2, 3: 4}
return a
---
(a, b), c = (1, 2), 3
return a + b + c
---
x = [1, 2, 3][1:]
return len(x)
---
x = 'hello'[::-1]
return 1 if x == 'olleh' else 2
---
x = (1, 2, 3)[-2:]
return x[0]
---
x = [1, 2, 3]
x[0], x[1] = x[1], x[0]
return x[0]
---
x = [1, 2, 3]
x[len(state) - 5] = 7
return sum(x)
---
x = [1, 2, 3]
del x[0]
return sum(x)
---
x = [1, 2, 3]
return x.pop() + x.pop(0)
---
x = [1, 2, 3]
x.insert(1, 9)
x.reverse()
return x[0]
---
x = [1, 2]
return x.index(5)
---
x = 'abc'
return x.index('c') + x.find('z')
---
x = 'a b c'
return len(x.split()) + len(x.split(' ', 1))
---
x = 'abc'
return len(x.encode())
---
return len(str.join(',', ['a', 'b']))
---
return len(','.join(e.name for e in state))
---
return ord('a') + len(chr(97))
---
return 3 if 'b' in 'abc' else 4
---
return sum(map(int, ['1', '2']))
---
return sum(map(int, '12'))
---
return len(set('hello'))
---
return len(dict(a=1, b=2))
---
return len(dict([(1, 2), (3, 4)]))
---
return len({e.name for e in state})
---
return len({e.name: e for e in state})
---
return {e.name: e.x for e in state}['Player']
---
return len({**{1: 2}, **{3: 4}})
---
d = {1: 2}
d.update({3: 4})
return len(d)
---
d = {1: 2}
return d.setdefault(5, 6)
---
d = {}
d.setdefault('a', []).append(1)
return len(d['a'])
---
d = {1: 2}
return d.pop(1) + len(d)
---
d = {1: 2}
return d.pop(9, 5)
---
d = {1: 2}
return d.pop(9)
---
return (lambda *a, **k: len(a) + len(k))(1, 2, b=3)
---
return (lambda a, b=2, *, c=3: a + b + c)(1, c=5)
---
return (lambda a: a)(1, 2)
---
return (lambda a: a)(b=2)
---
return len(list(filter(None, [0, 1, 2])))
---
return [x for x in (1, 2, 3) if x > 1][0]
---
return [y for x in ((1, 2), (3,)) for y in x][2]
---
return sum(x * y for x in (1, 2) for y in (3, 4))
---
return (x := 5) + x
---
if (n := len(state)) > 3: return n
return 0
---
while True:
    break
else:
    return 3
return 4
---
for i in (1, 2):
    pass
else:
    return i
return 9
---
i = 0
while i < 3:
    i += 1
    if i == 2: continue
return i
---
n = 0
for i in range(10):
    if i == len(state): break
    n += i
return n
---
n = 0
for i in range(len(state), 0, -2): n += i
return n
---
n = 0
for i in range(True): n += 1
return n
---
n = 0
for i in range(1.5): n += 1
return n
---
return sum(range(len(state), 0))
---
x = None
for e in state:
    x = e
return x.x
---
del state
return 1
---
x = 1
del x
return x
---
return undefined_name
---
global G
G = 5
return G
---
return 1 if state is state else 2
---
return 1 if set(state) is state else 2
---
return 1 if set(state) == state else 2
---
return 1 if frozenset(state) == state else 2
---
return 1 if list(state) == state else 2
---
s = set(state)
s.clear()
return len(state)
---
s = state.copy()
s.pop()
return len(s)
---
return len(state.union(state))
---
b = next(e for e in state if e.name == 'Player')
b.x = 5
return 1 if b in state else 2
---
b = next(e for e in state if e.name == 'Player')
b.x = 5
return 1 if b in list(state) else 2
---
b = next(e for e in state if e.name == 'Player')
b.x = 5
state.discard(b)
return len(state)
---
b = next(e for e in state if e.name == 'Player')
b.x = 5
state.add(b)
return len(state)
---
b = next(e for e in state if e.name == 'Player')
b.x = 5
return len(set(state))
---
b = next(e for e in state if e.name == 'Player')
b.x = 5
return len({e for e in state})
---
b = next(e for e in state if e.name == 'Player')
b.x = 5
return len(state - {b})
---
b = next(e for e in state if e.name == 'Player')
b.x = 5
return len([e for e in state if e != b])
---
b = next(e for e in state if e.name == 'Player')
b.trace = 5
return b.trace
---
b = next(e for e in state if e.name == 'Player')
b.trace = 5
del b.trace
return 3
---
b = next(e for e in state if e.name == 'Player')
b.name = 'Box'
return len([e for e in state if e.name == 'Box'])
---
b = Box(1, 2)
b.color = 'red'
return 1 if b.color == 'red' else 2
---
b = Box(1, 2)
del b.x
return b.x
---
b = Box(1, 2)
return 1 if b == Box(1, 2) else 2
---
b = Box(1, 2, color=3)
return 1 if b == Box(1, 2) else 2
---
b = Box(1, 2, color=None)
return (b == Box(1, 2)) + 2 * (Box(1, 2) == b)
---
b = Box(1, 2)
return 1 if b != Target(1, 2) else 2
---
b = Box(1, 2)
return hash(b) == hash(Box(1, 2))
---
b = Box(1, 2)
return 1 if repr(b) == 'Box(1, 2)' else 2
---
b = Box(1, 2)
return 1 if str(b) == 'Box(1, 2)' else 2
---
b = Box(1, 2)
return len(b.__dict__)
---
b = Box(1, 2)
return len(vars(b))
---
b = Box(1, 2)
return b[0]
---
b = Box(1, 2)
return len(b)
---
b = Box(1, 2)
return b + 1
---
b = Box(1, 2)
return b < Box(3, 4)
---
b = Box(1)
return 1
---
b = Box(1, 2, 3)
return 1
---
b = Box(y=1, x=2)
return b.x
---
b = Box(1, 2, name='Foo')
return 1 if b.name == 'Foo' else 2
---
import copy
b = Box(1, 2)
c = copy.copy(b)
c.x = 5
return b.x
---
import copy
s = copy.deepcopy(state)
next(iter(s)).x = 7
return next(iter(state)).x
---
import copy
s = copy.copy(state)
next(iter(s)).x = 7
return next(iter(state)).x
---
import copy
b = Box(1, 2)
return copy.deepcopy(b, {}).x
---
import math
return math.floor(2.5) + math.sqrt(16)
---
import math
return math.sqrt(len(state) - 6)
---
import math
return math.floor(len(state) / 2)
---
import itertools
return len(list(itertools.chain([1], [2, 3])))
---
import itertools
return len(list(itertools.product([1, 2], [3, 4])))
---
import collections
return collections.Counter('aab')['a']
---
from collections import namedtuple
Q = namedtuple('Q', 'a b')
return Q(1, 2).b
---
from collections import defaultdict
d = defaultdict(int)
d[1] += 1
return d[1] + d[2]
---
from functools import reduce
return reduce(lambda a, b: a + b, [1, 2, 3], 0)
---
from functools import reduce
return reduce(lambda a, b: a + b, [])
---
import operator
return operator.add(1, 2) + operator.itemgetter(1)([5, 6])
---
import re
return 1 if re.match('a+', 'aab') else 2
---
import random
return random.randint(1, 1)
---
from dataclasses import dataclass
@dataclass
class V:
    x: int
return V(3).x
---
from enum import Enum
class C(Enum):
    A = 1
return C.A.value
---
class Q:
    z = 4
return Q.z
---
class Q:
    def __init__(self): self.z = 4
return Q().z
---
match len(state):
    case 5: return 1
    case _: return 2
---
x: int = 5
return x
---
x: int
return x
---
assert len(state) > 0, 'none'
return 1
---
assert len(state) > 100, 'many'
return 1
---
raise ValueError
---
raise NotImplementedError('x')
---
return eval('1 + 1')
---
print('a', len(state))
return 1
---
return [print(e) for e in state] == []
---
return 1 if not print('x') else 2
---
pass
---
return None, True
---
return ()
---
return True if state else None
---
return 1.5 if len(state) > 4 else '2.5'
---
return float(len(state)) / 3 * 3
---
return 0.1 + 0.2
---
return len(state) * 0.1
---
return (len(state) > 2) + (len(state) > 4)
---
return -(len(state) > 2)
---
return ~(len(state) > 2)
---
return (len(state) > 2) & 1
---
return (len(state) > 2) ^ (len(state) > 3)
---
return len(state) & 3 | 8
---
return +(len(state) > 2)
---
return abs(len(state) > 2)
---
return int(len(state) > 2)
---
return int(2.7) + int(-2.7)
---
return int(len(state) / 2)
---
return round(len(state) / 2)
---
return len(state) / 2 // 1
---
return 5 if len(state) in (4, 5, 6) else 7
---
return 5 if len(state) in {4, 5, 6} else 7
---
return 5 if len(state) in range(4, 6) else 7
---
return 5 if len(state) in [e.x for e in state] else 7
---
return [10, 20, 30, 40, 50, 60][len(state)]
---
return (10, 20)[len(state) > 4]
---
return (10, 20)[-len(state)]
---
return {5: 1, 3: 2}[len(state)]
---
return {5: 1, 3: 2}.get(len(state), 9)
---
return {(1, 5): 4}.get((1, len(state)), 9)
---
return 'abcdefgh'[len(state)] == 'f'
---
l = []
for e in state:
    l.append((e.x, e.y))
return l[-1][0] + len(l)
---
l = []
for e in state:
    if e.x > 1: l.append(e)
return len(l)
---
l = []
for e in state:
    l.insert(0, e.x)
return l[0]
---
n = 0
for i, e in enumerate(state):
    n += i * e.x
return n
---
n = 0
for a in state:
    for b in state:
        if a is not b and a.x == b.x: n += 1
return n
---
n = 0
l = list(state)
for i in range(len(l)):
    for j in range(i):
        if l[i].x == l[j].x: n += 1
return n
---
n = 0
for i in range(len(state)):
    n = n * 3 + i
return n
---
n = 1
for i in range(50):
    n = n * 3
return n > 5
---
x = 9223372036854775807
return x + len(state) > 0
---
x = 2 ** 62
return x * len(state) > 0
---
for e in state:
    if e.name == 'Box' and e.x > 1 and (n := e.y) > 0: return n
return -1
---
boxes = [e for e in state if e.name == 'Box']
if len(boxes) > 1 and (n := boxes[0].x) > (m := boxes[1].x): return n * 10 + m
return 0
---
x = 3 + len(state)
x <<= 2
x >>= 1
return x << 1
---
n = len(state)
try:
    return n @ 2
except TypeError:
    return 7
---
n = len(state)
n @= [1]
return n
---
box = next(iter(state))
return (box.x - 2) ** 2 + (box.y - len(state)) ** 3
---
seen = 0
for e in state:
    seen |= 1 << e.x
    seen |= 1 << e.x * 2 + 40
return seen >> 1 & 1023
---
n = len(state) - 5
try:
    return 3 << n
except ValueError:
    return n >> 2
---
big = 4611686018427387904
t = 0
for e in state:
    t += (big >> e.x) - (-big >> e.y)
return t & 65535
---
return (len(state) > 1) << 3 | (len(state) > 2) >> 1 | (len(state) > 1) ** 2
---
n = len(state) + 70000
return n ** 4 % 1000
---
n = len(state) + 7
return 1 << n * 9 > 12
---
names = sorted(e.name for e in state if e.x == 2)
return (names[0] == 'Box') * 10 + len(names) if names else -1
---
names = sorted([e.name for e in state if e.y == 2], reverse=True)
match names:
    case []: return 0
    case ['Player']: return 1
    case ['Wall', 'Player', *rest]: return 2 + len(rest)
    case _: return 9
---
names = sorted(e.name for e in state if e.name != 'Player')
for e in state:
    e.x = 9
return names.index('Door') * 10 + len(names) if 'Door' in names else len(names)
---
ranks = sorted((9 - len(e.name) if e.name != 'Door' else 'door') for e in state)
return ranks[0]
---
names = sorted((e.name for e in state), key=lambda n: (len(n) == 4, n[0]))
return ''.join(n[0] for n in names) == 'BBBPDW'
---
names = sorted(e.name[1:] for e in state if e.x > len(state) - 6)
return len(names) * 10 + (names[-1] == 'ox' if names else 5)
---
from collections import defaultdict
grid = defaultdict(list)
for e in state:
    grid[(e.x, e.y)].append(e)
n = 0
for cell in grid.values():
    if any(e.name == 'Box' for e in cell):
        n += 1
        if any(e.name == 'Door' for e in cell): n += 10
    if any(e.name == 'Player' for e in cell) and not any(e.name == 'Wall' for e in cell): n += 100
return n
---
n = 0
for e in state:
    there = any(o.x == e.x and o.y == e.y for o in state if o.name == 'Box')
    if not there:
        n += any(o.x == e.x and o.y == e.y and o.x > 1 for o in state if o.name == 'Box')
        n += 10 * any(o.x == e.x for o in state if o.name == 'Box')
    else:
        n += 100 * any(o.y == e.y for o in state if o.name == 'Box')
return n
---
n = 0
for e in state:
    if e.name == 'Box':
        before = any(o.x == 2 and o.y == e.y for o in state if o.name == 'Box')
        if not before: e.x = 2
        after = any(o.x == 2 and o.y == e.y for o in state if o.name == 'Box')
        n = n * 4 + before * 2 + after
return n
---
import string
found = [e.name.rsplit(sep='o', maxsplit=1) + action.split(maxsplit=1) for e in state]
n = sum(len(part) * (k + 1) for k, part in enumerate(found))
n += len('a\tb'.expandtabs(tabsize=4)) + len('a\nb'.splitlines(keepends=True)[0])
digits = sum(all(c in string.ascii_lowercase for c in e.name) for e in state)
return n * 100 + digits + len('{} {word:>8}'.format(action, word=action))
---
try:
    return len(action.split(by=' '))
except TypeError:
    return -1
---
def documented(e): return e.x
documented.__doc__ = 'What a place is.'
return sum(map(documented, state))
---
first = {'a': 1, 'b': 2} | {'b': len(state)}
other = first
first |= {'c': 5}
return sum(other.values()) * 10 + list(first).index('b')
---
places = {'Box': 1, 'Player': 2}
box = next((e for e in state if e.name == 'Box'), None)
if box is None: return 0
made = type(box)(**(box.__dict__ | {'x': box.x + 1}))
return made.x * 10 + (made == box)
"""

EXPRESSIONS = tuple(_TEXT.strip("\n").split("\n---\n"))
