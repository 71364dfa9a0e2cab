"""Comprehensions, and generator expressions that a builtin consumes at once: loops in the frame around them."""

from __future__ import annotations

import ast
from collections.abc import Callable

from wc_engine.compile.boxed.frame import EXPRESSIONS, Frame, lowers
from wc_engine.compile.boxed.layout import FALSE, NONE, TRUE
from wc_engine.compile.boxed.lowering.expressions import binary
from wc_engine.compile.boxed.lowering.loops import begin_loop, end_step
from wc_engine.compile.boxed.lowering.sieves import sieve_of
from wc_engine.compile.boxed.lowering.targets import assign_next
from wc_engine.compile.boxed.scopes import Comprehension

__all__ = ["consume", "run_through"]


def run_through(
    frame: Frame, node: Comprehension, first: str, visit: Callable[[], None], wanted: ast.expr | None = None
) -> None:
    """Lower the loops and conditions of a comprehension around ``visit``.

    Args:
        frame: where.
        node: the comprehension, a child of the present scope unless it is the frame's own.
        first: the value of the first iterable.
        visit: lowers what is done with each element, in the comprehension's scope.
        wanted: a condition: the visit of an element has no effect where it is false.
    """
    outer = frame.scope
    if outer.node is not node:
        frame.scope = outer.children[node]
    for variable in frame.scope.variables.values():
        if variable.is_cell:
            frame.new_cell(variable)
        elif frame.scope is not frame.scope.frame:
            frame.text.store("0", frame.text.slot(variable.unique))
    _loops(frame, node.generators, first, visit, wanted)
    frame.scope = outer


def _loops(
    frame: Frame,
    generators: list[ast.comprehension],
    first: str | None,
    visit: Callable[[], None],
    wanted: ast.expr | None,
) -> None:
    text = frame.text
    generator = generators[0]
    if generator.is_async:
        frame.tables.unsupported(generator.target, "asynchronous comprehensions are not translated")
    iterable = frame.expression(generator.iter) if first is None else first
    iterator = begin_loop(frame, iterable)
    head, done = text.label("each"), text.label("through")
    innermost = len(generators) == 1
    conditions = [*generator.ifs, wanted] if innermost and wanted is not None else generator.ifs
    assign_next(frame, generator.target, iterator, head, done, sieve_of(frame, generator.target, conditions))
    for condition in generator.ifs:
        holds = text.label("holds")
        frame.condition(condition, holds, head)
        text.place_open(holds)
    if innermost:
        visit()
    else:
        _loops(frame, generators[1:], None, visit, wanted)
    end_step(frame, head)
    text.place_open(done)


@lowers(EXPRESSIONS, ast.ListComp)
def list_comprehension(frame: Frame, node: ast.ListComp) -> str:
    """``[f(x) for x in y]``."""
    return _collect(frame, node, node.elt, "wcb_new_list", "wcb_list_append")


@lowers(EXPRESSIONS, ast.SetComp)
def set_comprehension(frame: Frame, node: ast.SetComp) -> str:
    """``{f(x) for x in y}``: each element is hashed when it is made."""
    return _collect(frame, node, node.elt, "wcb_new_set", "wcb_set_add")


def _collect(frame: Frame, node: Comprehension, element: ast.expr, make: str, add: str) -> str:
    text = frame.text
    first = frame.expression(node.generators[0].iter)
    if make == "wcb_new_set":
        result = text.call("wcb_new_set_for", f"i64 {first}", hint="all")
    else:
        plain = len(node.generators) == 1 and not node.generators[0].ifs
        like = first if plain else NONE
        result = text.call("wcb_new_list_for", f"i64 {like}", hint="all")

    def visit() -> None:
        item = frame.expression(element)
        if add == "wcb_list_append":
            frame.helper_status("push", result, item)
        else:
            text.call_status(add, f"i64 {result}", f"i64 {item}")

    run_through(frame, node, first, visit)
    return result


@lowers(EXPRESSIONS, ast.DictComp)
def dict_comprehension(frame: Frame, node: ast.DictComp) -> str:
    """``{k: v for x in y}``."""
    text = frame.text
    first = frame.expression(node.generators[0].iter)
    result = text.call("wcb_new_dict", "i64 0", "ptr null", hint="all")

    def visit() -> None:
        key, value = frame.expression(node.key), frame.expression(node.value)
        text.call_status("wcb_dict_set", f"i64 {result}", f"i64 {key}", f"i64 {value}")

    run_through(frame, node, first, visit)
    return result


def consume(frame: Frame, node: ast.Call) -> str:
    """A builtin, or ``join``, over a generator expression that no one else sees."""
    text = frame.text
    generator = node.args[0]
    assert isinstance(generator, ast.GeneratorExp)
    if isinstance(node.func, ast.Attribute):
        separator = frame.expression(node.func.value)
        items = _guarded(frame, lambda: _collect(frame, generator, generator.elt, "wcb_new_list", "wcb_list_append"))
        row = text.arguments([items])
        name = frame.tables.name(node.func.attr)
        return text.call("wcb_call_method_row", f"i64 {separator}, i32 {name}, i32 1", "i32 0", f"ptr {row}")
    assert isinstance(node.func, ast.Name)
    name_ = node.func.id
    simple = len(node.args) == 1 and not node.keywords
    if name_ in ("any", "all") and simple:
        return _guarded(frame, lambda: _decide(frame, generator, name_ == "any"))
    if name_ == "sum" and simple:
        return _guarded(frame, lambda: _sum(frame, generator))
    if name_ in ("max", "min") and simple:
        return _extreme(frame, generator, name_)
    if name_ == "set" and simple:
        return _guarded(frame, lambda: _collect(frame, generator, generator.elt, "wcb_new_set", "wcb_set_add"))
    if name_ == "list" and simple:
        return _guarded(frame, lambda: _collect(frame, generator, generator.elt, "wcb_new_list", "wcb_list_append"))
    if name_ == "next" and len(node.args) <= 2 and not node.keywords and not isinstance(node.args[-1], ast.Starred):
        return _next(frame, node, generator)
    items = _guarded(frame, lambda: _collect(frame, generator, generator.elt, "wcb_new_list", "wcb_list_append"))
    return _call_with(frame, node, name_, items)


