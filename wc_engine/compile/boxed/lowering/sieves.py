"""Sieves: loops that look for some elements pass over the others in one call of the runtime.

Before::

    [e for e in state if e.name == "Wall" and e.x == x + 1]

After: the loop asks for the next element that ``e.name == "Wall" and e.x == x + 1`` may hold for, and tests it as ever.

The runtime (csrc/boxed/sieves.c) passes over an element only where the condition is certainly false and looking had no
effect: an instance without properties, whose attributes are there, small ints and strings compared with such. What
elements are compared with is *peeked* at: its value where evaluating it has no effect, else 0, and then no element is
passed over.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wc_engine.compile.boxed.frame import Frame
from wc_engine.compile.boxed.lowering.expressions import constant_value
from wc_engine.compile.boxed.scopes import Variable
from wc_engine.compile.boxed.tables import is_small

__all__ = ["Sieve", "sieve_of"]

Peek: TypeAlias = Callable[[], str]
"""Lowers a look at a value: the word, or 0."""

_EQUAL, _PAIR, _PAIR_OF, _AMONG, _IS, _INSTANCE, _CLASS_NAME = range(7)
_NEGATED, _ENDS_CLAUSE = 0x100, 0x200
_MOST_WORDS = 24


@dataclass(frozen=True)
class _Literal:
    kind: int
    keys: tuple[Peek, ...]
    slots: tuple[int, int] = (0, 0)
    negated: bool = False

    def word(self, *, ends_clause: bool) -> int:
        """What describes it to the runtime."""
        flags = (_NEGATED if self.negated else 0) | (_ENDS_CLAUSE if ends_clause else 0)
        return self.kind | flags | self.slots[0] << 16 | self.slots[1] << 24 | len(self.keys) << 32


@dataclass(frozen=True)
class Sieve:
    """The beginning of a condition.

    Attributes:
        clauses: all of them have to hold: one of the literals of each.
        survivor: the target's name where it means something after the loop.
    """

    clauses: tuple[tuple[_Literal, ...], ...]
    survivor: str | None

    def lower_next(self, frame: Frame, iterator: str) -> tuple[str, str]:
        """Lower the call for the next element; return it, and where the last one that was passed over is told."""
        words = ["0"]
        for clause in self.clauses:
            for literal in clause:
                words.append(str(literal.word(ends_clause=literal is clause[-1])))
                words += [peek() for peek in literal.keys]
        row = frame.text.arguments(words)
        arguments = f"ptr %ctx, i64 {iterator}, i32 {len(words)}, ptr {row}"
        return frame.text.value(f"call i64 @wcb_next_sifted({arguments})", "item"), row

    def keep_last(self, frame: Frame, last: str) -> None:
        """At the loop's end, bind the target to the last element that was passed over, if the loop ended with such."""
        if self.survivor is None:
            return
        text = frame.text
        bind, kept = text.label("passed"), text.label("kept")
        text.branch(text.value(f"icmp eq i64 {last}, 0"), kept, bind)
        text.place_open(bind)
        frame.store_name(self.survivor, last)
        text.place(kept)


def sieve_of(frame: Frame, target: ast.expr, conditions: Sequence[ast.expr], *, survives: bool = False) -> Sieve | None:
    """Return the sieve of a loop whose elements are of interest only where conditions hold; None: there is none.

    Args:
        frame: where, in the scope that the conditions are in.
        target: the loop's target.
        conditions: what is asked of each element first, in this order.
        survives: whether the target means something after the loop.
    """
    if not isinstance(target, ast.Name) or frame.module:
        return None
    reader = _Reader(frame, target.id)
    clauses: list[tuple[_Literal, ...]] = []
    for condition in conditions:
        more, whole = reader.clauses(condition, negated=False)
        clauses += more
        if not whole:
            break
    clauses.sort(key=lambda clause: clause[0].kind == _IS and len(clause) == 1)  # asking that has no effect, ever
    if not clauses or not _is_seen_at_once(clauses[0]) or reader.num_words > _MOST_WORDS:
        return None
    return Sieve(tuple(clauses), target.id if survives else None)


def _is_seen_at_once(clause: tuple[_Literal, ...]) -> bool:
    """Whether the runtime has a short way to see that a clause leaves an element out."""
    kind, negated = clause[0].kind, clause[0].negated
    return len(clause) == 1 and (kind in (_AMONG, _INSTANCE, _CLASS_NAME) or not negated)


