"""Definitions, and after a line of signs a body that returns a number: exceptions, enumerations, functions of modules.

All of them are translated. There is one ``Player`` in every state, two boxes, and some doors.
"""

from __future__ import annotations

__all__ = ["EXCEPTIONS", "FUNCTIONS", "PATTERNS_OF_TEXT", "TRANSLATED_ENUMS", "VERBS"]

_EXCEPTIONS = r"""
class Blocked(Exception):
    def __init__(self, what, cost=1):
        super().__init__(f'blocked by {what}')
        self.what = what
        self.cost = cost
class Closed(Blocked):
    pass
def check(e):
    if e.x > 3:
        raise Blocked('wall', cost=e.y)
    if e.y > 3:
        raise Closed('door')
    return e.x
===
total = 0
for e in state:
    try:
        total += check(e)
    except Closed as c:
        total += 100 if c.what == 'door' else 7
    except Blocked as b:
        total += 1000 * b.cost
return total
---
===
n = 0
for e in state:
    try:
        n += 1
        if e.x == 2:
            continue
        if e.x == 4:
            break
        n += 10
    finally:
        n += 100
return n
---
def f(x, log):
    try:
        if x > 2:
            return x
        return 10 // (x - 1)
    except ZeroDivisionError:
        log.append(1)
        raise ValueError('one') from None
    finally:
        log.append(2)
===
log = []
n = 0
for x in (0, 1, 2, 3):
    try:
        n += f(x, log)
    except ValueError as e:
        n += 50 if str(e) == 'one' else 70
        n += len(e.args)
return n * 100 + sum(log)
---
class Stop(Exception): pass
===
p = [e for e in state if e.name == 'Player'][0]
try:
    try:
        if p.x > 1:
            raise Stop
        d = {'a': 1}
        return d['b']
    except KeyError:
        n = 1
        raise
    except Stop:
        n = 2
        raise
    else:
        n = 3
except (LookupError, Stop) as e:
    return n + (10 if isinstance(e, Stop) else 20)
---
===
p = [e for e in state if e.name == 'Player'][0]
try:
    assert p.x == 1, 'not there'
except AssertionError as e:
    return 5 if str(e) == 'not there' else 6
return 7
---
===
try:
    raise Exception('a', 2)
except Exception as e:
    a, b = e.args
    return b + (type(e).__name__ == 'Exception')
---
class Failed(ValueError):
    code = 3
def risky(e):
    if e.x == e.y:
        raise Failed(e.x)
    return e.y
===
n = 0
for e in state:
    try:
        n += risky(e)
    except ValueError as error:
        n += error.code * 10 + error.args[0]
    else:
        n += 1000
return n
---
===
n = 0
while True:
    try:
        n += 1
        if n > 5:
            break
    finally:
        n += 1
return n
---
def outer(state):
    for e in state:
        try:
            if e.name == 'Box':
                return e.x
        finally:
            pass
    return -1
===
return outer(state)
---
===
try:
    raise TypeError
except (ValueError, TypeError):
    return 1
---
===
try:
    undefined_name
except NameError:
    return 3
"""

