"""Where dicts whose keys depend on the state meet: templates for what was done to them, and moves that fill these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import FALSE, Expr, Var
from wc_engine.compile.stage.alignment import aligned, embedded
from wc_engine.compile.stage.contents import content_moves, content_template
from wc_engine.compile.stage.heap_objects import (
    Assigned,
    AssociationObject,
    DictObject,
    Dropped,
    Entries,
    Entry,
    HeapObject,
)
from wc_engine.compile.stage.queries import TableQuery

if TYPE_CHECKING:
    from wc_engine.compile.stage.templates import Move, Templates

__all__ = ["as_association", "association_moves", "association_template", "without_lookups"]


def as_association(content: HeapObject) -> AssociationObject | None:
    """Return a dict in the form that takes any key; None for what is no dict."""
    if isinstance(content, DictObject):
        return AssociationObject(tuple(Assigned(key, value) for key, value in content.items))
    return content if isinstance(content, AssociationObject) else None


def without_lookups(objects: list[AssociationObject]) -> AssociationObject:
    """Return dicts that are equal as one, with the lookups that were made on all paths."""
    first = objects[0]
    known = tuple(entry for entry in first.known if all(entry in other.known for other in objects[1:]))
    return replace(first, known=known)


def association_template(
    templates: Templates, objects: list[AssociationObject], *, widen: bool
) -> AssociationObject | None:
    """Return a dict that each of ``objects`` can be moved into: what only some paths did has a condition.

    None where a run was put in on some paths only, or, at the head of a loop, there is more and more.
    """
    first = objects[0]
    logs = [item.entries for item in objects]
    if any((item.group, item.default) != (first.group, first.default) for item in objects):
        return None
    columns = aligned(logs, _likeness)
    if widen and any(None in column for column in columns):
        return None
    result: list[Entry] = []
    for column in columns:
        entry = _entry_template(templates, column, widen)
        if entry is None:
            return None
        result.append(entry)
    return AssociationObject(tuple(result), first.group, first.default)


def _likeness(left: Entry, right: Entry) -> int:
    """How well two entries go into one template; 0 where they do not."""
    if left == right or _is_one_list(left, right):
        return 64
    if type(left) is not type(right) or isinstance(left, Entries) or isinstance(right, Entries):
        return 0
    return 8 if left.key == right.key else 1


def _is_one_list(left: Entry, right: Entry) -> bool:
    """Whether two runs are the same dict in memory."""
    if not isinstance(left, Entries) or not isinstance(right, Entries):
        return False
    one, other = left.pairs, right.pairs
    return isinstance(one, TableQuery) and isinstance(other, TableQuery) and one.list_id == other.list_id


def _entry_template(templates: Templates, column: list[Entry | None], widen: bool) -> Entry | None:
    present = [entry for entry in column if entry is not None]
    first = present[0]
    if isinstance(first, Entries):
        if len(present) == len(column) and all(_is_one_list(first, entry) for entry in present):
            pairs = [entry.pairs for entry in present if isinstance(entry, Entries)]
            return replace(first, pairs=content_template(templates, pairs, widen))
        return first if all(entry == first for entry in column) else None
    if any(type(entry) is not type(first) for entry in present):
        return None
    items = [entry for entry in present if isinstance(entry, (Assigned, Dropped))]
    same = len(present) == len(column) and all(item.condition == first.condition for item in items)
    condition = first.condition if same else templates.new_condition()
    key = templates.template([item.key for item in items], widen=widen)
    if isinstance(first, Dropped):
        return Dropped(key, condition)
    values = [item.value for item in items if isinstance(item, Assigned)]
    return Assigned(key, templates.template(values, widen=widen), condition)


def association_moves(templates: Templates, template: AssociationObject, value: AssociationObject) -> list[Move] | None:
    """Return the assignments that make a template mean ``value``; None where it does not fit."""
    if (template.group, template.default) != (value.group, value.default):
        return None
    return embedded(template.entries, value.entries, lambda entry, other: _entry_moves(templates, entry, other))


def _entry_moves(templates: Templates, entry: Entry, other: Entry | None) -> list[Move] | None:
    if entry == other:
        return []
    if isinstance(entry, Entries) and isinstance(other, Entries) and _is_one_list(entry, other):
        return content_moves(templates, entry.pairs, other.pairs)
    if isinstance(entry, Entries):
        return None
    if other is None:
        return _condition_moves(templates, entry.condition, FALSE)
    if isinstance(other, Entries) or type(other) is not type(entry):
        return None
    moves = [templates.moves(entry.key, other.key), _condition_moves(templates, entry.condition, other.condition)]
    if isinstance(entry, Assigned) and isinstance(other, Assigned):
        moves.append(templates.moves(entry.value, other.value))
    result: list[Move] = []
    for part in moves:
        if part is None:
            return None
        result += part
    return result


def _condition_moves(templates: Templates, template: Expr, value: Expr) -> list[Move] | None:
    if template == value:
        return []
    return [(template, value)] if isinstance(template, Var) and templates.owns(template) else None
