"""The globals of a program are as right after loading for every call, whatever the program does to them."""

from __future__ import annotations

import pytest
from program_texts import PRELUDE, STAY

from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State

STATE = State([Entity("Agent", x=1, y=2), Entity("Lava", x=2, y=2)])

COUNTERS = {
    "a global": ("number = 0", "global number; number += 1; return number"),
    "a new global": ("", "globals().setdefault('seen', []).append(1); return len(globals()['seen'])"),
    "a deleted global": ("LEFT = 1", "global LEFT; left = LEFT; del LEFT; return left"),
    "a list": ("LOG = [0]", "LOG.append(1); return len(LOG) - 1"),
    "a nested list": ("LOG = {'a': ([],)}", "LOG['a'][0].append(1); return len(LOG['a'][0])"),
    "a dict": ("MEMO = {}", "MEMO[len(MEMO)] = 1; return len(MEMO)"),
    "a replaced value": ("MEMO = {'n': 1}", "n = MEMO['n']; MEMO['n'] = 2; return n"),
    "a set": ("SEEN = {0}", "SEEN.add(len(SEEN)); return len(SEEN) - 1"),
    "a deque": ("from collections import deque\nD = deque()", "D.append(1); return len(D)"),
    "a defaultdict": ("from collections import defaultdict\nD = defaultdict(int)", "D['n'] += 1; return D['n']"),
    "a bytearray": ("B = bytearray()", "B.append(1); return len(B)"),
    "a default argument": ("", "return remember()"),
    "a keyword default": ("def log(*, memo=[]):\n    memo.append(1)\n    return len(memo)", "return log()"),
    "an attribute of a function": ("", "count.n = getattr(count, 'n', 0) + 1; return count.n"),
    "the defaults of a function": ("def f(n=1): return n", "n = f(); f.__defaults__ = (n + 1,); return n"),
    "the code of a function": ("def f(): return 1", "n = f(); f.__code__ = (lambda: 2).__code__; return n"),
    "a closure": (
        "def counter(n=0):\n    def tick():\n        nonlocal n; n += 1; return n\n    return tick\nc = counter()",
        "return c()",
    ),
    "an attribute of a class": ("class Config: n = 0", "Config.n += 1; return Config.n"),
    "an attribute of an entity's class": ("Agent.n = 0", "Agent.n += 1; return Agent.n"),
    "a method": ("class C:\n    def f(self): return 1", "n = C().f(); C.f = lambda self: 2; return n"),
    "a class that the program lacks": ("", "lava = type(LAVA[0]); lava.n = getattr(lava, 'n', 0) + 1; return lava.n"),
    "an instance": ("class World:\n    n = 0\nWORLD = World()", "WORLD.n += 1; return WORLD.n"),
    "an instance with slots": (
        "class World:\n    __slots__ = ('n',)\nWORLD = World()\nWORLD.n = 0",
        "WORLD.n += 1; return WORLD.n",
    ),
    "a member of an enumeration": (
        "import enum\nclass Way(enum.Enum):\n    UP = 1\nWay.UP.n = 0",
        "Way.UP.n += 1; return Way.UP.n",
    ),
    "an iterator": ("import itertools\nTICKS = itertools.count(1)", "return next(TICKS)"),
    "a generator": ("TICKS = (n for n in range(1, 9))", "return next(TICKS)"),
    "a cache": (
        "import functools\nLOG = []\n@functools.lru_cache\ndef f(n):\n    return object()",
        "f(1); f(2); return f.cache_info().misses - 1",
    ),
    "a filled cache": (
        "import functools\n@functools.lru_cache\ndef f(n):\n    return n\nf(0)",
        "f(len(range(9))); return f.cache_info().misses - 1",
    ),
    "a function of an imported module": ("import math", "math.n = getattr(math, 'n', 0) + 1; return math.n"),
    "a builtin": ("import builtins", "builtins.n = getattr(builtins, 'n', 0) + 1; return builtins.n"),
    "a builtin by its table": ("", "t = __builtins__; t['odd'] = t.get('odd', 0) + 1; return odd"),
    "a partial": ("import functools\nf = functools.partial(max, 1)", "f.n = getattr(f, 'n', 0) + 1; return f.n"),
    "the seed": ("import random\nfirst = random.getstate()", "s = random.random(); random.seed(5); return s"),
    "a generator of random numbers": ("from random import Random\nR = Random(7)", "return R.random()"),
    "an unseeded generator": (
        "import random\nR = random.Random()",
        "return R.random() + random.SystemRandom().random()",
    ),
    "a choice": ("from random import choice", "return choice(range(1000))"),
}