def _call_with(frame: Frame, node: ast.Call, name: str, items: str) -> str:
    text = frame.text
    if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
        frame.tables.unsupported(node, "a generator expression beside * or ** arguments is not translated")
    slot = frame.hidden("items")
    text.store(items, slot)
    others = frame.values([*node.args[1:], *(item.value for item in node.keywords)])
    keywords = [frame.constant(str(item.arg)) for item in node.keywords]
    row = text.arguments([text.load(slot), *others, *keywords])
    counts = (f"i32 {len(node.args)}", f"i32 {len(keywords)}")
    number = frame.tables.runtime.builtins.get(name)
    if number is not None:
        return text.call("wcb_call_builtin_row", f"i32 {number}", *counts, f"ptr {row}")
    return text.call("wcb_call_row", f"i64 {frame.links.builtin_value(frame, name)}", *counts, f"ptr {row}")


def _guarded(frame: Frame, lower: Callable[[], str]) -> str:
    """Lower the body of a generator: a StopIteration that leaves it is a RuntimeError."""
    text = frame.text
    outside, failed = text.handler, text.label("failed")
    with text.handling(failed):
        value = lower()
    done = text.label("consumed")
    text.jump(done)
    text.place_open(failed)
    text.value("call i64 @wcb_generator_failed(ptr %ctx)")
    text.jump(outside)
    text.place_open(done)
    return value


def _decide(frame: Frame, node: ast.GeneratorExp, wanted: bool) -> str:
    text = frame.text
    slot = frame.hidden("decision")
    first = frame.expression(node.generators[0].iter)
    text.store(FALSE if wanted else TRUE, slot)
    found, done = text.label("found"), text.label("searched")

    def visit() -> None:
        following = text.label("more")
        frame.condition(node.elt, *((found, following) if wanted else (following, found)))
        text.place_open(following)

    condition = node.elt if wanted else ast.copy_location(ast.UnaryOp(ast.Not(), node.elt), node.elt)
    run_through(frame, node, first, visit, condition)
    text.jump(done)
    text.place_open(found)
    text.store(TRUE if wanted else FALSE, slot)
    text.place(done)
    return text.load(slot)


def _sum(frame: Frame, node: ast.GeneratorExp) -> str:
    slot = frame.hidden("sum")
    first = frame.expression(node.generators[0].iter)
    frame.text.store("1", slot)

    def visit() -> None:
        element = frame.expression(node.elt)
        frame.text.store(binary(frame, "add", frame.text.load(slot), element), slot)

    run_through(frame, node, first, visit)
    return frame.text.load(slot)


def _extreme(frame: Frame, node: ast.GeneratorExp, name: str) -> str:
    """``max`` or ``min`` of what a generator gives: of equal ones the first."""
    text = frame.text
    slot = frame.hidden("extreme")
    outside = text.handler
    text.store("0", slot)

    def visit() -> None:
        item = frame.expression(node.elt)
        better, following = text.label("better"), text.label("more")
        best = text.load(slot)
        compare = text.label("compare")
        text.branch(text.value(f"icmp eq i64 {best}, 0"), better, compare)
        text.place_open(compare)
        with text.handling(outside):  # comparing is no longer the generator's doing
            frame.branch_on_status(
                frame.helper_status("test.gt" if name == "max" else "test.lt", item, best), better, following
            )
        text.place_open(better)
        text.store(item, slot)
        text.place(following)

    def search() -> str:
        run_through(frame, node, frame.expression(node.generators[0].iter), visit)
        return ""

    _guarded(frame, search)
    empty, done = text.label("empty"), text.label("chosen")
    text.branch(text.value(f"icmp eq i64 {text.load(slot)}, 0"), empty, done)
    text.place_open(empty)
    nothing = text.call("wcb_new_list", "i64 0", "ptr null")
    number = frame.tables.runtime.builtins[name]
    text.call("wcb_call_builtin_row", f"i32 {number}", "i32 1", "i32 0", f"ptr {text.arguments([nothing])}")
    text.place(done)
    return text.load(slot)


def _next(frame: Frame, node: ast.Call, generator: ast.GeneratorExp) -> str:
    text = frame.text
    slot = frame.hidden("next")
    found = text.label("found")

    def search() -> str:
        first = frame.expression(generator.generators[0].iter)
        if len(node.args) == 2:  # evaluated before the generator runs
            text.store(frame.expression(node.args[1]), slot)

        def visit() -> None:
            text.store(frame.expression(generator.elt), slot)
            text.jump(found)

        run_through(frame, generator, first, visit)
        return ""

    _guarded(frame, search)
    if len(node.args) == 1:
        text.call_raising("wcb_raise_stop")
    text.place(found)
    return text.load(slot)
