"""Statements: following them path by path."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Comment
from wc_engine.compile.stage import dicts
from wc_engine.compile.stage.associations import add_to_group
from wc_engine.compile.stage.attributes import delete_attribute_of, set_attribute_of
from wc_engine.compile.stage.collections import iterable, site_of
from wc_engine.compile.stage.comprehensions import ComprehensionQuery, MapQuery
from wc_engine.compile.stage.exceptions import EXCEPTION_STATEMENTS
from wc_engine.compile.stage.expressions import BINARY_OPERATORS, binary, find_cell
from wc_engine.compile.stage.functions import make_closure
from wc_engine.compile.stage.heap_objects import DEQUE, AssociationObject, DictObject, SeqObject
from wc_engine.compile.stage.laziness import inspect_query, lazy
from wc_engine.compile.stage.loop_statements import LOOP_STATEMENTS
from wc_engine.compile.stage.methods import call_method
from wc_engine.compile.stage.ordering import order
from wc_engine.compile.stage.protocols import in_place
from wc_engine.compile.stage.queries import Query, items_query, known_items
from wc_engine.compile.stage.sets import as_set
from wc_engine.compile.stage.subscripts import delete_item, get_item, set_item
from wc_engine.compile.stage.values import NONE, UNBOUND, Builtin, Const, Frame, QueryValue, Ref, Union, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = ["assign", "execute"]

_AUGMENTED_METHODS = {"add": "extend", "or_": "update"}


def execute(m: Machine, body: list[ast.stmt], frame: Frame) -> None:
    """Follow a list of statements."""
    for node in body:
        m.node = node
        handler = _HANDLERS.get(type(node))
        if handler is None:
            m.unsupported(f"{type(node).__name__} statements are not translated yet")
        silent = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
        if frame.methods is None and not isinstance(node, silent) and node.lineno <= len(m.source_lines):
            m.comment(Comment(f"{node.lineno}: {m.source_lines[node.lineno - 1].strip()}"))
        handler(m, node, frame)


# ---- assignment --------------------


def assign(m: Machine, target: ast.expr, value: Value, frame: Frame) -> None:
    """``target = value`` for names, attributes, items and patterns of them."""
    if isinstance(target, ast.Name):
        cell = find_cell(frame, target.id)
        if cell is None:
            m.unsupported(f"the name {target.id} cannot be assigned here", target)
        m.store.cells[cell] = value
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(m, target.elts, value, frame)
    elif isinstance(target, ast.Attribute):
        set_attribute_of(m, m.evaluate(target.value, frame), target.attr, value)
    elif isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
        set_item(m, m.evaluate(target.value, frame), m.evaluate(target.slice, frame), value)
    else:
        m.unsupported("this target of an assignment is not translated yet", target)


def _unpack(m: Machine, targets: list[ast.expr], value: Value, frame: Frame) -> None:
    if isinstance(value, Union):
        from wc_engine.compile.stage.values import NONE

        def each(option: Value) -> Value:
            _unpack(m, targets, option, frame)
            return NONE

        m.dispatch(value, each)
        return
    starred = [place for place, target in enumerate(targets) if isinstance(target, ast.Starred)]
    if starred and known_items(iterable(m, value)) is None:
        _unpack_rest(m, targets, starred[0], value, frame)
        return
    items = _exactly(m, value, targets)
    if not starred:
        if len(items) != len(targets):
            m.raise_named("ValueError")
        for target, item in zip(targets, items, strict=True):
            assign(m, target, item, frame)
        return
    before, after = starred[0], len(targets) - starred[0] - 1
    if len(items) < before + after:
        m.raise_named("ValueError")
    middle = m.new_object(SeqObject("list", items_query(tuple(items[before : len(items) - after]))))
    for target, item in zip(targets, [*items[:before], middle, *items[len(items) - after :]], strict=True):
        assign(m, target.value if isinstance(target, ast.Starred) else target, item, frame)


def _unpack_rest(m: Machine, targets: list[ast.expr], star: int, value: Value, frame: Frame) -> None:
    """``first, *rest = value`` where the length depends on the state: a list in memory, and the rest of it."""
    from wc_engine.compile.stage.arrays import memory_of, sliced
    from wc_engine.compile.stage.collections import new_list
    from wc_engine.compile.stage.places import count, element_at

    table = memory_of(m, iterable(m, value), 20)
    after = len(targets) - star - 1
    m.require(order(m, "ge", count(m, table), Const(len(targets) - 1)), "ValueError")
    front = [element_at(m, table, Const(place)) for place in range(star)]
    back = [element_at(m, table, Const(place - after)) for place in range(after)]
    rest = sliced(m, table, (Const(star), Const(-after) if after else NONE, NONE))
    middle = new_list(m, memory_of(m, rest, 21), "list", targets[star])
    for target, item in zip(targets, [*front, middle, *back], strict=True):
        assign(m, target.value if isinstance(target, ast.Starred) else target, item, frame)


def _exactly(m: Machine, value: Value, targets: list[ast.expr]) -> list[Value]:
    """The items of a value that is unpacked; one whose length depends on the state must have the right one."""
    query = _taken(m, value, len(targets))
    items = known_items(query)
    if items is not None:
        return list(items)
    from wc_engine.compile.stage.equality import equal
    from wc_engine.compile.stage.places import count, element_at

    m.require(equal(m, count(m, query), Const(len(targets))), "ValueError")
    return [element_at(m, query, Const(place)) for place in range(len(targets))]


def _taken(m: Machine, value: Value, number: int) -> Query:
    """The elements that unpacking to a number of targets takes; those made of a few known ones are made one by one."""
    query = iterable(m, value)
    single = not isinstance(query, ComprehensionQuery) or len(query.node.generators) == 1
    sources = known_items(query.source) if isinstance(query, (ComprehensionQuery, MapQuery)) and single else None
    if isinstance(query, (ComprehensionQuery, MapQuery)) and sources is not None:
        # Of a longer one Python takes one too many, and no more.
        filtered = isinstance(query, ComprehensionQuery) and bool(query.node.generators[0].ifs)
        if not filtered or len(sources) <= number + 1:
            first = items_query(sources[: number + 1])
            return lazy(m, lambda part: replace(query, source=part), first, site_of(m.node))[0]
    if isinstance(value, QueryValue) and value.kind != "range":
        _, raises, changes = inspect_query(m, query)
        if changes or (raises and m.context.handlers):
            m.unsupported("an iterator is unpacked whose elements cannot be computed twice")
    return query


def _assign(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.Assign)
    value = m.evaluate(node.value, frame)
    for target in node.targets:
        assign(m, target, value, frame)


def _annotated(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.AnnAssign)
    if node.value is not None:
        assign(m, node.target, m.evaluate(node.value, frame), frame)


def _augmented(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.AugAssign)
    name = BINARY_OPERATORS[type(node.op)]
    if isinstance(node.target, ast.Attribute):
        owner = m.evaluate(node.target.value, frame)
        from wc_engine.compile.stage.attributes import get_attribute_of

        old = get_attribute_of(m, owner, node.target.attr)
        set_attribute_of(m, owner, node.target.attr, _changed(m, name, old, m.evaluate(node.value, frame)))
        return
    if isinstance(node.target, ast.Subscript):
        owner, key = m.evaluate(node.target.value, frame), m.evaluate(node.target.slice, frame)
        known = m.object(owner) if isinstance(owner, Ref) else None
        if isinstance(owner, Ref) and isinstance(known, AssociationObject) and known.group == "sum" and name == "add":
            add_to_group(m, owner, key, m.evaluate(node.value, frame))
            return
        set_item(m, owner, key, _changed(m, name, get_item(m, owner, key), m.evaluate(node.value, frame)))
        return
    old = m.evaluate(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target), frame)
    new = m.evaluate(node.value, frame)
    assign(m, node.target, _changed(m, name, old, new), frame)


def _changed(m: Machine, name: str, old: Value, new: Value) -> Value:
    """Return what ``old name= new`` leaves in the place of ``old``."""
    if isinstance(old, Union) and any(_is_changeable(m, option) for option in old.options):
        return m.dispatch(old, lambda option: _changed(m, name, option, new))
    content = m.object(old) if isinstance(old, Ref) else None
    if isinstance(old, Ref) and name == "or_" and dicts.is_dict(m, old):
        dicts.update(m, old, new)
        return old
    if not isinstance(old, Ref) or not isinstance(content, SeqObject) or not _is_changeable(m, old):
        return in_place(m, name, old, new)
    # In place: everybody who holds the list or set sees the change.
    if content.kind == "set" and not isinstance(new, Union):
        as_set(m, new)
    if _AUGMENTED_METHODS.get(name, "") in ({"set": "update"}.get(content.kind, "extend"),):
        call_method(m, old, _AUGMENTED_METHODS[name], (new,), {})
        return old
    changed = binary(m, name, old, new)
    assert isinstance(changed, Ref)
    m.set_object(old, m.object(changed))
    return old


def _is_changeable(m: Machine, value: Value) -> bool:
    content = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    if isinstance(content, (DictObject, AssociationObject)):
        return True
    return isinstance(content, SeqObject) and content.kind in ("list", "set", DEQUE)


def _delete(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.Delete)
    for target in node.targets:
        if isinstance(target, ast.Name):
            assign(m, target, UNBOUND, frame)
        elif isinstance(target, ast.Subscript):
            delete_item(m, m.evaluate(target.value, frame), m.evaluate(target.slice, frame))
        elif isinstance(target, ast.Attribute):
            delete_attribute_of(m, m.evaluate(target.value, frame), target.attr)
        else:
            m.unsupported("this deletion is not translated yet", target)


# ---- branches --------------------


def _if(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.If)
    if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And) and _binds_names(node.test):
        _if_all(m, node, node.test.values, frame)
        return
    condition = m.condition(node.test, frame)

    def side(body: list[ast.stmt]) -> Callable[[], Value]:
        def run() -> Value:
            m.execute(body, frame)
            return NONE

        return run

    m.branch(condition, side(node.body), side(node.orelse))


def _binds_names(node: ast.expr) -> bool:
    return any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node))


def _if_all(m: Machine, node: ast.If, tests: list[ast.expr], frame: Frame) -> None:
    """``if a and (n := b) and c: ...``: one test after the other, so that the body knows what they have bound."""

    def run(over: BlockHandle) -> Value:
        def attempt(missed: BlockHandle) -> Value:
            def miss() -> Value:
                m.leave(missed)

            for test in tests:
                m.branch(m.condition(test, frame), lambda: NONE, miss)
            m.execute(node.body, frame)
            m.leave(over)

        m.block("case", attempt)
        m.execute(node.orelse, frame)
        return NONE

    m.block("cases", run)


# ---- functions --------------------


def _function(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.FunctionDef)
    decorators = [m.evaluate(decorator, frame) for decorator in node.decorator_list]
    value: Value = make_closure(m, node, frame)
    for decorator in reversed(decorators):
        value = m.call(decorator, (value,), {})
    m.store.cells[frame.cells[node.name]] = value


def _return(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.Return)
    value = NONE if node.value is None else m.evaluate(node.value, frame)
    assert m.context.returns is not None
    m.leave(m.context.returns, value)


def _expression(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.Expr)
    if isinstance(node.value, ast.Constant):
        return
    if isinstance(node.value, ast.Yield):
        deliver = m.context.yields
        assert deliver is not None
        deliver(NONE if node.value.value is None else m.evaluate(node.value.value, frame))
        return
    call = node.value
    prints = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
    if isinstance(call, ast.Call) and prints and m.builtin_is_free("print", frame):
        m.pure_arguments(call, frame)
        return
    m.evaluate(call, frame)


def _nothing(m: Machine, node: ast.stmt, frame: Frame) -> None:
    """``pass``, ``global``, ``nonlocal``: nothing happens."""


def _import(m: Machine, node: ast.stmt, frame: Frame) -> None:
    from wc_engine.compile.stage.guest_modules import member_of
    from wc_engine.compile.stage.modules import MODULES
    from wc_engine.compile.stage.values import ModuleValue

    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name not in MODULES:
                m.unsupported(f"the module {alias.name} is not translated: the program runs interpreted")
            m.store.cells[frame.cells[alias.asname or alias.name]] = ModuleValue(alias.name)
        return
    assert isinstance(node, ast.ImportFrom)
    if node.module == "__future__":
        return
    guest = frame.parent is None and frame is not m.module_frame
    if node.module is None or (node.module not in MODULES and not guest):
        m.unsupported(f"the module {node.module} is not translated: the program runs interpreted")
    for alias in node.names:
        value = member_of(m, node.module, alias.name) or Builtin(f"{node.module}.{alias.name}")
        m.store.cells[frame.cells[alias.asname or alias.name]] = value


def _class(m: Machine, node: ast.stmt, frame: Frame) -> None:
    from wc_engine.compile.stage.classes import define_class

    assert isinstance(node, ast.ClassDef)
    m.store.cells[frame.cells[node.name]] = define_class(m, node, frame)


_HANDLERS: dict[type[ast.stmt], Callable[[Machine, ast.stmt, Frame], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.If: _if,
    **LOOP_STATEMENTS,
    ast.FunctionDef: _function,
    ast.Return: _return,
    **EXCEPTION_STATEMENTS,
    ast.Expr: _expression,
    ast.Pass: _nothing,
    ast.Global: _nothing,
    ast.Nonlocal: _nothing,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.ClassDef: _class,
}
