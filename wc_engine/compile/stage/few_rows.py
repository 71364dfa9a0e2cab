"""Collections made of a few rows: known element by element, where a program makes new entities of some of them.

before, for a type of which there are exactly two::

    {box if box is not pushed else Box(x, y) for box in boxes}      in memory, each compared with those before it

after::

    {first or Box(x, y), second or Box(x, y)}                       two known elements, in registers

In a set, no two of them may be equal. That is guarded: where two become one, their number changes, and what assumes
that it stays has no answer anyway.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from wc_engine.compile.ir import TRUE, Kind, Lit
from wc_engine.compile.stage.entities import is_entity, type_of
from wc_engine.compile.stage.equality import Condition, equal, identical
from wc_engine.compile.stage.hashes import check_hash
from wc_engine.compile.stage.logic import both, either, invert
from wc_engine.compile.stage.machine import STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.members import condition_expr, unchanged
from wc_engine.compile.stage.queries import ItemQuery, Query, RowsQuery
from wc_engine.compile.stage.values import MISSING, Const, Finite, Num, Row, TupleValue, Union, Value, boolean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wc_engine.compile.stage.machine import Machine

__all__ = ["few_rows", "guard_apart", "known_once"]

_MAX_ROWS = 6


def few_rows(m: Machine, part: Query) -> list[ItemQuery]:
    """Return the rows of a type of which there is a small fixed number one by one; none where it is something else."""
    if not isinstance(part, RowsQuery) or m.is_static(part.type_name) or part.is_shorter:
        return []
    number = m.row_count(part.world, part.type_name)
    if not isinstance(number, Lit) or number.value > _MAX_ROWS:
        return []
    places = [Lit(place, Kind.INT) for place in range(int(number.value))]
    return [ItemQuery(Row(part.world, part.type_name, place, part.generation)) for place in places]


def guard_apart(m: Machine, parts: Sequence[Query]) -> bool:
    """End the step out of range unless known entities differ; False where they cannot be told apart so.

    Entities of different types do. Others are only guarded where the schema fixes the number of one of their types.
    """
    items = [part for part in parts if isinstance(part, ItemQuery)]
    kinds = [_kind(m, item.value) for item in items]
    if len(items) < len(parts) or "" in kinds or len(items) > 2 * _MAX_ROWS:
        return False
    if len(set(kinds)) < len(kinds) and not _may_guard(m, items, kinds):
        return False
    for item in items:
        m.when(boolean(item.condition), lambda value=item.value: check_hash(m, value))  # type: ignore[misc]
    for (one, kind), (other, other_kind) in combinations(zip(items, kinds, strict=True), 2):
        if kind == other_kind:
            m.guard(m.as_condition(invert(m, _equal(m, one.value, other.value))), STATUS_OUT_OF_RANGE)
    return True


def known_once(m: Machine, parts: Sequence[Query]) -> list[Query] | None:
    """Return a few known numbers and tuples, each there only where no earlier one is equal; None for anything else."""
    items = [part for part in parts if isinstance(part, ItemQuery)]
    if len(items) < len(parts) or len(items) > _MAX_ROWS or not all(_is_plain(item.value) for item in items):
        return None
    result: list[ItemQuery] = []
    for item in items:
        again: Condition = Const(False)
        for earlier in result:
            same = both(m, boolean(earlier.condition), equal(m, earlier.value, item.value))
            again = either(m, again, same)
        fresh = m.as_condition(both(m, boolean(item.condition), invert(m, again)))
        if fresh != Const(False):
            result.append(ItemQuery(item.value, condition_expr(m, fresh)))
    return list(result)


def _is_plain(value: Value) -> bool:
    """Whether a value is an int, a text, None, or a tuple of such things: what never changes, and equals itself."""
    if isinstance(value, TupleValue):
        return all(map(_is_plain, value.items))
    if isinstance(value, Num):
        return value.kind is not Kind.FLOAT
    constants = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    return bool(constants) and all(_is_plain_constant(item) for item in constants)


def _is_plain_constant(item: object) -> bool:
    if isinstance(item, tuple):
        return all(map(_is_plain_constant, item))
    return item is None or item is MISSING or type(item) in (int, bool, str)


def _may_guard(m: Machine, items: Sequence[ItemQuery], kinds: Sequence[str]) -> bool:
    """Whether equal entities would change a number that is assumed to stay."""
    fixed = any(_is_fixed(m, kind) and kinds.count(kind) > 1 for kind in kinds)
    return fixed and all(item.condition == TRUE for item in items)


def _kind(m: Machine, value: Value) -> str:
    """The type of an entity, whichever it is; "" for anything else."""
    options = value.options if isinstance(value, Union) else (value,)
    kinds = {type_of(m, option) if is_entity(m, option) else "" for option in options}
    return kinds.pop() if len(kinds) == 1 else ""


def _is_fixed(m: Machine, type_name: str) -> bool:
    entity_type = m.schema.type(type_name)
    return entity_type is not None and entity_type.count is not None


def _equal(m: Machine, left: Value, right: Value) -> Condition:
    """Return whether two entities are equal: rows of a type of which none has changed are where they are one row."""
    if isinstance(left, Union):
        return m.test_options(left, lambda option: _equal(m, option, right))
    if isinstance(right, Union):
        return m.test_options(right, lambda option: _equal(m, left, option))
    if isinstance(left, Row) and isinstance(right, Row) and left.type_name == right.type_name:
        same_table = (left.world, left.generation) == (right.world, right.generation)
        if same_table and unchanged(m, ItemQuery(left)):
            return identical(m, left, right) if left.index != right.index else Const(True)
    return equal(m, left, right)
