"""What the specialiser makes of a construct: of code about numbers of the state, and of code about constants."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any

from constructs import HELPERS, IMPORTS, Construct, needed

from wc_engine.compile.pipeline import generate
from wc_engine.errors import TranslationError
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State
from wc_engine.state.schema import infer_schema

__all__ = ["KINDS", "specialised"]

KINDS = ("boxed", "tabulated", "specialised")
"""How well the specialiser takes a construct, the worst first."""

_ACTIONS = ("go", "wait")
_HEAD = """
class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
"""
_FUNCTIONS = """
def transition(state, action):
    return state

def reward_func(state, action, next_state):
    zero = len([e for e in state if e.x < 0])
    {body}
    return 0 if r is None else 1, False
"""


@cache
def specialised(row: Construct) -> tuple[str, str]:
    """Return the kind, one of ``KINDS``, and why it is no better one.

    Code without an int is about constants whatever the state is: no more than *tabulated* can be told of it.
    """
    plain, shifted = _plain(row.code), _shifted(row.code)
    told = _refusal(shifted)
    if told is None:
        return ("tabulated", "") if plain == shifted else ("specialised", "")
    return ("boxed" if plain == shifted or _refusal(plain) is not None else "tabulated"), told


def _refusal(body: str) -> str | None:
    """Why the specialiser refuses statements, or None where it takes them."""
    functions = _FUNCTIONS.format(body=body.replace("\n", "\n    "))
    text = "\n".join([_HEAD, needed(IMPORTS + HELPERS, functions), functions])
    states = [
        State([Entity("Robot", x=1, y=1), *(Entity("Crate", x=x, y=2) for x in range(number))]) for number in (0, 1, 12)
    ]
    program = Program.from_text(text)
    try:
        generate(program.tree, text, "<row>", infer_schema(states), _ACTIONS, None)
    except TranslationError as error:
        return error.message
    return None


def _plain(code: str) -> str:
    return ast.unparse(_statements(code))


def _shifted(code: str) -> str:
    """The code with a number of the state, which is 0, added to every int."""
    return ast.unparse(ast.fix_missing_locations(_Shift().visit(_statements(code))))


def _statements(code: str) -> ast.Module:
    try:
        return ast.parse(f"r = ({ast.parse(code, mode='eval') and code})")
    except SyntaxError:
        return ast.parse(code)


class _Shift(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if type(node.value) is not int:
            return node
        return ast.BinOp(node, ast.Add(), ast.Name("zero", ast.Load()))

    def generic_visit(self, node: ast.AST) -> Any:
        return node if isinstance(node, ast.pattern) else super().generic_visit(node)
