"""The same source run both ways: natively by the boxed tier, and by CPython with ordered sets.

A case is a function ``case()`` of a source text; what it returns, or the name of the exception that it raises, has to
be the same both ways.
"""

from __future__ import annotations

import ast
import builtins
import sys
from types import ModuleType
from typing import Any

from wc_engine.compile.boxed.generate import generate_image
from wc_engine.compile.boxed.loading import load_image
from wc_engine.models.objects import PROGRAM_MODULE
from wc_engine.models.ordered_sets import ordered_set_builtins, with_ordered_sets
from wc_engine.models.program import Program
from wc_engine.state.ordered_set import OrderedFrozenSet, OrderedSet

_CONTRACT = """

def transition(state, action):
    return state


def reward_func(state, action, next_state):
    return 0, False
"""


def natively(source: str, function: str = "case", *arguments: Any) -> tuple[str, Any]:
    """Return what a function of the source does natively: ("value", ...), ("raise", name) or ("limit", status)."""
    program = Program.from_text(source + _CONTRACT)
    loaded = load_image(generate_image(program, (), None))
    return _plain(loaded.run(function, *arguments))


def in_cpython(source: str, function: str = "case", *arguments: Any) -> tuple[str, Any]:
    """Return what the function does in CPython, in the same form."""
    tree = with_ordered_sets(ast.parse(source))
    module = ModuleType(PROGRAM_MODULE)
    module.__dict__["__builtins__"] = {**vars(builtins), **ordered_set_builtins()}
    sys.modules[PROGRAM_MODULE] = module
    exec(compile(tree, "<case>", "exec", dont_inherit=True), module.__dict__)
    try:
        return "value", _described(module.__dict__[function](*arguments))
    except Exception as error:
        return "raise", type(error).__name__


def assert_same(source: str, function: str = "case", *arguments: Any) -> None:
    """Fail where the two ways differ."""
    expected = in_cpython(source, function, *arguments)
    found = natively(source, function, *arguments)
    assert repr(found) == repr(expected), f"natively {found}, in CPython {expected}"


def _described(value: Any) -> Any:
    """A value of CPython in the form in which the native one comes back."""
    match value:
        case tuple() if type(value) is tuple:
            return tuple(_described(item) for item in value)
        case list() if type(value) is list:
            return [_described(item) for item in value]
        case dict() if type(value) is dict:
            return "dict", [(_described(key), _described(item)) for key, item in value.items()]
        case OrderedFrozenSet():
            return "frozenset", [_described(item) for item in value]
        case OrderedSet():
            return "set", [_described(item) for item in value]
        case None | bool() | int() | float() | complex() | str() if type(value).__module__ == "builtins":
            return value
        case _:
            return "object", type(value).__name__


def _plain(outcome: tuple[str, Any]) -> tuple[str, Any]:
    return outcome
