"""Turn blocks that are only left from their ends into plain branches.

before::

    block B:
        if wall: break B
        x = x + 1

after::

    if wall: pass
    else: x = x + 1
"""

from __future__ import annotations

from wc_engine.compile.ir import Block, Break, Comment, Fail, If, Stmt
from wc_engine.compile.passes.walk import bodies, statements

__all__ = ["simplify_blocks"]


def simplify_blocks(body: list[Stmt]) -> list[Stmt]:
    """Return statements that do the same with fewer blocks."""
    result: list[Stmt] = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = simplify_blocks(inner)
        if isinstance(statement, Block):
            plain = _without_block(statement.body, statement.label)
            result += [statement] if plain is None else plain
        else:
            result.append(statement)
        if isinstance(result[-1] if result else None, (Break, Fail)):
            break
    return result


def _breaks_to(body: list[Stmt], label: str) -> bool:
    return any(isinstance(statement, Break) and statement.label == label for statement in statements(body))


def _without_block(body: list[Stmt], label: str) -> list[Stmt] | None:
    """Return ``body`` without its breaks to ``label``; None where one stands inside a loop or cannot be moved."""
    for position, statement in enumerate(body):
        if isinstance(statement, Break) and statement.label == label:
            return body[:position]
        if not any(_breaks_to(inner, label) for inner in bodies(statement)):
            continue
        if not isinstance(statement, If):
            return None
        rest = _without_block(body[position + 1 :], label)
        if rest is None:
            return None
        sides = [_continue_with(side, label, rest) for side in (statement.then, statement.orelse)]
        if sides[0] is None or sides[1] is None:
            return None
        if rest and all(_falls_through(side, label) for side in (statement.then, statement.orelse)):
            return None  # both sides would need a copy of the rest
        return [*body[:position], If(statement.condition, sides[0], sides[1])]
    return body


def _falls_through(body: list[Stmt], label: str) -> bool:
    """Whether some path through ``body`` reaches its end."""
    if not body:
        return True
    last = next((statement for statement in reversed(body) if not isinstance(statement, Comment)), None)
    if isinstance(last, (Break, Fail)):
        return False
    if isinstance(last, If):
        return _falls_through(last.then, label) or _falls_through(last.orelse, label)
    return True


def _ends(body: list[Stmt]) -> int:
    """How many paths through nested branches reach the end of ``body``."""
    last = body[-1] if body else None
    if isinstance(last, (Break, Fail)):
        return 0
    if isinstance(last, If):
        return _ends(last.then) + _ends(last.orelse)
    return 1


def _continue_with(body: list[Stmt], label: str, rest: list[Stmt]) -> list[Stmt] | None:
    """Return ``body`` with ``rest`` behind the one path that reaches its end, and without breaks to ``label``."""
    if not _breaks_to(body, label):
        return body + rest if _falls_through(body, label) else body
    if rest and _ends(body) > 1:
        return None
    return _without_block([*body, *rest] if _falls_through(body, label) else body, label)
