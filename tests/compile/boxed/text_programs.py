"""Programs on strings, formatting, text of objects and regular expressions: name to text. Each has an ``observe()``."""

PRELUDE = '''
def attempt(function, *args):
    """What a call gives, or the name and text of the exception."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, str(error)
'''

CASE = """
def case():
    out = []
    for item in observe():
        out.append(item)
    return out
"""

PROGRAMS = {
    "module names of classes": """
import re
from collections import OrderedDict, deque, defaultdict, Counter
from dataclasses import FrozenInstanceError

def observe():
    yield repr(deque), repr(defaultdict), str(re.Pattern), f"{re.Match}", repr(FrozenInstanceError), repr(re.error), repr(int)
    yield deque.__module__, deque.__name__, deque.__qualname__, int.__module__, ValueError.__module__, re.error.__name__
    yield str(OSError(99, "gone")), str(OSError("gone")), repr(OSError(99, "gone")), str(NotImplementedError()), repr(StopIteration(3))
""",
    "text in states": """
import re

COMMAND = re.compile(r"^(heat|cool|move)\\s+(.+?)\\s+(?:with|to)\\s+(.+)$")
LABELS = {"heat": "hot", "cool": "cold"}

class Thing:
    def __init__(self, name, loc, **rest):
        self.name, self.loc = name, loc
        for key, value in rest.items():
            setattr(self, key, value)
    def __repr__(self):
        inside = ", ".join(f"{key}={value!r}" for key, value in sorted(vars(self).items()))
        return f"{type(self).__name__}({inside})"

def step(things, action):
    found = COMMAND.match(action)
    if not found:
        return f"no: {action!r}"
    verb, what, where = found.groups()
    for thing in things:
        if thing.name == what:
            kind, _, number = where.rpartition(" ")
            if verb == "move":
                thing.loc = f"{kind.strip().lower()}{int(number):02d}"
            else:
                thing.state = LABELS[verb]
                thing.by = "_".join(where.split())
            return re.sub(r"(\\w+) (\\d+)", lambda m: m[1].title() + "#" + m[2], action)
    return "nothing called %s among %s" % (what, ", ".join(t.name for t in things))

def observe():
    things = [Thing("apple 1", "table01", size=2), Thing("mug 3", "sink02")]
    for action in ["heat apple 1 with microwave 1", "cool mug 3 with fridge 2", "move mug 3 to Counter Top 12", "eat apple", "heat pear 1 with oven 1"]:
        yield step(things, action)
    yield [repr(t) for t in things], sorted((t.name for t in things), key=lambda n: n.split()[-1], reverse=True)
    key = (things[0].name, things[0].state)
    table = {("apple 1", "hot"): "yes"}
    yield table[key], table.get(("app" + "le 1", "hot")), "apple 1" in {t.name for t in things}, things[0].name is things[0].name
""",
    "f-strings": """
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"
    def __format__(self, spec):
        return f"<{self.x:{spec}}|{self.y:{spec}}>" if spec else "plain"

class Plain:
    def __str__(self):
        return "text"

class Broken:
    def __format__(self, spec):
        return 3
    def __repr__(self):
        return None
    def __str__(self):
        return 5

class Failing:
    def __repr__(self):
        raise KeyError("no")

def observe():
    p, q, width, n, name = Point(1, 2.5), Plain(), 8, 12345.678, "ann"
    yield f"{p}", f"{p!r}", f"{p!s}", f"{p:>5}", f"{p=}", f"{p!r:>20}"
    yield f"{q}", f"{q!s:>6}", str(q), attempt(lambda: f"{q:5}"), attempt(format, q, "x")
    yield f"{n:{width}.{2}f}", f"{n:,.1f}", f"{n!r:>{width + 4}}", f"{name:^{width}}", f"{name!r}", f"{name!a}", f"{name=}", f"{name = }"
    yield f"{{}}", f"{{{name}}}", f"{'nested ' + f'{name.upper()}'}", f"{3:{'>'}{5}}", f"", f"{name}" "tail"
    yield f"{True}", f"{None}", f"{True:d}", f"{True:5}", f"{[1, 'a']}", f"{(1,)}", f"{ {'k': 1}['k'] }", f"{None!r:>6}"
    yield attempt(lambda: f"{None:5}"), attempt(lambda: f"{[1]:5}"), attempt(lambda: f"{n:d}"), attempt(lambda: f"{name:d}")
    b = Broken()
    yield attempt(lambda: f"{b}"), attempt(str, b), attempt(repr, b), attempt(format, b), attempt(lambda: "%s" % b)
    yield attempt(lambda: f"{[Failing()]}"), attempt(repr, {1: Failing()}), attempt(lambda: f"{Failing()!s}")
    yield f"{1 if name else 2}", f"{(lambda v: v * 2)(4)}", f"{name[0]}{name[-1]}", f'''{
        name
    }'''
    yield f"{0.1 + 0.2}", f"{1e16}", f"{1e-5}", f"{100000000000000000000.0}", f"{-0.0}", f"{float('inf')}", f"{1.0}", f"{2 ** 40}"
    yield f"{'é→'!a}", ascii("é→"), f"{'é'!r}", f"{'a':x<3}", f"{'a':→^3}", f"{1:→>3}"
""",
    "subclasses of str": """
class Name(str):
    def __new__(cls, text, note=""):
        self = super().__new__(cls, text)
        self.note = note
        return self
    def shout(self):
        return self.upper() + "!"

class Shown(str):
    def __str__(self):
        return "shown"
    def __repr__(self):
        return "Shown()"

class Sized(str):
    def __len__(self):
        return 99
    def __eq__(self, other):
        return "equal"
    def __hash__(self):
        return 1
    def __getitem__(self, key):
        return ("item", key)
    def __contains__(self, item):
        return True
    def __add__(self, other):
        return "added"
    def __mod__(self, other):
        return "mod"
    def __iter__(self):
        return iter([1, 2])

def observe():
    n = Name("abc", note="x")
    yield n, n.note, n.shout(), type(n).__name__, type(n.upper()).__name__, type(n + "d").__name__, type(n[:]).__name__
    yield type(str(n)).__name__, type("" + n).__name__, type(n * 1).__name__, type(n.strip()).__name__, type(n[0:3]).__name__
    yield type(n.replace("z", "y")).__name__, type("".join([n])).__name__, type(f"{n}").__name__, type(n.__str__()).__name__
    yield n == "abc", "abc" == n, hash(n) == hash("abc"), {n: 1}["abc"], {"abc": 2}[n], n in {"abc"}, n in ["abc"], n < "abd"
    yield isinstance(n, str), issubclass(Name, str), repr(n), f"{n!r:>8}", "%s|%5s" % (n, n), "{:>5}".format(n), n.note == "x"
    s = Shown("real")
    yield str(s), repr(s), f"{s}", f"{s!r}", "%s %r" % (s, s), "{} {!r}".format(s, s), s + "", [s], format(s), format(s, ">6"), s.upper()
    yield "".join([s, "x"]), s == "real", s[0], len(s), str(s) == s
    z = Sized("xy")
    yield len(z), z == 3, z[5], z["a":], 7 in z, z + 1, z % 2, list(z), hash(z), "x" in "xy", z.upper(), str.__len__(z)
    yield attempt(Name), Name("").note == "", attempt(lambda: Name(1)), bool(Name("")), bool(Name("a"))
    n.extra = [1]
    yield n.extra, hasattr(n, "missing"), attempt(lambda: n.missing), attempt(lambda: setattr("abc", "x", 1))
""",
    "str()": """
def observe():
    yield str(), str(5), str(-1.5), str(None), str(True), str("a"), str([1, "b"]), str(object=3)
    yield attempt(lambda: str("a", "utf-8")), str(ValueError("x", 1)), str(KeyError("k")), str(ValueError()), str(KeyError()), str(KeyError(1, 2))
    yield repr(ValueError("x")), repr(ValueError()), repr(KeyError("k")), repr(ValueError("x", 1)), str(Exception([1])), str(ZeroDivisionError("z"))
    yield "%s" % ValueError("v"), f"{KeyError('k')}", "{}".format(IndexError("i")), str(int), repr(str), str(type(None)), str(range(3)), str(slice(1))
    yield repr(...), repr(NotImplemented), str(1 + 2j), repr(-0.0), repr(1e100), repr(range(1, 9, 2)), repr(len), repr(print)
""",
    "repr of containers": """
from collections import deque, defaultdict, OrderedDict, Counter

class Box:
    def __init__(self, content):
        self.content = content
    def __repr__(self):
        return f"Box({self.content!r})"

class Items(list):
    pass

class Table(dict):
    pass

class Group(set):
    pass

class Pair(tuple):
    pass

def observe():
    yield repr([]), repr(()), repr({}), repr(set()), repr(frozenset()), repr((1,)), repr([1, "a", None, 2.0]), repr({1: "x", "y": [2]})
    yield repr({1, 2}), repr(frozenset([1])), repr({(1, 2): {3}}), repr([[]]), repr(((),)), repr({"a": {}}), repr({frozenset()})
    loop = [1]
    loop.append(loop)
    table = {"self": None}
    table["self"] = table
    table["list"] = loop
    pair = ([],)
    pair[0].append(pair)
    yield repr(loop), repr(table), repr(pair), str(loop), f"{table}"
    box = Box(None)
    box.content = [box]
    yield attempt(repr, box), repr(Box([Box("x")]))
    d = deque([1, 2])
    yield repr(d), repr(deque([1], maxlen=3)), repr(deque())
    d.append(d)
    yield repr(d)
    groups = defaultdict(list)
    groups["a"].append(groups)
    yield repr(groups), repr(defaultdict(None, {1: 2})), repr(defaultdict(int))
    yield repr(OrderedDict([("a", 1)])), repr(Counter("aab")), repr(OrderedDict())
    yield repr(Items([1])), repr(Table(a=1)), repr(Group([1])), repr(Group()), repr(Pair((1, 2))), repr(Pair((1,)))
    yield repr({1: 2}.keys()), repr({1: 2}.values()), repr({1: 2}.items()), repr({}.items())
    view = {}
    view["v"] = view.values()
    yield repr(view)
    deep = []
    for _ in range(3000):
        deep = [deep]
    yield attempt(repr, deep)[0], attempt(str, deep)[0]

    class Changing(list):
        def __repr__(self):
            items.clear()
            return "cleared"
    items = [1, Changing(), 3, 4]
    yield repr(items), items

    class Growing:
        def __repr__(self):
            if len(growing) < 6:
                growing.append(Growing())
            return "G"
    growing = [Growing()]
    yield repr(growing)
""",
    "default repr": """
class Thing:
    class Inner:
        pass

def outer():
    def inner():
        pass
    return inner

def cut(text):
    return text.split(" at 0x")[0]

def observe():
    t = Thing()
    yield cut(repr(t)), cut(str(t)), cut(repr(Thing.Inner())), repr(Thing), repr(Thing.Inner), repr(type(t)), str(Thing), cut(f"{t}"), cut(format(t))
    yield cut(repr(outer)), cut(repr(outer())), cut(repr(lambda: 0)), cut(repr(object()))
    class Local:
        def method(self):
            pass
    yield repr(Local), cut(repr(Local())), cut(repr(Local.method)), cut(repr(Local().method))
    yield cut(repr(iter([]))), cut(repr(iter({}))), cut(repr(x for x in [])), cut(repr(enumerate([]))), cut(repr(zip())), cut(repr(map(str, [])))
    yield cut(repr("a".upper)), repr(int), repr(ValueError), repr(len)
    yield [cut(text) for text in [repr(property()), repr(object), repr(type)]]
""",
    "special methods of built-in types": """
class Loud(int):
    def __repr__(self):
        return "Loud:" + super().__repr__()
    def __format__(self, spec):
        return "F" + super().__format__(spec)

class Price(float):
    def __str__(self):
        return "$" + float.__repr__(self)

class Log(list):
    def __repr__(self):
        return "Log" + super().__repr__()
    def __str__(self):
        return object.__repr__(self)[:23]

class Err(Exception):
    def __str__(self):
        return "err:" + super().__str__()

class Bag(dict):
    def __repr__(self):
        return "Bag" + dict.__repr__(self)

def observe():
    n = Loud(7)
    yield repr(n), str(n), f"{n}", f"{n:03}", "%s %d" % (n, n), "{:>4}".format(n), [n], n + 1
    p = Price(2.5)
    yield repr(p), str(p), f"{p}", f"{p:.2f}", "%s %.1f %r" % (p, p, p), [p]
    yield repr(Log([1, Log()])), str(Log([1])), repr(Err("a")), str(Err("a")), f"{Err('b')}", str(Err()), repr(Bag(a=Bag()))
    yield (5).__repr__(), (5).__str__(), (2.5).__format__(".2f"), "a".__repr__(), [1].__repr__(), None.__repr__(), (5).__format__("03d")
    yield str.upper("abc"), str.join("-", ["a", "b"]), list(map(str.strip, [" a ", "b "])), str.__add__("a", "b"), str.format("{}", 1)
    yield sorted(["b", "A", "c"], key=str.lower), str.maketrans("a", "b"), attempt(str.upper, 5), attempt(str.upper)
    yield "a".__add__("b"), "abc".__contains__("b"), "abc".__len__(), "a".__eq__("a"), repr("a".__eq__(1)), "a".__lt__("b"), "abc".__getitem__(1), "a".__mul__(3)
""",
    "methods in programs": """
def observe():
    action = "pick up the red key"
    words = action.split()
    yield words, action.split(" ", 2), action.rsplit(maxsplit=1), "a,b".split(","), action.startswith("pick"), action.endswith(("key", "door"))
    verb, _, rest = action.partition(" ")
    yield verb, rest, rest.removeprefix("up "), rest.title(), rest.find("red"), rest.index("key"), "-".join(words), action.count("e")
    yield "abc"[::-1], "abc"[-2:], "abc"[5:], "abc"[1], attempt(lambda: "abc"[3]), attempt(lambda: "abc"["a"]), "b" in "abc", attempt(lambda: 1 in "abc")
    yield "a" < "b", "a" < "B", "" < "a", "ab" < "b", "é" > "z", "→" > "é", "abc" == "abc", "abc" != "abd", attempt(lambda: "a" < 1), "a" == 1, max("hello")
    yield "a" + "b", attempt(lambda: "a" + 1), "ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, attempt(lambda: "a" * "b"), "x" * True, attempt(lambda: "a" - "b")
    text = "grid"
    text += "!"
    text *= 2
    yield text, [c for c in text], list(enumerate("ab")), list(reversed("abc")), sorted("hello"), set("aab"), tuple("ab"), dict(zip("ab", "cd")), "".join(reversed("abc"))
    a, b, *c = "hello"
    yield a, b, c, min("bca"), len("héé→"), ord("a"), chr(97), chr(0x2192), attempt(ord, "ab"), attempt(chr, -1), hash("a") == hash("a"), "".join([]), bool(""), bool(" ")
    rows = ["#.#", "#@#"]
    grid = [list(row) for row in rows]
    grid[1][1] = "."
    yield ["".join(row) for row in grid], "\\n".join(rows).splitlines(), {(x, y): ch for y, row in enumerate(rows) for x, ch in enumerate(row)}
    yield int("12"), int(" -7 "), int("ff", 16), float("2.5"), float("1e3"), attempt(int, "x"), attempt(float, "x"), attempt(int, "2.5"), int("0b11", 0), attempt(int, ""), attempt(int, None)
    yield "abc".isalpha(), "12".isdigit(), "a1".isalnum(), "Ab".swapcase(), "ab cd".title(), " x ".strip(), "xxaxx".strip("x"), "a\\tb".expandtabs(4), "7".zfill(3), "a".center(5, "*")
    yield "a-b_c".translate(str.maketrans("-_", "  ")), "hello".translate({ord("l"): None, ord("h"): "J"}), "hello".replace("l", "L", 1), "x".join("abc"), attempt(lambda: ",".join([1]))
    yield "{} {}".format(1, 2), "{1} {0}".format("a", "b"), "{x}".format(x=5), "{0.real} {1[0]} {2[k]}".format(3, [4], {"k": 5}), "{:>{w}}".format("a", w=4), attempt("{}".format), attempt("{x}".format)
    yield "%d %s" % (1, "a"), "%(a)s" % {"a": 1}, "%5.2f|%-5s|%05d" % (3.14159, "ab", 42), "%%", "%r" % "a", attempt(lambda: "%d" % "x"), attempt(lambda: "%s %s" % 1), attempt(lambda: "%s" % (1, 2)), "%s" % [1, 2], "%s" % (None,)
    method = "a b".split
    yield method(), attempt(lambda: "abc".foo), hasattr("a", "upper"), hasattr("a", "foo"), getattr("a", "upper")(), callable("a".upper), "{a.x}".format(a=Holder(4)), attempt(lambda: "{a.y}".format(a=Holder(1)))

class Holder:
    def __init__(self, x):
        self.x = x
""",
    "characters as keys": """
def observe():
    counts = {}
    for ch in "hello world":
        counts[ch] = counts.get(ch, 0) + 1
    yield counts, counts["l"], "z" in counts
    names = {name: i for i, name in enumerate(["up", "down", "left", "right"])}
    yield names["do" + "wn"], names.get("LEFT".lower()), names["right up".split()[0]], "".join(["u", "p"]) in names, names.get("x")
    class Thing:
        pass
    thing = Thing()
    for key in "xyz":
        setattr(thing, key, key * 2)
    setattr(thing, "na" + "me", 1)
    yield thing.x, getattr(thing, "y"), getattr(thing, "z".lower()), thing.name, getattr(thing, "nothing", None), hasattr(thing, "n" + "ame")
    wide = {"→": 1, "é": 2, "🙂": 3}
    yield wide["→"], wide["a→b"[1]], wide["é→"[0]], wide["🙂"], "→" in wide, "a→"[:1] == "a", hash("a→"[:1]) == hash("a"), {"a→"[0]: 1}["a"]
""",
    "regular expressions": """
import re
from re import compile as make, search

MOVE = re.compile(r"(?P<verb>\\w+)\\s+(?:the\\s+)?(?P<what>\\w+)?", re.IGNORECASE)
LOADED = MOVE.match("move box").groups()

def double(match):
    return str(int(match.group()) * 2)

class Replacer:
    def __call__(self, match):
        return match["x"].upper()

def observe():
    yield LOADED, MOVE.pattern, MOVE.groups, dict(MOVE.groupindex), MOVE.flags == re.I | re.U, bool(MOVE)
    m = MOVE.match("take the Lamp")
    yield m.group(), m.group(1), m.group("what"), m[0], m["verb"], m.groups(), m.groupdict(), m.span("what"), m.start(), m.end(2), m.lastindex, m.lastgroup
    yield m.string, m.pos, m.endpos, m.re is MOVE, m.re == MOVE, bool(m), m.expand(r"\\2-\\g<verb>"), attempt(m.group, 9), attempt(lambda: m["zz"]), type(m).__name__
    yield re.match("a", "b"), re.search(r"\\d+", "ab12").group(), re.fullmatch("a+", "aaa").span(), re.fullmatch("a+", "aab"), search("b", "abc").start()
    yield re.findall(r"\\d", "a1b2"), re.findall(r"(\\w)(\\d)", "a1b2"), re.findall(r"(\\w)\\d", "a1b2"), [m.span() for m in re.finditer("a*", "baac")]
    yield re.sub(r"\\d+", double, "a1b22"), re.sub("(a)(b)", r"\\2\\1", "abab"), re.sub("a", "x", "aaa", count=2), re.subn("a", "b", "aa"), re.sub("x", None or "y", "axb")
    yield re.sub("(?P<x>a)", Replacer(), "bab"), re.sub("a", lambda m: "\\\\1", "a"), attempt(lambda: re.sub("a", lambda m: 5, "a"))[0], attempt(lambda: re.sub("(a)", r"\\2", "b"))[0]
    yield re.split(r"[,;]\\s*", "a, b;c"), re.split("(,)", "a,b"), re.split(",", "a,b,c", maxsplit=1), re.split("", "ab"), re.escape("a.b*c")
    for pattern in ["(", "a**", "[a", "(?P<1>a)", "\\\\", "(?<=a+)b", "a{2,1}", "(?z)", ")", "*a", "\\\\1", "[b-a]"]:
        try:
            re.compile(pattern)
            yield pattern
        except re.error as error:
            yield pattern, "re.error"
    yield attempt(re.match, 5, "a")[0], attempt(re.match, "a", 5)[0], attempt(re.match, "a")[0]
    p = make("b+")
    yield p.match("abb"), p.match("abb", 1).group(), p.search("abb", 2).span(), p.fullmatch("bb").group(), p.findall("b bb"), p.sub("x", "abba"), p.split("abbc"), p.subn("", "bb")
    yield re.compile(p) is p, p == re.compile("b+"), p != re.compile("b*"), repr(p), repr(p.search("abb")), repr(re.compile("a", re.I | re.M)), len({p, re.compile("b+")})
    if (found := re.search(r"(\\d+),(\\d+)", "at 3,14")) is not None:
        x, y = map(int, found.groups())
        yield x, y
    yield [m.group(0) for m in re.compile("[a-z]+").finditer("ab cd")], next(re.finditer("x", "y"), "none"), re.match("(a)?b", "b").groups("-"), re.match("(?i)ABC", "abc").group()
    yield re.search("^b", "a\\nb", re.M).start(), re.search("a.b", "a\\nb", re.S).group(), re.match("a b # c", "ab", re.X).group(), re.match(r"(?P<q>['\\"]).*?(?P=q)", "'x'y'").group()
    yield isinstance(p, re.Pattern), isinstance(m, re.Match), re.IGNORECASE == re.I, re.compile("a").flags
""",
}
