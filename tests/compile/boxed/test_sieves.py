"""Loops that look for some elements: the others are passed over, and nobody can tell."""

from __future__ import annotations

import pytest
from differential import assert_same, natively

ELEMENTS = """
LOG = []
class Thing:
    def __init__(self, name, x, y):
        self.name, self.x, self.y = name, x, y
class Wall(Thing): pass
class Box(Thing): pass
class Asked(Thing):
    @property
    def name(self):
        LOG.append('name')
        return 'box'
    @name.setter
    def name(self, value): pass
class Hidden(Thing):
    def __getattr__(self, key):
        LOG.append(key)
        return 1
class Noisy:
    def __eq__(self, other):
        LOG.append('eq')
        return True
    __hash__ = None
class Text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
class Part: pass
def part(**attributes):
    made = Part()
    for key, value in attributes.items(): setattr(made, key, value)
    return made
PLAIN = [Wall('wall', 0, 0), Wall('wall', 1, 0), Box('box', 1, 1), Box('b' + 'ox', 2, 1), Wall('wall', 1, 1)]
PLAIN.append(Box('crate', -1, 1))
NUMBERS = [Wall('wall', True, 1.0), Box(None, 1, None), Box(('box',), (1,), 1), Box(1, 2 ** 61, 'x')]
NUMBERS.append(Wall('wall', 1.0, True))
ODD = [Asked('wall', 1, 1), Wall(Noisy(), Noisy(), 1), Box(Text('other'), 1, 1), Wall('', 1, Noisy())]
HIDDEN = [Hidden('wall', 1, 1), Box('box', 1, 1)]
del HIDDEN[0].name, HIDDEN[0].x
PARTIAL = [Wall('wall', 1, 1), part(name='box', x=1), part(x=2, y=1), Wall('wall', 1, 1)]
MIXED = [Wall('wall', 1, 1), 3, 'wall', None, Box('box', 1, 1)]
KEYS = [('box', 1, 1), ('wall', 2, 1), ('', True, 1.0), (None, None, None), (('box',), (1,), 1)]
KEYS += [(Text('box'), 1, 1), (1, 'x', 1)]
def shown(element):
    return type(element).__name__ if isinstance(element, (Thing, Part)) else repr(element)
def places(row, found):
    return [next(place for place, one in enumerate(row) if one is each) for each in found]
def attempt(function, *arguments):
    try: return function(*arguments)
    except NameError: return 'NameError'
    except Exception as error: return type(error).__name__, str(error)
"""

CONDITIONS = [
    "e.name == name",
    "name == e.name and e.x == x",
    "e.x == x and e.y == y",
    "e.x == x - 1 + 1 and isinstance(e, Box)",
    "(e.x, e.y) == (x, y)",
    "spot == (e.x, e.y)",
    "isinstance(e, Wall)",
    "isinstance(e, (Box, Asked)) and not e.x == x",
    "not isinstance(e, (Box, Wall)) or e.x == x",
    "not isinstance(e, Thing)",
    "e.name in ('box', 'crate')",
    "e.name in {'box', 'crate'} and e.y == spot[1]",
    "e.name in (name, 'wall')",
    "e.name in names and e.x in [1, 2]",
    "e.name not in names",
    "type(e).__name__ == 'Wall'",
    "e.__class__.__name__ in ('Wall', 'Asked')",
    "e is not first and e.x == x and e.y == y",
    "e.x == first.x and e.y == first.y",
    "e.x == x and (e.y == y or e.name == name)",
    "e.x == 1 and e.missing == 2",
    "e.x == nothing",
    "e.x == unbound",
]


LOOPS = {
    "listed": """
    return places(row, [e for e in row if {condition}])
""",
    "visited": """
    found = []
    for e in row:
        if {condition}:
            found.append(e)
    else:
        found.append(e)
    return places(row, found), places(row, [e])
""",
    "skipped": """
    found = []
    for e in tuple(row):
        if not ({condition}):
            continue
        found.append(e)
        if len(found) == 2: break
    return places(row, found), places(row, [e])
""",
    "decided": """
    return any({condition} for e in row), all({condition} for e in row)
""",
}


@pytest.mark.parametrize("loop", LOOPS)
def test_elements_are_found_as_python_finds_them(loop: str) -> None:
    functions = [
        f"""
def search{number}(row, name, x, y):
    spot, names, first = (x, y), {("{'wall', 'crate'}", "('box', 'wall', 'ball')", "['box']")[number % 3]}, row[0]
    if y == 7: unbound = 1
{LOOPS[loop].format(condition=condition)}"""
        for number, condition in enumerate(CONDITIONS)
    ]
    searches = ", ".join(f"search{number}" for number in range(len(CONDITIONS)))
    assert_same(
        f"""{ELEMENTS}{"".join(functions)}
def case():
    rows = (PLAIN, NUMBERS, ODD, HIDDEN, PARTIAL, MIXED)
    out = [attempt(search, row, *key) for search in ({searches}) for row in rows for key in KEYS]
    return repr(out), len(LOG)
"""
    )


def test_sets_that_change_while_they_are_searched() -> None:
    assert_same(
        ELEMENTS
        + """
def removed():
    things, seen = set(PLAIN), []
    gone = {each for each in PLAIN if each.x == 1}
    things -= gone
    for e in things:
        if e.name == 'box':
            seen.append(e.x)
    return sorted(seen)
def growing():
    things = set(PLAIN)
    for e in things:
        if e.name == 'crate':
            things.add(Box('crate', 5, 5))
def replaced():
    things, seen = list(PLAIN), []
    for e in things:
        if e.name == 'wall':
            seen.append(e.x)
            if len(things) < 9: things.append(Wall('wall', len(things), 0))
    return seen
def wanted_changes():
    things, seen, name = list(PLAIN), [], 'wall'
    for e in things:
        if e.name == name:
            seen.append(e.x)
            name = 'box' if name == 'wall' else 'wall'
    return seen
def captured():
    calls = []
    for e in PLAIN:
        if e.name == 'box':
            calls.append(lambda: e.x)
    return [call() for call in calls]
def nothing_left():
    for e in []:
        if e.x == 1: pass
    return attempt(lambda: e)
def lazily():
    name = 'wall'
    found = (e.x for e in PLAIN if e.name == name)
    first = next(found)
    name = 'box'
    return first, list(found)
def case():
    cases = (removed, growing, replaced, wanted_changes, captured, nothing_left, lazily)
    return repr([attempt(each) for each in cases])
"""
    )


def test_a_search_without_end_runs_out_of_fuel() -> None:
    source = """
class Thing: pass
def case():
    things = [Thing() for _ in range(1000)]
    for thing in things: thing.x = 1
    while True:
        for e in things:
            if e.x == 2: return e
"""
    assert natively(source)[0] == "limit"
