"""Loops that count through the places of a list: as fast as those over its elements, and exact."""

from __future__ import annotations

import ast
import textwrap

import pytest
from test_exactness import agrees
from worlds import program_text

from wc_engine.compile.rewrites import counting_loops

VALUES = {
    "a while loop that is left": """
        entities = list(state)
        i = 0
        while i < len(entities):
            if entities[i].name == 'Door':
                break
            i += 1
        return i * 100 + len(entities)
    """,
    "a length that is known before, and returns": """
        def find(entities, name):
            i = 0
            n = len(entities)
            while 0 <= i < n:
                e = entities[i]
                if e.name == name and not isinstance(e, Wall):
                    return i, e
                i += 1
            return -1, None
        i, e = find(list(state), 'Door')
        j, f = find([], 'Box')
        return i * 100 + j + (0 if e is None else e.x)
    """,
    "a range over the length": """
        entities = list(state)
        n = 0
        for k in range(len(entities)):
            if k > 1:
                n = n * 3 + entities[k].x - entities[k].y
        return n
    """,
    "a counter that is used afterwards": """
        pair = (4, 5, 6)
        k = 0
        while k < len(pair):
            if pair[k] == len(state):
                break
            k += 1
        entities = [e for e in state if e.name == 'Box']
        j = 0
        while j < len(entities):
            if entities[j].x > 2:
                break
            j += 1
        return k * 10 + j
    """,
    "entities that are changed on the way": """
        entities = list(state)
        for i in range(len(entities)):
            if entities[i].name == 'Box':
                entities[i].x = entities[i].x + i
        return sum(e.x for e in entities)
    """,
}


@pytest.mark.parametrize("body", VALUES.values(), ids=VALUES)
def test_a_loop_over_places_is_native_and_exact(body: str) -> None:
    function = "def value_of(state, action):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    assert agrees(program_text(reward="return value_of(state, action), False", before=function))


LEFT = {
    "the list gets shorter": "i = 0\nwhile i < len(a):\n    if a[i]: del a[i]\n    i += 1",
    "the list grows": "i = 0\nwhile i < len(a):\n    if a[i]: a.append(1)\n    i += 1",
    "an element is replaced": "for i in range(len(a)):\n    a[i] = a[i] + 1",
    "the counter jumps": "i = 0\nwhile i < len(a):\n    if a[i]: i += 1\n    i += 1",
    "a round is skipped": "i = 0\nwhile i < len(a):\n    if a[i]: continue\n    i += 1",
    "it starts elsewhere": "i = 1\nwhile i < len(a):\n    x = a[i]\n    i += 1",
    "something unknown is called": "i = 0\nwhile i < len(a):\n    g(a[i])\n    i += 1",
    "the list is another one under way": "i = 0\nwhile i < len(a):\n    x = a[i]\n    a = b\n    i += 1",
    "the limit changes": "i = 0\nn = len(a)\nwhile i < n:\n    x = a[i]\n    n = x\n    i += 1",
    "the length was taken long before": "n = len(a)\na.pop()\ni = 0\nwhile i < n:\n    x = a[i]\n    i += 1",
}


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_other_loops_are_left_as_they_are(body: str) -> None:
    text = "def f(a, b):\n" + textwrap.indent(body, "    ")
    assert ast.dump(counting_loops.run(ast.parse(text))) == ast.dump(ast.parse(text))
