"""Turn lookups by position into single loads of a grid.

before::

    for r in Target at (x, y): count = count + 1
    for r in Wall at (x + dx, y + dy): return

after::

    count = count + Target.count[x << 4 | y]
    if Wall.count[(x + dx + 1) << 5 | (y + dy + 1)] != 0: return

A grid has a place for every position of the schema's domains, and a margin as wide as the ranges of x and y ask for:
then no test of bounds is needed. Where these are not known, they are tested, and there is no margin. The place is cut
to the grid's size in any case, so no load can lie outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wc_engine.compile.ir import (
    Assign,
    Block,
    Break,
    ChainLoop,
    Comment,
    Expr,
    Grid,
    If,
    Kind,
    Lit,
    Load,
    Op,
    Stmt,
    Var,
)
from wc_engine.compile.memory import GridShape, grid_shape
from wc_engine.compile.passes.ranges import Interval, Ranges
from wc_engine.compile.passes.walk import bodies, expressions, statements, variables
from wc_engine.state.schema import EntityType, IntDomain, Schema

__all__ = ["look_into_grids"]

_MAX_CELLS = 4096
_MAX_MARGIN = 8


def look_into_grids(body: list[Stmt], schema: Schema, ranges: Ranges) -> list[Stmt]:
    """Return statements in which lookups of static types are loads of grids, where the grids are small."""
    return _Lookups(schema, ranges, _read_behind(body)).rewrite(body)


def _read_behind(body: list[Stmt]) -> set[Var]:
    """The variables of lookups that are read outside their loops: what was found is used later."""
    everywhere = _reads(body)
    loops = [statement for statement in statements(body) if isinstance(statement, ChainLoop)]
    inside: Counter[Var] = Counter()
    for loop in loops:
        inside[loop.variable] += _reads(loop.body)[loop.variable]
    return {loop.variable for loop in loops if inside[loop.variable] != everywhere[loop.variable]}


def _reads(body: list[Stmt]) -> Counter[Var]:
    return Counter(
        variable for inner in statements(body) for expr in expressions(inner) for variable in variables(expr)
    )


class _Lookups:
    def __init__(self, schema: Schema, ranges: Ranges, read_behind: set[Var]) -> None:
        self._schema = schema
        self._ranges = ranges
        self._read_behind = read_behind

    def rewrite(self, body: list[Stmt]) -> list[Stmt]:
        """Rewrite statements, inner ones first."""
        result: list[Stmt] = []
        for statement in body:
            for inner in bodies(statement):
                inner[:] = self.rewrite(inner)
            if isinstance(statement, ChainLoop) and statement.first is None:
                result += self._lookup(statement)
            else:
                result.append(statement)
        return result

    def _lookup(self, loop: ChainLoop) -> list[Stmt]:
        entity_type = self._schema.type(loop.type_name)
        assert entity_type is not None
        sides = [(entity_type.domain(name), expr) for name, expr in (("x", loop.x), ("y", loop.y))]
        margins = [_margin(domain, self._ranges.of(expr)) for domain, expr in sides if isinstance(domain, IntDomain)]
        if len(margins) < 2:
            return [loop]
        known = [margin for margin in margins if margin is not None]
        inside = None if len(known) == 2 else _inside(sides)
        margin = max(known) if len(known) == 2 else 0
        shape = grid_shape(self._schema, Grid(loop.type_name, "count", margin))
        if shape.cells > _MAX_CELLS:
            return [loop]
        named = loop.variable in self._read_behind or _mentions(loop)
        single = _one_each(entity_type)
        return _rewritten(loop, _place(loop, shape), margin, inside, single=single, named=named)


def _margin(domain: IntDomain, interval: Interval) -> int | None:
    """How many cells beyond a domain a coordinate can lie; None where that is many, or not known."""
    if interval is None:
        return None
    margin = max(0, domain.low - interval[0], interval[1] - domain.high)
    return margin if margin <= min(_MAX_MARGIN, domain.size) else None


def _inside(sides: Sequence[tuple[object, Expr]]) -> Expr:
    """The test whether a position lies in the domains."""
    tests: list[Expr] = []
    for domain, expr in sides:
        assert isinstance(domain, IntDomain)
        tests.append(Op("ge", (expr, Lit(domain.low, Kind.INT)), Kind.BOOL))
        tests.append(Op("le", (expr, Lit(domain.high, Kind.INT)), Kind.BOOL))
    return Op("and", tuple(tests), Kind.BOOL)


def _place(loop: ChainLoop, shape: GridShape) -> Expr:
    across, down = (_plus(expr, add) for expr, add in ((loop.x, shape.add_x), (loop.y, shape.add_y)))
    place = _plus_expr(Op("shift_left", (across, Lit(shape.shift, Kind.INT)), Kind.INT), down)
    return Op("and_", (place, Lit(shape.cells - 1, Kind.INT)), Kind.INT)


def _plus(expr: Expr, number: int) -> Expr:
    return expr if number == 0 else Op("add", (expr, Lit(number, Kind.INT)), Kind.INT)


def _plus_expr(left: Expr, right: Expr) -> Expr:
    return Op("add", (left, right), Kind.INT)


def _one_each(entity_type: EntityType) -> bool:
    """Whether no two rows of a type can be at one position: its rows differ, and have nothing but a position."""
    return entity_type.attribute_names == ("x", "y")


def _mentions(loop: ChainLoop) -> bool:
    """Whether the body of a lookup looks at the row."""
    return any(
        loop.variable in set(variables(expr)) for inner in statements(loop.body) for expr in expressions(inner)
    ) or any(isinstance(inner, Assign) and inner.target == loop.variable for inner in statements(loop.body))


def _rewritten(
    loop: ChainLoop, place: Expr, margin: int, inside: Expr | None, *, single: bool, named: bool
) -> list[Stmt]:
    code = [statement for statement in loop.body if not isinstance(statement, Comment)]
    count: Expr = Load(Grid(loop.type_name, "count", margin), place, Kind.INT)
    first: Expr = Load(Grid(loop.type_name, "first", margin), place, Kind.INT)
    comments = [statement for statement in loop.body if isinstance(statement, Comment)]
    if not named and all(isinstance(statement, Assign) and _adds(statement) for statement in code):
        sums: list[Stmt] = [_times(statement, count) for statement in code if isinstance(statement, Assign)]
        return [*comments, *sums] if inside is None else [*comments, If(inside, sums)]
    row = Var(f"{loop.variable.name}n", Kind.INT)
    if not named and (loop.once or single):
        some: Expr = Op("ne", (count, Lit(0, Kind.INT)), Kind.BOOL)
        condition = some if inside is None else Op("and", (inside, some), Kind.BOOL)
        return [If(condition, _region(loop))]
    load: list[Stmt] = [Assign(row, first)]
    if inside is not None:
        load = [Assign(row, Lit(-1, Kind.INT)), If(inside, load)]
    if loop.once or single:
        found = Op("ge", (row, Lit(0, Kind.INT)), Kind.BOOL)
        return [*load, If(found, [Assign(loop.variable, row), *_region(loop)])]
    chain = Var(f"{loop.variable.name}f", Kind.INT)
    load = [Assign(chain, Lit(-1, Kind.INT)), If(inside, [Assign(chain, first)])] if inside is not None else []
    loop.first = first if inside is None else chain
    return [*load, loop]


def _region(loop: ChainLoop) -> list[Stmt]:
    """The body of a loop of one round."""
    own = (loop.label, f"{loop.label}.next")
    if not any(isinstance(inner, Break) and inner.label in own for inner in statements(loop.body)):
        return loop.body
    for inner in statements(loop.body):
        if isinstance(inner, Break) and inner.label in own:
            inner.label = loop.label
    return [Block(loop.label, loop.body)]


def _adds(statement: Assign) -> bool:
    """Whether a statement adds a constant to an integer."""
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
