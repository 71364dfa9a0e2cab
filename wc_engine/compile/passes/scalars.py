"""Reach the rows of small arrays by constant places only, so that each place can be a register.

before::

    x = Box.x[r]
    Box.x[r] = x + 1

after::

    a = Box.x[0]; b = Box.x[1]
    x = a if r == 0 else b
    a = Box.x[0]; Box.x[0] = x + 1 if r == 0 else a
    b = Box.x[1]; Box.x[1] = x + 1 if r == 1 else b

One access to a place that is known only at run time would keep the whole array in memory.
"""

from __future__ import annotations

from wc_engine.compile.ir import (
    Array,
    Assign,
    DynamicColumn,
    Expr,
    Kind,
    ListArray,
    Lit,
    Load,
    Op,
    Pack,
    Stmt,
    Store,
    Var,
)
from wc_engine.compile.passes.walk import bodies, statements
from wc_engine.state.schema import Schema

__all__ = ["reach_constant_places"]

_MAX_ROWS = 6


def reach_constant_places(body: list[Stmt], schema: Schema) -> list[Stmt]:
    """Return statements that reach the columns and row codes of types with a small fixed number of rows so."""
    sizes = {t.name: t.places for t in schema.types if t.places is not None and 0 < t.places <= _MAX_ROWS}
    codes = {
        (s.codes.list_id, s.codes.field): sizes[s.type_name]
        for s in statements(body)
        if isinstance(s, Pack) and s.type_name in sizes and s.count == Lit(sizes[s.type_name], Kind.INT)
    }
    return _Places(sizes, codes).rewrite(body)


class _Places:
    def __init__(self, sizes: dict[str, int], codes: dict[tuple[int, int], int]) -> None:
        self._sizes = sizes
        self._codes = codes
        self._names = 0

    def _size(self, array: Array) -> int | None:
        if isinstance(array, DynamicColumn):
            return self._sizes.get(array.type_name)
        return self._codes.get((array.list_id, array.field)) if isinstance(array, ListArray) else None

    def rewrite(self, body: list[Stmt]) -> list[Stmt]:
        """Rewrite statements and those inside."""
        result: list[Stmt] = []
        for statement in body:
            for inner in bodies(statement):
                inner[:] = self.rewrite(inner)
            if isinstance(statement, Assign) and isinstance(statement.value, Load):
                result += self._read(statement, statement.value)
            elif isinstance(statement, Store):
                result += self._write(statement)
            else:
                result.append(statement)
        return result

    def _loaded(self, array: Array, place: int, kind: Kind) -> tuple[Stmt, Var]:
        self._names += 1
        variable = Var(f"p{self._names}", kind)
        return Assign(variable, Load(array, Lit(place, Kind.INT), kind)), variable

    def _read(self, statement: Assign, load: Load) -> list[Stmt]:
        size = self._size(load.array)
        if size is None or isinstance(load.index, Lit):
            return [statement]
        loads, values = zip(*(self._loaded(load.array, place, load.kind) for place in range(size)), strict=True)
        chosen: Expr = values[-1]
        for place in range(size - 2, -1, -1):
            chosen = Op("select", (_is_place(load.index, place), values[place], chosen), load.kind)
        return [*loads, Assign(statement.target, chosen)]

    def _write(self, statement: Store) -> list[Stmt]:
        size = self._size(statement.array)
        if size is None or isinstance(statement.index, Lit):
            return [statement]
        result: list[Stmt] = []
        for place in range(size):
            load, old = self._loaded(statement.array, place, statement.value.kind)
            value = Op("select", (_is_place(statement.index, place), statement.value, old), old.kind)
            result += [load, Store(statement.array, Lit(place, Kind.INT), value)]
        return result


def _is_place(index: Expr, place: int) -> Expr:
    return Op("eq", (index, Lit(place, Kind.INT)), Kind.BOOL)
