"""Loops that count through the places of a list visit its elements, for the specialiser, which then knows their types.

Before::

    n = len(entities)
    i = 0
    while i < n:
        e = entities[i]
        if e.name == 'Agent':
            break
        i += 1
    for k in range(len(entities)):
        total += entities[k].x

After::

    n = len(entities)
    i = 0
    for i, .item in .indexed(entities):
        e = .item
        if e.name == 'Agent':
            break
    else:
        i = len(entities)
    for k, .item in .indexed(entities):
        total += .item.x

Only where the body leaves the list and the counter alone; ``.indexed`` is ``enumerate`` for lists, tuples and texts,
and refuses what else has items.
"""

from __future__ import annotations

import ast
from typing import TypeGuard

from wc_engine.compile.rewrites.trees import load, store
from wc_engine.models.parsing import copied_tree

__all__ = ["ITEM", "Items", "is_item", "run"]

ITEM = ".item"
_READING = frozenset({"get", "count", "index", "startswith", "endswith", "split", "lower", "upper", "strip", "join"})
_PURE = frozenset({"isinstance", "len", "getattr", "hasattr", "int", "bool", "abs", "min", "max", "any", "all", "type"})


def run(tree: ast.Module) -> ast.Module:
    """Rewrite such loops of a module."""
    changed = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    changed |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    if {"len", "range", "enumerate"} & changed:
        return tree
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    rewriter = _Rewriter((_PURE - changed) | classes)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body = rewriter.block(node.body)
    return tree


