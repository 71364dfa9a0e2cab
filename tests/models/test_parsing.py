"""Parsing in several threads, as candidates are checked."""

from __future__ import annotations

import ast
import threading

import pytest

from wc_engine.models.parsing import copied_tree, parse_expression, parse_module

TEXT = "\n".join(
    f"def f{number}(a, b):\n    return [a + b * {number} for a in b if (a, -b) != ({number}, 'x')]"
    for number in range(60)
)


def test_threads_that_parse_at_once_get_their_trees() -> None:
    expected = ast.dump(ast.parse(TEXT))
    found: list[str] = []

    def work() -> None:
        for _ in range(5):
            found.append(ast.dump(parse_module(TEXT)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 20


def test_an_expression_is_parsed_alone() -> None:
    assert ast.unparse(parse_expression("a.get( 'b',0)")) == "a.get('b', 0)"
    with pytest.raises(SyntaxError):
        parse_expression("a = 1")


def test_doubtful_escapes_are_parsed_without_a_warning() -> None:
    parse_module(r"PATTERN = '\d'")


def test_a_copied_tree_is_equal_and_shares_nothing_that_can_change() -> None:
    tree = parse_module(TEXT)
    before = ast.dump(tree, include_attributes=True)
    copied = copied_tree(tree)
    assert ast.dump(copied, include_attributes=True) == before
    shared = {id(node) for node in ast.walk(tree)} & {id(node) for node in ast.walk(copied)}
    assert all(not node.__dict__ for node in ast.walk(copied) if id(node) in shared)
    for node in ast.walk(copied):
        for value in vars(node).values():
            if isinstance(value, list):
                value.clear()
    assert ast.dump(tree, include_attributes=True) == before
