"""Conditions: truth, comparisons, and what ``and`` and ``or`` do."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.equality import contains, equal, identical
from wc_engine.compile.stage.heap_objects import AssociationObject, EntityObject, InstanceObject, SeqObject
from wc_engine.compile.stage.logic import both, either, invert
from wc_engine.compile.stage.ordering import compare_numbers, order
from wc_engine.compile.stage.places import is_empty
from wc_engine.compile.stage.protocols import is_instance, order_of_instances, truth_of_instance
from wc_engine.compile.stage.sets import subset
from wc_engine.compile.stage.values import (
    MADE_EARLIER,
    MISSING,
    Builtin,
    ClassValue,
    Closure,
    Conflict,
    Const,
    DictView,
    EnumClass,
    Finite,
    Frame,
    Method,
    ModuleValue,
    Num,
    Partial,
    QueryValue,
    Ref,
    Row,
    TupleValue,
    Union,
    UserClass,
    Value,
)
from wc_engine.state.entities import Entity

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine


__all__ = ["boolean_operation", "compare", "comparison", "condition", "truth", "unreadable"]

_ORDER = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}


def condition(m: Machine, node: ast.expr, frame: Frame) -> Num | Const | Finite:
    """Return the truth of an expression."""
    if isinstance(node, ast.BoolOp):
        return _truth_of_chain(m, isinstance(node.op, ast.And), node.values, frame)
    return truth(m, m.evaluate(node, frame))


def _truth_of_chain(m: Machine, conjunction: bool, nodes: list[ast.expr], frame: Frame) -> Num | Const:
    """Return the truth of ``a and b and ...``, of which nobody wants to know which operand decided."""
    holds = m.as_condition(condition(m, nodes[0], frame))
    if len(nodes) == 1:
        return holds

    def rest() -> Num | Const:
        return _truth_of_chain(m, conjunction, nodes[1:], frame)

    if isinstance(holds, Const):
        return rest() if holds.value == conjunction else holds
    pure = m.pure(holds.if_true if conjunction else holds.if_false, rest)
    if pure is not None:
        assert isinstance(pure, (Num, Const))
        return m.as_condition(both(m, holds, pure) if conjunction else either(m, holds, pure))
    ends: list[Num | Const] = []

    def follow() -> Value:
        ends.append(rest())
        return ends[-1]

    joined = (
        m.branch(holds, follow, lambda: Const(False)) if conjunction else m.branch(holds, lambda: Const(True), follow)
    )
    if not isinstance(joined, (Num, Const, Finite)):
        m.unsupported("a condition that cannot be followed")
    result = m.as_condition(joined)
    if not isinstance(result, Num) or not ends:
        return result
    last = ends[-1]
    if conjunction:
        return replace(result, if_true=holds.if_true + (last.if_true if isinstance(last, Num) else ()))
    return replace(result, if_false=holds.if_false + (last.if_false if isinstance(last, Num) else ()))


def truth(m: Machine, value: Value) -> Num | Const | Finite:
    """Return ``bool(value)``."""
    if isinstance(value, Const):
        return Const(truth_of_constant(value.value))
    if isinstance(value, Finite):
        return Finite(value.index, tuple(v if v is MISSING else truth_of_constant(v) for v in value.values))
    if isinstance(value, Num):
        if value.kind.value == "bool":
            return value
        return compare_numbers(m, "ne", value, _zero(value))
    if isinstance(value, TupleValue):
        return Const(bool(value.items))
    if is_instance(m, value):
        return truth_of_instance(m, value)
    if isinstance(value, Ref):
        content = m.object(value)
        assert not isinstance(content, InstanceObject)
        if isinstance(content, SeqObject):
            return invert(m, is_empty(m, content.content))
        if isinstance(content, AssociationObject):
            return invert(m, is_empty(m, m.iterable(value)))
        return Const(True if isinstance(content, EntityObject) else bool(content.items))
    if isinstance(value, DictView) or (isinstance(value, QueryValue) and value.kind == "range"):
        return invert(m, is_empty(m, m.iterable(value)))
    if isinstance(value, Union):
        return m.test_options(value, lambda option: truth(m, option))
    if isinstance(
        value, (Row, Closure, ClassValue, UserClass, EnumClass, Builtin, Method, ModuleValue, Partial, QueryValue)
    ):
        return Const(True)
    return unreadable(m, value)


def truth_of_constant(value: object) -> bool:
    """Return the truth of a constant; entities are true."""
    return True if isinstance(value, Entity) else bool(value)


def unreadable(m: Machine, value: Value) -> Const:
    reason = value.reason if isinstance(value, Conflict) else "this value"
    if value == MADE_EARLIER and m.tables_at_run_time.number and not m.plan.references:
        # An entity out of a list in memory is a new object in every round, unless such lists refer to entities.
        raise Restart(m.wanted.with_references(), afresh=True)
    if value == MADE_EARLIER and m.given_up:
        m.unroll(*m.given_up[-1])
    m.unsupported(f"a value that cannot be followed: {reason}")


def _zero(number: Num) -> Num:
    return as_number_of(0.0 if number.kind.value == "float64" else 0)


def as_number_of(constant: float) -> Num:
    """Return a constant as a number expression."""
    from wc_engine.compile.ir import Kind, Lit

    kind = Kind.FLOAT if isinstance(constant, float) else Kind.INT
    bound = None if isinstance(constant, float) else constant
    return Num(Lit(constant, kind), bound, bound)


def boolean_operation(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.BoolOp)
    return _chain(m, isinstance(node.op, ast.And), node.values, frame)


def _chain(m: Machine, conjunction: bool, nodes: list[ast.expr], frame: Frame) -> Value:
    """``a and b and ...``: the first operand that decides, else the last."""
    value = m.evaluate(nodes[0], frame)
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


def comparison(m: Machine, node: ast.expr, frame: Frame) -> Value:
    assert isinstance(node, ast.Compare)
    if _binds_and_holds(node):
        m.evaluate(node.left, frame)
        return Const(True)
    emptiness = _asks_emptiness(node)
    if emptiness is not None and m.builtin_is_free("len", frame):
        collection, negated = emptiness
        value = m.narrow(m.evaluate(collection, frame))
        if isinstance(value, Ref) and isinstance(m.object(value), SeqObject):
            some = truth(m, value)
            return some if negated else invert(m, some)
    return _compare_chain(m, m.evaluate(node.left, frame), node.ops, node.comparators, frame)


def _binds_and_holds(node: ast.Compare) -> bool:
    """Whether a comparison is ``(name := value) is name``: the rewrite of patterns binds names so."""
    left, right = node.left, node.comparators[0]
    if len(node.ops) > 1 or not isinstance(node.ops[0], ast.Is) or not isinstance(left, ast.NamedExpr):
        return False
    return isinstance(right, ast.Name) and right.id == left.target.id


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
    right = m.evaluate(nodes[0], frame)
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
    if is_instance(m, left) or is_instance(m, right):
        return order_of_instances(m, name, left, right)
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
