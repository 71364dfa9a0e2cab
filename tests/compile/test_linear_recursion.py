"""Recursion along a list, which the specialiser takes for a loop: natively and exactly, also where lists are long."""

from __future__ import annotations

import ast
import textwrap

import pytest
from test_exactness import agrees
from worlds import program_text

from wc_engine.compile.rewrites import linear_recursion

VALUES = {
    "a sum over places": """
        entities = list(state)
        def count(i):
            if i == len(entities):
                return 0
            e = entities[i]
            hit = e.name == 'Box' and e.x > 1
            return int(hit) + count(i + 1)
        return count(0) * 10 + count(1)
    """,
    "any of the rest": """
        def some(items):
            if not items:
                return False
            e, *others = items
            return e.name == 'Door' and e.open or some(others)
        def every(items):
            if not items:
                return True
            e, *others = items
            return e.x < 4 and every(others)
        return some(list(state)) + 2 * every(list(state))
    """,
    "the first that is found": """
        def find(items, name):
            if not items:
                return -1
            e, *others = items
            if e.name == name:
                return e.x * 10 + e.y
            return find(others, name)
        return find(list(state), 'Wall') * 100 + find([], 'Box')
    """,
    "a place that is beyond the end": """
        items = [1, 2]
        def count(i):
            if i == len(items):
                return 0
            x = items[i]
            return int(x > 1) + count(i + 1)
        return count(3 if action == 'move up' else 0)
    """,
}

OTHER_VALUES = {
    "a list of what was made of the elements": """
        def places(items):
            if not items:
                return [7]
            e, *others = items
            if e.name == 'Wall':
                return [len(others)]
            return [e.x, e.y] + places(others)
        n = 0
        for number in places(list(state)):
            n = n * 3 % 1000 + number
        return n
    """,
}

TRANSITION = """
    def substitute(entities, old, *new):
        '''A list in which old is replaced.'''
        if not entities:
            return []
        first, *rest = entities
        if first is old:
            return [*new, *rest]
        return [first] + substitute(rest, old, *new)
    entities = [*state]
    players = [e for e in entities if e.name == 'Player']
    boxes = [e for e in entities if e.name == 'Box']
    for p in players:
        entities = substitute(entities, p, Player(p.x + 1, p.y))
    if action == 'move up' and boxes:
        entities = substitute(entities, boxes[-1])
    return entities
"""


@pytest.mark.parametrize("body", VALUES.values(), ids=VALUES)
def test_recursion_along_a_list_is_native_and_exact(body: str) -> None:
    function = "def value_of(state, action):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    assert agrees(program_text(reward="return value_of(state, action), False", before=function))


@pytest.mark.parametrize("body", OTHER_VALUES.values(), ids=OTHER_VALUES)
def test_recursion_that_makes_a_list_is_refused_or_exact(body: str) -> None:
    function = "def value_of(state, action):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    agrees(program_text(reward="return value_of(state, action), False", before=function))


def test_a_list_put_together_again_with_an_element_replaced_is_exact() -> None:
    agrees(program_text(TRANSITION, "return len(next_state), False"))


LEFT = {
    "its own list is changed": "if not a: return 0\nx, *r = a\na.append(1)\nreturn int(x) + f(r)",
    "what is added may be no int": "if not a: return 0\nx, *r = a\nreturn x + f(r)",
    "it is called twice": "if not a: return 0\nx, *r = a\nreturn int(f(r)) + f(r)",
    "something unknown is called on the way": "if not a: return 0\nx, *r = a\ny = g(x)\nreturn int(y) + f(r)",
    "a function keeps a call's variables": "if not a: return []\nx, *r = a\nh = lambda: x\nreturn [h] + f(r)",
    "the rest is used": "if not a: return 0\nx, *r = a\nreturn int(len(r)) + f(r)",
}


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_other_recursion_is_left_as_it_is(body: str) -> None:
    text = "def f(a):\n" + textwrap.indent(body, "    ")
    assert ast.dump(linear_recursion.run(ast.parse(text))) == ast.dump(ast.parse(text))
