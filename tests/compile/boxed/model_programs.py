"""Programs whose classes, states and results are out of the ordinary: what becomes of entities on the way in and out."""

from __future__ import annotations

from worlds import program_text

from wc_engine.state import Entity, State

__all__ = ["PROGRAMS", "STATES"]

STATES = (
    State(),
    State([Entity("Box", x=1, y=2)]),
    State([Entity("Box", x=1, y=2), Entity("Box", x=2, y=2, color="red"), Entity("Player", x=0, y=0, carrying=None)]),
    State([Entity("Box", x=1, y=2), Entity("Box", x=1, y=2), Entity("Ghost", x=3, y=1)]),
    State([Entity("Box", x=1, y=2), Entity("Box", x=True, y=2), Entity("Box", x=1.0, y=2)]),
    State([Entity("Box", x=0.0, y=-0.0, name="crate"), Entity("Box", x=float("inf"), y=float("nan"))]),
    State([Entity("Player", x=1, y=1, carrying=Entity("Box", color="red")), Entity("Box", x=1, y=1)]),
    State([Entity("Player", x=1, y=1, items=(Entity("Box"), 1, ("a", Entity("Ghost", color=Entity("Box")))))]),
    State([Entity("Box", name="lamp 1", loc="desk 1"), Entity("Box", name="lamp 2", loc="désk \0\1☃𝄞", on=False)]),
    State([Entity("Box", x=1, y=2, items=(1, (2, ()), "a", None, True, -7, 2.5))]),
    State([Entity("Box", x=5), Entity("Box", y=6)]),
    State([Entity("Box", x=i, y=j, weight=i * j) for i in range(9) for j in range(9)]),
)

OWN = """
def transition(state, action):
    {body}
def reward_func(state, action, next_state):
    return len(state), len(next_state) > 2
"""
MOVE = "for e in state: e.x = e.x + 1 if type(e.x) is int else e.x\n    return state"


def own(classes: str, body: str = MOVE) -> str:
    """A program with classes of its own."""
    return classes + OWN.format(body=body)


INITIALISED = """
class Entity:
    def __init__(self, x=None, y=None, **more):
        self.x, self.y = x, y
        for key in more: setattr(self, key, more[key])
        {extra}
    def __hash__(self): return hash((self.x, self.y))
    def __eq__(self, other): return isinstance(other, Entity) and (self.x, self.y) == (other.x, other.y)
class Box(Entity): pass
class Player(Entity): pass
"""

DATACLASS = """
import dataclasses
@dataclasses.dataclass{options}
class Entity:
    x: object = None
    y: object = None
    color: object = "none"
    carrying: object = None
    name: object = None
    items: object = ()
    loc: object = None
    on: object = None
    weight: object = 3
class Box(Entity): pass
class Player(Entity): pass
"""

SLOTS = """
class Entity:
    __slots__ = ("x", "y", "color", "__hidden")
    kind = "thing"
    def __init__(self, x=0, y=0, **more):
        self.x = x
        self.y = y
        self.__hidden = 4
        for key, value in more.items(): setattr(self, key, value)
class Box(Entity):
    __slots__ = ("carrying", "weight", "items")
class Player(Entity): pass
"""

