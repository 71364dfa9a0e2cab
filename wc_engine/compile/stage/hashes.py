"""Hashes of instances: which a set may hold, and which compare and hash by value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from wc_engine.compile.stage.heap_objects import InstanceObject
from wc_engine.compile.stage.objects import class_of_instance
from wc_engine.compile.stage.values import NONE, Closure, Record, Ref, TupleValue, Union, UserClass, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["check_hash", "compares_by_value", "told_apart_by"]


def check_hash(m: Machine, value: Value) -> None:
    """Make sure that a set may hold an instance: equal ones have equal hashes, and nothing changes them.

    Raises TypeError in the program for what cannot be hashed.
    """
    if isinstance(value, (TupleValue, Record)):
        for item in value.items:
            check_hash(m, item)
    if isinstance(value, Union):
        for option in value.options:
            check_hash(m, option)
    cls = class_of_instance(m, value)
    if cls is None:
        return
    eq, hashed = cls.lookup("__eq__"), cls.lookup("__hash__")
    if eq is None and hashed is None:
        return  # by identity, or as tuples are
    if hashed == NONE:
        m.raise_named("TypeError")
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, InstanceObject) or not compares_by_value(cls):
        m.unsupported("an instance in a set whose hash cannot be followed")


def compares_by_value(cls: UserClass) -> bool:
    """Whether instances are equal where some of their attributes are, and then have equal hashes."""
    return told_apart_by(cls) is not None


def told_apart_by(cls: UserClass) -> set[str] | None:
    """The attributes that equal instances certainly share, and are hashed by; None where that is not seen.

    It is where ``__hash__`` is that of a tuple of attributes, and ``__eq__`` says yes only by comparing these.
    """
    eq, hashed = cls.lookup("__eq__"), cls.lookup("__hash__")
    if not isinstance(eq, Closure) or not isinstance(hashed, Closure):
        return None
    if not isinstance(eq.node, ast.FunctionDef) or not isinstance(hashed.node, ast.FunctionDef):
        return None
    wanted = _hashed_attributes(hashed.node)
    names = [argument.arg for argument in eq.node.args.args]
    if wanted is None or len(names) != 2:
        return None
    returns = [node.value for node in ast.walk(eq.node) if isinstance(node, ast.Return)]
    telling = [node for node in returns if node is None or not _says_no(node)]
    compared = [None if node is None else _compared_attributes(node, names[0], names[1]) for node in telling]
    apart = bool(compared) and all(found is not None and wanted <= found for found in compared)
    return wanted if apart else None


def _says_no(node: ast.expr) -> bool:
    """Whether a result of ``__eq__`` leaves it at different instances."""
    if isinstance(node, ast.Constant):
        return node.value is False
    return isinstance(node, ast.Name) and node.id == "NotImplemented"


def _hashed_attributes(node: ast.FunctionDef) -> set[str] | None:
    """The attributes in ``return hash((self.a, self.b))``; None where ``__hash__`` looks otherwise."""
    body = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    result = body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None
    if not isinstance(result, ast.Call) or not isinstance(result.func, ast.Name) or result.func.id != "hash":
        return None
    if len(result.args) != 1 or len(node.args.args) != 1:
        return None
    whole = result.args[0]
    parts = whole.elts if isinstance(whole, ast.Tuple) else [whole]
    names = {_attribute_of(part, node.args.args[0].arg) for part in parts}
    return None if None in names else {name for name in names if name is not None}


def _attribute_of(node: ast.expr, owner: str) -> str | None:
    is_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner
    return node.attr if is_own and isinstance(node, ast.Attribute) else None


def _compared_attributes(node: ast.expr, one: str, other: str) -> set[str] | None:
    """The attributes that an expression compares, where it compares nothing else; None where it does more.

    Tests of the other operand's class are nothing: an instance passes them beside itself.
    """
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        parts = [_compared_attributes(value, one, other) for value in node.values]
        return None if None in parts else set().union(*(part for part in parts if part is not None))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
        return set() if isinstance(node.args[0], ast.Name) and node.args[0].id == other else None
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq):
        return None
    sides = (node.left, node.comparators[0])
    columns = [side.elts if isinstance(side, ast.Tuple) else [side] for side in sides]
    found: set[str] = set()
    for left, right in zip(*columns, strict=False):
        names = {_attribute_of(left, a) for a, b in ((one, other), (other, one)) if _attribute_of(right, b)}
        if len(columns[0]) != len(columns[1]) or names != {_attribute_of(right, one) or _attribute_of(right, other)}:
            return None
        found |= {name for name in names if name is not None}
    return found
