"""Control flow, and statements that do next to nothing."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import STATEMENTS, Frame, Loop, lowers
from wc_engine.compile.boxed.lowering.loops import begin_loop, burn_fuel
from wc_engine.compile.boxed.lowering.sieves import sieve_of
from wc_engine.compile.boxed.lowering.targets import assign_next

__all__: list[str] = []


@lowers(STATEMENTS, ast.Expr)
def expression(frame: Frame, node: ast.Expr) -> None:
    """An expression for its effect."""
    if not isinstance(node.value, ast.Constant):
        frame.expression(node.value)


@lowers(STATEMENTS, ast.Pass, ast.Global, ast.Nonlocal)
def nothing(frame: Frame, node: ast.stmt) -> None:
    """What scopes have dealt with already."""


@lowers(STATEMENTS, ast.If)
def if_(frame: Frame, node: ast.If) -> None:
    """``if``."""
    text = frame.text
    yes, no, done = text.label("then"), text.label("else"), text.label("endif")
    frame.condition(node.test, yes, no)
    for label, body in ((yes, node.body), (no, node.orelse)):
        text.place_open(label)
        frame.statements(body)
        if text.reachable:
            text.jump(done)
    text.place_open(done)


@lowers(STATEMENTS, ast.While)
def while_(frame: Frame, node: ast.While) -> None:
    """``while``, with ``else``."""
    text = frame.text
    head, body, ended, done = (text.label(hint) for hint in ("while", "do", "ended", "done"))
    text.place(head)
    burn_fuel(frame)
    frame.condition(node.test, body, ended)
    text.place_open(body)
    _loop_body(frame, node.body, done, head)
    text.place_open(ended)
    frame.statements(node.orelse)
    text.place(done)


@lowers(STATEMENTS, ast.For)
def for_(frame: Frame, node: ast.For) -> None:
    """``for``, with ``else``."""
    text = frame.text
    iterator = begin_loop(frame, frame.expression(node.iter))
    head, ended, done = (text.label(hint) for hint in ("for", "ended", "done"))
    sieve = sieve_of(frame, node.target, _conditions(node.body), survives=True)
    assign_next(frame, node.target, iterator, head, ended, sieve)
    _loop_body(frame, node.body, done, head)
    text.place_open(ended)
    frame.statements(node.orelse)
    text.place(done)


def _conditions(body: list[ast.stmt]) -> list[ast.expr]:
    """What has to hold of an element for which the body of a loop does anything."""
    conditions: list[ast.expr] = []
    for statement in body:
        match statement:
            case ast.If(test=test, body=[ast.Continue()], orelse=[]):
                conditions.append(ast.copy_location(ast.UnaryOp(ast.Not(), test), test))
            case ast.If(test=test, orelse=[]) if statement is body[-1]:
                return [*conditions, test]
            case _:
                return conditions
    return conditions


def _loop_body(frame: Frame, body: list[ast.stmt], on_break: str, on_continue: str) -> None:
    frame.loops.append(Loop(on_break, on_continue, len(frame.cleanups)))
    frame.statements(body)
    frame.loops.pop()
    if frame.text.reachable:
        frame.text.jump(on_continue)


@lowers(STATEMENTS, ast.Break)
def break_(frame: Frame, node: ast.Break) -> None:
    """``break``."""
    loop = frame.loops[-1]
    frame.leave_to(loop.depth, loop.on_break)


@lowers(STATEMENTS, ast.Continue)
def continue_(frame: Frame, node: ast.Continue) -> None:
    """``continue``."""
    loop = frame.loops[-1]
    frame.leave_to(loop.depth, loop.on_continue)


@lowers(STATEMENTS, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith)
def asynchronous(frame: Frame, node: ast.stmt) -> None:
    """Coroutines have no place in a world model."""
    frame.tables.unsupported(node, "coroutines are not translated; use a plain function")
