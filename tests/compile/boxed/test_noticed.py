"""Small tests of what tests/mutation_check.py breaks in the boxed tier."""

from __future__ import annotations

import numpy as np
import pytest
from differential import assert_same
from worlds import program_text

from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.compiled import StepStatus
from wc_engine.state import Entity, State

BOX = State([Entity("Box", x=1, y=1)])


def test_conditions_of_small_ints() -> None:
    pairs = "((a, b) for a in (-2, -1, 0, 1, 2) for b in (-2, -1, 0, 1, 2))"
    signs = ("<", "<=", ">", ">=", "==", "!=")
    loops = "\n".join(
        f"    for a, b in {pairs}:\n        if a {sign} b: out.append((a, {sign!r}, b))" for sign in signs
    )
    assert_same(f"def case():\n    out = []\n{loops}\n    return out")


def test_finally_runs_on_every_way_out() -> None:
    assert_same(
        """
def leave(how, log):
    for turn in range(2):
        try:
            if how == 'return': return turn
            if how == 'break': break
            if how == 'continue': continue
            if how == 'raise': raise ValueError
        finally:
            log.append((how, turn))
    return 'end'

def case():
    log = []
    for how in ('return', 'break', 'continue', 'nothing', 'raise'):
        try:
            log.append(leave(how, log))
        except ValueError:
            log.append('raised')
    return log
"""
    )


def test_loops_over_sets_that_change() -> None:
    assert_same(
        """
def visited(items, how):
    seen, things = [], set(items)
    try:
        for item in things:
            seen.append(item)
            if len(seen) == 2:
                if how in ('add', 'replace', 'swap'): things.add(100)
                if how in ('discard', 'replace'): things.discard(seen[0])
                if how in ('swap', 'drop'): things.discard(items[-1])
                if how == 'drop': things.add(items[-1])
    except RuntimeError as error:
        seen.append(str(error))
    return seen, things

def case():
    sizes = [list(range(n)) for n in (2, 3, 8, 9, 40)]
    return [visited(items, how) for items in sizes for how in ('add', 'discard', 'replace', 'swap', 'drop')]
"""
    )


@pytest.mark.parametrize(
    "way", ["try:\n    {}\nexcept BaseException:\n    return []", "try:\n    {}\nfinally:\n    return []"]
)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("while True: pass", StepStatus.OUT_OF_FUEL),
        ("return [0] * 10 ** 12", StepStatus.OUT_OF_SCRATCH),
        ("n = 1\n    while True: n *= 3", StepStatus.OUT_OF_RANGE),
    ],
)
def test_no_handler_sees_a_limit(way: str, body: str, status: int) -> None:
    problem = compile_boxed(program_text(way.format(body)), [BOX], ("wait",)).bind(BOX)
    assert problem.step_words(problem.initial_words, 0)[0] == status


def test_equal_states_have_equal_words() -> None:
    text = program_text(
        "new = [Wall(7, 1), Box(2, 2), Wall(3, 1), Box(1, 2)]\nreturn new if action == 'ahead' else new[::-1]"
    )
    problem = compile_boxed(text, [BOX], ("ahead", "back")).bind(BOX, capacity=8)
    (status, ahead, _, _), (_, back, _, _) = (problem.step_words(problem.initial_words, action) for action in (0, 1))
    assert status == StepStatus.OK
    assert np.array_equal(ahead, back)
