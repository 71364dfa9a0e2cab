"""What is known at a place of a function: which conditions hold, which searches found something, what variables are.

Nothing is rewritten here: ``known.py`` walks a function and asks. A *claim* says that rows with certain properties
exist: ``Claim((n,), {x[#0] == a, y[#0] == b})`` is "one of ``range(n)`` has x == a and y == b". Without rows to choose
from it is a condition. Claims are in terms of what variables were assigned, so that different names for the same value
make no difference, and are forgotten when something that they mention changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wc_engine.compile.ir import Array, DynamicColumn, Expr, Kind, ListArray, Lit, Load, Op, Var
from wc_engine.compile.passes.coalesce import rename
from wc_engine.compile.passes.fold import fold
from wc_engine.compile.passes.walk import loads, variables

__all__ = ["Claim", "Facts", "Head", "bound_variable"]

_MAX_SIZE = 12
"""Values of more nodes than this keep their variable's name."""

Leaf = Var | Array
Head = tuple[Expr, str | None]
"""Which rows one is chosen from: their number, and their type where it is a static one."""


@dataclass(frozen=True, slots=True)
class Claim:
    """That rows exist, one of each head, for which all conditions hold; in these, the rows are ``bound_variable``."""

    heads: tuple[Head, ...]
    conditions: frozenset[Expr]

    @property
    def leaves(self) -> frozenset[Leaf]:
        """The variables and changing arrays that the claim is about."""
        parts = [*self.conditions, *(count for count, _ in self.heads)]
        return frozenset(leaf for part in parts for leaf in _leaves(part))

    def implies(self, other: Claim) -> bool:
        """Whether the other claim asks for less of the same rows."""
        return self.heads == other.heads and self.conditions >= other.conditions


def bound_variable(number: int) -> Var:
    """Return the name of a claim's row."""
    return Var(f"#{number}", Kind.INT)


def _leaves(expr: Expr) -> Iterator[Leaf]:
    yield from variables(expr)
    for array in loads(expr):
        if isinstance(array, (DynamicColumn, ListArray)):
            yield array


def _size(expr: Expr) -> int:
    if isinstance(expr, Op):
        return 1 + sum(map(_size, expr.args))
    return 1 + _size(expr.index) if isinstance(expr, Load) else 1


def conjuncts(expr: Expr) -> list[Expr]:
    """Return the parts of a conjunction."""
    if isinstance(expr, Op) and expr.name == "and":
        return [part for argument in expr.args for part in conjuncts(argument)]
    return [expr]


