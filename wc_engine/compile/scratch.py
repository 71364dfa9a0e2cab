"""Where the arrays of one function lie in its scratch memory.

What is reached by constant places only lies apart from the rest: each of its words becomes a register. One access to
a place that is known only at run time would keep everything beside it in memory::

    R[0 + 1] = q1 & 15              the second box's y: a register
    H[256 + n] = r                  the n-th element of a list: memory
"""

from __future__ import annotations

from collections.abc import Iterator

from wc_engine.compile.ir import DynamicColumn, Expr, Kind, ListArray, Lit, Load, Op, Pack, Stmt, Store, Unpack, Var
from wc_engine.compile.passes.walk import expressions, statements
from wc_engine.state.schema import Schema

__all__ = ["Scratch"]

_SOMEWHERE = Var("somewhere", Kind.INT)


class Scratch:
    """Gives out places when they are asked for first.

    Args:
        body: the function.
        schema: entity types.

    Attributes:
        words: words of memory so far.
        registers: words reached by constant places so far.
    """

    def __init__(self, body: list[Stmt], schema: Schema) -> None:
        self.words = 0
        self.registers = 0
        self._sizes = _constant_sizes(body, schema)
        self._places: dict[tuple[object, ...], int] = {}

    def word(self, array: DynamicColumn | ListArray, place: str) -> str:
        """Return the text of one word of an array."""
        return f"{'R' if _key(array) in self._sizes else 'H'}[{self.address(array)} + {place}]"

    def address(self, array: DynamicColumn | ListArray) -> int:
        """Return the place of an array's first word."""
        key = _key(array)
        if key not in self._places:
            size = self._sizes.get(key)
            self._places[key] = self.words if size is None else self.registers
            if size is None:
                self.words += array.capacity
            else:
                self.registers += size
        return self._places[key]


def _key(array: DynamicColumn | ListArray) -> tuple[object, ...]:
    """What names an array; its capacity does not."""
    if isinstance(array, ListArray):
        return "list", array.list_id, array.field
    return "column", array.world, array.type_name, array.attribute


def _constant_sizes(body: list[Stmt], schema: Schema) -> dict[tuple[object, ...], int]:
    """The arrays that are reached by constant places only, with the number of their places."""
    places: dict[tuple[object, ...], set[Expr]] = {}

    def reach(array: DynamicColumn | ListArray, place: Expr) -> None:
        places.setdefault(_key(array), set()).add(place)

    for statement in statements(body):
        for load in (load for expr in expressions(statement) for load in _loads(expr)):
            if isinstance(load.array, (DynamicColumn, ListArray)):
                reach(load.array, load.index)
        if isinstance(statement, Store):
            assert isinstance(statement.array, (DynamicColumn, ListArray))
            reach(statement.array, statement.index)
        elif isinstance(statement, Pack):
            candidates = statement.candidates
            last = _last_row(schema, statement.type_name)
            reach(statement.codes, last if candidates is None else Lit(candidates - 1, Kind.INT))
        elif isinstance(statement, Unpack):
            entity_type = schema.type(statement.type_name)
            for name in () if entity_type is None else entity_type.attribute_names:
                column = DynamicColumn(statement.world, statement.type_name, name, statement.capacity)
                reach(column, _last_row(schema, statement.type_name))
    return {
        key: 1 + max(int(place.value) for place in found if isinstance(place, Lit))
        for key, found in places.items()
        if all(isinstance(place, Lit) for place in found)
    }


def _last_row(schema: Schema, type_name: str) -> Expr:
    """The last place that reading or writing all rows of a type reaches."""
    entity_type = schema.type(type_name)
    if entity_type is None or entity_type.places is None:
        return _SOMEWHERE
    return Lit(max(0, entity_type.places - 1), Kind.INT)


def _loads(expr: Expr) -> Iterator[Load]:
    if isinstance(expr, Load):
        yield expr
        yield from _loads(expr.index)
    elif isinstance(expr, Op):
        for argument in expr.args:
            yield from _loads(argument)
