"""Expressions: from syntax to abstract values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from wc_engine.compile.stage.attributes import get_attribute_of
from wc_engine.compile.stage.collections import comprehension, is_empty, iterable, materialise, new_list
from wc_engine.compile.stage.equality import contains, equal, identical
from wc_engine.compile.stage.functions import local_names, make_closure
from wc_engine.compile.stage.operators import (
    arithmetic,
    as_number,
    both,
    compare_numbers,
    either,
    invert,
    negate,
    order,
)
from wc_engine.compile.stage.queries import ComprehensionQuery, concat, items_query
from wc_engine.compile.stage.sets import algebra, kinds_of, make_set, make_set_of_items, subset
from wc_engine.compile.stage.subscripts import get_item
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    UNBOUND,
    Builtin,
    ClassValue,
    Closure,
    Conflict,
    Const,
    DictObject,
    EntityObject,
    Finite,
    Frame,
    Method,
    ModuleValue,
    Num,
    Partial,
    QueryValue,
    Ref,
    Row,
    SeqObject,
    TupleValue,
    Union,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import Query

__all__ = ["condition", "evaluate", "truth"]

_BINARY = {
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
}
_ORDER = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}


def evaluate(m: Machine, node: ast.expr, frame: Frame) -> Value:
    """Return the value of an expression."""
    outer, m.node = m.node, node
    try:
        handler = _HANDLERS.get(type(node))
        if handler is None:
            m.unsupported(f"{type(node).__name__} expressions are not translated yet")
        return handler(m, node, frame)
    finally:
        m.node = outer


def condition(m: Machine, node: ast.expr, frame: Frame) -> Num | Const | Finite:
    """Return the truth of an expression."""
    return truth(m, evaluate(m, node, frame))


def truth(m: Machine, value: Value) -> Num | Const | Finite:
    """Return ``bool(value)``."""
    if isinstance(value, Const):
        return Const(bool(value.value) if isinstance(value.value, (int, float, str, tuple, type(None))) else True)
    if isinstance(value, Finite):
        return Finite(value.index, tuple(v if v is MISSING else truth_of_constant(v) for v in value.values))
    if isinstance(value, Num):
        if value.kind.value == "bool":
            return value
        return compare_numbers(m, "ne", value, _zero(value))
    if isinstance(value, TupleValue):
        return Const(bool(value.items))
    if isinstance(value, Ref):
        content = m.object(value)
        if isinstance(content, SeqObject):
            return invert(m, is_empty(m, content.content))
        return Const(True if isinstance(content, EntityObject) else bool(content.items))
    if isinstance(value, Union):
        result = m.dispatch(value, lambda option: m.as_condition(truth(m, option)))
        if not isinstance(result, (Num, Const, Finite)):
            m.unsupported("a condition that cannot be followed")
        return result
    if isinstance(value, (Row, Closure, ClassValue, Builtin, Method, ModuleValue, Partial, QueryValue)):
        return Const(True)
    return _unreadable(m, value)


def truth_of_constant(value: object) -> bool:
    """Return the truth of a constant; entities are true."""
    return bool(value) if isinstance(value, (int, float, str, tuple, type(None))) else True


def _unreadable(m: Machine, value: Value) -> Const:
    reason = value.reason if isinstance(value, Conflict) else "this value"
    m.unsupported(f"a value that cannot be followed: {reason}")


def _zero(number: Num) -> Num:
    zero = as_number_of(0.0 if number.kind.value == "float64" else 0)
    return zero


def as_number_of(constant: float) -> Num:
    """Return a constant as a number expression."""
    from wc_engine.compile.ir import Kind, Lit

    kind = Kind.FLOAT if isinstance(constant, float) else Kind.INT
    bound = None if isinstance(constant, float) else constant
    return Num(Lit(constant, kind), bound, bound)


# ---- names and constants --------------------------------------------------------------------------------------------------


def _constant(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Constant)
    if isinstance(node.value, (complex, bytes)):
        m.unsupported("complex numbers and bytes are not translated yet")
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
    value = m.store.cells.get(cell, UNBOUND)
    if isinstance(value, Conflict):
        _unreadable(m, value)
    if value == UNBOUND and frame.parent is None:
        return m.builtin(node.id)
    return m.bound(value, "UnboundLocalError")


# ---- operators ------------------------------------------------------------------------------------------------------------


def _binary(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.BinOp)
    left, right = evaluate(m, node.left, frame), evaluate(m, node.right, frame)
    return binary(m, _BINARY.get(type(node.op), ""), left, right)


def binary(m: Machine, name: str, left: Value, right: Value) -> Value:
    """Return ``left name right`` for any operands."""
    if isinstance(left, Union):
        return m.dispatch(left, lambda option: binary(m, name, option, right))
    if isinstance(right, Union):
        return m.dispatch(right, lambda option: binary(m, name, left, option))
    first = m.object(left) if isinstance(left, Ref) else None
    second = m.object(right) if isinstance(right, Ref) else None
    if isinstance(first, SeqObject) and first.kind in ("set", "frozenset"):
        return algebra(m, name, left, right)
    if isinstance(first, SeqObject) and name == "add":
        if not isinstance(second, SeqObject) or second.kind != first.kind:
            m.raise_named("TypeError")
        return new_list(m, concat(first.content, second.content), first.kind, m.node)
    for sequence, times in ((first, right), (second, left)):
        if isinstance(sequence, SeqObject) and name == "mul":
            return _repeat(m, sequence, times)
    if first is not None or second is not None:
        m.unsupported("this operator on these objects")
    return arithmetic(m, name, left, right)


def _repeat(m: Machine, sequence: SeqObject, times: Value) -> Value:
    if isinstance(times, Const) and isinstance(times.value, int):
        return new_list(m, concat(*[sequence.content] * max(0, times.value)), sequence.kind, m.node)
    number = as_number(m, times)
    if number is not None and number.kind.value == "bool":
        some = new_list(m, sequence.content, sequence.kind, m.node)
        return m.branch(number, lambda: some, lambda: new_list(m, concat(), sequence.kind, m.node))
    m.unsupported("a list repeated a number of times that depends on the state")


def _unary(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.UnaryOp)
    if isinstance(node.op, ast.Not):
        return invert(m, condition(m, node.operand, frame))
    value = evaluate(m, node.operand, frame)
    if isinstance(node.op, ast.USub):
        return negate(m, value)
    if isinstance(node.op, ast.UAdd):
        return arithmetic(m, "add", value, Const(0))
    return arithmetic(m, "sub", negate(m, value), Const(1))


def _boolean(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.BoolOp)
    return _chain(m, isinstance(node.op, ast.And), node.values, frame)


def _chain(m: Machine, conjunction: bool, nodes: list[ast.expr], frame: Frame) -> Value:
    """``a and b and ...``: the first operand that decides, else the last."""
    value = evaluate(m, nodes[0], frame)
    if len(nodes) == 1:
        return value
    holds = m.as_condition(truth(m, value))
    if isinstance(holds, Const):
        return _chain(m, conjunction, nodes[1:], frame) if holds.value == conjunction else value

    def rest() -> Value:
        return _chain(m, conjunction, nodes[1:], frame)

    if _is_condition(value):
        facts = holds.if_true if conjunction else holds.if_false
        pure = m.pure(facts, rest)
        if pure is not None and _is_condition(pure):
            assert isinstance(pure, (Num, Const, Finite))
            return both(m, holds, pure) if conjunction else either(m, holds, pure)

    def side(value: Value) -> Value:
        """A truth value in one form, so that both sides of the branch have something in common."""
        return m.as_condition(value) if isinstance(value, Finite) and _is_condition(value) else value

    if conjunction:
        return m.branch(holds, lambda: side(rest()), lambda: side(value))
    return m.branch(holds, lambda: side(value), lambda: side(rest()))


def _is_condition(value: Value) -> bool:
    if isinstance(value, Num):
        return value.kind.value == "bool"
    values = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else (0,)
    return all(isinstance(item, bool) for item in values if item is not MISSING)


def _compare(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Compare)
    emptiness = _asks_emptiness(node)
    if emptiness is not None and m.builtin_is_free("len", frame):
        collection, negated = emptiness
        value = m.narrow(evaluate(m, collection, frame))
        if isinstance(value, Ref) and isinstance(m.object(value), SeqObject):
            some = truth(m, value)
            return some if negated else invert(m, some)
    return _compare_chain(m, evaluate(m, node.left, frame), node.ops, node.comparators, frame)


def _asks_emptiness(node: ast.Compare) -> tuple[ast.expr, bool] | None:
    """Return (collection, asks whether it has elements) for ``len(c) > 0`` and its like: no need to count."""
    call, right = node.left, node.comparators[0]
    if len(node.ops) != 1 or not isinstance(right, ast.Constant) or type(right.value) is not int:
        return None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "len":
        return None
    if len(call.args) != 1 or call.keywords or not isinstance(call.args[0], ast.Name):
        return None
    some = {(ast.Gt, 0): True, (ast.NotEq, 0): True, (ast.GtE, 1): True, (ast.Eq, 0): False, (ast.Lt, 1): False}
    negated = some.get((type(node.ops[0]), right.value))
    return None if negated is None else (call.args[0], negated)


def _compare_chain(m: Machine, left: Value, ops: list[ast.cmpop], nodes: list[ast.expr], frame: Frame) -> Value:
    right = evaluate(m, nodes[0], frame)
    result = compare(m, ops[0], left, right)
    if len(ops) == 1:
        return result

    def rest() -> Value:
        return _compare_chain(m, right, ops[1:], nodes[1:], frame)

    decided = m.as_condition(result)
    if isinstance(decided, Const):
        return rest() if decided.value else decided
    pure = m.pure(decided.if_true, rest)
    if pure is not None and isinstance(pure, (Num, Const, Finite)):
        return both(m, decided, pure)
    return m.branch(decided, rest, lambda: Const(False))


def compare(m: Machine, op: ast.cmpop, left: Value, right: Value) -> Num | Const | Finite:
    """Return one comparison."""
    if isinstance(op, ast.Eq):
        return equal(m, left, right)
    if isinstance(op, ast.NotEq):
        return invert(m, equal(m, left, right))
    if isinstance(op, ast.Is):
        return identical(m, left, right)
    if isinstance(op, ast.IsNot):
        return invert(m, identical(m, left, right))
    if isinstance(op, ast.In):
        return contains(m, right, left)
    if isinstance(op, ast.NotIn):
        return invert(m, contains(m, right, left))
    name = _ORDER[type(op)]
    if isinstance(left, Ref) and isinstance(right, Ref):
        return _compare_sets(m, name, left, right)
    return order(m, name, left, right)


def _compare_sets(m: Machine, name: str, left: Ref, right: Ref) -> Num | Const | Finite:
    first, second = m.object(left), m.object(right)
    sets = ("set", "frozenset")
    if not isinstance(first, SeqObject) or not isinstance(second, SeqObject):
        m.raise_named("TypeError")
    if first.kind not in sets or second.kind not in sets:
        m.unsupported("an order of lists")
    if name in ("gt", "ge"):
        first, second = second, first
    included = subset(m, first, second)
    if name in ("le", "ge"):
        return included
    return both(m, included, invert(m, subset(m, second, first)))


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


# ---- displays -------------------------------------------------------------------------------------------------------------


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
    from wc_engine.compile.stage.builtins import tuple_of

    assert isinstance(node, ast.Tuple)
    return tuple_of(m, _elements(m, node.elts, frame))


def _set(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Set)
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return make_set(m, QueryValue(_elements(m, node.elts, frame), "list"))
    return make_set_of_items(m, tuple(evaluate(m, item, frame) for item in node.elts))


def _dict(m: Machine, node: ast.expr, frame: Frame) -> Value:
    from wc_engine.compile.stage.dicts import new_dict

    assert isinstance(node, ast.Dict)
    pairs = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            inner = evaluate(m, value, frame)
            content = m.object(inner) if isinstance(inner, Ref) else None
            if not isinstance(content, DictObject):
                m.unsupported("** of this value in a dict")
            pairs += list(content.items)
        else:
            pairs.append((evaluate(m, key, frame), evaluate(m, value, frame)))  # type: ignore[arg-type]
    return new_dict(m, pairs)


def _comprehension(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp))
    source = iterable(m, evaluate(m, node.generators[0].iter, frame))
    cells = {name: m.new_cell(UNBOUND) for name in local_names(node)}
    scope = Frame(cells, frame, "<comprehension>")
    if isinstance(node, ast.GeneratorExp):
        return QueryValue(ComprehensionQuery(node, source, scope), "generator")
    query, distinct = comprehension(m, node, ComprehensionQuery(node, source, scope, m.captured(node, scope)))
    if isinstance(node, ast.DictComp):
        from wc_engine.compile.stage.dicts import dict_of_pairs

        return dict_of_pairs(m, query)
    if isinstance(node, ast.ListComp):
        return new_list(m, query, "list", node)
    if not distinct and "" not in (kinds_of(m, query) or {""}):
        # New entities: each must be one object from here on, and equal ones must be found before anybody changes one.
        query, distinct = materialise(m, query, (node.lineno, -1 - node.col_offset * 64 - 63), unique=True), True
    return new_list(m, query, "set", node, distinct=distinct)


# ---- access and calls -----------------------------------------------------------------------------------------------------


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
        content = m.object(value) if isinstance(value, Ref) else None
        if not isinstance(content, DictObject):
            m.unsupported("** of this value in a call")
        keywords |= {str(key.value): item for key, item in content.items}
    return m.call(function, tuple(arguments), keywords)


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
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
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
