"""Programs that use functools, operator, string and random."""

PROGRAMS = {
    "reduce and partial": """
from functools import reduce, partial
import functools, operator
def f(a, b=2, *args, c=3, **kw): return (a, b, args, c, kw)
def observe():
    p = partial(f, 1, c=5)
    q = partial(p, 7, d=1)
    class Meta:
        g = partial(f, 1)
    return [
        reduce(operator.add, [1, 2, 3]), reduce(lambda a, b: a * b, [], 7), attempt(reduce, operator.add, []),
        reduce(lambda a, b: f"({a}{b})", "abc", ""), reduce(lambda a, b: a, [None]), p(), p(3, 4, 5, e=6), q(), q(8, c=0),
        p.args, p.keywords, q.args, q.keywords, attempt(partial, 3), attempt(partial(f)), Meta().g(4),
        list(map(partial(pow, 2), range(4))), functools.partial(int, base=2)("101"), sorted([3, -1], key=partial(abs)),
    ]
""",
    "caches": """
from functools import lru_cache, cache, wraps, cached_property
import functools
calls = []
@lru_cache(maxsize=None)
def fib(n):
    calls.append(n)
    return n if n < 2 else fib(n - 1) + fib(n - 2)
@lru_cache(maxsize=2)
def two(x, y=0):
    calls.append((x, y))
    return x + y
@lru_cache
def plain(x): return [x]
@cache
def typed(x): return type(x).__name__
@lru_cache(typed=True)
def really(x): return type(x).__name__
@lru_cache(maxsize=0)
def never(x): return [x]
class Grid:
    def __init__(self, w): self.w = w; self.count = 0
    @cached_property
    def area(self):
        self.count += 1
        return self.w * 2
    @functools.lru_cache(maxsize=None)
    def cell(self, x): return x + self.w
def observe():
    out = [fib(15), len(calls), fib.cache_info(), fib.cache_info().hits]
    del calls[:]
    two(1); two(2); two(1); two(3); two(2); two(1); two(x=1); two(1, y=0)
    out += [list(calls), two.cache_info(), plain(1) is plain(1), typed(1), typed(1.0), typed(True), really(1), really(1.0)]
    two.cache_clear()
    out += [two.cache_info(), never(1) is never(1), never.cache_info(), attempt(plain, []), plain.__name__,
            plain.__wrapped__(3), two.cache_parameters()]
    g = Grid(4)
    out += [g.area, g.area, g.count, g.cell(1), g.cell(1), Grid(5).cell(1), Grid.cell.cache_info(), sorted(g.__dict__)]
    g.area = 9
    out.append(g.area)
    del g.area
    out += [g.area, g.count]
    return out
""",
    "wrapping": """
from functools import wraps, update_wrapper, cmp_to_key, partialmethod
def shout(f):
    @wraps(f)
    def wrapper(*args, **kw):
        '''not this'''
        return str(f(*args, **kw)).upper()
    return wrapper
def times(n):
    def deco(f):
        @wraps(f)
        def inner(*a): return [f(*a) for _ in range(n)]
        return inner
    return deco
@shout
def hello(name, end="!"):
    "doc"
    return "hello " + name + end
@times(2)
@shout
def hi(): return "hi"
class Cell:
    def __init__(self): self.alive = False
    def set_state(self, state, extra=0): self.alive = (state, extra)
    set_alive = partialmethod(set_state, True)
    set_dead = partialmethod(set_state, False, extra=3)
def compare(a, b): return (len(a) > len(b)) - (len(a) < len(b))
def observe():
    cell = Cell(); cell.set_alive(extra=5)
    other = Cell(); other.set_dead()
    key = cmp_to_key(compare)
    return [hello("bob"), hello("al", end="?"), hello.__name__, hello.__doc__, hello.__wrapped__("x"), hi(), hi.__name__,
            cell.alive, other.alive, sorted(["ccc", "a", "bb", "d"], key=key), max(["a", "bb", "cc"], key=key),
            key("a") < key("bb"), key("a") == key("b"), key("aa") >= key("b"), attempt(hash, key("a"))]
""",
    "orderings": """
from functools import total_ordering
def make(op):
    class Base:
        def __init__(self, v): self.v = v
        def __eq__(self, other): return self.v == other.v if isinstance(other, Base) else NotImplemented
    def compare(self, other):
        if not isinstance(other, Base): return NotImplemented
        return {"__lt__": self.v < other.v, "__le__": self.v <= other.v,
                "__gt__": self.v > other.v, "__ge__": self.v >= other.v}[op]
    setattr(Base, op, compare)
    return total_ordering(Base)
@total_ordering
class Version:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
    def __gt__(self, o): return "own"
class Lower(Version):
    pass
def observe():
    out = []
    for op in ["__lt__", "__le__", "__gt__", "__ge__"]:
        C = make(op)
        for a in (1, 2):
            for b in (1, 2):
                x, y = C(a), C(b)
                out.append((op, a, b, x < y, x <= y, x > y, x >= y))
        out.append(attempt(lambda: C(1) < 3))
        out.append(attempt(lambda: C(1) >= 3))
    out += [Version(1) > Version(2), Version(1) <= Lower(1), sorted([Lower(3), Lower(1)])[0].n, max(Version(1), Version(2)) and 1]
    class Nothing: pass
    out.append(attempt(total_ordering, Nothing))
    return out
""",
    "dispatch": """
from functools import singledispatch, singledispatchmethod
class Animal: pass
class Dog(Animal): pass
@singledispatch
def show(x, extra=None): return f"thing {extra}"
@show.register(int)
def show_int(x, extra=None): return f"int {x}"
@show.register
def _(x: str, extra=None): return f"str {x}"
@show.register(list)
@show.register(tuple)
def _(x, extra=None): return f"seq {len(x)}"
show.register(Animal, lambda x, extra=None: "animal")
class Printer:
    @singledispatchmethod
    def put(self, x): return "any"
    @put.register
    def _(self, x: int): return f"int {x}"
    @put.register(str)
    def _(self, x): return f"str {x}"
def observe():
    return [show(1), show(True), show("a"), show([1]), show((1, 2)), show(2.5, extra=3), show(Dog()), show(None),
            show_int(4), show.dispatch(bool) is show_int, attempt(show), show.__name__, Printer().put(1), Printer().put("x"), Printer().put([])]
""",
    "operators": """
import operator
from operator import itemgetter, attrgetter, methodcaller, add, mul, neg
class P:
    def __init__(self, x, q=None): self.x = x; self.q = q
    def move(self, dx, k=0): return self.x + dx + k
def observe():
    rows = [("b", 2), ("a", 2), ("c", 1)]
    p = P(1, P(5))
    values = [1, 2, 3]
    operator.setitem(values, 0, 9); operator.delitem(values, 1)
    total = [1]
    same = operator.iadd(total, [2])
    return [
        sorted(rows, key=itemgetter(1, 0)), list(map(itemgetter(0), rows)), itemgetter("k")({"k": 3}), itemgetter(-1)("abc"),
        attrgetter("x")(p), attrgetter("q.x", "x")(p), attempt(attrgetter("z"), p), methodcaller("move", 3, k=2)(p),
        methodcaller("upper")("a"), add(1, 2), mul("a", 3), neg(4), operator.truediv(7, 2), operator.floordiv(-7, 2),
        operator.mod(-7, 3), operator.pow(2, 5), operator.xor(5, 3), operator.and_(6, 3), operator.or_(4, 1), operator.not_(0),
        operator.truth([]), operator.is_(None, None), operator.is_not(1, None), operator.contains([1], 1), operator.getitem("abc", 1),
        operator.lt(1, 2), operator.ge(1, 2), operator.eq("a", "a"), operator.ne(1, 1), operator.abs(-3), operator.concat([1], [2]),
        operator.countOf([1, 2, 1], 1), operator.indexOf([4, 5], 5), attempt(operator.indexOf, [], 1), values, total, same is total,
        operator.index(True), attempt(operator.index, 1.5), operator.inv(5), operator.lshift(1, 4), operator.rshift(9, 1),
        operator.length_hint([1, 2]), operator.sub(3, 4), itemgetter(slice(1, 3))("abcd"),
        {"+": operator.add, "-": operator.sub}["-"](5, 2), max({"a": 1, "b": 3}.items(), key=itemgetter(1)),
    ]
""",
    "string constants": """
import string
def observe():
    return [string.ascii_lowercase, string.ascii_uppercase, string.ascii_letters, string.digits, string.hexdigits,
            string.octdigits, string.punctuation, string.whitespace, string.printable, string.capwords("  ab cD  e"),
            string.capwords("a-b", "-"), "x" in string.ascii_letters]
""",
    "numbers": """
import numbers, math
from numbers import Number
def observe():
    values = [1, True, 2.5, 1j, "a", None]
    kinds = [Number, numbers.Integral, numbers.Real, numbers.Complex, numbers.Rational]
    return [[isinstance(v, k) for k in kinds] for v in values] + [issubclass(int, Number), issubclass(str, Number),
            math.pi, math.e, math.tau, math.inf, math.nan != math.nan]
""",
}

