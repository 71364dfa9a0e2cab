"""Give the sets inside a program their order: a rewrite of the syntax tree, and the names it calls.

Set displays and set comprehensions become calls that build the same set as an ``OrderedSet``::

    {a, b, *c, d}              __wc_add__(__wc_update__(__wc_set__([a, b]), c), d)
    {f(e) for e in state}      __wc_collect__(f(e) for e in state)

The names ``set`` and ``frozenset`` need no rewrite: they are builtins, and a program gets its own table of builtins. So
a program that binds one of these names itself keeps its own meaning. Every new node carries the place of the old one.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable
from types import GeneratorType

from wc_engine.state.ordered_set import OrderedFrozenSet, OrderedSet

__all__ = ["ordered_set_builtins", "with_ordered_sets"]


def with_ordered_sets(tree: ast.Module) -> ast.Module:
    """Return a copy of a program's tree in which every set display and comprehension builds an ``OrderedSet``."""
    rewritten: ast.Module = _SetRewrite().visit(copy.deepcopy(tree))
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
    }


class _SetRewrite(ast.NodeTransformer):
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
