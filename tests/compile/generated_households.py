"""Random world-model programs about named things: strings, parsed actions, health and timers, as hypothesis strategies.

The world is a few rooms and tools with names: ``Robot`` (name, loc, holding, health), ``Thing`` (name, loc, heat, tags)
and ``Place`` (name, isopen, timer). As in ``generated_programs.py``, expressions are well formed but need not be well
typed: that an operation fails is part of what both ways have to agree on.
"""

from __future__ import annotations

from hypothesis import strategies as st

from wc_engine.state.entities import Entity, State

__all__ = ["ACTIONS", "programs", "states"]

ACTIONS = ("go to oven 1", "take cup 1 from hall", "put cup 1 in oven 1", "heat egg 2 with oven 1", "wait 3", "shout")

_PRELUDE = """
import copy, re
from collections import Counter, defaultdict
from functools import reduce, partial
from operator import attrgetter

class Entity:
    def __init__(self, name, **attributes):
        self.name = name
        for key, value in attributes.items():
            setattr(self, key, value)
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))

class Robot(Entity): pass
class Thing(Entity): pass
class Place(Entity): pass

PATTERN = re.compile(r"(?P<verb>\\w+) (?P<what>\\w+ \\d)(?: (?:from|in|with) (?P<where>.+))?")

def kind_of(name):
    return name.rsplit(' ', 1)[0]

"""

_PLACES = ("hall", "oven 1", "shelf 2")
_THINGS = ("cup 1", "egg 2", "egg 10")
_NAMES = ("a", "b", "c")
_TYPES = ("Robot", "Thing", "Place")


@st.composite
def states(draw: st.DrawFn) -> State:
    """A state: the robot, up to three things, two or three places."""
    number = draw(st.integers(2, 3))
    held = draw(st.sampled_from([None, None, *_THINGS]))
    entities = [
        Entity("Robot", {"name": "me", "loc": draw(st.sampled_from(_PLACES[:number])), "holding": held, "health": 3})
    ]
    for name in draw(st.lists(st.sampled_from(_THINGS), max_size=3, unique=True)):
        loc = None if name == held else draw(st.sampled_from(_PLACES[:number]))
        tags = draw(st.sampled_from([(), ("food",), ("food", "raw")]))
        entities.append(Entity("Thing", {"name": name, "loc": loc, "heat": draw(st.integers(-1, 3)), "tags": tags}))
    for name in _PLACES[:number]:
        timer = draw(st.sampled_from([None, 0, 1, 4]))
        entities.append(Entity("Place", {"name": name, "isopen": draw(st.booleans()), "timer": timer}))
    return State(entities)


def _strings(depth: int) -> st.SearchStrategy[str]:
    """Expressions that are mostly strings, or None."""
    leaves = st.one_of(
        st.sampled_from([*_PLACES, *_THINGS, "heat", "food"]).map(repr),
        st.sampled_from(["robot.loc", "robot.holding", "verb", "action", "found[0].name", "words[-1]", "where"]),
    )
    if depth == 0:
        return leaves
    inner = _strings(depth - 1)
    return st.one_of(
        leaves,
        st.tuples(inner, inner).map(lambda t: f"({t[0]} + ' ' + {t[1]})"),
        st.tuples(inner, _numbers(0)).map(lambda t: f"'%s %s' % ({t[0]}, {t[1]})"),
        inner.map(lambda t: f"kind_of({t})"),
        inner.map(lambda t: f"{t}.partition(' ')[2]"),
        st.tuples(
            inner, st.sampled_from(["upper()", "strip('1')", "replace('egg', 'cup')", "title()", "split()[0]"])
        ).map(".".join),
        inner.map(lambda t: f"' '.join(w for w in action.split() if w in {t})"),
        st.tuples(inner, inner).map(lambda t: f"next((e.name for e in state if e.name > {t[0]}), {t[1]})"),
        st.tuples(inner, _conditions(0), inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]} or {t[1]})"),
    )


def _numbers(depth: int) -> st.SearchStrategy[str]:
    """Expressions that are mostly ints."""
    leaves = st.one_of(
        st.integers(-2, 4).map(str),
        st.sampled_from([*_NAMES, "robot.health", "len(found)", "len(words)", "counts['egg']", "int(words[-1])"]),
    )
    if depth == 0:
        return leaves
    inner = _numbers(depth - 1)
    return st.one_of(
        leaves,
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"max(0, min({t[0]}, {t[1]}))"),
        _strings(depth - 1).map(lambda t: f"len({t})"),
        _strings(depth - 1).map(lambda t: f"action.find({t})"),
        _strings(depth - 1).map(lambda t: f"sum(e.loc == {t} for e in things)"),
        st.tuples(_strings(0), inner).map(lambda t: f"{{'oven': 5, 'hall': 1}}.get(kind_of({t[0]}), {t[1]})"),
        st.just("sum(p.timer or 0 for p in places)"),
        st.just("max((t.heat for t in things), default=-1)"),
    )


