"""Writes by way of ``__dict__`` or ``vars()`` become calls that set attributes.

The runtime makes a new dict each time that ``obj.__dict__`` is asked for, so writes into it would be lost.

Before::

    e.__dict__["x"] = 3
    e.__dict__.update(y=4)
    attributes = vars(e)
    attributes["z"] += 5
    del e.__dict__["w"]
    e.__dict__ = {}

After::

    .dict_store(e, "x", 3)
    .dict_update(e, y=4)
    attributes = e
    .owner1 = attributes; .key1 = "z"; .value1 = .owner1.__dict__[.key1]; .value1 += 5
    .dict_store(.owner1, .key1, .value1)
    .dict_delete(e, "w")
    .dict_assign(e, {})

A local variable that only ever holds such dicts holds their objects instead. A dict that goes where it can no longer be
followed, as in ``return self.__dict__``, is refused.
"""

from __future__ import annotations

import ast

from wc_engine.compile.rewrites.refusal import Refused
from wc_engine.compile.rewrites.trees import load, store, template

__all__ = ["run"]

_WRITERS = ("update", "pop", "popitem", "setdefault", "clear")
_READERS = ("get", "items", "keys", "values", "copy", "__contains__", "__getitem__", "__len__", "__iter__", "__eq__")
_BUILTINS = """
    all any bool dict enumerate filter frozenset hash isinstance iter len list map max min print repr reversed set
    sorted str sum tuple type zip copy deepcopy Counter OrderedDict defaultdict chain
    update extend union intersection difference issubset issuperset isdisjoint join fromkeys format_map
"""
_HARMLESS = frozenset(_BUILTINS.split())
"""Functions and methods that keep no hold of a dict that they are given."""


def run(tree: ast.Module) -> ast.Module:
    """Rewrite all writes by way of ``__dict__`` of a module."""
    if not any(_owner(node) is not None for node in ast.walk(tree)):
        return tree
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            _follow_variables(node)
    _Rewriter().visit(tree)
    _check(tree)
    return tree


def _owner(node: ast.AST | None) -> ast.expr | None:
    """Return the object whose attributes an expression stands for, or None where it is another expression."""
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id == "vars" and len(node.args) == 1:
            return node.args[0]
        if node.func.id == "getattr" and len(node.args) == 2:
            name = node.args[1]
            return node.args[0] if isinstance(name, ast.Constant) and name.value == "__dict__" else None
    return None


# Variables that hold such dicts


