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
    Pack,
    SetResult,
    Stmt,
    Store,
    Unpack,
    Var,
)
from wc_engine.compile.passes.walk import bodies, expressions, statements, variables

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
            statement.target, statement.value = target, rename(statement.value, names)
        elif isinstance(statement, Store):
            statement.index, statement.value = rename(statement.index, names), rename(statement.value, names)
        elif isinstance(statement, If):
            statement.condition = rename(statement.condition, names)
        elif isinstance(statement, Loop):
            statement.count = rename(statement.count, names)
        elif isinstance(statement, ChainLoop):
            statement.x, statement.y = rename(statement.x, names), rename(statement.y, names)
        elif isinstance(statement, Pack):
            statement.count = rename(statement.count, names)
        elif isinstance(statement, SetResult):
            statement.reward, statement.done = rename(statement.reward, names), rename(statement.done, names)


def coalesce_copies(body: list[Stmt]) -> list[Stmt]:
    """Return statements with fewer copies between variables."""
    loop_variables = {s.variable for s in statements(body) if isinstance(s, (Loop, ChainLoop))}
    fixed = loop_variables | {s.count for s in statements(body) if isinstance(s, Unpack) and s.count is not None}
    refused: set[tuple[Var, Var]] = set()
    while True:
        copies = [
            (s.target, s.value)
            for s in statements(body)
            if isinstance(s, Assign) and isinstance(s.value, Var) and s.target != s.value
        ]
        merged = False
        for target, source in copies:
            if target in fixed or source in fixed or (target, source) in refused or target == source:
                continue
            if _interfere(body, target, source):
                refused |= {(target, source), (source, target)}
                continue
            _rename_in(body, {target: source})
            merged = True
            break
        if not merged:
            return _without_self_copies(body)


def _without_self_copies(body: list[Stmt]) -> list[Stmt]:
    result = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = _without_self_copies(inner)
        if not (isinstance(statement, Assign) and statement.target == statement.value):
            result.append(statement)
    return result


def _interfere(body: list[Stmt], a: Var, b: Var) -> bool:
    """Whether one of two variables is assigned, other than from the other one, while the other is live."""
    return _Liveness(a, b).run(body)


class _Liveness:
    """Backward liveness of two variables through structured code."""

    def __init__(self, a: Var, b: Var) -> None:
        self._pair = (a, b)
        self._at_label: dict[str, frozenset[Var]] = {}
        self._clash = False

    def run(self, body: list[Stmt]) -> bool:
        """Return whether the two interfere anywhere."""
        self._body(body, frozenset())
        return self._clash

    def _uses(self, statement: Stmt) -> frozenset[Var]:
        found = {v for expr in expressions(statement) for v in variables(expr)}
        return frozenset(v for v in self._pair if v in found)

    def _body(self, body: list[Stmt], live: frozenset[Var]) -> frozenset[Var]:
        for statement in reversed(body):
            live = self._statement(statement, live)
        return live

    def _statement(self, statement: Stmt, live: frozenset[Var]) -> frozenset[Var]:
        if isinstance(statement, Assign):
            target = statement.target
            if target in self._pair:
                other = self._pair[1] if target == self._pair[0] else self._pair[0]
                if other in live and statement.value != other:
                    self._clash = True
                live = live - {target}
            return live | self._uses(statement)
        if isinstance(statement, Break):
            return self._at_label.get(statement.label, frozenset())
        if isinstance(statement, Fail):
            return frozenset()
        if isinstance(statement, If):
            return self._body(statement.then, live) | self._body(statement.orelse, live) | self._uses(statement)
        if isinstance(statement, Block):
            self._at_label[statement.label] = live
            return self._body(statement.body, live)
        if isinstance(statement, (Loop, ChainLoop, Forever)):
            after = frozenset() if isinstance(statement, Forever) else live
            self._at_label[statement.label] = live
            head = after
            while True:
                new = after | self._body(statement.body, head)
                if new == head:
                    break
                head = new
            return head | self._uses(statement)
        return live | self._uses(statement)