_ENUMS = r"""
from enum import Enum, IntEnum, auto
class Way(Enum):
    UP = (0, -1)
    DOWN = (0, 1)
    LEFT = (-1, 0)
    RIGHT = (1, 0)
    @property
    def dx(self):
        return self.value[0]
    @classmethod
    def of(cls, action):
        return cls[action.split()[1].upper()]
    def back(self):
        return {Way.UP: Way.DOWN, Way.DOWN: Way.UP, Way.LEFT: Way.RIGHT, Way.RIGHT: Way.LEFT}[self]
===
way = Way.of(action)
other = way.back()
return way.value[1] * 10 + other.dx + (way is Way.UP) * 100 + (other in (Way.DOWN, Way.LEFT)) * 1000 + len(Way)
---
from collections import namedtuple
from enum import Enum
Vec = namedtuple('Vec', 'x y')
class Direction(Enum):
    UP = Vec(0, -1)
    DOWN = Vec(0, 1)
    LEFT = Vec(-1, 0)
    RIGHT = Vec(1, 0)
    @classmethod
    def parse(cls, text):
        return cls.__members__.get(text.upper())
    def turned(self):
        return Direction(Vec(-self.value.y, self.value.x))
===
way = Direction.parse(action.split()[1])
p = [e for e in state if e.name == 'Player'][0]
x, y = way.value
here = Vec(p.x + way.value.x, p.y + way.turned().value.y)
known = (way.value == (0, 1), Direction((1, 0)) is Direction.RIGHT, len(repr(way)), len(str(way)))
same = [d.name for d in Direction if d.value == Vec(x, y)]
return here.x + 10 * here.y + 100 * known[0] + 1000 * known[1] + 10000 * known[2] + 1000000 * known[3] + len(same[0])
---
from enum import IntEnum
class Level(IntEnum):
    LOW = 1
    MID = 2
    HIGH = 3
===
p = [e for e in state if e.name == 'Player'][0]
level = Level(p.x % 3 + 1)
return level + (level > Level.LOW) * 10 + (level == 2) * 100 + {Level.LOW: 7, Level.MID: 8, Level.HIGH: 9}[level] * 1000
---
from enum import Enum, auto
class Color(Enum):
    RED = auto()
    GREEN = auto()
    BLUE = auto()
    AZURE = BLUE
===
names = [c.name for c in Color]
return len(names) + Color.BLUE.value * 10 + (Color.AZURE is Color.BLUE) * 100 + Color['GREEN'].value * 1000
---
from enum import Enum
class Verb(Enum):
    GO = 'go'
    MOVE = 'move'
def parse(word):
    try:
        return Verb(word)
    except ValueError:
        return None
===
verb = parse(action.split()[0])
other = parse('jump')
return (verb is Verb.MOVE) + 10 * (other is None) + 100 * isinstance(verb, Verb)
---
from enum import Enum
class Planet(Enum):
    A = (1, 2)
    B = (3, 4)
    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius
    def weight(self):
        return self.mass * 10 + self.radius
    def __str__(self):
        return f'planet {self.name.lower()}'
===
planet = Planet.A if action == 'move up' else Planet.B
return planet.weight() + planet.mass * 100 + (str(planet) == 'planet a') * 1000
---
from enum import Enum
class Kind(str, Enum):
    BOX = 'Box'
    DOOR = 'Door'
===
return sum(1 for e in state if e.name == Kind.BOX) + 10 * len([e for e in state if e.name == Kind.DOOR.value])
---
import enum
@enum.unique
class Dir(enum.IntEnum):
    NORTH = 0
    EAST = 1
    SOUTH = 2
    WEST = 3
    def right(self):
        return Dir((self + 1) % 4)
===
d = Dir.NORTH
for e in state:
    if e.name == 'Box':
        d = d.right()
return d * 10 + (d.name == 'SOUTH') + sorted(Dir, reverse=True)[0]
---
from enum import IntEnum
class Odd(IntEnum):
    ONE = 1
    THREE = 3
===
n = 0
for e in state:
    try:
        n += Odd(e.x).value
    except ValueError:
        n += 100
return n
---
from enum import Flag, auto
class Can(Flag):
    WALK = auto()
    SWIM = auto()
===
both = Can.WALK | Can.SWIM
return (Can.SWIM in both) + 10 * both.value + 100 * bool(Can.WALK & Can.SWIM)
"""

_FUNCTIONS = r"""
from functools import wraps
def twice(f):
    @wraps(f)
    def inner(*args, **kwargs):
        return f(*args, **kwargs) * 2
    return inner
@twice
def width(e, more=0):
    return e.x + more
===
return sum(width(e, more=1) for e in state) + (width.__name__ == 'width') * 1000
---
from functools import lru_cache, cache
@lru_cache(maxsize=None)
def offset(action):
    return DIRECTIONS.get(action, (0, 0))
@cache
def half(n):
    return n // 2
===
dx, dy = offset(action)
return dx * 10 + dy + sum(half(e.x) for e in state)
---
from operator import attrgetter, itemgetter, methodcaller
===
place = attrgetter('x', 'y')
first = min(state, key=attrgetter('y', 'x', 'name'))
low = methodcaller('lower')
best = max([(e.x, e.y, low(e.name)) for e in state], key=itemgetter(1, 0))
return sum(a * b for a, b in map(place, state)) + first.x * 100 + best[0] * 1000
---
import operator
OPS = {'+': operator.add, '-': operator.sub, '<': operator.lt, '==': operator.eq}
===
p = [e for e in state if e.name == 'Player'][0]
return OPS['+'](p.x, 2) * 10 + OPS['-'](p.y, 5) + OPS['<'](p.x, 3) * 100
---
from itertools import chain, product, takewhile, islice, combinations
===
pairs = list(product((-1, 0, 1), repeat=2))
near = [d for d in pairs if abs(d[0]) + abs(d[1]) == 1]
xs = list(chain([1, 2], (e.x for e in state)))
low = list(takewhile(lambda v: v < 3, (1, 2, 3, 1)))
three = len(list(combinations((1, 2, 3), 2))) + sum(islice((5, 6, 7), 2))
return len(near) * 10 + sum(xs) + len(low) * 100 + three * 1000
---
from itertools import accumulate, compress, dropwhile, filterfalse, pairwise, permutations, repeat, starmap
===
steps = [b - a for a, b in pairwise([1, 4, len(state)])]
sums = list(accumulate([1, 2, 3], initial=10))
late = list(dropwhile(lambda v: v < 2, (1, 2, 1)))
odd = list(filterfalse(lambda v: v % 2 == 0, range(5))) + list(compress((7, 8, 9), (1, 0, 1)))
return sum(steps) + sums[-1] * 10 + len(late) * 1000 + sum(odd) + len(list(permutations('ab'))) + sum(
    starmap(lambda a, b: a * b, zip((e.x for e in state), repeat(2, 3)))
)
---
from dataclasses import dataclass, replace, asdict
@dataclass(frozen=True)
class Stats:
    health: int
    energy: int = 3
    def hurt(self, n):
        return replace(self, health=max(0, self.health - n))
===
p = [e for e in state if e.name == 'Player'][0]
s = Stats(p.x).hurt(2)
t = replace(s, energy=p.y)
return s.health + t.energy * 10 + (s == Stats(0)) * 100 + sum(asdict(t).values()) * 1000
---
from collections import OrderedDict
===
d = OrderedDict([('a', 1), ('b', 2)])
d['c'] = len(state)
return sum(d.values()) + len([k for k in d]) * 100
---
===
p = [e for e in state if e.name == 'Player'][0]
q, r = divmod(p.x * 7 - 20, 4)
return q * 100 + r + ord('a')
---
from collections import namedtuple
Pos = namedtuple('Pos', 'x y')
===
places = {Pos(e.x, e.y): e.name for e in state}
marks = {}
for e in state:
    if e.name == 'Box':
        marks[Pos(e.x, e.y)._replace(x=2)] = e.x
found = places.get((2, 2), '') == 'Box'
return found + len(marks) * 10 + (Pos(2, 3) in marks) * 100 + sum(marks.values()) * 1000
---
class Shape:
    def area(self, n): return 0
class Square(Shape):
    def area(self, n): return n * n
class Line(Shape):
    def area(self, n): return n
TABLE = {c.__name__: c() for c in Shape.__subclasses__()}
===
p = [e for e in state if e.name == 'Player'][0]
return sum(s.area(p.x) for s in TABLE.values()) + len(TABLE) * 100
---
class Index:
    def __init__(self, state):
        self.by_name = {}
        for e in state:
            self.by_name[e.name, e.x, e.y] = e
    def __getitem__(self, key):
        return self.by_name[key]
    def __contains__(self, key):
        return key in self.by_name
===
index = Index([e for e in state if e.name in ('Player', 'Box')])
p = [e for e in state if e.name == 'Player'][0]
return (('Player', p.x, p.y) in index) + 10 * (('Box', p.x, p.y) in index)
---
===
tokens = action.split()
at = tokens.index(tokens[-1])
return at + len(' '.join(tokens[:at])) * 10
---
===
p = [e for e in state if e.name == 'Player'][0]
boxes = [e for e in state if e.name == 'Box']
for box in boxes:
    p.health -= box.y
    if box.x > 2:
        p.health *= 2
left = p.health
p.health = max(0, left)
return left * 100 + p.health
---
def ticked(e, doors):
    for d in doors:
        if d.open:
            d.open = False
            e.y -= 1
    return e.y
===
doors = [e for e in state if e.name == 'Door']
n = 0
for e in state:
    if e.name == 'Box':
        for d in doors:
            if d.x == e.x:
                d.open = not d.open
        n = n * 3 + ticked(e, doors)
return n + sum(1 for d in doors if d.open) * 1000
"""

