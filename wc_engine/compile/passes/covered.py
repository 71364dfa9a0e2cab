"""Count the places of a static type that are covered from the side of those who cover them.

before::

    for t in rows of Target:
        block: for b in range(boxes): if Box.x[b] == Target.x[t] and Box.y[b] == Target.y[t]: hit = True; leave
               hit = False
        if hit: count = count + 1

after::

    covered = 0
    for b in range(boxes):
        for t in rows of Target:
            if Box.x[b] == Target.x[t] and Box.y[b] == Target.y[t]: covered = covered + 1
    count = count + covered

Right where no two of the rows that cover are at one place: they differ, have nothing but a position, and nobody writes
to them. Asking whether some, or all, rows are covered is asking for that number, too. Index selection then turns the
inner loop into a lookup.
"""

from __future__ import annotations

from dataclasses import dataclass

from wc_engine.compile.ir import (
    FALSE,
    TRUE,
    Assign,
    Block,
    Break,
    Comment,
    Count,
    DynamicColumn,
    Expr,
    If,
    Kind,
    Lit,
    Load,
    Loop,
    Op,
    StaticColumn,
    Stmt,
    Store,
    Var,
)
from wc_engine.compile.passes.walk import bodies, expressions, statements, variables
from wc_engine.state.schema import Schema

__all__ = ["count_covered"]


def count_covered(body: list[Stmt], schema: Schema) -> list[Stmt]:
    """Return statements in which covered places are counted from the side of those who cover."""
    plain = {t.name for t in schema.types if t.attribute_names == ("x", "y")}
    written = {
        (s.array.world, s.array.type_name)
        for s in statements(body)
        if isinstance(s, Store) and isinstance(s.array, DynamicColumn)
    }
    return _Rewriter(body, plain, written).rewrite(body)


@dataclass(frozen=True, slots=True)
class _Search:
    """A loop over static rows that looks, for each, whether a dynamic row is at its place."""

    hit: Var
    world: int
    type_name: str
    capacity: int
    count: Expr
    rest: Stmt
    comments: tuple[Comment, ...]


class _Rewriter:
    def __init__(self, root: list[Stmt], plain: set[str], written: set[tuple[int, str]]) -> None:
        self._root = root
        self._plain = plain
        self._written = written
        self._names = 0

    def rewrite(self, body: list[Stmt]) -> list[Stmt]:
        """Rewrite statements, inner ones first."""
        result: list[Stmt] = []
        for statement in body:
            for inner in bodies(statement):
                inner[:] = self.rewrite(inner)
            replaced = self._loop(statement) if isinstance(statement, Loop) and statement.static_type else None
            result += [statement] if replaced is None else replaced
        return result

    def _loop(self, loop: Loop) -> list[Stmt] | None:
        search = _search(loop)
        if search is None or search.type_name not in self._plain or (search.world, search.type_name) in self._written:
            return None
        if self._is_read_elsewhere(search.hit, loop) or self._is_read_elsewhere(loop.variable, loop):
            return None
        self._names += 1
        covered = Var(f"covered{self._names}", Kind.INT)
        use = _use(loop, search, covered)
        return None if use is None else [*search.comments, *self._counting(loop, search, covered), *use]

    def _is_read_elsewhere(self, variable: Var, loop: Loop) -> bool:
        inside = {id(statement) for statement in statements(loop.body)}
        return any(
            variable in set(variables(expr))
            for statement in statements(self._root)
            if id(statement) not in inside and statement is not loop
            for expr in expressions(statement)
        )

    def _counting(self, loop: Loop, search: _Search, covered: Var) -> list[Stmt]:
        assert loop.static_type is not None
        number = self._names
        row = Var(f"cover{number}", Kind.INT)
        tests: list[Expr] = []
        loads: list[Stmt] = []
        for name in ("x", "y"):
            place = Var(f"cover{number}{name}", Kind.INT)
            column = DynamicColumn(search.world, search.type_name, name, search.capacity)
            loads.append(Assign(place, Load(column, row, Kind.INT)))
            static = Load(StaticColumn(loop.static_type, name), loop.variable, Kind.INT)
            tests.append(Op("eq", (static, place), Kind.BOOL))
        add = Assign(covered, Op("add", (covered, Lit(1, Kind.INT)), Kind.INT))
        hit = If(Op("and", tuple(tests), Kind.BOOL), [add])
        inner = Loop(f"{loop.label}c", loop.variable, loop.count, [hit], loop.static_type)
        return [
            Assign(covered, Lit(0, Kind.INT)),
            Loop(f"{loop.label}d", row, search.count, [*loads, inner]),
        ]


