"""Programs whose meaning hangs on the rewrites in ``wc_engine/compile/rewrites``."""

DATACLASSES = {
    "options": """
from dataclasses import dataclass, field
import dataclasses as dc
@dataclass
class P:
    x: int
    y: int = 3
    tags: list = field(default_factory=list, compare=False)
@dataclass(order=True)
class Card:
    rank: int
    suit: str = field(compare=False, default="s")
@dataclass(frozen=True)
class F:
    a: int
    b: tuple = (1, 2)
    def grown(self): return dc.replace(self, a=self.a + 1)
@dc.dataclass(eq=False)
class NoEq:
    v: int
@dc.dataclass(unsafe_hash=True, repr=False)
class H:
    v: int
    w: int = dc.field(default=1, hash=False, repr=False)
@dataclass(kw_only=True)
class K:
    a: int = 1
    b: int
@dataclass(slots=True)
class S:
    a: int
    b: int = 2
@dataclass(init=False)
class Own:
    v: int = 1
    def __init__(self): self.w = 5
@dataclass
class Mine:
    v: int
    def __repr__(self): return "mine"
    def __eq__(self, other): return True
@dataclass
class Mixed:
    a: int
    _: dc.KW_ONLY
    b: int = 2
    c: str = field(default="c", kw_only=False)
def change(o, name, value): setattr(o, name, value)
def observe():
    f = F(1)
    return [P(1), P(1, 2, [3]), P(x=5), P(1) == P(1), P(1) != P(2), P(1, tags=[1]) == P(1), P(1) == (1, 3, []), P(1).tags is P(1).tags, attempt(P), attempt(P, 1, 2, 3, 4),
        attempt(P, 1, z=2), attempt(hash, P(1)), attempt(lambda: P(1) < P(2)), Card(2) < Card(3), Card(3, "a") <= Card(3, "b"), Card(3) > Card(2), sorted([Card(3), Card(1)]),
        max(Card(1), Card(4)), attempt(lambda: Card(1) < 3), f, hash(f) == hash(F(1)), f == F(1), {f: 1}[F(1)], attempt(change, f, "a", 2), attempt(change, f, "new", 2),
        f.grown(), attempt(delattr, f, "a"), NoEq(1) == NoEq(1), NoEq(1), hash(H(1, 2)) == hash(H(1, 3)), H(1) == H(1), "H object" in repr(H(1)), K(b=2), attempt(K, 1, 2),
        S(1), S(1).b, attempt(change, S(1), "c", 3), Own().w, Own.v, Mine(3), Mine(1) == 4, Mixed(1, "z", b=4), Mixed(1), P.__match_args__, K.__match_args__, Mixed.__match_args__,
        P.y, attempt(lambda: P.tags), isinstance(P(1), P), [p.x for p in [P(2), P(1)]], P.__name__, dc.is_dataclass(P), dc.is_dataclass(3), dict(P(1).__dict__)]
""",
    "inheritance": """
from dataclasses import dataclass, field, fields, asdict, astuple, replace, InitVar
from typing import ClassVar, Optional, List, Dict
import copy
@dataclass
class Thing:
    x: int
    y: int
    count: ClassVar[int] = 0
    def pos(self): return (self.x, self.y)
    def __post_init__(self): Thing.count = 7
@dataclass
class Box(Thing):
    weight: float = 1.5
    def __post_init__(self):
        super().__post_init__()
        self.heavy = self.weight > 2
@dataclass
class Crate(Box):
    y: int = 9
    items: List[str] = field(default_factory=lambda: ["nail"])
    extra: Optional["Crate"] = None
class Plain(Thing):
    def speak(self): return "plain"
@dataclass
class Sub(Plain):
    z: int = 1
@dataclass
class Area:
    w: int
    h: InitVar[int]
    scale: InitVar[int] = 2
    size: int = field(init=False)
    log: list = field(init=False, default_factory=list)
    note: str = field(init=False, default="none", repr=False)
    def __post_init__(self, h, scale): self.size = self.w * h * scale
@dataclass(frozen=True)
class Root:
    a: int
@dataclass(frozen=True)
class Leaf(Root):
    b: int = 0
    cache: dict = field(default_factory=dict, compare=False, hash=False)
class Base:
    kind = "base"
@dataclass
class Kinded(Base):
    kind: str
    n: int = 3
def default_list(): return [1, 2]
@dataclass
class Made:
    a: list = field(default_factory=default_list)
    b: dict = field(default_factory=lambda: {"k": default_list()})
    c: set = field(default_factory=set)
@dataclass
class MadeToo(Made):
    a: list = field(default_factory=lambda: [9])
@dataclass
class Node:
    value: int
    next: "Optional[Node]" = None
@dataclass
class A1:
    x: int = 1
@dataclass
class A2:
    x: int = 2
    y: int = 3
@dataclass
class Both(A1, A2):
    z: int = 4
def local(n):
    @dataclass
    class Local:
        v: int = n
        w: list = field(default_factory=lambda: [n])
    return Local
def observe():
    n = Node(1, Node(2)); loop = Node(3); loop.next = loop
    c = Crate(1)
    d = Made(); d.a.append(3)
    return [Box(1, 2), Box(1, 2, 3).heavy, Thing.count, c, c.pos(), Crate(1) == Crate(1), Crate(1).items is Crate(1).items, asdict(c), astuple(c), [f.name for f in fields(Crate)],
        [f.default for f in fields(Box)][2], replace(c, x=5), Plain(1, 2), Plain(1, 2).speak(), Sub(1, 2), Sub(1, 2) == Sub(1, 2, 1), Thing(1, 2) == Plain(1, 2), Area(2, 3), Area(2, 3, 4).size,
        Area(1, 1).log is Area(1, 1).log, Area(1, 1).note, attempt(Area, 1), Leaf(1), hash(Leaf(1, 2)) == hash(Leaf(1, 2)), Leaf(1) == Leaf(1), Leaf(1) == Root(1), Kinded(), Kinded("q"), Kinded.kind,
        d, Made(), Made().b, MadeToo(), MadeToo().c, n, loop, asdict(n), copy.deepcopy(n) == n, copy.copy(n).next is n.next, Both(), [f.name for f in fields(Both)], local(5)(), local(6)().w,
        local(7).__name__, fields(Node)[1].type, replace(Leaf(1), b=4), attempt(replace, Leaf(1), q=4), attempt(asdict, 3), attempt(fields, 3), Area.__match_args__]
""",
    "mistakes": """
from dataclasses import dataclass, field
def order():
    @dataclass
    class A:
        x: int = 1
        y: int
def mutable():
    @dataclass
    class A:
        x: list = []
def frozen():
    @dataclass(frozen=True)
    class A: x: int = 1
    @dataclass
    class B(A): y: int = 2
def ordered():
    @dataclass(order=True)
    class A:
        x: int
        def __lt__(self, other): return True
def unequal():
    @dataclass(order=True, eq=False)
    class A: x: int
def hashed():
    @dataclass(unsafe_hash=True)
    class A:
        x: int
        def __hash__(self): return 1
def setter():
    @dataclass(frozen=True)
    class A:
        x: int
        def __setattr__(self, k, v): pass
def observe():
    return [attempt(f) for f in (order, mutable, frozen, ordered, unequal, hashed, setter)]
""",
}
NAMED_TUPLES = {
    "named tuples": """
from collections import namedtuple
import collections, typing
from typing import NamedTuple
Point = namedtuple("Point", "x y")
Size = namedtuple("Size", ["w", "h"], defaults=[5])
Odd = namedtuple("Other", "a, b")
START = 3
Late = namedtuple("Late", "p q", defaults=(START, [START]))
FIELDS = ["m", "n"]
Dyn = namedtuple("Dyn", FIELDS)
Ren = namedtuple("Ren", "class x x _y", rename=True)
Typed = typing.NamedTuple("Typed", [("a", int), ("b", str)])
class Move(NamedTuple):
    '''A move.'''
    dx: int
    dy: int = START
    @property
    def length(self): return abs(self.dx) + abs(self.dy)
    def __add__(self, other): return Move(self.dx + other.dx, self.dy + other.dy)
    @classmethod
    def up(cls): return cls(0, -1)
class Vec(namedtuple("Vec", ("i", "j"))):
    __slots__ = ()
    def __new__(cls, i, j=1): return super().__new__(cls, i * 2, j)
    def norm(self): return self.i + self.j
class Sub(Point):
    def __repr__(self): return f"Sub{tuple(self)}"
    def dist(self): return self.x * self.y
def observe():
    p = Point(1, 2)
    x, y = p
    def local():
        Q = namedtuple("Q", "z")
        return Q(5)
    return [p, p.x, p[1], x + y, p == (1, 2), p < Point(1, 3), hash(p) == hash((1, 2)), {(1, 2): "k"}[p], Point(y=4, x=3), p._replace(y=9), p._asdict(), Point._fields, Point._make([7, 8]), len(p), list(p),
        attempt(Point, 1), attempt(Point, 1, 2, 3), attempt(Point, 1, z=3), attempt(p._replace, q=1), attempt(setattr, p, "x", 4), attempt(Point._make, [1]), p + (3,), p * 2, p[::-1], 1 in p, p.index(2), p.count(1),
        Size(1), Size(1, 2), Size._field_defaults, Odd(1, 2), Odd.__name__, Late(), Late()._asdict(), Late().q is Late().q, Dyn(1, 2), Dyn(m=1, n=2).n, Ren(1, 2, 3, 4), Ren._fields, Typed(1, "b"), Typed(a=1, b="c").b,
        Move(1), Move(1, 2) + Move(3, 4), Move(-2, 3).length, Move.up(), Move._field_defaults, Move.__doc__, isinstance(Move(1), tuple), Vec(2), Vec(2, 5).norm(), Vec(1)._replace(j=4), Sub(2, 3), Sub(2, 3).dist(), Sub(1, 2) == Point(1, 2),
        local(), sorted([Point(2, 1), Point(1, 5)]), max(Point(1, 2), Point(1, 3)), "%s-%s" % p, f"{p.x}", [q.x for q in map(Point._make, [(1, 2), (3, 4)])], isinstance(p, Point), type(p).__name__, dict([p]), Point(*[1, 2]), Point(**{"x": 1, "y": 2})]
""",
}
MATCHES = {
    "kinds of patterns": """
from dataclasses import dataclass
from collections import namedtuple, deque, defaultdict, OrderedDict
from collections.abc import Mapping, Sequence
from enum import Enum
class Color(Enum):
    RED = 1
    BLUE = 2
@dataclass
class P:
    x: int
    y: int = 3
class Own:
    __match_args__ = ("a", "b")
    def __init__(self, a, b): self.a = a; self.b = b
class Kid(Own): pass
class Entity:
    def __init__(self, **kw): self.__dict__.update(kw)
class Text(str): pass
N = namedtuple("N", "u v")
class consts:
    LIMIT = 10
class Row(Sequence):
    def __init__(self, *a): self.a = a
    def __getitem__(self, i): return self.a[i]
    def __len__(self): return len(self.a)
class Table(Mapping):
    def __init__(self, **a): self.a = a
    def __getitem__(self, k): return self.a[k]
    def __len__(self): return len(self.a)
    def __iter__(self): return iter(self.a)
def m(v):
    match v:
        case [1, x, *r]: return ("seq", x, r)
        case {"k": 1 | 2 as z, **rest}: return ("map", z, rest)
        case {"a": {"b": [c, _]}}: return ("deep", c)
        case P(x=0) | P(5, 3): return "P"
        case P(x, y) if x > y: return ("P>", x, y)
        case N(a, "q"): return ("N", a)
        case Own(1, b=t): return ("own", t)
        case Own(a=[*_, last]): return ("own last", last)
        case Entity(kind="box", pos=(x, y)): return ("box", x, y)
        case Entity(): return "entity"
        case Color.RED: return "red"
        case Color(): return "color"
        case consts.LIMIT: return "limit"
        case str(s) if s > "m": return ("str", s)
        case "": return "empty"
        case "a" | "b" as ab: return ("ab", ab)
        case bool(): return "bool"
        case int(n) if n < 0: return ("neg", n)
        case -5.5 | 1.5: return "float"
        case int() | float(): return "num"
        case None: return "none"
        case []: return "nothing"
        case (): return "never"
        case (a, b) | [a, b, _]: return a, b
        case [[a, b], [c, *d]]: return (a, b, c, d)
        case {}: return "dict"
        case list() as l: return ("list", len(l))
        case set() | frozenset(): return "set"
        case tuple(t): return ("tuple", t)
        case _: return "other"
def observe():
    values = [Row(1, 2, 3), Row(4, 5), Table(k=1, z=3), Table(q=1), [1, 2, 3, 4], [1], [1, 2], {"k": 2, "l": 3}, {"k": 5}, {"a": {"b": (4, 5)}}, P(0), P(5), P(5, 4), P(1, 9), N(3, "q"), N(3, "z"), Own(1, 7), Kid(1, 8), Own([1, 2], 0), Own("ab", 0), Own(4, 4),
        Entity(kind="box", pos=(1, 2)), Entity(kind="box"), Entity(kind="ball", pos=[1, 2]), Color.RED, Color.BLUE, 10, "z", "a", "b", "c", "", Text("b"), True, False, -4, 4, 1.5, -5.5, 2.5, None, [], (), (7, 8), [7, 8, 9],
        (9, 9, 9, 9), [[1, 2], [3, 4, 5]], range(1, 4), range(0), deque([1, 2]), deque([5, 6]), {}, {"zz": 1}, {1, 2}, frozenset(), 1j, defaultdict(list, k=1), OrderedDict(k=2), [1, [2]], "xyz", lambda: 0, object]
    return [m(v) for v in values]
""",
    "order and names": """
log = []
class Spy:
    def __init__(self, n): self.n = n
    def __eq__(self, other):
        log.append((self.n, other))
        return self.n == other
    @property
    def attr(self):
        log.append("attr")
        return self.n
def subject(v):
    log.append("subject")
    return v
def first(v):
    name = "before"
    match subject(v):
        case [Spy() as a, 2]: return "never"
        case [1, name] if name > 5: return ("guard", name)
        case [1, name, 3]: return ("three", name)
    return name
def pairs(a, b):
    match a, b:
        case 1, x if x > 3: return "big", x
        case (1, _) as w: return w
        case [*q, 5]: return q
        case 7, [u, v]: return u + v
        case (x, "up" | "down" as d) | (d, x) if x == 3: return d, x
        case _: return a, b
def nothing(v):
    match v:
        case 1: pass
        case 2: return "two"
    return "after"
def loops(items):
    found = []
    for item in items:
        match item:
            case ("skip", _): continue
            case ("stop",): break
            case ("add", n): found.append(n)
            case _: found.append("?")
    else:
        found.append("else")
    return found
def nested(v):
    match v:
        case {"kind": k}:
            match k:
                case "a": return 1
                case _: return 2
        case other:
            match other:
                case [x]: return x
    return None
def rebinding(x):
    match x:
        case [x, y]: return x, y
        case {"x": x}: return x
        case x: return ("all", x)
def star(v):
    match v:
        case [a, *middle, b]: return a, middle, b
        case [*all_of_it]: return all_of_it
def twice(v):
    match v:
        case Twice(a, a=b): return a, b
class Twice:
    __match_args__ = ("a",)
    a = 1
class Bad:
    __match_args__ = ["a"]
    a = 1
def bad(v):
    match v:
        case Bad(q): return q
def many(v):
    match v:
        case Twice(1, 2): return 1
def not_class(v):
    match v:
        case subject(): return 1
def observe():
    out = [first([1, 7]), first([1, 2]), first([1, 2, 3]), first("xy"), list(log)]
    del log[:]
    def spy(v):
        match v:
            case 1: return "one"
            case 2 | 3: return "two"
            case Spy(attr=4): return "four"
            case Spy(attr=z): return z
    out += [spy(Spy(3)), spy(Spy(4)), spy(Spy(9)), list(log)]
    out += [pairs(1, 4), pairs(1, 2), pairs(2, 5), pairs(2, 2), pairs(7, (1, 2)), pairs(3, "up"), pairs("up", 3), pairs(4, "up")]
    out += [nothing(1), nothing(2), nothing(3), loops([("add", 1), ("skip", 2), 5, ("stop",), ("add", 9)]), loops([("add", 1)])]
    out += [nested({"kind": "a"}), nested({"kind": 0}), nested([4]), nested([]), rebinding([1, 2]), rebinding({"x": 5}), rebinding(0)]
    out += [star([1, 2]), star((1, 2, 3, 4)), star([1]), star(range(5)), star("abc"), attempt(twice, Twice()), attempt(bad, Bad()), attempt(many, Twice()), attempt(not_class, 3)]
    return out
""",
    "commands": """
def run(command, state):
    match command.split():
        case ["move", ("north" | "south" | "east" | "west") as way]: return ("move", way)
        case ["pick", "up", *thing] if thing: return ("pick", " ".join(thing))
        case ["put", thing, number, "in" | "on", place, n]: return (thing, number, place, n)
        case ["heat" | "cool" | "clean" as verb, what, k, "with", tool, j] if k.isdigit(): return (verb, what, int(k))
        case [single]: return single
        case [] if state: return "wait"
        case [first, *others]: return (first, len(others))
    return None
def observe():
    texts = ["move north", "move up", "pick up red key", "pick up", "put apple 1 in fridge 1", "heat egg 2 with microwave 1", "heat egg x with microwave 1", "look", "", "a b c d"]
    return [run(t, s) for t in texts for s in (True, False)]
""",
}
OTHERS = {
    "constant patterns": """
import re as r
import re
from re import search
SPACE = re.compile(" +")
def kind(name): return re.sub(r" \\d+$", "", name)
class Reader:
    def words(self, text, re_flags=0): return re.split(r"\\s+", text), r.findall("[a-z]+", text, re.I), re.sub("a", "b", text, 1)
def broken(text):
    try: return re.match("(", text)
    except re.error: return "broken"
def observe():
    found = [re.fullmatch(r"\\w+ (?P<n>\\d+)", "mug 12").group("n"), r.search("b+", "abbc").span(), search("x", "y")]
    return kind("apple 3"), Reader().words("A pear and A plum"), broken("("), found, [m.group() for m in re.finditer("a.", "abac")]
""",
    "with": """
import contextlib
class CM:
    def __init__(self, log, swallow=False, fail=False): self.log = log; self.swallow = swallow; self.fail = fail
    def __enter__(self):
        self.log.append("in")
        if self.fail: raise KeyError("enter")
        return self.log
    def __exit__(self, kind, value, trace):
        self.log.append(kind and kind.__name__)
        return self.swallow
class Half:
    def __enter__(self): return 1
def run(swallow):
    log = []
    try:
        for i in range(3):
            with CM(log, swallow) as l, CM(log):
                l.append(i)
                if i == 1: raise ValueError
                if i == 2: return log
    except ValueError:
        log.append("caught")
    return log
def loops():
    log = []
    for i in range(5):
        with CM(log):
            if i == 1: continue
            if i == 3: break
            log.append(i)
    return log
def targets():
    log = []
    class O: pass
    o = O(); items = [0, 0]
    with CM([1, 2]) as (a, b, *c), CM(log) as o.x, CM(log) as items[1]: log.append((a, b, c))
    return log, o.x is log, items[1] is log
def failing():
    log = []
    try:
        with CM(log), CM(log, fail=True): log.append("body")
    except KeyError as error:
        log.append(str(error))
    return log
def wrong(manager):
    with manager: return 1
def nested():
    log = []
    with CM(log, swallow=True):
        with CM(log):
            raise RuntimeError
        log.append("not here")
    log.append("here")
    return log
def generator():
    log = []
    def g():
        with CM(log):
            yield 1
            yield 2
    out = list(g())
    it = g(); next(it); it.close()
    return out, log
def observe():
    return [run(True), run(False), loops(), targets(), failing(), attempt(wrong, 3), attempt(wrong, Half()), nested(), generator()]
""".replace("import contextlib\n", ""),
    "attributes by way of dicts": """
class O:
    def __init__(self, **kw): self.__dict__.update(kw)
    def __eq__(self, other): return self.__dict__ == other.__dict__
    def clone(self):
        new = self.__class__.__new__(self.__class__)
        new.__dict__.update(self.__dict__)
        return new
class Guard:
    def __init__(self): self.__dict__["data"] = {}
    def __setattr__(self, k, v): self.__dict__["data"][k] = v
    def __getattr__(self, k):
        try: return self.__dict__["data"][k]
        except KeyError: raise AttributeError(k)
def change():
    o = O()
    o.__dict__["x"] = 3
    o.__dict__.update(y=4)
    a = vars(o)
    a["z"] = a["x"] + 1
    a["z"] += 5
    del o.__dict__["x"]
    a.update({"q": 1}, w=2)
    popped = a.pop("q"), a.pop("nope", None), attempt(lambda: o.__dict__.pop("nope"))
    return sorted(o.__dict__.items()), popped, "y" in vars(o), len(o.__dict__), vars(o).get("w"), [k for k in vars(o)]
def assign():
    e = O(a=1)
    e.__dict__ = {"b": 2}
    e.__dict__["q"], r = 1, 2
    e.__dict__ |= {"m": 3}
    s = e.__dict__.setdefault("s", 5), e.__dict__.setdefault("b", 7)
    kept = dict(e.__dict__)
    e.__dict__.clear()
    return kept, s, vars(e).copy(), attempt(lambda: e.b), {**e.__dict__, "n": 1}, O(**kept) == O(**kept)
def guarded():
    g = Guard()
    g.x = 5
    g.x += 1
    return g.x, attempt(lambda: g.y), g.data, sorted(g.__dict__)
def order():
    o = O(b=1, a=2)
    o.__dict__["c"] = 3
    del o.b
    o.b = 4
    for name in list(o.__dict__): o.__dict__[name] += 1
    merged = {"a": 0, "k": 1}
    merged.update(o.__dict__)
    alike = (type(o), o.__dict__) == (O, vars(o.clone()))
    return merged, alike, ",".join(vars(o)), list(o.__dict__.items()), o.clone() == o, o.clone() is o, attempt(vars, 3), sorted(vars(O))[0] > ""
def observe():
    return [change(), assign(), guarded(), order()]
""",
    "annotations": """
from __future__ import annotations
from typing import TYPE_CHECKING, Optional, List
if TYPE_CHECKING:
    from nowhere import Nothing
total: int = 3
unset: Nothing
def f(x: Nothing, *rest: List[Nothing], flag: bool = True, **kw: int) -> Optional[Nothing]:
    local: Nothing = x
    other: Nothing
    return local
class C:
    a: Nothing = 1
    b: Nothing
    def m(self) -> Nothing:
        self.q: Nothing = 5
        return self.q
def unbound():
    y: int
    return y
def observe():
    return [total, f(1), f(1, 2, flag=False), C.a, C().m(), attempt(lambda: C.b), attempt(unbound), attempt(lambda: unset)]
""",
    "private names": """
class Robot:
    __count = 0
    def __init__(self, energy):
        self.__energy = energy
        Robot.__count += 1
    def __secret(self, __x=2): return self.__energy * __x
    def reveal(self): return self.__secret(), self.__secret(3), self.__dunder__
    __dunder__ = 4
    class __Inner:
        __v = 5
        def get(self): return self.__v
    def inner(self): return self.__Inner().get()
class Better(Robot):
    def __init__(self): super().__init__(5); self.__energy = 100
    def both(self): return self.__energy, self.reveal()[0]
def observe():
    r = Robot(3)
    return [r.reveal(), sorted(r.__dict__), Robot._Robot__count, r._Robot__energy, attempt(lambda: r.__energy), Better().both(), r.inner(), sorted(Better().__dict__)]
""",
    "abstract classes": """
from abc import ABC, ABCMeta, abstractmethod, abstractproperty
import abc
class Rule(ABC):
    @abstractmethod
    def apply(self, s): ...
    @property
    @abstractmethod
    def name(self): ...
    def twice(self, s): return self.apply(self.apply(s))
class Add(Rule):
    name = "add"
    def apply(self, s): return s + 1
class Half(Rule):
    def apply(self, s): return super().apply(s)
class Old(metaclass=ABCMeta):
    @abc.abstractmethod
    def f(self): return "base"
class New(Old):
    def f(self): return "new " + super().f()
class NotAbc:
    @abstractmethod
    def f(self): return 1
def observe():
    return [attempt(Rule), Add().twice(1), attempt(Half), attempt(Old), New().f(), NotAbc().f(), isinstance(Add(), Rule), issubclass(Add, ABC), Add.name]
""",
}