_PATTERNS_OF_TEXT = r"""
import re
PATTERN = re.compile(r'^(?P<verb>\w+) (?P<way>up|down|left|right)$')
===
m = PATTERN.match(action)
if not m:
    return -1
d = m.groupdict()
return len(d['way']) + 10 * (m.group('verb') == 'move') + 100 * len(m.groups()) + 1000 * (m['way'] == 'up')
---
import re
===
m = re.search(r'(up|down)', action)
return m.start() if m else 77
---
import re
===
words = re.findall(r'\w+', action)
parts = re.split(r'\s+', action)
return len(words) + 10 * len(parts[1]) + 100 * len(re.sub(r'[aeiou]', '', action))
---
import re
RULES = [(re.compile(r'^move (up|down)$'), 1), (re.compile(r'^move (?P<side>left|right)$', re.IGNORECASE), 2)]
===
for pattern, number in RULES:
    m = pattern.fullmatch(action)
    if m is not None:
        return number * 10 + len(m.group(1))
return 0
---
import re
===
found = sum(len(m.group()) for m in re.finditer(r'o', action))
return sum(1 for e in state if re.fullmatch(r'B.x|Door', e.name)) + found
"""

_VERBS = r"""
def parse(action):
    verb, *words = action.split()
    if words[0] in ('up', 'down'):
        return {'kind': 'vertical', 'args': words}
    return ['horizontal', 1 if words[0] == 'right' else -1, verb]
===
p = [e for e in state if e.name == 'Player'][0]
parsed = parse(action)
if isinstance(parsed, dict):
    return p.y * 10 + len(parsed['args'])
return p.x + parsed[1] * 100
---
HANDLERS = {
    'up': lambda p: p.y - 1,
    'down': lambda p, n=2: p.y + n,
}
def words(action):
    return action.split()[1:] if 'up' in action else action.split() + ['x']
===
p = [e for e in state if e.name == 'Player'][0]
found = words(action)
handler = HANDLERS.get(found[0]) or HANDLERS['down']
return handler(p) + len(found) * 10
"""


def _snippets(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\n") for part in text.split("\n---\n"))


EXCEPTIONS = _snippets(_EXCEPTIONS)
TRANSLATED_ENUMS = _snippets(_ENUMS)
FUNCTIONS = _snippets(_FUNCTIONS)
PATTERNS_OF_TEXT = _snippets(_PATTERNS_OF_TEXT)
VERBS = _snippets(_VERBS)