PROGRAMS = {
    "the prelude, nothing done": program_text(),
    "the prelude, everything moved": program_text(MOVE.replace("    return", "return")),
    "copies": program_text("import copy\nreturn copy.deepcopy(state)"),
    "shallow copies": program_text("import copy\nreturn {copy.copy(e) for e in state}"),
    "an attribute more": program_text("for e in state: e.seen = (1, 'a')\nreturn state"),
    "an attribute less": program_text("for e in state:\n    if hasattr(e, 'color'): del e.color\nreturn state"),
    "lists for tuples": program_text("for e in state: e.items = [1, [2, (3,)], 'x']\nreturn list(state)"),
    "another class": program_text("for e in state: e.__class__ = Door\nreturn state"),
    "the name changed": program_text("for e in state: e.name = 'Wall'\nreturn state"),
    "the name deleted": program_text("for e in state: del e.name\nreturn state"),
    "texts of entities": program_text("return [Wall(1, 1, text=str(e), again=repr([e])) for e in state]"),
    "aliases": program_text("a = list(state)\nreturn a + a[:1] + [Door(1, 2), Door(1, 2)]"),
    "one thing carried twice": program_text(
        "b = Box(1, 2, color='red')\nfor e in state: e.carrying = b\nb.color = 'blue'\nreturn state"
    ),
    "what is carried, dropped": program_text(
        """
        for e in list(state):
            thing = getattr(e, 'carrying', None)
            if thing is not None:
                thing.x, thing.y = e.x, e.y
                e.carrying = None
                state.add(thing)
        return state
        """
    ),
    "what is carried, moved within": program_text(
        "for e in state:\n    if getattr(e, 'carrying', None): e.carrying.color = (e.carrying.x, e.carrying.y)\nreturn state"
    ),
    "found by equality": program_text(
        "return [e for e in state if Box(1, 2) in state or e == Box(1, 2) or e in {Box(True, 2.0)}]"
    ),
    "hashes": program_text("return [Wall(len({hash(e) for e in state}), len({e for e in state}))]"),
    "stale hashes": program_text(
        "for e in list(state):\n    e.x = 9\n    state.discard(e)\n    state.add(e)\nreturn state"
    ),
    "an order of the state": program_text(
        "return [Wall(i, 0, first=e.name, at=(e.x, e.y)) for i, e in enumerate(state)]"
    ),
    "a tuple": program_text("return tuple(state)"),
    "a frozen set": program_text("return frozenset(state)"),
    "a generator": program_text("def walk():\n    for e in state:\n        e.x = 0\n        yield e\nreturn walk()"),
    "a generator that fails": program_text("def walk():\n    yield from state\n    raise ValueError\nreturn walk()"),
    "a dict": program_text("return {e: 1 for e in state}"),
    "an iterator": program_text("return iter(list(state))"),
    "an iterable object": program_text("class Row:\n    def __iter__(self): return iter(state)\nreturn Row()"),
    "an own set": program_text("return Mine(state)", before="class Mine(set): pass"),
    "an own list": program_text(
        "return Mine(state)", before="class Mine(list):\n    def __iter__(self): return iter([Wall(1, 1)])"
    ),
    "nothing returned": program_text("return None"),
    "a text returned": program_text("return 'state'"),
    "a number returned": program_text("return 3"),
    "a class returned": program_text("return Box"),
    "numbers in the state": program_text("return [*state, 3]"),
    "texts in the state": program_text("return ['a']"),
    "classes in the state": program_text("return [Box]"),
    "tuples in the state": program_text("return [(1, 2)]"),
    "exceptions in the state": program_text("return [Trouble('x')]", before="class Trouble(Exception): pass"),
    "an own dict in the state": program_text("return [Mine(a=1)]", before="class Mine(dict): pass"),
    "a named tuple in the state": program_text(
        "return [Point(1, 2)]", before="from collections import namedtuple\nPoint = namedtuple('Point', 'x y')"
    ),
    "an attribute of each kind": program_text(
        "return [Wall(1, 2, a=None, b=True, c=-5, d=2.5, e='t', f=(1,), g=[(), []], h=Box(3, 4), i=[Box(5, 6, h=Box(7, 8))])]"
    ),
    **{
        f"an attribute that is {kind}": program_text(f"return [Wall(1, 2, a={kind})]", before=before)
        for kind, before in {
            "{}": "",
            "set()": "",
            "[{1}]": "",
            "1j": "",
            "len": "",
            "Box": "",
            "lambda: 1": "",
            "range(3)": "",
            "ValueError()": "",
            "iter([])": "",
            "...": "",
            "Point(1, 2)": "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')",
            "Color.RED": "import enum\nclass Color(enum.Enum):\n    RED = 1",
            "Level.LOW": "import enum\nclass Level(enum.IntEnum):\n    LOW = 1",
            "Word.A": "import enum\nclass Word(str, enum.Enum):\n    A = 'letter'",
            "Text('t')": "class Text(str): pass",
            "Half(0.5)": "class Half(float): pass",
            "Row([1, 2])": "class Row(list): pass",
            "Odd((1, 2))": "class Odd(tuple):\n    def __iter__(self): return iter('ab')",
            "Plain()": "class Plain: pass",
        }.items()
    },
    "what carries itself": program_text("b = Box(1, 2)\nb.carrying = b\nreturn [b]"),
    "a property": program_text(
        "return [Lamp(1, 2, on=False)]",
        before="class Lamp(Entity):\n    @property\n    def lit(self): return self.on",
    ),
    "an attribute found on demand": program_text(
        "return [Lamp(e.x, 2, on=Lamp(0, 0).anything) for e in state]",
        before="class Lamp(Entity):\n    def __getattr__(self, name): return name.upper()",
    ),
    "stores watched": program_text(
        "return state",
        before="class Box(Entity):\n    def __setattr__(self, name, value): object.__setattr__(self, name, (value,))",
    ),
    "attributes of the class": program_text(
        "for e in state: e.seen = e.total\nreturn state", before="Entity.total = 7"
    ),
    "classes made while it runs": program_text(
        "class Local(Entity): pass\nreturn [Local(1, 2), type('Made', (Entity,), {})(3, 4)]"
    ),
    "a class under another name": program_text("return state", before="Ghost = Box"),
    "no class of that name": program_text("return [type(e)(9, 9) for e in state]", before="Ghost = 5"),
    "made classes are subclasses": program_text(
        "return [Wall(1, 2, kind=type(e).__name__, base=isinstance(e, Entity)) for e in state]"
    ),
    "no class at all": own("", "return [e for e in sorted(state, key=repr)]"),
    "no class at all, texts": own("", "for e in state: e.text = repr(e)\n    return state"),
    "no class at all, found": own(
        "class Wall: pass", "return [e for e in state if e in state and e == e and e.name == type(e).__name__]"
    ),
    "an own constructor": own(INITIALISED.format(extra="pass")),
    "a constructor that adds": own(INITIALISED.format(extra="self.alive = True; self.note = f'{x}'")),
    "a constructor that adds a list": own(
        INITIALISED.format(extra="self.bag = []; self.bag.append([x])"),
        "for e in state: e.bag.append(1)\n    return state",
    ),
    "a constructor that adds a dict": own(
        INITIALISED.format(extra="self.bag = {}"), "for e in state: del e.bag\n    return state"
    ),
    "a constructor that adds a thing": own(
        INITIALISED.format(extra="self.tag = Tag(x)") + "class Tag:\n    def __init__(self, x): self.level = [x]\n",
        "for e in state: e.tag.level.append(e.tag)\n    for e in state: e.tag.level.pop()\n    return state",
    ),
    "a constructor that shares": own(
        INITIALISED.format(extra="self.a = self.b = [x]"), "for e in state: e.a.append(2)\n    return state"
    ),
    "a constructor that counts": own(
        "COUNT = 0\n" + INITIALISED.format(extra="global COUNT; COUNT += 1; self.number = COUNT")
    ),
    "a constructor that registers": own(
        "ALL = []\n" + INITIALISED.format(extra="ALL.append(self)"), "for e in ALL: e.seen = len(ALL)\n    return state"
    ),
    "a constructor that fails": own(INITIALISED.format(extra="assert x != 3")),
    "an own __new__": own(
        INITIALISED.format(extra="pass").replace(
            "    def __hash__",
            "    def __new__(cls, *a, **k):\n        made = object.__new__(cls)\n        made.born = 1\n        return made\n    def __hash__",
        )
    ),
    "no hash": own(INITIALISED.format(extra="pass").replace("__hash__", "no_hash")),
    "hash by identity": own(
        INITIALISED.format(extra="pass").replace("__hash__", "no_hash").replace("__eq__", "no_eq"),
        "return [e for e in state if e in state] + [Box(len(state), 0)]",
    ),
    "hash of the identity": own(
        INITIALISED.format(extra="pass").replace("hash((self.x, self.y))", "id(self)"),
        "import copy\n    return copy.deepcopy(state)",
    ),
    "a hash that counts": own(
        "CALLS = []\n"
        + INITIALISED.format(extra="pass").replace("return hash((self", "CALLS.append(1); return hash((self"),
        "return [*state, Box(len(CALLS), 0)]",
    ),
    "a hash by a global": own(
        "SALT = [0]\n" + INITIALISED.format(extra="pass").replace("hash((self.x", "hash((SALT[0], self.x"),
        "SALT[0] = 1\n    return [e for e in state if e in state]",
    ),
    "all equal": own(
        INITIALISED.format(extra="pass")
        .replace("hash((self.x, self.y))", "1")
        .replace("(self.x, self.y) ==", "True or")
    ),
    **{
        f"a dataclass{options}": own(DATACLASS.format(options=options))
        for options in ("", "(eq=False)", "(unsafe_hash=True)", "(frozen=True)", "(order=True, unsafe_hash=True)")
    },
    "dataclass fields of the class": own(
        DATACLASS.format(options="(eq=False)"), "for e in state: del e.color\n    Box.weight = 8\n    return state"
    ),
    "a dataclass with a factory": own(
        DATACLASS.format(options="(eq=False)").replace("= ()", "= dataclasses.field(default_factory=list)"),
        "for e in state: e.items = [*e.items, 1]\n    return state",
    ),
    "slots": own(SLOTS, "for e in state: e.x = 4\n    return state"),
    "slots, one deleted": own(SLOTS, "for e in state: del e.y\n    return state"),
    "an enum of things": own("import enum\nclass Box(enum.Enum):\n    A = 1\nclass Player: pass", "return [Box.A]"),
    "a metaclass": own(
        "class Meta(type):\n    def __call__(cls, *a, **k):\n        made = super().__call__(*a, **k)\n        made.meta = 1\n        return made\n"
        + INITIALISED.format(extra="pass").replace("class Entity:", "class Entity(metaclass=Meta):")
    ),
    "an abstract class": own(
        "import abc\n"
        + INITIALISED.format(extra="pass").replace(
            "class Box(Entity): pass", "class Box(Entity, abc.ABC):\n    @abc.abstractmethod\n    def go(self): ..."
        )
    ),
    "floats": program_text(
        "return [Wall(e.x, 1, a=0.1 + 0.2, b=-0.0, c=1e300 * 1e10, d=(1e300 * 1e10) * 0) for e in state]"
    ),
    "zeros told apart": program_text("import math\nreturn [Wall(int(math.copysign(1, e.y)), 0) for e in state]"),
    "large numbers": program_text("return [Wall(2 ** 61, -(2 ** 61))]"),
}