def program(setup: str, body: str) -> Program:
    return Program.from_text(f"""{PRELUDE}
LAVA = []
{setup}
def remember(memo=[]):
    memo.append(1)
    return len(memo)
def count():
    {body}
def transition(state, action):
    LAVA.extend(e for e in state if e.name == 'Lava')
    return [Agent(0, 0, n=count())]
def reward_func(state, action, next_state):
    LAVA.extend(e for e in state if e.name == 'Lava')
    return count(), False
""")


@pytest.mark.parametrize("kind", COUNTERS)
def test_what_a_call_changes_is_put_back_before_the_next(kind: str) -> None:
    interpreter = ReferenceInterpreter(program(*COUNTERS[kind]))
    outcomes = [interpreter.step(STATE, "go") for _ in range(3)]
    first = outcomes[0].next_state
    assert first is not None, outcomes[0].transition_error
    assert outcomes[0].reward == first.entities[0]["n"]
    assert outcomes[1:] == [outcomes[0]] * 2
    if "random" not in COUNTERS[kind][0]:
        assert outcomes[0].reward == 1.0


def test_a_memo_keeps_its_contents_from_loading() -> None:
    text = (
        "MEMO = {'go': 3}\n"
        + PRELUDE
        + "def transition(state, action):\n    MEMO.setdefault(action, 0)\n    return state\n"
    )
    interpreter = ReferenceInterpreter(
        Program.from_text(text + "def reward_func(s, a, n): return len(MEMO) + MEMO.get(a, 0), False")
    )
    assert [interpreter.step(STATE, action).reward for action in ("go", "stop", "go")] == [4.0, 1.0, 4.0]


def test_constructors_may_use_globals_in_the_same_call() -> None:
    text = """
class Agent:
    made = 0
    def __init__(self, x, y):
        Agent.made += 1
        self.x, self.y, self.number = x, y, Agent.made
def reward_func(state, action, next_state):
    return Agent.made, False
"""
    interpreter = ReferenceInterpreter(Program.from_text(text + STAY))
    state = State([Entity("Agent", x=1, y=1), Entity("Agent", x=2, y=2)])
    for _ in range(2):
        outcome = interpreter.step(state, "go")
        assert outcome.next_state == State(
            [Entity("Agent", x=1, y=1, number=1), Entity("Agent", x=2, y=2, number=2)]
        ), outcome.transition_error


def test_what_is_only_read_is_never_loaded_again() -> None:
    text = (
        PRELUDE
        + """
import copy, math, re, operator
from collections import namedtuple, Counter
from dataclasses import dataclass
from typing import Dict, List, NamedTuple, Optional
import enum
MOVES: Dict[str, tuple] = {'go': (1, 0)}
Point = namedtuple('Point', 'x y')
class Named(NamedTuple):
    x: int = 0
@dataclass(frozen=True)
class Vector:
    x: int
    items: Optional[List[int]] = None
class Way(enum.Enum):
    UP = Point(0, 1)
WORD = re.compile('a+')
by_x = operator.attrgetter('x')
loaded = object()
def transition(state, action):
    return copy.deepcopy(state)
def reward_func(state, action, next_state):
    return id(loaded), False
"""
    )
    interpreter = ReferenceInterpreter(Program.from_text(text))
    rewards = {interpreter.step(STATE, "go").reward for _ in range(3)}
    assert len(rewards) == 1
