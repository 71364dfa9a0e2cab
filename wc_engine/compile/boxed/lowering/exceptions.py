"""raise, assert, try: handlers are blocks, and what has to run on every way out is a cleanup."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import STATEMENTS, Cleanup, Frame, lowers
from wc_engine.compile.boxed.layout import EXCEPTION, HANDLED, STATUS

__all__: list[str] = []


@lowers(STATEMENTS, ast.Raise)
def raise_(frame: Frame, node: ast.Raise) -> None:
    """``raise a from b``."""
    if node.exc is None:
        frame.text.call_raising("wcb_reraise")
        return
    values = frame.values([node.exc] if node.cause is None else [node.exc, node.cause])
    cause = values[1] if len(values) == 2 else "0"
    frame.text.call_raising("wcb_raise_value", f"i64 {values[0]}", f"i64 {cause}")


@lowers(STATEMENTS, ast.Assert)
def assert_(frame: Frame, node: ast.Assert) -> None:
    """``assert a, b``."""
    text = frame.text
    holds, broken = text.label("holds"), text.label("broken")
    frame.condition(node.test, holds, broken)
    text.place_open(broken)
    message = "0" if node.msg is None else frame.expression(node.msg)
    text.call_raising("wcb_assertion", f"i64 {message}")
    text.place_open(holds)


@lowers(STATEMENTS, ast.Try)
def try_(frame: Frame, node: ast.Try) -> None:
    """``try``: with ``finally`` around the rest."""
    if not node.finalbody:
        _try_except(frame, node)
        return
    text = frame.text
    outside, failed, done = text.handler, text.label("finally"), text.label("finished")
    frame.cleanups.append(Cleanup(lambda: frame.statements(node.finalbody), outside))
    with text.handling(failed):
        if node.handlers:
            _try_except(frame, node)
        else:
            frame.statements(node.body)
    frame.cleanups.pop()
    if text.reachable:
        frame.statements(node.finalbody)
        text.jump(done)
    text.place_open(failed)
    saved = _take_exception(frame, outside)
    with _Handled(frame, saved, outside):
        frame.statements(node.finalbody)
    if text.reachable:
        text.store(text.load(saved), text.field("%ctx", EXCEPTION))
        text.jump(outside)
    text.place_open(done)


def _take_exception(frame: Frame, outside: str) -> str:
    """Take the pending exception into a slot; a limit goes on unwinding."""
    text = frame.text
    status = text.value(f"load i32, ptr {text.field('%ctx', STATUS)}")
    text.jump_unlikely(text.value(f"icmp ne i32 {status}, 0"), outside)
    saved = frame.hidden("exception")
    pending = text.field("%ctx", EXCEPTION)
    text.store(text.load(pending), saved)
    text.store("0", pending)
    return saved


class _Handled:
    """While an exception is handled: it is what a bare ``raise`` raises; on every way out the outer one is again."""

    def __init__(self, frame: Frame, saved: str, outside: str, name: str | None = None) -> None:
        self.frame, self.outside, self.name = frame, outside, name
        text = frame.text
        self.outer = frame.hidden("handled")
        address = text.field("%ctx", HANDLED)
        text.store(text.load(address), self.outer)
        text.store(text.load(saved), address)
        self.failed = text.label("unhandled")

    def __enter__(self) -> None:
        self.frame.cleanups.append(Cleanup(self.restore, self.outside))
        self._handling = self.frame.text.handling(self.failed)
        self._handling.__enter__()

    def __exit__(self, *error: object) -> None:
        self._handling.__exit__(None, None, None)
        if error[0] is not None:
            return
        text = self.frame.text
        self.frame.cleanups.pop()
        done = text.label("handled")
        if text.reachable:
            self.restore()
            text.jump(done)
        text.place_open(self.failed)
        self.restore()
        text.jump(self.outside)
        text.place_open(done)

    def restore(self) -> None:
        """Make the outer exception the handled one again; the name of the handler is unbound."""
        text = self.frame.text
        text.store(text.load(self.outer), text.field("%ctx", HANDLED))
        if self.name is not None:
            _unbind(self.frame, self.name)


def _unbind(frame: Frame, name: str) -> None:
    if frame.scope.is_class:
        assert frame.namespace is not None
        namespace = frame.text.load(frame.namespace)
        frame.text.call_status("wcb_dict_delete", f"i64 {namespace}", f"i64 {frame.constant(name)}")
    else:
        frame.store_name(name, "0")


def _try_except(frame: Frame, node: ast.Try) -> None:
    text = frame.text
    outside, failed, done = text.handler, text.label("except"), text.label("tried")
    with text.handling(failed):
        frame.statements(node.body)
    if text.reachable:
        frame.statements(node.orelse)
        if text.reachable:
            text.jump(done)
    text.place_open(failed)
    saved = _take_exception(frame, outside)
    for handler in node.handlers:
        following = text.label("handler")
        if handler.type is not None:
            _match(frame, handler.type, saved, following)
        with _Handled(frame, saved, outside, handler.name):
            if handler.name is not None:
                frame.store_name(handler.name, text.load(saved))
            frame.statements(handler.body)
        if text.reachable:
            text.jump(done)
        text.place_open(following)
    # No handler took it.
    text.store(text.load(saved), text.field("%ctx", EXCEPTION))
    text.jump(outside)
    text.place_open(done)


def _match(frame: Frame, types: ast.expr, saved: str, following: str) -> None:
    text = frame.text
    wanted = frame.expression(types)
    status = text.call_status("wcb_match_exception", f"i64 {text.load(saved)}", f"i64 {wanted}")
    body = text.label("handle")
    text.branch(text.truth_of_status(status), body, following)
    text.place_open(body)


@lowers(STATEMENTS, ast.TryStar)
def try_star(frame: Frame, node: ast.TryStar) -> None:
    """``except*`` needs exception groups."""
    frame.tables.unsupported(node, "except* is not translated; use except")
