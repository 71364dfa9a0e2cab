"""Conditions: expressions whose truth decides a jump, so that no True or False is ever made."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import CONDITIONS, Frame, lowers
from wc_engine.compile.boxed.lowering.expressions import COMPARE
from wc_engine.compile.boxed.lowering.loops import is_pair

__all__: list[str] = []


@lowers(CONDITIONS, ast.UnaryOp)
def negation(frame: Frame, node: ast.UnaryOp, yes: str, no: str) -> None:
    """``not a``."""
    if isinstance(node.op, ast.Not):
        frame.condition(node.operand, no, yes)
    else:
        frame.branch_on(frame.expression(node), yes, no)


@lowers(CONDITIONS, ast.BoolOp)
def boolean(frame: Frame, node: ast.BoolOp, yes: str, no: str) -> None:
    """``a and b``: short circuit."""
    for item in node.values[:-1]:
        following = frame.text.label("next")
        if isinstance(node.op, ast.And):
            frame.condition(item, following, no)
        else:
            frame.condition(item, yes, following)
        frame.text.place_open(following)
    frame.condition(node.values[-1], yes, no)


@lowers(CONDITIONS, ast.Compare)
def comparison(frame: Frame, node: ast.Compare, yes: str, no: str) -> None:
    """``a < b <= c``: each operand once, from left to right, until one fails."""
    text = frame.text
    if len(node.ops) == 1:
        if _pair(frame, node, yes, no):
            return
        left, right = frame.values([node.left, node.comparators[0]])
        _one(frame, node.ops[0], left, right, yes, no)
        return
    left = frame.expression(node.left)
    for place, (operator, operand) in enumerate(zip(node.ops, node.comparators, strict=True)):
        right = frame.expression(operand)
        following = yes if place == len(node.ops) - 1 else text.label("next")
        _one(frame, operator, left, right, following, no)
        if following is not yes:
            text.place_open(following)
        left = right


def _pair(frame: Frame, node: ast.Compare, yes: str, no: str) -> bool:
    """``(a, b) == c`` or ``c != (a, b)``: the tuple is made only where it is needed; False where this is neither."""
    function = {ast.Eq: "wcb_equals_pair", ast.NotEq: "wcb_differs_pair"}.get(type(node.ops[0]))
    left, right = node.left, node.comparators[0]
    if function is None:
        return False
    if isinstance(left, ast.Tuple) and is_pair(left):
        first, second, other = frame.values([*left.elts, right])
    elif isinstance(right, ast.Tuple) and is_pair(right):
        other, first, second = frame.values([left, *right.elts])
    else:
        return False
    parts = (
        f"i64 {first}",
        f"i64 {second}",
        f"i64 {other}",
        f"i32 {int(isinstance(left, ast.Tuple) and is_pair(left))}",
    )
    frame.branch_on_status(frame.text.call_status(function, *parts), yes, no)
    return True


def _one(frame: Frame, operator: ast.cmpop, left: str, right: str, yes: str, no: str) -> None:
    text = frame.text
    match operator:
        case ast.Is():
            text.branch(text.value(f"icmp eq i64 {left}, {right}"), yes, no)
        case ast.IsNot():
            text.branch(text.value(f"icmp ne i64 {left}, {right}"), yes, no)
        case ast.In():
            frame.branch_on_status(text.call_status("wcb_contains", f"i64 {right}", f"i64 {left}"), yes, no)
        case ast.NotIn():
            frame.branch_on_status(text.call_status("wcb_contains", f"i64 {right}", f"i64 {left}"), no, yes)
        case _:
            status = frame.helper_status(f"test.{COMPARE[type(operator)]}", left, right)
            frame.branch_on_status(status, yes, no)


@lowers(CONDITIONS, ast.Call)
def call(frame: Frame, node: ast.Call, yes: str, no: str) -> None:
    """``isinstance(a, b)`` without a value."""
    function = node.func
    plain = len(node.args) == 2 and not node.keywords and not any(isinstance(item, ast.Starred) for item in node.args)
    if (
        isinstance(function, ast.Name)
        and function.id == "isinstance"
        and plain
        and frame.links.is_builtin(frame, "isinstance")
    ):
        value, types = frame.values(node.args)
        frame.branch_on_status(frame.helper_status("isinstance", value, types), yes, no)
    else:
        frame.branch_on(frame.expression(node), yes, no)
