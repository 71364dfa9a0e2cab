"""Rewritten programs do what they did before, in CPython and compiled."""

from __future__ import annotations

import ast

import pytest
from corpus_runs import outcomes, programs, transitions
from pass_programs import DATACLASSES, MATCHES, NAMED_TUPLES, OTHERS
from shared_data import shared
from ways import assert_native_agrees, assert_rewritten_agrees

from wc_engine.compile.rewrites import Refused, prepare

PROGRAMS = DATACLASSES | NAMED_TUPLES | MATCHES | OTHERS


@pytest.mark.parametrize("name", PROGRAMS)
def test_rewritten_programs_do_what_they_did(name: str) -> None:
    assert_rewritten_agrees(PROGRAMS[name])


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_programs_do_what_they_do_in_python(name: str) -> None:
    assert_native_agrees(PROGRAMS[name])


REFUSED = {
    "an attribute dict that is returned": "def f(e):\n    return e.__dict__",
    "an attribute dict that is kept": "def f(e, kept):\n    kept.append(vars(e))",
    "an attribute dict given to a function": "def f(e, g):\n    return g(e.__dict__)",
    "a shared attribute dict": "def f(e, g):\n    e.__dict__ = g.__dict__",
    "annotations as values": "def f(e):\n    return e.__annotations__",
    "options that are computed": "from dataclasses import dataclass\nO = True\n@dataclass(frozen=O)\nclass A: x: int",
    "another meaning of len": "def f(len):\n    match len:\n        case [a]: return a",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_rewritten_is_refused_with_its_line(what: str) -> None:
    with pytest.raises(Refused) as caught:
        prepare(ast.parse(REFUSED[what]))
    assert caught.value.location is not None
    assert caught.value.location.line >= 2


def test_the_tree_that_is_given_stays_as_it_is() -> None:
    tree = ast.parse("\n".join(MATCHES.values()) + "\n".join(DATACLASSES.values()))
    before = ast.dump(tree)
    prepare(tree)
    assert ast.dump(tree) == before


def test_every_node_of_a_rewritten_program_lies_where_the_source_has_it() -> None:
    source = MATCHES["kinds of patterns"]
    for node in ast.walk(prepare(ast.parse(source))):
        if isinstance(node, (ast.expr, ast.stmt)):
            assert 1 <= node.lineno <= source.count("\n") + 1


def test_subjects_written_as_tuples_are_not_built() -> None:
    source = "def f(a, b):\n    match a, b:\n        case 1, x: return x\n        case _, 'k': return b\n"
    rewritten = prepare(ast.parse(source))
    assert not any(isinstance(node, ast.Tuple) for node in ast.walk(rewritten))


def test_rewritten_programs_of_the_corpus_give_the_same_outcomes() -> None:
    folder = shared("corpus", "programs")
    changed = 0
    for path in sorted(folder.glob("*/*.py")):
        tree = ast.parse(path.read_text())
        if ast.dump(prepare(tree)) == ast.dump(tree):
            continue
        changed += 1
        manifest = next(item for item in programs() if item["file"].endswith(path.name))
        for env in manifest["envs"]:
            lines = transitions(env)[:40]
            assert outcomes(path.read_text(), lines, rewritten=True) == outcomes(
                path.read_text(), lines, rewritten=False
            )
    assert changed >= 5