class _Reader:
    """Reads conditions on one element."""

    def __init__(self, frame: Frame, element: str) -> None:
        self.frame = frame
        self.element = element
        self.num_words = 1

    def clauses(self, node: ast.expr, *, negated: bool) -> tuple[list[tuple[_Literal, ...]], bool]:
        """The clauses at the beginning of a condition, and whether they are all of it."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.clauses(node.operand, negated=not negated)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) != negated:
            found: list[tuple[_Literal, ...]] = []
            for item in node.values:
                more, whole = self.clauses(item, negated=negated)
                found += more
                if not whole:
                    return found, False
            return found, True
        literals = self._clause(node, negated=negated)
        return ([tuple(literals)], True) if literals else ([], False)

    def _clause(self, node: ast.expr, *, negated: bool) -> list[_Literal]:
        """The literals of a disjunction; none where it is more than that."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._clause(node.operand, negated=not negated)
        if isinstance(node, ast.BoolOp):
            parts = [self._clause(item, negated=negated) for item in node.values]
            disjunction = isinstance(node.op, ast.Or) != negated
            return [literal for part in parts for literal in part] if disjunction and all(parts) else []
        literal = self._literal(node, negated=negated)
        if literal is None:
            return []
        self.num_words += 1 + len(literal.keys)
        return [literal]

    def _literal(self, node: ast.expr, *, negated: bool) -> _Literal | None:
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name() as value, types], keywords=[]):
                if value.id != self.element or not self.frame.links.is_builtin(self.frame, "isinstance"):
                    return None
                return _complete(
                    _INSTANCE, self._peeks(types.elts if isinstance(types, ast.Tuple) else [types]), negated
                )
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._comparison(left, operator, right, negated)
        return None

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr, negated: bool) -> _Literal | None:
        if isinstance(operator, (ast.NotEq, ast.IsNot, ast.NotIn)):
            negated = not negated
        match operator:
            case ast.Eq() | ast.NotEq():
                return self._equality(left, right, negated) or self._equality(right, left, negated)
            case ast.In() | ast.NotIn():
                slot = self._slot(left)
                return None if slot is None else _complete(_AMONG, self._peeks([right]), negated, slot)
            case ast.Is() | ast.IsNot():
                if isinstance(left, ast.Name) and left.id == self.element:
                    return _complete(_IS, self._peeks([right]), negated)
        return None

    def _equality(self, asked: ast.expr, other: ast.expr, negated: bool) -> _Literal | None:
        slot = self._slot(asked)
        if slot is not None:
            return _complete(_EQUAL, self._peeks([other]), negated, slot)
        if isinstance(asked, ast.Tuple) and len(asked.elts) == 2:
            first, second = map(self._slot, asked.elts)
            if first is None or second is None:
                return None
            if isinstance(other, ast.Tuple) and len(other.elts) == 2:
                return _complete(_PAIR, self._peeks(other.elts), negated, first, second)
            return _complete(_PAIR_OF, self._peeks([other]), negated, first, second)
        if self._is_class_name(asked):
            return _complete(_CLASS_NAME, self._peeks([other]), negated)
        return None

    def _is_class_name(self, node: ast.expr) -> bool:
        """Whether an expression is ``type(element).__name__`` or ``element.__class__.__name__``."""
        match node:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=name)]), attr="__name__"):
                return name == self.element and self.frame.links.is_builtin(self.frame, "type")
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr="__class__"), attr="__name__"):
                return name == self.element and self.frame.tables.slot("__class__") is None
        return False

    def _slot(self, node: ast.expr) -> int | None:
        """The slot of an attribute of the element."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self.element:
            return self.frame.tables.slot(node.attr)
        return None

    def _peeks(self, nodes: Sequence[ast.expr]) -> tuple[Peek, ...] | None:
        peeks = [self._peek(node) for node in nodes]
        return tuple(peek for peek in peeks if peek is not None) if all(peeks) else None

    def _peek(self, node: ast.expr) -> Peek | None:
        """A look at a value that is the same for all elements."""
        frame = self.frame
        match node:
            case ast.Constant(value=value):
                plain = value is None or isinstance(value, (bool, str)) or is_small(value)
                return (lambda: constant_value(frame, value, node)) if plain else None
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                texts = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
                return (lambda: frame.constant(tuple(texts))) if len(texts) == len(items) else None
            case ast.Name():
                return self._peek_at_name(node.id)
            case ast.Attribute() if frame.tables.slot(node.attr) is not None:
                owner = self._peek(node.value)
                return owner and (lambda: _ask(frame, f"peek.{node.attr}", owner()))
            case ast.Subscript(slice=ast.Constant(value=int(place))) if place >= 0 and place is not True:
                row = self._peek(node.value)
                return row and (lambda: _ask(frame, "peekitem", row(), str(place)))
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                left, right = self._peek(node.left), self._peek(node.right)
                operator = "add" if isinstance(node.op, ast.Add) else "sub"
                return left and right and (lambda: _ask(frame, f"peek{operator}", left(), right()))
        return None

    def _peek_at_name(self, name: str) -> Peek | None:
        frame, scope = self.frame, self.frame.scope
        if name == self.element or scope.is_class:
            return None
        found = scope.resolve(name)
        if isinstance(found, Variable):
            return lambda: frame.read_variable(found)
        if not frame.links.is_plain_global(frame.module, name):
            return None
        return lambda: frame.text.load(frame.global_address(name), name)


def _complete(
    kind: int, keys: tuple[Peek, ...] | None, negated: bool, first: int = 0, second: int = 0
) -> _Literal | None:
    return None if keys is None else _Literal(kind, keys, (first, second), negated)


def _ask(frame: Frame, helper: str, *values: str) -> str:
    """Call a helper that gives 0 for what it cannot tell, which is no error."""
    arguments = ", ".join(f"i64 {value}" for value in values)
    return frame.text.value(f'call i64 @"{frame.helper(helper)}"(ptr %ctx, {arguments})')
