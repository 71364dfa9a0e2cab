"""Programs that use enum."""

PROGRAMS = {
    "plain enums": """
from enum import Enum, auto, unique
import enum, copy
class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
    BLUE = auto()
    def describe(self): return f"{self.name}={self.value}"
    @property
    def warm(self): return self is Color.RED
    @classmethod
    def first(cls): return list(cls)[0]
    @staticmethod
    def helper(): return "static"
class Dir(Enum):
    UP = (0, -1)
    DOWN = (0, 1)
    def __init__(self, dx, dy): self.dx = dx; self.dy = dy
    def turn(self): return Dir.DOWN if self is Dir.UP else Dir.UP
    def __str__(self): return self.name.lower()
class Named(Enum):
    A = "a"
    B = "b"
    @classmethod
    def _missing_(cls, value): return cls.B if value == "zz" else None
class Auto(Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values): return f"{name.lower()}{count}"
    X = auto()
    Y = auto()
    Z = X
class Ordered(Enum):
    LOW = 1
    HIGH = 2
    def __lt__(self, other): return self.value < other.value if self.__class__ is other.__class__ else NotImplemented
class Empty(Enum):
    def shared(self): return self.value * 2
class Child(Empty):
    ONE = 1
def extend():
    class More(Color):
        EXTRA = 9
def observe():
    table = {Color.RED: "r", Color.GREEN: "g"}
    return [
        Color.RED, repr(Color.RED), str(Color.RED), f"{Color.RED}", f"{Color.RED:>12}", "%s" % Color.RED, Color.RED.name, Color.RED.value,
        Color(1) is Color.RED, Color["GREEN"], Color.CRIMSON is Color.RED, Color.CRIMSON.name, list(Color), len(Color), Color.BLUE.value,
        [c.name for c in Color], Color.RED == Color.RED, Color.RED == 1, Color.RED != Color.GREEN, Color.RED is Color(1), table[Color(1)],
        Color.RED in table, Color.RED in Color, Color.RED in [Color.GREEN], attempt(Color, 9), attempt(lambda: Color["NO"]), attempt(lambda: Color.NO),
        isinstance(Color.RED, Color), isinstance(Color.RED, Enum), type(Color.RED) is Color, Color.RED.describe(), Color.RED.warm, Color.BLUE.warm,
        Color.first(), Color.helper(), list(Color.__members__), list(Color.__members__.items())[2], hash(Color.RED) == hash("RED"),
        Dir.UP, Dir.UP.value, Dir.UP.dx, Dir((0, 1)), str(Dir.UP), Dir.UP.turn() is Dir.DOWN, f"{Dir.DOWN}", {d.name: d.dy for d in Dir}, Dir.UP.turn().turn(),
        Named("a"), Named("zz"), attempt(Named, "q"), Named("b").value, [a.value for a in Auto], Auto.Z is Auto.X, Ordered.LOW < Ordered.HIGH,
        attempt(lambda: Ordered.LOW < 3), sorted([Ordered.HIGH, Ordered.LOW]), max(Ordered), attempt(lambda: Color.RED < Color.GREEN), Child.ONE.shared(),
        attempt(extend), copy.copy(Color.RED) is Color.RED, copy.deepcopy([Color.RED])[0] is Color.RED, Color(Color.RED) is Color.RED,
        bool(Color.RED), Color.__name__, Color.RED.__class__.__name__, attempt(lambda: "x" in Color), list(reversed(list(Color))), [c for c in Color if c.value > 1],
        Color.GREEN in {Color.RED, Color.GREEN}, len({Color.RED, Color.RED, Color.GREEN}), dict.fromkeys(Color, 0), enum.Enum is Enum, not Color,
        Color.RED._name_, Color.RED._value_, [m for m in Color if m is not Color.RED], tuple(Dir), next(iter(Dir)), Dir.DOWN.value[1], Dir.UP.value + (1,),
    ]
""",
    "mixed enums": """
from enum import Enum, IntEnum, StrEnum, auto
import enum
class Level(IntEnum):
    LOW = 1
    MID = 5
    HIGH = auto()
    def up(self): return Level(min(self + 1, 6)) if self + 1 in [1, 5, 6] else self
class Tag(str, Enum):
    A = "alpha"
    B = "beta"
class Word(StrEnum):
    ONE = auto()
    TWO = "2"
class Num(float, Enum):
    HALF = 0.5
class Pair(tuple, Enum):
    P = (1, 2)
class Weird(int, Enum):
    X = 3
    def __str__(self): return "weird"
class Based(Enum):
    def __new__(cls, value, label):
        obj = object.__new__(cls)
        obj._value_ = value
        obj.label = label
        return obj
    FIRST = (1, "one")
    SECOND = (2, "two")
class Mix:
    def hello(self): return "hello " + self.name
class Mixed(Mix, Enum):
    M = 1
class Coded(int, Enum):
    def __new__(cls, value, extra):
        obj = int.__new__(cls, value)
        obj._value_ = value
        obj.extra = extra
        return obj
    C = (7, "seven")
def observe():
    return [
        Level.LOW, str(Level.LOW), f"{Level.LOW}", f"{Level.LOW:03d}", "%d" % Level.MID, Level.LOW + 1, Level.LOW == 1, Level.MID > Level.LOW, Level.HIGH,
        Level(5), sorted([Level.HIGH, Level.LOW]), {1: "x"}[Level.LOW], [10, 20][Level.LOW], Level.LOW * 2, sum(Level), max(Level), isinstance(Level.LOW, int),
        Level.LOW.up(), int(Level.MID), Level.LOW in [1, 2], Level.LOW is Level(1), hash(Level.LOW) == hash(1), Level.MID.name, range(Level.LOW, Level.MID),
        Tag.A, str(Tag.A), f"{Tag.A}", Tag.A == "alpha", "alpha" == Tag.A, Tag("beta"), Tag.A.upper(), Tag.A + "!", len(Tag.A), {"alpha": 1}[Tag.A], Tag.A in ("alpha",),
        "al" in Tag.A, Tag.A.value, sorted(Tag), hash(Tag.A) == hash("alpha"), isinstance(Tag.A, str), "-".join(Tag), Tag.A.startswith("al"), {Tag.A: 1}["alpha"],
        Word.ONE, str(Word.ONE), Word.TWO == "2", f"<{Word.ONE}>", Word("one") is Word.ONE, Num.HALF + 1, Num.HALF, Num(0.5), Pair.P[0], Pair.P, len(Pair.P),
        str(Weird.X), f"{Weird.X}", repr(Weird.X), Weird.X + 1, Based.FIRST.label, Based(2), Based.SECOND.value, [b.label for b in Based], Mixed.M.hello(),
        Coded.C + 1, Coded.C.extra, Coded(7), attempt(Word, "x"), attempt(lambda: Level(99)), Level.LOW != 2, bool(Level.LOW), -Level.LOW, Level.MID // 2, Level.MID / 2,
        Tag.A != "beta", Tag.A < Tag.B, Tag.A == Tag("alpha"), Level.LOW == Tag.A, print(Tag.A), "%s %s" % (Tag.A, Level.LOW), str(list(Level)), Level.LOW & 1, 1 | Level.MID,
    ]
""",
    "flags": """
from enum import Flag, IntFlag, auto, CONFORM, EJECT, KEEP, STRICT, unique, Enum
class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W
    NONE = 0
class Bits(IntFlag):
    A = 1
    B = 2
    D = 8
class Loose(Flag, boundary=CONFORM):
    P = 1
    Q = 4
class Out(Flag, boundary=EJECT):
    P = 1
def observe():
    rw = Perm.R | Perm.W
    values = [Perm.R, rw, Perm.RW is rw, Perm.R | Perm.X, Perm.R & Perm.W, Perm.NONE, Perm(0), rw ^ Perm.R, ~Perm.R, ~rw, Perm.R in rw, Perm.X in rw,
        bool(Perm.R & Perm.W), bool(rw), list(rw), len(rw), list(Perm), [p.name for p in Perm], str(Perm.R | Perm.X), f"{rw}", Perm(5), Perm(3) is rw,
        attempt(Perm, 8), attempt(Perm, "a"), attempt(lambda: Perm.R | 1), (Perm.R | Perm.X).name, (Perm.R | Perm.X).value, Perm.RW.name, Perm["RW"], Perm.R.value, Perm.X.value,
        Perm(-1), hash(rw) == hash(Perm.RW), rw == Perm.RW, {rw: 1}[Perm.RW], Perm.R == 1, len(Perm), list(Perm.__members__),
        Bits.A | Bits.B, Bits.A | 4, Bits.A + 1, Bits(3), Bits(16), ~Bits.A, Bits.A & 3, 1 | Bits.B, str(Bits.A | Bits.B), f"{Bits.A}", Bits.A == 1, Bits(0), list(Bits(11)),
        (Bits.A | Bits.B).name, Bits.A in Bits(3), isinstance(Bits(3), int), Bits.D - 1, Bits(3) ^ Bits.A, Bits(-1),
        Loose(7), Loose(2), Out(6), Loose.P | Loose.Q, [f for f in Loose.P | Loose.Q], Perm.R | Perm.W | Perm.X, not Perm.NONE]
    for f in (Perm.R, Perm.RW):
        try: f.nothing
        except AttributeError: values.append("none")
    return values
""",
    "made enums": """
from enum import Enum, IntEnum, unique, auto
import enum
Animal = Enum("Animal", "CAT DOG")
Other = Enum("Other", ["A", "B"])
Pairs = IntEnum("Pairs", [("X", 5), ("Y", 7)])
Third = enum.Enum("Third", {"K": "k", "L": "l"})
def make():
    @unique
    class Bad(Enum):
        A = 1
        B = 1
    return Bad
@unique
class Good(Enum):
    A = auto()
    B = auto()
class Ignored(Enum):
    _ignore_ = ["tmp"]
    tmp = 5
    A = tmp
    _private = 3
    __hidden = 4
    def f(self): return 1
    fn = lambda self: 2
    OTHER = [1]
class Planet(Enum):
    EARTH = (1.0, 2.0)
    MARS = (0.5, 1.5)
    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius
    @property
    def gravity(self): return self.mass / self.radius ** 2
    def __repr__(self): return f"<{self.name}>"
class Strs(Enum):
    def __str__(self): return str(self.value)
class Act(Strs):
    GO = "go"
    STOP = "stop"
def observe():
    return [Animal.CAT, list(Animal), Animal.DOG.value, Other(1), list(Pairs), Pairs.X + 1, Third.K.value, Third("l"), attempt(make), list(Good),
            list(Ignored), Ignored.A.f(), Ignored.A.fn(), Ignored([1]), Ignored.OTHER.value, Planet.EARTH.gravity, Planet.MARS, Planet((0.5, 1.5)).name,
            str(Act.GO), f"{Act.STOP}", Act("go"), Act.GO == "go", {a.value: a for a in Act}["stop"].name, [p.mass for p in Planet]]
""",
}
