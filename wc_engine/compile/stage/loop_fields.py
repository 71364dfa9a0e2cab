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
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage.filling import calls_are_pure
from wc_engine.compile.stage.heap_objects import (
    Assigned,
    AssociationObject,
    DictObject,
    Dropped,
    EntityObject,
    Entries,
    Entry,
    InstanceObject,
    SeqObject,
)
from wc_engine.compile.stage.laziness import LazyQuery
from wc_engine.compile.stage.objects import class_of_instance
from wc_engine.compile.stage.queries import ItemQuery, RowsQuery, parts_of
from wc_engine.compile.stage.values import (
    UNBOUND,
    Closure,
    Descriptor,
    Frame,
    Method,
    Partial,
    QueryValue,
    Record,
    Ref,
    SuperValue,
    TupleValue,
    Union,
    Value,
)
from wc_engine.models.parsing import copied_tree

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["LocalFields", "with_local_fields"]

_WAYS_OUT = (ast.Return, ast.Yield, ast.YieldFrom, ast.Raise, ast.Try, ast.FunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class LocalFields:
    """A loop over variables in place of attributes.

    Attributes:
        before: statements that come before it.
        loop: the loop.
        behind: statements that come behind it.
        watched: the instance, where following the loop must not change it.
    """

    before: list[ast.stmt]
    loop: ast.For
    behind: list[ast.stmt]
    watched: Ref | None = None


def with_local_fields(m: Machine, node: ast.For, frame: Frame) -> LocalFields | None:
    """Return a loop over variables in place of attributes; None where the loop stays as it is."""
    if m.context.handlers:
        return None
    first = frame.first if frame.first is not None and _mentions(node, frame.first) else None
    if first is not None:
        return _with_fields_of(m, node, frame, first, assigned=True)
    for owner in _filled_owners(node):
        found = _with_fields_of(m, node, frame, owner, assigned=False) if owner in frame.cells else None
        if found is not None:
            return found
    return None


def _filled_owners(node: ast.For) -> list[str]:
    """The variables of instances in whose dicts or lists a loop puts items: ``house.things[name] = thing``."""
    targets = [
        target
        for statement in node.body
        for part in ast.walk(statement)
        if isinstance(part, ast.Assign)
        for target in part.targets
    ]
    owners = [
        target.value.value
        for target in targets
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute)
    ]
    return list(dict.fromkeys(owner.id for owner in owners if isinstance(owner, ast.Name)))


def _with_fields_of(m: Machine, node: ast.For, frame: Frame, owner: str, *, assigned: bool) -> LocalFields | None:
    """Return the loop with one instance's attributes in variables.

    Args:
        assigned: the loop may assign the attributes; else whoever follows it sees to it that nothing does.
    """
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
    if not assigned and any(isinstance(part.ctx, ast.Store) for part in own.values()):
        return None
    sole = not assigned or _is_sole(m, known, frame.cells[owner])
    fields = {part.attr for part in own.values()}
    others = {part.attr for part in inner if isinstance(part, ast.Attribute) and not _is_name(part.value, owner)}
    values = dict(content.attributes)
    if not fields or (fields & others and not sole) or any(isinstance(part.ctx, ast.Del) for part in own.values()):
        return None
    for name in fields:
        value = values.get(name, UNBOUND)
        if content.cls.lookup(name) is not None or value == UNBOUND:
            return None
        if isinstance(value, Union) and UNBOUND in value.options:
            return None
    if not sole and not all(calls_are_pure(statement) for statement in node.body):
        return None
    if not sole and _runs_code(m, others):
        return None
    assert isinstance(known, Ref)
    return replace(_rewritten(m, node, frame, owner, own), watched=None if assigned else known)


def _is_sole(m: Machine, known: Value | None, cell: int) -> bool:
    """Whether nothing but one variable of a call knows an instance: so it is while ``__init__`` runs."""
    if not isinstance(known, Ref):
        return False
    made = m.made_when.get(known.object_id, 0)
    if any(number != cell and _leads_to(value, known) for number, value in m.store.cells.items()):
        return False
    return not any(
        _mentions_object(content, known)
        for number, content in m.store.heap.items()
        if number > known.object_id or m.store.last_write(("heap", number)) > made
    )


def _mentions_object(content: object, known: Ref) -> bool:
    """Whether an instance is among what an object of the heap holds, or may be."""
    if isinstance(content, (EntityObject, InstanceObject)):
        return any(_leads_to(item, known) for _, item in content.attributes)
    if isinstance(content, DictObject):
        return any(_leads_to(item, known) for _, item in content.items)
    if isinstance(content, AssociationObject):
        return any(_entry_leads_to(entry, known) for entry in content.entries)
    assert isinstance(content, SeqObject)
    return any(
        _leads_to(part.value, known) if isinstance(part, ItemQuery) else not isinstance(part, RowsQuery)
        for part in parts_of(content.content)
    )


def _entry_leads_to(entry: Entry, known: Ref) -> bool:
    if isinstance(entry, Assigned):
        return _leads_to(entry.value, known)
    sample = entry.pairs.sample if isinstance(entry, Entries) and isinstance(entry.pairs, LazyQuery) else None
    return not isinstance(entry, Dropped) and (sample is None or not sample.once or _leads_to(sample.value, known))


def _leads_to(value: Value, known: Ref) -> bool:
    if isinstance(value, (TupleValue, Record)):
        return any(_leads_to(item, known) for item in value.items)
    if isinstance(value, Union):
        return any(_leads_to(option, known) for option in value.options)
    if isinstance(value, Ref):
        return value == known
    if isinstance(value, Partial):
        items = (value.function, *value.arguments, *(item for _, item in value.keywords))
        return any(_leads_to(item, known) for item in items)
    if isinstance(value, (Method, SuperValue)):
        return _leads_to(value.receiver, known)
    return isinstance(value, QueryValue) and value.kind != "range" and value.number > known.object_id


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


def _rewritten(m: Machine, node: ast.For, frame: Frame, owner: str, own: dict[int, ast.Attribute]) -> LocalFields:
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
    return LocalFields(before, loop, behind)


def _attribute(owner: str, name: str, context: ast.expr_context) -> ast.expr:
    return ast.Attribute(ast.Name(owner, ast.Load()), name, context)


def _assignment(target: ast.expr, value: ast.expr, at: ast.AST) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(ast.Assign([target], value), at))
