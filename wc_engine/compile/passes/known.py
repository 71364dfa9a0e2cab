"""Leave out what the path to a place has decided already.

before::

    block: for b in range(boxes): if Box.x[b] == x and Box.y[b] == y: seen = True; leave
           seen = False
    if not seen:
        block: for b in range(boxes): if Box.x[b] == x and Box.y[b] == y: found = True; leave
               found = False
        if found: count = count + 1

after::

    block: for b in range(boxes): if Box.x[b] == x and Box.y[b] == y: seen = True; leave
           seen = False

A search is a block that ends with whether some row has certain properties. That one is known to have none, or some,
tells what others will find: those for less, or among the rows that a loop is just at.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from wc_engine.compile.ir import (
    FALSE,
    TRUE,
    Assign,
    Block,
    Break,
    ChainLoop,
    Comment,
    DynamicColumn,
    Expr,
    Fail,
    Forever,
    If,
    Kind,
    Lit,
    Load,
    Loop,
    Op,
    Pack,
    Stmt,
    Store,
    Unpack,
    Var,
)
from wc_engine.compile.passes.facts import Claim, Facts, Head, Leaf, bound_variable
from wc_engine.compile.passes.fold import fold_constants
from wc_engine.compile.passes.walk import assigned, expressions, loads, map_expressions, statements, variables
from wc_engine.state.schema import Schema

__all__ = ["leave_out_known"]


def leave_out_known(body: list[Stmt], schema: Schema) -> list[Stmt]:
    """Return statements that do the same, with less to find out."""
    columns = {a for s in statements(body) for a in _touched(s) if isinstance(a, DynamicColumn)}
    written = {s.array for s in statements(body) if isinstance(s, Store)}
    changed = {(array.world, array.type_name) for array in written if isinstance(array, DynamicColumn)}
    plain = {one.name for one in schema.types if one.attribute_names == ("x", "y")}
    tables = {(column.world, column.type_name) for column in columns}
    apart = frozenset((world, name) for world, name in tables - changed if name in plain)
    _Walker(_reads(body), columns).follow(body, Facts(apart=apart))
    return fold_constants(body)


def _reads(body: list[Stmt]) -> Counter[Var]:
    return Counter(v for s in statements(body) for e in expressions(s) for v in variables(e))


def _touched(statement: Stmt) -> set[Leaf]:
    """The arrays that a statement itself reads or writes."""
    found: set[Leaf] = {array for expr in expressions(statement) for array in loads(expr)}
    return found | ({statement.array} if isinstance(statement, Store) else set())


@dataclass(slots=True)
class _Part:
    """One of the ways in which a search can find something.

    Attributes:
        place: which statement of the block it is.
        claim: what is found.
    """

    place: int
    claim: Claim


class _Walker:
    """Follows a function from its beginning with what is known.

    Args:
        reads: how often the function reads each variable.
        columns: all columns of dynamic types that it reads or writes.
    """

    def __init__(self, reads: Counter[Var], columns: set[DynamicColumn]) -> None:
        self._reads = reads
        self._columns = columns

    def follow(self, body: list[Stmt], facts: Facts) -> Facts | None:
        """Rewrite statements in place; return what is known behind them, or None where no path gets there."""
        for place, statement in enumerate(body):
            if isinstance(statement, (Break, Fail)):
                return None
            replaced = self._search(statement, facts) if isinstance(statement, Block) else None
            if replaced is not None:
                body[place] = statement = replaced
            after = self._statement(statement, facts)
            if after is None:
                del body[place + 1 :]
                return None
            facts = after
        return facts

    def _statement(self, statement: Stmt, facts: Facts) -> Facts | None:
        map_expressions(statement, lambda expr: _decided(expr, facts))
        if isinstance(statement, Assign):
            facts.assign(statement.target, statement.value)
        elif isinstance(statement, If):
            return self._if(statement, facts)
        elif isinstance(statement, (Loop, ChainLoop, Forever)):
            return self._loop(statement, facts)
        elif isinstance(statement, Block):
            parts = _parts_of(statement, facts)
            facts = self._block(statement, facts)
            if parts is not None:
                facts.mean(_told(statement), tuple(part.claim for part in parts))
        else:
            facts.forget(self._changed([statement]))
        return facts

    def _if(self, statement: If, facts: Facts) -> Facts | None:
        sides = []
        for side, truth in ((statement.then, True), (statement.orelse, False)):
            if isinstance(statement.condition, Lit) and bool(statement.condition.value) != truth:
                continue  # folding drops this side
            own = facts.copy()
            own.learn(statement.condition, truth)
            sides.append(self.follow(side, own))
        reached = [side for side in sides if side is not None]
        if not reached:
            return None
        return reached[0] if len(reached) == 1 else reached[0].meet(reached[1])

    def _loop(self, statement: Loop | ChainLoop | Forever, facts: Facts) -> Facts:
        facts.forget(self._changed([statement]))
        inside = facts.copy()
        if isinstance(statement, Loop):
            inside.is_one_of(statement.variable, (facts.resolved(statement.count), statement.static_type))
        self.follow(statement.body, inside)
        return facts

    def _block(self, statement: Block, facts: Facts) -> Facts:
        inside = facts.copy()
        facts.forget(self._changed([statement]))
        after = self.follow(statement.body, inside)
        leaves_early = any(isinstance(s, Break) and s.label == statement.label for s in statements(statement.body))
        return facts if leaves_early or after is None else after

    def _changed(self, body: list[Stmt]) -> set[Leaf]:
        changed: set[Leaf] = set(assigned(body))
        for statement in statements(body):
            if isinstance(statement, Store):
                changed.add(statement.array)
            elif isinstance(statement, Pack):
                changed.add(statement.codes)
            elif isinstance(statement, Unpack):
                table = (statement.world, statement.type_name)
                changed |= {column for column in self._columns if (column.world, column.type_name) == table}
        return changed

    # ---- searches --------------------

    def _search(self, block: Block, facts: Facts) -> Stmt | None:
        """Return what is left of a search; None where the block is none, or nothing of it is known."""
        parts = _parts_of(block, facts)
        if parts is None or self._shows_more(block):
            return None
        told = {part.place: facts.truth_of(part.claim) for part in parts}
        if True in told.values():
            return Assign(_told(block), TRUE)
        missed = [place for place, truth in told.items() if truth is False]
        if not missed:
            return None
        if len(missed) == len(told):
            return Assign(_told(block), FALSE)
        return Block(block.label, [s for place, s in enumerate(block.body) if place not in missed])

    def _shows_more(self, block: Block) -> bool:
        """Whether something else that a search assigns is read behind it: the row that was found, say."""
        inside = _reads(block.body)
        return any(self._reads[variable] != inside[variable] for variable in assigned([block]) - {_told(block)})


def _decided(expr: Expr, facts: Facts) -> Expr:
    """Return an expression with the truth values in it that are known."""
    if isinstance(expr, Lit):
        return expr
    if expr.kind is Kind.BOOL:
        truth = facts.holds(expr)
        if truth is not None:
            return Lit(truth, Kind.BOOL)
    if isinstance(expr, Op):
        return Op(expr.name, tuple(_decided(argument, facts) for argument in expr.args), expr.kind)
    return Load(expr.array, _decided(expr.index, facts), expr.kind) if isinstance(expr, Load) else expr


def _told(block: Block) -> Var:
    """The truth value that a search ends with."""
    last = _code(block.body)[-1]
    assert isinstance(last, Assign)
    return last.target


def _code(body: list[Stmt]) -> list[Stmt]:
    return [statement for statement in body if not isinstance(statement, Comment)]


def _parts_of(block: Block, facts: Facts) -> list[_Part] | None:
    """Return what a search looks for, in terms of what is known before it; None where a block is no search."""
    code = _code(block.body)
    last = code[-1] if code else None
    if not isinstance(last, Assign) or last.value != FALSE or len(code) < 2:
        return None
    inside, own = facts.copy(), assigned([block])
    inside.forget(own)
    reader = _Reader(last.target, block.label)
    parts: list[_Part] = []
    for place, statement in enumerate(block.body):
        if statement is last or isinstance(statement, Comment):
            continue
        if isinstance(statement, Assign):
            if statement.target == last.target:
                return None
            inside.assign(statement.target, statement.value)
            continue
        claim = reader.claim(statement, inside, (), [])
        if claim is None or claim.leaves & own:
            return None  # what it looks for has no name that is good behind it
        parts.append(_Part(place, claim))
    return parts or None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads what a statement of a search looks for.

    Attributes:
        target: the truth value that says so.
        label: the block's.
    """

    target: Var
    label: str

    def claim(self, statement: Stmt, facts: Facts, heads: tuple[Head, ...], conditions: list[Expr]) -> Claim | None:
        """Return the one thing that a loop or branch looks for; None where it does anything else."""
        if isinstance(statement, If) and not _code(statement.orelse):
            inner = facts.copy()
            return self._body(statement.then, inner, heads, [*conditions, inner.resolved(statement.condition)])
        if not isinstance(statement, Loop):
            return None
        inner = facts.copy()
        head = (inner.resolved(statement.count), statement.static_type)
        inner.assign(statement.variable, bound_variable(len(heads)))
        return self._body(statement.body, inner, (*heads, head), conditions)

    def _body(self, body: list[Stmt], facts: Facts, heads: tuple[Head, ...], conditions: list[Expr]) -> Claim | None:
        code = _code(body)
        if code == [Assign(self.target, TRUE), Break(self.label)]:
            return facts.claim(heads, conditions)
        if not code:
            return None
        *before, last = code
        for statement in before:
            if not isinstance(statement, Assign) or statement.target == self.target:
                return None
            facts.assign(statement.target, statement.value)
        return self.claim(last, facts, heads, conditions)
