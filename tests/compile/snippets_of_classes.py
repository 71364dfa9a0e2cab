"""Definitions of classes, and below a line of ``=`` bodies of functions of (state, action) that use them."""

__all__ = ["CLASSES"]

_TEXT = """
class Vec:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)
    def __eq__(self, other):
        return isinstance(other, Vec) and self.x == other.x and self.y == other.y
===
a = Vec(1, len(state)) + Vec(2, 3)
return a.x * 100 + a.y + (a == Vec(3, 8)) * 1000 + (a != Vec(3, 7)) * 2000
---
class Counter:
    total = 5
    def __init__(self): self.n = 0
    def add(self, amount=1): self.n += amount
    @property
    def twice(self): return 2 * self.n
    @staticmethod
    def three(): return 3
    @classmethod
    def made(cls, n):
        c = cls()
        c.add(n)
        return c
===
c = Counter.made(2)
for e in state:
    if e.name == 'Box': c.add()
    elif e.x > 2: c.add(10)
return c.twice + Counter.total * 100 + c.three() + c.total
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
    y: int = 3
    def moved(self, dx): return P(self.x + dx, self.y)
===
p = P(1)
for e in state:
    if e.name == 'Player': p = P(e.x, e.y)
q = p.moved(1)
return q.x * 10 + q.y + (q == P(2, 3)) * 100 + (q != p) * 1000
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
    y: int
===
boxes = {P(e.x, e.y) for e in state if e.name == 'Box'}
doors = {P(e.x, e.y) for e in state if e.name == 'Door'}
return len(boxes) * 10 + len(boxes & doors) + (P(2, 2) in boxes) * 100 + (P(2, 1) in doors) * 1000
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
    y: int
===
boxes = set(P(e.x, e.y) for e in state if e.name == 'Box')
boxes.add(P(2, 2))
boxes.add(P(2, 2))
return len(boxes)
---
from dataclasses import dataclass
@dataclass
class P:
    x: int
    y: int
===
p = P(1, 2)
p.x += len(state)
q = P(p.x, 2)
return (p == q) * 100 + p.x + (p is q) * 1000
---
from dataclasses import dataclass
@dataclass
class P:
    x: int
===
return len({P(1)})
---
from dataclasses import dataclass, field
@dataclass
class Bag:
    items: list = field(default_factory=list)
    size: int = 0
    def put(self, item):
        self.items.append(item)
        self.size += 1
===
a, b = Bag(), Bag()
a.put(1)
b.put(len(state))
b.put(3)
return len(a.items) + 10 * len(b.items) + 100 * sum(b.items) + a.size
---
from collections import namedtuple
Q = namedtuple('Q', 'a b')
===
q = Q(len(state), b=2)
x, y = q
r = q._replace(b=7)
return q.a + q[1] * 10 + x * 100 + r.b * 1000 + (q == (len(state), 2)) * 10000 + len(q) + sum(r)
---
from typing import NamedTuple
class Cell(NamedTuple):
    x: int
    y: int = 4
    def right(self): return self._replace(x=self.x + 1)
===
cells = {Cell(e.x, e.y) for e in state}
return ((2, 2) in cells) * 10 + (Cell(1, 2).right() in cells) + len(cells) * 100 + Cell(3).y
---
from typing import NamedTuple
class Cell(NamedTuple):
    x: int
    y: int
===
d = {'move up': Cell(0, -1), 'move down': Cell(0, 1), 'move left': Cell(-1, 0), 'move right': Cell(1, 0)}[action]
n = 0
for e in state:
    at = Cell(e.x + d.x, e.y + d.y)
    if any((f.x, f.y) == at for f in state): n += 1
return n
---
class Base:
    kind = 'base'
    def __init__(self, x): self.x = x
    def value(self): return self.x
    def both(self): return self.value() * 10
class Derived(Base):
    kind = 'derived'
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def value(self): return super().value() + self.y
===
b, d = Base(1), Derived(len(state), 3)
return b.both() + d.both() * 100 + len(d.kind) + isinstance(d, Base) * 7 + isinstance(b, Derived) * 9
---
class View:
    def __init__(self, entities):
        self.entities = list(entities)
        self.player = None
        for e in self.entities:
            if isinstance(e, Player): self.player = e
    def at(self, x, y): return [e for e in self.entities if e.x == x and e.y == y]
===
v = View(state)
if v.player is None: return -1
return len(v.at(v.player.x, v.player.y)) * 10 + v.player.x
---
class Bag:
    def __init__(self, items): self.items = items
    def __len__(self): return len(self.items)
    def __contains__(self, x): return any(x == i for i in self.items)
    def __iter__(self): return iter(self.items)
    def __getitem__(self, i): return self.items[i]
    def __call__(self, x): return x + len(self)
===
b = Bag([1, len(state), 5])
return len(b) + (5 in b) * 10 + sum(b) * 100 + b[1] * 10000 + b(3) + (1 if b else 0)
---
class Empty:
    def __bool__(self): return False
class Plain: pass
===
return (1 if Empty() else 2) + (10 if Plain() else 20)
---
class Money:
    def __init__(self, n): self.n = n
    def __lt__(self, other): return self.n < other.n
    def __radd__(self, other): return Money(other + self.n)
    def __neg__(self): return Money(-self.n)
    def __mul__(self, k): return Money(self.n * k)
    def __eq__(self, other):
        if not isinstance(other, Money): return NotImplemented
        return self.n == other.n
===
a, b = Money(len(state)), Money(3)
c = 4 + b
return (a < b) + (a > b) * 10 + c.n * 100 + (-b * 2).n + (a == 3) * 5000 + (min(a, b).n) * 10000
---
class Money:
    def __init__(self, n): self.n = n
===
return Money(1) + Money(2)
---
class A:
    __slots__ = ('x',)
===
a = A()
a.x = 1
try:
    a.y = 2
except AttributeError:
    return a.x + 10
return 0
---
class A: pass
===
a = A()
if len(state) > 4: a.x = 5
try:
    return a.x
except AttributeError:
    return -1
---
class A: pass
===
a = A()
if len(state) > 4: a.x = 5
return getattr(a, 'x', 7) + hasattr(a, 'x') * 10
---
class A:
    def __getattr__(self, name): return len(name)
===
return A().abc
---
from abc import ABC, abstractmethod
class Rule(ABC):
    @abstractmethod
    def value(self, e): ...
class Sum(Rule):
    def value(self, e): return e.x + e.y
class One(Rule):
    def value(self, e): return 1
===
n = 0
for rule in (Sum(), One()):
    for e in state: n += rule.value(e)
return n
---
from abc import ABC, abstractmethod
class Rule(ABC):
    @abstractmethod
    def value(self, e): ...
===
return Rule()
---
class Temp:
    def __init__(self): self._n = 1
    @property
    def n(self): return self._n
    @n.setter
    def n(self, value): self._n = value * 2
===
t = Temp()
t.n = len(state)
t.n += 1
return t.n
---
class Temp:
    @property
    def n(self): return 1
===
t = Temp()
t.n = 3
return t.n
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
===
p = P(1)
p.x = 2
return p.x
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
    def __post_init__(self):
        if self.x > 4: raise ValueError(self.x)
===
try:
    return P(len(state)).x
except ValueError:
    return -1
---
from dataclasses import dataclass
@dataclass(order=True, frozen=True)
class P:
    x: int
    y: int
===
boxes = [P(e.x, e.y) for e in state if e.name == 'Box']
return min(boxes, default=P(0, 0)).y + 10 * max(boxes, default=P(0, 0)).x
---
class Node:
    def __init__(self, value, rest=None):
        self.value = value
        self.rest = rest
===
node = None
for n in range(3): node = Node(n + len(state), node)
total = 0
while node is not None:
    total = total * 10 + node.value
    node = node.rest
return total
---
class Acc:
    def __init__(self): self.items = []
    def put(self, x):
        self.items.append(x)
        return self
===
return len(Acc().put(1).put(2).items)
---
class Acc:
    shared = []
    def put(self, x): self.shared.append(x)
===
a, b = Acc(), Acc()
a.put(1)
b.put(2)
return len(Acc.shared) + len(a.shared) * 10
---
class Log:
    def __repr__(self): return 'log'
    def __str__(self): return 'text'
===
return len(str(Log())) + len(repr(Log())) * 10 + len(f'{Log()}') * 100
---
import copy
class Pair:
    def __init__(self, a, b): self.a, self.b = a, b
===
p = Pair(1, len(state))
q = copy.copy(p)
q.a = 5
r = copy.deepcopy(p)
r.b = 9
return p.a + p.b * 10 + q.a * 100 + q.b * 1000 + r.b * 10000
---
class Pair:
    def __init__(self, a, b): self.a, self.b = a, b
    def __hash__(self): return hash((self.a, self.b))
    def __eq__(self, other): return self.a == other.a and self.b == other.b
===
pairs = set()
for e in state: pairs.add(Pair(e.x, e.y))
return len(pairs)
---
class Pair:
    def __init__(self, a): self.a = a
===
p, q = Pair(1), Pair(1)
return len({p, q, p}) + (p in [q]) * 10 + (p in [p]) * 100 + (p == q) * 1000 + [q, p].index(p) * 10000
---
class Pair:
    def __init__(self, a): self.a = a
    def __eq__(self, other): return False
===
p = Pair(1)
return (p in [p]) + (p == p) * 10
---
class Weird:
    def __init__(self, a): self.a = a
    def __eq__(self, other): return self.a
===
return Weird(3) == Weird(4)
---
class Inner:
    class Deep:
        depth = 4
    x = 3
    y = x + 1
    z = [x for _ in range(2)]
===
return Inner.y
---
class Inner:
    x = 3
    y = [i for i in range(x)]
    def get(self): return self.y[-1] + x
x = 10
===
return Inner().get()
---
class A:
    def __init__(self, **options):
        for name, value in options.items(): setattr(self, name, value)
===
a = A(p=1, q=len(state))
return a.p * 10 + a.q + getattr(a, 'q') * 100
---
def twice(f):
    def run(*args): return f(*args) * 2
    return run
class A:
    @twice
    def n(self): return 3
@twice
def m(k): return k
===
return A().n() + m(len(state)) * 10
---
def local(k):
    class A:
        def n(self): return k
    return A()
===
return local(3).n()
---
class Meta(type): pass
class A(metaclass=Meta): pass
===
return 1
---
class Stop(Exception): pass
===
try: raise Stop()
except Stop: return 1
---
class A:
    n = 0
===
A.n += 1
return A.n
---
class V(tuple):
    def __new__(cls, x, y): return super().__new__(cls, (x, y))
    @property
    def x(self): return self[0]
    def __add__(self, o): return V(self[0] + o[0], self[1] + o[1])
===
v = V(len(state), 2) + V(1, 1)
return v.x * 10 + v[1] + (v == (5, 3)) * 1000 + isinstance(v, tuple) * 5000
---
from dataclasses import dataclass
@dataclass
class Move:
    dx: int
    dy: int
MOVES = {'move up': Move(0, -1), 'move down': Move(0, 1), 'move left': Move(-1, 0), 'move right': Move(1, 0)}
===
move = MOVES[action]
return sum(1 for e in state if any(e.x + move.dx == f.x and e.y + move.dy == f.y for f in state))
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
    y: int
===
match P(len(state), 4):
    case P(4, y): return y
    case P(x, y=4): return x * 10
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
===
a = P(1) if len(state) > 4 else P(2)
ps = [P(e.x) for e in state if e.name == 'Box']
for p in ps:
    if p == a: return 5
return sum(p.x for p in ps) + len([p for p in ps if p in {P(1), P(3)}]) * 100
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
===
ps = []
for e in state:
    if e.x > 1: ps.append(P(e.x))
return sum(p.x for p in ps) * 10 + (P(2) in ps)
---
class Step:
    def __init__(self, state, action):
        self.state, self.action, self.found = state, action, None
    def run(self):
        handler = getattr(self, 'on_' + self.action.split()[1], None)
        if handler is None: return 0
        return handler()
    def on_up(self): return len(self.state)
    def on_down(self): return 2
===
return Step(state, action).run()
---
class Tally:
    def __init__(self): self.counts = {'Box': 0, 'Wall': 0}
    def see(self, e):
        if e.name in self.counts: self.counts[e.name] += 1
===
t = Tally()
for e in state: t.see(e)
return t.counts['Box'] * 10 + t.counts['Wall']
---
class A:
    def __init__(self): self.x = 1
    def __setattr__(self, name, value): object.__setattr__(self, name, value * 2)
===
a = A()
a.x += 5
return a.x
---
class V:
    def __init__(self, s):
        self.cells = {}
        self.p = None
        self.n = 0
        for e in s:
            self.n += 1
            if isinstance(e, Player): self.p = e
            else: self.cells[e.x, e.y] = e
===
v = V(state)
return len(v.cells) + ((1, 2) in v.cells) * 10 + v.n * 100 + (v.p is None) * 1000
---
class V:
    def __init__(self): self.found = []
    def run(self, s):
        other = self
        for e in s:
            if e.x > 1: self.found.append(e.x)
            if len(other.found) > 2: break
===
v = V()
v.run(state)
return len(v.found) * 10 + sum(v.found)
---
class V:
    def __init__(self): self.n = 1
    @property
    def more(self): return self.n + 1
    def run(self, s):
        other = self
        for e in s: self.n = other.more
===
v = V()
v.run(state)
return v.n
---
import functools
class A:
    def f(self, a, b=2): return a * 10 + b
===
g = functools.partial(A().f, 1, b=len(state))
return g()
---
class G:
    def __init__(self): self.log = []
    def walk(self, s):
        for e in s:
            if e.name == 'Box':
                self.log.append(e.x)
                yield e
===
g = G()
n = 0
for e in g.walk(state): n = n * 10 + len(g.log)
return n
---
class G:
    items = {}
    def put(self, k, v=[]):
        v.append(k)
        self.items[k] = len(v)
        return v
===
g = G()
g.put('a')
g.put('b')
return len(g.put('c')) * 10 + len(G.items) + g.items['c']
---
class P:
    def __init__(self, x): self.x = x
===
a = P(1)
b = P(2)
c = a if len(state) > 4 else b
c.x += 10
return a.x * 100 + b.x
---
class P:
    def __init__(self, x): self.x = x
===
a = P(0)
for e in state:
    if e.x > 1:
        a = P(e.x)
    a.x += 1
return a.x
---
class P:
    def __init__(self, x): self.x = x
===
ps = [P(e.x) for e in state if e.name == 'Box']
for p in ps: p.x += 1
return sum(p.x for p in ps)
---
class P:
    def __init__(self, x): self.x = x
===
ps = [P(1), P(2), P(3)]
for p in ps:
    if len(state) > 4: p.x *= 2
total = 0
for p in ps: total = total * 10 + p.x
return total + max(ps, key=lambda p: p.x).x * 1000
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
    y: tuple = ()
===
p = P(1)
for i in range(len(state)): p = P(p.x + 1, p.y)
return p.x
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: float
===
n = float('nan')
a = P(n)
return (a == a) * 1 + (a == P(n)) * 10 + (a in [a]) * 100 + (P(1) == P(True)) * 1000 + (P(1.0) in {P(1)}) * 10000
---
class S:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __hash__(self): return hash(self.v)
===
s = {S(1), S(2)}
s.add(S(1))
t = S(3)
s.add(t)
return len(s) + (t in s) * 10
---
class S:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __hash__(self): return hash(self.v)
===
t = S(3)
s = {t}
t.v = 4
return (t in s)
---
class A:
    def __init__(self):
        self.cache = None
    def get(self, s):
        if self.cache is None:
            self.cache = [e for e in s if e.name == 'Box']
        return self.cache
===
a = A()
x = a.get(state)
y = a.get(state)
return len(x) + (x is y) * 10
---
class Base:
    def go(self): return self.one() + 1
    def one(self): return 1
class Mixin:
    def one(self): return super().one() * 5
class C(Mixin, Base): pass
===
return C().go() + Base().go() * 100
---
class A:
    x = 1
    def __init__(self):
        if self.x == 1: self.x = 2
===
return A().x * 10 + A.x
---
class A:
    def m(self): return 1
===
a = A()
a.m = lambda: 5
return a.m() + A.m(a) * 10
---
class A:
    @property
    def p(self): raise ValueError
===
try: return A().p
except ValueError: return 7
---
class A:
    def f(self, x): return x
===
try: return A().f()
except TypeError: return 3
---
class A:
    def __init__(self, x): self.x = x
===
try: return A().x
except TypeError: return 3
---
class A:
    def __init__(self, x): self.x = x
    def __contains__(self, v): return v == self.x
    def __len__(self): return 0
===
a = A(len(state))
return (4 in a) + (10 if a else 20) + (not a) * 100
---
class A:
    def __init__(self, d): self.d = d
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
===
a = A({'x': 1})
a['x'] += len(state)
a['y'] = 3
return a['x'] * 10 + len(a.d)
---
class V:
    def __init__(self, x): self.x = x
    def __iadd__(self, o):
        self.x += o
        return self
    def __add__(self, o): return V(self.x + o + 100)
===
a = V(1)
b = a
a += 5
return a.x + b.x * 1000
---
class V:
    def __init__(self, x): self.x = x
    def __sub__(self, o): return V(self.x - o.x)
    def __rsub__(self, o): return V(o - self.x)
    def __abs__(self): return abs(self.x)
===
return abs(V(1) - V(len(state))) + (10 - V(3)).x * 100
---
from collections import namedtuple
P = namedtuple('P', 'x y', defaults=(7,))
===
a = P(1)
b = P(*[2, 3])
c = a + b
n = len(c) * 1000 + sum(c) + (a < b) * 100 + (a == (1, 7)) * 5
return n + a._asdict()['y'] + P._make([4, 5]).x + len(P._fields)
---
from collections import namedtuple
P = namedtuple('P', 'x y')
===
ps = [P(e.x, e.y) for e in state if e.name != 'Wall']
best = min(ps)
x, y = best
return x * 10 + y + (P(2, 2) in ps) * 100 + ps.count((2, 2)) * 1000
---
from collections import namedtuple
P = namedtuple('P', 'x y')
===
a = P(1, 2)
try: a.x = 3
except AttributeError: return 1
return 2
---
from dataclasses import dataclass, replace, asdict
@dataclass
class P:
    x: int
    y: int = 2
===
p = replace(P(1), y=len(state))
return p.y * 10 + asdict(p)['x']
---
from dataclasses import dataclass, field
@dataclass
class P:
    x: int
    log: list = field(default_factory=lambda: [1, 2])
    n: int = field(init=False, default=4)
===
p = P(len(state))
p.log.append(3)
return len(p.log) + len(P(1).log) * 10 + p.n * 100
---
class Outer:
    def make(self):
        def inner(): return self.v
        self.v = 5
        return inner
===
o = Outer()
f = o.make()
o.v = len(state)
return f()
---
class A: pass
===
a = A()
a.x = [1]
b = a
b.x = b.x + [2]
del a
return len(b.x)
---
class A:
    def __init__(self): self.x = 1
===
a = A()
del a.x
return hasattr(a, 'x')
---
class A:
    n = 3
    def get(self): return self.n
class B(A):
    n = 4
===
return [k().get() for k in (A, B)][1] + type(B()).n * 10 + isinstance(B(), (int, A)) * 100
---
class A:
    def __eq__(self, o): return NotImplemented
===
a = A()
return (a == 1) * 1 + (a == a) * 10 + (a != 2) * 100
---
class A:
    def __lt__(self, o): return NotImplemented
===
try: return A() < A()
except TypeError: return 4
---
class A:
    def __init__(self, k): self.k = k
    def __call__(self, e): return e.x > self.k
===
return len(list(filter(A(1), state))) * 10 + sum(map(A(2), state))
---
class A:
    def __init__(self): self.d = {}
    def __enter__(self): return self
===
return 1
---
class Cell:
    def __init__(self, x, y): self.x, self.y = x, y
    def __eq__(self, o): return isinstance(o, Cell) and self.x == o.x and self.y == o.y
    def __hash__(self): return hash((self.x, self.y))
    def shift(self, dx):
        self.x += dx
        return self
===
c = Cell(1, 2)
return c.shift(3).x
---
class W:
    def __init__(self, es):
        self.by = {e.name: e for e in es}
===
return len(W(state).by)
---
class Bag:
    def __init__(self): self.items, self.seen = [], set()
===
b = Bag()
x, y = b.items, b.seen
b.items += [1, len(state)]
b.seen |= {2}
d = {'k': x}
d['k'] += (5,)
return len(x) * 10 + len(y) + (b.items is x) * 100 + len(b.items) * 1000
---
class Bag:
    def __init__(self): self.items = []
===
a, b = Bag(), Bag()
c = a if len(state) > 4 else b
c.items += [len(state)]
return len(a.items) * 10 + len(b.items)
---
from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
===
d = {P(1): 2, P(len(state)): 3}
return d.get(P(4), 0) + d[P(1)] * 10 + (P(9) in d) * 100
---
from dataclasses import dataclass
@dataclass
class P:
    x: int
===
return len({P(1): 2})
---
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
    def __hash__(self): return id(self)
===
return P(1) in {P(1): 2}
---
class P:
    def __init__(self, x): self.x = x
    def __matmul__(self, o): return self.x * 10 + o
    def __rmatmul__(self, o): return self.x + 100 * o
===
p = P(len(state))
return p @ 3 + 2 @ p
---
from dataclasses import dataclass, field
@dataclass(frozen=True)
class P:
    x: int
    y: int = field(compare=False, default=0)
===
boxes = {P(e.x, e.y) for e in state if e.name == 'Box'}
return len(boxes) * 10 + len({P(e.x) for e in state if e.name == 'Box'})
---
class P:
    def __init__(self, x, y): self.x, self.y = x, y
    def __eq__(self, o): return isinstance(o, P) and self.y == o.y and self.x == o.x
    def __hash__(self): return hash((self.x, self.y))
===
boxes = {P(e.x, e.y) for e in state if e.name == 'Box'}
doors = {P(e.y, e.x) for e in state if e.name == 'Door'}
return len(boxes) * 10 + len(boxes & doors) + len(boxes | doors) * 100
---
class P:
    def __init__(self, x, y): self.x, self.y = x, y
    def __eq__(self, o): return isinstance(o, P) and self.y == o.y
    def __hash__(self): return hash(self.y)
===
return len({P(e.x, e.y) for e in state if e.name == 'Box'})
---
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int
===
boxes = {P(e.x, e.y) for e in state if e.name == 'Box'}
rows = {P(0, e.y) for e in state if e.name == 'Box'}
return len(boxes) * 10 + len(rows) + (P(0, 1) in rows) * 100
"""

CLASSES = tuple(_TEXT.strip("\n").split("\n---\n"))
