"""Give a value that is handed from variable to variable one name.

before::

    t = count
    loop:
        u = t
        if hit: u = t + 1
        t = u
    count2 = t

after::

    loop:
        if hit: count = count + 1

Two variables become one where one is copied to the other and neither is assigned while the other one's value is still
wanted, which a linear reading of the structured code decides.
"""

from __future__ import annotations

from wc_engine.compile.ir import (
    Assign,
    Block,
    Break,
    ChainLoop,
    Expr,
    Fail,
    Forever,
    If,
    Load,
    Loop,
    Op,
    Stmt,
    Unpack,
    Var,
)
from wc_engine.compile.passes.walk import bodies, expressions, map_expressions, statements, variables

__all__ = ["coalesce_copies", "rename"]


def rename(expr: Expr, names: dict[Var, Expr]) -> Expr:
    """Return an expression with variables replaced."""
    if isinstance(expr, Var):
        return names.get(expr, expr)
    if isinstance(expr, Op):
        return Op(expr.name, tuple(rename(argument, names) for argument in expr.args), expr.kind)
    if isinstance(expr, Load):
        return Load(expr.array, rename(expr.index, names), expr.kind)
    return expr


def _rename_in(body: list[Stmt], names: dict[Var, Expr]) -> None:
    for statement in statements(body):
        if isinstance(statement, Assign):
            target = names.get(statement.target, statement.target)
            assert isinstance(target, Var)
            statement.target = target
        map_expressions(statement, lambda expr: rename(expr, names))


def coalesce_copies(body: list[Stmt]) -> list[Stmt]:
    """Return statements with fewer copies between variables."""
    loop_variables = {s.variable for s in statements(body) if isinstance(s, (Loop, ChainLoop))}
    fixed = loop_variables | {s.count for s in statements(body) if isinstance(s, Unpack) and s.count is not None}
    while True:
        copies = [
            (s.target, s.value)
            for s in statements(body)
            if isinstance(s, Assign) and isinstance(s.value, Var) and s.target != s.value
        ]
        names = _merge([pair for pair in dict.fromkeys(copies) if not fixed & set(pair)], body)
        if not names:
            return _without_self_copies(body)
        _rename_in(body, names)


def _merge(copies: list[tuple[Var, Var]], body: list[Stmt]) -> dict[Var, Expr]:
    """Return one name for variables that are copied to each other and do not interfere, by the names that go."""
    places = {variable: place for place, variable in enumerate(dict.fromkeys(v for pair in copies for v in pair))}
    clashes = _Interference(places).run(body)
    members = [1 << place for place in range(len(places))]
    leader: dict[Var, Var] = {variable: variable for variable in places}
    for target, source in copies:
        gone, kept = leader[target], leader[source]
        one, other = places[gone], places[kept]
        if gone == kept or clashes[one] & members[other]:
            continue
        members[other] |= members[one]
        clashes[other] |= clashes[one]
        for variable, place in places.items():
            if members[one] >> place & 1:
                leader[variable] = kept
    return {variable: name for variable, name in leader.items() if variable != name}


def _without_self_copies(body: list[Stmt]) -> list[Stmt]:
    result = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = _without_self_copies(inner)
        if not (isinstance(statement, Assign) and statement.target == statement.value):
            result.append(statement)
    return result


class _Interference:
    """Backward liveness of some variables through structured code, as bit masks.

    Two variables interfere where one is assigned, other than from the other one, while the other is live.

    Args:
        places: the variables, each with its bit.
    """

    def __init__(self, places: dict[Var, int]) -> None:
        self._places = places
        self._at_label: dict[str, int] = {}
        self._clashes = [0] * len(places)

    def run(self, body: list[Stmt]) -> list[int]:
        """Return, for each variable, those that it interferes with."""
        self._body(body, 0)
        for place, mask in enumerate(list(self._clashes)):
            for other in range(len(self._clashes)):
                if mask >> other & 1:
                    self._clashes[other] |= 1 << place
        return self._clashes

    def _uses(self, statement: Stmt) -> int:
        mask = 0
        for expr in expressions(statement):
            for variable in variables(expr):
                place = self._places.get(variable)
                if place is not None:
                    mask |= 1 << place
        return mask

    def _body(self, body: list[Stmt], live: int) -> int:
        for statement in reversed(body):
            live = self._statement(statement, live)
        return live

    def _statement(self, statement: Stmt, live: int) -> int:
        if isinstance(statement, Assign):
            place = self._places.get(statement.target)
            if place is not None:
                live &= ~(1 << place)
                copied = self._places.get(statement.value) if isinstance(statement.value, Var) else None
                self._clashes[place] |= live if copied is None else live & ~(1 << copied)
            return live | self._uses(statement)
        if isinstance(statement, Break):
            return self._at_label.get(statement.label, 0)
        if isinstance(statement, Fail):
            return 0
        if isinstance(statement, If):
            return self._body(statement.then, live) | self._body(statement.orelse, live) | self._uses(statement)
        if isinstance(statement, Block):
            self._at_label[statement.label] = live
            return self._body(statement.body, live)
        if isinstance(statement, (Loop, ChainLoop, Forever)):
            after = 0 if isinstance(statement, Forever) else live
            self._at_label[statement.label] = live
            head = after
            while True:
                self._at_label[f"{statement.label}.next"] = head
                new = after | self._body(statement.body, head)
                if new == head:
                    break
                head = new
            return head | self._uses(statement)
        return live | self._uses(statement)
