"""Attributes of an instance in a loop: held in variables while the loop runs.

before::

    for e in state:
        if isinstance(e, Agent): self.agent = e
        else: self.cells[e.x, e.y] = e

after::

    .self.agent, .self.cells = self.agent, self.cells
    for e in state:
        if isinstance(e, Agent): .self.agent = e
        else: .self.cells[e.x, e.y] = e
    self.agent = .self.agent

Only where nothing in the loop can reach the instance otherwise: then what fills a dict or a list is recognised as it is
with variables.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from wc_engine.compile.stage.filling import calls_are_pure
from wc_engine.compile.stage.heap_objects import InstanceObject
from wc_engine.compile.stage.objects import class_of_instance
from wc_engine.compile.stage.values import UNBOUND, Closure, Descriptor, Frame, Ref, Union
from wc_engine.models.parsing import copied_tree

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["with_local_fields"]

_WAYS_OUT = (ast.Return, ast.Yield, ast.YieldFrom, ast.Raise, ast.Try, ast.FunctionDef, ast.Lambda, ast.ClassDef)


def with_local_fields(m: Machine, node: ast.For, frame: Frame) -> tuple[list[ast.stmt], ast.For, list[ast.stmt]] | None:
    """Return a loop over variables in place of attributes, with what comes before and behind it.

    Returns:
        (statements before, the loop, statements behind), or None where the loop stays as it is.
    """
    if frame.first is None or m.context.handlers or not _mentions(node, frame.first):
        return None
    owner = frame.first
    known = m.store.cells.get(frame.cells[owner])
    content = m.object(known) if isinstance(known, Ref) and class_of_instance(m, known) is not None else None
    if not isinstance(content, InstanceObject) or content.cls.lookup("__setattr__") is not None:
        return None
    inner = [part for statement in (*node.body, *node.orelse) for part in ast.walk(statement)]
    own = {id(part.value): part for part in inner if isinstance(part, ast.Attribute) and _is_name(part.value, owner)}
    if any(isinstance(part, _WAYS_OUT) for part in inner):
        return None
    if any(_is_name(part, owner) and id(part) not in own for part in inner) or _mentions(node.target, owner):
        return None
    fields = {part.attr for part in own.values()}
    others = {part.attr for part in inner if isinstance(part, ast.Attribute) and not _is_name(part.value, owner)}
    values = dict(content.attributes)
    if not fields or fields & others or any(isinstance(part.ctx, ast.Del) for part in own.values()):
        return None
    for name in fields:
        value = values.get(name, UNBOUND)
        if content.cls.lookup(name) is not None or value == UNBOUND:
            return None
        if isinstance(value, Union) and UNBOUND in value.options:
            return None
    if not all(calls_are_pure(statement) for statement in node.body) or _runs_code(m, others):
        return None
    return _rewritten(m, node, frame, owner, own)


_HARMLESS = frozenset(["__init__", "__post_init__", "__new__", "__repr__", "__str__", "__hash__"])


def _runs_code(m: Machine, attributes: set[str]) -> bool:
    """Whether an operator, or the access to an attribute, may run a method of the program."""
    for cls in m.classes.values():
        for name, value in cls.namespace.items():
            special = name.startswith("__") and name.endswith("__") and isinstance(value, Closure)
            if special and name not in _HARMLESS and not (name == "__eq__" and cls.by_value):
                return True
            if name in attributes and isinstance(value, Descriptor):
                return True
    members = [m.class_named(entity_type.name).members for entity_type in m.schema.types]
    return any(name in attributes and isinstance(value, Descriptor) for part in members for name, value in part)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _mentions(node: ast.AST, name: str) -> bool:
    return any(_is_name(inner, name) for inner in ast.walk(node))


class _Renaming(ast.NodeTransformer):
    def __init__(self, owner: str) -> None:
        self._owner = owner

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if _is_name(node.value, self._owner):
            return ast.copy_location(ast.Name(f".{self._owner}.{node.attr}", node.ctx), node)
        self.generic_visit(node)
        return node


def _rewritten(
    m: Machine, node: ast.For, frame: Frame, owner: str, own: dict[int, ast.Attribute]
) -> tuple[list[ast.stmt], ast.For, list[ast.stmt]]:
    loop = copy.copy(node)
    loop.body = [_Renaming(owner).visit(copied_tree(statement)) for statement in node.body]
    loop.orelse = [_Renaming(owner).visit(copied_tree(statement)) for statement in node.orelse]
    before: list[ast.stmt] = []
    behind: list[ast.stmt] = []
    stored = {part.attr for part in own.values() if isinstance(part.ctx, ast.Store)}
    for name in dict.fromkeys(part.attr for part in own.values()):
        variable = f".{owner}.{name}"
        frame.cells.setdefault(variable, m.new_cell(UNBOUND))
        m.store.cells.setdefault(frame.cells[variable], UNBOUND)
        before.append(_assignment(ast.Name(variable, ast.Store()), _attribute(owner, name, ast.Load()), node))
        if name in stored:
            behind.append(_assignment(_attribute(owner, name, ast.Store()), ast.Name(variable, ast.Load()), node))
    return before, loop, behind


def _attribute(owner: str, name: str, context: ast.expr_context) -> ast.expr:
    return ast.Attribute(ast.Name(owner, ast.Load()), name, context)


def _assignment(target: ast.expr, value: ast.expr, at: ast.AST) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(ast.Assign([target], value), at))
