"""Household tasks: names are strings, actions are parsed by regular expressions."""

import copy
import re
from collections import Counter, defaultdict, namedtuple
from functools import lru_cache, partial, reduce


class Entity:
    def __init__(self, **attributes):
        for name, value in attributes.items():
            setattr(self, name, value)

    def _key(self):
        return tuple(sorted(self.__dict__.items(), key=lambda item: item[0]))

    def __eq__(self, other):
        return type(self) is type(other) and self._key() == other._key()

    def __hash__(self):
        return hash((type(self).__name__, self._key()))

    def __repr__(self):
        inner = ", ".join(f"{k}={v!r}" for k, v in self._key())
        return f"{type(self).__name__}({inner})"


class Robot(Entity): pass
class Item(Entity): pass
class Place(Entity): pass


Command = namedtuple("Command", "verb item place tool", defaults=(None,))

PATTERNS = [
    (re.compile(r"^go to (?P<place>\w+ \d+)$"), "go"),
    (re.compile(r"^take (?P<item>\w+ \d+) from (?P<place>\w+ \d+)$"), "take"),
    (re.compile(r"^(?:put|move) (?P<item>\w+ \d+) (?:in|on|to|in/on) (?P<place>\w+ \d+)$"), "put"),
    (re.compile(r"^(?P<verb>open|close) (?P<place>\w+ \d+)$"), None),
    (re.compile(r"^(?P<verb>heat|cool|clean) (?P<item>\w+ \d+) with (?P<place>\w+ \d+)$"), None),
]
TOOLS = {"heat": "microwave", "cool": "fridge", "clean": "sink"}
OPENABLE = frozenset({"fridge", "microwave", "drawer", "cabinet"})


@lru_cache(maxsize=None)
def parse(text):
    for pattern, verb in PATTERNS:
        found = pattern.match(text)
        if found:
            groups = found.groupdict()
            return Command(verb or groups["verb"], groups.get("item"), groups.get("place"))
    return Command("nothing", None, None)


def kind(name):
    return name.split()[0] if name else ""


def index(state):
    table = {e.name: e for e in state if not isinstance(e, Robot)}
    robot = next((e for e in state if isinstance(e, Robot)), None)
    if robot is None:
        raise LookupError("no robot")
    return robot, table


def contents(state, place):
    return [e.name for e in state if isinstance(e, Item) and e.loc == place]


def go(robot, table, command):
    if command.place not in table:
        return False
    robot.loc = command.place
    return True


def take(robot, table, command):
    item, place = table[command.item], table[command.place]
    if robot.holding is not None or robot.loc != place.name or item.loc != place.name:
        return False
    if kind(place.name) in OPENABLE and not place.open:
        return False
    robot.holding, item.loc = item.name, "hand"
    return True


def put(robot, table, command):
    try:
        item, place = table[command.item], table[command.place]
    except KeyError as missing:
        return missing.args[0] == "?"
    if not (robot.holding == item.name and robot.loc == place.name):
        return False
    robot.holding, item.loc = None, place.name
    return True


def door(robot, table, command, *, wanted):
    place = table.get(command.place)
    if place is None or kind(place.name) not in OPENABLE or robot.loc != place.name or place.open == wanted:
        return False
    place.open = wanted
    return True


def treat(robot, table, command):
    item = table[command.item]
    if robot.holding != item.name or robot.loc != command.place or kind(command.place) != TOOLS[command.verb]:
        return False
    states = {"heat": "hot", "cool": "cool", "clean": "clean"}
    marks = set(item.marks) - {"hot", "cool"} if command.verb != "clean" else set(item.marks)
    item.marks = tuple(sorted(marks | {states[command.verb]}))
    return True


HANDLERS = defaultdict(
    lambda: lambda robot, table, command: False,
    go=go, take=take, put=put, heat=treat, cool=treat, clean=treat,
    open=partial(door, wanted=True), close=partial(door, wanted=False),
)


def transition(state, action):
    new = copy.deepcopy(state)
    robot, table = index(new)
    command = parse(action)
    changed = HANDLERS[command.verb](robot, table, command)
    robot.steps = robot.steps + 1 if changed else robot.steps
    return list(new)


def reward_func(state, action, next_state):
    places = Counter(e.loc for e in next_state if isinstance(e, Item))
    hot = [e.name for e in next_state if isinstance(e, Item) and "hot" in e.marks and e.loc.startswith("table")]
    total = reduce(lambda a, b: a + b, places.values(), 0)
    text = "%s|%d|%s" % (",".join(hot), total, places.most_common(1)[0][0] if places else "-")
    return (1.0 if hot else 0.0) + len(text) / 1000, bool(hot)