RANDOM = """
import random
from random import randint
def observe():
    return [item for seed in SEEDS for item in numbers(seed)]
def numbers(seed):
    random.seed(seed)
    r = random.Random(seed)
    deck = list(range(12))
    r.shuffle(deck)
    out = [deck, [random.random() for _ in range(3)], [random.randint(1, 6) for _ in range(20)], randint(0, 9)]
    for _ in range(5):
        out += [r.choice("abcdef"), r.randrange(10), r.randrange(3, 50, 7), r.randrange(50, 3, -7), r.uniform(2, 5)]
        out += [r.choices([1, 2, 3], k=4), r.choices("xyz", weights=[1, 2, 3.5], k=3), r.choices("ab", cum_weights=[1, 4])]
        out += [r.sample(range(1000), 6), r.sample([1, 2, 3, 4], 3), r.sample("abc", 4, counts=[2, 3, 4]), r.getrandbits(50)]
        out += [r.triangular(1, 4, 2), r.gauss(0, 2), r.normalvariate(1, 2), r.expovariate(2), r.getrandbits(7)]
    state = r.getstate()
    first = r.random()
    r.setstate(state)
    out += [first == r.random(), attempt(r.randint, 3, 2), attempt(r.choice, []), attempt(r.sample, [1], 2)]
    out += [attempt(r.sample, {1, 2}, 1), attempt(r.randrange, 0), attempt(r.seed, (1, 2)), attempt(r.choices, "ab", [0, 0])]
    out += [attempt(r.randrange, 1, 5, 0), attempt(r.choices, "ab", [1]), [r.random() for _ in range(700)][-1]]
    return out
SEEDS = [0, 1, 7, -5, 123456789, 2**40 + 3, 2**61 - 1, 2.5, "", "level 3", "ü€", True]
"""
UNSEEDED = """
import random
NUMBERS = [random.random() for _ in range(3)]
def observe():
    return [NUMBERS, random.random(), random.Random().random()]
"""
