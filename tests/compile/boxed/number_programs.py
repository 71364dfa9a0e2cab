"""Programs on numbers and built-in functions: name to text. Each has a ``case()`` that returns a list."""

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
'''

NUMBERS = {
    "arithmetic": """
import operator
VALUES = [0, 1, -1, 2, 3, -7, 10, 255, -256, 10**9, 2**53 + 1, -(2**60), True, False, 0.0, -0.0, 1.0, -2.5, 0.1, 1e16, 1e300, -1e-300, float("inf"), float("nan"), 1j, 2 - 3j, 0j]
OPERATIONS = [operator.add, operator.sub, operator.truediv, operator.floordiv, operator.mod, operator.and_, operator.or_, operator.xor, operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge, divmod]

def case():
    out = []
    for a in VALUES:
        for b in VALUES:
            out.append([message(f, a, b) for f in OPERATIONS])
    small = [0, 1, -1, 2, -3, 7, True, 0.0, 1.5, -2.0, 0.5, 1j, 2 - 3j]
    for a in small:
        for b in small:
            out.append([message(operator.mul, a, b), message(operator.pow, a, b), message(operator.lshift, a, b), message(operator.rshift, a, b)])
    for a in VALUES:
        out.append([message(f, a) for f in (operator.neg, operator.pos, operator.invert, abs, bool, hash if a == a else bool)])
    return [repr(row) for row in out]
""",
    "rounding": """
def case():
    out = []
    for x in (0.5, 1.5, 2.5, -0.5, 2.675, 1.005, 0.125, 0.375, 1234.5678, -1234.5678, 1e20, 5e-324, 1e-10, 0.1 + 0.2, 15, 25, -15, 1250, 12345, True, 99.99, 0.045, 1e15 + 0.5):
        out.append([round(x, n) for n in (-5, -3, -2, -1, 0, 1, 2, 3, 5, 10, 16, 20)] + ([round(x), round(x, None)] if abs(x) < 1e18 else []))
    out += [attempt(round, float("inf")), attempt(round, float("nan")), round(float("inf"), 2), attempt(round, "a"), attempt(round, 1.5, "a"), attempt(round, 1.5, 1.0), attempt(round, 1j), attempt(round), round(number=2.567, ndigits=1), round(7, 2), type(round(7.0)), type(round(7, -1)), round(-0.3), round(1e308, -308), attempt(round, 1.7e308, -308)]
    return [repr(row) for row in out]
""",
    "conversions": """
def case():
    out = [attempt(int, x) for x in ("12", " -7 ", "+3", "1_000", "0x1f", "", "abc", "1.5", "1__0", "_1", "1_", "--1", "0012", "12 3", 3.99, -3.99, True, None, [], 1j, float("inf"), float("nan"))]
    out += [attempt(int, *args) for args in (("ff", 16), ("0xff", 16), ("0b11", 0), ("0o17", 0), ("z", 36), ("12", 2), ("11", 2), ("12", 1), ("12", 37), (12, 10), ("010", 0), ("0", 0), ("-0x1F", 16), ("1", "a"))]
    out += [attempt(float, x) for x in ("1.5", " -2e3 ", "inf", "-Infinity", "nan", "1_0.5", "", "abc", "1e", ".5", "5.", "1e400", "0x1p3", True, 3, None, [], 1j, "1__0", "+.1e-2", "infinit")]
    out += [attempt(bool, x) for x in ("", "0", 0, 0.0, None, [], [0])] + [attempt(complex, *args) for args in ((), (1,), (1, 2), (1.5, -0.0), (1j,), (1j, 1j), (True, 2), (None,), (1, "a"), ([],))]
    out += [int(), float(), bool(), complex(), attempt(int, 1, 2, 3), attempt(float, 1, 2), attempt(bool, 1, 2), attempt(int, x=1), attempt(int, "10", base=2), attempt(int, base=2), message(int, "abc"), message(float, "abc"), message(int, None), message(float, []), message(int, "12", 2)]
    out += [str(1.0), str(1e16), str(1e-5), repr(0.1), str(-0.0), str(1e22), str(123456789.123), str(float("nan")), str(1j), str(1 + 2j), repr(-1j), str(complex(0, -0.0)), str(2 ** 61), str(True), repr(5e-324), str(1e100)]
    out += [bin(10), bin(-5), bin(0), hex(255), hex(-1), oct(8), oct(-8), bin(True), attempt(bin, 1.5), attempt(hex, "a"), chr(97), chr(8364), attempt(chr, -1), attempt(chr, 1114112), attempt(chr, "a"), ord("a"), ord("€"), attempt(ord, "ab"), attempt(ord, 5), attempt(ord, "")]
    return [repr(item) for item in out]
""",
    "methods": """
class Level(int):
    def __new__(cls, value, name="none"):
        self = super().__new__(cls, value)
        self.name = name
        return self
    def __add__(self, other):
        return Level(int(self) + other, "sum")
    def describe(self):
        return f"{self.name}:{int(self)}"

class Metres(float):
    def __repr__(self):
        return f"{float(self)}m"
    def __eq__(self, other):
        return abs(float(self) - other) < 0.1
    __hash__ = float.__hash__

def case():
    out = [(5).bit_length(), (-8).bit_length(), (0).bit_length(), (255).bit_count(), (-7).bit_count(), True.bit_length(), (5).conjugate(), (5).real, (5).imag, (5).numerator, (5).denominator, (5).as_integer_ratio(), True.real, True.numerator]
    out += [(2.0).is_integer(), (2.5).is_integer(), float("inf").is_integer(), (0.75).as_integer_ratio(), (-2.5).as_integer_ratio(), (3.0).as_integer_ratio(), attempt(float("inf").as_integer_ratio), attempt(float("nan").as_integer_ratio), (2.5).real, (2.5).imag, (2.5).conjugate()]
    out += [(1 + 2j).real, (1 + 2j).imag, (1 + 2j).conjugate(), attempt(lambda: (1).foo), attempt(lambda: (1.5).foo), attempt((5).bit_length, 1), (5).__add__(3), (5).__add__("a"), (5).__radd__(3), (5).__eq__(5.0), (5).__lt__(6), (2.5).__mul__(2), (5).__index__(), (5).__hash__(), (2.7).__int__(), (5).__float__(), (5).__bool__(), (-5).__abs__(), (5).__neg__(), (5).__str__(), (5).__repr__(), (2.5).__round__(), (7).__divmod__(2), (7).__floordiv__(2), (7).__pow__(2), (2.5).__floor__(), (2.5).__ceil__(), (2.5).__trunc__()]
    a = Level(5, "five")
    out += [a, a + 1, (a + 1).name, 1 + a, a * 2, type(a * 2).__name__, a == 5, hash(a) == hash(5), a.describe(), isinstance(a, int), [10, 20, 30][Level(1)], a > 4, max(a, 3), str(a), f"{a:03d}", f"{a}", int(a), type(int(a)).__name__, a.bit_length(), -a, abs(Level(-3)), bool(Level(0)), dict(vars(a)), {5: 1}[a], range(a), "x" * a, a / 2, a // 2, round(a), a.real]
    m = Metres(2.5)
    out += [m, m + 1, m == 2.55, 2.55 == m, m < 3, hash(m) == hash(2.5), float(m), type(m * 2).__name__, repr(m), str(m), m.is_integer(), [m].count(2.5), isinstance(m, float), int(m), round(m, 0), f"{m:.3f}"]
    out += [pow(2, 10), pow(2, -1), pow(2, 10, 1000), pow(3, -1, 7), attempt(pow, 2, -1, 4), attempt(pow, 2, 3, 0), pow(2, 3, -5), pow(2, 0, 1), attempt(pow, 2.0, 3, 5), attempt(pow, "a", 2), pow(0, 0), attempt(pow, 0, -1), pow(-8, 1 / 3), pow(base=2, exp=5), pow(2.0, 0.5), (-2) ** 2, -2 ** 2, 2 ** 3 ** 2, 0.0 ** 0]
    out += [7 // 2, -7 // 2, 7 // -2, -7 // -2, 7 % 3, -7 % 3, 7 % -3, -7 % -3, divmod(-7, 3), divmod(7.5, -2), -7.5 % 2, 7.5 // -2, 1e308 * 10, -1e308 * 10, 5 % 3.5, 3 & 5, 3 | 5, 3 ^ 5, ~5, 1 << 10, -17 >> 2, 5 >> 100, -1 >> 100, True + True, True & False, True | 1, True ^ True, not 5, 0 << 1000]
    return [repr(item) for item in out]
""",
    "functions": """
import math
def gen():
    yield from (3, 1, 2)

class Lengthy:
    def __len__(self):
        return 4

def case():
    out = [min(3, 1, 2), max(3, 1, 2), min([3, 1]), max(gen()), min("hello"), max({1: 2, 5: 0}), min([], default=7), max((), default=None), attempt(min, []), attempt(max), attempt(min, 5), attempt(min, 1, 2, default=3), min([-3, 2], key=abs), max("a", "bbb", key=len), max([(1, "a"), (1, "b")], key=lambda t: t[0]), min(1, 1.0), max(1, 1.0, True), max([2, 1], key=None), attempt(min, 1, "a"), attempt(max, [1], foo=2)]
    out += [sum([1, 2]), sum([]), sum([1.5, 2]), sum([[1], [2]], []), sum(gen()), sum([1], 5), sum([1], start=0.5), attempt(sum, ["a"]), attempt(sum, ["a"], ""), attempt(sum, 5), sum([0.1] * 10), sum([True, True]), sum({1: 2}), sum([(1,), (2,)], ()), attempt(sum, [[1]]), sum([1e16, 1, -1e16])]
    out += [any([]), any([0, 1]), any(x > 2 for x in gen()), all([]), all([1, 0]), all(x for x in gen()), attempt(any, 5), attempt(all), len("abc"), len({1: 2}), attempt(len, 5), attempt(len), len(Lengthy()), len(range(7)), attempt(len, gen())]
    out += [callable(len), callable(case), callable(5), callable(int), callable(Lengthy), callable(Lengthy()), callable("a".upper), isinstance(1, (int, str)), isinstance(True, int), isinstance(1, ()), attempt(isinstance, 1, 5), issubclass(bool, int), issubclass(int, (str, object)), attempt(issubclass, 1, int)]
    class A:
        x = 1
        def __init__(self):
            self.y = 2
    a = A()
    out += [getattr(a, "x"), getattr(a, "z", 9), attempt(getattr, a, "z"), hasattr(a, "y"), hasattr(a, "q" + "q"), getattr(a, "un" + "known", "none"), attempt(getattr, a, "un" + "known"), attempt(getattr, a, 5), setattr(a, "x", 3), a.x, A.x, delattr(a, "x"), a.x, attempt(delattr, a, "x"), attempt(delattr, a, "no" + "name"), dict(vars(a)), attempt(vars, 5), hasattr(5, "real"), hasattr([], "append"), hasattr([], "add"), getattr("a", "upper")(), getattr([], "__len__")()]
    it = iter([1])
    out += [next(it), next(it, "end"), attempt(next, it), attempt(next, [1]), attempt(next, 5), attempt(iter, 5), list(iter(lambda c=[0]: c.__setitem__(0, c[0] + 1) or c[0], 4)), attempt(iter, 5, 6), next(iter("ab")), next(gen()), attempt(next), list(iter((1, 2)))]
    out += [repr("a"), repr([1, "b"]), ascii("é"), format(3.14159, ".2f"), format(5), format("a", ">3"), attempt(format, 5, "q"), attempt(format, 5, 5), attempt(print, 1, sep=5), attempt(print, 1, foo=5), attempt(int)]
    out += [list(zip([1, 2], "ab")), list(enumerate("ab", 1)), list(map(lambda x, y: x + y, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "a"])), list(reversed([1, 2])), id(a) == id(a), id(a) != id(A()), type(id(1)), hash("a") == hash("a"), dir(a)[-1], [n for n in dir(A) if not n.startswith("_")], sorted(dir(a))[:3]]
    out += [math.floor(-2.5), math.ceil(2.1), math.trunc(-2.7), math.gcd(12, 18), math.gcd(), math.gcd(0, 0), math.gcd(-4, 6, 10), math.lcm(4, 6), math.lcm(0, 5), math.lcm(), math.isqrt(17), attempt(math.isqrt, -1), math.comb(5, 2), math.comb(2, 5), math.perm(5, 2), math.perm(4), math.factorial(10), attempt(math.factorial, -1), attempt(math.factorial, 1.5), math.prod([1, 2, 3]), math.prod([], start=5), math.fsum([0.1] * 10)]
    out += [math.sqrt(2), attempt(math.sqrt, -1), math.hypot(3, 4), math.hypot(1, 2, 3), math.dist((0, 0), (1, 1)), math.dist([1, 2], (4, 6)), attempt(math.dist, (1,), (1, 2)), math.pow(2, 0.5), attempt(math.pow, 0, -1), math.exp(1), attempt(math.exp, 1000), math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), attempt(math.log, 0), attempt(math.log, -1), math.sin(1), math.cos(1), math.tan(1), math.atan2(1, -1), math.degrees(math.pi), math.radians(180), math.copysign(1, -0.0), math.fabs(-2), math.fmod(-7, 3), math.modf(-2.5), math.frexp(8), math.ldexp(0.5, 4), math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1, rel_tol=0.2), math.isinf(math.inf), math.isnan(math.nan), math.isfinite(1), attempt(math.floor, math.inf), attempt(math.floor, "a"), attempt(math.sqrt, "a"), attempt(math.sqrt), math.tau, math.e, math.cbrt(27.0), math.exp2(3)]
    return [repr(item) for item in out]
""",
}
