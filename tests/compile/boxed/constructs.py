"""Python's constructs, each with an expression or statements that use it: what the table of docs is made from.

A line is ``name :: code``. Code that is no expression assigns ``r``. Each runs natively and in CPython.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

__all__ = ["HELPERS", "IMPORTS", "REFUSED", "SECTIONS", "Construct", "constructs", "needed", "source_of"]

IMPORTS = """
import bisect, collections, copy, enum, functools, heapq, itertools, math, operator, re, string
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field, replace, asdict
from enum import Enum, IntEnum, Flag, auto
from typing import NamedTuple, Optional
from abc import ABC, abstractmethod
"""

_TABLE = r"""
# Expressions
integer arithmetic (floor division, modulo, powers) :: (7 // -2, -7 % 3, 2 ** 10, -3 // 2, divmod(-7, 2))
float arithmetic, bit for bit :: (0.1 + 0.2, 1 / 3, 7.5 // 2, -7.5 % 2, 2 ** -1, 1e308 * 10)
complex numbers :: ((1 + 2j) * 1j, abs(3 + 4j), (1j ** 2).real)
bit operations and shifts :: (6 & 3, 6 | 3, 6 ^ 3, ~6, 1 << 5, -9 >> 1, True & False)
chained comparison :: (1 < 2 < 3, 1 < 3 < 2, 1 == 1.0 == True)
and, or, not: short circuit, value of the deciding operand :: (0 or "a", [] and 1, not 0, None or 0)
conditional expression :: (1 if [] else 2)
assignment expression :: [y for x in range(4) if (y := x * x) > 1]
identity and membership :: (None is None, 3 in [1, 3], "b" not in "abc", 2 in {1: 2})
slices, extended ones too :: ("abcdef"[1:5:2], [1, 2, 3][::-1], (1, 2, 3)[-2:])
displays with stars :: ([*range(2), *"ab"], {**{"a": 1}, "b": 2}, (*[1], 2), {*[1, 2], 3})
list, set, dict comprehensions, nested :: ([(x, y) for x in range(3) for y in range(x)], {x % 2 for x in range(5)}, {k: v for k, v in zip("ab", (1, 2))})
generator expressions :: (sum(x for x in range(4)), list(x + 1 for x in (1, 2)))
lambda with defaults and stars :: (lambda a, b=2, *c, d=4, **e: (a, b, c, d, e))(1, 2, 3, d=5, f=6)
f-strings, format specs, nested fields :: f"{3.14159:.2f}|{'x':>4}|{7:03d}|{1 + 1!r}|{5:{'>'}{4}}"
% formatting :: "%s %d %05.1f %-4s| %x %r" % ("a", 7, 2.5, "b", 255, "q")
calls with * and ** :: max(*[1, 5], *(3,), **{"key": lambda v: -v})
attribute of a call, subscript of a call :: ("a b".split()[0].upper(), [[1], [2]][1][0])

# Statements
unpacking, with a star :: a, (b, *c) = 1, (2, 3, 4); r = (a, b, c)
augmented assignment, in place for lists :: a = b = [1]; a += [2]; r = (a, b)
for with else, break, continue :: r = next(("x" for x in [] if x), "none")
while with else :: n = 3;  r = [n for n in range(n)]
del of names, items, slices, attributes :: a = [1, 2, 3, 4]; del a[0], a[1:]; r = a
assert with a message :: assert 1, "fine"; r = True
global and nonlocal :: r = closure_counter()
try, except, else, finally :: r = try_all()
exceptions by type, tuple of types, hierarchy; raise from; re-raise :: r = exceptions()
exceptions of a program's own :: r = own_exceptions()
with (context managers of a program's own) :: r = with_statement()
match: literals, sequences, mappings, classes, or, as, guards :: r = [match_all(v) for v in (0, "go 3", [1, 2, 3], {"k": 1, "z": 2}, (1, 1), None, 2.5, Pair(1, 2))]
generators: yield, send, throw, close, return value, yield from :: r = generators()
recursion, mutual too; RecursionError :: r = recursion()
decorators, with arguments too :: r = decorated(3)
default arguments that are mutable :: r = (memo(1), memo(2))

# Classes
methods, class attributes, inheritance, super() :: r = (Child(2).area(), Child.kind, isinstance(Child(1), Base))
properties with setters, classmethod, staticmethod :: r = properties()
operators by methods, reflected ones too :: r = (Pair(1, 2) + Pair(3, 4) == Pair(4, 6), 3 * Pair(1, 2) == Pair(3, 6), -Pair(1, 1) == Pair(-1, -1))
__eq__, __hash__, __lt__: sets and sorting of objects :: r = (len({Pair(1, 2), Pair(1, 2)}), [p.x for p in sorted([Pair(2, 0), Pair(1, 0)])])
__getattr__, __setattr__, __getitem__, __contains__, __len__, __iter__, __call__ :: r = protocols()
dataclasses: frozen, order, defaults, field, replace, asdict :: r = (Point(1, 2) < Point(1, 3), replace(Point(1), y=5), asdict(Bag([1])))
namedtuple and NamedTuple :: r = (Row(1, 2)._replace(b=3), Row(1, 2).a, Named("k"), Named("k")._asdict())
enum: Enum, IntEnum, Flag, auto, lookup by value and name :: r = (Colour.RED.name, Colour(2).name, Colour["RED"].value, [c.name for c in Colour], Level.LOW < Level.HIGH, Level.LOW + 1)
abstract base classes :: r = abstract()
subclasses of built-in types :: r = (Stack([1, 2]).top(), Loud("a").twice(), Table(a=1)["missing"])
__slots__, __init_subclass__, descriptors :: r = special_classes()
multiple inheritance, method resolution order :: r = [c.__name__ for c in Diamond.__mro__]

# Built-in functions
abs, divmod, pow, round (to even) :: (abs(-3), pow(2, 5), pow(3, 4, 5), round(2.5), round(2.675, 2), round(1234, -2))
all, any, sum, min, max with key and default :: (all([]), any([0, 1]), sum([1, 2], 10), min("bca"), max([], default=0), max([3, -5], key=abs))
sorted and list.sort: stable, key, reverse :: (sorted("bAc", key=str.lower), sorted([(1, "b"), (0, "a"), (1, "a")], key=lambda t: t[0], reverse=True))
enumerate, zip (strict), map, filter, reversed, range :: (list(enumerate("ab", 1)), list(zip("ab", [1, 2], strict=True)), list(map(len, ["a", "bb"])), list(filter(None, [0, 1])), list(reversed([1, 2])), list(range(5, 0, -2)))
iter with a sentinel, next with a default :: (next(iter([]), 7), list(iter(lambda it=iter([1, 2, 0, 3]): next(it), 0)))
getattr, setattr, hasattr, delattr, vars, dir-free reflection :: r = reflection()
isinstance, issubclass, type, callable, id-free identity :: (isinstance(True, int), issubclass(bool, int), type(1) is int, callable(len))
int, float, bool, str, list, tuple, dict, set, frozenset as functions :: (int("-12"), int("ff", 16), float("1e3"), bool([]), str(1.0), list("ab"), tuple([1]), dict(a=1), dict([("b", 2)]), frozenset([1]))
chr, ord, bin, hex, oct, repr, ascii, format :: (chr(97), ord("b"), bin(5), hex(255), oct(8), repr("a'b"), format(3.5, ".2f"))
hash of equal values is equal :: (hash(1) == hash(1.0), hash((1, "a")) == hash((1, "a")))
print: dropped :: print("nothing", 1, sep="-")

# Methods of str
case: lower, upper, title, capitalize, swapcase, casefold :: ("aB c".lower(), "aB c".upper(), "aB c".title(), "aB c".capitalize(), "aB".swapcase(), "AB".casefold())
split, rsplit, splitlines, partition, rpartition, join :: (" a  b ".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "a\nb".splitlines(), "k=v=w".partition("="), "k=v=w".rpartition("="), "-".join("abc"))
strip, lstrip, rstrip, removeprefix, removesuffix, zfill, center, ljust, rjust :: (" a ".strip(), "xxa".lstrip("x"), "axx".rstrip("x"), "unhappy".removeprefix("un"), "a.py".removesuffix(".py"), "7".zfill(3), "a".center(5, "*"), "a".ljust(3), "a".rjust(3))
find, rfind, index, count, startswith, endswith, replace :: ("banana".find("an"), "banana".rfind("an"), "banana".count("an"), "banana".startswith(("x", "b")), "banana".endswith("na"), "banana".replace("a", "o", 2))
isdigit, isalpha, isalnum, islower, isupper, isspace, isidentifier, isnumeric :: ("12".isdigit(), "ab".isalpha(), "a1".isalnum(), "a".islower(), "A".isupper(), " ".isspace(), "a_b".isidentifier(), "5".isnumeric())
format, format_map, translate, maketrans, expandtabs :: ("{0} {b!r:>5} {0[1]}".format("xy", b="z"), "{a}".format_map({"a": 1}), "abc".translate(str.maketrans("ab", "xy")), "a\tb".expandtabs(4))

# Methods of list, tuple, dict, set
list: append, extend, insert, remove, pop, index, count, reverse, sort, copy, clear :: r = list_methods()
tuple: index, count, comparison, concatenation :: ((1, 2, 1).count(1), (1, 2).index(2), (1, 2) < (1, 3), (1,) + (2,), (0,) * 3)
dict: get, setdefault, pop, popitem, update, items, keys, values, fromkeys, |, views as sets :: r = dict_methods()
set: add, discard, remove, pop, update, union, intersection, difference, symmetric_difference, subset tests, in-place operators :: r = set_methods()
sets of mutated objects: stale hashes :: r = stale()
changing a dict or set while iterating: RuntimeError :: r = resized()

# Modules
copy: copy, deepcopy, __copy__, __deepcopy__, shared references :: r = copies()
itertools: product, permutations, combinations, chain, groupby, islice, accumulate, zip_longest, takewhile, pairwise, count, cycle, repeat, starmap :: r = iterators()
functools: reduce, partial, lru_cache, cache, cmp_to_key, total_ordering, wraps :: (functools.reduce(operator.add, [1, 2, 3]), functools.partial(pow, 2)(5), cached(4), sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
collections: Counter, defaultdict, deque, OrderedDict, ChainMap :: (Counter("abca").most_common(1), dict(defaultdict(list, a=[1])), list(deque([1, 2, 3], maxlen=2)), list(OrderedDict(a=1)), collections.ChainMap({"a": 1}, {"a": 2})["a"])
heapq and bisect :: (heapq.nsmallest(2, [3, 1, 2]), bisect.bisect([1, 2, 2, 3], 2), bisect.bisect_left([1, 2, 2, 3], 2))
math :: (math.gcd(12, 18), math.isqrt(17), math.floor(-1.5), math.ceil(1.2), math.hypot(3, 4), math.prod([2, 3]), math.inf > 1, round(math.sin(1), 12), math.dist((0, 0), (3, 4)), math.comb(5, 2))
operator: itemgetter, attrgetter, methodcaller, functions :: (operator.itemgetter(1)("ab"), operator.attrgetter("real")(3), operator.methodcaller("upper")("a"), operator.floordiv(7, 2))
re: match, search, fullmatch, findall, finditer, split, sub, groups, flags :: (re.match(r"(\w+) (?P<n>\d+)", "box 12").groupdict(), re.findall(r"\d+", "1 a 22"), re.sub(r"(\w)(\d)", r"\2\1", "a1 b2"), re.split(r"[,;]\s*", "a, b;c"), bool(re.fullmatch("A+", "aa", re.I)), [m.span() for m in re.finditer("a", "banana")])
string: constants, capwords :: (string.ascii_lowercase[:3], string.digits, string.capwords("a bc"))
random, with the reference's fixed seed :: r = randomness()
"""

HELPERS = r"""
class Pair:
    def __init__(self, x, y): self.x, self.y = x, y
    __match_args__ = ("x", "y")
    def __add__(self, other): return Pair(self.x + other.x, self.y + other.y)
    def __rmul__(self, k): return Pair(k * self.x, k * self.y)
    def __neg__(self): return Pair(-self.x, -self.y)
    def __eq__(self, other): return isinstance(other, Pair) and (self.x, self.y) == (other.x, other.y)
    def __hash__(self): return hash((self.x, self.y))
    def __lt__(self, other): return (self.x, self.y) < (other.x, other.y)
    def __repr__(self): return f"Pair({self.x}, {self.y})"

def closure_counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    step()
    return step()

def try_all():
    log = []
    for k in (0, 1, 2):
        try:
            log.append(1 // k if k < 2 else {}["q"])
        except ZeroDivisionError as error:
            log.append(type(error).__name__)
        except (KeyError, IndexError):
            log.append("lookup")
            continue
        else:
            log.append("else")
        finally:
            log.append("finally")
    return log

class Lost(ValueError):
    def __init__(self, what): super().__init__("lost " + what); self.what = what

def exceptions():
    out = []
    try:
        try:
            [].pop()
        except LookupError as error:
            raise RuntimeError("outer") from error
    except RuntimeError as error:
        out += [str(error), type(error.__cause__).__name__]
    try:
        try:
            int("x")
        except ValueError:
            raise
    except Exception as error:
        out.append(type(error).__name__)
    return out

def own_exceptions():
    try:
        raise Lost("key")
    except ValueError as error:
        return str(error), error.what, error.args, isinstance(error, Lost)

class Opened:
    def __init__(self, log): self.log = log
    def __enter__(self): self.log.append("in"); return self
    def __exit__(self, kind, value, trace): self.log.append(kind.__name__ if kind else None); return kind is KeyError

def with_statement():
    log = []
    with Opened(log) as first, Opened(log):
        log.append(first is not None)
        {}["x"]
    return log

def match_all(value):
    match value:
        case 0: return "zero"
        case str() as text if text.startswith("go"): return text.split()
        case [first, *rest] if len(rest) > 1: return first, rest
        case {"k": k, **others}: return k, others
        case (a, b) if a == b: return "twins"
        case None: return "none"
        case Pair(x, y=2): return x
        case int() | float(): return "number"

def generators():
    def inner():
        try:
            got = yield 1
            yield got
        except ValueError:
            yield "caught"
        return "end"
    def outer():
        result = yield from inner()
        yield result
    g = outer()
    h = inner()
    next(h)
    return [next(g), g.send("sent"), next(g), list(g), h.throw(ValueError("x")), h.close()]

def recursion():
    def even(n): return True if n == 0 else odd(n - 1)
    def odd(n): return False if n == 0 else even(n - 1)
    def endless(n): return endless(n + 1)
    try:
        endless(0)
    except RecursionError:
        return even(20), "deep"

def times(k):
    def wrap(f):
        @functools.wraps(f)
        def inner(*args): return k * f(*args)
        return inner
    return wrap

@times(2)
def decorated(x): return x + 1

def memo(key, seen=[]):
    seen.append(key)
    return list(seen)

class Base:
    kind = "base"
    def __init__(self, side): self.side = side
    def area(self): return self.side ** 2
class Child(Base):
    def area(self): return super().area() + 1

class Celsius:
    made = 0
    def __init__(self, degrees): self._degrees = degrees; Celsius.made += 1
    @property
    def degrees(self): return self._degrees
    @degrees.setter
    def degrees(self, value): self._degrees = max(value, -273)
    @classmethod
    def zero(cls): return cls(0)
    @staticmethod
    def half(x): return x / 2

def properties():
    c = Celsius.zero()
    c.degrees = -500
    return c.degrees, Celsius.half(3), Celsius.made > 0

class Box:
    def __init__(self): object.__setattr__(self, "log", [])
    def __getattr__(self, name): return "no " + name
    def __setattr__(self, name, value): self.log.append((name, value))
    def __getitem__(self, key): return key * 2
    def __contains__(self, item): return item == 1
    def __len__(self): return 3
    def __iter__(self): return iter("xyz")
    def __call__(self, a): return a + 1

def protocols():
    b = Box()
    b.q = 1
    return b.missing, b.log, b[4], 1 in b, len(b), list(b), b(1), bool(b)

@dataclass(frozen=True, order=True)
class Point:
    x: int
    y: int = 2
@dataclass
class Bag:
    items: list = field(default_factory=list)
    size: int = field(init=False)
    def __post_init__(self): self.size = len(self.items)
Row = namedtuple("Row", "a b")
class Named(NamedTuple):
    key: str
    n: int = 0
class Colour(Enum):
    RED = 1
    BLUE = auto()
class Level(IntEnum):
    LOW = 1
    HIGH = 2
class Shape(ABC):
    @abstractmethod
    def area(self): ...
def abstract():
    try:
        Shape()
    except TypeError:
        return "abstract"
class Stack(list):
    def top(self): return self[-1]
class Loud(str):
    def twice(self): return self.upper() * 2
class Table(dict):
    def __missing__(self, key): return key + "!"
class Thin:
    __slots__ = ("a",)
class Registry:
    known = []
    def __init_subclass__(cls, tag=None): Registry.known.append((cls.__name__, tag))
class Plugin(Registry, tag="p"): pass
class Ten:
    def __get__(self, obj, kind=None): return 10
class Has:
    ten = Ten()
def special_classes():
    t = Thin()
    t.a = 1
    try:
        t.b = 2
    except AttributeError:
        return t.a, Registry.known, Has().ten
class A: pass
class B(A): pass
class C(A): pass
class Diamond(B, C): pass

def reflection():
    p = Pair(1, 2)
    setattr(p, "z", 3)
    delattr(p, "x")
    return getattr(p, "z"), hasattr(p, "x"), getattr(p, "x", None), dict(vars(p)), p.__class__.__name__

def list_methods():
    a = [3, 1, 2]
    a.append(1); a.extend((4, 5)); a.insert(1, 9); a.remove(1)
    b = a.copy()
    a.sort(); a.reverse()
    return a, b, a.pop(), a.pop(0), a.index(3), a.count(1), b.clear(), b

def dict_methods():
    d = dict.fromkeys("ab", 0)
    d.update(c=3)
    d.setdefault("e", []).append(1)
    return d.get("q", 1), d.pop("a"), d.popitem(), list(d.items()), d | {"z": 1}, sorted(d.keys() & {"b", "q"}), list(d.values()), list(reversed(d))

def set_methods():
    s = {1, 2, 3}
    s.add(4); s.discard(9); s.remove(1); s.update([7])
    t = {2, 9}
    out = [s | t, s & t, s - t, s ^ t, s <= s, t.isdisjoint({1}), {2}.issubset(t), s.union([5]), s.pop()]
    s &= {2, 3}; s |= {8}; s -= {3}
    return out, s, frozenset(s) == s

def stale():
    p = Pair(1, 2)
    s = {p}
    p.x = 5
    return p in s, Pair(1, 2) in s, len(s), (s.discard(p), len(s))[1], (s.add(p), len(s))[1]

def resized():
    out = []
    for c in ({1, 2}, {1: 1, 2: 2}):
        try:
            for k in c:
                c.add(9) if isinstance(c, set) else c.update({9: 9})
        except RuntimeError:
            out.append("resized")
    return out

def copies():
    shared = [1]
    a = {"p": shared, "q": shared}
    b, c = copy.copy(a), copy.deepcopy(a)
    shared.append(2)
    return b, c, c["p"] is c["q"]

def iterators():
    return [
        list(itertools.product("ab", repeat=2))[1], list(itertools.permutations([1, 2, 3], 2))[:2], list(itertools.combinations("abc", 2)),
        list(itertools.chain([1], (2,))), [(k, len(list(g))) for k, g in itertools.groupby("aabb")], list(itertools.islice(itertools.count(5), 2)),
        list(itertools.accumulate([1, 2, 3])), list(itertools.zip_longest("ab", "c", fillvalue="-")), list(itertools.pairwise([1, 2, 3])),
        list(itertools.takewhile(lambda v: v < 3, [1, 2, 3, 1])), list(itertools.islice(itertools.cycle("ab"), 3)), list(itertools.repeat(1, 2)),
        list(itertools.starmap(pow, [(2, 3)])),
    ]

@functools.lru_cache(maxsize=None)
def cached(n): return n if n < 2 else cached(n - 1) + cached(n - 2)

def randomness():
    import random
    random.seed(3)
    values = [random.randint(1, 6), random.choice("abc"), random.random()]
    random.shuffle(values)
    return values
"""

REFUSED = {
    "a module as a value": "m = math",
    "an object's __dict__ handed on": "return vars(Pair())",
    "eval, exec, compile": "eval('1')",
    "globals, locals": "globals()",
    "open, input": "open('x')",
    "bytes, bytearray": "x = b'ab'",
    "async and await": "async def f(): pass",
    "except*": "try:\n        r = 1\n    except* ValueError:\n        r = 2",
    "import of a module outside the pure ones": "import numpy",
    "ints beyond 62 bits as constants": "x = 123456789012345678901234567890",
}
"""Constructs that run interpreted, each with code that uses it."""


@dataclass(frozen=True)
class Construct:
    """One row of the table."""

    section: str
    name: str
    code: str


def constructs() -> list[Construct]:
    """All rows."""
    rows: list[Construct] = []
    section = ""
    for line in _TABLE.strip().splitlines():
        if line.startswith("# "):
            section = line[2:]
        elif line:
            name, code = line.split(" :: ", 1)
            rows.append(Construct(section, name, code))
    return rows


SECTIONS = tuple(dict.fromkeys(row.section for row in constructs()))


def source_of(rows: list[Construct]) -> str:
    """A program whose ``case()`` lists what each row gives, or the name of the exception."""
    functions = []
    for number, row in enumerate(rows):
        try:
            compile(row.code, "<row>", "eval")
            body = f"r = ({row.code})"
        except SyntaxError:
            body = row.code
        functions.append(f"def row{number}():\n    {body}\n    return repr(r)\n")
    names = ", ".join(f"row{number}" for number in range(len(rows)))
    case = f"""
def case():
    out = []
    for f in ({names},):
        try:
            out.append(f())
        except Exception as error:
            out.append("raises " + type(error).__name__)
    return out
"""
    rows_and_case = "\n".join(functions) + case
    return needed(IMPORTS + HELPERS, rows_and_case) + "\n" + rows_and_case


def needed(text: str, by: str) -> str:
    """The top-level statements of a text that another text needs, and those that these need."""
    statements = [part for node in ast.parse(text).body for part in _single_imports(node)]
    wanted = {node.id for node in ast.walk(ast.parse(by)) if isinstance(node, ast.Name)}
    kept: set[int] = set()
    size = -1
    while size != len(kept):
        size = len(kept)
        for place, node in enumerate(statements):
            if place not in kept and wanted & _bound(node):
                kept.add(place)
                wanted |= {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
    return "\n".join(ast.unparse(statements[place]) for place in sorted(kept))


def _single_imports(node: ast.stmt) -> list[ast.stmt]:
    if isinstance(node, ast.Import):
        return [ast.Import([alias]) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [ast.ImportFrom(node.module, [alias], 0) for alias in node.names]
    return [node]


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.name for alias in node.names}
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        bases = node.bases if isinstance(node, ast.ClassDef) else []
        # A class that registers itself comes along with what it registers in.
        return {node.name} | ({base.id for base in bases if isinstance(base, ast.Name)} & {"Registry"})
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
