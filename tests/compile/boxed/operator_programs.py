"""Programs on operators and the methods behind them: name to text. Each has a ``case()`` that returns a list."""

PRELUDE = '''
def attempt(function, *args, **keywords):
    """What a call gives, or the name of the exception."""
    try:
        return function(*args, **keywords)
    except Exception as error:
        return type(error).__name__

def message(function, *args, **keywords):
    """The same with the exception's text."""
    try:
        return function(*args, **keywords)
    except Exception as error:
        return type(error).__name__ + ": " + str(error)

LOG = []

def logged():
    result = list(LOG)
    LOG.clear()
    return result
'''

OPERATORS = {
    "reflection": """
def binary(name):
    def plain(self, other):
        LOG.append((type(self).__name__, name))
        return NotImplemented if self.silent else (type(self).__name__, name)
    return plain

class Base:
    def __init__(self, silent=False):
        self.silent = silent
    __add__, __radd__ = binary("add"), binary("radd")
    __sub__, __rsub__ = binary("sub"), binary("rsub")
    __mul__, __rmul__ = binary("mul"), binary("rmul")
    __mod__, __rmod__ = binary("mod"), binary("rmod")
    __or__, __ror__ = binary("or"), binary("ror")
    __divmod__, __rdivmod__ = binary("divmod"), binary("rdivmod")
    __matmul__ = binary("matmul")
    __pow__, __rpow__ = binary("pow"), binary("rpow")
    __lshift__, __rlshift__ = binary("lshift"), binary("rlshift")

class Same(Base):
    pass

class Overriding(Base):
    __radd__ = binary("own radd")
    __rsub__ = binary("own rsub")

class OnlyReflected:
    __radd__ = lambda self, other: ("only radd", other)
    __rmul__ = lambda self, other: ("only rmul", other)
    __rfloordiv__ = lambda self, other: ("only rfloordiv", other)
    __rand__ = lambda self, other: "only rand"
    __rmod__ = lambda self, other: "only rmod"

class Number(int):
    def __radd__(self, other):
        return ("Number.radd", other)
    def __rsub__(self, other):
        return NotImplemented

class Text(str):
    def __add__(self, other):
        return Text("<" + str.__add__(self, other) + ">")
    def __mod__(self, other):
        return "modulo"

class Row(list):
    def __add__(self, other):
        return "Row.add"
    def __rmul__(self, other):
        return "Row.rmul"

class Silent:
    def __add__(self, other):
        return NotImplemented
    __radd__ = None

def case():
    out = []
    quiet, loud = True, False
    for left in (Base, Same, Overriding):
        for right in (Base, Same, Overriding):
            for how in ((loud, loud), (quiet, loud), (loud, quiet), (quiet, quiet)):
                a, b = left(how[0]), right(how[1])
                out.append((attempt(lambda: a + b), attempt(lambda: a - b), attempt(lambda: a * b), logged()))
    a = Base()
    out += [1 + a, a + 1, a % 2, 2 % a, attempt(lambda: "x" % a), a | 1, 1 | a, divmod(a, 2), divmod(2, a), attempt(lambda: 2 @ a), a @ 2, a ** 2, 2 ** a]
    out += [a << 1, 1 << a, attempt(lambda: a >> 1), attempt(lambda: a / 1), pow(a, 2), logged()]
    r = OnlyReflected()
    out += [1 + r, "a" + r, [1] + r, (1,) * r, 1.5 * r, None + r, 7 // r, {1} & r, 5 & r, "%s" % r == str(r), 5 % r]
    out += [attempt(lambda: r + 1), attempt(lambda: r * 2), attempt(lambda: r + r), attempt(lambda: 1 - r)]
    n = Number(5)
    out += [1 + n, n + 1, 1 - n, n - 1, n * n, -n, n + n, 2.0 + n, True + n, n == 5, n < 6, hash(n) == hash(5), {5: "five"}[n]]
    t = Text("a")
    out += [t + "b", "b" + t, t % 3, "%s" % t, t * 2, type(t + "b").__name__, t == "a", {"a": 1}[t]]
    w = Row([1, 2])
    out += [w + [3], [3] + w, w * 2, 2 * w, w == [1, 2], [1, 2] == w, w < [2], attempt(lambda: Silent() + 1), attempt(lambda: 1 + Silent())]
    out += [message(lambda: 1 + "a"), message(lambda: "a" + 1), message(lambda: [] + ()), message(lambda: () + []), message(lambda: [] * "a")]
    out += [message(lambda: {} + {}), message(lambda: None + 1), message(lambda: object() @ 1 and 0)[:42], message(lambda: -"a"), message(lambda: ~1.5)]
    out += [message(lambda: +[]), message(lambda: 1 << "a"), message(lambda: 1.0 << 1), message(lambda: "a" - "b"), message(lambda: divmod("a", 1))]
    return out
""",
    "in_place": """
class Bag:
    def __init__(self):
        self.items = []
    def __iadd__(self, other):
        self.items.append(other)
        return self
    def __imul__(self, other):
        return "replaced"
    def __isub__(self, other):
        return NotImplemented
    def __sub__(self, other):
        return "plain sub"
    def __or__(self, other):
        return "plain or"
    def __ifloordiv__(self, other):
        return NotImplemented

class Items(list):
    def __iadd__(self, other):
        self.append(("iadd", other))
        return self

def case():
    out = []
    b = same = Bag()
    b += 1
    b += 2
    out += [b is same, b.items]
    b -= 1
    out.append(b)
    b = same
    b |= 3
    out.append(b)
    b = same
    b *= 2
    out.append(b)
    def failing():
        c = Bag()
        c //= 2
    out.append(message(failing))
    items = alias = Items()
    items += 5
    out += [items is alias, list(items)]
    a = alias = [1]
    a += (2,)
    a += "xy"
    a += {3: 4}
    a += (i for i in range(2))
    a *= 2
    out += [a is alias, a]
    t = u = (1,)
    t += (2,)
    t *= 2
    out += [t, u]
    def to_list():
        c = [1]
        c += 5
    out += [message(to_list)]
    def to_tuple():
        c = (1,)
        c += [5]
    out += [message(to_tuple)]
    s = p = {1, 2}
    s |= {3}
    s &= {2, 3, 4}
    s ^= {4}
    s -= {2}
    out += [s is p, s]
    f = g = frozenset({1})
    f |= {2}
    out += [f, g]
    d = e = {1: 2}
    d |= {3: 4}
    d |= [(5, 6)]
    out += [d is e, d]
    def to_set():
        s = {1}
        s |= [1]
    out.append(attempt(to_set))
    grid = [[0] * 2 for _ in range(2)]
    grid[0][1] += 5
    grid[1][0] -= 1
    counts = {}
    counts["a"] = counts.get("a", 0) + 1
    counts["a"] += 1
    out += [grid, counts]
    pair = ([1], 2)
    try:
        pair[0] += [9]
    except TypeError as error:
        out += [str(error), pair]
    x = 7
    x **= 2
    x //= 5
    x <<= 3
    x >>= 1
    x %= 10
    x ^= 3
    x /= 4
    out.append(x)
    s = "a"
    s += "b"
    s *= 3
    s %= ()
    out.append(s)
    return out
""",
    "comparisons": """
class Value:
    def __init__(self, value):
        self.value = value
    def __eq__(self, other):
        LOG.append(("eq", self.value, getattr(other, "value", other)))
        return self.value == other.value if isinstance(other, Value) else NotImplemented
    def __lt__(self, other):
        LOG.append(("lt", self.value, getattr(other, "value", other)))
        return self.value < other.value if isinstance(other, Value) else NotImplemented

class Derived(Value):
    pass

class Greater:
    def __gt__(self, other):
        return "greater"
    def __ge__(self, other):
        return []

class Odd:
    def __eq__(self, other):
        return "yes"
    def __ne__(self, other):
        return ""

class Unequal:
    def __ne__(self, other):
        return True

class NoEq:
    __eq__ = None

class EqOnly:
    def __eq__(self, other):
        return NotImplemented

class Wrong:
    def __eq__(self, other):
        raise KeyError("eq")

class Items(list):
    def __eq__(self, other):
        return "list eq"

def case():
    a, b, c, d = Value(1), Value(1), Value(2), Derived(1)
    out = [a == b, a != b, a == c, a != c, a < c, a > c, attempt(lambda: a <= c), attempt(lambda: a >= c), logged()]
    out += [a == d, d == a, a != d, a < d, d < a, d > a, a > d, logged()]
    out += [a == 1, 1 == a, a != 1, 1 != a, attempt(lambda: a < 1), attempt(lambda: 1 < a), attempt(lambda: 1 > a), logged()]
    g, h = Greater(), Greater()
    out += [g > 1, 1 < g, g < h, g >= 1, 1 <= g, attempt(lambda: g < 1), attempt(lambda: 1 > g), h > g]
    out += [Odd() == 1, 1 == Odd(), Odd() != 1, 1 != Odd(), not (Odd() == 1), [Odd()] == [1], [1] == [Odd()], 1 in [Odd()], (Odd(),) != (1,)]
    u = Unequal()
    out += [u == u, u != u, u == 1, u != 1, [u] != [u], [u] == [u]]
    out += [attempt(lambda: NoEq() == 1), attempt(lambda: NoEq() != 1), attempt(lambda: 1 == NoEq())]
    e = EqOnly()
    out += [e == e, e != e, e == 1, e != 1, e == EqOnly(), e in [e], e in [EqOnly()]]
    w = Wrong()
    out += [attempt(lambda: w == 1), attempt(lambda: w != 1), attempt(lambda: w in [1]), attempt(lambda: [w] == [1]), [w] == [w], w in [w], attempt(lambda: [1] == [w])]
    out += [Items([1]) == [1], [1] == Items([1]), Items([1]) != [1], [1] != Items([1]), Items([1]) < [2]]
    o = object()
    out += [o == o, o != o, o == object(), attempt(lambda: o < o), None == None, None != 0, attempt(lambda: None < 1), case == case, case != attempt]
    out += [int == int, int != str, type(1) == int, type(a) == Value, attempt(lambda: int < str), a.__eq__ == a.__eq__, a.__eq__ == b.__eq__, [].append == [].append]
    out += [1 == 1.0, 1 == True, 1.0 == True, 0 == False, 1 == 1 + 0j, 2 ** 53 + 1 == float(2 ** 53), 2 ** 53 < 2.0 ** 53 + 2, "1" == 1, 1 < 2.5, 3 > 2.5, float("nan") == float("nan")]
    out += [1 < 2 < 3, 1 < 3 < 2, 3 > 2 == 2, 1 == 1 != 2, attempt(lambda: 1j < 2j), attempt(lambda: 1 < "a"), attempt(lambda: [] < ()), [1] == (1,), (1, 2) < (1, 3)]
    out += [slice(1, 2) == slice(1, 2), slice(1) == slice(2), range(3) == range(0, 3, 1), range(0) == range(5, 2), range(0, 5, 2) == range(0, 6, 2), range(3) != [0, 1, 2]]
    nan = float("nan")
    out += [nan in [nan], [nan] == [nan], (nan,) == (nan,), nan in (float("nan"),), {nan: 1} == {nan: 1}, [nan, 1] < [nan, 2]]
    out += [a is a, a is not b, None is None, message(lambda: 1 < "a"), message(lambda: Value(1) <= 2), message(lambda: {} > {})]
    return out
""",
    "truth_and_hash": """
class Truth:
    def __init__(self, value):
        self.value = value
    def __bool__(self):
        return self.value

class Length:
    def __init__(self, value):
        self.value = value
    def __len__(self):
        return self.value

class Both(Length):
    def __bool__(self):
        return True

class Hashed:
    def __init__(self, value):
        self.value = value
    def __hash__(self):
        return self.value

class EqNoHash:
    def __eq__(self, other):
        return True

class HashAgain(EqNoHash):
    __hash__ = object.__hash__

class Unhashable:
    __hash__ = None

class Point(tuple):
    pass

class Keys(dict):
    def __hash__(self):
        return 5

def case():
    out = [bool(Truth(True)), bool(Truth(False)), attempt(bool, Truth(1)), attempt(bool, Truth(None)), not Truth(False)]
    out += [bool(Length(0)), bool(Length(3)), attempt(bool, Length(-1)), attempt(len, Length(-1)), attempt(len, Length("a")), attempt(bool, Length(1.5)), len(Length(True)), bool(Both(0)), len(Both(0))]
    out += [bool(v) for v in (0, 1, -1, 0.0, -0.0, 1e-300, 0j, 1j, "", "a", (), (0,), [], [0], {}, {0: 0}, set(), {0}, frozenset(), range(0), range(1), None, ..., int, case, object(), float("nan"))]
    out += [1 if [] else 2, [] or 0 or "x" or 5, 1 and 2 and [] and 3, not [], not not "a", "yes" if Length(0) else "no"]
    h = Hashed(3)
    out += [hash(h), hash(Hashed(-1)), hash(Hashed(True)), attempt(hash, Hashed("a")), attempt(hash, Hashed(1.5)), attempt(hash, Hashed(None))]
    out += [attempt(hash, EqNoHash()), attempt(hash, Unhashable()), attempt(lambda: {Unhashable()}), isinstance(hash(HashAgain()), int), attempt(lambda: {EqNoHash(): 1})]
    out += [message(hash, []), message(hash, {}), message(hash, {1}), attempt(hash, ([],)), attempt(hash, slice(1)), message(lambda: {[]: 1}), message(lambda: {{}})]
    out += [hash(1) == hash(1.0) == hash(True) == hash(1 + 0j), hash(0.5), hash(-1), hash(-2), hash(2 ** 61 - 1), hash(2 ** 61), hash(float("inf")), hash(-2.0), hash(2.5), hash(1e300), hash(3 + 4j)]
    out += [hash((1, 2)) == hash((1.0, 2)), hash((1,)) == hash(Point((1,))), hash("a") == hash("a"), hash(range(3)) == hash(range(0, 3)), hash(frozenset({1, 2})) == hash(frozenset({2, 1}))]
    out += [hash(Keys()), {Keys(): 1} == {Keys(): 1}, hash(None) == hash(None), hash(int) == hash(int), hash(h.__hash__) == hash(h.__hash__), hash(len) == hash(len)]
    out += [{1: "a", 1.0: "b", True: "c"}, {1, 1.0, True}, {0.0, -0.0, 0, False}, {(1, 2): 3}[(1.0, 2.0)], {2.5: 1}.get(2.5), {None: 1}[None]]
    return out
""",
    "containers": """
class Contains:
    def __contains__(self, item):
        LOG.append(item)
        return item

class Iterated:
    def __iter__(self):
        return iter([1, 2, 3])

class Indexed:
    def __getitem__(self, index):
        if index > 3:
            raise IndexError
        return index * 10

class Refusing:
    __contains__ = None
    def __iter__(self):
        return iter([1])

class Items:
    def __init__(self):
        self.data = {}
    def __getitem__(self, key):
        return ("got", key, self.data.get(str(key)))
    def __setitem__(self, key, value):
        self.data[str(key)] = value
    def __delitem__(self, key):
        del self.data[str(key)]
    def __len__(self):
        return len(self.data)

class Missing(dict):
    def __missing__(self, key):
        return ("missing", key)

class Offset(list):
    def __getitem__(self, index):
        return super().__getitem__(index - 1)
    def __setitem__(self, index, value):
        super().__setitem__(index - 1, value)
    def __len__(self):
        return super().__len__() + 100
    def __contains__(self, item):
        return item == "x" or super().__contains__(item)

class Generic:
    def __class_getitem__(cls, key):
        return (cls.__name__, key)

class Sub(Generic):
    pass

NOTHING, FIVE, SET, WORD = None, 5, {1}, "a"

class Index:
    def __init__(self, value):
        self.value = value
    def __index__(self):
        return self.value

def case():
    c = Contains()
    out = [1 in c, 0 in c, "" in c, "a" not in c, [] not in c, logged()]
    out += [2 in Iterated(), 5 in Iterated(), 20 in Indexed(), 25 in Indexed(), message(lambda: 1 in Refusing()), attempt(lambda: 1 in 5), attempt(lambda: 1 in None)]
    i = Items()
    i[1] = 5
    i["a", 2] = 6
    i[1:2] = 7
    i[2, None] = 8
    out += [i[1], i["a", 2], i[1:2], i[::3][1], i[2, None], len(i)]
    del i[1]
    out += [attempt(lambda: i.__delitem__(1)), len(i), i[1]]
    def delete():
        del i[99]
    out.append(attempt(delete))
    m = Missing(a=1)
    out += [m["a"], m["b"], m.get("b"), len(m), "b" in m]
    o = Offset([1, 2, 3])
    o[1] = 9
    out += [o[1], o[3], len(o), "x" in o, 9 in o, 7 in o, list(o), o[0], attempt(lambda: o[9])]
    out += [Generic[int], Sub["a"], attempt(lambda: Items[int]), attempt(lambda: int[3]), list[int] is list or True, attempt(lambda: case[1]), attempt(lambda: NOTHING[0])]
    l = [1, 2, 3, 4]
    out += [l[Index(1)], l[Index(-1):], l[True], attempt(lambda: l["a"]), attempt(lambda: l[1.0]), attempt(lambda: l[None]), (1, 2)[Index(0)], "abc"[Index(2)], range(9)[Index(4)]]
    out += [message(lambda: l[9]), message(lambda: ()[0]), message(lambda: l["a"]), message(lambda: (1,)[WORD]), message(lambda: FIVE[0]), message(lambda: {}["k"]), message(lambda: "abc"[5]), message(lambda: SET[0])]
    def store_tuple():
        (1, 2)[0] = 3
    def store_str():
        "abc"[0] = "x"
    def store_none():
        NOTHING[0] = 1
    def delete_tuple():
        t = (1, 2)
        del t[0]
    out += [message(store_tuple), message(store_str), message(store_none), message(delete_tuple)]
    out += ["b" in "abc", "" in "", "bc" in "abc", attempt(lambda: 1 in "abc"), 2 in {2: 1}, [1] in [[1]], 3 in range(5), 2.0 in range(5), 2.5 in range(5), "a" in range(5), 5 in (5,), None in {None}]
    out += [attempt(lambda: [] in {1}), attempt(lambda: {1} in {frozenset({1})}), (1, 2) in {(1, 2): 3}.items() or True, 1 in {1: 2}.keys(), 2 in {1: 2}.values(), (1, 2) in {1: 2}.items(), 5 in (x for x in [4, 5])]
    return out
""",
    "unary_and_calls": """
class Signed:
    def __neg__(self):
        return "neg"
    def __pos__(self):
        return "pos"
    def __invert__(self):
        return "invert"
    def __abs__(self):
        return "abs"
    def __round__(self, n=None):
        return ("round", n)
    def __trunc__(self):
        return 7
    def __floor__(self):
        return "floor"
    def __ceil__(self):
        return "ceil"
    def __int__(self):
        return 12
    def __float__(self):
        return 1.5
    def __complex__(self):
        return 1j
    def __index__(self):
        return 3
    def __divmod__(self, other):
        return "divmod"
    def __pow__(self, other, modulo=None):
        return ("pow", other, modulo)
    def __format__(self, spec):
        return "<" + spec + ">"

class OnlyIndex:
    def __index__(self):
        return 4

class BadInt:
    def __int__(self):
        return "x"
    def __float__(self):
        return 1
    def __index__(self):
        return 1.5

import math

def case():
    s, o, b = Signed(), OnlyIndex(), BadInt()
    out = [-s, +s, ~s, abs(s), round(s), round(s, 2), round(s, None), math.trunc(s), math.floor(s), math.ceil(s), int(s), float(s), complex(s), divmod(s, 1), pow(s, 2), pow(s, 2, 3), s ** 4]
    out += [hex(s), bin(o), oct(o), chr(o) == chr(4), int(o), float(o), complex(o), range(o), [1] * o, "a" * o, (2,) * o, [0, 1, 2, 3, 4][o], math.floor(o), math.sqrt(o), math.sqrt(s), format(s, "x"), f"{s:abc}"]
    out += [attempt(int, b), attempt(float, b), attempt(hex, b), attempt(round, b), attempt(abs, b), attempt(math.floor, "a"), attempt(math.trunc, 1j), math.trunc(2.7), attempt(lambda: [1][b]), attempt(range, b)]
    out += [attempt(abs, "a"), attempt(lambda: -[]), attempt(lambda: ~2.0), ~True, -True, +True, abs(True), abs(-2.5), abs(3 - 4j), -0.0, -(0), abs(-0.0)]
    return out
""",
    "unions": """
from typing import Optional, Union, Any

def f(a: int | None, b: Optional[int] = None, c: list[int] | dict[str, int] | None = None) -> Union[int, str] | None:
    return a

def case():
    either = int | str
    three = int | str | None
    out = [isinstance(1, either), isinstance("a", either), isinstance(None, either), isinstance(None, three), isinstance(1.5, three), isinstance(1, int | None), isinstance(None, None | int)]
    out += [f(3), isinstance(True, str | int), issubclass(bool, int | str), attempt(lambda: 1 | int), attempt(lambda: int | 1), attempt(lambda: (1, 2) | int)]
    return out
""",
}
