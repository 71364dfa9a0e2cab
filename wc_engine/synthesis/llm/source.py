"""Program texts taken apart into top-level statements, and put together again with their comments."""

from __future__ import annotations

import ast
import builtins
import io
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wc_engine.models.parsing import parse_module

__all__ = ["Unit", "free_name", "join_units", "merge_units", "needed_units", "parse_python", "renamed_text", "units_of"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One top-level statement.

    Attributes:
        text: its source, with the comments above it.
        node: its syntax tree.
        names: the names that it binds at module level.
    """

    text: str
    node: ast.stmt
    names: frozenset[str]


def parse_python(text: str) -> ast.Module:
    """Parse a text.

    Raises:
        SyntaxError: it is no Python.
    """
    try:
        return parse_module(text)
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes, lone surrogates, deep nesting
        raise SyntaxError(str(error)) from None


def units_of(text: str) -> list[Unit]:
    """Take a text apart.

    Raises:
        SyntaxError: it is no Python.
    """
    tree, lines = parse_python(text), text.splitlines()
    units = []
    end = 0
    for node, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        start = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        last = node.end_lineno or node.lineno
        shares_a_line = start <= end or (following is not None and following.lineno == last)
        above = lines[end : start - 1]
        source = [ast.unparse(node)] if shares_a_line else lines[start - 1 : last]
        units.append(Unit("\n".join([*above, *source]).strip("\n"), node, frozenset(_bound(node))))
        end = last
    return units


def join_units(units: Iterable[Unit]) -> str:
    """Return the text of statements, definitions set apart by blank lines."""
    parts: list[str] = []
    previous: ast.stmt | None = None
    for unit in units:
        plain = not isinstance(unit.node, _DEFINITIONS) and not isinstance(previous, _DEFINITIONS)
        parts.append(("" if previous is None else "\n" if plain else "\n\n\n") + unit.text)
        previous = unit.node
    return "".join(parts) + "\n"


def merge_units(base: Sequence[Unit], edit: Sequence[Unit]) -> list[Unit]:
    """Put definitions in the place of those of the same name; new ones stand ahead of the first that was replaced."""
    merged = list(base)
    first: int | None = None
    added: list[Unit] = []
    for unit in edit:
        if any(unit.text.strip() == other.text.strip() for other in merged):
            continue
        place = next((i for i, other in enumerate(merged) if unit.names & other.names), None)
        if place is None:
            added.append(unit)
            continue
        first = place if first is None else min(first, place)
        kept = [other for i, other in enumerate(merged) if i != place and other.names and other.names <= unit.names]
        merged[place] = unit
        merged = [other for other in merged if not any(other is gone for gone in kept)]
    at = len(merged) if first is None else min(first, len(merged))
    return merged[:at] + added + merged[at:]


def needed_units(units: Sequence[Unit], base: Sequence[Unit]) -> list[Unit]:
    """Return what of ``base`` the statements refer to without defining it, directly or by way of others."""
    defined = {name for unit in units for name in unit.names} | set(dir(builtins))
    taken: list[Unit] = []
    todo = [name for unit in units for name in _read(unit.node)]
    while todo:
        name = todo.pop()
        if name in defined:
            continue
        defined.add(name)
        for unit in base:
            if name in unit.names and unit not in taken:
                taken.append(unit)
                defined |= unit.names
                todo += _read(unit.node)
    return [unit for unit in base if unit in taken]


def free_name(stem: str, taken: set[str]) -> str:
    """Return a name like ``stem`` that is not taken."""
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def renamed_text(text: str, names: Mapping[str, str]) -> str:
    """Rename functions in a text: names that are no attribute and no keyword argument, comments left alone."""
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    lines = text.splitlines(keepends=True)
    for i in range(len(tokens) - 1, -1, -1):
        token = tokens[i]
        if token.type != tokenize.NAME or token.string not in names:
            continue
        if tokens[i - 1].string == "." or tokens[i + 1].string == "=":
            continue
        row, column = token.start
        line = lines[row - 1]
        lines[row - 1] = line[:column] + names[token.string] + line[column + len(token.string) :]
    return "".join(lines)


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _read(node: ast.AST) -> list[str]:
    return [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]


def _bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a top-level statement binds."""
    if isinstance(node, _DEFINITIONS):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            stored = (one for one in ast.walk(target) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
            yield from (one.id for one in stored)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
