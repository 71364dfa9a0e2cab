"""Sets with one element replaced or left out, and lists with one left out, without memory of their own.

Programs that change nothing in place rebuild the state so::

    {new if e is old else e for e in state}
    {e for e in state if e is not old} | {new}
    [e for e in entities if e is not old]

The elements stay rows; a new one stands where the old one did: before it the rows with smaller numbers, behind it the
others.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, ZERO, Expr, Kind, Lit, Op
from wc_engine.compile.stage.collections import new_list
from wc_engine.compile.stage.entities import is_entity, type_of
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE, STATUS_OUT_OF_SCRATCH
from wc_engine.compile.stage.members import holds, same_table, unchanged
from wc_engine.compile.stage.queries import PLACES, ItemQuery, Query, RowsQuery, concat, parts_of
from wc_engine.compile.stage.removal import take_out
from wc_engine.compile.stage.values import NONE, Ref, Row, Union, Value, boolean

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["with_one_replaced"]


def with_one_replaced(
    m: Machine, node: ast.SetComp | ast.ListComp, source: Value, value_of: Callable[[str], Value]
) -> Value | None:
    """Return the set or list that such a comprehension makes; None where it is not one, or cannot be followed so.

    Args:
        source: what it goes through.
        value_of: returns what a name outside it means.
    """
    pattern = _pattern(node)
    content = m.object(source) if pattern is not None and isinstance(source, Ref) else None
    if pattern is None or not isinstance(content, SeqObject):
        return None
    if isinstance(node, ast.ListComp):
        if content.kind != "list" or pattern.new is not None or not pattern.by_identity:
            return None
    elif content.kind == "list" or not content.distinct or not unchanged(m, content.content):
        return None
    old, new = value_of(pattern.old), None if pattern.new is None else value_of(pattern.new)
    if new is not None and not (isinstance(new, Ref) and is_entity(m, new)):
        return None
    options = old.options if isinstance(old, Union) else (old,)
    if not all(_is_followed(m, content.content, option, pattern.by_identity) for option in options):
        return None
    return m.dispatch(old, lambda option: _replaced(m, node, content.content, option, new))


@dataclass(frozen=True)
class _Pattern:
    """Names of the old element and of the new one, None where the old one is left out; and whether ``is`` tells it."""

    old: str
    new: str | None
    by_identity: bool


def _pattern(node: ast.SetComp | ast.ListComp) -> _Pattern | None:
    first, element = node.generators[0], node.elt
    if len(node.generators) > 1 or not isinstance(first.target, ast.Name) or len(first.ifs) > 1:
        return None
    each = first.target.id
    made: ast.expr | None = None
    if isinstance(element, ast.IfExp) and not first.ifs:
        test, (kept, made) = element.test, (element.orelse, element.body)
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.IsNot, ast.NotEq)):
            kept, made = made, kept
    elif first.ifs:
        test, kept = first.ifs[0], element
        if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], (ast.IsNot, ast.NotEq)):
            return None
    else:
        return None
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], (ast.Is, ast.Eq, ast.IsNot, ast.NotEq)):
        return None
    sides = [_name(side) for side in (test.left, *test.comparators)]
    if sides.count(each) != 1 or len(sides) != 2 or _name(kept) != each or (made and _name(made) in ("", each)):
        return None
    old = next(side for side in sides if side != each)
    new = None if made is None else _name(made)
    return _Pattern(old, new, isinstance(test.ops[0], (ast.Is, ast.IsNot))) if old else None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _is_followed(m: Machine, content: Query, old: Value, by_identity: bool) -> bool:
    """Whether it is known which element of a set is an old one."""
    if old == NONE:
        return True
    if not isinstance(old, (Row, Ref)) or not is_entity(m, old):
        return False
    for part in parts_of(content):
        if isinstance(part, RowsQuery):
            if not by_identity and isinstance(old, Ref):
                return False
            continue
        if not isinstance(part, ItemQuery) or not isinstance(part.value, (Row, Ref)) or not is_entity(m, part.value):
            return False
        if part.value != old and type_of(m, part.value) == type_of(m, old) and not by_identity:
            return False
        if part.value != old and isinstance(part.value, Row) and isinstance(old, Row):
            return False
    return isinstance(old, Row) or by_identity


def _replaced(m: Machine, node: ast.SetComp | ast.ListComp, content: Query, old: Value, new: Value | None) -> Value:
    parts: list[Query] = []
    others: list[Query] = []
    for part in parts_of(content):
        if new is None and isinstance(part, RowsQuery) and isinstance(old, Row) and same_table(part, old):
            here = boolean(part.present(old.index))
            parts.append(take_out(m, part, old, here, in_loop=bool(m.loops)))
        elif isinstance(part, RowsQuery) and isinstance(old, Row) and same_table(part, old):
            before, after = _around(m, part, old)
            assert new is not None
            parts += [*before, ItemQuery(new, _once(m, part.present(old.index))), *after]
            others += [*before, *after]
        elif isinstance(part, ItemQuery) and part.value == old:
            parts += [] if new is None else [ItemQuery(new, part.condition)]
        else:
            parts.append(part)
            others.append(part)
    if new is not None and len(others) < len(parts):
        # An equal element would stand where it is, or where the new one is: that is for others to answer.
        m.guard(invert(m, m.as_condition(holds(m, concat(*others), new))), STATUS_OUT_OF_RANGE)
    return new_list(m, concat(*parts), "list" if isinstance(node, ast.ListComp) else "set", node, distinct=True)


def _once(m: Machine, condition: Expr) -> Expr:
    return condition if condition == TRUE else m.temp(condition)


def _around(m: Machine, part: RowsQuery, row: Row) -> tuple[list[Query], list[Query]]:
    """Return the rows before and behind one."""
    count = m.row_count(part.world, part.type_name)
    if count == Lit(1, Kind.INT):
        return [], []
    if m.plan.capacity > PLACES or (isinstance(count, Lit) and int(count.value) > PLACES):
        m.guard(boolean(Op("le", (count, Lit(PLACES, Kind.INT)), Kind.BOOL)), STATUS_OUT_OF_SCRATCH)
    bit = Op("shift_left", (Lit(1, Kind.INT), Op("and_", (row.index, Lit(PLACES - 1, Kind.INT)), Kind.INT)), Kind.INT)
    here = m.temp(bit)

    def less(bits: Expr) -> Query:
        return replace(part, taken=m.temp(bits if part.taken == ZERO else Op("or_", (part.taken, bits), Kind.INT)))

    from_here = Op("sub", (ZERO, here), Kind.INT)
    up_to_here = Op("sub", (Op("shift_left", (here, Lit(1, Kind.INT)), Kind.INT), Lit(1, Kind.INT)), Kind.INT)
    return [less(from_here)], [less(up_to_here)]
