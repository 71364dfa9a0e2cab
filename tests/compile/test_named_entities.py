"""Entities that have names in place of positions, made by an ``__init__`` of the program's own."""

from __future__ import annotations

import ast

import pytest
from agree import Comparison

from wc_engine.compile.compiled import specialise
from wc_engine.compile.prelude import prelude_method
from wc_engine.errors import UnsupportedConstructError
from wc_engine.state import Entity, State

ACTIONS = ("go to oven 1", "take cup 1 from hall 2", "open oven 1", "dance")

EQUALITY = """
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items(), key=lambda pair: pair[0])))
"""
RULES = """
class Robot(Entity): pass
class Thing(Entity): pass
class Place(Entity): pass

def by_name(state, name):
    return next((e for e in state if e.name == name), None)

def transition(state, action):
    robot = by_name(state, 'me')
    verb = action.split()[0]
    rest = action[len(verb) + 1:]
    if verb == 'go' and by_name(state, rest[3:]):
        robot.loc = by_name(state, rest[3:]).name
    elif verb == 'take':
        what, _, where = rest.partition(' from ')
        thing = by_name(state, what)
        if thing.loc == where == robot.loc:
            thing.loc = None
            return {e for e in state if e is not robot} | {Robot(name='me', loc=where, holding=thing.name)}
    elif verb == 'open':
        by_name(state, rest).isopen = True
    return state

def reward_func(state, action, next_state):
    cup = by_name(next_state, 'cup 1')
    if cup.loc is not None and cup.loc.startswith('oven'):
        return 1, True
    return len(','.join(key for key in vars(cup))) / 10, hasattr(cup, 'isopen')
"""

MADE_FROM = {
    "a name and keywords": "def __init__(self, name, **rest):\n        self.name = name\n"
    "        for k, v in rest.items(): setattr(self, k, v)",
    "keywords alone": "def __init__(self, **kwargs):\n"
    "        for key, value in kwargs.items(): setattr(self, key, value)",
    "parameters with defaults, by type": "def __init__(self, name, loc=None, **rest):\n        self.name = name\n"
    "        if not isinstance(self, Place): self.loc = loc\n        self.__dict__.update(rest)",
}
DOING_MORE = {
    "an attribute is changed": (
        "def __init__(self, name, **rest):\n        self.name = name.upper()\n        self.__dict__.update(rest)",
        "its __init__ does more than keep the attributes",
    ),
    "an attribute is added": (
        "def __init__(self, name, **rest):\n        self.name = name\n        self.kind = name\n"
        "        self.__dict__.update(rest)",
        "its __init__ does more than keep the attributes",
    ),
    "something outside is changed": (
        "made = []\n    def __init__(self, name, **rest):\n        self.name = name\n"
        "        self.__dict__.update(rest)\n        self.made.append(name)",
        "its __init__ changes something beside the entity",
    ),
    "a position is wanted": (
        "def __init__(self, x, y, **kwargs):\n        self.name = self.__class__.__name__\n        self.x = x\n"
        "        self.y = y\n        for key, value in kwargs.items():\n            setattr(self, key, value)",
        "is made from x and y",
    ),
}


def rooms(loc: str, cup: str | None, is_open: bool) -> State:
    return State(
        [
            Entity("Robot", name="me", loc=loc, holding="cup 1" if cup is None else None),
            Entity("Thing", name="cup 1", loc=cup),
            Entity("Place", name="hall 2", isopen=False),
            Entity("Place", name="oven 1", isopen=is_open),
        ]
    )


STATES = [
    rooms(loc, cup, flag)
    for loc in ("hall 2", "oven 1")
    for cup in ("hall 2", "oven 1", None)
    for flag in (False, True)
]


def text_of(init: str) -> str:
    return f"class Entity:\n    {init}\n{EQUALITY}\n{RULES}"


@pytest.mark.parametrize("name", MADE_FROM)
def test_entities_may_be_made_from(name: str) -> None:
    comparison = Comparison(text_of(MADE_FROM[name]), STATES, ACTIONS)
    comparison.all_actions(STATES)
    comparison.expect_native()


@pytest.mark.parametrize("name", DOING_MORE)
def test_an_init_that_does_more_than_keep_attributes_is_refused_where(name: str) -> None:
    init, reason = DOING_MORE[name]
    with pytest.raises(UnsupportedConstructError, match=reason):
        specialise(text_of(init), STATES, ACTIONS)


def method(text: str) -> ast.FunctionDef:
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    return node


PRELUDE_INIT = (
    "def __init__({}, {}, **{}):\n    self.name = self.__class__.__name__\n    self.x = {}\n    self.y = {}\n"
    "    for key, value in {}.items():\n        setattr(self, key, value)\n"
)


def test_a_method_of_the_prelude_is_known_whatever_its_variables_are_called() -> None:
    renamed = (
        "def __eq__(me, it: object) -> bool:\n    'Equal.'\n    return all(getattr(me, k) == getattr(it, k, None) "
    )
    assert prelude_method(method(renamed + "for k in me.__dict__.keys())")) == "__eq__"
    assert prelude_method(method(PRELUDE_INIT.format("self", "x: int, y: int = 0", "rest", "x", "y", "rest"))) is None
    assert prelude_method(method(PRELUDE_INIT.format("self", "x: int, y: int", "rest", "x", "y", "rest"))) == "__init__"


@pytest.mark.parametrize(
    "text",
    [
        PRELUDE_INIT.format("self", "y, x", "kwargs", "y", "x", "kwargs"),  # callers mention x and y
        PRELUDE_INIT.format("self", "x, y", "kwargs", "y", "x", "kwargs"),
        "def __eq__(self, other):\n"
        "    return all(getattr(self, k) == getattr(self, k, None) for k in self.__dict__.keys())",
        "def __hash__(self):\n    return hash(tuple(sorted(self.__dict__.items(), key=lambda item: item[1])))",
        "@staticmethod\ndef __hash__(self):\n    return hash(tuple(sorted(self.__dict__.items())))",
    ],
)
def test_a_method_that_does_something_else_is_not_the_prelude_s(text: str) -> None:
    assert prelude_method(method(text)) is None
