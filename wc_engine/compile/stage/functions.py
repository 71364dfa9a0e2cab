"""Functions: closures, binding arguments, and calls, which are followed in place."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from wc_engine.compile.stage.comprehensions import GeneratorQuery
from wc_engine.compile.stage.fresh_lists import as_one_list
from wc_engine.compile.stage.values import NONE, UNBOUND, Closure, Frame, TupleValue, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.fresh_lists import as_one_list
    from wc_engine.compile.stage.machine import Machine
from wc_engine.compile.stage.paths import BlockHandle

__all__ = ["call_closure", "is_generator", "local_names", "make_closure", "run_generator"]

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@lru_cache(maxsize=1024)
def _own_nodes(root: ast.AST) -> tuple[ast.AST, ...]:
    """The nodes of a function's body that belong to its own scope."""
    result: list[ast.AST] = []
    pending = list(ast.iter_child_nodes(root))
    while pending:
        node = pending.pop()
        result.append(node)
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, _COMPREHENSIONS):
            # The first iterable belongs to this scope, and so do the targets of := inside.
            pending.append(node.generators[0].iter)
            result += [inner for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)]
            continue
        pending += ast.iter_child_nodes(node)
    return tuple(result)


@lru_cache(maxsize=1024)
def local_names(node: ast.AST) -> tuple[str, ...]:
    """Return the names that a function, comprehension or module binds in its own scope."""
    names: dict[str, None] = {}
    if isinstance(node, _COMPREHENSIONS):
        for clause in node.generators:
            for inner in ast.walk(clause.target):
                if isinstance(inner, ast.Name):
                    names[inner.id] = None
        return tuple(names)
    outside: set[str] = set()
    for inner in _own_nodes(node):
        if isinstance(inner, (ast.Global, ast.Nonlocal)):
            outside |= set(inner.names)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, (ast.Store, ast.Del)):
            names[inner.id] = None
        elif isinstance(inner, ast.NamedExpr):
            names[inner.target.id] = None
        elif isinstance(inner, (ast.FunctionDef, ast.ClassDef)):
            names[inner.name] = None
        elif isinstance(inner, ast.ExceptHandler):
            if inner.name is not None:
                names[inner.name] = None
        elif isinstance(inner, (ast.Import, ast.ImportFrom)):
            for alias in inner.names:
                names[alias.asname or alias.name.split(".")[0]] = None
        elif isinstance(inner, (ast.MatchAs, ast.MatchStar)) and inner.name is not None:
            names[inner.name] = None
        elif isinstance(inner, ast.MatchMapping) and inner.rest:
            names[inner.rest] = None
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        for argument in _arguments(node.args):
            names[argument.arg] = None
    return tuple(name for name in names if name not in outside)


def _arguments(spec: ast.arguments) -> list[ast.arg]:
    extra = [argument for argument in (spec.vararg, spec.kwarg) if argument is not None]
    return [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *extra]


@lru_cache(maxsize=1024)
def is_generator(node: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether a function yields."""
    return any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in _own_nodes(node))


def make_closure(m: Machine, node: ast.FunctionDef | ast.Lambda, frame: Frame) -> Closure:
    """Return the function that a definition makes, its defaults evaluated now."""
    defaults = tuple(m.evaluate(default, frame) for default in node.args.defaults)
    keyword_defaults = tuple(
        (argument.arg, m.evaluate(default, frame))
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is not None
    )
    name = node.name if isinstance(node, ast.FunctionDef) else "<lambda>"
    return Closure(node, frame.methods or frame, defaults, keyword_defaults, name)


def _bind(m: Machine, closure: Closure, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> dict[str, Value]:
    spec = closure.node.args
    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    bound = dict(zip(names, arguments, strict=False))
    rest = arguments[len(names) :]
    if spec.vararg is not None:
        bound[spec.vararg.arg] = TupleValue(rest)
    elif rest:
        m.raise_named("TypeError")
    known = {*names[len(spec.posonlyargs) :], *(argument.arg for argument in spec.kwonlyargs)}
    extra: dict[str, Value] = {}
    for name, value in keywords.items():
        if name in known and name not in bound:
            bound[name] = value
        elif spec.kwarg is not None and name not in bound:
            extra[name] = value
        else:
            m.raise_named("TypeError")
    if spec.kwarg is not None:
        from wc_engine.compile.stage.dicts import new_dict
        from wc_engine.compile.stage.values import Const

        bound[spec.kwarg.arg] = new_dict(m, [(Const(name), value) for name, value in extra.items()])
    for name, value in zip(names[len(names) - len(closure.defaults) :], closure.defaults, strict=True):
        bound.setdefault(name, value)
    for name, value in closure.keyword_defaults:
        bound.setdefault(name, value)
    if any(argument.arg not in bound for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)):
        m.raise_named("TypeError")
    return bound


def call_closure(m: Machine, closure: Closure, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """Follow a call in place and return what it returns."""
    if m.depth >= m.limits.call_depth:
        m.unsupported(f"calls of {closure.name} are nested too deeply to be followed")
    last = len(m.source_lines)
    if closure.node.lineno > last >= getattr(m.node, "lineno", 0):
        m.caller = m.node
    bound = _bind(m, closure, arguments, keywords)
    if is_generator(closure.node):
        return m.iterator(GeneratorQuery(closure, tuple(bound.items())), "generator")
    start = m.names
    frame = _new_frame(m, closure, bound)

    def run(handle: BlockHandle) -> Value:
        with m.in_context(m.context.inside(handle)):
            if isinstance(closure.node, ast.Lambda):
                return m.evaluate(closure.node.body, frame)
            m.execute(closure.node.body, frame)
        return NONE

    m.depth += 1
    outer, context = m.node, m.context
    try:
        value = m.block("call", run)
    finally:
        m.depth -= 1
        m.node, m.context = outer, context
        if _captured(closure.node):
            m.lasting_cells.update(frame.cells.values())
        else:
            for cell in frame.cells.values():
                m.store.cells.pop(cell, None)
    return as_one_list(m, value, start)


def _new_frame(m: Machine, closure: Closure, bound: dict[str, Value]) -> Frame:
    first = next((item.arg for item in (*closure.node.args.posonlyargs, *closure.node.args.args)), None)
    cells = {name: m.new_cell(UNBOUND) for name in local_names(closure.node)}
    frame = Frame(cells, closure.frame, closure.name, first=first)
    for name, value in bound.items():
        m.store.cells[frame.cells[name]] = value
    return frame


def run_generator(m: Machine, closure: Closure, bound: dict[str, Value], body: Callable[[Value], None]) -> None:
    """Follow a generator's body; every ``yield`` runs the consumer's code in the consumer's context."""
    assert isinstance(closure.node, ast.FunctionDef)
    frame = _new_frame(m, closure, bound)
    consumer = m.context

    def deliver(value: Value) -> None:
        with m.in_context(consumer):
            body(value)

    def run(handle: BlockHandle) -> Value:
        with m.in_context(m.context.inside(handle, deliver)):
            m.execute(closure.node.body, frame)  # type: ignore[arg-type]
        return NONE

    m.depth += 1
    try:
        m.block("generator", run)
    finally:
        m.depth -= 1
        m.context = consumer


@lru_cache(maxsize=1024)
def _captured(node: ast.AST) -> bool:
    """Whether something made in a function may outlive the call and read its variables.

    A list that is not computed yet does not: it reads copies (``freezing.py``).
    """
    return any(
        isinstance(inner, (ast.Lambda, ast.FunctionDef, ast.GeneratorExp))
        for inner in ast.walk(node)
        if inner is not node
    )
