"""Compute once what is computed again in the same way, from the same values.

before::

    count = 0
    for t in rows of Target: ... count = count + 1
    ...
    again = 0
    for t in rows of Target: ... again = again + 1

after::

    count = 0
    for t in rows of Target: ... count = count + 1
    ...
    again = count

Regions are compared up to the names of the variables that they assign. A region has no effect but on these, needs none
of them from before, and what it reads must not change between the two.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from wc_engine.compile.ir import (
    Array,
    Assign,
    Block,
    Break,
    ChainLoop,
    Comment,
    Count,
    DynamicColumn,
    Expr,
    Forever,
    If,
    ListArray,
    Lit,
    Load,
    Loop,
    Op,
    Stmt,
    Store,
    Unpack,
    Var,
)
from wc_engine.compile.passes.walk import assigned, bodies, expressions, loads, statements, variables

__all__ = ["share_repeats"]

_MIN_STATEMENTS = 3


def share_repeats(body: list[Stmt]) -> list[Stmt]:
    """Return statements in which repeated regions are copies of their first results."""
    _Sharing(_reads(body)).rewrite(body, [])
    return body


def _reads(body: list[Stmt]) -> Counter[Var]:
    """How often each variable is read."""
    return Counter(v for s in statements(body) for e in expressions(s) for v in variables(e))


@dataclass(slots=True)
class _Known:
    """A region that was computed: its key, its variables in order, and what must not change."""

    key: object
    results: list[Var]
    reads: set[Var]
    arrays: set[Array]


class _Sharing:
    """Walks through a function.

    Args:
        reads: how often the function reads each variable.
    """

    def __init__(self, reads: Counter[Var]) -> None:
        self._reads = reads

    def rewrite(self, body: list[Stmt], known: list[_Known]) -> None:
        """Rewrite a list of statements in place; ``known`` are the regions computed before it."""
        known = list(known)
        position = 0
        while position < len(body):
            length = _region_length(body, position)
            region = body[position : position + length]
            summary = self._summary(region) if length else None
            match = None if summary is None else next((k for k in known if k.key == summary.key), None)
            if summary is not None and match is not None:
                copies: list[Stmt] = [Assign(a, b) for a, b in zip(summary.results, match.results, strict=True)]
                body[position : position + length] = copies
                _forget(known, copies, keep=match)
                position += len(copies)
                continue
            statement = body[position]
            for inner in bodies(statement):
                around = list(known)
                if isinstance(statement, (Loop, ChainLoop, Forever)):
                    _forget(around, [statement])
                self.rewrite(inner, around)
            _forget(known, [statement])
            if summary is not None and length == 1:
                known.append(summary)
            elif summary is not None:
                # The first statements of a longer region stay; it is known when its last one is through.
                for later in region[1:]:
                    for inner in bodies(later):
                        self.rewrite(inner, list(known) if not isinstance(later, (Loop, ChainLoop, Forever)) else [])
                _forget(known, region)
                known.append(summary)
                position += length
                continue
            position += 1

    def _summary(self, region: list[Stmt]) -> _Known | None:
        """Return a region as what can be known of it, or None where it has effects or needs its own variables."""
        if sum(not isinstance(s, Comment) for s in statements(region)) < _MIN_STATEMENTS:
            return None
        if any(not isinstance(s, (Assign, If, Loop, ChainLoop, Block, Break, Comment)) for s in statements(region)):
            return None
        own = assigned(region)
        key = _Key(own)
        try:
            done: set[Var] = set()
            parts = key.body(region, done)
        except _Impure:
            return None
        inside = _reads(region)
        if any(self._reads[variable] > inside[variable] for variable in own - done):
            return None  # where the region does not assign it, it keeps a value from before
        reads = {v for s in statements(region) for e in expressions(s) for v in variables(e)} - own
        arrays = {a for s in statements(region) for e in expressions(s) for a in loads(e)}
        return _Known(parts, list(key.names), reads, {a for a in arrays if isinstance(a, (DynamicColumn, ListArray))})


def _region_length(body: list[Stmt], position: int) -> int:
    """How many statements from a position make a region: assignments of constants, and the loop or branch behind."""
    place = position
    while place < len(body) and isinstance(body[place], (Assign, Comment)):
        statement = body[place]
        if isinstance(statement, Assign) and not isinstance(statement.value, Lit):
            return 0
        place += 1
    if place < len(body) and isinstance(body[place], (Loop, If, Block)):
        return place + 1 - position
    return 0


def _forget(known: list[_Known], changed: list[Stmt], keep: _Known | None = None) -> None:
    names = assigned(changed)
    arrays = {s.array for s in statements(changed) if isinstance(s, Store)}
    unpacked = {(s.world, s.type_name) for s in statements(changed) if isinstance(s, Unpack)}
    for item in list(known):
        columns = {(a.world, a.type_name) for a in item.arrays if isinstance(a, DynamicColumn)}
        touched = names & item.reads or names & set(item.results) or arrays & item.arrays or unpacked & columns
        if touched and item is not keep:
            known.remove(item)


class _Impure(Exception):
    """The region is more than a computation of its own variables."""


@dataclass(slots=True)
class _Key:
    """Builds a region's key, in which its own variables and labels are numbers."""

    own: set[Var]
    names: dict[Var, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)

    def body(self, body: list[Stmt], assigned_before: set[Var]) -> tuple[object, ...]:
        """Return the key of statements; ``assigned_before`` is extended by what they certainly assign."""
        return tuple(self._statement(s, assigned_before) for s in body if not isinstance(s, Comment))

    def _statement(self, statement: Stmt, done: set[Var]) -> object:
        if isinstance(statement, Assign):
            value = self._expr(statement.value, done)
            done.add(statement.target)
            return "assign", self._name(statement.target), value
        if isinstance(statement, Break):
            if statement.label not in self.labels:
                raise _Impure
            return "break", self.labels[statement.label]
        if isinstance(statement, If):
            condition = self._expr(statement.condition, done)
            sides = set(done), set(done)
            parts = self.body(statement.then, sides[0]), self.body(statement.orelse, sides[1])
            for side, code in zip(sides, (statement.then, statement.orelse), strict=True):
                if code and isinstance(code[-1], Break):
                    side |= self.own  # nothing goes on from here
            done |= sides[0] & sides[1]
            return "if", condition, parts
        assert isinstance(statement, (Loop, ChainLoop, Block))
        self.labels[statement.label] = len(self.labels)
        if isinstance(statement, Block):
            # What every path through a block assigns is not followed past its breaks: it may have been left early.
            inside = set(done)
            part = self.body(statement.body, inside)
            if not _leaves(statement.body, statement.label):
                done |= inside
            else:
                done |= _always_assigned(statement.body, statement.label, set(done))
            return "block", self.labels[statement.label], part
        head = [self._expr(expr, done) for expr in expressions(statement)]
        kind = statement.static_type if isinstance(statement, Loop) else statement.type_name
        inside = {*done, statement.variable}
        return type(statement).__name__, kind, self._name(statement.variable), head, self.body(statement.body, inside)

    def _name(self, variable: Var) -> object:
        return self.names.setdefault(variable, len(self.names)), variable.kind

    def _expr(self, expr: Expr, done: set[Var]) -> object:
        if isinstance(expr, Var):
            if expr not in self.own:
                return expr
            if expr not in done:
                raise _Impure
            return self._name(expr)
        if isinstance(expr, Op):
            return expr.name, tuple(self._expr(argument, done) for argument in expr.args)
        if isinstance(expr, Load):
            return expr.array, self._expr(expr.index, done)
        assert isinstance(expr, (Lit, Count))
        return (expr, repr(expr.value)) if isinstance(expr, Lit) else expr


def _leaves(body: list[Stmt], label: str) -> bool:
    return any(isinstance(s, Break) and s.label == label for s in statements(body))


def _always_assigned(body: list[Stmt], label: str, done: set[Var]) -> set[Var]:
    """What is assigned on every path that leaves a block, by its end or by a break to its label."""
    exits: list[set[Var]] = []

    def follow(code: list[Stmt], have: set[Var]) -> set[Var] | None:
        for statement in code:
            if isinstance(statement, Assign):
                have.add(statement.target)
            elif isinstance(statement, Break):
                if statement.label == label:
                    exits.append(have)
                return None
            elif isinstance(statement, If):
                sides = follow(statement.then, set(have)), follow(statement.orelse, set(have))
                live = [side for side in sides if side is not None]
                if not live:
                    return None
                have = set.intersection(*live)
            elif isinstance(statement, (Loop, ChainLoop, Block)):
                inner = {*have, statement.variable} if isinstance(statement, (Loop, ChainLoop)) else set(have)
                after = follow(statement.body, inner)
                if isinstance(statement, Block) and after is not None and not _leaves(statement.body, statement.label):
                    have = after
        return have

    end = follow(body, set(done))
    if end is not None:
        exits.append(end)
    return set.intersection(*exits) if exits else done