def _code(body: list[Stmt]) -> list[Stmt]:
    return [statement for statement in body if not isinstance(statement, Comment)]


def _search(loop: Loop) -> _Search | None:
    """Return what a loop over static rows looks for, where it is this pattern."""
    code = _code(loop.body)
    if len(code) != 2 or not isinstance(code[0], Block):
        return None
    inside = _code(code[0].body)
    if len(inside) != 2 or not isinstance(inside[0], Loop) or inside[0].static_type is not None:
        return None
    inner, missed = inside
    assert isinstance(inner, Loop)
    if not isinstance(missed, Assign) or missed.value != FALSE:
        return None
    *loads, test = _code(inner.body)
    if not isinstance(test, If) or test.orelse:
        return None
    found = _code(test.then)
    if found != [Assign(missed.target, TRUE), Break(code[0].label)]:
        return None
    column = _position_column(loads, test.condition, loop, inner)
    if column is None:
        return None
    comments = tuple(s for s in statements(loop.body) if isinstance(s, Comment))
    return _Search(missed.target, column.world, column.type_name, column.capacity, inner.count, code[1], comments)


def _position_column(loads: list[Stmt], condition: Expr, outer: Loop, inner: Loop) -> DynamicColumn | None:
    """Return a column of the dynamic type whose row is compared with the static row by x and by y, and nothing else."""
    values = {s.target: s.value for s in loads if isinstance(s, Assign)}
    if (
        len(values) != len(loads)
        or not isinstance(condition, Op)
        or condition.name != "and"
        or len(condition.args) != 2
    ):
        return None
    columns: dict[str, DynamicColumn] = {}
    for test in condition.args:
        if not isinstance(test, Op) or test.name != "eq":
            return None
        for one, other in (test.args, test.args[::-1]):
            value = values.get(one) if isinstance(one, Var) else None
            if (
                not isinstance(value, Load)
                or not isinstance(value.array, DynamicColumn)
                or value.index != inner.variable
            ):
                continue
            wanted = Load(StaticColumn(outer.static_type or "", value.array.attribute), outer.variable, Kind.INT)
            if other == wanted:
                columns[value.array.attribute] = value.array
    same = {(column.world, column.type_name) for column in columns.values()}
    return columns["x"] if set(columns) == {"x", "y"} and len(same) == 1 else None


def _use(loop: Loop, search: _Search, covered: Var) -> list[Stmt] | None:
    """Return what is done with the number of covered rows instead of what was done with each row."""
    rest = search.rest
    if isinstance(rest, Assign):
        # total = total + (1 if hit else 0)
        number = Op("int_of_bool", (search.hit,), Kind.INT)
        if rest.value == Op("add", (rest.target, number), Kind.INT):
            return [Assign(rest.target, Op("add", (rest.target, covered), Kind.INT))]
        return None
    if not isinstance(rest, If) or _code(rest.orelse):
        return None
    code, wants = _code(rest.then), rest.condition
    if wants == search.hit and all(isinstance(s, Assign) and _adds(s) for s in code):
        return [_times(s, covered) for s in code if isinstance(s, Assign)]
    ends = bool(code) and isinstance(code[-1], Break) and code[-1].label not in (loop.label, f"{loop.label}.next")
    plain = all(isinstance(s, Assign) and not set(variables(s.value)) & {search.hit, loop.variable} for s in code[:-1])
    if not ends or not plain:
        return None
    if wants == search.hit:
        return [If(Op("ne", (covered, Lit(0, Kind.INT)), Kind.BOOL), rest.then)]
    if wants == Op("not", (search.hit,), Kind.BOOL):
        assert loop.static_type is not None
        return [If(Op("ne", (covered, Count(loop.static_type)), Kind.BOOL), rest.then)]
    return None


def _adds(statement: Assign) -> bool:
    value = statement.value
    return (
        isinstance(value, Op)
        and value.name == "add"
        and value.kind is Kind.INT
        and value.args[0] == statement.target
        and isinstance(value.args[1], Lit)
    )


def _times(statement: Assign, count: Expr) -> Assign:
    value = statement.value
    assert isinstance(value, Op)
    step = value.args[1]
    added = count if step == Lit(1, Kind.INT) else Op("mul", (count, step), Kind.INT)
    return Assign(statement.target, Op("add", (statement.target, added), Kind.INT))
