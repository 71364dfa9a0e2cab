"""Generators: a function that makes the generator object, and one that resumes it.

The variables live in the generator object. The resuming function jumps to where the last ``yield`` left off; an
exception that ``throw`` or ``close`` left pending is raised there.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from wc_engine.compile.boxed.frame import EXPRESSIONS, Frame, lowers, none_or
from wc_engine.compile.boxed.layout import (
    EXCEPTION,
    GENERATOR_FUNCTION,
    GENERATOR_RESULT,
    GENERATOR_SLOTS,
    GENERATOR_STATE,
    NONE,
)
from wc_engine.compile.boxed.lowering.comprehensions import run_through
from wc_engine.compile.boxed.lowering.functions import (
    begin_call,
    closure,
    direct_symbol,
    end_call,
    entry_symbol,
    entry_text,
    register,
)
from wc_engine.compile.boxed.scopes import FunctionNode, Scope, all_parameters
from wc_engine.compile.boxed.text import FunctionText

__all__ = ["end_generator", "generator_function"]

_FINISHED = -1


class _GeneratorText(FunctionText):
    """As ``FunctionText``, with the slots inside the generator object."""

    def slot(self, name: str, initial: str | None = "0") -> str:
        if name not in self.slots:
            address = f'%"{name}.slot"'
            offset = GENERATOR_SLOTS + 8 * len(self.slots)
            self.slots[name] = address
            self.entry.append(f"  {address} = getelementptr i8, ptr %generator, i64 {offset}")
        return self.slots[name]


def generator_function(frame: Frame, node: FunctionNode, scope: Scope) -> None:
    """Lower a function that yields."""
    names = [parameter.arg for parameter in all_parameters(node.args)]

    def body(inner: Frame) -> None:
        if isinstance(node, ast.Lambda):
            end_generator(inner, inner.expression(node.body))
        else:
            inner.statements(node.body)

    _generator(frame, node, scope, names, body)


@lowers(EXPRESSIONS, ast.GeneratorExp)
def generator_expression(frame: Frame, node: ast.GeneratorExp) -> str:
    """``(f(x) for x in y)`` as an object: a function of the first iterator, called at once."""
    text = frame.text
    first = text.call("wcb_iter", f"i64 {frame.expression(node.generators[0].iter)}")
    slot = frame.hidden("first")
    text.store(first, slot)
    scope = frame.scope.children[node]
    info = frame.tables.compiled.get(node)
    if info is None:
        parameters = ast.arguments([], [ast.arg(".0")], None, [], [], None, [])
        info = register(frame, "<genexpr>", parameters, entry_symbol(frame, node))
        frame.tables.compiled[node] = info

        def body(inner: Frame) -> None:
            def visit() -> None:
                _yield(inner, inner.expression(node.elt))

            run_through(inner, node, inner.text.load(inner.text.slot(".0")), visit)

        _generator(frame, node, scope, [".0"], body)
    function = closure(frame, info, scope)
    direct = direct_symbol(frame, node)
    return text.call(direct, f"ptr {text.pointer(function)}", f"i64 {text.load(slot)}", hint="generator")


def _generator(
    frame: Frame, node: FunctionNode | ast.GeneratorExp, scope: Scope, names: list[str], body: Callable[[Frame], None]
) -> None:
    resume = direct_symbol(frame, node)[:-1] + '.resume"'
    text = _GeneratorText(f"define internal i64 @{resume}(ptr %ctx, ptr %generator, i64 %sent)")
    inner = Frame(frame.tables, frame.links, frame.module, scope, text, generator=True)
    inner.begin()
    text.entry.append(f"  %self.at = getelementptr i8, ptr %generator, i64 {GENERATOR_FUNCTION}")
    text.entry.append("  %self.word = load i64, ptr %self.at")
    text.entry.append("  %self = inttoptr i64 %self.word to ptr")
    text.entry.append(f"  %state.at = getelementptr i8, ptr %generator, i64 {GENERATOR_STATE}")
    for name in names:
        text.slot(name)
    begin_call(inner)
    text.end("br label %resume")
    text.place_open("start")
    for variable in scope.variables.values():
        if variable.is_cell:
            initial = text.load(text.slot(variable.unique)) if variable.name in names else "0"
            inner.new_cell(variable, initial)
    body(inner)
    end_generator(inner, NONE)
    _finish(inner)
    tables = frame.tables
    tables.functions.append(text.text())
    tables.functions.append(_creator(direct_symbol(frame, node), resume, names, len(text.slots)))
    tables.functions.append(entry_text(entry_symbol(frame, node), direct_symbol(frame, node), len(names)))


def _finish(frame: Frame) -> None:
    text = frame.text
    text.place_open("resume")
    state = text.value("load i32, ptr %state.at")
    cases = " ".join(f"i32 {place + 1}, label %{label}" for place, label in enumerate(frame.resume_labels))
    text.end(f"switch i32 {state}, label %start [{cases}]")
    frame.place_unbound()
    text.place_open("fail")
    text.value("call i64 @wcb_generator_failed(ptr %ctx)")
    text.line(f"store i32 {_FINISHED}, ptr %state.at")
    end_call(frame, "0")


def _creator(symbol: str, resume: str, names: list[str], num_slots: int) -> str:
    places = "".join(f", i64 %arg{place}" for place in range(len(names)))
    lines = [
        f"define internal i64 @{symbol}(ptr %ctx, ptr %self{places}) {{",
        f"  %made = call i64 @wcb_new_generator(ptr %ctx, ptr %self, ptr @{resume}, i32 {num_slots})",
        "  %failed = icmp eq i64 %made, 0",
        "  br i1 %failed, label %leave, label %fill",
        "fill:",
        "  %generator = inttoptr i64 %made to ptr",
    ]
    for place in range(len(names)):
        lines.append(f"  %at{place} = getelementptr i8, ptr %generator, i64 {GENERATOR_SLOTS + 8 * place}")
        lines.append(f"  store i64 %arg{place}, ptr %at{place}")
    return "\n".join([*lines, "  br label %leave", "leave:", "  ret i64 %made", "}", ""])


def end_generator(frame: Frame, value: str) -> None:
    """``return`` in a generator."""
    text = frame.text
    if text.reachable:
        text.store(value, text.field("%generator", GENERATOR_RESULT))
        text.line(f"store i32 {_FINISHED}, ptr %state.at")
        end_call(frame, "0")


@lowers(EXPRESSIONS, ast.Yield)
def yield_(frame: Frame, node: ast.Yield) -> str:
    """``yield a``: the value of the expression is what send() gave."""
    if not frame.generator:
        frame.tables.unsupported(node, "a yield inside a comprehension is not Python")
    return _yield(frame, none_or(frame, node.value))


def _yield(frame: Frame, value: str) -> str:
    text = frame.text
    _suspend(frame, value)
    pending = text.load(text.field("%ctx", EXCEPTION))
    text.jump_unlikely(text.value(f"icmp ne i64 {pending}, 0"), text.handler)
    return "%sent"


def _suspend(frame: Frame, value: str) -> None:
    text = frame.text
    label = text.label("resumed")
    frame.resume_labels.append(label)
    text.line(f"store i32 {len(frame.resume_labels)}, ptr %state.at")
    end_call(frame, value)
    text.place_open(label)


@lowers(EXPRESSIONS, ast.YieldFrom)
def yield_from(frame: Frame, node: ast.YieldFrom) -> str:
    """``yield from a``: values and exceptions that are sent in go to the inner iterator."""
    text = frame.text
    iterator, sent, result = frame.hidden("delegate"), frame.hidden("sent"), frame.hidden("result")
    text.store(text.call("wcb_iter", f"i64 {frame.expression(node.value)}"), iterator)
    text.store(NONE, sent)
    text.store(NONE, result)
    head, done = text.label("delegate"), text.label("delegated")
    text.place(head)
    step = f"call i64 @wcb_yield_from(ptr %ctx, i64 {text.load(iterator)}, i64 {text.load(sent)}, ptr {result})"
    value = text.value(step)
    ended, go_on = text.label("ended"), text.label("pass")
    text.branch(text.value(f"icmp eq i64 {value}, 0"), ended, go_on)
    text.place_open(ended)
    pending = text.load(text.field("%ctx", EXCEPTION))
    text.branch(text.value(f"icmp eq i64 {pending}, 0"), done, text.handler)
    text.place_open(go_on)
    _suspend(frame, value)
    text.store("%sent", sent)
    text.jump(head)
    text.place_open(done)
    return text.load(result)
