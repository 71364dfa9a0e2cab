"""Give the sets inside a program their order: a rewrite of the syntax tree, and the names it calls.

Set displays and set comprehensions become calls that build the same set as an ``OrderedSet``, and a dict's view on the
left of a set operator becomes one::

    {a, b, *c, d}              __wc_add__(__wc_update__(__wc_set__([a, b]), c), d)
    {f(e) for e in state}      __wc_collect__(f(e) for e in state)
    d.keys() - s               __wc_view__("sub", d.keys(), s)

The names ``set`` and ``frozenset`` need no rewrite: they are builtins, and a program gets its own table of builtins. So
a program that binds one of these names itself keeps its own meaning. Every new node carries the place of the old one.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import ItemsView, Iterable, KeysView
from types import GeneratorType
from typing import Any

from wc_engine.models.parsing import copied_tree
from wc_engine.state.ordered_set import OrderedFrozenSet, OrderedSet

__all__ = ["ordered_set_builtins", "with_ordered_sets"]


def with_ordered_sets(tree: ast.Module) -> ast.Module:
    """Return a copy of a program's tree in which every set display and comprehension builds an ``OrderedSet``."""
    rewritten: ast.Module = _SetRewrite().visit(copied_tree(tree))
    return ast.fix_missing_locations(rewritten)


def ordered_set_builtins() -> dict[str, object]:
    """Return the builtins that a rewritten program needs on top of Python's own."""
    return {
        "set": OrderedSet,
        "frozenset": OrderedFrozenSet,
        "__wc_set__": OrderedSet,
        "__wc_add__": _add,
        "__wc_update__": _update,
        "__wc_collect__": _collect,
        "__wc_view__": _view,
    }


_SET_OPERATORS: dict[type[ast.operator], str] = {
    ast.BitOr: "or_",
    ast.BitAnd: "and_",
    ast.Sub: "sub",
    ast.BitXor: "xor",
}
_VIEWS = ("keys", "items")


class _SetRewrite(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        left = node.left
        called = left.func if isinstance(left, ast.Call) and not left.args and not left.keywords else None
        if type(node.op) not in _SET_OPERATORS or not isinstance(called, ast.Attribute) or called.attr not in _VIEWS:
            return node
        name = ast.copy_location(ast.Constant(_SET_OPERATORS[type(node.op)]), node)
        return _call("__wc_view__", node, name, left, node.right)

    def visit_Set(self, node: ast.Set) -> ast.expr:
        self.generic_visit(node)
        plain = 0
        while plain < len(node.elts) and not isinstance(node.elts[plain], ast.Starred):
            plain += 1
        # Evaluated first and hashed in order afterwards, as CPython's BUILD_SET does it; later parts come one by one.
        built = _call("__wc_set__", node, ast.List(node.elts[:plain], ast.Load()))
        for element in node.elts[plain:]:
            if isinstance(element, ast.Starred):
                built = _call("__wc_update__", node, built, element.value)
            else:
                built = _call("__wc_add__", node, built, element)
        return built

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:
        self.generic_visit(node)
        generator = ast.copy_location(ast.GeneratorExp(node.elt, node.generators), node)
        return _call("__wc_collect__", node, generator)


def _call(name: str, place: ast.expr, *arguments: ast.expr) -> ast.expr:
    function = ast.copy_location(ast.Name(name, ast.Load()), place)
    return ast.copy_location(ast.Call(function, list(arguments), []), place)


def _view(name: str, left: Any, right: Any) -> object:
    """An operator with a dict's view on the left, whose own would read the empty table below an ordered set."""
    if not isinstance(left, (KeysView, ItemsView)) or not isinstance(right, (OrderedSet, OrderedFrozenSet)):
        return getattr(operator, name)(left, right)
    if name == "and_":
        # As CPython's _PyDictView_Intersect: what the right operand lists, or a larger set's own intersection.
        if type(right) is OrderedSet and len(right) > len(left):
            return right.intersection(left)
        return OrderedSet([element for element in right if element in left])
    result = OrderedSet(left)
    if name == "or_":
        result.update(right)
    elif name == "sub":
        result.difference_update(right)
    else:
        result.symmetric_difference_update(right)
    return result


def _add(target: OrderedSet, element: object) -> OrderedSet:
    target.add(element)
    return target


def _update(target: OrderedSet, elements: Iterable[object]) -> OrderedSet:
    target.update(elements)
    return target


def _collect(elements: GeneratorType[object, None, None]) -> OrderedSet:
    """Build the set of a comprehension, each element hashed when it is made."""
    code = elements.gi_code
    try:
        return OrderedSet(elements)
    except RuntimeError as error:
        # A StopIteration leaves a comprehension as it is, but a generator as a RuntimeError.
        cause = error.__cause__
        if isinstance(cause, StopIteration) and cause.__traceback__ and cause.__traceback__.tb_frame.f_code is code:
            raise cause from None
        raise