def _conditions(depth: int) -> st.SearchStrategy[str]:
    """Expressions whose truth is asked."""
    numbers, strings = _numbers(min(depth, 1)), _strings(min(depth, 1))
    leaves = st.one_of(
        st.tuples(numbers, st.sampled_from(["<", "==", "!=", ">="]), numbers).map(" ".join),
        st.tuples(strings, st.sampled_from(["==", "!=", "in", "<"]), strings).map(" ".join),
        st.tuples(strings, st.sampled_from(["startswith", "endswith"]), strings).map(
            lambda t: f"{t[0]}.{t[1]}({t[2]})"
        ),
        st.sampled_from(["robot.holding is None", "match", "found", "words[1:]", "where in by_name", "verb == 'heat'"]),
    )
    if depth == 0:
        return leaves
    inner = _conditions(depth - 1)
    return st.one_of(
        leaves,
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"(not {t})"),
        strings.map(lambda t: f"any(e.name == {t} for e in state)"),
        st.sampled_from(["any(p.isopen and p.timer for p in places)", "all('food' in t.tags for t in things)"]),
        strings.map(lambda t: f"getattr(by_name.get({t}), 'isopen', False)"),
        st.tuples(st.sampled_from([r"(\w+) \d+", "egg|cup", r"^o.*1$"]), strings).map(
            lambda t: f"re.search({t[0]!r}, {t[1]})"
        ),
    )


def _indented(block: list[str]) -> str:
    return "\n".join("    " + line for part in block for line in part.splitlines())


def _simple() -> st.SearchStrategy[str]:
    """One statement without others in it."""
    number, string, condition = _numbers(1), _strings(1), _conditions(1)
    return st.one_of(
        st.tuples(st.sampled_from(_NAMES), number).map(lambda t: f"{t[0]} = {t[1]}"),
        st.tuples(st.sampled_from(["robot.loc", "robot.holding", "where"]), string).map(lambda t: f"{t[0]} = {t[1]}"),
        st.tuples(st.sampled_from(["=", "+=", "-="]), number).map(lambda t: f"robot.health {t[0]} {t[1]}"),
        string.map(lambda t: f"by_name[{t}].loc = robot.loc"),
        string.map(lambda t: f"by_name[{t}].isopen = not by_name[{t}].isopen"),
        st.tuples(string, number).map(lambda t: f"setattr(by_name.get({t[0]}, robot), 'timer', {t[1]})"),
        string.map(lambda t: f"found = [e for e in things if e.loc == {t}]"),
        st.tuples(st.sampled_from(_TYPES), string).map(
            lambda t: (
                f"found = [e for e in state if isinstance(e, {t[0]}) and e.name != {t[1]}]\n"
                "found = sorted(found, key=lambda e: e.name)"
            )
        ),
        st.just("things.sort(key=attrgetter('heat'), reverse=True)"),
        string.map(lambda t: f"counts[{t}] += 1"),
        string.map(lambda t: f"groups[kind_of({t})].append(a)"),
        st.just("groups = {k: sum(v) for k, v in groups.items()}; b = sum(groups.values())"),
        st.just("found and setattr(found[0], 'tags', found[0].tags + ('hot',))"),
        st.just("state = {e for e in state if e not in found}"),
        st.just("state = copy.deepcopy(state)"),
        st.tuples(string, number).map(lambda t: f"state.add(Thing({t[0]}, loc=robot.loc, heat={t[1]}, tags=()))"),
        condition.map(lambda t: f"if {t}: return list(by_name.values())"),
        condition.map(lambda t: f"assert {t}"),
        st.just("a = reduce(lambda total, t: total * 2 + t.heat, things, c)"),
    )


def _statements(depth: int) -> st.SearchStrategy[str]:
    """One statement of ``transition``."""
    simple = _simple()
    if depth == 0:
        return simple
    block = st.lists(_statements(depth - 1), min_size=1, max_size=2)
    condition = _conditions(1)
    return st.one_of(
        simple,
        st.tuples(condition, block, block).map(lambda t: f"if {t[0]}:\n{_indented(t[1])}\nelse:\n{_indented(t[2])}"),
        st.tuples(st.integers(1, 3), block).map(
            lambda t: (
                f"for p in places:\n    if p.timer:\n        p.timer -= {t[0]}\n"
                f"    else:\n{_indented([_indented(t[1])])}"
            )
        ),
        block.map(lambda t: f"for e in found:\n    e.heat = min(3, e.heat + 1)\n{_indented(t)}"),
        block.map(
            lambda t: (
                f"try:\n{_indented(t)}\nexcept (KeyError, AttributeError) as error:\n    verb = type(error).__name__"
            )
        ),
        st.tuples(block, block).map(
            lambda t: (
                "match words:\n    case ['go', 'to', *rest]:\n        robot.loc = ' '.join(rest)\n"
                "    case ['heat' | 'take' as verb, kind, number, *_] if number.isdigit():\n"
                f"{_indented([_indented(t[0])])}\n"
                f"    case [_]:\n{_indented([_indented(t[1])])}"
            )
        ),
    )


_START = """
words = action.split()
verb, where = words[0], 'hall'
match = PATTERN.match(action)
if match and match['where']:
    where = match['where']
robot = next(e for e in state if isinstance(e, Robot))
things = [e for e in state if isinstance(e, Thing)]
places = [e for e in state if isinstance(e, Place)]
by_name = {e.name: e for e in state}
counts = Counter(kind_of(e.name) for e in things)
groups = defaultdict(list)
found = []
a = b = c = 1
"""


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The text of a program."""
    body = draw(st.lists(_statements(2), min_size=2, max_size=6))
    condition, reward = draw(_conditions(2)), draw(_numbers(2))
    transition = "def transition(state, action):\n" + _indented([_START, *body, "return state"])
    scoring = "def reward_func(before, action, state):\n" + _indented([_START, f"return {reward}, {condition}"])
    return f"{_PRELUDE}{transition}\n\n{scoring}\n"