def _follow_variables(function: ast.FunctionDef) -> None:
    """Let variables hold the objects instead of their dicts, where every binding is such a dict."""
    bindings: dict[str, list[ast.Assign | None]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            is_dict = _owner(node.value) is not None
            bindings.setdefault(node.targets[0].id, []).append(node if is_dict else None)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            bindings.setdefault(node.id, [])
        elif isinstance(node, ast.arg):
            bindings.setdefault(node.arg, []).append(None)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            for name in node.names:
                bindings.setdefault(name, []).append(None)
    stores: dict[str, int] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            stores[node.id] = stores.get(node.id, 0) + 1
    followed = set()
    for name, nodes in bindings.items():
        if nodes and None not in nodes and len(nodes) == stores.get(name):
            followed.add(name)
            for assignment in nodes:
                assert assignment is not None
                owner = _owner(assignment.value)
                assert owner is not None
                assignment.value = owner
    if followed:
        _Unfolder(followed).visit(function)


class _Unfolder(ast.NodeTransformer):
    """Writes ``name.__dict__`` for every use of such a variable."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._names and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.Attribute(node, "__dict__", ast.Load()), node)
        return node


# Writes


class _Rewriter(ast.NodeTransformer):
    def __init__(self) -> None:
        self._number = 0

    def _fresh(self) -> dict[str, str]:
        self._number += 1
        return {name: f".{name.lower()}{self._number}" for name in ("OWNER", "KEY", "VALUE")}

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        later: list[ast.stmt] = []
        for place, target in enumerate(node.targets):
            node.targets[place] = self._replaced(target, later)
        return [node, *later] if later else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if node.value is not None and self._is_write(node.target):
            later: list[ast.stmt] = []
            target = self._replaced(node.target, later)
            return [ast.copy_location(ast.Assign([target], node.value), node), *later]
        return node

    def _is_write(self, node: ast.expr) -> bool:
        container = node.value if isinstance(node, ast.Subscript) else None
        return _owner(container) is not None or (isinstance(node, ast.Attribute) and node.attr == "__dict__")

    def _replaced(self, target: ast.expr, later: list[ast.stmt]) -> ast.expr:
        """What is assigned to in place of a target; the writes themselves come later."""
        if isinstance(target, (ast.Tuple, ast.List)):
            target.elts = [self._replaced(item, later) for item in target.elts]
            return target
        if isinstance(target, ast.Starred):
            target.value = self._replaced(target.value, later)
            return target
        if not self._is_write(target):
            return target
        value = self._fresh()["VALUE"]
        if isinstance(target, ast.Subscript):
            owner = _owner(target.value)
            assert owner is not None
            fillings: dict[str, ast.expr | str] = {"O": owner, "K": target.slice, "V": value, "F": ".dict_store"}
            later += template("F(O, K, V)", target, fillings)
        else:
            assert isinstance(target, ast.Attribute)
            later += template("F(O, V)", target, {"O": target.value, "V": value, "F": ".dict_assign"})
        return ast.copy_location(ast.Name(value, ast.Store()), target)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        target = node.target
        if isinstance(target, ast.Attribute) and target.attr == "__dict__":
            if not isinstance(node.op, ast.BitOr):
                raise Refused(node, "this change of __dict__ is not translated")
            return template("F(O, V)", node, {"O": target.value, "V": node.value, "F": ".dict_merge"})
        owner = _owner(target.value) if isinstance(target, ast.Subscript) else None
        if owner is None:
            return node
        assert isinstance(target, ast.Subscript)
        names = self._fresh()
        node.target = ast.copy_location(ast.Name(names["VALUE"], ast.Store()), target)
        return [
            store(names["OWNER"], owner, owner),
            store(names["KEY"], target.slice, target),
            *template("VALUE = OWNER.__dict__[KEY]", target, names),
            node,
            *template("F(OWNER, KEY, VALUE)", target, {**names, "F": ".dict_store"}),
        ]

    def visit_Delete(self, node: ast.Delete) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if not any(self._is_write(target) for target in node.targets):
            return node
        statements: list[ast.stmt] = []
        for target in node.targets:
            owner = _owner(target.value) if isinstance(target, ast.Subscript) else None
            if owner is not None:
                assert isinstance(target, ast.Subscript)
                statements += template("F(O, K)", target, {"O": owner, "K": target.slice, "F": ".dict_delete"})
            else:
                statements.append(ast.copy_location(ast.Delete([target]), node))
        return statements

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _WRITERS:
            owner = _owner(node.func.value)
            if owner is not None:
                function = load(f".dict_{node.func.attr}", node)
                return ast.copy_location(ast.Call(function, [owner, *node.args], node.keywords), node)
        return node


# What is left


def _check(tree: ast.Module) -> None:
    """Refuse a dict that is used in a way that may write into it, or see later changes of its object."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if _owner(node) is not None and not _is_read(node, parents):
            raise Refused(node, "the dict of an object's attributes is translated only where it is used at once")


def _is_read(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents[node]
    match parent:
        case ast.Attribute(attr=attr):
            return attr in _READERS
        case ast.Subscript(ctx=ast.Load()) | ast.Compare() | ast.FormattedValue() | ast.UnaryOp() | ast.BinOp():
            return True
        case ast.For(iter=read) | ast.comprehension(iter=read):
            return read is node
        case ast.Dict(values=values, keys=keys):
            return any(value is node and key is None for key, value in zip(keys, values, strict=True))
        case ast.keyword(arg=None) | ast.Starred() | ast.Expr():
            return True
        case ast.Call(func=function):
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            return name in _HARMLESS or name.startswith(".dict_")
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if test is node:
            return True
        case ast.Assert():
            return True
        case ast.BoolOp() | ast.IfExp() | ast.Tuple() | ast.List():
            return _is_read(parent, parents)
    return False
