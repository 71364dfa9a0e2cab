"""Expressions: from syntax to abstract values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from wc_engine.compile.stage.attributes import get_attribute_of
from wc_engine.compile.stage.collections import iterable, materialise, new_list, site_of
from wc_engine.compile.stage.comprehensions import ComprehensionQuery
from wc_engine.compile.stage.conditions import boolean_operation, comparison, condition, unreadable
from wc_engine.compile.stage.dicts import new_dict
from wc_engine.compile.stage.functions import local_names, make_closure
from wc_engine.compile.stage.heap_objects import DictObject, SeqObject
from wc_engine.compile.stage.laziness import comprehension
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.members import kinds_of, unchanged
from wc_engine.compile.stage.operators import arithmetic, as_number, is_text, negate
from wc_engine.compile.stage.protocols import binary_of_instances, call_special, is_instance
from wc_engine.compile.stage.queries import ItemQuery, concat, items_query, known_items, parts_of
from wc_engine.compile.stage.replaced_rows import with_one_replaced
from wc_engine.compile.stage.sets import algebra, make_set, make_set_of_items
from wc_engine.compile.stage.stretches import is_plain, repeated
from wc_engine.compile.stage.strings import percent
from wc_engine.compile.stage.subscripts import get_item
from wc_engine.compile.stage.texts import added, is_text_object, repeated_text
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Conflict,
    Const,
    DictView,
    Frame,
    Num,
    QueryValue,
    Ref,
    SuperValue,
    Union,
    UserClass,
    Value,
    from_storage,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import Query

__all__ = ["BINARY_OPERATORS", "binary", "evaluate", "find_cell"]

BINARY_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.MatMult: "matmul",
}
"""Operators by their names in the module ``operator``."""


def evaluate(m: Machine, node: ast.expr, frame: Frame) -> Value:
    """Return the value of an expression."""
    outer, m.node = m.node, node
    m.spend()
    try:
        handler = _HANDLERS.get(type(node))
        if handler is None:
            m.unsupported(f"{type(node).__name__} expressions are not translated yet")
        return handler(m, node, frame)
    finally:
        m.node = outer


def _constant(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Constant)
    if isinstance(node.value, (complex, bytes)):
        m.unsupported(f"values of type {type(node.value).__name__} are not translated yet")
    return Const(node.value)


def find_cell(frame: Frame, name: str) -> int | None:
    """Return the cell that a name means in a scope, or None where it is no variable."""
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.cells:
            return scope.cells[name]
        scope = scope.parent
    return None


def _name(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Name)
    cell = find_cell(frame, node.id)
    if cell is None:
        return m.builtin(node.id)
    value = m.store.cells.get(cell)
    if value == UNBOUND and frame.methods is not None and frame.parent is not None:
        return _name(m, node, frame.parent)  # the body of a class sees the names around it until it binds them
    if value is None:
        m.unsupported(f"the variable {node.id} is no longer known here")
    if isinstance(value, Conflict):
        unreadable(m, value)
    if value == UNBOUND and frame.parent is None:
        return m.builtin(node.id)
    return from_storage(m.bound(value, "UnboundLocalError"))


# ---- operators --------------------


def _binary(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.BinOp)
    left, right = evaluate(m, node.left, frame), evaluate(m, node.right, frame)
    return binary(m, BINARY_OPERATORS[type(node.op)], left, right)


def binary(m: Machine, name: str, left: Value, right: Value) -> Value:
    """Return ``left name right`` for any operands."""
    if isinstance(left, Union):
        return m.dispatch(left, lambda option: binary(m, name, option, right))
    if isinstance(right, Union):
        return m.dispatch(right, lambda option: binary(m, name, left, option))
    if is_instance(m, left) or is_instance(m, right):
        return binary_of_instances(m, name, left, right)
    if name == "matmul":  # no type of Python's own has it
        m.raise_named("TypeError")
    if name == "mod" and is_text(left):
        return percent(m, left, right)
    first = m.object(left) if isinstance(left, Ref) else None
    second = m.object(right) if isinstance(right, Ref) else None
    if isinstance(first, SeqObject) and first.kind in ("set", "frozenset"):
        return algebra(m, name, left, right)
    if name == "add" and "str" in (getattr(first, "kind", ""), getattr(second, "kind", "")):
        return added(m, left, right)
    if name == "add" and "tuple" in (getattr(first, "kind", ""), getattr(second, "kind", "")):
        return new_list(m, concat(iterable(m, left), iterable(m, right)), "tuple", m.node)
    if isinstance(first, SeqObject) and name == "add":
        if not isinstance(second, SeqObject) or second.kind != first.kind:
            m.raise_named("TypeError")
        return new_list(m, concat(first.content, second.content), first.kind, m.node)
    for sequence, times in ((first, right), (second, left)):
        if isinstance(sequence, SeqObject) and name == "mul":
            return _repeat(m, sequence, times)
    if name == "or_" and isinstance(first, DictObject) and isinstance(second, DictObject):
        return new_dict(m, [*first.items, *second.items])
    if first is not None or second is not None:
        m.unsupported("this operator on these objects")
    for text, times in ((left, right), (right, left)):
        if name == "mul" and isinstance(times, Num) and times.kind.value == "int64" and is_text(text):
            return repeated_text(m, text, times)
    return arithmetic(m, name, left, right)


def _repeat(m: Machine, sequence: SeqObject, times: Value) -> Value:
    if isinstance(times, Const) and isinstance(times.value, int):
        return new_list(m, concat(*[sequence.content] * max(0, times.value)), sequence.kind, m.node)
    number = as_number(m, times)
    if number is not None and number.kind.value == "bool":
        some = new_list(m, sequence.content, sequence.kind, m.node)
        return m.branch(number, lambda: some, lambda: new_list(m, concat(), sequence.kind, m.node))
    items = known_items(sequence.content)
    if (
        number is None
        or number.kind.value != "int64"
        or items is None
        or not all(is_plain(item) or is_text_object(m, item) for item in items)
    ):
        m.unsupported("this list repeated a number of times that depends on the state")
    line, column = site_of(m.node)
    # The list that is repeated begins at the same place of the text, and is another one.
    return new_list(m, repeated(m, sequence.content, number), sequence.kind, None, site=(line, -1 - column * 64 - 58))


def _unary(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.UnaryOp)
    if isinstance(node.op, ast.Not):
        return invert(m, condition(m, node.operand, frame))
    value = evaluate(m, node.operand, frame)
    if isinstance(value, Union) and any(is_instance(m, option) for option in value.options):
        return m.dispatch(value, lambda option: _unary_of(m, node.op, option))
    return _unary_of(m, node.op, value)


def _unary_of(m: Machine, op: ast.unaryop, value: Value) -> Value:
    if is_instance(m, value):
        special = {ast.USub: "__neg__", ast.UAdd: "__pos__"}.get(type(op), "__invert__")
        result = call_special(m, value, special)
        return m.raise_named("TypeError") if result is None else result
    if isinstance(op, ast.USub):
        return negate(m, value)
    if isinstance(op, ast.UAdd):
        return arithmetic(m, "add", value, Const(0))
    return arithmetic(m, "sub", negate(m, value), Const(1))


def _conditional(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.IfExp)
    return m.branch(
        condition(m, node.test, frame),
        lambda: evaluate(m, node.body, frame),
        lambda: evaluate(m, node.orelse, frame),
    )


def _walrus(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.NamedExpr)
    value = evaluate(m, node.value, frame)
    scope = frame
    while scope.name == "<comprehension>" and scope.parent is not None:
        scope = scope.parent
    m.assign_target(node.target, value, scope)
    return value


# ---- displays --------------------


def _elements(m: Machine, nodes: list[ast.expr], frame: Frame) -> Query:
    parts = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            parts.append(iterable(m, evaluate(m, node.value, frame)))
        else:
            parts.append(items_query((evaluate(m, node, frame),)))
    return concat(*parts)


def _list(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.List)
    return new_list(m, _elements(m, node.elts, frame), "list", node)


def _tuple(m: Machine, node: ast.expr, frame: Frame) -> Value:
    from wc_engine.compile.stage.iterators import tuple_of

    assert isinstance(node, ast.Tuple)
    return tuple_of(m, _elements(m, node.elts, frame))


def _set(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Set)
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return make_set(m, QueryValue(_elements(m, node.elts, frame), "list"))
    return make_set_of_items(m, tuple(evaluate(m, item, frame) for item in node.elts))


def _dict(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Dict)
    pairs: list[tuple[Value, Value]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            inner = evaluate(m, value, frame)
            content = m.object(inner) if isinstance(inner, Ref) else None
            if not isinstance(content, DictObject):
                m.unsupported("** of this value in a dict")
            pairs += list(content.items)
        else:
            pairs.append((evaluate(m, key, frame), evaluate(m, value, frame)))
    return new_dict(m, pairs)


def _comprehension(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp))
    first = evaluate(m, node.generators[0].iter, frame)
    if isinstance(first, Union) and all(isinstance(option, DictView) for option in first.options):
        return m.dispatch(first, lambda option: _visit(m, node, option, frame))
    return _visit(m, node, first, frame)


def _bound_now(m: Machine, frame: Frame, name: str) -> Value:
    """Return what a name means, without a look at the builtins; UNBOUND where it may mean nothing."""
    cell = find_cell(frame, name)
    return UNBOUND if cell is None else m.store.cells.get(cell, UNBOUND)


def _visit(
    m: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, first: Value, frame: Frame
) -> Value:
    if isinstance(node, (ast.SetComp, ast.ListComp)):
        replaced = with_one_replaced(m, node, first, lambda name: _bound_now(m, frame, name))
        if replaced is not None:
            return replaced
    source = iterable(m, first)
    cells = {name: m.new_cell(UNBOUND) for name in local_names(node)}
    m.hidden_cells.update(cells.values())
    scope = Frame(cells, frame.methods or frame, "<comprehension>")
    if isinstance(node, ast.GeneratorExp):
        return m.iterator(ComprehensionQuery(node, source, scope), "generator")
    query, distinct = comprehension(m, node, ComprehensionQuery(node, source, scope))
    if isinstance(node, ast.DictComp):
        from wc_engine.compile.stage.dicts import dict_of_pairs

        return dict_of_pairs(m, query)
    if isinstance(node, ast.ListComp):
        return new_list(m, query, "list", node)
    # Single entities that are known to differ are compared as they are now; rows of a table may have changed.
    tables = concat(*(part for part in parts_of(query) if not isinstance(part, ItemQuery)))
    distinct = (distinct and unchanged(m, tables)) or (_keeps_apart(m, node, first) and unchanged(m, query))
    if not distinct and "" not in (kinds_of(m, query) or {""}):
        # New entities: each must be one object from here on, and equal ones must be found before anybody changes one.
        query, distinct = materialise(m, query, (node.lineno, -1 - node.col_offset * 64 - 63), unique=True), True
    return new_list(m, query, "set", node, distinct=distinct)


def _keeps_apart(m: Machine, node: ast.SetComp, source: Value) -> bool:
    """Whether a set comprehension over a set makes different things of different elements.

    So it does where it puts all that it takes an element apart into side by side, in a tuple or in a new entity.
    """
    content = m.object(source) if isinstance(source, Ref) else None
    if not isinstance(content, SeqObject) or content.kind not in ("set", "frozenset") or not content.distinct:
        return False
    target, element = node.generators[0].target, node.elt
    if len(node.generators) > 1 or not isinstance(element, (ast.Tuple, ast.Call)):
        return False
    made = element.elts if isinstance(element, ast.Tuple) else element.args
    if isinstance(element, ast.Call) and not (
        isinstance(element.func, ast.Name) and m.module_class(element.func.id) and not element.keywords
    ):
        return False
    plain = {part.id for part in made if isinstance(part, ast.Name)}
    if isinstance(target, ast.Name):
        stars = {part.value.id for part in made if isinstance(part, ast.Starred) and isinstance(part.value, ast.Name)}
        return target.id in stars
    names = [part.id for part in target.elts if isinstance(part, ast.Name)] if isinstance(target, ast.Tuple) else []
    return bool(names) and isinstance(target, ast.Tuple) and len(names) == len(target.elts) and set(names) <= plain


# ---- access and calls --------------------


def _attribute(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Attribute)
    return get_attribute_of(m, evaluate(m, node.value, frame), node.attr)


def _subscript(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Subscript)
    value = evaluate(m, node.value, frame)
    if isinstance(node.slice, ast.Slice):
        bounds = [
            NONE if part is None else evaluate(m, part, frame)
            for part in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        return get_item(m, value, slice(*bounds))
    return get_item(m, value, evaluate(m, node.slice, frame))


def _call(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Call)
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return _super(m, frame)
    function = evaluate(m, node.func, frame)
    arguments: list[Value] = []
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            arguments += m.known_elements(evaluate(m, argument.value, frame))
        else:
            arguments.append(evaluate(m, argument, frame))
    keywords: dict[str, Value] = {}
    for keyword in node.keywords:
        value = evaluate(m, keyword.value, frame)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        if isinstance(value, Union) and len(node.keywords) == 1:
            return m.dispatch(value, lambda option: m.call(function, tuple(arguments), _spread(m, option, {})))
        keywords |= _spread(m, value, keywords)
    return m.call(function, tuple(arguments), keywords)


def _super(m: Machine, frame: Frame) -> Value:
    """``super()`` in a method."""
    cell = find_cell(frame, "__class__")
    cls = None if cell is None else m.store.cells.get(cell)
    receiver = None if frame.first is None else m.store.cells.get(frame.cells[frame.first])
    if not isinstance(cls, UserClass) or receiver is None or not m.builtin_is_free("super", frame):
        m.unsupported("super() is not translated here")
    return SuperValue(cls, receiver)


def _spread(m: Machine, value: Value, given: dict[str, Value]) -> dict[str, Value]:
    """The keyword arguments of ``**value``; raises TypeError for a keyword that was given already, or is no name."""
    content = m.object(value) if isinstance(value, Ref) else None
    if not isinstance(content, DictObject):
        m.unsupported("** of this value in a call")
    names = [key.value for key, _ in content.items]
    if any(not isinstance(name, str) or name in given for name in names):
        m.raise_named("TypeError")
    return {key.value: item for key, item in content.items}


def _lambda(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Lambda)
    return make_closure(m, node, frame)


def _joined(m: Machine, node: ast.expr, frame: Frame) -> Value:
    from wc_engine.compile.stage.strings import format_parts

    assert isinstance(node, ast.JoinedStr)
    return format_parts(m, node, frame)


_HANDLERS: dict[type[ast.expr], Callable[[Machine, ast.expr, Frame], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: boolean_operation,
    ast.Compare: comparison,
    ast.IfExp: _conditional,
    ast.NamedExpr: _walrus,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.Lambda: _lambda,
    ast.JoinedStr: _joined,
}