class _Rewriter:
    """Rewrites blocks; what they call must be harmless.

    Args:
        harmless: names of functions that change no list.
    """

    def __init__(self, harmless: frozenset[str] | set[str]) -> None:
        self._harmless = harmless

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Return a block with its loops rewritten, those inside statements too."""
        result: list[ast.stmt] = []
        for statement in body:
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(statement, field, None)
                if isinstance(inner, list) and not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                    setattr(statement, field, self.block(inner))
            made = None
            if isinstance(statement, ast.While):
                made = self._while(statement, result)
            elif isinstance(statement, ast.For):
                made = self._for(statement)
            result.append(made or statement)
        return result

    def _for(self, node: ast.For) -> ast.stmt | None:
        """``for i in range(len(xs))``."""
        call = node.iter
        if not isinstance(node.target, ast.Name) or not _is_call(call, "range") or len(call.args) != 1:
            return None
        items = _length_of(call.args[0])
        if items is None or not self._leaves_alone(node.body, items, node.target.id):
            return None
        return _loop(node, node.target.id, items, node.body, node.orelse)

    def _while(self, node: ast.While, before: list[ast.stmt]) -> ast.stmt | None:
        """``while i < len(xs)``, with ``i = 0`` before it and ``i += 1`` at its end."""
        found = _bounds(node.test)
        if found is None or node.orelse or len(node.body) < 2 or not _adds_one(node.body[-1], found[0]):
            return None
        counter, limit = found
        items = _length_of(limit)
        plain = _plain_before(before)
        if items is None and isinstance(limit, ast.Name):
            items = _length_of(plain.get(limit.id))
            if _stores(node.body, limit.id):
                return None
        start = plain.get(counter)
        if items is None or not isinstance(start, ast.Constant) or start.value != 0 or type(start.value) is not int:
            return None
        body = node.body[:-1]
        if _continues(body) or not self._leaves_alone(body, items, counter):
            return None
        end = store(counter, ast.copy_location(ast.Call(load("len", node), [load(items, node)], []), node), node)
        return _loop(node, counter, items, body, [end])

    def _leaves_alone(self, body: list[ast.stmt], items: str, counter: str) -> bool:
        """Whether a body reads the list by the counter, and changes neither."""
        reads = False
        for node in (inner for statement in body for inner in ast.walk(statement)):
            if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.Yield, ast.YieldFrom, ast.Await)):
                return False
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and node.id in (items, counter):
                return False
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                return False  # it may be the list under another name
            if isinstance(node, ast.Call) and not self._is_harmless(node):
                return False
            reads = reads or is_item(node, items, counter)
        return reads

    def _is_harmless(self, call: ast.Call) -> bool:
        if isinstance(call.func, ast.Attribute):
            return call.func.attr in _READING
        return isinstance(call.func, ast.Name) and call.func.id in self._harmless


def _loop(node: ast.stmt, counter: str, items: str, body: list[ast.stmt], orelse: list[ast.stmt]) -> ast.stmt:
    names = [ast.copy_location(ast.Name(name, ast.Store()), node) for name in (counter, ITEM)]
    target = ast.copy_location(ast.Tuple(list(names), ast.Store()), node)
    source = ast.copy_location(ast.Call(load(".indexed", node), [load(items, node)], []), node)
    changed = [Items(items, counter).visit(copied_tree(statement)) for statement in body]
    return ast.copy_location(ast.For(target, source, changed, orelse), node)


class Items(ast.NodeTransformer):
    """Puts the element in the place of ``items[counter]``."""

    def __init__(self, items: str, counter: str) -> None:
        self._items = items
        self._counter = counter

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if is_item(node, self._items, self._counter):
            return load(ITEM, node)
        self.generic_visit(node)
        return node


def is_item(node: ast.AST, items: str, counter: str) -> bool:
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return False
    named = isinstance(node.value, ast.Name) and node.value.id == items
    return named and isinstance(node.slice, ast.Name) and node.slice.id == counter


def _is_call(node: ast.expr | None, name: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and not node.keywords


def _length_of(node: ast.expr | None) -> str | None:
    """Return the name of the list that ``len`` is asked of."""
    if not _is_call(node, "len") or len(node.args) != 1:
        return None
    return node.args[0].id if isinstance(node.args[0], ast.Name) else None


def _bounds(test: ast.expr) -> tuple[str, ast.expr] | None:
    """Return (counter, limit) of ``i < limit`` and ``0 <= i < limit``."""
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[-1], ast.Lt):
        return None
    sides = [test.left, *test.comparators]
    if len(sides) == 3:
        zero = sides[0]
        if not isinstance(zero, ast.Constant) or zero.value != 0 or not isinstance(test.ops[0], ast.LtE):
            return None
    elif len(sides) != 2:
        return None
    counter = sides[-2]
    return (counter.id, sides[-1]) if isinstance(counter, ast.Name) else None


def _adds_one(node: ast.stmt, counter: str) -> bool:
    if not isinstance(node, ast.AugAssign) or not isinstance(node.op, ast.Add) or not isinstance(node.target, ast.Name):
        return False
    one = isinstance(node.value, ast.Constant) and type(node.value.value) is int and node.value.value == 1
    return node.target.id == counter and one


def _plain_before(before: list[ast.stmt]) -> dict[str, ast.expr]:
    """Return what names were last assigned in the simple assignments right before a statement."""
    found: dict[str, ast.expr] = {}
    for statement in reversed(before):
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            break
        target = statement.targets[0]
        simple = isinstance(statement.value, ast.Constant) or _length_of(statement.value) is not None
        if not isinstance(target, ast.Name) or not simple:
            break
        found.setdefault(target.id, statement.value)
    return found


def _stores(body: list[ast.stmt], name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for statement in body
        for node in ast.walk(statement)
    )


def _continues(body: list[ast.stmt]) -> bool:
    """Whether a body can go on to the next round early: in one of its own loops, that is another matter."""
    for statement in body:
        if isinstance(statement, ast.Continue):
            return True
        if isinstance(statement, (ast.For, ast.While)):
            if _continues(statement.orelse):
                return True
            continue
        for field in ("body", "orelse", "finalbody", "handlers"):
            inner = getattr(statement, field, None) or []
            nested = [part for item in inner for part in (item.body if isinstance(item, ast.ExceptHandler) else [item])]
            if _continues(nested):
                return True
        if isinstance(statement, ast.Match) and any(_continues(case.body) for case in statement.cases):
            return True
    return False
