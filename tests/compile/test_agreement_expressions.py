"""Compiled programs give what the reference gives: expressions and loops, one to each action of a program.

What is computed is the reward, so that a wrong value is seen as it is.
"""

from __future__ import annotations

import textwrap

import pytest
from agree import Comparison
from hypothesis import given, settings
from worlds import FREE, free_states, program_text

from wc_engine.state import State

GROUPS = {
    "queries": {
        "any and all": "return 1 * any(e.name == 'Box' and e.x > 2 for e in state) + 2 * all(e.x < 4 for e in state)",
        "sum": "return sum(e.x * e.y for e in state if e.name == 'Box') + sum([e.x for e in state], 10)",
        "len": "return len([e for e in state if e.x == e.y]) + 100 * len(state)",
        "next with default": "return 0 if next((e for e in state if e.name == 'Player'), None) is None else 1",
        "next of nothing": "return next(e for e in state if e.name == 'Player').x",
        "index of nothing": "return [e for e in state if e.name == 'Player'][0].x",
        "last and second": "b = [e for e in state if e.name == 'Box']\nreturn b[-1].x * 10 + b[1].y",
        "helpers": "return len(get_entities_by_name(state, 'Box')) + 10 * len(get_entities_by_position(state, 2, 2))",
        "chained comparison": "return 1 if all(0 < e.x <= 3 < 5 for e in state) else 0",
        "map and filter": "return sum(map(lambda e: e.x, filter(lambda e: e.name == 'Box', state)))",
        "max with a key": "return max((e for e in state if e.name == 'Box'), key=lambda b: abs(b.x - 2) + b.y).y",
        "not of a list": "return 1 if not [e for e in state if e.name == 'Box'] else 0",
        "or of an entity": "return (next((e for e in state if e.name == 'Box'), None) or Box(9, 9)).x",
    },
    "attributes": {
        "a text": "return sum(1 for e in state if e.name == 'Door' and e.color == 'red')",
        "a text in a tuple": "return sum(1 for e in state if e.name == 'Door' and e.color in ('red', 'green'))",
        "methods of a text": "return sum(len(d.color) for d in state if d.name == 'Door' and d.color.startswith('b'))",
        "an attribute that some types lack": "return sum(1 for e in state if e.color == 'red')",
        "getattr": "return sum(1 for e in state if getattr(e, 'color', None) == 'red')",
        "hasattr": "return sum(1 for e in state if hasattr(e, 'open') and e.open)",
        "type": "return sum(type(e) is Box for e in state) + 10 * sum(type(e).__name__ == 'Door' for e in state)",
        "class name": "return sum(e.__class__.__name__ == 'Box' for e in state) + sum(e.name < 'Door' for e in state)",
        "an attribute of None": "return next((e for e in state if e.name == 'Player'), None).x",
        "entities are equal by attributes": "return 1 * (Box(2, 2) in state) + 2 * ({Box(2, 2)} <= state)",
    },
    "numbers": {
        "negative // and %": "return sum((e.x - 5) // 3 * 7 + (e.y - 6) % 4 + (e.x - 5) % -3 for e in state)",
        "// by zero": "return 10 // next(e.x - 2 for e in state if e.name == 'Player')",
        "% by zero": "return 10 % next(e.x - 2 for e in state if e.name == 'Player')",
        "/ by zero": "p = next(e for e in state if e.name == 'Player')\nreturn p.x / (p.y - 2)",
        "a sum of floats": "return sum(0.1 * e.x for e in state if e.name in ('Box', 'Player'))",
        "floats and ints": "return -0.1 + len([e for e in state if e.name == 'Box']) - 1.5 * len(state)",
        "truth values": "return sum(e.x == 2 for e in state if e.name == 'Box') + (len(state) > 4) * 3 - True",
        "a truth value": "return len(state) > 4",
        "negative zero": "return 0.0 * -len(state)",
        "abs and ~": "return abs(len(state) - 6) + abs(0.5 - len(state)) + ~len(state)",
        "min and max of two": "return min(3, len(state)) + 10 * max(1, 2, len(get_entities_by_name(state, 'Door')))",
        "and, or": "return (len(state) > 4 and len(state)) or 7",
        "a float or an int": "if len(state) > 4:\n    q = 1\nelif len(state) > 2:\n    q = 2.5\nreturn q",
    },
    "sets": {
        "union": "return len(boxes(state) | doors(state))",
        "intersection": "return len(boxes(state) & doors(state))",
        "difference": "return len(boxes(state) - doors(state)) + 10 * len(doors(state) - boxes(state))",
        "symmetric difference": "return len(boxes(state) ^ doors(state))",
        "subset": "return 1 * (boxes(state) <= doors(state)) + 2 * (boxes(state) == doors(state))",
        "issubset": "return boxes(state).issubset((e.x, e.y) for e in state if e.name == 'Door')",
        "in": "return 1 * ((2, 2) in boxes(state)) + 2 * ((2, 3) not in doors(state))",
        "distinct values": "return len({e.x for e in state if e.name == 'Box'})",
        "adding in a loop": "s = set()\nfor e in state:\n    if e.name == 'Box':\n        s.add(e.x)\nreturn len(s)",
        "of entities": "return len(state - {e for e in state if e.name == 'Box'}) + len(state | {Box(9, 9)})",
    },
    "lists": {
        "index": "return [(e.x, e.y) for e in state if e.name == 'Box'].index((2, 2))",
        "count": "return [e.x for e in state].count(2)",
        "append, extend, insert": (
            "s = []\ns.extend(e.x for e in state)\ns += [1, 2]\ns.append(5)\ns.insert(0, 9)\n"
            "return sum(s) + 100 * len(s)"
        ),
        "concatenation": "return len(get_entities_by_name(state, 'Box') + get_entities_by_name(state, 'Wall'))",
        "appending in a loop": (
            "s = []\nfor e in state:\n    if e.name == 'Box':\n        s.append((e.x, e.y))\n"
            "return sum(a * b for a, b in s)"
        ),
        "items and unpacking": "s = [0, 0, 0]\ns[1] = len(state)\na, (b, *c) = 1, s\nreturn a + sum(c)",
        "in": (
            "walls = [(w.x, w.y) for w in state if w.name == 'Wall']\n"
            "return sum(1 for e in state if e.name == 'Box' and (e.x + 1, e.y) not in walls)"
        ),
        "order of tuples": "return sum((e.x, e.y) < (2, 3) for e in state if e.name in ('Box', 'Door'))",
        "enumerate": "return sum(i * e.x for i, e in enumerate(get_entities_by_name(state, 'Box'), 1))",
        "zip": "return sum(a * b for a, b in zip([1, 2, len(state)], (4, 5, 6)))",
        "range": "return sum(i for i in range(10, 0, -3)) + len(range(1, len(state)))",
        "a range of the state": "t = 0\nfor i in range(len(state)):\n    t += i\nreturn t",
    },
    "control": {
        "while and else": (
            "x = 0\nwhile x < 5:\n    if any(e.x == x for e in state if e.name == 'Box'):\n        break\n    x += 1\n"
            "else:\n    x = 100\nreturn x"
        ),
        "continue": (
            "t = 0\nfor e in state:\n    if e.name != 'Box':\n        continue\n    t += e.x\n    if t > 4:\n"
            "        break\nreturn t"
        ),
        "the variable after its loop": "for e in get_entities_by_name(state, 'Box'):\n    pass\nreturn e.x",
        "except IndexError": (
            "try:\n    v = [e for e in state if e.name == 'Player'][0].x\nexcept IndexError:\n    v = -1\nreturn v"
        ),
        "except StopIteration, else": (
            "try:\n    v = next(e for e in state if e.name == 'Player').x\n"
            "except (StopIteration, ValueError) as error:\n"
            "    v = -1\nelse:\n    v += 100\nreturn v"
        ),
        "except Exception": "try:\n    v = 10 // (len(state) - 4)\nexcept Exception:\n    v = -1\nreturn v",
        "raise": "if len(state) > 5:\n    raise ValueError('many')\nreturn 1",
        "assert": "assert len(state) > 3\nreturn 1",
        "print": "print('hello', len(state))\nreturn 1",
        "tables": "return {1: 10, 2: 20, 3: 30}[len(state)]",
        "a table with tuples": "D = {(0, 1): 3, (1, 0): 4}\nreturn D[(0, 1)] + D.get((len(state) % 2, 0), 9)",
        "None or a number": "q = None\nif len(state) > 4:\n    q = len(state)\nreturn 0 if q is None else q",
        "a largest value by hand": (
            "best = -1\nfor e in state:\n    if e.name == 'Box' and e.x > best:\n        best = e.x\nreturn best"
        ),
    },
    "functions": {
        "closures": "def add(n):\n    def inner(m):\n        return n + m\n    return inner\nreturn add(2)(len(state))",
        "later assignments": "def g():\n    return z\nz = len(state)\nr = g()\nz = 5\nreturn r * 10 + g()",
        "nonlocal": (
            "n = 0\ndef inc():\n    nonlocal n\n    n += 1\nfor e in state:\n    if e.name == 'Box':\n"
            "        inc()\nreturn n"
        ),
        "a list as default": "def g(v, s=[]):\n    s.append(v)\n    return len(s)\ng(1)\ng(2)\nreturn g(3)",
        "stars": "def g(*a, **k):\n    return len(a) + k.get('z', 0)\nreturn g(1, 2, z=len(state))",
        "lambda": "return (lambda q, k=2: q * k)(len(state))",
        "generator function": (
            "def g():\n    for e in state:\n        if e.name == 'Box':\n            yield e.x\nreturn sum(g())"
        ),
        "known recursion": "def f(n):\n    return 1 if n == 0 else n * f(n - 1)\nreturn f(5) + len(state)",
        "walrus": "return n if (n := len(state)) > 4 else -n",
        "a name before it is bound": "if len(state) > 4:\n    q = 1\nreturn q",
    },
}

HELPERS = """
def boxes(state):
    return {(e.x, e.y) for e in state if e.name == 'Box'}
def doors(state):
    return {(e.x, e.y) for e in state if e.name == 'Door'}
"""


def program_of(probes: dict[str, str]) -> str:
    """Return a program whose reward for the action of that name is what a function body returns."""
    functions = [f"def f{n}(state):\n{textwrap.indent(body, '    ')}\n" for n, body in enumerate(probes.values())]
    table = ", ".join(f"{name!r}: f{n}" for n, name in enumerate(probes))
    before = HELPERS + "".join(functions) + f"PROBES = {{{table}}}\n"
    return program_text(reward="return PROBES[action](state), False", before=before)


@pytest.mark.parametrize("group", GROUPS)
def test_every_expression_has_the_value_that_the_reference_gives_it(group: str) -> None:
    probes = GROUPS[group]
    comparison = Comparison(program_of(probes), FREE, tuple(probes))

    @settings(max_examples=30, deadline=None)
    @given(free_states())
    def compare(state: State) -> None:
        comparison.all_actions([state])

    compare()
    comparison.all_actions(FREE)
    comparison.expect_native()