@dataclass(slots=True)
class Facts:
    """What is known at one place.

    Attributes:
        claims: which claims are true or false.
        values: what variables were assigned, in terms of what is still the same.
        means: truth values that say whether some of several claims are true.
        ranges: of which rows loop variables are one.
    """

    claims: dict[Claim, bool] = field(default_factory=dict)
    values: dict[Var, Expr] = field(default_factory=dict)
    means: dict[Var, tuple[Claim, ...]] = field(default_factory=dict)
    ranges: dict[Var, Head] = field(default_factory=dict)
    mentioned: set[Leaf] = field(default_factory=set)
    """At least what the facts mention."""
    apart: frozenset[tuple[int, str]] = frozenset()
    """(world, type) of the rows that nobody writes to and that have nothing but a place: no two are at the same."""

    def copy(self) -> Facts:
        """Return the same facts, to go on from by themselves."""
        return Facts(
            dict(self.claims), dict(self.values), dict(self.means), dict(self.ranges), set(self.mentioned), self.apart
        )

    def meet(self, other: Facts) -> Facts:
        """Return what is known here and there."""
        return Facts(
            {claim: truth for claim, truth in self.claims.items() if other.claims.get(claim) is truth},
            {var: value for var, value in self.values.items() if other.values.get(var) == value},
            {var: claims for var, claims in self.means.items() if other.means.get(var) == claims},
            {var: head for var, head in self.ranges.items() if other.ranges.get(var) == head},
            self.mentioned | other.mentioned,
            self.apart,
        )

    # ---- forgetting --------------------

    def forget(self, changed: Iterable[Leaf]) -> None:
        """Forget what mentions something that changes."""
        gone = set(changed) & self.mentioned
        if not gone:
            return
        self.mentioned -= gone
        self.claims = {claim: truth for claim, truth in self.claims.items() if not claim.leaves & gone}
        self.values = {
            var: value for var, value in self.values.items() if var not in gone and not set(_leaves(value)) & gone
        }
        self.means = {
            var: claims
            for var, claims in self.means.items()
            if var not in gone and not any(claim.leaves & gone for claim in claims)
        }
        self.ranges = {
            var: head for var, head in self.ranges.items() if var not in gone and not set(_leaves(head[0])) & gone
        }

    def _mention(self, claim: Claim) -> None:
        self.mentioned |= claim.leaves

    # ---- learning --------------------

    def assign(self, target: Var, value: Expr) -> None:
        """Note an assignment, whatever was known of the variable before."""
        told = self.resolved(value)
        self.forget([target])
        leaves = set(_leaves(told))
        if target not in leaves and _size(told) <= _MAX_SIZE:
            self.values[target] = told
            self.mentioned |= {target, *leaves}

    def mean(self, target: Var, claims: tuple[Claim, ...]) -> None:
        """Note that a truth value says whether some of the claims are true."""
        self.means[target] = claims
        self.mentioned.add(target)
        for claim in claims:
            self._mention(claim)

    def is_one_of(self, variable: Var, head: Head) -> None:
        """Note which rows a loop variable is one of."""
        self.ranges[variable] = head
        self.mentioned |= {variable, *_leaves(head[0])}

    def learn(self, condition: Expr, truth: bool) -> None:
        """Note that a condition holds, or does not."""
        self._learn(self.resolved(condition), truth)

    def _learn(self, told: Expr, truth: bool) -> None:
        if isinstance(told, Op) and told.name == "not":
            self._learn(told.args[0], not truth)
            return
        if isinstance(told, Op) and told.name == ("and" if truth else "or"):
            for part in told.args:
                self._learn(part, truth)
            return
        if isinstance(told, Var):
            claims = self.means.get(told, ())
            if not truth or len(claims) == 1:
                for claim in claims:
                    self._note(claim, truth)
        self._note(Claim((), frozenset(conjuncts(told))), truth)

    def _note(self, claim: Claim, truth: bool) -> None:
        self.claims[claim] = truth
        self._mention(claim)

    # ---- asking --------------------

    def resolved(self, expr: Expr) -> Expr:
        """Return an expression in terms of what variables were assigned, with equations in one order."""
        return _ordered(fold(rename(expr, dict(self.values))))

    def claim(self, heads: tuple[Head, ...], conditions: Iterable[Expr]) -> Claim:
        """Return a claim in the terms that facts are kept in."""
        told = frozenset(part for condition in conditions for part in conjuncts(self.resolved(condition)))
        return Claim(tuple((self.resolved(count), kind) for count, kind in heads), told)

    def truth_of(self, claim: Claim) -> bool | None:
        """Return whether a claim is known to be true or false."""
        told = self.claims.get(claim)
        if told is not None:
            return told
        if any(isinstance(part, Lit) and not part.value for part in claim.conditions):
            return False
        if all(isinstance(part, Lit) for part in claim.conditions) and not claim.heads:
            return True
        if self._are_apart(claim.conditions):
            return False
        for other, truth in self.claims.items():
            if other.implies(claim) if truth else claim.implies(other):
                return truth
        return True if len(claim.heads) == 1 and self._is_shown(claim) else None

    def _are_apart(self, conditions: frozenset[Expr]) -> bool:
        """Whether conditions ask for two rows at one place that are never there."""
        same: dict[object, set[str]] = {}
        for condition in conditions:
            if not isinstance(condition, Op) or condition.name != "eq":
                continue
            one, other = condition.args
            if not isinstance(one, Load) or not isinstance(other, Load) or not isinstance(one.array, DynamicColumn):
                continue
            rows = {one.index, other.index}
            if one.array == other.array and len(rows) == 2 and all(isinstance(row, Lit) for row in rows):
                table = (one.array.world, one.array.type_name)
                if table in self.apart:
                    same.setdefault((table, frozenset(rows)), set()).add(one.array.attribute)
        return any(names >= {"x", "y"} for names in same.values())

    def _is_shown(self, claim: Claim) -> bool:
        """Whether a row that a loop is at is one of those that a claim is about."""
        return any(
            head == claim.heads[0]
            and all(_is_certain(fold(rename(part, {bound_variable(0): row}))) for part in claim.conditions)
            for row, head in self.ranges.items()
        )

    def holds(self, condition: Expr) -> bool | None:
        """Return whether a condition is known to hold, or not to."""
        return self._holds(self.resolved(condition))

    def _holds(self, told: Expr) -> bool | None:
        if isinstance(told, Lit):
            return bool(told.value)
        if isinstance(told, Op) and told.name == "not":
            inner = self._holds(told.args[0])
            return None if inner is None else not inner
        if isinstance(told, Op) and told.name in ("and", "or"):
            decides = told.name == "or"
            parts = [self._holds(part) for part in told.args]
            if decides in parts:
                return decides
            if None not in parts:
                return not decides
        if isinstance(told, Var) and told in self.means:
            parts = [self.truth_of(claim) for claim in self.means[told]]
            if True in parts:
                return True
            if None not in parts:
                return False
        return self.truth_of(Claim((), frozenset(conjuncts(told))))


def _is_certain(condition: Expr) -> bool:
    """Whether a condition holds of whatever values."""
    if isinstance(condition, Lit):
        return bool(condition.value)
    same = isinstance(condition, Op) and condition.name == "eq" and condition.args[0] == condition.args[1]
    return same and condition.args[0].kind is not Kind.FLOAT  # type: ignore[union-attr]


def _ordered(expr: Expr) -> Expr:
    if isinstance(expr, Load):
        return Load(expr.array, _ordered(expr.index), expr.kind)
    if not isinstance(expr, Op):
        return expr
    args = tuple(map(_ordered, expr.args))
    if expr.name in ("eq", "ne"):
        args = tuple(sorted(args, key=repr))
    if expr.name == "ne":
        return Op("not", (Op("eq", args, Kind.BOOL),), Kind.BOOL)
    return Op(expr.name, args, expr.kind)
